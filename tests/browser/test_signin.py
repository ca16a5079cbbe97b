"""Clerk and bookkeeper sign in with a real browser; a one-time password is changed first."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from core.master.users import Role, WebSession
from tests.desk import PASSWORD, PEOPLE, SETTER, TestDesk, open_desk, serving

OWN = "a sentence of my own"


@pytest.fixture
def desk(tmp_path: Path, sqlite_url: str) -> Iterator[TestDesk]:
    opened = open_desk(tmp_path, sqlite_url)
    yield opened
    opened.runtime.close()


@pytest.fixture
def address(desk: TestDesk) -> Iterator[str]:
    with serving(desk.app) as served:
        yield served


def sign_in(page: Page, address: str, user_no: str, password: str = PASSWORD) -> None:
    page.goto(f"{address}/login")
    page.get_by_label("Name").fill(user_no)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


@pytest.mark.parametrize("role", [Role.CLERK, Role.BOOKKEEPER])
def test_the_first_sign_in_asks_for_an_own_password(
    desk: TestDesk, address: str, page: Page, role: Role
) -> None:
    user_no = desk.add_user(role, must_change_password=True)
    sign_in(page, address, user_no)
    expect(page.get_by_role("heading", name="Choose a password")).to_be_visible()
    page.get_by_label("Password now").fill(PASSWORD)
    page.get_by_label("New password", exact=True).fill(OWN)
    page.get_by_label("New password again").fill(OWN)
    page.get_by_role("button", name="Save password").click()
    expect(page.get_by_role("heading", name="Home", exact=True)).to_be_visible()
    expect(page.locator(".toast")).to_contain_text("Your password is changed")
    expect(page.locator(".side .who")).to_contain_text(PEOPLE[role][1])


def test_from_the_sign_in_to_home_no_page_complains(
    desk: TestDesk, address: str, page: Page, console_errors: list[str]
) -> None:
    """The stream of news is opened only where there is news to see; the page before it is left in peace."""
    asked: list[tuple[str, str]] = []
    page.on("request", lambda request: asked.append((request.url.removeprefix(address), page.url)))
    sign_in(page, address, desk.add_user(Role.CLERK, must_change_password=True))
    page.get_by_label("Password now").fill(PASSWORD)
    page.get_by_label("New password", exact=True).fill(OWN)
    page.get_by_label("New password again").fill(OWN)
    assert "/live" not in [path for path, _ in asked]
    with page.expect_request("**/live"):
        page.get_by_role("button", name="Save password").click()
    expect(page.get_by_role("heading", name="Home", exact=True)).to_be_visible()
    assert console_errors == []


def test_a_tab_whose_session_ended_is_told_to_stop_listening(
    desk: TestDesk, address: str, page: Page
) -> None:
    """Without an error in its console: see the fixture."""
    sign_in(page, address, desk.add_user(Role.CLERK))
    page.wait_for_url(f"{address}/")
    with desk.runtime.work(SETTER) as work:
        work.session.execute(update(WebSession).values(revoked=True))
    state = page.evaluate(
        """() => new Promise(done => {
            const source = new EventSource("/live");
            source.onerror = () => done(source.readyState);
        })"""
    )
    assert state == 2, "closed by the answer, not tried again"


def test_a_short_password_is_refused_under_its_field_and_what_was_typed_stays(
    desk: TestDesk, address: str, page: Page, console_errors: list[str]
) -> None:
    sign_in(page, address, desk.add_user(Role.CLERK, must_change_password=True))
    page.get_by_label("Password now").fill(PASSWORD)
    page.get_by_label("New password", exact=True).fill("short")
    page.get_by_label("New password again").fill("short")
    page.get_by_role("button", name="Save password").click()
    field = page.get_by_label("New password", exact=True)
    expect(page.locator("[data-problem=new]")).to_have_text("Use at least 12 signs.")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_be_focused()
    expect(field).to_have_value("short")
    forget_refusals(console_errors)


def test_a_wrong_password_says_so_above_the_form(
    desk: TestDesk, address: str, page: Page, console_errors: list[str]
) -> None:
    sign_in(page, address, desk.add_user(Role.CLERK), "wrong")
    expect(page.get_by_role("alert").first).to_contain_text("Name or password is not right")
    expect(page).to_have_url(f"{address}/login")
    forget_refusals(console_errors)


def test_a_sign_in_that_ended_is_asked_for_above_the_page_which_then_goes_on(
    desk: TestDesk, address: str, page: Page, console_errors: list[str]
) -> None:
    """ux.md §5.10: the page stays, asks to sign in above it, and goes on where it was."""
    sign_in(page, address, desk.add_user(Role.CLERK))
    page.wait_for_url(f"{address}/")
    page.goto(f"{address}/preferences")
    page.get_by_label("Language").select_option("nl")
    with desk.runtime.work(SETTER) as work:
        work.session.execute(update(WebSession).values(revoked=True))
    page.get_by_role("button", name="Save preferences").click()
    again = page.get_by_role("dialog")
    expect(again).to_contain_text("Sign in again")
    again.get_by_label("Password").fill(PASSWORD)
    again.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Voorkeuren")).to_be_visible()
    forget_refusals(console_errors)


def test_signing_in_works_with_the_keyboard_alone(desk: TestDesk, address: str, page: Page) -> None:
    user_no = desk.add_user(Role.CLERK)
    page.goto(f"{address}/login")
    page.keyboard.type(user_no)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Home", exact=True)).to_be_visible()


def test_an_administrator_makes_a_user_and_sees_the_one_time_password_once(
    desk: TestDesk, address: str, page: Page
) -> None:
    sign_in(page, address, desk.add_user(Role.ADMINISTRATOR))
    page.wait_for_url(f"{address}/")
    page.goto(f"{address}/users/new")
    page.get_by_label("Name to sign in with").fill("noor")
    page.get_by_label("Name", exact=True).fill("Noor de Wit")
    page.get_by_label("AP clerk").check()
    page.get_by_role("button", name="Create user").click()
    password = page.get_by_role("dialog").get_by_role("textbox").input_value()
    page.get_by_role("dialog").get_by_role("button", name="Close").click()
    page.wait_for_url(f"{address}/users/noor")
    assert password not in page.content()
    page.goto(f"{address}/users")
    expect(page.get_by_role("row", name="noor")).to_contain_text("One-time password")


def test_nobody_is_offered_their_own_roles(desk: TestDesk, address: str, page: Page) -> None:
    """S4, explained on the page."""
    user_no = desk.add_user(Role.ADMINISTRATOR)
    sign_in(page, address, user_no)
    page.wait_for_url(f"{address}/")
    page.goto(f"{address}/users/{user_no}")
    expect(page.get_by_text("You cannot change your own roles")).to_be_visible()
    expect(page.get_by_role("checkbox").first).to_be_disabled()
    expect(page.get_by_role("button", name="Save roles")).to_have_count(0)


def forget_refusals(errors: list[str]) -> None:
    """The browser notes a refused request in its console; the test has looked at what it says."""
    assert all("Failed to load resource" in error for error in errors), errors
    errors.clear()
