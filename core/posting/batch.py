"""Batch: the entries of one posting, not yet numbered. An unbalanced batch cannot exist (PO-2).

Rows point at each other by their place in the batch (`…_row`), at what is posted already by its number
(`…_entry_no`), and at the document number that they bear by `voucher`, an index into `Batch.vouchers`.
Field names are the columns of the ledgers; `core/posting/rows.py` adds the numbers. Amounts: debit and what
is owed to us positive, so a vendor's invoice is negative; quantities in positive, out negative.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from core.errors import refuse
from core.ledgers.vendor import DetailKind
from core.master.number_series import Purpose
from core.money import ZERO, total

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Voucher:
    """A document number that entries bear, and what they all say about it (PO-15).

    The first voucher of a batch is the main document of the run. `draws_from` is the purpose whose series
    gives the number when the batch is written, last (PO-163); `number` one that is there already: that of a
    posted document which is adjusted, or of a draft that keeps its number (PU-37). `source_type` is vendor,
    customer, item or bank. The business groups are put on rows that have a product group.
    """

    document_type: str
    posting_date: date
    document_date: date
    draws_from: Purpose | None = None
    number: str | None = None
    external_no: str | None = None
    source_type: str | None = None
    source_no: str | None = None
    general_business: str | None = None
    vat_business: str | None = None
    dimensions: str | None = None

    def __post_init__(self) -> None:
        """A number is drawn or there; it cannot be both."""
        assert (self.draws_from is None) != (self.number is None), "a voucher draws its number or has it"


@dataclass(frozen=True, slots=True)
class GLRow:
    """An amount on an account. `value_row` or `value_entry_no` is the stock value that it posts (PO-127).

    `bases_vat_row` is the VAT entry whose base it belongs to (PO-8). Source and dimensions are those of the
    voucher unless they are given.
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
    voucher: int = 0
    dimensions: str | None = None
    source_type: str | None = None
    source_no: str | None = None
    value_entry_no: int | None = None


@dataclass(frozen=True, slots=True)
class VatRow:
    """A VAT entry. `amount` is the deductible part, with the vendor's `difference` in it (PO-66, PO-73).

    `type` is purchase or sale. `vat_date` is the voucher's posting date unless it is given; `source_no` the
    voucher's source.
    """

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
    voucher: int = 0
    type: str = "purchase"
    vat_date: date | None = None
    country_code: str | None = None
    vat_id: str | None = None
    source_no: str | None = None
    dimensions: str | None = None


@dataclass(frozen=True, slots=True)
class VendorRow:
    """A vendor entry with its initial amount; an invoice is negative.

    `open` None: open unless the amount is zero (PO-137). `closed_by_row` is another vendor row of the batch.
    """

    vendor_no: str
    posting_group: str
    description: str
    amount: Decimal
    amount_lcy: Decimal
    due_date: date
    buy_from_vendor_no: str | None = None
    purchase_lcy: Decimal = ZERO
    currency_code: str | None = None
    exchange_rate: Decimal | None = None
    vendor_document_no: str | None = None
    vendor_document_key: str | None = None
    repeat_count: int = 0
    discount_date: date | None = None
    discount_percent: Decimal = ZERO
    discount_amount: Decimal = ZERO
    max_tolerance: Decimal = ZERO
    on_hold: str | None = None
    payment_reference: str | None = None
    payment_iban: str | None = None
    open: bool | None = None
    closed_by_row: int | None = None
    closed_by_entry: int | None = None
    cancelled: bool = False
    dimensions: str | None = None
    voucher: int = 0


@dataclass(frozen=True, slots=True)
class DetailRow:
    """A change of a vendor entry beyond its initial amount: of an old `entry` or of a `vendor_row`.

    Rows with the same `application` belong to one application and get one number for it.
    """

    entry: int | None
    vendor_row: int | None
    kind: DetailKind
    amount: Decimal
    amount_lcy: Decimal
    vendor_no: str
    posting_group: str
    currency_code: str | None
    applied_to_entry: int | None = None
    applied_to_row: int | None = None
    application: int | None = None
    unapplies: bool = False
    voucher: int = 0


@dataclass(frozen=True, slots=True)
class VendorState:
    """What becomes of an old vendor entry; None leaves a state as it is.

    One that is open again is closed by nobody.
    """

    entry_no: int
    open: bool | None = None
    closed_by_row: int | None = None
    closed_by_entry: int | None = None
    cancelled: bool | None = None


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """A customer entry; an invoice is positive."""

    customer_no: str
    posting_group: str
    description: str
    amount: Decimal
    amount_lcy: Decimal
    due_date: date
    currency_code: str | None = None
    exchange_rate: Decimal | None = None
    open: bool | None = None
    dimensions: str | None = None
    voucher: int = 0


@dataclass(frozen=True, slots=True)
class BankRow:
    """A bank entry; money that leaves is negative."""

    bank_code: str
    description: str
    amount: Decimal
    amount_lcy: Decimal
    currency_code: str | None = None
    source_no: str | None = None
    voucher: int = 0


@dataclass(frozen=True, slots=True)
class ItemRow:
    """A movement in base units; `remaining` is what is left of it after the applications of this batch."""

    kind: str
    item_no: str
    quantity: Decimal
    remaining: Decimal
    invoiced_quantity: Decimal
    has_stock: bool
    unit: str | None
    description: str
    line_no: int | None
    location_code: str = ""
    variant_code: str | None = None
    order_no: str | None = None
    order_line_no: int | None = None
    applies_to_entry_no: int | None = None
    applies_to_row: int | None = None
    is_correction: bool | None = None
    drop_shipment: bool | None = None
    source_no: str | None = None
    dimensions: str | None = None
    estimate: Decimal | None = None
    voucher: int = 0


@dataclass(frozen=True, slots=True)
class ApplicationRow:
    """A decrease takes from an increase, each of this batch (`…_row`) or older; negative undoes that."""

    inbound_entry_no: int | None
    inbound_row: int | None
    outbound_row: int | None
    quantity: Decimal
    outbound_entry_no: int | None = None
    is_fixed: bool = False
    is_cost: bool = True
    voucher: int = 0


@dataclass(frozen=True, slots=True)
class ItemState:
    """What is left of an old item entry, and how much of it is invoiced, after this batch.

    `estimate` is the unit cost of what no increase covers (PO-126).
    """

    entry_no: int
    remaining: Decimal
    invoiced_quantity: Decimal
    estimate: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ValueRow:
    """A change of the value of a movement: of this batch (`item_row`) or of an older entry.

    `posted_actual` and `posted_expected` are what of the cost is in the G/L rows of this batch. The general
    business group is the voucher's unless it is given.
    """

    item_entry_no: int | None
    item_row: int | None
    kind: str
    item_no: str
    inventory_group: str | None
    general_product: str | None
    valuation_date: date
    valued_quantity: Decimal
    invoiced_quantity: Decimal
    cost_actual: Decimal
    has_stock: bool
    description: str
    line_no: int | None
    movement_kind: str
    cost_expected: Decimal = ZERO
    posted_actual: Decimal = ZERO
    posted_expected: Decimal = ZERO
    purchase_amount: Decimal = ZERO
    sales_amount: Decimal | None = None
    charge_no: str | None = None
    is_adjustment: bool = False
    location_code: str = ""
    variant_code: str | None = None
    general_business: str | None = None
    source_no: str | None = None
    dimensions: str | None = None
    voucher: int = 0


@dataclass(frozen=True, slots=True)
class CostPostingRow:
    """What a later run brings to the G/L of a value entry that was written without (PO-128)."""

    value_entry_no: int
    actual: Decimal
    expected: Decimal


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line of a posted invoice or credit memo, in the document's currency.

    `receipt_voucher` instead of `receipt_no`: goods of a receipt that this batch writes.
    """

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
    is_system: bool = False
    source_ref: str | None = None
    order_no: str | None = None
    order_line_no: int | None = None
    receipt_no: str | None = None
    receipt_voucher: int | None = None
    receipt_line_no: int | None = None
    source_no: str | None = None
    source_line_no: int | None = None
    units_per_unit: Decimal | None = None
    variant_code: str | None = None
    location_code: str | None = None
    dimensions: str | None = None
    applies_to_item_entry_no: int | None = None
    return_reason_code: str | None = None
    allow_invoice_discount: bool | None = None


@dataclass(frozen=True, slots=True)
class PostedDocumentRow:
    """A posted invoice or credit memo. `draft_id` None: an order, which posts several times.

    Document date, posting date and number are those of its voucher.
    """

    kind: str
    draft_id: int | None
    draft_no: str
    vendor_no: str
    pay_to_vendor_no: str
    vendor_name: str
    vat_date: date
    due_date: date
    prices_include_vat: bool
    total_net: Decimal
    total_vat: Decimal
    total_gross: Decimal
    lines: tuple[LineRow, ...]
    vendor_document_no: str | None = None
    order_reference: str | None = None
    payment_terms: str | None = None
    currency_code: str | None = None
    exchange_rate: Decimal | None = None
    payment_iban: str | None = None
    payment_reference: str | None = None
    order_no: str | None = None
    quote_no: str | None = None
    purchaser_code: str | None = None
    dimensions: str | None = None
    corrects_no: str | None = None
    is_cancellation: bool | None = None
    cancelled_by_no: str | None = None
    voucher: int = 0


@dataclass(frozen=True, slots=True)
class DocumentState:
    """An old posted document is cancelled by the document of a voucher of this batch (PU-124)."""

    kind: str
    posted_no: str
    cancelled_by_voucher: int = 0


@dataclass(frozen=True, slots=True)
class ReceiptLineRow:
    """A line of a posted receipt or return shipment. `item_row` is the movement that it made."""

    line_no: int
    type: str | None
    no: str
    description: str
    quantity: Decimal
    quantity_base: Decimal
    unit: str | None
    quantity_invoiced: Decimal = ZERO
    is_correction: bool = False
    corrects_line_no: int | None = None
    order_no: str | None = None
    order_line_no: int | None = None
    item_row: int | None = None
    units_per_unit: Decimal | None = None
    unit_cost: Decimal | None = None
    discount_percent: Decimal | None = None
    vat_product: str | None = None
    variant_code: str | None = None
    location_code: str | None = None
    dimensions: str | None = None
    return_reason_code: str | None = None
    drop_shipment: bool | None = None


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """A posted receipt or, with `is_return`, return shipment; its number and date are the voucher's.

    `invoice_voucher` is the invoice that came with it, `sales_shipment_voucher` the drop shipment (PU-111).
    """

    vendor_no: str
    lines: tuple[ReceiptLineRow, ...]
    voucher: int
    order_no: str | None = None
    invoice_voucher: int | None = None
    is_return: bool | None = None
    pay_to_vendor_no: str | None = None
    currency_code: str | None = None
    prices_include_vat: bool | None = None
    vat_business: str | None = None
    vendor_shipment_no: str | None = None
    sales_shipment_voucher: int | None = None
    dimensions: str | None = None


@dataclass(frozen=True, slots=True)
class ReceiptCorrectionRow:
    """A line added to an old receipt or return shipment: the opposite of one that is undone (PU-84)."""

    receipt_id: int
    line: ReceiptLineRow


@dataclass(frozen=True, slots=True)
class ReceiptState:
    """How much of an old receipt line is invoiced now, and whether it is undone; None leaves it as it is."""

    line_id: int
    quantity_invoiced: Decimal | None = None
    is_correction: bool | None = None


@dataclass(frozen=True, slots=True)
class SalesLineRow:
    """A line of a posted shipment or sales invoice. `item_row` or `item_entry_no` is its movement."""

    line_no: int
    type: str
    no: str | None
    description: str
    quantity: Decimal
    quantity_base: Decimal
    unit: str | None
    units_per_unit: Decimal
    unit_price: Decimal
    discount_percent: Decimal
    vat_product: str | None
    net: Decimal
    vat: Decimal
    gross: Decimal
    quantity_invoiced: Decimal = ZERO
    item_row: int | None = None
    item_entry_no: int | None = None
    order_line_no: int | None = None
    drop_shipment: bool | None = None
    variant_code: str | None = None
    location_code: str | None = None
    dimensions: str | None = None
    corrects_line_no: int | None = None


@dataclass(frozen=True, slots=True)
class SalesDocumentRow:
    """A posted shipment or sales invoice; its number and dates are the voucher's."""

    kind: str
    customer_no: str | None
    customer_name: str | None
    lines: tuple[SalesLineRow, ...]
    voucher: int
    order_no: str | None = None
    ship_to_code: str | None = None
    due_date: date | None = None
    currency_code: str | None = None
    exchange_rate: Decimal | None = None
    total_net: Decimal = ZERO
    total_vat: Decimal = ZERO
    total_gross: Decimal = ZERO
    dimensions: str | None = None


@dataclass(frozen=True, slots=True)
class SalesCorrectionRow:
    """A line added to an old shipment: the opposite of one that is undone (PU-86)."""

    document_id: int
    line: SalesLineRow


@dataclass(frozen=True, slots=True)
class SalesState:
    """How much of an old shipment line is invoiced now."""

    line_id: int
    quantity_invoiced: Decimal


@dataclass(frozen=True, slots=True)
class CommentRow:
    """A remark that travels to the document of a voucher (PU-190)."""

    line_no: int | None
    commented_on: date
    commented_by: str
    text: str
    voucher: int = 0


ItemCosts = Mapping[str, tuple[Decimal | None, Decimal | None]]


@dataclass(frozen=True, slots=True)
class Batch:
    """Everything one posting run writes. Making one whose G/L rows do not add up to zero fails.

    `source` names the kind of run. `item_costs` are unit cost and last direct cost for the item cards
    (PO-125), None where the card keeps what it has. Raises `inconsistent_transaction`: a mistake in the
    program, logged with all rows.
    """

    source: str
    vouchers: tuple[Voucher, ...]
    general: tuple[GLRow, ...] = ()
    vat: tuple[VatRow, ...] = ()
    vendors: tuple[VendorRow, ...] = ()
    details: tuple[DetailRow, ...] = ()
    vendor_states: tuple[VendorState, ...] = ()
    undone_applications: tuple[int, ...] = ()
    customers: tuple[CustomerRow, ...] = ()
    banks: tuple[BankRow, ...] = ()
    items: tuple[ItemRow, ...] = ()
    item_states: tuple[ItemState, ...] = ()
    applications: tuple[ApplicationRow, ...] = ()
    values: tuple[ValueRow, ...] = ()
    cost_postings: tuple[CostPostingRow, ...] = ()
    documents: tuple[PostedDocumentRow, ...] = ()
    document_states: tuple[DocumentState, ...] = ()
    receipts: tuple[ReceiptRow, ...] = ()
    receipt_corrections: tuple[ReceiptCorrectionRow, ...] = ()
    receipt_states: tuple[ReceiptState, ...] = ()
    sales_documents: tuple[SalesDocumentRow, ...] = ()
    sales_corrections: tuple[SalesCorrectionRow, ...] = ()
    sales_states: tuple[SalesState, ...] = ()
    comments: tuple[CommentRow, ...] = ()
    item_costs: ItemCosts = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse to exist out of balance."""
        assert self.vouchers, "entries bear a document number"
        difference = total(row.amount for row in self.general)
        if difference != ZERO:
            document = self.vouchers[0].number or (self.documents[0].draft_no if self.documents else "")
            log.error("inconsistent_transaction %s %s %s", document, difference, self.general)
            raise refuse("inconsistent_transaction", document=document, difference=difference)
