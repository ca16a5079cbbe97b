"""Item charges of a bill, put on the item entries of the goods that they are assigned to (PO-102). Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.ledgers.item import MovementKind
from core.money import ZERO, spread, total
from core.posting.facts import Facts
from core.posting.goods import Goods, MovedPart
from core.posting.lines import LineAmounts
from core.posting.selection import RunLine
from core.posting.stock import StockSide, Tag
from core.purchasing.charges import Assigned
from core.purchasing.document import ChargeTarget, LineType


@dataclass(frozen=True, slots=True)
class ChargePart:
    """What a bill puts on one target: so much of the quantity of the charge line."""

    assigned: Assigned
    quantity: Decimal


def put_charges(facts: Facts, side: StockSide, amounts: Sequence[LineAmounts], goods: Goods) -> None:
    """Add the cost of every charge line to the goods, by assigned quantity in local currency (PO-103)."""
    cent = facts.company.cent
    for amount in amounts:
        if amount.run is None or amount.run.line.type != LineType.CHARGE:
            continue
        reversal = facts.reversals.get(amount.line_no)
        if reversal is not None:
            for charged in reversal.charged:
                entry = MovedPart(charged.entry_no, charged.item_no, ZERO)
                _put(facts, side, amount, entry, -charged.amount)
            continue
        parts = charge_parts(facts, amount.run)
        cost = amount.net
        if facts.company.nondeductible_in_item_cost:
            cost += amount.nondeductible
        shares = spread(cost, [part.quantity for part in parts], cent)
        for part, share in zip(parts, shares, strict=True):
            entries = target_entries(part.assigned, goods)
            weights = [abs(entry.quantity) for entry in entries]
            for entry, value in zip(entries, spread(share, weights, cent), strict=True):
                _put(facts, side, amount, entry, value)


def charge_parts(facts: Facts, run: RunLine) -> list[ChargePart]:
    """What of the assignments the quantity being invoiced takes, in their order."""
    parts, wanted = [], run.invoice
    for assigned in facts.assigned.get(run.line_no, ()):
        taken = min(wanted, assigned.quantity, key=abs)
        if taken != ZERO:
            parts.append(ChargePart(assigned, taken))
            wanted -= taken
    return parts


def assigned_quantity(facts: Facts, run: RunLine) -> Decimal:
    """What is assigned of a charge line and not invoiced yet."""
    return total(assigned.quantity for assigned in facts.assigned.get(run.line_no, ()))


def target_entries(assigned: Assigned, goods: Goods) -> list[MovedPart]:
    """The item entries of a target; of a line of this document those that this very run moves or bills."""
    if assigned.target == ChargeTarget.DOCUMENT:
        return goods.entries.get(assigned.target_line_no, [])
    return [MovedPart(entry.entry_no, entry.item_no, entry.quantity) for entry in assigned.entries]


def _put(facts: Facts, side: StockSide, amount: LineAmounts, entry: MovedPart, value: Decimal) -> None:
    assert amount.run is not None and amount.run.line.no is not None and facts.stock is not None
    line = amount.run.line
    tag = Tag(
        kind=MovementKind.PURCHASE,
        item_no=entry.item_no,
        description=amount.description,
        line_no=amount.line_no,
        voucher=0,
        general_business=facts.pay_to.general_business if facts.pay_to else None,
        source_no=facts.vendor.vendor_no if facts.vendor else None,
        dimensions=line.dimensions,
    )
    side.charge(entry.entry, tag, value, amount.run.line.no, amount.general_product)
