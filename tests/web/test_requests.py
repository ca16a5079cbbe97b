"""Checks 27 to 29 and 37: forged writes, headers, hostile names, wildcards, files that are no invoices."""

import re

import pytest

from core.master.users import Role
from core.master.vendors import NewVendor, create_vendor
from tests.desk import SETTER, TestDesk
from tests.web.test_rights import declared, fill
from tests.web.visitor import JSON, Visitor, codes, visit

PAYLOADS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'-alert(1)-'",
    "{{ 7*7 }}",
    "</textarea><svg/onload=alert(1)>",
    "javascript:alert(1)",
)
PAGES = (
    "/",
    "/incoming?view=all",
    "/vendors",
    "/vendors/V001",
    "/invoices",
    "/ledger",
    "/items",
    "/preferences",
)


@pytest.fixture
def clerk_no(desk: TestDesk) -> str:
    return desk.add_user(Role.CLERK)


def test_a_write_without_the_token_of_the_session_is_refused_everywhere(
    desk: TestDesk, address: str, clerk_no: str
) -> None:
    desk.add_user(Role.BOOKKEEPER)
    with visit(address, clerk_no) as clerk, visit(address, "bea") as bookkeeper:
        for route in declared():
            if route.method == "GET" or route.public:
                continue
            path = fill(route.path)
            for token in ("", "x", clerk.token):
                answer = bookkeeper.client.request(route.method, path, headers={"x-csrf-token": token} | JSON)
                assert answer.status_code == 403, path
                assert codes(answer)[0] in ("csrf_refused", "right_missing"), path


def test_a_plain_form_carries_the_token_as_a_field(address: str, clerk_no: str) -> None:
    form = {"language": "nl", "theme": "dark", "density": "normal"}
    with visit(address, clerk_no) as clerk:
        assert clerk.client.post("/preferences", data=form).status_code == 403
        saved = clerk.client.post("/preferences", data=form | {"csrf": clerk.token})
        assert saved.status_code == 303
        page = clerk.get("/preferences")
    assert '<html lang="nl" data-theme="dark">' in page.text
    assert "Voorkeuren opgeslagen." in page.text


@pytest.mark.parametrize(
    "headers",
    [{"origin": "https://evil.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}],
)
def test_a_write_from_another_site_is_refused_even_with_the_token(
    address: str, clerk_no: str, headers: dict[str, str]
) -> None:
    with visit(address, clerk_no) as clerk:
        assert codes(clerk.post("/logout", **headers)) == ["other_site_refused"]
        assert clerk.get("/").status_code == 200


def test_signing_in_needs_the_token_of_the_sign_in_page(stranger: Visitor, clerk_no: str) -> None:
    assert codes(stranger.post("/login", {"user_no": clerk_no})) == ["csrf_refused"]


def test_every_answer_carries_the_security_headers(desk: TestDesk, address: str, clerk_no: str) -> None:
    desk.add_incoming()
    with visit(address, clerk_no) as clerk:
        answers = [
            clerk.get(path)
            for path in (*PAGES, "/users", "/nowhere", "/static/js/desk.js", "/static/nothing", "/api/find")
        ]
        answers += [clerk.post("/nowhere"), clerk.get("/health"), clerk.get("/login")]
    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "unsafe-inline" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert answer.headers["cross-origin-opener-policy"] == "same-origin"
        assert "camera=()" in answer.headers["permissions-policy"]


def test_pages_are_not_kept_by_caches(address: str, clerk_no: str) -> None:
    with visit(address, clerk_no) as clerk:
        assert clerk.get("/vendors").headers["cache-control"] == "no-store"


def test_no_page_has_a_script_or_style_of_its_own(desk: TestDesk, address: str, clerk_no: str) -> None:
    """The policy would block it; so nothing may rely on it."""
    desk.add_incoming(worst_code="why.doubtful", worst_severity="check", open_reasons=2)
    with visit(address, clerk_no) as clerk:
        for path in PAGES:
            html = clerk.get(path).text
            assert not re.search(r"<[^>]+\s(style|on\w+)=", html), path
            for script in re.findall(r"<script[^>]*>", html):
                assert "src=" in script or 'type="application/json"' in script, path


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_names_are_shown_as_text(desk: TestDesk, address: str, clerk_no: str, payload: str) -> None:
    desk.add_incoming(seller_name=payload, description=payload, vendor_no=None, invoice_number=payload)
    desk.add_refusal("x.pdf", "INC_FILE_KIND", name=payload)
    with desk.runtime.work(SETTER) as work:
        vendor_no = create_vendor(work, NewVendor(name=payload, city=payload)).vendor_no
    with visit(address, clerk_no) as clerk:
        pages = [
            clerk.get(path).text
            for path in (
                "/",
                "/incoming?view=all",
                "/vendors",
                f"/vendors/{vendor_no}",
                "/incoming?view=failed",
            )
        ]
        pages.append(clerk.get("/incoming-nothing/" + payload.replace("/", "")).text)
        pages.append(clerk.client.get("/vendors", params={"search": payload}).text)
        pages.append(clerk.client.get("/incoming", params={"search": payload, "view": "all"}).text)
    for html in pages:
        assert "<script>alert" not in html
        assert "<img src=x" not in html
        assert "<svg/onload" not in html
        assert ">49<" not in html


def test_the_stream_of_news_is_no_page_to_who_may_not_have_it(
    desk: TestDesk, stranger: Visitor, address: str
) -> None:
    """204 makes a browser stop asking; a page of HTML would be an error in its console."""
    stream = {"accept": "text/event-stream"}
    newcomer = desk.add_user(Role.CLERK, must_change_password=True)
    with visit(address, newcomer) as visitor:
        answers = [stranger.get("/live", **stream), visitor.get("/live", **stream)]
    assert [(answer.status_code, answer.content) for answer in answers] == [(204, b"")] * 2


@pytest.mark.parametrize(
    "words", ["least=much", "most=1.2.3.4x", "days=2", "since=yesterday", "until=2026-13-01", "view=none"]
)
def test_a_filter_that_nobody_understands_is_a_page_that_is_not_there(
    address: str, clerk_no: str, words: str
) -> None:
    with visit(address, clerk_no) as clerk:
        assert clerk.get(f"/incoming?{words}").status_code == 404


@pytest.mark.parametrize("part", ["pages/1.png", "pages/1.png?sharp=1", "pages/1/words.json"])
def test_a_document_without_a_file_has_no_pages(
    desk: TestDesk, address: str, clerk_no: str, part: str
) -> None:
    number = desk.add_incoming()
    with visit(address, clerk_no) as clerk:
        answer = clerk.get(f"/incoming/{number}/{part}", **JSON)
        shown = clerk.get(f"/incoming/{number}/{part}")
    assert (answer.status_code, codes(answer)) == (404, ["not_found"])
    assert (shown.status_code, "There is nothing at this address" in shown.text) == (404, True)


@pytest.mark.parametrize("wildcard", ["%", "_", "%%", "V_%", "\\", "'", "' OR 1=1 --"])
def test_a_wildcard_in_a_search_matches_nobody(
    desk: TestDesk, address: str, clerk_no: str, wildcard: str
) -> None:
    """Check 29: what is typed is looked for as it stands."""
    desk.add_incoming()
    with visit(address, clerk_no) as clerk:
        found = clerk.client.get("/api/find", params={"text": wildcard}).json()
        vendors = clerk.client.get("/vendors", params={"search": wildcard}).text
        ledger = clerk.client.get("/ledger", params={"search": wildcard}).text
        invoices = clerk.client.get("/invoices", params={"search": wildcard}).text
    assert found == {"groups": []}
    assert "V001" not in vendors
    assert "No entries here" in ledger
    assert "No invoice here has" in invoices


def test_an_empty_file_is_refused_with_the_reason_and_stays_listed(address: str, clerk_no: str) -> None:
    with visit(address, clerk_no) as clerk:
        answer = clerk.upload("leeg.pdf", b"")
        listed = clerk.get("/incoming?view=failed").text
    assert answer.status_code == 422
    assert "empty" in answer.json()["refused"]
    assert "leeg.pdf" in listed


def test_a_file_over_the_limit_is_refused_before_it_is_read(address: str, clerk_no: str) -> None:
    with visit(address, clerk_no) as clerk:
        answer = clerk.upload("groot.pdf", b"%PDF-1.7" + bytes(27 * 1024 * 1024))
    assert answer.status_code == 413
    assert codes(answer) == ["request_too_large"]


def test_a_form_is_never_larger_than_a_form(address: str, clerk_no: str) -> None:
    with visit(address, clerk_no) as clerk:
        assert clerk.post("/preferences", {"language": "x" * 2_000_000}).status_code == 413


def test_the_same_file_again_is_merged_and_leads_to_the_first(address: str, clerk_no: str) -> None:
    """ID-31: the same bytes are not read twice."""
    with visit(address, clerk_no) as clerk:
        first = clerk.upload("factuur.pdf", b"%PDF-1.4 the same bytes").json()
        again = clerk.upload("factuur (1).pdf", b"%PDF-1.4 the same bytes").json()
    assert again["word"] == "merged"
    assert again["first"] == first["incoming_no"]


@pytest.mark.parametrize(
    "name", ["..%2F..%2Fetc%2Fpasswd.pdf", "a%00b.pdf", "%E2%80%AEfdp.exe.pdf", "x" * 900]
)
def test_a_hostile_file_name_loses_its_folders_and_controls(address: str, clerk_no: str, name: str) -> None:
    with visit(address, clerk_no) as clerk:
        taken = clerk.upload(name, b"%PDF-1.4 x").json()
        page = clerk.get("/incoming?view=all").text
    assert taken["incoming_no"].startswith("IN-")
    for hostile in ("../", "etc/", "\x00", "\u202e"):
        assert hostile not in page


def test_an_address_that_is_not_there_offers_a_search_with_the_number_typed(
    address: str, clerk_no: str
) -> None:
    with visit(address, clerk_no) as clerk:
        answer = clerk.get("/vendors/V999")
        nowhere = clerk.get("/invoice/PPI-0042")
    assert answer.status_code == nowhere.status_code == 404
    assert 'name="doc" value="PPI-0042"' in nowhere.text


def test_a_view_that_does_not_exist_is_not_found(address: str, clerk_no: str) -> None:
    with visit(address, clerk_no) as clerk:
        for path in ("/incoming?view=x", "/incoming?sort=x", "/invoices?view=x", "/ledger?since=31-31-2026"):
            assert clerk.get(path).status_code == 404, path
