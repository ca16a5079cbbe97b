"""What one posting run takes of a document: the whole of it, or of an order what is selected (PU-74)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from core.money import ZERO, round_to
from core.purchasing.document import DocumentKind, LineType, PurchaseDocument, PurchaseLine


@dataclass(frozen=True, slots=True)
class Selection:
    """Which half of an order is posted: goods, bill or both. On returns *receive* means ship.

    `unit_costs` are prices by line number that only this bill asks; the price agreed on the order, and with
    it the expected cost of later receipts, stays (PO-94).
    """

    receive: bool = False
    invoice: bool = False
    unit_costs: Mapping[int, Decimal] = field(default_factory=dict)


WHOLE = Selection(receive=True, invoice=True)
NOTHING = Selection()


@dataclass(frozen=True, slots=True)
class RunLine:
    """A line and how much of it this run receives and invoices, in the line's unit and with its sign."""

    line: PurchaseLine
    receive: Decimal
    invoice: Decimal
    unit_cost: Decimal

    @property
    def line_no(self) -> int:
        """The number of the line on its document."""
        return self.line.line_no

    @property
    def is_posted(self) -> bool:
        """Whether this run does anything with the line."""
        return self.receive != ZERO or self.invoice != ZERO

    @property
    def completes(self) -> bool:
        """Whether all of the line is invoiced after this run (PU-54, PU-78)."""
        return self.line.quantity_invoiced + self.invoice == self.line.quantity


def selected(document: PurchaseDocument, selection: Selection | None) -> Selection:
    """What counts: invoices and credit memos post whole, whatever was asked (PU-87, PU-135)."""
    if not DocumentKind(document.kind).posts_in_parts:
        return WHOLE
    return selection or NOTHING


def run_lines(document: PurchaseDocument, selection: Selection) -> tuple[RunLine, ...]:
    """Every line that can carry an amount, with what this run takes of it."""
    in_parts = DocumentKind(document.kind).posts_in_parts
    take = _part if in_parts else _whole
    return tuple(take(line, selection) for line in document.lines if line.type != LineType.COMMENT)


def typed_discount(run: RunLine, precision: Decimal) -> Decimal | None:
    """The part of a typed line discount that belongs to what is invoiced; the parts add up to all of it."""
    line = run.line
    if line.discount_amount is None or line.quantity in (ZERO, run.invoice):
        return line.discount_amount

    def until(quantity: Decimal) -> Decimal:
        assert line.discount_amount is not None
        return round_to(line.discount_amount * quantity / line.quantity, precision)

    return until(line.quantity_invoiced + run.invoice) - until(line.quantity_invoiced)


def invoice_discount_part(run: RunLine, whole: Decimal, precision: Decimal) -> Decimal:
    """The line's invoice discount for what is invoiced; the last part takes the remainder (PU-54)."""
    if run.completes:
        return whole - run.line.invoice_discount_invoiced
    if run.line.quantity == ZERO:
        return ZERO
    return round_to(whole * run.invoice / run.line.quantity, precision)


def _whole(line: PurchaseLine, _selection: Selection) -> RunLine:
    """A line of an invoice; goods of a posted receipt are here already (PU-96)."""
    receive = ZERO if line.receipt_no else line.quantity
    return RunLine(line, receive, line.quantity, line.unit_cost)


def _part(line: PurchaseLine, selection: Selection) -> RunLine:
    """A line of an order; without receiving, no more than was received can be invoiced (PU-76)."""
    receive = line.qty_to_receive if selection.receive else ZERO
    invoice = line.qty_to_invoice if selection.invoice else ZERO
    open_now = line.quantity_received - line.quantity_invoiced
    if not selection.receive and abs(invoice) > abs(open_now):
        invoice = open_now
    return RunLine(line, receive, invoice, selection.unit_costs.get(line.line_no, line.unit_cost))
