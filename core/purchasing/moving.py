"""Negative lines become a document of their own in the other direction: a replacement, a return (PU-144)."""

from __future__ import annotations

from core.errors import refuse
from core.master.company import get_company
from core.master.number_series import number_for
from core.money import ZERO
from core.purchasing.document import DocumentKind, LineType, PurchaseDocument, PurchaseLine
from core.purchasing.drafts import DRAFT_NUMBERS
from core.purchasing.duplicating import header_values, line_values, new_header, new_row
from core.purchasing.editing import check_deletion, require_open, touch
from core.purchasing.quantities import put_defaults
from core.work import Work

OPPOSITE = {
    DocumentKind.RETURN_ORDER: (DocumentKind.ORDER, DocumentKind.INVOICE),
    DocumentKind.CREDIT_MEMO: (DocumentKind.INVOICE, DocumentKind.ORDER),
    DocumentKind.ORDER: (DocumentKind.RETURN_ORDER, DocumentKind.CREDIT_MEMO),
    DocumentKind.INVOICE: (DocumentKind.CREDIT_MEMO, DocumentKind.RETURN_ORDER),
    DocumentKind.QUOTE: (DocumentKind.RETURN_ORDER, DocumentKind.CREDIT_MEMO),
}
"""Where negative lines of a document can go, the usual one first."""


def move_negative_lines(
    work: Work, document: PurchaseDocument, kind: DocumentKind | None = None
) -> PurchaseDocument:
    """Take every negative line of an open document to a new one of the opposite kind, positive there.

    Refuses with `status_not_open`, `no_negative_lines`, `received_not_invoiced`, and with
    `move_not_supported` for a kind in the same direction.
    """
    require_open(document, "lines")
    allowed = OPPOSITE[DocumentKind(document.kind)]
    target = kind or allowed[0]
    if target not in allowed:
        raise refuse("move_not_supported", document=document.document_no)
    lines = [line for line in document.lines if line.type != LineType.COMMENT and line.quantity < ZERO]
    if not lines:
        raise refuse("no_negative_lines", document=document.document_no)
    for line in lines:
        check_deletion(line)
    moved = _opposite(work, document, target, lines)
    for line in lines:
        document.lines.remove(line)
    touch(work, document)
    return moved


def _opposite(
    work: Work, document: PurchaseDocument, kind: DocumentKind, lines: list[PurchaseLine]
) -> PurchaseDocument:
    company = get_company(work)
    values = header_values(
        document,
        (
            "vendor_document_no",
            "vendor_document_key",
            "total_gross_stated",
            "total_vat_stated",
            "invoice_discount_amount",
        ),
    )
    number = number_for(work, DRAFT_NUMBERS[kind], document.posting_date or work.today)
    moved = new_header(work, kind.value, number, values)
    for place, line in enumerate(lines, start=1):
        made = new_row(line_values(line, ("applies_to_item_entry_no", "receipt_no", "receipt_line_no")))
        made.line_no = place
        made.quantity = -line.quantity
        made.discount_amount = -line.discount_amount if line.discount_amount is not None else None
        put_defaults(kind, made, receive_remainder=company.receive_remainder)
        moved.lines.append(made)
    work.session.add(moved)
    work.session.flush()
    return moved
