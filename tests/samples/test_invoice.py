"""Arithmetic of invented invoices: sums that hold together (EN 16931 BR-CO-10 to BR-CO-17)."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from random import Random

from hypothesis import given
from hypothesis import strategies as st
from schwifty import IBAN
from stdnum import get_cc_module, iso11649

from inkoop.samples import identifiers
from inkoop.samples.company import COMPANY, Language
from inkoop.samples.demo import party_of
from inkoop.samples.invent import Demands, make_invoice
from inkoop.samples.invoice import SampleInvoice, SampleLine

CENT = Decimal("0.01")
LANGUAGES: st.SearchStrategy[Language] = st.sampled_from(("nl", "de", "fr", "en"))
COUNTRIES = ("NL", "DE", "FR", "BE", "IE")

amounts = st.decimals("0.01", "5000", places=2)
lines = st.builds(
    SampleLine,
    description=st.just("Slotbout"),
    quantity=st.decimals("0.25", "500", places=2),
    unit=st.just("C62"),
    unit_price=st.decimals("0.01", "900", places=4),
    vat_rate=st.sampled_from([Decimal(21), Decimal(9), Decimal("5.5"), Decimal(0)]),
    discount_percent=st.sampled_from([Decimal(0), Decimal(10), Decimal("12.5")]),
)


def invoice(invoice_lines: list[SampleLine], prices_include_vat: bool = False) -> SampleInvoice:
    return SampleInvoice(
        language="nl",
        document_type="invoice",
        invoice_number="2026-1",
        issue_date=date(2026, 11, 2),
        due_date=date(2026, 12, 2),
        payment_terms_days=30,
        seller=party_of(COMPANY),
        buyer=party_of(COMPANY),
        lines=tuple(invoice_lines),
        customer_no="1",
        prices_include_vat=prices_include_vat,
    )


@given(st.lists(lines, min_size=1, max_size=12))
def test_net_is_the_sum_of_the_lines_and_vat_is_rounded_once_per_rate(drawn: list[SampleLine]) -> None:
    made = invoice(drawn)

    assert made.total_net == sum(line.amount for line in drawn)
    for group in made.vat_breakdown:
        of_rate = sum(line.amount for line in drawn if line.vat_rate == group.rate)
        assert group.net == of_rate
        assert group.vat == (of_rate * group.rate / 100).quantize(CENT, ROUND_HALF_UP)
    assert made.total_gross == made.total_net + made.total_vat


@given(st.lists(lines, min_size=1, max_size=12))
def test_with_prices_including_vat_the_total_is_the_sum_of_the_lines(drawn: list[SampleLine]) -> None:
    made = invoice(drawn, prices_include_vat=True)

    assert made.total_gross == sum(line.amount for line in drawn)
    for group in made.vat_breakdown:
        exact = (group.net + group.vat) * group.rate / (100 + group.rate)
        assert abs(group.vat - exact) <= Decimal("0.005")


@given(st.lists(lines, min_size=2, max_size=12))
def test_the_highest_rate_comes_first_and_each_rate_once(drawn: list[SampleLine]) -> None:
    rates = [group.rate for group in invoice(drawn).vat_breakdown]

    assert all(first > second for first, second in pairwise(rates))


def test_half_a_cent_is_rounded_up() -> None:
    half = SampleLine("Moer", Decimal(1), "C62", Decimal("0.125"), Decimal(20))

    assert half.amount == Decimal("0.13")


@given(st.integers(0, 10**6), LANGUAGES)
def test_the_same_seed_invents_the_same_invoice(seed: int, language: Language) -> None:
    assert make_invoice(seed, language) == make_invoice(seed, language)


@given(st.integers(0, 10**6), LANGUAGES)
def test_an_invented_invoice_has_what_its_layout_demands(seed: int, language: Language) -> None:
    demands = Demands(fewest_lines=3, most_lines=7, has_several_rates=True)

    made = make_invoice(seed, language, demands)

    assert 3 <= len(made.lines) <= 8
    assert len(made.vat_breakdown) == 2
    assert made.due_date > made.issue_date
    assert (made.preceding_invoice is not None) == (made.document_type == "credit_note")


@given(st.integers(), st.sampled_from(COUNTRIES))
def test_invented_numbers_have_right_check_digits(seed: int, country_code: str) -> None:
    rng = Random(seed)
    vat_id = identifiers.vat_id(rng, country_code)
    account, bic = identifiers.bank_account(rng, country_code)

    assert vat_id.startswith(country_code)
    assert get_cc_module(country_code, "vat").is_valid(vat_id)
    assert IBAN(account, validate_bban=True).country_code == country_code
    assert bic[4:6] == country_code


@given(st.integers())
def test_payment_references_can_be_checked(seed: int) -> None:
    belgian = identifiers.payment_reference(Random(seed), "BE")
    dutch = identifiers.payment_reference(Random(seed), "NL")

    assert int(belgian[:10]) % 97 in (int(belgian[10:]), int(belgian[10:]) - 97)
    assert len(dutch) == 16
    weights = (2, 4, 8, 5, 10, 9, 7, 3, 6, 1)
    total = sum(int(d) * weights[i % 10] for i, d in enumerate(reversed(dutch[1:])))
    assert int(dutch[0]) == {10: 1, 11: 0}.get(11 - total % 11, 11 - total % 11)
    assert iso11649.is_valid(identifiers.payment_reference(Random(seed), "DE"))
