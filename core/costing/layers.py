"""Costs by layers: every increase keeps its own cost, and a decrease costs what it took (PO-97, PO-106)."""

from __future__ import annotations

from collections import deque
from decimal import Decimal

from core.costing.movement import Movement, StockLedger, estimated, in_order, returned_cost, share_of
from core.money import ZERO, total


def recompute_layers(ledger: StockLedger, item_no: str, precision: Decimal) -> None:
    """Give every decrease and every return of an item the cost of what it comes from, along all chains."""
    waiting = deque(
        movement
        for movement in in_order(ledger.movements.values())
        if movement.stock.item_no == item_no and inherits(movement)
    )
    while waiting:
        movement = waiting.popleft()
        if ledger.revalue(movement, inherited(ledger, movement, precision)):
            heirs = (ledger.movements.get(key) for key in ledger.heirs(movement.key))
            waiting.extend(heir for heir in heirs if heir is not None and inherits(heir))


def inherits(movement: Movement) -> bool:
    """Whether its cost comes from other movements that are at hand."""
    return movement.is_complete and (not movement.is_increase or movement.returns)


def inherited(ledger: StockLedger, movement: Movement, precision: Decimal) -> Decimal:
    """What a movement is worth by what it took or takes back, signed (PO-97, PO-100, PO-126)."""
    if movement.is_increase:
        return returned_cost(ledger, movement, precision)
    shares = (share_of(ledger, link, precision) for link in ledger.taken_by(movement.key))
    return -total(shares) - estimated(movement, precision)


def rounding_of_layer(ledger: StockLedger, increase: Movement, precision: Decimal) -> Decimal:
    """What rounding entries must have written off an increase in all (PO-106).

    Zero until all of it is taken and invoiced; then what its decreases did not take of its value.
    """
    if increase.remaining != ZERO or not increase.is_invoiced:
        return ZERO
    taken = total(share_of(ledger, link, precision) for link in ledger.taken_from(increase.key))
    return taken - ledger.worth(increase)
