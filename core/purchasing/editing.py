"""What of a document may still change: by its status, what is posted of it, what it is linked to (§4.3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from sqlalchemy import select

from core.errors import DomainError, Problem, Term, refuse
from core.master.company import Company
from core.master.items import Item, ItemType
from core.money import ZERO
from core.purchasing.document import DocumentKind, DocumentStatus, LineType, PurchaseDocument, PurchaseLine
from core.purchasing.posted import PostedDocument, PostedLine, PostedReceipt, PostedReceiptLine
from core.purchasing.quantities import received_not_invoiced
from core.work import Work

HEADER_WHEN_RELEASED = frozenset(
    {
        "posting_date",
        "vendor_document_no",
        "vendor_shipment_no",
        "order_date",
        "requested_receipt_date",
        "expected_receipt_date",
    }
)
"""Fields of the header that may change on a released document too."""
LINE_WHEN_RELEASED = frozenset(
    {
        "order_date",
        "requested_receipt_date",
        "promised_receipt_date",
        "planned_receipt_date",
        "expected_receipt_date",
    }
)
"""Fields of a line that may change on a released document too; comment lines change altogether."""
OF_RECEIPT = ("type", "no", "unit", "variant_code", "location_code")
"""What a line cannot change once part of it is received, or when it invoices a receipt (PU-23, PU-95)."""
OF_SALE = (
    "type",
    "no",
    "quantity",
    "unit",
    "variant_code",
    "location_code",
    "drop_shipment",
    "special_order",
)
"""What a line that is bought for a sale shares with the sales line (PU-109)."""


def require_open(document: PurchaseDocument, field: str) -> None:
    """Refuses with `already_posted`, or with `status_not_open` unless the document is open."""
    if document.status == DocumentStatus.POSTED:
        raise refuse("already_posted", document=document.document_no, posted_no=document.posted_no)
    if document.status != DocumentStatus.OPEN:
        raise refuse("status_not_open", field=field, document=document.document_no)


def require_header_open(document: PurchaseDocument, names: Iterable[str]) -> None:
    """Like `require_open`, but dates and the vendor's numbers may change on a released document."""
    if document.status == DocumentStatus.RELEASED and HEADER_WHEN_RELEASED.issuperset(names):
        return
    require_open(document, "header")


def require_line_open(document: PurchaseDocument, line_type: str, names: Iterable[str]) -> None:
    """Like `require_open`, but dates and comment lines may change on a released document."""
    if document.status == DocumentStatus.RELEASED:
        if line_type == LineType.COMMENT and "type" not in names:
            return
        if names and LINE_WHEN_RELEASED.issuperset(names):
            return
    require_open(document, "lines")


def touch(work: Work, document: PurchaseDocument) -> None:
    """Note that a document was changed: who, when, and a version that makes older pages stale (PU-3)."""
    document.version += 1
    document.modified_by = work.actor.user_no
    document.modified_at = work.now
    work.session.flush()


def check_change(
    work: Work, document: PurchaseDocument, line: PurchaseLine, values: Mapping[str, object]
) -> None:
    """Whether these new values of a line agree with what it is tied to.

    Refuses with `line_partially_received` (PU-23), `line_from_receipt` and `qty_exceeds_receipt` (PU-95),
    `linked_to_sales_order` (PU-109), `purchasing_code_conflict` (PU-106) and `corrective_qty_increase`
    (PU-134).
    """
    changed = [name for name, value in values.items() if value != getattr(line, name, value)]
    problems = [
        *_tied(document, line, changed),
        *_marks(line, values),
        *_quantity_tied(work, document, line, values.get("quantity")),
    ]
    if problems:
        raise DomainError(problems)


def check_deletion(line: PurchaseLine) -> None:
    """A line of which something is received and not invoiced stays: `received_not_invoiced` (PU-80)."""
    open_now = received_not_invoiced(line)
    if open_now != ZERO:
        raise refuse("received_not_invoiced", line_no=line.line_no, n=open_now, line=line.line_no)


def release_problems(
    company: Company, document: PurchaseDocument, items: Mapping[str, Item]
) -> list[Problem]:
    """What keeps a document from being released (PU-66); `items` are those of its lines.

    `approval_pending` or `nothing_to_release`, then per item line `unit_missing`, `location_missing`,
    `variant_missing`.
    """
    if document.status == DocumentStatus.PENDING_APPROVAL:
        return [Problem("approval_pending", {"document": document.document_no})]
    filled = [line for line in document.lines if line.type != LineType.COMMENT and line.quantity != ZERO]
    if document.vendor_no is None or not filled:
        return [Problem("nothing_to_release", {"document": document.document_no})]
    return [problem for line in filled for problem in _line_problems(company, document, line, items)]


def receipt_left(work: Work, document: PurchaseDocument, line: PurchaseLine) -> Decimal:
    """What the line may take at most of its receipt: not invoiced, minus what its document's other lines
    take of the same receipt line (PU-95).
    """
    query = (
        select(PostedReceiptLine)
        .join(PostedReceipt)
        .where(PostedReceipt.receipt_no == line.receipt_no, PostedReceiptLine.line_no == line.receipt_line_no)
    )
    received = work.session.scalar(query)
    if received is None:
        return ZERO
    taken = (
        other.quantity
        for other in document.lines
        if other is not line
        and (other.receipt_no, other.receipt_line_no) == (line.receipt_no, line.receipt_line_no)
    )
    return received.not_invoiced - sum(taken, ZERO)


def _tied(document: PurchaseDocument, line: PurchaseLine, changed: list[str]) -> Iterator[Problem]:
    for name in changed:
        if name in OF_RECEIPT and line.quantity_received != ZERO:
            values: dict[str, object] = {"field": Term(f"field_{name}"), "line": line.line_no}
            yield Problem("line_partially_received", values, field=name, line_no=line.line_no)
        if name in OF_RECEIPT and line.receipt_no is not None:
            values = {"field": Term(f"field_{name}"), "receipt": line.receipt_no}
            yield Problem("line_from_receipt", values, field=name, line_no=line.line_no)
        if name in OF_SALE and line.sales_order_no is not None:
            values = {
                "field": Term(f"field_{name}"),
                "order": line.sales_order_no,
                "line": line.sales_line_no,
            }
            yield Problem("linked_to_sales_order", values, field=name, line_no=line.line_no)


def _marks(line: PurchaseLine, values: Mapping[str, object]) -> Iterator[Problem]:
    """A line is a drop shipment or a special order, not both (PU-106)."""
    marks = ("drop_shipment", "special_order")
    if any(mark in values for mark in marks) and all(values.get(m, getattr(line, m)) for m in marks):
        told = {"line": line.line_no}
        yield Problem("purchasing_code_conflict", told, field="drop_shipment", line_no=line.line_no)


def _quantity_tied(
    work: Work, document: PurchaseDocument, line: PurchaseLine, quantity: object
) -> Iterator[Problem]:
    if not isinstance(quantity, Decimal):
        return
    if line.receipt_no is not None:
        left = receipt_left(work, document, line)
        if abs(quantity) > abs(left) or quantity * left < ZERO:
            values: dict[str, object] = {"n": left, "receipt": line.receipt_no}
            yield Problem("qty_exceeds_receipt", values, field="quantity", line_no=line.line_no)
    if document.corrects_no is not None and line.source_no is not None:
        whole = _posted_quantity(work, line)
        if whole is not None and (abs(quantity) > abs(whole) or quantity * whole < ZERO):
            values = {"n": whole, "line": line.line_no}
            yield Problem("corrective_qty_increase", values, field="quantity", line_no=line.line_no)


def _posted_quantity(work: Work, line: PurchaseLine) -> Decimal | None:
    return work.session.scalar(
        select(PostedLine.quantity)
        .join(PostedDocument)
        .where(
            PostedDocument.kind == DocumentKind.INVOICE.value,
            PostedDocument.posted_no == line.source_no,
            PostedLine.line_no == line.source_line_no,
        )
    )


def _line_problems(
    company: Company, document: PurchaseDocument, line: PurchaseLine, items: Mapping[str, Item]
) -> Iterator[Problem]:
    record = f"{document.document_no} – {line.line_no}"
    item = items.get(line.no) if line.type == LineType.ITEM and line.no else None
    if item is None:
        return
    missing = []
    if line.unit is None:
        missing.append(("unit_missing", "unit"))
    if item.type == ItemType.INVENTORY and company.location_mandatory and not line.location_code:
        missing.append(("location_missing", "location_code"))
    if item.variants_mandatory and line.variant_code is None:
        missing.append(("variant_missing", "variant_code"))
    for code, name in missing:
        yield Problem(
            code, {"field": Term(f"field_{name}"), "record": record}, field=name, line_no=line.line_no
        )
