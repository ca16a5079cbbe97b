"""Count differences and scrap (PO-121), and the run that adjusts costs (PO-105)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from core.costing.movement import StockKey
from core.costing.stock import StockNeeds, read_stock
from core.errors import DomainError, Problem, Term, refuse
from core.ledgers.item import ItemEntry, MovementKind
from core.master.company import Company, get_company
from core.master.items import Item, ItemType, ItemVariant
from core.master.number_series import Purpose, series_problems
from core.master.purchasing_setup import Location, closed_until
from core.master.vendors import normal_no
from core.money import ZERO, round_to
from core.posting.batch import Batch, Voucher
from core.posting.periods import posting_date_problems
from core.posting.stock import StockSide, Tag
from core.posting.write import write
from core.work import Work

ITEMS_AT_A_TIME = 50


@dataclass(frozen=True, slots=True)
class InventoryAdjustment:
    """A count difference: positive is found, negative is lost, in base units.

    What is found is worth `unit_cost`, else the last unit cost of the item; what is lost costs what the
    costing method says (PO-121).
    """

    item_no: str
    quantity: Decimal
    posting_date: date
    unit_cost: Decimal | None = None
    location_code: str = ""
    variant_code: str = ""
    description: str | None = None


def adjust_inventory(work: Work, adjustment: InventoryAdjustment) -> str:
    """Post a count difference against inventory adjustment and return the number of the posting (PO-121).

    Raises `item_unknown`, `item_blocked`, `item_has_no_stock`, `quantity_missing`, `location_unknown`,
    `variant_unknown`, `posting_date_not_allowed`, `inventory_period_closed`, `insufficient_inventory`,
    `posting_setup_missing` and what taking a number raises.
    """
    company = get_company(work)
    item = lock_stock_item(work, adjustment.item_no)
    problems = [*_problems(work, item, adjustment), *journal_problems(work, company, adjustment.posting_date)]
    if problems:
        raise DomainError(problems)
    stock = StockKey(item.item_no, adjustment.location_code, adjustment.variant_code)
    facts = read_stock(work, company, StockNeeds(adjustment.posting_date, frozenset({stock})))
    side = StockSide(facts, [journal_voucher("inventory_adjustment", adjustment.posting_date)])
    _compose(side, item, adjustment, company)
    side.finish()
    return write(work, stock_batch("inventory_adjustment", side)).numbers[0]


def adjust_costs(work: Work, item_nos: Collection[str] | None = None) -> list[str]:
    """Adjust the cost of these items, or of all, and return those that changed (PO-105).

    The result is that of adjusting with every posting. Items are handled in portions, a register for each.
    """
    company, changed = get_company(work), list[str]()
    for portion in _portions(work, item_nos):
        lock_items(work, portion)
        needs = StockNeeds(work.today, whole_items=frozenset(portion))
        facts = read_stock(work, company, needs)
        side = StockSide(facts, [])
        side.finish(adjusts=True)
        if side.vouchers:
            write(work, stock_batch("cost_adjustment", side))
            changed += sorted({row.item_no for row in side.values})
    return changed


def lock_items(work: Work, item_nos: Collection[str]) -> list[Item]:
    """Lock items by number, so that nobody else moves their stock until the commit (PO-161)."""
    query = select(Item).where(Item.item_no.in_(item_nos)).order_by(Item.item_no)
    locked = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    return list(work.session.scalars(locked))


def lock_stock_item(work: Work, item_no: str) -> Item:
    """The locked item. Raises `item_unknown`, and `item_has_no_stock` for services (PO-43)."""
    items = lock_items(work, [normal_no(item_no)])
    if not items:
        raise refuse("item_unknown", field="item_no", no=item_no)
    if items[0].type != ItemType.INVENTORY:
        raise refuse("item_has_no_stock", field="item_no", no=items[0].item_no)
    return items[0]


def journal_problems(work: Work, company: Company, on: date) -> list[Problem]:
    """What keeps a change of stock from being posted on a day, and from getting a number (PO-105, PO-135)."""
    problems = posting_date_problems(company, on)
    closed = closed_until(work)
    if closed is not None and on <= closed:
        problems.append(Problem("inventory_period_closed", {"date": on}, field="posting_date"))
    series = series_problems(work, Purpose.ITEM_JOURNAL, on)
    return problems + [problem for problem in series if problem.severity == "error"]


def journal_voucher(document_type: str, on: date) -> Voucher:
    """The document of a posting that concerns stock alone."""
    return Voucher(document_type, on, on, draws_from=Purpose.ITEM_JOURNAL)


def stock_batch(source: str, side: StockSide) -> Batch:
    """A batch of nothing but stock."""
    return Batch(
        source=source,
        vouchers=tuple(side.vouchers),
        general=tuple(side.general),
        items=tuple(side.items),
        item_states=tuple(side.item_states),
        applications=tuple(side.applications),
        values=tuple(side.values),
        item_costs=side.item_costs,
    )


def _compose(side: StockSide, item: Item, adjustment: InventoryAdjustment, company: Company) -> None:
    quantity = adjustment.quantity
    found = quantity > ZERO
    tag = Tag(
        kind=MovementKind.POSITIVE_ADJUSTMENT if found else MovementKind.NEGATIVE_ADJUSTMENT,
        item_no=item.item_no,
        description=adjustment.description or item.description,
        unit=item.unit,
        location_code=adjustment.location_code,
        variant_code=adjustment.variant_code or None,
    )
    if not found:
        side.decrease(tag, -quantity)
        return
    unit_cost = adjustment.unit_cost
    if unit_cost is None:
        unit_cost = item.unit_cost or item.last_direct_cost
    side.increase(tag, quantity, actual=round_to(quantity * unit_cost, company.cent), invoiced=True)


def _problems(work: Work, item: Item, adjustment: InventoryAdjustment) -> Iterator[Problem]:
    if item.blocked:
        yield Problem("item_blocked", {"no": item.item_no}, field="item_no")
    if adjustment.quantity == ZERO:
        yield Problem(
            "field_missing", {"field": Term("field_quantity"), "record": item.item_no}, field="quantity"
        )
    if adjustment.location_code and work.session.get(Location, adjustment.location_code) is None:
        yield Problem("location_unknown", {"no": adjustment.location_code}, field="location_code")
    code = adjustment.variant_code
    if code and work.session.get(ItemVariant, (item.item_no, code)) is None:
        yield Problem("variant_unknown", {"no": item.item_no, "variant": code}, field="variant_code")


def _portions(work: Work, item_nos: Collection[str] | None) -> Iterator[Sequence[str]]:
    """Items with stock entries, a few at a time and in the order of their locks."""
    query = select(ItemEntry.item_no).where(ItemEntry.has_stock).distinct().order_by(ItemEntry.item_no)
    if item_nos is not None:
        query = query.where(ItemEntry.item_no.in_([normal_no(no) for no in item_nos]))
    found = work.session.scalars(query).all()
    for start in range(0, len(found), ITEMS_AT_A_TIME):
        yield found[start : start + ITEMS_AT_A_TIME]
