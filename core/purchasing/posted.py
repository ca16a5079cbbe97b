"""Posted receipts, invoices and credit memos: immutable, as the database enforces (PU-89)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    String,
    UniqueConstraint,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Amount, Base, BigId, Exact, Percent, Quantity, UnitCost, UtcDateTime
from core.errors import refuse
from core.work import Work


class PostedDocument(Base):
    """A posted invoice or credit memo, as it was posted.

    Amounts are in the document's currency, positive on a credit memo too. `draft_id` is unique: the database
    itself refuses that one draft is posted twice (PO-162).
    """

    __tablename__ = "posted_document"
    __table_args__ = (
        UniqueConstraint("kind", "posted_no"),
        UniqueConstraint("draft_id"),
        CheckConstraint("kind IN ('invoice', 'credit_memo')", name="kind"),
        Index("ix_posted_document_vendor", "pay_to_vendor_no", "posting_date"),
    )

    id: Mapped[BigId]
    kind: Mapped[str] = mapped_column(String(20))
    posted_no: Mapped[str] = mapped_column(String(20), index=True)
    draft_id: Mapped[int] = mapped_column(BigInteger)
    draft_no: Mapped[str] = mapped_column(String(20))
    register_no: Mapped[int] = mapped_column(BigInteger, index=True)

    vendor_no: Mapped[str] = mapped_column(ForeignKey("vendor.vendor_no"), index=True)
    pay_to_vendor_no: Mapped[str] = mapped_column(ForeignKey("vendor.vendor_no"))
    vendor_name: Mapped[str] = mapped_column(String(200))
    vendor_document_no: Mapped[str | None] = mapped_column(String(35), index=True)
    order_reference: Mapped[str | None] = mapped_column(String(50))
    document_date: Mapped[date]
    posting_date: Mapped[date] = mapped_column(index=True)
    vat_date: Mapped[date]
    due_date: Mapped[date]
    payment_terms: Mapped[str | None] = mapped_column(String(20))
    currency_code: Mapped[str | None] = mapped_column(String(3))
    exchange_rate: Mapped[Decimal | None] = mapped_column(Exact(18, 9))
    prices_include_vat: Mapped[bool]
    total_net: Mapped[Amount]
    total_vat: Mapped[Amount]
    total_gross: Mapped[Amount]
    payment_iban: Mapped[str | None] = mapped_column(String(34))
    payment_reference: Mapped[str | None] = mapped_column(String(140))
    posted_by: Mapped[str] = mapped_column(String(50))
    posted_at: Mapped[datetime] = mapped_column(UtcDateTime())

    lines: Mapped[list[PostedLine]] = relationship(
        back_populates="document", order_by="PostedLine.line_no", cascade="save-update, merge"
    )


class PostedLine(Base):
    """One line of a posted document. `is_system` marks what posting itself added: invoice rounding."""

    __tablename__ = "posted_line"
    __table_args__ = (UniqueConstraint("document_id", "line_no"),)

    id: Mapped[BigId]
    document_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("posted_document.id"), index=True)
    line_no: Mapped[int] = mapped_column(Integer)
    type: Mapped[str] = mapped_column(String(10))
    no: Mapped[str | None] = mapped_column(String(20))
    description: Mapped[str] = mapped_column(String(250))
    quantity: Mapped[Quantity]
    quantity_base: Mapped[Quantity]
    unit: Mapped[str | None] = mapped_column(String(10))
    unit_cost: Mapped[UnitCost]
    discount_percent: Mapped[Percent]
    discount_amount: Mapped[Amount]
    invoice_discount_amount: Mapped[Amount]
    vat_product: Mapped[str | None] = mapped_column(String(20))
    vat_identifier: Mapped[str | None] = mapped_column(String(20))
    vat_percent: Mapped[Percent]
    net: Mapped[Amount]
    vat: Mapped[Amount]
    gross: Mapped[Amount]
    is_system: Mapped[bool] = mapped_column(default=False)
    source_ref: Mapped[str | None] = mapped_column(String(50))

    document: Mapped[PostedDocument] = relationship(back_populates="lines")


class PostedReceipt(Base):
    """Goods received, as posted. A direct invoice writes one too when *Receipt on Invoice* is on (PU-88)."""

    __tablename__ = "posted_receipt"

    id: Mapped[BigId]
    receipt_no: Mapped[str] = mapped_column(String(20), unique=True)
    register_no: Mapped[int] = mapped_column(BigInteger, index=True)
    vendor_no: Mapped[str] = mapped_column(ForeignKey("vendor.vendor_no"), index=True)
    posting_date: Mapped[date]
    order_no: Mapped[str | None] = mapped_column(String(20))
    invoice_no: Mapped[str | None] = mapped_column(String(20))
    posted_by: Mapped[str] = mapped_column(String(50))
    posted_at: Mapped[datetime] = mapped_column(UtcDateTime())

    lines: Mapped[list[PostedReceiptLine]] = relationship(
        order_by="PostedReceiptLine.line_no", cascade="save-update, merge"
    )


class PostedReceiptLine(Base):
    """One line of a posted receipt."""

    __tablename__ = "posted_receipt_line"
    __table_args__ = (UniqueConstraint("receipt_id", "line_no"),)

    id: Mapped[BigId]
    receipt_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("posted_receipt.id"), index=True)
    line_no: Mapped[int] = mapped_column(Integer)
    item_no: Mapped[str] = mapped_column(String(20))
    description: Mapped[str] = mapped_column(String(250))
    quantity: Mapped[Quantity]
    quantity_base: Mapped[Quantity]
    unit: Mapped[str | None] = mapped_column(String(10))


def find_posted(work: Work, posted_no: str, kind: str = "invoice") -> PostedDocument | None:
    """The posted document with this number, if there is one."""
    return work.session.scalar(
        select(PostedDocument).where(PostedDocument.posted_no == posted_no, PostedDocument.kind == kind)
    )


def get_posted(work: Work, posted_no: str, kind: str = "invoice") -> PostedDocument:
    """The posted document with this number. Refuses with `posted_not_found`."""
    found = find_posted(work, posted_no, kind)
    if found is None:
        raise refuse("posted_not_found", no=posted_no)
    return found


def list_posted(
    work: Work, *, vendor_no: str | None = None, limit: int = 60, offset: int = 0
) -> list[PostedDocument]:
    """Posted invoices and credit memos, the latest first."""
    query = select(PostedDocument).order_by(PostedDocument.id.desc()).limit(limit).offset(offset)
    if vendor_no is not None:
        query = query.where(PostedDocument.vendor_no == vendor_no)
    return list(work.session.scalars(query))
