"""A document and what is selected of it to one Batch: goods, bill, charges, applications. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from core.posting.batch import Batch, CommentRow, Voucher
from core.posting.charges import put_charges
from core.posting.facts import Facts
from core.posting.goods import Goods, Vouchers, move_goods
from core.posting.invoice import Bill, bill_voucher, compose_bill, compose_document, compose_vendor
from core.posting.lines import line_amounts
from core.posting.receipt import compose_receipt, receipt_voucher, writes_receipt
from core.posting.stock import StockSide


@dataclass(frozen=True, slots=True)
class Composition:
    """The batch of a run, what became of its goods, and which voucher is what."""

    batch: Batch
    goods: Goods
    vouchers: Vouchers


def compose(facts: Facts) -> Composition:
    """The entries of a run whose checks have passed: one register, the bill its first document."""
    listed, vouchers = _vouchers(facts)
    amounts = line_amounts(facts) if facts.bills else []
    bill = compose_bill(facts, amounts) if facts.bills else Bill()
    side = StockSide(facts.stock, listed) if facts.stock is not None else None
    goods = move_goods(facts, side, amounts, vouchers)
    if side is not None:
        put_charges(facts, side, amounts, goods)
        side.finish()
    batch = Batch(
        source=f"purchase_{listed[0].document_type}",
        vouchers=tuple(side.vouchers if side else listed),
        general=(*bill.general, *(side.general if side else ())),
        vat=tuple(bill.vat),
        vendors=(compose_vendor(facts, amounts),) if facts.bills else (),
        items=tuple(side.items) if side else (),
        item_states=tuple(side.item_states) if side else (),
        applications=tuple(side.applications) if side else (),
        values=tuple(side.values) if side else (),
        documents=(compose_document(facts, goods, vouchers),) if facts.bills else (),
        receipts=(compose_receipt(facts, goods, vouchers),) if vouchers.goods is not None else (),
        receipt_states=tuple(goods.receipts.states()),
        comments=tuple(_comments(facts, vouchers)),
        item_costs=side.item_costs if side else {},
    )
    return Composition(batch, goods, vouchers)


def _vouchers(facts: Facts) -> tuple[list[Voucher], Vouchers]:
    listed = [bill_voucher(facts)] if facts.bills else []
    bill = 0 if facts.bills else None
    if not writes_receipt(facts):
        return listed, Vouchers(bill, None)
    listed.append(receipt_voucher(facts))
    return listed, Vouchers(bill, len(listed) - 1)


def _comments(facts: Facts, vouchers: Vouchers) -> Iterator[CommentRow]:
    """Remarks travel to what is posted, when that is set up (PU-190)."""
    for voucher in (vouchers.bill, vouchers.goods):
        if voucher is None:
            continue
        for comment in facts.comments:
            yield CommentRow(
                line_no=comment.line_no,
                commented_on=comment.commented_on,
                commented_by=comment.commented_by,
                text=comment.text,
                voucher=voucher,
            )
