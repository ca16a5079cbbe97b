"""A page of words as JSON: how it travels out of the child that read it, and how it is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.extract.document import Box, Page, Word


def page_to_json(page: Page) -> dict[str, Any]:
    """The page with one list per word: text, left, top, right, bottom, confidence."""
    return {
        "number": page.number,
        "width": page.width,
        "height": page.height,
        "source": page.source,
        "problem": page.problem,
        "words": [[word.text, *word.box.as_list(), round(word.confidence, 4)] for word in page.words],
    }


def page_from_json(body: Mapping[str, Any]) -> Page:
    """Read back what `page_to_json` gave. Raises KeyError, TypeError or ValueError for anything else."""
    source = body["source"]
    if source not in ("text_layer", "ocr"):
        raise ValueError("unknown source of a page")
    problem = body["problem"]
    return Page(
        number=int(body["number"]),
        width=float(body["width"]),
        height=float(body["height"]),
        words=tuple(_word(row) for row in body["words"]),
        source=source,
        problem=None if problem is None else str(problem),
    )


def _word(row: Sequence[Any]) -> Word:
    text, left, top, right, bottom, confidence = row
    return Word(str(text), Box(float(left), float(top), float(right), float(bottom)), float(confidence))
