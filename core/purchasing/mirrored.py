"""A draft with the content of a posted document: the credit memo that takes it back, or a new invoice.

Nothing is searched anew: prices, discounts, VAT, dates and rate are those of the posted document (PU-124).
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from core.master.number_series import number_for
from core.master.posting_groups import find_vendor_group
from core.master.vendors import find_vendor
from core.money import QUANTITY, ZERO, round_to, total
from core.purchasing.document import (
    DocumentKind,
    DocumentStatus,
    LineType,
    PurchaseDocument,
    PurchaseLine,
    PurchaseVatAmount,
    folded_document_no,
)
from core.purchasing.draft_totals import document_totals
from core.purchasing.drafts import DRAFT_NUMBERS
from core.purchasing.posted import PostedDocument, PostedLine, get_posted
from core.work import Work


def reversing(work: Work, posted: PostedDocument) -> PurchaseDocument:
    """The document that takes all of a posted one back: same lines, dates, rate and VAT.

    It is not in the session yet and has no number. A credit memo is due on its document date (PO-110).
    """
    kind = DocumentKind.CREDIT_MEMO if posted.kind == DocumentKind.INVOICE else DocumentKind.INVOICE
    document = _header(work, posted, kind)
    document.corrects_no = posted.posted_no
    document.due_date = posted.document_date if kind == DocumentKind.CREDIT_MEMO else posted.due_date
    lines = [line for line in posted.lines if not _is_rounding(work, posted, line)]
    document.lines = [_line(line) for line in lines]
    for line, source in zip(document.lines, lines, strict=True):
        line.source_no, line.source_line_no = posted.posted_no, source.line_no
        line.source_ref = None
    _take_over_vat(work, document, lines)
    return document


def repeating(work: Work, posted: PostedDocument) -> PurchaseDocument:
    """A new draft invoice with the same content, the vendor's number included, to be corrected (PU-125).

    Texts and what the system added are not repeated; the invoice discount is one amount again.
    """
    document = _header(work, posted, DocumentKind.INVOICE)
    document.vendor_document_no = posted.vendor_document_no
    document.vendor_document_key = folded_document_no(posted.vendor_document_no)
    document.due_date = posted.due_date
    lines = [line for line in posted.lines if not line.is_system and line.type != LineType.COMMENT]
    document.lines = [_line(line) for line in lines]
    discount = total(line.invoice_discount_amount for line in lines)
    document.invoice_discount_amount = discount or None
    for line in document.lines:
        line.own_invoice_discount = None
    _take_over_vat(work, document, lines)
    return document


def repeated_rounding(work: Work, document: PurchaseDocument) -> Decimal | None:
    """The invoice rounding that a cancellation takes back to the cent; None for other documents (PO-117).

    It is that of the posted document, so that both end on one total though the setting has changed since.
    """
    if not document.is_cancellation or document.corrects_no is None:
        return None
    is_memo = document.kind == DocumentKind.CREDIT_MEMO
    kind = DocumentKind.INVOICE if is_memo else DocumentKind.CREDIT_MEMO
    posted = get_posted(work, document.corrects_no, kind.value)
    copied = {line.source_line_no for line in document.lines}
    return total(line.gross for line in posted.lines if line.is_system and line.line_no not in copied)


def register_draft(work: Work, document: PurchaseDocument) -> PurchaseDocument:
    """Give a draft its number and store it. Raises the codes of the number series."""
    document.document_no = number_for(work, DRAFT_NUMBERS[DocumentKind(document.kind)], work.today)
    work.session.add(document)
    work.session.flush()
    return document


def _header(work: Work, posted: PostedDocument, kind: DocumentKind) -> PurchaseDocument:
    return PurchaseDocument(
        kind=kind.value,
        document_no="",
        status=DocumentStatus.OPEN.value,
        version=1,
        vendor_no=posted.vendor_no,
        pay_to_vendor_no=posted.pay_to_vendor_no,
        seller_name=posted.vendor_name,
        order_reference=posted.order_reference,
        document_date=posted.document_date,
        posting_date=posted.posting_date,
        vat_date=posted.vat_date,
        payment_terms=posted.payment_terms,
        currency_code=posted.currency_code,
        exchange_rate=posted.exchange_rate,
        prices_include_vat=posted.prices_include_vat,
        payment_iban=posted.payment_iban,
        payment_reference=posted.payment_reference,
        purchaser_code=posted.purchaser_code,
        location_code="",
        dimensions=posted.dimensions,
        discount_is_stale=False,
        occurrence=1,
        is_combined=False,
        is_cancellation=False,
        created_by=work.actor.user_no,
        created_at=work.now,
        modified_by=work.actor.user_no,
        modified_at=work.now,
    )


def _line(source: PostedLine) -> PurchaseLine:
    return PurchaseLine(
        line_no=source.line_no,
        type=source.type,
        no=source.no,
        description=source.description,
        quantity=source.quantity,
        unit=source.unit,
        unit_cost=source.unit_cost,
        discount_percent=source.discount_percent,
        discount_amount=source.discount_amount,
        own_invoice_discount=source.invoice_discount_amount,
        vat_product=source.vat_product,
        allow_invoice_discount=source.allow_invoice_discount is not False,
        source_ref=source.source_ref,
        units_per_unit=source.units_per_unit or _units_per_unit(source),
        variant_code=source.variant_code,
        location_code=source.location_code or "",
        dimensions=source.dimensions,
        is_system=source.is_system,
        return_reason_code=source.return_reason_code,
        quantity_received=ZERO,
        quantity_invoiced=ZERO,
        qty_to_receive=source.quantity,
        qty_to_invoice=source.quantity,
        expected_cost=ZERO,
        invoice_discount_invoiced=ZERO,
        over_receipt_quantity=ZERO,
        drop_shipment=False,
        special_order=False,
    )


def _units_per_unit(source: PostedLine) -> Decimal:
    """Lines of the first release do not say it; their base quantity does."""
    if source.type != LineType.ITEM or ZERO in (source.quantity, source.quantity_base):
        return Decimal(1)
    return round_to(source.quantity_base / source.quantity, QUANTITY)


def _is_rounding(work: Work, posted: PostedDocument, line: PostedLine) -> bool:
    """The line that invoice rounding added: it is made anew by the same rule (PO-50)."""
    vendor = find_vendor(work, posted.pay_to_vendor_no)
    group = find_vendor_group(work, vendor.posting_group) if vendor and vendor.posting_group else None
    return line.is_system and group is not None and line.no == group.invoice_rounding


def _take_over_vat(work: Work, document: PurchaseDocument, lines: Sequence[PostedLine]) -> None:
    """State the VAT of a group where the posted one differs from what is computed now (PO-66)."""
    document.vat_amounts = []
    posted: dict[str, Decimal] = {}
    for line in lines:
        if line.vat_identifier is not None:
            posted[line.vat_identifier] = posted.get(line.vat_identifier, ZERO) + line.vat
    computed: dict[str, Decimal] = {}
    for group in document_totals(work, document).groups:
        computed[group.terms.identifier] = computed.get(group.terms.identifier, ZERO) + group.vat
    document.vat_amounts = [
        PurchaseVatAmount(vat_identifier=identifier, amount=vat)
        for identifier, vat in sorted(posted.items())
        if computed.get(identifier) != vat
    ]
