"""Reading for the product: the steps of `invoice.py`, each in a limited child of its own.

Same names, same results. Two things are added: ChildFailed when the child did not survive the document,
and `read_document`, which takes all steps in turn.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar, cast

from pipeline.child import OCR, READING, Answer, ChildFailed, Limits, run_in_child
from pipeline.extract.document import ExtractedInvoice, Page
from pipeline.extract.invoice import DEFAULT_LANGUAGES, REVIEW_DPI, DocumentSurvey
from pipeline.extract.ocr import OcrUnavailable
from pipeline.extract.page_json import page_from_json, page_to_json
from pipeline.extract.unreadable import UnreadableDocument

_T = TypeVar("_T")

# Why a child may refuse a file (ID-33), with the names of the values that fill the text of the reason.
_REFUSALS: Mapping[str, tuple[str, ...]] = {
    "INC_PASSWORD": (),
    "INC_UNREADABLE": (),
    "INC_EMPTY_FILE": (),
    "INC_TOO_LARGE": (),
    "INC_ARCHIVE": (),
    "INC_TOO_MANY_PAGES": ("pages", "limit"),
}


def survey_document(data: bytes, media_type: str | None = None, limits: Limits = READING) -> DocumentSurvey:
    """What the file holds and which pages need OCR. Raises UnreadableDocument, ChildFailed."""
    answer = _ask("survey", data, {"media_type": media_type}, limits)
    return _made(lambda: DocumentSurvey.from_json(_object(answer.body)))


def read_or_survey(
    data: bytes,
    media_type: str | None = None,
    languages: Sequence[str] = DEFAULT_LANGUAGES,
    limits: Limits = READING,
) -> tuple[DocumentSurvey, ExtractedInvoice | None]:
    """The invoice at once when no page needs OCR; else only the survey.

    Raises UnreadableDocument, ChildFailed.
    """
    answer = _ask("read", data, {"media_type": media_type, "languages": list(languages)}, limits)

    def made() -> tuple[DocumentSurvey, ExtractedInvoice | None]:
        body = _object(answer.body)
        found = body["invoice"]
        return DocumentSurvey.from_json(body["survey"]), _invoice(found) if found else None

    return _made(made)


def read_page_by_ocr(
    data: bytes, media_type: str, number: int, languages: Sequence[str], limits: Limits = OCR
) -> Page:
    """One page by OCR.

    Raises OcrUnavailable when Tesseract is not there yet, UnreadableDocument or ChildFailed when this
    page cannot be read: then `unreadable_page` stands for it and the rest goes on.
    """
    arguments = {"media_type": media_type, "number": number, "languages": list(languages)}
    answer = _ask("ocr_page", data, arguments, limits)
    return _made(lambda: page_from_json(_object(answer.body)))


def unreadable_page(number: int) -> Page:
    """What stands for a page that OCR could not read."""
    return Page(number, 0, 0, (), "ocr", "INC_UNREADABLE")


def assemble(
    data: bytes,
    media_type: str | None = None,
    ocr_pages: Iterable[Page] = (),
    languages: Sequence[str] = DEFAULT_LANGUAGES,
    limits: Limits = READING,
) -> ExtractedInvoice:
    """The invoice from the file and the pages read by OCR. Raises UnreadableDocument, ChildFailed."""
    arguments = {
        "media_type": media_type,
        "ocr_pages": [page_to_json(page) for page in ocr_pages],
        "languages": list(languages),
    }
    answer = _ask("assemble", data, arguments, limits)
    return _made(lambda: _invoice(answer.body))


def render_page(
    data: bytes, media_type: str, number: int, dpi: int = REVIEW_DPI, limits: Limits = READING
) -> bytes:
    """A picture of one page, from 1, as PNG. Raises UnreadableDocument, ChildFailed."""
    return _ask("render_page", data, {"media_type": media_type, "number": number, "dpi": dpi}, limits).binary


def page_words(data: bytes, media_type: str, number: int, limits: Limits = READING) -> Page:
    """The words of a page that has a text layer. Raises UnreadableDocument, ChildFailed."""
    answer = _ask("text_page", data, {"media_type": media_type, "number": number}, limits)
    return _made(lambda: page_from_json(_object(answer.body)))


def read_document(
    data: bytes,
    media_type: str | None = None,
    languages: Sequence[str] = DEFAULT_LANGUAGES,
) -> ExtractedInvoice:
    """A whole document, each page that needs OCR in a child of its own; a page that fails does not stop it.

    Raises UnreadableDocument, OcrUnavailable, ChildFailed.
    """
    surveyed, found = read_or_survey(data, media_type, languages)
    if found is not None:
        return found
    read = [_page_or_reason(data, surveyed.media_type, number, languages) for number in surveyed.ocr_pages]
    return assemble(data, surveyed.media_type, read, languages)


def _page_or_reason(data: bytes, media_type: str, number: int, languages: Sequence[str]) -> Page:
    try:
        return read_page_by_ocr(data, media_type, number, languages)
    except (UnreadableDocument, ChildFailed):
        return unreadable_page(number)


def _ask(entry: str, data: bytes, arguments: Mapping[str, object], limits: Limits) -> Answer:
    try:
        return run_in_child(f"pipeline.extract.entries:{entry}", data, arguments, limits)
    except ChildFailed as failure:
        if failure.kind == "refused":
            raise _refusal(failure) from failure
        if failure.kind == "unavailable":
            raise OcrUnavailable(failure.message) from failure
        raise


def _refusal(failure: ChildFailed) -> UnreadableDocument | ChildFailed:
    """The refusal with the code and values that were agreed; a child that says something else has crashed."""
    if failure.code not in _REFUSALS:
        return ChildFailed("crash", "INC_UNREADABLE", "the reader refused the file for no known reason")
    values = {name: failure.values.get(name, "?") for name in _REFUSALS[failure.code]}
    return UnreadableDocument(failure.code, failure.message, **values)


def _invoice(body: object) -> ExtractedInvoice:
    """The invoice in an answer. Raises TypeError or ValueError where it is not of the agreed form."""
    found = ExtractedInvoice.from_json(_object(body))
    for part in (found, *found.parts):
        for _, value in part.all_fields():
            if not isinstance(value.value, str):
                raise TypeError("a value is not text")
            if not 0 <= value.confidence <= 1:
                raise ValueError("no confidence")
        for code, text in part.warnings:
            if not re.fullmatch(r"INC_[A-Z_]{1,60}", code) or not isinstance(text, str):
                raise ValueError("no warning")
    return found


def _object(body: object) -> Mapping[str, Any]:
    if not isinstance(body, dict):
        raise TypeError("not an object")
    return cast(Mapping[str, Any], body)


def _made(make: Callable[[], _T]) -> _T:
    """The result, or ChildFailed when what the child answered is not of the agreed form."""
    try:
        return make()
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ChildFailed(
            "crash", "INC_UNREADABLE", "the reader answered in another form than agreed"
        ) from error
