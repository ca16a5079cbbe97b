"""Line amounts, discounts, VAT per group and totals of a document; pure, in the document's currency."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from core.master.vat import Calculation
from core.money import CENT, ZERO, round_to, spread, spread_exact, total

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class VatTerms:
    """How a line is taxed: its VAT identifier, the kind of calculation and the rate in per cent."""

    identifier: str
    calculation: Calculation
    percent: Decimal


@dataclass(frozen=True, slots=True)
class TotalsLine:
    """What counts of a line. `discount_amount`, when given, goes before `discount_percent`.

    `invoice_discount`, when given, is the line's own and takes no part in spreading that of the header.
    """

    quantity: Decimal
    unit_cost: Decimal
    vat: VatTerms
    discount_percent: Decimal = ZERO
    discount_amount: Decimal | None = None
    allow_invoice_discount: bool = True
    invoice_discount: Decimal | None = None

    @property
    def shares_invoice_discount(self) -> bool:
        """Whether the header's invoice discount is spread over this line too."""
        return self.allow_invoice_discount and self.invoice_discount is None


@dataclass(frozen=True, slots=True)
class TotalsHeader:
    """What counts of a header. An invoice discount is an amount or a percentage, never both.

    `vat_amounts` holds the VAT per identifier as the vendor states it, in place of the computed one (PO-66).
    `precision` is the amount precision of the document's currency.
    """

    prices_include_vat: bool = False
    invoice_discount_percent: Decimal | None = None
    invoice_discount_amount: Decimal | None = None
    vat_amounts: Mapping[str, Decimal] = field(default_factory=dict)
    precision: Decimal = CENT


@dataclass(frozen=True, slots=True)
class LineTotals:
    """Amounts of one line. `amount` is after line discount; the last three after invoice discount."""

    before_discount: Decimal
    line_discount: Decimal
    amount: Decimal
    invoice_discount: Decimal
    net: Decimal
    vat: Decimal
    gross: Decimal


@dataclass(frozen=True, slots=True)
class VatGroup:
    """VAT of the lines with one identifier, calculation and sign, in the order of PO-62.

    `difference` is what the vendor's own figure differs from the computed VAT (PO-66). `lines` are indexes.
    """

    terms: VatTerms
    base: Decimal
    vat: Decimal
    difference: Decimal
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class DocumentTotals:
    """A document added up. `lines` stand in document order."""

    lines: tuple[LineTotals, ...]
    groups: tuple[VatGroup, ...]

    @property
    def total_net(self) -> Decimal:
        """BT-109."""
        return total(line.net for line in self.lines)

    @property
    def total_vat(self) -> Decimal:
        """BT-110."""
        return total(line.vat for line in self.lines)

    @property
    def total_gross(self) -> Decimal:
        """BT-112."""
        return total(line.gross for line in self.lines)

    @property
    def invoice_discount(self) -> Decimal:
        """The invoice discount that was really spread."""
        return total(line.invoice_discount for line in self.lines)


def compute_totals(header: TotalsHeader, lines: Sequence[TotalsLine]) -> DocumentTotals:
    """Add up a document.

    Each line amount is rounded once (PO-61); an invoice discount is spread over VAT groups and then lines
    (PO-67); VAT is rounded per group and spread over its lines (PO-62 to PO-65). Nothing is rounded twice.
    """
    befores = [round_to(line.quantity * line.unit_cost, header.precision) for line in lines]
    discounts = [_line_discount(line, before, header) for line, before in zip(lines, befores, strict=True)]
    amounts = [before - discount for before, discount in zip(befores, discounts, strict=True)]
    grouped = _grouped(lines, amounts)
    invoice_discounts = _invoice_discounts(header, lines, amounts, grouped)
    after = [amount - discount for amount, discount in zip(amounts, invoice_discounts, strict=True)]
    groups = _with_vat(header, lines, after, grouped)
    vats = [ZERO] * len(lines)
    for group in groups:
        shares = spread(group.vat, [after[i] for i in group.lines], header.precision)
        for index, share in zip(group.lines, shares, strict=True):
            vats[index] = share
    rows = []
    for index, line in enumerate(lines):
        net, gross = _net_and_gross(header, line.vat, after[index], vats[index])
        rows.append(
            LineTotals(
                before_discount=befores[index],
                line_discount=discounts[index],
                amount=amounts[index],
                invoice_discount=invoice_discounts[index],
                net=net,
                vat=vats[index],
                gross=gross,
            )
        )
    return DocumentTotals(tuple(rows), tuple(groups))


def line_amount(line: TotalsLine, precision: Decimal = CENT) -> Decimal:
    """Quantity × unit cost − line discount, rounded (PO-60)."""
    before = round_to(line.quantity * line.unit_cost, precision)
    return before - _line_discount(line, before, TotalsHeader(precision=precision))


def _line_discount(line: TotalsLine, before: Decimal, header: TotalsHeader) -> Decimal:
    if line.discount_amount is not None:
        return round_to(line.discount_amount, header.precision)
    return round_to(before * line.discount_percent / HUNDRED, header.precision)


def _grouped(lines: Sequence[TotalsLine], amounts: Sequence[Decimal]) -> list[list[int]]:
    """Indexes of the lines per group: by identifier ascending, the negative group first (PO-62)."""
    keys: dict[tuple[str, str, bool], list[int]] = {}
    for index, (line, amount) in enumerate(zip(lines, amounts, strict=True)):
        keys.setdefault((line.vat.identifier, line.vat.calculation, amount >= ZERO), []).append(index)
    return [keys[key] for key in sorted(keys)]


def _invoice_discounts(
    header: TotalsHeader, lines: Sequence[TotalsLine], amounts: Sequence[Decimal], grouped: list[list[int]]
) -> list[Decimal]:
    """The share of the invoice discount of each line, in two steps with carry (PO-67)."""
    shares = [line.invoice_discount or ZERO for line in lines]
    groups = [[i for i in group if lines[i].shares_invoice_discount] for group in grouped]
    groups = [group for group in groups if group]
    sums = [total(amounts[i] for i in group) for group in groups]
    base = total(sums)
    if base == ZERO:
        return shares
    if header.invoice_discount_amount is not None:
        per_group = spread(header.invoice_discount_amount, sums, header.precision)
    elif header.invoice_discount_percent:
        exact = [amount * header.invoice_discount_percent / HUNDRED for amount in sums]
        per_group = spread_exact(exact, header.precision)
    else:
        return shares
    for group, discount in zip(groups, per_group, strict=True):
        weights = [amounts[i] for i in group]
        for index, share in zip(group, spread(discount, weights, header.precision), strict=True):
            shares[index] = share
    return shares


def _with_vat(
    header: TotalsHeader, lines: Sequence[TotalsLine], after: Sequence[Decimal], grouped: list[list[int]]
) -> list[VatGroup]:
    """The groups with their VAT, the rest of a negative group carried to the positive one (PO-64)."""
    groups: list[VatGroup] = []
    carry, last_identifier = ZERO, None
    for members in grouped:
        terms = lines[members[0]].vat
        if terms.identifier != last_identifier:
            carry, last_identifier = ZERO, terms.identifier
        amount = total(after[i] for i in members)
        exact = _exact_vat(terms, amount, header.prices_include_vat) + carry
        vat = round_to(exact, header.precision)
        carry = exact - vat
        base = _base(terms, amount, vat, header.prices_include_vat)
        groups.append(VatGroup(terms, base, vat, ZERO, tuple(members)))
    return _with_stated_vat(header, groups)


def _exact_vat(terms: VatTerms, amount: Decimal, prices_include_vat: bool) -> Decimal:
    if terms.calculation == Calculation.FULL:
        return amount
    if terms.calculation == Calculation.REVERSE_CHARGE:
        return ZERO  # the document carries no VAT; posting computes it on the net (PO-72)
    if prices_include_vat:
        return amount - amount / (1 + terms.percent / HUNDRED)
    return amount * terms.percent / HUNDRED


def _base(terms: VatTerms, amount: Decimal, vat: Decimal, prices_include_vat: bool) -> Decimal:
    if terms.calculation == Calculation.FULL:
        return ZERO
    return amount - vat if prices_include_vat else amount


def _with_stated_vat(header: TotalsHeader, groups: list[VatGroup]) -> list[VatGroup]:
    """Take over the vendor's VAT: the difference goes to the last, positive group of an identifier."""
    for identifier, stated in header.vat_amounts.items():
        indexes = [i for i, group in enumerate(groups) if group.terms.identifier == identifier]
        if not indexes:
            continue
        difference = stated - total(groups[i].vat for i in indexes)
        group = groups[indexes[-1]]
        base = group.base - difference if header.prices_include_vat else group.base
        groups[indexes[-1]] = VatGroup(group.terms, base, group.vat + difference, difference, group.lines)
    return groups


def _net_and_gross(
    header: TotalsHeader, vat_terms: VatTerms, after: Decimal, vat: Decimal
) -> tuple[Decimal, Decimal]:
    if vat_terms.calculation == Calculation.FULL:
        return ZERO, after
    if header.prices_include_vat:
        return after - vat, after
    return after, after + vat
