"""Last in, first out: a decrease takes the latest increase that is open (PO-123)."""

from __future__ import annotations

from collections.abc import Sequence

from core.costing.method import CostingMethod
from core.costing.movement import Movement


def latest_first(increases: Sequence[Movement]) -> Sequence[Movement]:
    """The reverse of the order in which goods came in."""
    return increases[::-1]


METHOD = CostingMethod("lifo", layer_order=latest_first)
