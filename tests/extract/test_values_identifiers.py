"""VAT numbers, accounts and countries: their forms and check digits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract.identifiers import country_code, iban, iban_at_start, vat_id


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("NL 0044.95.445.B01", ("NL004495445B01", True)),
        ("BE 0428759497", ("BE0428759497", True)),
        ("DE 136 695 976", ("DE136695976", True)),
        ("FR 40 303 265 045", ("FR40303265045", True)),
        ("CHE-100.155.212 MWST", ("CHE100155212MWST", True)),
        ("DE123456789", ("DE123456789", False)),
        ("GB 980 7806 84", ("GB980780684", True)),
        ("Delft 2024", None),
        ("NL12", None),
    ],
)
def test_a_vat_number_has_the_form_of_its_country_and_check_digits(
    printed: str, value: tuple[str, bool] | None
) -> None:
    assert vat_id(printed) == value


def test_an_iban_says_whether_its_check_digits_are_right() -> None:
    assert iban("NL91 ABNA 0417 1643 00") == ("NL91ABNA0417164300", True)
    assert iban("NL91 ABNA 0417 1643 01") == ("NL91ABNA0417164301", False)
    assert iban("Amsterdam") is None


def test_words_behind_an_iban_do_not_belong_to_it() -> None:
    assert iban_at_start("DE89 3704 0044 0532 0130 00 BIC COBADEFF") == "DE89 3704 0044 0532 0130 00"
    assert iban_at_start("DE89 3704 0044 0532 0130 01") is None


@pytest.mark.parametrize(
    ("name", "code"),
    [("Nederland", "NL"), ("Pays-Bas", "NL"), ("Deutschland", "DE"), ("Italia", "IT"), ("Gouda", None)],
)
def test_a_country_is_known_in_six_languages(name: str, code: str | None) -> None:
    assert country_code(name) == code


@given(st.text(max_size=60))
def test_no_text_makes_the_readers_of_identifiers_raise(text: str) -> None:
    vat_id(text)
    iban(text)
    iban_at_start(text)
    country_code(text)
