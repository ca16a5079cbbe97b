"""The life of a purchase document apart from posting: ordered, archived, closed in part, remarked on."""

from __future__ import annotations

from fastapi.responses import Response
from pydantic import Field

from core.purchasing.archive import archive, get_version, restore
from core.purchasing.comments import add_comment
from core.purchasing.discounts import put_invoice_discount
from core.purchasing.document import DocumentKind, PurchaseDocument
from core.purchasing.drafts import lock_draft
from core.purchasing.editing import require_open, touch
from core.purchasing.moving import move_negative_lines
from core.purchasing.orders import approve_over_receipt, close_line, reject_over_receipt
from core.purchasing.quotes import make_order
from core.work import Work
from web.card_answer import Change, answer, asked_area, card_api, change, get_document
from web.card_area import CardArea
from web.routing import Desk, DeskRequest

router = Desk()


class Reasoned(Change):
    """Something that is done for a reason."""

    reason: str = Field(max_length=250)


class Remark(Change):
    """A comment."""

    text: str = Field(max_length=2000)


def in_parts(area: CardArea) -> bool:
    """Whether documents of the area are received and invoiced bit by bit."""
    return area.kind.posts_in_parts


def is_order(area: CardArea) -> bool:
    """Whether goods can come with more than was ordered."""
    return area.kind is DocumentKind.ORDER


def is_quote(area: CardArea) -> bool:
    """Whether an order can be made of documents of the area."""
    return area.kind is DocumentKind.QUOTE


def is_return(area: CardArea) -> bool:
    """Whether a replacement can stand on documents of the area as a negative line."""
    return area.kind is DocumentKind.RETURN_ORDER


def has_versions(area: CardArea) -> bool:
    """Whether versions are kept: of what goes to the vendor."""
    return area.kind in (DocumentKind.ORDER, DocumentKind.QUOTE, DocumentKind.RETURN_ORDER)


@card_api(router, "POST", "/make-order", where=is_quote)
def order_quote(desk: DeskRequest, no: str, body: Change) -> Response:
    """Make an order of the quote and open it."""
    with desk.work() as work:
        quote = lock_draft(work, get_document(work, asked_area(desk), no).id, body.version)
        number = make_order(work, quote).document_no
    return desk.redirect(f"/orders/{number}", notice="card.done.order_made", no=number)


@card_api(router, "POST", "/archive", where=has_versions)
def archive_version(desk: DeskRequest, no: str, body: Change) -> Response:
    """Keep the document as it is now."""
    area = asked_area(desk)
    with desk.work() as work:
        document = lock_draft(work, get_document(work, area, no).id, body.version)
        version = archive(work, document).version_no
    return answer(desk, area, no, done=desk.text("card.done.archived", version=version))


@card_api(router, "POST", "/restore/{version_no}", where=has_versions)
def restore_version(desk: DeskRequest, no: str, version_no: int, body: Change) -> Response:
    """Put an archived version over the document."""
    area = asked_area(desk)
    with desk.work() as work:
        document = lock_draft(work, get_document(work, area, no).id, body.version)
        restore(work, get_version(work, area.kind, no, version_no, document.occurrence))
    return answer(desk, area, no, done=desk.text("card.done.restored", version=version_no))


@card_api(router, "POST", "/lines/{line_no}/close", where=in_parts)
def end_line(desk: DeskRequest, no: str, line_no: int, body: Reasoned) -> Response:
    """What was not received of a line is not expected any more."""

    def close(work: Work, document: PurchaseDocument) -> None:
        close_line(work, document, line_no, body.reason)

    return change(desk, no, body.version, close)


@card_api(router, "POST", "/approve-over", where=is_order)
def approve_over(desk: DeskRequest, no: str, body: Change) -> Response:
    """Agree to every extra quantity that waits; not by who entered it (S1)."""

    def approve(work: Work, document: PurchaseDocument) -> None:
        for line in document.lines:
            approve_over_receipt(work, document, line.line_no)

    return change(desk, no, body.version, approve)


@card_api(router, "POST", "/reject-over", where=is_order)
def reject_over(desk: DeskRequest, no: str, body: Change) -> Response:
    """Refuse every extra quantity that waits: the lines are as they were ordered."""

    def reject(work: Work, document: PurchaseDocument) -> None:
        for line in document.lines:
            if line.over_receipt_state == "pending":
                reject_over_receipt(work, document, line.line_no)

    return change(desk, no, body.version, reject)


@card_api(router, "POST", "/discount")
def calculate_discount(desk: DeskRequest, no: str, body: Change) -> Response:
    """Put the vendor's invoice discount and service charge on the document."""

    def calculate(work: Work, document: PurchaseDocument) -> None:
        require_open(document, "invoice_discount_percent")
        put_invoice_discount(work, document)
        touch(work, document)

    return change(desk, no, body.version, calculate)


@card_api(router, "POST", "/move-negative", where=is_return)
def move_negative(desk: DeskRequest, no: str, body: Change) -> Response:
    """Lines with a negative quantity become a new order with a positive one."""
    area = asked_area(desk)
    with desk.work() as work:
        document = lock_draft(work, get_document(work, area, no).id, body.version)
        number = move_negative_lines(work, document).document_no
    return answer(desk, area, no, done=desk.text("card.done.moved", no=number))


@card_api(router, "POST", "/comments")
def comment(desk: DeskRequest, no: str, body: Remark) -> Response:
    """Put a dated remark on the document."""

    def add(work: Work, document: PurchaseDocument) -> None:
        add_comment(work, document, body.text)

    return change(desk, no, body.version, add)
