"""CostingMethod: the cost of what leaves, given what came in.

A member of `methods/` is one module with one `METHOD`. Which increases a decrease takes, and what it costs
then, is the method's; who takes of whom is remembered in the StockLedger, whatever the method (PO-97, PO-98).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from core.costing.layers import recompute_layers, rounding_of_layer
from core.costing.movement import Movement, StockKey, StockLedger
from core.master.company import AveragePeriod


@dataclass(frozen=True, slots=True)
class Terms:
    """What costing needs besides the movements: how to round, and how to average (PO-98).

    `balances` is quantity and value of each stock before the posting. `windows` says per item from which day
    on all of its movements are at hand; of an item that is missing all are.
    """

    precision: Decimal
    average_period: AveragePeriod = AveragePeriod.DAY
    averages_whole_item: bool = False
    balances: Mapping[StockKey, tuple[Decimal, Decimal]] = field(default_factory=dict)
    windows: Mapping[str, date] = field(default_factory=dict)


def by_layers(ledger: StockLedger, item_no: str, terms: Terms) -> None:
    """Recompute an item whose decreases cost what they took."""
    recompute_layers(ledger, item_no, terms.precision)


def round_off_layer(ledger: StockLedger, increase: Movement, terms: Terms) -> Decimal:
    """The rounding that an increase must have (PO-106)."""
    return rounding_of_layer(ledger, increase, terms.precision)


def oldest_first(increases: Sequence[Movement]) -> Sequence[Movement]:
    """The order in which goods came in."""
    return increases


@dataclass(frozen=True, slots=True)
class CostingMethod:
    """How one method values stock.

    `recompute(ledger, item_no, terms)` gives every movement of an item that has its cost from others the
    value that it should have. `rounding(ledger, increase, terms)` is what must be written off an increase in
    all (PO-106). `layer_order` puts open increases, oldest first, in the order in which decreases take them.
    `needs_window`: costs depend on all movements of a period, not only on those applied to each other.
    `at_standard`: increases are worth the standard cost, the rest of their invoice is a variance (PO-101).
    """

    code: str
    recompute: Callable[[StockLedger, str, Terms], None] = by_layers
    rounding: Callable[[StockLedger, Movement, Terms], Decimal] = round_off_layer
    layer_order: Callable[[Sequence[Movement]], Sequence[Movement]] = oldest_first
    needs_window: bool = False
    at_standard: bool = False
