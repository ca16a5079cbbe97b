"""The costing methods there are, by the code on the item card."""

from __future__ import annotations

from core.costing import methods
from core.costing.method import CostingMethod
from core.open_folder import members


def costing_methods() -> dict[str, CostingMethod]:
    """Every method by its code."""
    found = [method for method in members(methods, "METHOD") if isinstance(method, CostingMethod)]
    return {method.code: method for method in found}
