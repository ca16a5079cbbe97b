"""Check 37: signing in, waiting after wrong tries, how sessions end, and what the cookies are like."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from core.master.users import Role, SignInThrottle, User, WebSession, reset_password
from tests.desk import PASSWORD, SETTER, TestDesk, make_settings, open_desk, serving
from tests.web.visitor import Visitor, codes, visit

WRONG = "not the right password"


def age_sessions(desk: TestDesk, *, idle: timedelta, old: timedelta) -> None:
    """Turn the clock of every session on."""
    with desk.runtime.work(SETTER) as work:
        for session in work.session.scalars(select(WebSession)):
            session.last_seen_at = work.now - idle
            session.created_at = work.now - old


def end_waits(desk: TestDesk) -> None:
    """Let the wait be over without waiting."""
    with desk.runtime.work(SETTER) as work:
        work.session.execute(update(SignInThrottle).values(wait_until=None))


def test_the_right_name_and_password_open_the_desk_on_both_databases(
    tmp_path: Path, migrated_url: str
) -> None:
    desk = open_desk(tmp_path, migrated_url)
    desk.add_user(Role.CLERK)
    with serving(desk.app) as address, visit(address, "kim") as clerk:
        assert clerk.get("/").status_code == 200
        assert clerk.get("/incoming").status_code == 200
        assert clerk.get("/vendors").status_code == 200
    desk.runtime.close()


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(desk: TestDesk, stranger: Visitor) -> None:
    desk.add_user(Role.CLERK)
    wrong, unknown = stranger.sign_in("kim", WRONG), stranger.sign_in("nobody", WRONG)
    assert wrong.status_code == unknown.status_code == 422
    assert wrong.json() == unknown.json()


def test_both_answers_cost_a_verified_hash(desk: TestDesk) -> None:
    """No user enumeration by time: an unknown name is verified against a hash of the same cost."""
    desk.add_user(Role.CLERK)
    with desk.runtime.reading(SETTER) as work:
        stored = work.session.get_one(User, "kim").password_hash
    assert stored.startswith("$argon2id$")
    parameters = stored.split("$")[3]
    assert desk.first_try("nobody").password_hash.split("$")[3] == parameters


def test_the_fifth_wrong_try_starts_a_wait_that_even_the_right_password_must_sit_out(
    desk: TestDesk, stranger: Visitor
) -> None:
    desk.add_user(Role.CLERK)
    for _ in range(5):
        assert codes(stranger.sign_in("kim", WRONG)) == ["sign_in_wrong"]
    refused = stranger.sign_in("kim", PASSWORD)
    assert codes(refused) == ["sign_in_wait"]
    assert re.search(r"Wait \d+ seconds", refused.json()["problems"][0]["text"])
    end_waits(desk)
    assert stranger.sign_in("kim", PASSWORD).status_code == 200


def test_an_unknown_name_has_to_wait_just_as_long(desk: TestDesk, stranger: Visitor) -> None:
    for _ in range(5):
        stranger.sign_in("nobody", WRONG)
    assert codes(stranger.sign_in("nobody", WRONG)) == ["sign_in_wait"]


def test_signing_in_gives_a_new_session_whatever_the_browser_had_before(
    desk: TestDesk, stranger: Visitor
) -> None:
    desk.add_user(Role.CLERK)
    stranger.client.cookies.set("inkoop_session", "planted by somebody else", domain="127.0.0.1")
    stranger.client.cookies.clear()
    stranger.sign_in("kim")
    first = stranger.cookie("inkoop_session")
    stranger.client.cookies.clear()
    stranger.sign_in("kim")
    assert first
    assert stranger.cookie("inkoop_session") not in (None, first, "planted by somebody else")


def test_the_cookie_holds_a_random_id_and_the_database_only_its_hash(
    desk: TestDesk, stranger: Visitor
) -> None:
    desk.add_user(Role.CLERK)
    answer = stranger.sign_in("kim")
    cookie = next(
        line for line in answer.headers.get_list("set-cookie") if line.startswith("inkoop_session=")
    )
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    with desk.runtime.reading(SETTER) as work:
        stored = work.session.scalars(select(WebSession)).one()
        assert len(stored.id_hash) == 64
        assert stored.id_hash not in cookie
        assert "kim" not in cookie


def test_behind_https_the_cookie_never_travels_otherwise(tmp_path: Path, sqlite_url: str) -> None:
    settings = make_settings(tmp_path, sqlite_url, secure_cookies=True)
    desk = open_desk(tmp_path, sqlite_url, settings=settings)
    with serving(desk.app) as address, visit(address) as stranger:
        answer = stranger.get("/login")
    assert all("Secure" in line for line in answer.headers.get_list("set-cookie"))


def test_a_cookie_that_was_changed_opens_nothing(desk: TestDesk, address: str) -> None:
    desk.add_user(Role.CLERK)
    with visit(address, "kim") as clerk:
        cookie = clerk.cookie("inkoop_session") or ""
        clerk.client.cookies.clear()
        clerk.client.cookies.set("inkoop_session", cookie[:-2] + "AA", domain="127.0.0.1")
        assert clerk.get("/").headers["location"] == "/login"


@pytest.mark.parametrize(
    ("idle", "old", "is_open"),
    [
        (timedelta(minutes=29), timedelta(hours=11), True),
        (timedelta(minutes=31), timedelta(hours=1), False),
        (timedelta(minutes=1), timedelta(hours=12, minutes=1), False),
    ],
)
def test_a_session_ends_after_30_idle_minutes_and_after_12_hours(
    desk: TestDesk, address: str, idle: timedelta, old: timedelta, is_open: bool
) -> None:
    desk.add_user(Role.CLERK)
    with visit(address, "kim") as clerk:
        age_sessions(desk, idle=idle, old=old)
        assert (clerk.get("/").status_code == 200) is is_open


def test_signing_out_ends_the_session_also_for_who_kept_the_cookie(desk: TestDesk, address: str) -> None:
    desk.add_user(Role.CLERK)
    with visit(address, "kim") as clerk:
        cookie = clerk.cookie("inkoop_session") or ""
        assert clerk.post("/logout").status_code == 200
        clerk.client.cookies.set("inkoop_session", cookie, domain="127.0.0.1")
        assert clerk.get("/").status_code == 303


def test_signing_out_everywhere_ends_every_session_of_the_user(desk: TestDesk, address: str) -> None:
    desk.add_user(Role.CLERK)
    with visit(address, "kim") as here, visit(address, "kim") as there:
        here.post("/logout/everywhere")
        assert there.get("/").status_code == 303


def test_a_one_time_password_must_be_changed_before_anything_else(desk: TestDesk, address: str) -> None:
    desk.add_user(Role.CLERK, must_change_password=True)
    with visit(address, "kim") as clerk:
        assert clerk.get("/incoming").headers["location"] == "/password"
        assert codes(clerk.post("/preferences")) == ["password_must_change"]
        form = {"old": PASSWORD, "new": "a sentence of my own"}
        assert clerk.post("/password", form).json()["location"] == "/"
        assert clerk.get("/incoming").status_code == 200


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (WRONG, "a sentence of my own", "password_wrong"),
        (PASSWORD, PASSWORD, "password_same"),
        (PASSWORD, "short", "password_short"),
        (PASSWORD, "x" * 300, "password_long"),
        (PASSWORD, "kimkimkimkim", "password_is_name"),
    ],
)
def test_a_new_password_is_refused_with_the_reason(
    desk: TestDesk, address: str, old: str, new: str, code: str
) -> None:
    desk.add_user(Role.CLERK)
    with visit(address, "kim") as clerk:
        assert codes(clerk.post("/password", {"old": old, "new": new})) == [code]


def test_changing_the_password_ends_the_other_sessions(desk: TestDesk, address: str) -> None:
    desk.add_user(Role.CLERK)
    with visit(address, "kim") as here, visit(address, "kim") as there:
        here.post("/password", {"old": PASSWORD, "new": "a sentence of my own"})
        assert here.get("/").status_code == 200
        assert there.get("/").status_code == 303


def test_a_reset_by_the_administrator_signs_the_user_out(desk: TestDesk, address: str) -> None:
    desk.add_user(Role.CLERK)
    with visit(address, "kim") as clerk:
        with desk.runtime.work(SETTER) as work:
            password = reset_password(work, "kim")
        assert clerk.get("/").status_code == 303
        assert clerk.sign_in("kim", password).status_code == 200
        assert clerk.get("/").headers["location"] == "/password"


@pytest.mark.parametrize(
    "path", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "\n/x"]
)
def test_signing_in_leads_to_a_page_of_the_desk_only(desk: TestDesk, stranger: Visitor, path: str) -> None:
    desk.add_user(Role.CLERK)
    stranger.sign_in("nobody", WRONG)
    answer = stranger.post("/login", {"user_no": "kim", "password": PASSWORD, "next": path})
    assert answer.json()["location"] == "/"


def test_after_signing_in_the_page_that_was_asked_for_opens(desk: TestDesk, stranger: Visitor) -> None:
    desk.add_user(Role.CLERK)
    asked = stranger.get("/incoming?view=parked")
    assert asked.headers["location"] == "/login?next=/incoming%3Fview%3Dparked"
