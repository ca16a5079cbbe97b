"""What a document adds up to when it is posted: with the vendor's own VAT and the cents to be rounded.

A difference to the vendor's figures is never just accepted (ID-91): it is booked as a VAT difference up to
the largest one allowed, or up to the rounding limit as a line on the invoice-rounding account, or refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from core.money import ZERO, round_to, total
from core.purchasing.totals import DocumentTotals, TotalsHeader, TotalsLine, VatTerms, compute_totals


@dataclass(frozen=True, slots=True)
class Stated:
    """The vendor's own totals, in the document's currency, as far as they were captured."""

    total_gross: Decimal | None = None
    total_vat: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How much may be booked without anybody asking, and whether totals are rounded (PO-50).

    `invoice_precision` None: totals are not rounded. `rounding_terms` None: there is no account to round on.
    `repeated` is the rounding that a cancellation takes back, whatever the settings say today (PO-117).
    """

    max_vat_difference: Decimal = ZERO
    rounding_limit: Decimal = ZERO
    invoice_precision: Decimal | None = None
    rounding_terms: VatTerms | None = None
    repeated: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Amounts:
    """The totals to post. With a `rounding` other than zero the last line is the rounding line."""

    totals: DocumentTotals
    rounding: Decimal = ZERO


def settle(
    header: TotalsHeader, lines: Sequence[TotalsLine], stated: Stated, tolerance: Tolerance
) -> Amounts:
    """Add a document up and book the cents that may be booked."""
    header = _with_vat_difference(header, lines, stated, tolerance)
    totals = compute_totals(header, lines)
    rounding = _rounding(totals, stated, tolerance)
    if rounding == ZERO or tolerance.rounding_terms is None:
        return Amounts(totals)
    line = TotalsLine(Decimal(1), rounding, tolerance.rounding_terms, allow_invoice_discount=False)
    return Amounts(compute_totals(header, [*lines, line]), rounding)


def _with_vat_difference(
    header: TotalsHeader, lines: Sequence[TotalsLine], stated: Stated, tolerance: Tolerance
) -> TotalsHeader:
    """Take over the vendor's total VAT on the identifier with the most VAT, if it is near enough (PO-66)."""
    if stated.total_vat is None or header.vat_amounts:
        return header
    totals = compute_totals(header, lines)
    difference = stated.total_vat - totals.total_vat
    taxed = [g for g in totals.groups if g.terms.calculation == "normal" and g.vat > ZERO]
    if difference == ZERO or abs(difference) > tolerance.max_vat_difference or not taxed:
        return header
    identifier = max(taxed, key=lambda group: (group.vat, group.terms.identifier)).terms.identifier
    vat = total(g.vat for g in totals.groups if g.terms.identifier == identifier)
    return replace(header, vat_amounts={identifier: vat + difference})


def _rounding(totals: DocumentTotals, stated: Stated, tolerance: Tolerance) -> Decimal:
    if tolerance.repeated is not None:
        return tolerance.repeated
    gross = totals.total_gross
    if tolerance.invoice_precision is not None:
        return round_to(gross, tolerance.invoice_precision) - gross
    if stated.total_gross is None or abs(stated.total_gross - gross) > tolerance.rounding_limit:
        return ZERO
    if stated.total_vat is not None and stated.total_vat != totals.total_vat:
        return ZERO
    return stated.total_gross - gross
