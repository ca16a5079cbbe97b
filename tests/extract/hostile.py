"""Files made to harm whoever opens them; each is small and asks for much."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Sequence

import pikepdf
from PIL import Image

from tests.extract.einvoices import pdf_with_text


def nested_forms(depth: int = 22) -> bytes:
    """Forms in forms, each drawing the next one three times: 3 to the power of `depth` of them."""
    forms = []
    for level in range(depth):
        is_last = level == depth - 1
        below = b"" if is_last else b"/XObject << /X %d 0 R >>" % (_FIRST_EXTRA + level + 1)
        head = (
            b"/Type /XObject /Subtype /Form /BBox [0 0 100 100] /Resources << /Font << /F 5 0 R >> %s >>"
            % below
        )
        forms.append(_stream(head, b"BT /F 8 Tf (a) Tj ET" if is_last else b"/X Do /X Do /X Do"))
    return _page(_WORDS + b" /X Do", b"/XObject << /X %d 0 R >>" % _FIRST_EXTRA, forms)


def many_rectangles(count: int = 100_000) -> bytes:
    """One page of text with far more objects than an invoice has."""
    return _page(_WORDS + b" 1 1 5 5 re f" * count)


def many_texts(count: int = 1_000_000) -> bytes:
    """A page with a million operators in a few kilobytes."""
    return _page(b"BT /F 12 Tf 50 700 Td " + b"(Invoice) Tj " * count + b"ET")


def huge_image_in_pdf(side: int = 30_000) -> bytes:
    """A picture of 900 million pixels on one page."""
    raw = zlib.compress(bytes(side * side), 1)
    head = b"/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent 8"
    picture = b"<< %s /Filter /FlateDecode /Length %d >>\nstream\n" % (head % (side, side), len(raw))
    return _page(
        b"q 500 0 0 500 0 0 cm /I Do Q",
        b"/XObject << /I %d 0 R >>" % _FIRST_EXTRA,
        [picture + raw + b"\nendstream"],
    )


def huge_png(side: int = 30_000) -> bytes:
    """A black and white picture of 900 million pixels."""
    rows = zlib.compress(bytes(side * (side // 8 + 1)), 1)
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")


def pages(count: int) -> bytes:
    """A PDF that has one page many times."""
    kids = b"3 0 R " * count
    return _pdf(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count),
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
        ]
    )


def page_loop() -> bytes:
    """A tree of pages that has itself as its only branch."""
    return _pdf([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>"])


def encrypted() -> bytes:
    """A PDF that opens with a password only."""
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf_with_text("Invoice 2026-001"))) as document:
        document.save(target, encryption=pikepdf.Encryption(user="secret", owner="secret"))
    return target.getvalue()


def noise_png(side: int = 2500) -> bytes:
    """A picture on which OCR works for a long time: gray dots without any order."""
    target = io.BytesIO()
    Image.effect_noise((side, side), 120).save(target, "PNG", dpi=(200, 200))
    return target.getvalue()


_WORDS = b"BT /F 12 Tf 50 700 Td (Invoice 2026-001 of nobody in particular) Tj ET"
_FIRST_EXTRA = 6


def _page(content: bytes, resources: bytes = b"", extra: Sequence[bytes] = ()) -> bytes:
    head = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
    return _pdf(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            head + b" /Resources << /Font << /F 5 0 R >> %s >> >>" % resources,
            _stream(b"", content),
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            *extra,
        ]
    )


def _stream(head: bytes, content: bytes) -> bytes:
    packed = zlib.compress(content, 9)
    return b"<< %s /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (head, len(packed), packed)


def _pdf(objects: Sequence[bytes]) -> bytes:
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
