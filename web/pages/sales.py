"""Sales as far as purchasing needs them: orders and invoices that are bought for (purchasing §6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from fastapi import Form
from fastapi.responses import Response
from sqlalchemy import select

from core.errors import refuse
from core.master.rights import Right
from core.master.vendors import find_vendors
from core.money import ZERO
from core.posting.sales import post_sales
from core.purchasing.from_sales import (
    DemandRow,
    SaleSource,
    Wanted,
    create_purchase_orders,
    demand,
    purchase_from_sale,
)
from core.sales.customers import find_customers
from core.sales.document import PostedSalesDocument, SalesDocument, SalesKind, SalesLineType
from core.sales.drafts import (
    SalesDraft,
    SalesLineDraft,
    add_sales_line,
    create_sales,
    delete_sales,
    delete_sales_line,
    find_sales,
    list_sales,
    lock_sales,
)
from core.work import Work
from pipeline.workflow.typed import parse_number
from web.card_area import INVOICES, ORDERS
from web.errors import not_found
from web.routing import Desk
from web.view import DeskContext, DeskRequest

router = Desk()
MOST = 60
Text = Annotated[str, Form()]
Numbers = Annotated[Sequence[int], Form()]


@dataclass(frozen=True, slots=True)
class Buying:
    """How a line of a sale is supplied, as the form names it."""

    drop_shipment: bool = False
    special_order: bool = False


BUYING = {
    "": Buying(),
    "drop_shipment": Buying(drop_shipment=True),
    "special_order": Buying(special_order=True),
}
POSTS = {"ship": (True, False), "invoice": (False, True), "both": (True, True)}


@router.page("/sales", right=Right.ORDER_READ)
def sales(desk: DeskRequest) -> Response:
    """What is sold and not finished, and what was shipped and invoiced lately."""
    with desk.reading() as work:
        latest = select(PostedSalesDocument).order_by(PostedSalesDocument.id.desc()).limit(MOST)
        return desk.render(
            "sales.html", documents=list_sales(work, limit=MOST), posted=list(work.session.scalars(latest))
        )


@router.page("/sales/new", right=Right.ORDER_WORK)
def new_sale(desk: DeskRequest) -> Response:
    """Ask for whom, and whether it is an order or an invoice."""
    with desk.reading() as work:
        return desk.render("sale_new.html", customers=find_customers(work, "", 200))


@router.action("/sales", right=Right.ORDER_WORK)
def add_sale(desk: DeskRequest, customer_no: Text = "", kind: Text = "order") -> Response:
    """Make an empty sales order or invoice."""
    if not customer_no.strip():
        raise refuse("field_missing", field="customer_no", record=desk.text("sales.new"))
    with desk.work() as work:
        made = create_sales(work, SalesDraft(customer_no, work.today, SalesKind(kind)))
        path = _path(made)
    return desk.redirect(path)


@router.page("/sales/posted/{kind}/{no}", right=Right.ORDER_READ)
def posted_sale(desk: DeskRequest, kind: str, no: str) -> Response:
    """A posted shipment or invoice; an invoice can be bought for."""
    with desk.reading() as work:
        found = work.session.scalar(
            select(PostedSalesDocument).where(
                PostedSalesDocument.kind == kind, PostedSalesDocument.posted_no == no
            )
        )
        if found is None:
            raise not_found(no)
        return desk.render(
            "sale_posted.html", sale=found, vendors=find_vendors(work, "", 200), source=_source(kind)
        )


@router.page("/sales/{kind}/{no}", right=Right.ORDER_READ)
def sale(desk: DeskRequest, kind: str, no: str) -> Response:
    """A sales order or invoice with its lines, and what has to be bought for it (PU-122)."""
    with desk.reading() as work:
        document = _get(work, kind, no)
        rows: list[DemandRow] = demand(work, document) if document.kind == SalesKind.ORDER else []
        return desk.render(
            "sale.html",
            sale=document,
            source=document.kind,
            demand=rows,
            vendors=find_vendors(work, "", 200),
            types=[each.value for each in SalesLineType],
        )


@router.action("/sales/{kind}/{no}/lines", right=Right.ORDER_WORK)
def add_line(  # noqa: PLR0917 - one parameter per field of the form
    desk: DeskRequest,
    kind: str,
    no: str,
    type: Text = "item",
    number: Text = "",
    description: Text = "",
    quantity: Text = "1",
    unit_price: Text = "",
    buying: Text = "",
) -> Response:
    """Add a line; of a drop shipment or special order the purchase follows."""
    line_type = SalesLineType(type)
    how = BUYING.get(buying, Buying())
    line = SalesLineDraft(
        type=line_type,
        no=number.strip().upper() or None,
        description=description.strip() or None,
        quantity=ZERO if line_type == SalesLineType.COMMENT else _number(desk, "quantity", quantity),
        unit_price=_number(desk, "unit_price", unit_price),
        drop_shipment=how.drop_shipment,
        special_order=how.special_order,
    )
    with desk.work() as work:
        document = _locked(work, kind, no)
        add_sales_line(work, document, line)
        path = _path(document)
    return desk.redirect(path)


@router.action("/sales/{kind}/{no}/lines/{line_no}/delete", right=Right.ORDER_WORK)
def take_line(desk: DeskRequest, kind: str, no: str, line_no: int) -> Response:
    """Take a line off; one that is bought for stays (PU-109)."""
    with desk.work() as work:
        document = _locked(work, kind, no)
        delete_sales_line(work, document, line_no)
        path = _path(document)
    return desk.redirect(path)


@router.action("/sales/{kind}/{no}/delete", right=Right.ORDER_WORK)
def delete(desk: DeskRequest, kind: str, no: str) -> Response:
    """Delete a sales document that nothing was posted of."""
    with desk.work() as work:
        delete_sales(work, _locked(work, kind, no))
    return desk.redirect("/sales", notice="sales.deleted", no=no)


@router.action("/sales/{kind}/{no}/post", right=Right.ORDER_WORK)
def post(desk: DeskRequest, kind: str, no: str, what: Text = "both") -> Response:
    """Ship, invoice, or both. A drop shipment is received by its purchase order in the same step (PU-111)."""
    ship, invoice = POSTS.get(what, POSTS["both"])
    with desk.work() as work:
        document = _get(work, kind, no)
        path = _path(document)
        made = post_sales(work, document.id, ship=ship, invoice=invoice)
    numbers = [each for each in (made.shipment_no, made.posted_no, *made.receipt_nos) if each]
    return desk.redirect(
        "/sales" if made.document_closed else path, notice="sales.posted", numbers=", ".join(numbers)
    )


@router.action("/sales/order/{no}/purchase-orders", right=Right.ORDER_WORK)
async def buy(desk: DeskRequest, no: str) -> Response:
    """Make purchase orders of the rows with a quantity: one per vendor, drop shipments apart (PU-123)."""
    form = await desk.request.form()
    with desk.work() as work:
        document = _locked(work, SalesKind.ORDER.value, no)
        wanted = [
            Wanted(
                row.line_no,
                _number(desk, f"quantity_{row.line_no}", str(form.get(f"quantity_{row.line_no}", ""))),
                str(form.get(f"vendor_{row.line_no}", "")).strip() or row.vendor_no,
            )
            for row in demand(work, document)
            if row.purchase_order_no is None
        ]
        made = create_purchase_orders(work, document, wanted)
        numbers = [order.document_no for order in made]
    if not numbers:
        return desk.redirect(f"/sales/order/{no}", notice="sales.no_orders")
    path = ORDERS.path_of(numbers[0]) if len(numbers) == 1 else "/orders"
    return desk.redirect(path, notice="sales.ordered", numbers=", ".join(numbers))


@router.action("/sales/{source}/{no}/purchase-invoice", right=Right.DRAFT_WORK)
def bill(desk: DeskRequest, source: str, no: str, lines: Numbers = (), vendor_no: Text = "") -> Response:
    """Make a purchase invoice of the chosen lines (PU-119 to PU-121)."""
    with desk.work() as work:
        bought = purchase_from_sale(work, SaleSource(source), no, lines, vendor_no.strip() or None)
        number = bought.document.document_no
        before = [desk.problem_text(notice) for notice in bought.notices]
    told = "sales.billed_again" if before else "sales.billed"
    return desk.redirect(INVOICES.path_of(number), notice=told, no=number, before=" ".join(before))


def _get(work: Work, kind: str, no: str) -> SalesDocument:
    if kind not in [each.value for each in SalesKind]:
        raise not_found(no)
    found = find_sales(work, no, SalesKind(kind))
    if found is None or found.posted_no is not None:
        raise not_found(no)
    return found


def _locked(work: Work, kind: str, no: str) -> SalesDocument:
    return lock_sales(work, _get(work, kind, no).id)


def _path(document: SalesDocument) -> str:
    return f"/sales/{document.kind}/{document.document_no}"


def _source(kind: str) -> str:
    return SaleSource.POSTED_INVOICE.value if kind == "invoice" else SaleSource.SHIPMENT.value


def _number(desk: DeskContext, field: str, typed: str) -> Decimal:
    return parse_number(field, typed, desk.language) or ZERO
