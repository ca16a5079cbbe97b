"""Taking the header and lines of another document over, unposted, posted or archived (PU-182 to PU-189)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from core.errors import DomainError, Problem, Term, refuse
from core.ledgers.vendor import VendorEntry, remaining
from core.master.company import get_company
from core.master.items import ItemType
from core.money import QUANTITY, ZERO, round_to
from core.purchasing.archive import archived_header, get_version
from core.purchasing.document import (
    DocumentKind,
    LineType,
    PurchaseApplication,
    PurchaseDocument,
    PurchaseLine,
)
from core.purchasing.draft_header import due_date_of, require_usable_vendors
from core.purchasing.draft_inputs import LineDraft
from core.purchasing.drafts import find_draft_by_no, put_lines
from core.purchasing.duplicating import header_values
from core.purchasing.editing import check_deletion, require_open, touch
from core.purchasing.entry import Entry, entry_problems, new_line, read_entry
from core.purchasing.line_copies import posted_line, received_line
from core.purchasing.posted import (
    PostedDocument,
    PostedReceipt,
    find_posted,
    find_receipt,
)
from core.purchasing.returns import read_effects, returned_to_vendor
from core.work import Work

STAYS = frozenset(
    {
        "vendor_document_no",
        "vendor_document_key",
        "quote_no",
        "posting_date",
        "document_date",
        "vat_date",
        "due_date",
        "order_date",
        "total_gross_stated",
        "total_vat_stated",
        "payment_reference",
        "vendor_shipment_no",
        "on_hold",
        "discount_is_stale",
    }
)
"""What of its header the target keeps (PU-183): its dates too, since it is made now."""


class CopyFrom(StrEnum):
    """What can be copied."""

    QUOTE = "quote"
    ORDER = "order"
    INVOICE = "invoice"
    RETURN_ORDER = "return_order"
    CREDIT_MEMO = "credit_memo"
    POSTED_RECEIPT = "posted_receipt"
    POSTED_INVOICE = "posted_invoice"
    POSTED_RETURN_SHIPMENT = "posted_return_shipment"
    POSTED_CREDIT_MEMO = "posted_credit_memo"
    ARCHIVED = "archived"

    @property
    def goes_back(self) -> bool:
        """Whether goods went back to the vendor there."""
        return self in (
            CopyFrom.RETURN_ORDER,
            CopyFrom.CREDIT_MEMO,
            CopyFrom.POSTED_RETURN_SHIPMENT,
            CopyFrom.POSTED_CREDIT_MEMO,
        )


TITLES = {
    CopyFrom.POSTED_RECEIPT: {"en": "Receipt No. {no}:", "nl": "Ontvangst nr. {no}:"},
    CopyFrom.POSTED_INVOICE: {"en": "Invoice No. {no}:", "nl": "Factuur nr. {no}:"},
    CopyFrom.POSTED_RETURN_SHIPMENT: {"en": "Return Shipment No. {no}:", "nl": "Retourzending nr. {no}:"},
    CopyFrom.POSTED_CREDIT_MEMO: {"en": "Credit Memo No. {no}:", "nl": "Creditnota nr. {no}:"},
}
"""The text line before lines of a posted document, in the company's language (PU-189)."""


@dataclass(frozen=True, slots=True)
class CopyRequest:
    """What to copy and how. `archived_kind`, `version_no` and `occurrence` name an archived version.

    `include_header` replaces the header and the lines that are there; without it lines are appended.
    `recalculate_lines` takes only type, number, variant, text, unit and quantity (PU-185).
    """

    source: CopyFrom
    no: str
    include_header: bool = True
    recalculate_lines: bool = False
    archived_kind: DocumentKind = DocumentKind.ORDER
    version_no: int = 1
    occurrence: int = 1


@dataclass(frozen=True, slots=True)
class Copied:
    """The lines that were made, and what was left out or reduced: one summary (PU-187, PU-188)."""

    lines: tuple[PurchaseLine, ...]
    notices: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class _Source:
    """What is copied, whatever it was: header values, lines, and the goods each line brought in."""

    header: dict[str, Any]
    lines: tuple[LineDraft, ...]
    entries: Mapping[int, tuple[tuple[int, Decimal], ...]] = field(default_factory=dict)
    """Item entries and base quantities by the place of a line."""


def copy_document(work: Work, document: PurchaseDocument, request: CopyRequest) -> Copied:
    """Copy another document into an open one.

    Lines start fresh: nothing of them is received, invoiced or linked (PU-186). Lines that are blocked are
    left out and listed. Refuses with `status_not_open`, `field_missing`, `copy_onto_itself`,
    `copy_source_missing`, `vendor_blocked`, `vendor_privacy_blocked`, `copy_header_mismatch`, and what stands
    against deleting the lines that are there.
    """
    require_open(document, "lines")
    if not request.no.strip():
        values = {"field": Term("copy_no"), "record": document.document_no}
        raise DomainError([Problem("field_missing", values, field="no")])
    if (request.source.value, request.no) == (document.kind, document.document_no):
        raise refuse("copy_onto_itself", field="no")
    source = _read(work, request)
    if request.include_header:
        _replace_header(work, document, source)
    elif not request.recalculate_lines:
        _require_same(document, source, request)
    drafts, notices = _linked(work, document, request, source)
    if request.recalculate_lines:
        drafts = [_recalculated(draft) for draft in drafts]
    drafts, left_out = _usable(work, document, drafts)
    if request.source in TITLES and drafts:
        language = get_company(work).language
        title = TITLES[request.source].get(language, TITLES[request.source]["en"])
        drafts.insert(0, LineDraft(LineType.COMMENT, description=title.format(no=request.no)))
    lines = put_lines(work, document, drafts)
    if request.include_header and request.source == CopyFrom.POSTED_INVOICE:
        _apply_to(work, document, request.no)
    touch(work, document)
    return Copied(tuple(lines), (*notices, *left_out))


def _read(work: Work, request: CopyRequest) -> _Source:
    """Look the source up. Refuses with `copy_source_missing`."""
    no = request.no.strip()
    if request.source == CopyFrom.ARCHIVED:
        version = get_version(work, request.archived_kind, no, request.version_no, request.occurrence)
        return _unposted(archived_header(version))
    if request.source in (CopyFrom.POSTED_INVOICE, CopyFrom.POSTED_CREDIT_MEMO):
        kind = "invoice" if request.source == CopyFrom.POSTED_INVOICE else "credit_memo"
        posted = find_posted(work, no, kind)
        if posted is not None:
            return _posted(work, posted)
    elif request.source in (CopyFrom.POSTED_RECEIPT, CopyFrom.POSTED_RETURN_SHIPMENT):
        receipt = find_receipt(work, no)
        if receipt is not None:
            return _received(receipt)
    else:
        draft = find_draft_by_no(work, no, DocumentKind(request.source.value))
        if draft is not None:
            return _unposted(draft)
    raise refuse("copy_source_missing", field="no", no=no)


def _unposted(document: PurchaseDocument) -> _Source:
    lines = tuple(
        LineDraft(
            type=LineType(line.type),
            no=line.no,
            description=line.description,
            quantity=line.quantity,
            unit_cost=line.unit_cost,
            unit=line.unit,
            discount_percent=line.discount_percent,
            discount_amount=line.discount_amount,
            vat_product=line.vat_product,
            allow_invoice_discount=line.allow_invoice_discount,
            variant_code=line.variant_code,
            location_code=line.location_code,
            units_per_unit=line.units_per_unit,
            dimensions=line.dimensions,
            over_receipt_code=line.over_receipt_code,
            order_date=line.order_date,
            requested_receipt_date=line.requested_receipt_date,
            promised_receipt_date=line.promised_receipt_date,
            planned_receipt_date=line.planned_receipt_date,
            expected_receipt_date=line.expected_receipt_date,
            return_reason_code=line.return_reason_code,
        )
        for line in document.lines
        if not line.is_system
    )
    return _Source(header_values(document, STAYS), lines)


def _posted(work: Work, posted: PostedDocument) -> _Source:
    header = {
        "vendor_no": posted.vendor_no,
        "pay_to_vendor_no": posted.pay_to_vendor_no,
        "seller_name": posted.vendor_name,
        "order_reference": posted.order_reference,
        "payment_terms": posted.payment_terms,
        "currency_code": posted.currency_code,
        "exchange_rate": None,
        "prices_include_vat": posted.prices_include_vat,
        "payment_iban": posted.payment_iban,
        "purchaser_code": posted.purchaser_code,
        "dimensions": posted.dimensions,
        "invoice_discount_percent": None,
        "invoice_discount_amount": None,
    }
    effects = read_effects(work, posted.kind, posted.posted_no)
    rows = [line for line in posted.lines if not line.is_system]
    entries = {
        place: tuple((moved.entry_no, abs(moved.quantity)) for moved in effects[row.line_no].moved)
        for place, row in enumerate(rows)
        if row.line_no in effects
    }
    return _Source(header, tuple(posted_line(posted, row) for row in rows), entries)


def _received(receipt: PostedReceipt) -> _Source:
    header = {
        "vendor_no": receipt.vendor_no,
        "pay_to_vendor_no": receipt.pay_to_vendor_no or receipt.vendor_no,
        "currency_code": receipt.currency_code,
        "exchange_rate": None,
        "prices_include_vat": bool(receipt.prices_include_vat),
        "dimensions": receipt.dimensions,
    }
    rows = [line for line in receipt.lines if not line.is_correction]
    entries = {
        place: ((row.item_entry_no, abs(row.quantity_base)),)
        for place, row in enumerate(rows)
        if row.item_entry_no is not None
    }
    return _Source(
        header,
        tuple(
            replace(
                received_line(receipt, row), unit_cost=row.unit_cost, discount_percent=row.discount_percent
            )
            for row in rows
        ),
        entries,
    )


def _replace_header(work: Work, document: PurchaseDocument, source: _Source) -> None:
    """The header of the source, and none of the lines that were there (PU-183)."""
    for line in document.lines:
        check_deletion(line)
    for name, value in source.header.items():
        setattr(document, name, value)
    require_usable_vendors(work, document)
    document.vendor_document_no = document.vendor_document_key = None
    document.discount_is_stale = False
    document.due_date = due_date_of(work, document)
    document.lines, document.vat_amounts, document.applications = [], [], []
    work.session.flush()


def _require_same(document: PurchaseDocument, source: _Source, request: CopyRequest) -> None:
    for name in ("vendor_no", "pay_to_vendor_no", "currency_code"):
        if source.header.get(name) != getattr(document, name):
            values = {
                "field": Term(f"field_{name}"),
                "source": request.no,
                "target": document.document_no,
            }
            raise DomainError([Problem("copy_header_mismatch", values, field=name)])


def _recalculated(draft: LineDraft) -> LineDraft:
    """Only what a line orders; an account has no price records and keeps its cost (PU-185)."""
    return LineDraft(
        type=draft.type,
        no=draft.no,
        description=draft.description,
        quantity=draft.quantity,
        unit=draft.unit,
        variant_code=draft.variant_code,
        unit_cost=None if draft.type == LineType.ITEM else draft.unit_cost,
        applies_to_item_entry_no=draft.applies_to_item_entry_no,
        source_no=draft.source_no,
        source_line_no=draft.source_line_no,
    )


def _usable(
    work: Work, document: PurchaseDocument, drafts: Sequence[LineDraft]
) -> tuple[list[LineDraft], list[Problem]]:
    """The lines whose item, variant or account is not blocked, and the others by name (PU-188)."""
    entry = read_entry(work, document, [(draft.type, draft.no) for draft in drafts])
    kept, left_out = [], []
    for number, draft in enumerate(drafts, start=1):
        if _is_blocked(entry, draft, number):
            values = {"line": draft.source_line_no or number, "no": draft.no}
            left_out.append(Problem("copy_line_left_out", values, line_no=number, severity="information"))
        else:
            kept.append(draft)
    return kept, left_out


def _is_blocked(entry: Entry, draft: LineDraft, number: int) -> bool:
    if draft.type == LineType.ACCOUNT and draft.no is not None:
        account = entry.accounts.get(draft.no)
        return account is None or not account.is_usable
    if draft.type != LineType.ITEM or draft.no is None:
        return False
    line, brought = new_line(entry, draft, number)
    codes = {problem.code for problem in entry_problems(entry, line, brought)}
    return not codes.isdisjoint({"item_blocked", "item_purchasing_blocked"})


def _linked(
    work: Work, document: PurchaseDocument, request: CopyRequest, source: _Source
) -> tuple[list[LineDraft], list[Problem]]:
    """The lines, with the item entries that goods going back take their cost from (PU-187).

    Only from receipts and invoices to what goes back, with *Exact Cost Reversing Mandatory*: what went back
    already is left out or reduced, and a line of several entries becomes several.
    """
    goes_back = DocumentKind(document.kind).goes_back
    is_posted = request.source in (CopyFrom.POSTED_RECEIPT, CopyFrom.POSTED_INVOICE)
    if not (goes_back and is_posted and get_company(work).exact_cost_reversing_mandatory):
        return list(source.lines), []
    entry = read_entry(work, document, [(draft.type, draft.no) for draft in source.lines])
    numbers = [entry_no for parts in source.entries.values() for entry_no, _ in parts]
    returned = returned_to_vendor(work, numbers)
    drafts: list[LineDraft] = []
    notices: list[Problem] = []
    for place, draft in enumerate(source.lines):
        item = entry.items.get(draft.no or "") if draft.type == LineType.ITEM else None
        if item is None or item.type != ItemType.INVENTORY:
            drafts.append(draft)
            continue
        parts = list(_parts(draft, source.entries.get(place, ()), returned))
        drafts += parts
        left = sum((part.quantity for part in parts), ZERO)
        if left != draft.quantity:
            values = {
                "line": draft.source_line_no or place + 1,
                "no": draft.no,
                "n": left,
                "whole": draft.quantity,
            }
            notices.append(Problem("copy_line_reduced", values, severity="information"))
    return drafts, notices


def _parts(
    draft: LineDraft, entries: Iterable[tuple[int, Decimal]], returned: dict[int, Decimal]
) -> Iterable[LineDraft]:
    """One line per item entry with what is still there of it, in the line's unit."""
    factor = draft.units_per_unit or Decimal(1)
    for entry_no, quantity in entries:
        left = quantity - abs(returned.get(entry_no, ZERO))
        if left > ZERO:
            part = round_to(left / factor, QUANTITY)
            whole = draft.quantity == part
            yield replace(
                draft,
                quantity=part,
                applies_to_item_entry_no=entry_no,
                discount_amount=draft.discount_amount if whole else None,
                own_invoice_discount=draft.own_invoice_discount if whole else None,
            )


def _apply_to(work: Work, document: PurchaseDocument, posted_no: str) -> None:
    """A credit of a posted invoice is applied to it while it is open (PU-184)."""
    if not DocumentKind(document.kind).goes_back:
        return
    entry = work.session.scalar(
        select(VendorEntry).where(
            VendorEntry.document_type == "invoice",
            VendorEntry.document_no == posted_no,
            VendorEntry.vendor_no == document.pay_to_vendor_no,
            VendorEntry.open,
        )
    )
    if entry is not None:
        left = abs(remaining(work, entry.entry_no).amount)
        document.applications = [PurchaseApplication(vendor_entry_no=entry.entry_no, amount=left)]
