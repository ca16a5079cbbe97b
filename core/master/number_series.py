"""Number series: numbers without gaps, taken in the transaction that uses them (PU-31 to PU-35)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import Boolean, ColumnElement, ForeignKey, String, and_, select
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base
from core.errors import DomainError, Problem, Term
from core.work import Work

MAX_LENGTH = 20


class Purpose(StrEnum):
    """What a number is for; setup names one series for each (PU-8, PU-37)."""

    VENDOR = "vendor"
    ITEM = "item"
    INCOMING = "incoming"
    INVOICE = "invoice"
    CREDIT_MEMO = "credit_memo"
    POSTED_INVOICE = "posted_invoice"
    RECEIPT = "receipt"
    POSTED_CREDIT_MEMO = "posted_credit_memo"
    RETURN_SHIPMENT = "return_shipment"
    PAYMENT = "payment"
    QUOTE = "quote"
    ORDER = "order"
    RETURN_ORDER = "return_order"
    CUSTOMER = "customer"
    SALES_ORDER = "sales_order"
    SALES_INVOICE = "sales_invoice"
    SALES_SHIPMENT = "sales_shipment"
    POSTED_SALES_INVOICE = "posted_sales_invoice"
    ITEM_JOURNAL = "item_journal"


class NumberSeries(Base):
    """A series of numbers. `default_nos`: given by itself; `manual_nos`: a number may be typed instead."""

    __tablename__ = "number_series"

    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    description: Mapped[str | None] = mapped_column(String(100))
    default_nos: Mapped[bool] = mapped_column(Boolean, default=True)
    manual_nos: Mapped[bool] = mapped_column(Boolean, default=False)
    date_order: Mapped[bool] = mapped_column(Boolean, default=False)


class NumberSeriesLine(Base):
    """One run of numbers of a series, from a date on. Its row is the counter, and is locked to count."""

    __tablename__ = "number_series_line"

    series_code: Mapped[str] = mapped_column(ForeignKey("number_series.code"), primary_key=True)
    line_no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    starting_date: Mapped[date | None]
    starting_no: Mapped[str] = mapped_column(String(MAX_LENGTH))
    ending_no: Mapped[str | None] = mapped_column(String(MAX_LENGTH))
    warning_no: Mapped[str | None] = mapped_column(String(MAX_LENGTH))
    increment: Mapped[int] = mapped_column(default=1)
    last_no_used: Mapped[str | None] = mapped_column(String(MAX_LENGTH))
    last_date_used: Mapped[date | None]
    is_open: Mapped[bool] = mapped_column(Boolean, default=True)


class SeriesUse(Base):
    """Which series gives the numbers for a purpose."""

    __tablename__ = "series_use"

    purpose: Mapped[str] = mapped_column(String(30), primary_key=True)
    series_code: Mapped[str] = mapped_column(ForeignKey("number_series.code"))


def find_series(work: Work, purpose: Purpose) -> NumberSeries | None:
    """The series for a purpose, or None when setup names none."""
    use = work.session.get(SeriesUse, purpose.value)
    return work.session.get(NumberSeries, use.series_code) if use else None


def share_series(work: Work, first: Purpose, second: Purpose) -> bool:
    """Whether two purposes have one series, so that a draft's number is the posted number too (PU-37)."""
    codes = work.once(_all_counters).codes
    return first.value in codes and codes[first.value] == codes.get(second.value)


def number_for(work: Work, purpose: Purpose, on: date) -> str:
    """Take the next number for a purpose. Raises what `next_number` raises, and `series_not_set`."""
    found = _counters(work, SeriesUse.purpose == purpose.value, locked=True)
    if purpose.value not in found.codes:
        raise DomainError([_not_set(purpose)])
    return _take(work, found, [(found.codes[purpose.value], on)])[0]


def take_numbers(work: Work, wanted: Sequence[tuple[Purpose, date]]) -> list[str]:
    """Take the next number for each purpose and date, in this order within a series.

    All counter rows are locked at once in the order of their series, so that two who need several never wait
    for each other; they are held until the commit. Raises `series_not_set` and what `next_number` raises.
    """
    if not wanted:
        return []
    known = work.once(_all_counters)
    for purpose, _ in wanted:
        if purpose.value not in known.codes:
            raise DomainError([_not_set(purpose)])
    lines = _locked(work, {known.codes[purpose.value] for purpose, _ in wanted})
    found = _Counters(lines, known.codes, known.ordered)
    return _take(work, found, [(found.codes[purpose.value], on) for purpose, on in wanted])


def next_number(work: Work, series_code: str, on: date) -> str:
    """Take the next number of a series for the date of its use.

    The counter row is locked and advanced in this transaction, so a rollback gives the number back (PU-33)
    and others wait: take it last. Raises `series_no_line_for_date`, `series_exhausted`, `series_date_order`.
    """
    found = _counters(work, NumberSeries.code == series_code, locked=True)
    return _take(work, found, [(series_code, on)])[0]


def series_problems(work: Work, purpose: Purpose, on: date) -> list[Problem]:
    """What would keep the next number from being taken, and a warning near the end. Locks nothing."""
    return numbers_problems(work, [(purpose, on)])


def numbers_problems(work: Work, wanted: Sequence[tuple[Purpose, date]]) -> list[Problem]:
    """The same for several purposes, read in one go."""
    if not wanted:
        return []
    found = work.once(_all_counters)
    problems = []
    for purpose, on in wanted:
        code = found.codes.get(purpose.value)
        problems += [_not_set(purpose)] if code is None else _problems(found, code, on)
    return problems


def _not_set(purpose: Purpose) -> Problem:
    return Problem("series_not_set", {"purpose": Term(f"series_{purpose.value}")})


@dataclass(frozen=True, slots=True)
class _Counters:
    """The open counter rows of some series, which purpose has which, and which follow the dates of use."""

    lines: Sequence[NumberSeriesLine]
    codes: Mapping[str, str]
    ordered: frozenset[str]


def _all_counters(work: Work) -> _Counters:
    """All series in use, read once in a transaction; whoever counts locks the lines and reads them afresh.

    What this transaction counted is seen, because its session holds each line once.
    """
    return _counters(work, SeriesUse.purpose.is_not(None), locked=False)


def _counters(work: Work, wanted: ColumnElement[bool], *, locked: bool) -> _Counters:
    """Read series with their open lines, the lines locked in a fixed order if that is asked."""
    is_open = NumberSeriesLine.is_open
    query = (
        select(NumberSeries.code, NumberSeries.date_order, SeriesUse.purpose, NumberSeriesLine)
        .outerjoin(SeriesUse, SeriesUse.series_code == NumberSeries.code)
        .outerjoin(NumberSeriesLine, and_(NumberSeriesLine.series_code == NumberSeries.code, is_open))
        .where(wanted)
        .order_by(NumberSeries.code, NumberSeriesLine.line_no)
        .execution_options(populate_existing=locked)
    )
    rows = work.session.execute(query).all()
    codes = {purpose: code for code, _, purpose, _ in rows if purpose is not None}
    ordered = frozenset(code for code, date_order, _, _ in rows if date_order)
    lines = {(line.series_code, line.line_no): line for _, _, _, line in rows if line is not None}
    if locked:
        return _Counters(_locked(work, {code for code, _, _, _ in rows}), codes, ordered)
    return _Counters(list(lines.values()), codes, ordered)


def _locked(work: Work, codes: set[str]) -> list[NumberSeriesLine]:
    query = (
        select(NumberSeriesLine)
        .where(NumberSeriesLine.series_code.in_(codes), NumberSeriesLine.is_open)
        .order_by(NumberSeriesLine.series_code, NumberSeriesLine.line_no)
        .execution_options(populate_existing=True)
    )
    return list(work.session.scalars(query.with_for_update()))


def _take(work: Work, found: _Counters, wanted: Sequence[tuple[str, date]]) -> list[str]:
    numbers = []
    for code, on in wanted:
        line = _line_on(found.lines, code, on)
        errors = [problem for problem in _problems(found, code, on) if problem.severity == "error"]
        if line is None or errors:
            raise DomainError(errors)
        number = _following(line)
        line.last_no_used = number
        line.last_date_used = max(on, line.last_date_used or on)
        line.is_open = number != line.ending_no
        numbers.append(number)
    work.session.flush()
    return numbers


def next_after(number: str, increment: int = 1) -> str:
    """The number after this one: its last group of digits counts on and keeps its width (PU-31)."""
    match = re.fullmatch(r"(.*?)(\d+)(\D*)", number, re.DOTALL)
    assert match is not None, f"{number} has no digits to count on"
    before, digits, after = match.groups()
    return f"{before}{int(digits) + increment:0{len(digits)}d}{after}"


def _line_on(lines: Sequence[NumberSeriesLine], code: str, on: date) -> NumberSeriesLine | None:
    """The open line with the latest starting date that has begun; among equals the lowest (PU-32)."""
    begun = [
        line
        for line in lines
        if line.series_code == code and line.is_open and (line.starting_date or date.min) <= on
    ]
    return max(begun, key=lambda line: (line.starting_date or date.min, -line.line_no), default=None)


def _following(line: NumberSeriesLine) -> str:
    if line.last_no_used is None:
        return line.starting_no
    return next_after(line.last_no_used, line.increment)


def _problems(found: _Counters, series_code: str, on: date) -> list[Problem]:
    line = _line_on(found.lines, series_code, on)
    if line is None:
        return [Problem("series_no_line_for_date", {"series": series_code, "date": on})]
    number = _following(line)
    if len(number) > MAX_LENGTH or (line.ending_no and _is_past(number, line.ending_no)):
        return [Problem("series_exhausted", {"series": series_code, "no": line.last_no_used or number})]
    if series_code in found.ordered and line.last_date_used and on < line.last_date_used:
        return [Problem("series_date_order", {"series": series_code, "date": line.last_date_used})]
    if line.warning_no and (number == line.warning_no or _is_past(number, line.warning_no)):
        return [Problem("series_nearly_exhausted", {"series": series_code, "no": number}, severity="warning")]
    return []


def _is_past(number: str, limit: str) -> bool:
    return (len(number), number) > (len(limit), limit)
