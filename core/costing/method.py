"""CostingMethod: the cost of what leaves, given what came in.

Which increases a decrease takes is the same for every method (oldest first, PO-97, PO-98); what it costs is
the method's. A member of `methods/` is one module with one `METHOD`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from core.costing.layers import recompute_layers, rounding_of_layer
from core.costing.movement import Movement as StockMovement
from core.costing.movement import StockKey, StockLedger
from core.master.company import AveragePeriod
from core.money import ZERO, total


@dataclass(slots=True)
class Increase:
    """Stock that came in. `entry_no` is None while it is part of the posting being composed.

    `value` is actual plus expected cost with charges, `taken_cost` what earlier decreases took of it.
    """

    entry_no: int | None
    row: int | None
    posting_date: date
    valuation_date: date
    quantity: Decimal
    remaining: Decimal
    value: Decimal
    taken_cost: Decimal = ZERO
    fully_invoiced: bool = True


@dataclass(frozen=True, slots=True)
class Movement:
    """What moved on one valuation date, added up: quantities and cost, negative for decreases."""

    valuation_date: date
    quantity: Decimal
    cost: Decimal


@dataclass(slots=True)
class Stock:
    """The stock of one item: open increases in the order of PO-97, and all movements by valuation date."""

    precision: Decimal
    average_period: AveragePeriod
    standard_cost: Decimal = ZERO
    unit_cost: Decimal = ZERO
    increases: list[Increase] = field(default_factory=list)
    movements: list[Movement] = field(default_factory=list)

    @property
    def available(self) -> Decimal:
        """What can still be taken, in base units."""
        return total(increase.remaining for increase in self.increases)

    def add(self, increase: Increase) -> None:
        """Goods come in: after what is there already with the same posting date."""
        self.increases.append(increase)
        self.increases.sort(key=_age)
        self.movements.append(Movement(increase.valuation_date, increase.quantity, increase.value))


@dataclass(frozen=True, slots=True)
class Take:
    """So much of one increase goes to a decrease."""

    increase: Increase
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Terms:
    """What costing needs besides the movements: how to round, and how to average (PO-98).

    `balances` is quantity and value of each stock before the posting. `windows` says per item from which day
    on all of its movements are at hand; a missing item has none before.
    """

    precision: Decimal
    average_period: AveragePeriod = AveragePeriod.DAY
    averages_whole_item: bool = False
    balances: Mapping[StockKey, tuple[Decimal, Decimal]] = field(default_factory=dict)
    windows: Mapping[str, date] = field(default_factory=dict)


def by_layers(ledger: StockLedger, item_no: str, terms: Terms) -> None:
    """Recompute an item whose decreases cost what they took."""
    recompute_layers(ledger, item_no, terms.precision)


def round_off_layer(ledger: StockLedger, increase: StockMovement, terms: Terms) -> Decimal:
    """The rounding that an increase must have (PO-106)."""
    return rounding_of_layer(ledger, increase, terms.precision)


def _oldest_first(increases: Sequence[StockMovement]) -> Sequence[StockMovement]:
    return increases


@dataclass(frozen=True, slots=True)
class CostingMethod:
    """How one method values stock.

    `value_of_increase(invoiced, quantity, stock)` is what an increase is worth; the difference to what was
    invoiced is a variance. `cost_of_decrease(stock, takes, quantity, valuation_date)` is what a decrease
    costs, a positive amount; `quantity` may exceed what the takes cover. `writes_off_rounding`: cents left on
    an increase that is used up are written off (PO-106).
    """

    code: str
    value_of_increase: Callable[[Decimal, Decimal, Stock], Decimal] | None = None
    cost_of_decrease: Callable[[Stock, Sequence[Take], Decimal, date], Decimal] | None = None
    writes_off_rounding: bool = True
    recompute: Callable[[StockLedger, str, Terms], None] = by_layers
    rounding: Callable[[StockLedger, StockMovement, Terms], Decimal] = round_off_layer
    layer_order: Callable[[Sequence[StockMovement]], Sequence[StockMovement]] = _oldest_first
    needs_window: bool = False
    at_standard: bool = False


def choose(stock: Stock, quantity: Decimal) -> list[Take]:
    """Which increases a decrease of `quantity` takes: oldest first, as far as there are any (PO-97)."""
    takes, wanted = [], quantity
    for increase in stock.increases:
        if wanted == ZERO:
            break
        taken = min(wanted, increase.remaining)
        if taken > ZERO:
            takes.append(Take(increase, taken))
            wanted -= taken
    return takes


def valuation_date(posting_date: date, takes: Sequence[Take]) -> date:
    """The valuation date of a decrease: not before that of any increase it takes (PO-99)."""
    return max([posting_date, *(take.increase.valuation_date for take in takes)])


def _age(increase: Increase) -> tuple[date, bool, int]:
    number = increase.entry_no if increase.entry_no is not None else increase.row or 0
    return (increase.posting_date, increase.entry_no is None, number)
