"""What a purchase document is to be made of, and what of it is to change: values, no rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any, Final

from core.purchasing.document import (
    DocumentKind,
    LineType,
)


class Unchanged(Enum):
    """Says in a change that a field keeps its value, since None is a value too."""

    UNCHANGED = "unchanged"


UNCHANGED: Final = Unchanged.UNCHANGED


@dataclass(frozen=True, slots=True)
class LineDraft:
    """A line to be made. Give `unit_cost`, or `amount` from which the price is derived.

    Without either, an item line gets the vendor's price, else the item's last cost (PU-42 to PU-46); without
    a discount the vendor's (PU-47). `description`, `unit`, `vat_product` and `allow_invoice_discount` default
    to those of the item, account or charge, dates and location to those of the header. The fields from
    `receipt_no` on say where the line comes from; see `PurchaseLine`.
    """

    type: LineType
    no: str | None = None
    description: str | None = None
    quantity: Decimal = Decimal(1)
    unit_cost: Decimal | None = None
    amount: Decimal | None = None
    unit: str | None = None
    discount_percent: Decimal | None = None
    discount_amount: Decimal | None = None
    own_invoice_discount: Decimal | None = None
    vat_product: str | None = None
    allow_invoice_discount: bool | None = None
    source_ref: str | None = None
    proposal: str | None = None
    variant_code: str | None = None
    location_code: str | None = None
    units_per_unit: Decimal | None = None
    dimensions: str | None = None
    is_system: bool = False
    over_receipt_code: str | None = None
    order_date: date | None = None
    requested_receipt_date: date | None = None
    promised_receipt_date: date | None = None
    planned_receipt_date: date | None = None
    expected_receipt_date: date | None = None
    receipt_no: str | None = None
    receipt_line_no: int | None = None
    order_no: str | None = None
    order_line_no: int | None = None
    source_no: str | None = None
    source_line_no: int | None = None
    applies_to_item_entry_no: int | None = None
    return_reason_code: str | None = None
    purchasing_code: str | None = None
    drop_shipment: bool = False
    special_order: bool = False
    sales_order_no: str | None = None
    sales_line_no: int | None = None


@dataclass(frozen=True, slots=True)
class DocumentDraft:
    """A document to be made. What is None defaults to the vendor's card, or stays open.

    Amounts are in `currency_code` (None: local currency) and positive on a credit memo too. `order_date`
    defaults to the posting date. `is_captured`: it was read from a vendor's document, and what would refuse
    its entry by hand is left to posting (ID-53).
    """

    vendor_no: str | None
    posting_date: date | None
    kind: DocumentKind = DocumentKind.INVOICE
    document_date: date | None = None
    due_date: date | None = None
    vendor_document_no: str | None = None
    seller_name: str | None = None
    order_reference: str | None = None
    payment_terms: str | None = None
    currency_code: str | None = None
    exchange_rate: Decimal | None = None
    prices_include_vat: bool | None = None
    invoice_discount_percent: Decimal | None = None
    invoice_discount_amount: Decimal | None = None
    vat_amounts: Mapping[str, Decimal] = field(default_factory=dict)
    total_gross_stated: Decimal | None = None
    total_vat_stated: Decimal | None = None
    payment_iban: str | None = None
    payment_reference: str | None = None
    on_hold: str | None = None
    vat_date: date | None = None
    quote_no: str | None = None
    order_date: date | None = None
    requested_receipt_date: date | None = None
    promised_receipt_date: date | None = None
    expected_receipt_date: date | None = None
    vendor_shipment_no: str | None = None
    purchaser_code: str | None = None
    location_code: str | None = None
    dimensions: str | None = None
    sell_to_customer_no: str | None = None
    ship_to_code: str | None = None
    is_combined: bool = False
    corrects_no: str | None = None
    is_cancellation: bool = False
    is_captured: bool = False
    lines: tuple[LineDraft, ...] = ()


@dataclass(frozen=True, slots=True)
class HeaderChange:
    """New values for a draft's header; what is UNCHANGED stays."""

    vendor_no: str | Unchanged | None = UNCHANGED
    posting_date: date | Unchanged | None = UNCHANGED
    document_date: date | Unchanged | None = UNCHANGED
    due_date: date | Unchanged | None = UNCHANGED
    vendor_document_no: str | Unchanged | None = UNCHANGED
    order_reference: str | Unchanged | None = UNCHANGED
    payment_terms: str | Unchanged | None = UNCHANGED
    currency_code: str | Unchanged | None = UNCHANGED
    exchange_rate: Decimal | Unchanged | None = UNCHANGED
    prices_include_vat: bool | Unchanged = UNCHANGED
    invoice_discount_percent: Decimal | Unchanged | None = UNCHANGED
    invoice_discount_amount: Decimal | Unchanged | None = UNCHANGED
    vat_amounts: Mapping[str, Decimal] | Unchanged = UNCHANGED
    total_gross_stated: Decimal | Unchanged | None = UNCHANGED
    total_vat_stated: Decimal | Unchanged | None = UNCHANGED
    payment_iban: str | Unchanged | None = UNCHANGED
    payment_reference: str | Unchanged | None = UNCHANGED
    on_hold: str | Unchanged | None = UNCHANGED
    vat_date: date | Unchanged | None = UNCHANGED
    order_date: date | Unchanged | None = UNCHANGED
    requested_receipt_date: date | Unchanged | None = UNCHANGED
    promised_receipt_date: date | Unchanged | None = UNCHANGED
    expected_receipt_date: date | Unchanged | None = UNCHANGED
    vendor_shipment_no: str | Unchanged | None = UNCHANGED
    purchaser_code: str | Unchanged | None = UNCHANGED
    location_code: str | Unchanged = UNCHANGED
    dimensions: str | Unchanged | None = UNCHANGED
    sell_to_customer_no: str | Unchanged | None = UNCHANGED
    ship_to_code: str | Unchanged | None = UNCHANGED


@dataclass(frozen=True, slots=True)
class LineChange:
    """New values for a line.

    An `amount` changes the unit cost, as the vendor's document prints it; a `line_amount` changes the line
    discount (PU-6). Quantity or unit cost change the amount.
    """

    type: LineType | Unchanged = UNCHANGED
    no: str | Unchanged | None = UNCHANGED
    description: str | Unchanged = UNCHANGED
    quantity: Decimal | Unchanged = UNCHANGED
    unit: str | Unchanged | None = UNCHANGED
    unit_cost: Decimal | Unchanged = UNCHANGED
    amount: Decimal | Unchanged = UNCHANGED
    discount_percent: Decimal | Unchanged = UNCHANGED
    vat_product: str | Unchanged | None = UNCHANGED
    allow_invoice_discount: bool | Unchanged = UNCHANGED
    proposal: str | Unchanged | None = UNCHANGED
    line_amount: Decimal | Unchanged = UNCHANGED
    variant_code: str | Unchanged | None = UNCHANGED
    location_code: str | Unchanged = UNCHANGED
    dimensions: str | Unchanged | None = UNCHANGED
    over_receipt_code: str | Unchanged | None = UNCHANGED
    order_date: date | Unchanged | None = UNCHANGED
    requested_receipt_date: date | Unchanged | None = UNCHANGED
    promised_receipt_date: date | Unchanged | None = UNCHANGED
    planned_receipt_date: date | Unchanged | None = UNCHANGED
    expected_receipt_date: date | Unchanged | None = UNCHANGED
    applies_to_item_entry_no: int | Unchanged | None = UNCHANGED
    return_reason_code: str | Unchanged | None = UNCHANGED
    purchasing_code: str | Unchanged | None = UNCHANGED
    drop_shipment: bool | Unchanged = UNCHANGED
    special_order: bool | Unchanged = UNCHANGED


def given_values(change: HeaderChange | LineChange) -> dict[str, Any]:
    """What a change says, by name: what is UNCHANGED is not among it."""
    names = (one.name for one in fields(change))
    return {name: getattr(change, name) for name in names if getattr(change, name) is not UNCHANGED}
