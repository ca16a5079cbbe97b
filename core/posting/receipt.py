"""The posted receipt or return shipment of a run: its lines as they were received (PU-75, PU-88). Pure."""

from __future__ import annotations

from core.master.number_series import Purpose
from core.money import ZERO, total
from core.posting.batch import ReceiptLineRow, ReceiptRow, Voucher
from core.posting.facts import Facts
from core.posting.goods import Goods, Vouchers
from core.posting.lines import received_base
from core.posting.selection import RunLine
from core.purchasing.document import PurchaseLine


def writes_receipt(facts: Facts) -> bool:
    """Whether the run leaves a document of its goods: always for an order, by setting for the others.

    A document that posts whole needs one only for items (PU-88).
    """
    if facts.kind.posts_in_parts:
        return any(run.receive != ZERO for run in facts.runs)
    wanted = (
        facts.company.return_shipment_on_credit_memo
        if facts.is_credit_memo
        else facts.company.receipt_on_invoice
    )
    return wanted and any(run.receive != ZERO and facts.item(run.line) is not None for run in facts.runs)


def receipt_purpose(facts: Facts) -> Purpose:
    """Which series numbers the goods."""
    return Purpose.RETURN_SHIPMENT if facts.is_credit_memo else Purpose.RECEIPT


def receipt_voucher(facts: Facts) -> Voucher:
    """The document of the goods."""
    document = facts.document
    assert document.posting_date is not None and facts.pay_to is not None
    return Voucher(
        document_type="return_shipment" if facts.is_credit_memo else "receipt",
        posting_date=document.posting_date,
        document_date=document.document_date or document.posting_date,
        draws_from=receipt_purpose(facts),
        external_no=document.vendor_shipment_no,
        source_type="vendor",
        source_no=facts.pay_to.vendor_no,
        general_business=facts.pay_to.general_business,
        vat_business=facts.pay_to.vat_business,
        dimensions=document.dimensions,
    )


def compose_receipt(facts: Facts, goods: Goods, vouchers: Vouchers) -> ReceiptRow:
    """The posted receipt with every line that was received, and the comment lines of an order (PU-75)."""
    document = facts.document
    assert facts.vendor is not None and facts.pay_to is not None and vouchers.goods is not None
    in_parts = facts.kind.posts_in_parts
    return ReceiptRow(
        vendor_no=facts.vendor.vendor_no,
        lines=tuple(_lines(facts, goods)),
        voucher=vouchers.goods,
        order_no=document.document_no if in_parts else None,
        invoice_voucher=None if in_parts else vouchers.bill,
        is_return=facts.is_credit_memo or None,
        pay_to_vendor_no=facts.pay_to.vendor_no,
        currency_code=document.currency_code,
        prices_include_vat=document.prices_include_vat,
        vat_business=facts.pay_to.vat_business,
        vendor_shipment_no=document.vendor_shipment_no,
        dimensions=document.dimensions,
    )


def _lines(facts: Facts, goods: Goods) -> list[ReceiptLineRow]:
    runs = {run.line_no: run for run in facts.runs}
    rows = []
    for line in facts.document.lines:
        run = runs.get(line.line_no)
        if run is None:
            if facts.kind.posts_in_parts:
                rows.append(_comment(line))
        elif run.receive != ZERO and (facts.kind.posts_in_parts or facts.item(line) is not None):
            rows.append(_line(facts, goods, run))
    return rows


def _comment(line: PurchaseLine) -> ReceiptLineRow:
    return ReceiptLineRow(
        line_no=line.line_no,
        type=line.type,
        no="",
        description=line.description,
        quantity=ZERO,
        quantity_base=ZERO,
        unit=None,
    )


def _line(facts: Facts, goods: Goods, run: RunLine) -> ReceiptLineRow:
    line, in_parts = run.line, facts.kind.posts_in_parts
    made = goods.made.get(run.line_no)
    billed = total(p.quantity for p in goods.parts.get(run.line_no, ()) if p.received is None)
    return ReceiptLineRow(
        line_no=line.line_no,
        type=line.type,
        no=line.no or "",
        description=line.description,
        quantity=run.receive,
        quantity_base=received_base(run),
        unit=line.unit,
        quantity_invoiced=billed,
        order_no=facts.document.document_no if in_parts else None,
        order_line_no=line.line_no if in_parts else None,
        item_row=made.row if made else None,
        units_per_unit=line.units_per_unit,
        unit_cost=line.unit_cost,
        discount_percent=line.discount_percent,
        vat_product=line.vat_product,
        variant_code=line.variant_code,
        location_code=line.location_code,
        dimensions=line.dimensions,
        return_reason_code=line.return_reason_code,
        drop_shipment=line.drop_shipment or None,
    )
