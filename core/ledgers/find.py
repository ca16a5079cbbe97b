"""Find entries: everything that a document wrote, in every ledger (PO-12)."""

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
    """The entries of one document no., each ledger by entry number."""

    general: Sequence[GLEntry]
    vat: Sequence[VatEntry]
    vendor: Sequence[VendorEntry]
    detailed: Sequence[DetailedVendorEntry]
    item: Sequence[ItemEntry]
    value: Sequence[ValueEntry]


@dataclass(frozen=True, slots=True)
class FoundDocument:
    """One document that was posted, as the vendor ledger knows it."""

    document_no: str
    document_type: str
    posting_date: date
    vendor_no: str
    vendor_document_no: str | None


def find_entries(work: Work, document_no: str, posting_date: date | None = None) -> FoundEntries:
    """The entries of a document; without a date those of every date."""
    return FoundEntries(
        general=_entries(work, GLEntry, document_no, posting_date),
        vat=_entries(work, VatEntry, document_no, posting_date),
        vendor=_entries(work, VendorEntry, document_no, posting_date),
        detailed=_entries(work, DetailedVendorEntry, document_no, posting_date),
        item=_entries(work, ItemEntry, document_no, posting_date),
        value=_entries(work, ValueEntry, document_no, posting_date),
    )


def find_documents(work: Work, text: str, limit: int = 20) -> list[FoundDocument]:
    """Posted documents whose number or vendor's number is `text` or begins with it, the latest first."""
    wanted = text.strip()
    if not wanted:
        return []
    rows = work.session.scalars(
        select(VendorEntry)
        .where(
            or_(
                VendorEntry.document_no.startswith(wanted.upper(), autoescape=True),
                VendorEntry.vendor_document_key.startswith(wanted.casefold(), autoescape=True),
            )
        )
        .order_by(VendorEntry.entry_no.desc())
        .limit(limit)
    )
    return [
        FoundDocument(
            row.document_no, row.document_type, row.posting_date, row.vendor_no, row.vendor_document_no
        )
        for row in rows
    ]


def _entries(work: Work, ledger: type[Entry], document_no: str, posting_date: date | None) -> Sequence[Entry]:
    query = select(ledger).where(ledger.document_no == document_no).order_by(ledger.entry_no)
    if posting_date is not None:
        query = query.where(ledger.posting_date == posting_date)
    return work.session.scalars(query).all()
