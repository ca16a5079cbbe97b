"""Finding entries: everything that one document left in the ledgers (ux.md §5.6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from sqlalchemy import or_, select

from core.ledgers.general import GLEntry
from core.ledgers.item import ItemEntry, ValueEntry
from core.ledgers.vat import VatEntry
from core.ledgers.vendor import DetailedVendorEntry, VendorEntry
from core.work import Work

Entry = TypeVar("Entry", GLEntry, VatEntry, VendorEntry, DetailedVendorEntry, ItemEntry, ValueEntry)


@dataclass(frozen=True, slots=True)
class FoundEntries:
    """The entries of one document in each ledger, in the order they were written."""

    general: Sequence[GLEntry]
    vat: Sequence[VatEntry]
    vendor: Sequence[VendorEntry]
    detailed: Sequence[DetailedVendorEntry]
    item: Sequence[ItemEntry]
    value: Sequence[ValueEntry]


@dataclass(frozen=True, slots=True)
class FoundDocument:
    """A document that has entries. `vendor_document_no` is the vendor's own number."""

    document_type: str
    document_no: str
    vendor_document_no: str | None
    posting_date: date


def find_entries(work: Work, document_no: str, posting_date: date | None = None) -> FoundEntries:
    """Every entry that names the document; with a date, those of that posting date only."""
    return FoundEntries(
        general=_of(work, GLEntry, document_no, posting_date),
        vat=_of(work, VatEntry, document_no, posting_date),
        vendor=_of(work, VendorEntry, document_no, posting_date),
        detailed=_of(work, DetailedVendorEntry, document_no, posting_date),
        item=_of(work, ItemEntry, document_no, posting_date),
        value=_of(work, ValueEntry, document_no, posting_date),
    )


def find_documents(work: Work, text: str, limit: int = 20) -> list[FoundDocument]:
    """Documents with this number, their own or the vendor's, whatever its case; the latest first."""
    wanted = text.strip()
    if not wanted:
        return []
    query = (
        select(
            VendorEntry.document_type,
            VendorEntry.document_no,
            VendorEntry.vendor_document_no,
            VendorEntry.posting_date,
        )
        .where(
            or_(VendorEntry.document_no == wanted, VendorEntry.vendor_document_key == wanted.casefold()),
        )
        .order_by(VendorEntry.entry_no.desc())
        .limit(limit)
    )
    return [FoundDocument(*row) for row in work.session.execute(query).tuples()]


def _of(work: Work, ledger: type[Entry], document_no: str, posting_date: date | None) -> list[Entry]:
    query = select(ledger).where(ledger.document_no == document_no).order_by(ledger.entry_no)
    if posting_date is not None:
        query = query.where(ledger.posting_date == posting_date)
    return list(work.session.scalars(query))
