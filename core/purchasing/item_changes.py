"""Changing what an item is: type, costing method and base unit, while nothing was done with it (PU-21)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from core.errors import refuse
from core.ledgers.item import ItemEntry
from core.master.items import Costing, Item, ItemType
from core.master.vendors import normal_no
from core.purchasing.document import LineType, PurchaseLine
from core.purchasing.posted import PostedLine, PostedReceiptLine
from core.sales.document import SalesLine, SalesLineType
from core.work import Work


@dataclass(frozen=True, slots=True)
class ItemChange:
    """New values for an item; None keeps what is there.

    With a new base unit the other units and the purchase unit go: their factors counted in the old one.
    """

    type: ItemType | None = None
    costing: Costing | None = None
    unit: str | None = None


def change_item(work: Work, item_no: str, change: ItemChange) -> Item:
    """Change type, costing method or base unit of an item that has no entries and is on no document.

    A change to what is there already is none. Refuses with `item_unknown` and `item_has_entries`.
    """
    item = work.session.scalar(
        select(Item)
        .where(Item.item_no == normal_no(item_no))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if item is None:
        raise refuse("item_unknown", no=item_no)
    wanted = {"type": change.type, "costing": change.costing, "unit": change.unit}
    changed = {name: v for name, v in wanted.items() if v is not None and v != getattr(item, name)}
    if changed and is_used(work, item.item_no):
        raise refuse("item_has_entries", field=next(iter(changed)), no=item.item_no)
    for name, value in changed.items():
        setattr(item, name, str(value))
    if "unit" in changed:
        item.units, item.purchase_unit = [], None
    work.session.flush()
    return item


def is_used(work: Work, item_no: str) -> bool:
    """Whether an item has ledger entries or is on a document, posted or not; services have no entries."""
    item = LineType.ITEM.value
    found = (
        select(ItemEntry.entry_no).where(ItemEntry.item_no == item_no),
        select(PurchaseLine.id).where(PurchaseLine.type == item, PurchaseLine.no == item_no),
        select(SalesLine.id).where(SalesLine.type == SalesLineType.ITEM.value, SalesLine.no == item_no),
        select(PostedLine.id).where(PostedLine.type == item, PostedLine.no == item_no),
        select(PostedReceiptLine.id).where(PostedReceiptLine.type == item, PostedReceiptLine.no == item_no),
    )
    return any(work.session.scalar(query.limit(1)) is not None for query in found)
