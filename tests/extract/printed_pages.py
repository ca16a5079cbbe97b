"""Pages drawn as text: what stands where in the drawing stands there on the page."""

from __future__ import annotations

import re
from itertools import pairwise
from textwrap import dedent

from pipeline.extract.document import Box, ExtractedInvoice, Page, Source, Word
from pipeline.extract.reading import read_pages
from pipeline.extract.words import split_points

WIDTH, HEIGHT = 595.0, 842.0
_COLUMN, _LINE, _LETTER_HEIGHT = 5.6, 13.0, 11.0


def page(drawing: str, *, number: int = 1, confidence: float = 1.0) -> Page:
    """A page of text in a typewriter face: one character is 5.6 points wide, one line 13 points high."""
    words: list[Word] = []
    for row, line in enumerate(dedent(drawing).strip("\n").splitlines()):
        for match in re.finditer(r"\S+", line):
            cuts = [0, *split_points(match[0]), len(match[0])]
            for start, end in pairwise(cuts):
                left = 20 + (match.start() + start) * _COLUMN
                top = 30 + row * _LINE
                right = 20 + (match.start() + end) * _COLUMN - 0.3
                box = Box(left / WIDTH, top / HEIGHT, right / WIDTH, (top + _LETTER_HEIGHT) / HEIGHT)
                words.append(Word(match[0][start:end], box, confidence))
    return Page(number, WIDTH, HEIGHT, tuple(words), "text_layer")


def read(*drawings: str) -> ExtractedInvoice:
    """The invoice that these pages print."""
    pages = [page(drawing, number=number) for number, drawing in enumerate(drawings, start=1)]
    return read_pages(pages, source=Source.TEXT_LAYER)


def line_table(invoice: ExtractedInvoice) -> list[dict[str, str]]:
    """The lines as plain values."""
    return [{key: field.value for key, field in line.fields.items()} for line in invoice.lines]
