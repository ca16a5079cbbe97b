"""A document and what is selected of it to one Batch: goods, bill, charges, applications. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from core.posting.batch import Batch, CommentRow, ReceiptRow, Voucher
from core.posting.charges import put_charges
from core.posting.drop_sales import drop_sale_vouchers, ship_drop_sales
from core.posting.facts import Facts
from core.posting.goods import Goods, Vouchers, move_goods
from core.posting.invoice import Bill, bill_voucher, compose_bill, compose_document, compose_vendor
from core.posting.lines import line_amounts
from core.posting.receipt import compose_receipt, receipt_voucher, writes_receipt
from core.posting.settlement import cancelled_documents, settle_bill
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
    first_shipment = len(listed)
    listed += drop_sale_vouchers(facts.drop_sales or ())
    side = StockSide(facts.stock, listed) if facts.stock is not None else None
    goods = move_goods(facts, side, amounts, vouchers)
    shipments = []
    if side is not None:
        shipments = ship_drop_sales(facts.drop_sales or (), side, goods.made, first_shipment)
        put_charges(facts, side, amounts, goods)
        side.finish()
    vendors = [compose_vendor(facts, amounts)] if facts.bills else []
    application = settle_bill(facts, vendors)
    batch = Batch(
        source=f"purchase_{listed[0].document_type}",
        vouchers=tuple(side.vouchers if side else listed),
        general=(*bill.general, *application.general, *(side.general if side else ())),
        vat=tuple(bill.vat),
        vendors=tuple(vendors),
        details=tuple(application.details),
        vendor_states=tuple(application.states),
        items=tuple(side.items) if side else (),
        item_states=tuple(side.item_states) if side else (),
        applications=tuple(side.applications) if side else (),
        values=tuple(side.values) if side else (),
        documents=(compose_document(facts, goods, vouchers),) if facts.bills else (),
        document_states=tuple(cancelled_documents(facts)),
        receipts=tuple(_receipts(facts, goods, vouchers, first_shipment if shipments else None)),
        sales_documents=tuple(shipments),
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


def _receipts(
    facts: Facts, goods: Goods, vouchers: Vouchers, shipment_voucher: int | None
) -> Iterator[ReceiptRow]:
    """The receipt, with the shipment of the drop shipments on it (PU-111)."""
    if vouchers.goods is not None:
        row = compose_receipt(facts, goods, vouchers)
        yield replace(row, sales_shipment_voucher=shipment_voucher)


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
