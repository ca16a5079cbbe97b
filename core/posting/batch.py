"""Batch: the entries of one posting, not yet numbered. An unbalanced batch cannot exist (PO-2)."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.errors import refuse
from core.money import ZERO, total

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Heading:
    """What every entry of the batch has in common. `source` names the kind of posting run."""

    source: str
    document_type: str
    document_id: int
    draft_no: str
    posting_date: date
    document_date: date
    vat_date: date
    due_date: date
    vendor_no: str
    vendor_name: str
    pay_to_vendor_no: str
    vendor_document_no: str | None
    vendor_document_key: str | None
    order_reference: str | None
    payment_terms: str | None
    currency_code: str | None
    exchange_rate: Decimal | None
    prices_include_vat: bool
    payment_iban: str | None
    payment_reference: str | None
    general_business: str | None
    vat_business: str
    country_code: str | None
    vat_id: str | None


@dataclass(frozen=True, slots=True)
class GLRow:
    """An amount on an account; debit positive. `value_row` is the stock value that it posts.

    `bases_vat_row` is the VAT entry whose base it belongs to (PO-8).
    """

    account_no: str
    amount: Decimal
    description: str
    line_no: int | None = None
    general_product: str | None = None
    vat_product: str | None = None
    vat_identifier: str | None = None
    value_row: int | None = None
    bases_vat_row: int | None = None


@dataclass(frozen=True, slots=True)
class VatRow:
    """A VAT entry. `amount` is the deductible part, with the vendor's `difference` in it (PO-66, PO-73)."""

    vat_product: str
    identifier: str
    calculation: str
    percent: Decimal
    en16931_category: str
    base: Decimal
    amount: Decimal
    difference: Decimal
    nondeductible_base: Decimal
    nondeductible_amount: Decimal
    line_nos: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class VendorRow:
    """The vendor entry with its initial amount; an invoice is negative."""

    posting_group: str
    description: str
    amount: Decimal
    amount_lcy: Decimal
    purchase_lcy: Decimal
    discount_date: date | None
    discount_percent: Decimal
    discount_amount: Decimal
    on_hold: str | None


@dataclass(frozen=True, slots=True)
class ItemRow:
    """A movement in base units; `remaining` is what is left of it after the applications of this batch."""

    item_no: str
    quantity: Decimal
    remaining: Decimal
    has_stock: bool
    unit: str | None
    description: str
    line_no: int


@dataclass(frozen=True, slots=True)
class ApplicationRow:
    """A decrease of this batch takes from an increase: of this batch (`inbound_row`) or an older entry."""

    inbound_entry_no: int | None
    inbound_row: int | None
    outbound_row: int
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class ValueRow:
    """A change of the value of a movement: of this batch (`item_row`) or of an older entry."""

    item_entry_no: int | None
    item_row: int | None
    kind: str
    item_no: str
    inventory_group: str | None
    general_product: str | None
    valuation_date: date
    valued_quantity: Decimal
    invoiced_quantity: Decimal
    cost: Decimal
    purchase_amount: Decimal
    has_stock: bool
    description: str
    line_no: int | None


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line of the posted document, in the document's currency. `item_no` when it was received."""

    line_no: int
    type: str
    no: str | None
    description: str
    quantity: Decimal
    quantity_base: Decimal
    unit: str | None
    unit_cost: Decimal
    discount_percent: Decimal
    discount_amount: Decimal
    invoice_discount_amount: Decimal
    vat_product: str | None
    vat_identifier: str | None
    vat_percent: Decimal
    net: Decimal
    vat: Decimal
    gross: Decimal
    is_system: bool
    source_ref: str | None
    is_received: bool


@dataclass(frozen=True, slots=True)
class Batch:
    """Everything one posting writes. Making one whose G/L rows do not add up to zero fails.

    Raises `inconsistent_transaction`: a mistake in the program, logged with all rows.
    """

    heading: Heading
    general: tuple[GLRow, ...]
    vat: tuple[VatRow, ...] = ()
    vendor: VendorRow | None = None
    items: tuple[ItemRow, ...] = ()
    applications: tuple[ApplicationRow, ...] = ()
    values: tuple[ValueRow, ...] = ()
    lines: tuple[LineRow, ...] = ()
    total_net: Decimal = ZERO
    total_vat: Decimal = ZERO
    total_gross: Decimal = ZERO
    writes_receipt: bool = False

    def __post_init__(self) -> None:
        """Refuse to exist out of balance."""
        difference = total(row.amount for row in self.general)
        if difference != ZERO:
            log.error("inconsistent_transaction %s %s %s", self.heading.draft_no, difference, self.general)
            raise refuse("inconsistent_transaction", document=self.heading.draft_no, difference=difference)
