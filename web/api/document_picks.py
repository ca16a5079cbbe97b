"""Lines that a document takes from others: receipts, return shipments, copies (PU-94, PU-145, PU-182)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from fastapi.responses import Response
from pydantic import BaseModel, Field

from core.errors import DomainError, Problem, refuse
from core.money import ZERO
from core.purchasing.charges import SuggestBy, assign, open_targets, suggest
from core.purchasing.copying import CopyFrom, CopyRequest, copy_document
from core.purchasing.document import ChargeTarget, DocumentKind
from core.purchasing.drafts import lock_draft
from core.purchasing.receipts import get_receipt_lines, open_receipt_lines
from core.purchasing.reversing import PostedLineKey, ReverseFrom, get_lines_to_reverse, lines_to_reverse
from pipeline.workflow.typed import parse_number
from web.card_answer import Change, answer, asked_area, card_api, get_document
from web.card_area import CardArea
from web.routing import Desk, DeskRequest
from web.view import DeskContext

router = Desk()
MOST = 500


class Picked(BaseModel):
    """One line of the list; an empty quantity takes all that is left."""

    kind: Literal["", "invoice", "receipt", "credit_memo", "return_shipment"] = ""
    no: str = Field(max_length=20)
    line_no: int
    quantity: str = Field("", max_length=40)


class Picking(Change):
    """What was taken from the list."""

    picked: list[Picked] = Field(max_length=MOST)


class Target(BaseModel):
    """One line that a charge is put on; `kind` is what its document is, `document` for this one."""

    kind: ChargeTarget
    no: str = Field(max_length=20)
    line_no: int


class Spreading(Change):
    """The lines that a charge is spread over, and by what."""

    picked: list[Target] = Field(max_length=MOST)
    by: SuggestBy = SuggestBy.AMOUNT


class Copying(Change):
    """Which document is copied; `header` yes replaces what is here."""

    kind: CopyFrom
    no: str = Field(max_length=20)
    header: str = "no"


@dataclass(frozen=True, slots=True)
class PickRow:
    """One line that the list offers."""

    kind: str
    no: str
    line_no: int
    posting_date: date
    item: str
    description: str
    left: Decimal
    unit: str | None
    can_split: bool = True


def is_invoice(area: CardArea) -> bool:
    """Whether receipts can be put on documents of the area."""
    return area.kind is DocumentKind.INVOICE


def is_credit_memo(area: CardArea) -> bool:
    """Whether return shipments can be put on documents of the area."""
    return area.kind is DocumentKind.CREDIT_MEMO


def bears_charges(area: CardArea) -> bool:
    """Whether a bill of the area can put a charge on goods."""
    return area.kind is not DocumentKind.QUOTE


def goes_back(area: CardArea) -> bool:
    """Whether goods and money go back to the vendor with documents of the area."""
    return area.kind.goes_back


@card_api(router, "GET", "/pick/receipts", where=is_invoice)
def show_receipts(desk: DeskRequest, no: str) -> Response:
    """The vendor's receipt lines that are not invoiced."""
    return _offer(desk, "receipts", _open_lines(desk, no))


@card_api(router, "GET", "/pick/shipments", where=is_credit_memo)
def show_shipments(desk: DeskRequest, no: str) -> Response:
    """The vendor's return shipment lines that are not credited."""
    return _offer(desk, "shipments", _open_lines(desk, no))


@card_api(router, "POST", "/pick/receipts", where=is_invoice)
def take_receipts(desk: DeskRequest, no: str, body: Picking) -> Response:
    """Put receipt lines on the invoice; those of several receipts make one invoice."""
    return _take(desk, no, body)


@card_api(router, "POST", "/pick/shipments", where=is_credit_memo)
def take_shipments(desk: DeskRequest, no: str, body: Picking) -> Response:
    """Put return shipment lines on the credit memo."""
    return _take(desk, no, body)


@card_api(router, "GET", "/pick/posted", where=goes_back)
def show_posted(desk: DeskRequest, no: str) -> Response:
    """The vendor's posted lines of which something can go back."""
    with desk.reading() as work:
        found = lines_to_reverse(work, get_document(work, asked_area(desk), no))
    rows = [
        PickRow(
            kind=row.key.source.value,
            no=row.key.no,
            line_no=row.key.line_no,
            posting_date=row.posting_date,
            item=row.item_or_account or "",
            description=row.description,
            left=row.left,
            unit=row.unit,
            can_split=False,
        )
        for row in found
    ]
    return _offer(desk, "posted", rows)


@card_api(router, "POST", "/pick/posted", where=goes_back)
def take_posted(desk: DeskRequest, no: str, body: Picking) -> Response:
    """Take posted lines back, at the cost they came in with (PU-141)."""
    area = asked_area(desk)
    keys = [PostedLineKey(ReverseFrom(each.kind), each.no, each.line_no) for each in body.picked]
    with desk.work() as work:
        document = lock_draft(work, get_document(work, area, no).id, body.version)
        taken = get_lines_to_reverse(work, document, keys)
    return answer(desk, area, no, done=_said(desk, len(taken.lines), ()))


@card_api(router, "GET", "/pick/charge/{line_no}", where=bears_charges)
def show_targets(desk: DeskRequest, no: str, line_no: int) -> Response:
    """The lines that a charge can be put on: those of this document, then the latest receipts (PU-98)."""
    with desk.reading() as work:
        document = get_document(work, asked_area(desk), no)
        day = document.posting_date or work.today
        rows = [
            PickRow(
                kind=target.target.value,
                no=target.no or document.document_no,
                line_no=target.line_no,
                posting_date=day,
                item=target.item_no,
                description=target.description,
                left=target.quantity_base,
                unit=None,
                can_split=False,
            )
            for target in open_targets(work, document)
        ]
    return _offer(desk, "charge", rows)


@card_api(router, "POST", "/pick/charge/{line_no}", where=bears_charges)
def spread_charge(desk: DeskRequest, no: str, line_no: int, body: Spreading) -> Response:
    """Spread a charge over lines, in place of what was assigned before (PO-103)."""
    area = asked_area(desk)
    wanted = {(each.kind, each.no, each.line_no) for each in body.picked}
    with desk.work() as work:
        document = lock_draft(work, get_document(work, area, no).id, body.version)
        targets = [
            target
            for target in open_targets(work, document)
            if (target.target, target.no or document.document_no, target.line_no) in wanted
        ]
        assign(work, document, line_no, suggest(document, line_no, targets, body.by) if targets else [])
    return answer(desk, area, no, done=desk.text("card.done.assigned", n=len(targets)))


@card_api(router, "POST", "/copy")
def copy(desk: DeskRequest, no: str, body: Copying) -> Response:
    """Copy lines, or all, of another document into this one."""
    area = asked_area(desk)
    with desk.work() as work:
        document = lock_draft(work, get_document(work, area, no).id, body.version)
        request = CopyRequest(body.kind, body.no.strip(), include_header=body.header == "yes")
        copied = copy_document(work, document, request)
    return answer(desk, area, no, done=_said(desk, len(copied.lines), copied.notices))


def _open_lines(desk: DeskContext, no: str) -> list[PickRow]:
    with desk.reading() as work:
        found = open_receipt_lines(work, get_document(work, asked_area(desk), no))
    return [
        PickRow(
            kind="",
            no=row.received.receipt_no,
            line_no=row.received.line_no,
            posting_date=row.received.posting_date,
            item=row.received.no,
            description=row.received.description,
            left=row.received.not_invoiced - row.on_drafts,
            unit=row.received.unit,
        )
        for row in found
        if row.received.not_invoiced != row.on_drafts
    ]


def _take(desk: DeskContext, no: str, body: Picking) -> Response:
    area = asked_area(desk)
    picks = [(each.no, each.line_no, _quantity(desk, each)) for each in body.picked]
    with desk.work() as work:
        document = lock_draft(work, get_document(work, area, no).id, body.version)
        fetched = get_receipt_lines(work, document, picks)
        if not fetched.lines and fetched.problems:
            raise DomainError(list(fetched.problems))
    return answer(desk, area, no, done=_said(desk, len(fetched.lines), fetched.problems))


def _quantity(desk: DeskContext, picked: Picked) -> Decimal | None:
    quantity = parse_number("quantity", picked.quantity, desk.language)
    if quantity is not None and quantity == ZERO:
        raise refuse("no_lines_selected")
    return quantity


def _said(desk: DeskContext, count: int, notices: Sequence[Problem]) -> str:
    """How many lines came, and what was left out."""
    told = [desk.text("card.done.fetched", n=count), *(desk.problem_text(notice) for notice in notices)]
    return " ".join(told)


def _offer(desk: DeskContext, what: str, rows: list[PickRow]) -> Response:
    html = desk.parts.templates.get_template("card_pick.html").render(
        desk=desk, t=desk.text, fmt=desk.formats, what=what, rows=rows[:MOST]
    )
    return desk.json({"html": html})
