"""Revaluation: stock gets another value on a day; what left before keeps its cost (PO-122)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.costing.movement import Link, Movement, StockLedger
from core.costing.stock import StockFacts, StockNeeds, read_stock
from core.errors import DomainError, refuse
from core.ledgers.item import MovementKind
from core.master.company import get_company
from core.master.items import Item
from core.money import ZERO, round_to, total
from core.posting.adjustment import journal_problems, journal_voucher, lock_stock_item, stock_batch
from core.posting.stock import StockSide, Tag
from core.posting.write import write
from core.work import Work


@dataclass(frozen=True, slots=True)
class StockRevaluation:
    """All stock of an item that there was on a day, or one increase of it, becomes worth `unit_cost` each."""

    item_no: str
    unit_cost: Decimal
    posting_date: date
    entry_no: int | None = None


def revalue(work: Work, revaluation: StockRevaluation) -> str:
    """Post the difference against inventory adjustment and return the number of the posting (PO-122).

    Only what is invoiced is revalued, of an item at standard cost everything; revaluing all of that makes
    `unit_cost` its standard cost (PO-101). Raises `item_unknown`, `item_has_no_stock`, `nothing_to_revalue`,
    `posting_date_not_allowed`, `inventory_period_closed` and what taking a number raises.
    """
    company = get_company(work)
    item = lock_stock_item(work, revaluation.item_no)
    problems = journal_problems(work, company, revaluation.posting_date)
    if problems:
        raise DomainError(problems)
    needs = StockNeeds(revaluation.posting_date, whole_items=frozenset({item.item_no}))
    facts = read_stock(work, company, needs)
    side = StockSide(facts, [journal_voucher("revaluation", revaluation.posting_date)])
    for movement, amount in _differences(facts, item, revaluation):
        side.revalue(movement.key, _tag(item, movement), amount)
    if not side.values:
        raise refuse("nothing_to_revalue", no=item.item_no, date=revaluation.posting_date)
    if facts.method(item.item_no).at_standard and revaluation.entry_no is None:
        item.standard_cost = revaluation.unit_cost
        work.session.flush()
    side.finish()
    return write(work, stock_batch("revaluation", side)).numbers[0]


def _differences(
    facts: StockFacts, item: Item, revaluation: StockRevaluation
) -> Iterable[tuple[Movement, Decimal]]:
    """What every increase that there was on the day gains."""
    ledger, on, cent = facts.ledger, revaluation.posting_date, facts.terms.precision
    method = facts.method(item.item_no)
    open_then = [
        (movement, left)
        for movement in ledger.movements.values()
        if movement.is_increase and movement.posting_date <= on and not movement.drop_shipment
        if (left := _left(ledger, movement, on)) > ZERO and (movement.is_invoiced or method.at_standard)
    ]
    whole = _pool(ledger, on) if method.needs_window else None
    for movement, left in open_then:
        if revaluation.entry_no not in (None, movement.key):
            continue
        value, quantity = whole or (movement.value, movement.quantity)
        now = value * left / quantity
        amount = round_to(left * revaluation.unit_cost, cent) - round_to(now, cent)
        if amount != ZERO:
            yield movement, amount


def _left(ledger: StockLedger, increase: Movement, on: date) -> Decimal:
    """What was left of an increase at the end of a day."""
    return increase.quantity - total(
        link.quantity for link in ledger.taken_from(increase.key) if _left_on(link, increase) <= on
    )


def _left_on(link: Link, increase: Movement) -> date:
    return max(link.on, increase.posting_date)


def _pool(ledger: StockLedger, on: date) -> tuple[Decimal, Decimal]:
    """Value and quantity of all that is averaged at the end of a day."""
    until = [m for m in ledger.movements.values() if ledger.valuation_date(m) <= on]
    quantity = total(movement.quantity - _uncovered(movement) for movement in until)
    return total(movement.value for movement in until), quantity or Decimal(1)


def _uncovered(movement: Movement) -> Decimal:
    return movement.remaining if not movement.is_increase else ZERO


def _tag(item: Item, movement: Movement) -> Tag:
    return Tag(
        kind=MovementKind(movement.kind),
        item_no=item.item_no,
        description=movement.origin.description or item.description,
        location_code=movement.stock.location_code,
        variant_code=movement.stock.variant_code or None,
        general_business=movement.origin.general_business,
        source_no=movement.origin.source_no,
        dimensions=movement.origin.dimensions,
    )
