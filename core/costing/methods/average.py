"""Average: a decrease costs the average of its period (PO-98)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from core.costing.averaging import AverageTerms, recompute_average, rounding_of_average
from core.costing.method import CostingMethod, Terms
from core.costing.movement import Movement, StockLedger


def recompute(ledger: StockLedger, item_no: str, terms: Terms) -> None:
    """Recompute an item within its window, each scope of averaging by itself."""
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


METHOD = CostingMethod("average", recompute=recompute, rounding=rounding, needs_window=True)
