"""Undoing the receipt of a drop shipment undoes the shipment to the customer in the same step (PU-86)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select

from core.ledgers.item import ItemApplication, ItemEntry, MovementKind
from core.money import ZERO
from core.posting.batch import SalesCorrectionRow, SalesLineRow, SalesState, Voucher
from core.posting.stock import MovementRef, StockSide, Tag
from core.sales.document import (
    Customer,
    PostedSalesDocument,
    PostedSalesLine,
    SalesDocument,
    SalesKind,
    SalesLine,
)
from core.sales.drafts import find_sales, put_to_post, touch_sales
from core.work import Work


@dataclass(frozen=True, slots=True)
class DropUndo:
    """The shipment of what one receipt line brought: its movement, its line, and the order line behind it."""

    sale: ItemEntry
    shipped: PostedSalesLine
    shipment: PostedSalesDocument
    customer: Customer | None
    order: SalesDocument | None
    order_line: SalesLine | None
    next_line_no: int

    @property
    def is_invoiced(self) -> bool:
        """Whether the customer has a bill for any of it."""
        return self.shipped.quantity_invoiced != ZERO


def read_drop_undos(
    work: Work, entries: Collection[ItemEntry], *, locked: bool = False
) -> dict[int, DropUndo]:
    """What was shipped of each of these receipts, by the receipt's item entry."""
    dropped = [entry.entry_no for entry in entries if entry.drop_shipment and entry.quantity > ZERO]
    if not dropped:
        return {}
    rows = work.session.execute(
        select(ItemApplication.inbound_entry_no, ItemEntry, PostedSalesLine)
        .join(ItemEntry, ItemEntry.entry_no == ItemApplication.outbound_entry_no)
        .join(PostedSalesLine, PostedSalesLine.item_entry_no == ItemEntry.entry_no)
        .where(ItemApplication.inbound_entry_no.in_(dropped))
        .order_by(ItemApplication.inbound_entry_no)
        .execution_options(populate_existing=True)
    ).all()
    found: dict[int, DropUndo] = {}
    taken: dict[int, int] = {}
    for inbound, sale, shipped in rows:
        shipment = shipped.document
        last = taken.get(shipment.id, max(line.line_no for line in shipment.lines))
        taken[shipment.id] = last + 1
        order = find_sales(work, shipment.order_no, SalesKind.ORDER) if shipment.order_no else None
        if order is not None and locked:
            work.session.refresh(order, with_for_update=True)
        lines = order.lines if order is not None else []
        order_line = next((line for line in lines if line.line_no == shipped.order_line_no), None)
        customer = work.session.get(Customer, shipment.customer_no) if shipment.customer_no else None
        found[inbound] = DropUndo(sale, shipped, shipment, customer, order, order_line, last + 1)
    return found


def drop_undo_voucher(undo: DropUndo) -> Voucher:
    """The number of the shipment: no new one is used."""
    shipment, customer = undo.shipment, undo.customer
    return Voucher(
        document_type="sales_shipment",
        posting_date=shipment.posting_date,
        document_date=shipment.document_date,
        number=shipment.posted_no,
        source_type="customer" if customer else None,
        source_no=shipment.customer_no,
        general_business=customer.general_business if customer else None,
        vat_business=customer.vat_business if customer else None,
        dimensions=shipment.dimensions,
    )


def take_drop_back(
    side: StockSide, undo: DropUndo, receipt: Tag, voucher: int
) -> tuple[MovementRef, MovementRef]:
    """The goods come back from the customer and go back to the vendor, at the same cost. Pure.

    The opposite movements are a pair as the first ones were: nothing is in stock at any moment. Returns that
    of the receipt and that of the shipment.
    """
    sale = undo.sale
    tag = Tag(
        kind=MovementKind.SALE,
        item_no=sale.item_no,
        description=sale.description,
        line_no=sale.line_no,
        voucher=voucher,
        unit=sale.unit,
        location_code=sale.location_code,
        variant_code=sale.variant_code,
        general_business=undo.customer.general_business if undo.customer else None,
        source_no=sale.source_no,
        order_no=sale.order_no,
        order_line_no=sale.order_line_no,
        dimensions=sale.dimensions,
        drop_shipment=True,
    )
    back = side.increase(tag, -sale.quantity, invoiced=False, applies_to=sale.entry_no, is_correction=True)
    dropped = replace(receipt, drop_shipment=True)
    gone = side.decrease(dropped, -sale.quantity, expected=True, is_correction=True)
    side.pair(back, gone)
    return gone, back


def shipment_correction(undo: DropUndo, made: MovementRef) -> SalesCorrectionRow:
    """The opposite of the shipment line; it counts as invoiced, like the one that it undoes."""
    line = undo.shipped
    return SalesCorrectionRow(
        undo.shipment.id,
        SalesLineRow(
            line_no=undo.next_line_no,
            type=line.type,
            no=line.no,
            description=line.description,
            quantity=-line.quantity,
            quantity_base=-line.quantity_base,
            unit=line.unit,
            units_per_unit=line.units_per_unit,
            unit_price=line.unit_price,
            discount_percent=line.discount_percent,
            vat_product=line.vat_product,
            net=ZERO,
            vat=ZERO,
            gross=ZERO,
            quantity_invoiced=-line.quantity,
            item_row=made.row,
            order_line_no=line.order_line_no,
            drop_shipment=line.drop_shipment,
            variant_code=line.variant_code,
            location_code=line.location_code,
            dimensions=line.dimensions,
            corrects_line_no=line.line_no,
        ),
    )


def shipment_state(undo: DropUndo) -> SalesState:
    """The undone line is not open for an invoice any more."""
    return SalesState(undo.shipped.id, undo.shipped.quantity)


def give_sales_back(work: Work, undos: Sequence[DropUndo]) -> None:
    """What was shipped is outstanding again on the sales orders."""
    for undo in undos:
        assert undo.order is not None and undo.order_line is not None, "checked before"
        undo.order_line.quantity_shipped -= undo.shipped.quantity
        put_to_post(undo.order, undo.order_line)
        touch_sales(work, undo.order)
