"""Purchase documents before posting: made, changed, released, deleted. Posting is `core/posting`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any, Final

from sqlalchemy import delete, select, update

from core.errors import DomainError, Problem, Term, refuse
from core.hooks import PurchaseDeleted
from core.ledgers.vendor import find_vendor_document
from core.master.company import get_company
from core.master.currencies import amount_rounding
from core.master.number_series import Purpose, number_for
from core.master.payment_terms import find_payment_terms, payment_dates
from core.master.vat import Calculation, find_vat_setup
from core.master.vendors import Vendor, VendorBlock, find_vendor, get_vendor
from core.money import CENT, UNIT_COST, ZERO, round_to, total
from core.purchasing.archive import archive_if_set_up
from core.purchasing.attachments import AttachedTo, delete_attachments
from core.purchasing.dimensions import header_dimensions, line_dimensions, update_lines
from core.purchasing.discounts import put_invoice_discount
from core.purchasing.document import (
    DocumentKind,
    DocumentStatus,
    LineType,
    PurchaseComment,
    PurchaseDocument,
    PurchaseLine,
    PurchaseVatAmount,
    folded_document_no,
)
from core.purchasing.editing import (
    check_change,
    check_deletion,
    release_problems,
    require_header_open,
    require_line_open,
    require_open,
    touch,
)
from core.purchasing.entry import (
    Brought,
    Entry,
    entry_problems,
    new_line,
    put_price,
    put_searched_price,
    read_entry,
    unit_factor,
)
from core.purchasing.pricing import price_for_amount
from core.purchasing.quantities import put_defaults, quantity_problems
from core.purchasing.totals import (
    DocumentTotals,
    TotalsHeader,
    TotalsLine,
    VatTerms,
    compute_totals,
    line_amount,
)
from core.sales.document import SalesDocument, SalesKind, SalesLine
from core.work import Work

DRAFT_NUMBERS = {
    DocumentKind.INVOICE: Purpose.INVOICE,
    DocumentKind.CREDIT_MEMO: Purpose.CREDIT_MEMO,
    DocumentKind.ORDER: Purpose.ORDER,
    DocumentKind.QUOTE: Purpose.QUOTE,
    DocumentKind.RETURN_ORDER: Purpose.RETURN_ORDER,
}
HUNDRED = Decimal(100)
PRICED_BY = frozenset({"type", "no", "variant_code", "unit", "quantity", "location_code"})
"""A change of these looks for the price anew (PU-48)."""
TAXED_BY = frozenset({"quantity", "unit_cost", "discount_percent", "amount", "line_amount", "vat_product"})
"""A change of these computes the VAT anew: a typed VAT amount of the group is gone (PU-41)."""


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


def create_draft(work: Work, draft: DocumentDraft) -> PurchaseDocument:
    """Make a document with its lines; posts nothing.

    Defaults come from the buy-from and the pay-to vendor (PU-12), the due date from the document date
    (PO-135), quantities to post from PU-72. Refuses with `vendor_unknown`, `vendor_blocked`,
    `vendor_privacy_blocked`, `account_unknown`, `item_unknown`, what `entry_problems` names and the series'
    own codes.
    """
    vendor = get_vendor(work, draft.vendor_no) if draft.vendor_no else None
    pay_to = _pay_to(work, vendor)
    if not draft.is_captured:
        _require_usable(vendor, pay_to)
    document = _header(work, draft, vendor, pay_to)
    document.vat_amounts = _vat_amounts(draft.vat_amounts)
    if document.dimensions is None:
        document.dimensions = header_dimensions(work, document)
    entry = read_entry(work, document, [(line.type, line.no) for line in draft.lines])
    document.lines = [
        _entered(work, entry, line, number, is_captured=draft.is_captured)
        for number, line in enumerate(draft.lines, start=1)
    ]
    if entry.company.calculate_invoice_discount:
        put_invoice_discount(work, document)
    document.document_no = number_for(work, DRAFT_NUMBERS[draft.kind], _number_date(work, draft))
    work.session.add(document)
    work.session.flush()
    return document


def get_draft(work: Work, document_id: int) -> PurchaseDocument:
    """The draft with this id, posted or not. An unknown id is a program error."""
    return work.session.get_one(PurchaseDocument, document_id)


def find_draft_by_no(work: Work, document_no: str, kind: DocumentKind) -> PurchaseDocument | None:
    """The draft with the number that people see."""
    return work.session.scalar(
        select(PurchaseDocument).where(
            PurchaseDocument.document_no == document_no, PurchaseDocument.kind == kind.value
        )
    )


def lock_draft(work: Work, document_id: int, version: int | None = None) -> PurchaseDocument:
    """The draft, locked until the end of the transaction and read afresh (PO-161).

    Refuses with `already_posted`, carrying the posted number, and with `stale_document` when `version` is
    older than what is stored (PO-162).
    """
    document = work.session.scalar(
        select(PurchaseDocument)
        .where(PurchaseDocument.id == document_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if document is None:
        raise refuse("document_deleted")
    if document.status == DocumentStatus.POSTED:
        raise refuse("already_posted", document=document.document_no, posted_no=document.posted_no)
    if version is not None and version != document.version:
        raise refuse(
            "stale_document",
            document=document.document_no,
            user=document.modified_by,
            time=document.modified_at,
        )
    return document


def change_header(
    work: Work, document: PurchaseDocument, change: HeaderChange, *, update_line_dimensions: bool = True
) -> None:
    """Put new values on the header of an open draft, dates and the vendor's numbers of a released one too.

    A due date that followed from the old document date and terms follows the new ones; a typed one stays
    (PU-57). Changing the posting date moves neither document date nor due date (ID-68). Another vendor brings
    his terms, purchaser, location and dimensions. Changed dimensions go on to the lines unless the question
    was declined (PU-191). Switching whether prices include VAT converts the unit costs (PU-7).
    Refuses with `status_not_open`, `vendor_blocked`, `vendor_privacy_blocked`, `line_partially_received`,
    `linked_to_sales_order`.
    """
    values = _values(change)
    require_header_open(document, values)
    _check_ties(document, values)
    followed = document.due_date == _due_date(work, document, document.payment_terms, document.document_date)
    if "vendor_no" in values:
        values = _from_vendor(work, values.pop("vendor_no")) | values
    if not isinstance(change.vat_amounts, Unchanged):
        document.vat_amounts = _vat_amounts(change.vat_amounts)
        del values["vat_amounts"]
    if not isinstance(change.currency_code, Unchanged):
        values["currency_code"] = _foreign(work, change.currency_code)
    if values.get("prices_include_vat", document.prices_include_vat) != document.prices_include_vat:
        _convert_prices(work, document)
    if {"invoice_discount_percent", "invoice_discount_amount"} & values.keys():
        _check_invoice_discount(work, document, values)
    dimensions = document.dimensions
    for name, value in values.items():
        setattr(document, name, value)
    if "pay_to_vendor_no" in values and "dimensions" not in values:
        document.dimensions = header_dimensions(work, document)
    if update_line_dimensions:
        update_lines(document, dimensions)
    document.vendor_document_key = folded_document_no(document.vendor_document_no)
    if followed and "due_date" not in values:
        document.due_date = _due_date(work, document, document.payment_terms, document.document_date)
    touch(work, document)


def add_line(work: Work, document: PurchaseDocument, draft: LineDraft) -> PurchaseLine:
    """Append a line to an open draft, or a comment to a released one.

    Refuses with `status_not_open`, `account_unknown`, `item_unknown`, `gl_account_not_usable` and what
    `entry_problems` names.
    """
    return add_lines(work, document, [draft])[0]


def add_lines(work: Work, document: PurchaseDocument, drafts: Sequence[LineDraft]) -> list[PurchaseLine]:
    """Append lines, as `add_line` does each; what they need is looked up once for all of them."""
    for draft in drafts:
        require_line_open(document, draft.type, ())
    lines = put_lines(work, document, drafts)
    touch(work, document)
    return lines


def put_lines(work: Work, document: PurchaseDocument, drafts: Sequence[LineDraft]) -> list[PurchaseLine]:
    """What `add_lines` does once the document may change; the caller notes the change."""
    entry = read_entry(work, document, [(draft.type, draft.no) for draft in drafts])
    last = max((line.line_no for line in document.lines), default=0)
    lines = []
    for number, draft in enumerate(drafts, start=last + 1):
        _require_account(entry, draft.type, draft.no, is_system=draft.is_system)
        line = _entered(work, entry, draft, number, is_captured=draft.source_ref is not None)
        lines.append(line)
        document.lines.append(line)
    _lines_changed(work, document)
    return lines


def change_line(work: Work, document: PurchaseDocument, line_no: int, change: LineChange) -> PurchaseLine:
    """Put new values on a line of an open draft; dates and comments change on a released one too.

    The amount is what quantity and price make of it. Another item, variant, unit, quantity or location looks
    for the price anew (PU-48), except on lines that state the vendor's own price or come from a receipt.
    Another type or number clears the ground of a proposal and brings what the new item or account brings.
    Another quantity puts the quantities to post (PU-72). Refuses with `status_not_open`, `line_unknown`,
    `line_discount_out_of_range`, `account_unknown`, `item_unknown`, `gl_account_not_usable`, and what
    `check_change`, `entry_problems` and `quantity_problems` name.
    """
    line = get_line(document, line_no)
    values = _values(change)
    require_line_open(document, line.type, values)
    _check_percent(line_no, values.get("discount_percent"))
    if "type" in values:
        values["type"] = LineType(values["type"]).value
    before = {name: getattr(line, name) for name in ("type", "no", *PRICED_BY)}
    check_change(work, document, line, values)
    line_type, no = LineType(values.get("type", line.type)), values.get("no", line.no)
    entry = read_entry(work, document, [(line_type, no)])
    with work.session.no_autoflush:
        _put_values(work, entry, line, values)
        changed = {name for name, value in before.items() if getattr(line, name) != value}
        _require_valid(entry, line, changed)
        _follow(work, entry, line, values, changed)
    if TAXED_BY & values.keys():
        _forget_vat_amount(work, document, line)
    _lines_changed(work, document)
    touch(work, document)
    return line


def delete_line(work: Work, document: PurchaseDocument, line_no: int) -> None:
    """Take a line off an open draft, or a comment off a released one; the others keep their numbers.

    A link to a sales line goes with it (PU-109), the line's comments too. Refuses with `status_not_open`,
    `line_unknown`, `received_not_invoiced` (PU-80).
    """
    line = get_line(document, line_no)
    require_line_open(document, line.type, ())
    check_deletion(line)
    _unlink_sales(work, [line])
    work.session.execute(
        delete(PurchaseComment).where(
            PurchaseComment.document_id == document.id, PurchaseComment.line_no == line_no
        )
    )
    document.lines.remove(line)
    _lines_changed(work, document)
    touch(work, document)


def delete_draft(work: Work, document: PurchaseDocument, *, archive_too: bool = False) -> None:
    """Delete a document that is not posted, and tell whoever is linked to it (PU-101, ID-85).

    A version of it is kept as the setup says; `archive_too` answers the question it may ask (PU-63).

    Refuses with `already_posted`, `approval_pending`, `received_not_invoiced` (PU-80) and, for a released
    order, quote or return order, with `status_not_open`: reopen it first (§4.3).
    """
    if document.status == DocumentStatus.POSTED:
        raise refuse("already_posted", document=document.document_no, posted_no=document.posted_no)
    if document.status == DocumentStatus.PENDING_APPROVAL:
        raise refuse("approval_pending", document=document.document_no)
    if document.kind not in (DocumentKind.INVOICE, DocumentKind.CREDIT_MEMO):
        require_open(document, "document")
    for line in document.lines:
        check_deletion(line)
    archive_if_set_up(work, document, "deletion", confirmed=archive_too)
    remove_document(work, document)


def remove_document(work: Work, document: PurchaseDocument) -> None:
    """Take a document and all that hangs on it away, unconditionally: after a conversion, a last posting."""
    _unlink_sales(work, document.lines)
    work.session.execute(delete(PurchaseComment).where(PurchaseComment.document_id == document.id))
    delete_attachments(work, AttachedTo(document.kind), [document.document_no])
    work.session.delete(document)
    work.session.flush()
    work.hooks.raise_event(work, PurchaseDeleted(document.id))


def release(work: Work, document: PurchaseDocument) -> None:
    """Clear a draft for posting (PU-66); releasing a released one does nothing.

    Refuses with `approval_pending`, `nothing_to_release`, `unit_missing`, `location_missing`,
    `variant_missing`, all of them together.
    """
    if document.status == DocumentStatus.RELEASED:
        return
    if document.status == DocumentStatus.POSTED:
        require_open(document, "status")
    problems = find_release_problems(work, document)
    if problems:
        raise DomainError(problems)
    if get_company(work).calculate_invoice_discount:
        put_invoice_discount(work, document)
    document.status = DocumentStatus.RELEASED.value
    touch(work, document)


def calculate_invoice_discount(work: Work, document: PurchaseDocument) -> None:
    """Put the vendor's invoice discount and service charge on an open document (PU-49 to PU-53).

    With *Calc. Inv. Discount* on it happens by itself with every change and at release. Refuses with
    `status_not_open` and `posting_setup_missing`.
    """
    require_open(document, "invoice_discount_percent")
    document.discount_is_stale = True
    put_invoice_discount(work, document)
    touch(work, document)


def find_release_problems(work: Work, document: PurchaseDocument) -> list[Problem]:
    """What `release` would refuse with (PU-66); posting an open document asks the same (PU-68)."""
    entry = read_entry(work, document, [(LineType(line.type), line.no) for line in document.lines])
    return release_problems(entry.company, document, entry.items)


def reopen(work: Work, document: PurchaseDocument) -> None:
    """Make a released draft editable again, received quantities kept (PU-67). An open one stays as it is."""
    if document.status == DocumentStatus.OPEN:
        return
    if document.status == DocumentStatus.PENDING_APPROVAL:
        raise refuse("approval_pending", document=document.document_no)
    if document.status == DocumentStatus.POSTED:
        raise refuse("already_posted", document=document.document_no, posted_no=document.posted_no)
    document.status = DocumentStatus.OPEN.value
    touch(work, document)


def get_line(document: PurchaseDocument, line_no: int) -> PurchaseLine:
    """The line with this number. Refuses with `line_unknown`."""
    for line in document.lines:
        if line.line_no == line_no:
            return line
    raise refuse("line_unknown", line_no=line_no, document=document.document_no)


def entry_notices(work: Work, document: PurchaseDocument) -> list[Problem]:
    """What a clerk should know about the lines without being stopped: goods that may only go back (PU-20)."""
    entry = read_entry(work, document, [(LineType(line.type), line.no) for line in document.lines])
    return [
        problem
        for line in document.lines
        if line.no is not None
        for problem in entry_problems(entry, line, entry.brought(LineType(line.type), line.no))
        if problem.severity != "error"
    ]


def priced_lines(document: PurchaseDocument) -> list[PurchaseLine]:
    """The lines that carry amounts: all but the comments."""
    return [line for line in document.lines if line.type != LineType.COMMENT]


def document_totals(work: Work, document: PurchaseDocument) -> DocumentTotals:
    """The draft added up, in its currency; `lines` go with `priced_lines(document)`.

    A line whose VAT setup is missing counts without VAT here; posting refuses it by name.
    """
    vendor = find_vendor(work, document.pay_to_vendor_no)
    business = vendor.vat_business if vendor else None
    lines = [totals_line(line, vat_terms(work, business, line)) for line in priced_lines(document)]
    return compute_totals(totals_header(work, document), lines)


def totals_header(work: Work, document: PurchaseDocument) -> TotalsHeader:
    """What of the draft's header counts for its totals."""
    return TotalsHeader(
        prices_include_vat=document.prices_include_vat,
        invoice_discount_percent=document.invoice_discount_percent,
        invoice_discount_amount=document.invoice_discount_amount,
        vat_amounts={row.vat_identifier: row.amount for row in document.vat_amounts},
        precision=amount_rounding(work, document.currency_code),
    )


def totals_line(line: PurchaseLine, vat: VatTerms) -> TotalsLine:
    """What of a draft's line counts for its totals."""
    return TotalsLine(
        quantity=line.quantity,
        unit_cost=line.unit_cost,
        vat=vat,
        discount_percent=line.discount_percent,
        discount_amount=line.discount_amount,
        allow_invoice_discount=line.allow_invoice_discount,
        invoice_discount=line.own_invoice_discount,
    )


def vat_terms(work: Work, vat_business: str | None, line: PurchaseLine) -> VatTerms:
    """How a line is taxed for this vendor; without a VAT setup: not at all, under the identifier `?`."""
    if vat_business and line.vat_product:
        setup = find_vat_setup(work, vat_business, line.vat_product)
        if setup is not None:
            return VatTerms(setup.identifier, Calculation(setup.calculation), setup.percent)
    return VatTerms("?", Calculation.NORMAL, ZERO)


def amount_of(line: PurchaseLine, precision: Decimal = CENT) -> Decimal:
    """The line amount after line discount, as the lines grid shows it (PO-60)."""
    return line_amount(totals_line(line, VatTerms("?", Calculation.NORMAL, ZERO)), precision)


def same_vendor_document(work: Work, document: PurchaseDocument) -> list[PurchaseDocument]:
    """Other drafts of the pay-to vendor with the same kind and vendor document number (PU-103)."""
    if document.vendor_document_key is None or document.pay_to_vendor_no is None:
        return []
    return list(
        work.session.scalars(
            select(PurchaseDocument).where(
                PurchaseDocument.pay_to_vendor_no == document.pay_to_vendor_no,
                PurchaseDocument.kind == document.kind,
                PurchaseDocument.vendor_document_key == document.vendor_document_key,
                PurchaseDocument.id != document.id,
                PurchaseDocument.status != DocumentStatus.POSTED.value,
            )
        )
    )


def _pay_to(work: Work, vendor: Vendor | None) -> Vendor | None:
    """One hop only: the pay-to vendor's own pay-to is ignored (PU-12)."""
    if vendor is None or vendor.pay_to_vendor_no is None:
        return vendor
    return get_vendor(work, vendor.pay_to_vendor_no)


def require_usable_vendors(work: Work, document: PurchaseDocument) -> None:
    """Whether a document of these vendors may be made, copied, converted: `vendor_blocked` (PU-13)."""
    _require_usable(find_vendor(work, document.vendor_no), find_vendor(work, document.pay_to_vendor_no))


def _require_usable(*vendors: Vendor | None) -> None:
    """Whether documents may be made for these vendors: both are tested (PU-13)."""
    for vendor in vendors:
        if vendor is not None and vendor.blocked == VendorBlock.ALL:
            raise refuse("vendor_blocked", field="vendor_no", no=vendor.vendor_no, name=vendor.name)
        if vendor is not None and vendor.privacy_blocked:
            raise refuse("vendor_privacy_blocked", field="vendor_no", no=vendor.vendor_no, name=vendor.name)


def _header(
    work: Work, draft: DocumentDraft, vendor: Vendor | None, pay_to: Vendor | None
) -> PurchaseDocument:
    """The header of a new document, without its number."""
    document_date = draft.document_date or draft.posting_date or work.today
    terms = draft.payment_terms or (pay_to.payment_terms if pay_to else None)
    document = PurchaseDocument(
        kind=draft.kind.value,
        status=DocumentStatus.OPEN.value,
        version=1,
        vendor_no=vendor.vendor_no if vendor else None,
        pay_to_vendor_no=pay_to.vendor_no if pay_to else None,
        seller_name=draft.seller_name or (vendor.name if vendor else None),
        vendor_document_no=draft.vendor_document_no,
        vendor_document_key=folded_document_no(draft.vendor_document_no),
        order_reference=draft.order_reference,
        document_date=document_date,
        posting_date=_posting_date(work, draft),
        vat_date=draft.vat_date,
        payment_terms=terms,
        currency_code=_foreign(work, draft.currency_code or (pay_to.currency_code if pay_to else None)),
        exchange_rate=draft.exchange_rate,
        prices_include_vat=_prices_include_vat(work, draft, pay_to),
        invoice_discount_percent=draft.invoice_discount_percent,
        invoice_discount_amount=draft.invoice_discount_amount,
        discount_is_stale=False,
        total_gross_stated=draft.total_gross_stated,
        total_vat_stated=draft.total_vat_stated,
        payment_iban=draft.payment_iban,
        payment_reference=draft.payment_reference,
        on_hold=draft.on_hold,
        quote_no=draft.quote_no,
        order_date=draft.order_date or draft.posting_date or work.today,
        requested_receipt_date=draft.requested_receipt_date,
        promised_receipt_date=draft.promised_receipt_date,
        expected_receipt_date=draft.expected_receipt_date,
        vendor_shipment_no=draft.vendor_shipment_no,
        purchaser_code=draft.purchaser_code or (vendor.purchaser_code if vendor else None),
        location_code=_location(draft.location_code, vendor),
        dimensions=draft.dimensions,
        sell_to_customer_no=draft.sell_to_customer_no,
        ship_to_code=draft.ship_to_code,
        is_combined=draft.is_combined,
        corrects_no=draft.corrects_no,
        is_cancellation=draft.is_cancellation,
        created_by=work.actor.user_no,
        created_at=work.now,
        modified_by=work.actor.user_no,
        modified_at=work.now,
    )
    document.due_date = draft.due_date or _due_date(work, document, terms, document_date)
    return document


def _posting_date(work: Work, draft: DocumentDraft) -> date | None:
    """The work date, or none until somebody fills it in: *Default Posting Date* (§3.1)."""
    if draft.posting_date is not None or get_company(work).no_posting_date:
        return draft.posting_date
    return work.today


def _location(typed: str | None, vendor: Vendor | None) -> str:
    if typed is not None:
        return typed
    return (vendor.location_code if vendor else None) or ""


def _number_date(work: Work, draft: DocumentDraft) -> date:
    return draft.posting_date or draft.order_date or work.today


def _from_vendor(work: Work, vendor_no: str | None) -> dict[str, object]:
    """What another vendor brings (PU-12). The currency stays: it is that of the amounts on the lines."""
    vendor = get_vendor(work, vendor_no) if vendor_no else None
    pay_to = _pay_to(work, vendor)
    if vendor is None or pay_to is None:
        return {"vendor_no": None, "pay_to_vendor_no": None}
    return {
        "vendor_no": vendor.vendor_no,
        "pay_to_vendor_no": pay_to.vendor_no,
        "payment_terms": pay_to.payment_terms,
        "purchaser_code": vendor.purchaser_code,
        "location_code": vendor.location_code or "",
    }


def _due_date(
    work: Work, document: PurchaseDocument, terms: str | None, document_date: date | None
) -> date | None:
    """Counted from the document date (PO-135); unknown until there is one."""
    if document_date is None:
        return None
    is_credit = DocumentKind(document.kind).goes_back
    return payment_dates(find_payment_terms(work, terms), document_date, is_credit=is_credit).due_date


def due_date_of(work: Work, document: PurchaseDocument) -> date | None:
    """The due date by the document's terms and document date (PU-55)."""
    return _due_date(work, document, document.payment_terms, document.document_date)


def _check_ties(document: PurchaseDocument, values: Mapping[str, object]) -> None:
    """A vendor or currency stays once goods came in, a customer while lines are bought for his order."""
    for name in ("vendor_no", "currency_code"):
        is_changed = name in values and values[name] != getattr(document, name)
        received = next((line for line in document.lines if line.quantity_received != ZERO), None)
        if is_changed and received is not None:
            told = {"field": Term(f"field_{name}"), "line": received.line_no}
            raise DomainError([Problem("line_partially_received", told, field=name)])
    if values.get("sell_to_customer_no", document.sell_to_customer_no) != document.sell_to_customer_no:
        linked = next((line for line in document.lines if line.sales_order_no is not None), None)
        if linked is not None:
            raise DomainError([_linked(linked)])


def _linked(line: PurchaseLine) -> Problem:
    values = {
        "field": Term("field_sell_to_customer_no"),
        "order": line.sales_order_no,
        "line": line.sales_line_no,
    }
    return Problem("linked_to_sales_order", values, field="sell_to_customer_no")


def _convert_prices(work: Work, document: PurchaseDocument) -> None:
    """Move the unit costs to the other side of VAT, each by its own rate (PU-7)."""
    pay_to = find_vendor(work, document.pay_to_vendor_no)
    precision = get_company(work).unit_amount_rounding
    for line in priced_lines(document):
        terms = vat_terms(work, pay_to.vat_business if pay_to else None, line)
        if terms.calculation != Calculation.NORMAL:
            continue
        factor = 1 + terms.percent / HUNDRED
        cost = line.unit_cost / factor if document.prices_include_vat else line.unit_cost * factor
        line.unit_cost = round_to(cost, precision)


def _check_invoice_discount(work: Work, document: PurchaseDocument, values: dict[str, object]) -> None:
    """A typed discount takes the place of the other kind; `invoice_discount_too_large` (PU-53)."""
    amount = values.get("invoice_discount_amount")
    if isinstance(amount, Decimal):
        values.setdefault("invoice_discount_percent", None)
        precision = amount_rounding(work, document.currency_code)
        base = total(amount_of(line, precision) for line in priced_lines(document) if _discountable(line))
        if abs(amount) > abs(base) or amount * base < ZERO:
            raise refuse("invoice_discount_too_large", field="invoice_discount_amount", amount=base)
    elif isinstance(values.get("invoice_discount_percent"), Decimal):
        values.setdefault("invoice_discount_amount", None)
    document.discount_is_stale = False


def _discountable(line: PurchaseLine) -> bool:
    return line.allow_invoice_discount and not line.is_system


def _foreign(work: Work, currency_code: str | None) -> str | None:
    """The local currency is stored as none (ID-48)."""
    return None if currency_code == get_company(work).local_currency else currency_code


def _prices_include_vat(work: Work, draft: DocumentDraft, pay_to: Vendor | None) -> bool:
    if draft.prices_include_vat is not None:
        return draft.prices_include_vat
    return get_company(work).prices_include_vat or (pay_to is not None and pay_to.prices_include_vat)


def _vat_amounts(amounts: Mapping[str, Decimal]) -> list[PurchaseVatAmount]:
    return [PurchaseVatAmount(vat_identifier=key, amount=amount) for key, amount in sorted(amounts.items())]


def _values(change: HeaderChange | LineChange) -> dict[str, Any]:
    names = (one.name for one in fields(change))
    return {name: getattr(change, name) for name in names if getattr(change, name) is not UNCHANGED}


def _entered(work: Work, entry: Entry, draft: LineDraft, line_no: int, *, is_captured: bool) -> PurchaseLine:
    """A new line with its quantities to post. Refuses with what `entry_problems` names."""
    _check_percent(line_no, draft.discount_percent)
    line, brought = new_line(entry, draft, line_no)
    if draft.dimensions is None:
        _put_dimensions(work, entry, line)
    put_defaults(entry.kind, line, receive_remainder=entry.company.receive_remainder)
    if not is_captured:
        _raise_errors(entry_problems(entry, line, brought))
    return line


def _put_dimensions(work: Work, entry: Entry, line: PurchaseLine) -> None:
    """What header, item or account and location bring (PU-191); most books ask nothing of most lines."""
    if line.type == LineType.COMMENT:
        line.dimensions = None
    elif entry.dimensioned.isdisjoint((line.no or "", line.location_code)):
        line.dimensions = entry.document.dimensions
    else:
        line.dimensions = line_dimensions(work, entry.document.dimensions, line)


def _raise_errors(problems: Iterable[Problem]) -> None:
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        raise DomainError(errors)


def _check_percent(line_no: int, percent: object) -> None:
    if isinstance(percent, Decimal) and not ZERO <= percent <= HUNDRED:
        raise refuse("line_discount_out_of_range", line_no=line_no, field="discount_percent")


def _require_account(entry: Entry, line_type: LineType, no: str | None, *, is_system: bool = False) -> None:
    """A line typed by a person names an account that takes direct postings (PU-28)."""
    account = entry.accounts.get(no) if line_type == LineType.ACCOUNT and no else None
    if account is None or (account.is_usable if not is_system else not account.blocked):
        return
    raise refuse("gl_account_not_usable", field="no", no=account.account_no, name=account.name, line="")


def _put_values(work: Work, entry: Entry, line: PurchaseLine, values: dict[str, Any]) -> None:
    """Put typed values on a line, and first what another item or account brings."""
    values = dict(values)
    amount, line_amount = values.pop("amount", None), values.pop("line_amount", None)
    if {"type", "no"} & values.keys():
        line_type = LineType(values.get("type", line.type))
        brought = entry.brought(line_type, values.get("no", line.no))
        _require_account(entry, line_type, brought.no)
        values = {"proposal": None} | _from_master(brought, line) | values | {"no": brought.no}
    precision = amount_rounding(work, entry.document.currency_code)
    if {"quantity", "unit_cost", "discount_percent"} & values.keys():
        values["discount_amount"] = None
    quantity = values.get("quantity")
    if line.own_invoice_discount is not None and line.quantity and isinstance(quantity, Decimal):
        share = line.own_invoice_discount * quantity / line.quantity
        values["own_invoice_discount"] = round_to(share, precision)
    for name, value in values.items():
        setattr(line, name, value)
    if amount is not None:
        put_price(line, price_for_amount(line.quantity, amount, precision))
    if line_amount is not None:
        _put_line_amount(line, line_amount, precision)


def _from_master(brought: Brought, line: PurchaseLine) -> dict[str, object]:
    """What another item or account brings to a line that is there (PU-27)."""
    values: dict[str, object] = {}
    if brought.vat_product:
        values["vat_product"] = brought.vat_product
    if not line.description or line.source_ref is None:
        values["description"] = brought.description[:250]
    if brought.item is not None:
        values["variant_code"] = None
        values["allow_invoice_discount"] = brought.allow_invoice_discount
        if line.source_ref is None or line.unit is None:
            values["unit"] = brought.unit
    return values


def _put_line_amount(line: PurchaseLine, wanted: Decimal, precision: Decimal) -> None:
    """The discount at which the line comes to `wanted` (PU-6)."""
    before = round_to(line.quantity * line.unit_cost, precision)
    discount = before - wanted
    percent = round_to(discount / before * HUNDRED, UNIT_COST) if before else ZERO
    if not ZERO <= percent <= HUNDRED or (before == ZERO and discount != ZERO):
        raise refuse("line_discount_out_of_range", line_no=line.line_no, field="line_amount")
    line.discount_percent, line.discount_amount = percent, discount


def _require_valid(entry: Entry, line: PurchaseLine, changed: set[str]) -> None:
    """Freeze the factor of a unit that was chosen (PU-23) and test what was entered."""
    if not changed:
        return
    brought = entry.brought(LineType(line.type), line.no)
    if {"type", "no", "unit"} & changed:
        line.units_per_unit = unit_factor(brought, line.unit)
    if line.source_ref is None:
        _raise_errors(entry_problems(entry, line, brought))


def _follow(
    work: Work, entry: Entry, line: PurchaseLine, values: Mapping[str, object], changed: set[str]
) -> None:
    """Price (PU-48) and quantities to post (PU-72) follow what changed."""
    own_price = line.source_ref is not None or line.receipt_no is not None
    typed_price = {"unit_cost", "amount", "line_amount"} & values.keys()
    if changed and line.type == LineType.ITEM and line.no and not own_price and not typed_price:
        put_searched_price(entry, line, only_quantity=changed == {"quantity"})
    if {"type", "no", "location_code"} & changed and "dimensions" not in values:
        _put_dimensions(work, entry, line)
    if "quantity" in changed or "type" in changed:
        put_defaults(entry.kind, line, receive_remainder=entry.company.receive_remainder)
    _raise_errors(quantity_problems(entry.kind, line))


def _lines_changed(work: Work, document: PurchaseDocument) -> None:
    """A typed invoice discount was meant for other lines (PU-53); an automatic one follows them."""
    if document.invoice_discount_amount is not None:
        document.discount_is_stale = True
    if get_company(work).calculate_invoice_discount:
        put_invoice_discount(work, document)


def _forget_vat_amount(work: Work, document: PurchaseDocument, line: PurchaseLine) -> None:
    """The VAT amount typed for the line's group no longer fits its lines (PU-41)."""
    if not document.vat_amounts:
        return
    pay_to = find_vendor(work, document.pay_to_vendor_no)
    identifier = vat_terms(work, pay_to.vat_business if pay_to else None, line).identifier
    document.vat_amounts = [row for row in document.vat_amounts if row.vat_identifier != identifier]


def _unlink_sales(work: Work, lines: Iterable[PurchaseLine]) -> None:
    """The sales lines that these lines were bought for can be bought again (PU-80, PU-109)."""
    for line in lines:
        if line.sales_order_no is None:
            continue
        order = select(SalesDocument.id).where(
            SalesDocument.kind == SalesKind.ORDER.value, SalesDocument.document_no == line.sales_order_no
        )
        work.session.execute(
            update(SalesLine)
            .where(SalesLine.document_id == order.scalar_subquery(), SalesLine.line_no == line.sales_line_no)
            .values(purchase_order_no=None, purchase_line_no=None)
        )


def duplicate_warnings(work: Work, document: PurchaseDocument) -> list[Problem]:
    """A warning for each other draft, and the posted entry, with the same vendor document number (PU-103)."""
    warnings = _posted_warnings(work, document)
    return warnings + [
        Problem(
            "draft_same_document_no",
            {"number": document.vendor_document_no, "document": other.document_no},
            field="vendor_document_no",
            severity="warning",
        )
        for other in same_vendor_document(work, document)
    ]


def _posted_warnings(work: Work, document: PurchaseDocument) -> list[Problem]:
    """The posted document of the pay-to vendor that bears the number already, unless it was cancelled."""
    if document.vendor_document_key is None or document.pay_to_vendor_no is None:
        return []
    kind = DocumentKind.CREDIT_MEMO if DocumentKind(document.kind).goes_back else DocumentKind.INVOICE
    entry = find_vendor_document(work, document.pay_to_vendor_no, kind.value, document.vendor_document_key)
    if entry is None:
        return []
    values = {
        "number": document.vendor_document_no,
        "no": document.pay_to_vendor_no,
        "posted": entry.document_no,
    }
    return [Problem("ext_doc_no_exists", values, field="vendor_document_no", severity="warning")]
