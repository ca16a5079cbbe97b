"""A real invoice from the inbox folder to the ledgers and the stock, by hand, in a browser (issue: journeys).

The processes are those of `inkoop run`; the clerk and the bookkeeper use nothing but the pages.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from core.ledgers.find import FoundEntries, find_entries
from core.master.vendors import find_vendors
from core.money import ZERO
from core.reports.inventory_valuation import inventory_valuation
from core.work import MACHINE
from pipeline.incoming import IncomingDocument, Stage
from tests.browser.test_review import field, focused_key, open_keys
from tests.corpus.papers import Choice, choose
from tests.journeys.running import RunningInkoop, running_inkoop, wait_until
from tests.journeys.signing_in import open_page, sign_in_first_time

CLERK, BOOKKEEPER = "kim", "bea"
COST_ACCOUNT = "4700"
PAYABLES, VAT_TO_CLAIM = "1600", "1500"
GLRow = tuple[str, Decimal]


@dataclass(slots=True)
class Desk:
    """The running product, the page somebody sits at, and the document that travels."""

    inkoop: RunningInkoop
    page: Page
    choice: Choice

    def open(self, path: str) -> None:
        """Open a page and wait until its scripts have begun."""
        open_page(self.inkoop, self.page, path)

    def stage(self) -> Stage | None:
        """How far the document is, None before it is taken in; a file that failed ends the test."""
        with self.inkoop.runtime.reading(MACHINE) as work:
            document = work.session.scalar(select(IncomingDocument))
            assert document is None or document.failure_code is None, document and document.failure_code
            return None if document is None else Stage(document.stage)

    def numbers(self) -> tuple[str, str]:
        """Of the incoming document: its own number, and that of its draft or posted invoice."""
        with self.inkoop.runtime.reading(MACHINE) as work:
            document = work.session.scalars(select(IncomingDocument)).one()
            return document.incoming_no, document.document_no or ""

    def stock(self) -> tuple[Decimal, Decimal]:
        """Quantity and value in stock of the item that is bought."""
        with self.inkoop.runtime.reading(MACHINE) as work:
            for row in inventory_valuation(work, work.today):
                if row.item_no == self.choice.paper.item.no:
                    return row.quantity, row.value_actual + row.value_expected
        return ZERO, ZERO


@pytest.fixture
def desk(corpus_folder: Path, tmp_path: Path, page: Page) -> Iterator[Desk]:
    choice = choose(corpus_folder, tmp_path / "read")
    with running_inkoop(tmp_path) as inkoop:
        yield Desk(inkoop, page, choice)
        page.goto("about:blank")  # leaves before the pages stop being served


def test_a_real_invoice_travels_from_the_inbox_to_the_ledgers_and_the_stock(desk: Desk) -> None:
    paper = desk.choice.paper
    stock_before = desk.stock()
    desk.inkoop.drop(paper.path.name, paper.path.read_bytes())
    wait_until(lambda: desk.stage() is Stage.IN_REVIEW, "the review")

    sign_in_first_time(desk.inkoop, desk.page, CLERK)
    open_from_incoming(desk)
    create_vendor(desk)
    dismiss_other_buyer(desk)
    code_lines(desk)
    settle_by_keyboard(desk)
    desk.page.keyboard.press("Control+Enter")
    desk.page.wait_for_url(re.compile(r"/incoming\?view="))
    assert desk.stage() is Stage.APPROVED

    sign_in_first_time(desk.inkoop, desk.page, BOOKKEEPER)
    approve_vendor(desk)
    previewed, posted_no = preview_and_post(desk)

    check_posted_page(desk, posted_no)
    assert ledger_page(desk, posted_no) == previewed
    check_entries(desk, posted_no, previewed)
    check_stock(desk, posted_no, stock_before)
    assert desk.inkoop.ask("verify") == {"holds": True, "broken": []}


# ---- the clerk ----


def open_from_incoming(desk: Desk) -> None:
    """Through the list, as a clerk does; the vendor is not known and stops the document."""
    page = desk.page
    page.get_by_role("link", name="Incoming").first.click()
    page.wait_for_selector("html[data-ready]")
    row = page.locator("#rows tr")
    expect(row).to_have_count(1)
    expect(row).to_contain_text(desk.choice.paper.header["invoice_number"])
    row.locator("a").first.click()
    page.wait_for_selector("#data")
    page.wait_for_selector("html[data-ready]")
    expect(page.locator(".alert.stop", has_text="No vendor is known")).to_be_visible()


def create_vendor(desk: Desk) -> None:
    """From the page: the form is filled from the document, the clerk adds what is not on it."""
    page, paper = desk.page, desk.choice.paper
    page.get_by_role("button", name="Create vendor…").click()
    form = page.locator("#d-vendor")
    for name, value in (("vat_id", paper.vat_id), ("name", paper.vendor_name)):
        box = form.locator(f"[name={name}]")
        if not box.input_value():
            box.fill(value)
    form.locator("[name=vat_id]").fill(paper.vat_id)
    form.locator("[name=city]").fill("Deventer")
    name = form.locator("[name=name]").input_value()
    form.locator("button[type=submit]").click()
    expect(page.locator(".alert.note")).to_contain_text("is new")
    expect(field(page, "vendor")).to_have_value(re.compile(re.escape(name)))


def dismiss_other_buyer(desk: Desk) -> None:
    """A real invoice is billed to somebody else, which stops it until a person says why it is taken."""
    page = desk.page
    stops = page.locator('.alert.stop [data-act^="dismiss:"]')
    for remaining in range(stops.count(), 0, -1):
        stops.first.click()
        page.locator("#d-dismiss [name=reason]").fill("A trial with a real invoice")
        page.locator("#d-dismiss button[type=submit]").click()
        expect(stops).to_have_count(remaining - 1)


def code_lines(desk: Desk) -> None:
    """One line into stock, the others to a cost account; what was read differently is typed."""
    page, paper = desk.page, desk.choice.paper
    for key, typed in desk.choice.corrections:
        field(page, key).fill(typed)
        page.keyboard.press("Tab")
        saved(desk, key)
    for index in range(len(paper.lines)):
        no = paper.item.no if index == paper.stock_line else COST_ACCOUNT
        key = f"lines.{index}.no"
        field(page, key).fill("")
        field(page, key).press_sequentially(no)
        expect(page.locator("#lookup [role=option]").first).to_contain_text(no)
        page.keyboard.press("Enter")
        expect(field(page, key)).to_have_value(re.compile(rf"\b{no} "))
        saved(desk, key)


def saved(desk: Desk, key: str) -> None:
    """Wait until the server has taken what was typed."""
    cell = field(desk.page, key)
    wait_until(lambda: bool(cell.evaluate("i => i.value === i.defaultValue")), f"the saving of {key}")


def settle_by_keyboard(desk: Desk) -> None:
    """Enter on each open check, in the order of the form, until none is left."""
    page = desk.page
    desk.open(urlsplit(page.url).path)
    for _ in range(100):
        key = focused_key(page)
        if key is None:
            break
        page.keyboard.press("Enter")
        wait_until(partial(left, page, key), f"leaving {key}")
    wait_until(lambda: open_keys(page) == [], "the end of the open checks")
    expect(page.locator("#b-main")).to_be_focused()
    expect(page.locator("#b-main")).to_contain_text("Approve")
    expect(page.locator(".checks .warn, .checks .stop")).to_have_count(0)


def left(page: Page, key: str) -> bool:
    """Whether the focus is elsewhere."""
    return focused_key(page) != key


# ---- the bookkeeper ----


def approve_vendor(desk: Desk) -> None:
    """S1: a vendor that one person created is posted for only when another has approved it."""
    page = desk.page
    desk.open(f"/incoming/{desk.numbers()[0]}")
    expect(page.locator("#t-preview .why.stop").first).to_contain_text("approve")
    with desk.inkoop.runtime.reading(MACHINE) as work:
        (vendor_no,) = [vendor.vendor_no for vendor in find_vendors(work) if vendor.restricted]
    desk.open(f"/vendors/{vendor_no}")
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("button", name="Approve")).to_have_count(0)


def preview_and_post(desk: Desk) -> tuple[Counter[GLRow], str]:
    """What the preview shows, and the number it is posted under."""
    page = desk.page
    desk.open(f"/incoming/{desk.numbers()[0]}")
    expect(page.locator("#b-main")).to_contain_text("Post invoice")
    previewed = gl_rows(page.locator("#t-preview tbody tr:not(.strong)"), account=0, debit=2, credit=3)
    page.keyboard.press("Control+Enter")
    page.locator("#d-post button[type=submit]").click()
    banner = page.locator(".alert.ok")
    expect(banner).to_contain_text("Posted as")
    banner.get_by_role("link").click()
    page.wait_for_selector("html[data-ready]")
    return previewed, desk.numbers()[1]


def gl_rows(rows: Locator, *, account: int, debit: int, credit: int) -> Counter[GLRow]:
    """Account and amount of each row of a table, a credit negative; the numbers are columns from 0."""
    found: Counter[GLRow] = Counter()
    for row in rows.all():
        cells = [text.strip() for text in row.locator("td").all_inner_texts()]
        amount = money(cells[debit]) - money(cells[credit])
        found[(cells[account].split()[0], amount)] += 1
    return found


def money(text: str) -> Decimal:
    """An amount as the English pages show it; nothing is 0."""
    return Decimal(text.replace(",", "").replace("\N{MINUS SIGN}", "-") or 0)


# ---- afterwards ----


def check_posted_page(desk: Desk, posted_no: str) -> None:
    """Debit equals credit, and what is owed leads to its place on the real page."""
    page, gross = desk.page, desk.choice.paper.amount("total_gross")
    expect(page.locator(".banner")).to_contain_text(posted_no)
    page.get_by_role("tab", name="Entries").click()
    general = page.locator('[data-ledger="general"]')
    debit, credit = map(money, general.locator("tr.strong td.r").all_inner_texts())
    assert debit == credit > 0
    owed = general.locator("tr", has_text=PAYABLES)
    assert money(owed.locator("td.r").last.inner_text()) == gross
    owed.locator("[data-show]").click()
    ring = page.locator(".bx.act")
    expect(ring).to_have_count(1)
    expect(ring).to_be_in_viewport()
    assert ring.get_attribute("data-box") in ("total_gross", "amount_due")


def ledger_page(desk: Desk, posted_no: str) -> Counter[GLRow]:
    """The entries of the document as the ledger page lists them."""
    desk.open(f"/ledger?search={posted_no}")
    return gl_rows(desk.page.locator("table[data-list] tbody tr"), account=3, debit=5, credit=6)


def check_entries(desk: Desk, posted_no: str, previewed: Counter[GLRow]) -> None:
    """Every ledger holds what the document says."""
    paper = desk.choice.paper
    with desk.inkoop.runtime.reading(MACHINE) as work:
        entries = find_entries(work, posted_no)
        general = Counter((entry.account_no, entry.amount_lcy) for entry in entries.general)
        assert general == previewed
        assert sum((entry.amount_lcy for entry in entries.general), ZERO) == 0
        assert on_account(entries, PAYABLES) == -paper.amount("total_gross")
        assert on_account(entries, VAT_TO_CLAIM) == paper.amount("total_vat")
        assert sum((entry.amount for entry in entries.vat), ZERO) == paper.amount("total_vat")
        assert sum((entry.base for entry in entries.vat), ZERO) == paper.amount("total_net")
        (owed,) = entries.vendor
        assert owed.vendor_document_no == paper.header["invoice_number"]
        assert owed.document_date.isoformat() == paper.header["issue_date"]
        assert owed.open
        assert sum((detail.amount_lcy for detail in entries.detailed), ZERO) == -paper.amount("total_gross")


def on_account(entries: FoundEntries, account_no: str) -> Decimal:
    """What the document moved on an account."""
    return sum((entry.amount_lcy for entry in entries.general if entry.account_no == account_no), ZERO)


def check_stock(desk: Desk, posted_no: str, before: tuple[Decimal, Decimal]) -> None:
    """The quantity and the net amount of the line are in stock, and the page of items says so."""
    paper = desk.choice.paper
    line = paper.lines[paper.stock_line]
    quantity, value = desk.stock()
    assert (quantity - before[0], value - before[1]) == (line.quantity, line.net)
    desk.open(f"/items?search={paper.item.no}")
    row = desk.page.locator("table[data-list] tbody tr", has_text=paper.item.no)
    cells = row.locator("td").all_inner_texts()
    assert (money(cells[4]), money(cells[6])) == (quantity, value)
    with desk.inkoop.runtime.reading(MACHINE) as work:
        (moved,) = find_entries(work, posted_no).item
        assert (moved.item_no, moved.quantity) == (paper.item.no, line.quantity)
