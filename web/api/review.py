"""What the review page does with one document, as JSON: each answer brings the page as it is then."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Literal

from fastapi.responses import Response
from pydantic import BaseModel, Field

from core.master.accounts import list_accounts
from core.master.items import find_items
from core.master.rights import Right
from core.master.vendors import NewVendor, find_vendors
from core.work import Work
from pipeline.extract.document import Box
from pipeline.incoming import get_by_no
from pipeline.workflow import review
from pipeline.workflow.review_view import Evidence
from web.review_place import find_place
from web.review_screen import ReviewScreen
from web.review_values import COLUMNS
from web.routing import Desk
from web.view import DeskContext, DeskRequest

router = Desk()

OPTIONS = 12


class Change(BaseModel):
    """Every change names the version that the page showed (ID-28)."""

    version: int | None = None


class EvidenceBody(BaseModel):
    """Where a typed value stands on the page: fractions of the page, from its top left."""

    page: int = Field(ge=1)
    box: tuple[float, float, float, float]
    printed: str = Field(max_length=500)


class Typed(Change):
    """A value as a person typed or clicked it."""

    typed: str = Field(max_length=500)
    evidence: EvidenceBody | None = None


class Coding(Change):
    """What a line is booked on: an account or an item; without kind as typed."""

    kind: Literal["account", "item"] | None = None
    no: str = Field(max_length=100)


class VendorChoice(Change):
    """Which vendor sent the document."""

    vendor_no: str = Field(max_length=20)


class VendorCard(Change):
    """A vendor to be registered from the page."""

    name: str = Field(max_length=100)
    vat_id: str = Field("", max_length=30)
    iban: str = Field("", max_length=42)
    country_code: str = Field("", max_length=2)
    address: str = Field("", max_length=100)
    post_code: str = Field("", max_length=20)
    city: str = Field("", max_length=60)
    legal_id: str = Field("", max_length=30)
    gln: str = Field("", max_length=13)
    phone: str = Field("", max_length=30)


class Reasoned(Change):
    """Something that is done for a reason; `view` is the list to go on with."""

    reason: str = Field(max_length=500)
    view: str = ""


class Parking(Change):
    """Put aside until a date, for something."""

    until: date
    for_what: str = Field(max_length=250)
    view: str = ""


class Finishing(Change):
    """Done with this one; `view` is the list to go on with."""

    view: str = ""


@router.api("GET", "/api/incoming/{no}", right=Right.INCOMING_READ)
def show(desk: DeskRequest, no: str, view: str = "") -> Response:
    """The document as it is now."""
    with desk.reading() as work:
        return _answer(desk, work, get_by_no(work, no).id, view)


@router.api("POST", "/api/incoming/{no}/fields/{key}", right=Right.INCOMING_WORK)
def set_field(desk: DeskRequest, no: str, key: str, body: Typed) -> Response:
    """Give a field a value, with its place on the page if it was taken from there."""
    evidence = None
    if body.evidence is not None:
        evidence = Evidence(body.evidence.page, Box(*body.evidence.box), body.evidence.printed)
    return _change(
        desk,
        no,
        lambda work, id: review.set_field(
            work, id, body.version, key, body.typed, language=desk.language, evidence=evidence
        ),
    )


@router.api("POST", "/api/incoming/{no}/fields/{key}/confirm", right=Right.INCOMING_WORK)
def confirm_field(desk: DeskRequest, no: str, key: str, body: Change) -> Response:
    """Confirm a value as it stands."""
    return _change(desk, no, lambda work, id: review.confirm_field(work, id, body.version, key))


@router.api("POST", "/api/incoming/{no}/lines", right=Right.INCOMING_WORK)
def add_line(desk: DeskRequest, no: str, body: Change) -> Response:
    """Add an empty line at the end."""

    def add(work: Work, incoming_id: int) -> None:
        review.add_line(work, incoming_id, body.version)

    return _change(desk, no, add)


@router.api("POST", "/api/incoming/{no}/lines/{line_no}/delete", right=Right.INCOMING_WORK)
def delete_line(desk: DeskRequest, no: str, line_no: int, body: Change) -> Response:
    """Take a line away."""
    return _change(desk, no, lambda work, id: review.delete_line(work, id, body.version, line_no))


@router.api("POST", "/api/incoming/{no}/lines/{line_no}/coding", right=Right.INCOMING_WORK)
def code_line(desk: DeskRequest, no: str, line_no: int, body: Coding) -> Response:
    """Say on which account or item a line is booked."""

    def code(work: Work, incoming_id: int) -> None:
        version = body.version
        if body.kind is not None:
            review.set_line(work, incoming_id, version, line_no, "type", body.kind, language=desk.language)
            version = None
        review.set_line(work, incoming_id, version, line_no, "no", body.no, language=desk.language)

    return _change(desk, no, code)


@router.api("POST", "/api/incoming/{no}/lines/{line_no}/{column}", right=Right.INCOMING_WORK)
def set_line(desk: DeskRequest, no: str, line_no: int, column: str, body: Typed) -> Response:
    """Change one cell of the lines."""
    return _change(
        desk,
        no,
        lambda work, id: review.set_line(
            work, id, body.version, line_no, column, body.typed, language=desk.language
        ),
    )


@router.api("POST", "/api/incoming/{no}/vendor", right=Right.INCOMING_WORK)
def set_vendor(desk: DeskRequest, no: str, body: VendorChoice) -> Response:
    """Say which vendor sent the document."""
    return _change(desk, no, lambda work, id: review.set_vendor(work, id, body.version, body.vendor_no))


@router.api("POST", "/api/incoming/{no}/vendor/new", right=Right.VENDOR_CREATE)
def new_vendor(desk: DeskRequest, no: str, body: VendorCard) -> Response:
    """Register a vendor from the page and take it; a bookkeeper must approve it before anything is posted."""
    card = {name: value for name, value in body.model_dump(exclude={"version"}).items() if value}
    with desk.work() as work:
        incoming_id = get_by_no(work, no).id
        vendor = review.create_vendor_from(work, incoming_id, body.version, NewVendor(**card))
    with desk.reading() as work:
        return _answer(desk, work, incoming_id, "", vendor_no=vendor.vendor_no)


@router.api("POST", "/api/incoming/{no}/bank/keep", right=Right.INCOMING_WORK)
def keep_card_account(desk: DeskRequest, no: str, body: Change) -> Response:
    """Pay to the account of the vendor card, whatever the document says (ID-54)."""
    return _change(desk, no, lambda work, id: review.keep_card_account(work, id, body.version))


@router.api("POST", "/api/incoming/{no}/difference/book", right=Right.INCOMING_WORK)
def book_difference(desk: DeskRequest, no: str, body: Change) -> Response:
    """Book a small difference of the totals (ID-91)."""
    return _change(desk, no, lambda work, id: review.book_difference(work, id, body.version))


@router.api("POST", "/api/incoming/{no}/not-a-duplicate", right=Right.INCOMING_WORK)
def not_a_duplicate(desk: DeskRequest, no: str, body: Reasoned) -> Response:
    """Dismiss what looks like a repeat, with the reason (ID-90)."""
    return _change(desk, no, lambda work, id: review.not_a_duplicate(work, id, body.version, body.reason))


@router.api("POST", "/api/incoming/{no}/messages/{message_id}/dismiss", right=Right.INCOMING_WORK)
def dismiss(desk: DeskRequest, no: str, message_id: int, body: Reasoned) -> Response:
    """Lift a stop that only a person can judge, with the reason."""
    return _change(desk, no, lambda work, id: review.dismiss(work, id, body.version, message_id, body.reason))


@router.api("POST", "/api/incoming/{no}/by-hand", right=Right.INCOMING_WORK)
def enter_by_hand(desk: DeskRequest, no: str, body: Change) -> Response:
    """Go on without reading: a person types the values from the picture."""
    return _change(desk, no, lambda work, id: review.enter_by_hand(work, id, body.version))


@router.api("POST", "/api/incoming/{no}/unpark", right=Right.INCOMING_WORK)
def unpark(desk: DeskRequest, no: str, body: Change) -> Response:
    """Take back from being put aside."""
    return _change(desk, no, lambda work, id: review.unpark(work, id, body.version))


@router.api("POST", "/api/incoming/{no}/reopen", right=Right.INCOMING_WORK)
def reopen(desk: DeskRequest, no: str, body: Change) -> Response:
    """Back to review."""
    return _change(desk, no, lambda work, id: review.reopen(work, id, body.version))


@router.api("POST", "/api/incoming/{no}/read-again", right=Right.INCOMING_WORK)
def read_again(desk: DeskRequest, no: str, body: Change) -> Response:
    """Read the document once more."""
    return _change(desk, no, lambda work, id: review.read_again(work, id, body.version))


@router.api("POST", "/api/incoming/{no}/approve", right=Right.INCOMING_WORK)
def approve(desk: DeskRequest, no: str, body: Finishing) -> Response:
    """Finish the review and name the next document of the view."""
    return _finish(desk, no, body.view, "approved", lambda work, id: review.approve(work, id, body.version))


@router.api("POST", "/api/incoming/{no}/reject", right=Right.INCOMING_WORK)
def reject(desk: DeskRequest, no: str, body: Reasoned) -> Response:
    """Refuse the document, with the reason, and name the next one."""
    return _finish(
        desk, no, body.view, "rejected", lambda work, id: review.reject(work, id, body.version, body.reason)
    )


@router.api("POST", "/api/incoming/{no}/park", right=Right.INCOMING_WORK)
def park(desk: DeskRequest, no: str, body: Parking) -> Response:
    """Put the document aside until a date, and name the next one."""
    return _finish(
        desk,
        no,
        body.view,
        "parked",
        lambda work, id: review.park(work, id, body.version, body.until, body.for_what),
    )


@router.api("POST", "/api/incoming/{no}/post", right=Right.INVOICE_POST)
def post(desk: DeskRequest, no: str, body: Finishing) -> Response:
    """Post the document. This cannot be undone; the answer names the posted invoice."""
    with desk.work() as work:
        incoming_id = get_by_no(work, no).id
        posted_no = review.post_document(work, incoming_id, body.version)
    with desk.reading() as work:
        done = desk.text("review.done.posted", no=posted_no)
        return _answer(desk, work, incoming_id, body.view, posted_no=posted_no, done=done)


@router.api("GET", "/api/lookup/vendors", right=Right.VENDOR_READ)
def look_up_vendors(desk: DeskRequest, no: str = "", q: str = "") -> Response:
    """Vendors by number, name, VAT id or IBAN; at the end the offer to create one."""
    with desk.reading() as work:
        found = [
            {
                "value": vendor.vendor_no,
                "name": vendor.name,
                "note": " · ".join(part for part in (vendor.city, vendor.vat_id) if part),
                "kind": "vendor",
            }
            for vendor in find_vendors(work, q, OPTIONS)
        ]
    offer = {"value": "", "name": desk.text("review.act.new_vendor"), "note": "", "kind": "new_vendor"}
    return desk.json({"options": [*found, offer] if desk.may(Right.VENDOR_CREATE) else found})


@router.api("GET", "/api/lookup/coding", right=Right.ITEM_READ)
def look_up_coding(desk: DeskRequest, no: str = "", q: str = "") -> Response:
    """G/L accounts that may be posted to, and items, by number or words of the name."""
    wanted = q.strip().casefold()
    with desk.reading() as work:
        accounts = [
            {
                "value": account.account_no,
                "name": account.name_in(desk.language),
                "note": desk.text("review.kind.account"),
                "kind": "account",
            }
            for account in list_accounts(work)
            if account.direct_posting
            and not account.blocked
            and all(
                part in f"{account.account_no} {account.name} {account.name_nl or ''}".casefold()
                for part in wanted.split()
            )
        ]
        items = [
            {
                "value": item.item_no,
                "name": item.description,
                "note": desk.text("review.kind.item"),
                "kind": "item",
            }
            for item in find_items(work, q, OPTIONS)
        ]
    return desk.json({"options": (accounts[:OPTIONS] + items)[: 2 * OPTIONS]})


def _change(desk: DeskContext, no: str, act: Callable[[Work, int], None]) -> Response:
    with desk.work() as work:
        incoming_id = get_by_no(work, no).id
        act(work, incoming_id)
    with desk.reading() as work:
        return _answer(desk, work, incoming_id, desk.request.query_params.get("view", ""))


def _finish(desk: DeskContext, no: str, view: str, done: str, act: Callable[[Work, int], None]) -> Response:
    with desk.work() as work:
        incoming_id = get_by_no(work, no).id
        before = review.open_review(work, incoming_id).document
        place = find_place(work, before, view)
        act(work, incoming_id)
    following = f"/incoming/{place.next_no}" if place.next_no else "/incoming"
    named = before.description or before.incoming_no
    return desk.json(
        {
            "next": f"{following}?view={place.view}",
            "done": desk.text(f"review.done.{done}", no=named),
            "undo": "unpark" if done == "parked" else "reopen",
        }
    )


def _answer(desk: DeskContext, work: Work, incoming_id: int, view: str, **more: object) -> Response:
    shown = review.open_review(work, incoming_id)
    screen = ReviewScreen(desk, shown, find_place(work, shown.document, view))
    html = desk.parts.templates.get_template("review_pane.html").render(
        desk=desk, t=desk.text, fmt=desk.formats, screen=screen, columns=COLUMNS
    )
    return desk.json({"screen": screen.as_json(html), **more})
