"""Purchase documents as lists: orders, quotes, return orders, credit memos, receipts and return shipments."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, exists, func, or_, select

from core.ledgers.vendor import VendorEntry
from core.master.vendors import Vendor
from core.money import ZERO
from core.purchasing.document import DocumentKind, DocumentStatus, LineType, PurchaseDocument, PurchaseLine
from core.purchasing.draft_totals import document_totals
from core.purchasing.posted import PostedDocument, PostedLine, PostedReceipt, PostedReceiptLine
from core.work import Work


class OrderView(StrEnum):
    """The views of orders, in the order of their tabs."""

    OPEN = "open"
    LATE = "late"
    TO_RECEIVE = "to_receive"
    RECEIVED_NOT_INVOICED = "received_not_invoiced"
    CLOSED = "closed"


class ReturnView(StrEnum):
    """The views of return orders."""

    OPEN = "open"
    TO_SHIP = "to_ship"
    SHIPPED_NOT_CREDITED = "shipped_not_credited"


class QuoteView(StrEnum):
    """The views of quotes."""

    OPEN = "open"
    RELEASED = "released"


class ReceiptView(StrEnum):
    """The views of receipts; goods sent back have one of their own."""

    THIS_WEEK = "this_week"
    NOT_INVOICED = "not_invoiced"
    ALL = "all"
    SHIPMENTS = "shipments"


class CreditMemoView(StrEnum):
    """The views of credit memos."""

    DRAFT = "draft"
    POSTED = "posted"
    NOT_APPLIED = "not_applied"


@dataclass(frozen=True, slots=True)
class PurchaseRow:
    """One document of a list. Quantities add up all lines; `total_gross` is in `currency_code` (None: local).

    `is_open` is None for a draft, else whether the posted credit memo is not used up. `day` is when the
    document is about: expected receipt, posting or document date.
    """

    number: str
    vendor_no: str | None
    vendor_name: str
    status: str
    day: date | None
    reference: str | None
    currency_code: str | None
    total_gross: Decimal | None
    quantity: Decimal = ZERO
    received: Decimal = ZERO
    invoiced: Decimal = ZERO
    is_open: bool | None = None
    is_late: bool = False
    waits_for_approval: bool = False


@dataclass(frozen=True, slots=True)
class PurchaseList:
    """A stretch of a view and how many there are in all."""

    rows: Sequence[PurchaseRow]
    total: int


def count_orders(work: Work) -> dict[OrderView, int]:
    """How many orders each view holds."""
    counted = {view: _count(work, _orders(work, view)) for view in OrderView if view is not OrderView.CLOSED}
    closed = select(func.count()).select_from(_closed_orders().subquery())
    return counted | {OrderView.CLOSED: work.session.scalar(closed) or 0}


def list_orders(
    work: Work, view: OrderView, text: str = "", limit: int = 60, offset: int = 0
) -> PurchaseList:
    """Orders of a view, the latest first. `text` is looked for in numbers and the vendor's name.

    A closed order is one that is invoiced to the end and gone (PU-78): what its invoices tell of it.
    """
    if view is OrderView.CLOSED:
        return _list_closed(work, text.strip(), limit, offset)
    return _list(work, _orders(work, view), text, limit, offset)


def count_returns(work: Work) -> dict[ReturnView, int]:
    """How many return orders each view holds."""
    return {view: _count(work, _returns(view)) for view in ReturnView}


def list_returns(
    work: Work, view: ReturnView, text: str = "", limit: int = 60, offset: int = 0
) -> PurchaseList:
    """Return orders of a view, the latest first."""
    return _list(work, _returns(view), text, limit, offset)


def count_quotes(work: Work) -> dict[QuoteView, int]:
    """How many quotes each view holds."""
    return {view: _count(work, _quotes(view)) for view in QuoteView}


def list_quotes(
    work: Work, view: QuoteView, text: str = "", limit: int = 60, offset: int = 0
) -> PurchaseList:
    """Quotes of a view, the latest first."""
    return _list(work, _quotes(view), text, limit, offset)


def count_credit_memos(work: Work) -> dict[CreditMemoView, int]:
    """How many credit memos each view holds."""
    posted = {
        view: work.session.scalar(select(func.count()).select_from(_posted_memos(view).subquery())) or 0
        for view in (CreditMemoView.POSTED, CreditMemoView.NOT_APPLIED)
    }
    return {CreditMemoView.DRAFT: _count(work, _draft_memos())} | posted


def list_credit_memos(
    work: Work, view: CreditMemoView, text: str = "", limit: int = 60, offset: int = 0
) -> PurchaseList:
    """Credit memos of a view, the latest first."""
    if view is CreditMemoView.DRAFT:
        return _list(work, _draft_memos(), text, limit, offset)
    query = _posted_memos(view)
    if text.strip():
        query = query.where(
            _has(
                text, PostedDocument.posted_no, PostedDocument.vendor_document_no, PostedDocument.vendor_name
            )
        )
    query = query.order_by(PostedDocument.id.desc())
    rows = [
        PurchaseRow(
            number=document.posted_no,
            vendor_no=document.vendor_no,
            vendor_name=document.vendor_name,
            status=DocumentStatus.POSTED.value,
            day=document.posting_date,
            reference=document.vendor_document_no,
            currency_code=document.currency_code,
            total_gross=document.total_gross,
            is_open=is_open,
        )
        for document, is_open in work.session.execute(query.limit(limit).offset(offset))
    ]
    total = work.session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    return PurchaseList(rows, total)


def count_receipts(work: Work) -> dict[ReceiptView, int]:
    """How many receipts, or return shipments, each view holds."""
    return {
        view: work.session.scalar(
            select(func.count()).select_from(PostedReceipt).where(*_receipts(work, view))
        )
        or 0
        for view in ReceiptView
    }


def list_receipts(
    work: Work, view: ReceiptView, text: str = "", limit: int = 60, offset: int = 0
) -> PurchaseList:
    """Receipts of a view, the latest first; quantities count lines that were not undone."""
    conditions = _receipts(work, view)
    if text.strip():
        conditions.append(
            _has(
                text,
                PostedReceipt.receipt_no,
                PostedReceipt.order_no,
                PostedReceipt.vendor_shipment_no,
                Vendor.name,
            )
        )
    joined = select(PostedReceipt, Vendor).join(Vendor, Vendor.vendor_no == PostedReceipt.vendor_no)
    query = joined.where(*conditions)
    page = query.order_by(PostedReceipt.id.desc()).limit(limit).offset(offset)
    rows = [_receipt_row(receipt, vendor) for receipt, vendor in work.session.execute(page)]
    found = query.with_only_columns(PostedReceipt.id).subquery()
    return PurchaseList(rows, work.session.scalar(select(func.count()).select_from(found)) or 0)


def _orders(work: Work, view: OrderView) -> list[ColumnElement[bool]]:
    conditions = [PurchaseDocument.kind == DocumentKind.ORDER.value, _not_posted()]
    if view is OrderView.LATE:
        expected = func.coalesce(PurchaseLine.expected_receipt_date, PurchaseDocument.expected_receipt_date)
        conditions.append(_has_line(_to_receive, expected < work.today))
    elif view is OrderView.TO_RECEIVE:
        conditions += [PurchaseDocument.status == DocumentStatus.RELEASED.value, _has_line(_to_receive)]
    elif view is OrderView.RECEIVED_NOT_INVOICED:
        conditions.append(_has_line(_to_invoice))
    return conditions


def _returns(view: ReturnView) -> list[ColumnElement[bool]]:
    conditions = [PurchaseDocument.kind == DocumentKind.RETURN_ORDER.value, _not_posted()]
    if view is ReturnView.TO_SHIP:
        conditions += [PurchaseDocument.status == DocumentStatus.RELEASED.value, _has_line(_to_receive)]
    elif view is ReturnView.SHIPPED_NOT_CREDITED:
        conditions.append(_has_line(_to_invoice))
    return conditions


def _quotes(view: QuoteView) -> list[ColumnElement[bool]]:
    conditions = [PurchaseDocument.kind == DocumentKind.QUOTE.value, _not_posted()]
    if view is QuoteView.RELEASED:
        conditions.append(PurchaseDocument.status == DocumentStatus.RELEASED.value)
    return conditions


def _draft_memos() -> list[ColumnElement[bool]]:
    return [PurchaseDocument.kind == DocumentKind.CREDIT_MEMO.value, _not_posted()]


def _not_posted() -> ColumnElement[bool]:
    return PurchaseDocument.status != DocumentStatus.POSTED.value


def _to_receive() -> ColumnElement[bool]:
    return PurchaseLine.quantity != PurchaseLine.quantity_received


def _to_invoice() -> ColumnElement[bool]:
    return PurchaseLine.quantity_received != PurchaseLine.quantity_invoiced


def _has_line(
    condition: Callable[[], ColumnElement[bool]], *more: ColumnElement[bool]
) -> ColumnElement[bool]:
    return exists().where(
        PurchaseLine.document_id == PurchaseDocument.id,
        PurchaseLine.type != LineType.COMMENT.value,
        condition(),
        *more,
    )


def _count(work: Work, conditions: list[ColumnElement[bool]]) -> int:
    return work.session.scalar(select(func.count()).select_from(PurchaseDocument).where(*conditions)) or 0


def _list(
    work: Work, conditions: list[ColumnElement[bool]], text: str, limit: int, offset: int
) -> PurchaseList:
    if text.strip():
        conditions = [
            *conditions,
            _has(
                text,
                PurchaseDocument.document_no,
                PurchaseDocument.vendor_document_no,
                PurchaseDocument.seller_name,
                Vendor.name,
            ),
        ]
    vendor_of = Vendor.vendor_no == PurchaseDocument.vendor_no
    query = select(PurchaseDocument, Vendor).outerjoin(Vendor, vendor_of).where(*conditions)
    page = query.order_by(PurchaseDocument.id.desc()).limit(limit).offset(offset)
    rows = [_row(work, document, vendor) for document, vendor in work.session.execute(page)]
    count = select(func.count()).select_from(PurchaseDocument).outerjoin(Vendor, vendor_of)
    return PurchaseList(rows, work.session.scalar(count.where(*conditions)) or 0)


def _row(work: Work, document: PurchaseDocument, vendor: Vendor | None) -> PurchaseRow:
    lines = [line for line in document.lines if line.type != LineType.COMMENT]
    days = [
        day
        for line in lines
        if line.quantity != line.quantity_received
        and (day := line.expected_receipt_date or document.expected_receipt_date)
    ]
    in_parts = DocumentKind(document.kind).posts_in_parts
    return PurchaseRow(
        number=document.document_no,
        vendor_no=document.vendor_no,
        vendor_name=vendor.name if vendor is not None else document.seller_name or "–",
        status=document.status,
        day=min(days, default=document.expected_receipt_date) if in_parts else document.document_date,
        reference=document.vendor_document_no,
        currency_code=document.currency_code,
        total_gross=document_totals(work, document).total_gross,
        quantity=sum((abs(line.quantity) for line in lines), ZERO),
        received=sum((abs(line.quantity_received) for line in lines), ZERO),
        invoiced=sum((abs(line.quantity_invoiced) for line in lines), ZERO),
        is_late=in_parts and any(day < work.today for day in days),
        waits_for_approval=document.status == DocumentStatus.PENDING_APPROVAL,
    )


def _closed_orders() -> Select[str | None, str, date, Decimal]:
    """Orders that posted invoices name and that are not here any more."""
    here = select(PurchaseDocument.document_no).where(PurchaseDocument.kind == DocumentKind.ORDER.value)
    return (
        select(
            PostedLine.order_no,
            func.max(PostedDocument.vendor_no),
            func.max(PostedDocument.posting_date),
            func.sum(PostedLine.gross),
        )
        .join(PostedDocument, PostedDocument.id == PostedLine.document_id)
        .where(
            PostedDocument.kind == DocumentKind.INVOICE.value,
            PostedLine.order_no.is_not(None),
            PostedLine.order_no.not_in(here),
        )
        .group_by(PostedLine.order_no)
    )


def _list_closed(work: Work, text: str, limit: int, offset: int) -> PurchaseList:
    query = _closed_orders()
    if text:
        query = query.where(_has(text, PostedLine.order_no, PostedDocument.vendor_name))
    total = work.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    page = query.order_by(func.max(PostedDocument.id).desc()).limit(limit).offset(offset)
    found = work.session.execute(page).all()
    named = select(Vendor.vendor_no, Vendor.name).where(Vendor.vendor_no.in_([row[1] for row in found]))
    names = {row.vendor_no: row.name for row in work.session.execute(named)}
    rows = [
        PurchaseRow(
            number=order_no or "",
            vendor_no=vendor_no,
            vendor_name=names.get(vendor_no, "–"),
            status=DocumentStatus.POSTED.value,
            day=day,
            reference=None,
            currency_code=None,
            total_gross=total_gross,
        )
        for order_no, vendor_no, day, total_gross in found
    ]
    return PurchaseList(rows, total)


def _posted_memos(view: CreditMemoView) -> Select[PostedDocument, bool]:
    entry_of = (VendorEntry.document_no == PostedDocument.posted_no) & (
        VendorEntry.register_no == PostedDocument.register_no
    )
    query = (
        select(PostedDocument, VendorEntry.open)
        .outerjoin(VendorEntry, entry_of)
        .where(PostedDocument.kind == DocumentKind.CREDIT_MEMO.value)
    )
    return query.where(VendorEntry.open.is_(True)) if view is CreditMemoView.NOT_APPLIED else query


def _receipts(work: Work, view: ReceiptView) -> list[ColumnElement[bool]]:
    is_return = func.coalesce(PostedReceipt.is_return, False)
    if view is ReceiptView.SHIPMENTS:
        return [is_return.is_(True)]
    conditions: list[ColumnElement[bool]] = [is_return.is_(False)]
    if view is ReceiptView.THIS_WEEK:
        conditions.append(PostedReceipt.posting_date >= work.today - timedelta(days=work.today.weekday()))
    elif view is ReceiptView.NOT_INVOICED:
        conditions.append(
            exists().where(
                PostedReceiptLine.receipt_id == PostedReceipt.id,
                PostedReceiptLine.order_no.is_not(None),
                PostedReceiptLine.is_correction.is_(False),
                PostedReceiptLine.quantity != PostedReceiptLine.quantity_invoiced,
            )
        )
    return conditions


def _receipt_row(receipt: PostedReceipt, vendor: Vendor) -> PurchaseRow:
    lines = [line for line in receipt.lines if not line.is_correction]
    of_order = [line for line in lines if line.order_no is not None]
    return PurchaseRow(
        number=receipt.receipt_no,
        vendor_no=receipt.vendor_no,
        vendor_name=vendor.name,
        status="undone" if receipt.lines and not lines else DocumentStatus.POSTED.value,
        day=receipt.posting_date,
        reference=receipt.order_no or receipt.invoice_no,
        currency_code=receipt.currency_code,
        total_gross=None,
        quantity=sum((abs(line.quantity) for line in lines), ZERO),
        received=sum((abs(line.quantity) for line in lines), ZERO),
        invoiced=sum((abs(line.quantity_invoiced) for line in lines), ZERO),
        is_open=any(line.not_invoiced != ZERO for line in of_order),
    )


def _has(text: str, *columns: object) -> ColumnElement[bool]:
    wanted = text.strip()
    return or_(*(column.icontains(wanted, autoescape=True) for column in columns))  # type: ignore[attr-defined]
