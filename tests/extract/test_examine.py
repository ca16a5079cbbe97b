"""A file is what its content says, and is refused with the reason it cannot be taken in (ID-32, ID-33)."""

import codecs

import pytest

from pipeline.ingest.examine import FILE_BYTES, XML_BYTES, problem
from pipeline.media_type import ARCHIVE, JPEG, PDF, PNG, TIFF, XML, sniff
from tests.extract.einvoices import cii_invoice, pdf_with_text, ubl_invoice


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (b"%PDF-1.7\n", PDF),
        (b"\r\nContent-Type: application/pdf\r\n\r\n" + b"%PDF-1.4\n", PDF),
        (b" " * 1000 + b"%PDF-1.4\n", PDF),
        (b"II*\x00rest", TIFF),
        (b"MM\x00*rest", TIFF),
        (b"\xff\xd8\xff\xe0rest", JPEG),
        (b"\x89PNG\r\n\x1a\nrest", PNG),
        (ubl_invoice(), XML),
        (cii_invoice(), XML),
        (ubl_invoice(prolog=""), XML),
        (b"\n  <Invoice/>", XML),
        (b"<!-- from the system --><Invoice/>", XML),
        (codecs.BOM_UTF8 + ubl_invoice(), XML),
        (ubl_invoice().decode().encode("utf-16"), XML),
        (codecs.BOM_UTF16_BE + ubl_invoice().decode().encode("utf-16-be"), XML),
        (ubl_invoice().decode().encode("utf-16-le"), XML),
        (b"PK\x03\x04rest", ARCHIVE),
        (b"Rar!\x1a\x07\x01\x00", ARCHIVE),
        (b"7z\xbc\xaf\x27\x1c", ARCHIVE),
        (b"\x78\x9f\x3e\x22rest", ARCHIVE),
    ],
)
def test_the_kind_of_a_file_is_told_by_its_content(data: bytes, media_type: str) -> None:
    assert sniff(data) == media_type


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"Dear sir, please pay <soon>",
        b"<!DOCTYPE html><html></html>",
        b"<html><body>invoice</body></html>",
        b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>',
        b"GIF89a",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"MZ\x90\x00",
        b" " * 1100 + b"%PDF-1.4\n",
        b"< not a tag",
    ],
)
def test_any_other_content_is_no_kind_that_can_be_read(data: bytes) -> None:
    assert sniff(data) is None


def test_a_file_that_can_be_read_has_no_problem_whatever_its_name_says() -> None:
    assert problem(pdf_with_text("Invoice"), "invoice.exe") is None
    assert problem(ubl_invoice(), "invoice.pdf") is None


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"%PDF-1.7", "", "INC_NO_FILE_NAME"),
        (b"%PDF-1.7", "  ", "INC_NO_FILE_NAME"),
        (b"", "invoice.pdf", "INC_EMPTY_FILE"),
        (b"%PDF-" + bytes(FILE_BYTES), "invoice.pdf", "INC_TOO_LARGE"),
        (b"<a>" + b" " * XML_BYTES, "invoice.xml", "INC_TOO_LARGE"),
        (b"PK\x03\x04", "invoices.zip", "INC_ARCHIVE"),
        (b"PK\x03\x04", "invoice.pdf", "INC_ARCHIVE"),
        (b"hello", "invoice.pdf", "INC_UNREADABLE"),
        (b"MZ\x90\x00", "invoice.pdf", "INC_UNREADABLE"),
    ],
)
def test_a_file_that_cannot_be_taken_in_is_refused_with_its_code(data: bytes, name: str, code: str) -> None:
    """ID-33."""
    found = problem(data, name)

    assert found is not None and found.code == code


def test_a_file_of_exactly_the_limit_is_taken_in() -> None:
    assert problem(b"%PDF-" + bytes(FILE_BYTES - 5), "invoice.pdf") is None


def test_the_refusal_of_a_large_file_names_its_size_and_the_limit() -> None:
    found = problem(b"%PDF-" + bytes(FILE_BYTES), "c:\\mail\\big.pdf")

    assert found is not None
    assert dict(found.values) == {"what": "big.pdf", "size": "25", "limit": "25"}


def test_an_installation_may_set_another_limit() -> None:
    found = problem(b"%PDF-" + bytes(300 * 1024), "big.pdf", max_bytes=256 * 1024)

    assert found is not None
    assert dict(found.values) == {"what": "big.pdf", "size": "0.3", "limit": "0.2"}
