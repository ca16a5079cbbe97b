"""The stock in the reconciliation: values and their accounts, applications, running balances (PO-11)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from sqlalchemy import Select, case, func, or_, select, union_all
from sqlalchemy.orm import aliased

from core.costing.balance import StockBalance
from core.ledgers.item import CostPosting, ItemApplication, ItemEntry, ValueEntry
from core.master.accounts import Control
from core.master.company import Company, find_company
from core.master.posting_groups import ANY, inventory_setups
from core.money import ZERO
from core.reports.difference import (
    Difference,
    account_balances,
    compared,
    control_by_transaction,
    shown,
    sums,
)
from core.work import Work


def verify_stock(work: Work) -> list[Difference]:
    """Every difference in the item ledgers and between them and the G/L (PO-7, PO-9, PO-22)."""
    company = find_company(work)
    if company is None:
        return []
    return [
        *_posted_values(work),
        *_unposted_values(work, company),
        *_inventory_balances(work),
        *_empty_items(work, company),
        *_remaining_stock(work),
        *_applications(work),
        *_invoiced(work),
        *_running_balances(work),
    ]


def _posted_values(work: Work) -> Iterator[Difference]:
    """What value entries and runs of cost posting say they posted is on the stock accounts (PO-7)."""
    for control, at_once, later in (
        (Control.INVENTORY, ValueEntry.posted_actual, CostPosting.actual),
        (Control.INVENTORY_INTERIM, ValueEntry.posted_expected, CostPosting.expected),
    ):
        posted = union_all(
            select(ValueEntry.transaction_no.label("number"), at_once.label("amount")),
            select(CostPosting.register_no.label("number"), later.label("amount")),
        ).subquery()
        subledger = select(posted.c.number, func.sum(posted.c.amount)).group_by(posted.c.number)
        yield from compared(work, "PO-7", sums(work, subledger), control_by_transaction(work, control))


def _unposted_values(work: Work, company: Company) -> Iterator[Difference]:
    """With automatic cost posting nothing of actual cost waits to be posted (PO-7, PO-128)."""
    if not company.automatic_cost_posting:
        return
    later = (
        select(CostPosting.value_entry_no, func.sum(CostPosting.actual).label("actual"))
        .group_by(CostPosting.value_entry_no)
        .subquery()
    )
    posted = ValueEntry.posted_actual + func.coalesce(later.c.actual, 0)
    query = (
        select(ValueEntry.entry_no, ValueEntry.cost_actual, posted)
        .outerjoin(later, later.c.value_entry_no == ValueEntry.entry_no)
        .where(ValueEntry.cost_actual != posted)
        .order_by(ValueEntry.entry_no)
    )
    for entry_no, value, in_gl in work.session.execute(query):
        row = f"value_entry {entry_no}"
        yield Difference("PO-7", row, shown(value), shown(in_gl), row)


def _inventory_balances(work: Work) -> Iterator[Difference]:
    """Each stock account is the sum of the groups and locations that lead to it (PO-7)."""
    setups = inventory_setups(work)
    at_once, later = _per_place(work), _posted_later(work)
    for index, column in enumerate(("inventory", "interim")):
        groups: dict[str, Decimal] = {}
        account_of: dict[str, str | None] = {}
        for place in sorted({*at_once, *later}):
            setup = setups.get(place) or setups.get((ANY, place[1]))
            key = " / ".join(place)
            groups[key] = at_once.get(place, (ZERO, ZERO))[index] + later.get(place, (ZERO, ZERO))[index]
            account_of[key] = getattr(setup, column, None)
        known = {key: amount for key, amount in groups.items() if amount != ZERO or account_of[key]}
        yield from account_balances(work, "PO-7", known, account_of)


Sums = dict[tuple[str, str], tuple[Decimal, Decimal]]


def _per_place(work: Work) -> Sums:
    return _places(
        work,
        select(
            ValueEntry.location_code,
            ValueEntry.inventory_group,
            func.sum(ValueEntry.posted_actual),
            func.sum(ValueEntry.posted_expected),
        ),
    )


def _posted_later(work: Work) -> Sums:
    return _places(
        work,
        select(
            ValueEntry.location_code,
            ValueEntry.inventory_group,
            func.sum(CostPosting.actual),
            func.sum(CostPosting.expected),
        ).join(CostPosting, CostPosting.value_entry_no == ValueEntry.entry_no),
    )


def _places(work: Work, query: Select[str, str | None, Decimal, Decimal]) -> Sums:
    grouped = query.where(ValueEntry.inventory_group.is_not(None)).group_by(
        ValueEntry.location_code, ValueEntry.inventory_group
    )
    return {
        (location, group or ""): (actual or ZERO, expected or ZERO)
        for location, group, actual, expected in work.session.execute(grouped)
    }


def _empty_items(work: Work, company: Company) -> Iterator[Difference]:
    """An item with quantity zero, all invoiced, is worth nothing once costs are adjusted (PO-9)."""
    if company.automatic_cost_adjustment == "never":
        return
    quantities = select(
        ItemEntry.item_no,
        func.sum(ItemEntry.quantity).label("quantity"),
        # Counted, not added up: what came in and what left, neither invoiced, would cancel out.
        func.sum(case((ItemEntry.quantity != ItemEntry.invoiced_quantity, 1), else_=0)).label("uninvoiced"),
    ).where(ItemEntry.has_stock)
    stock = quantities.group_by(ItemEntry.item_no).subquery()
    value = func.sum(ValueEntry.cost_actual + ValueEntry.cost_expected)
    rows = work.session.execute(
        select(stock.c.item_no, value, func.max(ValueEntry.entry_no))
        .join(ValueEntry, ValueEntry.item_no == stock.c.item_no)
        .where(stock.c.quantity == ZERO, stock.c.uninvoiced == 0)
        .group_by(stock.c.item_no)
        .having(value != ZERO)
        .order_by(stock.c.item_no)
    )
    for item_no, amount, entry_no in rows:
        yield Difference("PO-9", f"item {item_no}", "0", shown(amount), f"value_entry {entry_no}")


def _remaining_stock(work: Work) -> Iterator[Difference]:
    """What is left of a movement is its quantity minus what was applied, and it is open while it is left."""
    for mine, is_increase in (
        (ItemApplication.inbound_entry_no, True),
        (ItemApplication.outbound_entry_no, False),
    ):
        taken = (
            select(mine.label("entry_no"), func.sum(ItemApplication.quantity).label("quantity"))
            .group_by(mine)
            .subquery()
        )
        applied = func.coalesce(taken.c.quantity, 0)
        left = ItemEntry.quantity - applied if is_increase else ItemEntry.quantity + applied
        moved = ItemEntry.quantity > ZERO if is_increase else ItemEntry.quantity < ZERO
        is_open = case((left == ZERO, False), else_=True)
        rows = work.session.execute(
            select(ItemEntry.entry_no, ItemEntry.remaining_quantity, left)
            .outerjoin(taken, taken.c.entry_no == ItemEntry.entry_no)
            .where(ItemEntry.has_stock, moved)
            .where(or_(ItemEntry.remaining_quantity != left, ItemEntry.open != is_open))
            .order_by(ItemEntry.entry_no)
        )
        for entry_no, remaining, expected in rows:
            row = f"item_entry {entry_no}"
            yield Difference("item_remaining", row, shown(expected), shown(remaining), row)


def _applications(work: Work) -> Iterator[Difference]:
    """Nobody gives back more than was taken, and an increase goes only to its own item (PO-100)."""
    pair = (ItemApplication.inbound_entry_no, ItemApplication.outbound_entry_no)
    quantity = func.sum(ItemApplication.quantity)
    undone = select(*pair, quantity).group_by(*pair).having(quantity < ZERO).order_by(*pair)
    for inbound, outbound, taken in work.session.execute(undone):
        key = f"item_entry {inbound} → {outbound}"
        yield Difference("item_application", key, "≥ 0", shown(taken), f"item_entry {outbound}")
    increase, decrease = aliased(ItemEntry), aliased(ItemEntry)
    strangers = (
        select(ItemApplication.entry_no, increase.item_no, decrease.item_no)
        .join(increase, increase.entry_no == ItemApplication.inbound_entry_no)
        .join(decrease, decrease.entry_no == ItemApplication.outbound_entry_no)
        .where(
            or_(increase.item_no != decrease.item_no, increase.quantity <= ZERO, decrease.quantity >= ZERO)
        )
        .order_by(ItemApplication.entry_no)
    )
    for entry_no, came, left in work.session.execute(strangers):
        row = f"item_application {entry_no}"
        yield Difference("item_application", row, came, left, row)


def _invoiced(work: Work) -> Iterator[Difference]:
    """What of a movement is invoiced is the sum of its value entries, and not more than moved."""
    invoiced = func.sum(ValueEntry.invoiced_quantity)
    rows = work.session.execute(
        select(ItemEntry.entry_no, ItemEntry.invoiced_quantity, invoiced)
        .join(ValueEntry, ValueEntry.item_entry_no == ItemEntry.entry_no)
        .group_by(ItemEntry.entry_no, ItemEntry.invoiced_quantity)
        .having(ItemEntry.invoiced_quantity != invoiced)
        .order_by(ItemEntry.entry_no)
    )
    for entry_no, state, expected in rows:
        row = f"item_entry {entry_no}"
        yield Difference("item_invoiced", row, shown(expected), shown(state), row)


def _running_balances(work: Work) -> Iterator[Difference]:
    """The running stock is what its entries add up to (PO-22)."""
    kept = {
        (row.item_no, row.location_code, row.variant_code): (row.quantity, row.value)
        for row in work.session.scalars(select(StockBalance))
    }
    keys = (ItemEntry.item_no, ItemEntry.location_code, func.coalesce(ItemEntry.variant_code, ""))
    quantities = {
        (item, location, variant): quantity
        for item, location, variant, quantity in work.session.execute(
            select(*keys, func.sum(ItemEntry.quantity)).where(ItemEntry.has_stock).group_by(*keys)
        )
    }
    places = (ValueEntry.item_no, ValueEntry.location_code, func.coalesce(ValueEntry.variant_code, ""))
    cost = func.sum(ValueEntry.cost_actual + ValueEntry.cost_expected)
    values = {
        (item, location, variant): value
        for item, location, variant, value in work.session.execute(
            select(*places, cost).where(ValueEntry.has_stock).group_by(*places)
        )
    }
    for key in sorted({*kept, *quantities, *values}):
        expected = (quantities.get(key, ZERO), values.get(key, ZERO))
        actual = kept.get(key, (ZERO, ZERO))
        if actual != expected:
            row = "stock_balance " + " ".join(part for part in key if part)
            yield Difference("stock_balance", row, _both(expected), _both(actual), row)


def _both(amounts: tuple[Decimal, Decimal]) -> str:
    return " / ".join(shown(amount) for amount in amounts)
