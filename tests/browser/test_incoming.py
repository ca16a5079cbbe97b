"""Incoming: adding files, bulk work, keys, and rows that keep their place (ux.md §5.2, §11.9 and 10)."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from playwright.sync_api import Page, expect

from core.master.users import Role
from pipeline.incoming import to_json
from tests.browser.papers import Paper, draw
from tests.browser.review_desk import MEER, ReviewDesk

MANY = 70


def names(page: Page) -> list[str]:
    return page.locator("#rows tr[data-row]").evaluate_all("rows => rows.map(row => row.dataset.row)")


def files(folder: Path) -> list[str]:
    """A vendor's invoice, one that is here already, and a broken one."""
    (folder / "new.pdf").write_bytes(draw(Paper("2026-02000", MEER.seller, MEER.vat_id, MEER.iban)))
    (folder / "again.pdf").write_bytes(draw(MEER))
    (folder / "empty.pdf").write_bytes(b"")
    return [str(folder / name) for name in ("new.pdf", "again.pdf", "empty.pdf")]


def test_three_files_become_three_rows_that_come_to_a_result_without_reload(
    reviews: ReviewDesk, page: Page, tmp_path: Path, console_errors: list[str]
) -> None:
    first = reviews.read(MEER)
    reviews.sign_in(page)
    page.goto(f"{reviews.address}/incoming")
    page.evaluate("window.sameDocument = true")
    page.set_input_files("#files", files(tmp_path))
    rows = page.locator("#uploads tr")
    expect(rows).to_have_count(3)
    expect(rows.filter(has_text="again.pdf")).to_contain_text(f"Merged with {first}")
    expect(rows.filter(has_text="again.pdf").get_by_role("link")).to_have_attribute(
        "href", f"/incoming/{first}?view=needs_review"
    )
    expect(rows.filter(has_text="empty.pdf")).to_contain_text("The file is empty")
    reviews.run_jobs()
    expect(page.locator("#rows tr[data-row]")).to_have_count(2, timeout=20_000)
    expect(rows.filter(has_text="new.pdf")).to_have_count(0)
    assert page.evaluate("window.sameDocument")
    assert all("422" in error for error in console_errors)
    console_errors.clear()


def test_a_merged_file_can_be_declared_another_document_with_a_reason(
    reviews: ReviewDesk, page: Page, tmp_path: Path
) -> None:
    """ID-31."""
    reviews.read(MEER)
    again = tmp_path / "again.pdf"
    again.write_bytes(draw(MEER))
    reviews.sign_in(page)
    page.goto(f"{reviews.address}/incoming")
    page.set_input_files("#files", str(again))
    page.get_by_role("button", name="Not a duplicate").click()
    page.get_by_label("Reason").fill("A second delivery with the same paper")
    page.get_by_role("dialog").get_by_role("button", name="Not a duplicate").click()
    expect(page.locator("#uploads tr")).to_contain_text("Received")
    reviews.run_jobs()
    page.goto(f"{reviews.address}/incoming")
    expect(page.locator("#rows tr[data-row]")).to_have_count(2)


def test_dragged_files_are_shown_where_to_let_go(reviews: ReviewDesk, page: Page) -> None:
    reviews.sign_in(page)
    page.goto(f"{reviews.address}/incoming")
    page.wait_for_selector("html[data-ready]")
    page.evaluate(
        """() => {
            const carried = new DataTransfer();
            carried.items.add(new File(["x"], "x.pdf"));
            document.body.dispatchEvent(new DragEvent("dragenter", { dataTransfer: carried, bubbles: true }));
        }"""
    )
    expect(page.get_by_text("Drop to add files")).to_be_visible()
    expect(page.get_by_text("PDF, XML, TIFF, JPEG or PNG, up to 25 MB each")).to_be_visible()


def test_who_may_not_add_files_is_told_why(reviews: ReviewDesk, page: Page) -> None:
    reviews.sign_in(page, Role.AUDITOR)
    page.goto(f"{reviews.address}/incoming")
    page.get_by_role("button", name="Add files").click(force=True)
    expect(page.locator(".toast")).to_contain_text("Needs a role: AP clerk or bookkeeper")


def test_rows_are_moved_through_selected_and_opened_by_keys(reviews: ReviewDesk, page: Page) -> None:
    for number in range(3):
        reviews.read(replace(MEER, number=f"F{number}"))
    reviews.sign_in(page)
    page.goto(f"{reviews.address}/incoming")
    page.wait_for_selector("html[data-ready]")
    shown = names(page)
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("#bulk-count")).to_have_text("2 selected")
    expect(page.locator("tr.cur")).to_have_attribute("data-row", shown[2])
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/incoming/{shown[1]}**")


def test_selected_documents_are_parked_together_and_taken_back_by_undo(
    reviews: ReviewDesk, page: Page
) -> None:
    """ux.md §11 test 12."""
    for number in range(3):
        reviews.desk.add_incoming(invoice_number=f"F{number}")
    reviews.sign_in(page)
    page.goto(f"{reviews.address}/incoming")
    page.wait_for_selector("html[data-ready]")
    page.get_by_label("Select all on this page").check()
    page.keyboard.press("p")
    page.get_by_label("Waiting for").fill("the delivery")
    page.get_by_role("button", name="Park 3 documents").click()
    expect(page.locator("#rows tr[data-row]")).to_have_count(0)
    expect(page.locator(".views [data-count='view.parked']")).to_have_text("3")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#rows tr[data-row]")).to_have_count(3)
    expect(page.locator(".views [data-count='view.parked']")).to_have_text("0")


def test_rejecting_asks_for_a_reason(reviews: ReviewDesk, page: Page) -> None:
    number = reviews.read(MEER)
    reviews.sign_in(page)
    page.goto(f"{reviews.address}/incoming")
    page.wait_for_selector("html[data-ready]")
    page.keyboard.press("d")
    page.get_by_role("button", name="Reject 1 document").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.get_by_label("Reason").fill("Not ordered by us")
    page.get_by_role("button", name="Reject 1 document").click()
    expect(page.locator("#rows tr[data-row]")).to_have_count(0)
    page.goto(f"{reviews.address}/incoming?view=all")
    expect(page.locator(f"tr[data-row={number}]")).to_contain_text("Rejected")


def test_a_document_is_handed_to_a_colleague(reviews: ReviewDesk, page: Page) -> None:
    reviews.desk.add_incoming()
    reviews.sign_in(page)
    page.goto(f"{reviews.address}/incoming")
    page.wait_for_selector("html[data-ready]")
    page.keyboard.press("a")
    page.get_by_role("dialog").get_by_role("combobox").select_option("bea")
    page.get_by_role("button", name="Assign 1 document").click()
    expect(page.get_by_role("img", name="Bea Mulder")).to_be_visible()


def test_new_documents_wait_behind_a_button_while_the_list_is_looked_at(
    reviews: ReviewDesk, page: Page
) -> None:
    """ux.md §11 test 10: they do not move rows under the cursor."""
    for number in range(3):
        reviews.desk.add_incoming(invoice_number=f"F{number}")
    reviews.sign_in(page)
    page.goto(f"{reviews.address}/incoming")
    page.wait_for_selector("#live-state[data-state=live]")
    before = names(page)
    page.locator("#rows tr").first.hover()
    reviews.desk.add_incoming(invoice_number="F9")
    button = page.get_by_role("button", name="1 new, show")
    expect(button).to_be_visible(timeout=15_000)
    assert names(page) == before
    button.click()
    expect(page.locator("#rows tr[data-row]")).to_have_count(4)


def test_sixty_rows_come_at_once_and_the_rest_by_scrolling(reviews: ReviewDesk, page: Page) -> None:
    for number in range(MANY):
        reviews.desk.add_incoming(invoice_number=f"F{number}")
    reviews.sign_in(page)
    page.goto(f"{reviews.address}/incoming")
    assert page.locator("#rows tr[data-row]").count() == 60
    page.locator("#list").evaluate("list => list.scrollTo(0, list.scrollHeight)")
    expect(page.locator("#rows tr[data-row]")).to_have_count(MANY)
    assert len(set(names(page))) == MANY


def test_the_preview_shows_the_page_and_every_reason(reviews: ReviewDesk, page: Page) -> None:
    number = reviews.read(MEER)
    reviews.sign_in(page)
    page.goto(f"{reviews.address}/incoming?view=all")
    peek = page.locator("#peek")
    expect(peek).to_contain_text(number)
    expect(peek.get_by_role("img")).to_have_js_property("complete", True)
    expect(peek).to_contain_text("2026-01187")


def test_every_way_into_a_document_keeps_the_view(
    reviews: ReviewDesk, page: Page, console_errors: list[str]
) -> None:
    """ux.md §5.3: "next" stays in the view one came from."""
    for number in range(3):
        reviews.desk.add_incoming(
            invoice_number=f"F{number}", worst_code="why.doubtful", worst_severity="check", open_reasons=1
        )
    reviews.sign_in(page)
    reviews.open(page, "/incoming?view=exceptions")
    shown = names(page)
    links = page.locator("#rows .vend a, #start, #peek a.btn.primary")
    expect(links).to_have_count(5)
    paths = links.evaluate_all("all => all.map(link => link.getAttribute('href'))")
    assert all(path.endswith("?view=exceptions") for path in paths)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/incoming/{shown[1]}?view=exceptions")
    expect(page.locator("main")).to_contain_text("2 of 3")
    page.goto("about:blank")  # what the page still asked for is answered or given up then
    assert all("404" in error for error in console_errors), "these documents have no file to show"
    console_errors.clear()


def test_filters_are_chips_that_are_set_and_taken_away(reviews: ReviewDesk, page: Page) -> None:
    """ux.md §5.2: each stands in the address, so that a list can be kept as a bookmark."""
    reviews.desk.add_incoming(invoice_number="A-1")
    reviews.desk.add_incoming(invoice_number="A-2", vendor_no="V002", total_gross=Decimal("1500.00"))
    reviews.desk.add_incoming(
        invoice_number="A-3",
        vendor_no="V002",
        worst_code="problem.INC_IBAN_NEW",
        worst_values=to_json({"printed": "NL91ABNA0417164300", "card": "–"}),
        worst_severity="stop",
        open_reasons=1,
    )
    rows, bar = page.locator("#rows tr[data-row]"), page.locator("#filters")
    reviews.sign_in(page)
    reviews.open(page, "/incoming")
    bar.get_by_text("Vendor").click()
    page.keyboard.press("Escape")
    expect(bar.get_by_role("link", name="Hofstede Verpakking B.V. 2")).to_be_hidden()
    bar.get_by_text("Vendor").click()
    bar.get_by_role("link", name="Hofstede Verpakking B.V. 2").click()
    expect(rows).to_have_count(2)
    bar.get_by_text("Why").click()
    bar.get_by_role("link", name="Bank account differs 1").click()
    expect(rows).to_have_count(1)
    page.reload()
    expect(rows).to_contain_text("A-3")
    bar.get_by_text("Amount").click()
    bar.get_by_label("At least").fill("200,00")
    bar.get_by_role("button", name="Show").click()
    expect(rows).to_have_count(0)
    expect(page.locator("#empty")).to_contain_text("Nothing here fits the filters.")
    bar.get_by_role("link", name="Why: Bank account differs").click()
    expect(rows).to_contain_text("A-2")
    bar.get_by_text("Received").click()
    bar.get_by_role("link", name="last 7 days").click()
    expect(rows).to_have_count(1)
    assert page.url.endswith("/incoming?vendor=V002&least=200%2C00&days=7")
    page.goto(f"{page.url}&until=2020-01-01")
    page.get_by_role("link", name="Clear filters (3)").click()
    expect(page).to_have_url(f"{reviews.address}/incoming")
    expect(rows).to_have_count(3)


def test_a_filter_holds_while_the_list_follows_the_news(reviews: ReviewDesk, page: Page) -> None:
    reviews.desk.add_incoming(invoice_number="A-1")
    reviews.sign_in(page)
    page.goto(f"{reviews.address}/incoming?vendor=V001")
    page.wait_for_selector("#live-state[data-state=live]")
    reviews.desk.add_incoming(invoice_number="B-1", vendor_no="V002")
    reviews.desk.add_incoming(invoice_number="A-2")
    expect(page.locator("#rows tr[data-row]")).to_have_count(2, timeout=15_000)
    expect(page.locator("#rows")).not_to_contain_text("B-1")


def test_a_search_keeps_the_view_and_says_what_was_found(reviews: ReviewDesk, page: Page) -> None:
    reviews.desk.add_incoming(invoice_number="ABC-1")
    reviews.desk.add_incoming(invoice_number="XYZ-2")
    reviews.sign_in(page)
    page.goto(f"{reviews.address}/incoming?view=all")
    page.wait_for_selector("html[data-ready]")
    page.keyboard.press("/")
    page.keyboard.type("xyz")
    page.keyboard.press("Enter")
    page.wait_for_url("**search=xyz**")
    expect(page.locator("#rows tr[data-row]")).to_have_count(1)
    page.get_by_role("link", name="Clear search").click()
    expect(page.locator("#rows tr[data-row]")).to_have_count(2)
