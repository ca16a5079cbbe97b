"""Taking posted lines back: which goods they moved, what of that is still there, and drafts that return it.

The exact cost of what goes back is that of the item entry that a line names (PU-139 to PU-141).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from core.errors import Problem
from core.ledgers.item import ItemApplication, ItemEntry, MovementKind, ValueEntry, ValueKind
from core.master.company import get_company
from core.master.items import Item, ItemType, base_quantity
from core.master.vendors import normal_no
from core.money import ZERO
from core.purchasing.document import DocumentKind, LineType, PurchaseDocument, PurchaseLine
from core.purchasing.posted import PostedDocument
from core.work import Work


@dataclass(frozen=True, slots=True)
class LinkedEntry:
    """An item entry that a line names, and how much of it other postings have taken back already."""

    entry_no: int
    item_no: str
    variant_code: str | None
    quantity: Decimal
    remaining: Decimal
    returned: Decimal
    has_stock: bool = True


@dataclass(frozen=True, slots=True)
class MovedEntry:
    """An item entry of a posted line; `quantity` is what the line invoiced of it, in base units, signed.

    `variance` is what of its cost was no part of the standard cost, in local currency (PO-101).
    """

    entry_no: int
    quantity: Decimal
    variance: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class ChargedEntry:
    """What a posted charge line put on an item entry, in local currency."""

    entry_no: int
    item_no: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Reversal:
    """What the posted line that a line takes back did to stock."""

    moved: tuple[MovedEntry, ...] = ()
    charged: tuple[ChargedEntry, ...] = ()


def read_reversals(work: Work, document: PurchaseDocument) -> dict[int, Reversal]:
    """What each line of a cancelling document undoes, by its line number; empty for any other document.

    A posted line may have several item entries, of several receipts; all of them are taken back by the one
    line, so that its amounts stay those of the posted line (PU-124).
    """
    if not document.is_cancellation or document.corrects_no is None:
        return {}
    corrected = (
        DocumentKind.INVOICE if document.kind == DocumentKind.CREDIT_MEMO else DocumentKind.CREDIT_MEMO
    )
    effects = read_effects(work, corrected.value, document.corrects_no)
    found = {
        line.line_no: effects[line.source_line_no]
        for line in document.lines
        if line.source_line_no is not None and line.source_line_no in effects
    }
    if document.kind == DocumentKind.INVOICE:
        # Goods come in again as any purchase does; only charges return to where they were.
        found = {no: replace(effect, moved=()) for no, effect in found.items() if effect.charged}
    return found


def read_effects(work: Work, document_type: str, posted_no: str) -> dict[int, Reversal]:
    """What every line of a posted document did to stock, by line number.

    Entries of a bill that moved the goods itself bear the number of its receipt; the register knows both.
    """
    register = select(PostedDocument.register_no).where(
        PostedDocument.kind == document_type, PostedDocument.posted_no == posted_no
    )
    moved: dict[int, dict[int, Decimal]] = {}
    charged: dict[int, list[ChargedEntry]] = {}
    variances: dict[tuple[int, int], Decimal] = {}
    rows = work.session.scalars(
        select(ValueEntry)
        .where(ValueEntry.register_no == register.scalar_subquery())
        .where(ValueEntry.movement_kind == MovementKind.PURCHASE.value)
        .where(ValueEntry.kind.in_((ValueKind.DIRECT_COST.value, ValueKind.VARIANCE.value)))
        .where(~ValueEntry.is_adjustment)
        .order_by(ValueEntry.entry_no)
    )
    for row in rows:
        if row.line_no is None:
            continue
        if row.kind == ValueKind.VARIANCE.value:
            key = (row.line_no, row.item_entry_no)
            variances[key] = variances.get(key, ZERO) + row.cost_actual
        elif row.charge_no is not None:
            charged.setdefault(row.line_no, []).append(
                ChargedEntry(row.item_entry_no, row.item_no, row.cost_actual)
            )
        elif row.invoiced_quantity != ZERO:
            of_line = moved.setdefault(row.line_no, {})
            of_line[row.item_entry_no] = of_line.get(row.item_entry_no, ZERO) + row.invoiced_quantity
    return {
        line_no: Reversal(
            tuple(
                MovedEntry(no, quantity, variances.get((line_no, no), ZERO))
                for no, quantity in moved.get(line_no, {}).items()
            ),
            tuple(charged.get(line_no, ())),
        )
        for line_no in moved.keys() | charged.keys()
    }


def read_linked(work: Work, entry_nos: Collection[int]) -> dict[int, LinkedEntry]:
    """These item entries with what was taken back of each by name; undone returns do not count."""
    if not entry_nos:
        return {}
    returned = _returned_by_name(work, entry_nos)
    rows = work.session.scalars(
        select(ItemEntry).where(ItemEntry.entry_no.in_(entry_nos)).execution_options(populate_existing=True)
    )
    return {
        row.entry_no: LinkedEntry(
            entry_no=row.entry_no,
            item_no=row.item_no,
            variant_code=row.variant_code,
            quantity=row.quantity,
            remaining=row.remaining_quantity,
            returned=returned.get(row.entry_no, ZERO),
            has_stock=row.has_stock,
        )
        for row in rows
    }


def returned_to_vendor(work: Work, entry_nos: Collection[int]) -> dict[int, Decimal]:
    """How much of each increase went back to the vendor, named or not, by entry number (PU-126 no. 8)."""
    if not entry_nos:
        return {}
    undone = select(ItemEntry.applies_to_entry_no).where(
        ItemEntry.is_correction.is_(True), ItemEntry.applies_to_entry_no.is_not(None)
    )
    rows = work.session.execute(
        select(ItemApplication.inbound_entry_no, func.sum(ItemApplication.quantity))
        .join(ItemEntry, ItemEntry.entry_no == ItemApplication.outbound_entry_no)
        .where(ItemApplication.inbound_entry_no.in_(entry_nos))
        .where(ItemEntry.kind == MovementKind.PURCHASE.value)
        .where(ItemEntry.entry_no.not_in(undone))
        .group_by(ItemApplication.inbound_entry_no)
    )
    return {entry_no: quantity for entry_no, quantity in rows if quantity}


def link_problems(work: Work, document: PurchaseDocument) -> list[Problem]:
    """Check 28: the item entries that lines name, and those that they must name (PU-139, PU-140).

    `appl_to_item_entry_missing`, `appl_to_item_entry_invalid`, `return_exceeds_received`. Lines of a
    cancellation and of return shipments that were posted before are tied to their entries already.
    """
    if not DocumentKind(document.kind).goes_back or document.is_cancellation:
        return []
    lines = [line for line in document.lines if _leaving(document, line) > ZERO]
    mandatory = bool(lines) and get_company(work).exact_cost_reversing_mandatory
    named = {line.applies_to_item_entry_no for line in lines if line.applies_to_item_entry_no is not None}
    if not mandatory and not named:
        return []
    items = _items(work, lines)
    checks = _LinkChecks(document, read_linked(work, named), mandatory)
    stock_lines = ((line, items.get(normal_no(line.no or ""))) for line in lines)
    problems = [
        checks.check(line, item)
        for line, item in stock_lines
        if item is not None and item.type == ItemType.INVENTORY
    ]
    return [problem for problem in problems if problem is not None]


@dataclass(slots=True)
class _LinkChecks:
    """Goes through the lines of a return; `taken` is what earlier lines take of the same entry."""

    document: PurchaseDocument
    linked: Mapping[int, LinkedEntry]
    mandatory: bool
    taken: dict[int, Decimal] = field(default_factory=dict)

    def check(self, line: PurchaseLine, item: Item) -> Problem | None:
        """What is wrong with the entry that a line names."""
        entry_no = line.applies_to_item_entry_no
        if entry_no is None:
            return self._problem("appl_to_item_entry_missing", line, {}) if self.mandatory else None
        entry = self.linked.get(entry_no)
        if entry is None or not _is_receipt_of(entry, item, line):
            return self._problem("appl_to_item_entry_invalid", line, {"entry": str(entry_no)})
        wanted = base_quantity(_leaving(self.document, line), line.units_per_unit)
        returned = entry.returned + self.taken.get(entry_no, ZERO)
        self.taken[entry_no] = self.taken.get(entry_no, ZERO) + wanted
        left = entry.quantity - returned
        if wanted <= left:
            return None
        values = {"entry": str(entry_no), "returned": plain(returned), "left": plain(left)}
        return self._problem("return_exceeds_received", line, values)

    def _problem(self, code: str, line: PurchaseLine, values: Mapping[str, str]) -> Problem:
        where = {"line": line.line_no, "no": line.no}
        return Problem(code, {**where, **values}, line_no=line.line_no, field="applies_to_item_entry_no")


def _is_receipt_of(entry: LinkedEntry, item: Item, line: PurchaseLine) -> bool:
    same_variant = (entry.variant_code or "") == (line.variant_code or "")
    return entry.quantity > ZERO and entry.item_no == item.item_no and same_variant


def plain(quantity: Decimal) -> str:
    """A quantity as people write it, without surplus zeros."""
    return f"{quantity.normalize():f}"


def _leaving(document: PurchaseDocument, line: PurchaseLine) -> Decimal:
    """What of a line goes back now, in its unit; zero for what was shipped before."""
    if line.type != LineType.ITEM or line.receipt_no is not None:
        return ZERO
    return line.qty_to_receive if document.kind == DocumentKind.RETURN_ORDER else line.quantity


def _items(work: Work, lines: Iterable[PurchaseLine]) -> dict[str, Item]:
    numbers = {normal_no(line.no) for line in lines if line.no}
    return {
        item.item_no: item for item in work.session.scalars(select(Item).where(Item.item_no.in_(numbers)))
    }


def _returned_by_name(work: Work, entry_nos: Collection[int]) -> dict[int, Decimal]:
    """What decreases took back of these increases by name, less the returns that were undone."""
    gone = aliased(ItemEntry)
    undone = select(func.coalesce(func.sum(ItemEntry.quantity), 0)).where(
        ItemEntry.applies_to_entry_no == gone.entry_no, ItemEntry.is_correction.is_(True)
    )
    rows = work.session.execute(
        select(gone.applies_to_entry_no, gone.quantity, undone.scalar_subquery()).where(
            gone.applies_to_entry_no.in_(entry_nos), gone.quantity < ZERO
        )
    )
    returned: dict[int, Decimal] = {}
    for entry_no, quantity, back in rows:
        assert entry_no is not None
        returned[entry_no] = returned.get(entry_no, ZERO) - quantity - (back or ZERO)
    return returned
