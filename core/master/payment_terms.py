"""Payment terms: when an invoice is due and how long a discount can be had (PU-55 to PU-57)."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import Boolean, String
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, Percent
from core.errors import refuse
from core.work import Work

_TERM = re.compile(r"(?P<count>\d{1,4})(?P<unit>[DWMY])|(?P<end>CM)|D(?P<day>\d{1,2})")


class PaymentTerms(Base):
    """Formulas are counted from the document date, in plain calendar days: `30D`, `CM`, `1M+CM`, `CM+D10`."""

    __tablename__ = "payment_terms"

    code: Mapped[str] = mapped_column(String(10), primary_key=True)
    description: Mapped[str | None] = mapped_column(String(100))
    due_formula: Mapped[str] = mapped_column(String(30))
    discount_formula: Mapped[str | None] = mapped_column(String(30))
    discount_percent: Mapped[Percent] = mapped_column(default=Decimal(0))
    discount_on_credit_memos: Mapped[bool] = mapped_column(Boolean, default=False)


@dataclass(frozen=True, slots=True)
class PaymentDates:
    """What payment terms make of a document date. Without discount `discount_date` is None."""

    due_date: date
    discount_date: date | None = None
    discount_percent: Decimal = Decimal(0)


def find_payment_terms(work: Work, code: str | None) -> PaymentTerms | None:
    """The payment terms with this code."""
    return work.session.get(PaymentTerms, code) if code else None


def payment_dates(
    terms: PaymentTerms | None, document_date: date, *, is_credit: bool = False
) -> PaymentDates:
    """Due date and discount from the **document** date.

    Without terms, and for a credit memo whose terms give no discount on them, it is due on that date (PU-56).
    """
    if terms is None or (is_credit and not terms.discount_on_credit_memos):
        return PaymentDates(document_date)
    due = shift(document_date, terms.due_formula)
    if terms.discount_percent == 0:
        return PaymentDates(due)
    return PaymentDates(due, shift(document_date, terms.discount_formula or ""), terms.discount_percent)


def shift(start: date, formula: str) -> date:
    """The date that a formula gives, its terms applied from left to right.

    `nD nW nM nY` go forward, `CM` to the end of the month, `Dn` to the next day n of a month after the date.
    A month too short for the day gives its last day. Raises `date_formula_syntax`.
    """
    result = start
    for position, term in enumerate(formula.split("+") if formula else []):
        match = _TERM.fullmatch(term)
        if match is None:
            raise refuse("date_formula_syntax", field="due_formula", text=formula, position=position + 1)
        result = _apply(result, match)
    return result


def _apply(start: date, term: re.Match[str]) -> date:
    if term["end"]:
        return start.replace(day=monthrange(start.year, start.month)[1])
    if term["day"]:
        wanted = int(term["day"])
        same_month = _on_day(start.year, start.month, wanted)
        return same_month if same_month > start else _on_day(*_months_later(start, 1), wanted)
    count = int(term["count"])
    if term["unit"] in "DW":
        return start + timedelta(days=count * (7 if term["unit"] == "W" else 1))
    return _on_day(*_months_later(start, count * (12 if term["unit"] == "Y" else 1)), start.day)


def _months_later(start: date, months: int) -> tuple[int, int]:
    years, month = divmod(start.month - 1 + months, 12)
    return start.year + years, month + 1


def _on_day(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, monthrange(year, month)[1]))
