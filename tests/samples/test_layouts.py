"""Every family draws in every language: on the page, without overlap, and each box holds its token."""

from __future__ import annotations

from functools import cache
from itertools import combinations

import pypdfium2
import pytest

from inkoop.samples.company import Language
from inkoop.samples.families import LAYOUTS
from inkoop.samples.invent import make_invoice
from inkoop.samples.invoice import SampleInvoice
from inkoop.samples.layout import Drawing, draw
from inkoop.samples.sheet import TextBox
from pipeline.extract.document import Box

LANGUAGES: tuple[Language, ...] = ("nl", "de", "fr", "en")
SEEDS = range(31_000, 31_006)

# What a bookkeeper needs of any invoice; a family that hides one of these is no invoice.
ESSENTIAL = {
    "invoice_number",
    "issue_date",
    "seller.name",
    "seller.vat_id",
    "buyer.name",
    "total_net",
    "total_gross",
    "amount_due",
    "currency_code",
    "lines.0.description",
    "lines.0.quantity",
    "lines.0.unit_price",
    "lines.0.net_amount",
    "vat_breakdown.0.rate",
    "vat_breakdown.0.vat",
}


def drawings(code: str, language: Language) -> list[tuple[SampleInvoice, Drawing]]:
    layout = LAYOUTS[code]
    invoices = [make_invoice(seed, language, layout.demands) for seed in SEEDS]
    invoices.append(make_invoice(SEEDS[0], language, layout.demands, document_type="credit_note"))
    return [(invoice, draw(layout, invoice)) for invoice in invoices]


@cache
def drawn_once(code: str, language: Language) -> list[tuple[SampleInvoice, Drawing]]:
    """Several tests look at the same drawings, which take most of their time."""
    return drawings(code, language)


@pytest.fixture(params=[(code, language) for code in LAYOUTS for language in LANGUAGES], ids="-".join)
def drawn_invoices(request: pytest.FixtureRequest) -> list[tuple[SampleInvoice, Drawing]]:
    return drawn_once(*request.param)


def test_there_are_at_least_eight_families() -> None:
    assert len(LAYOUTS) >= 8
    assert len({layout.voice for layout in LAYOUTS.values()}) == len(LAYOUTS)


def test_everything_is_on_the_page_and_nothing_overlaps(
    drawn_invoices: list[tuple[SampleInvoice, Drawing]],
) -> None:
    for _, drawing in drawn_invoices:
        for text in drawing.texts:
            assert 0 < text.box.left < text.box.right < 1, text
            assert 0 < text.box.top < text.box.bottom < 1, text
        for first, second in combinations(drawing.texts, 2):
            assert not overlap(first, second), (first.text, second.text)


def test_the_text_in_each_box_is_the_printed_token(
    drawn_invoices: list[tuple[SampleInvoice, Drawing]],
) -> None:
    for _, drawing in drawn_invoices:
        with pypdfium2.PdfDocument(drawing.pdf) as pdf:
            texts = [page.get_textpage() for page in pdf]
            sizes = [page.get_size() for page in pdf]
            for place in drawing.drawn:
                found = text_in(texts[place.page - 1], sizes[place.page - 1], place.box)
                assert found == " ".join(place.text.split()), place


def test_a_family_prints_what_an_invoice_must_have(
    drawn_invoices: list[tuple[SampleInvoice, Drawing]],
) -> None:
    for invoice, drawing in drawn_invoices:
        printed = {place.key for place in drawing.drawn}
        assert printed >= ESSENTIAL, ESSENTIAL - printed
        assert {f"lines.{i}.net_amount" for i in range(len(invoice.lines))} <= printed
        if invoice.document_type == "invoice":
            assert {"due_date", "payment_iban"} <= printed


def test_a_drawing_has_the_same_bytes_each_time(
    drawn_invoices: list[tuple[SampleInvoice, Drawing]], request: pytest.FixtureRequest
) -> None:
    again = drawings(*request.node.callspec.params["drawn_invoices"])

    assert [drawing.pdf for _, drawing in again] == [drawing.pdf for _, drawing in drawn_invoices]


def test_a_long_list_runs_over_several_pages_and_numbers_them() -> None:
    drawing = draw(LAYOUTS["long"], make_invoice(31_100, "nl", LAYOUTS["long"].demands))

    assert drawing.page_count >= 2
    assert {text.page for text in drawing.texts} == set(range(1, drawing.page_count + 1))
    with pypdfium2.PdfDocument(drawing.pdf) as pdf:
        assert len(pdf) == drawing.page_count


def test_accents_and_the_euro_sign_come_out_of_the_text_layer() -> None:
    layout = LAYOUTS["utility"]
    drawing = draw(layout, make_invoice(31_200, "fr", layout.demands))

    with pypdfium2.PdfDocument(drawing.pdf) as pdf:
        text = pdf[0].get_textpage().get_text_range()
    assert "€" in text
    assert "é" in text


def overlap(first: TextBox, second: TextBox) -> bool:
    """Whether two texts touch by more than the room that fonts leave above and below their letters."""
    if first.page != second.page:
        return False
    a, b = first.box, second.box
    width = min(a.right, b.right) - max(a.left, b.left)
    height = min(a.bottom, b.bottom) - max(a.top, b.top)
    return width > 0 and height > 0.3 * min(a.bottom - a.top, b.bottom - b.top)


def text_in(page: pypdfium2.PdfTextPage, size: tuple[float, float], box: Box) -> str:
    """What a reader cuts out of a box, blanks made single."""
    width, height = size
    text = page.get_text_bounded(
        left=box.left * width,
        bottom=(1 - box.bottom) * height,
        right=box.right * width,
        top=(1 - box.top) * height,
    )
    return " ".join(text.split())
