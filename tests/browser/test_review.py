"""The review page by its proofs (ux.md §11, 1 to 5): real files, really read, in a real browser."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from playwright.sync_api import Locator, Page, Route, expect

from core.master.users import Role
from core.work import Actor
from inkoop.samples.company import vendor
from inkoop.samples.demo import expense_line, invoice_from, item_line
from inkoop.samples.einvoice import ubl
from pipeline.incoming import ScreenWord, get_by_no
from pipeline.workflow import review
from pipeline.workflow.review_view import FieldState
from tests.browser.review_desk import MEER, ReviewDesk
from tests.services import wait_until

SECOND = replace(MEER, number="2026-01199", lines=MEER.lines[:2])
Box = tuple[float, float, float, float]


def field(page: Page, key: str) -> Locator:
    """The input of a value, by its key."""
    return page.locator(f'[data-f="{key}"] input')


def focused_key(page: Page) -> str | None:
    """The key of the value that has the focus; None outside the fields."""
    key: str | None = page.evaluate("document.activeElement.closest('[data-f]')?.dataset.f ?? null")
    return key


def open_keys(page: Page) -> list[str]:
    """The values that are open, in the order of the form."""
    keys: list[str] = page.eval_on_selector_all(
        "#data [data-f][data-open]", "all => all.map(e => e.dataset.f)"
    )
    return keys


def until(page: Page, question: str) -> None:
    """Ask the page until the answer is yes. Playwright's own waiting needs eval, which the page forbids."""
    wait_until(lambda: bool(page.evaluate(question)), question, 10)


def until_left(page: Page, key: str) -> None:
    """Wait until the focus is on another value, or on none."""
    wait_until(lambda: focused_key(page) != key, f"leaving {key}", 10)


def saved(page: Page) -> None:
    """Wait until everything typed has been answered by the server."""
    until(
        page, "[...document.querySelectorAll('#data [data-f] input')].every(i => i.value === i.defaultValue)"
    )


def settle_all(page: Page) -> None:
    """Press Enter until nothing is open that Enter can settle."""
    for _ in range(20):
        key = focused_key(page)
        if key is None:
            return
        page.keyboard.press("Enter")
        until_left(page, key)


# ---- 1: the walk ----


def test_enter_walks_the_open_checks_in_order_confirms_each_and_ends_on_the_primary_button(
    reviews: ReviewDesk, page: Page
) -> None:
    number = reviews.read(MEER)
    reviews.doubt(number, "issue_date", "order_reference", "due_date")
    reviews.sign_in(page)
    reviews.open(page, f"/incoming/{number}")
    expected = open_keys(page)
    assert {"issue_date", "order_reference", "due_date"} <= set(expected)

    walked = []
    while key := focused_key(page):
        walked.append(key)
        page.keyboard.press("Enter")
        until_left(page, key)

    assert walked == expected
    expect(page.locator("#b-main")).to_be_focused()
    expect(page.locator("#b-main")).to_contain_text("Approve and next")
    states = {key: reviews.view(number).fields[key].state for key in expected}
    assert set(states.values()) == {FieldState.CONFIRMED}


def test_enter_does_not_clear_a_stopped_value(reviews: ReviewDesk, page: Page) -> None:
    number = reviews.read(replace(MEER, iban="NL20INGB0001234567"))
    reviews.sign_in(page)
    reviews.open(page, f"/incoming/{number}")

    settle_all(page)
    field(page, "payment_iban").focus()
    page.keyboard.press("Enter")

    expect(page.locator("#b-main")).to_be_focused()
    expect(page.locator("#b-main")).to_contain_text("1 open")
    expect(field(page, "payment_iban")).to_have_attribute("aria-invalid", "true")
    assert reviews.view(number).fields["payment_iban"].state is FieldState.STOPPED


def test_tab_visits_every_field_and_every_cell(reviews: ReviewDesk, page: Page) -> None:
    number = reviews.read(MEER)
    reviews.sign_in(page)
    reviews.open(page, f"/incoming/{number}")
    every = page.eval_on_selector_all("#data [data-f]", "all => all.map(e => e.dataset.f)")

    field(page, every[0]).focus()
    visited = [focused_key(page)]
    for _ in range(len(every) + 4):
        page.keyboard.press("Tab")
        if (key := focused_key(page)) is not None:
            visited.append(key)

    assert visited == every


def test_escape_takes_back_the_typing_first_and_leaves_the_field_then(
    reviews: ReviewDesk, page: Page
) -> None:
    number = reviews.read(MEER)
    reviews.sign_in(page)
    reviews.open(page, f"/incoming/{number}")

    field(page, "invoice_number").fill("typed by mistake")
    page.keyboard.press("Escape")
    expect(field(page, "invoice_number")).to_have_value("2026-01187")
    expect(field(page, "invoice_number")).to_be_focused()

    page.keyboard.press("Escape")
    expect(field(page, "invoice_number")).not_to_be_focused()
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()


# ---- 2: approve and next ----


def test_ctrl_enter_on_a_clean_document_approves_it_and_shows_the_next_of_the_view(
    reviews: ReviewDesk, page: Page
) -> None:
    second = reviews.read(SECOND, "second.pdf")
    first = reviews.read(MEER)
    reviews.sign_in(page)
    reviews.open(page, f"/incoming/{first}?view=needs_review")
    settle_all(page)

    page.keyboard.press("Control+Enter")

    page.wait_for_url(re.compile(f"/incoming/{second}"))
    expect(page.locator(".toast")).to_contain_text("Approved")
    assert reviews.view(first).document.word is ScreenWord.READY_TO_POST


def test_ctrl_enter_with_open_checks_moves_to_the_first_and_approves_nothing(
    reviews: ReviewDesk, page: Page
) -> None:
    number = reviews.read(MEER)
    reviews.doubt(number, "invoice_number", "due_date")
    reviews.sign_in(page)
    reviews.open(page, f"/incoming/{number}")
    first = open_keys(page)[0]
    page.locator("#main").focus()

    page.keyboard.press("Control+Enter")

    assert focused_key(page) == first
    assert reviews.view(number).document.word is ScreenWord.NEEDS_REVIEW


def test_an_approval_can_be_taken_back_while_its_note_stands(reviews: ReviewDesk, page: Page) -> None:
    second = reviews.read(SECOND, "second.pdf")
    first = reviews.read(MEER)
    reviews.sign_in(page)
    reviews.open(page, f"/incoming/{first}?view=needs_review")
    settle_all(page)
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(f"/incoming/{second}"))

    page.locator(".toast button").click()

    page.wait_for_url(re.compile(f"/incoming/{first}"))
    assert reviews.view(first).document.word is ScreenWord.NEEDS_REVIEW
    assert "reopened" in [entry.action for entry in reviews.view(first).activity]


# ---- 3: field and box are one thing ----


def box_on_page(page: Page, key: str) -> Box:
    """Where a box lies on its page, as fractions of the page, whatever its zoom and turn."""
    found: Box = tuple(
        page.evaluate(
            """key => {
              const box = document.querySelector(`.bx[data-box="${key}"]`);
              const paper = box.closest('.page').getBoundingClientRect(), r = box.getBoundingClientRect();
              const turn = Number(document.querySelector('.scroll').dataset.turn || 0);
              const points = [[r.left, r.top], [r.right, r.bottom]].map(([x, y]) => {
                const u = (x - paper.left) / paper.width, v = (y - paper.top) / paper.height;
                return {0: [u, v], 90: [v, 1 - u], 180: [1 - u, 1 - v], 270: [1 - v, u]}[turn];
              });
              const xs = points.map(p => p[0]).sort((a, b) => a - b);
              const ys = points.map(p => p[1]).sort((a, b) => a - b);
              return [xs[0], ys[0], xs[1], ys[1]];
            }""",
            key,
        )
    )
    return found


def words_in(words: list[dict[str, object]], box: Box) -> str:
    """The words of the page whose middle lies in the box, joined without blanks."""
    inside = []
    for word in words:
        left, top, right, bottom = word["box"]  # type: ignore[misc]
        x, y = (left + right) / 2, (top + bottom) / 2
        if box[0] <= x <= box[2] and box[1] <= y <= box[3]:
            inside.append(str(word["text"]))
    return "".join(inside).replace(" ", "")


def test_a_focused_field_rings_exactly_its_box_and_the_box_holds_the_text_read(
    reviews: ReviewDesk, page: Page
) -> None:
    number = reviews.read(MEER)
    reviews.sign_in(page)
    reviews.open(page, f"/incoming/{number}")
    words = page.request.get(f"{reviews.address}/incoming/{number}/pages/1/words.json").json()
    view = reviews.view(number)
    values = view.fields | {cell.key: cell for line in view.lines for cell in line.cells.values()}
    zoom = page.locator("[data-zoom]")
    for turn in ("0", "90", "180", "270"):
        for percent, tool in (("50%", "out"), ("100%", "in"), ("400%", "in")):
            while zoom.inner_text() != percent:
                page.locator(f'[data-tool="{tool}"]').click()
            for key in ("invoice_number", "total_gross", "lines.1.unit_price", "payment_iban"):
                field(page, key).focus()
                assert page.eval_on_selector_all(".bx.act", "all => all.map(b => b.dataset.box)") == [key]
                printed = values[key].printed
                assert printed is not None
                read = words_in(words, box_on_page(page, key))
                assert read == printed.replace(" ", ""), f"{key} at {percent}, turned {turn}"
                expect(page.locator(f'.bx[data-box="{key}"]')).to_be_in_viewport()
        page.locator('[data-tool="turn"]').click()
        page.locator('[data-tool="fit"]').click()


def test_hovering_a_field_lights_its_box_and_hovering_a_box_its_field(
    reviews: ReviewDesk, page: Page
) -> None:
    number = reviews.read(MEER)
    reviews.sign_in(page)
    reviews.open(page, f"/incoming/{number}")

    field(page, "total_gross").hover()
    lit = page.eval_on_selector_all(".bx.hov", "all => all.map(b => b.dataset.box)")
    assert lit == ["total_gross"]

    page.locator('.bx[data-box="issue_date"]').hover()
    lit = page.eval_on_selector_all("#data .hov", "all => all.map(f => f.dataset.f)")
    assert lit == ["issue_date"]


def test_a_click_on_a_box_goes_to_its_field(reviews: ReviewDesk, page: Page) -> None:
    number = reviews.read(MEER)
    reviews.sign_in(page)
    reviews.open(page, f"/incoming/{number}")

    page.locator('.bx[data-box="lines.0.quantity"]').click()

    assert focused_key(page) == "lines.0.quantity"


def test_the_source_strip_repeats_the_text_and_says_how_far_it_is_believed(
    reviews: ReviewDesk, page: Page
) -> None:
    number = reviews.read(MEER)
    reviews.sign_in(page)
    reviews.open(page, f"/incoming/{number}")

    field(page, "total_gross").focus()

    strip = page.locator("#src")
    expect(strip.locator("[data-src=label]")).to_have_text("Incl. VAT")
    expect(strip.locator("[data-src=printed]")).to_have_text("2.447,83")
    expect(strip.locator(".conf b")).to_have_text("Sure")
    expect(strip.locator(".loupe i")).to_have_count(1)
    field(page, "posting_date").focus()
    expect(strip.locator(".loupe")).to_have_text("Not on the document")


# ---- 4: words of the page ----


def click_word(page: Page, text: str, modifier: str | None = None, occurrence: int = 0) -> None:
    """Click a word of page 1 as a person does: on its place in the picture."""
    page.wait_for_selector(".sheet[data-words-ready]")
    address = page.locator(".sheet").first.get_attribute("data-words")
    words = page.request.get(page.url.split("/incoming/")[0] + str(address)).json()
    left, top, right, bottom = [word for word in words if word["text"] == text][occurrence]["box"]
    paper = page.locator(".sheet .page").first.bounding_box()
    assert paper is not None
    x = paper["x"] + (left + right) / 2 * paper["width"]
    y = paper["y"] + (top + bottom) / 2 * paper["height"]
    if modifier:
        page.keyboard.down(modifier)
    page.mouse.click(x, y)
    if modifier:
        page.keyboard.up(modifier)


def test_a_click_on_a_free_word_fills_the_focused_field_and_stays_after_a_reload(
    reviews: ReviewDesk, page: Page
) -> None:
    number = reviews.read(MEER)
    reviews.sign_in(page)
    reviews.open(page, f"/incoming/{number}")
    assert field(page, "payment_reference").input_value() == ""

    field(page, "payment_reference").focus()
    click_word(page, "40412")

    expect(field(page, "payment_reference")).to_have_value("40412")
    saved(page)
    reviews.open(page, f"/incoming/{number}")
    expect(field(page, "payment_reference")).to_have_value("40412")
    box = page.locator('.bx[data-box="payment_reference"]')
    expect(box).to_have_count(1)
    found = reviews.view(number).fields["payment_reference"]
    assert (found.state, found.printed, found.page) == (FieldState.CONFIRMED, "40412", 1)


def test_a_word_is_parsed_for_the_field_and_the_sums_follow(reviews: ReviewDesk, page: Page) -> None:
    number = reviews.read(MEER)
    reviews.sign_in(page)
    reviews.open(page, f"/incoming/{number}")

    # A boxed word leads to its own field; with Ctrl it fills the one you are in.
    field(page, "total_net").focus()
    click_word(page, "1.014,00")
    assert focused_key(page) == "lines.0.net_amount"
    field(page, "total_net").focus()
    click_word(page, "1.014,00", "Control")

    expect(field(page, "total_net")).to_have_value("1,014.00")
    expect(page.locator(".sum-lines")).to_have_attribute("data-state", "different")
    expect(page.locator(".sum-lines .bad")).to_contain_text("1,009.00")


def test_shift_click_adds_a_word_to_the_value(reviews: ReviewDesk, page: Page) -> None:
    number = reviews.read(MEER)
    reviews.sign_in(page)
    reviews.open(page, f"/incoming/{number}")

    field(page, "payment_reference").focus()
    click_word(page, "Vrachtkosten", "Control")
    expect(field(page, "payment_reference")).to_have_value("Vrachtkosten")
    click_word(page, "pallet", "Shift")

    expect(field(page, "payment_reference")).to_have_value("Vrachtkosten pallet")
    saved(page)
    words = page.request.get(f"{reviews.address}/incoming/{number}/pages/1/words.json").json()
    reviews.open(page, f"/incoming/{number}")
    page.wait_for_selector('.bx[data-box="payment_reference"]')
    assert words_in(words, box_on_page(page, "payment_reference")) == "Vrachtkostenpallet"


def test_the_answer_to_an_earlier_change_never_takes_back_what_was_typed_since(
    reviews: ReviewDesk, page: Page
) -> None:
    """A slow line: three values are typed before the first of them is answered."""
    number = reviews.read(MEER)
    reviews.sign_in(page)
    reviews.open(page, f"/incoming/{number}")
    held: list[Route] = []
    free: list[bool] = []

    def answer(route: Route) -> None:
        if free:
            route.continue_()
        else:
            held.append(route)

    page.route("**/api/incoming/**", answer)

    for key, typed in (("payment_reference", "A"), ("order_reference", "B"), ("payment_reference", "A2")):
        field(page, key).fill(typed)
        field(page, "invoice_number").focus()
    wait_until(lambda: bool(held) or page.wait_for_timeout(50), "the first change to be sent", 10)
    free.append(True)
    held[0].continue_()

    saved(page)
    expect(field(page, "payment_reference")).to_have_value("A2")
    expect(field(page, "order_reference")).to_have_value("B")
    fields = reviews.view(number).fields
    assert (fields["payment_reference"].value, fields["order_reference"].value) == ("A2", "B")


def test_a_value_that_cannot_be_understood_stays_with_the_reason_under_it(
    reviews: ReviewDesk, page: Page, console_errors: list[str]
) -> None:
    number = reviews.read(MEER)
    reviews.sign_in(page)
    reviews.open(page, f"/incoming/{number}")
    before = reviews.view(number).fields["due_date"].value

    with page.expect_response(lambda answer: answer.status in (409, 422)):
        field(page, "due_date").fill("31 Feb 2026")
        field(page, "invoice_number").focus()

    expect(field(page, "due_date")).to_have_value("31 Feb 2026")
    expect(page.locator('[data-f="due_date"] .err')).to_contain_text("31 Feb 2026")
    assert reviews.view(number).fields["due_date"].value == before
    assert ["422" in error for error in console_errors] == [True], "the browser notes the refused request"
    console_errors.clear()


def test_dates_are_understood_in_each_short_form(reviews: ReviewDesk, page: Page) -> None:
    number = reviews.read(MEER)
    reviews.sign_in(page)
    reviews.open(page, f"/incoming/{number}")

    for typed in ("9-12", "0112", "091226", "1 Dec 2026", "09.12.2026"):
        day = "9" if "9" in typed else "1"
        field(page, "due_date").fill(typed)
        page.keyboard.press("Tab")
        expect(field(page, "due_date")).to_have_value(f"{day} Dec 2026")
        saved(page)
        assert reviews.view(number).fields["due_date"].value == f"2026-12-0{day}"


# ---- 5: the lines ----


def test_a_new_quantity_recomputes_amount_sums_and_preview_and_stops_the_approval(
    reviews: ReviewDesk, page: Page
) -> None:
    number = reviews.read(MEER)
    reviews.sign_in(page)
    reviews.open(page, f"/incoming/{number}")
    settle_all(page)
    expect(page.locator("#b-main")).to_contain_text("Approve and next")

    field(page, "lines.1.quantity").fill("41")
    page.keyboard.press("ArrowDown")

    expect(field(page, "lines.1.net_amount")).to_have_value("967.60")
    expect(page.locator(".sum-total")).to_have_attribute("data-state", "different")
    expect(page.locator(".sum-lines .bad")).to_contain_text("23.60")
    expect(page.locator("#b-main")).to_contain_text("open")
    expect(page.locator("[data-debit]")).not_to_have_text("4,405.83")
    assert focused_key(page) == "lines.2.quantity"
    assert not reviews.view(number).can_approve


def test_a_product_may_be_typed_as_an_amount(reviews: ReviewDesk, page: Page) -> None:
    number = reviews.read(MEER)
    reviews.sign_in(page)
    reviews.open(page, f"/incoming/{number}")

    field(page, "lines.2.net_amount").fill("3*21.50")
    page.keyboard.press("Tab")

    expect(field(page, "lines.2.net_amount")).to_have_value("64.50")
    expect(field(page, "lines.2.unit_price")).to_have_value("64.50")


def test_arrows_move_in_the_grid_f2_edits_f8_copies_and_lines_come_and_go(
    reviews: ReviewDesk, page: Page
) -> None:
    number = reviews.read(MEER)
    reviews.sign_in(page)
    reviews.open(page, f"/incoming/{number}")

    field(page, "lines.0.quantity").focus()
    page.keyboard.press("ArrowDown")
    assert focused_key(page) == "lines.1.quantity"
    page.keyboard.press("ArrowRight")
    assert focused_key(page) == "lines.1.unit"
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("F2")
    page.keyboard.press("ArrowLeft")
    assert focused_key(page) == "lines.1.quantity"
    page.keyboard.press("F8")
    expect(field(page, "lines.1.quantity")).to_have_value("120")
    saved(page)

    page.keyboard.press("Alt+n")
    expect(page.locator(".grid tbody tr")).to_have_count(4)
    until(page, "document.activeElement.closest('tr')?.dataset.line === '4'")
    page.keyboard.press("Control+Delete")
    expect(page.locator(".grid tbody tr")).to_have_count(3)


def test_a_proposed_account_is_taken_with_enter_and_another_is_looked_up(
    reviews: ReviewDesk, page: Page
) -> None:
    number = reviews.read(MEER)
    reviews.sign_in(page)
    reviews.open(page, f"/incoming/{number}")
    coding = field(page, "lines.2.no")
    expect(page.locator('[data-f="lines.2.no"]')).to_have_attribute("data-c", "proposed")

    coding.focus()
    page.keyboard.press("Enter")
    expect(page.locator('[data-f="lines.2.no"]')).to_have_attribute("data-c", "confirmed")

    coding.focus()
    coding.press_sequentially("energy")
    expect(page.locator("#lookup [role=option]").first).to_contain_text("4700")
    page.keyboard.press("Enter")
    expect(coding).to_have_value(re.compile("4700 Energy"))
    assert reviews.view(number).lines[2].no == "4700"


# ---- 6: bank account, duplicate, wrong total ----


def test_another_bank_account_stops_the_document_until_the_cards_account_is_kept(
    reviews: ReviewDesk, page: Page
) -> None:
    number = reviews.read(replace(MEER, iban="NL20INGB0001234567"))
    reviews.sign_in(page)
    reviews.open(page, f"/incoming/{number}")
    alert = page.locator(".alert.stop")
    expect(alert).to_contain_text("NL91 ABNA 0417 1643 00")
    assert not reviews.view(number).can_approve

    alert.get_by_role("button", name="Keep card account").click()

    expect(alert).to_have_count(0)
    expect(field(page, "payment_iban")).to_have_value("NL91 ABNA 0417 1643 00")
    expect(page.locator('.checks [data-check="bank_account"]')).to_have_class("ok")
    assert "card_account_kept" in [entry.action for entry in reviews.view(number).activity]


def test_what_looks_like_a_duplicate_asks_for_a_reason_that_shows_in_activity(
    reviews: ReviewDesk, page: Page
) -> None:
    reviews.read(MEER)
    again = reviews.read(replace(MEER, number="2026-O1187"), "again.pdf")
    reviews.sign_in(page)
    reviews.open(page, f"/incoming/{again}")
    expect(page.locator(".alert.stop")).to_contain_text("IN-26-000001")

    page.get_by_role("button", name="Not a duplicate…").click()
    page.locator("#d-not-duplicate [name=reason]").fill("They number by hand; two deliveries")
    page.locator("#d-not-duplicate button[type=submit]").click()

    expect(page.locator(".alert.stop")).to_have_count(0)
    page.get_by_role("tab", name="Activity").click()
    expect(page.locator("#t-activity")).to_contain_text("They number by hand; two deliveries")


def test_a_wrong_total_shows_the_difference_and_stops_the_approval(reviews: ReviewDesk, page: Page) -> None:
    number = reviews.read(MEER)
    reviews.sign_in(page)
    reviews.open(page, f"/incoming/{number}")

    field(page, "total_gross").fill("2457.83")
    page.keyboard.press("Tab")

    expect(page.locator(".sum-total .bad")).to_contain_text("10.00")
    expect(page.locator('.checks [data-check="totals"]')).to_have_class("stop")
    settle_all(page)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#b-main")).to_contain_text("1 open")
    assert reviews.view(number).document.word is ScreenWord.NEEDS_REVIEW


# ---- reject, park, read only ----


def test_a_rejected_document_carries_its_reason_and_can_be_reopened(reviews: ReviewDesk, page: Page) -> None:
    number = reviews.read(MEER)
    reviews.sign_in(page)
    reviews.open(page, f"/incoming/{number}")
    page.locator("#main").focus()

    page.keyboard.press("d")
    expect(page.locator("#d-reject select")).to_be_focused()
    page.locator("#d-reject select").select_option("Not for us")
    page.locator("#d-reject button[type=submit]").click()

    page.wait_for_url(re.compile("view="))
    document = reviews.view(number).document
    assert (document.word, document.reject_reason) == (ScreenWord.REJECTED, "Not for us")
    reviews.open(page, f"/incoming/{number}")
    expect(page.locator(".alert")).to_contain_text("Not for us")
    page.get_by_role("button", name="Reopen").first.click()
    expect(page.locator(".st")).to_contain_text("Needs review")


def test_a_parked_document_says_until_when_and_comes_back_by_hand(reviews: ReviewDesk, page: Page) -> None:
    number = reviews.read(MEER)
    reviews.sign_in(page)
    reviews.open(page, f"/incoming/{number}")
    page.locator("#main").focus()

    page.keyboard.press("p")
    page.locator("#d-park [name=for_what]").fill("the delivery note")
    page.locator("#d-park button[type=submit]").click()
    page.wait_for_url(re.compile("view="))

    assert reviews.view(number).document.word is ScreenWord.PARKED
    reviews.open(page, f"/incoming/{number}")
    expect(page.locator(".alert")).to_contain_text("the delivery note")
    page.locator(".acts-bar").get_by_role("button", name="Take back").click()
    expect(page.locator(".st").first).to_contain_text("Needs review")


def test_who_may_not_work_on_documents_reads_and_is_told_why(reviews: ReviewDesk, page: Page) -> None:
    number = reviews.read(MEER)
    reviews.sign_in(page, Role.AUDITOR)
    reviews.open(page, f"/incoming/{number}")

    expect(page.locator(".only")).to_contain_text("clerk")
    expect(field(page, "total_gross")).to_have_attribute("readonly", "")
    expect(page.locator("#b-main")).to_be_disabled()
    expect(page.locator(".acts-bar .danger")).to_have_count(0)


# ---- two people at once ----


def changed_by_bea(reviews: ReviewDesk, number: str, key: str, typed: str) -> None:
    """Somebody else changes a value meanwhile."""
    with reviews.desk.runtime.work(Actor("bea", "Bea Mulder", frozenset({"bookkeeper"}))) as work:
        review.set_field(work, get_by_no(work, number).id, None, key, typed, language="en")


def test_when_two_change_the_same_value_the_second_sees_both_and_decides(
    reviews: ReviewDesk, page: Page, console_errors: list[str]
) -> None:
    number = reviews.read(MEER)
    reviews.sign_in(page)
    reviews.open(page, f"/incoming/{number}")
    field(page, "payment_reference").press_sequentially("from kim")
    changed_by_bea(reviews, number, "payment_reference", "from bea")

    page.keyboard.press("Tab")

    dialog = page.locator("#d-conflict")
    expect(dialog.locator("[data-fill=theirs]")).to_have_text("from bea")
    expect(dialog.locator("[data-fill=yours]")).to_have_text("from kim")
    dialog.get_by_role("button", name="Keep yours").click()
    expect(dialog).to_be_hidden()
    saved(page)
    assert reviews.view(number).fields["payment_reference"].value == "from kim"
    console_errors.clear()  # the refused first try, if the news had not come yet


def test_a_change_of_another_value_does_not_get_in_the_way(
    reviews: ReviewDesk, page: Page, console_errors: list[str]
) -> None:
    number = reviews.read(MEER)
    reviews.sign_in(page)
    reviews.open(page, f"/incoming/{number}")
    field(page, "payment_reference").press_sequentially("from kim")
    changed_by_bea(reviews, number, "order_reference", "PO-1")

    page.keyboard.press("Tab")

    saved(page)
    expect(field(page, "order_reference")).to_have_value("PO-1")
    assert reviews.view(number).fields["payment_reference"].value == "from kim"
    console_errors.clear()  # the refused first try, if the news had not come yet


# ---- a page of its own kind ----


def test_an_e_invoice_is_drawn_from_its_values_and_its_elements_are_the_boxes(
    reviews: ReviewDesk, page: Page
) -> None:
    card = vendor("10231")
    lines = [item_line(card, "1000", "40"), expense_line(card, 0)]
    data = ubl(invoice_from(card, "2026-3305", date(2026, 11, 9), lines))
    number = reviews.read(data, "invoice.xml")
    reviews.sign_in(page)
    reviews.open(page, f"/incoming/{number}")

    expect(page.locator(".paper")).to_be_visible()
    field(page, "total_gross").focus()
    ringed = page.locator(".paper .bx.act")
    expect(ringed).to_have_attribute("data-box", "total_gross")
    expect(ringed).to_have_text(field(page, "total_gross").input_value())
    page.locator('.paper [data-box="invoice_number"]').click()
    assert focused_key(page) == "invoice_number"
    expect(page.locator("#src .loupe")).to_have_text("From the e-invoice")


def test_on_a_phone_nothing_scrolls_sideways_and_targets_are_large(reviews: ReviewDesk, page: Page) -> None:
    number = reviews.read(MEER)
    page.set_viewport_size({"width": 390, "height": 844})
    reviews.sign_in(page)
    reviews.open(page, f"/incoming/{number}")

    assert page.evaluate("document.documentElement.scrollWidth") == 390
    for button in page.locator(".acts-bar .btn").all():
        assert (button.bounding_box() or {"height": 0})["height"] >= 44
    field(page, "invoice_number").click()
    expect(page.locator("#src [data-src=printed]")).to_have_text("2026-01187")
