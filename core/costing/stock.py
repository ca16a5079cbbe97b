"""The stock that a posting touches, read set by set: never an item's whole history (PO-169)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import islice

from sqlalchemy import ColumnElement, Select, case, func, select

from core.costing.averaging import period_start
from core.costing.balance import read_balances
from core.costing.method import CostingMethod, Terms
from core.costing.movement import Link, Movement, Origin, Revaluation, StockKey, StockLedger
from core.costing.valuation import costing_methods
from core.ledgers.item import ItemApplication, ItemEntry, ValueEntry, ValueKind
from core.master.company import AveragePeriod, AverageScope, Company
from core.master.items import Item
from core.master.posting_groups import (
    GeneralPostingSetup,
    InventoryPostingSetup,
    general_setups,
    inventory_setups,
)
from core.master.purchasing_setup import closed_until
from core.money import ZERO
from core.work import Work

AT_A_TIME = 900  # SQLite takes a thousand parameters everywhere


@dataclass(frozen=True, slots=True)
class StockNeeds:
    """What a posting will touch. `on` is the earliest posting date of its movements.

    `stocks` are increased or decreased, those `gaining` only increased, so that their layers stay as they
    are; `entries` are item entries that it names: receipts that it invoices,
    charges or undoes, entries that a line applies to. `whole_items` are read with all that ever moved, for a
    run of cost adjustment.
    """

    on: date
    stocks: frozenset[StockKey] = frozenset()
    gaining: frozenset[StockKey] = frozenset()
    entries: frozenset[int] = frozenset()
    whole_items: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class StockFacts:
    """The stock as it is, and all that composing entries for it looks up. Reading it changes nothing."""

    company: Company
    items: Mapping[str, Item]
    ledger: StockLedger
    terms: Terms
    methods: Mapping[str, CostingMethod]
    general: Mapping[tuple[str, str], GeneralPostingSetup]
    inventory: Mapping[tuple[str, str], InventoryPostingSetup]
    closed_until: date | None = None

    @property
    def adjusts(self) -> bool:
        """Whether costs are adjusted with every posting (PO-105)."""
        return self.company.automatic_cost_adjustment != "never"

    def method(self, item_no: str) -> CostingMethod:
        """The costing method of an item."""
        return self.methods[self.items[item_no].costing]

    def available(self, stock: StockKey) -> Decimal:
        """What can be taken of a stock now, in base units."""
        return self.ledger.available(stock)


def read_stock(
    work: Work, company: Company, needs: StockNeeds, items: Mapping[str, Item] | None = None
) -> StockFacts:
    """Read what the needs name and everything whose cost may change with it.

    The items must be locked before (PO-161); those that the caller has read are not read again. With cost
    adjustment switched off what follows stays unread.
    """
    reader = _Reader(work, company, needs, items or {})
    ledger = reader.read()
    item_nos = sorted(reader.items)
    return StockFacts(
        company=company,
        items=reader.items,
        ledger=ledger,
        terms=Terms(
            precision=company.cent,
            average_period=AveragePeriod(company.average_cost_period),
            averages_whole_item=company.average_cost_scope == AverageScope.ITEM,
            balances=read_balances(work, item_nos),
            windows=reader.windows,
        ),
        methods=reader.methods,
        general=work.once(general_setups),
        inventory=work.once(inventory_setups),
        closed_until=work.once(closed_until),
    )


@dataclass(slots=True)
class _Reader:
    """Collects movements until nothing more can change (PO-105)."""

    work: Work
    company: Company
    needs: StockNeeds
    known: Mapping[str, Item]
    items: dict[str, Item] = field(default_factory=dict)
    windows: dict[str, date] = field(default_factory=dict)
    methods: dict[str, CostingMethod] = field(default_factory=costing_methods)
    movements: dict[int, Movement] = field(default_factory=dict)
    followed: set[int] = field(default_factory=set)

    def read(self) -> StockLedger:
        """The ledger with everything that is needed."""
        self._read_named()
        if self.company.automatic_cost_adjustment != "never" or self.needs.whole_items:
            self._follow(set(self._starting_points()))
        else:
            self._follow_once(self.needs.entries)
        self._read_sources()
        links = self._links()
        self._read_values()
        return StockLedger(self.movements.values(), links)

    def _read_named(self) -> None:
        """The entries that are named, open stock, all of whole items, and the windows of averaging."""
        self._load(ItemEntry.entry_no, self.needs.entries)
        named = {movement.stock.item_no for movement in self.movements.values()}
        wanted = named | {stock.item_no for stock in self.needs.stocks} | self.needs.whole_items
        self.items = {item_no: self.known[item_no] for item_no in sorted(wanted) if item_no in self.known}
        unknown = wanted - self.items.keys()
        if unknown:
            rows = self.work.session.scalars(select(Item).where(Item.item_no.in_(unknown)))
            self.items |= {item.item_no: item for item in rows}
        whole = ItemEntry.item_no.in_(self.needs.whole_items)
        if self.needs.whole_items:
            self._keep(self.work.session.execute(_entries().where(ItemEntry.has_stock, whole)))
        stocks = {stock.item_no for stock in self.needs.stocks} - self.needs.whole_items
        if stocks:
            there = _entries().where(ItemEntry.item_no.in_(stocks), ItemEntry.open, ItemEntry.has_stock)
            if not self._takes_from(stocks):
                there = there.where(ItemEntry.remaining_quantity < ZERO)
            self._keep(self.work.session.execute(there))
        for item_no in sorted(wanted - self.needs.whole_items):
            if self.methods[self.items[item_no].costing].needs_window:
                self._read_window(item_no)

    def _takes_from(self, item_nos: Iterable[str]) -> bool:
        """Whether what is there may be taken or averaged; goods that only come in leave it alone."""
        losing = {stock.item_no for stock in self.needs.stocks - self.needs.gaining}
        averaging = {no for no in item_nos if self.methods[self.items[no].costing].needs_window}
        return not (losing | averaging).isdisjoint(item_nos)

    def _read_window(self, item_no: str) -> None:
        """Everything that moved since the first averaging period that can change (PO-98)."""
        days = [self.needs.on]
        for movement in self.movements.values():
            if movement.stock.item_no == item_no and (
                movement.key in self.needs.entries or movement.remaining < ZERO
            ):
                days.append(movement.posting_date)
        start = period_start(AveragePeriod(self.company.average_cost_period), min(days))
        self.windows[item_no] = start
        within = (ItemEntry.item_no == item_no, ItemEntry.has_stock, ItemEntry.posting_date >= start)
        self._keep(self.work.session.execute(_entries().where(*within)))
        revalued = select(ValueEntry.item_entry_no).where(
            ValueEntry.item_no == item_no,
            ValueEntry.kind == ValueKind.REVALUATION.value,
            ValueEntry.posting_date >= start,
        )
        self._load(ItemEntry.entry_no, self.work.session.scalars(revalued).all())
        increases = [
            m.key
            for m in self.movements.values()
            if m.stock.item_no == item_no and m.is_increase and m.posting_date >= start
        ]
        takers = select(ItemApplication.outbound_entry_no)
        for keys in _portions(increases):
            found = self.work.session.scalars(
                takers.where(ItemApplication.inbound_entry_no.in_(keys)).distinct()
            )
            self._load(ItemEntry.entry_no, found.all())

    def _starting_points(self) -> Iterator[int]:
        """What may change by itself: named entries, uncovered decreases, whole items, averaging windows."""
        for movement in self.movements.values():
            item_no = movement.stock.item_no
            window = self.windows.get(item_no)
            if (
                movement.key in self.needs.entries
                or movement.remaining < ZERO
                or item_no in self.needs.whole_items
                or (window is not None and movement.posting_date >= window)
            ) or (window is not None and not movement.is_increase):
                yield movement.key

    def _follow(self, keys: set[int]) -> None:
        """Along applications and exact returns until nothing new turns up (PO-105)."""
        while keys:
            self.followed |= keys
            keys = self._heirs(keys) - self.followed

    def _follow_once(self, keys: Collection[int]) -> None:
        """What took of the named entries: it may be freed from them (PO-100)."""
        self._heirs(set(keys))

    def _heirs(self, keys: set[int]) -> set[int]:
        """What takes its cost from these movements, read."""
        increases = [key for key in keys if self.movements[key].is_increase]
        heirs: set[int] = set()
        for portion in _portions(increases):
            query = select(ItemApplication.outbound_entry_no).where(
                ItemApplication.inbound_entry_no.in_(portion)
            )
            heirs |= set(self.work.session.scalars(query.distinct()))
        decreases = [key for key in keys if not self.movements[key].is_increase]
        for portion in _portions(decreases):
            returns = select(ItemEntry.entry_no).where(
                ItemEntry.applies_to_entry_no.in_(portion), ItemEntry.quantity > ZERO
            )
            heirs |= set(self.work.session.scalars(returns))
        self._load(ItemEntry.entry_no, heirs)
        return heirs

    def _read_sources(self) -> None:
        """What the followed decreases took, and what followed returns take back: read, but left as it is."""
        named = [key for key in self.needs.entries if not self.movements[key].is_increase]
        decreases = [key for key in self.followed if not self.movements[key].is_increase]
        sources: set[int] = set()
        for portion in _portions([*decreases, *named]):
            query = select(ItemApplication.inbound_entry_no).where(
                ItemApplication.outbound_entry_no.in_(portion)
            )
            sources |= set(self.work.session.scalars(query.distinct()))
        taken_back = (self.movements[key].applies_to for key in self.followed)
        sources |= {key for key in taken_back if key is not None}
        self._load(ItemEntry.entry_no, sources)
        for key, movement in self.movements.items():
            movement.is_complete = key in self.followed

    def _links(self) -> list[Link]:
        """Who took how much of whom, what was undone already left out."""
        increases = [movement.key for movement in self.movements.values() if movement.is_increase]
        decreases = [key for key, movement in self.movements.items() if movement.is_complete]
        decreases = [key for key in decreases if not self.movements[key].is_increase]
        links: dict[tuple[int, int], Link] = {}
        for column, keys in (
            (ItemApplication.inbound_entry_no, increases),
            (ItemApplication.outbound_entry_no, decreases),
        ):
            for portion in _portions(keys):
                for link in self._read_links(column.in_(portion)):
                    links[link.inbound, link.outbound] = link
        return list(links.values())

    def _read_links(self, condition: ColumnElement[bool]) -> Iterator[Link]:
        quantity = func.sum(ItemApplication.quantity)
        query = (
            select(
                ItemApplication.inbound_entry_no,
                ItemApplication.outbound_entry_no,
                quantity,
                func.max(case((ItemApplication.is_fixed, 1), else_=0)),
                ItemEntry.posting_date,
                ItemEntry.register_no,
            )
            .join(ItemEntry, ItemEntry.entry_no == ItemApplication.outbound_entry_no)
            .where(condition)
            .group_by(
                ItemApplication.inbound_entry_no,
                ItemApplication.outbound_entry_no,
                ItemEntry.posting_date,
                ItemEntry.register_no,
            )
        )
        for inbound, outbound, taken, is_fixed, on, register_no in self.work.session.execute(query):
            if taken != ZERO:
                yield Link(inbound, outbound, taken, bool(is_fixed), on, register_no)

    def _read_values(self) -> None:
        """What everything is worth, and what its first value entry says of it."""
        for portion in _portions(self.movements):
            query = (
                select(ValueEntry)
                .where(ValueEntry.item_entry_no.in_(portion))
                .order_by(ValueEntry.item_entry_no, ValueEntry.entry_no)
            )
            for entry in self.work.session.scalars(query):
                _add_value(self.movements[entry.item_entry_no], entry)

    def _load(self, column: ColumnElement[int] | object, keys: Iterable[int]) -> None:
        missing = [key for key in keys if key not in self.movements]
        for portion in _portions(missing):
            self._keep(self.work.session.execute(_entries().where(ItemEntry.entry_no.in_(portion))))

    def _keep(self, rows: Iterable[Sequence[ItemEntry]]) -> None:
        for (entry,) in rows:
            if entry.entry_no not in self.movements:
                self.movements[entry.entry_no] = _movement(entry)


def _entries() -> Select[ItemEntry]:
    return select(ItemEntry).execution_options(populate_existing=True)


def _portions(keys: Iterable[int]) -> Iterator[list[int]]:
    """The keys in pieces that a query can name."""
    rest = iter(sorted(set(keys)))
    while portion := list(islice(rest, AT_A_TIME)):
        yield portion


def _movement(entry: ItemEntry) -> Movement:
    return Movement(
        key=entry.entry_no,
        stock=StockKey(entry.item_no, entry.location_code, entry.variant_code or ""),
        kind=entry.kind,
        posting_date=entry.posting_date,
        quantity=entry.quantity,
        remaining=entry.remaining_quantity,
        invoiced=entry.invoiced_quantity,
        register_no=entry.register_no,
        applies_to=entry.applies_to_entry_no,
        is_correction=bool(entry.is_correction),
        drop_shipment=bool(entry.drop_shipment),
        estimate=entry.estimate,
        is_complete=False,
    )


def _add_value(movement: Movement, entry: ValueEntry) -> None:
    if not movement.origin.document_no:
        movement.origin = Origin(
            document_type=entry.document_type,
            document_no=entry.document_no,
            description=entry.description,
            line_no=entry.line_no,
            source_no=entry.source_no,
            dimensions=entry.dimensions,
            inventory_group=entry.inventory_group,
            general_business=entry.general_business,
            general_product=entry.general_product,
        )
    movement.stored += entry.cost_actual + entry.cost_expected
    if entry.kind == ValueKind.ROUNDING.value:
        movement.rounding += entry.cost_actual
        return
    movement.actual += entry.cost_actual
    movement.expected += entry.cost_expected
    movement.posted_expected += entry.posted_expected
    if entry.kind == ValueKind.REVALUATION.value:
        movement.revaluations.append(Revaluation(entry.cost_actual, entry.posting_date, entry.register_no))
