"""The goods of a document: what comes in or leaves now, and what came earlier and is billed now. Pure.

Lines are moved in document order, so what an earlier line brought in a later one may take (PO-81).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from core.ledgers.item import MovementKind
from core.master.items import Item
from core.money import ZERO, round_to, spread
from core.posting.facts import Facts
from core.posting.lines import LineAmounts, received_base
from core.posting.matching import BilledPart, OpenReceipts
from core.posting.selection import RunLine
from core.posting.stock import MovementRef, StockSide, Tag
from core.purchasing.returns import Reversal

Mover = int | MovementRef


@dataclass(frozen=True, slots=True)
class MovedPart:
    """An item entry that belongs to a line of this run, and how much of it, in base units."""

    entry: Mover
    item_no: str
    quantity: Decimal


@dataclass(slots=True)
class Goods:
    """What became of the goods, by line number: movements made, all entries concerned, expected cost put on.

    `expected` is what the running total of an order line grows by (PO-88).
    """

    receipts: OpenReceipts
    made: dict[int, MovementRef] = field(default_factory=dict)
    entries: dict[int, list[MovedPart]] = field(default_factory=dict)
    expected: dict[int, Decimal] = field(default_factory=dict)
    parts: dict[int, list[BilledPart]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Vouchers:
    """The index of each document among the vouchers: of the bill, and of the goods; None when not written."""

    bill: int | None
    goods: int | None

    @property
    def main(self) -> int:
        """The document of what is billed at once, else that of the goods."""
        index = self.bill if self.bill is not None else self.goods
        assert index is not None, "a run makes a document"
        return index


def move_goods(
    facts: Facts, side: StockSide | None, amounts: Sequence[LineAmounts], vouchers: Vouchers
) -> Goods:
    """Tell the stock side what every line of the run moves and what the bill makes of it."""
    goods = Goods(OpenReceipts(facts))
    by_line = {amount.line_no: amount for amount in amounts if amount.run is not None}
    for index, run in enumerate(facts.runs):
        if not run.is_posted:
            continue
        goods.parts[run.line_no] = goods.receipts.take(run) if run.invoice != ZERO else []
        item = facts.item(run.line)
        if item is not None and side is not None:
            _Line(facts, side, goods, vouchers, run, index, item, by_line.get(run.line_no)).move()
    return goods


@dataclass(frozen=True, slots=True)
class _Line:
    """One item line of the run."""

    facts: Facts
    side: StockSide
    goods: Goods
    vouchers: Vouchers
    run: RunLine
    index: int
    item: Item
    amount: LineAmounts | None

    def move(self) -> None:
        """Receive first, then bill: what is received now is billed last (PU-76)."""
        reversal = self.facts.reversals.get(self.run.line_no)
        if reversal is not None:
            self._take_back(reversal)
            return
        parts = self.goods.parts[self.run.line_no]
        costs, nets = self._shares(parts)
        now = next((i for i, part in enumerate(parts) if part.received is None), None)
        if self.run.receive != ZERO:
            whole = now is not None and parts[now].quantity == self.run.receive
            if whole and now is not None:
                self._receive(billed=True, actual=costs[now], net=nets[now])
            else:
                self._receive(billed=False)
        for index, part in enumerate(parts):
            if part.received is not None and part.received.item_entry_no is not None:
                self._bill(part.received.item_entry_no, part.quantity_base, costs[index], nets[index])
            elif part.received is None and part.quantity != self.run.receive:
                made = self.goods.made[self.run.line_no]
                self._bill(made, part.quantity_base, costs[index], nets[index])

    def _take_back(self, reversal: Reversal) -> None:
        """The opposite of what a posted line moved, each entry at exactly its own cost (PU-124, PO-100)."""
        net = self.amount.net if self.amount is not None else ZERO
        weights = [abs(moved.quantity) for moved in reversal.moved]
        nets = spread(net, weights, self.facts.company.cent)
        tag = self._tag(self.vouchers.main)
        for moved, share in zip(reversal.moved, nets, strict=True):
            if moved.quantity > ZERO:
                made = self.side.decrease(tag, moved.quantity, applies_to=moved.entry_no, price_net=share)
            else:
                made = self.side.increase(
                    tag, -moved.quantity, invoiced=True, price_net=share, applies_to=moved.entry_no
                )
            if moved.variance != ZERO:
                self.side.take_variance_back(made, tag, moved.variance)
            self.goods.made.setdefault(self.run.line_no, made)
            self._belongs(made, -moved.quantity)

    def _shares(self, parts: Sequence[BilledPart]) -> tuple[list[Decimal], list[Decimal]]:
        """Cost and net per part, by quantity (PO-91); cost has non-deductible VAT in it (PO-93)."""
        if self.amount is None:
            return [], []
        cost = self.amount.net
        if self.facts.company.nondeductible_in_item_cost:
            cost += self.amount.nondeductible
        weights = [part.quantity for part in parts]
        cent = self.facts.company.cent
        return spread(cost, weights, cent), spread(self.amount.net, weights, cent)

    def _receive(self, *, billed: bool, actual: Decimal = ZERO, net: Decimal = ZERO) -> None:
        """The movement; expected cost only while nothing of it is billed (PO-85, PO-90)."""
        quantity = self.facts.sign * received_base(self.run)
        expected = expected_cost(self.facts, self.run, self.index)
        line, tag = self.run.line, self._moving_tag(billed)
        if quantity > ZERO:
            made = self.side.increase(
                tag,
                quantity,
                actual=actual,
                expected=expected,
                invoiced=billed,
                price_net=net,
            )
        else:
            made = self.side.decrease(
                tag,
                -quantity,
                applies_to=line.applies_to_item_entry_no,
                expected=not billed,
                price_net=net,
            )
            expected = ZERO
        self.goods.made[self.run.line_no] = made
        self.goods.expected[self.run.line_no] = expected
        self._belongs(made, quantity)

    def _bill(self, entry: Mover, base: Decimal, cost: Decimal, net: Decimal) -> None:
        """What was received turns from expected to actual cost (PO-90); what left keeps its cost (PO-111)."""
        assert self.vouchers.bill is not None
        moved = self.facts.sign * base
        self.side.invoice(
            entry,
            self._tag(self.vouchers.bill),
            abs(base),
            actual=cost if moved > ZERO else ZERO,
            price_net=net,
        )
        if not isinstance(entry, MovementRef):
            self._belongs(entry, moved)

    def _belongs(self, entry: Mover, quantity: Decimal) -> None:
        self.goods.entries.setdefault(self.run.line_no, []).append(
            MovedPart(entry, self.item.item_no, quantity)
        )

    def _moving_tag(self, billed: bool) -> Tag:
        """What is billed at once has its value from the bill; an order moves by its receipt (PO-15)."""
        goods = self.vouchers.goods
        if not self.facts.kind.posts_in_parts or goods is None:
            return self._tag(self.vouchers.main)
        if not billed:
            return self._tag(goods)
        return replace(self._tag(self.vouchers.main), movement_voucher=goods)

    def _tag(self, voucher: int) -> Tag:
        return line_tag(self.facts, self.run, self.item, voucher)


def line_tag(facts: Facts, run: RunLine, item: Item, voucher: int) -> Tag:
    """What the entries of an item line say."""
    line, in_parts = run.line, facts.kind.posts_in_parts
    assert facts.vendor is not None
    return Tag(
        kind=MovementKind.PURCHASE,
        item_no=item.item_no,
        description=line.description,
        line_no=line.line_no,
        voucher=voucher,
        unit=line.unit,
        location_code=line.location_code or "",
        variant_code=line.variant_code,
        general_business=facts.pay_to.general_business if facts.pay_to else None,
        source_no=facts.vendor.vendor_no,
        order_no=facts.document.document_no if in_parts else line.order_no,
        order_line_no=line.line_no if in_parts else line.order_line_no,
        dimensions=line.dimensions,
        drop_shipment=line.drop_shipment,
    )


def expected_cost(facts: Facts, run: RunLine, index: int) -> Decimal:
    """What a receipt of an order line is expected to cost, from the running total of the line (PO-88).

    Zero for documents that post whole: their goods come in at actual cost.
    """
    line, item = run.line, facts.item(run.line)
    if facts.order_totals is None or line.quantity == ZERO or item is None:
        return ZERO
    net, cent = facts.order_totals.lines[index].net, facts.company.cent
    rate = facts.receipt_rate
    assert rate is not None
    whole = round_to(net * rate, cent)
    so_far = round_to(whole * (line.quantity_received + run.receive) / line.quantity, cent)
    return so_far - line.expected_cost
