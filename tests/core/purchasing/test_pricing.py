"""A line's price is made so that its amount is what was typed or printed."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from core.money import round_to
from core.purchasing.pricing import Price, price_as_printed, price_for_amount

D = Decimal
quantities = st.decimals("0.001", "99999", places=3)
amounts = st.decimals("-99999.99", "99999.99", places=2)


def amount_of(quantity: Decimal, price: Price) -> Decimal:
    before = round_to(quantity * price.unit_cost)
    if price.discount_amount is not None:
        return before - price.discount_amount
    return before - round_to(before * price.discount_percent / 100)


@given(quantities, amounts)
def test_a_typed_amount_is_always_met(quantity: Decimal, amount: Decimal) -> None:
    assert amount_of(quantity, price_for_amount(quantity, amount)) == amount


@given(
    quantities,
    st.none() | st.decimals("0", "9999", places=5),
    st.none() | st.decimals("0", "100", places=1),
    amounts,
)
def test_a_printed_amount_is_always_met(
    quantity: Decimal, unit_price: Decimal | None, percent: Decimal | None, amount: Decimal
) -> None:
    assert amount_of(quantity, price_as_printed(quantity, unit_price, percent, amount)) == amount


def test_a_printed_percentage_that_explains_the_amount_is_the_discount() -> None:
    price = price_as_printed(D(8), D("10.00"), D(10), D("72.00"))

    assert price == Price(D("10.00"), D(10))


def test_a_discount_that_is_not_printed_is_derived() -> None:
    """ID-63: quantity × price − net amount."""
    price = price_as_printed(D(8), D("10.00"), None, D("72.00"))

    assert price == Price(D("10.00"), discount_amount=D("8.00"))


def test_without_an_amount_the_printed_price_counts() -> None:
    assert price_as_printed(D(3), D("23.60"), None, None) == Price(D("23.60"))
