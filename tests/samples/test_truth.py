"""The truth of a sample: what its layout prints, null for what is not there, nothing for what is unknown."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from inkoop.samples.families import LAYOUTS
from inkoop.samples.forms import Form, make_sample
from inkoop.samples.invent import make_invoice
from inkoop.samples.invoice import SampleInvoice
from inkoop.samples.truth import Json, drawn_json, plain


def invoice(code: str, seed: int = 33_000) -> SampleInvoice:
    return make_invoice(seed, "nl", LAYOUTS[code].demands, document_type="invoice")


def truth(made: SampleInvoice, code: str) -> Json:
    return make_sample(made, LAYOUTS[code], Form.TEXT_LAYER).truth


def test_values_are_strings_in_the_canonical_form() -> None:
    made = replace(invoice("trade"), order_reference="IO001234")
    body = truth(made, "trade")

    assert body["issue_date"] == made.issue_date.isoformat()
    assert body["total_gross"] == f"{made.total_gross:.2f}"
    assert body["order_reference"] == "IO001234"
    assert body["currency_code"] == "EUR"
    seller = body["seller"]
    assert isinstance(seller, dict)
    assert seller["name"] == made.seller.name
    assert seller["iban"] == body["payment_iban"] == made.seller.iban


def test_what_the_invoice_does_not_have_is_null() -> None:
    body = truth(replace(invoice("trade"), order_reference=None, delivery_date=None), "trade")

    assert body["order_reference"] is None
    assert body["delivery_date"] is None


def test_a_sum_that_is_not_printed_is_unknown() -> None:
    """The letter prints the VAT per rate only: with two rates a reader may still add them up."""
    made = make_invoice(33_001, "nl", LAYOUTS["rates"].demands, document_type="invoice")
    body = truth(made, "letter")

    assert len(made.vat_breakdown) == 2
    assert "total_vat" not in body
    assert "total_vat" in truth(made, "rates")


def test_a_unit_may_be_read_as_printed_or_as_its_code() -> None:
    made = invoice("trade")
    lines = truth(made, "trade")["lines"]
    assert isinstance(lines, list)

    for line, printed in zip(made.lines, lines, strict=True):
        assert printed["unit"][1] == line.unit


def test_prices_with_vat_have_their_net_as_alternative() -> None:
    made = invoice("shop")
    lines = truth(made, "shop")["lines"]
    assert isinstance(lines, list)

    for line, printed in zip(made.lines, lines, strict=True):
        gross, net = (Decimal(text) for text in printed["net_amount"])
        assert gross == line.amount
        assert abs(net * (100 + line.vat_rate) / 100 - gross) <= Decimal("0.01")


def test_every_value_of_the_truth_has_a_place_on_the_page() -> None:
    made = make_sample(invoice("grid"), LAYOUTS["grid"], Form.TEXT_LAYER)
    places = drawn_json(made.drawn)

    assert {"invoice_number", "seller.name", "lines.0.quantity", "vat_breakdown.0.rate"} <= set(places)
    for found in places.values():
        assert isinstance(found, list)
        for place in found:
            left, top, right, bottom = place["box"]
            assert 0 <= left < right <= 1
            assert 0 <= top < bottom <= 1
            assert place["text"]


def test_a_plain_number_has_no_idle_zeros() -> None:
    assert [plain(Decimal(text)) for text in ("2.00", "16.50", "100", "0.2143")] == [
        "2",
        "16.5",
        "100",
        "0.2143",
    ]
