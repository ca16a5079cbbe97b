"""The life of an order and a return order: what the next posting takes, and how lines and orders end."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_DOWN, Decimal

from sqlalchemy import select

from core.errors import DomainError, Problem, refuse
from core.master.company import get_company
from core.master.items import base_quantity, find_item
from core.master.purchasing_setup import OverReceiptCode
from core.master.vendors import find_vendor
from core.money import QUANTITY, ZERO, round_to, total
from core.purchasing.archive import archive_if_set_up
from core.purchasing.document import DocumentKind, DocumentStatus, LineType, PurchaseDocument, PurchaseLine
from core.purchasing.drafts import get_line, remove_document
from core.purchasing.editing import check_change, require_open, touch
from core.purchasing.quantities import (
    QuantityToPost,
    invoiceable,
    outstanding,
    put_to_post,
    quantity_problems,
    received_not_invoiced,
)
from core.work import Work

HUNDRED = Decimal(100)
PENDING = "pending"
APPROVED = "approved"


def set_to_post(work: Work, document: PurchaseDocument, wanted: Mapping[int, QuantityToPost]) -> None:
    """Say what the next posting takes, by line number; on an open or released order (PU-71, PU-72).

    On a released order more than is outstanding may be received as far as the line's over-receipt code goes;
    the quantity rises by the excess (PU-82). Refuses with `status_not_open`, `line_unknown`,
    `whole_documents_only`, and for all lines together with `qty_to_receive_too_large`,
    `qty_to_invoice_too_large` and `over_receipt_too_large`, which name the largest quantity.
    """
    kind = DocumentKind(document.kind)
    if not kind.posts_in_parts:
        raise refuse("whole_documents_only", document=document.document_no)
    if document.status != DocumentStatus.RELEASED:
        require_open(document, "qty_to_receive")
    problems: list[Problem] = []
    lines = [(get_line(document, line_no), quantities) for line_no, quantities in wanted.items()]
    before = [(line, _state(line)) for line, _ in lines]
    for line, quantities in lines:
        problems += _over_receipt(work, document, line, quantities.receive)
        put_to_post(line, quantities)
        problems += quantity_problems(kind, line) if not problems else ()
    if problems:
        for line, state in before:
            for name, value in state.items():
                setattr(line, name, value)
        raise DomainError(problems)
    touch(work, document)


def approve_over_receipt(work: Work, document: PurchaseDocument, line_no: int) -> None:
    """Agree to the extra quantity of a line. Not by whoever entered it: `over_receipt_own` (PU-83)."""
    line = get_line(document, line_no)
    if line.over_receipt_state != PENDING:
        return
    if line.over_receipt_by == work.actor.user_no:
        raise refuse("over_receipt_own", line_no=line_no, line=line_no)
    line.over_receipt_state = APPROVED
    touch(work, document)


def reject_over_receipt(work: Work, document: PurchaseDocument, line_no: int) -> None:
    """Refuse the extra quantity of a line: it is ordered and to be received as before (PU-83)."""
    line = get_line(document, line_no)
    if line.over_receipt_state is None:
        return
    _take_excess_back(line)
    put_to_post(line, QuantityToPost(receive=outstanding(line)))
    touch(work, document)


def over_receipt_problems(document: PurchaseDocument) -> list[Problem]:
    """Check 17: extra quantities that nobody has agreed to yet (PU-83)."""
    pending = [line for line in document.lines if line.over_receipt_state == PENDING]
    if not any(line.qty_to_receive != ZERO for line in pending):
        return []
    return [Problem("over_receipt_pending", {"document": document.document_no}, line_no=pending[0].line_no)]


def close_line(work: Work, document: PurchaseDocument, line_no: int, reason: str) -> PurchaseLine:
    """End a line that will not be delivered any further: Q becomes R (PU-81).

    What was received and not invoiced stays invoiceable. Refuses with `whole_documents_only`,
    `status_not_open` while an approval runs, `field_missing` without a reason, `linked_to_sales_order`.
    """
    line = get_line(document, line_no)
    if not DocumentKind(document.kind).posts_in_parts:
        raise refuse("whole_documents_only", document=document.document_no)
    if document.status != DocumentStatus.RELEASED:
        require_open(document, "quantity")
    words = reason.strip()
    if not words:
        raise DomainError(
            [Problem("close_reason_missing", {"line": line_no}, field="closed_reason", line_no=line_no)]
        )
    check_change(work, document, line, {"quantity": line.quantity_received})
    line.quantity = line.quantity_received
    line.qty_to_receive = ZERO
    line.qty_to_invoice = invoiceable(line)
    line.closed_reason = words[:250]
    line.over_receipt_quantity, line.over_receipt_state, line.over_receipt_by = ZERO, None, None
    if line.quantity == ZERO:
        line.discount_amount = None
    touch(work, document)
    return line


def delete_invoiced_orders(
    work: Work, *, vendor_no: str | None = None, kind: DocumentKind = DocumentKind.ORDER
) -> list[str]:
    """Delete each order that is completely delivered and billed, and return their numbers (PU-79).

    Some quantity was invoiced, nothing is outstanding, nothing is received and not invoiced, and no item
    charge is unassigned. Others are left alone.
    """
    query = select(PurchaseDocument).where(
        PurchaseDocument.kind == kind.value, PurchaseDocument.status != DocumentStatus.PENDING_APPROVAL.value
    )
    if vendor_no is not None:
        query = query.where(PurchaseDocument.vendor_no == vendor_no)
    deleted = []
    for order in work.session.scalars(query.order_by(PurchaseDocument.id)).all():
        if _is_complete(order):
            deleted.append(order.document_no)
            archive_if_set_up(work, order, "deletion")
            remove_document(work, order)
    return deleted


def _is_complete(order: PurchaseDocument) -> bool:
    if not any(line.quantity_invoiced != ZERO for line in order.lines):
        return False
    return all(
        outstanding(line) == ZERO and received_not_invoiced(line) == ZERO and _is_assigned(line)
        for line in order.lines
        if line.type != LineType.COMMENT
    )


def _is_assigned(line: PurchaseLine) -> bool:
    if line.type != LineType.CHARGE:
        return True
    return total(assigned.quantity for assigned in line.assignments) == line.quantity


def _state(line: PurchaseLine) -> dict[str, object]:
    names = ("quantity", "qty_to_receive", "qty_to_invoice")
    over = ("over_receipt_quantity", "over_receipt_state", "over_receipt_by")
    return {name: getattr(line, name) for name in (*names, *over)}


def _over_receipt(
    work: Work, document: PurchaseDocument, line: PurchaseLine, receive: Decimal | None
) -> list[Problem]:
    """Raise the line's quantity by what arrives beyond it, as far as its code allows (PU-82)."""
    is_order = document.kind == DocumentKind.ORDER and line.type == LineType.ITEM
    if receive is None or not is_order or document.status != DocumentStatus.RELEASED:
        return []
    _take_excess_back(line)
    left = outstanding(line)
    if abs(receive) <= abs(left) or receive * line.quantity < ZERO:
        return []
    code = _over_receipt_code(work, document, line)
    if code is None or line.sales_order_no is not None:
        return []
    most = _most(line, code)
    if abs(receive - left) > most:
        sign = 1 if line.quantity > ZERO else -1
        values = {"code": code.code, "n": left + sign * most}
        return [
            Problem("over_receipt_too_large", values, field="qty_to_receive", line_no=line.line_no),
        ]
    line.over_receipt_quantity = receive - left
    line.quantity += line.over_receipt_quantity
    line.over_receipt_state = PENDING if code.approval_required else APPROVED
    line.over_receipt_by = work.actor.user_no
    return []


def _most(line: PurchaseLine, code: OverReceiptCode) -> Decimal:
    """The largest excess in the line's unit; the tolerance is taken of the base quantity, and never above."""
    factor = line.units_per_unit
    ordered = base_quantity(abs(line.quantity), factor)
    allowed = round_to(ordered * code.tolerance_percent / HUNDRED, QUANTITY)
    return (allowed / factor).quantize(QUANTITY, ROUND_DOWN)


def _take_excess_back(line: PurchaseLine) -> None:
    line.quantity -= line.over_receipt_quantity
    line.over_receipt_quantity, line.over_receipt_state, line.over_receipt_by = ZERO, None, None


def _over_receipt_code(work: Work, document: PurchaseDocument, line: PurchaseLine) -> OverReceiptCode | None:
    """The code on the line, else of the item, the buy-from vendor, the company (PU-82)."""
    item = find_item(work, line.no) if line.no else None
    vendor = find_vendor(work, document.vendor_no)
    chosen = (
        line.over_receipt_code
        or (item.over_receipt_code if item else None)
        or (vendor.over_receipt_code if vendor else None)
        or get_company(work).default_over_receipt_code
    )
    return work.session.get(OverReceiptCode, chosen) if chosen else None


def outstanding_order_warnings(work: Work, document: PurchaseDocument) -> list[Problem]:
    """A warning for each item line of a draft invoice whose goods an order of the vendor still awaits or has
    received and not been billed for: its receipt lines may be meant (PU-91).
    """
    lines = [line for line in document.lines if line.type == LineType.ITEM and line.receipt_no is None]
    if document.kind != DocumentKind.INVOICE or document.vendor_no is None or not lines:
        return []
    rows = work.session.execute(
        select(PurchaseLine.no, PurchaseDocument.document_no)
        .join(PurchaseDocument)
        .where(
            PurchaseDocument.kind == DocumentKind.ORDER.value,
            PurchaseDocument.vendor_no == document.vendor_no,
            PurchaseLine.type == LineType.ITEM.value,
            PurchaseLine.no.in_({line.no for line in lines if line.no}),
            PurchaseLine.quantity != PurchaseLine.quantity_invoiced,
        )
        .order_by(PurchaseDocument.id.desc())
    )
    orders: dict[str | None, str] = {row[0]: row[1] for row in rows}
    return [
        Problem(
            "orders_outstanding",
            {"no": document.vendor_no, "order": orders[line.no], "item": line.no},
            field="no",
            line_no=line.line_no,
            severity="warning",
        )
        for line in lines
        if line.no in orders
    ]
