"""Bytes to pages: what a file holds, the words of its text layer, and pictures of its pages.

Boxes are fractions of the page as it is displayed: after /Rotate, and of the crop box where there is one.
OCR is in `ocr.py`; this module only makes the picture for it.
"""

from __future__ import annotations

import io
import re
import unicodedata
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pdfplumber
import pypdfium2
import pypdfium2.raw as pdfium_c
from pdfplumber.utils.text import extract_words
from PIL import Image, ImageOps, UnidentifiedImageError

from pipeline.extract.document import Box, Page, Word
from pipeline.extract.unreadable import UnreadableDocument
from pipeline.media_type import IMAGES, PDF, TIFF

MAX_PAGES = 200
MAX_IMAGE_FILE_PIXELS = 50_000_000
MAX_PAGE_IMAGE_PIXELS = 25_000_000
MAX_PAGE_OBJECTS = 50_000
"""Beyond so many objects or characters pdfplumber takes minutes; PDFium's words are used instead."""

DEFAULT_IMAGE_DPI = 200
"""Resolution assumed for an image file that does not state one."""

Corners = tuple[float, float, float, float]
"""Left, bottom, right, top in PDF points, y upwards."""

_POINTS_PER_INCH = 72
_MIN_TEXT_CHARACTERS = 20
_SURVEYED_CHARACTERS = 5_000
_MAX_BROKEN_SHARE = 0.2
_X_TOLERANCE_RATIO = 0.15


@dataclass(frozen=True, slots=True)
class SurveyedPage:
    """What one page is like before it is read: displayed size in points, where its words can come from."""

    number: int
    width: float
    height: float
    has_text: bool
    needs_ocr: bool


@dataclass(frozen=True, slots=True)
class Survey:
    """All pages of a file in order. A page with neither text nor anything drawn needs nothing."""

    media_type: str
    pages: tuple[SurveyedPage, ...]

    @property
    def page_count(self) -> int:
        """How many pages the file has."""
        return len(self.pages)


def survey(data: bytes, media_type: str) -> Survey:
    """Count the pages and find out how each can be read, without reading it.

    Raises UnreadableDocument: INC_PASSWORD, INC_UNREADABLE, INC_TOO_MANY_PAGES, INC_TOO_LARGE,
    INC_EMPTY_FILE.
    """
    if not data:
        raise UnreadableDocument("INC_EMPTY_FILE", "the file has no bytes")
    if media_type == PDF:
        return Survey(media_type, tuple(_survey_pdf(data)))
    return Survey(media_type, tuple(_survey_image(data, media_type)))


def text_page(data: bytes, number: int) -> Page:
    """Words of one PDF page from its text layer, `number` from 1, in reading order.

    A label and a value printed without a blank ("Nr:2026-1") become two words, each with its exact box.

    Raises UnreadableDocument when the file or the page cannot be opened.
    """
    with _pdfium(data) as pdf:
        page = _pdfium_page(pdf, number)
        width, height = page.get_size()
        turn, bounds, text = _quarter_turns(page), page.get_bbox(), page.get_textpage()
        objects = pdfium_c.FPDFPage_CountObjects(page)
        words = None
        if objects <= MAX_PAGE_OBJECTS and text.count_chars() <= MAX_PAGE_OBJECTS:
            words = _plumber_words(data, number, bounds, turn, (width, height))
        if words is None:
            words = _pdfium_words(text, bounds, turn)
    return Page(number, width, height, tuple(words), "text_layer")


def page_image(data: bytes, media_type: str, number: int, dpi: int, grayscale: bool) -> Image.Image:
    """Picture of one page, `number` from 1, at most 25 million pixels (then at a lower resolution).

    An image file keeps its own pixels unless they are finer than `dpi`; it is never enlarged.

    Raises UnreadableDocument when the page cannot be opened or the image file has over 50 million pixels.
    """
    if media_type == PDF:
        return _pdf_image(data, number, dpi, grayscale)
    frame = _frame(data, media_type, number)
    size = _size_in_points(frame)
    wanted = min(1.0, size[0] * dpi / _POINTS_PER_INCH / max(1, frame.width))
    wanted = min(wanted, (MAX_PAGE_IMAGE_PIXELS / max(1, frame.width * frame.height)) ** 0.5)
    picture = _plain(frame, grayscale)
    if wanted < 0.99:
        size_px = (max(1, round(picture.width * wanted)), max(1, round(picture.height * wanted)))
        picture = picture.resize(size_px, Image.Resampling.LANCZOS)
    return picture


def clean_text(text: str) -> str:
    """Text without PDFium's soft hyphen (U+0002) and controls, with split surrogates joined."""
    if text.isascii() and text.isprintable():
        return text
    joined = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return "".join(c for c in joined if c.isprintable() and c != "\N{REPLACEMENT CHARACTER}")


_ABBREVIATED_NUMBER = re.compile(r"(?:^|[^\W\d_])(?:nr|no|num)\.|n[°º]", re.IGNORECASE)


def split_points(text: str) -> list[int]:
    """Where a word that joins a label and its value is cut: after the colon, before "#", after "Nr.".

    >>> split_points("Factuurnr:2026-1"), split_points("https://x.nl"), split_points("12:30")
    ([10], [], [])
    """
    points: list[int] = []
    colon = text.find(":")
    if (
        0 < colon < len(text) - 1
        and sum(c.isalpha() for c in text[:colon]) >= 2
        and not text.startswith("//", colon + 1)
    ):
        points.append(colon + 1)
    hash_sign = text.find("#")
    if hash_sign > 1 and text[:hash_sign].isalpha() and hash_sign + 1 < len(text):
        points.append(hash_sign)
    abbreviation = _ABBREVIATED_NUMBER.search(text)
    if abbreviation and abbreviation.end() < len(text) and text[abbreviation.end()].isdigit():
        points.append(abbreviation.end())
    return sorted(set(points))


# --- PDF --------------------------------------------------------------------------------------------------


@contextmanager
def _pdfium(data: bytes) -> Iterator[pypdfium2.PdfDocument]:
    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        wants_password = getattr(error, "err_code", None) == pdfium_c.FPDF_ERR_PASSWORD
        code = "INC_PASSWORD" if wants_password else "INC_UNREADABLE"
        raise UnreadableDocument(code, "the PDF cannot be opened") from error
    try:
        yield pdf
    finally:
        pdf.close()


def _pdfium_page(pdf: pypdfium2.PdfDocument, number: int) -> pypdfium2.PdfPage:
    if not 1 <= number <= len(pdf):
        raise UnreadableDocument("INC_UNREADABLE", f"there is no page {number}")
    try:
        return pdf[number - 1]
    except pypdfium2.PdfiumError as error:
        raise UnreadableDocument("INC_UNREADABLE", f"page {number} cannot be opened") from error


def _survey_pdf(data: bytes) -> Iterator[SurveyedPage]:
    with _pdfium(data) as pdf:
        if len(pdf) == 0:
            raise UnreadableDocument("INC_UNREADABLE", "the PDF has no pages")
        if len(pdf) > MAX_PAGES:
            raise UnreadableDocument(
                "INC_TOO_MANY_PAGES", f"the PDF has {len(pdf)} pages", pages=len(pdf), limit=MAX_PAGES
            )
        for index in range(len(pdf)):
            try:
                page = pdf[index]
            except pypdfium2.PdfiumError:
                yield SurveyedPage(index + 1, 595.0, 842.0, has_text=False, needs_ocr=True)
                continue
            width, height = page.get_size()
            has_text = _has_usable_text(page)
            drawn = pdfium_c.FPDFPage_CountObjects(page) > 0
            yield SurveyedPage(index + 1, width, height, has_text, needs_ocr=drawn and not has_text)
            page.close()


def _too_many_pages(count: int) -> UnreadableDocument:
    text = f"{count} pages or more, where {MAX_PAGES} are read"
    return UnreadableDocument("INC_TOO_MANY_PAGES", text, pages=count, limit=MAX_PAGES)


def _has_usable_text(page: pypdfium2.PdfPage) -> bool:
    """Enough characters, and most of them with a meaning (a font may map them to nothing)."""
    try:
        text = page.get_textpage()
    except pypdfium2.PdfiumError:
        return False
    count = min(text.count_chars(), _SURVEYED_CHARACTERS)
    letters = [chr(pdfium_c.FPDFText_GetUnicode(text, index)) for index in range(count)]
    visible = [c for c in letters if not c.isspace() and c not in "\0\x02"]
    if len(visible) < _MIN_TEXT_CHARACTERS:
        return False
    broken = sum(1 for c in visible if not c.isprintable() or c == "\N{REPLACEMENT CHARACTER}")
    return broken <= _MAX_BROKEN_SHARE * len(visible)


def _quarter_turns(page: pypdfium2.PdfPage) -> int:
    return int(page.get_rotation()) // 90 % 4


def _plumber_words(
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


def _pdfium_words(text: pypdfium2.PdfTextPage, bounds: Corners, turn: int) -> list[Word]:
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


def _pdf_image(data: bytes, number: int, dpi: int, grayscale: bool) -> Image.Image:
    with _pdfium(data) as pdf:
        pdf.init_forms()
        page = _pdfium_page(pdf, number)
        width, height = page.get_size()
        scale = dpi / _POINTS_PER_INCH
        pixels = max(1.0, width * height * scale * scale)
        scale *= min(1.0, (MAX_PAGE_IMAGE_PIXELS / pixels) ** 0.5)
        try:
            picture: Image.Image = page.render(scale=scale, grayscale=grayscale).to_pil()
        except (pypdfium2.PdfiumError, ValueError, MemoryError) as error:
            raise UnreadableDocument("INC_UNREADABLE", f"page {number} cannot be drawn") from error
        return picture.convert("L" if grayscale else "RGB")


# --- image files ------------------------------------------------------------------------------------------


def _open_image(data: bytes, media_type: str) -> Image.Image:
    if media_type not in IMAGES:
        raise UnreadableDocument("INC_UNREADABLE", f"no pages in {media_type}")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(data), formats=("TIFF", "JPEG", "PNG"))
    except Image.DecompressionBombError as error:
        raise UnreadableDocument("INC_TOO_LARGE", "the image has too many pixels") from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise UnreadableDocument("INC_UNREADABLE", "the image cannot be opened") from error
    _check_pixels(image)
    return image


def _check_pixels(image: Image.Image) -> None:
    if image.width * image.height > MAX_IMAGE_FILE_PIXELS:
        raise UnreadableDocument("INC_TOO_LARGE", f"the image has {image.width} x {image.height} pixels")


def _survey_image(data: bytes, media_type: str) -> Iterator[SurveyedPage]:
    image = _open_image(data, media_type)
    number = 0
    while True:
        number += 1
        if number > MAX_PAGES:
            raise UnreadableDocument(
                "INC_TOO_MANY_PAGES",
                f"the image has more than {MAX_PAGES} pages",
                pages=number,
                limit=MAX_PAGES,
            )
        _check_pixels(image)
        width, height = _size_in_points(image)
        if _orientation(image) >= 5:
            width, height = height, width
        yield SurveyedPage(number, width, height, has_text=False, needs_ocr=True)
        if media_type != TIFF:
            return
        try:
            image.seek(number)
        except EOFError:
            return
        except (OSError, ValueError, SyntaxError) as error:
            raise UnreadableDocument("INC_UNREADABLE", f"page {number + 1} cannot be opened") from error


def _frame(data: bytes, media_type: str, number: int) -> Image.Image:
    image = _open_image(data, media_type)
    if number < 1 or (number > 1 and media_type != TIFF):
        raise UnreadableDocument("INC_UNREADABLE", f"there is no page {number}")
    try:
        image.seek(number - 1)
        _check_pixels(image)
        resolution = image.info.get("dpi")
        image.load()
        turned = ImageOps.exif_transpose(image)
    except EOFError as error:
        raise UnreadableDocument("INC_UNREADABLE", f"there is no page {number}") from error
    except (OSError, ValueError, SyntaxError, MemoryError, Image.DecompressionBombError) as error:
        raise UnreadableDocument("INC_UNREADABLE", f"page {number} cannot be decoded") from error
    if resolution:
        turned.info["dpi"] = resolution
    return turned


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(0x0112, 1))
    except (OSError, ValueError, SyntaxError, TypeError):
        return 1


def _size_in_points(image: Image.Image) -> tuple[float, float]:
    stated = image.info.get("dpi")
    try:
        x, y = (float(v) for v in stated) if stated else (0.0, 0.0)
    except (TypeError, ValueError):
        x, y = 0.0, 0.0
    # Cameras and screen shots state 72 or 96 dpi, which says nothing about paper.
    if not (100 <= x <= 2400 and 100 <= y <= 2400):
        x = y = DEFAULT_IMAGE_DPI
    return image.width / x * _POINTS_PER_INCH, image.height / y * _POINTS_PER_INCH


def _plain(image: Image.Image, grayscale: bool) -> Image.Image:
    """Gray or RGB, transparency laid on white, 16 bit reduced to 8."""
    if image.mode in ("I;16", "I;16B", "I;16L", "I", "F"):
        image = image.convert("I").point(lambda v: v / 256).convert("L")
    if image.mode in ("RGBA", "LA", "PA") or (image.mode == "P" and "transparency" in image.info):
        above = image.convert("RGBA")
        white = Image.new("RGBA", above.size, "white")
        image = Image.alpha_composite(white, above)
    return image.convert("L" if grayscale else "RGB")
