"""What kind of file this is, told by its content and never by its name (ID-32)."""

from __future__ import annotations

import codecs
import re

PDF = "application/pdf"
TIFF = "image/tiff"
JPEG = "image/jpeg"
PNG = "image/png"
XML = "application/xml"
ARCHIVE = "application/zip"

READABLE = frozenset({PDF, TIFF, JPEG, PNG, XML})
IMAGES = frozenset({TIFF, JPEG, PNG})
SUFFIXES = {PDF: ".pdf", TIFF: ".tif", JPEG: ".jpg", PNG: ".png", XML: ".xml"}

_HEAD = 1024  # a PDF reader accepts its header anywhere in the first kilobyte, and senders make use of that
_IMAGE_STARTS = (
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\xff\xd8\xff", JPEG),
    (b"II*\x00", TIFF),
    (b"MM\x00*", TIFF),
    (b"II+\x00", TIFF),
    (b"MM\x00+", TIFF),
)
_ARCHIVE_STARTS = (
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"Rar!\x1a\x07",
    b"7z\xbc\xaf\x27\x1c",
    b"\x1f\x8b",
    b"\x78\x9f\x3e\x22",  # winmail.dat (TNEF)
)
_XML_ENCODINGS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
)
_XML_START = re.compile(r"\s*<(\?xml\s|!--|!DOCTYPE\b|[A-Za-z_])")
_HTML_START = re.compile(
    r"\s*(<\?xml[^>]*\?>\s*)?(<!doctype\s+html|<html\b|<head\b|<body\b|<svg\b)", re.IGNORECASE
)


def sniff(data: bytes) -> str | None:
    """The media type by content, or None for a kind Inkoop does not know.

    Looks at the first kilobyte only: whether the rest can be read is for the reader to find out.
    Archives are recognised so that they can be refused by name; HTML is not taken for XML.
    """
    head = data[:_HEAD]
    for start, media_type in _IMAGE_STARTS:
        if head.startswith(start):
            return media_type
    if b"%PDF-" in head:
        return PDF
    if head.startswith(_ARCHIVE_STARTS):
        return ARCHIVE
    return XML if _is_xml(head) else None


def _is_xml(head: bytes) -> bool:
    encoding = next((name for start, name in _XML_ENCODINGS if head.startswith(start)), "latin-1")
    text = head.decode(encoding, errors="replace")
    return bool(_XML_START.match(text)) and not _HTML_START.match(text)
