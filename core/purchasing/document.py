"""Purchase documents before posting: header, lines, kinds and status.

An invoice or credit memo changes until it is posted. Its row then stays, as `posted`, so that whoever comes
second is told the number it was posted under (PO-162); people only see the posted document. An order or
return order posts in parts and is deleted when all of it is invoiced (PU-78).
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
    """What a purchase document is (§1)."""

    INVOICE = "invoice"
    CREDIT_MEMO = "credit_memo"
    ORDER = "order"
    QUOTE = "quote"
    RETURN_ORDER = "return_order"

    @property
    def goes_back(self) -> bool:
        """Whether goods and money move from us to the vendor: every sign of an invoice is turned (PO-110)."""
        return self in (DocumentKind.CREDIT_MEMO, DocumentKind.RETURN_ORDER)

    @property
    def posts_in_parts(self) -> bool:
        """Whether it is received and invoiced bit by bit; the others post whole (PU-74, PU-87)."""
        return self in (DocumentKind.ORDER, DocumentKind.RETURN_ORDER)


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

    `discount_is_stale`: lines changed after an invoice discount was typed (PU-53). `dimensions` is a set in
    the form of `core/master/dimensions.py`. `corrects_no` is the posted document that this one takes back;
    with `is_cancellation` the whole of it (PU-124, PU-134). `repeat_reason`: the vendor really uses this
    document number twice; it counts once a second person has agreed (PU-172).
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
    discount_is_stale: Mapped[bool] = mapped_column(default=False)

    quote_no: Mapped[str | None] = mapped_column(String(20))
    order_date: Mapped[date | None]
    requested_receipt_date: Mapped[date | None]
    promised_receipt_date: Mapped[date | None]
    expected_receipt_date: Mapped[date | None]
    vendor_shipment_no: Mapped[str | None] = mapped_column(String(35))
    purchaser_code: Mapped[str | None] = mapped_column(String(20))
    location_code: Mapped[str] = mapped_column(String(10), default="")
    dimensions: Mapped[str | None] = mapped_column(String(250))
    sell_to_customer_no: Mapped[str | None] = mapped_column(String(20))
    ship_to_code: Mapped[str | None] = mapped_column(String(10))
    occurrence: Mapped[int] = mapped_column(default=1)
    restored_version: Mapped[int | None]
    is_combined: Mapped[bool] = mapped_column(default=False)
    corrects_no: Mapped[str | None] = mapped_column(String(20))
    is_cancellation: Mapped[bool] = mapped_column(default=False)
    repeat_reason: Mapped[str | None] = mapped_column(String(250))
    repeat_approved_by: Mapped[str | None] = mapped_column(String(50))

    posted_no: Mapped[str | None] = mapped_column(String(20))
    created_by: Mapped[str] = mapped_column(String(50))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    modified_by: Mapped[str] = mapped_column(String(50))
    modified_at: Mapped[datetime] = mapped_column(UtcDateTime())

    lines: Mapped[list[PurchaseLine]] = relationship(
        back_populates="document", order_by="PurchaseLine.line_no", cascade="all, delete-orphan"
    )
    vat_amounts: Mapped[list[PurchaseVatAmount]] = relationship(cascade="all, delete-orphan")
    applications: Mapped[list[PurchaseApplication]] = relationship(
        order_by="PurchaseApplication.id", cascade="all, delete-orphan"
    )


class PurchaseLine(Base):
    """One line of a purchase document.

    The line amount is `quantity × unit_cost`, rounded, minus `discount_amount` if there is one, else minus
    `discount_percent` of it (PO-60). `source_ref` is opaque here: it tells the layer that made the draft
    which part of the vendor's document the line came from. `proposal` is the ground on which the account was
    proposed, None once a person chose it.

    Quantities are in the line's unit, of which `units_per_unit` base units make one, frozen when the unit was
    chosen (PU-23). `quantity_received` and `quantity_invoiced` are what was posted, `qty_to_receive` and
    `qty_to_invoice` what the next posting takes (PU-71); on a return order *received* means shipped.
    `expected_cost` (local currency) and `invoice_discount_invoiced` are what receipts and invoices of the
    line carried so far (PO-88, PU-54). `own_invoice_discount`, when given, stands in for a share of the
    header's invoice discount: it came along with a receipt (PU-94). `receipt_no`: the line invoices a posted
    receipt or return shipment (PU-94). `source_no` and `source_line_no`: the posted document line that this
    one takes back or copies.
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

    units_per_unit: Mapped[Quantity] = mapped_column(default=Decimal(1))
    variant_code: Mapped[str | None] = mapped_column(String(10))
    location_code: Mapped[str] = mapped_column(String(10), default="")
    dimensions: Mapped[str | None] = mapped_column(String(250))
    is_system: Mapped[bool] = mapped_column(default=False)

    quantity_received: Mapped[Quantity] = mapped_column(default=Decimal(0))
    quantity_invoiced: Mapped[Quantity] = mapped_column(default=Decimal(0))
    qty_to_receive: Mapped[Quantity] = mapped_column(default=Decimal(0))
    qty_to_invoice: Mapped[Quantity] = mapped_column(default=Decimal(0))
    expected_cost: Mapped[Amount] = mapped_column(default=Decimal(0))
    invoice_discount_invoiced: Mapped[Amount] = mapped_column(default=Decimal(0))
    own_invoice_discount: Mapped[Decimal | None] = mapped_column(Exact(19, 4))
    closed_reason: Mapped[str | None] = mapped_column(String(250))

    order_date: Mapped[date | None]
    requested_receipt_date: Mapped[date | None]
    promised_receipt_date: Mapped[date | None]
    planned_receipt_date: Mapped[date | None]
    expected_receipt_date: Mapped[date | None]

    over_receipt_code: Mapped[str | None] = mapped_column(String(20))
    over_receipt_quantity: Mapped[Quantity] = mapped_column(default=Decimal(0))
    over_receipt_state: Mapped[str | None] = mapped_column(String(10))
    over_receipt_by: Mapped[str | None] = mapped_column(String(50))

    receipt_no: Mapped[str | None] = mapped_column(String(20))
    receipt_line_no: Mapped[int | None]
    order_no: Mapped[str | None] = mapped_column(String(20))
    order_line_no: Mapped[int | None]
    source_no: Mapped[str | None] = mapped_column(String(20))
    source_line_no: Mapped[int | None]
    applies_to_item_entry_no: Mapped[int | None] = mapped_column(BigInteger)
    return_reason_code: Mapped[str | None] = mapped_column(String(20))

    purchasing_code: Mapped[str | None] = mapped_column(String(20))
    drop_shipment: Mapped[bool] = mapped_column(default=False)
    special_order: Mapped[bool] = mapped_column(default=False)
    sales_order_no: Mapped[str | None] = mapped_column(String(20), index=True)
    sales_line_no: Mapped[int | None]

    document: Mapped[PurchaseDocument] = relationship(back_populates="lines")
    assignments: Mapped[list[ChargeAssignment]] = relationship(
        order_by="ChargeAssignment.id", cascade="all, delete-orphan"
    )


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


class PurchaseApplication(Base):
    """An open vendor entry that a credit memo is applied to, up to `amount` if one is given (PU-137)."""

    __tablename__ = "purchase_application"
    __table_args__ = (UniqueConstraint("document_id", "vendor_entry_no"),)

    id: Mapped[BigId]
    document_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("purchase_document.id", ondelete="CASCADE"), index=True
    )
    vendor_entry_no: Mapped[int] = mapped_column(BigInteger)
    amount: Mapped[Decimal | None] = mapped_column(Exact(19, 4))


class ChargeTarget(StrEnum):
    """Where an item charge can be put: a posted line, or a line of the same document (PU-98)."""

    RECEIPT = "receipt"
    RETURN_SHIPMENT = "return_shipment"
    INVOICE = "invoice"
    DOCUMENT = "document"


class ChargeAssignment(Base):
    """So much of the quantity of a charge line goes to one target line (PO-103).

    `target_no` is the posted document's number, None for a line of the same document. `invoiced_quantity` is
    what earlier partial invoices of the charge line have put there.
    """

    __tablename__ = "charge_assignment"

    id: Mapped[BigId]
    line_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("purchase_line.id", ondelete="CASCADE"), index=True
    )
    target: Mapped[str] = mapped_column(String(20))
    target_no: Mapped[str | None] = mapped_column(String(20))
    target_line_no: Mapped[int]
    quantity: Mapped[Quantity]
    invoiced_quantity: Mapped[Quantity] = mapped_column(default=Decimal(0))


class PurchaseComment(Base):
    """A dated remark on a document, or on one of its lines (PU-190)."""

    __tablename__ = "purchase_comment"

    id: Mapped[BigId]
    document_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("purchase_document.id", ondelete="CASCADE"), index=True
    )
    line_no: Mapped[int | None]
    commented_on: Mapped[date]
    commented_by: Mapped[str] = mapped_column(String(50))
    text: Mapped[str] = mapped_column(Text)
