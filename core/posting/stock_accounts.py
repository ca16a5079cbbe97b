"""Which accounts a change of stock value is posted on: the table of PO §4.7. Pure."""

from __future__ import annotations

from typing import Protocol

from core.costing.stock import StockFacts
from core.errors import DomainError, Term, refuse
from core.ledgers.item import MovementKind, ValueKind
from core.master.posting_groups import ANY, GeneralPostingSetup, InventoryPostingSetup

_COUNTERS = {
    (MovementKind.PURCHASE, ValueKind.DIRECT_COST): "direct_cost_applied",
    (MovementKind.PURCHASE, ValueKind.INDIRECT_COST): "overhead_applied",
    (MovementKind.PURCHASE, ValueKind.VARIANCE): "purchase_variance",
    (MovementKind.SALE, ValueKind.DIRECT_COST): "cogs",
}


class StockValue(Protocol):
    """A value row or entry, as far as its accounts go."""

    @property
    def movement_kind(self) -> str:
        """What kind of movement it values."""

    @property
    def kind(self) -> str:
        """What kind of value it is."""

    @property
    def location_code(self) -> str:
        """Where the stock is."""

    @property
    def inventory_group(self) -> str | None:
        """The inventory posting group."""

    @property
    def general_business(self) -> str | None:
        """The general business posting group."""

    @property
    def general_product(self) -> str | None:
        """The general product posting group."""

    @property
    def line_no(self) -> int | None:
        """The line of the document."""


def stock_accounts(facts: StockFacts, value: StockValue, *, is_expected: bool) -> tuple[str, str]:
    """Stock account and counter account of a value. Raises `posting_setup_missing` (PO-33)."""
    general = _general_setup(facts, value)
    inventory = _inventory_setup(facts, value)
    stock_name = "interim" if is_expected else "inventory"
    counter_name = _counter_name(value, is_expected=is_expected)
    stock: str | None = getattr(inventory, stock_name, None)
    counter: str | None = getattr(general, counter_name, None)
    if stock is None:
        place = (value.location_code, value.inventory_group)
        raise _missing("inventory_posting_setup", place, stock_name, value.line_no)
    if counter is None:
        groups = (value.general_business, value.general_product)
        raise _missing("general_posting_setup", groups, counter_name, value.line_no)
    return stock, counter


def _counter_name(value: StockValue, *, is_expected: bool) -> str:
    """The column of the general posting setup that a value is posted against."""
    movement_kind = MovementKind(value.movement_kind)
    if is_expected:
        return "cogs_interim" if movement_kind == MovementKind.SALE else "accrual_interim"
    return _COUNTERS.get((movement_kind, ValueKind(value.kind)), "inventory_adjustment")


def _missing(
    setup: str, groups: tuple[str | None, str | None], account: str, line_no: int | None
) -> DomainError:
    shown = " / ".join(group for group in groups if group) or "–"
    return refuse(
        "posting_setup_missing", line_no=line_no, setup=Term(setup), groups=shown, account=Term(account)
    )


def _general_setup(facts: StockFacts, value: StockValue) -> GeneralPostingSetup | None:
    business, product = value.general_business or ANY, value.general_product or ""
    return facts.general.get((business, product)) or facts.general.get((ANY, product))


def _inventory_setup(facts: StockFacts, value: StockValue) -> InventoryPostingSetup | None:
    group = value.inventory_group or ""
    return facts.inventory.get((value.location_code, group)) or facts.inventory.get((ANY, group))
