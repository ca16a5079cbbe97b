"""Incoming: one queue for everything that came in; find, triage, hand out, add files (ux.md §5.2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, TypeVar
from urllib.parse import unquote

from fastapi import Depends
from fastapi.responses import Response
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from core.errors import DomainError, Problem, refuse
from core.master.company import get_company
from core.master.rights import Right
from core.master.users import Role, list_users, roles_of
from core.master.vendors import Vendor
from core.money import total
from core.work import Work
from pipeline.incoming import IntakeRefusal, ScreenWord, from_json, get_by_no
from pipeline.ingest.channel import Delivery
from pipeline.workflow import review
from pipeline.workflow.listing import (
    counts,
    list_incoming,
    mark_refusal_seen,
    reason_choices,
    vendor_choices,
)
from pipeline.workflow.listing_view import Filters, IncomingList, IncomingRow, RefusedRow, View
from pipeline.workflow.review_view import CheckState, ReviewView
from web.incoming_query import FILTERS, SPANS, Query, make_query
from web.reasons import reason_kind, reason_text, short_reason
from web.routing import Desk, DeskRequest
from web.view import DeskContext

router = Desk()
ROWS_AT_ONCE = 60
MOST_AT_ONCE = 600
LATE_VIEWS = (View.EXCEPTIONS, View.FAILED)
BUSY = (ScreenWord.RECEIVED, ScreenWord.READING)
WORD_SHAPES: Mapping[ScreenWord, str] = {
    ScreenWord.RECEIVED: "busy",
    ScreenWord.READING: "busy",
    ScreenWord.NEEDS_REVIEW: "todo",
    ScreenWord.PARKED: "park",
    ScreenWord.IN_APPROVAL: "wait",
    ScreenWord.READY_TO_POST: "wait",
    ScreenWord.POSTED: "done",
    ScreenWord.REJECTED: "park",
    ScreenWord.FAILED: "stop",
    ScreenWord.MERGED: "park",
}


AskedQuery = Annotated[Query, Depends(make_query)]


@dataclass(frozen=True, slots=True)
class RowView:
    """One row as the table shows it. `is_hidden`: who looks may know that it is there, not what is in it."""

    row: IncomingRow
    path: str
    vendor: str
    is_unknown_vendor: bool
    received: str
    due: str
    amount: str
    why: str
    why_whole: str
    severity: str
    word: str
    shape: str
    progress: int | None
    with_name: str
    with_initials: str
    label: str


@dataclass(frozen=True, slots=True)
class RefusedView:
    """A file that was not taken in, with the reason."""

    id: int
    name: str
    received: str
    size: str
    why: str


@dataclass(frozen=True, slots=True)
class ListView:
    """The stretch of a list that is on the screen."""

    rows: list[RowView]
    refused: list[RefusedView]
    total: int
    has_orders: bool
    shown: str
    more_path: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One value that a filter offers: where it leads, its name and how many documents it finds."""

    path: str
    name: str
    count: int | None


@dataclass(frozen=True, slots=True)
class FilterView:
    """One filter: as a chip with what it is set to and how to take it away, or as a list of choices."""

    name: str
    value: str
    clear_path: str
    choices: list[Choice]


@router.page("/incoming", right=Right.INCOMING_LIST)
def incoming(desk: DeskRequest, query: AskedQuery) -> Response:
    """The queue."""
    with desk.reading() as work:
        listed = _read(desk, work, query, ROWS_AT_ONCE, 0)
        counted = counts(work)
        currency = get_company(work).local_currency
        shown = _list_view(desk, work, query, listed, 0)
        people = _people(desk, work)
        filters = _filters(desk, work, query) if desk.may(Right.INCOMING_READ) else []
    return desk.render(
        "incoming.html",
        query=query,
        views=[(each, counted[each], each in LATE_VIEWS) for each in View],
        list=shown,
        filters=filters,
        narrowed=len(query.active) + bool(query.search),
        clear_path=query.path_of_view(query.view.value),
        currency=currency,
        limit_mb=desk.runtime.settings.max_file_bytes // (1024 * 1024),
        most_files=desk.runtime.settings.max_upload_files,
        people=people,
        empty=_empty(desk, query, counted[View.POSTED_TODAY]),
        posted_today=counted[View.POSTED_TODAY],
    )


@router.api("GET", "/api/incoming-rows", right=Right.INCOMING_LIST)
def incoming_rows(
    desk: DeskRequest, query: AskedQuery, offset: int = 0, limit: int = ROWS_AT_ONCE
) -> Response:
    """More rows of the same list, or the same rows again after news."""
    with desk.reading() as work:
        start = max(0, offset)
        listed = _read(desk, work, query, max(1, min(limit, MOST_AT_ONCE)), start)
        shown = _list_view(desk, work, query, listed, start)
        currency = get_company(work).local_currency
    template = desk.parts.templates.get_template("incoming_rows.html")
    html = template.render(
        desk=desk, t=desk.text, fmt=desk.formats, list=shown, query=query, currency=currency
    )
    return desk.json(
        {
            "html": html,
            "total": shown.total,
            "shown": shown.shown,
            "more": shown.more_path,
            "has_orders": shown.has_orders,
        }
    )


@router.api("GET", "/api/incoming-peek/{incoming_no}", right=Right.INCOMING_READ)
def incoming_peek(desk: DeskRequest, incoming_no: str, view: str = "") -> Response:
    """The preview of one document: page top, facts, all reasons, what passed; it opens in the same view."""
    with desk.reading() as work:
        opened = review.open_review(work, get_by_no(work, incoming_no).id)
    return desk.render("incoming_peek.html", p=_peek_view(desk, opened, view))


@router.api("GET", "/api/incoming-state", right=Right.INCOMING_LIST)
def incoming_state(desk: DeskRequest, nos: str = "") -> Response:
    """Where documents stand that this tab has just added, by number."""
    with desk.reading() as work:
        states = {no: _state(desk, work, no) for no in nos.split(",")[:MOST_AT_ONCE] if no}
    return desk.json({"states": states})


@router.api("POST", "/api/incoming", right=Right.INCOMING_WORK)
async def add_file(desk: DeskRequest) -> Response:
    """Take in one file: the body is its bytes, the header X-File-Name its name, percent-encoded."""
    name = unquote(desk.request.headers.get("x-file-name", "")).strip() or "upload"
    data = await desk.request.body()
    return await run_in_threadpool(_take_in, desk, name, data)


Step = Literal["park", "unpark", "reject", "reopen", "assign", "read_again", "not_a_duplicate"]


class WorkOrder(BaseModel):
    """What to do it with: numbers with the version seen (None: whatever it is now), and the answers."""

    documents: list[tuple[str, int | None]]
    reason: str = ""
    until: date | None = None
    user_no: str | None = None


@router.api("POST", "/api/incoming-work/{step}", right=Right.INCOMING_WORK)
def incoming_work(desk: DeskRequest, step: Step, order: WorkOrder) -> Response:
    """Do the same with each document, in a transaction of its own; each refusal is told apart."""
    act = _act(step, order)
    done: list[str] = []
    refused: list[dict[str, object]] = []
    for incoming_no, version in order.documents[:MOST_AT_ONCE]:
        try:
            with desk.work() as work:
                act(work, get_by_no(work, incoming_no).id, version)
        except DomainError as error:
            refused += [{**problem, "incoming_no": incoming_no} for problem in desk.problems(error)]
        else:
            done.append(incoming_no)
    status = 200 if done or not refused else 422
    content: dict[str, object] = {"done": done, "refused": refused}
    if status != 200:
        content["problems"] = refused
    return desk.json(content, status)


@router.api("POST", "/api/incoming-refusals/{refusal_id}/seen", right=Right.INCOMING_WORK)
def refusal_seen(desk: DeskRequest, refusal_id: int) -> Response:
    """Take a refused file off the list; what was refused and why stays in the books."""
    with desk.work() as work:
        mark_refusal_seen(work, refusal_id)
    return desk.json({"done": True})


def _act(step: Step, order: WorkOrder) -> Callable[[Work, int, int | None], None]:
    reason, until, user_no = order.reason.strip(), order.until, order.user_no or None
    if step == "park":
        if until is None:
            raise refuse("park_date_missing", field="until")
        return lambda work, id, version: review.park(work, id, version, until, reason)
    if step in ("reject", "not_a_duplicate") and not reason:
        raise refuse("reason_missing", field="reason")
    if step == "reject":
        return lambda work, id, version: review.reject(work, id, version, reason)
    if step == "not_a_duplicate":
        return lambda work, id, version: review.not_a_duplicate(work, id, version, reason)
    if step == "assign":
        return lambda work, id, version: review.assign(work, id, version, user_no)
    plain = {"unpark": review.unpark, "reopen": review.reopen, "read_again": review.read_again}
    return plain[step]


def _read(desk: DeskContext, work: Work, query: Query, limit: int, offset: int) -> IncomingList:
    """Who may not read contents neither searches, filters nor sorts by them: each would tell."""
    may_read = desk.may(Right.INCOMING_READ)
    return list_incoming(
        work,
        query.view,
        query.search if may_read else "",
        query.sort if may_read else "received",
        ascending=query.ascending,
        limit=limit,
        offset=offset,
        filters=query.filters(work.today) if may_read else Filters(),
    )


def _filters(desk: DeskContext, work: Work, query: Query) -> list[FilterView]:
    """The filters in their order. One that is set offers no choices: it is taken away first."""
    return [
        FilterView(name, _set_to(desk, work, query, name), query.path_without(name), [])
        if name in query.active
        else FilterView(name, "", "", _choices(desk, work, query, name))
        for name in FILTERS
    ]


def _choices(desk: DeskContext, work: Work, query: Query, name: str) -> list[Choice]:
    if name == "vendor":
        return [
            Choice(query.path(vendor=vendor.vendor_no), vendor.name, vendor.count)
            for vendor in vendor_choices(work, query.view)
        ]
    if name == "why":
        return [
            Choice(query.path(why=choice.key), reason_kind(desk, choice.key), choice.count)
            for choice in reason_choices(work, query.view)
        ]
    if name == "received":
        return [Choice(query.path(days=str(days)), _span(desk, days), None) for days in SPANS]
    return []


def _set_to(desk: DeskContext, work: Work, query: Query, name: str) -> str:
    """What a filter is set to, in words."""
    words, wanted = query.words, query.filters(work.today)
    if name == "vendor":
        vendor = work.session.get(Vendor, words["vendor"])
        return vendor.name if vendor else words["vendor"]
    if name == "why":
        return reason_kind(desk, words["why"])
    if name == "amount":
        return _stretch(desk, desk.formats.amount, wanted.amount_from, wanted.amount_to)
    if "days" in words:
        return _span(desk, int(words["days"]))
    return _stretch(desk, desk.formats.date, wanted.received_from, wanted.received_to)


def _span(desk: DeskContext, days: int) -> str:
    return desk.text("incoming.filter_today") if days == 1 else desk.text("incoming.filter_days", n=days)


Bound = TypeVar("Bound", date, Decimal)


def _stretch(desk: DeskContext, show: Callable[[Bound], str], least: Bound | None, most: Bound | None) -> str:
    if least is None:
        return desk.text("incoming.filter_until", to=show(most)) if most is not None else ""
    if most is None:
        return desk.text("incoming.filter_from", since=show(least))
    return show(least) if least == most else f"{show(least)} – {show(most)}"


def _take_in(desk: DeskContext, name: str, data: bytes) -> Response:
    taken = desk.runtime.take_in(desk.actor, Delivery(name=name, data=data, channel="upload", reference=None))
    if isinstance(taken, IntakeRefusal):
        problem = Problem(taken.code, from_json(taken.values))
        return desk.json({"refused": desk.problem_text(problem)}, 422)
    with desk.reading() as work:
        state = _state(desk, work, taken.incoming_no)
    return desk.json({"incoming_no": taken.incoming_no, **state})


def _state(desk: DeskContext, work: Work, incoming_no: str) -> dict[str, object]:
    found = list_incoming(work, View.ALL, incoming_no, limit=1)
    if not found.rows:
        return {"word": "gone", "text": "", "is_busy": False, "path": ""}
    shown = _row_view(desk, found.rows[0], {})
    text = shown.why or shown.word
    return {
        "word": shown.row.word.value,
        "shape": shown.shape,
        "text": text,
        "severity": shown.severity,
        "is_busy": shown.row.word in BUSY,
        "progress": shown.progress,
        "path": shown.path,
        "version": shown.row.version,
        "first": shown.row.duplicate_of_no,
    }


def _list_view(desk: DeskContext, work: Work, query: Query, listed: IncomingList, offset: int) -> ListView:
    names = {user.user_no: user.name for user in list_users(work)}
    rows = [_row_view(desk, row, names) for row in listed.rows]
    shown_count = offset + len(rows)
    sums = [row.total_gross for row in listed.rows if row.total_gross is not None]
    local = get_company(work).local_currency
    is_one_currency = all(row.currency_code in (None, local) for row in listed.rows)
    may_sum = bool(sums) and is_one_currency and not offset and desk.may(Right.INCOMING_READ)
    key = "incoming.shown_sum" if may_sum else "incoming.shown"
    refused = desk.text("incoming.refused", n=len(listed.refused)) if listed.refused else ""
    return ListView(
        rows=rows,
        refused=[_refused_view(desk, row) for row in listed.refused],
        total=listed.total,
        has_orders=desk.may(Right.INCOMING_READ) and any(row.order_reference for row in listed.rows),
        shown=refused
        + desk.text(
            key, shown=shown_count, total=listed.total, currency=local, sum=desk.formats.amount(total(sums))
        ),
        more_path=str(shown_count) if shown_count < listed.total else "",
    )


def _row_view(desk: DeskContext, row: IncomingRow, names: Mapping[str, str]) -> RowView:
    formats, may_read = desk.formats, desk.may(Right.INCOMING_READ)
    vendor = (row.vendor_name or row.description or row.incoming_no) if may_read else row.incoming_no
    with_name = names.get(row.assigned_to or "", row.assigned_to or "")
    return RowView(
        row=row,
        path=f"/incoming/{row.incoming_no}",
        vendor=vendor,
        is_unknown_vendor=row.vendor_no is None,
        received=formats.received(row.received_at),
        due=formats.short_date(row.due_date) if row.due_date and may_read else "–",
        amount=_amount(desk, row) if may_read else "–",
        why=short_reason(desk, row.why) if row.why and may_read else "",
        why_whole=reason_text(desk, row.why) if row.why and may_read else "",
        severity=row.why_severity or "note",
        word=_word_text(desk, row),
        shape=WORD_SHAPES[row.word],
        progress=_progress(row),
        with_name=with_name,
        with_initials=formats.initials(with_name) if with_name else "",
        label=f"{vendor} {row.invoice_number or row.incoming_no}" if may_read else row.incoming_no,
    )


def _amount(desk: DeskContext, row: IncomingRow) -> str:
    return desk.formats.amount(row.total_gross)


def _progress(row: IncomingRow) -> int | None:
    if row.word is not ScreenWord.READING or row.page_count < 2:
        return None
    return 100 * row.pages_read // row.page_count


def _word_text(desk: DeskContext, row: IncomingRow) -> str:
    if row.word is ScreenWord.READING and row.page_count > 1:
        page = min(row.pages_read + 1, row.page_count)
        return desk.text("incoming.reading_page", page=page, pages=row.page_count)
    if row.word is ScreenWord.MERGED and row.duplicate_of_no:
        return desk.text("incoming.merged_with", no=row.duplicate_of_no)
    if row.word is ScreenWord.POSTED and row.posted_no:
        return desk.text("incoming.posted_as", no=row.posted_no)
    if row.word is ScreenWord.PARKED and row.parked_until:
        return desk.text("incoming.parked_until", date=desk.formats.short_date(row.parked_until))
    return desk.text(f"word.{row.word.value}")


def _refused_view(desk: DeskContext, row: RefusedRow) -> RefusedView:
    may_read = desk.may(Right.INCOMING_READ)
    return RefusedView(
        id=row.id,
        name=row.name if may_read else "–",
        received=desk.formats.received(row.at),
        size=desk.formats.size(row.size),
        why=desk.problem_text(Problem(row.code, row.values)) if may_read else desk.text("word.failed"),
    )


def _people(desk: DeskContext, work: Work) -> list[tuple[str, str]]:
    """Who a document can be handed to: everyone who may work on it, oneself first."""
    workers = {Role.CLERK, Role.BOOKKEEPER}
    people = [
        (user.user_no, user.name)
        for user in list_users(work)
        if user.is_active and roles_of(work, user.user_no) & workers
    ]
    return sorted(people, key=lambda person: (person[0] != desk.actor.user_no, person[1]))


def _empty(desk: DeskContext, query: Query, posted_today: int) -> str:
    if query.active:
        return desk.text("incoming.empty_filtered")
    if query.search:
        return desk.text("incoming.empty_search", search=query.search)
    if query.view is View.NEEDS_REVIEW:
        return desk.text("incoming.empty_needs_review", n=posted_today)
    return desk.text(f"incoming.empty_{query.view.value}")


@dataclass(frozen=True, slots=True)
class PeekView:
    """The preview of one document. `failing` holds state, name of the check, reason and count."""

    incoming_no: str
    path: str
    title: str
    came: str
    facts: list[tuple[str, str]]
    failing: list[tuple[str, str, str, int]]
    passed: str
    word: str
    shape: str
    failure: str
    waits: str
    has_page: bool


def _peek_view(desk: DeskContext, opened: ReviewView, view: str) -> PeekView:
    document = opened.document
    read = {key: field.value for key, field in opened.fields.items() if field.value}
    # Until a document is read its checks have nothing to say.
    checks = () if document.word in BUSY else opened.checks
    names = {check.name: desk.text(f"check.{check.name}") for check in checks}
    return PeekView(
        incoming_no=document.incoming_no,
        path=f"/incoming/{document.incoming_no}" + (f"?view={view}" if view in set(View) else ""),
        title=document.vendor_name or document.seller_name or document.description,
        came=desk.text("incoming.came", channel=desk.text(f"channel.{document.channel}")),
        facts=[
            ("incoming.invoice_no", read.get("invoice_number", "–")),
            ("incoming.dates", _dates(desk, read.get("issue_date"), read.get("due_date"))),
            ("incoming.order", read.get("order_reference", "–")),
            ("incoming.total", _total(desk, read.get("currency"), read.get("total_gross"))),
        ],
        failing=[
            (
                check.state.value,
                names[check.name],
                reason_text(desk, check.reason) if check.reason else "",
                check.count,
            )
            for check in checks
            if check.state is not CheckState.OK
        ],
        passed=", ".join(names[check.name] for check in checks if check.state is CheckState.OK),
        word=desk.text(f"word.{document.word.value}"),
        shape=WORD_SHAPES[document.word],
        failure=reason_text(desk, document.failure) if document.failure else "",
        waits=reason_text(desk, document.wait_reason) if document.wait_reason else "",
        has_page=any(page.can_be_shown for page in opened.pages),
    )


def _dates(desk: DeskContext, issued: str | None, due: str | None) -> str:
    if not issued:
        return "–"
    shown = desk.formats.short_date(date.fromisoformat(issued)) if due else ""
    if due:
        return desk.text("incoming.date_and_due", date=shown, due=desk.formats.date(date.fromisoformat(due)))
    return desk.formats.date(date.fromisoformat(issued))


def _total(desk: DeskContext, currency: str | None, gross: str | None) -> str:
    return f"{currency or ''} {desk.formats.amount(Decimal(gross))}".strip() if gross else "–"
