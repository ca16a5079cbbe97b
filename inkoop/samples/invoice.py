"""An invented invoice: who, what, when, and sums that hold together because they are never typed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from inkoop.samples.company import Address, Language

VatCategory = Literal["S", "K", "AE"]
"""UNCL 5305: standard or reduced rate, supply within the EU without VAT, reverse charge."""

CENT = Decimal("0.01")
HUNDRED = Decimal(100)


def to_cents(amount: Decimal) -> Decimal:
    """Round to two decimals, half away from zero."""
    return amount.quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Party:
    """A seller or a buyer. A buyer often shows no more than its name, address and VAT id."""

    name: str
    address: Address
    vat_id: str
    legal_id: str
    iban: str
    bic: str
    phone: str
    email: str
    tax_number: str | None = None


@dataclass(frozen=True, slots=True)
class SampleLine:
    """One line. `unit` is a UN/ECE code; `unit_price` is before the discount.

    Price and amount are with VAT when the invoice says so (`SampleInvoice.prices_include_vat`).
    """

    description: str
    quantity: Decimal
    unit: str
    unit_price: Decimal
    vat_rate: Decimal
    item_id: str | None = None
    discount_percent: Decimal = Decimal(0)
    vat_category: VatCategory = "S"

    @property
    def amount(self) -> Decimal:
        """Quantity times price less the discount, to the cent."""
        return to_cents(self.quantity * self.unit_price * (1 - self.discount_percent / HUNDRED))


@dataclass(frozen=True, slots=True)
class VatGroup:
    """The lines of one category and rate: their sum without VAT and the VAT on that sum (BG-23)."""

    category: VatCategory
    rate: Decimal
    net: Decimal
    vat: Decimal


@dataclass(frozen=True, slots=True)
class SampleInvoice:
    """An invoice or a credit note; amounts are positive on both.

    `preceding_invoice` is the invoice that a credit note corrects. Nothing has been paid in advance, so the
    amount due is the total.
    """

    language: Language
    document_type: Literal["invoice", "credit_note"]
    invoice_number: str
    issue_date: date
    due_date: date
    payment_terms_days: int
    seller: Party
    buyer: Party
    lines: tuple[SampleLine, ...]
    customer_no: str
    currency_code: str = "EUR"
    delivery_date: date | None = None
    order_reference: str | None = None
    payment_reference: str | None = None
    preceding_invoice: str | None = None
    prices_include_vat: bool = False

    @property
    def vat_breakdown(self) -> tuple[VatGroup, ...]:
        """One group per category and rate, the highest rate first; VAT is rounded once per group (BR-CO-17).

        With prices that include VAT the sum with VAT is what is certain, and the net follows from it.
        """
        sums: dict[tuple[Decimal, VatCategory], Decimal] = {}
        for line in self.lines:
            key = (line.vat_rate, line.vat_category)
            sums[key] = sums.get(key, Decimal(0)) + line.amount
        groups = []
        for (rate, category), total in sorted(sums.items(), reverse=True):
            net = without_vat(total, rate) if self.prices_include_vat else total
            vat = total - net if self.prices_include_vat else to_cents(total * rate / HUNDRED)
            groups.append(VatGroup(category, rate, net, vat))
        return tuple(groups)

    @property
    def total_net(self) -> Decimal:
        """The sum without VAT (BT-109)."""
        return sum((group.net for group in self.vat_breakdown), Decimal(0))

    @property
    def total_vat(self) -> Decimal:
        """The VAT (BT-110)."""
        return sum((group.vat for group in self.vat_breakdown), Decimal(0))

    @property
    def total_gross(self) -> Decimal:
        """The sum with VAT (BT-112), which is also the amount due (BT-115)."""
        return self.total_net + self.total_vat


def without_vat(amount: Decimal, rate: Decimal) -> Decimal:
    """What is left of an amount with VAT when the VAT is taken out, to the cent."""
    return to_cents(amount / (1 + rate / HUNDRED))
