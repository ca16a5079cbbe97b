"""Rounding half away from zero, and spreading to the last cent (PO §0)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.money import round_to, spread, spread_exact, total

D = Decimal


@pytest.mark.parametrize(
    ("value", "precision", "rounded"),
    [
        ("2.345", "0.01", "2.35"),
        ("-2.345", "0.01", "-2.35"),
        ("2.344999", "0.01", "2.34"),
        ("0.005", "0.01", "0.01"),
        ("-0.004", "0.01", "0.00"),
        ("1.0005", "0.001", "1.001"),
        ("12.345", "0.0100", "12.35"),
        ("7.5", "1", "8"),
        ("-7.5", "1", "-8"),
        ("12", "5", "10"),
        ("12.50", "5", "15"),
        ("2.02", "0.05", "2.00"),
        ("2.025", "0.05", "2.05"),
    ],
)
def test_amounts_are_rounded_half_away_from_zero(value: str, precision: str, rounded: str) -> None:
    result = round_to(D(value), D(precision))

    assert str(result).replace("-0.00", "0.00") == rounded


cents = st.decimals("-99999.99", "99999.99", places=2)


@given(cents, st.lists(st.decimals("0", "1000", places=3), min_size=1, max_size=20))
def test_shares_add_up_to_the_whole_and_none_is_a_cent_off(whole: Decimal, weights: list[Decimal]) -> None:
    assume(total(weights) > 0)

    shares = spread(whole, weights)

    assert total(shares) == whole
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share - whole * weight / total(weights)) <= D("0.01")


@given(st.lists(st.decimals("-10", "10", places=5), min_size=1, max_size=30))
def test_parts_rounded_with_carry_add_up_to_the_rounded_whole(parts: list[Decimal]) -> None:
    """The remainder of each part is added to the next, so the last one settles it."""
    assert abs(total(spread_exact(parts)) - total(parts)) <= D("0.005")


def test_ten_over_three_equal_parts_loses_no_cent() -> None:
    """PO-103: 3.33, 3.34, 3.33."""
    assert spread(D(10), [D(1)] * 3) == [D("3.33"), D("3.34"), D("3.33")]
