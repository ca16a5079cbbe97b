"""A posted line as a line to be made: what copying and taking back have in common (PU-141, PU-186)."""

from __future__ import annotations

from core.purchasing.document import LineType
from core.purchasing.draft_inputs import LineDraft
from core.purchasing.posted import PostedDocument, PostedLine, PostedReceipt, PostedReceiptLine


def posted_line(posted: PostedDocument, line: PostedLine) -> LineDraft:
    """A line of a posted invoice or credit memo, with the price and discounts it was posted with."""
    return LineDraft(
        type=LineType(line.type),
        no=line.no,
        description=line.description,
        quantity=line.quantity,
        unit_cost=line.unit_cost,
        unit=line.unit,
        discount_percent=line.discount_percent,
        discount_amount=line.discount_amount,
        own_invoice_discount=line.invoice_discount_amount or None,
        vat_product=line.vat_product,
        allow_invoice_discount=line.allow_invoice_discount,
        variant_code=line.variant_code,
        location_code=line.location_code,
        units_per_unit=line.units_per_unit,
        dimensions=line.dimensions,
        source_no=posted.posted_no,
        source_line_no=line.line_no,
        return_reason_code=line.return_reason_code,
    )


def received_line(receipt: PostedReceipt, line: PostedReceiptLine) -> LineDraft:
    """A line of a posted receipt or return shipment without a price: that of today is searched."""
    return LineDraft(
        type=LineType(line.type or LineType.ITEM),
        no=line.no or None,
        description=line.description,
        quantity=line.quantity,
        unit=line.unit,
        vat_product=line.vat_product,
        variant_code=line.variant_code,
        location_code=line.location_code,
        units_per_unit=line.units_per_unit,
        dimensions=line.dimensions,
        source_no=receipt.receipt_no,
        source_line_no=line.line_no,
        return_reason_code=line.return_reason_code,
    )
