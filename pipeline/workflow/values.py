"""The values of one document as they count now: read, corrected or defaulted, by their key."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from sqlalchemy import select

from core.work import Work
from pipeline.incoming import IncomingDocument, IncomingField

SURE = 0.95
CHECK = 0.60
"""Thresholds of ux.md §5.3: at least SURE is sure, at least CHECK is to be checked, less is missing."""

_LENGTHS = {
    "seller.name": 100,
    "order_reference": 20,
    "payment_reference": 140,
    "buyer.name": 100,
}
_IDENTIFIERS = {"invoice_number": 35, "seller.vat_id": 30, "payment_iban": 34, "seller.iban": 34}
_LINE_KEY = re.compile(r"lines\.(\d+)\.(\w+)$")
_VAT_KEY = re.compile(r"vat_breakdown\.(\d+)\.(\w+)$")


@dataclass(frozen=True, slots=True)
class Values:
    """The fields of a document by key. Typed access: an amount or date that is none gives None (ID-35)."""

    rows: Mapping[str, IncomingField]

    @classmethod
    def of(cls, work: Work, document: IncomingDocument) -> Values:
        """All fields of the record."""
        rows = work.session.scalars(select(IncomingField).where(IncomingField.incoming_id == document.id))
        return cls({row.key: row for row in rows})

    def row(self, key: str) -> IncomingField | None:
        """The field itself."""
        return self.rows.get(key)

    def text(self, key: str) -> str | None:
        """The value, or None when it is empty."""
        row = self.rows.get(key)
        return (row.value or None) if row else None

    def amount(self, key: str) -> Decimal | None:
        """The value as an exact number."""
        return as_amount(self.text(key))

    def day(self, key: str) -> date | None:
        """The value as a date."""
        return as_day(self.text(key))

    def lines(self) -> list[Mapping[str, str]]:
        """The lines as read, in order, each with its non-empty values by column."""
        return [row for _, row in self._grouped(_LINE_KEY)]

    def line_indexes(self) -> list[int]:
        """The indexes of the lines as read: the number in their keys."""
        return [index for index, _ in self._grouped(_LINE_KEY)]

    def vat_breakdown(self) -> list[tuple[int, Mapping[str, str]]]:
        """The VAT per rate as read, each with the index in its keys."""
        return list(self._grouped(_VAT_KEY))

    def _grouped(self, pattern: re.Pattern[str]) -> Iterator[tuple[int, Mapping[str, str]]]:
        groups: dict[int, dict[str, str]] = {}
        for key, row in self.rows.items():
            found = pattern.match(key)
            if found and row.value:
                groups.setdefault(int(found[1]), {})[found[2]] = row.value
        for index in sorted(groups):
            yield index, groups[index]


def as_amount(value: str | None) -> Decimal | None:
    """A plain decimal text as a number, at most 13 digits before the mark; None for anything else."""
    try:
        amount = Decimal(value or "")
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and abs(amount) < Decimal(10) ** 13 else None


def as_day(value: str | None) -> date | None:
    """An ISO date; None for anything else."""
    try:
        return date.fromisoformat(value or "")
    except ValueError:
        return None


def fits(key: str, value: str) -> str | None:
    """The value as its field holds it (ID-2): text is cut, an identifier that is too long stays empty."""
    if key in _IDENTIFIERS:
        return value if len(value) <= _IDENTIFIERS[key] else None
    return value[: _LENGTHS.get(key, 1000)]
