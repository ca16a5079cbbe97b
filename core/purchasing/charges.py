"""Item charges: freight, duty, allowances, and the goods that they are put on (PU-98, PO-103)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import select

from core.errors import refuse
from core.ledgers.item import ValueEntry, ValueKind
from core.master.items import Item, ItemType, base_quantity
from core.master.vendors import normal_no
from core.money import QUANTITY, ZERO, spread, total
from core.purchasing.document import ChargeAssignment, ChargeTarget, LineType, PurchaseDocument, PurchaseLine
from core.purchasing.editing import require_open, touch
from core.purchasing.received import Received, latest_received, received_lines
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


class SuggestBy(StrEnum):
    """How a suggestion spreads a charge over the lines (PO-103); item cards know no weight yet."""

    EQUAL = "equal"
    AMOUNT = "amount"
    QUANTITY = "quantity"


@dataclass(frozen=True, slots=True)
class Assignment:
    """So much of a charge line's quantity is to go to a line: of a posted document, or of the same one."""

    target: ChargeTarget
    no: str | None
    line_no: int
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class OpenTarget:
    """A line that a charge can go to. `quantity_base` and `amount` are what a suggestion weighs by."""

    target: ChargeTarget
    no: str | None
    line_no: int
    item_no: str
    description: str
    quantity_base: Decimal
    amount: Decimal


def assign(work: Work, document: PurchaseDocument, line_no: int, assignments: Sequence[Assignment]) -> None:
    """Put new assignments on a charge line of an open document, in place of those that no bill has taken.

    Refuses with `line_unknown`, `status_not_open`, `charge_over_assigned`; whether all is assigned is asked
    at posting (PU-98).
    """
    require_open(document, "assignments")
    line = _charge_line(document, line_no)
    kept = [row for row in line.assignments if row.invoiced_quantity != ZERO]
    for row in kept:
        row.quantity = row.invoiced_quantity
    whole = total(row.quantity for row in kept) + total(row.quantity for row in assignments)
    if abs(whole) > abs(line.quantity):
        raise refuse(
            "charge_over_assigned",
            field="assignments",
            line_no=line_no,
            no=line.no,
            line=line_no,
            n=abs(whole) - abs(line.quantity),
        )
    line.assignments = kept + [
        ChargeAssignment(
            target=row.target.value, target_no=row.no, target_line_no=row.line_no, quantity=row.quantity
        )
        for row in assignments
        if row.quantity != ZERO
    ]
    touch(work, document)


def suggest(
    document: PurchaseDocument,
    line_no: int,
    targets: Sequence[OpenTarget],
    by: SuggestBy = SuggestBy.EQUAL,
) -> list[Assignment]:
    """How the rest of a charge line's quantity could be spread over these lines; changes nothing.

    Equally, or in proportion to amount or quantity; the shares add up to the rest (PO-103). Where
    nothing weighs anything they are equal.
    """
    line = _charge_line(document, line_no)
    rest = line.quantity - line.quantity_invoiced
    weights = [_weigh(target, by) for target in targets]
    if total(weights) == ZERO:
        weights = [Decimal(1)] * len(targets)
    shares = spread(rest, weights, QUANTITY)
    return [
        Assignment(target.target, target.no, target.line_no, share)
        for target, share in zip(targets, shares, strict=True)
        if share != ZERO
    ]


def open_targets(
    work: Work, document: PurchaseDocument, *, vendor_no: str | None = None, limit: int = 200
) -> list[OpenTarget]:
    """Lines that a charge of this document can go to: its own item lines, then receipts, the latest first.

    Receipts of any vendor, since the carrier is seldom the seller; `vendor_no` narrows them. Only goods bear
    charges: services have no stock value to add to (PO-43).
    """
    targets = [
        *_own_targets(document),
        *map(_posted_target, latest_received(work, vendor_no=vendor_no, limit=limit)),
    ]
    numbers = {target.item_no for target in targets}
    of_stock = select(Item.item_no).where(Item.item_no.in_(numbers), Item.type == ItemType.INVENTORY.value)
    goods = set(work.session.scalars(of_stock))
    return [target for target in targets if target.item_no in goods]


def _own_targets(document: PurchaseDocument) -> list[OpenTarget]:
    return [
        OpenTarget(
            target=ChargeTarget.DOCUMENT,
            no=None,
            line_no=line.line_no,
            item_no=normal_no(line.no or ""),
            description=line.description,
            quantity_base=base_quantity(line.quantity, line.units_per_unit),
            amount=line.quantity * line.unit_cost,
        )
        for line in document.lines
        if line.type == LineType.ITEM and line.quantity != ZERO
    ]


def _posted_target(received: Received) -> OpenTarget:
    return OpenTarget(
        target=ChargeTarget.RETURN_SHIPMENT if received.is_return else ChargeTarget.RECEIPT,
        no=received.receipt_no,
        line_no=received.line_no,
        item_no=received.no,
        description=received.description,
        quantity_base=received.quantity_base,
        amount=received.quantity * (received.unit_cost or ZERO),
    )


def _weigh(target: OpenTarget, by: SuggestBy) -> Decimal:
    weights = {
        SuggestBy.EQUAL: Decimal(1),
        SuggestBy.AMOUNT: abs(target.amount),
        SuggestBy.QUANTITY: abs(target.quantity_base),
    }
    return weights[by]


def _charge_line(document: PurchaseDocument, line_no: int) -> PurchaseLine:
    line = next((row for row in document.lines if row.line_no == line_no), None)
    if line is None or line.type != LineType.CHARGE:
        raise refuse("line_unknown", line_no=line_no, document=document.document_no)
    return line
