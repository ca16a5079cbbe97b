"""The VAT ledger: base and amount per VAT group of a document."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Amount, Base, BigId, Percent


class VatEntry(Base):
    """One VAT group of a document (PO-77), in local currency.

    `base` and `amount` are the deductible ones, the non-deductible stand apart (PO-73). A reverse-charge
    entry counts on both sides of the VAT return (PO-72). `difference` is what a vendor's own figure differs
    from the computed VAT and is contained in `amount` (PO-66). `line_nos` are the posted lines, with commas.
    """

    __tablename__ = "vat_entry"
    __table_args__ = (
        Index("ix_vat_entry_document", "document_no", "posting_date"),
        Index("ix_vat_entry_setup_date", "vat_business", "vat_product", "vat_date"),
    )

    entry_no: Mapped[BigId] = mapped_column(autoincrement=False)
    register_no: Mapped[int] = mapped_column(BigInteger, ForeignKey("register.register_no"), index=True)
    transaction_no: Mapped[int] = mapped_column(BigInteger)
    type: Mapped[str] = mapped_column(String(10))
    posting_date: Mapped[date]
    document_date: Mapped[date]
    vat_date: Mapped[date]
    document_type: Mapped[str] = mapped_column(String(20))
    document_no: Mapped[str] = mapped_column(String(20))
    vendor_document_no: Mapped[str | None] = mapped_column(String(35))
    vat_business: Mapped[str] = mapped_column(String(20))
    vat_product: Mapped[str] = mapped_column(String(20))
    identifier: Mapped[str] = mapped_column(String(20))
    calculation: Mapped[str] = mapped_column(String(20))
    percent: Mapped[Percent]
    en16931_category: Mapped[str] = mapped_column(String(2))
    base: Mapped[Amount]
    amount: Mapped[Amount]
    difference: Mapped[Amount] = mapped_column(default=Decimal(0))
    nondeductible_base: Mapped[Amount] = mapped_column(default=Decimal(0))
    nondeductible_amount: Mapped[Amount] = mapped_column(default=Decimal(0))
    source_no: Mapped[str] = mapped_column(String(20))
    country_code: Mapped[str | None] = mapped_column(String(2))
    vat_id: Mapped[str | None] = mapped_column(String(30))
    line_nos: Mapped[str] = mapped_column(String(2000))
    closed_by: Mapped[int | None] = mapped_column(BigInteger)
    dimensions: Mapped[str | None] = mapped_column(String(250))


class VatEntryBase(Base):
    """Ties a VAT entry to the G/L entries that its base came from (PO-8)."""

    __tablename__ = "vat_entry_base"

    vat_entry_no: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("vat_entry.entry_no"), primary_key=True, autoincrement=False
    )
    gl_entry_no: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("gl_entry.entry_no"), primary_key=True, autoincrement=False
    )
    register_no: Mapped[int] = mapped_column(BigInteger, ForeignKey("register.register_no"), index=True)
