"""The text of one word as printed: cleaned of what no one sees, and cut where a label touches its value."""

from __future__ import annotations

import re


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
