"""First in, first out: a decrease costs what the oldest stock cost (PO-97)."""

from __future__ import annotations

from core.costing.method import CostingMethod

METHOD = CostingMethod("fifo")
