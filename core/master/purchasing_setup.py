"""Small tables that purchasing looks things up in: locations, purchasers, charges, codes, closed periods."""

from __future__ import annotations

from datetime import date

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, Percent
from core.work import Work


class Location(Base):
    """A place where goods lie. The blank code is a place of its own and needs no row (PU-29)."""

    __tablename__ = "location"

    code: Mapped[str] = mapped_column(String(10), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    is_in_transit: Mapped[bool] = mapped_column(default=False)
    blocked: Mapped[bool] = mapped_column(default=False)


class Purchaser(Base):
    """Who buys. Blocked for privacy, nothing is posted under the name (PU-16)."""

    __tablename__ = "purchaser"

    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    email: Mapped[str | None] = mapped_column(String(100))
    privacy_blocked: Mapped[bool] = mapped_column(default=False)


class ItemCharge(Base):
    """A cost on top of goods: freight, insurance, duty. Its groups decide its accounts (PO-45)."""

    __tablename__ = "item_charge"

    charge_no: Mapped[str] = mapped_column(String(20), primary_key=True)
    description: Mapped[str] = mapped_column(String(250))
    general_product: Mapped[str | None] = mapped_column(String(20))
    vat_product: Mapped[str | None] = mapped_column(String(20))


class OverReceiptCode(Base):
    """How much more than ordered may be received, in percent of the ordered quantity (PU-82)."""

    __tablename__ = "over_receipt_code"

    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    description: Mapped[str] = mapped_column(String(100))
    tolerance_percent: Mapped[Percent]
    approval_required: Mapped[bool] = mapped_column(default=False)


class ReturnReason(Base):
    """Why goods go back; it can say from where (PU-142)."""

    __tablename__ = "return_reason"

    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    description: Mapped[str] = mapped_column(String(100))
    location_code: Mapped[str | None] = mapped_column(String(10))


class PurchasingCode(Base):
    """What a purchasing code on a sales line asks for: one of the two, never both (PU-106)."""

    __tablename__ = "purchasing_code"

    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    description: Mapped[str] = mapped_column(String(100))
    drop_shipment: Mapped[bool] = mapped_column(default=False)
    special_order: Mapped[bool] = mapped_column(default=False)


class InventoryPeriod(Base):
    """Stock values up to `ending_date` are final once it is closed (PO-21, PO-105)."""

    __tablename__ = "inventory_period"

    ending_date: Mapped[date] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(50))
    closed: Mapped[bool] = mapped_column(default=False)


def closed_until(work: Work) -> date | None:
    """The last day of the latest closed inventory period, None when all are open."""
    return work.session.scalar(
        select(InventoryPeriod.ending_date)
        .where(InventoryPeriod.closed)
        .order_by(InventoryPeriod.ending_date.desc())
        .limit(1)
    )
