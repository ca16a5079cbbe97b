"""What the checks of a reconciliation have in common: differences, and how sums are compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import Select, func, select

from core.ledgers.general import GLEntry
from core.master.accounts import Account, Control
from core.money import ZERO
from core.work import Work


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that should be equal and is not. `first_row` is where to look: a table and its key."""

    check: str
    key: str
    expected: str
    actual: str
    first_row: str


def control_by_transaction(work: Work, control: Control) -> dict[str, Decimal]:
    """What was posted on a kind of control account, per transaction."""
    query = (
        select(GLEntry.transaction_no, func.sum(GLEntry.amount_lcy))
        .join(Account, Account.account_no == GLEntry.account_no)
        .where(Account.control == control)
        .group_by(GLEntry.transaction_no)
    )
    return sums(work, query)


def sums(work: Work, query: Select[int, Decimal]) -> dict[str, Decimal]:
    """A query of transaction numbers and amounts as amounts by transaction."""
    return {f"transaction {number}": amount or ZERO for number, amount in work.session.execute(query)}


def compared(
    work: Work, check: str, subledger: Mapping[str, Decimal], accounts: Mapping[str, Decimal]
) -> Iterator[Difference]:
    """Every transaction in which a subledger and its accounts differ."""
    for key in _ordered({*subledger, *accounts}):
        expected, actual = subledger.get(key, ZERO), accounts.get(key, ZERO)
        if expected != actual:
            number = _number(key)
            first = work.session.scalar(
                select(func.min(GLEntry.entry_no)).where(GLEntry.transaction_no == number)
            )
            row = f"gl_entry {first}" if first is not None else f"register {number}"
            yield Difference(check, key, shown(expected), shown(actual), row)


def _ordered(keys: Iterable[str]) -> list[str]:
    return sorted(keys, key=lambda key: (_number(key), key))


def _number(key: str) -> int:
    return int(key.removeprefix("transaction ").partition(",")[0])


def shown(amount: Decimal) -> str:
    """An amount without surplus zeros."""
    return format(Decimal(amount).normalize(), "f")


def account_balances(
    work: Work, check: str, groups: Mapping[str, Decimal], account_of: Mapping[str, str | None]
) -> Iterator[Difference]:
    """Every account whose balance is not the sum of the groups that lead to it."""
    expected: dict[str, Decimal] = {}
    for code, amount in groups.items():
        account_no = account_of.get(code) or "?"
        expected[account_no] = expected.get(account_no, ZERO) + amount
    for account_no, amount in sorted(expected.items()):
        balance = work.session.scalar(
            select(func.sum(GLEntry.amount_lcy)).where(GLEntry.account_no == account_no)
        )
        if (balance or ZERO) != amount:
            key = f"account {account_no}"
            yield Difference(check, key, shown(amount), shown(balance or ZERO), key)
