"""First in, first out: a decrease costs what the oldest stock cost (PO-97)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from core.costing.method import CostingMethod, Stock, Take
from core.money import round_to, total


def value_of_increase(invoiced: Decimal, _quantity: Decimal, _stock: Stock) -> Decimal:
    """What was invoiced."""
    return invoiced


def cost_of_decrease(stock: Stock, takes: Sequence[Take], quantity: Decimal, _on: date) -> Decimal:
    """Per increase its value times the part taken, rounded; what no increase covers at the unit cost."""
    covered = [
        round_to(take.increase.value * take.quantity / take.increase.quantity, stock.precision)
        for take in takes
    ]
    uncovered = quantity - total(take.quantity for take in takes)
    return total(covered) + round_to(uncovered * stock.unit_cost, stock.precision)


METHOD = CostingMethod("fifo", value_of_increase, cost_of_decrease, writes_off_rounding=True)
