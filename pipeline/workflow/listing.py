"""The lists of Incoming: which records a view holds, searched, sorted and counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from decimal import Decimal
from typing import Any, Literal, cast
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased

from core.master.company import find_company
from core.master.vendors import Vendor
from core.work import Work
from pipeline.incoming import (
    IncomingDocument,
    IncomingPage,
    IntakeRefusal,
    PageState,
    Stage,
    from_json,
    screen_word,
)
from pipeline.workflow.listing_view import IncomingList, IncomingRow, RefusedRow, Sort, View
from pipeline.workflow.review_view import Reason
from pipeline.workflow.values import as_amount

REFUSED_SHOWN = 100
_SEVERITIES = ("stop", "check", "note")


def list_incoming(
    work: Work,
    view: View,
    search: str = "",
    sort: Sort = "received",
    *,
    ascending: bool = False,
    limit: int = 60,
    offset: int = 0,
) -> IncomingList:
    """Rows of a view. `search` looks in vendor, number, order and file name, and for an exact amount.

    The views Failed and All also tell what was refused and not yet seen.
    """
    query = select(IncomingDocument, Vendor.name, _FIRST.incoming_no).where(_in_view(work, view))
    query = query.outerjoin(Vendor, Vendor.vendor_no == IncomingDocument.vendor_no)
    query = query.outerjoin(_FIRST, _FIRST.id == IncomingDocument.duplicate_of_id)
    if search.strip():
        query = query.where(_matches(search.strip()))
    total = work.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    order = _order(sort, ascending=ascending)
    found = work.session.execute(query.order_by(*order).limit(limit).offset(offset)).all()
    read = _pages_read(work, [row[0].id for row in found])
    rows = tuple(_row(row[0], row[1], row[2], read) for row in found)
    wants_refused = view in (View.FAILED, View.ALL) and not search.strip() and not offset
    return IncomingList(rows, total, _refused(work) if wants_refused else ())


def counts(work: Work) -> Mapping[View, int]:
    """How many records each view holds now."""
    return {
        view: work.session.scalar(
            select(func.count()).select_from(IncomingDocument).where(_in_view(work, view))
        )
        or 0
        for view in View
    }


def mark_refusal_seen(work: Work, refusal_id: int) -> None:
    """Take a refusal off the list; the row stays."""
    row = work.session.get(IntakeRefusal, refusal_id)
    if row is not None:
        row.seen = True


def neighbours(work: Work, view: View, incoming_id: int) -> tuple[str | None, str | None, int, int]:
    """Numbers of the documents before and after this one in a view, newest first; its place and how many."""
    query = select(IncomingDocument.id, IncomingDocument.incoming_no).where(_in_view(work, view))
    rows = work.session.execute(query.order_by(IncomingDocument.id.desc())).all()
    ids = [row.id for row in rows]
    if incoming_id not in ids:
        return None, rows[0].incoming_no if rows else None, 0, len(ids)
    at = ids.index(incoming_id)
    before = rows[at - 1].incoming_no if at else None
    after = rows[at + 1].incoming_no if at + 1 < len(rows) else None
    return before, after, at + 1, len(ids)


_FIRST = aliased(IncomingDocument)
_ENDED = (Stage.POSTED.value, Stage.REJECTED.value, Stage.DUPLICATE.value)
_MACHINE = (Stage.RECEIVED.value, Stage.READ.value, Stage.DRAFTED.value, Stage.REVIEWED.value)


def _in_view(work: Work, view: View) -> ColumnElement[bool]:
    row = IncomingDocument
    in_review = and_(row.stage == Stage.IN_REVIEW.value, row.failure_code.is_(None))
    conditions: dict[View, ColumnElement[bool]] = {
        View.NEEDS_REVIEW: and_(in_review, row.parked_until.is_(None)),
        View.EXCEPTIONS: and_(
            in_review, row.parked_until.is_(None), row.worst_severity.in_(("stop", "check"))
        ),
        View.IN_APPROVAL: row.stage == Stage.IN_APPROVAL.value,
        View.PARKED: and_(in_review, row.parked_until.is_not(None)),
        View.READY_TO_POST: and_(row.stage == Stage.APPROVED.value, row.failure_code.is_(None)),
        View.PROCESSING: and_(row.stage.in_(_MACHINE), row.failure_code.is_(None)),
        View.FAILED: and_(row.failure_code.is_not(None), row.stage.not_in(_ENDED)),
        View.POSTED_TODAY: and_(row.stage == Stage.POSTED.value, row.posted_at >= _midnight(work)),
        View.ALL: row.id.is_not(None),
    }
    return conditions[view]


def _midnight(work: Work) -> datetime:
    """When the company's day began."""
    company = find_company(work)
    zone = ZoneInfo(company.time_zone if company else "UTC")
    return datetime.combine(work.today, time.min, zone)


def _matches(search: str) -> ColumnElement[bool]:
    texts = (
        IncomingDocument.incoming_no,
        IncomingDocument.description,
        IncomingDocument.seller_name,
        IncomingDocument.invoice_number,
        IncomingDocument.order_reference,
        IncomingDocument.document_no,
        IncomingDocument.vendor_no,
        Vendor.name,
    )
    found = [column.icontains(search, autoescape=True) for column in texts]
    amount = _amount(search)
    if amount is not None:
        found.append(IncomingDocument.total_gross == amount)
    return or_(*found)


def _amount(search: str) -> Decimal | None:
    """The search as an amount, with either decimal mark."""
    plain = search.replace(" ", "")
    if plain.rfind(",") > plain.rfind("."):
        plain = plain.replace(".", "").replace(",", ".")
    else:
        plain = plain.replace(",", "")
    amount = as_amount(plain)
    is_exact = amount is not None and amount == amount.quantize(Decimal("0.0001"))
    return amount if is_exact else None


def _order(sort: Sort, *, ascending: bool) -> list[ColumnElement[Any]]:
    """The rows in order; those of one place by number, so that paging never shows a row twice."""
    columns: dict[str, ColumnElement[Any]] = {
        "received": IncomingDocument.id.expression,
        "vendor": func.lower(func.coalesce(IncomingDocument.seller_name, "")),
        "invoice_number": func.coalesce(IncomingDocument.invoice_number, ""),
        "due_date": IncomingDocument.due_date.expression,
        "amount": IncomingDocument.total_gross.expression,
    }
    column = columns[sort]
    order = column.asc().nulls_last() if ascending else column.desc().nulls_last()
    return [order, IncomingDocument.id.desc()]


def _pages_read(work: Work, ids: Sequence[int]) -> Mapping[int, int]:
    rows = work.session.execute(
        select(IncomingPage.incoming_id, func.count())
        .where(IncomingPage.incoming_id.in_(ids), IncomingPage.state != PageState.WAITING.value)
        .group_by(IncomingPage.incoming_id)
    )
    return {row[0]: row[1] for row in rows}


def _row(
    document: IncomingDocument, vendor_name: str | None, first_no: str | None, read: Mapping[int, int]
) -> IncomingRow:
    reason, severity = _why(document)
    return IncomingRow(
        id=document.id,
        incoming_no=document.incoming_no,
        version=document.version,
        received_at=document.created_at,
        description=document.description,
        vendor_no=document.vendor_no,
        vendor_name=vendor_name or document.seller_name,
        invoice_number=document.invoice_number,
        order_reference=document.order_reference,
        due_date=document.due_date,
        total_gross=document.total_gross,
        currency_code=document.currency_code,
        word=screen_word(document),
        why=reason,
        why_severity=severity,
        more_reasons=max(0, document.open_reasons - 1) if reason and not document.failure_code else 0,
        assigned_to=document.assigned_to,
        parked_until=document.parked_until,
        posted_no=document.document_no if document.stage == Stage.POSTED.value else None,
        duplicate_of_no=first_no,
        channel=document.intake_channel,
        page_count=document.page_count,
        pages_read=read.get(document.id, 0),
    )


def _why(
    document: IncomingDocument,
) -> tuple[Reason | None, Literal["stop", "check", "note"] | None]:
    """Why the record is where it is: the failure, what it waits for, or the worst open check."""
    if document.failure_code and document.stage not in _ENDED:
        return Reason(f"problem.{document.failure_code}", from_json(document.failure_values)), "stop"
    if document.wait_reason:
        return Reason(f"wait.{document.wait_reason}"), "note"
    if document.stage != Stage.IN_REVIEW.value or document.worst_code is None:
        return None, None
    severity = document.worst_severity if document.worst_severity in _SEVERITIES else "note"
    return (
        Reason(document.worst_code, from_json(document.worst_values)),
        cast(Literal["stop", "check", "note"], severity),
    )


def _refused(work: Work) -> tuple[RefusedRow, ...]:
    rows = work.session.scalars(
        select(IntakeRefusal)
        .where(IntakeRefusal.seen.is_(False))
        .order_by(IntakeRefusal.id.desc())
        .limit(REFUSED_SHOWN)
    )
    return tuple(
        RefusedRow(row.id, row.name, row.size, row.channel, row.at, row.code, from_json(row.values))
        for row in rows
    )
