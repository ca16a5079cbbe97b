"""Purchase orders: open, late, to receive, received and not invoiced, closed (ux.md §5.5)."""

from __future__ import annotations

from fastapi.responses import Response

from core.master.rights import Right
from core.reports.purchase_lists import OrderView, PurchaseRow, count_orders, list_orders
from web.purchase_list import ListKind, show_list
from web.routing import Desk, DeskRequest

router = Desk()
CLOSED = ("no", "vendor", "last_invoice", "total")
OPEN = ("no", "vendor", "expected", "received", "invoiced", "total", "status")


def _path(view: str, row: PurchaseRow) -> str:
    """A closed order is gone: its entries are what there is to see."""
    return f"/find?doc={row.number}" if view == OrderView.CLOSED else f"/orders/{row.number}"


KIND = ListKind(
    "orders", "/orders", Right.ORDER_WORK, lambda view: CLOSED if view == OrderView.CLOSED else OPEN, _path
)


@router.page("/orders", right=Right.ORDER_READ)
def orders(desk: DeskRequest, view: str = "", search: str = "", page: int = 1) -> Response:
    """The list of orders."""
    return show_list(
        desk, KIND, OrderView, asked=view, search=search, page=page, count=count_orders, read=list_orders
    )
