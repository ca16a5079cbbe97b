"""Scans through the real Tesseract: words with boxes on the page as it is displayed."""

from __future__ import annotations

import io
from difflib import SequenceMatcher

import pytest
from PIL import Image

from pipeline.extract.document import Page, Source
from pipeline.extract.ocr import (
    OcrUnavailable,
    available_languages,
    ocr_page,
    skew_degrees,
    tesseract_version,
    usable_languages,
)
from pipeline.extract.pages import page_image, text_page
from pipeline.extract.reading import read_pages
from pipeline.media_type import PDF, PNG, TIFF
from tests.extract.test_reading_boxes import an_invoice

LANGUAGES = ("nld", "eng")


def a_scan(*, turned: float = 0.0) -> bytes:
    """The invoice as a scanner sees it: a picture of the page, turned clockwise by some degrees."""
    picture = page_image(an_invoice(), PDF, 1, 200, grayscale=True)
    picture = picture.rotate(-turned, Image.Resampling.BICUBIC, expand=turned % 90 == 0, fillcolor=255)
    target = io.BytesIO()
    picture.save(target, "PNG", dpi=(200, 200))
    return target.getvalue()


def share_of_words_read(page: Page) -> float:
    printed = [w.text for w in text_page(an_invoice(), 1).words]
    seen = [w.text for w in page.words]
    return sum(text in seen for text in printed) / len(printed)


def test_a_scan_gives_the_words_with_boxes_where_they_are_printed() -> None:
    page = ocr_page(a_scan(), PNG, 1, LANGUAGES)

    assert page.source == "ocr"
    assert (round(page.width), round(page.height)) == (595, 842)
    assert share_of_words_read(page) > 0.9
    printed = next(w for w in text_page(an_invoice(), 1).words if w.text == "2026-0815")
    seen = next(w for w in page.words if w.text == "2026-0815")
    assert abs(printed.box.left - seen.box.left) < 0.004
    assert abs((printed.box.top + printed.box.bottom) - (seen.box.top + seen.box.bottom)) / 2 < 0.004
    assert 0.5 < seen.confidence <= 1


def test_the_skew_of_a_scan_is_measured() -> None:
    for degrees in (-2.0, 0.0, 1.5):
        picture = Image.open(io.BytesIO(a_scan(turned=degrees)))
        assert abs(skew_degrees(picture) - degrees) <= 0.21


def test_words_of_a_scan_that_lies_askew_have_boxes_on_the_scan_as_it_lies() -> None:
    data = a_scan(turned=2.0)

    page = ocr_page(data, PNG, 1, LANGUAGES)

    assert share_of_words_read(page) > 0.85
    picture = page_image(data, PNG, 1, 200, grayscale=True)
    for word in page.words[:25]:
        left, right = word.box.left * picture.width, word.box.right * picture.width
        top, bottom = word.box.top * picture.height, word.box.bottom * picture.height
        cut = picture.crop((int(left), int(top), int(right) + 1, int(bottom) + 1))
        assert cut.getextrema()[0] < 128, f"nothing is printed in the box of {word.text}"


def test_a_scan_on_its_side_is_read_and_its_boxes_are_on_the_page_as_displayed() -> None:
    page = ocr_page(a_scan(turned=90), PNG, 1, LANGUAGES)

    assert page.width > page.height
    assert share_of_words_read(page) > 0.85
    invoice = read_pages([page], source=Source.OCR)
    assert invoice.value("invoice_number") == "2026-0815"
    assert invoice.value("total_gross") == "175.93"
    box = invoice.fields["invoice_number"].provenance.box
    assert box is not None
    # Turned clockwise, what stood in the upper right quarter stands in the lower right.
    assert box.left > 0.7 and box.top > 0.6


def test_a_scan_is_read_to_the_same_invoice_as_the_text_layer() -> None:
    expected = read_pages([text_page(an_invoice(), 1)], source=Source.TEXT_LAYER)

    invoice = read_pages([ocr_page(a_scan(), PNG, 1, LANGUAGES)], source=Source.OCR, languages=LANGUAGES)

    for key in ("invoice_number", "issue_date", "due_date", "total_net", "total_vat", "total_gross"):
        assert invoice.value(key) == expected.value(key), key
    seller = invoice.value("seller.name") or ""
    assert SequenceMatcher(None, seller, "Zeilmakerij De Fok B.V.").ratio() > 0.9
    assert invoice.versions["languages"] == "nld+eng"


def test_a_page_without_print_has_no_words() -> None:
    target = io.BytesIO()
    Image.new("L", (800, 1100), 255).save(target, "TIFF")

    assert ocr_page(target.getvalue(), TIFF, 1, LANGUAGES).words == ()


def test_a_language_without_data_is_said_to_be_unavailable() -> None:
    assert {"eng", "nld", "deu", "fra", "osd"} <= set(available_languages())
    assert usable_languages(["xxx", "nld"]) == ("nld",)
    with pytest.raises(OcrUnavailable):
        ocr_page(a_scan(), PNG, 1, ["xxx"])
    assert tesseract_version()
