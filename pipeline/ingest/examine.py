"""Is this file one that may be taken in? By size, name and first bytes: cheap, and nothing is opened (ID-33).

What is inside, such as a password or too many pages, shows when a limited child opens the file to read it.
"""

from __future__ import annotations

from pathlib import PurePath

from core.errors import Problem
from pipeline.media_type import ARCHIVE, READABLE, XML, sniff

FILE_BYTES = 25 * 2**20
XML_BYTES = 10 * 2**20

_MEGABYTE = 2**20


def problem(data: bytes, name: str, max_bytes: int = FILE_BYTES) -> Problem | None:
    """Why the file is refused, or None.

    Codes, most fundamental first: INC_NO_FILE_NAME, INC_EMPTY_FILE, INC_TOO_LARGE (naming the limit),
    INC_ARCHIVE, INC_UNREADABLE for a kind that is not PDF, TIFF, JPEG, PNG or XML. Source: ID-33.
    """
    shown = PurePath(name.replace("\\", "/")).name.strip()
    if not shown:
        return Problem("INC_NO_FILE_NAME")
    if not data:
        return Problem("INC_EMPTY_FILE", {"name": shown})
    kind = sniff(data)
    limit = min(max_bytes, XML_BYTES) if kind == XML else max_bytes
    if len(data) > limit:
        return too_large(shown, len(data), limit)
    if kind == ARCHIVE:
        return Problem("INC_ARCHIVE", {"name": shown})
    if kind not in READABLE:
        return Problem("INC_UNREADABLE", {"name": shown})
    return None


def too_large(name: str, size: int, limit: int = FILE_BYTES) -> Problem:
    """The refusal of a file over the limit; both in bytes, shown in MB. For a file that need not be read."""
    values = {"what": name, "size": _megabytes(size), "limit": _megabytes(limit)}
    return Problem("INC_TOO_LARGE", values)


def _megabytes(size: int) -> str:
    """Megabytes with one decimal where it says something: `25`, `0.3`."""
    return f"{size / _MEGABYTE:.1f}".removesuffix(".0")
