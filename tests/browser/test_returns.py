"""Goods go back: an undone receipt, a return order and a credit memo from posted lines."""

from playwright.sync_api import Page, expect

from core.master.users import Role
from core.posting.engine import post
from core.purchasing.document import DocumentKind
from tests.browser.purchase_desk import BUYER, PurchaseDesk, cell


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def post_invoice(purchases: PurchaseDesk) -> None:
    """An invoice of ten hoses, posted."""
    invoice = purchases.make(("I100", "10", "4.50"), kind=DocumentKind.INVOICE, vendor_document_no="2026-92")
    with purchases.desk.runtime.work(BUYER) as work:
        post(work, invoice)


def take_first_posted_line(page: Page) -> None:
    press(page, "Get posted lines to reverse")
    page.get_by_role("dialog").locator("tbody input[type=checkbox]").first.check()
    press(page, "Take lines")
    expect(cell(page, 1, "no")).to_have_value("I100")
    expect(cell(page, 1, "quantity")).to_have_value("10")


def test_a_receipt_is_undone_until_it_is_invoiced(purchases: PurchaseDesk, page: Page) -> None:
    """PU-84: the opposite line stands below, and the order waits for the goods again."""
    purchases.receive(purchases.released(("I100", "10", "4.50")))
    purchases.sign_in(page)
    purchases.open(page, "/receipts/PR-0001")
    page.get_by_label("Select line 1").check()
    press(page, "Undo selected lines")
    press(page, "Undo lines")
    expect(page.locator(".toast").last).to_contain_text("PR-0001 is undone")
    expect(page.get_by_text("undo of line 1")).to_be_visible()
    purchases.open(page, "/orders/PO-0001")
    expect(cell(page, 1, "qty_to_receive")).to_have_value("10")


def test_a_return_order_from_posted_lines_is_shipped(purchases: PurchaseDesk, page: Page) -> None:
    """PU-141, PU-142."""
    post_invoice(purchases)
    purchases.make(kind=DocumentKind.RETURN_ORDER)
    purchases.sign_in(page)
    purchases.open(page, "/returns/PRO-0001")
    page.locator(".menu summary").click()
    take_first_posted_line(page)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".dochead .st")).to_have_text("Released")
    page.keyboard.press("Control+Enter")
    press(page, "Ship goods")
    expect(page.locator(".toast").last).to_contain_text("Shipped as PRS-0001")
    purchases.open(page, "/returns?view=shipped_not_credited")
    expect(page.get_by_role("link", name="PRO-0001")).to_be_visible()
    purchases.open(page, "/receipts?view=shipments")
    expect(page.get_by_role("link", name="PRS-0001")).to_be_visible()


def test_a_credit_memo_from_posted_lines_is_posted(purchases: PurchaseDesk, page: Page) -> None:
    """PU-135, PU-141: the goods leave at the cost they came in with."""
    post_invoice(purchases)
    purchases.make(kind=DocumentKind.CREDIT_MEMO, vendor_document_no="C-12")
    purchases.sign_in(page, Role.BOOKKEEPER)
    purchases.open(page, "/credit-memos/draft/PC-0001")
    press(page, "Get posted lines to reverse")
    page.get_by_role("dialog").locator("tbody input[type=checkbox]").first.check()
    press(page, "Take lines")
    expect(cell(page, 1, "no")).to_have_value("I100")
    page.keyboard.press("Control+Enter")
    press(page, "Post PC-0001")
    expect(page).not_to_have_url(f"{purchases.address}/credit-memos/draft/PC-0001")
    purchases.open(page, "/credit-memos?view=posted")
    expect(page.get_by_role("link", name="PPC-0001")).to_be_visible()
    purchases.open(page, "/items?search=I100")
    expect(page.locator("tbody tr").first).not_to_contain_text("45.00")
