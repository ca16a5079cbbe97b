"""Entry point of reading: the bytes of a file in, an ExtractedInvoice out.

The embedded or plain XML of an e-invoice comes first, then the text layer, then OCR. This module opens
documents, so the product calls it in a limited child (`contained.py`); tests and measurements may not care.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from typing import Any, Literal

from pipeline.extract import ocr, pages
from pipeline.extract.document import ExtractedInvoice, Page, Source
from pipeline.extract.einvoice import find_format
from pipeline.extract.embedded import find_einvoice
from pipeline.extract.picture_check import differences
from pipeline.extract.several import read_every_invoice
from pipeline.extract.unreadable import UnreadableDocument
from pipeline.extract.xml_terms import parse
from pipeline.media_type import ARCHIVE, IMAGES, PDF, XML, sniff

READER_VERSION = "1"
REVIEW_DPI = 110
DEFAULT_LANGUAGES = ("eng", "nld", "deu", "fra")

_PDF_LIBRARIES = ("pdfplumber", "pypdfium2")
_CHECKED_PAGES = 20  # of a hybrid: where the totals of an invoice could still be expected

Kind = Literal["xml", "pdf", "image"]


@dataclass(frozen=True, slots=True)
class ReadSettings:
    """How to read: the Tesseract codes of the languages to expect, the likeliest first."""

    languages: tuple[str, ...] = DEFAULT_LANGUAGES


@dataclass(frozen=True, slots=True)
class DocumentSurvey:
    """What a file holds, and so which way it will be read.

    `ocr_pages` are the numbers of the pages that only OCR can read; none when there is an e-invoice.
    `text_pages` are those with a text layer, also in a hybrid.
    """

    kind: Kind
    media_type: str
    page_count: int
    has_einvoice: bool
    ocr_pages: tuple[int, ...] = ()
    text_pages: tuple[int, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As it travels out of the child."""
        return {
            "kind": self.kind,
            "media_type": self.media_type,
            "page_count": self.page_count,
            "has_einvoice": self.has_einvoice,
            "ocr_pages": list(self.ocr_pages),
            "text_pages": list(self.text_pages),
        }

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> DocumentSurvey:
        """Read back what `to_json` gave. Raises KeyError, TypeError or ValueError for anything else."""
        kind = body["kind"]
        if kind not in ("xml", "pdf", "image"):
            raise ValueError("unknown kind of document")
        return cls(
            kind=kind,
            media_type=str(body["media_type"]),
            page_count=int(body["page_count"]),
            has_einvoice=bool(body["has_einvoice"]),
            ocr_pages=tuple(int(number) for number in body["ocr_pages"]),
            text_pages=tuple(int(number) for number in body["text_pages"]),
        )


@dataclass(frozen=True, slots=True)
class _Opened:
    """A file with what was found out about it, so that it is found out once."""

    data: bytes
    survey: DocumentSurvey
    pages: tuple[pages.SurveyedPage, ...] = ()
    einvoice: ExtractedInvoice | None = None
    warnings: tuple[tuple[str, str], ...] = ()


def survey_document(data: bytes, media_type: str | None = None) -> DocumentSurvey:
    """Find out what the file is and which of its pages need OCR.

    Raises UnreadableDocument: INC_EMPTY_FILE, INC_ARCHIVE, INC_PASSWORD, INC_UNREADABLE,
    INC_TOO_MANY_PAGES, INC_TOO_LARGE.
    """
    return _open(data, media_type).survey


def read_invoice(
    data: bytes, media_type: str | None = None, settings: ReadSettings | None = None
) -> ExtractedInvoice:
    """Read a whole document in this process. Raises as `survey_document` and `read_page_by_ocr`."""
    how = settings or ReadSettings()
    opened = _open(data, media_type)
    read = {
        number: read_page_by_ocr(data, opened.survey.media_type, number, how.languages)
        for number in opened.survey.ocr_pages
    }
    return _assemble(opened, read, how)


def read_page_by_ocr(data: bytes, media_type: str, number: int, languages: Sequence[str]) -> Page:
    """One page by OCR. Raises OcrUnavailable, OcrTimeout, UnreadableDocument."""
    return ocr.ocr_page(data, media_type, number, languages)


def assemble(
    data: bytes,
    media_type: str | None = None,
    ocr_pages: Mapping[int, Page] | None = None,
    settings: ReadSettings | None = None,
) -> ExtractedInvoice:
    """The invoice from the file and the pages that OCR has read before. Raises as `survey_document`.

    A page that needs OCR and is not among `ocr_pages` counts as unreadable: the rest goes on, with a warning.
    """
    return _assemble(_open(data, media_type), ocr_pages or {}, settings or ReadSettings())


def read_or_survey(
    data: bytes, media_type: str | None = None, settings: ReadSettings | None = None
) -> tuple[DocumentSurvey, ExtractedInvoice | None]:
    """The invoice at once when no page needs OCR; else only the survey. Raises as `survey_document`."""
    opened = _open(data, media_type)
    if opened.survey.ocr_pages:
        return opened.survey, None
    return opened.survey, _assemble(opened, {}, settings or ReadSettings())


def render_page(data: bytes, media_type: str, number: int, dpi: int = REVIEW_DPI) -> bytes:
    """A picture of one page, from 1, as PNG. Raises UnreadableDocument."""
    picture = pages.page_image(data, media_type, number, dpi, grayscale=False)
    target = io.BytesIO()
    picture.save(target, "PNG")
    return target.getvalue()


def page_words(data: bytes, media_type: str, number: int) -> Page:
    """The words of a page that has a text layer. Raises UnreadableDocument."""
    if media_type != PDF:
        raise UnreadableDocument("INC_UNREADABLE", "only a PDF has a text layer")
    return pages.text_page(data, number)


def _open(data: bytes, media_type: str | None) -> _Opened:
    if not data:
        raise UnreadableDocument("INC_EMPTY_FILE", "the file is empty")
    kind = media_type or sniff(data)
    if kind == ARCHIVE:
        raise UnreadableDocument("INC_ARCHIVE", "the file is an archive")
    if kind == XML:
        return _Opened(data, DocumentSurvey("xml", XML, 0, has_einvoice=True), einvoice=_read_xml(data))
    if kind == PDF:
        return _open_pdf(data)
    if kind not in IMAGES:
        raise UnreadableDocument("INC_UNREADABLE", "the file is no PDF, image or e-invoice")
    found = pages.survey(data, kind)
    return _Opened(data, _survey_of("image", found), found.pages)


def _open_pdf(data: bytes) -> _Opened:
    surveyed = pages.survey(data, PDF)
    survey = _survey_of("pdf", surveyed)
    found = find_einvoice(data)
    if found is None or not found.fields:
        return _Opened(data, survey, surveyed.pages, warnings=found.warnings if found else ())
    return _Opened(data, replace(survey, has_einvoice=True, ocr_pages=()), surveyed.pages, found)


def _survey_of(kind: Kind, survey: pages.Survey) -> DocumentSurvey:
    return DocumentSurvey(
        kind=kind,
        media_type=survey.media_type,
        page_count=survey.page_count,
        has_einvoice=False,
        ocr_pages=tuple(page.number for page in survey.pages if page.needs_ocr),
        text_pages=tuple(page.number for page in survey.pages if page.has_text),
    )


def _read_xml(data: bytes) -> ExtractedInvoice:
    root = parse(data)
    found = find_format(root)
    if found is None:
        raise UnreadableDocument("INC_UNREADABLE", "the XML is not an e-invoice in a known format")
    return found.read(root)


def _assemble(opened: _Opened, ocr_pages: Mapping[int, Page], settings: ReadSettings) -> ExtractedInvoice:
    if opened.einvoice is not None:
        return _checked_einvoice(opened, opened.einvoice)
    read = [_page(opened.data, page, ocr_pages) for page in opened.pages]
    unread = [page for page in read if page.problem]
    if unread and len(unread) == len(read):
        raise UnreadableDocument("INC_UNREADABLE", "none of the pages can be read")
    by_text = any(page.source == "text_layer" and page.words for page in read)
    source = Source.TEXT_LAYER if by_text else Source.OCR
    invoice = read_every_invoice(read, source=source, languages=settings.languages)
    warnings = tuple((page.problem, f"page {page.number}") for page in unread if page.problem)
    return replace(
        invoice,
        source=source,
        page_count=opened.survey.page_count,
        warnings=(*opened.warnings, *warnings, *invoice.warnings),
        versions={**invoice.versions, **_versions(*_libraries(read, opened))},
    )


def _checked_einvoice(opened: _Opened, invoice: ExtractedInvoice) -> ExtractedInvoice:
    """An e-invoice with what its picture says against it, when it has one."""
    if opened.survey.kind == "xml":
        return replace(invoice, versions=_versions("lxml"))
    numbers = opened.survey.text_pages[:_CHECKED_PAGES]
    words = [word.text for number in numbers for word in pages.text_page(opened.data, number).words]
    return replace(
        invoice,
        page_count=opened.survey.page_count,
        warnings=(*invoice.warnings, *differences(invoice, " ".join(words))),
        versions=_versions("lxml", "pikepdf", *_PDF_LIBRARIES),
    )


def _page(data: bytes, page: pages.SurveyedPage, ocr_pages: Mapping[int, Page]) -> Page:
    """The page as OCR read it, or its text layer, or an empty page, with the reason where there is one."""
    empty = Page(page.number, page.width, page.height, (), "ocr" if page.needs_ocr else "text_layer")
    if page.needs_ocr:
        return ocr_pages.get(page.number) or replace(empty, problem="INC_UNREADABLE")
    if not page.has_text:
        return empty
    try:
        return pages.text_page(data, page.number)
    except UnreadableDocument as refusal:
        return replace(empty, problem=refusal.code)


def _libraries(read: Sequence[Page], opened: _Opened) -> tuple[str, ...]:
    libraries = _PDF_LIBRARIES if opened.survey.kind == "pdf" else ("pillow",)
    return (*libraries, "tesseract") if any(page.source == "ocr" for page in read) else libraries


def _versions(*libraries: str) -> dict[str, str]:
    """The versions of what read a document, so that the result can be repeated."""
    found = {"reader": READER_VERSION}
    for library in libraries:
        known = ocr.tesseract_version() if library == "tesseract" else version(library)
        if known:
            found[library] = known
    return found
