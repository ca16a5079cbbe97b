"""Taking a posted invoice back: cancel it, or correct it into a new draft (ux.md §5.6, PU-124, PU-125)."""

from __future__ import annotations

import re
from decimal import Decimal

from playwright.sync_api import Page, expect

from core.ledgers.general import account_balances
from core.master.users import Role
from core.posting.engine import post
from core.purchasing.document import LineType
from core.purchasing.draft_inputs import DocumentDraft, LineDraft
from core.purchasing.drafts import create_draft
from core.work import MACHINE
from tests.browser.purchase_desk import PurchaseDesk


def posted_invoice(purchases: PurchaseDesk, vendor_document_no: str = "77") -> str:
    """An invoice of goods and of costs, posted without the browser."""
    with purchases.desk.runtime.work(MACHINE) as work:
        draft = create_draft(
            work,
            DocumentDraft(
                "V001",
                work.today,
                vendor_document_no=vendor_document_no,
                lines=(
                    LineDraft(LineType.ITEM, "I100", quantity=Decimal(10), unit_cost=Decimal("4.50")),
                    LineDraft(LineType.ACCOUNT, "4600", amount=Decimal(30)),
                ),
            ),
        )
        posted_no = post(work, draft.id).posted_no
        assert posted_no is not None
        return posted_no


def balances(purchases: PurchaseDesk) -> dict[str, Decimal]:
    """What is on the accounts, without zeros."""
    with purchases.desk.runtime.reading(MACHINE) as work:
        return {no: amount for no, amount in account_balances(work).items() if amount}


def test_a_cancelled_invoice_leaves_nothing_on_any_account_and_both_show_the_pair(
    purchases: PurchaseDesk, page: Page
) -> None:
    """PU-124, PO-117: the entries to come are shown first, a reason is asked for."""
    before = balances(purchases)
    posted_no = posted_invoice(purchases)
    purchases.sign_in(page, Role.BOOKKEEPER)
    purchases.open(page, f"/invoices/{posted_no}")
    page.get_by_role("button", name="Cancel invoice").first.click()
    dialog = page.locator("#d-cancel")
    expect(dialog.locator("tbody")).to_contain_text("4600 Office costs")
    dialog.get_by_label(re.compile("Why")).fill("Ordered by nobody")
    dialog.get_by_role("button", name="Cancel invoice").click()
    page.wait_for_url(re.compile(r"/credit-memos/\w"))
    expect(page.locator("#toasts")).to_contain_text(f"{posted_no} is taken back by")
    assert balances(purchases) == before
    page.get_by_role("tab", name="Related").click()
    page.get_by_role("link", name=f"Takes back {posted_no}").click()
    page.wait_for_url(f"**/invoices/{posted_no}")
    expect(page.locator(".top")).to_contain_text("Cancelled")
    button = page.get_by_role("button", name="Cancel invoice").first
    expect(button).to_have_attribute("aria-disabled", "true")
    expect(page.locator("#no-correct")).to_contain_text(posted_no)


def test_a_corrected_invoice_is_taken_back_and_its_lines_stand_in_a_new_draft(
    purchases: PurchaseDesk, page: Page
) -> None:
    """PU-125, PU-131: the same vendor number may be used again."""
    posted_no = posted_invoice(purchases)
    purchases.sign_in(page, Role.BOOKKEEPER)
    purchases.open(page, f"/invoices/{posted_no}")
    page.get_by_role("button", name="Correct").first.click()
    dialog = page.locator("#d-correct")
    dialog.get_by_role("button", name="Correct").click()
    expect(dialog).to_be_visible()  # without a reason nothing happens
    dialog.get_by_label(re.compile("Why")).fill("Twelve were billed")
    dialog.get_by_role("button", name="Correct").click()
    page.wait_for_url(re.compile(r"/invoices/draft/\w"))
    page.wait_for_selector("html[data-ready]")
    expect(page.get_by_label("Vendor's no.", exact=True)).to_have_value("77")
    page.keyboard.press("Control+Enter")
    page.get_by_role("button", name=re.compile(r"^Post PI-")).click()
    page.wait_for_url(re.compile(r"/invoices/P\w+-\d+$"))
    expect(page.locator(".banner")).to_contain_text("Posted as")


def test_a_clerk_sees_the_invoice_and_is_not_offered_to_take_it_back(
    purchases: PurchaseDesk, page: Page
) -> None:
    """ux.md §5.6: correct and cancel belong to the bookkeeper."""
    posted_no = posted_invoice(purchases)
    purchases.sign_in(page, Role.CLERK)
    purchases.open(page, f"/invoices/{posted_no}")
    expect(page.locator(".banner")).to_contain_text("Posted as")
    expect(page.locator("[data-takes-back]")).to_have_count(0)
