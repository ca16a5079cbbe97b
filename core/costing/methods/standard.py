"""Standard cost: stock is worth its standard, the rest of an invoice is a variance (PO-101).

Decreases cost what they take, like every layer: stock that came in at an older standard leaves at that, until
a revaluation brings it to the new one.
"""

from __future__ import annotations

from core.costing.method import CostingMethod

METHOD = CostingMethod("standard", at_standard=True)
