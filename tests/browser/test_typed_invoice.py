"""An invoice typed in by hand: item, account and charge lines, posted, and seen in the ledger (PU-87)."""

import re

from playwright.sync_api import Page, expect

from core.master.users import Role
from tests.browser.purchase_desk import PurchaseDesk, cell, pick, type_in


def start_invoice(purchases: PurchaseDesk, page: Page) -> None:
    purchases.open(page, "/invoices")
    page.keyboard.press("Alt+n")
    page.wait_for_url("**/invoices/new")
    page.wait_for_selector("html[data-ready]")
    pick(page, page.get_by_label("Which vendor?"), "meer", "Van der Meer")
    page.get_by_role("button", name="Create invoice").click()
    page.wait_for_url("**/invoices/draft/PI-0001")
    page.wait_for_selector("html[data-ready]")


def add_line(  # noqa: PLR0917 - a line as it is read: number, quantity, price
    page: Page, line: int, no: str, option: str, quantity: str, price: str
) -> None:
    with page.expect_response(lambda answer: answer.url.endswith("/lines")):
        page.keyboard.press("Alt+n")
    expect(cell(page, line, "no")).to_be_focused()
    pick(page, cell(page, line, "no"), no, option)
    expect(cell(page, line, "no")).to_have_value(no)
    expect(cell(page, line, "description")).to_have_value(re.compile(option))
    type_in(page, line, "quantity", quantity)
    type_in(page, line, "unit_cost", price)


def put(page: Page, label: str, text: str) -> None:
    field = page.get_by_label(label, exact=True)
    field.fill(text)
    with page.expect_response(lambda answer: "/fields/" in answer.url):
        field.press("Enter")


def test_an_invoice_typed_by_hand_is_posted_and_stands_in_the_ledger(
    purchases: PurchaseDesk, page: Page
) -> None:
    purchases.sign_in(page, Role.BOOKKEEPER)
    start_invoice(purchases, page)
    put(page, "Vendor's no.", "2026-77")
    add_line(page, 1, "I100", "Hydraulic hose", "10", "4.50")
    add_line(page, 2, "4600", "Office costs", "2", "15")
    expect(page.locator(".doctotals")).to_contain_text("75.00")
    expect(page.locator(".sum-total")).to_contain_text("90.75")
    preview = page.locator("#preview")
    expect(preview.get_by_text("Debit 135.75 equals credit 135.75")).to_be_visible()
    page.keyboard.press("Control+Enter")
    page.get_by_role("button", name="Post PI-0001").click()
    page.wait_for_url("**/invoices/PPI-0001")
    expect(page.locator(".banner")).to_contain_text("Posted as PPI-0001")
    purchases.open(page, "/ledger?search=PPI-0001")
    for account in ("1400", "1500", "1600", "4600"):
        expect(page.locator("tbody tr", has_text=account).first).to_be_visible()
    expect(page.locator("tbody tr", has_text="1600")).to_contain_text("90.75")
    purchases.open(page, "/items?search=I100")
    expect(page.locator("tbody tr").first).to_contain_text("45.00")


def test_freight_is_put_on_the_goods_it_was_paid_for(purchases: PurchaseDesk, page: Page) -> None:
    """PU-98, PO-103: a charge line is refused until it is assigned; then it is in the value of the stock."""
    purchases.sign_in(page, Role.BOOKKEEPER)
    start_invoice(purchases, page)
    put(page, "Vendor's no.", "2026-78")
    add_line(page, 1, "I100", "Hydraulic hose", "10", "4.50")
    add_line(page, 2, "FREIGHT", "Freight", "2", "7.50")
    expect(page.locator("#preview")).to_contain_text("not fully assigned")
    page.locator("[data-act='assign_charge:2']").click()
    box = page.locator("#pick")
    box.get_by_label("Take PI-0001, line 1").check()
    box.locator("button.primary").click()
    expect(page.locator("#preview")).not_to_contain_text("not fully assigned")
    page.keyboard.press("Control+Enter")
    page.get_by_role("button", name="Post PI-0001").click()
    page.wait_for_url("**/invoices/PPI-0001")
    page.get_by_role("tab", name="Entries").click()
    expect(page.locator("[data-ledger=value] tr.strong")).to_contain_text("60.00")
