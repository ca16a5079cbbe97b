"""Bytes to pages: what a file holds, the words of its text layer, and pictures of its pages.

Boxes are fractions of the page as it is displayed: after /Rotate, and of the crop box where there is one.
OCR is in `ocr.py`; this module only makes the picture for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium_c
from PIL import Image

from pipeline.extract.document import Page
from pipeline.extract.image_files import POINTS_PER_INCH, frame, frame_sizes, plain_picture, size_in_points
from pipeline.extract.text_layer import MAX_PAGE_OBJECTS, pdfium_words, plumber_words
from pipeline.extract.unreadable import UnreadableDocument
from pipeline.media_type import PDF

MAX_PAGES = 200
MAX_PAGE_IMAGE_PIXELS = 25_000_000
PLUMBER_PAGES = 60
"""Behind so many pages PDFium's words are used: pdfplumber takes 0.12 s a page, and a document has 20 s."""

_MIN_TEXT_CHARACTERS = 20
_SURVEYED_CHARACTERS = 5_000
_MAX_BROKEN_SHARE = 0.2


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
    return Survey(media_type, tuple(_survey_images(data, media_type)))


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
        is_light = objects <= MAX_PAGE_OBJECTS and text.count_chars() <= MAX_PAGE_OBJECTS
        if is_light and number <= PLUMBER_PAGES:
            words = plumber_words(data, number, bounds, turn, (width, height))
        if words is None:
            words = pdfium_words(text, bounds, turn)
    return Page(number, width, height, tuple(words), "text_layer")


def page_image(data: bytes, media_type: str, number: int, dpi: int, grayscale: bool) -> Image.Image:
    """Picture of one page, `number` from 1, at most 25 million pixels (then at a lower resolution).

    An image file keeps its own pixels unless they are finer than `dpi`; it is never enlarged.

    Raises UnreadableDocument when the page cannot be opened or the image file has over 50 million pixels.
    """
    if media_type == PDF:
        return _pdf_image(data, number, dpi, grayscale)
    picture = frame(data, media_type, number)
    size = size_in_points(picture)
    wanted = min(1.0, size[0] * dpi / POINTS_PER_INCH / max(1, picture.width))
    wanted = min(wanted, (MAX_PAGE_IMAGE_PIXELS / max(1, picture.width * picture.height)) ** 0.5)
    picture = plain_picture(picture, grayscale)
    if wanted < 0.99:
        size_px = (max(1, round(picture.width * wanted)), max(1, round(picture.height * wanted)))
        picture = picture.resize(size_px, Image.Resampling.LANCZOS)
    return picture


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


def _survey_images(data: bytes, media_type: str) -> Iterator[SurveyedPage]:
    for number, (width, height) in enumerate(frame_sizes(data, media_type), start=1):
        if number > MAX_PAGES:
            raise _too_many_pages(number)
        yield SurveyedPage(number, width, height, has_text=False, needs_ocr=True)


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


def _pdf_image(data: bytes, number: int, dpi: int, grayscale: bool) -> Image.Image:
    with _pdfium(data) as pdf:
        pdf.init_forms()
        page = _pdfium_page(pdf, number)
        width, height = page.get_size()
        scale = dpi / POINTS_PER_INCH
        pixels = max(1.0, width * height * scale * scale)
        scale *= min(1.0, (MAX_PAGE_IMAGE_PIXELS / pixels) ** 0.5)
        try:
            picture: Image.Image = page.render(scale=scale, grayscale=grayscale).to_pil()
        except (pypdfium2.PdfiumError, ValueError, MemoryError) as error:
            raise UnreadableDocument("INC_UNREADABLE", f"page {number} cannot be drawn") from error
        return picture.convert("L" if grayscale else "RGB")
