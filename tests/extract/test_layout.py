"""Rows, segments and blocks; scans that lie askew or on their side."""

from __future__ import annotations

import math

from pipeline.extract.document import Box, Page, Word
from pipeline.extract.layout import lay_out, provenance
from tests.extract.printed_pages import HEIGHT, WIDTH, page

DRAWING = """
Factuurnummer:      2026-0042          Bouwbedrijf De Linde B.V.
Factuurdatum:       12-03-2026         Lindelaan 4
Vervaldatum:        26-03-2026         1234 AB Utrecht
"""


def _turned(original: Page, quarter_turns: int) -> Page:
    """The page as a scanner gives it when the sheet lies on its side."""
    words = original.words
    for _ in range(quarter_turns):
        words = tuple(
            Word(w.text, Box(1 - w.box.bottom, w.box.left, 1 - w.box.top, w.box.right), w.confidence)
            for w in words
        )
    size = (HEIGHT, WIDTH) if quarter_turns % 2 else (WIDTH, HEIGHT)
    return Page(1, *size, words, "ocr")


def _skewed(original: Page, degrees: float) -> Page:
    slope = math.tan(math.radians(degrees)) * WIDTH / HEIGHT
    words = tuple(
        Word(
            w.text,
            Box(w.box.left, w.box.top + slope * w.box.left, w.box.right, w.box.bottom + slope * w.box.right),
        )
        for w in original.words
    )
    return Page(1, WIDTH, HEIGHT, words, "ocr")


def test_words_at_one_height_are_a_row_and_words_that_stand_together_a_segment() -> None:
    rows = lay_out([page(DRAWING)]).rows

    assert [[s.text for s in row.segments] for row in rows] == [
        ["Factuurnummer:", "2026-0042", "Bouwbedrijf De Linde B.V."],
        ["Factuurdatum:", "12-03-2026", "Lindelaan 4"],
        ["Vervaldatum:", "26-03-2026", "1234 AB Utrecht"],
    ]


def test_lines_under_one_another_are_a_block() -> None:
    blocks = [[s.text for s in block.segments] for block in lay_out([page(DRAWING)]).blocks]

    assert ["Bouwbedrijf De Linde B.V.", "Lindelaan 4", "1234 AB Utrecht"] in blocks


def test_a_page_on_its_side_or_head_gives_the_same_rows() -> None:
    upright = [row.text for row in lay_out([page(DRAWING)]).rows]

    for turns in (1, 2, 3):
        assert [row.text for row in lay_out([_turned(page(DRAWING), turns)]).rows] == upright


def test_a_scan_that_lies_askew_gives_the_same_rows() -> None:
    upright = [row.text for row in lay_out([page(DRAWING)]).rows]

    for degrees in (-2.0, 1.5):
        assert [row.text for row in lay_out([_skewed(page(DRAWING * 5), degrees)]).rows][:3] == upright


def test_evidence_is_the_union_of_the_words_own_boxes() -> None:
    layout = lay_out([page("Totaal   € 1.234,50")])
    row = layout.rows[0]

    found = provenance(layout, row.tokens[1:])

    first, last = row.tokens[1].word.box, row.tokens[2].word.box
    assert found.text == "€ 1.234,50"
    assert found.box == Box(first.left, first.top, last.right, last.bottom)


def test_evidence_whose_rectangle_would_hold_other_words_is_the_first_line() -> None:
    layout = lay_out([page("Touw van hennep   86,00\nArtikel 12 mm")])
    first, second = layout.rows

    found = provenance(layout, (*first.tokens[:3], *second.tokens[1:]))

    assert found.text == "Touw van hennep"


def test_ten_thousand_words_in_one_place_are_cut_to_a_bounded_layout() -> None:
    word = Word("x", Box(0.1, 0.1, 0.2, 0.11))

    rows = lay_out([Page(1, WIDTH, HEIGHT, (word,) * 10_000, "text_layer")]).rows

    assert len(rows) == 1
    assert len(rows[0].tokens) <= 300
