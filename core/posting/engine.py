"""Check, compose, write: the whole of posting."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from core.errors import Problem
from core.posting.preview import Preview
from core.purchasing.document import PurchaseDocument
from core.work import Work


@dataclass(frozen=True, slots=True)
class Posted:
    """What a posting made. `receipt_no` is None when no receipt was written."""

    posted_no: str
    register_no: int
    receipt_no: str | None = None


def find_problems(work: Work, document: PurchaseDocument) -> list[Problem]:
    """Every finding of the checks before posting, header first, then lines in order (PU-170)."""
    raise NotImplementedError


def preview(work: Work, document: PurchaseDocument) -> Preview:
    """What posting would write now. Takes no number and changes nothing (PU-178)."""
    raise NotImplementedError


def post(work: Work, document_id: int, *, version: int | None = None) -> Posted:
    """Post a draft to every ledger it touches.

    Raises DomainError with every problem found; nothing has been written then. A posted draft raises
    `already_posted` with the posted number, an older `version` `stale_document`.
    """
    raise NotImplementedError


def post_with_retry(
    open_work: Callable[[], AbstractContextManager[Work]], document_id: int, *, version: int | None = None
) -> Posted:
    """Post in a transaction of its own; deadlocks are tried again, then `busy_try_again` (PO-167)."""
    raise NotImplementedError
