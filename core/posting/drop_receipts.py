"""A shipped drop shipment receives the purchase lines that it was bought on, in the same run (PU-111)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from core.costing.movement import StockKey
from core.errors import Problem
from core.money import ZERO
from core.posting.batch import Batch, ReceiptRow, Voucher
from core.posting.checks import check_approval, check_header, check_lines
from core.posting.compose import Composition
from core.posting.facts import Facts, read_facts, stock_key
from core.posting.goods import Goods, Vouchers, move_goods
from core.posting.receipt import compose_receipt, receipt_voucher
from core.posting.sales_facts import SalesFacts
from core.posting.selection import Selection
from core.posting.state import leave
from core.posting.stock import MovementRef, StockSide
from core.posting.write import Written
from core.purchasing.document import PurchaseDocument
from core.work import Work


@dataclass(slots=True)
class DropReceipt:
    """A purchase order that receives because a sale of its goods is shipped.

    `lines` is sales line no. by its own. `dated` is the posting date that the order has by itself; while the
    run goes on it has the date of the sale. `goods` is what it moves.
    """

    facts: Facts
    lines: Mapping[int, int]
    dated: date | None
    goods: Goods | None = None


def read_drop_receipts(work: Work, sale: SalesFacts, *, locked: bool = False) -> list[DropReceipt]:
    """The purchase orders behind the drop-shipment lines that this run ships, by number."""
    orders: dict[PurchaseDocument, dict[int, int]] = {}
    quantities: dict[PurchaseDocument, dict[int, Decimal]] = {}
    ships = {run.line.line_no: run.ship for run in sale.runs if run.line.drop_shipment and run.ship != ZERO}
    for line_no, linked in sale.linked.items():
        if line_no in ships:
            order, bought = linked.purchase.document, linked.purchase.line_no
            orders.setdefault(order, {})[bought] = line_no
            quantities.setdefault(order, {})[bought] = ships[line_no]
    return [
        _receipt(work, order, lines, quantities[order], sale.posting_date, locked=locked)
        for order, lines in orders.items()
    ]


def drop_receipt_problems(work: Work, receipts: Sequence[DropReceipt]) -> list[Problem]:
    """All that keeps the purchase orders themselves from being received (PU-111)."""
    return [
        problem
        for receipt in receipts
        for problem in (
            *check_header(work, receipt.facts),
            *check_approval(receipt.facts),
            *check_lines(receipt.facts),
            *work.hooks.check_posting(work, receipt.facts.document.id),
        )
    ]


def drop_receipt_vouchers(receipts: Sequence[DropReceipt]) -> list[Voucher]:
    """The numbers of the receipts, one for each purchase order."""
    return [receipt_voucher(receipt.facts) for receipt in receipts]


def drop_stock(receipts: Sequence[DropReceipt]) -> list[StockKey]:
    """The stocks that the receipts name."""
    return [
        stock_key(item, run.line)
        for receipt in receipts
        for run in receipt.facts.runs
        if run.receive != ZERO and (item := receipt.facts.item(run.line)) is not None
    ]


def move_drop_receipts(
    receipts: Sequence[DropReceipt], side: StockSide, first_voucher: int
) -> dict[int, MovementRef]:
    """The goods come in; returns the movements by sales line number. Pure.

    The receipts are the vouchers from `first_voucher` on.
    """
    inbound = {}
    for voucher, receipt in enumerate(receipts, start=first_voucher):
        receipt.goods = move_goods(receipt.facts, side, [], Vouchers(None, voucher))
        for bought, sold in receipt.lines.items():
            inbound[sold] = receipt.goods.made[bought]
    return inbound


def drop_receipt_rows(
    receipts: Sequence[DropReceipt], first_voucher: int, shipment_voucher: int | None
) -> list[ReceiptRow]:
    """The posted receipts, each with the shipment that it made possible."""
    rows = []
    for voucher, receipt in enumerate(receipts, start=first_voucher):
        assert receipt.goods is not None
        row = compose_receipt(receipt.facts, receipt.goods, Vouchers(None, voucher))
        rows.append(replace(row, sales_shipment_voucher=shipment_voucher))
    return rows


def leave_drop_receipts(
    work: Work, receipts: Sequence[DropReceipt], batch: Batch, written: Written, first_voucher: int
) -> None:
    """The purchase orders have received: their quantities and expected cost, and their own dates again."""
    for voucher, receipt in enumerate(receipts, start=first_voucher):
        assert receipt.goods is not None
        leave(work, receipt.facts, Composition(batch, receipt.goods, Vouchers(None, voucher)), written)
        receipt.facts.document.posting_date = receipt.dated
    work.session.flush()


def put_dates_back(receipts: Sequence[DropReceipt]) -> None:
    """After a look that posts nothing."""
    for receipt in receipts:
        receipt.facts.document.posting_date = receipt.dated


def _receipt(
    work: Work,
    order: PurchaseDocument,
    lines: Mapping[int, int],
    quantities: Mapping[int, Decimal],
    on: date,
    *,
    locked: bool,
) -> DropReceipt:
    """Read the order as if exactly these quantities were to be received; what a person typed stays."""
    dated, typed = order.posting_date, {line.line_no: line.qty_to_receive for line in order.lines}
    order.posting_date = on
    with work.session.no_autoflush:
        for line in order.lines:
            line.qty_to_receive = quantities.get(line.line_no, ZERO)
        facts = replace(read_facts(work, order, Selection(receive=True), locked=locked), drop_sales=None)
        for line in order.lines:
            line.qty_to_receive = typed[line.line_no]
    return DropReceipt(facts, lines, dated)
