"""Standard cost: stock is worth its standard, the rest of an invoice is a variance (PO-101)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from core.costing.method import CostingMethod, Stock, Take
from core.money import round_to


def value_of_increase(_invoiced: Decimal, quantity: Decimal, stock: Stock) -> Decimal:
    """Quantity times the standard cost at invoicing."""
    return round_to(quantity * stock.standard_cost, stock.precision)


def cost_of_decrease(stock: Stock, _takes: Sequence[Take], quantity: Decimal, _on: date) -> Decimal:
    """Quantity times the standard cost."""
    return round_to(quantity * stock.standard_cost, stock.precision)


METHOD = CostingMethod(
    "standard", value_of_increase, cost_of_decrease, writes_off_rounding=True, at_standard=True
)
