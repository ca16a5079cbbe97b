"""From a quote to an order (PU-61, PU-62). A quote never becomes an invoice."""

from __future__ import annotations

from sqlalchemy import update

from core.errors import DomainError, refuse
from core.master.company import get_company
from core.master.number_series import Purpose, number_for
from core.purchasing.archive import archive_if_set_up
from core.purchasing.attachments import AttachedFile, AttachedTo
from core.purchasing.comments import copy_comments
from core.purchasing.document import (
    ChargeAssignment,
    DocumentKind,
    DocumentStatus,
    LineType,
    PurchaseDocument,
    PurchaseLine,
)
from core.purchasing.draft_header import require_usable_vendors
from core.purchasing.drafts import remove_document
from core.purchasing.duplicating import header_values, line_values, new_header, new_row
from core.purchasing.entry import entry_problems, read_entry
from core.purchasing.quantities import put_defaults
from core.work import Work


def make_order(work: Work, quote: PurchaseDocument, *, archive_too: bool = False) -> PurchaseDocument:
    """Turn a quote into an open order under the next order number; the quote is gone (PU-61).

    Everything is taken over as it is; prices are not searched again. The posting date stays if there is one.
    `archive_too` answers the question that the setup may ask (PU-63). Refuses with `quote_expected`,
    `approval_required`, `vendor_blocked`, `vendor_privacy_blocked`, `item_blocked`,
    `item_purchasing_blocked`; the quote then stays and no number is used (PU-62).
    """
    if quote.kind != DocumentKind.QUOTE:
        raise refuse("quote_expected", document=quote.document_no)
    if quote.status == DocumentStatus.PENDING_APPROVAL:
        raise refuse("approval_required", document=quote.document_no)
    require_usable_vendors(work, quote)
    _require_usable_lines(work, quote)
    archive_if_set_up(work, quote, "conversion", confirmed=archive_too)
    order = _order_like(work, quote)
    copy_comments(work, quote, order)
    _move_files(work, quote, order)
    remove_document(work, quote)
    return order


def _require_usable_lines(work: Work, quote: PurchaseDocument) -> None:
    entry = read_entry(work, quote, [(LineType(line.type), line.no) for line in quote.lines])
    stopping = ("item_blocked", "item_purchasing_blocked", "item_unknown")
    problems = [
        problem
        for line in quote.lines
        if line.type == LineType.ITEM and line.no is not None
        for problem in entry_problems(entry, line, entry.brought(LineType.ITEM, line.no))
        if problem.code in stopping
    ]
    if problems:
        raise DomainError(problems)


def _order_like(work: Work, quote: PurchaseDocument) -> PurchaseDocument:
    company = get_company(work)
    posting_date = quote.posting_date or (None if company.no_posting_date else work.today)
    number = number_for(work, Purpose.ORDER, posting_date or work.today)
    order = new_header(work, DocumentKind.ORDER.value, number, header_values(quote))
    order.quote_no = quote.document_no
    order.posting_date = posting_date
    order.lines = [_line_like(line) for line in quote.lines]
    for line in order.lines:
        put_defaults(DocumentKind.ORDER, line, receive_remainder=company.receive_remainder)
    work.session.add(order)
    work.session.flush()
    return order


def _line_like(line: PurchaseLine) -> PurchaseLine:
    made = new_row(line_values(line))
    made.assignments = [
        ChargeAssignment(
            target=one.target,
            target_no=one.target_no,
            target_line_no=one.target_line_no,
            quantity=one.quantity,
        )
        for one in line.assignments
    ]
    return made


def _move_files(work: Work, quote: PurchaseDocument, order: PurchaseDocument) -> None:
    work.session.execute(
        update(AttachedFile)
        .where(AttachedFile.owner == AttachedTo.QUOTE.value, AttachedFile.owner_no == quote.document_no)
        .values(owner=AttachedTo.ORDER.value, owner_no=order.document_no)
    )
