"""Orders: received in parts, invoiced at another price, undone; a quote ordered; receipts combined."""

from playwright.sync_api import Page, expect

from core.master.users import Role
from core.purchasing.document import DocumentKind
from tests.browser.purchase_desk import PurchaseDesk, cell, type_in


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_an_empty_list_says_why_and_offers_a_new_order(purchases: PurchaseDesk, page: Page) -> None:
    purchases.sign_in(page)
    purchases.open(page, "/orders")
    expect(page.get_by_text("No open orders.")).to_be_visible()
    expect(page.get_by_role("link", name="New order").first).to_be_visible()


def test_who_may_only_look_is_told_who_may_do_more(purchases: PurchaseDesk, page: Page) -> None:
    """ux.md §2: a forbidden action is shown with the reason."""
    purchases.make(("I100", "10", "4.50"))
    purchases.sign_in(page, Role.CLERK)
    purchases.open(page, "/orders/PO-0001")
    expect(page.get_by_text("You may look at this document.")).to_be_visible()
    expect(cell(page, 1, "quantity")).to_have_attribute("readonly", "")
    page.get_by_role("button", name="Release").click(force=True)
    expect(page.locator(".toast").last).to_contain_text("Needs a role: purchaser")


def test_an_order_is_received_in_parts_and_invoiced(purchases: PurchaseDesk, page: Page) -> None:
    """PU-71 to PU-78: what is left is to be received next; the tabs count where work waits."""
    purchases.make(("I100", "10", "4.50"), ("I200", "25", "12.30"))
    purchases.sign_in(page)
    purchases.open(page, "/orders/PO-0001")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".dochead .st")).to_have_text("Released")
    type_in(page, 1, "qty_to_receive", "4")
    expect(cell(page, 1, "qty_to_invoice")).to_have_value("4")
    page.keyboard.press("Control+Enter")
    page.get_by_label("Vendor's delivery note").fill("DN-18")
    press(page, "Receive goods")
    expect(page.locator(".toast").last).to_contain_text("Received as PR-0001")
    expect(cell(page, 1, "qty_to_receive")).to_have_value("6")
    purchases.open(page, "/orders?view=received_not_invoiced")
    expect(page.get_by_role("link", name="PO-0001")).to_be_visible()
    purchases.open(page, "/receipts?view=not_invoiced")
    expect(page.get_by_role("link", name="PR-0001")).to_be_visible()
    page.context.clear_cookies()
    purchases.sign_in(page, Role.BOOKKEEPER)
    purchases.open(page, "/orders/PO-0001")
    press(page, "Invoice Ctrl Enter")
    page.get_by_label("Vendor's invoice no.").fill("2026-90")
    press(page, "Post PO-0001")
    expect(page.locator(".toast").last).to_contain_text("Posted as PPI-0001")
    page.get_by_role("tab", name="Receipts and invoices").click()
    expect(page.locator("#t-related a")).to_have_text([" PR-0001", " PPI-0001"])


def test_too_much_is_refused_under_the_cell_and_the_typing_stays(
    purchases: PurchaseDesk, page: Page, console_errors: list[str]
) -> None:
    """PU-71: nothing is saved, and the largest quantity is named."""
    purchases.released(("I100", "10", "4.50"))
    purchases.sign_in(page)
    purchases.open(page, "/orders/PO-0001")
    type_in(page, 1, "qty_to_receive", "11")
    expect(page.locator(".err")).to_contain_text("10")
    expect(cell(page, 1, "qty_to_receive")).to_have_value("11")
    cell(page, 1, "qty_to_receive").focus()
    page.keyboard.press("Escape")
    expect(cell(page, 1, "qty_to_receive")).to_have_value("10")
    console_errors.clear()


def test_a_refused_posting_lists_each_cause_with_a_way_to_its_field(
    purchases: PurchaseDesk, page: Page, console_errors: list[str]
) -> None:
    purchases.receive(purchases.released(("I100", "10", "4.50")))
    purchases.sign_in(page, Role.BOOKKEEPER)
    purchases.open(page, "/orders/PO-0001")
    page.keyboard.press("Control+Enter")
    press(page, "Post PO-0001")
    expect(page.locator("#refusals")).to_contain_text("Enter the vendor's invoice number")
    page.locator("#refusals").get_by_role("button", name="Go to the field").click()
    expect(page.get_by_label("Vendor's no.", exact=True)).to_be_focused()
    console_errors.clear()


def test_a_quote_is_made_an_order(purchases: PurchaseDesk, page: Page) -> None:
    """PU-61: the order names the quote, and the quote is gone."""
    purchases.make(("I100", "10", "4.50"), kind=DocumentKind.QUOTE)
    purchases.sign_in(page)
    purchases.open(page, "/quotes")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/quotes/PQ-0001")
    page.wait_for_selector("html[data-ready]")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".dochead .st")).to_have_text("Released")
    page.keyboard.press("Control+Enter")
    page.get_by_role("dialog").get_by_role("button", name="Make order").click()
    page.wait_for_url("**/orders/PO-0001")
    expect(page.get_by_label("From quote")).to_have_value("PQ-0001")
    purchases.open(page, "/quotes")
    expect(page.get_by_text("No open quotes.")).to_be_visible()


def test_a_version_is_kept_and_restored(purchases: PurchaseDesk, page: Page) -> None:
    purchases.make(("I100", "10", "4.50"))
    purchases.sign_in(page)
    purchases.open(page, "/orders/PO-0001")
    page.locator(".menu summary").click()
    press(page, "Archive version")
    expect(page.locator(".toast").last).to_contain_text("Version 1 is kept")
    type_in(page, 1, "quantity", "99")
    page.get_by_role("tab", name="Versions").click()
    press(page, "Restore")
    expect(cell(page, 1, "quantity")).to_have_value("10")


def test_receipts_of_two_orders_are_combined_on_one_invoice(purchases: PurchaseDesk, page: Page) -> None:
    """PU-92 to PU-96: the picker offers what is left, and the invoice takes it."""
    purchases.receive(purchases.released(("I100", "10", "4.50")))
    purchases.receive(purchases.released(("I200", "5", "12.30")))
    purchases.make(kind=DocumentKind.INVOICE, vendor_document_no="2026-91")
    purchases.sign_in(page, Role.BOOKKEEPER)
    purchases.open(page, "/invoices/draft/PI-0001")
    press(page, "Get receipt lines")
    dialog = page.get_by_role("dialog")
    expect(dialog.locator("tbody tr")).to_have_count(2)
    dialog.get_by_label("Select all").check()
    press(page, "Take lines")
    expect(cell(page, 2, "amount")).not_to_have_value("")
    expect(page.locator(".sum-total")).to_contain_text("128.87")
    page.keyboard.press("Control+Enter")
    press(page, "Post PI-0001")
    page.wait_for_url("**/invoices/PPI-0001")
    purchases.open(page, "/receipts?view=not_invoiced")
    expect(page.get_by_text("Every receipt is invoiced.")).to_be_visible()


def test_a_printed_order_has_lines_and_totals(purchases: PurchaseDesk, page: Page) -> None:
    purchases.make(("I100", "10", "4.50"))
    purchases.sign_in(page)
    page.goto(f"{purchases.address}/orders/PO-0001/print")
    expect(page.get_by_role("heading", name="Purchase order PO-0001")).to_be_visible()
    expect(page.get_by_text("Hydraulic hose DN12")).to_be_visible()
    expect(page.locator(".print-totals")).to_contain_text("54.45")
