"""A received drop shipment ships the sales lines that it was bought for, in the same run (PU-111, PO-107)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.money import ZERO
from core.posting.batch import SalesDocumentRow, Voucher
from core.posting.sales_documents import sales_vouchers, shipment_row
from core.posting.sales_facts import SHIPPING, SalesFacts, read_sales_facts
from core.posting.sales_goods import SalesGoods
from core.posting.sales_state import leave_sale
from core.posting.selection import RunLine
from core.posting.stock import MovementRef, StockSide
from core.purchasing.drop_shipments import linked_sales
from core.sales.document import SalesDocument
from core.work import Work


@dataclass(frozen=True, slots=True)
class DropSale:
    """A sales order that ships because goods for it are received: `lines` is purchase line no. by its own."""

    facts: SalesFacts
    lines: Mapping[int, int]


def read_drop_sales(
    work: Work, runs: Sequence[RunLine], on: date | None, *, locked: bool = False
) -> list[DropSale]:
    """The sales orders behind the drop shipments that a run receives on its posting date, by number."""
    going = {run.line: run.receive for run in runs if run.line.drop_shipment and run.receive != ZERO}
    orders: dict[SalesDocument, dict[int, int]] = {}
    quantities: dict[SalesDocument, dict[int, Decimal]] = {}
    for linked in linked_sales(work, going, locked=locked):
        order, line_no = linked.sale.document, linked.sale.line_no
        orders.setdefault(order, {})[line_no] = linked.purchase.line_no
        quantities.setdefault(order, {})[line_no] = going[linked.purchase]
    sales = []
    for order, lines in orders.items():
        ships = quantities[order]
        sale = read_sales_facts(work, order, SHIPPING, ships=ships, on=on, locked=locked)
        sales.append(DropSale(sale, lines))
    return sales


def drop_sale_vouchers(sales: Sequence[DropSale]) -> list[Voucher]:
    """The numbers of the shipments, one for each sales order."""
    return [voucher for sale in sales for voucher in sales_vouchers(sale.facts)]


def ship_drop_sales(
    sales: Sequence[DropSale], side: StockSide, made: Mapping[int, MovementRef], first_voucher: int
) -> list[SalesDocumentRow]:
    """What came in goes straight to the customers. `made` are the receipts by purchase line number.

    The shipments are the vouchers from `first_voucher` on. Pure.
    """
    documents = []
    for voucher, sale in enumerate(sales, start=first_voucher):
        inbound = {sold: made[bought] for sold, bought in sale.lines.items()}
        goods = SalesGoods(sale.facts, side, shipment_voucher=voucher, inbound=inbound)
        goods.move()
        documents.append(shipment_row(sale.facts, goods.refs, voucher))
    return documents


def leave_drop_sales(work: Work, sales: Sequence[DropSale]) -> None:
    """The sales orders have shipped: released, with their new quantities."""
    for sale in sales:
        leave_sale(work, sale.facts, None)
