"""The chart "Cash needed by week" of the home page: bars that open the lists behind them, and a table."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from core.money import ZERO
from core.reports.cash_needed import CashDue, CashNeeded, monday_of
from web.charts import place
from web.view import DeskContext

WIDTH = 400
BASE = 198
TOP = 30
BAR = 38
THOUSAND = Decimal(1000)
IN_THOUSANDS_FROM = 10 * THOUSAND


@dataclass(frozen=True, slots=True)
class CashBar:
    """One bar: place and size, the amount on it, the name under it, and the list that it opens."""

    kind: str
    x: str
    y: str
    height: str
    middle: str
    label_y: str
    amount: str
    name: str
    label: str
    path: str


@dataclass(frozen=True, slots=True)
class _Scale:
    most: Decimal
    is_thousands: bool
    currency: str


@dataclass(frozen=True, slots=True)
class CashChart:
    """The bars, the unit of their amounts, and rows of the table: name, count, amount and list."""

    bars: list[CashBar]
    unit: str
    label: str
    rows: list[tuple[str, int, str, str]]


def cash_chart(desk: DeskContext, needed: CashNeeded, currency: str) -> CashChart | None:
    """The chart; None when nothing is open. What is due later than its weeks stands in the table only."""
    parts = [needed.overdue, *needed.weeks]
    if not any(part.count for part in (*parts, needed.later)):
        return None
    most = max(part.amount for part in parts)
    scale = _Scale(most, most >= IN_THOUSANDS_FROM, currency)
    step = Decimal(WIDTH - BAR) / (len(parts) - 1)
    named = [(_name(desk, needed, part), part) for part in parts]
    bars = [_bar(desk, scale, step * number, name, part) for number, (name, part) in enumerate(named)]
    table = [*named, (desk.text("home.cash_later"), needed.later)]
    weeks = [_week(part) for part in needed.weeks]
    return CashChart(
        bars=bars,
        unit=desk.text("home.cash_thousand" if scale.is_thousands else "home.cash_unit", currency=currency),
        label=desk.text("home.cash_label", first=weeks[0], last=weeks[-1]),
        rows=[(name, part.count, desk.formats.amount(part.amount), _path(part)) for name, part in table],
    )


def _bar(desk: DeskContext, scale: _Scale, x: Decimal, name: str, part: CashDue) -> CashBar:
    height = (BASE - TOP) * max(part.amount, ZERO) / scale.most if scale.most > 0 else ZERO
    if part.count:
        height = max(height, Decimal(2))
    formats = desk.formats
    written = (
        formats.quantity(round(part.amount / THOUSAND, 1))
        if scale.is_thousands
        else formats.whole(part.amount)
    )
    return CashBar(
        kind="late" if part.span.first is None else "touchless",
        x=place(x),
        y=place(BASE - height),
        height=place(height),
        middle=place(x + BAR // 2),
        label_y=place(BASE - height - 5),
        amount=written if part.count else "",
        name=name,
        label=desk.text(
            "home.cash_bar",
            name=name,
            currency=scale.currency,
            amount=formats.amount(part.amount),
            n=part.count,
        ),
        path=_path(part) if part.count else "",
    )


def _name(desk: DeskContext, needed: CashNeeded, part: CashDue) -> str:
    if part is needed.overdue:
        return desk.text("home.cash_overdue")
    return desk.text("home.cash_week", week=_week(part)) if part is needed.weeks[0] else str(_week(part))


def _week(part: CashDue) -> int:
    assert part.span.last is not None
    return part.span.last.isocalendar().week


def _path(part: CashDue) -> str:
    """The list behind a part; none for what is later than the weeks."""
    if part.span.last is None:
        return ""
    due = "overdue" if part.span.first is None else monday_of(part.span.first).isoformat()
    return f"/invoices?view=posted&due={due}"
