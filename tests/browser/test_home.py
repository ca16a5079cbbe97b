"""Home: its numbers equal the lists they open; light, dark, on a phone, and by keyboard."""

import pytest
from playwright.sync_api import Page, expect

from core.ledgers.find import find_entries
from core.master.users import Role
from core.work import MACHINE
from tests.browser.review_desk import MEER, ReviewDesk
from tests.browser.test_posted import post

PHONE = {"width": 390, "height": 844}
PHONE_PAGES = (
    "/",
    "/incoming",
    "/incoming?view=all",
    "/vendors",
    "/invoices",
    "/ledger",
    "/preferences",
    "/more",
)


@pytest.fixture
def filled(reviews: ReviewDesk) -> ReviewDesk:
    """Documents in several states."""
    reviews.read(MEER)
    for number in range(4):
        reviews.desk.add_incoming(
            invoice_number=f"F{number}", worst_code="why.doubtful", worst_severity="check", open_reasons=1
        )
    reviews.desk.add_incoming(stage="approved", invoice_number="F10")
    reviews.desk.add_incoming(failure_code="INC_UNREADABLE", invoice_number="F11")
    reviews.desk.add_refusal("empty.pdf")
    return reviews


def test_each_number_on_home_equals_the_list_that_it_opens(filled: ReviewDesk, page: Page) -> None:
    """ux.md §11 test 10."""
    filled.sign_in(page)
    page.goto(f"{filled.address}/")
    links = page.locator(".flow a, .cue[href*='view=']").evaluate_all(
        "all => all.map(a => [a.getAttribute('href'), a.querySelector('[data-count]')?.textContent])"
    )
    counted = [(path, int(number)) for path, number in links if number is not None]
    assert len(counted) >= 9
    assert sum(number for _, number in counted) > 0
    for path, number in counted:
        page.goto(filled.address + path)
        assert page.locator("#rows tr").count() == number, path
        expect(page.locator(".views a[aria-current] .n")).to_have_text(str(number))


def test_a_refused_file_is_counted_with_what_failed_until_it_is_hidden(
    filled: ReviewDesk, page: Page
) -> None:
    """ux.md §11 test 10: what the list shows is what Home, the tab and the status line count."""
    filled.sign_in(page)
    page.goto(f"{filled.address}/")
    expect(page.locator(".flow [data-count='view.failed']")).to_have_text("2")
    expect(page.locator(".health .warn")).to_contain_text("Files that could not be read: 2")
    page.get_by_role("link", name="Show", exact=True).click()
    page.wait_for_selector("#live-state[data-state=live]")
    filled.desk.add_refusal("second.pdf")
    count = page.locator(".views a[aria-current] .n")
    expect(count).to_have_text("3", timeout=15_000)
    expect(page.locator("#rows tr")).to_have_count(3)
    page.locator("tr.refused", has_text="second.pdf").get_by_role("button", name="Hide").click()
    expect(count).to_have_text("2", timeout=15_000)
    expect(page.locator("#rows tr")).to_have_count(2)


def test_the_bar_counts_what_needs_review(filled: ReviewDesk, page: Page) -> None:
    filled.sign_in(page)
    page.goto(f"{filled.address}/incoming")
    waiting = page.locator(".nav [data-count='nav.incoming'] [data-number]").text_content()
    assert int(waiting or 0) == page.locator("#rows tr[data-row]").count()


def test_numbers_follow_what_happens_without_a_reload(filled: ReviewDesk, page: Page) -> None:
    """ux.md §10: on the screen within a second or so."""
    filled.sign_in(page)
    page.goto(f"{filled.address}/")
    cue = page.locator(".cue [data-count='view.needs_review']")
    before = int(cue.text_content() or 0)
    filled.desk.add_incoming(invoice_number="F99")
    expect(cue).to_have_text(str(before + 1), timeout=15_000)


def test_home_looks_right_in_the_dark_and_on_a_phone(filled: ReviewDesk, page: Page) -> None:
    filled.sign_in(page, Role.BOOKKEEPER)
    page.emulate_media(color_scheme="dark")
    page.goto(f"{filled.address}/")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(18, 19, 22)"
    page.set_viewport_size(PHONE)
    for path in (
        "/",
        "/incoming",
        "/incoming?view=all",
        "/vendors",
        "/invoices",
        "/ledger",
        "/preferences",
        "/more",
    ):
        page.goto(filled.address + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], path
        expect(page.locator(".tabbar")).to_be_visible()
        expect(page.locator(".side")).to_be_hidden()


def test_each_bar_of_the_cash_chart_opens_the_invoices_behind_it(reviews: ReviewDesk, page: Page) -> None:
    """ux.md §5.1: open invoices by the week in which they fall due; overdue stands apart, in red."""
    number = reviews.read(MEER)
    posted_no = post(reviews, number)
    with reviews.desk.runtime.reading(MACHINE) as work:
        (entry,) = find_entries(work, posted_no).vendor
        due, today = entry.due_date, work.today
        owed = -sum(row.amount_lcy for row in find_entries(work, posted_no).detailed)
    week = f"{due.isocalendar().week}" if due >= today else "Overdue"
    reviews.sign_in(page, Role.BOOKKEEPER)
    reviews.open(page, "/")
    page.locator("#h-cash").locator("..").get_by_role("button", name="Show as table").click()
    rows = page.locator("#cash-table tbody tr")
    expect(rows).to_have_count(8)
    counted = rows.evaluate_all("all => all.map(row => Number(row.cells[1].textContent))")
    assert sum(counted) == 1
    row = rows.nth(counted.index(1))
    expect(row).to_contain_text(f"{owed:,.2f}")
    expect(row).to_contain_text(week)
    page.locator("#h-cash").locator("..").get_by_role("button", name="Show as table").click()
    page.locator("#cash-table-chart a").click()
    expect(page.get_by_role("row").filter(has_text=posted_no)).to_have_count(1)
    expect(page.locator(".chip.on")).to_contain_text("verdue" if due < today else f"week {week}")
    reviews.open(page, "/invoices?view=posted&due=2020-01-06")
    expect(page.locator("main")).to_contain_text("Nothing that is open falls due then.")


def test_the_chart_is_a_table_too(filled: ReviewDesk, page: Page) -> None:
    filled.sign_in(page)
    page.goto(f"{filled.address}/")
    expect(page.locator("#days-table")).to_be_hidden()
    page.get_by_role("button", name="Show as table").click()
    expect(page.locator("#days-table")).to_be_visible()
    last = page.locator("#days-table tbody tr").last
    assert last.locator("td").nth(3).text_content() == "6"


def test_the_desk_is_walked_by_keyboard_alone(filled: ReviewDesk, page: Page) -> None:
    filled.sign_in(page)
    page.goto(f"{filled.address}/")
    page.wait_for_selector("html[data-ready]")
    page.keyboard.press("g")
    page.keyboard.press("v")
    page.wait_for_url("**/vendors")
    page.wait_for_selector("html[data-ready]")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/vendors/V*")
    page.wait_for_selector("html[data-ready]")
    page.keyboard.press("Control+k")
    page.keyboard.type("incoming")
    page.keyboard.press("Enter")
    page.wait_for_url("**/incoming")
    page.wait_for_selector("html[data-ready]")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("Start reviewing")
    page.keyboard.press("Escape")
    page.goto(f"{filled.address}/vendors")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_single_letters_can_be_switched_off(filled: ReviewDesk, page: Page) -> None:
    """WCAG 2.1.4."""
    filled.sign_in(page)
    page.goto(f"{filled.address}/preferences")
    page.get_by_label("Single letters act outside fields").uncheck()
    page.get_by_role("button", name="Save preferences").click()
    expect(page.locator(".toast")).to_contain_text("Preferences saved")
    page.keyboard.press("?")
    page.keyboard.press("g")
    page.keyboard.press("h")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page).to_have_url(f"{filled.address}/preferences")


def test_a_new_company_is_told_its_next_steps(reviews: ReviewDesk, page: Page) -> None:
    reviews.sign_in(page)
    page.goto(f"{reviews.address}/")
    expect(page.get_by_role("heading", name="Four steps to the first posted invoice")).to_be_visible()
    expect(page.locator(".steps li")).to_have_count(4)
