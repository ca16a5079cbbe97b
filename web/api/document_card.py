"""What the card of a purchase document does with header and lines, as JSON (ux.md §5.3, §5.5)."""

from __future__ import annotations

from typing import Any, Literal

from fastapi.responses import Response
from pydantic import Field
from sqlalchemy import or_, select

from core.master.accounts import list_accounts
from core.master.items import find_items
from core.master.purchasing_setup import ItemCharge
from core.master.rights import Right
from core.master.vendors import find_vendors
from core.purchasing.document import LineType, PurchaseDocument
from core.purchasing.draft_header import change_header
from core.purchasing.draft_inputs import HeaderChange, LineChange, LineDraft
from core.purchasing.drafts import add_line, change_line, delete_draft, delete_line, release, reopen
from core.work import Work
from web.card_answer import Change, answer, asked_area, card_api, change, get_document, reads
from web.card_values import typed_cell, typed_header
from web.routing import Desk, DeskRequest

router = Desk()
OPTIONS = 12


class Typed(Change):
    """A value as a person typed it."""

    typed: str = Field(max_length=500)


class NewLine(Change):
    """A line to be added; a comment has text only."""

    type: Literal["item", "comment"] = "item"


class Coding(Change):
    """What a line buys; without kind as typed."""

    kind: Literal["account", "item", "charge"] | None = None
    no: str = Field(max_length=100)


@card_api(router, "GET", "", reads)
def show(desk: DeskRequest, no: str) -> Response:
    """The document as it is now."""
    return answer(desk, asked_area(desk), no)


@card_api(router, "POST", "/fields/{field}")
def set_field(desk: DeskRequest, no: str, field: str, body: Typed) -> Response:
    """Give a header field a value."""

    def put(work: Work, document: PurchaseDocument) -> None:
        values: dict[str, Any] = {field: typed_header(desk, work, field, body.typed)}
        if field == "location_code":
            values[field] = values[field] or ""
        change_header(work, document, HeaderChange(**values))

    return change(desk, no, body.version, put)


@card_api(router, "POST", "/lines")
def append_line(desk: DeskRequest, no: str, body: NewLine) -> Response:
    """Add an empty line at the end."""

    def append(work: Work, document: PurchaseDocument) -> None:
        add_line(work, document, LineDraft(LineType(body.type)))

    return change(desk, no, body.version, append)


@card_api(router, "POST", "/lines/{line_no}/delete")
def remove_line(desk: DeskRequest, no: str, line_no: int, body: Change) -> Response:
    """Take a line away."""
    return change(desk, no, body.version, lambda work, document: delete_line(work, document, line_no))


@card_api(router, "POST", "/lines/{line_no}/coding")
def code_line(desk: DeskRequest, no: str, line_no: int, body: Coding) -> Response:
    """Say what a line buys: an item, an account or a charge."""

    def code(work: Work, document: PurchaseDocument) -> None:
        kind = LineType(body.kind) if body.kind else _kind_of(work, body.no)
        change_line(work, document, line_no, LineChange(type=kind, no=body.no.strip() or None))

    return change(desk, no, body.version, code)


@card_api(router, "POST", "/lines/{line_no}/cells/{column}")
def set_cell(desk: DeskRequest, no: str, line_no: int, column: str, body: Typed) -> Response:
    """Change one cell of the lines."""

    def put(work: Work, document: PurchaseDocument) -> None:
        values: dict[str, Any] = {column: typed_cell(desk, work, column, body.typed)}
        change_line(work, document, line_no, LineChange(**values))

    return change(desk, no, body.version, put)


@card_api(router, "POST", "/release")
def release_document(desk: DeskRequest, no: str, body: Change) -> Response:
    """Clear the document for posting, or a quote for ordering."""
    return change(desk, no, body.version, release)


@card_api(router, "POST", "/reopen")
def reopen_document(desk: DeskRequest, no: str, body: Change) -> Response:
    """Make a released document editable again."""
    return change(desk, no, body.version, reopen)


@card_api(router, "POST", "/delete")
def delete_document(desk: DeskRequest, no: str, body: Change) -> Response:
    """Delete the document; the answer is the list."""
    area = asked_area(desk)
    with desk.work() as work:
        delete_draft(work, get_document(work, area, no))
    return desk.redirect(area.path, notice="card.done.deleted", no=no)


@router.api("GET", "/api/lookup/card-vendors", right=Right.VENDOR_READ)
def look_up_vendors(desk: DeskRequest, q: str = "") -> Response:
    """Vendors by number, name, VAT id or IBAN."""
    with desk.reading() as work:
        found = [
            {
                "value": vendor.vendor_no,
                "name": vendor.name,
                "note": " · ".join(part for part in (vendor.city, vendor.vat_id) if part),
                "kind": "vendor",
            }
            for vendor in find_vendors(work, _search(q), OPTIONS)
        ]
    return desk.json({"options": found})


@router.api("GET", "/api/lookup/card-lines", right=Right.ITEM_READ)
def look_up_lines(desk: DeskRequest, q: str = "") -> Response:
    """What a line can buy: items, G/L accounts that may be posted to, and charges."""
    wanted = _search(q)
    with desk.reading() as work:
        options = [
            *(
                _option(desk, "item", item.item_no, item.description)
                for item in find_items(work, wanted, OPTIONS)
            ),
            *(
                _option(desk, "account", account.account_no, account.name_in(desk.language))
                for account in list_accounts(work)
                if account.direct_posting
                and not account.blocked
                and _fits(wanted, account.account_no, account.name, account.name_nl or "")
            ),
            *(
                _option(desk, "charge", charge.charge_no, charge.description)
                for charge in work.session.scalars(select(ItemCharge).order_by(ItemCharge.charge_no))
                if _fits(wanted, charge.charge_no, charge.description)
            ),
        ]
    options.sort(key=lambda option: option["value"].casefold() != wanted.casefold())
    return desk.json({"options": options[: 3 * OPTIONS]})


def _option(desk: DeskRequest, kind: str, no: str, name: str) -> dict[str, str]:
    return {"value": no, "name": name, "note": desk.text(f"card.type.{kind}"), "kind": kind}


def _search(typed: str) -> str:
    """A field shows `V001 Van der Meer`: what is looked for then is the number."""
    return typed.strip()


def _fits(wanted: str, *texts: str) -> bool:
    joined = " ".join(texts).casefold()
    return all(part in joined for part in wanted.casefold().split())


def _kind_of(work: Work, no: str) -> LineType:
    """What a typed number means: the item, the charge, else the account of that number."""
    typed = no.strip()
    if find_items(work, typed, 1) and any(item.item_no == typed for item in find_items(work, typed, OPTIONS)):
        return LineType.ITEM
    if work.session.scalar(select(ItemCharge).where(or_(ItemCharge.charge_no == typed))) is not None:
        return LineType.CHARGE
    return LineType.ACCOUNT if typed.isdigit() else LineType.ITEM
