"""What a person types is understood as they mean it (ux.md §7)."""

from datetime import date

import pytest

from core.errors import DomainError
from pipeline.workflow.typed import parse_typed

TODAY = date(2026, 3, 12)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("9", "2026-03-09"),
        ("0903", "2026-03-09"),
        ("9-3", "2026-03-09"),
        ("9-3-26", "2026-03-09"),
        ("090326", "2026-03-09"),
        ("09032026", "2026-03-09"),
        ("9 mrt 2026", "2026-03-09"),
        ("9 Mar 2026", "2026-03-09"),
        ("2026-03-09", "2026-03-09"),
        ("t", "2026-03-12"),
        ("+14", "2026-03-26"),
        ("-2", "2026-03-10"),
        ("", ""),
    ],
)
def test_a_date(typed: str, day: str) -> None:
    assert parse_typed("due_date", typed, "en", TODAY) == day


@pytest.mark.parametrize(
    ("typed", "language", "amount"),
    [
        ("3522,31", "en", "3522.31"),
        ("3.522,31", "en", "3522.31"),
        ("3,522.31", "nl", "3522.31"),
        ("1.234", "nl", "1234"),
        ("1.234", "en", "1.234"),
        ("1,234", "en", "1234"),
        ("€ 12,5", "nl", "12.5"),
        ("-12.00", "en", "-12"),
        ("3*23,60", "nl", "70.8"),
    ],
)
def test_an_amount_by_either_mark(typed: str, language: str, amount: str) -> None:
    assert parse_typed("total_gross", typed, language, TODAY) == amount


def test_a_click_follows_the_manners_of_the_document_and_not_of_the_user() -> None:
    assert parse_typed("total_gross", "1.234", "en", TODAY, document_mark=",") == "1234"


@pytest.mark.parametrize(
    ("key", "typed"),
    [("due_date", "31 feb 2026"), ("due_date", "soon"), ("total_gross", "abc"), ("currency_code", "euro")],
)
def test_what_cannot_be_understood_is_refused_with_what_was_typed(key: str, typed: str) -> None:
    with pytest.raises(DomainError) as refused:
        parse_typed(key, typed, "en", TODAY)
    assert refused.value.code == "INC_VALUE_NOT_UNDERSTOOD"
    assert refused.value.problems[0].values["typed"] == typed


def test_an_account_loses_its_blanks_and_must_have_right_check_digits() -> None:
    assert parse_typed("payment_iban", "nl91 abna 0417 1643 00", "en", TODAY) == "NL91ABNA0417164300"
    with pytest.raises(DomainError) as refused:
        parse_typed("payment_iban", "NL92 ABNA 0417 1643 00", "en", TODAY)
    assert refused.value.code == "iban_invalid"
