"""Receipts on an invoice, return shipments on a credit memo: fetched, or combined by a run (§5.2, PU-145)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from core.errors import DomainError, Problem, Term, refuse
from core.master.company import get_company
from core.master.currencies import amount_rounding
from core.master.vat import VatPostingSetup, vat_setups
from core.master.vendors import find_vendor
from core.money import UNIT_COST, ZERO, round_to
from core.purchasing.document import DocumentKind, DocumentStatus, LineType, PurchaseDocument, PurchaseLine
from core.purchasing.draft_inputs import DocumentDraft, LineDraft
from core.purchasing.draft_totals import document_totals, priced_lines
from core.purchasing.drafts import add_lines, create_draft, delete_draft
from core.purchasing.editing import require_open
from core.purchasing.received import Received, received_lines, received_not_invoiced
from core.work import Work

HUNDRED = Decimal(100)
_HEADINGS = {
    (False, "en"): "Receipt No. {no}:",
    (False, "nl"): "Ontvangst nr. {no}:",
    (True, "en"): "Return shipment No. {no}:",
    (True, "nl"): "Retourzending nr. {no}:",
}
Pick = tuple[str, int, Decimal | None]
"""Receipt number, line number, and how much of it; None takes all that is left."""


@dataclass(frozen=True, slots=True)
class OpenReceiptLine:
    """A line that the list offers. `on_drafts` is what unposted documents take of it already (PU-94)."""

    received: Received
    on_drafts: Decimal


@dataclass(frozen=True, slots=True)
class Fetched:
    """The lines that were inserted, and why others were not."""

    lines: tuple[PurchaseLine, ...]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class CombineFilter:
    """Which receipts a run combines: up to a day, of one vendor or order, or of all (PU-97).

    `by_dimensions`: orders with different dimensions get invoices of their own.
    """

    until: date
    posting_date: date
    vendor_no: str | None = None
    order_no: str | None = None
    by_dimensions: bool = False
    is_return: bool = False


@dataclass(slots=True)
class Combined:
    """The drafts that a run made, and the receipts that it skipped with the reason."""

    documents: list[PurchaseDocument] = field(default_factory=list)
    skipped: list[Problem] = field(default_factory=list)


def open_receipt_lines(work: Work, document: PurchaseDocument) -> list[OpenReceiptLine]:
    """What can be fetched into an open invoice or credit memo: same vendors, same currency (PU-92).

    Refuses with `status_not_open` and `not_an_invoice`.
    """
    _require_fetching(document)
    found = received_not_invoiced(
        work, is_return=document.kind == DocumentKind.CREDIT_MEMO, vendor_no=document.vendor_no
    )
    fitting = [row for row in found if _header_difference(document, row) is None]
    taken = _on_drafts(work, fitting)
    return [OpenReceiptLine(row, taken.get((row.receipt_no, row.line_no), ZERO)) for row in fitting]


def get_receipt_lines(work: Work, document: PurchaseDocument, picks: Sequence[Pick]) -> Fetched:
    """Insert posted receipt lines into an open invoice, return shipment lines into a credit memo (PU-94).

    Receipts of another vendor or currency are reported and skipped (`receipt_header_mismatch`, PU-93), so are
    lines with nothing left (`receipt_line_invoiced`). Refuses with `status_not_open`, `not_an_invoice`,
    `no_lines_selected`, and with `qty_exceeds_receipt` when more is asked than is left (PU-95).
    """
    _require_fetching(document)
    if not picks:
        raise refuse("no_lines_selected")
    found = received_lines(work, {(receipt_no, line_no) for receipt_no, line_no, _ in picks}, locked=True)
    orders = _orders(work, document, found.values())
    fetch = _Fetch(work, document, orders, _vat(work, document))
    for receipt_no, line_no, quantity in picks:
        fetch.take(receipt_no, found.get((receipt_no, line_no)), line_no, quantity)
    lines = add_lines(work, document, fetch.drafts) if fetch.drafts else []
    for line, discount in zip(lines, fetch.discounts, strict=True):
        line.own_invoice_discount = discount
    work.session.flush()
    return Fetched(tuple(lines), tuple(fetch.problems))


def get_receipts(work: Work, document: PurchaseDocument, receipt_nos: Sequence[str]) -> Fetched:
    """All open lines of whole receipts, in this order. What is refused and reported: `get_receipt_lines`."""
    _require_fetching(document)
    is_return = document.kind == DocumentKind.CREDIT_MEMO
    rows = [row for row in received_not_invoiced(work, is_return=is_return) if row.receipt_no in receipt_nos]
    picks: list[Pick] = []
    problems: list[Problem] = []
    for receipt_no in receipt_nos:
        of_receipt = [row for row in rows if row.receipt_no == receipt_no]
        picks += [(row.receipt_no, row.line_no, None) for row in of_receipt]
        if not of_receipt:
            values = {"receipt": receipt_no, "line": "–"}
            problems.append(Problem("receipt_line_invoiced", values, field="receipts"))
    if not picks:
        return Fetched((), tuple(problems))
    fetched = get_receipt_lines(work, document, picks)
    return replace(fetched, problems=(*problems, *fetched.problems))


def combine_receipts(work: Work, wanted: CombineFilter) -> Combined:
    """One invoice per vendors, currency and VAT group from everything received and not invoiced (PU-97).

    Nothing is posted; the drafts say that a run made them. With `is_return`: credit memos from return
    shipments (PU-145).
    """
    rows = received_not_invoiced(
        work,
        is_return=wanted.is_return,
        vendor_no=wanted.vendor_no,
        until=wanted.until,
        order_no=wanted.order_no,
    )
    taken = _on_drafts(work, rows)
    groups: dict[_Group, list[Pick]] = {}
    for row in rows:
        left = row.not_invoiced - taken.get((row.receipt_no, row.line_no), ZERO)
        if left == ZERO:
            continue
        dimensions = row.dimensions if wanted.by_dimensions else None
        key = _Group(
            row.vendor_no,
            row.paid_to,
            row.currency_code or "",
            row.vat_business or "",
            dimensions or "",
        )
        groups.setdefault(key, []).append((row.receipt_no, row.line_no, left))
    combined = Combined()
    for group in sorted(groups):
        _combine(work, wanted, group, groups[group], combined)
    return combined


class _Group(NamedTuple):
    """What receipts on one invoice have in common; empty text where there is none."""

    vendor_no: str
    pay_to_vendor_no: str
    currency_code: str
    vat_business: str
    dimensions: str


def _combine(
    work: Work, wanted: CombineFilter, group: _Group, picks: Sequence[Pick], combined: Combined
) -> None:
    """The draft of one group; when it cannot be made its receipts are reported."""
    kind = DocumentKind.CREDIT_MEMO if wanted.is_return else DocumentKind.INVOICE
    local = get_company(work).local_currency
    try:
        with work.session.begin_nested():
            document = create_draft(
                work,
                DocumentDraft(
                    vendor_no=group.vendor_no,
                    posting_date=wanted.posting_date,
                    kind=kind,
                    currency_code=group.currency_code or local,
                    is_combined=True,
                ),
            )
            fetched = get_receipt_lines(work, document, picks)
            if not fetched.lines:
                delete_draft(work, document)
    except DomainError as refused:
        receipts = ", ".join(sorted({receipt_no for receipt_no, _, _ in picks}))
        combined.skipped += [
            replace(problem, values={**problem.values, "receipt": receipts}) for problem in refused.problems
        ]
        return
    combined.skipped += fetched.problems
    if fetched.lines:
        combined.documents.append(document)


@dataclass(slots=True)
class _Fetch:
    """Turns receipt lines into drafts of lines, one receipt after the other."""

    work: Work
    document: PurchaseDocument
    orders: Mapping[str, _Order]
    vat: Mapping[str, VatPostingSetup]
    drafts: list[LineDraft] = field(default_factory=list)
    discounts: list[Decimal | None] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    headed: str | None = None
    skipped: set[str] = field(default_factory=set)

    def take(
        self, receipt_no: str, received: Received | None, line_no: int, quantity: Decimal | None
    ) -> None:
        """One line that was picked."""
        if received is None or received.is_return != (self.document.kind == DocumentKind.CREDIT_MEMO):
            raise refuse("posted_not_found", no=receipt_no)
        if receipt_no in self.skipped:
            return
        difference = _header_difference(self.document, received) or self._vat_difference(received)
        if difference is not None:
            self._mismatch(receipt_no, difference)
            return
        left = received.not_invoiced - self._taken_here(received)
        values: dict[str, object] = {"receipt": receipt_no, "line": line_no}
        if left == ZERO or received.is_correction:
            self.problems.append(Problem("receipt_line_invoiced", values, field="receipts"))
            return
        wanted = left if quantity is None else quantity
        if abs(wanted) > abs(left) or wanted * left < ZERO:
            raise refuse("qty_exceeds_receipt", field="quantity", n=left, receipt=receipt_no)
        self._insert(received, wanted)

    def _mismatch(self, receipt_no: str, difference: str) -> None:
        """Once for a receipt: the rest of it is skipped too, except that VAT is a matter of the line."""
        values = {
            "field": Term(difference),
            "invoice": self.document.document_no,
            "receipt": receipt_no,
        }
        self.problems.append(Problem("receipt_header_mismatch", values, field="receipts"))
        if difference != "vat_business":
            self.skipped.add(receipt_no)

    def _vat_difference(self, received: Received) -> str | None:
        pay_to = find_vendor(self.work, self.document.pay_to_vendor_no)
        ours = pay_to.vat_business if pay_to else None
        return None if ours == received.vat_business else "vat_business"

    def _taken_here(self, received: Received) -> Decimal:
        key = (received.receipt_no, received.line_no)
        rows: Iterable[PurchaseLine | LineDraft] = [*self.document.lines, *self.drafts]
        return sum((row.quantity for row in rows if (row.receipt_no, row.receipt_line_no) == key), ZERO)

    def _insert(self, received: Received, quantity: Decimal) -> None:
        if self.headed != received.receipt_no:
            self.headed = received.receipt_no
            language = get_company(self.work).language
            heading = _HEADINGS.get((received.is_return, language), _HEADINGS[received.is_return, "en"])
            self.drafts.append(
                LineDraft(LineType.COMMENT, description=heading.format(no=received.receipt_no), quantity=ZERO)
            )
            self.discounts.append(None)
        order = self.orders.get(received.order_no or "")
        line = order.lines.get(received.order_line_no or 0) if order else None
        terms = _Terms.of(order, line, received, quantity)
        if order is not None and order.prices_include_vat != self.document.prices_include_vat:
            terms = terms.converted(self.vat.get(received.vat_product or ""), self.document, self.work)
        self.drafts.append(
            LineDraft(
                type=LineType(received.type),
                no=received.no,
                description=received.description,
                quantity=quantity,
                unit_cost=terms.unit_cost,
                unit=received.unit,
                units_per_unit=received.units_per_unit,
                discount_percent=terms.discount_percent,
                discount_amount=terms.discount_amount,
                vat_product=received.vat_product,
                allow_invoice_discount=line.allow_invoice_discount if line else None,
                variant_code=received.variant_code,
                location_code=received.location_code,
                dimensions=received.dimensions,
                receipt_no=received.receipt_no,
                receipt_line_no=received.line_no,
                order_no=received.order_no,
                order_line_no=received.order_line_no,
                return_reason_code=received.return_reason_code,
            )
        )
        self.discounts.append(terms.invoice_discount or None)


@dataclass(frozen=True, slots=True)
class _Order:
    """An order that fetched lines came from, with its invoice discount per line."""

    prices_include_vat: bool
    precision: Decimal
    lines: Mapping[int, PurchaseLine]
    discounts: Mapping[int, Decimal]


@dataclass(frozen=True, slots=True)
class _Terms:
    """Price and discounts of a fetched line: those of the order line, else of the receipt (PU-94)."""

    unit_cost: Decimal
    discount_percent: Decimal
    discount_amount: Decimal | None = None
    invoice_discount: Decimal = ZERO

    @classmethod
    def of(
        cls, order: _Order | None, line: PurchaseLine | None, received: Received, quantity: Decimal
    ) -> _Terms:
        """The amounts are the part that belongs to this quantity."""
        if order is None or line is None or line.quantity == ZERO:
            return cls(received.unit_cost or ZERO, received.discount_percent or ZERO)
        typed, share = line.discount_amount, quantity / line.quantity
        return cls(
            unit_cost=line.unit_cost,
            discount_percent=line.discount_percent,
            discount_amount=round_to(typed * share, order.precision) if typed is not None else None,
            invoice_discount=round_to(order.discounts.get(line.line_no, ZERO) * share, order.precision),
        )

    def converted(self, vat: VatPostingSetup | None, document: PurchaseDocument, work: Work) -> _Terms:
        """Moved to prices with or without VAT, as the invoice has them."""
        factor = 1 + (vat.percent if vat else ZERO) / HUNDRED
        factor = factor if document.prices_include_vat else 1 / factor
        precision = amount_rounding(work, document.currency_code)
        typed = self.discount_amount
        return _Terms(
            unit_cost=round_to(self.unit_cost * factor, UNIT_COST),
            discount_percent=self.discount_percent,
            discount_amount=round_to(typed * factor, precision) if typed is not None else None,
            invoice_discount=round_to(self.invoice_discount * factor, precision),
        )


def _require_fetching(document: PurchaseDocument) -> None:
    if document.kind not in (DocumentKind.INVOICE, DocumentKind.CREDIT_MEMO):
        raise refuse("not_an_invoice", document=document.document_no)
    require_open(document, "lines")


def _header_difference(document: PurchaseDocument, received: Received) -> str | None:
    """The field in which the headers differ (PU-93)."""
    pairs = (
        ("field_vendor_no", document.vendor_no, received.vendor_no),
        ("field_pay_to_vendor_no", document.pay_to_vendor_no, received.paid_to),
        ("field_currency_code", document.currency_code, received.currency_code),
    )
    return next((name for name, ours, theirs in pairs if ours != theirs), None)


def _on_drafts(work: Work, rows: Iterable[Received]) -> dict[tuple[str, int], Decimal]:
    """What unposted documents take of these receipt lines."""
    numbers = sorted({row.receipt_no for row in rows})
    if not numbers:
        return {}
    found = work.session.execute(
        select(PurchaseLine.receipt_no, PurchaseLine.receipt_line_no, func.sum(PurchaseLine.quantity))
        .join(PurchaseDocument, PurchaseDocument.id == PurchaseLine.document_id)
        .where(PurchaseLine.receipt_no.in_(numbers))
        .where(PurchaseDocument.status != DocumentStatus.POSTED.value)
        .group_by(PurchaseLine.receipt_no, PurchaseLine.receipt_line_no)
    )
    return {(receipt_no or "", line_no or 0): quantity for receipt_no, line_no, quantity in found}


def _orders(work: Work, document: PurchaseDocument, rows: Iterable[Received]) -> dict[str, _Order]:
    numbers = sorted({row.order_no for row in rows if row.order_no is not None})
    is_credit = document.kind == DocumentKind.CREDIT_MEMO
    kind = DocumentKind.RETURN_ORDER if is_credit else DocumentKind.ORDER
    query = select(PurchaseDocument).where(
        PurchaseDocument.kind == kind.value, PurchaseDocument.document_no.in_(numbers)
    )
    orders = work.session.scalars(query.options(selectinload(PurchaseDocument.lines)))
    return {order.document_no: _order(work, order) for order in orders}


def _order(work: Work, order: PurchaseDocument) -> _Order:
    totals = document_totals(work, order)
    numbers = [line.line_no for line in priced_lines(order)]
    discounts = (row.invoice_discount for row in totals.lines)
    return _Order(
        prices_include_vat=order.prices_include_vat,
        precision=amount_rounding(work, order.currency_code),
        lines={line.line_no: line for line in order.lines},
        discounts=dict(zip(numbers, discounts, strict=True)),
    )


def _vat(work: Work, document: PurchaseDocument) -> Mapping[str, VatPostingSetup]:
    pay_to = find_vendor(work, document.pay_to_vendor_no)
    return vat_setups(work, pay_to.vat_business) if pay_to and pay_to.vat_business else {}
