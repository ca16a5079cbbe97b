"""Check 34: every address × every role, as declared, from the router itself; deny by default."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.responses import Response
from starlette.routing import Mount

from core.master.rights import RIGHTS, Right
from core.master.users import Role, UserRole
from tests.desk import PEOPLE, SETTER, TestDesk, open_desk, serving
from tests.web.visitor import JSON, Visitor, visit
from web.app import routers
from web.auth import Declaration
from web.routing import Desk, DeskRequest, GuardedRoute, Undeclared

PUBLIC = {("GET", "/login"), ("POST", "/login"), ("GET", "/health")}
ENDS_THE_SESSION = ("/logout", "/logout/everywhere", "/password")
SAMPLES = {
    "no": "IN-26-000001",
    "incoming_no": "IN-26-000001",
    "vendor_no": "V001",
    "user_no": "nobody",
    "posted_no": "PPI-0001",
    "page": "1",
    "page_no": "1",
    "step": "unpark",
    "refusal_id": "1",
}


def declared() -> list[Declaration]:
    return [declaration for router in routers() for declaration in router.declared]


@pytest.fixture(scope="module")
def shared_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestDesk]:
    folder = tmp_path_factory.mktemp("rights")
    desk = open_desk(folder, f"sqlite:///{folder / 'books.sqlite'}")
    for role in PEOPLE:
        desk.add_user(role)
    give_the_machine_a_desk(desk)
    desk.add_incoming()
    yield desk
    desk.runtime.close()


def give_the_machine_a_desk(desk: TestDesk) -> None:
    """No page can do this (S6): the row is written past the rules, to see that it would help nobody."""
    desk.add_user(Role.APPROVER, user_no="robot")
    with desk.runtime.work(SETTER) as work:
        row = work.session.get_one(UserRole, ("robot", Role.APPROVER.value))
        row.role = Role.MACHINE.value


@pytest.fixture(scope="module")
def shared_address(shared_desk: TestDesk) -> Iterator[str]:
    with serving(shared_desk.app) as address:
        yield address


def test_every_route_of_the_application_declares_its_right(desk: TestDesk) -> None:
    for route in desk.app.routes:
        if isinstance(route, Mount):
            assert route.path == "/static"
        else:
            assert isinstance(route, GuardedRoute), f"{route} was added past web/routing.py"


def test_only_signing_in_and_the_health_check_are_public() -> None:
    assert {(each.method, each.path) for each in declared() if each.public} == PUBLIC


def test_a_route_without_a_right_is_refused_when_its_module_is_imported() -> None:
    router = Desk()
    with pytest.raises(Undeclared):
        router.page("/secret")
    with pytest.raises(Undeclared):
        router.api("GET", "/secret", right=Right.DESK_USE, public=True)


def test_no_two_routes_have_the_same_address() -> None:
    addresses = [(each.method, each.path) for each in declared()]
    assert len(addresses) == len(set(addresses))


@pytest.mark.parametrize("role", list(Role))
def test_each_address_is_open_to_a_role_exactly_as_declared(role: Role, shared_address: str) -> None:
    user_no = "robot" if role is Role.MACHINE else PEOPLE[role][0]
    wrong = []
    with visit(shared_address, user_no) as visitor:
        for route in sorted(declared(), key=lambda each: each.path in ENDS_THE_SESSION):
            if route.public:
                continue
            if route.path in ENDS_THE_SESSION:
                visitor.sign_in(user_no)
            status = ask(visitor, route)
            may = route.right in RIGHTS[role]
            if may == (status in (401, 403)):
                wrong.append(f"{route.method} {route.path} answered {status}")
    assert wrong == []


def test_a_stranger_is_sent_to_the_sign_in_or_refused(shared_address: str) -> None:
    with visit(shared_address) as stranger:
        for route in declared():
            if route.public:
                continue
            assert ask(stranger, route) == 401, route.path
            if route.kind == "page":
                answer = stranger.get(fill(route.path))
                assert answer.status_code == 303
                assert answer.headers["location"].startswith("/login")


def test_a_refusal_names_the_missing_right_and_who_can_give_it(shared_address: str) -> None:
    with visit(shared_address, PEOPLE[Role.CLERK][0]) as clerk:
        page = clerk.get("/users")
    assert page.status_code == 403
    assert "see users" in page.text
    assert "auditor or administrator" in page.text


def test_a_right_taken_away_counts_at_once(tmp_path: Path, sqlite_url: str) -> None:
    desk = open_desk(tmp_path, sqlite_url)
    desk.add_user(Role.CLERK)
    with serving(desk.app) as address, visit(address, "kim") as clerk:
        assert clerk.get("/incoming").status_code == 200
        with desk.runtime.work(SETTER) as work:
            work.session.get_one(UserRole, ("kim", Role.CLERK.value)).role = Role.APPROVER.value
        assert clerk.get("/incoming").status_code == 403


def test_an_administrator_sees_that_documents_are_here_but_not_what_is_in_them(shared_address: str) -> None:
    with visit(shared_address, PEOPLE[Role.ADMINISTRATOR][0]) as administrator:
        page = administrator.get("/incoming?view=all")
        assert "IN-26-000001" in page.text
        for secret in ("Van der Meer", "2026-01187", "121.00"):
            assert secret not in page.text
        found = administrator.get("/api/find?text=Meer").json()
    assert found == {"groups": []}


def test_a_mistake_in_the_program_is_answered_with_a_reference_and_saves_nothing(
    desk: TestDesk, capsys: pytest.CaptureFixture[str]
) -> None:
    add_broken_page(desk.app)
    desk.add_user(Role.CLERK)
    with serving(desk.app) as address, visit(address, "kim") as clerk:
        answer = clerk.get("/broken")
    reference = answer.text.split("ref. ")[1][:6]
    assert answer.status_code == 500
    assert "secret detail" not in answer.text
    assert reference in capsys.readouterr().out
    assert answer.headers["x-content-type-options"] == "nosniff"


def add_broken_page(app: FastAPI) -> None:
    router = Desk()

    @router.page("/broken", right=Right.DESK_USE)
    def broken(desk: DeskRequest) -> Response:
        raise RuntimeError("secret detail")

    app.router.routes.extend(router.router.routes)


def ask(visitor: Visitor, route: Declaration) -> int:
    """The status of the answer to a request with nothing in it; a stream is left at once."""
    headers = {"x-csrf-token": visitor.token} | JSON
    with visitor.client.stream(route.method, fill(route.path), headers=headers) as answer:
        return answer.status_code


def fill(path: str) -> str:
    """The address with a sample for each of its parameters."""
    for name, sample in SAMPLES.items():
        path = path.replace(f"{{{name}}}", sample)
    return path.replace("{id}", "1")
