"""Go to or find: what `Ctrl K` offers for a few typed signs."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from fastapi.responses import Response

from core.master.items import find_items
from core.master.rights import Right
from core.master.vendors import find_vendors
from core.reports.invoice_list import InvoiceView, list_invoices
from core.work import Work
from pipeline.workflow.listing import list_incoming
from pipeline.workflow.listing_view import View
from web.routing import Desk, DeskRequest
from web.view import DeskContext

router = Desk()
MOST = 6
Entry = dict[str, str]


@router.api("GET", "/api/find", right=Right.DESK_USE)
def find(desk: DeskRequest, text: str = "") -> Response:
    """Documents, posted invoices, vendors and items that fit, grouped; only what the user may see."""
    wanted = text.strip()[:100]
    groups: list[dict[str, object]] = []
    if wanted:
        with desk.reading() as work:
            for key, right, look in SOURCES:
                entries = list(look(desk, work, wanted)) if desk.may(right) else []
                if entries:
                    groups.append({"name": desk.text(f"nav.{key}"), "entries": entries})
    return desk.json({"groups": groups})


def _incoming(desk: DeskContext, work: Work, wanted: str) -> Iterator[Entry]:
    for row in list_incoming(work, View.ALL, wanted, limit=MOST).rows:
        name = f"{row.vendor_name or row.description} {row.invoice_number or ''}".strip()
        note = f"{row.incoming_no} · {row.currency_code or ''} {desk.formats.amount(row.total_gross)}"
        yield {"text": name, "note": note, "path": f"/incoming/{row.incoming_no}"}


def _posted(desk: DeskContext, work: Work, wanted: str) -> Iterator[Entry]:
    for row in list_invoices(work, InvoiceView.POSTED, wanted, MOST).rows:
        name = f"{row.vendor_name} {row.vendor_document_no or ''}".strip()
        note = f"{row.number} · {desk.formats.amount(row.total_gross)}"
        yield {"text": name, "note": note, "path": f"/invoices/{row.number}"}


def _vendors(_desk: DeskContext, work: Work, wanted: str) -> Iterator[Entry]:
    for row in find_vendors(work, wanted, MOST):
        yield {"text": row.name, "note": row.vendor_no, "path": f"/vendors/{row.vendor_no}"}


def _items(_desk: DeskContext, work: Work, wanted: str) -> Iterator[Entry]:
    for row in find_items(work, wanted, MOST):
        yield {"text": row.description, "note": row.item_no, "path": f"/items?search={row.item_no}"}


Look = Callable[[DeskContext, Work, str], Iterator[Entry]]
SOURCES: tuple[tuple[str, Right, Look], ...] = (
    ("incoming", Right.INCOMING_READ, _incoming),
    ("invoices", Right.POSTED_READ, _posted),
    ("vendors", Right.VENDOR_READ, _vendors),
    ("items", Right.ITEM_READ, _items),
)
