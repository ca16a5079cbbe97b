"""Draft invoices and credit memos: made, changed, released, deleted. Posting is `core/posting`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Final

from sqlalchemy import select

from core.errors import Problem, refuse
from core.hooks import PurchaseDeleted
from core.master.accounts import find_account
from core.master.company import get_company
from core.master.currencies import amount_rounding
from core.master.items import find_item
from core.master.number_series import Purpose, number_for
from core.master.payment_terms import find_payment_terms, payment_dates
from core.master.vat import Calculation, find_vat_setup
from core.master.vendors import Vendor, find_vendor, get_vendor
from core.money import ZERO, round_to
from core.purchasing.document import (
    DocumentKind,
    DocumentStatus,
    LineType,
    PurchaseDocument,
    PurchaseLine,
    PurchaseVatAmount,
    folded_document_no,
)
from core.purchasing.pricing import Price, price_for_amount
from core.purchasing.totals import (
    DocumentTotals,
    TotalsHeader,
    TotalsLine,
    VatTerms,
    compute_totals,
    line_amount,
)
from core.work import Work

DRAFT_NUMBERS = {
    DocumentKind.INVOICE: Purpose.INVOICE,
    DocumentKind.CREDIT_MEMO: Purpose.CREDIT_MEMO,
}


class Unchanged(Enum):
    """Says in a change that a field keeps its value, since None is a value too."""

    UNCHANGED = "unchanged"


UNCHANGED: Final = Unchanged.UNCHANGED


@dataclass(frozen=True, slots=True)
class LineDraft:
    """A line to be made. Give `unit_cost`, or `amount` from which the price is derived.

    `vat_product`, `unit` and `description` default to those of the item or account.
    """

    type: LineType
    no: str | None = None
    description: str | None = None
    quantity: Decimal = Decimal(1)
    unit_cost: Decimal | None = None
    amount: Decimal | None = None
    unit: str | None = None
    discount_percent: Decimal = ZERO
    discount_amount: Decimal | None = None
    vat_product: str | None = None
    allow_invoice_discount: bool = True
    source_ref: str | None = None
    proposal: str | None = None


@dataclass(frozen=True, slots=True)
class DocumentDraft:
    """An invoice or credit memo to be made. What is None defaults to the vendor's card, or stays open.

    Amounts are in `currency_code` (None: local currency) and positive on a credit memo too.
    """

    vendor_no: str | None
    posting_date: date
    kind: DocumentKind = DocumentKind.INVOICE
    document_date: date | None = None
    due_date: date | None = None
    vendor_document_no: str | None = None
    seller_name: str | None = None
    order_reference: str | None = None
    payment_terms: str | None = None
    currency_code: str | None = None
    exchange_rate: Decimal | None = None
    prices_include_vat: bool | None = None
    invoice_discount_percent: Decimal | None = None
    invoice_discount_amount: Decimal | None = None
    vat_amounts: Mapping[str, Decimal] = field(default_factory=dict)
    total_gross_stated: Decimal | None = None
    total_vat_stated: Decimal | None = None
    payment_iban: str | None = None
    payment_reference: str | None = None
    on_hold: str | None = None
    lines: tuple[LineDraft, ...] = ()


@dataclass(frozen=True, slots=True)
class HeaderChange:
    """New values for a draft's header; what is UNCHANGED stays."""

    vendor_no: str | Unchanged | None = UNCHANGED
    posting_date: date | Unchanged | None = UNCHANGED
    document_date: date | Unchanged | None = UNCHANGED
    due_date: date | Unchanged | None = UNCHANGED
    vendor_document_no: str | Unchanged | None = UNCHANGED
    order_reference: str | Unchanged | None = UNCHANGED
    payment_terms: str | Unchanged | None = UNCHANGED
    currency_code: str | Unchanged | None = UNCHANGED
    exchange_rate: Decimal | Unchanged | None = UNCHANGED
    prices_include_vat: bool | Unchanged = UNCHANGED
    invoice_discount_percent: Decimal | Unchanged | None = UNCHANGED
    invoice_discount_amount: Decimal | Unchanged | None = UNCHANGED
    vat_amounts: Mapping[str, Decimal] | Unchanged = UNCHANGED
    total_gross_stated: Decimal | Unchanged | None = UNCHANGED
    total_vat_stated: Decimal | Unchanged | None = UNCHANGED
    payment_iban: str | Unchanged | None = UNCHANGED
    payment_reference: str | Unchanged | None = UNCHANGED
    on_hold: str | Unchanged | None = UNCHANGED


@dataclass(frozen=True, slots=True)
class LineChange:
    """New values for a line. An `amount` changes the unit cost; quantity or unit cost change the amount."""

    type: LineType | Unchanged = UNCHANGED
    no: str | Unchanged | None = UNCHANGED
    description: str | Unchanged = UNCHANGED
    quantity: Decimal | Unchanged = UNCHANGED
    unit: str | Unchanged | None = UNCHANGED
    unit_cost: Decimal | Unchanged = UNCHANGED
    amount: Decimal | Unchanged = UNCHANGED
    discount_percent: Decimal | Unchanged = UNCHANGED
    vat_product: str | Unchanged | None = UNCHANGED
    allow_invoice_discount: bool | Unchanged = UNCHANGED
    proposal: str | Unchanged | None = UNCHANGED


def create_draft(work: Work, draft: DocumentDraft) -> PurchaseDocument:
    """Make a draft invoice or credit memo with its lines; posts nothing.

    Defaults come from the pay-to vendor (PU-12), the due date from the document date (PO-135). Refuses with
    `vendor_unknown`, `account_unknown`, `item_unknown` and the series' own codes.
    """
    vendor = get_vendor(work, draft.vendor_no) if draft.vendor_no else None
    pay_to = _pay_to(work, vendor)
    document_date = draft.document_date or draft.posting_date
    terms = draft.payment_terms or (pay_to.payment_terms if pay_to else None)
    document = PurchaseDocument(
        kind=draft.kind.value,
        document_no=number_for(work, DRAFT_NUMBERS[draft.kind], draft.posting_date),
        status=DocumentStatus.OPEN.value,
        version=1,
        vendor_no=draft.vendor_no,
        pay_to_vendor_no=pay_to.vendor_no if pay_to else None,
        seller_name=draft.seller_name or (vendor.name if vendor else None),
        vendor_document_no=draft.vendor_document_no,
        vendor_document_key=folded_document_no(draft.vendor_document_no),
        order_reference=draft.order_reference,
        document_date=document_date,
        posting_date=draft.posting_date,
        due_date=draft.due_date or _due_date(work, terms, document_date),
        payment_terms=terms,
        currency_code=_foreign(work, draft.currency_code or (pay_to.currency_code if pay_to else None)),
        exchange_rate=draft.exchange_rate,
        prices_include_vat=_prices_include_vat(work, draft, pay_to),
        invoice_discount_percent=draft.invoice_discount_percent,
        invoice_discount_amount=draft.invoice_discount_amount,
        total_gross_stated=draft.total_gross_stated,
        total_vat_stated=draft.total_vat_stated,
        payment_iban=draft.payment_iban,
        payment_reference=draft.payment_reference,
        on_hold=draft.on_hold,
        created_by=work.actor.user_no,
        created_at=work.now,
        modified_by=work.actor.user_no,
        modified_at=work.now,
    )
    document.vat_amounts = _vat_amounts(draft.vat_amounts)
    document.lines = [_line(work, line, number) for number, line in enumerate(draft.lines, start=1)]
    work.session.add(document)
    work.session.flush()
    return document


def get_draft(work: Work, document_id: int) -> PurchaseDocument:
    """The draft with this id, posted or not. An unknown id is a program error."""
    return work.session.get_one(PurchaseDocument, document_id)


def find_draft_by_no(work: Work, document_no: str, kind: DocumentKind) -> PurchaseDocument | None:
    """The draft with the number that people see."""
    return work.session.scalar(
        select(PurchaseDocument).where(
            PurchaseDocument.document_no == document_no, PurchaseDocument.kind == kind.value
        )
    )


def lock_draft(work: Work, document_id: int, version: int | None = None) -> PurchaseDocument:
    """The draft, locked until the end of the transaction and read afresh (PO-161).

    Refuses with `already_posted`, carrying the posted number, and with `stale_document` when `version` is
    older than what is stored (PO-162).
    """
    document = work.session.scalar(
        select(PurchaseDocument)
        .where(PurchaseDocument.id == document_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if document is None:
        raise refuse("document_deleted")
    if document.status == DocumentStatus.POSTED:
        raise refuse("already_posted", document=document.document_no, posted_no=document.posted_no)
    if version is not None and version != document.version:
        raise refuse(
            "stale_document",
            document=document.document_no,
            user=document.modified_by,
            time=document.modified_at,
        )
    return document


def change_header(work: Work, document: PurchaseDocument, change: HeaderChange) -> None:
    """Put new values on the header of an open draft.

    A due date that followed from the old document date and terms follows the new ones; a typed one stays.
    Changing the posting date moves neither document date nor due date (ID-68). Another vendor brings his
    terms and currency. Refuses with `status_not_open`.
    """
    _require_open(document, "header")
    followed = document.due_date == _due_date(work, document.payment_terms, document.document_date)
    values = {
        f.name: getattr(change, f.name) for f in fields(change) if getattr(change, f.name) is not UNCHANGED
    }
    if "vendor_no" in values:
        values = _from_vendor(work, values.pop("vendor_no")) | values
    if not isinstance(change.vat_amounts, Unchanged):
        document.vat_amounts = _vat_amounts(change.vat_amounts)
        del values["vat_amounts"]
    if not isinstance(change.currency_code, Unchanged):
        values["currency_code"] = _foreign(work, change.currency_code)
    for name, value in values.items():
        setattr(document, name, value)
    document.vendor_document_key = folded_document_no(document.vendor_document_no)
    if followed and "due_date" not in values:
        document.due_date = _due_date(work, document.payment_terms, document.document_date)
    _touch(work, document)


def add_line(work: Work, document: PurchaseDocument, draft: LineDraft) -> PurchaseLine:
    """Append a line to an open draft. Refuses with `status_not_open`, `account_unknown`, `item_unknown`."""
    _require_open(document, "lines")
    number = max((line.line_no for line in document.lines), default=0) + 1
    line = _line(work, draft, number)
    document.lines.append(line)
    _touch(work, document)
    return line


def change_line(work: Work, document: PurchaseDocument, line_no: int, change: LineChange) -> PurchaseLine:
    """Put new values on a line of an open draft; the amount is what quantity and price make of it.

    Another type or number clears the ground of a proposal and brings the VAT group of the new item or
    account. Refuses with `status_not_open`, `line_unknown`, `line_discount_out_of_range`, `account_unknown`,
    `item_unknown`.
    """
    _require_open(document, "lines")
    line = _get_line(document, line_no)
    values = {
        f.name: getattr(change, f.name) for f in fields(change) if getattr(change, f.name) is not UNCHANGED
    }
    amount = values.pop("amount", None)
    percent = values.get("discount_percent")
    if percent is not None and not ZERO <= percent <= 100:
        raise refuse("line_discount_out_of_range", line_no=line_no, field="discount_percent")
    if "type" in values:
        values["type"] = LineType(values["type"]).value
    if {"type", "no"} & values.keys():
        values = {"proposal": None} | _from_master(work, values, line) | values
    if {"quantity", "unit_cost", "discount_percent"} & values.keys():
        values["discount_amount"] = None
    for name, value in values.items():
        setattr(line, name, value)
    if amount is not None:
        _put_price(line, price_for_amount(line.quantity, amount))
    _touch(work, document)
    return line


def delete_line(work: Work, document: PurchaseDocument, line_no: int) -> None:
    """Take a line off an open draft; the others keep their numbers. Refuses with `status_not_open`."""
    _require_open(document, "lines")
    document.lines.remove(_get_line(document, line_no))
    _touch(work, document)


def delete_draft(work: Work, document: PurchaseDocument) -> None:
    """Delete a draft that is not posted, and tell whoever is linked to it (PU-101, ID-85)."""
    if document.status == DocumentStatus.POSTED:
        raise refuse("already_posted", document=document.document_no, posted_no=document.posted_no)
    work.session.delete(document)
    work.session.flush()
    work.hooks.raise_event(work, PurchaseDeleted(document.id))


def release(work: Work, document: PurchaseDocument) -> None:
    """Clear a draft for posting. Needs a vendor and a line with a quantity: `nothing_to_release` (AP-35)."""
    if document.status == DocumentStatus.RELEASED:
        return
    _require_open(document, "status")
    if document.vendor_no is None or not any(line.quantity != ZERO for line in priced_lines(document)):
        raise refuse("nothing_to_release", document=document.document_no)
    document.status = DocumentStatus.RELEASED.value
    _touch(work, document)


def reopen(work: Work, document: PurchaseDocument) -> None:
    """Make a released draft editable again. An open one stays as it is."""
    if document.status == DocumentStatus.OPEN:
        return
    if document.status == DocumentStatus.PENDING_APPROVAL:
        raise refuse("approval_pending", document=document.document_no)
    if document.status == DocumentStatus.POSTED:
        raise refuse("already_posted", document=document.document_no, posted_no=document.posted_no)
    document.status = DocumentStatus.OPEN.value
    _touch(work, document)


def priced_lines(document: PurchaseDocument) -> list[PurchaseLine]:
    """The lines that carry amounts: all but the comments."""
    return [line for line in document.lines if line.type != LineType.COMMENT]


def document_totals(work: Work, document: PurchaseDocument) -> DocumentTotals:
    """The draft added up, in its currency; `lines` go with `priced_lines(document)`.

    A line whose VAT setup is missing counts without VAT here; posting refuses it by name.
    """
    vendor = find_vendor(work, document.pay_to_vendor_no)
    business = vendor.vat_business if vendor else None
    lines = [totals_line(line, vat_terms(work, business, line)) for line in priced_lines(document)]
    return compute_totals(totals_header(work, document), lines)


def totals_header(work: Work, document: PurchaseDocument) -> TotalsHeader:
    """What of the draft's header counts for its totals."""
    return TotalsHeader(
        prices_include_vat=document.prices_include_vat,
        invoice_discount_percent=document.invoice_discount_percent,
        invoice_discount_amount=document.invoice_discount_amount,
        vat_amounts={row.vat_identifier: row.amount for row in document.vat_amounts},
        precision=amount_rounding(work, document.currency_code),
    )


def totals_line(line: PurchaseLine, vat: VatTerms) -> TotalsLine:
    """What of a draft's line counts for its totals."""
    return TotalsLine(
        quantity=line.quantity,
        unit_cost=line.unit_cost,
        vat=vat,
        discount_percent=line.discount_percent,
        discount_amount=line.discount_amount,
        allow_invoice_discount=line.allow_invoice_discount,
    )


def vat_terms(work: Work, vat_business: str | None, line: PurchaseLine) -> VatTerms:
    """How a line is taxed for this vendor; without a VAT setup: not at all, under the identifier `?`."""
    if vat_business and line.vat_product:
        setup = find_vat_setup(work, vat_business, line.vat_product)
        if setup is not None:
            return VatTerms(setup.identifier, Calculation(setup.calculation), setup.percent)
    return VatTerms("?", Calculation.NORMAL, ZERO)


def amount_of(line: PurchaseLine) -> Decimal:
    """The line amount after line discount, as the lines grid shows it (PO-60)."""
    return line_amount(totals_line(line, VatTerms("?", Calculation.NORMAL, ZERO)))


def same_vendor_document(work: Work, document: PurchaseDocument) -> list[PurchaseDocument]:
    """Other drafts of the pay-to vendor with the same kind and vendor document number (PU-103)."""
    if document.vendor_document_key is None or document.pay_to_vendor_no is None:
        return []
    return list(
        work.session.scalars(
            select(PurchaseDocument).where(
                PurchaseDocument.pay_to_vendor_no == document.pay_to_vendor_no,
                PurchaseDocument.kind == document.kind,
                PurchaseDocument.vendor_document_key == document.vendor_document_key,
                PurchaseDocument.id != document.id,
                PurchaseDocument.status != DocumentStatus.POSTED.value,
            )
        )
    )


def _require_open(document: PurchaseDocument, field_name: str) -> None:
    if document.status == DocumentStatus.POSTED:
        raise refuse("already_posted", document=document.document_no, posted_no=document.posted_no)
    if document.status != DocumentStatus.OPEN:
        raise refuse("status_not_open", field=field_name, document=document.document_no)


def _touch(work: Work, document: PurchaseDocument) -> None:
    document.version += 1
    document.modified_by = work.actor.user_no
    document.modified_at = work.now
    work.session.flush()


def _pay_to(work: Work, vendor: Vendor | None) -> Vendor | None:
    """One hop only: the pay-to vendor's own pay-to is ignored (PU-12)."""
    if vendor is None or vendor.pay_to_vendor_no is None:
        return vendor
    return get_vendor(work, vendor.pay_to_vendor_no)


def _from_vendor(work: Work, vendor_no: str | None) -> dict[str, object]:
    vendor = get_vendor(work, vendor_no) if vendor_no else None
    pay_to = _pay_to(work, vendor)
    if pay_to is None:
        return {"vendor_no": None, "pay_to_vendor_no": None}
    return {
        "vendor_no": vendor_no,
        "pay_to_vendor_no": pay_to.vendor_no,
        "payment_terms": pay_to.payment_terms,
    }


def _due_date(work: Work, terms: str | None, document_date: date | None) -> date | None:
    """Counted from the document date (PO-135); unknown until there is one."""
    if document_date is None:
        return None
    return payment_dates(find_payment_terms(work, terms), document_date).due_date


def _foreign(work: Work, currency_code: str | None) -> str | None:
    """The local currency is stored as none (ID-48)."""
    return None if currency_code == get_company(work).local_currency else currency_code


def _prices_include_vat(work: Work, draft: DocumentDraft, pay_to: Vendor | None) -> bool:
    if draft.prices_include_vat is not None:
        return draft.prices_include_vat
    return get_company(work).prices_include_vat or (pay_to is not None and pay_to.prices_include_vat)


def _vat_amounts(amounts: Mapping[str, Decimal]) -> list[PurchaseVatAmount]:
    return [PurchaseVatAmount(vat_identifier=key, amount=amount) for key, amount in sorted(amounts.items())]


def _line(work: Work, draft: LineDraft, line_no: int) -> PurchaseLine:
    defaults = _defaults(work, draft.type, draft.no)
    line = PurchaseLine(
        line_no=line_no,
        type=draft.type.value,
        no=draft.no,
        description=(draft.description if draft.description is not None else defaults.description)[:250],
        quantity=draft.quantity,
        unit=draft.unit or defaults.unit,
        unit_cost=ZERO,
        discount_percent=draft.discount_percent,
        vat_product=draft.vat_product or defaults.vat_product,
        allow_invoice_discount=draft.allow_invoice_discount,
        source_ref=draft.source_ref,
        proposal=draft.proposal,
    )
    if draft.unit_cost is not None or draft.amount is None:
        cost = round_to(draft.unit_cost or ZERO, Decimal("0.00001"))
        _put_price(line, Price(cost, draft.discount_percent, draft.discount_amount))
    else:
        _put_price(line, price_for_amount(draft.quantity, draft.amount))
    return line


def _put_price(line: PurchaseLine, price: Price) -> None:
    line.unit_cost = price.unit_cost
    line.discount_percent = price.discount_percent
    line.discount_amount = price.discount_amount


@dataclass(frozen=True, slots=True)
class _Defaults:
    description: str = ""
    unit: str | None = None
    vat_product: str | None = None


def _defaults(work: Work, line_type: LineType, no: str | None) -> _Defaults:
    """What the item or account brings to a line (PU-27)."""
    if no is None or line_type in (LineType.COMMENT, LineType.CHARGE):
        return _Defaults()
    if line_type == LineType.ACCOUNT:
        account = find_account(work, no)
        if account is None:
            raise refuse("account_unknown", field="no", no=no)
        return _Defaults(account.name, None, account.vat_product)
    item = find_item(work, no)
    if item is None:
        raise refuse("item_unknown", field="no", no=no)
    return _Defaults(item.description, item.unit, item.vat_product)


def _from_master(work: Work, values: Mapping[str, object], line: PurchaseLine) -> dict[str, object]:
    line_type = LineType(str(values.get("type", line.type)))
    no = values.get("no", line.no)
    defaults = _defaults(work, line_type, str(no) if no is not None else None)
    brought: dict[str, object] = {}
    if defaults.vat_product:
        brought["vat_product"] = defaults.vat_product
    if not line.description:
        brought["description"] = defaults.description
    return brought


def _get_line(document: PurchaseDocument, line_no: int) -> PurchaseLine:
    for line in document.lines:
        if line.line_no == line_no:
            return line
    raise refuse("line_unknown", line_no=line_no, document=document.document_no)


def duplicate_warnings(work: Work, document: PurchaseDocument) -> list[Problem]:
    """A warning for each other draft with the same vendor document number (PU-103)."""
    return [
        Problem(
            "draft_same_document_no",
            {"number": document.vendor_document_no, "document": other.document_no},
            field="vendor_document_no",
            severity="warning",
        )
        for other in same_vendor_document(work, document)
    ]
