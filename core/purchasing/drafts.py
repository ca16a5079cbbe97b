"""Purchase documents before posting: made, changed, released, deleted. Posting is `core/posting`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, select, update

from core.errors import DomainError, Problem, refuse
from core.hooks import PurchaseDeleted
from core.ledgers.vendor import find_vendor_document
from core.master.company import get_company
from core.master.currencies import amount_rounding
from core.master.number_series import Purpose, number_for
from core.master.vendors import find_vendor, get_vendor
from core.money import UNIT_COST, ZERO, round_to
from core.purchasing.archive import archive_if_set_up
from core.purchasing.attachments import AttachedTo, delete_attachments
from core.purchasing.dimensions import header_dimensions, line_dimensions
from core.purchasing.discounts import put_invoice_discount
from core.purchasing.document import (
    DocumentKind,
    DocumentStatus,
    LineType,
    PurchaseComment,
    PurchaseDocument,
    PurchaseLine,
)
from core.purchasing.draft_header import find_pay_to, new_header, number_date, require_usable, vat_amount_rows
from core.purchasing.draft_inputs import (
    DocumentDraft,
    LineChange,
    LineDraft,
    given_values,
)
from core.purchasing.draft_totals import (
    vat_terms,
)
from core.purchasing.editing import (
    check_change,
    check_deletion,
    release_problems,
    require_line_open,
    require_open,
    touch,
)
from core.purchasing.entry import (
    Brought,
    Entry,
    entry_problems,
    new_line,
    put_price,
    put_searched_price,
    read_entry,
    unit_factor,
)
from core.purchasing.pricing import price_for_amount
from core.purchasing.quantities import put_defaults, quantity_problems
from core.sales.document import SalesDocument, SalesKind, SalesLine
from core.work import Work

DRAFT_NUMBERS = {
    DocumentKind.INVOICE: Purpose.INVOICE,
    DocumentKind.CREDIT_MEMO: Purpose.CREDIT_MEMO,
    DocumentKind.ORDER: Purpose.ORDER,
    DocumentKind.QUOTE: Purpose.QUOTE,
    DocumentKind.RETURN_ORDER: Purpose.RETURN_ORDER,
}
HUNDRED = Decimal(100)
PRICED_BY = frozenset({"type", "no", "variant_code", "unit", "quantity", "location_code"})
"""A change of these looks for the price anew (PU-48)."""
TAXED_BY = frozenset({"quantity", "unit_cost", "discount_percent", "amount", "line_amount", "vat_product"})
"""A change of these computes the VAT anew: a typed VAT amount of the group is gone (PU-41)."""


def create_draft(work: Work, draft: DocumentDraft) -> PurchaseDocument:
    """Make a document with its lines; posts nothing.

    Defaults come from the buy-from and the pay-to vendor (PU-12), the due date from the document date
    (PO-135), quantities to post from PU-72. Refuses with `vendor_unknown`, `vendor_blocked`,
    `vendor_privacy_blocked`, `account_unknown`, `item_unknown`, what `entry_problems` names and the series'
    own codes.
    """
    vendor = get_vendor(work, draft.vendor_no) if draft.vendor_no else None
    pay_to = find_pay_to(work, vendor)
    if not draft.is_captured:
        require_usable(vendor, pay_to)
    document = new_header(work, draft, vendor, pay_to)
    document.vat_amounts = vat_amount_rows(draft.vat_amounts)
    if document.dimensions is None:
        document.dimensions = header_dimensions(work, document)
    entry = read_entry(work, document, [(line.type, line.no) for line in draft.lines])
    document.lines = [
        _entered(work, entry, line, number, is_captured=draft.is_captured)
        for number, line in enumerate(draft.lines, start=1)
    ]
    if entry.company.calculate_invoice_discount:
        put_invoice_discount(work, document)
    document.document_no = number_for(work, DRAFT_NUMBERS[draft.kind], number_date(work, draft))
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


def add_line(work: Work, document: PurchaseDocument, draft: LineDraft) -> PurchaseLine:
    """Append a line to an open draft, or a comment to a released one.

    Refuses with `status_not_open`, `account_unknown`, `item_unknown`, `gl_account_not_usable` and what
    `entry_problems` names.
    """
    return add_lines(work, document, [draft])[0]


def add_lines(work: Work, document: PurchaseDocument, drafts: Sequence[LineDraft]) -> list[PurchaseLine]:
    """Append lines, as `add_line` does each; what they need is looked up once for all of them."""
    for draft in drafts:
        require_line_open(document, draft.type, ())
    lines = put_lines(work, document, drafts)
    touch(work, document)
    return lines


def put_lines(work: Work, document: PurchaseDocument, drafts: Sequence[LineDraft]) -> list[PurchaseLine]:
    """What `add_lines` does once the document may change; the caller notes the change."""
    entry = read_entry(work, document, [(draft.type, draft.no) for draft in drafts])
    last = max((line.line_no for line in document.lines), default=0)
    lines = []
    for number, draft in enumerate(drafts, start=last + 1):
        _require_account(entry, draft.type, draft.no, is_system=draft.is_system)
        line = _entered(work, entry, draft, number, is_captured=draft.source_ref is not None)
        lines.append(line)
        document.lines.append(line)
    _lines_changed(work, document)
    return lines


def change_line(work: Work, document: PurchaseDocument, line_no: int, change: LineChange) -> PurchaseLine:
    """Put new values on a line of an open draft; dates and comments change on a released one too.

    The amount is what quantity and price make of it. Another item, variant, unit, quantity or location looks
    for the price anew (PU-48), except on lines that state the vendor's own price or come from a receipt.
    Another type or number clears the ground of a proposal and brings what the new item or account brings.
    Another quantity puts the quantities to post (PU-72). Refuses with `status_not_open`, `line_unknown`,
    `line_discount_out_of_range`, `account_unknown`, `item_unknown`, `gl_account_not_usable`, and what
    `check_change`, `entry_problems` and `quantity_problems` name.
    """
    line = get_line(document, line_no)
    values = given_values(change)
    require_line_open(document, line.type, values)
    _check_percent(line_no, values.get("discount_percent"))
    if "type" in values:
        values["type"] = LineType(values["type"]).value
    before = {name: getattr(line, name) for name in ("type", "no", *PRICED_BY)}
    check_change(work, document, line, values)
    line_type, no = LineType(values.get("type", line.type)), values.get("no", line.no)
    entry = read_entry(work, document, [(line_type, no)])
    with work.session.no_autoflush:
        _put_values(work, entry, line, values)
        changed = {name for name, value in before.items() if getattr(line, name) != value}
        _require_valid(entry, line, changed)
        _follow(work, entry, line, values, changed)
    if TAXED_BY & values.keys():
        _forget_vat_amount(work, document, line)
    _lines_changed(work, document)
    touch(work, document)
    return line


def delete_line(work: Work, document: PurchaseDocument, line_no: int) -> None:
    """Take a line off an open draft, or a comment off a released one; the others keep their numbers.

    A link to a sales line goes with it (PU-109), the line's comments too. Refuses with `status_not_open`,
    `line_unknown`, `received_not_invoiced` (PU-80).
    """
    line = get_line(document, line_no)
    require_line_open(document, line.type, ())
    check_deletion(line)
    _unlink_sales(work, [line])
    work.session.execute(
        delete(PurchaseComment).where(
            PurchaseComment.document_id == document.id, PurchaseComment.line_no == line_no
        )
    )
    document.lines.remove(line)
    _lines_changed(work, document)
    touch(work, document)


def delete_draft(work: Work, document: PurchaseDocument, *, archive_too: bool = False) -> None:
    """Delete a document that is not posted, and tell whoever is linked to it (PU-101, ID-85).

    A version of it is kept as the setup says; `archive_too` answers the question it may ask (PU-63).

    Refuses with `already_posted`, `approval_pending`, `received_not_invoiced` (PU-80) and, for a released
    order, quote or return order, with `status_not_open`: reopen it first (§4.3).
    """
    if document.status == DocumentStatus.POSTED:
        raise refuse("already_posted", document=document.document_no, posted_no=document.posted_no)
    if document.status == DocumentStatus.PENDING_APPROVAL:
        raise refuse("approval_pending", document=document.document_no)
    if document.kind not in (DocumentKind.INVOICE, DocumentKind.CREDIT_MEMO):
        require_open(document, "document")
    for line in document.lines:
        check_deletion(line)
    archive_if_set_up(work, document, "deletion", confirmed=archive_too)
    remove_document(work, document)


def remove_document(work: Work, document: PurchaseDocument) -> None:
    """Take a document and all that hangs on it away, unconditionally: after a conversion, a last posting."""
    _unlink_sales(work, document.lines)
    work.session.execute(delete(PurchaseComment).where(PurchaseComment.document_id == document.id))
    delete_attachments(work, AttachedTo(document.kind), [document.document_no])
    work.session.delete(document)
    work.session.flush()
    work.hooks.raise_event(work, PurchaseDeleted(document.id))


def release(work: Work, document: PurchaseDocument) -> None:
    """Clear a draft for posting (PU-66); releasing a released one does nothing.

    Refuses with `approval_pending`, `nothing_to_release`, `unit_missing`, `location_missing`,
    `variant_missing`, all of them together.
    """
    if document.status == DocumentStatus.RELEASED:
        return
    if document.status == DocumentStatus.POSTED:
        require_open(document, "status")
    problems = find_release_problems(work, document)
    if problems:
        raise DomainError(problems)
    if get_company(work).calculate_invoice_discount:
        put_invoice_discount(work, document)
    document.status = DocumentStatus.RELEASED.value
    touch(work, document)


def calculate_invoice_discount(work: Work, document: PurchaseDocument) -> None:
    """Put the vendor's invoice discount and service charge on an open document (PU-49 to PU-53).

    With *Calc. Inv. Discount* on it happens by itself with every change and at release. Refuses with
    `status_not_open` and `posting_setup_missing`.
    """
    require_open(document, "invoice_discount_percent")
    document.discount_is_stale = True
    put_invoice_discount(work, document)
    touch(work, document)


def find_release_problems(work: Work, document: PurchaseDocument) -> list[Problem]:
    """What `release` would refuse with (PU-66); posting an open document asks the same (PU-68)."""
    entry = read_entry(work, document, [(LineType(line.type), line.no) for line in document.lines])
    return release_problems(entry.company, document, entry.items)


def reopen(work: Work, document: PurchaseDocument) -> None:
    """Make a released draft editable again, received quantities kept (PU-67). An open one stays as it is."""
    if document.status == DocumentStatus.OPEN:
        return
    if document.status == DocumentStatus.PENDING_APPROVAL:
        raise refuse("approval_pending", document=document.document_no)
    if document.status == DocumentStatus.POSTED:
        raise refuse("already_posted", document=document.document_no, posted_no=document.posted_no)
    document.status = DocumentStatus.OPEN.value
    touch(work, document)


def get_line(document: PurchaseDocument, line_no: int) -> PurchaseLine:
    """The line with this number. Refuses with `line_unknown`."""
    for line in document.lines:
        if line.line_no == line_no:
            return line
    raise refuse("line_unknown", line_no=line_no, document=document.document_no)


def entry_notices(work: Work, document: PurchaseDocument) -> list[Problem]:
    """What a clerk should know about the lines without being stopped: goods that may only go back (PU-20)."""
    entry = read_entry(work, document, [(LineType(line.type), line.no) for line in document.lines])
    return [
        problem
        for line in document.lines
        if line.no is not None
        for problem in entry_problems(entry, line, entry.brought(LineType(line.type), line.no))
        if problem.severity != "error"
    ]


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


def _entered(work: Work, entry: Entry, draft: LineDraft, line_no: int, *, is_captured: bool) -> PurchaseLine:
    """A new line with its quantities to post. Refuses with what `entry_problems` names."""
    _check_percent(line_no, draft.discount_percent)
    line, brought = new_line(entry, draft, line_no)
    if draft.dimensions is None:
        _put_dimensions(work, entry, line)
    put_defaults(entry.kind, line, receive_remainder=entry.company.receive_remainder)
    if not is_captured:
        _raise_errors(entry_problems(entry, line, brought))
    return line


def _put_dimensions(work: Work, entry: Entry, line: PurchaseLine) -> None:
    """What header, item or account and location bring (PU-191); most books ask nothing of most lines."""
    if line.type == LineType.COMMENT:
        line.dimensions = None
    elif entry.dimensioned.isdisjoint((line.no or "", line.location_code)):
        line.dimensions = entry.document.dimensions
    else:
        line.dimensions = line_dimensions(work, entry.document.dimensions, line)


def _raise_errors(problems: Iterable[Problem]) -> None:
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        raise DomainError(errors)


def _check_percent(line_no: int, percent: object) -> None:
    if isinstance(percent, Decimal) and not ZERO <= percent <= HUNDRED:
        raise refuse("line_discount_out_of_range", line_no=line_no, field="discount_percent")


def _require_account(entry: Entry, line_type: LineType, no: str | None, *, is_system: bool = False) -> None:
    """A line typed by a person names an account that takes direct postings (PU-28)."""
    account = entry.accounts.get(no) if line_type == LineType.ACCOUNT and no else None
    if account is None or (account.is_usable if not is_system else not account.blocked):
        return
    raise refuse("gl_account_not_usable", field="no", no=account.account_no, name=account.name, line="")


def _put_values(work: Work, entry: Entry, line: PurchaseLine, values: dict[str, Any]) -> None:
    """Put typed values on a line, and first what another item or account brings."""
    values = dict(values)
    amount, line_amount = values.pop("amount", None), values.pop("line_amount", None)
    if {"type", "no"} & values.keys():
        line_type = LineType(values.get("type", line.type))
        brought = entry.brought(line_type, values.get("no", line.no))
        _require_account(entry, line_type, brought.no)
        values = {"proposal": None} | _from_master(brought, line) | values | {"no": brought.no}
    precision = amount_rounding(work, entry.document.currency_code)
    if {"quantity", "unit_cost", "discount_percent"} & values.keys():
        values["discount_amount"] = None
    quantity = values.get("quantity")
    if line.own_invoice_discount is not None and line.quantity and isinstance(quantity, Decimal):
        share = line.own_invoice_discount * quantity / line.quantity
        values["own_invoice_discount"] = round_to(share, precision)
    for name, value in values.items():
        setattr(line, name, value)
    if amount is not None:
        put_price(line, price_for_amount(line.quantity, amount, precision))
    if line_amount is not None:
        _put_line_amount(line, line_amount, precision)


def _from_master(brought: Brought, line: PurchaseLine) -> dict[str, object]:
    """What another item or account brings to a line that is there (PU-27)."""
    values: dict[str, object] = {}
    if brought.vat_product:
        values["vat_product"] = brought.vat_product
    if not line.description or line.source_ref is None:
        values["description"] = brought.description[:250]
    if brought.item is not None:
        values["variant_code"] = None
        values["allow_invoice_discount"] = brought.allow_invoice_discount
        if line.source_ref is None or line.unit is None:
            values["unit"] = brought.unit
    return values


def _put_line_amount(line: PurchaseLine, wanted: Decimal, precision: Decimal) -> None:
    """The discount at which the line comes to `wanted` (PU-6)."""
    before = round_to(line.quantity * line.unit_cost, precision)
    discount = before - wanted
    percent = round_to(discount / before * HUNDRED, UNIT_COST) if before else ZERO
    if not ZERO <= percent <= HUNDRED or (before == ZERO and discount != ZERO):
        raise refuse("line_discount_out_of_range", line_no=line.line_no, field="line_amount")
    line.discount_percent, line.discount_amount = percent, discount


def _require_valid(entry: Entry, line: PurchaseLine, changed: set[str]) -> None:
    """Freeze the factor of a unit that was chosen (PU-23) and test what was entered."""
    if not changed:
        return
    brought = entry.brought(LineType(line.type), line.no)
    if {"type", "no", "unit"} & changed:
        line.units_per_unit = unit_factor(brought, line.unit)
    if line.source_ref is None:
        _raise_errors(entry_problems(entry, line, brought))


def _follow(
    work: Work, entry: Entry, line: PurchaseLine, values: Mapping[str, object], changed: set[str]
) -> None:
    """Price (PU-48) and quantities to post (PU-72) follow what changed."""
    own_price = line.source_ref is not None or line.receipt_no is not None
    typed_price = {"unit_cost", "amount", "line_amount"} & values.keys()
    if changed and line.type == LineType.ITEM and line.no and not own_price and not typed_price:
        put_searched_price(entry, line, only_quantity=changed == {"quantity"})
    if {"type", "no", "location_code"} & changed and "dimensions" not in values:
        _put_dimensions(work, entry, line)
    if "quantity" in changed or "type" in changed:
        put_defaults(entry.kind, line, receive_remainder=entry.company.receive_remainder)
    _raise_errors(quantity_problems(entry.kind, line))


def _lines_changed(work: Work, document: PurchaseDocument) -> None:
    """A typed invoice discount was meant for other lines (PU-53); an automatic one follows them."""
    if document.invoice_discount_amount is not None:
        document.discount_is_stale = True
    if get_company(work).calculate_invoice_discount:
        put_invoice_discount(work, document)


def _forget_vat_amount(work: Work, document: PurchaseDocument, line: PurchaseLine) -> None:
    """The VAT amount typed for the line's group no longer fits its lines (PU-41)."""
    if not document.vat_amounts:
        return
    pay_to = find_vendor(work, document.pay_to_vendor_no)
    identifier = vat_terms(work, pay_to.vat_business if pay_to else None, line).identifier
    document.vat_amounts = [row for row in document.vat_amounts if row.vat_identifier != identifier]


def _unlink_sales(work: Work, lines: Iterable[PurchaseLine]) -> None:
    """The sales lines that these lines were bought for can be bought again (PU-80, PU-109)."""
    for line in lines:
        if line.sales_order_no is None:
            continue
        order = select(SalesDocument.id).where(
            SalesDocument.kind == SalesKind.ORDER.value, SalesDocument.document_no == line.sales_order_no
        )
        work.session.execute(
            update(SalesLine)
            .where(SalesLine.document_id == order.scalar_subquery(), SalesLine.line_no == line.sales_line_no)
            .values(purchase_order_no=None, purchase_line_no=None)
        )


def duplicate_warnings(work: Work, document: PurchaseDocument) -> list[Problem]:
    """A warning for each other draft, and the posted entry, with the same vendor document number (PU-103)."""
    warnings = _posted_warnings(work, document)
    return warnings + [
        Problem(
            "draft_same_document_no",
            {"number": document.vendor_document_no, "document": other.document_no},
            field="vendor_document_no",
            severity="warning",
        )
        for other in same_vendor_document(work, document)
    ]


def _posted_warnings(work: Work, document: PurchaseDocument) -> list[Problem]:
    """The posted document of the pay-to vendor that bears the number already, unless it was cancelled."""
    if document.vendor_document_key is None or document.pay_to_vendor_no is None:
        return []
    kind = DocumentKind.CREDIT_MEMO if DocumentKind(document.kind).goes_back else DocumentKind.INVOICE
    entry = find_vendor_document(work, document.pay_to_vendor_no, kind.value, document.vendor_document_key)
    if entry is None:
        return []
    values = {
        "number": document.vendor_document_no,
        "no": document.pay_to_vendor_no,
        "posted": entry.document_no,
    }
    return [Problem("ext_doc_no_exists", values, field="vendor_document_no", severity="warning")]
