"""What posting a document would write, ledger by ledger, as its card shows it (PU-178)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.errors import Problem
from core.money import ZERO
from core.posting.preview import Preview
from web.view import DeskContext


@dataclass(frozen=True, slots=True)
class Ledger:
    """One ledger: headings (a `>` marks a column of numbers) and rows of texts."""

    key: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem with the place it can be mended at."""

    text: str
    is_warning: bool


class PreviewScreen:
    """A preview for one user."""

    def __init__(self, desk: DeskContext, preview: Preview) -> None:
        self._desk = desk
        self._preview = preview
        self.findings = [self._finding(problem) for problem in preview.problems]

    @property
    def debit(self) -> str:
        """What the general ledger would be debited."""
        return self._desk.formats.amount(_sum(row.debit for row in self._preview.general))

    @property
    def credit(self) -> str:
        """What the general ledger would be credited."""
        return self._desk.formats.amount(_sum(row.credit for row in self._preview.general))

    @property
    def ledgers(self) -> list[Ledger]:
        """Every ledger that would get entries."""
        made = (self._general(), self._vat(), self._vendor(), self._items(), self._values())
        return [ledger for ledger in made if ledger.rows]

    def _finding(self, problem: Problem) -> Finding:
        text = self._desk.problem_text(problem)
        if problem.line_no is not None:
            line = self._desk.text("posted.column.line")
            text = f"{line} {problem.line_no}: {text}"
        return Finding(text, problem.severity == "warning")

    def _general(self) -> Ledger:
        amount = self._desk.formats.amount
        rows = tuple(
            (
                f"{row.account_no} {self._desk.in_language(row.account_name, row.account_name_nl)}",
                row.description,
                amount(row.debit) if row.debit else "",
                amount(row.credit) if row.credit else "",
            )
            for row in self._preview.general
        )
        return self._ledger("general", ("account", "description", "debit>", "credit>"), rows)

    def _vat(self) -> Ledger:
        formats = self._desk.formats
        rows = tuple(
            (
                row.identifier,
                formats.percent(row.percent),
                formats.amount(row.base),
                formats.amount(row.amount),
            )
            for row in self._preview.vat
        )
        return self._ledger("vat", ("vat_group", "rate>", "base>", "vat_amount>"), rows)

    def _vendor(self) -> Ledger:
        formats = self._desk.formats
        rows = tuple(
            (
                f"{row.vendor_no} {row.vendor_name}",
                formats.date(row.due_date),
                row.currency_code or "",
                formats.amount(row.amount),
            )
            for row in self._preview.vendor
        )
        return self._ledger("vendor", ("vendor", "due", "currency", "amount>"), rows)

    def _items(self) -> Ledger:
        rows = tuple(
            (row.item_no, row.description, self._desk.formats.quantity(row.quantity))
            for row in self._preview.item
        )
        return self._ledger("item", ("item", "description", "quantity>"), rows)

    def _values(self) -> Ledger:
        formats = self._desk.formats
        rows = tuple(
            (row.item_no, formats.quantity(row.quantity), formats.amount(row.cost))
            for row in self._preview.value
        )
        return self._ledger("value", ("item", "quantity>", "cost>"), rows)

    def _ledger(self, key: str, headings: Sequence[str], rows: tuple[tuple[str, ...], ...]) -> Ledger:
        return Ledger(key, tuple(headings), rows)


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, ZERO)
