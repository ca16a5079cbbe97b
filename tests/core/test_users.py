"""Users: the growing wait, roles that nobody gives themselves (S4), passwords."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from core.database import make_engine
from core.errors import DomainError
from core.master.users import (
    FREE_FAILURES,
    MustWait,
    Role,
    SignInThrottle,
    authenticate,
    begin_sign_in,
    create_user,
    find_user,
    one_time_password,
    reset_password,
    roles_of,
    set_active,
    set_roles,
    verify,
)
from core.work import Actor
from tests.books import Books

ADMINISTRATOR = Actor("adam", "Adam", frozenset({"administrator"}))
PASSWORD = "correct horse battery"


@pytest.fixture
def people(migrated_url: str) -> Books:
    """Books with an administrator and a clerk."""
    engine: Engine = make_engine(migrated_url)
    books = Books(engine, ADMINISTRATOR)
    with books.work() as work:
        create_user(work, "adam", "Adam Vos", [Role.ADMINISTRATOR], PASSWORD)
        create_user(work, "Kim", "Kim Bakker", [Role.CLERK], PASSWORD)
    return books


def refused(books: Books, act: object) -> str:
    with pytest.raises(DomainError) as caught, books.work() as work:
        act(work)  # type: ignore[operator]
    return caught.value.code


def test_the_wait_grows_from_the_fifth_wrong_try_to_a_quarter_of_an_hour(people: Books) -> None:
    waits = []
    for _ in range(11):
        with people.work() as work:
            begin_sign_in(work, "kim", "10.0.0.1")
            row = work.session.get_one(SignInThrottle, "user:kim")
            waits.append(0 if row.wait_until is None else (row.wait_until - work.now).seconds)
            row.wait_until = work.session.get_one(SignInThrottle, "address:10.0.0.1").wait_until = None
    assert waits == [0] * FREE_FAILURES + [15, 30, 60, 120, 240, 900, 900]


def test_an_address_waits_too_whatever_names_it_tries(people: Books) -> None:
    with people.work() as work:
        for number in range(5):
            begin_sign_in(work, f"name{number}", "10.0.0.9")
        assert isinstance(begin_sign_in(work, "kim", "10.0.0.9"), MustWait)
        assert not isinstance(begin_sign_in(work, "kim", "10.0.0.10"), MustWait)


def test_the_right_password_makes_the_earlier_failures_forgotten(people: Books) -> None:
    with people.work() as work:
        for _ in range(3):
            assert authenticate(work, "kim", "wrong", "10.0.0.1") is None
        user = authenticate(work, " KIM ", PASSWORD, "10.0.0.1")
        assert user is not None
        assert work.session.get(SignInThrottle, "user:kim") is None


def test_failures_are_forgotten_after_a_day(people: Books) -> None:
    with people.work() as work:
        for _ in range(3):
            begin_sign_in(work, "kim", "10.0.0.1")
        row = work.session.get_one(SignInThrottle, "user:kim")
        row.last_failed_at = work.now - timedelta(hours=25)
        begin_sign_in(work, "kim", "10.0.0.1")
        assert row.failures == 1


def test_nobody_changes_their_own_roles(people: Books) -> None:
    assert refused(people, lambda work: set_roles(work, "adam", [Role.TREASURER])) == "own_roles"


def test_nobody_closes_their_own_account(people: Books) -> None:
    assert refused(people, lambda work: set_active(work, "adam", is_active=False)) == "own_account"


def test_the_last_administrator_stays(people: Books) -> None:
    other = Books(people.engine, Actor("eve", "Eve", frozenset({"administrator"})))
    assert refused(other, lambda work: set_roles(work, "adam", [Role.CLERK])) == "last_administrator"
    assert refused(other, lambda work: set_active(work, "adam", is_active=False)) == "last_administrator"


def test_roles_add_up(people: Books) -> None:
    with people.work() as work:
        set_roles(work, "kim", [Role.CLERK, Role.PURCHASER])
        assert roles_of(work, "kim") == {Role.CLERK, Role.PURCHASER}


@pytest.mark.parametrize(
    ("user_no", "name", "roles", "password", "code"),
    [
        ("kim", "Kim", [Role.CLERK], PASSWORD, "user_exists"),
        ("machine", "M", [Role.CLERK], PASSWORD, "user_exists"),
        ("a b", "A", [Role.CLERK], PASSWORD, "user_no_unusable"),
        ("", "A", [Role.CLERK], PASSWORD, "user_no_unusable"),
        ("ann", " ", [Role.CLERK], PASSWORD, "user_name_missing"),
        ("ann", "Ann", [], PASSWORD, "roles_missing"),
        ("ann", "Ann", [Role.MACHINE], PASSWORD, "machine_role"),
        ("ann", "Ann", [Role.CLERK], "short", "password_short"),
    ],
)
def test_a_user_that_cannot_be_is_refused(  # noqa: PLR0917 - a column of the table each
    people: Books, user_no: str, name: str, roles: list[Role], password: str, code: str
) -> None:
    assert refused(people, lambda work: create_user(work, user_no, name, roles, password)) == code


def test_a_reset_gives_a_one_time_password_that_must_be_changed(people: Books) -> None:
    with people.work() as work:
        password = reset_password(work, "kim")
        user = find_user(work, "kim")
        assert user is not None
        assert user.must_change_password
        assert verify(user.password_hash, password)
        assert not verify(user.password_hash, PASSWORD)


def test_a_closed_account_does_not_open_with_the_right_password(people: Books) -> None:
    with people.work() as work:
        set_active(work, "kim", is_active=False)
        assert authenticate(work, "kim", PASSWORD) is None


def test_one_time_passwords_differ_and_can_be_read_aloud() -> None:
    made = {one_time_password() for _ in range(50)}
    assert len(made) == 50
    assert all(len(password) == 19 and not set(password) & set("0O1lI") for password in made)
