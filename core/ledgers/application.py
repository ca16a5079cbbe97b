"""Vendor entries that can still be applied: what is left of each, read set-wise under the vendor's lock."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import ColumnElement, func, select

from core.ledgers.vendor import DetailedVendorEntry, DetailKind, VendorEntry
from core.work import Work


@dataclass(frozen=True, slots=True)
class OpenEntry:
    """A vendor entry and what is left of it, in its currency and in local currency; an invoice is negative.

    `rate` is local units per unit of its currency. `discount_amount` is positive, in its currency.
    """

    entry_no: int
    vendor_no: str
    posting_group: str
    document_type: str
    document_no: str
    posting_date: date
    due_date: date
    currency_code: str | None
    rate: Decimal
    is_open: bool
    on_hold: str | None
    discount_date: date | None
    discount_amount: Decimal
    original: Decimal
    remaining: Decimal
    remaining_lcy: Decimal


def read_entries(work: Work, entry_nos: Collection[int]) -> dict[int, OpenEntry]:
    """These entries by number, open or not; what does not exist is left out."""
    if not entry_nos:
        return {}
    return {entry.entry_no: entry for entry in _read(work, VendorEntry.entry_no.in_(entry_nos))}


def read_entry(work: Work, entry_no: int) -> OpenEntry | None:
    """One entry, open or not."""
    return read_entries(work, [entry_no]).get(entry_no)


def oldest_first(work: Work, vendor_no: str, currency_code: str | None) -> list[OpenEntry]:
    """The open invoices of a vendor in one currency by due date, then entry number (PO-145)."""
    entries = _read(
        work,
        VendorEntry.vendor_no == vendor_no,
        VendorEntry.open.is_(True),
        VendorEntry.document_type == "invoice",
        VendorEntry.currency_code.is_not_distinct_from(currency_code),
    )
    return sorted(entries, key=lambda entry: (entry.due_date, entry.entry_no))


def find_entry_of(
    work: Work, document_no: str, document_type: str | None = None, vendor_no: str | None = None
) -> int | None:
    """The number of the vendor entry of a posted document or payment; of several the latest."""
    query = select(VendorEntry.entry_no).where(VendorEntry.document_no == document_no)
    if document_type is not None:
        query = query.where(VendorEntry.document_type == document_type)
    if vendor_no is not None:
        query = query.where(VendorEntry.vendor_no == vendor_no)
    return work.session.scalars(query.order_by(VendorEntry.entry_no.desc()).limit(1)).first()


def _read(work: Work, *conditions: ColumnElement[bool]) -> Sequence[OpenEntry]:
    is_initial = DetailedVendorEntry.kind == DetailKind.INITIAL.value
    query = (
        select(
            VendorEntry,
            func.sum(DetailedVendorEntry.amount),
            func.sum(DetailedVendorEntry.amount_lcy),
            func.sum(DetailedVendorEntry.amount).filter(is_initial),
        )
        .join(DetailedVendorEntry, DetailedVendorEntry.vendor_entry_no == VendorEntry.entry_no)
        .where(*conditions)
        .group_by(VendorEntry.entry_no)
        .execution_options(populate_existing=True)
    )
    return [
        OpenEntry(
            entry_no=row.entry_no,
            vendor_no=row.vendor_no,
            posting_group=row.posting_group,
            document_type=row.document_type,
            document_no=row.document_no,
            posting_date=row.posting_date,
            due_date=row.due_date,
            currency_code=row.currency_code,
            rate=row.exchange_rate or Decimal(1),
            is_open=row.open,
            on_hold=row.on_hold,
            discount_date=row.discount_date,
            discount_amount=row.discount_amount,
            original=original,
            remaining=amount,
            remaining_lcy=amount_lcy,
        )
        for row, amount, amount_lcy, original in work.session.execute(query)
    ]
