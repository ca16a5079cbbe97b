"""Home: what waits, what is at risk, and where to start, in five seconds (ux.md §5.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from fastapi.responses import Response

from core.master.company import get_company
from core.master.rights import Right
from core.master.users import list_users
from core.master.vendors import find_vendors
from core.money import ZERO, round_to, total
from core.reports.cash_needed import cash_needed
from core.reports.figures import HomeFigures, home_figures
from core.reports.inventory_valuation import inventory_valuation
from core.work import Work
from pipeline.workflow.listing import counts, list_incoming
from pipeline.workflow.listing_view import IncomingRow, View
from pipeline.workflow.throughput import by_day, oldest_in_review, touchless_rate
from web.cash_chart import CashChart, cash_chart
from web.charts import DayChart, day_chart, share_widths
from web.reasons import short_reason
from web.routing import Desk, DeskRequest
from web.view import DeskContext

router = Desk()
FIRST_ROWS = 7
LOOKED_THROUGH = 300
DAYS_SHOWN = 14
TOUCHLESS_SPAN = timedelta(days=30)
PATH = (
    View.PROCESSING,
    View.NEEDS_REVIEW,
    View.PARKED,
    View.IN_APPROVAL,
    View.READY_TO_POST,
    View.POSTED_TODAY,
)
SHAPES = {"stop": "stop", "check": "todo"}


@dataclass(frozen=True, slots=True)
class Cue:
    """One big number, which opens the list that adds up to it. `count_key` lets news change it."""

    name: str
    value: str
    detail: str
    path: str
    unit: str = ""
    count_key: str = ""
    is_stop: bool = False
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class FirstRow:
    """One document of "Look at these first"."""

    incoming_no: str
    path: str
    vendor: str
    why: str
    shape: str
    amount: str
    waiting: str
    with_name: str
    with_initials: str


@dataclass(frozen=True, slots=True)
class Step:
    """One of the steps of a new company."""

    name: str
    path: str
    is_done: bool


@dataclass(frozen=True, slots=True)
class MonthBar:
    """Purchases of one month: the bar's width of 300, and the amount."""

    name: str
    amount: str
    width: str
    is_now: bool


@dataclass(frozen=True, slots=True)
class StockPart:
    """One inventory group of the stock value."""

    name: str
    percent: str
    amount: str
    x: str
    width: str


@dataclass(frozen=True, slots=True)
class Money:
    """Purchases by month and the stock value, both in local currency."""

    title: str
    this_month: str
    months: list[MonthBar]
    stock_value: str
    stock: list[StockPart]


@dataclass(frozen=True, slots=True)
class HomeView:
    """Everything on the page; what the user may not see is empty."""

    today: str
    currency: str
    cues: list[Cue]
    path: list[tuple[str, int]]
    failed: int
    exceptions: int
    first: list[FirstRow]
    days: DayChart | None
    steps: list[Step]
    processing: int
    cash: CashChart | None
    money: Money | None


@router.page("/", right=Right.DESK_USE)
def home(desk: DeskRequest) -> Response:
    """The home page: what a role may not see is not on it."""
    with desk.reading() as work:
        view = _home_view(desk, work)
    return desk.render("home.html", h=view)


def _home_view(desk: DeskContext, work: Work) -> HomeView:
    counted = counts(work) if desk.may(Right.INCOMING_LIST) else {}
    week = work.today.isocalendar().week
    currency = get_company(work).local_currency
    figures = home_figures(work) if desk.may(Right.LEDGER_READ) else None
    cues = _work_cues(desk, work, counted)
    if figures is not None:
        cues[3:3] = [_payables_cue(desk, figures, currency, work.today)]
    return HomeView(
        today=desk.text("home.today", date=desk.formats.long_date(work.today), week=week),
        currency=currency,
        cues=cues,
        path=[(view.value, counted[view]) for view in PATH if counted],
        failed=counted.get(View.FAILED, 0),
        exceptions=counted.get(View.EXCEPTIONS, 0),
        first=_look_first(desk, work) if desk.may(Right.INCOMING_READ) else [],
        days=_days(desk, work) if counted.get(View.ALL) else None,
        steps=_steps(desk, work, counted) if counted and not counted[View.ALL] else [],
        processing=counted.get(View.PROCESSING, 0),
        cash=None if figures is None else cash_chart(desk, cash_needed(work), currency),
        money=None if figures is None else _money(desk, work, figures),
    )


def _work_cues(desk: DeskContext, work: Work, counted: Mapping[View, int]) -> list[Cue]:
    if not counted:
        return []
    oldest = oldest_in_review(work)
    waits = desk.text("home.oldest", age=desk.formats.age(oldest)) if oldest else desk.text("home.none_waits")
    rate = touchless_rate(work, work.now - TOUCHLESS_SPAN)
    before = touchless_rate(work, work.now - 2 * TOUCHLESS_SPAN, work.now - TOUCHLESS_SPAN)
    return [
        _count_cue(desk, View.NEEDS_REVIEW, counted, waits),
        _count_cue(desk, View.EXCEPTIONS, counted, desk.text("home.exceptions_are"), is_stop=True),
        _count_cue(desk, View.READY_TO_POST, counted, desk.text("home.ready_is")),
        Cue(
            name=desk.text("home.touchless"),
            value="–" if rate.percent is None else f"{rate.percent}%",
            detail=_trend(desk, rate.percent, before.percent, rate.done),
            path="/incoming?view=all",
        ),
    ]


def _payables_cue(desk: DeskContext, figures: HomeFigures, currency: str, today: date) -> Cue:
    if figures.overdue.count:
        oldest = (today - figures.oldest_overdue).days if figures.oldest_overdue else 0
        return Cue(
            name=desk.text("home.overdue"),
            value=desk.formats.whole(figures.overdue.amount),
            unit=currency,
            detail=desk.text("home.overdue_count", n=figures.overdue.count, days=oldest),
            path="/invoices?view=posted&due=overdue",
            is_late=True,
        )
    next_week = f"{currency} {desk.formats.amount(figures.due_next_week.amount)}"
    return Cue(
        name=desk.text("home.to_pay"),
        value=desk.formats.whole(figures.open_invoices.amount),
        unit=currency,
        detail=desk.text("home.to_pay_next", amount=next_week),
        path="/invoices?view=posted&due=open",
    )


def _money(desk: DeskContext, work: Work, figures: HomeFigures) -> Money:
    formats = desk.formats
    this_month = work.today.replace(day=1)
    last_month = (this_month - timedelta(days=1)).replace(day=1)
    year_ago = this_month.replace(year=this_month.year - 1)
    bought = [
        (formats.month(this_month), figures.purchases_this_month),
        (formats.month(last_month), figures.purchases_last_month),
        (f"{formats.month(year_ago)} {year_ago.year}", figures.purchases_this_month_last_year),
    ]
    most = max(abs(amount) for _, amount in bought)
    values: dict[str, Decimal] = {}
    for row in inventory_valuation(work, work.today):
        name = row.inventory_group or "–"
        values[name] = values.get(name, ZERO) + row.value_actual + row.value_expected
    names = sorted(values, key=lambda name: -values[name])
    places = share_widths([values[name] for name in names])
    whole = total(value for value in values.values() if value > 0)
    return Money(
        title=desk.text("home.purchases", month=formats.month(this_month)),
        this_month=formats.amount(figures.purchases_this_month),
        months=[
            MonthBar(
                name=month,
                amount=formats.amount(amount),
                width=f"{300 * max(amount, ZERO) / most:.1f}" if most else "0",
                is_now=amount is bought[0][1],
            )
            for month, amount in bought
        ],
        stock_value=formats.amount(figures.inventory_value),
        stock=[
            StockPart(
                name=name,
                percent=formats.percent(round_to(100 * values[name] / whole, Decimal(1))) if whole else "–",
                amount=formats.amount(values[name]),
                x=x,
                width=width,
            )
            for name, (x, width) in zip(names, places, strict=True)
        ],
    )


def _count_cue(
    desk: DeskContext, view: View, counted: Mapping[View, int], detail: str, *, is_stop: bool = False
) -> Cue:
    return Cue(
        name=desk.text(f"view.{view.value}"),
        value=str(counted[view]),
        detail=detail,
        path=f"/incoming?view={view.value}",
        count_key=f"view.{view.value}",
        is_stop=is_stop and counted[view] > 0,
    )


def _trend(desk: DeskContext, now: int | None, before: int | None, done: int) -> str:
    if now is None or before is None:
        return desk.text("home.touchless_of", n=done)
    sign = "+" if now >= before else "−"
    return desk.text("home.touchless_trend", points=f"{sign}{abs(now - before)}")


def _look_first(desk: DeskContext, work: Work) -> list[FirstRow]:
    """Exceptions by risk, then by age."""
    listed = list_incoming(work, View.EXCEPTIONS, ascending=True, limit=LOOKED_THROUGH)
    by_risk = sorted(listed.rows, key=lambda row: row.why_severity != "stop")
    names = {user.user_no: user.name for user in list_users(work)}
    return [_first_row(desk, row, names) for row in by_risk[:FIRST_ROWS]]


def _first_row(desk: DeskContext, row: IncomingRow, names: Mapping[str, str]) -> FirstRow:
    with_name = names.get(row.assigned_to or "", row.assigned_to or "")
    return FirstRow(
        incoming_no=row.incoming_no,
        path=f"/incoming/{row.incoming_no}?view={View.EXCEPTIONS.value}",
        vendor=row.vendor_name or row.description,
        why=short_reason(desk, row.why) if row.why else "",
        shape=SHAPES.get(row.why_severity or "", "todo"),
        amount=desk.formats.amount(row.total_gross),
        waiting=desk.formats.age(row.received_at),
        with_name=with_name,
        with_initials=desk.formats.initials(with_name) if with_name else "",
    )


def _days(desk: DeskContext, work: Work) -> DayChart:
    return day_chart(by_day(work, desk.runtime.settings.zone, DAYS_SHOWN), desk.formats)


def _steps(desk: DeskContext, work: Work, counted: Mapping[View, int]) -> list[Step]:
    """What a new company still has to do, with done marks."""
    has_vendors = bool(find_vendors(work, "", 1))
    return [
        Step(desk.text("home.step_accounts"), "/ledger", True),
        Step(desk.text("home.step_vendors"), "/vendors", has_vendors),
        Step(desk.text("home.step_first"), "/incoming?view=all", counted[View.ALL] > 0),
        Step(desk.text("home.step_post"), "/invoices", False),
    ]
