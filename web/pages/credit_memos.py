"""Credit memos: drafts, posted, and those whose credit is not used yet (ux.md §5.5)."""

from __future__ import annotations

from fastapi.responses import Response

from core.master.rights import Right
from core.reports.purchase_lists import (
    CreditMemoView,
    PurchaseRow,
    count_credit_memos,
    list_credit_memos,
)
from web.purchase_list import ListKind, show_list
from web.routing import Desk, DeskRequest

router = Desk()
COLUMNS = ("no", "vendor", "reference", "document_date", "total", "use")


def _path(view: str, row: PurchaseRow) -> str:
    return (
        f"/credit-memos/draft/{row.number}" if view == CreditMemoView.DRAFT else f"/credit-memos/{row.number}"
    )


KIND = ListKind("credit_memos", "/credit-memos", Right.DRAFT_WORK, lambda view: COLUMNS, _path)


@router.page("/credit-memos", right=Right.DRAFT_READ)
def credit_memos(desk: DeskRequest, view: str = "", search: str = "", page: int = 1) -> Response:
    """The list of credit memos."""
    return show_list(
        desk,
        KIND,
        CreditMemoView,
        asked=view,
        search=search,
        page=page,
        count=count_credit_memos,
        read=list_credit_memos,
    )
