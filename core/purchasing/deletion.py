"""What stands against deleting vendors and posted documents (PU-17, PU-181)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import delete, or_, select

from core.errors import refuse
from core.ledgers.vendor import VendorEntry
from core.master.company import get_company
from core.master.dimensions import DefaultDimension, Owner
from core.master.items import ItemReference, ItemVendor
from core.master.prices import InvoiceDiscountTerms, PurchaseDiscount, PurchasePrice
from core.master.vendors import Vendor, get_vendor
from core.purchasing.attachments import AttachedTo, delete_attachments
from core.purchasing.document import DocumentStatus, PurchaseDocument
from core.purchasing.posted import PostedDocument, PostedReceipt
from core.purchasing.recurring import VendorRecurring
from core.work import Work

KEEP_YEARS = 7
"""How long posted documents are kept by law, counted from the end of their year."""


def delete_vendor(work: Work, vendor_no: str) -> None:
    """Delete a vendor with bank accounts, item numbers, prices, discounts, dimensions and files.

    Refuses with `vendor_not_found`, `vendor_in_use` (naming the document), `vendor_open_entries`,
    `vendor_has_entries`. A vendor that has entries is never deleted: no fiscal year is closed here yet, and
    its entries keep his number.
    """
    vendor = get_vendor(work, vendor_no)
    no = vendor.vendor_no
    document_no = _document_of(work, no)
    if document_no is not None:
        raise refuse("vendor_in_use", no=no, document=document_no)
    payer = work.session.scalar(select(Vendor.vendor_no).where(Vendor.pay_to_vendor_no == no).limit(1))
    if payer is not None:
        raise refuse("vendor_in_use", no=no, document=payer)
    entries = select(VendorEntry.entry_no).where(
        or_(VendorEntry.vendor_no == no, VendorEntry.buy_from_vendor_no == no)
    )
    if work.session.scalar(entries.where(VendorEntry.open).limit(1)) is not None:
        raise refuse("vendor_open_entries", no=no)
    if work.session.scalar(entries.limit(1)) is not None or _has_posted(work, no):
        raise refuse("vendor_has_entries", no=no)
    _delete_what_hangs_on(work, no)
    work.session.delete(vendor)
    work.session.flush()


def require_deletable(work: Work, posted: PostedDocument) -> None:
    """Whether a posted document may be taken away; entries never are (PU-181).

    Refuses with `posted_delete_not_allowed`, naming the day until which it must be kept: the legal retention
    period, and as long as *Allow Document Deletion Before* is blank or not after its posting date, or its
    vendor entry is open.
    """
    before = get_company(work).allow_deletion_before
    until = date(posted.posting_date.year + KEEP_YEARS, 12, 31)
    is_open = work.session.scalar(
        select(VendorEntry.open).where(
            VendorEntry.document_no == posted.posted_no,
            VendorEntry.document_type == posted.kind,
            VendorEntry.vendor_no == posted.pay_to_vendor_no,
        )
    )
    if before is None or posted.posting_date >= before or work.today <= until or is_open:
        raise refuse("posted_delete_not_allowed", document=posted.posted_no, date=until)


def _document_of(work: Work, vendor_no: str) -> str | None:
    return work.session.scalar(
        select(PurchaseDocument.document_no)
        .where(
            or_(PurchaseDocument.vendor_no == vendor_no, PurchaseDocument.pay_to_vendor_no == vendor_no),
            PurchaseDocument.status != DocumentStatus.POSTED.value,
        )
        .order_by(PurchaseDocument.id)
        .limit(1)
    )


def _has_posted(work: Work, vendor_no: str) -> bool:
    """Posted documents keep the vendor's number even where no entry does: an empty total, a receipt."""
    found = select(PurchaseDocument.id).where(
        or_(PurchaseDocument.vendor_no == vendor_no, PurchaseDocument.pay_to_vendor_no == vendor_no)
    )
    posted = select(PostedDocument.id).where(
        or_(PostedDocument.vendor_no == vendor_no, PostedDocument.pay_to_vendor_no == vendor_no)
    )
    received = select(PostedReceipt.id).where(PostedReceipt.vendor_no == vendor_no)
    return any(work.session.scalar(query.limit(1)) is not None for query in (found, posted, received))


def _delete_what_hangs_on(work: Work, vendor_no: str) -> None:
    for table in (ItemReference, ItemVendor, PurchasePrice, PurchaseDiscount, VendorRecurring):
        work.session.execute(delete(table).where(table.vendor_no == vendor_no))
    work.session.execute(delete(InvoiceDiscountTerms).where(InvoiceDiscountTerms.code == vendor_no))
    work.session.execute(
        delete(DefaultDimension).where(
            DefaultDimension.owner == Owner.VENDOR.value, DefaultDimension.no == vendor_no
        )
    )
    delete_attachments(work, AttachedTo.VENDOR, [vendor_no])
