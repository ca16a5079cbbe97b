"""Drop shipments and special orders: purchase lines linked to the sales lines that they are bought for.

A drop shipment goes from the vendor straight to the customer (PU-107 to PU-116); a special order comes to our
own warehouse first (PU-117). Posting them is `core/posting/drop_shipment.py`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from sqlalchemy import select

from core.errors import DomainError, Problem, refuse
from core.master.company import Company
from core.master.items import Item, ItemType, find_item, units_per_unit
from core.master.vendors import normal_no
from core.money import ZERO
from core.purchasing.document import DocumentKind, LineType, PurchaseDocument, PurchaseLine
from core.purchasing.draft_inputs import LineDraft
from core.purchasing.drafts import add_lines
from core.sales.document import SalesDocument, SalesKind, SalesLine, SalesLineType
from core.sales.drafts import find_sales, outstanding, touch_sales
from core.work import Work

Order = TypeVar("Order", SalesDocument, PurchaseDocument)


@dataclass(frozen=True, slots=True)
class Linked:
    """A purchase line with the sales line that it is bought for; both belong to orders."""

    purchase: PurchaseLine
    sale: SalesLine


def get_sales_order(
    work: Work,
    order: PurchaseDocument,
    sales_order_no: str,
    line_nos: Collection[int] | None = None,
) -> list[PurchaseLine]:
    """Fetch drop-shipment lines of a sales order into a purchase order, and link them both ways (PU-107).

    `line_nos` None means every line that is left to fetch. Cost by §3.2. Refuses with
    `sell_to_customer_missing`, `sales_not_found`, `ship_to_mismatch`, `no_drop_shipment_lines`,
    `uom_factor_changed`, `type_not_supported` on what is no order, and what `add_lines` refuses.
    """
    if order.kind != DocumentKind.ORDER:
        raise refuse("type_not_supported", type=order.document_no, line="–")
    if order.sell_to_customer_no is None:
        raise refuse("sell_to_customer_missing", field="sell_to_customer_no", document=order.document_no)
    sale = _lock_sale(work, sales_order_no)
    if sale is None or sale.customer_no != order.sell_to_customer_no:
        raise refuse("sales_not_found", no=sales_order_no)
    if (sale.ship_to_code or None) != (order.ship_to_code or None):
        raise refuse("ship_to_mismatch", field="ship_to_code", order=sale.document_no)
    wanted = [
        line
        for line in sale.lines
        if is_to_be_dropped(line) and (line_nos is None or line.line_no in line_nos)
    ]
    if not wanted:
        raise refuse("no_drop_shipment_lines", order=sale.document_no)
    return link_sales_lines(work, order, sale, wanted)


def link_sales_lines(
    work: Work, order: PurchaseDocument, sale: SalesDocument, wanted: Sequence[SalesLine]
) -> list[PurchaseLine]:
    """Buy the outstanding quantity of each of these sales lines on a purchase order, linked both ways.

    A drop shipment is wanted when it is delivered, anything else when we ship it (PU-123). Refuses with
    `uom_factor_changed`, naming every line, and what `add_lines` refuses.
    """
    problems = [problem for line in wanted for problem in _unit_problems(work, line)]
    if problems:
        raise DomainError(problems)
    lines = add_lines(work, order, [_bought(sale, line) for line in wanted])
    for line, bought in zip(wanted, lines, strict=True):
        line.purchase_order_no, line.purchase_line_no = order.document_no, bought.line_no
    touch_sales(work, sale)
    return lines


def is_to_be_dropped(line: SalesLine) -> bool:
    """Whether a purchase order can still fetch this sales line (PU-107)."""
    return (
        line.type == SalesLineType.ITEM
        and line.drop_shipment
        and outstanding(line) != ZERO
        and line.purchase_order_no is None
    )


def linked_sales(work: Work, lines: Iterable[PurchaseLine], *, locked: bool = False) -> list[Linked]:
    """The sales lines of these purchase lines, as far as there are any; sales orders by number (PO-161)."""
    wanted = {(line.sales_order_no, line.sales_line_no): line for line in lines if line.sales_order_no}
    return [
        Linked(wanted[sale.document_no, sold.line_no], sold)
        for sale in _orders(work, SalesDocument, SalesKind.ORDER.value, wanted, locked=locked)
        for sold in sale.lines
        if (sale.document_no, sold.line_no) in wanted
    ]


def linked_purchases(work: Work, lines: Iterable[SalesLine], *, locked: bool = False) -> list[Linked]:
    """The purchase lines of these sales lines, as far as there are any; orders by number (PO-161)."""
    wanted = {
        (line.purchase_order_no, line.purchase_line_no): line for line in lines if line.purchase_order_no
    }
    return [
        Linked(bought, wanted[order.document_no, bought.line_no])
        for order in _orders(work, PurchaseDocument, DocumentKind.ORDER.value, wanted, locked=locked)
        for bought in order.lines
        if (order.document_no, bought.line_no) in wanted
    ]


def _orders(
    work: Work,
    table: type[Order],
    kind: str,
    wanted: Iterable[tuple[str | None, int | None]],
    *,
    locked: bool,
) -> Iterator[Order]:
    """The orders that have the wanted lines, by number; if locked, with their lines read afresh."""
    numbers = {number for number, _ in wanted}
    if not numbers:
        return
    query = (
        select(table).where(table.kind == kind, table.document_no.in_(numbers)).order_by(table.document_no)
    )
    if locked:
        query = query.with_for_update().execution_options(populate_existing=True)
    for order in work.session.scalars(query):
        if locked:
            work.session.refresh(order, ["lines"])
        yield order


def sales_first_problems(
    work: Work, company: Company, takes: Iterable[tuple[PurchaseLine, Decimal]]
) -> list[Problem]:
    """Purchase order lines that would be invoiced for more than their sales lines are (PU-114).

    `takes` holds order lines with the quantity that is to be invoiced now. With the setting off, nothing:
    both sides invoice independently. Yields `sales_not_invoiced`, naming the sales order.
    """
    if not company.drop_shipment_sales_invoice_first:
        return []
    wanted: dict[PurchaseLine, Decimal] = {}
    for line, quantity in takes:
        if line.drop_shipment and quantity != ZERO:
            wanted[line] = wanted.get(line, ZERO) + quantity
    return [
        Problem(
            "sales_not_invoiced",
            {
                "order": linked.purchase.sales_order_no,
                "n": linked.sale.quantity_invoiced,
                "line": linked.sale.line_no,
            },
            line_no=linked.purchase.line_no,
            field="qty_to_invoice",
        )
        for linked in linked_sales(work, wanted)
        if linked.purchase.quantity_invoiced + wanted[linked.purchase] > linked.sale.quantity_invoiced
    ]


def sending_problems(work: Work, order: PurchaseDocument) -> list[Problem]:
    """Why an order cannot be printed or mailed: the vendor would not know where what goes (PU-108).

    Comment, account, charge, service and non-inventory lines do not count.
    """
    items = [line for line in order.lines if line.type == LineType.ITEM and line.quantity != ZERO]
    goods = [line for line in items if _is_inventory(work, line)]
    if len({line.drop_shipment for line in goods}) < 2:
        return []
    return [Problem("mixed_drop_shipment", {"order": order.document_no}, field="lines")]


def require_sendable(work: Work, order: PurchaseDocument) -> None:
    """Whoever prints or mails an order asks first. Refuses with `mixed_drop_shipment` (PU-108)."""
    problems = sending_problems(work, order)
    if problems:
        raise DomainError(problems)


def unlink_purchases(work: Work, lines: Iterable[SalesLine]) -> None:
    """Let go of the purchase lines: their sales order is done, or the special order is fulfilled.

    (PU-116, PU-117) From then on they are invoiced or deleted as any other line.
    """
    for linked in linked_purchases(work, lines):
        linked.purchase.sales_order_no = linked.purchase.sales_line_no = None
        linked.sale.purchase_order_no = linked.sale.purchase_line_no = None
    work.session.flush()


def unlink_sales(work: Work, lines: Iterable[PurchaseLine]) -> None:
    """Let go of the sales lines of purchase lines that go (PU-80, PU-109)."""
    for linked in linked_sales(work, lines):
        linked.purchase.sales_order_no = linked.purchase.sales_line_no = None
        linked.sale.purchase_order_no = linked.sale.purchase_line_no = None
    work.session.flush()


def _lock_sale(work: Work, document_no: str) -> SalesDocument | None:
    sale = find_sales(work, document_no.strip().upper(), SalesKind.ORDER)
    if sale is None:
        return None
    work.session.refresh(sale, with_for_update=True)
    return sale


def _bought(sale: SalesDocument, line: SalesLine) -> LineDraft:
    wanted_on = line.planned_delivery_date if line.drop_shipment else line.shipment_date
    return LineDraft(
        type=LineType.ITEM,
        no=line.no,
        description=line.description,
        quantity=outstanding(line),
        unit=line.unit,
        variant_code=line.variant_code,
        location_code=line.location_code,
        dimensions=line.dimensions,
        requested_receipt_date=wanted_on,
        purchasing_code=line.purchasing_code,
        drop_shipment=line.drop_shipment,
        special_order=line.special_order,
        sales_order_no=sale.document_no,
        sales_line_no=line.line_no,
    )


def _unit_problems(work: Work, line: SalesLine) -> Iterator[Problem]:
    item = _item(work, line.no)
    factor = units_per_unit(item, line.unit) if item else None
    if factor == line.units_per_unit:
        return
    values = {
        "unit": line.unit or "",
        "new": factor if factor is not None else "–",
        "old": line.units_per_unit,
        "base": item.unit if item else "",
    }
    yield Problem("uom_factor_changed", values, line_no=line.line_no, field="unit")


def _item(work: Work, no: str | None) -> Item | None:
    return find_item(work, normal_no(no)) if no else None


def _is_inventory(work: Work, line: PurchaseLine) -> bool:
    item = _item(work, line.no)
    return item is not None and item.type == ItemType.INVENTORY
