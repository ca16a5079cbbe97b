"""From ready to post to the ledger: post in bulk, entries in balance, each entry to its page."""

from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from core.master.users import Role
from core.purchasing.document import LineType
from core.purchasing.draft_inputs import DocumentDraft, LineDraft
from core.purchasing.drafts import create_draft, release
from core.work import Actor
from tests.browser.review_desk import ReviewDesk

KIM = Actor("kim", "Kim Bakker", frozenset({Role.CLERK.value}))


@pytest.fixture
def ready(reviews: ReviewDesk) -> ReviewDesk:
    """Two invoices that are ready to post, one with stock; and one that cannot be posted."""
    hose = LineDraft(LineType.ITEM, "I100", quantity=Decimal(10), unit_cost=Decimal("8.45"))
    paper = LineDraft(LineType.ACCOUNT, "4600", "Paper", quantity=Decimal(2), unit_cost=Decimal("50.00"))
    with reviews.desk.runtime.work(KIM) as work:
        for number, lines in (("A-1", (hose, paper)), ("A-2", (paper,)), ("A-2", (paper,))):
            draft = DocumentDraft(
                "V001", work.today, document_date=work.today, vendor_document_no=number, lines=lines
            )
            release(work, create_draft(work, draft))
    return reviews


def post_all(page: Page, desk: ReviewDesk) -> None:
    desk.sign_in(page, Role.BOOKKEEPER)
    page.goto(f"{desk.address}/invoices")
    page.wait_for_selector("html[data-ready]")
    page.get_by_label("Select all").check()
    page.keyboard.press("Control+Enter")
    page.get_by_role("button", name="Post 3 invoices").click()


def test_invoices_are_posted_together_and_each_refusal_names_its_causes(
    ready: ReviewDesk, page: Page
) -> None:
    post_all(page, ready)
    expect(page.locator(".toast")).to_contain_text("Posted 2")
    refusal = page.locator("#refusals")
    expect(refusal).to_be_visible()
    expect(refusal).to_contain_text("A-2")
    expect(page.locator("[data-list] tbody tr")).to_have_count(1)


def test_the_ledger_is_in_balance_and_each_entry_leads_to_its_page(ready: ReviewDesk, page: Page) -> None:
    post_all(page, ready)
    expect(page.locator(".toast")).to_be_visible()
    page.goto(f"{ready.address}/ledger")
    expect(page.get_by_text("Debit equals credit")).to_be_visible()
    entry = page.locator("[data-list] tbody tr").last
    number = entry.locator("td").first.text_content()
    path = entry.get_by_role("link", name="Show on page").get_attribute("href") or ""
    assert path.startswith("/invoices/PPI-")
    assert path.endswith(f"?entry={number}")
    page.locator("select[name=account]").select_option("1400")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("[data-list] tbody tr")).to_have_count(1)
    expect(page.locator("[data-list] tbody tr")).to_contain_text("84.50")


def test_the_trial_balance_and_the_stock_value_agree_with_the_ledger(ready: ReviewDesk, page: Page) -> None:
    post_all(page, ready)
    expect(page.locator(".toast")).to_be_visible()
    page.goto(f"{ready.address}/ledger/balance")
    expect(page.get_by_text("Debit equals credit")).to_be_visible()
    expect(page.get_by_role("row", name="1400 Inventory")).to_contain_text("84.50")
    page.goto(f"{ready.address}/items")
    expect(page.get_by_text("equals the inventory accounts")).to_be_visible()
    expect(page.get_by_role("row", name="I100")).to_contain_text("84.50")


def test_a_clerk_sees_the_post_button_and_why_it_is_not_theirs(ready: ReviewDesk, page: Page) -> None:
    ready.sign_in(page)
    page.goto(f"{ready.address}/invoices?view=ready")
    button = page.get_by_role("button", name="Post selected")
    expect(button).to_have_attribute("aria-disabled", "true")
    expect(page.get_by_text("Needs a role: bookkeeper")).to_be_visible()
