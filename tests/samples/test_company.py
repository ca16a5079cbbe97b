"""The demo company, its vendors and items: what the books and the demo files rely on."""

from __future__ import annotations

import pytest
from schwifty import IBAN
from stdnum import get_cc_module

from inkoop.samples.company import COMPANY, ITEMS, VENDORS, DemoVendor, items_of, vendor


@pytest.mark.parametrize("card", VENDORS, ids=lambda card: card.no)
def test_a_vendor_card_carries_numbers_that_check(card: DemoVendor) -> None:
    vat = get_cc_module(card.address.country_code, "vat")

    assert card.vat_id == card.address.country_code + vat.compact(card.vat_id)
    assert vat.is_valid(card.vat_id)
    assert IBAN(card.iban, validate_bban=True).country_code == card.address.country_code


def test_the_company_carries_numbers_that_check() -> None:
    assert get_cc_module("NL", "vat").is_valid(COMPANY.vat_id)
    assert IBAN(COMPANY.iban, validate_bban=True).bank_code == "RABO"


def test_vendors_abroad_within_the_eu_are_those_without_dutch_vat() -> None:
    for card in VENDORS:
        assert (card.vat_business_group == "EU") == (card.address.country_code != "NL")


def test_numbers_of_cards_are_unique() -> None:
    assert len({card.no for card in VENDORS}) == len(VENDORS) == 8
    assert len({card.iban for card in VENDORS}) == len({card.vat_id for card in VENDORS}) == 8
    assert len({item.no for item in ITEMS}) == len(ITEMS) == 12


def test_a_vendor_item_number_means_one_item_of_that_vendor() -> None:
    numbers = [(sold.vendor_no, sold.vendor_item_no) for item in ITEMS for sold in item.vendor_items]

    assert len(set(numbers)) == len(numbers)
    assert {vendor_no for vendor_no, _ in numbers} <= {card.no for card in VENDORS}


def test_every_vendor_sells_an_item_or_bills_an_expense() -> None:
    for card in VENDORS:
        assert items_of(card.no) or card.expenses, card.name


def test_an_unknown_vendor_number_is_refused() -> None:
    with pytest.raises(KeyError):
        vendor("99999")
