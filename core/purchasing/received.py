"""What was received or sent back, as bills see it: which of it no bill has taken yet (PU-76, PU-92)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import Select, select

from core.master.items import base_quantity
from core.purchasing.posted import PostedReceipt, PostedReceiptLine
from core.work import Work


@dataclass(frozen=True, slots=True)
class Received:
    """A posted receipt line, or return shipment line, as a bill sees it. Quantities in the line's unit."""

    line_id: int
    receipt_no: str
    line_no: int
    posting_date: date
    is_return: bool
    vendor_no: str
    pay_to_vendor_no: str | None
    currency_code: str | None
    vat_business: str | None
    order_no: str | None
    order_line_no: int | None
    type: str
    no: str
    description: str
    unit: str | None
    units_per_unit: Decimal
    variant_code: str | None
    location_code: str
    vat_product: str | None
    unit_cost: Decimal | None
    discount_percent: Decimal | None
    dimensions: str | None
    return_reason_code: str | None
    drop_shipment: bool
    is_correction: bool
    item_entry_no: int | None
    quantity: Decimal
    quantity_base: Decimal
    quantity_invoiced: Decimal

    @property
    def paid_to(self) -> str:
        """The vendor who sends the bill."""
        return self.pay_to_vendor_no or self.vendor_no

    @property
    def not_invoiced(self) -> Decimal:
        """What no bill has taken yet."""
        return self.quantity - self.quantity_invoiced

    def base_of(self, quantity: Decimal) -> Decimal:
        """The next `quantity` to be invoiced in base units; the last part takes what is left (PU-24)."""
        before = base_quantity(self.quantity_invoiced, self.units_per_unit)
        if quantity == self.not_invoiced:
            return self.quantity_base - before
        return base_quantity(self.quantity_invoiced + quantity, self.units_per_unit) - before


def received_for_order(
    work: Work, order_no: str, line_nos: Collection[int], *, is_return: bool, locked: bool = False
) -> list[Received]:
    """The receipts of these order lines that are not wholly invoiced, oldest first (PU-76)."""
    if not line_nos:
        return []
    query = (
        _query()
        .where(PostedReceiptLine.order_no == order_no, PostedReceiptLine.order_line_no.in_(line_nos))
        .where(~PostedReceiptLine.is_correction)
        .where(PostedReceiptLine.quantity != PostedReceiptLine.quantity_invoiced)
    )
    found = _read(work, query, locked=locked)
    return [row for row in found if row.is_return == is_return]


def received_lines(
    work: Work, keys: Collection[tuple[str, int]], *, locked: bool = False
) -> dict[tuple[str, int], Received]:
    """Posted receipt lines by receipt number and line number, invoiced or not."""
    if not keys:
        return {}
    numbers = sorted({receipt_no for receipt_no, _ in keys})
    query = _query().where(PostedReceipt.receipt_no.in_(numbers))
    wanted = set(keys)
    rows = _read(work, query, locked=locked)
    return {(row.receipt_no, row.line_no): row for row in rows if (row.receipt_no, row.line_no) in wanted}


def received_not_invoiced(
    work: Work,
    *,
    is_return: bool,
    vendor_no: str | None = None,
    until: date | None = None,
    order_no: str | None = None,
) -> list[Received]:
    """Receipt lines of orders that no bill has taken wholly, by receipt; the filters narrow them."""
    query = (
        _query()
        .where(~PostedReceiptLine.is_correction, PostedReceiptLine.order_no.is_not(None))
        .where(PostedReceiptLine.quantity != PostedReceiptLine.quantity_invoiced)
    )
    if vendor_no is not None:
        query = query.where(PostedReceipt.vendor_no == vendor_no)
    if until is not None:
        query = query.where(PostedReceipt.posting_date <= until)
    if order_no is not None:
        query = query.where(PostedReceiptLine.order_no == order_no)
    return [row for row in _read(work, query, locked=False) if row.is_return == is_return]


def latest_received(work: Work, *, vendor_no: str | None = None, limit: int = 200) -> list[Received]:
    """Receipt and return shipment lines that moved goods and stand, the latest first (PU-98)."""
    query = _query().where(~PostedReceiptLine.is_correction, PostedReceiptLine.item_entry_no.is_not(None))
    if vendor_no is not None:
        query = query.where(PostedReceipt.vendor_no == vendor_no)
    query = query.order_by(None).order_by(PostedReceiptLine.id.desc()).limit(limit)
    return _read(work, query, locked=False)


def _query() -> Select[PostedReceiptLine, PostedReceipt]:
    return (
        select(PostedReceiptLine, PostedReceipt)
        .join(PostedReceipt, PostedReceipt.id == PostedReceiptLine.receipt_id)
        .order_by(PostedReceipt.posting_date, PostedReceipt.id, PostedReceiptLine.line_no)
        .execution_options(populate_existing=True)
    )


def _read(work: Work, query: Select[PostedReceiptLine, PostedReceipt], *, locked: bool) -> list[Received]:
    if locked:
        query = query.with_for_update(of=PostedReceiptLine)
    return [_received(line, receipt) for line, receipt in work.session.execute(query)]


def _received(line: PostedReceiptLine, receipt: PostedReceipt) -> Received:
    return Received(
        line_id=line.id,
        receipt_no=receipt.receipt_no,
        line_no=line.line_no,
        posting_date=receipt.posting_date,
        is_return=bool(receipt.is_return),
        vendor_no=receipt.vendor_no,
        pay_to_vendor_no=receipt.pay_to_vendor_no,
        currency_code=receipt.currency_code,
        vat_business=receipt.vat_business,
        order_no=line.order_no,
        order_line_no=line.order_line_no,
        type=line.type or "item",
        no=line.no,
        description=line.description,
        unit=line.unit,
        units_per_unit=line.units_per_unit or Decimal(1),
        variant_code=line.variant_code,
        location_code=line.location_code or "",
        vat_product=line.vat_product,
        unit_cost=line.unit_cost,
        discount_percent=line.discount_percent,
        dimensions=line.dimensions,
        return_reason_code=line.return_reason_code,
        drop_shipment=bool(line.drop_shipment),
        is_correction=line.is_correction,
        item_entry_no=line.item_entry_no,
        quantity=line.quantity,
        quantity_base=line.quantity_base,
        quantity_invoiced=line.quantity_invoiced,
    )
