"""The lists of Incoming: which records a view holds, searched, sorted and counted."""

from __future__ import annotations

from collections.abc import Mapping

from core.work import Work
from pipeline.workflow.listing_view import IncomingList, Sort, View


def list_incoming(
    work: Work,
    view: View,
    search: str = "",
    sort: Sort = "received",
    *,
    ascending: bool = False,
    limit: int = 60,
    offset: int = 0,
) -> IncomingList:
    """Rows of a view. `search` looks in vendor, number, order and file name, and for an exact amount."""
    raise NotImplementedError


def counts(work: Work) -> Mapping[View, int]:
    """How many records each view holds now."""
    raise NotImplementedError
