"""How a request names a purchase document and what it is answered with: the card as it is then."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from fastapi.responses import Response
from pydantic import BaseModel

from core.master.rights import Right
from core.purchasing.document import DocumentStatus, PurchaseDocument
from core.purchasing.drafts import find_draft_by_no, lock_draft
from core.work import Work
from web.card_area import AREAS, CardArea, find_area
from web.card_screen import CardScreen, tabs_of
from web.errors import not_found
from web.routing import Desk
from web.view import DeskContext

Endpoint = TypeVar("Endpoint", bound=Callable[..., Response])
RightOf = Callable[[CardArea], Right]


class Change(BaseModel):
    """Every change names the version that the page showed (PO-162)."""

    version: int | None = None


def works(area: CardArea) -> Right:
    """The right to change documents of the area."""
    return area.works


def reads(area: CardArea) -> Right:
    """The right to see documents of the area."""
    return area.reads


def always(right: Right) -> RightOf:
    """The same right in every area."""
    return lambda _area: right


def card_api(
    router: Desk,
    method: str,
    path: str,
    right: RightOf = works,
    where: Callable[[CardArea], bool] = lambda _area: True,
) -> Callable[[Endpoint], Endpoint]:
    """Declare an address under `/api/cards/<area>/<no>` in each area, with the right it needs there."""

    def register(endpoint: Endpoint) -> Endpoint:
        for area in AREAS:
            if where(area):
                router.api(method, f"/api/cards/{area.key}/{{no}}{path}", right=right(area))(endpoint)
        return endpoint

    return register


def asked_area(desk: DeskContext) -> CardArea:
    """The area that the address of the request names."""
    area = find_area(desk.request.url.path.split("/")[3])
    assert area is not None, "the address was declared for an area"
    return area


def get_document(work: Work, area: CardArea, no: str) -> PurchaseDocument:
    """The document with this number. One that is posted or does not exist is not found."""
    document = find_draft_by_no(work, no, area.kind)
    if document is None or document.status == DocumentStatus.POSTED:
        raise not_found(no)
    return document


def change(
    desk: DeskContext, no: str, version: int | None, act: Callable[[Work, PurchaseDocument], None]
) -> Response:
    """Lock the document, change it, and answer with the card. `stale_document` when it has moved on."""
    area = asked_area(desk)
    with desk.work() as work:
        act(work, lock_draft(work, get_document(work, area, no).id, version))
    return answer(desk, area, no)


def answer(desk: DeskContext, area: CardArea, no: str, **more: object) -> Response:
    """The card as JSON, with whatever else there is to tell."""
    with desk.reading() as work:
        screen = CardScreen(desk, work, area, get_document(work, area, no))
        return desk.json({"screen": screen.as_json(pane(desk, screen)), **more})


def pane(desk: DeskContext, screen: CardScreen) -> str:
    """The part of the page that changes."""
    return desk.parts.templates.get_template("card_pane.html").render(
        desk=desk, t=desk.text, fmt=desk.formats, screen=screen, tabs=tabs_of(screen)
    )
