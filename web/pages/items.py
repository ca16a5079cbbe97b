"""Items and stock: what is there and what it is worth; the sum equals the inventory accounts (ux.md §5.8)."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi.responses import Response

from core.master.company import get_company
from core.master.items import Item, find_items
from core.master.rights import Right
from core.money import ZERO, total
from core.reports.inventory_valuation import ValuationRow, inventory_valuation
from web.routing import Desk, DeskRequest
from web.view import DeskContext

router = Desk()
MOST = 500


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One item. Stock and value are a dash for what is not kept in stock."""

    item_no: str
    description: str
    type: str
    costing: str
    unit: str
    stock: str
    value: str
    unit_value: str
    last_price: str
    is_blocked: bool


@router.page("/items", right=Right.ITEM_READ)
def items(desk: DeskRequest, search: str = "") -> Response:
    """The list with stock and value today, and whether the value is all in the general ledger."""
    with desk.reading() as work:
        valued = {row.item_no: row for row in inventory_valuation(work, work.today)}
        rows = [_row(desk, item, valued.get(item.item_no)) for item in find_items(work, search, MOST)]
        currency = get_company(work).local_currency
    value = total(row.value_actual + row.value_expected for row in valued.values())
    difference = value - total(row.posted for row in valued.values())
    return desk.render(
        "items.html",
        rows=rows,
        search=search,
        currency=currency,
        value=desk.formats.amount(value),
        difference="" if difference == ZERO else f"{currency} {desk.formats.amount(difference)}",
        has_stock=bool(valued),
    )


def _row(desk: DeskContext, item: Item, valued: ValuationRow | None) -> ItemRow:
    formats = desk.formats
    value = None if valued is None else valued.value_actual + valued.value_expected
    return ItemRow(
        item_no=item.item_no,
        description=item.description,
        type=desk.text(f"items.type_{item.type}"),
        costing=desk.text(f"items.costing_{item.costing}") if item.type == "inventory" else "–",
        unit=item.unit,
        stock=formats.quantity(valued.quantity) if valued else "–",
        value=formats.amount(value),
        unit_value=formats.amount(valued.average_cost) if valued and valued.quantity else "–",
        last_price=formats.amount(item.last_direct_cost) if item.last_direct_cost else "–",
        is_blocked=item.blocked,
    )
