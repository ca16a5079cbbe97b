"""VAT setups: what rate and which accounts apply between a vendor and a product (PO-32)."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, String, select
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, Percent
from core.work import Work


class Calculation(StrEnum):
    """How the VAT of a line comes about."""

    NORMAL = "normal"
    REVERSE_CHARGE = "reverse_charge"
    FULL = "full"


class VatCategory(StrEnum):
    """The VAT category codes of EN 16931 (BT-151, UNCL 5305)."""

    STANDARD = "S"
    ZERO = "Z"
    EXEMPT = "E"
    REVERSE_CHARGE = "AE"
    INTRA_COMMUNITY = "K"
    EXPORT = "G"
    OUTSIDE_SCOPE = "O"
    CANARY_ISLANDS = "L"
    CEUTA_MELILLA = "M"


class VatPostingSetup(Base):
    """One VAT business group times one VAT product group.

    Setups with the same `identifier` have the same percent and calculation. `percent` 21 is 21 %.
    """

    __tablename__ = "vat_posting_setup"
    __table_args__ = (
        CheckConstraint("calculation IN ('normal', 'reverse_charge', 'full')", name="calculation"),
    )

    vat_business: Mapped[str] = mapped_column(String(20), primary_key=True)
    vat_product: Mapped[str] = mapped_column(String(20), primary_key=True)
    identifier: Mapped[str] = mapped_column(String(20))
    calculation: Mapped[str] = mapped_column(String(20))
    percent: Mapped[Percent]
    nondeductible_percent: Mapped[Percent] = mapped_column(default=Decimal(0))
    input_account: Mapped[str | None] = mapped_column(ForeignKey("account.account_no"))
    output_account: Mapped[str | None] = mapped_column(ForeignKey("account.account_no"))
    reverse_account: Mapped[str | None] = mapped_column(ForeignKey("account.account_no"))
    adjust_for_payment_discount: Mapped[bool] = mapped_column(Boolean, default=False)
    en16931_category: Mapped[str] = mapped_column(String(2))
    blocked: Mapped[bool] = mapped_column(Boolean, default=False)


def category_for(calculation: str, percent: Decimal) -> VatCategory:
    """The category code that a setup stands for unless it names another."""
    if calculation == Calculation.REVERSE_CHARGE:
        return VatCategory.REVERSE_CHARGE
    if calculation == Calculation.NORMAL and percent == 0:
        return VatCategory.ZERO
    return VatCategory.STANDARD


def find_vat_setup(work: Work, vat_business: str, vat_product: str) -> VatPostingSetup | None:
    """The setup of these two groups."""
    return work.session.get(VatPostingSetup, (vat_business, vat_product))


def vat_setups(work: Work, vat_business: str) -> dict[str, VatPostingSetup]:
    """The setups of a VAT business group by VAT product group, in the order of the product groups."""
    rows = work.session.scalars(
        select(VatPostingSetup)
        .where(VatPostingSetup.vat_business == vat_business)
        .order_by(VatPostingSetup.vat_product)
    )
    return {row.vat_product: row for row in rows}


def vat_product_for(work: Work, vat_business: str, rate: Decimal) -> str | None:
    """The VAT product group that stands for a rate printed on a document, for drafts.

    A vendor whose every setup reverses the charge prints 0; then it is the group of the highest rate, which
    a person can change. Among several groups the first by name that deducts all VAT.
    """
    usable = [setup for setup in vat_setups(work, vat_business).values() if not setup.blocked]
    exact = [s for s in usable if s.calculation == Calculation.NORMAL and s.percent == rate]
    if exact:
        return min(exact, key=lambda s: (s.nondeductible_percent, s.vat_product)).vat_product
    reverse = [s for s in usable if s.calculation == Calculation.REVERSE_CHARGE]
    if not reverse:
        return None
    if rate == 0:
        return max(reverse, key=lambda s: s.percent).vat_product
    same_rate = [s for s in reverse if s.percent == rate]
    return same_rate[0].vat_product if same_rate else None
