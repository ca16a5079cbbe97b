"""What a step of the journey works with: transactions, the file store, and how to read."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from core.work import Work
from pipeline.ingest.store import FileStore

OpenWork = Callable[[], AbstractContextManager[Work]]


@dataclass(frozen=True, slots=True)
class Tools:
    """The machine's own transactions, and what reading needs. `languages` are Tesseract's codes."""

    open_work: OpenWork
    open_reading: OpenWork
    store: FileStore
    languages: tuple[str, ...]
    page_image_dpi: int


class Outage(Exception):
    """Something outside the document is missing; the step is tried again later and no attempt is counted."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
