"""A draft added up: what of its header and lines counts for its totals (PO §3)."""

from __future__ import annotations

from decimal import Decimal

from core.master.currencies import amount_rounding
from core.master.vat import Calculation, find_vat_setup
from core.master.vendors import find_vendor
from core.money import CENT, ZERO
from core.purchasing.document import (
    LineType,
    PurchaseDocument,
    PurchaseLine,
)
from core.purchasing.totals import (
    DocumentTotals,
    TotalsHeader,
    TotalsLine,
    VatTerms,
    compute_totals,
    line_amount,
)
from core.work import Work


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
