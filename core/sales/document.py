"""Customers, sales orders and sales invoices, as far as they make purchases real (PU-104)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Amount, Base, BigId, Exact, Percent, Quantity, UnitCost, UtcDateTime


class CustomerBlock(StrEnum):
    """What a customer is blocked for."""

    NONE = "none"
    SHIP = "ship"
    INVOICE = "invoice"
    ALL = "all"


class CustomerPostingGroup(Base):
    """The receivables account of a kind of customer (PO-31)."""

    __tablename__ = "customer_posting_group"

    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    receivables: Mapped[str | None] = mapped_column(ForeignKey("account.account_no"))


class Customer(Base):
    """A customer card."""

    __tablename__ = "customer"
    __table_args__ = (CheckConstraint("blocked IN ('none', 'ship', 'invoice', 'all')", name="blocked"),)

    customer_no: Mapped[str] = mapped_column(String(20), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    address: Mapped[str | None] = mapped_column(String(100))
    post_code: Mapped[str | None] = mapped_column(String(20))
    city: Mapped[str | None] = mapped_column(String(60))
    country_code: Mapped[str | None] = mapped_column(String(2))
    vat_id: Mapped[str | None] = mapped_column(String(30))
    posting_group: Mapped[str | None] = mapped_column(ForeignKey("customer_posting_group.code"))
    general_business: Mapped[str | None] = mapped_column(String(20))
    vat_business: Mapped[str | None] = mapped_column(String(20))
    payment_terms: Mapped[str | None] = mapped_column(ForeignKey("payment_terms.code"))
    currency_code: Mapped[str | None] = mapped_column(String(3))
    blocked: Mapped[str] = mapped_column(String(10), default=CustomerBlock.NONE.value)

    addresses: Mapped[list[ShipToAddress]] = relationship(
        order_by="ShipToAddress.code", cascade="all, delete-orphan"
    )


class ShipToAddress(Base):
    """Another place where a customer receives goods."""

    __tablename__ = "ship_to_address"

    customer_no: Mapped[str] = mapped_column(ForeignKey("customer.customer_no"), primary_key=True)
    code: Mapped[str] = mapped_column(String(10), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    address: Mapped[str | None] = mapped_column(String(100))
    post_code: Mapped[str | None] = mapped_column(String(20))
    city: Mapped[str | None] = mapped_column(String(60))
    country_code: Mapped[str | None] = mapped_column(String(2))


class SalesKind(StrEnum):
    """What an unposted sales document is."""

    ORDER = "order"
    INVOICE = "invoice"


class SalesStatus(StrEnum):
    """How far a sales document is. A posted invoice stays as `posted`; a finished order is deleted."""

    OPEN = "open"
    RELEASED = "released"
    POSTED = "posted"


class SalesLineType(StrEnum):
    """What a line sells. A comment has text only."""

    ACCOUNT = "account"
    ITEM = "item"
    COMMENT = "comment"


class SalesDocument(Base):
    """Header of a sales order or sales invoice that is not posted yet. `currency_code` None is local.

    Without a customer goods only leave at their cost, as over a counter: such a document charges nothing.
    """

    __tablename__ = "sales_document"
    __table_args__ = (
        UniqueConstraint("kind", "document_no"),
        CheckConstraint("kind IN ('order', 'invoice')", name="kind"),
        CheckConstraint("status IN ('open', 'released', 'posted')", name="status"),
    )

    id: Mapped[BigId]
    kind: Mapped[str] = mapped_column(String(10))
    document_no: Mapped[str] = mapped_column(String(20))
    status: Mapped[str] = mapped_column(String(10), default=SalesStatus.OPEN.value)
    version: Mapped[int] = mapped_column(default=1)
    customer_no: Mapped[str | None] = mapped_column(ForeignKey("customer.customer_no"), index=True)
    ship_to_code: Mapped[str | None] = mapped_column(String(10))
    document_date: Mapped[date]
    posting_date: Mapped[date]
    due_date: Mapped[date | None]
    payment_terms: Mapped[str | None] = mapped_column(String(20))
    currency_code: Mapped[str | None] = mapped_column(String(3))
    exchange_rate: Mapped[Decimal | None] = mapped_column(Exact(18, 9))
    prices_include_vat: Mapped[bool] = mapped_column(default=False)
    location_code: Mapped[str] = mapped_column(String(10), default="")
    dimensions: Mapped[str | None] = mapped_column(String(250))
    posted_no: Mapped[str | None] = mapped_column(String(20))
    created_by: Mapped[str] = mapped_column(String(50))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    modified_by: Mapped[str] = mapped_column(String(50))
    modified_at: Mapped[datetime] = mapped_column(UtcDateTime())

    lines: Mapped[list[SalesLine]] = relationship(
        back_populates="document", order_by="SalesLine.line_no", cascade="all, delete-orphan"
    )


class SalesLine(Base):
    """One line of a sales document. Quantities are in the line's unit (`units_per_unit` base units each).

    With `drop_shipment` or `special_order` the line is bought for the sale; `purchase_order_no` and
    `purchase_line_no` are where, once it is linked (PU-107, PU-117).
    """

    __tablename__ = "sales_line"
    __table_args__ = (
        UniqueConstraint("document_id", "line_no"),
        CheckConstraint("type IN ('account', 'item', 'comment')", name="type"),
        CheckConstraint("NOT (drop_shipment AND special_order)", name="one_purchasing_code"),
    )

    id: Mapped[BigId]
    document_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("sales_document.id", ondelete="CASCADE"), index=True
    )
    line_no: Mapped[int]
    type: Mapped[str] = mapped_column(String(10))
    no: Mapped[str | None] = mapped_column(String(20))
    description: Mapped[str] = mapped_column(String(250), default="")
    quantity: Mapped[Quantity] = mapped_column(default=Decimal(0))
    unit: Mapped[str | None] = mapped_column(String(10))
    units_per_unit: Mapped[Quantity] = mapped_column(default=Decimal(1))
    variant_code: Mapped[str | None] = mapped_column(String(10))
    location_code: Mapped[str] = mapped_column(String(10), default="")
    dimensions: Mapped[str | None] = mapped_column(String(250))
    unit_price: Mapped[UnitCost] = mapped_column(default=Decimal(0))
    discount_percent: Mapped[Percent] = mapped_column(default=Decimal(0))
    vat_product: Mapped[str | None] = mapped_column(String(20))
    quantity_shipped: Mapped[Quantity] = mapped_column(default=Decimal(0))
    quantity_invoiced: Mapped[Quantity] = mapped_column(default=Decimal(0))
    qty_to_ship: Mapped[Quantity] = mapped_column(default=Decimal(0))
    qty_to_invoice: Mapped[Quantity] = mapped_column(default=Decimal(0))
    requested_delivery_date: Mapped[date | None]
    promised_delivery_date: Mapped[date | None]
    planned_delivery_date: Mapped[date | None]
    shipment_date: Mapped[date | None]
    applies_to_item_entry_no: Mapped[int | None] = mapped_column(BigInteger)
    purchasing_code: Mapped[str | None] = mapped_column(String(20))
    drop_shipment: Mapped[bool] = mapped_column(default=False)
    special_order: Mapped[bool] = mapped_column(default=False)
    purchase_order_no: Mapped[str | None] = mapped_column(String(20), index=True)
    purchase_line_no: Mapped[int | None]

    document: Mapped[SalesDocument] = relationship(back_populates="lines")


class PostedSalesDocument(Base):
    """A posted shipment or sales invoice: immutable. Totals are those of an invoice, else zero."""

    __tablename__ = "posted_sales_document"
    __table_args__ = (
        UniqueConstraint("kind", "posted_no"),
        CheckConstraint("kind IN ('shipment', 'invoice')", name="kind"),
    )

    id: Mapped[BigId]
    kind: Mapped[str] = mapped_column(String(10))
    posted_no: Mapped[str] = mapped_column(String(20), index=True)
    register_no: Mapped[int] = mapped_column(BigInteger, ForeignKey("register.register_no"), index=True)
    order_no: Mapped[str | None] = mapped_column(String(20), index=True)
    customer_no: Mapped[str | None] = mapped_column(ForeignKey("customer.customer_no"), index=True)
    customer_name: Mapped[str | None] = mapped_column(String(100))
    ship_to_code: Mapped[str | None] = mapped_column(String(10))
    document_date: Mapped[date]
    posting_date: Mapped[date]
    due_date: Mapped[date | None]
    currency_code: Mapped[str | None] = mapped_column(String(3))
    exchange_rate: Mapped[Decimal | None] = mapped_column(Exact(18, 9))
    total_net: Mapped[Amount]
    total_vat: Mapped[Amount]
    total_gross: Mapped[Amount]
    dimensions: Mapped[str | None] = mapped_column(String(250))
    posted_by: Mapped[str] = mapped_column(String(50))
    posted_at: Mapped[datetime] = mapped_column(UtcDateTime())

    lines: Mapped[list[PostedSalesLine]] = relationship(
        back_populates="document", order_by="PostedSalesLine.line_no", cascade="save-update, merge"
    )


class PostedSalesLine(Base):
    """One line of a posted shipment or sales invoice. `quantity_invoiced` of a shipment line is a state.

    A shipment line that is undone is followed by its opposite, which says what it corrects and, in
    `register_no`, which register wrote it (PU-86); both count as invoiced.
    """

    __tablename__ = "posted_sales_line"
    __table_args__ = (UniqueConstraint("document_id", "line_no"),)

    id: Mapped[BigId]
    document_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("posted_sales_document.id"), index=True)
    line_no: Mapped[int] = mapped_column(Integer)
    type: Mapped[str] = mapped_column(String(10))
    no: Mapped[str | None] = mapped_column(String(20))
    description: Mapped[str] = mapped_column(String(250))
    quantity: Mapped[Quantity]
    quantity_base: Mapped[Quantity]
    unit: Mapped[str | None] = mapped_column(String(10))
    units_per_unit: Mapped[Quantity]
    variant_code: Mapped[str | None] = mapped_column(String(10))
    location_code: Mapped[str | None] = mapped_column(String(10))
    dimensions: Mapped[str | None] = mapped_column(String(250))
    unit_price: Mapped[UnitCost]
    discount_percent: Mapped[Percent]
    vat_product: Mapped[str | None] = mapped_column(String(20))
    net: Mapped[Amount]
    vat: Mapped[Amount]
    gross: Mapped[Amount]
    quantity_invoiced: Mapped[Quantity] = mapped_column(default=Decimal(0))
    item_entry_no: Mapped[int | None] = mapped_column(BigInteger, index=True)
    order_line_no: Mapped[int | None]
    drop_shipment: Mapped[bool | None]
    corrects_line_no: Mapped[int | None]
    register_no: Mapped[int | None] = mapped_column(BigInteger)

    document: Mapped[PostedSalesDocument] = relationship(back_populates="lines")
