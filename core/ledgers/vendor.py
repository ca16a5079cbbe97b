"""The vendor ledger: what is owed, as entries and the detailed entries that open and close them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Index, String, func, select, text
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Amount, Base, BigId, Exact, Percent
from core.money import ZERO
from core.work import Work


class DetailKind(StrEnum):
    """Why the amount of a vendor entry changed (§1.1)."""

    INITIAL = "initial"
    APPLICATION = "application"
    PAYMENT_DISCOUNT = "payment_discount"
    DISCOUNT_TOLERANCE = "discount_tolerance"
    PAYMENT_TOLERANCE = "payment_tolerance"
    REALIZED_GAIN = "realized_gain"
    REALIZED_LOSS = "realized_loss"
    UNREALIZED_GAIN = "unrealized_gain"
    UNREALIZED_LOSS = "unrealized_loss"
    ROUNDING = "rounding"


class VendorEntry(Base):
    """A posted document or payment of the pay-to vendor. Its amounts are sums of its detailed entries.

    An invoice is negative there: we owe it. `vendor_document_key` is the folded number of PU-172; with
    `repeat_count` 0 it is unique per vendor and kind among entries that are not cancelled, which the database
    itself enforces (PO-133, PO-165).
    """

    __tablename__ = "vendor_entry"
    __table_args__ = (
        Index(
            "uq_vendor_entry_vendor_document",
            "vendor_no",
            "document_type",
            "vendor_document_key",
            "repeat_count",
            unique=True,
            postgresql_where=text("NOT cancelled AND vendor_document_key IS NOT NULL"),
            sqlite_where=text("NOT cancelled AND vendor_document_key IS NOT NULL"),
        ),
        Index("ix_vendor_entry_document", "document_no", "posting_date"),
        Index("ix_vendor_entry_open_due", "open", "due_date"),
    )

    entry_no: Mapped[BigId] = mapped_column(autoincrement=False)
    register_no: Mapped[int] = mapped_column(BigInteger, ForeignKey("register.register_no"), index=True)
    transaction_no: Mapped[int] = mapped_column(BigInteger)
    vendor_no: Mapped[str] = mapped_column(ForeignKey("vendor.vendor_no"), index=True)
    buy_from_vendor_no: Mapped[str] = mapped_column(ForeignKey("vendor.vendor_no"))
    posting_group: Mapped[str] = mapped_column(String(20))
    posting_date: Mapped[date]
    document_date: Mapped[date]
    document_type: Mapped[str] = mapped_column(String(20))
    document_no: Mapped[str] = mapped_column(String(20))
    vendor_document_no: Mapped[str | None] = mapped_column(String(35))
    vendor_document_key: Mapped[str | None] = mapped_column(String(70))
    repeat_count: Mapped[int] = mapped_column(default=0)
    description: Mapped[str] = mapped_column(String(250))
    currency_code: Mapped[str | None] = mapped_column(String(3))
    exchange_rate: Mapped[Decimal | None] = mapped_column(Exact(18, 9))
    purchase_lcy: Mapped[Amount]
    due_date: Mapped[date]
    discount_date: Mapped[date | None]
    discount_percent: Mapped[Percent] = mapped_column(default=Decimal(0))
    discount_amount: Mapped[Amount] = mapped_column(default=Decimal(0))
    max_tolerance: Mapped[Amount] = mapped_column(default=Decimal(0))
    open: Mapped[bool]
    on_hold: Mapped[str | None] = mapped_column(String(100))
    closed_by: Mapped[int | None] = mapped_column(BigInteger)
    cancelled: Mapped[bool] = mapped_column(default=False)
    payment_reference: Mapped[str | None] = mapped_column(String(140))
    payment_iban: Mapped[str | None] = mapped_column(String(34))
    dimensions: Mapped[str | None] = mapped_column(String(250))


class DetailedVendorEntry(Base):
    """One change of a vendor entry, in its currency and in local currency. An invoice starts negative."""

    __tablename__ = "detailed_vendor_entry"
    __table_args__ = (Index("ix_detailed_vendor_entry_document", "document_no", "posting_date"),)

    entry_no: Mapped[BigId] = mapped_column(autoincrement=False)
    register_no: Mapped[int] = mapped_column(BigInteger, ForeignKey("register.register_no"), index=True)
    transaction_no: Mapped[int] = mapped_column(BigInteger)
    vendor_entry_no: Mapped[int] = mapped_column(BigInteger, ForeignKey("vendor_entry.entry_no"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    vendor_no: Mapped[str] = mapped_column(ForeignKey("vendor.vendor_no"), index=True)
    posting_group: Mapped[str] = mapped_column(String(20))
    posting_date: Mapped[date]
    document_type: Mapped[str] = mapped_column(String(20))
    document_no: Mapped[str] = mapped_column(String(20))
    currency_code: Mapped[str | None] = mapped_column(String(3))
    amount: Mapped[Amount]
    amount_lcy: Mapped[Amount]
    applied_to_entry_no: Mapped[int | None] = mapped_column(BigInteger)
    application_no: Mapped[int | None] = mapped_column(BigInteger)
    unapplied: Mapped[bool] = mapped_column(default=False)


@dataclass(frozen=True, slots=True)
class Remaining:
    """What is left of a vendor entry: negative is still owed. In its currency and in local currency."""

    amount: Decimal
    amount_lcy: Decimal


def remaining(work: Work, entry_no: int, until: date | None = None) -> Remaining:
    """What is left of one vendor entry, as of a date."""
    query = select(func.sum(DetailedVendorEntry.amount), func.sum(DetailedVendorEntry.amount_lcy)).where(
        DetailedVendorEntry.vendor_entry_no == entry_no
    )
    if until is not None:
        query = query.where(DetailedVendorEntry.posting_date <= until)
    amount, amount_lcy = work.session.execute(query).one()
    return Remaining(amount or ZERO, amount_lcy or ZERO)


def find_vendor_document(
    work: Work, pay_to_vendor_no: str, document_type: str, vendor_document_key: str
) -> VendorEntry | None:
    """The entry that already bears this vendor document number and is not cancelled (PU-172)."""
    return work.session.scalars(
        select(VendorEntry)
        .where(
            VendorEntry.vendor_no == pay_to_vendor_no,
            VendorEntry.document_type == document_type,
            VendorEntry.vendor_document_key == vendor_document_key,
            ~VendorEntry.cancelled,
        )
        .order_by(VendorEntry.entry_no)
        .limit(1)
    ).first()
