"""Signing in for the first time at a running Inkoop: with the password of the first start, then one's own."""

from __future__ import annotations

import re
import urllib.request
from urllib.error import URLError

from playwright.sync_api import Page, expect

from inkoop.first_start import PASSWORDS
from tests.journeys.running import RunningInkoop, wait_until

OWN_PASSWORD = "a horse that nobody knows"


def address_of(inkoop: RunningInkoop) -> str:
    """Where the pages are."""
    return f"http://127.0.0.1:{inkoop.runtime.settings.port}"


def open_page(inkoop: RunningInkoop, page: Page, path: str) -> None:
    """Open a page and wait until its scripts have begun."""
    page.goto(address_of(inkoop) + path)
    page.wait_for_selector("html[data-ready]")


def sign_in_first_time(inkoop: RunningInkoop, page: Page, user_no: str) -> None:
    """Nobody is signed in before. The password of the first start works once, so a new one is chosen."""
    passwords = (inkoop.runtime.settings.data_dir / PASSWORDS).read_text("utf-8")
    found = re.search(rf"^{user_no}\s+(\S+)", passwords, re.MULTILINE)
    assert found is not None
    wait_until(lambda: _answers(address_of(inkoop)), "the pages")
    page.context.clear_cookies()
    open_page(inkoop, page, "/login")
    page.fill("[name=user_no]", user_no)
    page.fill("[name=password]", found[1])
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Choose a password")).to_be_visible()
    page.fill("[name=old]", found[1])
    page.fill("[name=new]", OWN_PASSWORD)
    page.fill("[name=repeat]", OWN_PASSWORD)
    page.locator("main button.primary").click()
    page.wait_for_url(lambda url: "/password" not in url)


def _answers(address: str) -> bool:
    """Whether the pages are served yet."""
    try:
        with urllib.request.urlopen(f"{address}/health") as answer:
            return bool(answer.status == 200)
    except URLError:
        return False
