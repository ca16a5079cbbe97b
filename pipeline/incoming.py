"""IncomingDocument: the case file of one external document, its stage, its status and the allowed steps.

Stage, status and the word on the screen are three things (architecture, "The journey of one invoice"). The
stage is how far the work has come, the status is the business state of ID §2, the screen word is computed.
Functions here that take `work` change one record and its log; they refuse what the tables do not allow.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    Boolean,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    select,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Amount, Base, BigId, UtcDateTime
from core.errors import Problem, refuse
from core.outbox import JobState
from core.work import Work

JOB_KIND = "incoming.advance"
"""Kind of the jobs that move an incoming document; their subject is its id."""


class Stage(StrEnum):
    """How far the work has come; `workflow/steps.py` goes by it."""

    RECEIVED = "received"
    READ = "read"
    DRAFTED = "drafted"
    IN_REVIEW = "in_review"
    REVIEWED = "reviewed"
    IN_APPROVAL = "in_approval"
    APPROVED = "approved"
    POSTED = "posted"
    REJECTED = "rejected"
    DUPLICATE = "duplicate"


class Status(StrEnum):
    """The business state of ID §2. *Failed* means: no draft yet, here is why; it waits in review."""

    NEW = "new"
    PENDING_APPROVAL = "pending_approval"
    RELEASED = "released"
    REJECTED = "rejected"
    FAILED = "failed"
    CREATED = "created"
    POSTED = "posted"


class ScreenWord(StrEnum):
    """What the screen says. Here *failed* means that the machine cannot go on."""

    RECEIVED = "received"
    READING = "reading"
    NEEDS_REVIEW = "needs_review"
    PARKED = "parked"
    IN_APPROVAL = "in_approval"
    READY_TO_POST = "ready_to_post"
    POSTED = "posted"
    REJECTED = "rejected"
    FAILED = "failed"
    MERGED = "merged"


class JobStatus(StrEnum):
    """The state of the record's job: queued, running and failed in words of the record (technology §4)."""

    NONE = "none"
    SCHEDULED = "scheduled"
    PROCESSING = "processing"
    ERROR = "error"


class OcrStatus(StrEnum):
    """Where reading stands (ID §4): none for a structured file, ready while it waits for the reader."""

    NONE = "none"
    READY = "ready"
    SENT = "sent"
    SUCCESS = "success"
    ERROR = "error"


class DocumentKind(StrEnum):
    """What a draft is or would be."""

    NONE = "none"
    PURCHASE_INVOICE = "purchase_invoice"
    PURCHASE_CREDIT_MEMO = "purchase_credit_memo"


class Origin(StrEnum):
    """Where the value of a field comes from."""

    READ = "read"
    PERSON = "person"
    DEFAULT = "default"
    PROPOSAL = "proposal"


class PageState(StrEnum):
    """Whether a page was read. An unreadable page is marked and the rest goes on."""

    WAITING = "waiting"
    READ = "read"
    UNREADABLE = "unreadable"


NEXT_STAGES: Mapping[Stage, frozenset[Stage]] = {
    Stage.RECEIVED: frozenset({Stage.READ, Stage.IN_REVIEW, Stage.REJECTED, Stage.DUPLICATE}),
    Stage.READ: frozenset({Stage.RECEIVED, Stage.DRAFTED, Stage.IN_REVIEW, Stage.REJECTED}),
    Stage.DRAFTED: frozenset({Stage.RECEIVED, Stage.READ, Stage.IN_REVIEW, Stage.REVIEWED, Stage.REJECTED}),
    Stage.IN_REVIEW: frozenset(
        {Stage.RECEIVED, Stage.READ, Stage.DRAFTED, Stage.REVIEWED, Stage.REJECTED, Stage.POSTED}
    ),
    Stage.REVIEWED: frozenset({Stage.IN_REVIEW, Stage.IN_APPROVAL, Stage.APPROVED, Stage.REJECTED}),
    Stage.IN_APPROVAL: frozenset({Stage.IN_REVIEW, Stage.APPROVED}),
    Stage.APPROVED: frozenset({Stage.IN_REVIEW, Stage.POSTED, Stage.REJECTED}),
    Stage.POSTED: frozenset({Stage.IN_REVIEW}),
    Stage.REJECTED: frozenset({Stage.RECEIVED, Stage.READ, Stage.IN_REVIEW}),
    Stage.DUPLICATE: frozenset({Stage.RECEIVED}),
}
"""Which stage may follow which; one step back is always allowed until Posted (ID-76)."""

NEXT_STATUSES: Mapping[Status, frozenset[Status]] = {
    Status.NEW: frozenset(
        {
            Status.RELEASED,
            Status.PENDING_APPROVAL,
            Status.REJECTED,
            Status.CREATED,
            Status.FAILED,
            Status.POSTED,
        }
    ),
    Status.PENDING_APPROVAL: frozenset({Status.RELEASED, Status.NEW}),
    Status.RELEASED: frozenset(
        {Status.REJECTED, Status.NEW, Status.CREATED, Status.FAILED, Status.POSTED, Status.RELEASED}
    ),
    Status.REJECTED: frozenset({Status.NEW}),
    Status.FAILED: frozenset({Status.RELEASED, Status.REJECTED, Status.NEW, Status.CREATED, Status.FAILED}),
    Status.CREATED: frozenset({Status.NEW, Status.RELEASED, Status.POSTED, Status.CREATED}),
    Status.POSTED: frozenset({Status.RELEASED}),
}
"""T1 to T16 of ID §2 as one table."""


class IncomingDocument(Base):
    """One external business document, from its bytes to the posted invoice (ID-1).

    `version` goes up with every change that a person could have seen; an action on an older version is
    refused (ID-28). The values most asked for stand here beside their `IncomingField`, for lists and for
    finding duplicates; `invoice_key` is the number folded by ID-90.
    """

    __tablename__ = "incoming_document"
    __table_args__ = (
        UniqueConstraint("intake_channel", "intake_reference"),
        Index("ix_incoming_document_stage_created", "stage", "created_at"),
        Index("ix_incoming_document_vendor_key", "vendor_no", "invoice_key"),
    )

    id: Mapped[BigId]
    incoming_no: Mapped[str] = mapped_column(String(20), unique=True)
    stage: Mapped[str] = mapped_column(String(20), default=Stage.RECEIVED.value)
    status: Mapped[str] = mapped_column(String(20), default=Status.NEW.value)
    version: Mapped[int] = mapped_column(Integer, default=1)
    description: Mapped[str] = mapped_column(String(100), default="")
    intake_channel: Mapped[str] = mapped_column(String(20))
    intake_reference: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    created_by: Mapped[str] = mapped_column(String(50))
    modified_at: Mapped[datetime] = mapped_column(UtcDateTime())
    modified_by: Mapped[str] = mapped_column(String(50))
    released: Mapped[bool] = mapped_column(Boolean, default=False)
    released_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    released_by: Mapped[str | None] = mapped_column(String(50))
    processed: Mapped[bool] = mapped_column(Boolean, default=False)
    assigned_to: Mapped[str | None] = mapped_column(String(50))
    parked_until: Mapped[date | None] = mapped_column(Date)
    parked_for: Mapped[str | None] = mapped_column(String(250))
    duplicate_of_id: Mapped[int | None] = mapped_column(ForeignKey("incoming_document.id"), index=True)
    document_kind: Mapped[str] = mapped_column(String(30), default=DocumentKind.NONE.value)
    draft_id: Mapped[int | None] = mapped_column(BigInteger, unique=True)
    document_no: Mapped[str | None] = mapped_column(String(20), index=True)
    posting_date: Mapped[date | None] = mapped_column(Date)
    posted_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    ocr_status: Mapped[str] = mapped_column(String(20), default=OcrStatus.NONE.value)
    job_status: Mapped[str] = mapped_column(String(20), default=JobStatus.NONE.value)
    wait_reason: Mapped[str | None] = mapped_column(String(40))
    failure_code: Mapped[str | None] = mapped_column(String(60))
    failure_values: Mapped[str | None] = mapped_column(Text)
    reject_reason: Mapped[str | None] = mapped_column(String(500))
    vendor_no: Mapped[str | None] = mapped_column(String(20), index=True)
    vendor_matched_by: Mapped[str | None] = mapped_column(String(20))
    source: Mapped[str | None] = mapped_column(String(20))
    media_type: Mapped[str] = mapped_column(String(60), default="")
    sha256: Mapped[str] = mapped_column(String(64), default="", index=True)
    page_count: Mapped[int] = mapped_column(Integer, default=0)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    touched: Mapped[bool] = mapped_column(Boolean, default=False)
    seller_name: Mapped[str | None] = mapped_column(String(100))
    invoice_number: Mapped[str | None] = mapped_column(String(35))
    invoice_key: Mapped[str | None] = mapped_column(String(35))
    order_reference: Mapped[str | None] = mapped_column(String(20))
    issue_date: Mapped[date | None] = mapped_column(Date)
    due_date: Mapped[date | None] = mapped_column(Date)
    currency_code: Mapped[str | None] = mapped_column(String(3))
    total_gross: Mapped[Amount | None]
    worst_code: Mapped[str | None] = mapped_column(String(60))
    worst_severity: Mapped[str | None] = mapped_column(String(10))
    worst_values: Mapped[str | None] = mapped_column(Text)
    open_reasons: Mapped[int] = mapped_column(Integer, default=0)


class IncomingCounter(Base):
    """The last number given out in each year; gaps are allowed (PU-31)."""

    __tablename__ = "incoming_counter"

    year: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    last_no: Mapped[int] = mapped_column(Integer)


class Attachment(Base):
    """One stored file of a record; the bytes are in the file store under `sha256`."""

    __tablename__ = "attachment"

    id: Mapped[BigId]
    incoming_id: Mapped[int] = mapped_column(ForeignKey("incoming_document.id"), index=True)
    name: Mapped[str] = mapped_column(String(250))
    media_type: Mapped[str] = mapped_column(String(60))
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    is_main: Mapped[bool] = mapped_column(Boolean, default=False)
    is_default: Mapped[bool] = mapped_column(Boolean, default=False)
    role: Mapped[str] = mapped_column(String(20), default="original")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    document_no: Mapped[str | None] = mapped_column(String(20))
    posting_date: Mapped[date | None] = mapped_column(Date)


class IncomingField(Base):
    """One value of the document: as read, as it counts now, and where it stands on the page.

    `confidence`, box and page size are the only fractions kept as floats; amounts are texts until the core
    makes exact numbers of them.
    """

    __tablename__ = "incoming_field"
    __table_args__ = (UniqueConstraint("incoming_id", "key"),)

    id: Mapped[BigId]
    incoming_id: Mapped[int] = mapped_column(ForeignKey("incoming_document.id"))
    key: Mapped[str] = mapped_column(String(80))
    read_value: Mapped[str | None] = mapped_column(Text)
    value: Mapped[str | None] = mapped_column(Text)
    confidence: Mapped[float | None] = mapped_column(Float)
    page: Mapped[int | None] = mapped_column(Integer)
    box_left: Mapped[float | None] = mapped_column(Float)
    box_top: Mapped[float | None] = mapped_column(Float)
    box_right: Mapped[float | None] = mapped_column(Float)
    box_bottom: Mapped[float | None] = mapped_column(Float)
    printed: Mapped[str | None] = mapped_column(Text)
    path: Mapped[str | None] = mapped_column(Text)
    origin: Mapped[str] = mapped_column(String(10), default=Origin.READ.value)
    confirmed_by: Mapped[str | None] = mapped_column(String(50))
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    note: Mapped[str | None] = mapped_column(String(250))


class IncomingMessage(Base):
    """One message of the record (ID-70). `values` fill the text of `code`, as JSON.

    `source` is `reading` for what the reader says of the file, else `draft`: those go at the next attempt.
    """

    __tablename__ = "incoming_message"

    id: Mapped[BigId]
    incoming_id: Mapped[int] = mapped_column(ForeignKey("incoming_document.id"), index=True)
    severity: Mapped[str] = mapped_column(String(12))
    code: Mapped[str] = mapped_column(String(60))
    field: Mapped[str | None] = mapped_column(String(80))
    line_no: Mapped[int | None] = mapped_column(Integer)
    values: Mapped[str] = mapped_column(Text, default="{}")
    source: Mapped[str] = mapped_column(String(10), default="draft")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    dismissed_by: Mapped[str | None] = mapped_column(String(50))
    dismissed_reason: Mapped[str | None] = mapped_column(String(500))


class IncomingActivity(Base):
    """One thing that happened to the record; only added to. `detail` is JSON: field, old, new, reason."""

    __tablename__ = "incoming_activity"

    id: Mapped[BigId]
    incoming_id: Mapped[int] = mapped_column(ForeignKey("incoming_document.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime())
    actor: Mapped[str] = mapped_column(String(100))
    action: Mapped[str] = mapped_column(String(40))
    detail: Mapped[str] = mapped_column(Text, default="{}")


class IncomingPage(Base):
    """One page of the document: whether it was read, its size in points, and where its words came from."""

    __tablename__ = "incoming_page"

    incoming_id: Mapped[int] = mapped_column(ForeignKey("incoming_document.id"), primary_key=True)
    page_no: Mapped[int] = mapped_column(Integer, primary_key=True)
    state: Mapped[str] = mapped_column(String(12))
    width: Mapped[float] = mapped_column(Float)
    height: Mapped[float] = mapped_column(Float)
    source: Mapped[str | None] = mapped_column(String(12))


class IntakeRefusal(Base):
    """A delivery that was not taken in, and why: refused, but never silently (ID-33)."""

    __tablename__ = "intake_refusal"
    __table_args__ = (UniqueConstraint("channel", "reference"),)

    id: Mapped[BigId]
    name: Mapped[str] = mapped_column(String(250))
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64))
    code: Mapped[str] = mapped_column(String(60))
    values: Mapped[str] = mapped_column(Text, default="{}")
    channel: Mapped[str] = mapped_column(String(20))
    reference: Mapped[str | None] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(UtcDateTime())
    seen: Mapped[bool] = mapped_column(Boolean, default=False)


# --- pure ---------------------------------------------------------------------------------------------------

_WORD_OF_STAGE: Mapping[Stage, ScreenWord] = {
    Stage.RECEIVED: ScreenWord.RECEIVED,
    Stage.READ: ScreenWord.READING,
    Stage.DRAFTED: ScreenWord.READING,
    Stage.IN_REVIEW: ScreenWord.NEEDS_REVIEW,
    Stage.REVIEWED: ScreenWord.READING,
    Stage.IN_APPROVAL: ScreenWord.IN_APPROVAL,
    Stage.APPROVED: ScreenWord.READY_TO_POST,
    Stage.POSTED: ScreenWord.POSTED,
    Stage.REJECTED: ScreenWord.REJECTED,
    Stage.DUPLICATE: ScreenWord.MERGED,
}
_ENDED = frozenset({Stage.POSTED, Stage.REJECTED, Stage.DUPLICATE})


def screen_word(document: IncomingDocument) -> ScreenWord:
    """What the screen says of this record (table of the architecture). Computed, never stored."""
    stage = Stage(document.stage)
    if document.failure_code and stage not in _ENDED:
        return ScreenWord.FAILED
    if stage is Stage.RECEIVED and document.job_status == JobStatus.PROCESSING:
        return ScreenWord.READING
    if stage is Stage.IN_REVIEW and document.parked_until is not None:
        return ScreenWord.PARKED
    return _WORD_OF_STAGE[stage]


def fold_number(number: str) -> str:
    """A vendor's document number as ID-90 compares it: case, punctuation, O/0 and I/1 (and l) folded.

    >>> fold_number("2026-O1187"), fold_number("f.26/0I7")
    ('202601187', 'F26017')
    """
    kept = "".join(c for c in number.upper() if c.isalnum())
    return kept.translate(str.maketrans("OIL", "011"))


def to_json(values: Mapping[str, object]) -> str:
    """Values of a message as JSON text; dates and decimals are marked, so that they come back as such."""
    return json.dumps({name: _packed(value) for name, value in values.items()}, ensure_ascii=False)


def from_json(body: str | None) -> dict[str, object]:
    """What `to_json` packed."""
    return {name: _unpacked(value) for name, value in json.loads(body or "{}").items()}


def _packed(value: object) -> object:
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    if isinstance(value, date) and not isinstance(value, datetime):
        return {"date": value.isoformat()}
    return value if isinstance(value, int | str | None) else str(value)


def _unpacked(value: object) -> object:
    if isinstance(value, dict):
        return Decimal(value["decimal"]) if "decimal" in value else date.fromisoformat(value["date"])
    return value


# --- with the database ----------------------------------------------------------------------------


def next_incoming_no(work: Work) -> str:
    """The next number people see, such as IN-26-004412."""
    year = work.today.year
    counter = work.session.get(IncomingCounter, year, with_for_update=True)
    if counter is None:
        work.session.execute(
            text(
                "INSERT INTO incoming_counter (year, last_no) VALUES (:year, 0) ON CONFLICT (year) DO NOTHING"
            ),
            {"year": year},
        )
        counter = work.session.get_one(IncomingCounter, year, with_for_update=True)
    counter.last_no += 1
    return f"IN-{year % 100:02d}-{counter.last_no:06d}"


def get_incoming(work: Work, incoming_id: int) -> IncomingDocument:
    """The record, to read. Raises INC_NOT_FOUND."""
    document = work.session.get(IncomingDocument, incoming_id)
    if document is None:
        raise refuse("INC_NOT_FOUND")
    return document


def find_by_no(work: Work, incoming_no: str) -> IncomingDocument | None:
    """The record with this number."""
    return work.session.scalar(select(IncomingDocument).where(IncomingDocument.incoming_no == incoming_no))


def get_by_no(work: Work, incoming_no: str) -> IncomingDocument:
    """The record with this number. Raises INC_NOT_FOUND."""
    document = find_by_no(work, incoming_no)
    if document is None:
        raise refuse("INC_NOT_FOUND")
    return document


def lock_incoming(work: Work, incoming_id: int, version: int | None = None) -> IncomingDocument:
    """The record under a row lock. Raises INC_CHANGED_BY_OTHER when `version` is not its version (ID-28)."""
    document = work.session.get(IncomingDocument, incoming_id, with_for_update=True, populate_existing=True)
    if document is None:
        raise refuse("INC_NOT_FOUND")
    if version is not None and document.version != version:
        raise refuse("INC_CHANGED_BY_OTHER", number=document.incoming_no, by=document.modified_by)
    return document


def move(work: Work, document: IncomingDocument, stage: Stage, status: Status | None = None) -> None:
    """Set stage and status together. A step that the tables do not allow is a program error."""
    here, now_status = Stage(document.stage), Status(document.status)
    assert stage is here or stage in NEXT_STAGES[here], f"no way from {here} to {stage}"
    wanted = status or now_status
    assert wanted is now_status or wanted in NEXT_STATUSES[now_status], (
        f"no way from {now_status} to {wanted}"
    )
    document.stage, document.status = stage.value, wanted.value
    document.processed = stage in _ENDED
    touch(work, document)


def touch(work: Work, document: IncomingDocument) -> None:
    """Note that the record has changed: a new version, who and when."""
    document.version += 1
    document.modified_at, document.modified_by = work.now, work.actor.name


def release(work: Work, document: IncomingDocument) -> None:
    """T1 and ID-26: note that the record is cleared to become a draft; no-op when it already is (T2)."""
    if document.released:
        return
    document.released, document.released_at, document.released_by = True, work.now, work.actor.name


def clear_release(document: IncomingDocument) -> None:
    """Reopen and reject take the clearance back (T8, T9)."""
    document.released, document.released_at, document.released_by = False, None, None


@dataclass(frozen=True, slots=True)
class Change:
    """What an activity row tells: which field, from what, to what, why."""

    field: str | None = None
    old: str | None = None
    new: str | None = None
    reason: str | None = None


NO_CHANGE = Change()


def log(work: Work, document: IncomingDocument, action: str, change: Change = NO_CHANGE) -> None:
    """Append a row to the record's activity: every state change, job and correction has one."""
    told = {
        name: value
        for name, value in (
            ("field", change.field),
            ("old", change.old),
            ("new", change.new),
            ("reason", change.reason),
        )
        if value is not None
    }
    work.session.add(
        IncomingActivity(
            incoming_id=document.id,
            at=work.now,
            actor=work.actor.name,
            action=action,
            detail=json.dumps(told, ensure_ascii=False),
        )
    )


def add_message(
    work: Work, document: IncomingDocument, problem: Problem, source: str = "draft"
) -> IncomingMessage:
    """Keep a message with the record (ID-70)."""
    message = IncomingMessage(
        incoming_id=document.id,
        severity=problem.severity,
        code=problem.code,
        field=problem.field,
        line_no=problem.line_no,
        values=to_json(problem.values),
        source=source,
        created_at=work.now,
    )
    work.session.add(message)
    return message


def schedule(work: Work, document: IncomingDocument, delay_seconds: int = 0) -> None:
    """Write the job that takes the record's next step, in this transaction."""
    document.job_status = JobStatus.SCHEDULED.value
    work.add_job(JOB_KIND, document.id, delay_seconds)


def job_status_of(state: JobState) -> JobStatus:
    """A job's state in words of the record."""
    return {
        JobState.QUEUED: JobStatus.SCHEDULED,
        JobState.RUNNING: JobStatus.PROCESSING,
        JobState.DONE: JobStatus.NONE,
        JobState.FAILED: JobStatus.ERROR,
    }[state]
