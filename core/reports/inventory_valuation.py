"""Inventory valuation: what is in stock on a date and what it is worth (PO-171)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import case, func, select

from core.ledgers.item import ItemEntry, ValueEntry
from core.master.items import Item, ItemType
from core.money import UNIT_COST, ZERO, round_to
from core.work import Work


@dataclass(frozen=True, slots=True)
class ValuationRow:
    """One item on a date, in base units and local currency. `posted` is what of the value is in the G/L."""

    item_no: str
    description: str
    inventory_group: str | None
    unit: str
    increases: Decimal
    decreases: Decimal
    quantity: Decimal
    value_actual: Decimal
    value_expected: Decimal
    average_cost: Decimal
    posted: Decimal


def inventory_valuation(work: Work, on: date) -> list[ValuationRow]:
    """Every inventory item that ever moved, by number."""
    increases = func.sum(case((ItemEntry.quantity > 0, ItemEntry.quantity), else_=None))
    decreases = func.sum(case((ItemEntry.quantity < 0, ItemEntry.quantity), else_=None))
    quantities = {
        item_no: (arrived or ZERO, left or ZERO)
        for item_no, arrived, left in work.session.execute(
            select(ItemEntry.item_no, increases, decreases)
            .where(ItemEntry.posting_date <= on, ItemEntry.has_stock)
            .group_by(ItemEntry.item_no)
        )
    }
    values = {
        item_no: (actual, expected, posted)
        for item_no, actual, expected, posted in work.session.execute(
            select(
                ValueEntry.item_no,
                func.sum(ValueEntry.cost_actual),
                func.sum(ValueEntry.cost_expected),
                func.sum(ValueEntry.posted_actual + ValueEntry.posted_expected),
            )
            .where(ValueEntry.posting_date <= on, ValueEntry.has_stock)
            .group_by(ValueEntry.item_no)
        )
    }
    items = work.session.scalars(
        select(Item).where(Item.type == ItemType.INVENTORY).order_by(Item.item_no)
    ).all()
    return [
        _row(item, quantities[item.item_no], values.get(item.item_no, (ZERO, ZERO, ZERO)))
        for item in items
        if item.item_no in quantities
    ]


def _row(
    item: Item, moved: tuple[Decimal, Decimal], values: tuple[Decimal, Decimal, Decimal]
) -> ValuationRow:
    arrived, left = moved
    actual, expected, posted = values
    quantity = arrived + left
    average = round_to((actual + expected) / quantity, UNIT_COST) if quantity else ZERO
    return ValuationRow(
        item_no=item.item_no,
        description=item.description,
        inventory_group=item.inventory_group,
        unit=item.unit,
        increases=arrived,
        decreases=-left,
        quantity=quantity,
        value_actual=actual,
        value_expected=expected,
        average_cost=average,
        posted=posted,
    )
