"""Several invoices in one file: where one ends and the next begins, as far as the pages themselves prove it.

A page begins another invoice when it prints another number and a date, and the invoice before it has ended
with its total. A page without a number of its own belongs to the invoice before it. In doubt the file is
one invoice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.extract.document import ExtractedInvoice, Page, Source
from pipeline.extract.reading import read_pages

SURE_ENOUGH = 0.6
MOST_PAGES = 50  # each page is read once more by itself, and a longer file is rather one long document


@dataclass(frozen=True, slots=True)
class _Facts:
    """What a page, read by itself, says of the invoice it belongs to."""

    number: str | None
    date: str | None
    total: str | None


def read_every_invoice(
    pages: Sequence[Page], *, source: Source, languages: Sequence[str] = ()
) -> ExtractedInvoice:
    """The invoice of these pages; with several, the first one, and all of them as its `parts`.

    Provenance in each part names pages of the whole file.
    """
    groups = _groups(pages, source) if 1 < len(pages) <= MOST_PAGES else []
    parts = [read_pages(group, source=source, languages=languages) for group in groups]
    if len(parts) < 2 or not _all_stand_alone(parts):
        return read_pages(pages, source=source, languages=languages)
    return replace(parts[0], page_count=len(pages), parts=tuple(parts))


def _groups(pages: Sequence[Page], source: Source) -> list[list[Page]]:
    groups: list[list[Page]] = []
    number: str | None = None
    has_ended = False
    for page in pages:
        facts = _facts(page, source)
        another = facts.number is not None and facts.date is not None and facts.number != number
        if groups and not (another and number is not None and has_ended):
            groups[-1].append(page)
            number = number or facts.number
        else:
            groups.append([page])
            number, has_ended = facts.number, False
        has_ended = has_ended or facts.total is not None
    return groups


def _facts(page: Page, source: Source) -> _Facts:
    read = read_pages([page], source=source)
    sure = {key: found.value for key, found in read.fields.items() if found.confidence >= SURE_ENOUGH}
    return _Facts(sure.get("invoice_number"), sure.get("issue_date"), sure.get("total_gross"))


def _all_stand_alone(parts: Sequence[ExtractedInvoice]) -> bool:
    """Whether each part is an invoice by itself: a number that no other has, and a total."""
    numbers = [part.value("invoice_number") for part in parts]
    has_totals = all(part.value("total_gross") for part in parts)
    return has_totals and None not in numbers and len(set(numbers)) == len(numbers)
