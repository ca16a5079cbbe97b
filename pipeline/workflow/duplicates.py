"""Is this document here already, under this number or for this amount? (ID-90)"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from sqlalchemy import or_, select

from core.purchasing.posted import PostedDocument
from core.work import Work
from pipeline.incoming import IncomingDocument, Stage, Status, fold_number

LOOK_BACK = timedelta(days=30)
STOP = "INC_DUPLICATE"
LOOK = "INC_DUPLICATE_LOOK"


@dataclass(frozen=True, slots=True)
class Repeat:
    """What this document may repeat: its number as people see it, and `incoming_no` when it has a record."""

    number: str
    incoming_no: str | None
    is_posted: bool
    is_stop: bool
    total_gross: Decimal | None


def find_repeats(work: Work, document: IncomingDocument) -> list[Repeat]:
    """Documents of the vendor with the same folded number (stop), else with the same total within 30 days."""
    if document.vendor_no is None:
        return []
    found = _records(work, document) + _posted_alone(work, document)
    stops = [repeat for repeat in found if repeat.is_stop]
    return stops or found


def _records(work: Work, document: IncomingDocument) -> list[Repeat]:
    # What was taken back is no repeat: the corrected one bears the same number (PU-131).
    cancelled = select(PostedDocument.posted_no).where(PostedDocument.cancelled_by_no.is_not(None))
    rows = work.session.scalars(
        select(IncomingDocument)
        .where(
            IncomingDocument.vendor_no == document.vendor_no,
            IncomingDocument.id != document.id,
            IncomingDocument.status != Status.REJECTED.value,
            IncomingDocument.stage != Stage.DUPLICATE.value,
            IncomingDocument.document_kind == document.document_kind,
            or_(IncomingDocument.document_no.is_(None), IncomingDocument.document_no.not_in(cancelled)),
        )
        .order_by(IncomingDocument.id)
    )
    found: list[Repeat] = []
    for other in rows:
        is_stop = bool(document.invoice_key) and other.invoice_key == document.invoice_key
        is_look = _same_amount(document, other.total_gross, other.currency_code) and _near(document, other)
        if is_stop or is_look:
            is_posted = other.stage == Stage.POSTED.value
            number = other.document_no if is_posted and other.document_no else other.incoming_no
            found.append(Repeat(number, other.incoming_no, is_posted, is_stop, other.total_gross))
    return found


def _posted_alone(work: Work, document: IncomingDocument) -> list[Repeat]:
    """Posted documents that no record stands for, such as those typed in."""
    if not document.invoice_key:
        return []
    kind = "credit_memo" if document.document_kind == "purchase_credit_memo" else "invoice"
    rows = work.session.scalars(
        select(PostedDocument)
        .where(PostedDocument.pay_to_vendor_no == document.vendor_no, PostedDocument.kind == kind)
        .where(PostedDocument.cancelled_by_no.is_(None))
        .order_by(PostedDocument.posted_no)
    )
    linked = select(IncomingDocument.id).where(IncomingDocument.stage == Stage.POSTED.value)
    return [
        Repeat(row.posted_no, None, True, True, row.total_gross)
        for row in rows
        if fold_number(row.vendor_document_no or "") == document.invoice_key
        and work.session.scalar(linked.where(IncomingDocument.document_no == row.posted_no)) is None
    ]


def _same_amount(document: IncomingDocument, total: Decimal | None, currency: str | None) -> bool:
    return bool(document.total_gross) and total == document.total_gross and currency == document.currency_code


def _near(document: IncomingDocument, other: IncomingDocument) -> bool:
    if document.issue_date is None or other.issue_date is None:
        return True
    return abs(document.issue_date - other.issue_date) <= LOOK_BACK
