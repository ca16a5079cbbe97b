"""The walk with pictures: `python -m tests.journeys.walk` makes `docs/walk/*.png` again.

A real Inkoop with the demo company and the dozen demo files; a clerk and a bookkeeper at a real browser. What
they do is what `docs/walk.md` tells.
"""

from __future__ import annotations

import io
import sys
import tempfile
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from inkoop.first_start import fill_inbox
from tests.journeys.running import RunningInkoop, running_inkoop, wait_until
from tests.journeys.signing_in import OWN_PASSWORD, open_page, sign_in_first_time
from tests.services import CHROMIUM_FLAGS, chromium_path

PICTURES = Path(__file__).parents[2] / "docs" / "walk"
DESK = ViewportSize(width=1440, height=900)
PHONE = ViewportSize(width=390, height=844)
COLOURS = (256, 128, 64, 32)
MOST_BYTES = 240_000
PATIENCE_MS = 120_000

# What the demo files show; a vendor's name stands on each.
CLEAN, OTHER_ACCOUNT = "Noorderlicht Energie", "Merel Schoonmaak"


@dataclass(slots=True)
class Walk:
    """The running product and the page somebody sits at."""

    inkoop: RunningInkoop
    page: Page

    def open(self, path: str) -> None:
        """Open a page and wait until its scripts have begun."""
        open_page(self.inkoop, self.page, path)

    def open_row(self, view: str, vendor: str) -> None:
        """From a view of Incoming, open the oldest document of a vendor."""
        self.open(f"/incoming?view={view}")
        path = self.page.locator("#rows tr", has_text=vendor).last.get_attribute("data-path")
        self.open(path or "")
        self.see_page_image()

    def see_page_image(self) -> None:
        """Wait until the picture of the first page is there."""
        image = self.page.locator(".sheet .page img").first
        wait_until(lambda: bool(image.evaluate("i => i.complete && i.naturalWidth > 0")), "the page image")

    def take(self, name: str) -> None:
        """Keep what the browser shows, in few colours: a page is mostly flat."""
        self.page.wait_for_timeout(700)  # a ring that moves, an image that sharpens
        shot = Image.open(io.BytesIO(self.page.screenshot())).convert("RGB")
        for colours in COLOURS:
            few = shot.quantize(colours, Image.Quantize.MAXCOVERAGE, kmeans=3, dither=Image.Dither.NONE)
            few.save(PICTURES / f"{name}.png", optimize=True)
            if (PICTURES / f"{name}.png").stat().st_size <= MOST_BYTES:
                break
        print(f"{name}.png")


def main() -> int:
    """Make all pictures, or say what did not come."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="inkoop-walk-") as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=list(CHROMIUM_FLAGS))
        with running_inkoop(Path(folder)) as inkoop:
            fill_inbox(inkoop.runtime, print)
            clerk, bookkeeper = (Walk(inkoop, _page(browser, DESK)) for _ in range(2))
            sign_in_first_time(inkoop, clerk.page, "kim")
            clerk_reviews(clerk)
            sign_in_first_time(inkoop, bookkeeper.page, "bea")
            bookkeeper_posts(bookkeeper)
            phone = Walk(inkoop, _page(browser, PHONE))
            sign_in(phone, "kim")
            on_a_phone(phone)
        browser.close()
    return 0


def clerk_reviews(walk: Walk) -> None:
    """Inbox, incoming, review, approved."""
    page = walk.page
    walk.open("/incoming?view=all")
    wait_until(lambda: page.locator("#rows tr").count() >= 5, "the first files")
    walk.take("1-arriving")
    wait_until(lambda: is_read(walk.inkoop), "the reading of all files")
    walk.open("/incoming?view=needs_review")
    page.locator("#rows tr", has_text=CLEAN).last.hover()
    walk.take("2-incoming")

    walk.open_row("needs_review", CLEAN)
    page.locator('[data-f="total_gross"] input').focus()
    walk.take("3-review")
    settle(page)
    reviewed = urlsplit(page.url).path
    page.keyboard.press("Control+Enter")
    page.wait_for_url(lambda url: urlsplit(url).path != reviewed)
    walk.open("/incoming?view=ready_to_post")
    expect(page.locator("#rows tr")).to_have_count(1)
    walk.take("4-approved")

    page.emulate_media(color_scheme="dark")
    walk.open_row("needs_review", OTHER_ACCOUNT)
    page.locator('[data-f="payment_iban"] input').focus()
    walk.take("5-stopped-dark")
    page.emulate_media(color_scheme="light")


def bookkeeper_posts(walk: Walk) -> None:
    """Ready to post, posted, ledger, pixel."""
    page = walk.page
    walk.open_row("ready_to_post", CLEAN)
    page.locator(".acts-bar").scroll_into_view_if_needed()
    page.locator("#t-preview").scroll_into_view_if_needed()
    walk.take("6-preview")
    page.keyboard.press("Control+Enter")
    page.locator("#d-post button[type=submit]").click()
    banner = page.locator(".alert.ok")
    expect(banner).to_contain_text("Posted as")
    banner.get_by_role("link").click()
    page.wait_for_selector("html[data-ready]")
    page.get_by_role("tab", name="Entries").click()
    walk.see_page_image()
    walk.take("7-posted")
    walk.open("/ledger")
    walk.take("8-ledger")
    owed = page.locator("table[data-list] tbody tr", has_text="VAT to claim")
    owed.get_by_role("link", name="Show on page").first.click()
    page.wait_for_selector("html[data-ready]")
    walk.see_page_image()
    expect(page.locator(".bx.act")).to_have_count(1)
    walk.take("9-pixel")


def on_a_phone(walk: Walk) -> None:
    """The list, on 390 points."""
    walk.open("/incoming?view=needs_review")
    walk.take("10-phone")


def settle(page: Page) -> None:
    """Enter on each open check until none is left."""
    page.reload()
    page.wait_for_selector("html[data-ready]")
    for _ in range(60):
        key = focused_key(page)
        if key is None:
            return
        page.keyboard.press("Enter")
        wait_until(partial(has_left, page, key), f"leaving {key}")


def focused_key(page: Page) -> str | None:
    """The key of the value that has the focus."""
    key: str | None = page.evaluate("document.activeElement.closest('[data-f]')?.dataset.f ?? null")
    return key


def has_left(page: Page, key: str) -> bool:
    """Whether the focus is elsewhere."""
    return focused_key(page) != key


def sign_in(walk: Walk, user_no: str) -> None:
    """With the password chosen before."""
    walk.open("/login")
    walk.page.fill("[name=user_no]", user_no)
    walk.page.fill("[name=password]", OWN_PASSWORD)
    walk.page.get_by_role("button", name="Sign in").click()
    walk.page.wait_for_url(lambda url: "/login" not in url)


def is_read(inkoop: RunningInkoop) -> bool:
    """Whether the inbox is empty and the machine has nothing left to do."""
    waiting = [path for path in inkoop.inbox.iterdir() if path.is_file()]
    return not waiting and inkoop.ask("status")["idle"] is True


def _page(browser: Browser, size: ViewportSize) -> Page:
    page = browser.new_context(viewport=size, locale="en-GB", reduced_motion="reduce").new_page()
    page.set_default_timeout(PATIENCE_MS)
    return page


if __name__ == "__main__":
    sys.exit(main())
