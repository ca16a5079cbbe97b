"""The stock side of a posting: movements, what decreases take, and with `StockValues` what it is worth. Pure.

A composer tells what moves, in document order (PO-81); `finish` prices what leaves, passes changed costs on
(PO-104) and writes off cents (PO-106). Then the rows are there to be put into a Batch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.costing.movement import NOT_YET, Application, Movement, Origin, Revaluation
from core.costing.stock import StockFacts
from core.errors import DomainError, refuse
from core.ledgers.item import ValueKind
from core.money import ZERO, round_to
from core.posting.batch import ApplicationRow, GLRow, ItemRow, ItemState, ValueRow, Voucher
from core.posting.stock_values import Change, ItemCosts, StockValues, Tag

__all__ = ["MovementRef", "StockSide", "Tag"]


@dataclass(frozen=True, slots=True)
class MovementRef:
    """A movement of this posting: `row` is its index among the item rows."""

    row: int

    @property
    def key(self) -> int:
        """Its key while it is composed."""
        return -(self.row + 1)


@dataclass(slots=True)
class _Made:
    """A movement of this posting. `is_priced`: its first value row is written."""

    movement: Movement
    tag: Tag
    price_net: Decimal
    is_priced: bool = False


class StockSide:
    """Composes item, application and value rows and the G/L rows of the stock accounts.

    Quantities are positive base units, amounts local currency, positive for what comes in; the method says
    the direction. All methods refuse with `posting_setup_missing` when an account is not there.
    After `finish`: `items`, `applications`, `values`, `general`, `item_states`, `item_costs`, `vouchers`,
    the last with the old documents that adjustments bear (PO-15): the Batch takes these vouchers.
    """

    def __init__(self, facts: StockFacts, vouchers: Sequence[Voucher]) -> None:
        """Begin with the stock that is there. The facts themselves stay as they are."""
        self._facts = facts
        self._ledger = facts.ledger.copy()
        self._values = StockValues(facts, self._ledger, vouchers)
        self._made: list[_Made] = []
        self.items: list[ItemRow] = []
        self.applications: list[ApplicationRow] = []
        self.item_states: list[ItemState] = []
        self.item_costs: ItemCosts = {}

    @property
    def vouchers(self) -> list[Voucher]:
        """The vouchers given, and those of old documents whose entries were adjusted."""
        return self._values.vouchers

    @property
    def values(self) -> list[ValueRow]:
        """The value rows made so far."""
        return self._values.rows

    @property
    def general(self) -> list[GLRow]:
        """The G/L rows of the value rows."""
        return self._values.general

    def increase(
        self,
        tag: Tag,
        quantity: Decimal,
        *,
        actual: Decimal = ZERO,
        expected: Decimal = ZERO,
        invoiced: bool,
        price_net: Decimal = ZERO,
        applies_to: int | None = None,
        is_correction: bool = False,
    ) -> MovementRef:
        """Goods come in: `invoiced` at their `actual` cost, else at the `expected` one (PO-85, PO-90).

        Open decreases of the same stock are covered first (PO-126). With `applies_to` the goods come back at
        the cost of that decrease, and the amounts given are not used (PO-100). An item at standard cost comes
        in at that, also expected; the difference to `actual` is a variance (PO-101). `price_net` is the net
        of the line, for statistics and the last direct cost.
        """
        made = self._move(tag, quantity, invoiced, price_net)
        made.movement.applies_to, made.movement.is_correction = applies_to, is_correction
        self._ledger.add(made.movement)
        if not self._values.has_stock(tag.item_no):
            return self._record(made)
        if applies_to is None:
            made.is_priced = True
            if invoiced:
                change = Change(actual=actual, valued=quantity, invoiced=quantity, price_net=price_net)
                self._values.invoice_increase(made.movement, tag, change)
            else:
                self._values.expect(made.movement, tag, expected)
        if not tag.drop_shipment:
            self._cover(made.movement)
        return self._last()

    def decrease(
        self,
        tag: Tag,
        quantity: Decimal,
        *,
        applies_to: int | None = None,
        expected: bool = False,
        price_net: Decimal = ZERO,
        is_correction: bool = False,
    ) -> MovementRef:
        """Goods leave at their cost (PO-97, PO-98, PO-111); `expected` while nothing is invoiced (PO-114).

        `applies_to` names the increase that is taken back: exactly its cost, now and later (PO-100). Raises
        `insufficient_inventory` where negative stock is prevented and there is not enough.
        """
        made = self._move(tag, -quantity, not expected, price_net)
        made.movement.applies_to, made.movement.is_correction = applies_to, is_correction
        self._ledger.add(made.movement)
        if not self._values.has_stock(tag.item_no):
            return self._record(made)
        if applies_to is not None:
            self._take_back(tag, made.movement, self._ledger.movements[applies_to])
        elif not tag.drop_shipment:
            self._take(tag, made.movement)
        return self._last()

    def pair(self, inbound: MovementRef, outbound: MovementRef) -> None:
        """A drop shipment: what came in goes straight to the customer and is never stock (PO-107).

        Both movements have a tag with `drop_shipment`; neither meets other stock.
        """
        increase, decrease = self._movement(inbound), self._movement(outbound)
        self._ledger.apply(increase, decrease, min(increase.remaining, -decrease.remaining), is_fixed=True)

    def invoice(
        self,
        entry: int | MovementRef,
        tag: Tag,
        quantity: Decimal,
        *,
        actual: Decimal = ZERO,
        price_net: Decimal = ZERO,
    ) -> None:
        """What was received or shipped becomes invoiced: expected cost goes, actual cost comes (PO-90).

        Of an increase `actual` is the cost by the invoice; a decrease keeps the cost that it has. Expected
        cost goes by the part that is invoiced, the last part takes the rest.
        """
        movement = self._movement(entry)
        moved = quantity if movement.is_increase else -quantity
        open_quantity = movement.quantity - movement.invoiced
        assert ZERO < quantity <= abs(open_quantity), "more invoiced than moved"
        if isinstance(entry, MovementRef) and self._values.has_stock(tag.item_no):
            self._values.recompute()
            self._price(self._made[entry.row])
        reversed_part = round_to(movement.expected * moved / open_quantity, self._values.cent)
        posted_part = round_to(movement.posted_expected * moved / open_quantity, self._values.cent)
        movement.invoiced += moved
        if not self._values.has_stock(tag.item_no):
            self._values.record(movement, tag, Change(invoiced=moved, price_net=price_net))
        elif movement.is_increase and not movement.returns:
            self._values.add(movement, tag, Change(expected=-reversed_part, posted_expected=-posted_part))
            change = Change(actual=actual, invoiced=moved, price_net=price_net)
            self._values.invoice_increase(movement, tag, change)
        else:
            change = Change(
                actual=reversed_part,
                expected=-reversed_part,
                posted_expected=-posted_part,
                invoiced=moved,
                price_net=price_net,
            )
            self._values.add(movement, tag, change)

    def charge(
        self,
        entry: int | MovementRef,
        tag: Tag,
        amount: Decimal,
        charge_no: str,
        general_product: str | None,
    ) -> None:
        """Add cost to an increase, no quantity (PO-102); `amount` is negative on a credit memo.

        The counter account is that of the charge's product group (PO-45). For an item at standard cost it
        becomes a variance. A charge on goods that were returned goes to what they came from.
        """
        movement = self._movement(entry)
        if not movement.is_increase:
            links = self._ledger.taken_by(movement.key)
            assert links, "a charge needs goods that came in"
            movement = self._ledger.movements[links[0].inbound]
        change = Change(actual=amount, price_net=amount, charge_no=charge_no, general_product=general_product)
        self._values.add(movement, tag, change)
        if self._facts.method(movement.stock.item_no).at_standard:
            self._values.add(movement, tag, Change(ValueKind.VARIANCE, actual=-amount))

    def take_variance_back(self, made: MovementRef, tag: Tag, variance: Decimal) -> None:
        """What left at standard cost takes back what the purchase had cost more or less (PO-101, PO-117).

        `variance` is what the purchase wrote as such. Stock does not change: direct cost and variance do.
        """
        movement = self._movement(made)
        self._values.add(movement, tag, Change(actual=variance))
        self._values.add(movement, tag, Change(ValueKind.VARIANCE, actual=-variance))

    def revalue(self, entry: int, tag: Tag, amount: Decimal) -> None:
        """Change what an increase is worth from the posting date on; what left before stays (PO-122)."""
        movement = self._movement(entry)
        self._values.add(movement, tag, Change(ValueKind.REVALUATION, actual=amount))
        on = self.vouchers[tag.voucher].posting_date
        movement.revaluations.append(Revaluation(amount, on, NOT_YET))

    def reverse(self, entry: int, tag: Tag) -> MovementRef:
        """Undo a receipt or a shipment: the exact opposite movement, its cost taken back (PO-120, PU-143)."""
        movement = self._movement(entry)
        if movement.is_increase:
            return self.decrease(tag, movement.quantity, applies_to=entry, expected=True, is_correction=True)
        return self.increase(tag, -movement.quantity, invoiced=False, applies_to=entry, is_correction=True)

    def finish(self, *, adjusts: bool | None = None) -> None:
        """Price what leaves, adjust what follows from it, write off cents, and make the rows.

        `adjusts` None: as the company has it; a run of cost adjustment adjusts whatever the setting (PO-105).
        """
        self._values.recompute()
        for made in self._made:
            self._price(made)
        if self._facts.adjusts if adjusts is None else adjusts:
            self._values.adjust([made.tag for made in self._made])
        self._make_rows()

    def _move(self, tag: Tag, quantity: Decimal, invoiced: bool, price_net: Decimal) -> _Made:
        item = self._facts.items[tag.item_no]
        has_stock = self._values.has_stock(tag.item_no)
        movement = Movement(
            key=-(len(self._made) + 1),
            stock=tag.stock,
            kind=tag.kind.value,
            posting_date=self.vouchers[tag.voucher].posting_date,
            quantity=quantity,
            remaining=quantity if has_stock else ZERO,
            invoiced=quantity if invoiced else ZERO,
            drop_shipment=tag.drop_shipment,
            origin=Origin(
                inventory_group=item.inventory_group if has_stock else None,
                general_product=item.general_product,
            ),
        )
        made = _Made(movement, tag, price_net)
        self._made.append(made)
        return made

    def _record(self, made: _Made) -> MovementRef:
        movement = made.movement
        change = Change(valued=movement.quantity, invoiced=movement.invoiced, price_net=made.price_net)
        self._values.record(movement, made.tag, change)
        made.is_priced = True
        return self._last()

    def _last(self) -> MovementRef:
        return MovementRef(len(self._made) - 1)

    def _price(self, made: _Made) -> None:
        if not made.is_priced:
            made.is_priced = True
            self._values.price(made.movement, made.tag, made.price_net)

    def _cover(self, increase: Movement) -> None:
        """Open decreases take of the new goods first (PO-126)."""
        for decrease in self._ledger.open_decreases(increase.stock):
            if increase.remaining == ZERO:
                return
            # What comes back cannot cover what it came from: each would cost what the other does (PO-105).
            if increase.returns and increase.key in self._ledger.follows(decrease.key):
                continue
            quantity = min(increase.remaining, -decrease.remaining)
            self._ledger.apply(increase, decrease, quantity, is_fixed=False)

    def _take(self, tag: Tag, decrease: Movement) -> None:
        """Open increases in the order of the method (PO-97); what is missing stays open (PO-126)."""
        available = self._ledger.available(decrease.stock)
        self._take_open(decrease, forbidden=set())
        if decrease.remaining == ZERO:
            return
        if self._facts.company.prevent_negative:
            raise _insufficient(tag, available)
        decrease.estimate = self._facts.items[tag.item_no].unit_cost

    def _take_open(self, decrease: Movement, forbidden: set[int]) -> None:
        method = self._facts.method(decrease.stock.item_no)
        for increase in method.layer_order(self._ledger.open_increases(decrease.stock)):
            if decrease.remaining == ZERO:
                return
            if increase.key not in forbidden:
                quantity = min(increase.remaining, -decrease.remaining)
                self._ledger.apply(increase, decrease, quantity, is_fixed=False)

    def _take_back(self, tag: Tag, decrease: Movement, increase: Movement) -> None:
        """Exactly the named increase; who took of it by itself gives back and takes elsewhere (PO-100)."""
        quantity = -decrease.quantity
        freed = self._free(increase, quantity - increase.remaining)
        if increase.remaining < quantity:
            raise _insufficient(tag, increase.remaining)
        self._ledger.apply(increase, decrease, quantity, is_fixed=True)
        for other in freed:
            # Not of what has its own cost from it: a circle of costs would never come to rest (PO-105).
            self._take_open(other, forbidden=self._ledger.follows(other.key))
            if other.remaining == ZERO:
                continue
            if self._facts.company.prevent_negative:
                raise _insufficient(tag, quantity + other.remaining)
            other.estimate = self._facts.items[tag.item_no].unit_cost

    def _free(self, increase: Movement, quantity: Decimal) -> list[Movement]:
        """Undo automatic applications of an increase, the latest first, until so much is free."""
        freed = []
        for link in reversed(self._ledger.taken_from(increase.key)):
            if quantity <= ZERO:
                break
            if link.is_fixed:
                continue
            decrease = self._ledger.movements[link.outbound]
            given_back = min(quantity, link.quantity)
            self._ledger.apply(increase, decrease, -given_back, is_fixed=False)
            quantity -= given_back
            freed.append(decrease)
        return sorted(freed, key=lambda movement: movement.age)

    def _movement(self, entry: int | MovementRef) -> Movement:
        return self._ledger.movements[entry.key if isinstance(entry, MovementRef) else entry]

    def _make_rows(self) -> None:
        self.items += [self._item_row(made) for made in self._made]
        self.applications += [_application_row(applied) for applied in self._ledger.applied]
        for key, movement in sorted(self._ledger.movements.items()):
            if key > 0 and _state(movement) != _state(self._facts.ledger.movements[key]):
                self.item_states.append(
                    ItemState(key, movement.remaining, movement.invoiced, movement.estimate)
                )
        self.item_costs = self._values.item_costs()

    def _item_row(self, made: _Made) -> ItemRow:
        tag, movement = made.tag, made.movement
        return ItemRow(
            kind=movement.kind,
            item_no=tag.item_no,
            location_code=tag.location_code,
            variant_code=tag.variant_code,
            quantity=movement.quantity,
            remaining=movement.remaining,
            invoiced_quantity=movement.invoiced,
            has_stock=self._values.has_stock(tag.item_no),
            unit=tag.unit,
            description=tag.description,
            line_no=tag.line_no,
            order_no=tag.order_no,
            order_line_no=tag.order_line_no,
            applies_to_entry_no=movement.applies_to,
            is_correction=movement.is_correction or None,
            drop_shipment=movement.drop_shipment or None,
            source_no=tag.source_no,
            dimensions=tag.dimensions,
            estimate=movement.estimate,
            voucher=tag.voucher if tag.movement_voucher is None else tag.movement_voucher,
        )


def _insufficient(tag: Tag, available: Decimal) -> DomainError:
    return refuse(
        "insufficient_inventory",
        field="quantity",
        line_no=tag.line_no,
        no=tag.item_no,
        available=available,
        line=tag.line_no,
    )


def _application_row(applied: Application) -> ApplicationRow:
    inbound, outbound = applied.inbound, applied.outbound
    return ApplicationRow(
        inbound_entry_no=inbound if inbound > 0 else None,
        inbound_row=None if inbound > 0 else -inbound - 1,
        outbound_entry_no=outbound if outbound > 0 else None,
        outbound_row=None if outbound > 0 else -outbound - 1,
        quantity=applied.quantity,
        is_fixed=applied.is_fixed,
    )


def _state(movement: Movement) -> tuple[Decimal, Decimal, Decimal | None]:
    return movement.remaining, movement.invoiced, movement.estimate
