"""Quantity, unit cost, discount and amount of a line: each from the others, so that the amount is met."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_UP, Decimal

from core.money import CENT, UNIT_COST, ZERO, round_to

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Price:
    """Unit cost and line discount of a line. A `discount_amount` goes before `discount_percent`."""

    unit_cost: Decimal
    discount_percent: Decimal = ZERO
    discount_amount: Decimal | None = None


def price_for_amount(quantity: Decimal, amount: Decimal, precision: Decimal = CENT) -> Price:
    """The unit cost at which `quantity` costs `amount`, net of nothing.

    A unit cost has five decimals, which for large quantities can miss the amount by some cents; it is then
    taken one step up and the cents become the line discount, so that the line is what was typed or printed.
    A quantity of zero has no price: the amount is kept as the price of one.
    """
    if quantity == ZERO:
        return Price(round_to(amount, UNIT_COST))
    unit_cost = round_to(amount / quantity, UNIT_COST)
    if round_to(quantity * unit_cost, precision) == amount:
        return Price(unit_cost)
    step_up = (amount / quantity).quantize(UNIT_COST, ROUND_UP)
    return Price(step_up, discount_amount=round_to(quantity * step_up, precision) - amount)


def price_as_printed(
    quantity: Decimal,
    unit_price: Decimal | None,
    discount_percent: Decimal | None,
    amount: Decimal | None,
    precision: Decimal = CENT,
) -> Price:
    """What a vendor's line says, as a price of ours that gives the printed amount.

    Without an amount the printed price counts. A price that is too high for the amount means a line discount
    (ID-63), in per cent where the printed percentage explains it, else as an amount. A price that is too low
    for it cannot be right, so the amount alone counts.
    """
    if amount is None:
        return Price(round_to(unit_price or ZERO, UNIT_COST), discount_percent or ZERO)
    if unit_price is None or unit_price != round_to(unit_price, UNIT_COST):
        return price_for_amount(quantity, amount, precision)
    before = round_to(quantity * unit_price, precision)
    if before == amount:
        return Price(unit_price)
    if discount_percent and before - round_to(before * discount_percent / HUNDRED, precision) == amount:
        return Price(unit_price, discount_percent)
    if before * amount >= ZERO and abs(before) > abs(amount):
        return Price(unit_price, discount_amount=before - amount)
    return price_for_amount(quantity, amount, precision)
