"""A desk that buys: number series for every purchase document, a charge, and documents made by use case."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from core.master.number_series import Purpose
from core.master.setup import ChargeSetup, SeriesSetup
from core.master.users import Role
from core.posting.engine import post
from core.posting.selection import Selection
from core.purchasing.document import DocumentKind, LineType
from core.purchasing.draft_inputs import DocumentDraft, LineDraft
from core.purchasing.drafts import create_draft, get_draft, release
from core.purchasing.orders import set_to_post
from core.purchasing.quantities import QuantityToPost
from core.work import Actor
from tests.desk import PASSWORD, PEOPLE, SMALL_COMPANY, TestDesk, open_desk, serving

COMPANY = replace(
    SMALL_COMPANY,
    charges=(ChargeSetup("FREIGHT", "Freight", general_product="GOODS", vat_product="H"),),
    series=(
        *SMALL_COMPANY.series,
        SeriesSetup(Purpose.ORDER, "PO", "PO-0001"),
        SeriesSetup(Purpose.QUOTE, "PQ", "PQ-0001"),
        SeriesSetup(Purpose.RETURN_ORDER, "PRO", "PRO-0001"),
        SeriesSetup(Purpose.CREDIT_MEMO, "PC", "PC-0001"),
        SeriesSetup(Purpose.POSTED_CREDIT_MEMO, "PPC", "PPC-0001"),
        SeriesSetup(Purpose.RETURN_SHIPMENT, "PRS", "PRS-0001"),
    ),
)
BUYER = Actor("pim", "Pim de Boer", frozenset({Role.PURCHASER.value, Role.BOOKKEEPER.value}))
Line = tuple[str, str, str]  # item, quantity, price


@dataclass(slots=True)
class PurchaseDesk:
    """The desk, its address, and how documents get there."""

    desk: TestDesk
    address: str

    def make(
        self, *lines: Line, kind: DocumentKind = DocumentKind.ORDER, vendor_no: str = "V001", **values: str
    ) -> int:
        """A document with item lines; returns its id."""
        with self.desk.runtime.work(BUYER) as work:
            drafts = tuple(
                LineDraft(LineType.ITEM, no, quantity=Decimal(quantity), unit_cost=Decimal(price))
                for no, quantity, price in lines
            )
            draft = DocumentDraft(vendor_no, work.today, kind, lines=drafts, **values)  # type: ignore[arg-type]
            return create_draft(work, draft).id

    def released(self, *lines: Line, kind: DocumentKind = DocumentKind.ORDER, vendor_no: str = "V001") -> int:
        """The same, released."""
        document_id = self.make(*lines, kind=kind, vendor_no=vendor_no)
        with self.desk.runtime.work(BUYER) as work:
            release(work, get_draft(work, document_id))
        return document_id

    def receive(self, document_id: int, **quantities: str) -> str:
        """Post a receipt of the whole order, or of `line_1="4"`; returns its number."""
        with self.desk.runtime.work(BUYER) as work:
            wanted = {
                int(name.removeprefix("line_")): QuantityToPost(receive=Decimal(quantity))
                for name, quantity in quantities.items()
            }
            if wanted:
                set_to_post(work, get_draft(work, document_id), wanted)
            receipt_no = post(work, document_id, selection=Selection(receive=True)).receipt_no
        assert receipt_no is not None
        return receipt_no

    def sign_in(self, page: Page, role: Role = Role.PURCHASER) -> None:
        """Sign in as the one user with this role."""
        page.goto(f"{self.address}/login")
        page.fill("[name=user_no]", PEOPLE[role][0])
        page.fill("[name=password]", PASSWORD)
        page.click("button.primary")
        page.wait_for_url(lambda url: "/login" not in url, wait_until="commit")

    def open(self, page: Page, path: str) -> None:
        """Open a page and wait until its scripts have begun."""
        page.goto(self.address + path)
        page.wait_for_selector("html[data-ready]")


def cell(page: Page, line: int, column: str) -> Locator:
    """One cell of the lines grid."""
    return page.locator(f'[data-f="line.{line}.{column}"] input')


def type_in(page: Page, line: int, column: str, text: str) -> None:
    """Type into a cell and leave it by Tab; wait until the server has answered."""
    field = cell(page, line, column)
    field.click()
    field.fill(text)
    with page.expect_response(lambda answer: "/api/cards/" in answer.url and answer.request.method == "POST"):
        field.press("Tab")


def pick(page: Page, field: Locator, text: str, option: str) -> None:
    """Type into a look-up and take the option that says so."""
    field.click()
    field.fill(text)
    wanted = page.locator("#lookup li", has_text=option).first
    expect(wanted).to_be_visible()
    wanted.click()


@contextmanager
def purchase_desk(folder: Path, database_url: str) -> Iterator[PurchaseDesk]:
    """Books, a purchaser, a clerk, a bookkeeper and an auditor, and a web server."""
    desk = open_desk(folder, database_url, COMPANY)
    for role in (Role.PURCHASER, Role.CLERK, Role.BOOKKEEPER, Role.AUDITOR):
        desk.add_user(role)
    with serving(desk.app) as address:
        yield PurchaseDesk(desk, address)
    desk.runtime.close()
