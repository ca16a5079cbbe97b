"""Amounts of a document: the worked examples of the posting rules, and what always holds."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from core.master.vat import Calculation
from core.money import total
from core.purchasing.totals import (
    DocumentTotals,
    TotalsHeader,
    TotalsLine,
    VatTerms,
    compute_totals,
)

D = Decimal
HIGH = VatTerms("H21", Calculation.NORMAL, D(21))
LOW = VatTerms("L09", Calculation.NORMAL, D(9))


def line(quantity: str, unit_cost: str, vat: VatTerms = HIGH, **more: object) -> TotalsLine:
    return TotalsLine(D(quantity), D(unit_cost), vat, **more)  # type: ignore[arg-type]


def nets(totals: DocumentTotals) -> list[Decimal]:
    return [row.net for row in totals.lines]


def vats(totals: DocumentTotals) -> list[Decimal]:
    return [row.vat for row in totals.lines]


def test_each_line_amount_is_rounded_once_and_totals_add_rounded_lines() -> None:
    """PO-61: three lines of 0.335 are 1.02, one line of three is 1.01."""
    three = compute_totals(TotalsHeader(), [line("1", "0.335")] * 3)
    one = compute_totals(TotalsHeader(), [line("3", "0.335")])

    assert (three.total_net, one.total_net) == (D("1.02"), D("1.01"))


def test_vat_is_rounded_per_group_and_spread_over_its_lines_with_carry() -> None:
    """PO-62, PO-63: the example of three lines of 1.17."""
    totals = compute_totals(TotalsHeader(), [line("1", "1.17")] * 3)

    assert totals.total_vat == D("0.74")
    assert vats(totals) == [D("0.25"), D("0.24"), D("0.25")]


def test_the_rest_of_a_negative_group_is_carried_to_the_positive_one() -> None:
    """PO-64: lines 10.02 and -0.50 carry 2.00 of VAT, not 1.99."""
    totals = compute_totals(TotalsHeader(), [line("1", "10.02"), line("-1", "0.50")])

    assert [group.vat for group in totals.groups] == [D("-0.11"), D("2.11")]
    assert totals.total_vat == D("2.00")


def test_prices_including_vat_are_taken_apart_per_group() -> None:
    """PO-65: lines 9.99 and 24.95."""
    totals = compute_totals(TotalsHeader(prices_include_vat=True), [line("1", "9.99"), line("1", "24.95")])

    assert (totals.total_gross, totals.total_vat) == (D("34.94"), D("6.06"))
    assert vats(totals) == [D("1.73"), D("4.33")]
    assert nets(totals) == [D("8.26"), D("20.62")]


def test_an_invoice_discount_in_per_cent_is_spread_over_groups_and_then_lines() -> None:
    """PO-67: 3 % of 10.20 at 9 % and twice 10.15 at 21 %."""
    totals = compute_totals(
        TotalsHeader(invoice_discount_percent=D(3)),
        [line("1", "10.20", LOW), line("1", "10.15"), line("1", "10.15")],
    )

    assert nets(totals) == [D("9.89"), D("9.84"), D("9.85")]
    assert totals.invoice_discount == D("0.92")


def test_a_fixed_invoice_discount_leaves_lines_alone_that_do_not_allow_it() -> None:
    """D05."""
    totals = compute_totals(
        TotalsHeader(invoice_discount_amount=D(15)),
        [
            line("1", "100"),
            line("1", "200", LOW),
            line("1", "50", allow_invoice_discount=False),
        ],
    )

    assert nets(totals) == [D("95.00"), D("190.00"), D("50.00")]
    assert (totals.total_net, totals.total_vat) == (D("335.00"), D("47.55"))


def test_the_vendors_own_vat_is_taken_over_and_its_difference_kept_apart() -> None:
    """PO-66."""
    totals = compute_totals(TotalsHeader(vat_amounts={"H21": D("21.02")}), [line("1", "60"), line("1", "40")])

    assert totals.total_vat == D("21.02")
    assert totals.groups[0].difference == D("0.02")
    assert vats(totals) == [D("12.61"), D("8.41")]


def test_reverse_charge_never_changes_what_the_vendor_is_owed() -> None:
    """PO-46, PO-72: the document itself carries no VAT."""
    totals = compute_totals(
        TotalsHeader(), [line("1", "500", VatTerms("R21", Calculation.REVERSE_CHARGE, D(21)))]
    )

    assert (totals.total_net, totals.total_vat, totals.total_gross) == (D(500), D(0), D(500))


def test_a_full_vat_line_is_vat_in_full() -> None:
    """PO-47, PO-74."""
    totals = compute_totals(TotalsHeader(), [line("1", "84.21", VatTerms("IMP", Calculation.FULL, D(0)))])

    assert (totals.total_net, totals.total_vat, totals.groups[0].base) == (D(0), D("84.21"), D(0))


money = st.decimals("-9999.99", "9999.99", places=2)
terms = st.sampled_from(
    [HIGH, LOW, VatTerms("Z00", Calculation.NORMAL, D(0)), VatTerms("H25", Calculation.NORMAL, D(25))]
)
some_lines = st.lists(
    st.builds(
        TotalsLine,
        quantity=st.decimals("-99", "999", places=3),
        unit_cost=st.decimals("0", "999", places=5),
        vat=terms,
        discount_percent=st.decimals("0", "100", places=2),
        allow_invoice_discount=st.booleans(),
    ),
    min_size=1,
    max_size=12,
)
headers = st.builds(
    TotalsHeader,
    prices_include_vat=st.booleans(),
    invoice_discount_percent=st.none() | st.decimals("0", "30", places=2),
)


@given(headers, some_lines)
def test_lines_groups_and_totals_always_agree(header: TotalsHeader, lines: list[TotalsLine]) -> None:
    totals = compute_totals(header, lines)

    assert totals.total_net + totals.total_vat == totals.total_gross
    assert total(group.base for group in totals.groups) == totals.total_net
    assert total(group.vat for group in totals.groups) == totals.total_vat
    for row in totals.lines:
        assert row.net + row.vat == row.gross
        assert {row.net.as_tuple().exponent, row.vat.as_tuple().exponent} <= {0, -1, -2}


@given(some_lines, st.decimals("0", "50", places=2))
def test_a_fixed_invoice_discount_is_spread_to_the_last_cent(
    lines: list[TotalsLine], discount: Decimal
) -> None:
    totals = compute_totals(TotalsHeader(invoice_discount_amount=discount), lines)
    open_amounts = total(
        row.amount for row, one in zip(totals.lines, lines, strict=True) if one.allow_invoice_discount
    )

    assert totals.invoice_discount == (discount if open_amounts != 0 else 0)
