"""Cancelling and correcting posted invoices: the automatic credit memo, and what follows it (§7.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from core.errors import DomainError, Problem
from core.hooks import PurchaseCancelled
from core.ledgers.application import find_entry_of, read_entry
from core.master.company import get_company
from core.money import ZERO, round_to
from core.posting.cancel_checks import Action, cancel_problems, credit_memo_problems
from core.posting.engine import Posted, post
from core.purchasing.document import (
    DocumentKind,
    DocumentStatus,
    PurchaseApplication,
    PurchaseComment,
    PurchaseDocument,
    PurchaseLine,
    folded_document_no,
)
from core.purchasing.mirrored import register_draft, repeating, reversing
from core.purchasing.posted import PostedDocument, PostedLine, get_posted
from core.purchasing.quantities import put_defaults
from core.work import Work

ORDER_DELETED = "correct_order_deleted"
SEVERAL_ORDERS = "correct_several_orders"


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The credit memo that took an invoice back, or the invoice that restored one; and its shipment."""

    posted_no: str
    register_no: int
    return_no: str | None = None


@dataclass(frozen=True, slots=True)
class Corrected:
    """What a correction came to: the credit memo, and the new draft or the order that goes on.

    `note` is the key of a text when there is neither: the order was deleted, or there were several (PU-125).
    """

    credit_memo_no: str
    register_no: int
    draft_id: int | None = None
    order_id: int | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class _Origin:
    """The orders that an invoice came from: all their numbers, and those that still exist, locked."""

    numbers: tuple[str, ...]
    orders: dict[str, PurchaseDocument] = field(default_factory=dict)


def cancel(work: Work, posted_no: str, reason: str = "") -> Cancelled:
    """Take an unpaid posted invoice back with a credit memo of the same lines, dates and rate (PU-124).

    Orders that it came from get their quantities back (PU-128). Raises every condition of PU-126 that is not
    met, in their order, and what posting the credit memo refuses; nothing has changed then (PU-130).
    """
    invoice, _, posted = _take_back(work, posted_no, Action.CANCEL, reason)
    assert posted.posted_no is not None
    work.hooks.raise_event(work, PurchaseCancelled(invoice.draft_id, invoice.posted_no, posted.posted_no))
    return Cancelled(posted.posted_no, posted.register_no, posted.receipt_no)


def correct(work: Work, posted_no: str, reason: str = "") -> Corrected:
    """Cancel an invoice and open what replaces it: a new draft, or the one order that still exists (PU-125).

    Raises as `cancel` does.
    """
    invoice, origin, posted = _take_back(work, posted_no, Action.CORRECT, reason)
    assert posted.posted_no is not None
    draft = register_draft(work, repeating(work, invoice)) if not origin.numbers else None
    note = _note(origin)
    order = None
    if origin.numbers and note is None:
        order = next(iter(origin.orders.values()))
        if order.status == DocumentStatus.RELEASED:
            order.status = DocumentStatus.OPEN.value
    work.session.flush()
    draft_id = draft.id if draft else None
    work.hooks.raise_event(
        work, PurchaseCancelled(invoice.draft_id, invoice.posted_no, posted.posted_no, draft_id)
    )
    return Corrected(
        posted.posted_no, posted.register_no, draft_id, order_id=order.id if order else None, note=note
    )


def cancel_credit_memo(work: Work, posted_no: str, reason: str = "") -> Cancelled:
    """Take the credit memo of a cancellation back: a new posted invoice restores the original (PU-133).

    Raises `cancel_cm_applied` for any other credit memo and for one that is applied elsewhere too, and
    conditions 1, 2, 5, 6 and 9 to 13 of PU-126.
    """
    memo = _lock_posted(work, posted_no, DocumentKind.CREDIT_MEMO)
    problems = credit_memo_problems(work, memo)
    if problems:
        raise DomainError(problems)
    original = get_posted(work, memo.corrects_no or "")
    document = reversing(work, memo)
    document.is_cancellation = True
    document.due_date = original.due_date
    document.vendor_document_no = original.vendor_document_no
    document.vendor_document_key = folded_document_no(original.vendor_document_no)
    posted = _post(work, document, reason)
    assert posted.posted_no is not None
    return Cancelled(posted.posted_no, posted.register_no, posted.receipt_no)


def find_cancel_problems(work: Work, posted_no: str, action: Action = Action.CANCEL) -> list[Problem]:
    """Why an invoice cannot be cancelled or corrected now: the conditions of PU-126, in their order."""
    invoice = get_posted(work, posted_no)
    return cancel_problems(work, invoice, action, list(_origin(work, invoice, locked=False).orders.values()))


def correction_note(work: Work, posted_no: str) -> str | None:
    """What the user is told before correcting, as the key of a text: nothing will replace the invoice."""
    return _note(_origin(work, get_posted(work, posted_no), locked=False))


def _note(origin: _Origin) -> str | None:
    if len(origin.numbers) > 1:
        return SEVERAL_ORDERS
    return ORDER_DELETED if origin.numbers and not origin.orders else None


def _take_back(
    work: Work, posted_no: str, action: Action, reason: str
) -> tuple[PostedDocument, _Origin, Posted]:
    """Check, post the credit memo, and give the orders their quantities back."""
    invoice = _lock_posted(work, posted_no, DocumentKind.INVOICE)
    origin = _origin(work, invoice, locked=True)
    problems = cancel_problems(work, invoice, action, list(origin.orders.values()))
    if problems:
        raise DomainError(problems)
    memo = reversing(work, invoice)
    memo.is_cancellation = True
    entry_no = find_entry_of(work, invoice.posted_no, DocumentKind.INVOICE.value)
    entry = read_entry(work, entry_no) if entry_no is not None else None
    if entry is not None and entry.is_open:
        memo.applications = [PurchaseApplication(vendor_entry_no=entry.entry_no)]
    posted = _post(work, memo, reason)
    _give_back(work, invoice, origin)
    return invoice, origin, posted


def _post(work: Work, document: PurchaseDocument, reason: str) -> Posted:
    """Number and post the document; a credit memo bears its own number as the vendor's (PU-124)."""
    register_draft(work, document)
    if document.kind == DocumentKind.CREDIT_MEMO:
        document.vendor_document_no = document.document_no
        document.vendor_document_key = folded_document_no(document.document_no)
    if reason.strip():
        work.session.add(
            PurchaseComment(
                document_id=document.id,
                commented_on=work.today,
                commented_by=work.actor.user_no,
                text=reason.strip(),
            )
        )
    work.session.flush()
    return post(work, document.id)


def _lock_posted(work: Work, posted_no: str, kind: DocumentKind) -> PostedDocument:
    """The posted document, so that it is cancelled once only; it is read afresh (PO-161)."""
    get_posted(work, posted_no, kind.value)
    query = select(PostedDocument).where(
        PostedDocument.posted_no == posted_no, PostedDocument.kind == kind.value
    )
    return work.session.scalars(query.with_for_update().execution_options(populate_existing=True)).one()


def _origin(work: Work, invoice: PostedDocument, *, locked: bool) -> _Origin:
    numbers = tuple(sorted({line.order_no for line in invoice.lines if line.order_no}))
    if not numbers:
        return _Origin(())
    query = (
        select(PurchaseDocument)
        .where(PurchaseDocument.kind == DocumentKind.ORDER.value, PurchaseDocument.document_no.in_(numbers))
        .order_by(PurchaseDocument.document_no)
        .options(selectinload(PurchaseDocument.lines))
        .execution_options(populate_existing=True)
    )
    orders = work.session.scalars(query.with_for_update() if locked else query)
    return _Origin(numbers, {order.document_no: order for order in orders})


def _give_back(work: Work, invoice: PostedDocument, origin: _Origin) -> None:
    """R and I fall by what the invoice took, so the goods must be received again (PU-128, PO-119)."""
    receive_remainder = get_company(work).receive_remainder
    touched: list[PurchaseDocument] = []
    for source in invoice.lines:
        order = origin.orders.get(source.order_no or "")
        line = _line_of(order, source)
        if order is None or line is None or source.quantity == ZERO:
            continue
        left = line.quantity_received - source.quantity
        line.expected_cost = _share(line.expected_cost, left, line.quantity_received)
        line.quantity_received = left
        line.quantity_invoiced -= source.quantity
        line.invoice_discount_invoiced -= source.invoice_discount_amount
        put_defaults(DocumentKind.ORDER, line, receive_remainder=receive_remainder)
        if order not in touched:
            touched.append(order)
    for order in touched:
        order.version += 1
        order.modified_by, order.modified_at = work.actor.user_no, work.now
    work.session.flush()


def _share(amount: Decimal, left: Decimal, before: Decimal) -> Decimal:
    """The running total of expected cost that belongs to what is still received (PO-119)."""
    return ZERO if ZERO in (left, before) else round_to(amount * left / before)


def _line_of(order: PurchaseDocument | None, source: PostedLine) -> PurchaseLine | None:
    lines: Sequence[PurchaseLine] = order.lines if order is not None else ()
    return next((line for line in lines if line.line_no == source.order_line_no), None)
