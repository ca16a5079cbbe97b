"""The review page of one incoming document, its page images and its original."""

from __future__ import annotations

from fastapi.responses import Response

from core.errors import refuse
from core.master.rights import Right
from pipeline.incoming import find_by_no, get_by_no
from pipeline.workflow.review import open_review
from pipeline.workflow.review_view import ReviewView
from web.review_place import find_place
from web.review_screen import ReviewScreen
from web.review_values import COLUMNS
from web.routing import Desk
from web.security import attachment_headers
from web.view import DeskRequest

router = Desk()

REJECT_REASONS = ("not_ordered", "not_for_us", "wrong", "duplicate", "not_an_invoice", "other")
SHARP_DPI = 300  # still sharp at 400 %
# A page of stored bytes never changes, but who may see it can: kept by the browser of this user, for an hour.
IMAGE_CACHE = "private, max-age=3600"


@router.page("/incoming/{no}", right=Right.INCOMING_READ)
def review(desk: DeskRequest, no: str, view: str = "") -> Response:
    """One document: its page on the left, its values on the right."""
    with desk.reading() as work:
        document = find_by_no(work, no)
        if document is None:
            raise refuse("INC_NOT_FOUND", no=no)
        shown = open_review(work, document.id)
        place = find_place(work, shown.document, view)
    screen = ReviewScreen(desk, shown, place)
    return desk.render(
        "review.html",
        screen=screen,
        columns=COLUMNS,
        reject_reasons=REJECT_REASONS,
        state={"no": no, "screen": screen.as_json(""), "texts": screen.script_texts()},
    )


@router.api("GET", "/incoming/{no}/pages/{page_no}.png", right=Right.INCOMING_READ)
def page_image(desk: DeskRequest, no: str, page_no: int, sharp: str = "") -> Response:
    """The picture of one page; sharper when it is looked at closely."""
    incoming_id = _with_file(desk, no)
    data = desk.runtime.page_image(incoming_id, page_no, SHARP_DPI if sharp else None)
    if data is None:
        raise refuse("not_found")
    return Response(data, media_type="image/png", headers={"cache-control": IMAGE_CACHE})


@router.api("GET", "/incoming/{no}/pages/{page_no}/words.json", right=Right.INCOMING_READ)
def page_words(desk: DeskRequest, no: str, page_no: int) -> Response:
    """The words of one page in reading order, each with its box in fractions of the page."""
    incoming_id = _with_file(desk, no)
    words = desk.runtime.page_words(incoming_id, page_no)
    return desk.json([{"text": word.text, "box": word.box.as_list()} for word in words])


@router.page("/incoming/{no}/original", right=Right.INCOMING_READ)
def original(desk: DeskRequest, no: str) -> Response:
    """The file as it came in, to be saved."""
    with desk.reading() as work:
        main = _main_file(open_review(work, get_by_no(work, no).id))
    return Response(
        desk.runtime.store.get(main[0]),
        media_type="application/octet-stream",
        headers=attachment_headers(main[1]),
    )


def _with_file(desk: DeskRequest, no: str) -> int:
    """The id of a document that has a file; one without (nothing was stored yet) has no pages: not_found."""
    with desk.reading() as work:
        document = get_by_no(work, no)
        if not document.sha256:
            raise refuse("not_found")
        return document.id


def _main_file(view: ReviewView) -> tuple[str, str]:
    for attachment in view.attachments:
        if attachment.is_main:
            return attachment.sha256, attachment.name
    raise refuse("INC_NO_FILE", no=view.document.incoming_no)
