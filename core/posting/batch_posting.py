"""Posting many documents: each with an outcome of its own, as if posted one by one (PU-179)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from core.errors import DomainError, Problem
from core.posting.engine import Posted, post_with_retry
from core.posting.selection import Selection
from core.work import Work

OpenWork = Callable[[], AbstractContextManager[Work]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one document: what was posted, or every problem that kept it from being posted."""

    document_id: int
    posted: Posted | None
    problems: tuple[Problem, ...] = ()


def post_many(
    open_work: OpenWork, ids: Sequence[int], *, selection: Selection | None = None
) -> list[Outcome]:
    """Post documents in their order. One that is refused does not stop the others."""
    return [_alone(open_work, document_id, selection) for document_id in ids]


def _alone(open_work: OpenWork, document_id: int, selection: Selection | None) -> Outcome:
    try:
        return Outcome(document_id, post_with_retry(open_work, document_id, selection=selection))
    except DomainError as refused:
        return Outcome(document_id, None, tuple(refused.problems))
