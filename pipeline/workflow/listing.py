"""The lists of Incoming: which records a view holds, searched, sorted and counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Literal, cast
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, func, not_, or_, select
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
from pipeline.workflow.listing_view import (
    Filters,
    IncomingList,
    IncomingRow,
    ReasonChoice,
    RefusedRow,
    Sort,
    VendorChoice,
    View,
)
from pipeline.workflow.review_view import Reason
from pipeline.workflow.values import as_amount

REFUSED_SHOWN = 500
MOST_CHOICES = 50
EVERYTHING = Filters()
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
    filters: Filters = EVERYTHING,
) -> IncomingList:
    """Rows of a view. `search` looks in vendor, number, order and file name, and for an exact amount.

    The views Failed and All also tell what was refused and not yet seen, unless the view is narrowed.
    """
    query = select(IncomingDocument, Vendor.name, _FIRST.incoming_no).where(_in_view(work, view))
    query = query.outerjoin(Vendor, Vendor.vendor_no == IncomingDocument.vendor_no)
    query = query.outerjoin(_FIRST, _FIRST.id == IncomingDocument.duplicate_of_id)
    if search.strip():
        query = query.where(_matches(search.strip()))
    query = query.where(*_fits(work, filters))
    total = work.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    order = _order(sort, ascending=ascending)
    found = work.session.execute(query.order_by(*order).limit(limit).offset(offset)).all()
    read = _pages_read(work, [row[0].id for row in found])
    rows = tuple(_row(row[0], row[1], row[2], read) for row in found)
    is_narrow = bool(search.strip()) or filters.is_narrow
    wants_refused = view in (View.FAILED, View.ALL) and not is_narrow and not offset
    return IncomingList(rows, total, _refused(work) if wants_refused else ())


def counts(work: Work) -> Mapping[View, int]:
    """How many records each view holds now; Failed also counts the refused files that it lists."""
    counted = {
        view: work.session.scalar(
            select(func.count()).select_from(IncomingDocument).where(_in_view(work, view))
        )
        or 0
        for view in View
    }
    refused = select(func.count()).select_from(IntakeRefusal).where(IntakeRefusal.seen.is_(False))
    counted[View.FAILED] += work.session.scalar(refused) or 0
    return counted


def vendor_choices(work: Work, view: View) -> tuple[VendorChoice, ...]:
    """Vendors with documents in a view, by name."""
    count = func.count()
    rows = work.session.execute(
        select(Vendor.vendor_no, Vendor.name, count)
        .join(IncomingDocument, IncomingDocument.vendor_no == Vendor.vendor_no)
        .where(_in_view(work, view))
        .group_by(Vendor.vendor_no, Vendor.name)
        .order_by(count.desc(), Vendor.vendor_no)
        .limit(MOST_CHOICES)
    )
    found = [VendorChoice(number, name, documents) for number, name, documents in rows]
    return tuple(sorted(found, key=lambda choice: choice.name.casefold()))


def reason_choices(work: Work, view: View) -> tuple[ReasonChoice, ...]:
    """Reasons that documents of a view stand there for, the most frequent first."""
    count, latest = func.count(), func.max(IncomingDocument.id)
    columns = (IncomingDocument.failure_code, IncomingDocument.wait_reason, IncomingDocument.worst_code)
    ids = work.session.execute(
        select(latest, count)
        .where(_in_view(work, view), or_(*(column.is_not(None) for column in columns)))
        .group_by(*columns, IncomingDocument.stage)
        .order_by(count.desc(), latest.desc())
    ).all()
    found: dict[str, int] = {}
    for incoming_id, documents in ids:
        reason, _ = _why(work.session.get_one(IncomingDocument, incoming_id))
        if reason is not None:
            found[reason.key] = found.get(reason.key, 0) + documents
    frequent = sorted(found.items(), key=lambda pair: -pair[1])[:MOST_CHOICES]
    return tuple(ReasonChoice(key, documents) for key, documents in frequent)


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


def _midnight(work: Work, day: date | None = None) -> datetime:
    """When a day of the company began; without one, today."""
    company = find_company(work)
    zone = ZoneInfo(company.time_zone if company else "UTC")
    return datetime.combine(day or work.today, time.min, zone)


def _fits(work: Work, filters: Filters) -> list[ColumnElement[bool]]:
    row, found = IncomingDocument, list[ColumnElement[bool]]()
    if filters.vendor_no is not None:
        found.append(row.vendor_no == filters.vendor_no)
    if filters.why is not None:
        found.append(_stands_for(filters.why))
    if filters.amount_from is not None:
        found.append(row.total_gross >= filters.amount_from)
    if filters.amount_to is not None:
        found.append(row.total_gross <= filters.amount_to)
    if filters.received_from is not None:
        found.append(row.created_at >= _midnight(work, filters.received_from))
    if filters.received_to is not None and filters.received_to < date.max:
        found.append(row.created_at < _midnight(work, filters.received_to + timedelta(days=1)))
    return found


def _stands_for(why: str) -> ColumnElement[bool]:
    """Documents whose row shows this reason: the same order of precedence as `_why`."""
    row = IncomingDocument
    is_failed = and_(row.failure_code.is_not(None), row.stage.not_in(_ENDED))
    group, _, code = why.partition(".")
    in_review = and_(
        row.worst_code == why, row.stage == Stage.IN_REVIEW.value, row.wait_reason.is_(None), not_(is_failed)
    )
    if group == "wait":
        return and_(row.wait_reason == code, not_(is_failed))
    return or_(in_review, and_(is_failed, row.failure_code == code)) if group == "problem" else in_review


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
    amount = typed_amount(search)
    if amount is not None:
        found.append(IncomingDocument.total_gross == amount)
    return or_(*found)


def typed_amount(search: str) -> Decimal | None:
    """What was typed as an amount, with either decimal mark; None when it is not one."""
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
