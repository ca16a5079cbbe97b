"""The header of a draft: made with the defaults of its vendor, and changed (PU-12, PU-55 to PU-57)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from core.errors import DomainError, Problem, Term, refuse
from core.master.company import get_company
from core.master.currencies import amount_rounding
from core.master.payment_terms import find_payment_terms, payment_dates
from core.master.vat import Calculation
from core.master.vendors import Vendor, VendorBlock, find_vendor, get_vendor
from core.money import ZERO, round_to, total
from core.purchasing.dimensions import header_dimensions, update_lines
from core.purchasing.document import (
    DocumentKind,
    DocumentStatus,
    PurchaseDocument,
    PurchaseLine,
    PurchaseVatAmount,
    folded_document_no,
)
from core.purchasing.draft_inputs import (
    DocumentDraft,
    HeaderChange,
    Unchanged,
    given_values,
)
from core.purchasing.draft_totals import (
    amount_of,
    priced_lines,
    vat_terms,
)
from core.purchasing.editing import (
    require_header_open,
    touch,
)
from core.work import Work

HUNDRED = Decimal(100)


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
    values = given_values(change)
    require_header_open(document, values)
    _check_ties(document, values)
    followed = document.due_date == _due_date(work, document, document.payment_terms, document.document_date)
    if "vendor_no" in values:
        values = _from_vendor(work, values.pop("vendor_no")) | values
    if not isinstance(change.vat_amounts, Unchanged):
        document.vat_amounts = vat_amount_rows(change.vat_amounts)
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


def require_usable_vendors(work: Work, document: PurchaseDocument) -> None:
    """Whether a document of these vendors may be made, copied, converted: `vendor_blocked` (PU-13)."""
    require_usable(find_vendor(work, document.vendor_no), find_vendor(work, document.pay_to_vendor_no))


def due_date_of(work: Work, document: PurchaseDocument) -> date | None:
    """The due date by the document's terms and document date (PU-55)."""
    return _due_date(work, document, document.payment_terms, document.document_date)


def find_pay_to(work: Work, vendor: Vendor | None) -> Vendor | None:
    """One hop only: the pay-to vendor's own pay-to is ignored (PU-12)."""
    if vendor is None or vendor.pay_to_vendor_no is None:
        return vendor
    return get_vendor(work, vendor.pay_to_vendor_no)


def require_usable(*vendors: Vendor | None) -> None:
    """Whether documents may be made for these vendors: both are tested (PU-13)."""
    for vendor in vendors:
        if vendor is not None and vendor.blocked == VendorBlock.ALL:
            raise refuse("vendor_blocked", field="vendor_no", no=vendor.vendor_no, name=vendor.name)
        if vendor is not None and vendor.privacy_blocked:
            raise refuse("vendor_privacy_blocked", field="vendor_no", no=vendor.vendor_no, name=vendor.name)


def new_header(
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


def number_date(work: Work, draft: DocumentDraft) -> date:
    """The day that decides which line of its number series a new document takes (PU-32)."""
    return draft.posting_date or draft.order_date or work.today


def _from_vendor(work: Work, vendor_no: str | None) -> dict[str, object]:
    """What another vendor brings (PU-12). The currency stays: it is that of the amounts on the lines."""
    vendor = get_vendor(work, vendor_no) if vendor_no else None
    pay_to = find_pay_to(work, vendor)
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


def vat_amount_rows(amounts: Mapping[str, Decimal]) -> list[PurchaseVatAmount]:
    """The VAT that the vendor states per identifier, as rows of a document (PO-66)."""
    return [PurchaseVatAmount(vat_identifier=key, amount=amount) for key, amount in sorted(amounts.items())]
