"""Item charges: freight, duty, allowances, and the goods that they are put on (PU-98, PO-103)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from sqlalchemy import select

from core.ledgers.item import ValueEntry, ValueKind
from core.money import ZERO
from core.purchasing.document import ChargeAssignment, ChargeTarget, LineType, PurchaseLine
from core.purchasing.received import Received, received_lines
from core.work import Work

_POSTED_RECEIPTS = (ChargeTarget.RECEIPT, ChargeTarget.RETURN_SHIPMENT)


@dataclass(frozen=True, slots=True)
class TargetEntry:
    """An item entry that a charge is put on; `quantity` is what of it belongs to the target line."""

    entry_no: int
    item_no: str
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Assigned:
    """So much of a charge line's quantity is still to be put on a target.

    `entries` are the target's item entries; empty for a line of the same document, whose goods the very
    posting may move, and for a target that has none.
    """

    assignment_id: int
    line_no: int
    target: ChargeTarget
    target_no: str | None
    target_line_no: int
    quantity: Decimal
    entries: tuple[TargetEntry, ...] = ()


def read_assigned(work: Work, lines: Sequence[PurchaseLine]) -> dict[int, tuple[Assigned, ...]]:
    """Where the charge lines among these go, by line number, each in the order of its assignments."""
    by_id = {line.id: line.line_no for line in lines if line.type == LineType.CHARGE}
    if not by_id:
        return {}
    rows = work.session.scalars(
        select(ChargeAssignment)
        .where(ChargeAssignment.line_id.in_(by_id))
        .order_by(ChargeAssignment.line_id, ChargeAssignment.id)
        .execution_options(populate_existing=True)
    )
    assigned = [_assigned(row, by_id[row.line_id]) for row in rows]
    entries = _received_entries(work, assigned) | _invoiced_entries(work, assigned)
    found: dict[int, tuple[Assigned, ...]] = {}
    for row in assigned:
        row_entries = entries.get((row.target, row.target_no, row.target_line_no), ())
        found[row.line_no] = (*found.get(row.line_no, ()), replace(row, entries=row_entries))
    return found


_TargetKey = tuple[ChargeTarget, str | None, int]


def _assigned(row: ChargeAssignment, line_no: int) -> Assigned:
    return Assigned(
        assignment_id=row.id,
        line_no=line_no,
        target=ChargeTarget(row.target),
        target_no=row.target_no,
        target_line_no=row.target_line_no,
        quantity=row.quantity - row.invoiced_quantity,
    )


def _received_entries(work: Work, assigned: Iterable[Assigned]) -> dict[_TargetKey, tuple[TargetEntry, ...]]:
    targets = [row for row in assigned if row.target in _POSTED_RECEIPTS and row.target_no]
    lines = received_lines(work, {(row.target_no or "", row.target_line_no) for row in targets})
    return {
        (row.target, row.target_no, row.target_line_no): _entry_of(
            lines[row.target_no or "", row.target_line_no]
        )
        for row in targets
        if (row.target_no or "", row.target_line_no) in lines
    }


def _entry_of(received: Received) -> tuple[TargetEntry, ...]:
    if received.item_entry_no is None or received.is_correction:
        return ()
    return (TargetEntry(received.item_entry_no, received.no, received.quantity_base),)


def _invoiced_entries(work: Work, assigned: Iterable[Assigned]) -> dict[_TargetKey, tuple[TargetEntry, ...]]:
    """Through the value entries of the posted invoice line, which may have taken several receipts."""
    numbers = {row.target_no for row in assigned if row.target == ChargeTarget.INVOICE and row.target_no}
    if not numbers:
        return {}
    rows = work.session.execute(
        select(
            ValueEntry.document_no,
            ValueEntry.line_no,
            ValueEntry.item_entry_no,
            ValueEntry.item_no,
            ValueEntry.invoiced_quantity,
        )
        .where(ValueEntry.document_no.in_(numbers), ValueEntry.document_type == "invoice")
        .where(ValueEntry.kind == ValueKind.DIRECT_COST.value, ~ValueEntry.is_adjustment)
        .where(ValueEntry.charge_no.is_(None), ValueEntry.invoiced_quantity != ZERO)
        .order_by(ValueEntry.entry_no)
    )
    found: dict[_TargetKey, tuple[TargetEntry, ...]] = {}
    for document_no, line_no, entry_no, item_no, quantity in rows:
        key = (ChargeTarget.INVOICE, document_no, line_no or 0)
        found[key] = (*found.get(key, ()), TargetEntry(entry_no, item_no, quantity))
    return found
