"""Average: a decrease costs the average of its period (PO-98)."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from core.costing.averaging import AverageTerms, recompute_average, rounding_of_average
from core.costing.method import CostingMethod, Stock, Take, Terms
from core.costing.movement import Movement, StockLedger
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


def recompute(ledger: StockLedger, item_no: str, terms: Terms) -> None:
    """Recompute an item within its window, each scope of averaging by itself (PO-98)."""
    average = AverageTerms(
        precision=terms.precision,
        period=terms.average_period,
        window=terms.windows.get(item_no, date.min),
        balances=terms.balances,
    )
    keys = {m.stock for m in ledger.movements.values() if m.stock.item_no == item_no}
    if terms.averages_whole_item:
        recompute_average(ledger, keys | {k for k in terms.balances if k.item_no == item_no}, average)
        return
    for key in sorted(keys):
        recompute_average(ledger, [key], average)


def rounding(ledger: StockLedger, increase: Movement, terms: Terms) -> Decimal:
    """Averaging carries cents along; only what left the average as a whole can keep some (PO-106)."""
    return rounding_of_average(ledger, increase, terms.precision)


METHOD = CostingMethod(
    "average",
    value_of_increase,
    cost_of_decrease,
    writes_off_rounding=False,
    recompute=recompute,
    rounding=rounding,
    needs_window=True,
)
