"""Buying for a sale: drop shipments both ways round, and a purchase invoice from a sale's lines (§6)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.ledgers.general import account_balances
from core.master.accounts import Control
from core.master.number_series import Purpose
from core.master.setup import AccountSetup, GeneralSetup, SeriesSetup, VatSetup
from core.master.users import Role
from core.purchasing.document import DocumentKind
from core.purchasing.drafts import find_draft_by_no, release
from core.sales.customers import CustomerGroupSetup, NewCustomer, SalesSetup, put_sales_setup
from core.sales.document import SalesLineType
from core.sales.drafts import SalesDraft, SalesLineDraft, create_sales
from core.work import MACHINE
from tests.browser.purchase_desk import COMPANY, PurchaseDesk
from tests.desk import open_desk, serving

SELLING = replace(
    COMPANY,
    accounts=(
        *COMPANY.accounts,
        AccountSetup("1300", "Receivables", "balance", control=Control.CUSTOMERS.value, direct_posting=False),
        AccountSetup("1490", "Received not invoiced", "balance"),
        AccountSetup("1510", "VAT to pay", "balance", control=Control.VAT.value, direct_posting=False),
        AccountSetup("7040", "Cost of goods sold", "income"),
        AccountSetup("7050", "Cost of goods sold, interim", "income"),
        AccountSetup("8000", "Sales", "income"),
    ),
    general_posting=(
        COMPANY.general_posting[0],
        GeneralSetup(
            "GOODS",
            purchase="7000",
            direct_cost_applied="7010",
            accrual_interim="1490",
            inventory_adjustment="7020",
            purchase_variance="7030",
            cogs="7040",
            cogs_interim="7050",
            sales="8000",
        ),
    ),
    vat_posting=(VatSetup("NL", "H", "NL-H", Decimal(21), input_account="1500", output_account="1510"),),
    series=(
        *COMPANY.series,
        SeriesSetup(Purpose.SALES_ORDER, "SO", "SO-0001"),
        SeriesSetup(Purpose.SALES_INVOICE, "SI", "SI-0001"),
        SeriesSetup(Purpose.SALES_SHIPMENT, "SS", "SS-0001"),
        SeriesSetup(Purpose.POSTED_SALES_INVOICE, "PSI", "PSI-0001"),
    ),
)
CUSTOMER = NewCustomer(
    "Molen Bouw B.V.",
    customer_no="C100",
    posting_group="DOMESTIC",
    vat_business="NL",
    payment_terms="30D",
)


@pytest.fixture
def sales(tmp_path: Path, sqlite_url: str) -> Iterator[PurchaseDesk]:
    """A desk that buys and sells, with one customer."""
    desk = open_desk(tmp_path, sqlite_url, SELLING)
    with desk.runtime.work(MACHINE) as work:
        put_sales_setup(work, SalesSetup((CustomerGroupSetup("DOMESTIC", "1300"),), (CUSTOMER,)))
    for role in (Role.PURCHASER, Role.BOOKKEEPER):
        desk.add_user(role)
    with serving(desk.app) as address:
        yield PurchaseDesk(desk, address)
    desk.runtime.close()


def start_order(sales: PurchaseDesk, page: Page) -> None:
    sales.sign_in(page, Role.PURCHASER)
    sales.open(page, "/sales")
    page.get_by_role("link", name="New sale").first.click()
    page.get_by_label("Customer").select_option("C100")
    page.get_by_role("button", name="Create").click()
    page.wait_for_url("**/sales/order/SO-0001")


def add_line(page: Page, item: str, quantity: str, price: str, supply: str) -> None:
    form = page.get_by_role("form", name="Add line")
    form.get_by_label("Item or account").fill(item)
    form.get_by_label("Quantity").fill(quantity)
    form.get_by_label("Price").fill(price)
    form.get_by_label("Supplied from").select_option(label=supply)
    with page.expect_navigation():
        form.get_by_role("button", name="Add line").click()


def released_order(sales: PurchaseDesk) -> None:
    """The purchase order that was made gets its price and is released."""
    with sales.desk.runtime.work(MACHINE) as work:
        order = find_draft_by_no(work, "PO-0001", DocumentKind.ORDER)
        assert order is not None
        order.lines[0].unit_cost = Decimal(80)
        release(work, order)


def test_what_a_vendor_ships_straight_to_the_customer_is_received_by_shipping_the_sale(
    sales: PurchaseDesk, page: Page
) -> None:
    """PU-111, PU-123: one step receives and ships; stock stays as it was."""
    start_order(sales, page)
    add_line(page, "I100", "5", "120", "Drop shipment")
    buying = page.get_by_role("form", name="Create purchase orders")
    buying.get_by_label("Vendor of line 1").select_option("V001")
    buying.get_by_role("button", name="Create orders").click()
    page.wait_for_url("**/orders/PO-0001")
    released_order(sales)
    sales.open(page, "/sales/order/SO-0001")
    expect(page.locator("[data-line='1']")).to_contain_text("PO-0001")
    page.get_by_role("button", name="Ship and invoice").click()
    page.wait_for_url("**/sales")
    expect(page.locator("#toasts")).to_contain_text(re.compile("SS-0001.*PSI-0001.*PR-0001"))
    with sales.desk.runtime.reading(MACHINE) as work:
        found = {no: amount for no, amount in account_balances(work).items() if amount}
    assert found["7040"] == Decimal(400)
    assert found["1490"] == Decimal(-400)
    assert found["8000"] == Decimal(-600)
    assert found.get("1400", Decimal(0)) + found.get("1410", Decimal(0)) == 0


def test_a_purchase_invoice_is_made_of_the_lines_that_were_chosen(
    sales: PurchaseDesk, page: Page, console_errors: list[str]
) -> None:
    """PU-119, PU-120: without a line nothing is made; the vendor is asked for when the items name none."""
    with sales.desk.runtime.work(MACHINE) as work:
        sold = (("I100", 2, 30), ("I200", 3, 80))
        lines = tuple(
            SalesLineDraft(SalesLineType.ITEM, no, quantity=Decimal(quantity), unit_price=Decimal(price))
            for no, quantity, price in sold
        )
        create_sales(work, SalesDraft("C100", work.today, lines=lines))
    sales.sign_in(page, Role.BOOKKEEPER)
    sales.open(page, "/sales")
    page.get_by_role("link", name="SO-0001").click()
    page.wait_for_url("**/sales/order/SO-0001")
    form = page.get_by_role("form", name="Make a purchase invoice")
    for line in (1, 2):
        form.get_by_label(f"Take line {line}").uncheck()
    form.get_by_role("button", name="Make invoice").click()
    expect(form.locator("[data-problem=lines]")).to_be_visible()
    form.get_by_label("Take line 2").check()
    form.get_by_role("button", name="Make invoice").click()
    expect(form.locator("[data-problem=vendor_no]")).to_be_visible()
    assert ["422" in error for error in console_errors] == [True, True], "two refused requests"
    console_errors.clear()
    form.get_by_label("Vendor", exact=True).select_option("V002")
    form.get_by_role("button", name="Make invoice").click()
    page.wait_for_url("**/invoices/draft/PI-0001")
    page.wait_for_selector("html[data-ready]")
    expect(page.locator('[data-f="line.1.no"] input')).to_have_value("I200")
    expect(page.locator('[data-f="line.1.quantity"] input')).to_have_value("3")
    expect(page.locator('[data-f="line.2.no"] input')).to_have_count(0)
