"""Amounts, rates and currencies as they are printed in the countries Inkoop reads."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract.values import decimal_mark, folded, parse_amount, parse_currency, parse_rate, plain

CENTS = st.integers(min_value=-(10**11), max_value=10**11)


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("1.234,50", "1234.50"),
        ("1,234.50", "1234.50"),
        ("1 234,50 €", "1234.50"),
        ("€ 12,-", "12"),
        ("CHF 3’217.81", "3217.81"),
        ("EUR 10.040,00", "10040.00"),
        ("-19,50 €", "-19.50"),
        ("19,50-", "-19.50"),
        ("−19,50", "-19.50"),
        ("(19.50)", "-19.50"),
        ("-£53.63", "-53.63"),
        ("0,025 €", "0.025"),
        ("1.000.000", "1000000"),
        ("2 375,60 e", "2375.60"),
        ("US$ 5", "5"),
    ],
)
def test_an_amount_is_read_whatever_its_marks_and_sign(printed: str, value: str) -> None:
    assert parse_amount(printed) == Decimal(value)


@pytest.mark.parametrize(
    "text", ["", "-", "abc", "12a", "1,2,3", "12-03-2024", "NL12", "(5", "5)", "1.2.3,4,5", "€"]
)
def test_what_is_not_one_number_is_no_amount(text: str) -> None:
    assert parse_amount(text) is None


def test_three_digits_behind_one_mark_are_read_as_the_document_writes_numbers() -> None:
    assert parse_amount("1.500", ",") == Decimal(1500)
    assert parse_amount("1.500", ".") == Decimal("1.500")
    assert parse_amount("1.500") == Decimal(1500)


def test_the_documents_decimal_mark_is_what_most_of_its_numbers_use() -> None:
    assert decimal_mark(["12,50", "1.234,00", "3,5", "1.000"]) == ","
    assert decimal_mark(["12.50", "1,234.00"]) == "."
    assert decimal_mark(["1000", "12"]) is None


@given(CENTS)
def test_every_amount_is_read_back_from_each_countrys_print(cents: int) -> None:
    value = Decimal(cents) / 100
    english = f"{value:,.2f}"
    european = english.translate(str.maketrans(",.", ".,"))
    swiss, french = english.replace(",", "'"), european.replace(".", " ")
    for printed, mark in ((english, "."), (european, ","), (swiss, "."), (french, ",")):
        assert parse_amount(printed, mark) == value
        assert parse_amount(f"€ {printed}", mark) == value
        assert parse_amount(f"{printed} EUR", mark) == value


@given(CENTS)
def test_a_minus_behind_the_amount_means_the_same_as_in_front(cents: int) -> None:
    value = abs(Decimal(cents) / 100)
    assert parse_amount(f"{value}-", ".") == -value


@given(st.text(max_size=60))
def test_no_text_makes_the_readers_of_values_raise(text: str) -> None:
    parse_amount(text)
    parse_rate(text)
    parse_currency(text)
    folded(text)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9))
def test_a_plain_value_is_the_same_number_without_exponent(value: Decimal) -> None:
    assert Decimal(plain(value, 2)) == value
    assert "E" not in plain(value)


@pytest.mark.parametrize(
    ("printed", "code"),
    [
        ("€ 12", "EUR"),
        ("$3", "USD"),
        ("CA$ 3", "CAD"),
        ("(CHF)", "CHF"),
        ("£", "GBP"),
        ("Euro", "EUR"),
        ("12", None),
    ],
)
def test_a_currency_is_known_by_sign_code_or_word(printed: str, code: str | None) -> None:
    assert parse_currency(printed) == code


def test_a_rate_is_between_nothing_and_thirty_percent() -> None:
    assert parse_rate("21%") == Decimal(21)
    assert parse_rate("(5,5 %)") == Decimal("5.5")
    assert parse_rate("100%") is None
    assert parse_rate("-3%") is None
