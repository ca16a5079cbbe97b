"""What movements are worth, as value rows with their G/L rows (PO §4.4 to §4.7). Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from core.costing.movement import Movement, Origin, StockKey, StockLedger, in_order
from core.costing.stock import StockFacts
from core.ledgers.item import MovementKind, ValueKind
from core.master.items import ItemType
from core.money import UNIT_COST, ZERO, round_to
from core.posting.batch import GLRow, ValueRow, Voucher
from core.posting.stock_accounts import stock_accounts

HUNDRED = Decimal(100)
ItemCosts = dict[str, tuple[Decimal | None, Decimal | None]]


@dataclass(frozen=True, slots=True)
class Tag:
    """What the entries of one line say. `voucher` is the index of their document among the vouchers.

    `movement_voucher`: the movement itself bears another document, the receipt of goods billed at once.
    """

    kind: MovementKind
    item_no: str
    description: str
    line_no: int | None = None
    voucher: int = 0
    unit: str | None = None
    location_code: str = ""
    variant_code: str | None = None
    general_business: str | None = None
    source_no: str | None = None
    order_no: str | None = None
    order_line_no: int | None = None
    dimensions: str | None = None
    drop_shipment: bool = False
    movement_voucher: int | None = None

    @property
    def stock(self) -> StockKey:
        """The stock that moves."""
        return StockKey(self.item_no, self.location_code, self.variant_code or "")


@dataclass(frozen=True, slots=True)
class Change:
    """One change of the value of a movement, signed like its quantity.

    `valued` is the quantity that moves with it, `invoiced` what becomes invoiced; `price_net` the net of the
    line. A charge has its own number and product group. `posted_expected` is what of expected cost that goes
    was in the G/L; None: by the setting (PO-89, PO-127).
    """

    kind: ValueKind = ValueKind.DIRECT_COST
    actual: Decimal = ZERO
    expected: Decimal = ZERO
    valued: Decimal = ZERO
    invoiced: Decimal = ZERO
    price_net: Decimal = ZERO
    charge_no: str | None = None
    general_product: str | None = None
    is_adjustment: bool = False
    posted_expected: Decimal | None = None


class StockValues:
    """Makes value rows; the movements of the ledger get the new values at once."""

    def __init__(self, facts: StockFacts, ledger: StockLedger, vouchers: Sequence[Voucher]) -> None:
        self._facts = facts
        self._ledger = ledger
        self.vouchers = list(vouchers)
        self.rows: list[ValueRow] = []
        self.general: list[GLRow] = []
        self._last_direct_cost: dict[str, Decimal] = {}

    @property
    def cent(self) -> Decimal:
        """The smallest amount of local currency."""
        return self._facts.terms.precision

    def has_stock(self, item_no: str) -> bool:
        """Whether the item is kept in stock; others have quantities only (PO-43)."""
        return self._facts.items[item_no].type == ItemType.INVENTORY

    def add(self, movement: Movement, tag: Tag, change: Change) -> None:
        """One value row and its G/L rows (PO-127)."""
        if change.kind == ValueKind.ROUNDING:
            movement.rounding += change.actual
        else:
            movement.actual += change.actual
            movement.expected += change.expected
        row = self._row(movement, tag, change)
        movement.posted_expected += row.posted_expected
        self.rows.append(row)
        self.general += gl_rows(self._facts, row, len(self.rows) - 1)

    def expect(self, movement: Movement, tag: Tag, expected: Decimal) -> None:
        """Goods came in, not invoiced; at standard cost that is what they are worth (PO-85, PO-101)."""
        if self._facts.method(tag.item_no).at_standard:
            expected = self._standard(tag.item_no, movement.quantity)
        self.add(movement, tag, Change(expected=expected, valued=movement.quantity))

    def invoice_increase(self, movement: Movement, tag: Tag, change: Change) -> None:
        """Direct cost, overhead, and the variance of an item at standard cost (PO-93, PO-101, PO-124)."""
        self.add(movement, tag, change)
        overhead = ZERO
        if tag.kind == MovementKind.PURCHASE:
            self._last_direct_cost[tag.item_no] = round_to(change.price_net / change.invoiced, UNIT_COST)
            overhead = self._overhead(tag.item_no, change)
        if overhead != ZERO:
            self.add(movement, tag, Change(ValueKind.INDIRECT_COST, actual=overhead))
        if not self._facts.method(tag.item_no).at_standard:
            return
        variance = self._standard(tag.item_no, change.invoiced) - change.actual - overhead
        if variance != ZERO:
            self.add(movement, tag, Change(ValueKind.VARIANCE, actual=variance))

    def record(self, movement: Movement, tag: Tag, change: Change) -> None:
        """Services and non-inventory items: quantities for statistics, no stock and no value (PO-43)."""
        self.add(movement, tag, change)
        if change.invoiced > ZERO:
            self._last_direct_cost[tag.item_no] = round_to(change.price_net / change.invoiced, UNIT_COST)

    def price(self, movement: Movement, tag: Tag, price_net: Decimal) -> None:
        """The first value entry of a movement that has its cost from others, as it was recomputed."""
        actual, expected = self._split(movement, self._ledger.worth(movement))
        change = Change(
            actual=actual,
            expected=expected,
            valued=movement.quantity,
            invoiced=movement.invoiced,
            price_net=price_net,
        )
        self.add(movement, tag, change)

    def recompute(self) -> None:
        """What everything at hand should be worth now (PO-104)."""
        for item_no in sorted({movement.stock.item_no for movement in self._ledger.movements.values()}):
            if self.has_stock(item_no):
                self._facts.method(item_no).recompute(self._ledger, item_no, self._facts.terms)

    def adjust(self, tags: Sequence[Tag]) -> None:
        """Write the differences to what should be (PO-104), and write off the cents left over (PO-106).

        `tags` are those of the movements of this posting, in their order.
        """
        self.recompute()
        movements = [m for m in in_order(self._ledger.movements.values()) if self.has_stock(m.stock.item_no)]
        for movement in movements:
            difference = self._ledger.worth(movement) - movement.value
            if difference != ZERO and movement.is_complete:
                actual, expected = self._split(movement, difference)
                change = Change(actual=actual, expected=expected, is_adjustment=True)
                self.add(movement, self._old_tag(movement, tags), change)
        for movement in movements:
            if not movement.is_increase:
                continue
            method = self._facts.method(movement.stock.item_no)
            rounding = method.rounding(self._ledger, movement, self._facts.terms) - movement.rounding
            if rounding != ZERO:
                change = Change(ValueKind.ROUNDING, actual=rounding, is_adjustment=True)
                self.add(movement, self._old_tag(movement, tags), change)

    def item_costs(self) -> ItemCosts:
        """Unit cost and last direct cost of the item cards (PO-125): unit cost is value by quantity."""
        moved: dict[str, tuple[Decimal, Decimal]] = {}
        for row in self.rows:
            if row.has_stock:
                quantity, value = moved.get(row.item_no, (ZERO, ZERO))
                cost = row.cost_actual + row.cost_expected
                moved[row.item_no] = (quantity + row.valued_quantity, value + cost)
        costs: ItemCosts = {}
        for item_no in sorted({*moved, *self._last_direct_cost}):
            unit_cost = self._unit_cost(item_no, *moved[item_no]) if item_no in moved else None
            costs[item_no] = (unit_cost, self._last_direct_cost.get(item_no))
        return costs

    def _overhead(self, item_no: str, change: Change) -> Decimal:
        """What the item card adds to a purchase, in percent and per unit (PO-124)."""
        item = self._facts.items[item_no]
        by_cost = change.actual * item.overhead_percent / HUNDRED
        return round_to(by_cost + change.invoiced * item.overhead_amount, self.cent)

    def _standard(self, item_no: str, quantity: Decimal) -> Decimal:
        return round_to(quantity * self._facts.items[item_no].standard_cost, self.cent)

    def _split(self, movement: Movement, amount: Decimal) -> tuple[Decimal, Decimal]:
        """How much of a value is actual: as much as is invoiced; a correction mirrors its source (PO-114)."""
        source = self._ledger.source_of(movement) if movement.is_correction else None
        if source is not None:
            whole = round_to(source.actual * movement.quantity / source.quantity, self.cent)
            actual = whole - movement.actual
        else:
            actual = round_to(amount * movement.invoiced / movement.quantity, self.cent)
        return actual, amount - actual

    def _row(self, movement: Movement, tag: Tag, change: Change) -> ValueRow:
        company = self._facts.company
        is_sale = movement.kind == MovementKind.SALE.value
        posted_expected = change.posted_expected
        if posted_expected is None:
            posted_expected = change.expected if company.expected_cost_to_gl else ZERO
        return ValueRow(
            item_entry_no=movement.key if movement.key > 0 else None,
            item_row=-movement.key - 1 if movement.key < 0 else None,
            kind=change.kind.value,
            movement_kind=movement.kind,
            item_no=movement.stock.item_no,
            location_code=movement.stock.location_code,
            variant_code=movement.stock.variant_code or None,
            inventory_group=movement.origin.inventory_group,
            general_business=tag.general_business,
            general_product=change.general_product or movement.origin.general_product,
            valuation_date=self._ledger.valuation_date(movement),
            valued_quantity=change.valued,
            invoiced_quantity=change.invoiced,
            cost_actual=change.actual,
            cost_expected=change.expected,
            posted_actual=change.actual if company.automatic_cost_posting else ZERO,
            posted_expected=posted_expected if company.automatic_cost_posting else ZERO,
            purchase_amount=ZERO if is_sale else change.price_net,
            sales_amount=change.price_net if is_sale else None,
            charge_no=change.charge_no,
            is_adjustment=change.is_adjustment,
            has_stock=self.has_stock(movement.stock.item_no),
            source_no=tag.source_no,
            description=tag.description,
            line_no=tag.line_no,
            dimensions=tag.dimensions,
            voucher=tag.voucher,
        )

    def _old_tag(self, movement: Movement, tags: Sequence[Tag]) -> Tag:
        """An adjustment bears the document of the entry that it adjusts (PO-15)."""
        if movement.key < 0:
            return tags[-movement.key - 1]
        origin = movement.origin
        return Tag(
            kind=MovementKind(movement.kind),
            item_no=movement.stock.item_no,
            description=origin.description,
            line_no=origin.line_no,
            voucher=self._old_voucher(movement, origin),
            general_business=origin.general_business,
            source_no=origin.source_no,
            dimensions=origin.dimensions,
        )

    def _old_voucher(self, movement: Movement, origin: Origin) -> int:
        """The document of an old movement, on its own date or the first open day after it (PO-105)."""
        on = self._first_open_day(movement.posting_date)
        source_type = "customer" if movement.kind == MovementKind.SALE.value else "vendor"
        voucher = Voucher(
            document_type=origin.document_type,
            posting_date=on,
            document_date=on,
            number=origin.document_no,
            source_type=source_type if origin.source_no else None,
            source_no=origin.source_no,
            general_business=origin.general_business,
        )
        if voucher not in self.vouchers:
            self.vouchers.append(voucher)
        return self.vouchers.index(voucher)

    def _first_open_day(self, on: date) -> date:
        company, closed = self._facts.company, self._facts.closed_until
        if company.allow_posting_from is not None:
            on = max(on, company.allow_posting_from)
        return on if closed is None else max(on, closed + timedelta(days=1))

    def _unit_cost(self, item_no: str, quantity: Decimal, value: Decimal) -> Decimal | None:
        if self._facts.method(item_no).at_standard:
            return self._facts.items[item_no].standard_cost
        for stock, balance in self._facts.terms.balances.items():
            if stock.item_no == item_no:
                quantity, value = quantity + balance[0], value + balance[1]
        return round_to(value / quantity, UNIT_COST) if quantity > ZERO and value >= ZERO else None


def gl_rows(facts: StockFacts, row: ValueRow, value_row: int) -> list[GLRow]:
    """The G/L rows of a value row: what of it is posted, each part against its counter account (PO §4.7)."""
    rows = []
    for is_expected, amount in ((False, row.posted_actual), (True, row.posted_expected)):
        if amount == ZERO:
            continue
        accounts = stock_accounts(facts, row, is_expected=is_expected)
        for account_no, signed in zip(accounts, (amount, -amount), strict=True):
            rows.append(
                GLRow(
                    account_no=account_no,
                    amount=signed,
                    description=row.description,
                    line_no=row.line_no,
                    general_product=row.general_product,
                    value_row=value_row,
                    voucher=row.voucher,
                    dimensions=row.dimensions,
                )
            )
    return rows
