"""Exact amounts: the only place where money is rounded.

Rounding is half away from zero (PO §0): 2.345 becomes 2.35 and -2.345 becomes -2.35.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal

ZERO = Decimal(0)
CENT = Decimal("0.01")
UNIT_COST = Decimal("0.00001")
QUANTITY = Decimal("0.00001")


def round_to(value: Decimal, precision: Decimal = CENT) -> Decimal:
    """The multiple of `precision` nearest to `value`, half away from zero.

    The result has the decimals of `precision` without its surplus zeros, so that 0.0100 rounds to cents.
    """
    step = precision.normalize()
    places = step if step < 1 else Decimal(1)
    return ((value / step).quantize(Decimal(1), ROUND_HALF_UP) * step).quantize(places)


def spread(whole: Decimal, weights: Sequence[Decimal], precision: Decimal = CENT) -> list[Decimal]:
    """Divide `whole` in proportion to `weights`, rounded with carry, so that the shares add up to it.

    `whole` is itself a multiple of `precision`. Weights that add up to zero give zeros, except that a
    `whole` other than zero then goes to the last share.
    """
    weight_sum = total(weights)
    if not weights:
        return []
    if weight_sum == ZERO:
        return [ZERO] * (len(weights) - 1) + [whole]
    shares = spread_exact([whole * weight / weight_sum for weight in weights], precision)
    shares[-1] += whole - total(shares)  # Decimal division ends at 28 digits; the rest must not become a cent
    return shares


def spread_exact(parts: Sequence[Decimal], precision: Decimal = CENT) -> list[Decimal]:
    """Round each part, adding the unrounded remainder of one to the next before rounding (PO §0, *carry*)."""
    shares, carry = [], ZERO
    for part in parts:
        exact = part + carry
        share = round_to(exact, precision)
        carry = exact - share
        shares.append(share)
    return shares


def total(amounts: Iterable[Decimal]) -> Decimal:
    """The sum, as a Decimal also when there is nothing to add."""
    return sum(amounts, ZERO)
