"""A new vendor: the clerk registers it, a second person approves it (AP-37, S1)."""

from playwright.sync_api import Page, expect

from core.master.users import Role
from tests.browser.review_desk import ReviewDesk


def register(page: Page, address: str, name: str = "Touwslagerij Van Eck") -> None:
    page.goto(f"{address}/vendors/new?name={name}&city=Gouda&iban=NL20INGB0001234567")
    expect(page.get_by_label("City")).to_have_value("Gouda")
    page.get_by_role("button", name="Create vendor").click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()


def test_a_vendor_of_the_clerk_waits_until_the_bookkeeper_approves_it(
    reviews: ReviewDesk, page: Page
) -> None:
    reviews.sign_in(page)
    register(page, reviews.address)
    expect(page.get_by_text("until a second person approves it")).to_be_visible()
    expect(page.get_by_text("To be confirmed")).to_be_visible()
    card = page.url
    page.get_by_role("button", name="Approve vendor").click(force=True)
    expect(page.locator(".toast").last).to_contain_text("Needs a role: bookkeeper")
    page.context.clear_cookies()
    reviews.sign_in(page, Role.BOOKKEEPER)
    page.goto(card)
    page.get_by_role("button", name="Approve vendor").click()
    expect(page.locator(".toast")).to_contain_text("is approved")
    expect(page.get_by_text("Approved by")).to_be_visible()


def test_nobody_approves_the_vendor_that_they_registered(
    reviews: ReviewDesk, page: Page, console_errors: list[str]
) -> None:
    """S1: also a bookkeeper, who may approve others, does not."""
    reviews.sign_in(page, Role.BOOKKEEPER)
    register(page, reviews.address)
    button = page.get_by_role("button", name="Approve vendor")
    expect(button).to_have_attribute("aria-disabled", "true")
    answer = page.evaluate(
        """async () => (await fetch(location.pathname + "/approve", {
            method: "POST", headers: { "x-csrf-token": document.querySelector("[name=csrf]").content,
            accept: "application/json" } })).json()"""
    )
    assert answer["problems"][0]["code"] == "own_vendor"
    console_errors.clear()


def test_a_wrong_bank_account_is_refused_under_its_field(
    reviews: ReviewDesk, page: Page, console_errors: list[str]
) -> None:
    reviews.sign_in(page)
    page.goto(f"{reviews.address}/vendors/new?name=Eck&iban=NL00INGB0001234567")
    page.get_by_role("button", name="Create vendor").click()
    expect(page.locator("[data-problem=iban]")).to_be_visible()
    expect(page.get_by_label("Bank account (IBAN)")).to_have_value("NL00INGB0001234567")
    console_errors.clear()


def test_a_name_with_markup_is_shown_as_it_was_typed(reviews: ReviewDesk, page: Page) -> None:
    """Check 28, in a real browser: nothing runs."""
    page.on("dialog", lambda dialog: dialog.dismiss())
    reviews.sign_in(page)
    name = "<img src=x onerror=alert(1)>"
    page.goto(f"{reviews.address}/vendors/new")
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_role("button", name="Create vendor").click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    page.goto(f"{reviews.address}/vendors?search=onerror")
    expect(page.get_by_role("link", name=name)).to_be_visible()
    assert page.locator("img").count() == 0
