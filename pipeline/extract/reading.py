"""Pages of words to an invoice: the whole of reading in one pure function."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.extract.document import ExtractedInvoice, Page, Source


def read_pages(pages: Sequence[Page], *, source: Source, languages: Sequence[str] = ()) -> ExtractedInvoice:
    """Find the fields of the invoice that these pages print.

    `languages` are Tesseract's codes of the languages the sender may write; they only break ties.
    The same pages always give the same result.
    """
    return ExtractedInvoice(source=source, page_count=len(pages))
