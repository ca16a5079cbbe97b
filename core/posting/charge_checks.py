"""Test 8 of a charge line: it goes to goods, wholly (PU-98, PO-103)."""

from __future__ import annotations

from collections.abc import Iterator

from core.errors import Problem
from core.master.items import Item, ItemType
from core.money import ZERO
from core.posting.charges import assigned_quantity, charge_parts
from core.posting.facts import Facts
from core.posting.selection import RunLine
from core.purchasing.charges import Assigned
from core.purchasing.document import ChargeTarget


def charge_problems(facts: Facts, run: RunLine) -> Iterator[Problem]:
    """`charge_zero`, `charge_not_assigned`, `charge_over_assigned`, `charge_target_missing`.

    A line of a cancellation goes where the line went that it takes back.
    """
    if run.line_no in facts.reversals:
        return
    values: dict[str, object] = {"no": run.line.no, "line": run.line_no}
    totals = facts.totals_of(run)
    if totals is not None and totals.net == ZERO:
        yield Problem("charge_zero", values, line_no=run.line_no, field="unit_cost")
    assigned = assigned_quantity(facts, run)
    most = run.line.quantity - run.line.quantity_invoiced
    if abs(assigned) > abs(most):
        values["n"] = abs(assigned) - abs(most)
        yield Problem("charge_over_assigned", values, line_no=run.line_no, field="assignments")
    elif abs(assigned) < abs(run.invoice):
        yield Problem("charge_not_assigned", values, line_no=run.line_no, field="assignments")
    elif not all(_has_target(facts, part.assigned) for part in charge_parts(facts, run)):
        yield Problem("charge_target_missing", values, line_no=run.line_no, field="assignments")


def _has_target(facts: Facts, assigned: Assigned) -> bool:
    """Whether there are goods to put the cost on, now or after this very run has moved them.

    Services and non-inventory items have item entries, but no value that a charge could add to (PO-43).
    """
    if assigned.target != ChargeTarget.DOCUMENT:
        items = [facts.items.get(entry.item_no) for entry in assigned.entries]
        return bool(items) and all(_has_value(item) for item in items)
    return any(
        run.line_no == assigned.target_line_no and run.is_posted and _has_value(facts.item(run.line))
        for run in facts.runs
    )


def _has_value(item: Item | None) -> bool:
    return item is not None and item.type == ItemType.INVENTORY
