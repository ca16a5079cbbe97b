"""Receipts and return shipments: lists, and one of them with what can be undone (ux.md §5.5, PU-84)."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi.responses import Response

from core.master.rights import Right
from core.master.vendors import find_vendor
from core.money import ZERO
from core.purchasing.document import DocumentKind
from core.purchasing.drafts import find_draft_by_no
from core.purchasing.posted import PostedReceipt, PostedReceiptLine, find_receipt
from core.reports.purchase_lists import ReceiptView, count_receipts, list_receipts
from core.work import Work
from web.errors import not_found
from web.purchase_list import ListKind, show_list
from web.routing import Desk, DeskRequest
from web.view import DeskContext

router = Desk()
COLUMNS = ("no", "vendor", "posting_date", "order", "quantity", "invoiced", "billing")
KIND = ListKind(
    "receipts", "/receipts", None, lambda view: COLUMNS, lambda view, row: f"/receipts/{row.number}"
)


@dataclass(frozen=True, slots=True)
class LineView:
    """One line of a receipt; `can_undo`: nothing of it is invoiced and it was not undone."""

    line_no: int
    item: str
    description: str
    quantity: str
    unit: str
    invoiced: str
    state: str
    shape: str
    can_undo: bool


@router.page("/receipts", right=Right.ORDER_READ)
def receipts(desk: DeskRequest, view: str = "", search: str = "", page: int = 1) -> Response:
    """The list of receipts; the last view holds what went back."""
    return show_list(
        desk,
        KIND,
        ReceiptView,
        asked=view,
        search=search,
        page=page,
        count=count_receipts,
        read=list_receipts,
    )


@router.page("/receipts/{no}", right=Right.ORDER_READ)
def receipt(desk: DeskRequest, no: str) -> Response:
    """One receipt or return shipment."""
    with desk.reading() as work:
        found = find_receipt(work, no)
        if found is None:
            raise not_found(no)
        vendor = find_vendor(work, found.vendor_no)
        lines = [_line(desk, line) for line in found.lines]
        return desk.render(
            "receipt.html",
            receipt=found,
            vendor_name=vendor.name if vendor else found.vendor_no,
            lines=lines,
            order_path=_order_path(work, found),
            can_undo=any(line.can_undo for line in lines),
            state={"no": found.receipt_no},
        )


def _line(desk: DeskContext, line: PostedReceiptLine) -> LineView:
    quantity = desk.formats.quantity
    if line.corrects_line_no is not None:
        state, shape = desk.text("receipt.correction", line=line.corrects_line_no), "park"
    elif line.is_correction:
        state, shape = desk.text("receipt.undone"), "park"
    elif line.not_invoiced == ZERO:
        state, shape = desk.text("purchases.invoiced_all"), "done"
    else:
        state, shape = desk.text("receipt.left"), "todo"
    return LineView(
        line_no=line.line_no,
        item=line.no,
        description=line.description,
        quantity=quantity(line.quantity),
        unit=line.unit or "",
        invoiced=quantity(line.quantity_invoiced),
        state=state,
        shape=shape,
        can_undo=not line.is_correction and line.order_no is not None and line.quantity_invoiced == ZERO,
    )


def _order_path(work: Work, receipt: PostedReceipt) -> str:
    """The card of its order, while that is here."""
    if receipt.order_no is None:
        return ""
    kind = DocumentKind.RETURN_ORDER if receipt.is_return else DocumentKind.ORDER
    if find_draft_by_no(work, receipt.order_no, kind) is None:
        return ""
    return f"/returns/{receipt.order_no}" if receipt.is_return else f"/orders/{receipt.order_no}"
