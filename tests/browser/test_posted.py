"""From ledger to pixel (ux.md §5.6, proof 14): reviewed, posted, and every entry shows its place."""

from __future__ import annotations

import re
from decimal import Decimal

from playwright.sync_api import Page, expect

from core.ledgers.find import find_entries
from core.master.accounts import list_accounts
from core.master.users import Role, User
from core.master.vendors import Vendor, find_vendors
from core.work import MACHINE
from pipeline.incoming import ScreenWord, get_by_no
from pipeline.workflow import review
from tests.browser.papers import Paper, PaperLine
from tests.browser.review_desk import MEER, ReviewDesk
from tests.browser.test_review import box_on_page, field, settle_all, words_in

UNKNOWN = Paper(
    "F-55012",
    "Koffiebranderij De Klok B.V.",
    "NL861234567B01",
    "NL02ABNA0123456789",
    lines=(PaperLine("KLK-10", "Espressobonen 10 kg", Decimal(6), "st", Decimal("92.50")),),
)


def approve(reviews: ReviewDesk, incoming_no: str) -> None:
    """Settle and finish the review of a document without the browser."""
    with reviews.desk.runtime.work(MACHINE) as work:
        incoming_id = get_by_no(work, incoming_no).id
        view = review.open_review(work, incoming_id)
        cells = [cell for line in view.lines for cell in line.cells.values()]
        for shown in (*view.fields.values(), *cells):
            if shown.is_open:
                review.confirm_field(work, incoming_id, None, shown.key)
        review.approve(work, incoming_id, None)


def post(reviews: ReviewDesk, incoming_no: str) -> str:
    """Approve and post a document without the browser; returns the posted number."""
    approve(reviews, incoming_no)
    with reviews.desk.runtime.work(MACHINE) as work:
        return review.post_document(work, get_by_no(work, incoming_no).id, None)


def test_accounts_are_called_by_their_dutch_names_for_who_works_in_dutch(
    reviews: ReviewDesk, page: Page
) -> None:
    """ux.md §7: on the review with its preview and look-up, the posted invoice, the ledger and the card."""
    number = reviews.read(MEER)
    with reviews.desk.runtime.work(MACHINE) as work:
        for account in list_accounts(work):
            account.name_nl = f"Rekening {account.account_no}"
        work.session.get_one(User, "bea").language = "nl"
        vendor_no = find_vendors(work, MEER.seller, 1)[0].vendor_no
        work.session.get_one(Vendor, vendor_no).default_account = "4600"
    reviews.sign_in(page, Role.BOOKKEEPER)
    reviews.open(page, f"/incoming/{number}")
    page.locator("#tab-preview").click()
    expect(page.locator("#t-preview")).to_contain_text("1600 Rekening 1600")
    cells = page.locator("#t-preview tbody tr td:first-child").all_inner_texts()
    named = [cell for cell in cells if re.match(r"\d", cell)]
    assert len(named) >= 3
    assert all(re.fullmatch(r"(\d+) Rekening \1", cell) for cell in named), named
    found = page.evaluate("fetch('/api/lookup/coding?q=rekening 4600').then(answer => answer.json())")
    assert [option["name"] for option in found["options"]] == ["Rekening 4600"]
    posted_no = post(reviews, number)
    for path in (f"/invoices/{posted_no}", "/ledger", "/ledger/balance", f"/vendors/{vendor_no}"):
        reviews.open(page, path)
        expect(page.locator("main")).to_contain_text(re.compile(r"Rekening (1600|4600)"))


def ringed(page: Page) -> list[str]:
    """The values whose boxes are ringed."""
    keys: list[str] = page.eval_on_selector_all(".bx.act", "all => all.map(b => b.dataset.box)")
    return keys


def test_the_clerk_finishes_the_review_and_the_bookkeeper_posts_what_the_preview_showed(
    reviews: ReviewDesk, page: Page
) -> None:
    number = reviews.read(MEER)
    reviews.sign_in(page, Role.CLERK)
    reviews.open(page, f"/incoming/{number}")
    settle_all(page)
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(r"/incoming\?view="))
    reviews.open(page, f"/incoming/{number}")
    expect(page.locator("#b-main")).to_be_disabled()
    expect(page.locator("#main-why")).to_contain_text("bookkeeper")

    page.context.clear_cookies()
    reviews.sign_in(page, Role.BOOKKEEPER)
    reviews.open(page, f"/incoming/{number}")
    expect(page.locator("#b-main")).to_contain_text("Post invoice")
    previewed = page.locator("[data-debit]").inner_text()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#d-post")).to_contain_text("cannot be changed")
    page.locator("#d-post button[type=submit]").click()

    banner = page.locator(".alert.ok")
    expect(banner).to_contain_text("Posted as PPI-0001")
    assert reviews.view(number).document.word is ScreenWord.POSTED
    banner.get_by_role("link").click()
    page.wait_for_selector("html[data-ready]")
    expect(page.locator(".banner")).to_contain_text("PPI-0001")
    page.get_by_role("tab", name="Entries").click()
    general = page.locator('[data-ledger="general"] tr.strong td.r').all_inner_texts()
    assert general == [previewed, previewed], "debit equals credit, and both what the preview showed"


def test_every_entry_shows_the_place_on_the_page_that_its_amount_came_from(
    reviews: ReviewDesk, page: Page
) -> None:
    incoming_no = reviews.read(MEER)
    posted_no = post(reviews, incoming_no)
    with reviews.desk.runtime.reading(MACHINE) as work:
        entries = find_entries(work, posted_no)
    reviews.sign_in(page, Role.BOOKKEEPER)
    reviews.open(page, f"/invoices/{posted_no}")
    words = page.request.get(f"{reviews.address}/incoming/{incoming_no}/pages/1/words.json").json()
    page.get_by_role("tab", name="Entries").click()

    counted = {
        name: page.locator(f'[data-ledger="{name}"] [data-entry]').count()
        for name in ("general", "vat", "vendor", "detailed", "item", "value")
    }
    assert counted == {
        "general": len(entries.general),
        "vat": len(entries.vat),
        "vendor": len(entries.vendor),
        "detailed": len(entries.detailed),
        "item": len(entries.item),
        "value": len(entries.value),
    }
    for row in page.locator("#t-entries [data-entry]").all():
        row.locator("[data-show]").click()
        keys = ringed(page)
        assert len(keys) == 1, f"{row.get_attribute('data-entry')} rings {keys}"
        expect(page.locator(".bx.act")).to_be_in_viewport()

    # What a row says in money stands in the box it rings.
    line = page.locator('[data-ledger="general"] tr', has_text="Vrachtkosten pallet")
    line.locator("[data-show]").click()
    assert words_in(words, box_on_page(page, ringed(page)[0])) == "65,00"
    vat = page.locator('[data-ledger="vat"] [data-entry]')
    vat.locator("[data-show]").click()
    assert words_in(words, box_on_page(page, ringed(page)[0])) == "424,83"
    payables = page.locator('[data-ledger="general"] tr', has_text="1600")
    payables.locator("[data-show]").click()
    assert ringed(page) == ["total_gross"]
    assert words_in(words, box_on_page(page, "total_gross")) == "2.447,83"
    item = page.locator('[data-ledger="item"] [data-entry]').first
    item.locator("[data-show]").click()
    assert words_in(words, box_on_page(page, ringed(page)[0])) == "120"


def test_an_address_with_an_entry_rings_its_place_at_once(reviews: ReviewDesk, page: Page) -> None:
    posted_no = post(reviews, reviews.read(MEER))
    with reviews.desk.runtime.reading(MACHINE) as work:
        vat = next(e.entry_no for e in find_entries(work, posted_no).general if e.vat_identifier)
    reviews.sign_in(page, Role.BOOKKEEPER)

    reviews.open(page, f"/invoices/{posted_no}?entry={vat}")

    expect(page.locator(".bx.act")).to_have_attribute("data-box", "vat_breakdown.0.vat")
    expect(page.locator("tr.now")).to_have_attribute("data-entry", str(vat))
    expect(page.locator("#from")).to_contain_text("424,83")


def test_a_box_leads_back_to_the_entries_that_hold_its_amount(reviews: ReviewDesk, page: Page) -> None:
    posted_no = post(reviews, reviews.read(MEER))
    reviews.sign_in(page, Role.BOOKKEEPER)
    reviews.open(page, f"/invoices/{posted_no}")
    page.get_by_role("tab", name="Entries").click()

    page.locator('.bx[data-box="total_gross"]').click()

    expect(page.locator("tr.now")).to_contain_text("1600")


def test_find_entries_counts_every_ledger_by_the_vendors_own_number(reviews: ReviewDesk, page: Page) -> None:
    posted_no = post(reviews, reviews.read(MEER))
    reviews.sign_in(page, Role.BOOKKEEPER)

    page.goto(f"{reviews.address}/find?doc=2026-01187")

    expect(page.locator(".found")).to_contain_text(posted_no)
    ledgers = page.eval_on_selector_all("[data-ledger]", "all => all.map(e => e.dataset.ledger)")
    assert ledgers == ["general", "vat", "vendor", "detailed", "item", "value"]
    page.locator('[data-ledger="vat"] a').click()
    page.wait_for_selector("html[data-ready]")
    expect(page.locator(".bx.act")).to_have_count(1)


def test_the_clerk_creates_an_unknown_vendor_from_the_page_and_it_stays_restricted_until_approved(
    reviews: ReviewDesk, page: Page
) -> None:
    number = reviews.read(UNKNOWN)
    reviews.sign_in(page, Role.CLERK)
    reviews.open(page, f"/incoming/{number}")
    expect(page.locator(".alert.stop")).to_contain_text("No vendor is known")

    page.get_by_role("button", name="Create vendor…").click()
    form = page.locator("#d-vendor")
    expect(form.locator("[name=name]")).to_have_value("Koffiebranderij De Klok B.V.")
    expect(form.locator("[name=vat_id]")).to_have_value("NL861234567B01")
    expect(form.locator("[name=iban]")).to_have_value("NL02ABNA0123456789")
    form.locator("[name=city]").fill("Zwolle")
    form.locator("button[type=submit]").click()

    expect(page.locator(".alert.note")).to_contain_text("is new")
    expect(field(page, "vendor")).to_have_value("Koffiebranderij De Klok B.V.")
    with reviews.desk.runtime.reading(MACHINE) as work:
        (vendor,) = find_vendors(work, "Klok")
        assert (vendor.restricted, vendor.created_by, vendor.city) == (True, "kim", "Zwolle")
    assert reviews.view(number).document.vendor_restricted
