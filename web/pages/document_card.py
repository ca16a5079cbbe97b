"""The card of orders, quotes, return orders and drafts without a page: shown, made, printed (ux.md §5.5)."""

from __future__ import annotations

from typing import Annotated

from fastapi import Form
from fastapi.responses import Response

from core.errors import refuse
from core.master.company import get_company
from core.master.rights import Right
from core.master.vendors import find_vendor
from core.purchasing.copying import CopyFrom
from core.purchasing.draft_inputs import DocumentDraft
from core.purchasing.drafts import create_draft
from core.purchasing.drop_shipments import require_sendable
from web.card_answer import get_document, pane
from web.card_area import AREAS, ORDERS, QUOTES, RETURNS, CardArea
from web.card_screen import CardScreen, tabs_of
from web.errors import not_found
from web.routing import Desk, DeskRequest
from web.view import DeskContext

router = Desk()
COPIED = tuple(each for each in CopyFrom if each is not CopyFrom.ARCHIVED)
PRINTED = (ORDERS, QUOTES, RETURNS)


def _declare(area: CardArea) -> None:
    """The pages of one kind of document; what they need is the area's right."""

    @router.page(f"{area.path}/new", right=area.works)
    def new(desk: DeskRequest) -> Response:
        """Ask for the vendor of a new document."""
        return desk.render("card_new.html", area=area)

    @router.action(area.path, right=area.works)
    def create(desk: DeskRequest, vendor_no: Annotated[str, Form()] = "") -> Response:
        """Make the document and open it."""
        return _create(desk, area, vendor_no)

    @router.page(area.card, right=area.reads)
    def card(desk: DeskRequest, no: str) -> Response:
        """The card."""
        return _show(desk, area, no)


for _area in AREAS:
    _declare(_area)


@router.page("/orders/{no}/print", right=Right.ORDER_READ)
def print_order(desk: DeskRequest, no: str) -> Response:
    """The order as it goes to the vendor."""
    return _print(desk, ORDERS, no)


@router.page("/quotes/{no}/print", right=Right.ORDER_READ)
def print_quote(desk: DeskRequest, no: str) -> Response:
    """The request for a quote as it goes to the vendor."""
    return _print(desk, QUOTES, no)


@router.page("/returns/{no}/print", right=Right.ORDER_READ)
def print_return(desk: DeskRequest, no: str) -> Response:
    """The return order as it goes to the vendor."""
    return _print(desk, RETURNS, no)


def _create(desk: DeskContext, area: CardArea, vendor_no: str) -> Response:
    typed = vendor_no.strip()
    if not typed:
        raise refuse("vendor_not_chosen", field="vendor_no")
    with desk.work() as work:
        draft = DocumentDraft(vendor_no=typed, posting_date=work.today, kind=area.kind)
        number = create_draft(work, draft).document_no
    return desk.redirect(area.path_of(number))


def _show(desk: DeskContext, area: CardArea, no: str) -> Response:
    with desk.reading() as work:
        screen = CardScreen(desk, work, area, get_document(work, area, no))
        html = pane(desk, screen)
        return desk.render(
            "document_card.html",
            screen=screen,
            area=area,
            tabs=tabs_of(screen),
            state={
                "screen": screen.as_json(""),
                "area": area.key,
                "copy_from": [(each.value, desk.text(f"card.copy.{each}")) for each in COPIED],
            },
            pane=html,
        )


def _print(desk: DeskContext, area: CardArea, no: str) -> Response:
    if area not in PRINTED:
        raise not_found(no)
    with desk.reading() as work:
        document = get_document(work, area, no)
        require_sendable(work, document)
        return desk.render(
            "document_print.html",
            screen=CardScreen(desk, work, area, document),
            company=get_company(work),
            vendor=find_vendor(work, document.vendor_no),
            area=area,
        )
