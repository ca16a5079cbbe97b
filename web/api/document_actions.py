"""Posting a purchase document from its card, and seeing first what that would write (ux.md §5.5)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from fastapi.responses import Response
from pydantic import Field

from core.master.rights import Right, require
from core.posting.engine import Posted, post_with_retry, preview
from core.posting.selection import WHOLE, Selection
from core.purchasing.document import DocumentKind
from core.purchasing.draft_header import change_header
from core.purchasing.draft_inputs import HeaderChange
from core.purchasing.drafts import lock_draft
from core.purchasing.orders import set_to_post
from core.purchasing.quantities import QuantityToPost
from core.work import Work
from pipeline.workflow.typed import parse_day
from web.card_answer import (
    Change,
    always,
    answer,
    asked_area,
    card_api,
    change,
    get_document,
    reads,
)
from web.card_area import CardArea
from web.card_preview import PreviewScreen
from web.card_values import typed_quantity
from web.routing import Desk, DeskRequest
from web.view import DeskContext

router = Desk()
SELECTIONS = {
    "receive": Selection(receive=True),
    "invoice": Selection(invoice=True),
    "both": Selection(receive=True, invoice=True),
}


class Typed(Change):
    """A quantity as a person typed it."""

    typed: str = Field(max_length=50)


class Goods(Change):
    """What is said of a receipt or return shipment; empty keeps what the document says."""

    posting_date: str = Field("", max_length=40)
    vendor_shipment_no: str = Field("", max_length=35)


class Bill(Change):
    """What is said of an invoice or credit memo of an order; empty keeps what the document says."""

    posting_date: str = Field("", max_length=40)
    vendor_document_no: str = Field("", max_length=35)


def in_parts(area: CardArea) -> bool:
    """Whether documents of the area are received and invoiced bit by bit."""
    return area.kind.posts_in_parts


def posts_whole(area: CardArea) -> bool:
    """Whether documents of the area are posted as they are."""
    return area.kind in (DocumentKind.INVOICE, DocumentKind.CREDIT_MEMO)


def is_posted(area: CardArea) -> bool:
    """Whether documents of the area write entries."""
    return area.posts_bill


@card_api(router, "POST", "/to-receive/{line_no}", always(Right.GOODS_RECEIVE), in_parts)
def set_to_receive(desk: DeskRequest, no: str, line_no: int, body: Typed) -> Response:
    """How much of a line the next receipt, or shipment back, takes."""
    wanted = QuantityToPost(receive=typed_quantity(desk, "qty_to_receive", body.typed))
    return change(desk, no, body.version, lambda work, it: set_to_post(work, it, {line_no: wanted}))


@card_api(router, "POST", "/to-invoice/{line_no}", always(Right.INVOICE_POST), in_parts)
def set_to_invoice(desk: DeskRequest, no: str, line_no: int, body: Typed) -> Response:
    """How much of a line the next invoice, or credit memo, takes."""
    wanted = QuantityToPost(invoice=typed_quantity(desk, "qty_to_invoice", body.typed))
    return change(desk, no, body.version, lambda work, it: set_to_post(work, it, {line_no: wanted}))


@card_api(router, "POST", "/receive", always(Right.GOODS_RECEIVE), in_parts)
def receive(desk: DeskRequest, no: str, body: Goods) -> Response:
    """Post what is to be received, or shipped back."""
    said = body.model_dump(exclude={"version"})
    return _post(desk, no, body.version, SELECTIONS["receive"], **said)


@card_api(router, "POST", "/invoice", always(Right.INVOICE_POST), in_parts)
def invoice(desk: DeskRequest, no: str, body: Bill) -> Response:
    """Post what is to be invoiced, or credited."""
    said = body.model_dump(exclude={"version"})
    return _post(desk, no, body.version, SELECTIONS["invoice"], **said)


@card_api(router, "POST", "/both", always(Right.INVOICE_POST), in_parts)
def receive_and_invoice(desk: DeskRequest, no: str, body: Bill) -> Response:
    """Post goods and bill together; needs the right to receive too."""
    require(desk.actor, Right.GOODS_RECEIVE)
    said = body.model_dump(exclude={"version"})
    return _post(desk, no, body.version, SELECTIONS["both"], **said)


@card_api(router, "POST", "/post", always(Right.INVOICE_POST), posts_whole)
def post_whole(desk: DeskRequest, no: str, body: Change) -> Response:
    """Post an invoice or credit memo."""
    return _post(desk, no, body.version, WHOLE)


@card_api(router, "GET", "/preview", reads, is_posted)
def show_preview(desk: DeskRequest, no: str, what: str = "both") -> Response:
    """What posting would write now, ledger by ledger, and what would refuse it."""
    area = asked_area(desk)
    selection = SELECTIONS.get(what, WHOLE) if area.kind.posts_in_parts else WHOLE
    with desk.reading() as work:
        shown = PreviewScreen(desk, preview(work, get_document(work, area, no), selection))
        html = desk.parts.templates.get_template("card_preview.html").render(
            desk=desk, t=desk.text, fmt=desk.formats, shown=shown
        )
    return desk.json({"html": html})


def _post(
    desk: DeskContext,
    no: str,
    version: int | None,
    selection: Selection,
    *,
    posting_date: str = "",
    **facts: str,
) -> Response:
    """Put the facts on the document and post it in the same transaction: refused, nothing has changed."""
    area = asked_area(desk)
    with desk.reading() as work:
        document_id = get_document(work, area, no).id
        day = parse_day("posting_date", posting_date, work.today)
    said = {name: text.strip() for name, text in facts.items() if text.strip()}

    @contextmanager
    def prepared() -> Iterator[Work]:
        with desk.work() as work:
            _prepare(work, document_id, version, day, said)
            yield work

    posted = post_with_retry(prepared, document_id, selection=selection)
    done = _done(desk, area, posted)
    if posted.document_closed:
        return desk.redirect(_after(area, posted), notice=done[0], **done[1])
    return answer(desk, area, no, done=desk.text(done[0], **done[1]))


def _prepare(
    work: Work, document_id: int, version: int | None, day: date | None, said: dict[str, str]
) -> None:
    document = lock_draft(work, document_id, version)
    values: dict[str, Any] = {name: text for name, text in said.items() if text != getattr(document, name)}
    if day is not None and day != document.posting_date:
        values["posting_date"] = day
    if values:
        change_header(work, document, HeaderChange(**values))


def _done(desk: DeskContext, area: CardArea, posted: Posted) -> tuple[str, dict[str, str]]:
    """What is said afterwards."""
    goods = "shipped" if area.kind.goes_back else "received"
    if posted.posted_no is None:
        assert posted.receipt_no is not None
        return f"card.done.{goods}", {"receipt": posted.receipt_no}
    if posted.receipt_no is None or not area.kind.posts_in_parts:
        return "card.done.posted", {"no": posted.posted_no}
    return f"card.done.{goods}_and_posted", {"receipt": posted.receipt_no, "no": posted.posted_no}


def _after(area: CardArea, posted: Posted) -> str:
    """Where to look next: at what was posted."""
    if posted.posted_no is None:
        return area.path
    if area.kind.goes_back:
        return f"/find?doc={posted.posted_no}"
    return f"/invoices/{posted.posted_no}"
