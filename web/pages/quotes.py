"""Quotes: what vendors offered, until an order is made of it (ux.md §5.5)."""

from __future__ import annotations

from fastapi.responses import Response

from core.master.rights import Right
from core.reports.purchase_lists import QuoteView, count_quotes, list_quotes
from web.purchase_list import ListKind, show_list
from web.routing import Desk, DeskRequest

router = Desk()
COLUMNS = ("no", "vendor", "document_date", "total", "status")
KIND = ListKind(
    "quotes", "/quotes", Right.ORDER_WORK, lambda view: COLUMNS, lambda view, row: f"/quotes/{row.number}"
)


@router.page("/quotes", right=Right.ORDER_READ)
def quotes(desk: DeskRequest, view: str = "", search: str = "", page: int = 1) -> Response:
    """The list of quotes."""
    return show_list(
        desk, KIND, QuoteView, asked=view, search=search, page=page, count=count_quotes, read=list_quotes
    )
