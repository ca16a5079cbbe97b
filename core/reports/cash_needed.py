"""When cash is needed: what is open to vendors by the week in which it falls due (PO §8.1, PO-155)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from core.money import total
from core.reports.figures import open_invoices
from core.work import Work

WEEK = timedelta(days=7)
SUNDAY = timedelta(days=6)


@dataclass(frozen=True, slots=True)
class DueSpan:
    """Due dates from `first` to `last`, both included; None is open on that side."""

    first: date | None = None
    last: date | None = None

    def holds(self, day: date) -> bool:
        """Whether a due date falls into the span."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class CashDue:
    """Open invoices that fall due in a span: how many, and what they come to in local currency."""

    span: DueSpan
    count: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class CashNeeded:
    """What is overdue, what each week needs beginning with this one, and all that is due later.

    The parts add up to the open invoices of the home page; open credit memos are not set off.
    """

    overdue: CashDue
    weeks: tuple[CashDue, ...]
    later: CashDue


def cash_needed(work: Work, weeks: int = 6) -> CashNeeded:
    """Open invoices by due date, as of today. What is due today belongs to this week, not to the overdue."""
    monday = monday_of(work.today)
    spans = [week_span(work.today, monday + number * WEEK) for number in range(weeks)]
    entries = [(entry.due_date, entry.amount) for entry in open_invoices(work)]

    def due(span: DueSpan) -> CashDue:
        amounts = [amount for day, amount in entries if span.holds(day)]
        return CashDue(span, len(amounts), total(amounts))

    return CashNeeded(
        overdue=due(overdue_span(work.today)),
        weeks=tuple(due(span) for span in spans),
        later=due(DueSpan(first=monday + weeks * WEEK)),
    )


def overdue_span(today: date) -> DueSpan:
    """Everything due before today (PO-155)."""
    return DueSpan(last=today - timedelta(days=1))


def week_span(today: date, monday: date) -> DueSpan:
    """The week from this Monday to its Sunday; of the present week what is left of it."""
    return DueSpan(max(monday, today) if monday <= today <= monday + SUNDAY else monday, monday + SUNDAY)


def monday_of(day: date) -> date:
    """The Monday of the week of a day."""
    return day - timedelta(days=day.weekday())
