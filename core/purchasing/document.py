"""Purchase documents before posting: header, lines, kinds and status.

A document changes until it is posted. Its row then stays, as `posted`, so that whoever comes second is told
the number it was posted under (PO-162); people only see the posted document.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Amount, Base, BigId, Exact, Percent, Quantity, UnitCost, UtcDateTime


class DocumentKind(StrEnum):
    """What a purchase document is. Quotes, orders and return orders get their rules with the ledger issue."""

    INVOICE = "invoice"
    CREDIT_MEMO = "credit_memo"
    ORDER = "order"
    QUOTE = "quote"
    RETURN_ORDER = "return_order"


class DocumentStatus(StrEnum):
    """How far a document is: *released* ones may be posted, *posted* ones never change."""

    OPEN = "open"
    PENDING_APPROVAL = "pending_approval"
    RELEASED = "released"
    POSTED = "posted"


class LineType(StrEnum):
    """What a line buys. A comment has text only."""

    ACCOUNT = "account"
    ITEM = "item"
    CHARGE = "charge"
    COMMENT = "comment"


def folded_document_no(vendor_document_no: str | None) -> str | None:
    """A vendor's document number as it is compared: trimmed, case folded (PU-172). Empty is None."""
    folded = (vendor_document_no or "").strip().casefold()
    return folded or None


class PurchaseDocument(Base):
    """Header of a purchase document that is not posted yet.

    `version` rises with each change; an action on an older one is refused (`stale_document`). `currency_code`
    None is the local currency. `total_gross_stated` and `total_vat_stated` are what the vendor's document
    says, in the document's currency; when they are there, posting checks them (PU-100).
    """

    __tablename__ = "purchase_document"
    __table_args__ = (
        UniqueConstraint("kind", "document_no"),
        CheckConstraint("kind IN ('invoice', 'credit_memo', 'order', 'quote', 'return_order')", name="kind"),
        CheckConstraint("status IN ('open', 'pending_approval', 'released', 'posted')", name="status"),
        CheckConstraint("(status = 'posted') = (posted_no IS NOT NULL)", name="posted_no"),
        Index("ix_purchase_document_vendor_document", "pay_to_vendor_no", "kind", "vendor_document_key"),
    )

    id: Mapped[BigId]
    kind: Mapped[str] = mapped_column(String(20))
    document_no: Mapped[str] = mapped_column(String(20))
    status: Mapped[str] = mapped_column(String(20), default=DocumentStatus.OPEN.value, index=True)
    version: Mapped[int] = mapped_column(Integer, default=1)

    vendor_no: Mapped[str | None] = mapped_column(ForeignKey("vendor.vendor_no"), index=True)
    pay_to_vendor_no: Mapped[str | None] = mapped_column(ForeignKey("vendor.vendor_no"))
    seller_name: Mapped[str | None] = mapped_column(String(200))
    vendor_document_no: Mapped[str | None] = mapped_column(String(35))
    vendor_document_key: Mapped[str | None] = mapped_column(String(70))
    order_reference: Mapped[str | None] = mapped_column(String(50))

    document_date: Mapped[date | None]
    posting_date: Mapped[date | None]
    vat_date: Mapped[date | None]
    due_date: Mapped[date | None]
    payment_terms: Mapped[str | None] = mapped_column(String(20))
    currency_code: Mapped[str | None] = mapped_column(String(3))
    exchange_rate: Mapped[Decimal | None] = mapped_column(Exact(18, 9))
    prices_include_vat: Mapped[bool] = mapped_column(default=False)
    invoice_discount_percent: Mapped[Decimal | None] = mapped_column(Exact(9, 5))
    invoice_discount_amount: Mapped[Decimal | None] = mapped_column(Exact(19, 4))

    total_gross_stated: Mapped[Decimal | None] = mapped_column(Exact(19, 4))
    total_vat_stated: Mapped[Decimal | None] = mapped_column(Exact(19, 4))
    payment_iban: Mapped[str | None] = mapped_column(String(34))
    payment_reference: Mapped[str | None] = mapped_column(String(140))
    on_hold: Mapped[str | None] = mapped_column(String(100))

    posted_no: Mapped[str | None] = mapped_column(String(20))
    created_by: Mapped[str] = mapped_column(String(50))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    modified_by: Mapped[str] = mapped_column(String(50))
    modified_at: Mapped[datetime] = mapped_column(UtcDateTime())

    lines: Mapped[list[PurchaseLine]] = relationship(
        back_populates="document", order_by="PurchaseLine.line_no", cascade="all, delete-orphan"
    )
    vat_amounts: Mapped[list[PurchaseVatAmount]] = relationship(cascade="all, delete-orphan")


class PurchaseLine(Base):
    """One line of a purchase document.

    The line amount is `quantity × unit_cost`, rounded, minus `discount_amount` if there is one, else minus
    `discount_percent` of it (PO-60). `source_ref` is opaque here: it tells the layer that made the draft
    which part of the vendor's document the line came from. `proposal` is the ground on which the account was
    proposed, None once a person chose it.
    """

    __tablename__ = "purchase_line"
    __table_args__ = (
        UniqueConstraint("document_id", "line_no"),
        CheckConstraint("type IN ('account', 'item', 'charge', 'comment')", name="type"),
    )

    id: Mapped[BigId]
    document_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("purchase_document.id", ondelete="CASCADE"), index=True
    )
    line_no: Mapped[int] = mapped_column(Integer)
    type: Mapped[str] = mapped_column(String(10))
    no: Mapped[str | None] = mapped_column(String(20))
    description: Mapped[str] = mapped_column(String(250), default="")
    quantity: Mapped[Quantity] = mapped_column(default=Decimal(0))
    unit: Mapped[str | None] = mapped_column(String(10))
    unit_cost: Mapped[UnitCost] = mapped_column(default=Decimal(0))
    discount_percent: Mapped[Percent] = mapped_column(default=Decimal(0))
    discount_amount: Mapped[Decimal | None] = mapped_column(Exact(19, 4))
    vat_product: Mapped[str | None] = mapped_column(String(20))
    allow_invoice_discount: Mapped[bool] = mapped_column(default=True)
    source_ref: Mapped[str | None] = mapped_column(String(50))
    proposal: Mapped[str | None] = mapped_column(Text)

    document: Mapped[PurchaseDocument] = relationship(back_populates="lines")


class PurchaseVatAmount(Base):
    """The VAT of one VAT identifier as the vendor's document states it, taken over for ours (PO-66)."""

    __tablename__ = "purchase_vat_amount"
    __table_args__ = (UniqueConstraint("document_id", "vat_identifier"),)

    id: Mapped[BigId]
    document_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("purchase_document.id", ondelete="CASCADE"), index=True
    )
    vat_identifier: Mapped[str] = mapped_column(String(20))
    amount: Mapped[Amount]
