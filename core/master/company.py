"""The company whose books these are: its currency, its open period, its tolerances."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Amount, Base, Percent, UnitCost
from core.work import Work


class DiscountPosting(StrEnum):
    """Which discounts get an account of their own (PO-48, PU-40)."""

    NONE = "none"
    LINE = "line"
    INVOICE = "invoice"
    ALL = "all"

    @property
    def posts_line_discount(self) -> bool:
        """Whether line discounts are posted apart."""
        return self in (DiscountPosting.LINE, DiscountPosting.ALL)

    @property
    def posts_invoice_discount(self) -> bool:
        """Whether invoice discounts are posted apart."""
        return self in (DiscountPosting.INVOICE, DiscountPosting.ALL)


class AveragePeriod(StrEnum):
    """How long the purchases of an average-cost item are averaged (PO-98)."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class AverageScope(StrEnum):
    """What is averaged together: all stock of an item, or each variant at each location (PO-98)."""

    ITEM = "item"
    ITEM_LOCATION_VARIANT = "item_location_variant"


class VatDateSource(StrEnum):
    """Which date decides the VAT period of a document unless somebody types one (PO-75)."""

    POSTING_DATE = "posting_date"
    DOCUMENT_DATE = "document_date"


class Company(Base):
    """The one row of settings that the bookkeeper keeps; how the process runs is a setting elsewhere.

    Percentages are percents (21 is 21 %), amounts are in local currency.
    """

    __tablename__ = "company"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(100))
    address: Mapped[str | None] = mapped_column(String(100))
    post_code: Mapped[str | None] = mapped_column(String(20))
    city: Mapped[str | None] = mapped_column(String(60))
    country_code: Mapped[str] = mapped_column(String(2))
    vat_id: Mapped[str | None] = mapped_column(String(20))
    legal_id: Mapped[str | None] = mapped_column(String(30))
    gln: Mapped[str | None] = mapped_column(String(13))
    phone: Mapped[str | None] = mapped_column(String(30))
    email: Mapped[str | None] = mapped_column(String(100))
    language: Mapped[str] = mapped_column(String(2))
    time_zone: Mapped[str] = mapped_column(String(40))

    local_currency: Mapped[str] = mapped_column(String(3))
    amount_rounding: Mapped[Amount]
    unit_amount_rounding: Mapped[UnitCost]
    allow_posting_from: Mapped[date | None]
    allow_posting_to: Mapped[date | None]
    allow_vat_date_from: Mapped[date | None]
    allow_vat_date_to: Mapped[date | None]
    vat_date_source: Mapped[str] = mapped_column(String(15))
    discount_posting: Mapped[str] = mapped_column(String(10))
    invoice_rounding_enabled: Mapped[bool]
    invoice_rounding_precision: Mapped[Amount]
    prices_include_vat: Mapped[bool]

    max_vat_difference: Mapped[Amount]
    nondeductible_in_item_cost: Mapped[bool]
    adjust_for_payment_discount: Mapped[bool]
    rounding_limit: Mapped[Amount]

    vendor_document_no_mandatory: Mapped[bool]
    payment_discount_base: Mapped[str] = mapped_column(String(10))
    payment_tolerance_percent: Mapped[Percent]
    payment_tolerance_max: Mapped[Amount]
    discount_grace_days: Mapped[int]

    receipt_on_invoice: Mapped[bool]
    drop_shipment_sales_invoice_first: Mapped[bool]
    exact_cost_reversing_mandatory: Mapped[bool]
    debit_default_account: Mapped[str | None] = mapped_column(String(20))
    credit_default_account: Mapped[str | None] = mapped_column(String(20))

    automatic_cost_posting: Mapped[bool]
    automatic_cost_adjustment: Mapped[str] = mapped_column(String(10))
    expected_cost_to_gl: Mapped[bool]
    average_cost_period: Mapped[str] = mapped_column(String(10))
    prevent_negative: Mapped[bool]

    location_mandatory: Mapped[bool] = mapped_column(default=False)
    return_shipment_on_credit_memo: Mapped[bool] = mapped_column(default=True)
    receive_remainder: Mapped[bool] = mapped_column(default=True)
    calculate_invoice_discount: Mapped[bool] = mapped_column(default=False)
    invoice_discount_per_vat: Mapped[bool] = mapped_column(default=False)
    account_quantity_one: Mapped[bool] = mapped_column(default=False)
    copy_comments: Mapped[bool] = mapped_column(default=True)
    copy_number_to_payment_reference: Mapped[bool] = mapped_column(default=False)
    archive_quotes: Mapped[str] = mapped_column(String(10), default="never")
    archive_orders: Mapped[bool] = mapped_column(default=False)
    allow_deletion_before: Mapped[date | None]
    apply_between_currencies: Mapped[bool] = mapped_column(default=False)
    check_posting_date: Mapped[bool] = mapped_column(default=False)
    default_over_receipt_code: Mapped[str | None] = mapped_column(String(20))
    no_posting_date: Mapped[bool] = mapped_column(default=False)
    average_cost_scope: Mapped[str] = mapped_column(
        String(25), default=AverageScope.ITEM_LOCATION_VARIANT.value
    )

    @property
    def discounts(self) -> DiscountPosting:
        """Which discounts are posted apart."""
        return DiscountPosting(self.discount_posting)

    @property
    def cent(self) -> Decimal:
        """The smallest amount of the local currency, without surplus zeros."""
        return self.amount_rounding.normalize()


def find_company(work: Work) -> Company | None:
    """The company, or None while there are no books yet."""
    return work.session.get(Company, 1)


def get_company(work: Work) -> Company:
    """The company of these books. Without books it is a program error to ask."""
    company = find_company(work)
    assert company is not None, "there are no books yet"
    return company
