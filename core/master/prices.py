"""Purchase prices, line discounts and invoice discount terms, and which of them counts (PU-42 to PU-50)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Amount, Base, BigId, Percent, Quantity, UnitCost
from core.money import ZERO, round_to
from core.work import Work

HUNDRED = Decimal(100)


class PurchasePrice(Base):
    """What an item costs at a pay-to vendor. An empty variant, currency (local) or unit fits every one.

    The minimum is in the unit, or in base units when there is none (PU-43). A price contains VAT when the
    vendor's card says that his prices do.
    """

    __tablename__ = "purchase_price"
    __table_args__ = (Index("ix_purchase_price_key", "vendor_no", "item_no"),)

    id: Mapped[BigId]
    item_no: Mapped[str] = mapped_column(ForeignKey("item.item_no"))
    vendor_no: Mapped[str] = mapped_column(ForeignKey("vendor.vendor_no"))
    variant_code: Mapped[str | None] = mapped_column(String(10))
    currency_code: Mapped[str | None] = mapped_column(String(3))
    unit: Mapped[str | None] = mapped_column(String(10))
    minimum_quantity: Mapped[Quantity] = mapped_column(default=Decimal(0))
    starting_date: Mapped[date | None]
    ending_date: Mapped[date | None]
    unit_cost: Mapped[UnitCost]


class PurchaseDiscount(Base):
    """A line discount on an item at a pay-to vendor, in percent, with the same keys as a price."""

    __tablename__ = "purchase_discount"
    __table_args__ = (Index("ix_purchase_discount_key", "vendor_no", "item_no"),)

    id: Mapped[BigId]
    item_no: Mapped[str] = mapped_column(ForeignKey("item.item_no"))
    vendor_no: Mapped[str] = mapped_column(ForeignKey("vendor.vendor_no"))
    variant_code: Mapped[str | None] = mapped_column(String(10))
    currency_code: Mapped[str | None] = mapped_column(String(3))
    unit: Mapped[str | None] = mapped_column(String(10))
    minimum_quantity: Mapped[Quantity] = mapped_column(default=Decimal(0))
    starting_date: Mapped[date | None]
    ending_date: Mapped[date | None]
    percent: Mapped[Percent]


class InvoiceDiscountTerms(Base):
    """From `minimum_amount` on: a percentage off the invoice and a service charge (PU-49).

    `code` is a vendor number. Amounts are in `currency_code`, None being the local currency.
    """

    __tablename__ = "invoice_discount_terms"

    id: Mapped[BigId]
    code: Mapped[str] = mapped_column(String(20), index=True)
    currency_code: Mapped[str | None] = mapped_column(String(3))
    minimum_amount: Mapped[Amount] = mapped_column(default=Decimal(0))
    discount_percent: Mapped[Percent] = mapped_column(default=Decimal(0))
    service_charge: Mapped[Amount] = mapped_column(default=Decimal(0))


@dataclass(frozen=True, slots=True)
class Wanted:
    """The line that a price is looked for. `on` is the date that decides (PU-42)."""

    item_no: str
    variant_code: str | None
    unit: str | None
    units_per_unit: Decimal
    quantity: Decimal
    on: date


@dataclass(frozen=True, slots=True)
class PriceTerms:
    """The document that a price is looked for.

    `rate` is local units per unit of the document's currency, None when there is none: local prices then do
    not count. The two flags say whether the vendor's prices and those of the document contain VAT.
    """

    currency_code: str | None
    rate: Decimal | None
    vendor_includes_vat: bool
    document_includes_vat: bool
    precision: Decimal

    def converted(
        self, price: Decimal, *, is_local: bool, factor: Decimal, vat_percent: Decimal, includes_vat: bool
    ) -> Decimal | None:
        """A price in the unit of the line and the currency of the document, with or without VAT (PU-44)."""
        if is_local and self.currency_code is not None:
            if not self.rate:
                return None
            price = price / self.rate
        price = price * factor
        with_vat = 1 + vat_percent / HUNDRED
        if includes_vat and not self.document_includes_vat:
            price = price / with_vat
        elif self.document_includes_vat and not includes_vat:
            price = price * with_vat
        return round_to(price, self.precision)


@dataclass(frozen=True, slots=True)
class PriceBook:
    """The prices and discounts of one pay-to vendor for some items, read once for a document."""

    prices: Sequence[PurchasePrice] = ()
    discounts: Sequence[PurchaseDiscount] = ()

    def unit_cost(self, wanted: Wanted, terms: PriceTerms, vat_percent: Decimal) -> Decimal | None:
        """The price for this line, None without one: the best level, then the lowest, then the latest
        (PU-45). A price of 0 is no price.
        """
        best: tuple[tuple[bool, bool], Decimal, date] | None = None
        for row in self.prices:
            if row.unit_cost == ZERO or not _fits(row, wanted, terms):
                continue
            cost = terms.converted(
                row.unit_cost,
                is_local=row.currency_code is None,
                factor=wanted.units_per_unit if row.unit is None else Decimal(1),
                vat_percent=vat_percent,
                includes_vat=terms.vendor_includes_vat,
            )
            if cost is None:
                continue
            found = (_level(row), -cost, row.starting_date or date.min)
            best = max(best, found) if best else found
        return -best[1] if best else None

    def line_discount(self, wanted: Wanted, terms: PriceTerms) -> Decimal:
        """The highest percentage of the best level, 0 without one (PU-47)."""
        fitting = [(_level(row), row.percent) for row in self.discounts if _fits(row, wanted, terms)]
        return max(fitting)[1] if fitting else ZERO


def read_price_book(work: Work, vendor_no: str | None, item_nos: Iterable[str]) -> PriceBook:
    """The prices and discounts of a pay-to vendor for these items: two queries, however many lines."""
    items = sorted(set(item_nos))
    if vendor_no is None or not items:
        return PriceBook()
    prices = select(PurchasePrice).where(
        PurchasePrice.vendor_no == vendor_no, PurchasePrice.item_no.in_(items)
    )
    discounts = select(PurchaseDiscount).where(
        PurchaseDiscount.vendor_no == vendor_no, PurchaseDiscount.item_no.in_(items)
    )
    return PriceBook(tuple(work.session.scalars(prices)), tuple(work.session.scalars(discounts)))


def discount_terms(work: Work, code: str, currency_code: str | None) -> list[InvoiceDiscountTerms]:
    """The bands of a code in a currency by their minimum; without any, those in local currency (PU-49)."""
    rows = list(
        work.session.scalars(
            select(InvoiceDiscountTerms)
            .where(InvoiceDiscountTerms.code == code)
            .order_by(InvoiceDiscountTerms.minimum_amount, InvoiceDiscountTerms.id)
        )
    )
    own = [row for row in rows if row.currency_code == currency_code]
    return own or [row for row in rows if row.currency_code is None]


def _fits(row: PurchasePrice | PurchaseDiscount, wanted: Wanted, terms: PriceTerms) -> bool:
    """Whether a record is a candidate whose minimum is reached (PU-42, PU-43)."""
    reached = abs(wanted.quantity) if row.unit is not None else abs(wanted.quantity * wanted.units_per_unit)
    return (
        row.item_no == wanted.item_no
        and row.variant_code in (None, wanted.variant_code)
        and row.currency_code in (None, terms.currency_code)
        and row.unit in (None, wanted.unit)
        and (row.starting_date is None or row.starting_date <= wanted.on)
        and (row.ending_date is None or row.ending_date >= wanted.on)
        and row.minimum_quantity <= reached
    )


def _level(row: PurchasePrice | PurchaseDiscount) -> tuple[bool, bool]:
    """The variant counts before the currency (PU-45)."""
    return row.variant_code is not None, row.currency_code is not None
