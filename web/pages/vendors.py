"""Vendors: list, card, a new one, and its approval by a second person (ux.md §5.7, AP-37, S1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Form
from fastapi.responses import Response

from core.errors import Problem
from core.master.accounts import find_account
from core.master.company import get_company
from core.master.rights import Right
from core.master.users import list_users
from core.master.vendors import (
    NewVendor,
    Vendor,
    approve_vendor,
    create_vendor,
    find_vendors,
    get_vendor,
)
from core.purchasing.posted import list_posted
from core.reports.vendor_balances import VendorBalance, vendor_balances
from core.work import Work
from web.routing import Desk, DeskRequest
from web.view import DeskContext

router = Desk()
MOST = 200
FACTS = ("address", "post_code", "city", "country_code", "vat_id", "legal_id", "phone", "email")
NEW_FIELDS = ("name", *FACTS, "iban", "bic")
REQUIRED = ("name",)


@dataclass(frozen=True, slots=True)
class VendorRow:
    """One vendor of the list."""

    vendor_no: str
    name: str
    city: str
    vat_id: str
    balance: str
    overdue: str
    is_overdue: bool
    bought: str
    is_restricted: bool
    blocked: str


@router.page("/vendors", right=Right.VENDOR_READ)
def vendors(desk: DeskRequest, search: str = "") -> Response:
    """The list, with what is owed to each for who may see the ledgers."""
    with desk.reading() as work:
        found = find_vendors(work, search, MOST)
        balances = vendor_balances(work, [vendor.vendor_no for vendor in found])
        rows = [_row(desk, vendor, balances[vendor.vendor_no]) for vendor in found]
        currency = get_company(work).local_currency
    return desk.render(
        "vendors.html",
        rows=rows,
        search=search,
        currency=currency,
        shows_money=desk.may(Right.LEDGER_READ),
        is_cut=len(rows) == MOST,
    )


@router.page("/vendors/new", right=Right.VENDOR_CREATE)
def new_vendor(desk: DeskRequest) -> Response:
    """An empty card, or one filled from the address, as the review page does with what it read."""
    asked = desk.request.query_params
    values = {name: asked.get(name, "")[:200] for name in NEW_FIELDS}
    return desk.render("vendor_new.html", values=values, fields=NEW_FIELDS, required=REQUIRED)


@router.page("/vendors/{vendor_no}", right=Right.VENDOR_READ)
def vendor(desk: DeskRequest, vendor_no: str) -> Response:
    """The card."""
    with desk.reading() as work:
        card = get_vendor(work, vendor_no)
        names = {user.user_no: user.name for user in list_users(work)}
        account = find_account(work, card.default_account) if card.default_account else None
        return desk.render(
            "vendor.html",
            card=card,
            facts=[(name, getattr(card, name)) for name in FACTS],
            names=names,
            account=f"{account.account_no} {account.name_in(desk.language)}" if account else "",
            balance=vendor_balances(work, [card.vendor_no])[card.vendor_no],
            posted=_posted(desk, work, card.vendor_no),
            refusal=_refusal(desk, card),
            currency=get_company(work).local_currency,
        )


@router.action("/vendors", right=Right.VENDOR_CREATE)
def add_vendor(  # noqa: PLR0917 - one parameter per field of the form
    desk: DeskRequest,
    name: Annotated[str, Form()] = "",
    address: Annotated[str, Form()] = "",
    post_code: Annotated[str, Form()] = "",
    city: Annotated[str, Form()] = "",
    country_code: Annotated[str, Form()] = "",
    vat_id: Annotated[str, Form()] = "",
    legal_id: Annotated[str, Form()] = "",
    phone: Annotated[str, Form()] = "",
    email: Annotated[str, Form()] = "",
    iban: Annotated[str, Form()] = "",
    bic: Annotated[str, Form()] = "",
) -> Response:
    """Register a vendor, restricted until somebody else approves it."""
    new = NewVendor(
        name=name,
        address=address.strip() or None,
        post_code=post_code.strip() or None,
        city=city.strip() or None,
        country_code=country_code.strip().upper() or None,
        vat_id=vat_id.strip() or None,
        legal_id=legal_id.strip() or None,
        phone=phone.strip() or None,
        email=email.strip() or None,
        iban=iban.strip() or None,
        bic=bic.strip() or None,
    )
    with desk.work() as work:
        vendor_no = create_vendor(work, new).vendor_no
    return desk.redirect(f"/vendors/{vendor_no}", notice="vendors.created", no=vendor_no)


@router.action("/vendors/{vendor_no}/approve", right=Right.VENDOR_APPROVE)
def approve(desk: DeskRequest, vendor_no: str) -> Response:
    """Lift the restriction: by somebody else than who registered the vendor (S1)."""
    with desk.work() as work:
        number = approve_vendor(work, vendor_no).vendor_no
    return desk.redirect(f"/vendors/{number}", notice="vendors.approved", no=number)


def _row(desk: DeskContext, vendor: Vendor, balance: VendorBalance) -> VendorRow:
    formats = desk.formats
    return VendorRow(
        vendor_no=vendor.vendor_no,
        name=vendor.name,
        city=vendor.city or "",
        vat_id=vendor.vat_id or "",
        balance=formats.amount(balance.balance),
        overdue=formats.amount(balance.overdue) if balance.overdue else "–",
        is_overdue=balance.overdue > 0,
        bought=formats.amount(balance.bought_in_a_year),
        is_restricted=vendor.restricted,
        blocked=vendor.blocked,
    )


def _refusal(desk: DeskContext, card: Vendor) -> str:
    """Why this user may not approve this vendor; nothing when they may (the core decides again)."""
    if not desk.may(Right.VENDOR_APPROVE):
        return desk.needs(Right.VENDOR_APPROVE)
    if card.created_by == desk.actor.user_no:
        return desk.problem_text(Problem("own_vendor", {"no": card.vendor_no, "name": card.name}))
    return ""


@dataclass(frozen=True, slots=True)
class PostedRow:
    """A posted document on the card."""

    posted_no: str
    vendor_document_no: str
    posting_date: str
    due_date: str
    total_gross: str


def _posted(desk: DeskContext, work: Work, vendor_no: str) -> Sequence[PostedRow]:
    if not desk.may(Right.POSTED_READ):
        return []
    formats = desk.formats
    return [
        PostedRow(
            document.posted_no,
            document.vendor_document_no or "–",
            formats.date(document.posting_date),
            formats.date(document.due_date),
            formats.amount(document.total_gross),
        )
        for document in list_posted(work, vendor_no=vendor_no, limit=20)
    ]
