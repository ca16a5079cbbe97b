"""Review: what a person may do with one document, and the rules that decide whether it may go on.

Every function takes the record's `version` as the page saw it; an action on an older one is refused with
INC_CHANGED_BY_OTHER and changes nothing (ID-28). Who may do what is for the desk to ask.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from core.errors import DomainError, Problem, refuse
from core.hooks import PurchaseDeleted
from core.master.vendors import BankAccountState, NewVendor, Vendor, create_vendor, get_vendor
from core.posting.engine import post
from core.purchasing import drafts
from core.purchasing.document import PurchaseDocument
from core.purchasing.draft_header import change_header
from core.purchasing.draft_inputs import HeaderChange
from core.work import Work
from pipeline import jobs
from pipeline.incoming import (
    JOB_KIND,
    Change,
    IncomingDocument,
    IncomingField,
    IncomingMessage,
    JobStatus,
    Origin,
    Stage,
    Status,
    clear_release,
    lock_incoming,
    log,
    move,
    schedule,
    to_json,
    touch,
)
from pipeline.workflow import line_edits, read
from pipeline.workflow.answers import answer
from pipeline.workflow.arithmetic import AMOUNTS
from pipeline.workflow.assessment import Assessment, assess
from pipeline.workflow.checks import BOOKED, STOPPING
from pipeline.workflow.draft import flag_repeats, take_over, try_draft
from pipeline.workflow.duplicates import LOOK, STOP
from pipeline.workflow.review_page import view_of
from pipeline.workflow.review_view import CheckState, Evidence, ReviewView
from pipeline.workflow.typed import mark_of, parse_typed
from pipeline.workflow.values import Values, as_amount, as_day

_KIND_KEYS = frozenset({"document_type"})
_SELLER_KEYS = "seller."
_HEADER_TEXT = {
    "invoice_number": "vendor_document_no",
    "order_reference": "order_reference",
    "payment_iban": "payment_iban",
    "payment_reference": "payment_reference",
    "currency_code": "currency_code",
}
_HEADER_DAY = {"issue_date": "document_date", "due_date": "due_date", "posting_date": "posting_date"}
_HEADER_AMOUNT = {"total_gross": "total_gross_stated", "total_vat": "total_vat_stated"}


def open_review(work: Work, incoming_id: int) -> ReviewView:
    """Everything the review page shows. Changes nothing."""
    return view_of(work, incoming_id)


# --- values -------------------------------------------------------------------------------------------------


def set_field(
    work: Work,
    incoming_id: int,
    version: int | None,
    key: str,
    typed: str,
    *,
    language: str,
    evidence: Evidence | None = None,
) -> None:
    """Give a field the value that a person typed or clicked; it counts as confirmed then.

    `key` is that of a FieldView; a cell of a line goes to the draft's line too, and `vendor` is set by
    `set_vendor`. Raises INC_VALUE_NOT_UNDERSTOOD and what the core has against the value.
    """
    document = _editable(work, incoming_id, version)
    if key == "vendor":
        _choose_vendor(work, document, typed.strip().split(" ", 1)[0])
        return
    values = Values.of(work, document)
    mark = mark_of([row.printed for row in values.rows.values() if row.printed]) if evidence else None
    value = parse_typed(key, typed, language, work.today, document_mark=mark)
    if key.startswith(("lines.", "added.")) and document.draft_id is not None:
        _set_cell(work, document, key, value, evidence)
    else:
        _put_value(work, document, key, value, evidence)
        _follow_header(work, document, key)
    _settle(work, document)


def confirm_field(work: Work, incoming_id: int, version: int | None, key: str) -> None:
    """Confirm the value as it stands, or take over the doubtful one that was offered."""
    document = _editable(work, incoming_id, version)
    values = Values.of(work, document)
    row = values.row(key)
    if row is None:
        assessed = assess(work, document).fields.get(key)
        row = _new_row(work, document, key)
        row.value = assessed.value if assessed else None
    changed = row.value is None and row.read_value is not None
    row.value = row.value if row.value is not None else row.read_value
    row.confirmed_by, row.confirmed_at = work.actor.name, work.now
    log(work, document, "confirmed", Change(field=key, new=row.value))
    work.session.flush()
    if changed:
        _follow_header(work, document, key)
    _settle(work, document)


def reset_field(work: Work, incoming_id: int, version: int | None, key: str) -> None:
    """Give the field the value that was read (ID-45)."""
    document = _editable(work, incoming_id, version)
    row = Values.of(work, document).row(key)
    if row is None:
        raise refuse("INC_FIELD_UNKNOWN", field=key)
    log(work, document, "reset", Change(field=key, old=row.value, new=row.read_value))
    row.value, row.origin = row.read_value, Origin.READ.value
    row.confirmed_by = row.confirmed_at = row.note = None
    work.session.flush()
    if key.startswith("lines.") and document.draft_id is not None and row.value is not None:
        _set_cell(work, document, key, row.value, None)
        row.confirmed_by = row.confirmed_at = None
    else:
        _follow_header(work, document, key)
    _settle(work, document)


def set_line(  # noqa: PLR0917
    work: Work, incoming_id: int, version: int | None, line_no: int, column: str, typed: str, *, language: str
) -> None:
    """Change one cell of the lines; `column` is one of LINE_COLUMNS."""
    document = _editable(work, incoming_id, version)
    draft = document.draft_id
    key = f"lines.{line_no - 1}.{column}"
    if draft is None:
        value = parse_typed(key, typed, language, work.today)
        _put_value(work, document, key, value, None)
        _follow_header(work, document, key)
    else:
        value = parse_typed(f"lines.0.{column}", typed, language, work.today)
        _change_line(work, document, _Cell(line_no, column), value, None)
    _settle(work, document)


def add_line(work: Work, incoming_id: int, version: int | None) -> int:
    """Add an empty line at the end of the draft; returns its number."""
    document = _editable(work, incoming_id, version)
    draft = _draft(work, document)
    line_no = line_edits.add(work, draft)
    log(work, document, "line_added", Change(field=f"line {line_no}"))
    _settle(work, document)
    return line_no


def delete_line(work: Work, incoming_id: int, version: int | None, line_no: int) -> None:
    """Take a line off the draft."""
    document = _editable(work, incoming_id, version)
    draft = _draft(work, document)
    told = next((line.description for line in draft.lines if line.line_no == line_no), None)
    drafts.delete_line(work, draft, line_no)
    log(work, document, "line_deleted", Change(field=f"line {line_no}", old=told))
    _settle(work, document)


def set_vendor(work: Work, incoming_id: int, version: int | None, vendor_no: str) -> None:
    """Say which vendor sent this; the draft is made for it, anew when there was one for another."""
    document = _editable(work, incoming_id, version)
    _choose_vendor(work, document, vendor_no)


def create_vendor_from(work: Work, incoming_id: int, version: int | None, new: NewVendor) -> Vendor:
    """Register the vendor that sent this, restricted until approved (AP-37), and take it (ID-52)."""
    document = _editable(work, incoming_id, version)
    vendor = create_vendor(work, new)
    log(work, document, "vendor_created", Change(new=vendor.vendor_no))
    _choose_vendor(work, document, vendor.vendor_no)
    return vendor


def propose_vendor(work: Work, incoming_id: int) -> NewVendor:
    """What the document says of its sender, to fill the form of a new vendor."""
    document = lock_incoming(work, incoming_id)
    values = Values.of(work, document)
    country = (values.text("seller.country_code") or (values.text("seller.vat_id") or "")[:2]).upper()
    return NewVendor(
        name=values.text("seller.name") or "",
        country_code=country if country.isalpha() and len(country) == 2 else None,
        vat_id=values.text("seller.vat_id"),
        legal_id=values.text("seller.legal_id"),
        gln=values.text("seller.gln"),
        phone=values.text("seller.phone"),
        iban=values.text("payment_iban") or values.text("seller.iban"),
        currency_code=None,
    )


# --- decisions ----------------------------------------------------------------------------------------------


def keep_card_account(work: Work, incoming_id: int, version: int | None) -> None:
    """Pay to the account of the vendor card, whatever the document prints (ID-54)."""
    document = _editable(work, incoming_id, version)
    if document.vendor_no is None:
        raise refuse("INC_VENDOR_MISSING", field="vendor")
    vendor = get_vendor(work, document.vendor_no)
    confirmed = [a.iban for a in vendor.bank_accounts if a.state == BankAccountState.CONFIRMED]
    row = Values.of(work, document).row("payment_iban") or _new_row(work, document, "payment_iban")
    log(work, document, "card_account_kept", Change(field="payment_iban", old=row.value))
    row.value = confirmed[0] if confirmed else None
    row.origin, row.note = Origin.PERSON.value, "card_account_kept"
    row.confirmed_by, row.confirmed_at = work.actor.name, work.now
    work.session.flush()
    _follow_header(work, document, "payment_iban")
    _settle(work, document)


def book_difference(work: Work, incoming_id: int, version: int | None) -> None:
    """Decide that the cents by which the totals differ are booked, as the posting preview shows (ID-91).

    Raises INC_TOTALS when the difference is more than cents.
    """
    document = _editable(work, incoming_id, version)
    arithmetic = assess(work, document).arithmetic
    if not arithmetic.can_book_difference:
        total = arithmetic.rows[-1]
        raise refuse("INC_TOTALS", field="total_gross", stated=total.stated, computed=total.computed)
    row = Values.of(work, document).row("total_gross") or _new_row(work, document, "total_gross")
    row.note = BOOKED
    log(work, document, "difference_booked", Change(new=str(arithmetic.rows[-1].difference)))
    _settle(work, document)


def not_a_duplicate(work: Work, incoming_id: int, version: int | None, reason: str) -> None:
    """Dismiss what looks like a repeat, or reopen a merged record, with a reason (ID-31, ID-90)."""
    document = lock_incoming(work, incoming_id, version)
    _need_reason(reason)
    if Stage(document.stage) is Stage.DUPLICATE:
        document.duplicate_of_id = None
        move(work, document, Stage.RECEIVED, Status.NEW)
        log(work, document, "not_a_duplicate", Change(reason=reason))
        read.forget(work, document)
        schedule(work, document)
        return
    _need_review(document)
    for message in _open_messages(work, document, (STOP, LOOK)):
        _dismiss(work, message, reason)
    log(work, document, "not_a_duplicate", Change(reason=reason))
    work.session.flush()
    if document.draft_id is None:
        try_draft(work, document)
    _settle(work, document)


def dismiss(work: Work, incoming_id: int, version: int | None, message_id: int, reason: str) -> None:
    """Lift a stop that only a person can judge, such as another buyer on the document, with a reason."""
    document = _editable(work, incoming_id, version)
    _need_reason(reason)
    for message in _open_messages(work, document, tuple(STOPPING)):
        if message.id == message_id:
            _dismiss(work, message, reason)
            log(work, document, "dismissed", Change(field=message.field, old=message.code, reason=reason))
            _settle(work, document)
            return
    raise refuse("INC_NOT_DISMISSIBLE")


def approve(work: Work, incoming_id: int, version: int | None) -> None:
    """Finish the review: the document is read and coded right, and waits to be posted.

    Raises INC_CHECKS_OPEN, and after it one problem for each open check.
    """
    document = _editable(work, incoming_id, version)
    assessed = assess(work, document)
    problems = _open_problems(assessed)
    if problems:
        raise DomainError(problems)
    _finish(work, document, assessed.draft, "approved")


def finish_untouched(work: Work, document: IncomingDocument) -> bool:
    """Finish the review without a person: nothing is open and the total is within the vendor's limit."""
    assessed = assess(work, document)
    vendor, total = assessed.vendor, document.total_gross
    if vendor is None or vendor.restricted or total is None or not vendor.touchless_limit:
        return False
    is_foreign = document.currency_code != assessed.company.local_currency
    if is_foreign or total > vendor.touchless_limit or _open_problems(assessed):
        return False
    _finish(work, document, assessed.draft, "approved_untouched")
    return True


def reject(work: Work, incoming_id: int, version: int | None, reason: str) -> None:
    """Refuse the document, with a reason; a draft made from it is deleted first (ID-23)."""
    document = lock_incoming(work, incoming_id, version)
    _need_reason(reason)
    if Stage(document.stage) is Stage.POSTED:
        raise refuse("INC_POSTED", number=document.incoming_no)
    if Stage(document.stage) not in (Stage.RECEIVED, Stage.IN_REVIEW, Stage.APPROVED):
        raise refuse("INC_NOT_IN_REVIEW", number=document.incoming_no)
    jobs.drop(work, JOB_KIND, document.id)
    document.job_status, document.wait_reason = JobStatus.NONE.value, None
    _delete_draft(work, document)
    document.parked_until = document.parked_for = None
    document.reject_reason = reason[:500]
    clear_release(document)
    move(work, document, Stage.REJECTED, Status.REJECTED)
    log(work, document, "rejected", Change(reason=reason))


def reopen(work: Work, incoming_id: int, version: int | None) -> None:
    """Undo approving, rejecting or parking: back to review (T9, T10)."""
    document = lock_incoming(work, incoming_id, version)
    stage = Stage(document.stage)
    if stage is Stage.APPROVED:
        drafts.reopen(work, _draft(work, document))
        move(work, document, Stage.IN_REVIEW)
    elif stage is Stage.REJECTED:
        document.reject_reason = None
        _reopen_rejected(work, document)
    elif stage is Stage.IN_REVIEW:
        document.parked_until = document.parked_for = None
    else:
        raise refuse("INC_NOT_IN_REVIEW", number=document.incoming_no)
    log(work, document, "reopened")
    _settle(work, document)


def park(work: Work, incoming_id: int, version: int | None, until: date, for_what: str) -> None:
    """Put aside until a date after today; it comes back by itself (ID-102)."""
    document = _editable(work, incoming_id, version)
    if until <= work.today:
        raise refuse("INC_PARK_DATE", field="until", until=until, today=work.today)
    document.parked_until, document.parked_for = until, for_what.strip()[:250] or None
    touch(work, document)
    log(work, document, "parked", Change(new=until.isoformat(), reason=for_what.strip() or None))


def unpark(work: Work, incoming_id: int, version: int | None) -> None:
    """Take back from being put aside."""
    document = _editable(work, incoming_id, version)
    document.parked_until = document.parked_for = None
    touch(work, document)
    log(work, document, "unparked")


def come_back(work: Work) -> int:
    """Bring back every parked record whose day has come; returns how many."""
    due = work.session.scalars(
        select(IncomingDocument).where(IncomingDocument.parked_until <= work.today).with_for_update()
    ).all()
    for document in due:
        document.parked_until = document.parked_for = None
        touch(work, document)
        log(work, document, "came_back")
    return len(due)


def assign(work: Work, incoming_id: int, version: int | None, user_no: str | None) -> None:
    """Say who looks at it (ID-102)."""
    document = lock_incoming(work, incoming_id, version)
    log(work, document, "assigned", Change(old=document.assigned_to, new=user_no))
    document.assigned_to = user_no
    touch(work, document)


def read_again(work: Work, incoming_id: int, version: int | None) -> None:
    """Read the document once more; what a person confirmed stays (ID-29). A draft of it is made anew."""
    document = lock_incoming(work, incoming_id, version)
    stage = Stage(document.stage)
    if stage not in (Stage.RECEIVED, Stage.READ, Stage.DRAFTED, Stage.IN_REVIEW):
        raise refuse("INC_NOT_IN_REVIEW", number=document.incoming_no)
    jobs.drop(work, JOB_KIND, document.id)
    _delete_draft(work, document)
    read.forget(work, document)
    move(work, document, Stage.RECEIVED, Status.NEW if document.status == Status.FAILED else None)
    log(work, document, "read_again")
    schedule(work, document)


def enter_by_hand(work: Work, incoming_id: int, version: int | None) -> None:
    """Go on without reading, when the file cannot be read: a person types the values from the picture."""
    document = lock_incoming(work, incoming_id, version)
    if Stage(document.stage) is not Stage.RECEIVED or not document.failure_code:
        raise refuse("INC_NOT_IN_REVIEW", number=document.incoming_no)
    document.failure_code = document.failure_values = None
    move(work, document, Stage.IN_REVIEW)
    log(work, document, "entered_by_hand")
    _settle(work, document)


def post_document(work: Work, incoming_id: int, version: int | None) -> str:
    """Post the released draft; returns the number of the posted document. Raises all posting problems."""
    document = lock_incoming(work, incoming_id, version)
    if Stage(document.stage) is Stage.POSTED:
        raise refuse("already_posted", document=document.incoming_no, posted_no=document.document_no)
    if Stage(document.stage) is not Stage.APPROVED or document.draft_id is None:
        raise refuse("INC_NOT_REVIEWED", number=document.incoming_no)
    posted_no = post(work, document.draft_id).posted_no
    assert posted_no is not None, "what posts whole has a bill"
    return posted_no


def refresh(work: Work, document: IncomingDocument) -> Assessment:
    """Keep with the record what is worst about it and how much is open, for the lists."""
    assessed = assess(work, document)
    open_checks = assessed.open_checks
    worst = next((c for c in open_checks if c.state is CheckState.STOP), None) or next(
        iter(open_checks), None
    )
    document.open_reasons = sum(max(check.count, 1) for check in open_checks)
    document.worst_code = worst.reason.key if worst and worst.reason else None
    document.worst_values = to_json(worst.reason.values) if worst and worst.reason else None
    document.worst_severity = None
    if worst is not None:
        is_note = all(c.name == "fields" and c.state is CheckState.CHECK for c in open_checks)
        document.worst_severity = "note" if is_note else worst.state.value
    work.session.flush()
    return assessed


# --- within -------------------------------------------------------------------------------------------------


def _editable(work: Work, incoming_id: int, version: int | None) -> IncomingDocument:
    document = lock_incoming(work, incoming_id, version)
    _need_review(document)
    return document


def _need_review(document: IncomingDocument) -> None:
    if Stage(document.stage) is not Stage.IN_REVIEW:
        raise refuse("INC_NOT_IN_REVIEW", number=document.incoming_no)


def _need_reason(reason: str) -> None:
    if not reason.strip():
        raise refuse("INC_REASON_MISSING", field="reason")


def _draft(work: Work, document: IncomingDocument) -> PurchaseDocument:
    if document.draft_id is None:
        raise refuse("INC_NO_DRAFT", number=document.incoming_no)
    return drafts.lock_draft(work, document.draft_id)


def _settle(work: Work, document: IncomingDocument) -> None:
    """After each change: a new version, and what is open now."""
    document.touched = True
    touch(work, document)
    refresh(work, document)


def _new_row(work: Work, document: IncomingDocument, key: str) -> IncomingField:
    row = IncomingField(incoming_id=document.id, key=key, origin=Origin.PERSON.value)
    work.session.add(row)
    return row


def _put_value(
    work: Work, document: IncomingDocument, key: str, value: str, evidence: Evidence | None
) -> None:
    values = Values.of(work, document)
    row = values.row(key) or _new_row(work, document, key)
    log(work, document, "changed", Change(field=key, old=row.value, new=value))
    if value != (row.value or ""):
        row.note = None
    row.value = value or None
    row.origin = Origin.PERSON.value
    row.confirmed_by, row.confirmed_at = work.actor.name, work.now
    if evidence is not None:
        row.page, row.printed, row.path = evidence.page, evidence.printed, None
        read.put_box(row, evidence.box)
    if key in AMOUNTS:
        total = values.row("total_gross")
        if total is not None:
            total.note = None
    work.session.flush()


def _follow_header(work: Work, document: IncomingDocument, key: str) -> None:
    """Bring a changed value to the draft; without a draft, try to make one (ID-70)."""
    values = Values.of(work, document)
    if document.draft_id is None or key in _KIND_KEYS:
        _delete_draft(work, document)
        try_draft(work, document)
        return
    take_over(work, document, values)
    change = _header_change(key, values)
    if change is not None:
        draft = _draft(work, document)
        change_header(work, draft, change)
        document.due_date = draft.due_date
    if key in ("invoice_number", "total_gross"):
        for message in _open_messages(work, document, (STOP, LOOK)):
            work.session.delete(message)
        work.session.flush()
        flag_repeats(work, document)


def _header_change(key: str, values: Values) -> HeaderChange | None:
    text = values.text(key)
    if key in _HEADER_TEXT:
        return HeaderChange(**{_HEADER_TEXT[key]: text})  # type: ignore[arg-type]
    if key in _HEADER_DAY:
        return HeaderChange(**{_HEADER_DAY[key]: as_day(text)})  # type: ignore[arg-type]
    if key in _HEADER_AMOUNT:
        amount = as_amount(text)
        exact = amount.quantize(Decimal("0.0001")) if amount is not None else None
        return HeaderChange(**{_HEADER_AMOUNT[key]: exact})  # type: ignore[arg-type]
    return None


def _set_cell(
    work: Work, document: IncomingDocument, key: str, value: str, evidence: Evidence | None
) -> None:
    """A cell by its key: the line of the draft that was made from that line of the document."""
    source, _, column = key.rpartition(".")
    draft = _draft(work, document)
    for line in draft.lines:
        if source in (line.source_ref, f"added.{line.line_no}"):
            _change_line(work, document, _Cell(line.line_no, column), value, evidence)
            return
    raise refuse("INC_FIELD_UNKNOWN", field=key)


@dataclass(frozen=True, slots=True)
class _Cell:
    line_no: int
    column: str


def _change_line(
    work: Work, document: IncomingDocument, cell: _Cell, value: str, evidence: Evidence | None
) -> None:
    change = line_edits.change(work, _draft(work, document), cell.line_no, cell.column, value)
    place = f"line {cell.line_no} {cell.column}"
    log(work, document, "changed", Change(field=place, old=change.old, new=change.new))
    if change.key is None:
        return
    row = Values.of(work, document).row(change.key) or _new_row(work, document, change.key)
    row.value, row.origin = value or None, Origin.PERSON.value
    row.confirmed_by, row.confirmed_at = work.actor.name, work.now
    if evidence is not None:
        row.page, row.printed, row.path = evidence.page, evidence.printed, None
        read.put_box(row, evidence.box)
    work.session.flush()


def _choose_vendor(work: Work, document: IncomingDocument, vendor_no: str) -> None:
    vendor = get_vendor(work, vendor_no)
    log(work, document, "vendor_set", Change(field="vendor", old=document.vendor_no, new=vendor.vendor_no))
    if document.draft_id is None or document.vendor_no != vendor.vendor_no:
        _delete_draft(work, document)
        document.vendor_no, document.vendor_matched_by = vendor.vendor_no, "person"
        try_draft(work, document)
    else:
        document.vendor_matched_by = "person"
    _settle(work, document)


def _delete_draft(work: Work, document: IncomingDocument) -> None:
    """Delete the draft that was made from this record, if there is one (T14)."""
    if document.draft_id is None:
        return
    draft_id = document.draft_id
    drafts.delete_draft(work, drafts.lock_draft(work, draft_id))
    if document.draft_id is not None:  # no hooks were given: a test, or a command that stands alone
        answer(work, PurchaseDeleted(draft_id))


def _reopen_rejected(work: Work, document: IncomingDocument) -> None:
    if document.read_at is None:
        move(work, document, Stage.RECEIVED, Status.NEW)
        read.forget(work, document)
        schedule(work, document)
        return
    move(work, document, Stage.IN_REVIEW, Status.NEW)
    try_draft(work, document)


def _finish(work: Work, document: IncomingDocument, draft: PurchaseDocument | None, action: str) -> None:
    assert draft is not None
    drafts.release(work, drafts.lock_draft(work, draft.id))
    document.parked_until = document.parked_for = None
    move(work, document, Stage.REVIEWED)
    move(work, document, Stage.APPROVED)
    log(work, document, action)
    work.session.flush()


def _open_problems(assessed: Assessment) -> list[Problem]:
    problems = [
        Problem(
            "INC_CHECK_OPEN",
            {"check": check.name, "count": max(check.count, 1)},
            field=check.field,
        )
        for check in assessed.open_checks
    ]
    if assessed.draft is None and not problems:
        problems.append(Problem("INC_NO_DRAFT", {"number": assessed.document.incoming_no}))
    if not problems:
        return []
    first = assessed.open_fields[0].key if assessed.open_fields else problems[0].field
    return [Problem("INC_CHECKS_OPEN", {"count": len(problems)}, field=first), *problems]


def _open_messages(work: Work, document: IncomingDocument, codes: Sequence[str]) -> Sequence[IncomingMessage]:
    return work.session.scalars(
        select(IncomingMessage).where(
            IncomingMessage.incoming_id == document.id,
            IncomingMessage.code.in_(codes),
            IncomingMessage.dismissed_by.is_(None),
        )
    ).all()


def _dismiss(work: Work, message: IncomingMessage, reason: str) -> None:
    message.dismissed_by, message.dismissed_reason = work.actor.name, reason.strip()[:500]
