"""What a limited child can be asked to do with a document (`pipeline.child_main.ENTRIES`).

Each entry takes the bytes and the arguments as JSON values, and answers in JSON and plain bytes;
`contained.py` is the other end of each.
"""

from __future__ import annotations

from typing import Any

from pipeline.child import Answer, ChildFailed
from pipeline.extract import invoice
from pipeline.extract.invoice import ReadSettings
from pipeline.extract.ocr import OcrTimeout, OcrUnavailable
from pipeline.extract.page_json import page_from_json, page_to_json

OCR_UNAVAILABLE = "OCR_UNAVAILABLE"


def survey(data: bytes, arguments: dict[str, Any]) -> Answer:
    """The DocumentSurvey."""
    return Answer(invoice.survey_document(data, arguments["media_type"]).to_json())


def read(data: bytes, arguments: dict[str, Any]) -> Answer:
    """The DocumentSurvey, and the invoice when no page needs OCR."""
    surveyed, found = invoice.read_or_survey(data, arguments["media_type"], _settings(arguments))
    return Answer({"survey": surveyed.to_json(), "invoice": found.to_json() if found else None})


def ocr_page(data: bytes, arguments: dict[str, Any]) -> Answer:
    """One page by OCR."""
    try:
        page = invoice.read_page_by_ocr(
            data, arguments["media_type"], arguments["number"], arguments["languages"]
        )
    except OcrUnavailable as error:
        raise ChildFailed("unavailable", OCR_UNAVAILABLE, str(error)) from error
    except OcrTimeout as error:
        raise ChildFailed("limit", "INC_UNREADABLE", str(error)) from error
    return Answer(page_to_json(page))


def assemble(data: bytes, arguments: dict[str, Any]) -> Answer:
    """The invoice from the file and the pages read by OCR."""
    read_before = [page_from_json(page) for page in arguments["ocr_pages"]]
    found = invoice.assemble(
        data, arguments["media_type"], {page.number: page for page in read_before}, _settings(arguments)
    )
    return Answer(found.to_json())


def render_page(data: bytes, arguments: dict[str, Any]) -> Answer:
    """A picture of one page as PNG."""
    picture = invoice.render_page(data, arguments["media_type"], arguments["number"], arguments["dpi"])
    return Answer(None, picture)


def text_page(data: bytes, arguments: dict[str, Any]) -> Answer:
    """The words of one page from its text layer."""
    return Answer(page_to_json(invoice.page_words(data, arguments["media_type"], arguments["number"])))


def _settings(arguments: dict[str, Any]) -> ReadSettings:
    return ReadSettings(languages=tuple(arguments["languages"]))
