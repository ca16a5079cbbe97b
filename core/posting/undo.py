"""Undo receipts and return shipments that no bill has taken, by the opposite (PU-84, PU-146, PO-120)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from core.costing.stock import StockFacts, StockNeeds, read_stock
from core.errors import DomainError, Problem, refuse
from core.ledgers.item import ItemEntry, MovementKind, ValueEntry, ValueKind
from core.master.company import Company, get_company
from core.master.items import Item, ItemType
from core.master.purchasing_setup import closed_until
from core.master.vendors import find_vendor
from core.money import ZERO
from core.posting.batch import Batch, ReceiptCorrectionRow, ReceiptLineRow, ReceiptState, Voucher
from core.posting.periods import posting_date_problems
from core.posting.stock import MovementRef, StockSide, Tag
from core.posting.undo_drop import (
    DropUndo,
    drop_undo_voucher,
    give_sales_back,
    read_drop_undos,
    shipment_correction,
    shipment_state,
    take_drop_back,
)
from core.posting.write import write
from core.purchasing.document import DocumentKind, PurchaseDocument, PurchaseLine
from core.purchasing.posted import PostedReceipt, PostedReceiptLine, get_receipt
from core.purchasing.quantities import put_defaults
from core.work import Work


@dataclass(frozen=True, slots=True)
class Undone:
    """What undoing came to: no number is used, the lines belong to the same receipt."""

    receipt_no: str
    register_no: int
    line_nos: tuple[int, ...]


def undo_receipt(work: Work, receipt_no: str, line_nos: Collection[int] | None = None) -> Undone:
    """Undo lines of a posted receipt, all of them by default, on the receipt's own date.

    Refused as a whole when any line cannot be undone (PU-85): `receipt_already_undone`, `receipt_invoiced`,
    `receipt_items_used`, `receipt_revalued`, `receipt_charge_assigned`, `posting_date_not_allowed`,
    `inventory_period_closed`, `order_line_missing`; with no line that has a quantity `nothing_to_undo`.
    """
    return _undo(work, receipt_no, line_nos, is_return=False)


def undo_return_shipment(work: Work, shipment_no: str, line_nos: Collection[int] | None = None) -> Undone:
    """Undo lines of a return shipment that is not credited: the goods are back at the same cost (PU-143).

    Refuses as `undo_receipt` does.
    """
    return _undo(work, shipment_no, line_nos, is_return=True)


def find_undo_problems(work: Work, receipt_no: str, line_nos: Collection[int] | None = None) -> list[Problem]:
    """Why these lines cannot be undone now; empty when they can."""
    receipt = get_receipt(work, receipt_no)
    facts = _read(work, receipt, line_nos, locked=False)
    return facts.problems()


def _undo(work: Work, receipt_no: str, line_nos: Collection[int] | None, *, is_return: bool) -> Undone:
    receipt = get_receipt(work, receipt_no)
    if bool(receipt.is_return) != is_return:
        raise refuse("posted_not_found", no=receipt_no)
    facts = _read(work, receipt, line_nos, locked=True)
    problems = facts.problems()
    if problems:
        raise DomainError(problems)
    written = write(work, _compose(facts))
    _give_back(work, facts)
    return Undone(receipt_no, written.register_no, tuple(line.line_no for line in facts.lines))


@dataclass(frozen=True, slots=True)
class _Facts:
    """A receipt, the lines of it that are to be undone, and what that depends on."""

    company: Company
    receipt: PostedReceipt
    lines: tuple[PostedReceiptLine, ...]
    next_line_no: int
    orders: Mapping[tuple[str, int], tuple[PurchaseDocument, PurchaseLine]]
    entries: Mapping[int, ItemEntry]
    items: Mapping[str, Item]
    values: Sequence[ValueEntry]
    stock: StockFacts | None
    is_closed: bool
    general_business: str | None
    drops: Mapping[int, DropUndo]

    def order_line(self, line: PostedReceiptLine) -> tuple[PurchaseDocument, PurchaseLine] | None:
        """The order and its line that this was received for."""
        return self.orders.get((line.order_no or "", line.order_line_no or 0))

    def entry(self, line: PostedReceiptLine) -> ItemEntry | None:
        """The movement that the line made."""
        return self.entries.get(line.item_entry_no or 0)

    def problems(self) -> list[Problem]:
        """Everything that forbids undoing, line by line (PU-85)."""
        if not self.lines:
            return [Problem("nothing_to_undo", {"receipt": self.receipt.receipt_no}, field="lines")]
        problems = posting_date_problems(self.company, self.receipt.posting_date)
        if self.is_closed:
            values = {"date": self.receipt.posting_date}
            problems.append(Problem("inventory_period_closed", values, field="posting_date"))
        return problems + [problem for line in self.lines for problem in self._line_problems(line)]

    def _line_problems(self, line: PostedReceiptLine) -> Iterator[Problem]:
        if line.is_correction:
            yield self._problem("receipt_already_undone", line)
            return
        if line.quantity_invoiced != ZERO:
            yield self._problem("receipt_invoiced", line)
        if self.order_line(line) is None:
            yield self._problem("order_line_missing", line)
        entry = self.entry(line)
        if entry is None:
            return
        drop = self.drops.get(entry.entry_no)
        if drop is not None:
            yield from self._drop_problems(line, drop)
        elif entry.has_stock and entry.quantity > ZERO and entry.remaining_quantity != entry.quantity:
            yield self._problem("receipt_items_used", line)
        of_entry = [value for value in self.values if value.item_entry_no == entry.entry_no]
        if any(value.kind == ValueKind.REVALUATION for value in of_entry):
            yield self._problem("receipt_revalued", line)
        charge = next((value for value in of_entry if value.charge_no is not None), None)
        if charge is not None:
            yield self._problem("receipt_charge_assigned", line, charge.document_no)

    def _drop_problems(self, line: PostedReceiptLine, drop: DropUndo) -> Iterator[Problem]:
        """Neither side of a drop shipment may be invoiced (PU-86)."""
        if drop.is_invoiced and line.quantity_invoiced == ZERO:
            yield self._problem("receipt_invoiced", line)
        if drop.order_line is None:
            yield self._problem("order_line_missing", line)

    def _problem(self, code: str, line: PostedReceiptLine, document_no: str = "") -> Problem:
        values = {"receipt": self.receipt.receipt_no, "line": line.line_no, "document": document_no}
        return Problem(code, values, line_no=line.line_no, field="lines")


def _read(work: Work, receipt: PostedReceipt, line_nos: Collection[int] | None, *, locked: bool) -> _Facts:
    """Look everything up; with `locked` orders, receipt lines and items are locked in this order (PO-161)."""
    company = get_company(work)
    orders = _orders(work, receipt, locked=locked)
    every = _lines(work, receipt, locked=locked)
    if line_nos is None:
        # Whoever undoes a whole receipt means what is still there; with nothing there it is undone already.
        standing = [line for line in every if line.quantity != ZERO and not line.is_correction]
        lines = standing or [line for line in every if line.quantity != ZERO]
    else:
        lines = [line for line in every if line.line_no in line_nos and line.quantity != ZERO]
    item_nos = sorted({line.no for line in lines if line.item_entry_no is not None})
    items = _items(work, item_nos, locked=locked)
    numbers = [line.item_entry_no for line in lines if line.item_entry_no is not None]
    entries = work.session.scalars(
        select(ItemEntry).where(ItemEntry.entry_no.in_(numbers)).execution_options(populate_existing=True)
    )
    moved = list(entries)
    drops = read_drop_undos(work, moved, locked=locked)
    values = work.session.scalars(select(ValueEntry).where(ValueEntry.item_entry_no.in_(numbers)))
    until = closed_until(work)
    moves_stock = any(item.type == ItemType.INVENTORY for item in items.values())
    named = {*numbers, *(drop.sale.entry_no for drop in drops.values())}
    needs = StockNeeds(on=receipt.posting_date, entries=frozenset(named))
    pay_to = find_vendor(work, receipt.pay_to_vendor_no or receipt.vendor_no)
    return _Facts(
        company=company,
        receipt=receipt,
        lines=tuple(lines),
        next_line_no=max((line.line_no for line in every), default=0) + 1,
        orders=orders,
        entries={entry.entry_no: entry for entry in moved},
        items=items,
        values=list(values),
        stock=read_stock(work, company, needs) if numbers else None,
        is_closed=moves_stock and until is not None and receipt.posting_date <= until,
        general_business=pay_to.general_business if pay_to else None,
        drops=drops,
    )


def _orders(
    work: Work, receipt: PostedReceipt, *, locked: bool
) -> dict[tuple[str, int], tuple[PurchaseDocument, PurchaseLine]]:
    kind = DocumentKind.RETURN_ORDER if receipt.is_return else DocumentKind.ORDER
    query = (
        select(PurchaseDocument)
        .where(PurchaseDocument.kind == kind.value, PurchaseDocument.document_no == receipt.order_no)
        .options(selectinload(PurchaseDocument.lines))
        .execution_options(populate_existing=True)
    )
    orders = work.session.scalars(query.with_for_update() if locked else query)
    return {(order.document_no, line.line_no): (order, line) for order in orders for line in order.lines}


def _lines(work: Work, receipt: PostedReceipt, *, locked: bool) -> list[PostedReceiptLine]:
    query = (
        select(PostedReceiptLine)
        .where(PostedReceiptLine.receipt_id == receipt.id)
        .order_by(PostedReceiptLine.line_no)
        .execution_options(populate_existing=True)
    )
    return list(work.session.scalars(query.with_for_update() if locked else query))


def _items(work: Work, item_nos: Sequence[str], *, locked: bool) -> dict[str, Item]:
    query = select(Item).where(Item.item_no.in_(item_nos)).order_by(Item.item_no)
    rows = work.session.scalars(query.with_for_update(key_share=True) if locked else query)
    return {item.item_no: item for item in rows}


def _compose(facts: _Facts) -> Batch:
    """The opposite of every line, of its movement and its cost. Pure."""
    receipt = facts.receipt
    kind = "return_shipment" if receipt.is_return else "receipt"
    voucher = Voucher(
        document_type=kind,
        posting_date=receipt.posting_date,
        document_date=receipt.posting_date,
        number=receipt.receipt_no,
        source_type="vendor",
        source_no=receipt.pay_to_vendor_no or receipt.vendor_no,
        general_business=facts.general_business,
        vat_business=receipt.vat_business,
        dimensions=receipt.dimensions,
    )
    drops = list(facts.drops.values())
    vouchers = [voucher, *(drop_undo_voucher(drop) for drop in drops)]
    side = StockSide(facts.stock, vouchers) if facts.stock is not None else None
    made: dict[int, MovementRef] = {}
    corrections = []
    for line in facts.lines:
        entry = facts.entry(line)
        if side is not None and entry is not None:
            tag, drop = _tag(facts, line, entry), facts.drops.get(entry.entry_no)
            if drop is None:
                made[line.line_no] = side.reverse(entry.entry_no, tag)
                continue
            made[line.line_no], shipped = take_drop_back(side, drop, tag, 1 + drops.index(drop))
            corrections.append(shipment_correction(drop, shipped))
    if side is not None:
        side.finish()
    return Batch(
        source=f"undo_{kind}",
        vouchers=tuple(side.vouchers) if side else (voucher,),
        general=tuple(side.general) if side else (),
        items=tuple(side.items) if side else (),
        item_states=tuple(side.item_states) if side else (),
        applications=tuple(side.applications) if side else (),
        values=tuple(side.values) if side else (),
        receipt_corrections=tuple(
            ReceiptCorrectionRow(
                receipt.id, _opposite(line, facts.next_line_no + index, made.get(line.line_no))
            )
            for index, line in enumerate(facts.lines)
        ),
        receipt_states=tuple(
            ReceiptState(line.id, quantity_invoiced=line.quantity, is_correction=True) for line in facts.lines
        ),
        sales_corrections=tuple(corrections),
        sales_states=tuple(shipment_state(drop) for drop in drops),
        item_costs=side.item_costs if side else {},
    )


def _tag(facts: _Facts, line: PostedReceiptLine, entry: ItemEntry) -> Tag:
    return Tag(
        kind=MovementKind(entry.kind),
        item_no=entry.item_no,
        description=line.description,
        line_no=line.line_no,
        unit=line.unit,
        location_code=entry.location_code,
        variant_code=entry.variant_code,
        general_business=facts.general_business,
        source_no=entry.source_no,
        order_no=line.order_no,
        order_line_no=line.order_line_no,
        dimensions=line.dimensions,
    )


def _opposite(line: PostedReceiptLine, line_no: int, made: MovementRef | None) -> ReceiptLineRow:
    """The correction line; it counts as invoiced, like the one that it undoes."""
    return ReceiptLineRow(
        line_no=line_no,
        type=line.type,
        no=line.no,
        description=line.description,
        quantity=-line.quantity,
        quantity_base=-line.quantity_base,
        unit=line.unit,
        quantity_invoiced=-line.quantity,
        is_correction=True,
        corrects_line_no=line.line_no,
        order_no=line.order_no,
        order_line_no=line.order_line_no,
        item_row=made.row if made else None,
        units_per_unit=line.units_per_unit,
        unit_cost=line.unit_cost,
        discount_percent=line.discount_percent,
        vat_product=line.vat_product,
        variant_code=line.variant_code,
        location_code=line.location_code,
        dimensions=line.dimensions,
        return_reason_code=line.return_reason_code,
    )


def _give_back(work: Work, facts: _Facts) -> None:
    """R falls; O, TR and TI follow; the running total of expected cost starts from there (PU-84, PO-119)."""
    give_sales_back(work, list(facts.drops.values()))
    touched: dict[int, PurchaseDocument] = {}
    for line in facts.lines:
        found = facts.order_line(line)
        assert found is not None, "checked before"
        order, order_line = found
        order_line.quantity_received -= line.quantity
        order_line.expected_cost -= _expected(facts, line)
        put_defaults(DocumentKind(order.kind), order_line, receive_remainder=facts.company.receive_remainder)
        touched[order.id] = order
    for order in touched.values():
        order.version += 1
        order.modified_by, order.modified_at = work.actor.user_no, work.now
    work.session.flush()


def _expected(facts: _Facts, line: PostedReceiptLine) -> Decimal:
    """What the receipt of goods that came in had put on the order line."""
    entry = facts.entry(line)
    if entry is None or entry.quantity < ZERO:
        return ZERO
    return sum((v.cost_expected for v in facts.values if v.item_entry_no == entry.entry_no), ZERO)
