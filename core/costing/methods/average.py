"""Average: a decrease costs the average of its period (PO-98)."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from core.costing.method import CostingMethod, Stock, Take
from core.master.company import AveragePeriod
from core.money import ZERO, round_to, total


def value_of_increase(invoiced: Decimal, _quantity: Decimal, _stock: Stock) -> Decimal:
    """What was invoiced."""
    return invoiced


def cost_of_decrease(stock: Stock, takes: Sequence[Take], quantity: Decimal, on: date) -> Decimal:
    """The average of the period times everything that left in it, minus what that cost so far.

    So the cents are carried from decrease to decrease (PO-106), and a decrease makes up for an average that
    rose or fell after an earlier one of the same period.
    """
    start = on.replace(day=1) if stock.average_period == AveragePeriod.MONTH else on
    before = [move for move in stock.movements if move.valuation_date < start]
    within = [move for move in stock.movements if start <= move.valuation_date <= _end(stock, on)]
    arrived = [move for move in within if move.quantity >= ZERO]
    left = [move for move in within if move.quantity < ZERO]
    whole_quantity = total(move.quantity for move in (*before, *arrived))
    whole_value = total(move.cost for move in (*before, *arrived))
    covered = total(take.quantity for take in takes)
    uncovered = round_to((quantity - covered) * stock.unit_cost, stock.precision)
    if whole_quantity <= ZERO:
        return uncovered
    left_quantity = covered - total(move.quantity for move in left)
    left_cost = round_to(whole_value * left_quantity / whole_quantity, stock.precision)
    return left_cost + total(move.cost for move in left) + uncovered


def _end(stock: Stock, on: date) -> date:
    if stock.average_period == AveragePeriod.DAY:
        return on
    return on.replace(day=monthrange(on.year, on.month)[1])


METHOD = CostingMethod("average", value_of_increase, cost_of_decrease, writes_off_rounding=False)
