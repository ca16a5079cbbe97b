"""Buying for a sale: an invoice copied from a sales document, or orders for what is not in stock."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import func, or_, select

from core.errors import DomainError, Problem, Term, refuse
from core.ledgers.item import ItemEntry
from core.master.items import Item, ItemType
from core.master.vendors import normal_no
from core.money import QUANTITY, ZERO, round_to
from core.purchasing.document import DocumentKind, DocumentStatus, LineType, PurchaseDocument, PurchaseLine
from core.purchasing.draft_inputs import DocumentDraft, LineDraft
from core.purchasing.drafts import add_lines, create_draft
from core.purchasing.drop_shipments import link_sales_lines
from core.purchasing.special_orders import received_for
from core.sales.document import (
    PostedSalesDocument,
    PostedSalesLine,
    SalesDocument,
    SalesKind,
    SalesLine,
    SalesLineType,
)
from core.sales.drafts import find_sales, get_sales_line, outstanding
from core.work import Work


class SaleSource(StrEnum):
    """A sales document that somebody wants to buy for."""

    ORDER = "order"
    INVOICE = "invoice"
    POSTED_INVOICE = "posted_invoice"
    SHIPMENT = "shipment"


@dataclass(frozen=True, slots=True)
class BoughtForSale:
    """The purchase invoice that was made, and a notice if there was one before (PU-121)."""

    document: PurchaseDocument
    notices: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class DemandRow:
    """What one item line of a sales order needs, in the line's unit (PU-122).

    `available` is what there will be for it on its shipment date. With `is_fixed` the quantity is that of the
    sales line: a drop shipment or special order. `purchase_order_no`: it is bought already.
    """

    line_no: int
    item_no: str
    description: str
    unit: str | None
    demanded: Decimal
    available: Decimal
    quantity: Decimal
    vendor_no: str | None
    shipment_date: date | None
    drop_shipment: bool
    special_order: bool
    purchase_order_no: str | None

    @property
    def is_fixed(self) -> bool:
        """Whether the quantity cannot be changed."""
        return self.drop_shipment or self.special_order


@dataclass(frozen=True, slots=True)
class Wanted:
    """A row of the list as the user leaves it: so much, from this vendor."""

    line_no: int
    quantity: Decimal
    vendor_no: str | None = None


def purchase_from_sale(
    work: Work,
    source: SaleSource,
    no: str,
    line_nos: Collection[int] | None = None,
    vendor_no: str | None = None,
) -> BoughtForSale:
    """Make an open purchase invoice from all or the given lines of a sales document (PU-119 to PU-121).

    Comments and items are copied with the full sales quantity in the sales unit, cost by §3.2. It is a copy,
    not a link; the second time a notice names the first. The vendor is the one that all chosen items have on
    their cards, unless one is given. Refuses with `type_not_supported` for other documents and other lines,
    `sales_not_found`, `no_lines_selected`, `vendor_missing`, and what making an invoice refuses.
    """
    lines = _sold_lines(work, source, no)
    if line_nos is not None:
        lines = [line for line in lines if line.line_no in line_nos]
    if not lines:
        raise refuse("no_lines_selected", field="lines")
    problems = [problem for line in lines if (problem := _unsupported(line))]
    if problems:
        raise DomainError(problems)
    vendor = vendor_no or common_vendor(work, [line.no for line in lines if line.type == SalesLineType.ITEM])
    if vendor is None:
        raise refuse("vendor_missing", field="vendor_no", record=no)
    notices = tuple(_bought_before(work, no))
    draft = DocumentDraft(
        vendor_no=vendor,
        posting_date=work.today,
        kind=DocumentKind.INVOICE,
        order_reference=no,
        lines=tuple(_copied(line) for line in lines),
    )
    return BoughtForSale(create_draft(work, draft), notices)


def common_vendor(work: Work, item_nos: Iterable[str | None]) -> str | None:
    """The vendor that all these items have on their cards, None when they differ or one has none (PU-119)."""
    wanted = {normal_no(no) for no in item_nos if no}
    vendors = set(work.session.scalars(select(Item.vendor_no).where(Item.item_no.in_(wanted))))
    return vendors.pop() if len(vendors) == 1 else None


def demand(work: Work, order: SalesDocument, *, only_unavailable: bool = False) -> list[DemandRow]:
    """One row per item line of a sales order: what it needs and what of it is not available (PU-122)."""
    lines = [line for line in order.lines if line.type == SalesLineType.ITEM and outstanding(line) > ZERO]
    numbers = {normal_no(line.no) for line in lines if line.no}
    items = {
        item.item_no: item for item in work.session.scalars(select(Item).where(Item.item_no.in_(numbers)))
    }
    rows = []
    for line in lines:
        item = items[normal_no(line.no or "")]
        rows.append(_demand_row(work, order, line, item))
    return [row for row in rows if row.quantity > ZERO] if only_unavailable else rows


def create_purchase_orders(
    work: Work, order: SalesDocument, wanted: Sequence[Wanted]
) -> list[PurchaseDocument]:
    """Make one purchase order per vendor, drop shipments apart, from rows with a quantity (PU-123).

    Drop shipments and special orders are linked and take the quantity of the sales line. Refuses with
    `vendor_missing` for every row without one; nothing is made then. No rows, no orders: an empty list.
    """
    rows = {row.line_no: row for row in demand(work, order)}
    chosen = [one for one in wanted if one.quantity > ZERO and one.line_no in rows]
    chosen = [
        one for one in chosen if not (rows[one.line_no].is_fixed and rows[one.line_no].purchase_order_no)
    ]
    problems = [
        Problem(
            "vendor_missing",
            {"record": f"{order.document_no} / {one.line_no}"},
            line_no=one.line_no,
            field="vendor_no",
        )
        for one in chosen
        if _vendor_of(one, rows) is None
    ]
    if problems:
        raise DomainError(problems)
    groups: dict[tuple[str, bool], list[Wanted]] = {}
    for one in chosen:
        key = (_vendor_of(one, rows) or "", rows[one.line_no].drop_shipment)
        groups.setdefault(key, []).append(one)
    return [
        _order(work, order, vendor_no, group, is_drop=is_drop, rows=rows)
        for (vendor_no, is_drop), group in sorted(groups.items())
    ]


def _sold_lines(work: Work, source: SaleSource, no: str) -> Sequence[SalesLine | PostedSalesLine]:
    number = no.strip().upper()
    if source in (SaleSource.ORDER, SaleSource.INVOICE):
        document = find_sales(work, number, SalesKind(source.value))
        if document is None:
            raise refuse("sales_not_found", no=no)
        return document.lines
    if source != SaleSource.POSTED_INVOICE:
        raise refuse("type_not_supported", type=Term(f"sales_{source.value}"), line="–")
    posted = work.session.scalar(
        select(PostedSalesDocument).where(
            PostedSalesDocument.posted_no == number, PostedSalesDocument.kind == "invoice"
        )
    )
    if posted is None:
        raise refuse("sales_not_found", no=no)
    return posted.lines


def _unsupported(line: SalesLine | PostedSalesLine) -> Problem | None:
    if line.type in (SalesLineType.COMMENT, SalesLineType.ITEM):
        return None
    values = {"type": Term(line.type), "line": line.line_no}
    return Problem("type_not_supported", values, line_no=line.line_no, field="type")


def _copied(line: SalesLine | PostedSalesLine) -> LineDraft:
    if line.type == SalesLineType.COMMENT:
        return LineDraft(LineType.COMMENT, description=line.description, quantity=ZERO)
    return LineDraft(
        LineType.ITEM,
        line.no,
        description=line.description,
        quantity=line.quantity,
        unit=line.unit,
        variant_code=line.variant_code,
        location_code=line.location_code,
        dimensions=line.dimensions,
    )


def _bought_before(work: Work, no: str) -> list[Problem]:
    """The first purchase invoice that was made from this sale (PU-121)."""
    first = work.session.scalars(
        select(PurchaseDocument)
        .where(PurchaseDocument.kind == DocumentKind.INVOICE.value, PurchaseDocument.order_reference == no)
        .order_by(PurchaseDocument.id)
        .limit(1)
    ).first()
    if first is None:
        return []
    values = {"no": no, "document": first.posted_no or first.document_no}
    return [Problem("bought_before", values, severity="information")]


def _demand_row(work: Work, order: SalesDocument, line: SalesLine, item: Item) -> DemandRow:
    demanded = outstanding(line)
    is_fixed = line.drop_shipment or line.special_order
    available = ZERO
    if item.type == ItemType.INVENTORY and not is_fixed:
        base = _available(work, order, line, item)
        available = round_to(base / line.units_per_unit, QUANTITY)
    if is_fixed:
        quantity = ZERO if line.purchase_order_no else demanded
    else:
        quantity = max(ZERO, demanded - max(ZERO, available))
    return DemandRow(
        line_no=line.line_no,
        item_no=item.item_no,
        description=line.description,
        unit=line.unit,
        demanded=demanded,
        available=available,
        quantity=quantity,
        vendor_no=item.vendor_no,
        shipment_date=line.shipment_date,
        drop_shipment=line.drop_shipment,
        special_order=line.special_order,
        purchase_order_no=line.purchase_order_no,
    )


def _available(work: Work, order: SalesDocument, line: SalesLine, item: Item) -> Decimal:
    """In stock, plus what is expected until the shipment date, minus what others need until then; base units.

    Drop shipments stay out of it on both sides (PU-113), special orders too: what came in for them is kept
    for them (PU-117). Lines above this one on the order go first.
    """
    on = line.shipment_date or order.posting_date
    in_stock = work.session.scalar(
        select(func.sum(ItemEntry.quantity)).where(
            ItemEntry.item_no == item.item_no,
            ItemEntry.location_code == line.location_code,
            func.coalesce(ItemEntry.variant_code, "") == (line.variant_code or ""),
            ItemEntry.has_stock,
        )
    )
    free = (in_stock or ZERO) - _kept(work, line, item)
    return free + _expected(work, line, item, on) - _needed_by_others(work, line, item, on)


def _kept(work: Work, line: SalesLine, item: Item) -> Decimal:
    """What was received for special orders and is not shipped yet, in base units."""
    special = work.session.scalars(
        select(SalesLine).where(
            SalesLine.special_order,
            SalesLine.no == item.item_no,
            SalesLine.location_code == line.location_code,
            SalesLine.purchase_order_no.is_not(None),
        )
    ).all()
    received = received_for(work, special)
    return sum(
        (
            (received[row.id] - row.quantity_shipped) * row.units_per_unit
            for row in special
            if (row.variant_code or "") == (line.variant_code or "")
        ),
        ZERO,
    )


def _expected(work: Work, line: SalesLine, item: Item, on: date) -> Decimal:
    query = (
        select(PurchaseLine)
        .join(PurchaseDocument)
        .where(
            PurchaseDocument.kind == DocumentKind.ORDER.value,
            PurchaseDocument.status != DocumentStatus.POSTED.value,
            PurchaseLine.type == LineType.ITEM.value,
            PurchaseLine.no == item.item_no,
            PurchaseLine.location_code == line.location_code,
            ~PurchaseLine.drop_shipment,
            ~PurchaseLine.special_order,
            or_(
                func.coalesce(PurchaseLine.expected_receipt_date, PurchaseLine.requested_receipt_date).is_(
                    None
                ),
                func.coalesce(PurchaseLine.expected_receipt_date, PurchaseLine.requested_receipt_date) <= on,
            ),
        )
    )
    rows = work.session.scalars(query)
    return sum(
        (
            (row.quantity - row.quantity_received) * row.units_per_unit
            for row in rows
            if (row.variant_code or "") == (line.variant_code or "")
        ),
        ZERO,
    )


def _needed_by_others(work: Work, line: SalesLine, item: Item, on: date) -> Decimal:
    query = (
        select(SalesLine)
        .join(SalesDocument)
        .where(
            SalesDocument.kind == SalesKind.ORDER.value,
            SalesLine.type == SalesLineType.ITEM.value,
            SalesLine.no == item.item_no,
            SalesLine.location_code == line.location_code,
            ~SalesLine.drop_shipment,
            ~SalesLine.special_order,
            or_(SalesLine.shipment_date.is_(None), SalesLine.shipment_date <= on),
            or_(SalesLine.document_id != line.document_id, SalesLine.line_no < line.line_no),
        )
    )
    rows = work.session.scalars(query)
    return sum(
        (
            outstanding(row) * row.units_per_unit
            for row in rows
            if (row.variant_code or "") == (line.variant_code or "")
        ),
        ZERO,
    )


def _vendor_of(one: Wanted, rows: dict[int, DemandRow]) -> str | None:
    return one.vendor_no or rows[one.line_no].vendor_no


def _order(
    work: Work,
    sale: SalesDocument,
    vendor_no: str,
    group: Sequence[Wanted],
    *,
    is_drop: bool,
    rows: dict[int, DemandRow],
) -> PurchaseDocument:
    order = create_draft(
        work,
        DocumentDraft(
            vendor_no=vendor_no,
            posting_date=work.today,
            kind=DocumentKind.ORDER,
            sell_to_customer_no=sale.customer_no if is_drop else None,
            ship_to_code=sale.ship_to_code if is_drop else None,
        ),
    )
    fixed = [get_sales_line(sale, one.line_no) for one in group if rows[one.line_no].is_fixed]
    if fixed:
        link_sales_lines(work, order, sale, fixed)
    free = [one for one in group if not rows[one.line_no].is_fixed]
    if free:
        add_lines(work, order, [_free_line(get_sales_line(sale, one.line_no), one) for one in free])
    return order


def _free_line(line: SalesLine, one: Wanted) -> LineDraft:
    return LineDraft(
        LineType.ITEM,
        line.no,
        quantity=one.quantity,
        unit=line.unit,
        variant_code=line.variant_code,
        location_code=line.location_code,
        requested_receipt_date=line.shipment_date,
    )
