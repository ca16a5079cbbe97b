"""Average cost: what leaves in a period costs the average of what is there (PO-98, PO-99, PO-106). Pure.

An exact return and what it takes back leave the average on both sides: they count where the movement counts
that they take their cost from (PO-100).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from core.costing.layers import inherited
from core.costing.movement import (
    NOT_YET,
    Movement,
    Revaluation,
    StockKey,
    StockLedger,
    estimated,
    in_order,
)
from core.master.company import AveragePeriod
from core.money import ZERO, round_to, total


@dataclass(slots=True)
class _Pool:
    """What is there to be averaged: quantity and value, and the part of a cent that is carried (PO-106)."""

    quantity: Decimal = ZERO
    value: Decimal = ZERO
    carry: Fraction = Fraction(0)

    def add(self, quantity: Decimal, value: Decimal) -> None:
        """Goods or value come in, or leave with a minus."""
        self.quantity += quantity
        self.value += value


@dataclass(slots=True)
class _Period:
    """What happens in one averaging period."""

    increases: list[Movement] = field(default_factory=list)
    decreases: list[Movement] = field(default_factory=list)
    revaluations: list[Revaluation] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class AverageTerms:
    """How to average. `window` is the first day from which on all movements are at hand."""

    precision: Decimal
    period: AveragePeriod
    window: date
    balances: Mapping[StockKey, tuple[Decimal, Decimal]]


def period_start(period: AveragePeriod, on: date) -> date:
    """The first day of the averaging period of a day."""
    if period == AveragePeriod.MONTH:
        return on.replace(day=1)
    if period == AveragePeriod.WEEK:
        return on - timedelta(days=on.weekday())
    return on


def recompute_average(ledger: StockLedger, scope: Iterable[StockKey], terms: AverageTerms) -> None:
    """Give every decrease of a scope within the window the average of its period, period by period."""
    keys = set(scope)
    movements = [m for m in in_order(ledger.movements.values()) if m.stock in keys]
    pool = _before(ledger, movements, keys, terms)
    for _, period in sorted(_periods(ledger, movements, terms).items()):
        _settle_period(ledger, pool, period, terms)


def rounding_of_average(ledger: StockLedger, increase: Movement, precision: Decimal) -> Decimal:
    """Only an increase that exact returns took back as a whole keeps cents of its own (PO-106)."""
    links = [link for link in ledger.taken_from(increase.key) if link.is_fixed]
    if not increase.is_invoiced or total(link.quantity for link in links) != increase.quantity:
        return ZERO
    returned = [ledger.movements[link.outbound] for link in links if link.outbound in ledger.movements]
    if len(returned) < len(links):
        return increase.rounding
    return round_to(-total(ledger.worth(m) for m in returned) - ledger.worth(increase), precision)


def home(ledger: StockLedger, movement: Movement) -> date:
    """The day on which a movement counts for the average."""
    source = ledger.source_of(movement)
    while source is not None:
        movement, source = source, ledger.source_of(source)
    return ledger.valuation_date(movement)


def _before(
    ledger: StockLedger, movements: Iterable[Movement], keys: set[StockKey], terms: AverageTerms
) -> _Pool:
    """The pool at the start of the window: what is there now, without what the window holds."""
    pool = _Pool()
    for key in keys:
        pool.add(*terms.balances.get(key, (ZERO, ZERO)))
    for movement in movements:
        if movement.key > 0 and _is_within(ledger, movement, terms):
            pool.add(-movement.quantity, -movement.stored)
        elif movement.key > 0:
            later = [
                part.amount
                for part in movement.revaluations
                if part.on >= terms.window and part.register_no != NOT_YET
            ]
            pool.add(ZERO, -total(later))
            if movement.remaining < ZERO:
                pool.add(-movement.remaining, estimated(movement, terms.precision))
    return pool


def _is_within(ledger: StockLedger, movement: Movement, terms: AverageTerms) -> bool:
    """Whether a movement is priced anew. What was freed of its increase may count earlier than it did."""
    is_free = movement.is_complete and ledger.source_of(movement) is None
    return is_free or home(ledger, movement) >= terms.window


def _periods(ledger: StockLedger, movements: Iterable[Movement], terms: AverageTerms) -> dict[date, _Period]:
    """What of the window happens in which period; exact returns come along with their source."""
    periods: dict[date, _Period] = defaultdict(_Period)
    for movement in movements:
        for part in movement.revaluations:
            if part.on >= terms.window or _is_within(ledger, movement, terms):
                periods[period_start(terms.period, part.on)].revaluations.append(part)
        if ledger.source_of(movement) is not None:
            if not _is_within(ledger, movement, terms) and movement.is_complete:
                ledger.revalue(movement, inherited(ledger, movement, terms.precision))
            continue
        if not _is_within(ledger, movement, terms):
            continue
        period = periods[period_start(terms.period, ledger.valuation_date(movement))]
        (period.increases if movement.is_increase else period.decreases).append(movement)
    return periods


def _settle_period(ledger: StockLedger, pool: _Pool, period: _Period, terms: AverageTerms) -> None:
    """All increases of the period, then its decreases in order, a revaluation between them (PO-122)."""
    pool.carry = Fraction(0)
    for increase in period.increases:
        quantity, value = _with_returns(ledger, increase, terms.precision)
        revalued = total(part.amount for part in increase.revaluations)
        pool.add(quantity, value - revalued if quantity != ZERO else ZERO)
    for average, decreases in _stretches(ledger, pool, period):
        for decrease in decreases:
            _settle_decrease(ledger, pool, decrease, average, terms.precision)


def _stretches(
    ledger: StockLedger, pool: _Pool, period: _Period
) -> Iterator[tuple[Fraction, list[Movement]]]:
    """The decreases of a period between its revaluations, each stretch with the average that holds in it."""
    waiting = sorted(period.decreases, key=lambda m: (ledger.valuation_date(m), m.key < 0, abs(m.key)))
    for part in sorted(period.revaluations, key=lambda part: (part.on, part.register_no)):
        earlier = [m for m in waiting if not _is_after(ledger, m, part)]
        yield _average(pool), earlier
        waiting = [m for m in waiting if _is_after(ledger, m, part)]
        pool.add(ZERO, part.amount)
    yield _average(pool), waiting


def _is_after(ledger: StockLedger, decrease: Movement, part: Revaluation) -> bool:
    on = ledger.valuation_date(decrease)
    return on > part.on or (on == part.on and decrease.register_no > part.register_no)


def _average(pool: _Pool) -> Fraction:
    """Exact, so that a half cent is seen as one."""
    return Fraction(pool.value) / Fraction(pool.quantity) if pool.quantity > ZERO else Fraction(0)


def _settle_decrease(
    ledger: StockLedger, pool: _Pool, decrease: Movement, average: Fraction, precision: Decimal
) -> None:
    covered = decrease.remaining - decrease.quantity
    exact = average * Fraction(covered) + pool.carry
    cost = round_to(Decimal(exact.numerator) / Decimal(exact.denominator), precision)
    pool.carry = exact - Fraction(cost)
    if decrease.is_complete:
        ledger.revalue(decrease, -cost - estimated(decrease, precision))
    pool.add(-covered, -cost)
    for increase in ledger.returns_of(decrease.key):
        ledger.revalue(increase, inherited(ledger, increase, precision))
        pool.add(*_with_returns(ledger, increase, precision))


def _with_returns(ledger: StockLedger, increase: Movement, precision: Decimal) -> tuple[Decimal, Decimal]:
    """Quantity and value of an increase without what exact returns take back of it."""
    quantity, value = increase.quantity, ledger.worth(increase)
    for link in ledger.taken_from(increase.key):
        decrease = ledger.movements.get(link.outbound)
        if not link.is_fixed or decrease is None:
            continue
        ledger.revalue(decrease, inherited(ledger, decrease, precision))
        quantity += decrease.quantity
        value += ledger.worth(decrease)
        for back in ledger.returns_of(decrease.key):
            ledger.revalue(back, inherited(ledger, back, precision))
            more = _with_returns(ledger, back, precision)
            quantity, value = quantity + more[0], value + more[1]
    return quantity, value
