"""Posting groups and setups: which account an amount goes to (PO-30, PO-31)."""

from __future__ import annotations

from sqlalchemy import Boolean, ForeignKey, String, select
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base
from core.work import Work

ANY = ""
"""As business group or location in a setup: the row serves every one that has no row of its own."""


class VendorPostingGroup(Base):
    """The accounts that follow from what kind of vendor it is (PO-31)."""

    __tablename__ = "vendor_posting_group"

    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    payables: Mapped[str | None] = mapped_column(ForeignKey("account.account_no"))
    payment_discount: Mapped[str | None] = mapped_column(ForeignKey("account.account_no"))
    payment_tolerance: Mapped[str | None] = mapped_column(ForeignKey("account.account_no"))
    discount_tolerance: Mapped[str | None] = mapped_column(ForeignKey("account.account_no"))
    invoice_rounding: Mapped[str | None] = mapped_column(ForeignKey("account.account_no"))
    service_charge: Mapped[str | None] = mapped_column(ForeignKey("account.account_no"))


class GeneralPostingSetup(Base):
    """The accounts of one general product group, for one general business group or for `ANY` (PO-30)."""

    __tablename__ = "general_posting_setup"

    general_business: Mapped[str] = mapped_column(String(20), primary_key=True)
    general_product: Mapped[str] = mapped_column(String(20), primary_key=True)
    blocked: Mapped[bool] = mapped_column(Boolean, default=False)
    purchase: Mapped[str | None] = mapped_column(ForeignKey("account.account_no"))
    purchase_credit_memo: Mapped[str | None] = mapped_column(ForeignKey("account.account_no"))
    line_discount: Mapped[str | None] = mapped_column(ForeignKey("account.account_no"))
    invoice_discount: Mapped[str | None] = mapped_column(ForeignKey("account.account_no"))
    direct_cost_applied: Mapped[str | None] = mapped_column(ForeignKey("account.account_no"))
    overhead_applied: Mapped[str | None] = mapped_column(ForeignKey("account.account_no"))
    purchase_variance: Mapped[str | None] = mapped_column(ForeignKey("account.account_no"))
    inventory_adjustment: Mapped[str | None] = mapped_column(ForeignKey("account.account_no"))
    accrual_interim: Mapped[str | None] = mapped_column(ForeignKey("account.account_no"))
    cogs: Mapped[str | None] = mapped_column(ForeignKey("account.account_no"))
    cogs_interim: Mapped[str | None] = mapped_column(ForeignKey("account.account_no"))
    sales: Mapped[str | None] = mapped_column(ForeignKey("account.account_no"))


class InventoryPostingSetup(Base):
    """The stock accounts of one inventory group, at one location or at `ANY` (PO-31)."""

    __tablename__ = "inventory_posting_setup"

    location_code: Mapped[str] = mapped_column(String(10), primary_key=True)
    inventory_group: Mapped[str] = mapped_column(String(20), primary_key=True)
    blocked: Mapped[bool] = mapped_column(Boolean, default=False)
    inventory: Mapped[str | None] = mapped_column(ForeignKey("account.account_no"))
    interim: Mapped[str | None] = mapped_column(ForeignKey("account.account_no"))


def find_vendor_group(work: Work, code: str) -> VendorPostingGroup | None:
    """The vendor posting group with this code."""
    return work.session.get(VendorPostingGroup, code)


def general_setups(work: Work) -> dict[tuple[str, str], GeneralPostingSetup]:
    """All general posting setups by (business, product)."""
    rows = work.session.scalars(select(GeneralPostingSetup))
    return {(row.general_business, row.general_product): row for row in rows}


def inventory_setups(work: Work) -> dict[tuple[str, str], InventoryPostingSetup]:
    """All inventory posting setups by (location, group)."""
    rows = work.session.scalars(select(InventoryPostingSetup))
    return {(row.location_code, row.inventory_group): row for row in rows}
