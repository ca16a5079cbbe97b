"""Channel: a way by which documents arrive. It hands over deliveries and acknowledges them.

The promise every channel keeps: a delivery is acknowledged (taken out of the inbox, answered, marked seen)
only after it was taken, which means stored, flushed and committed; and a delivery that is handed over again
after a crash carries the same reference, so that it is not taken twice.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

MAX_NAME = 250


@dataclass(frozen=True, slots=True)
class Delivery:
    """One file as it arrived. `reference` names this very delivery within its channel, if the channel can.

    `too_large` is the size of a file that was not read because it is over the limit; `data` is empty then.
    """

    name: str
    data: bytes
    channel: str
    reference: str | None = None
    too_large: int | None = None
    sha256: str | None = None
    is_plain_file: bool = True


Take = Callable[[Delivery], bool]
"""Takes a delivery: True when it became a record, False when it was refused, visibly. Raises OSError."""


class Channel(Protocol):
    """One way in."""

    name: str

    def collect(self, take: Take) -> int:
        """Hand over what is there now and acknowledge what was taken; returns how many deliveries."""
        ...


def shown_name(name: str) -> str:
    """A file name that is safe to keep and to show: no folders, controls or direction marks, not too long.

    >>> shown_name("../../etc/rekening\\x00.pdf")
    'rekening.pdf'
    """
    plain = name.replace("\\", "/").rsplit("/", 1)[-1]
    text = plain.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    kept = "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn"))
    kept = kept.strip()
    if len(kept) <= MAX_NAME:
        return kept
    dot = kept.rfind(".")
    suffix = kept[dot:] if dot > len(kept) - 12 and dot > 0 else ""
    return kept[: MAX_NAME - len(suffix)] + suffix
