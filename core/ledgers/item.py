"""The item ledger: movements of stock, which increase each decrease took, and what they are worth."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Amount, Base, BigId, Exact, Quantity


class MovementKind(StrEnum):
    """What kind of movement an item entry is (§1.1)."""

    PURCHASE = "purchase"
    SALE = "sale"
    POSITIVE_ADJUSTMENT = "positive_adjustment"
    NEGATIVE_ADJUSTMENT = "negative_adjustment"
    TRANSFER = "transfer"


class ValueKind(StrEnum):
    """What kind of value a value entry is (§1.1)."""

    DIRECT_COST = "direct_cost"
    VARIANCE = "variance"
    REVALUATION = "revaluation"
    ROUNDING = "rounding"
    INDIRECT_COST = "indirect_cost"


class ItemEntry(Base):
    """One physical movement in base units; an increase is positive.

    `remaining_quantity` of an increase is what no decrease has taken yet, of a decrease (negative) what no
    increase covers; `estimate` is the unit cost at which that part is valued (PO-126). `invoiced_quantity`
    rises as invoices come. Those three and `open` are states.
    `applies_to_entry_no` is the entry whose cost this one takes back (PO-100). `drop_shipment` entries
    are never stock: the pair is applied to each other at once (PU-111).
    """

    __tablename__ = "item_entry"
    __table_args__ = (
        Index("ix_item_entry_open", "item_no", "location_code", "open", "posting_date"),
        Index("ix_item_entry_document", "document_no", "posting_date"),
    )

    entry_no: Mapped[BigId] = mapped_column(autoincrement=False)
    register_no: Mapped[int] = mapped_column(BigInteger, ForeignKey("register.register_no"), index=True)
    transaction_no: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str] = mapped_column(String(20))
    item_no: Mapped[str] = mapped_column(ForeignKey("item.item_no"), index=True)
    location_code: Mapped[str] = mapped_column(String(10), default="")
    posting_date: Mapped[date]
    document_type: Mapped[str] = mapped_column(String(20))
    document_no: Mapped[str] = mapped_column(String(20))
    line_no: Mapped[int | None]
    description: Mapped[str] = mapped_column(String(250))
    quantity: Mapped[Quantity]
    remaining_quantity: Mapped[Quantity]
    invoiced_quantity: Mapped[Quantity]
    open: Mapped[bool]
    has_stock: Mapped[bool]
    source_no: Mapped[str | None] = mapped_column(String(20))
    unit: Mapped[str | None] = mapped_column(String(10))
    variant_code: Mapped[str | None] = mapped_column(String(10))
    order_no: Mapped[str | None] = mapped_column(String(20))
    order_line_no: Mapped[int | None]
    applies_to_entry_no: Mapped[int | None] = mapped_column(BigInteger, index=True)
    is_correction: Mapped[bool | None]
    drop_shipment: Mapped[bool | None]
    dimensions: Mapped[str | None] = mapped_column(String(250))
    estimate: Mapped[Decimal | None] = mapped_column(Exact(19, 5))


class ItemApplication(Base):
    """One decrease takes so much of one increase. `is_fixed` names the increase on purpose (PO-100).

    A negative quantity undoes an earlier application of the same pair.
    """

    __tablename__ = "item_application"

    entry_no: Mapped[BigId] = mapped_column(autoincrement=False)
    register_no: Mapped[int] = mapped_column(BigInteger, ForeignKey("register.register_no"), index=True)
    inbound_entry_no: Mapped[int] = mapped_column(BigInteger, ForeignKey("item_entry.entry_no"), index=True)
    outbound_entry_no: Mapped[int] = mapped_column(BigInteger, ForeignKey("item_entry.entry_no"), index=True)
    quantity: Mapped[Quantity]
    posting_date: Mapped[date]
    is_fixed: Mapped[bool] = mapped_column(default=False)
    is_cost: Mapped[bool] = mapped_column(default=True)


class ValueEntry(Base):
    """One change of the value of a movement, in local currency.

    `cost_actual` and `cost_expected` are what stock gains; `posted_actual` and `posted_expected` what of it
    reached the G/L in the same transaction (PO-127); what a later run posts is a `CostPosting`.
    `purchase_amount` and `sales_amount` are the net of the invoice line. An adjustment bears the document of
    the entry that it adjusts (PO-15).
    """

    __tablename__ = "value_entry"
    __table_args__ = (
        Index("ix_value_entry_item_valuation", "item_no", "location_code", "valuation_date"),
        Index("ix_value_entry_document", "document_no", "posting_date"),
    )

    entry_no: Mapped[BigId] = mapped_column(autoincrement=False)
    register_no: Mapped[int] = mapped_column(BigInteger, ForeignKey("register.register_no"), index=True)
    transaction_no: Mapped[int] = mapped_column(BigInteger)
    item_entry_no: Mapped[int] = mapped_column(BigInteger, ForeignKey("item_entry.entry_no"), index=True)
    kind: Mapped[str] = mapped_column(String(15))
    movement_kind: Mapped[str] = mapped_column(String(20))
    item_no: Mapped[str] = mapped_column(ForeignKey("item.item_no"), index=True)
    location_code: Mapped[str] = mapped_column(String(10), default="")
    inventory_group: Mapped[str | None] = mapped_column(String(20))
    general_business: Mapped[str | None] = mapped_column(String(20))
    general_product: Mapped[str | None] = mapped_column(String(20))
    posting_date: Mapped[date]
    valuation_date: Mapped[date]
    document_type: Mapped[str] = mapped_column(String(20))
    document_no: Mapped[str] = mapped_column(String(20))
    line_no: Mapped[int | None]
    description: Mapped[str] = mapped_column(String(250))
    valued_quantity: Mapped[Quantity]
    invoiced_quantity: Mapped[Quantity]
    cost_actual: Mapped[Amount]
    cost_expected: Mapped[Amount] = mapped_column(default=Decimal(0))
    posted_actual: Mapped[Amount]
    posted_expected: Mapped[Amount] = mapped_column(default=Decimal(0))
    purchase_amount: Mapped[Amount] = mapped_column(default=Decimal(0))
    sales_amount: Mapped[Decimal | None] = mapped_column(Exact(19, 4))
    charge_no: Mapped[str | None] = mapped_column(String(20))
    variant_code: Mapped[str | None] = mapped_column(String(10))
    dimensions: Mapped[str | None] = mapped_column(String(250))
    is_adjustment: Mapped[bool] = mapped_column(default=False)
    has_stock: Mapped[bool]
    source_no: Mapped[str | None] = mapped_column(String(20))


class CostPosting(Base):
    """What a run of cost posting brought to the G/L of a value entry that was written without (PO-128)."""

    __tablename__ = "cost_posting"

    register_no: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("register.register_no"), primary_key=True, autoincrement=False
    )
    value_entry_no: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("value_entry.entry_no"), primary_key=True, autoincrement=False, index=True
    )
    actual: Mapped[Amount]
    expected: Mapped[Amount]
