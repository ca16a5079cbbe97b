"""Invoice discounts and service charges by the terms of the vendor (PU-49 to PU-53)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from core.errors import DomainError, Problem, Term
from core.master.accounts import find_account
from core.master.company import get_company
from core.master.currencies import amount_rounding, find_exchange_rate
from core.master.posting_groups import find_vendor_group
from core.master.prices import InvoiceDiscountTerms, discount_terms
from core.master.vat import Calculation
from core.master.vendors import Vendor, find_vendor
from core.money import ZERO, round_to, total
from core.purchasing.document import LineType, PurchaseDocument, PurchaseLine
from core.purchasing.totals import TotalsLine, VatTerms, line_amount
from core.work import Work

UNTAXED = VatTerms("?", Calculation.NORMAL, ZERO)


@dataclass(frozen=True, slots=True)
class InvoiceDiscount:
    """What the terms give a document: a percentage, and a service charge in its currency."""

    percent: Decimal
    service_charge: Decimal


def find_invoice_discount(work: Work, document: PurchaseDocument) -> InvoiceDiscount | None:
    """What the terms of the pay-to vendor give; None when he has none (PU-49, PU-50).

    The charge comes from the band of all line amounts, the percentage from that of the discountable ones.
    """
    pay_to = find_vendor(work, document.pay_to_vendor_no)
    if pay_to is None:
        return None
    bands = discount_terms(work, pay_to.invoice_discount_code or pay_to.vendor_no, document.currency_code)
    if not bands:
        return None
    precision = amount_rounding(work, document.currency_code)
    rate = _rate(work, document, bands[0])
    lines = [line for line in document.lines if line.type != LineType.COMMENT and not line.is_system]
    charged = _band(bands, total(_amount(line, precision) for line in lines), rate)
    reduced = _band(
        bands, total(_amount(line, precision) for line in lines if line.allow_invoice_discount), rate
    )
    return InvoiceDiscount(
        percent=reduced.discount_percent if reduced else ZERO,
        service_charge=round_to(charged.service_charge / rate, precision) if charged else ZERO,
    )


def put_invoice_discount(work: Work, document: PurchaseDocument) -> None:
    """Put the vendor's discount and service charge on a document; without terms nothing changes.

    The percentage takes the place of a typed one. A typed amount stays until lines change (PU-53). Refuses
    with `posting_setup_missing` when a service charge has no account.
    """
    found = find_invoice_discount(work, document)
    if found is None:
        return
    if document.invoice_discount_amount is None or document.discount_is_stale:
        document.invoice_discount_amount = None
        document.invoice_discount_percent = found.percent or None
    document.discount_is_stale = False
    _put_service_charge(work, document, found.service_charge)


def _rate(work: Work, document: PurchaseDocument, band: InvoiceDiscountTerms) -> Decimal:
    """Local units per unit of the document's currency when the bands are local ones, else 1."""
    if document.currency_code is None or band.currency_code is not None:
        return Decimal(1)
    if document.exchange_rate:
        return document.exchange_rate
    return find_exchange_rate(work, document.currency_code, document.posting_date or work.today) or Decimal(1)


def _band(bands: list[InvoiceDiscountTerms], base: Decimal, rate: Decimal) -> InvoiceDiscountTerms | None:
    """The band with the highest minimum that the base reaches; bands come by their minimum."""
    reached = [band for band in bands if band.minimum_amount / rate <= base]
    return reached[-1] if reached else None


def _amount(line: PurchaseLine, precision: Decimal) -> Decimal:
    return line_amount(
        TotalsLine(line.quantity, line.unit_cost, UNTAXED, line.discount_percent, line.discount_amount),
        precision,
    )


def _put_service_charge(work: Work, document: PurchaseDocument, charge: Decimal) -> None:
    """One line of the system on the vendor's service-charge account; gone without a charge (PU-52)."""
    line = next((line for line in document.lines if line.is_system), None)
    if charge == ZERO:
        if line is not None and line.quantity_received == ZERO:
            document.lines.remove(line)
        return
    if line is None:
        line = _service_line(work, document)
        document.lines.append(line)
    line.unit_cost = charge


def _service_line(work: Work, document: PurchaseDocument) -> PurchaseLine:
    pay_to = find_vendor(work, document.pay_to_vendor_no)
    assert pay_to is not None, "terms belong to a vendor"
    account_no = _service_account(work, pay_to)
    account = find_account(work, account_no)
    return PurchaseLine(
        line_no=max((line.line_no for line in document.lines), default=0) + 1,
        type=LineType.ACCOUNT.value,
        no=account_no,
        description=account.name_in(pay_to.language or get_company(work).language) if account else "",
        quantity=Decimal(1),
        unit_cost=ZERO,
        discount_percent=ZERO,
        vat_product=account.vat_product if account else None,
        allow_invoice_discount=False,
        is_system=True,
        units_per_unit=Decimal(1),
        location_code="",
        quantity_received=ZERO,
        quantity_invoiced=ZERO,
        qty_to_receive=Decimal(1),
        qty_to_invoice=Decimal(1),
        expected_cost=ZERO,
        invoice_discount_invoiced=ZERO,
        over_receipt_quantity=ZERO,
        order_date=document.order_date,
    )


def _service_account(work: Work, pay_to: Vendor) -> str:
    group = find_vendor_group(work, pay_to.posting_group) if pay_to.posting_group else None
    if group is None or group.service_charge is None:
        values = {
            "setup": Term("vendor_posting_group"),
            "groups": pay_to.posting_group or "",
            "account": Term("service_charge"),
        }
        raise DomainError([Problem("posting_setup_missing", values)])
    return group.service_charge
