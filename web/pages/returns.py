"""Return orders: goods that go back to the vendor (ux.md §5.5)."""

from __future__ import annotations

from fastapi.responses import Response

from core.master.rights import Right
from core.reports.purchase_lists import ReturnView, count_returns, list_returns
from web.purchase_list import ListKind, show_list
from web.routing import Desk, DeskRequest

router = Desk()
COLUMNS = ("no", "vendor", "document_date", "received", "invoiced", "total", "status")
KIND = ListKind(
    "returns", "/returns", Right.ORDER_WORK, lambda view: COLUMNS, lambda view, row: f"/returns/{row.number}"
)


@router.page("/returns", right=Right.ORDER_READ)
def returns(desk: DeskRequest, view: str = "", search: str = "", page: int = 1) -> Response:
    """The list of return orders."""
    return show_list(
        desk, KIND, ReturnView, asked=view, search=search, page=page, count=count_returns, read=list_returns
    )
