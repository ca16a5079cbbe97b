"""Invoices: drafts, ready to post and posted; posting one or many at once (ux.md §5.5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fastapi.responses import Response
from pydantic import BaseModel
from sqlalchemy import select

from core.errors import DomainError
from core.master.company import get_company
from core.master.rights import Right
from core.posting.engine import post_with_retry
from core.reports.cash_needed import DueSpan, monday_of, overdue_span, week_span
from core.reports.invoice_list import InvoiceRow, InvoiceView, count_invoices, list_invoices
from core.work import Work
from pipeline.incoming import IncomingDocument
from web.card_area import area_of
from web.errors import not_found
from web.routing import Desk, DeskRequest
from web.view import DeskContext

router = Desk()
ROWS = 200
MOST_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class RowView:
    """One invoice as the table shows it. `path` is empty when no page shows it yet."""

    draft_id: int
    version: int
    number: str
    path: str
    vendor_name: str
    vendor_path: str
    is_restricted: bool
    is_credit_memo: bool
    vendor_document_no: str
    document_date: str
    posting_date: str
    due_date: str
    currency: str
    total_gross: str
    is_open: bool | None


@router.page("/invoices", right=Right.DRAFT_READ)
def invoices(desk: DeskRequest, view: str = "", search: str = "", due: str = "") -> Response:
    """The list; without a view the one where work waits for who looks.

    `due` leaves what is open and "overdue", or due in the week of a Monday; "open" is all that is open.
    """
    with desk.reading() as work:
        counted = count_invoices(work)
        shown = _view(desk, view, counted[InvoiceView.READY])
        span = _due_span(work, due) if shown is InvoiceView.POSTED else None
        listed = list_invoices(work, shown, search, ROWS, due=span)
        incoming = _incoming_nos(work, [row.draft_id for row in listed.rows])
        currency = get_company(work).local_currency
        rows = [_row(desk, shown, row, incoming.get(row.draft_id), currency) for row in listed.rows]
    return desk.render(
        "invoices.html",
        view=shown.value,
        views=[(each.value, counted[each]) for each in InvoiceView],
        rows=rows,
        total=listed.total,
        search=search,
        due=due if span else "",
        due_text=_due_text(desk, due) if span else "",
        currency=currency,
        can_post=shown is InvoiceView.READY and desk.may(Right.INVOICE_POST),
    )


class PostOrder(BaseModel):
    """Which drafts to post, each with the version that was looked at."""

    documents: list[tuple[int, int]]


@router.api("POST", "/api/invoices/post", right=Right.INVOICE_POST)
def post_invoices(desk: DeskRequest, order: PostOrder) -> Response:
    """Post each draft in a transaction of its own; what is refused is told with every cause."""
    done: list[str] = []
    refused: list[dict[str, object]] = []
    for draft_id, version in order.documents[:MOST_AT_ONCE]:
        try:
            posted = post_with_retry(desk.work, draft_id, version=version)
        except DomainError as error:
            refused += [{**problem, "draft_id": draft_id} for problem in desk.problems(error)]
        else:
            done.append(posted.posted_no or "")
    content: dict[str, object] = {"done": done, "refused": refused}
    if refused and not done:
        return desk.json({**content, "problems": refused}, 422)
    return desk.json(content)


def _due_span(work: Work, due: str) -> DueSpan | None:
    if not due:
        return None
    if due == "open":
        return DueSpan()
    return overdue_span(work.today) if due == "overdue" else week_span(work.today, _monday(due))


def _due_text(desk: DeskContext, due: str) -> str:
    if due in ("open", "overdue"):
        return desk.text(f"invoices.due_{due}")
    return desk.text("invoices.due_week", week=_monday(due).isocalendar().week)


def _monday(word: str) -> date:
    try:
        return monday_of(date.fromisoformat(word))
    except ValueError:
        raise not_found(word) from None


def _view(desk: DeskContext, asked: str, ready: int) -> InvoiceView:
    if asked:
        if asked not in [each.value for each in InvoiceView]:
            raise not_found(asked)
        return InvoiceView(asked)
    return InvoiceView.READY if ready and desk.may(Right.INVOICE_POST) else InvoiceView.DRAFT


def _incoming_nos(work: Work, draft_ids: list[int]) -> dict[int, str]:
    query = select(IncomingDocument.draft_id, IncomingDocument.incoming_no)
    rows = work.session.execute(query.where(IncomingDocument.draft_id.in_(draft_ids)))
    return {draft_id: number for draft_id, number in rows if draft_id is not None}


def _draft_path(row: InvoiceRow) -> str:
    """The card of a draft that nobody sent us: it was typed in."""
    return area_of(row.kind).path_of(row.number)


def _row(
    desk: DeskContext, view: InvoiceView, row: InvoiceRow, incoming_no: str | None, currency: str
) -> RowView:
    formats = desk.formats
    if view is InvoiceView.POSTED:
        path = f"/invoices/{row.number}"
    else:
        path = f"/incoming/{incoming_no}" if incoming_no else _draft_path(row)
    return RowView(
        draft_id=row.draft_id,
        version=row.version,
        number=row.number,
        path=path,
        vendor_name=row.vendor_name,
        vendor_path=f"/vendors/{row.vendor_no}" if row.vendor_no else "",
        is_restricted=row.vendor_restricted,
        is_credit_memo=row.kind == "credit_memo",
        vendor_document_no=row.vendor_document_no or "–",
        document_date=formats.short_date(row.document_date),
        posting_date=formats.short_date(row.posting_date),
        due_date=formats.short_date(row.due_date),
        currency="" if row.currency_code in (None, currency) else str(row.currency_code),
        total_gross=formats.amount(row.total_gross),
        is_open=row.is_open,
    )
