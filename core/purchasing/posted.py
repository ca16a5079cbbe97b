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
    Text,
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
    itself refuses that one draft is posted twice (PO-162). An order posts several times and goes; there it is
    minus the register number. `order_no`: all lines came from this one order (PU-96). `corrects_no` is the
    posted document that this one takes back, wholly with `is_cancellation`; `cancelled_by_no`, a state, is on
    the other of the pair (PU-124).
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

    order_no: Mapped[str | None] = mapped_column(String(20), index=True)
    quote_no: Mapped[str | None] = mapped_column(String(20))
    purchaser_code: Mapped[str | None] = mapped_column(String(20))
    dimensions: Mapped[str | None] = mapped_column(String(250))
    corrects_no: Mapped[str | None] = mapped_column(String(20))
    is_cancellation: Mapped[bool | None]
    cancelled_by_no: Mapped[str | None] = mapped_column(String(20))

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
    order_no: Mapped[str | None] = mapped_column(String(20))
    order_line_no: Mapped[int | None]
    receipt_no: Mapped[str | None] = mapped_column(String(20))
    receipt_line_no: Mapped[int | None]
    source_no: Mapped[str | None] = mapped_column(String(20))
    source_line_no: Mapped[int | None]
    units_per_unit: Mapped[Decimal | None] = mapped_column(Exact(19, 5))
    variant_code: Mapped[str | None] = mapped_column(String(10))
    location_code: Mapped[str | None] = mapped_column(String(10))
    dimensions: Mapped[str | None] = mapped_column(String(250))
    applies_to_item_entry_no: Mapped[int | None] = mapped_column(BigInteger)
    return_reason_code: Mapped[str | None] = mapped_column(String(20))
    allow_invoice_discount: Mapped[bool | None]

    document: Mapped[PostedDocument] = relationship(back_populates="lines")


class PostedReceipt(Base):
    """Goods received or, with `is_return`, sent back, as posted.

    A direct invoice or credit memo writes one too when the setting is on (PU-88). Rows of the first release
    have neither `is_return` nor a pay-to vendor: a column that came later is empty there, so that the hash of
    their register still holds.
    """

    __tablename__ = "posted_receipt"

    id: Mapped[BigId]
    receipt_no: Mapped[str] = mapped_column(String(20), unique=True)
    register_no: Mapped[int] = mapped_column(BigInteger, index=True)
    vendor_no: Mapped[str] = mapped_column(ForeignKey("vendor.vendor_no"), index=True)
    posting_date: Mapped[date]
    order_no: Mapped[str | None] = mapped_column(String(20))
    invoice_no: Mapped[str | None] = mapped_column(String(20))
    is_return: Mapped[bool | None]
    pay_to_vendor_no: Mapped[str | None] = mapped_column(String(20), index=True)
    currency_code: Mapped[str | None] = mapped_column(String(3))
    prices_include_vat: Mapped[bool | None]
    vat_business: Mapped[str | None] = mapped_column(String(20))
    vendor_shipment_no: Mapped[str | None] = mapped_column(String(35))
    dimensions: Mapped[str | None] = mapped_column(String(250))
    sales_shipment_no: Mapped[str | None] = mapped_column(String(20))
    posted_by: Mapped[str] = mapped_column(String(50))
    posted_at: Mapped[datetime] = mapped_column(UtcDateTime())

    lines: Mapped[list[PostedReceiptLine]] = relationship(
        back_populates="receipt", order_by="PostedReceiptLine.line_no", cascade="save-update, merge"
    )


class PostedReceiptLine(Base):
    """One line of a posted receipt or return shipment; an undone one is followed by its opposite (PU-84).

    `type` is empty on rows of the first release: they are items. `quantity_invoiced` and `is_correction` are
    states: what invoices took of it, and that it was undone or undoes. Cost and discounts are those of the
    order line at the receipt. `register_no` is only on a line that was added later than its receipt.
    """

    __tablename__ = "posted_receipt_line"
    __table_args__ = (
        UniqueConstraint("receipt_id", "line_no"),
        Index("ix_posted_receipt_line_order", "order_no", "order_line_no"),
    )

    id: Mapped[BigId]
    receipt_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("posted_receipt.id"), index=True)
    register_no: Mapped[int | None] = mapped_column(BigInteger)
    line_no: Mapped[int] = mapped_column(Integer)
    type: Mapped[str | None] = mapped_column(String(10))
    no: Mapped[str] = mapped_column("item_no", String(20))
    description: Mapped[str] = mapped_column(String(250))
    quantity: Mapped[Quantity]
    quantity_base: Mapped[Quantity]
    unit: Mapped[str | None] = mapped_column(String(10))
    quantity_invoiced: Mapped[Quantity] = mapped_column(default=Decimal(0))
    is_correction: Mapped[bool] = mapped_column(default=False)
    corrects_line_no: Mapped[int | None]
    order_no: Mapped[str | None] = mapped_column(String(20))
    order_line_no: Mapped[int | None]
    item_entry_no: Mapped[int | None] = mapped_column(BigInteger, index=True)
    units_per_unit: Mapped[Decimal | None] = mapped_column(Exact(19, 5))
    unit_cost: Mapped[Decimal | None] = mapped_column(Exact(19, 5))
    discount_percent: Mapped[Decimal | None] = mapped_column(Exact(9, 5))
    vat_product: Mapped[str | None] = mapped_column(String(20))
    variant_code: Mapped[str | None] = mapped_column(String(10))
    location_code: Mapped[str | None] = mapped_column(String(10))
    dimensions: Mapped[str | None] = mapped_column(String(250))
    return_reason_code: Mapped[str | None] = mapped_column(String(20))
    drop_shipment: Mapped[bool | None]

    receipt: Mapped[PostedReceipt] = relationship(back_populates="lines")

    @property
    def not_invoiced(self) -> Decimal:
        """What no invoice has taken yet, in the line's unit (RNI of §4.4)."""
        return self.quantity - self.quantity_invoiced


class PostedComment(Base):
    """A dated remark that travelled to a posted document (PU-190)."""

    __tablename__ = "posted_comment"

    id: Mapped[BigId]
    register_no: Mapped[int] = mapped_column(BigInteger, ForeignKey("register.register_no"), index=True)
    document_type: Mapped[str] = mapped_column(String(20))
    document_no: Mapped[str] = mapped_column(String(20), index=True)
    line_no: Mapped[int | None]
    commented_on: Mapped[date]
    commented_by: Mapped[str] = mapped_column(String(50))
    text: Mapped[str] = mapped_column(Text)


def find_posted(work: Work, posted_no: str, kind: str = "invoice") -> PostedDocument | None:
    """The posted document with this number, if there is one."""
    return work.session.scalar(
        select(PostedDocument).where(PostedDocument.posted_no == posted_no, PostedDocument.kind == kind)
    )


def find_receipt(work: Work, receipt_no: str) -> PostedReceipt | None:
    """The posted receipt or return shipment with this number, if there is one."""
    return work.session.scalar(select(PostedReceipt).where(PostedReceipt.receipt_no == receipt_no))


def get_receipt(work: Work, receipt_no: str) -> PostedReceipt:
    """The posted receipt or return shipment with this number. Refuses with `posted_not_found`."""
    found = find_receipt(work, receipt_no)
    if found is None:
        raise refuse("posted_not_found", no=receipt_no)
    return found


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
