"""Movements of stock and what they take from each other, in memory: what costing computes on. Pure.

A movement has a key: its entry number, or a negative number while the posting is being composed.
Quantities are base units, values local currency; both are negative for a decrease.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from core.money import ZERO, round_to, total

NOT_YET = 2**62
"""Register number of what is being composed: later than everything there is."""


class StockKey(NamedTuple):
    """What stock is kept of: decreases take only from increases with the same key."""

    item_no: str
    location_code: str = ""
    variant_code: str = ""


@dataclass(frozen=True, slots=True)
class Revaluation:
    """A change of value on a day, that only what leaves later bears (PO-122)."""

    amount: Decimal
    on: date
    register_no: int


@dataclass(frozen=True, slots=True)
class Origin:
    """What value entries repeat of the movement that they adjust (PO-15)."""

    document_type: str = ""
    document_no: str = ""
    description: str = ""
    line_no: int | None = None
    source_no: str | None = None
    dimensions: str | None = None
    inventory_group: str | None = None
    general_business: str | None = None
    general_product: str | None = None


@dataclass(slots=True)
class Movement:
    """One increase or decrease and what it is worth now.

    `remaining` is what no decrease has taken, of a decrease (negative) what no increase covers; that part is
    valued at `estimate` per unit (PO-126). `actual` and `expected` leave out `rounding`, what rounding
    entries wrote off (PO-106); `stored` is all of that as the ledgers have it. `applies_to` is the movement
    whose cost this one takes back exactly (PO-100). `posted_expected` is what of the expected cost is in the
    G/L (PO-127). `is_complete`: all that its cost comes from is at hand, so that it can be recomputed.
    """

    key: int
    stock: StockKey
    kind: str
    posting_date: date
    quantity: Decimal
    remaining: Decimal
    invoiced: Decimal
    register_no: int = NOT_YET
    applies_to: int | None = None
    is_correction: bool = False
    drop_shipment: bool = False
    actual: Decimal = ZERO
    expected: Decimal = ZERO
    rounding: Decimal = ZERO
    stored: Decimal = ZERO
    posted_expected: Decimal = ZERO
    estimate: Decimal | None = None
    revaluations: list[Revaluation] = field(default_factory=list)
    origin: Origin = Origin()
    is_complete: bool = True

    @property
    def is_increase(self) -> bool:
        """Whether goods came in."""
        return self.quantity > ZERO

    @property
    def value(self) -> Decimal:
        """Actual plus expected cost, without what was written off as rounding."""
        return self.actual + self.expected

    @property
    def is_invoiced(self) -> bool:
        """Whether all of it is invoiced."""
        return self.invoiced == self.quantity

    @property
    def returns(self) -> bool:
        """Whether this increase takes a decrease back, and so has its cost (PO-100)."""
        return self.is_increase and self.applies_to is not None

    @property
    def age(self) -> tuple[date, bool, int]:
        """Earliest posting date first, then lowest entry number (PO-97)."""
        return (self.posting_date, self.key < 0, abs(self.key))


@dataclass(slots=True)
class Link:
    """A decrease takes `quantity` of an increase. `on` and `register_no` are those of the decrease."""

    inbound: int
    outbound: int
    quantity: Decimal
    is_fixed: bool
    on: date
    register_no: int


@dataclass(frozen=True, slots=True)
class Application:
    """A change of a link to be written; a negative quantity undoes (PO-100)."""

    inbound: int
    outbound: int
    quantity: Decimal
    is_fixed: bool


class StockLedger:
    """The movements at hand and the links among them; remembers which links it changed.

    A link may lead to a decrease that is not here: then only what it took counts.
    """

    def __init__(self, movements: Iterable[Movement] = (), links: Iterable[Link] = ()) -> None:
        self.movements: dict[int, Movement] = {movement.key: movement for movement in movements}
        self.applied: list[Application] = []
        self._recomputed: dict[int, Decimal] = {}
        self._taken_from: dict[int, dict[int, Link]] = {}
        self._taken_by: dict[int, dict[int, Link]] = {}
        self._returns: dict[int, list[int]] = {}
        for link in links:
            self._join(link)
        for movement in self.movements.values():
            if movement.returns and movement.applies_to is not None:
                self._returns.setdefault(movement.applies_to, []).append(movement.key)

    def copy(self) -> StockLedger:
        """The same again, to be changed without changing this one."""
        movements = []
        for movement in self.movements.values():
            twin = copy(movement)
            twin.revaluations = list(movement.revaluations)
            movements.append(twin)
        links = (copy(link) for links in self._taken_from.values() for link in links.values())
        return StockLedger(movements, links)

    def add(self, movement: Movement) -> None:
        """One more movement."""
        self.movements[movement.key] = movement
        if movement.returns and movement.applies_to is not None:
            self._returns.setdefault(movement.applies_to, []).append(movement.key)

    def taken_from(self, key: int) -> list[Link]:
        """What decreases took of an increase, in the order of the decreases."""
        return sorted(self._taken_from.get(key, {}).values(), key=lambda link: _order(link.outbound))

    def taken_by(self, key: int) -> list[Link]:
        """What a decrease took of increases, in the order of the increases."""
        return sorted(self._taken_by.get(key, {}).values(), key=lambda link: _order(link.inbound))

    def returns_of(self, key: int) -> list[Movement]:
        """The increases that take a decrease back, in their order."""
        return [self.movements[no] for no in sorted(self._returns.get(key, ()), key=_order)]

    def open_increases(self, stock: StockKey) -> list[Movement]:
        """What can be taken, oldest first (PO-97)."""
        return sorted(
            (m for m in self.movements.values() if m.stock == stock and m.remaining > ZERO),
            key=lambda movement: movement.age,
        )

    def open_decreases(self, stock: StockKey) -> list[Movement]:
        """What no increase covers yet, oldest first (PO-126)."""
        return sorted(
            (m for m in self.movements.values() if m.stock == stock and m.remaining < ZERO),
            key=lambda movement: movement.age,
        )

    def available(self, stock: StockKey) -> Decimal:
        """What can still be taken, in base units."""
        return total(movement.remaining for movement in self.open_increases(stock))

    def apply(self, inbound: Movement, outbound: Movement, quantity: Decimal, *, is_fixed: bool) -> None:
        """A decrease takes so much of an increase; a negative quantity gives it back (PO-100)."""
        inbound.remaining -= quantity
        outbound.remaining += quantity
        self.applied.append(Application(inbound.key, outbound.key, quantity, is_fixed))
        link = self._taken_from.get(inbound.key, {}).get(outbound.key)
        if link is None:
            on, register_no = outbound.posting_date, outbound.register_no
            self._join(Link(inbound.key, outbound.key, quantity, is_fixed, on, register_no))
            return
        link.quantity += quantity
        if link.quantity == ZERO:
            del self._taken_from[inbound.key][outbound.key]
            del self._taken_by[outbound.key][inbound.key]

    def worth(self, movement: Movement) -> Decimal:
        """The value of a movement: recomputed, else as it is."""
        return self._recomputed.get(movement.key, movement.value)

    def revalue(self, movement: Movement, value: Decimal) -> bool:
        """Remember the recomputed value of a movement; whether it is another than before."""
        changed = self.worth(movement) != value
        self._recomputed[movement.key] = value
        return changed

    def follows(self, key: int) -> set[int]:
        """Every movement whose cost comes from this one, itself included."""
        found, waiting = {key}, [key]
        while waiting:
            current = waiting.pop()
            new = [heir for heir in self.heirs(current) if heir not in found]
            found.update(new)
            waiting += new
        return found

    def heirs(self, key: int) -> list[int]:
        """The movements that take their cost directly from this one."""
        return [*self._taken_from.get(key, ()), *self._returns.get(key, ())]

    def valuation_date(self, movement: Movement) -> date:
        """Of an increase its posting date, of a decrease not before any increase it takes (PO-99)."""
        sources = (self.movements.get(link.inbound) for link in self.taken_by(movement.key))
        return max([movement.posting_date, *(source.posting_date for source in sources if source)])

    def source_of(self, movement: Movement) -> Movement | None:
        """The movement whose cost this one takes exactly: named, or paired with it (PO-100)."""
        if movement.returns and movement.applies_to is not None:
            return self.movements.get(movement.applies_to)
        links = self._taken_by.get(movement.key, {}).values()
        return next((self.movements.get(link.inbound) for link in links if link.is_fixed), None)

    def _join(self, link: Link) -> None:
        self._taken_from.setdefault(link.inbound, {})[link.outbound] = link
        self._taken_by.setdefault(link.outbound, {})[link.inbound] = link


def share_of(ledger: StockLedger, link: Link, precision: Decimal) -> Decimal:
    """The cost of what a decrease takes of an increase: its value by quantity, rounded once (PO-97).

    A revaluation is borne by what left after it (PO-122).
    """
    increase = ledger.movements[link.inbound]
    revalued = total(part.amount for part in increase.revaluations)
    cost = (ledger.worth(increase) - revalued) * link.quantity / increase.quantity
    for part in increase.revaluations:
        if not bears(part, link, increase):
            continue
        left = increase.quantity - total(
            other.quantity for other in ledger.taken_from(increase.key) if not bears(part, other, increase)
        )
        cost += part.amount * link.quantity / left
    return round_to(cost, precision)


def bears(part: Revaluation, link: Link, increase: Movement) -> bool:
    """Whether a decrease left after a revaluation: on a later day, or the same day in a later posting."""
    on = max(link.on, increase.posting_date)
    return on > part.on or (on == part.on and link.register_no > part.register_no)


def estimated(movement: Movement, precision: Decimal) -> Decimal:
    """What the part of a decrease that no increase covers is worth, a positive amount (PO-126)."""
    return round_to(-movement.remaining * (movement.estimate or ZERO), precision)


def returned_cost(ledger: StockLedger, increase: Movement, precision: Decimal) -> Decimal:
    """The cost of an increase that takes a decrease back: the decrease's own, by running total (PO-100)."""
    assert increase.applies_to is not None
    source = ledger.movements[increase.applies_to]
    cost, before, so_far = -ledger.worth(source), ZERO, ZERO
    for other in ledger.returns_of(source.key):
        so_far += other.quantity
        until = round_to(cost * so_far / -source.quantity, precision)
        if other.key == increase.key:
            return until - before
        before = until
    raise AssertionError("an increase that returns is among the returns of its source")


def _order(key: int) -> tuple[bool, int]:
    """Entry numbers first, then the movements of this posting as they were made."""
    return (key < 0, abs(key))


def in_order(movements: Iterable[Movement]) -> Iterator[Movement]:
    """Movements by entry number, those of this posting last."""
    return iter(sorted(movements, key=lambda movement: _order(movement.key)))
