"""Reading as a whole: the same result every time, and a result for whatever is on the pages."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.open_folder import members
from pipeline.extract import fields
from pipeline.extract.candidates import MAX_CANDIDATES, Document, FieldGroup
from pipeline.extract.document import (
    HEADER_KEYS,
    LINE_KEYS,
    VAT_KEYS,
    Box,
    ExtractedInvoice,
    Page,
    Source,
    Word,
)
from pipeline.extract.layout import lay_out
from pipeline.extract.parties import find_parties
from pipeline.extract.printed import find_printed
from pipeline.extract.reading import read_pages
from pipeline.extract.tables import find_table
from tests.extract.printed_pages import page
from tests.extract.test_fields import EXPECTED

_PLACES = st.floats(min_value=0, max_value=1, allow_nan=False)
_PRINT = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        (
            *("Totaal", "Factuurnummer:", "€", "12,50", "BTW", "21%", "01-02-2026", "NL91ABNA0417164300"),
            *("Aantal", "Prijs", "Omschrijving", "Bedrag", "Bill", "to:", "GmbH", "IBAN", "maart", "2026"),
            *("-", "(", "%", "1.234"),
        )
    ),
)


@st.composite
def _words(draw: st.DrawFn) -> Word:
    left, top = draw(_PLACES), draw(_PLACES)
    right, bottom = draw(st.floats(left, 1)), draw(st.floats(top, 1))
    return Word(draw(_PRINT), Box(left, top, right, bottom), draw(_PLACES))


@st.composite
def _pages(draw: st.DrawFn) -> list[Page]:
    count = draw(st.integers(0, 3))
    source = draw(st.sampled_from(["text_layer", "ocr"]))
    return [
        Page(
            n + 1,
            draw(st.floats(0, 2000)),
            draw(st.floats(0, 2000)),
            tuple(draw(st.lists(_words(), max_size=30))),
            source,
        )
        for n in range(count)
    ]


def _groups() -> list[FieldGroup]:
    return [group for group in members(fields, "FIELD") if isinstance(group, FieldGroup)]


def _document(pages: list[Page]) -> Document:
    printed = find_printed(lay_out(pages))
    table = find_table(printed)
    return Document(printed, table, find_parties(printed, table))


FLAT = Page(1, 0.0, 0.0, (Word("AAA", Box(0.0, 0.0, 0.0, 0.0), 0.0),), "text_layer")


@settings(max_examples=60, deadline=None)
@example([FLAT])
@given(_pages())
def test_no_page_makes_reading_raise(pages: list[Page]) -> None:
    invoice = read_pages(pages, source=Source.OCR)

    assert invoice.page_count == len(pages)
    assert ExtractedInvoice.from_json(invoice.to_json()).to_json() == invoice.to_json()


def test_the_same_pages_always_give_the_same_invoice() -> None:
    for drawing in EXPECTED:
        first = read_pages([page(drawing)], source=Source.TEXT_LAYER)
        assert read_pages([page(drawing)], source=Source.TEXT_LAYER) == first


def test_an_empty_document_has_no_fields() -> None:
    invoice = read_pages([Page(1, 595, 842, (), "text_layer")], source=Source.TEXT_LAYER)

    assert dict(invoice.fields) == {}
    assert invoice.lines == ()


def test_every_field_group_keeps_its_promise() -> None:
    names = [group.name for group in _groups()]
    assert len(names) == len(set(names))
    claimed = [key for group in _groups() for key in group.keys]
    assert len(claimed) == len(set(claimed))
    assert set(claimed) <= set(HEADER_KEYS)
    for drawing in EXPECTED:
        document = _document([page(drawing)])
        for group in _groups():
            found = group.find(document)
            assert {c.key for c in found.candidates} <= set(group.keys), group.name
            assert all(0 <= c.score <= 1 and c.tokens for c in found.candidates), group.name
            assert all(set(line.cells) <= set(LINE_KEYS) for line in found.lines)
            assert all(set(row.cells) <= set(VAT_KEYS) for row in found.vat_breakdown)


def test_every_key_of_the_header_is_filled_by_one_group() -> None:
    claimed = {key for group in _groups() for key in group.keys}

    assert claimed == set(HEADER_KEYS)


def test_a_page_full_of_labels_gives_a_bounded_number_of_candidates() -> None:
    words = tuple(
        Word(text, Box(0.1 + 0.2 * (i % 4), i / 2400, 0.2 + 0.2 * (i % 4), i / 2400 + 0.0004))
        for i, text in enumerate(["Factuurnummer", "A-123", "Totaal", "12,50"] * 500)
    )
    document = _document([Page(1, 595, 842, words, "text_layer")])

    for group in _groups():
        found = group.find(document)
        for key in group.keys:
            assert sum(c.key == key for c in found.candidates) <= 2 * MAX_CANDIDATES, (group.name, key)
