"""Words of a PDF page's text layer with exact boxes: by pdfplumber, or by PDFium where that may not be used.

Boxes are fractions of the page as it is displayed: after /Rotate, and of the crop box where there is one.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pdfplumber
import pypdfium2
import pypdfium2.raw as pdfium_c
from pdfplumber.utils.text import extract_words

from pipeline.extract.document import Box, Word
from pipeline.extract.unreadable import UnreadableDocument
from pipeline.extract.words import clean_text, split_points

MAX_PAGE_OBJECTS = 50_000
"""Beyond so many objects or characters pdfplumber takes minutes; PDFium's words are used instead."""

Corners = tuple[float, float, float, float]
"""Left, bottom, right, top in PDF points, y upwards."""

_X_TOLERANCE_RATIO = 0.15


def plumber_words(
    data: bytes, number: int, bounds: Corners, turn: int, size: tuple[float, float]
) -> list[Word] | None:
    """Words by pdfplumber; None when it does not know how wide some characters are."""
    try:
        with pdfplumber.open(io.BytesIO(data), pages=[number]) as pdf:
            page = pdf.pages[0]
            if _prints_characters_twice(page.chars):
                page = page.dedupe_chars(tolerance=1)
            chars: list[dict[str, Any]] = page.chars
            if any(_has_no_width(char) for char in chars):
                return None
            found = [word for way in _WAYS for word in _words_running(chars, way)]
            mediabox = _ordered(page.page_obj.mediabox)
            # pdfplumber measures from the rotated media box; what is displayed starts at the crop box.
            left = page.mediabox[0] + _cut_off(mediabox, bounds, turn, at_top=False)
            top = page.mediabox[1] + _cut_off(mediabox, bounds, turn, at_top=True)
    except Exception as error:  # pdfminer raises bare exceptions of any class on a damaged page
        raise UnreadableDocument(
            "INC_UNREADABLE", f"page {number} cannot be taken apart: {type(error).__name__}"
        ) from error
    words: list[Word] = []
    for raw in found:
        for piece in _split_chars(raw["chars"]):
            text = clean_text("".join(c["text"] for c in piece)).strip()
            box = Box(
                (min(c["x0"] for c in piece) - left) / size[0],
                (min(c["top"] for c in piece) - top) / size[1],
                (max(c["x1"] for c in piece) - left) / size[0],
                (max(c["bottom"] for c in piece) - top) / size[1],
            )
            if text and _is_on_page(box):
                words.append(Word(text, _clamped(box)))
    return words


@dataclass(frozen=True, slots=True)
class _Way:
    """One of the four ways print may run on the displayed page, and pdfplumber's settings for it."""

    across: int
    up: int
    settings: dict[str, Any]


_WAYS = (
    _Way(1, 0, {"x_tolerance_ratio": _X_TOLERANCE_RATIO}),
    _Way(-1, 0, {"x_tolerance_ratio": _X_TOLERANCE_RATIO, "char_dir": "rtl", "line_dir": "btt"}),
    # For print along the edge, pdfplumber takes the tolerance along the line from y.
    _Way(
        *(0, 1),
        {"y_tolerance_ratio": _X_TOLERANCE_RATIO, "char_dir_rotated": "btt", "line_dir_rotated": "ltr"},
    ),
    _Way(
        *(0, -1),
        {"y_tolerance_ratio": _X_TOLERANCE_RATIO, "char_dir_rotated": "ttb", "line_dir_rotated": "rtl"},
    ),
)


def _words_running(chars: Sequence[dict[str, Any]], way: _Way) -> list[dict[str, Any]]:
    """The words of the characters that run this way."""
    running = [char for char in chars if _runs(char["matrix"], way)]
    if not running:
        return []
    words: list[dict[str, Any]] = extract_words(running, return_chars=True, **way.settings)
    return words


def _runs(matrix: Sequence[float], way: _Way) -> bool:
    across, up = matrix[0], matrix[1]
    if abs(across) >= abs(up):
        return way.up == 0 and (across >= 0) == (way.across > 0)
    return way.across == 0 and (up >= 0) == (way.up > 0)


def _has_no_width(char: dict[str, Any]) -> bool:
    """A visible character that pdfminer has no width for: it and all that follow would stand wrong."""
    text = str(char["text"])
    if not text.strip() or not text.isprintable() or unicodedata.combining(text[0]):
        return False
    level = abs(char["matrix"][0]) >= abs(char["matrix"][1])
    width: float = char["x1"] - char["x0"] if level else char["bottom"] - char["top"]
    return width < 1e-3


def _split_chars(chars: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """The characters of one word, cut where `split_points` says so."""
    points = split_points("".join(str(c["text"]) for c in chars))
    if not points:
        return [chars]
    pieces: list[list[dict[str, Any]]] = [[]]
    position = 0
    for char in chars:
        if points and position >= points[0] and pieces[-1]:
            pieces.append([])
            points = points[1:]
        pieces[-1].append(char)
        position += len(str(char["text"]))
    return pieces


def _prints_characters_twice(chars: Sequence[dict[str, object]]) -> bool:
    """Bold made by printing each character twice, a little shifted."""
    if len(chars) < 20:
        return False
    places = {(c["text"], round(float(str(c["x0"]))), round(float(str(c["top"])))) for c in chars}
    return len(places) < 0.97 * len(chars)


def _ordered(box: Sequence[float]) -> Corners:
    x0, y0, x1, y1 = (float(v) for v in box)
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _cut_off(
    outer: Corners,
    inner: Corners,
    turn: int,
    *,
    at_top: bool,
) -> float:
    """How far the displayed page starts from the left (or top) edge of the rotated media box."""
    sides = (inner[0] - outer[0], inner[1] - outer[1], outer[2] - inner[2], outer[3] - inner[3])
    left_by_turn, top_by_turn = (
        (0, 1, 2, 3),
        (3, 0, 1, 2),
    )  # which side of the unrotated page comes to lie there
    return sides[(top_by_turn if at_top else left_by_turn)[turn]]


def pdfium_words(text: pypdfium2.PdfTextPage, bounds: Corners, turn: int) -> list[Word]:
    """Words by PDFium alone, at most MAX_PAGE_OBJECTS characters of them."""
    words: list[Word] = []
    letters: list[tuple[str, Corners]] = []

    def close() -> None:
        cuts = [0, *split_points("".join(letter for letter, _ in letters)), len(letters)]
        for start, end in pairwise(cuts):
            piece = letters[start:end]
            if piece:
                printed = clean_text("".join(letter for letter, _ in piece))
                box = _displayed(_around([rect for _, rect in piece]), bounds, turn)
                if printed and _is_on_page(box):
                    words.append(Word(printed, _clamped(box)))
        letters.clear()

    for index in range(min(text.count_chars(), MAX_PAGE_OBJECTS)):
        letter = chr(pdfium_c.FPDFText_GetUnicode(text, index))
        if letter == "\x02":
            continue
        if letter.isspace() or letter == "\0":
            close()
            continue
        rect = text.get_charbox(index, loose=True)
        if letters and _is_apart(letters[-1][1], rect):
            close()
        letters.append((letter, rect))
    close()
    return words


def _around(rects: Sequence[Corners]) -> Corners:
    return (
        min(r[0] for r in rects),
        min(r[1] for r in rects),
        max(r[2] for r in rects),
        max(r[3] for r in rects),
    )


def _is_apart(before: Corners, after: Corners) -> bool:
    """Whether two characters stand too far apart for one word, whichever way the print runs."""
    size = max(before[2] - before[0], before[3] - before[1], 0.1)
    across = (after[0] + after[2] - before[0] - before[2]) / 2
    down = (after[1] + after[3] - before[1] - before[3]) / 2
    return abs(across) > 2.5 * size or abs(down) > 2.5 * size


def _displayed(rect: Corners, bounds: Corners, turn: int) -> Box:
    """A rectangle in PDF coordinates as fractions of the displayed page."""
    x0, y0, x1, y1 = bounds
    width, height = max(x1 - x0, 1e-6), max(y1 - y0, 1e-6)
    left, bottom, right, top = rect
    a, b = (left - x0) / width, (right - x0) / width
    c, d = (y1 - top) / height, (y1 - bottom) / height
    if turn == 1:
        return Box(1 - d, a, 1 - c, b)
    if turn == 2:
        return Box(1 - b, 1 - d, 1 - a, 1 - c)
    if turn == 3:
        return Box(c, 1 - b, d, 1 - a)
    return Box(a, c, b, d)


def _is_on_page(box: Box) -> bool:
    x, y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
    return 0 <= x <= 1 and 0 <= y <= 1


def _clamped(box: Box) -> Box:
    return Box(*(min(1.0, max(0.0, v)) for v in (box.left, box.top, box.right, box.bottom)))
