"""The authorisation matrix: who may do what, and that nobody may by accident."""

import pytest

from core.errors import DomainError
from core.master.rights import RIGHTS, Right, may, require, roles_with
from core.master.users import Role
from core.work import MACHINE, Actor


def actor(*roles: Role) -> Actor:
    return Actor("x", "X", frozenset(role.value for role in roles))


def test_every_role_stands_in_the_matrix() -> None:
    assert set(RIGHTS) == set(Role)


def test_every_right_is_somebodys() -> None:
    assert all(roles_with(right) for right in Right)


@pytest.mark.parametrize(
    ("right", "roles"),
    [
        (Right.INCOMING_WORK, {Role.CLERK, Role.BOOKKEEPER, Role.MACHINE}),
        (Right.INVOICE_POST, {Role.BOOKKEEPER, Role.MACHINE}),
        (Right.VENDOR_CREATE, {Role.CLERK, Role.BOOKKEEPER}),
        (Right.VENDOR_APPROVE, {Role.BOOKKEEPER}),
        (Right.BANK_ACCOUNT_CONFIRM, {Role.BOOKKEEPER}),
        (Right.USER_WORK, {Role.ADMINISTRATOR}),
        (Right.LEDGER_READ, {Role.CLERK, Role.BOOKKEEPER, Role.TREASURER, Role.AUDITOR, Role.MACHINE}),
    ],
)
def test_a_right_belongs_to_exactly_these_roles(right: Right, roles: set[Role]) -> None:
    assert {role for role, rights in RIGHTS.items() if right in rights} == roles


def test_the_auditor_changes_nothing() -> None:
    assert all(right.value.endswith(("_read", "_list", "_use")) for right in RIGHTS[Role.AUDITOR])


def test_an_administrator_decides_on_no_money_and_reads_no_document() -> None:
    """S4."""
    forbidden = {Right.INVOICE_POST, Right.VENDOR_APPROVE, Right.INCOMING_READ, Right.LEDGER_READ}
    assert not forbidden & RIGHTS[Role.ADMINISTRATOR]


def test_the_machine_creates_no_vendor_and_approves_nothing() -> None:
    """S6."""
    forbidden = {Right.VENDOR_CREATE, Right.VENDOR_APPROVE, Right.BANK_ACCOUNT_REQUEST, Right.DESK_USE}
    assert not any(may(MACHINE, right) for right in forbidden)


def test_rights_of_several_roles_add_up() -> None:
    both = actor(Role.APPROVER, Role.TREASURER)
    assert may(both, Right.LEDGER_READ)
    assert may(both, Right.VENDOR_READ)
    assert not may(both, Right.INVOICE_POST)


def test_a_role_that_nobody_knows_has_no_right() -> None:
    assert not any(may(Actor("x", "X", frozenset({"boss"})), right) for right in Right)


def test_a_refusal_says_which_right_and_which_roles() -> None:
    with pytest.raises(DomainError) as caught:
        require(actor(Role.CLERK), Right.INVOICE_POST)
    assert caught.value.problems[0].values == {"right": "invoice_post", "roles": "bookkeeper"}
