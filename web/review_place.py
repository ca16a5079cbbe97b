"""Where a document stands in the view it was opened from: position, previous and next."""

from __future__ import annotations

from dataclasses import dataclass

from core.work import Work
from pipeline.incoming import ScreenWord
from pipeline.workflow.listing import list_incoming
from pipeline.workflow.listing_view import View
from pipeline.workflow.review_view import DocumentView

MOST_PLACES = 500
"""How far the position in a view is counted; beyond that there is no "3 of 4711"."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the document stands in the view it was opened from."""

    view: str
    position: int
    count: int
    previous_no: str | None
    next_no: str | None


def find_place(work: Work, document: DocumentView, view: str) -> Place:
    """Where a document stands in a view: as named, else the one it was most likely opened from."""
    chosen = View(view) if view in set(View) else _usual_view(document)
    rows = list_incoming(work, chosen, limit=MOST_PLACES).rows
    numbers = [row.incoming_no for row in rows]
    if document.incoming_no not in numbers:
        return Place(chosen.value, 0, len(numbers), None, numbers[0] if numbers else None)
    at = numbers.index(document.incoming_no)
    return Place(
        chosen.value,
        at + 1,
        len(numbers),
        numbers[at - 1] if at else None,
        numbers[at + 1] if at + 1 < len(numbers) else None,
    )


def _usual_view(document: DocumentView) -> View:
    usual = {
        ScreenWord.NEEDS_REVIEW: View.NEEDS_REVIEW,
        ScreenWord.READY_TO_POST: View.READY_TO_POST,
        ScreenWord.PARKED: View.PARKED,
        ScreenWord.FAILED: View.FAILED,
    }
    return usual.get(document.word, View.ALL)
