"""Purchase invoices as lists: drafts being worked on, ready to post, and posted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import ColumnElement, func, or_, select

from core.ledgers.vendor import VendorEntry
from core.master.vendors import Vendor
from core.purchasing.document import DocumentKind, DocumentStatus, PurchaseDocument
from core.purchasing.draft_totals import document_totals
from core.purchasing.posted import PostedDocument
from core.reports.cash_needed import DueSpan
from core.work import Work


class InvoiceView(StrEnum):
    """The views of the list, in the order of their tabs."""

    DRAFT = "draft"
    READY = "ready"
    POSTED = "posted"


@dataclass(frozen=True, slots=True)
class InvoiceRow:
    """One invoice. `number` is the draft's or the posted one; the total is in `currency_code` (None: local).

    `is_open` is None for a draft, else whether the vendor entry is not settled yet.
    """

    draft_id: int
    version: int
    number: str
    kind: str
    vendor_no: str | None
    vendor_name: str
    vendor_restricted: bool
    vendor_document_no: str | None
    document_date: date | None
    posting_date: date | None
    due_date: date | None
    currency_code: str | None
    total_gross: Decimal | None
    is_open: bool | None = None


@dataclass(frozen=True, slots=True)
class InvoiceList:
    """A stretch of a view and how many there are in all."""

    rows: Sequence[InvoiceRow]
    total: int


def count_invoices(work: Work) -> dict[InvoiceView, int]:
    """How many invoices each view holds."""
    session = work.session
    counted = {
        view: session.scalar(select(func.count()).select_from(PurchaseDocument).where(*_drafts(view))) or 0
        for view in (InvoiceView.DRAFT, InvoiceView.READY)
    }
    posted = session.scalar(select(func.count()).select_from(PostedDocument)) or 0
    return counted | {InvoiceView.POSTED: posted}


def list_invoices(
    work: Work,
    view: InvoiceView,
    text: str = "",
    limit: int = 60,
    offset: int = 0,
    *,
    due: DueSpan | None = None,
) -> InvoiceList:
    """Invoices of a view, the latest first. `text` is looked for in numbers and the vendor's name.

    `due` leaves those posted invoices that are open and fall due in it.
    """
    if view is InvoiceView.POSTED:
        return _posted(work, text.strip(), limit, offset, due)
    conditions = _drafts(view)
    if text.strip():
        conditions.append(
            or_(
                PurchaseDocument.document_no.icontains(text.strip(), autoescape=True),
                PurchaseDocument.vendor_document_no.icontains(text.strip(), autoescape=True),
                PurchaseDocument.seller_name.icontains(text.strip(), autoescape=True),
                Vendor.name.icontains(text.strip(), autoescape=True),
            )
        )
    joined = select(PurchaseDocument, Vendor).outerjoin(
        Vendor, Vendor.vendor_no == PurchaseDocument.vendor_no
    )
    count = select(func.count()).select_from(PurchaseDocument)
    count = count.outerjoin(Vendor, Vendor.vendor_no == PurchaseDocument.vendor_no).where(*conditions)
    query = joined.where(*conditions).order_by(PurchaseDocument.id.desc()).limit(limit).offset(offset)
    rows = [_draft_row(work, document, vendor) for document, vendor in work.session.execute(query)]
    return InvoiceList(rows, work.session.scalar(count) or 0)


def _drafts(view: InvoiceView) -> list[ColumnElement[bool]]:
    statuses = (
        [DocumentStatus.RELEASED.value]
        if view is InvoiceView.READY
        else [DocumentStatus.OPEN.value, DocumentStatus.PENDING_APPROVAL.value]
    )
    kinds = [DocumentKind.INVOICE.value, DocumentKind.CREDIT_MEMO.value]
    return [PurchaseDocument.status.in_(statuses), PurchaseDocument.kind.in_(kinds)]


def _draft_row(work: Work, document: PurchaseDocument, vendor: Vendor | None) -> InvoiceRow:
    return InvoiceRow(
        draft_id=document.id,
        version=document.version,
        number=document.document_no,
        kind=document.kind,
        vendor_no=document.vendor_no,
        vendor_name=vendor.name if vendor is not None else document.seller_name or "–",
        vendor_restricted=vendor is not None and vendor.restricted,
        vendor_document_no=document.vendor_document_no,
        document_date=document.document_date,
        posting_date=document.posting_date,
        due_date=document.due_date,
        currency_code=document.currency_code,
        total_gross=document_totals(work, document).total_gross,
    )


def _posted(work: Work, text: str, limit: int, offset: int, due: DueSpan | None) -> InvoiceList:
    conditions = [] if due is None else _open_and_due(due)
    if text:
        conditions.append(
            or_(
                PostedDocument.posted_no.icontains(text, autoescape=True),
                PostedDocument.vendor_document_no.icontains(text, autoescape=True),
                PostedDocument.vendor_name.icontains(text, autoescape=True),
            )
        )
    entry_of = (VendorEntry.document_no == PostedDocument.posted_no) & (
        VendorEntry.register_no == PostedDocument.register_no
    )
    query = (
        select(PostedDocument, VendorEntry.open)
        .outerjoin(VendorEntry, entry_of)
        .where(*conditions)
        .order_by(PostedDocument.id.desc())
        .limit(limit)
        .offset(offset)
    )
    count = select(func.count()).select_from(PostedDocument).outerjoin(VendorEntry, entry_of)
    count = count.where(*conditions)
    rows = [_posted_row(document, is_open) for document, is_open in work.session.execute(query)]
    return InvoiceList(rows, work.session.scalar(count) or 0)


def _open_and_due(due: DueSpan) -> list[ColumnElement[bool]]:
    conditions = [VendorEntry.open.is_(True), VendorEntry.document_type == "invoice"]
    if due.first is not None:
        conditions.append(VendorEntry.due_date >= due.first)
    if due.last is not None:
        conditions.append(VendorEntry.due_date <= due.last)
    return conditions


def _posted_row(document: PostedDocument, is_open: bool | None) -> InvoiceRow:
    return InvoiceRow(
        draft_id=document.draft_id,
        version=0,
        number=document.posted_no,
        kind=document.kind,
        vendor_no=document.vendor_no,
        vendor_name=document.vendor_name,
        vendor_restricted=False,
        vendor_document_no=document.vendor_document_no,
        document_date=document.document_date,
        posting_date=document.posting_date,
        due_date=document.due_date,
        currency_code=document.currency_code,
        total_gross=document.total_gross,
        is_open=is_open,
    )
