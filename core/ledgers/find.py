"""Find entries: everything that a document wrote, in every ledger (PO-12)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from sqlalchemy import or_, select

from core.ledgers.bank import BankEntry
from core.ledgers.customer import CustomerEntry
from core.ledgers.general import GLEntry
from core.ledgers.item import ItemApplication, ItemEntry, ValueEntry
from core.ledgers.vat import VatEntry
from core.ledgers.vendor import DetailedVendorEntry, VendorEntry
from core.work import Work

_AnyEntry = (
    GLEntry
    | VatEntry
    | VendorEntry
    | DetailedVendorEntry
    | ItemEntry
    | ValueEntry
    | BankEntry
    | CustomerEntry
)
Entry = TypeVar(
    "Entry",
    GLEntry,
    VatEntry,
    VendorEntry,
    DetailedVendorEntry,
    ItemEntry,
    ValueEntry,
    BankEntry,
    CustomerEntry,
)
LEDGERS: Mapping[str, type[_AnyEntry]] = {
    "general": GLEntry,
    "vat": VatEntry,
    "vendor": VendorEntry,
    "detailed": DetailedVendorEntry,
    "item": ItemEntry,
    "value": ValueEntry,
    "bank": BankEntry,
    "customer": CustomerEntry,
}


@dataclass(frozen=True, slots=True)
class FoundEntries:
    """The entries of one document no., each ledger by entry number.

    `applications` are those of the movements that the document made.
    """

    general: Sequence[GLEntry]
    vat: Sequence[VatEntry]
    vendor: Sequence[VendorEntry]
    detailed: Sequence[DetailedVendorEntry]
    item: Sequence[ItemEntry]
    value: Sequence[ValueEntry]
    bank: Sequence[BankEntry] = ()
    customer: Sequence[CustomerEntry] = ()
    applications: Sequence[ItemApplication] = ()


@dataclass(frozen=True, slots=True)
class FoundDocument:
    """One document that was posted, as the vendor ledger knows it."""

    document_no: str
    document_type: str
    posting_date: date
    vendor_no: str
    vendor_document_no: str | None


@dataclass(frozen=True, slots=True, order=True)
class EntryDocument:
    """The document that an entry came from. An order has no entries, and so no date."""

    posting_date: date | None
    document_type: str
    document_no: str


def document_of(work: Work, ledger: str, entry_no: int) -> EntryDocument | None:
    """From an entry back to its document (PO-12); `ledger` is a field of FoundEntries."""
    found = LEDGERS[ledger]
    query = select(found.posting_date, found.document_type, found.document_no)
    row = work.session.execute(query.where(found.entry_no == entry_no)).one_or_none()
    return None if row is None else EntryDocument(*row)


def related_documents(work: Work, document_no: str) -> list[EntryDocument]:
    """Every other document whose entries hang together with those of this one, by date.

    The receipts that an invoice billed and the invoices of a receipt, the order of both, what was paid or
    credited, and the sale of a drop shipment; orders come first.
    """
    moved = _moved(work, document_no)
    found = {_document(entry) for entry in moved}
    keys = [entry.entry_no for entry in moved]
    values = work.session.scalars(select(ValueEntry).where(ValueEntry.item_entry_no.in_(keys)))
    found |= {_document(value) for value in values}
    found |= {_document(entry) for entry in _applied(work, document_no)}
    others = sorted(document for document in found if document.document_no != document_no)
    orders = sorted({entry.order_no for entry in moved if entry.order_no})
    return [*(EntryDocument(None, "order", number) for number in orders), *others]


def _moved(work: Work, document_no: str) -> Sequence[ItemEntry]:
    """The movements that a document made, or put a value on."""
    valued = select(ValueEntry.item_entry_no).where(ValueEntry.document_no == document_no)
    query = select(ItemEntry).where(or_(ItemEntry.document_no == document_no, ItemEntry.entry_no.in_(valued)))
    return work.session.scalars(query.order_by(ItemEntry.entry_no)).all()


def _applied(work: Work, document_no: str) -> Sequence[VendorEntry]:
    """The vendor entries that were settled by those of a document, or settled them."""
    own = select(VendorEntry.entry_no).where(VendorEntry.document_no == document_no)
    others = select(DetailedVendorEntry.applied_to_entry_no).where(
        DetailedVendorEntry.vendor_entry_no.in_(own), DetailedVendorEntry.applied_to_entry_no.is_not(None)
    )
    return work.session.scalars(select(VendorEntry).where(VendorEntry.entry_no.in_(others))).all()


def _document(entry: _AnyEntry) -> EntryDocument:
    return EntryDocument(entry.posting_date, entry.document_type, entry.document_no)


def find_entries(work: Work, document_no: str, posting_date: date | None = None) -> FoundEntries:
    """The entries of a document in every ledger; without a date those of every date (PO-12)."""
    items = _entries(work, ItemEntry, document_no, posting_date)
    return FoundEntries(
        general=_entries(work, GLEntry, document_no, posting_date),
        vat=_entries(work, VatEntry, document_no, posting_date),
        vendor=_entries(work, VendorEntry, document_no, posting_date),
        detailed=_entries(work, DetailedVendorEntry, document_no, posting_date),
        item=items,
        value=_entries(work, ValueEntry, document_no, posting_date),
        bank=_entries(work, BankEntry, document_no, posting_date),
        customer=_entries(work, CustomerEntry, document_no, posting_date),
        applications=_applications(work, [entry.entry_no for entry in items]),
    )


def _applications(work: Work, keys: Sequence[int]) -> Sequence[ItemApplication]:
    if not keys:
        return ()
    touching = or_(ItemApplication.inbound_entry_no.in_(keys), ItemApplication.outbound_entry_no.in_(keys))
    return work.session.scalars(
        select(ItemApplication).where(touching).order_by(ItemApplication.entry_no)
    ).all()


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
