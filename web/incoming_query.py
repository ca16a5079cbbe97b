"""What the list of Incoming is asked for: all of it stands in the address, to be shared and gone back to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, cast, get_args
from urllib.parse import urlencode

from fastapi import Query as Parameter

from pipeline.workflow.listing import typed_amount
from pipeline.workflow.listing_view import Filters, Sort, View
from web.errors import not_found

SORTS: Sequence[str] = get_args(Sort)
SPANS = (1, 7, 14, 30)
"""Days back that are offered at "Received", today included."""
FILTERS: Mapping[str, Sequence[str]] = {
    "received": ("days", "since", "until"),
    "vendor": ("vendor",),
    "why": ("why",),
    "amount": ("least", "most"),
}
"""Which words of the address belong to which filter."""
DEFAULTS = {"view": View.NEEDS_REVIEW.value, "search": "", "sort": "received", "order": "desc"}
Word = Annotated[str, Parameter(max_length=60)]


@dataclass(frozen=True, slots=True)
class Query:
    """What the list shows. `words` are the filters as they stand in the address, without empty ones."""

    view: View
    search: str
    sort: Sort
    ascending: bool
    words: Mapping[str, str]

    def path(self, **changes: str) -> str:
        """The address of this list with some of it changed; an empty text takes something away."""
        values = {"view": self.view.value, "search": self.search, "sort": self.sort}
        values["order"] = "asc" if self.ascending else "desc"
        wanted = values | dict(self.words) | changes
        kept = {name: value for name, value in wanted.items() if value != DEFAULTS.get(name, "")}
        return "/incoming" + (f"?{urlencode(kept)}" if kept else "")

    def path_sorted(self, sort: str) -> str:
        """The address after a click on a column head: that order, or its reverse if it is so already."""
        first_order = "desc" if sort in ("received", "amount") else "asc"
        turned = "desc" if self.ascending else "asc"
        return self.path(sort=sort, order=turned if sort == self.sort else first_order)

    def path_without(self, name: str) -> str:
        """The address without one filter."""
        return self.path(**dict.fromkeys(FILTERS[name], ""))

    def path_of_view(self, view: str) -> str:
        """The address of another view: whole, since its tab counts all of it."""
        return self.path(view=view, search="", **dict.fromkeys(self.words, ""))

    def hidden(self, *changed: str) -> list[tuple[str, str]]:
        """What a form must carry on so that it changes only what it asks for."""
        values = {"view": self.view.value, "search": self.search, "sort": self.sort}
        values["order"] = "asc" if self.ascending else "desc"
        return [(name, value) for name, value in (values | dict(self.words)).items() if name not in changed]

    @property
    def active(self) -> list[str]:
        """Names of the filters that are set, in the order in which they stand."""
        return [name for name, words in FILTERS.items() if any(word in self.words for word in words)]

    def filters(self, today: date) -> Filters:
        """The filters for the list; "the last 7 days" counts back from today."""
        words = self.words
        days = int(words.get("days", 0))
        since = today - timedelta(days=days - 1) if days else _day(words.get("since"))
        return Filters(
            vendor_no=words.get("vendor"),
            why=words.get("why"),
            amount_from=typed_amount(words["least"]) if "least" in words else None,
            amount_to=typed_amount(words["most"]) if "most" in words else None,
            received_from=since,
            received_to=_day(words.get("until")),
        )


def make_query(
    *,
    view: Word = "needs_review",
    search: str = "",
    sort: Word = "received",
    order: Word = "desc",
    vendor: Word = "",
    why: Word = "",
    least: Word = "",
    most: Word = "",
    days: Word = "",
    since: Word = "",
    until: Word = "",
) -> Query:
    """A query from the words of an address; an unknown word is a page that is not there."""
    if view not in set(View) or sort not in SORTS or order not in ("asc", "desc"):
        raise not_found(view)
    given = {"days": days, "since": since, "until": until, "vendor": vendor, "why": why}
    given |= {"least": least, "most": most}
    words = {name: value.strip() for name, value in given.items() if value.strip()}
    _refuse_unknown(words)
    return Query(View(view), search.strip()[:200], cast(Sort, sort), order == "asc", words)


def _refuse_unknown(words: Mapping[str, str]) -> None:
    for name in ("least", "most"):
        if name in words and typed_amount(words[name]) is None:
            raise not_found(words[name])
    if words.get("days", "1") not in [str(span) for span in SPANS]:
        raise not_found(words["days"])
    for name in ("since", "until"):
        _day(words.get(name))


def _day(word: str | None) -> date | None:
    try:
        return date.fromisoformat(word) if word else None
    except ValueError:
        raise not_found(word or "") from None
