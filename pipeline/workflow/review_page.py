"""Makes the view of one document for the review page: values, lines, checks, evidence, preview, activity."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Literal, cast

from sqlalchemy import select

from core.errors import DomainError, Problem
from core.posting import engine
from core.posting.preview import PreviewRow
from core.work import Work
from pipeline import media_type as kinds
from pipeline.incoming import (
    Attachment,
    IncomingActivity,
    IncomingDocument,
    IncomingMessage,
    IncomingPage,
    Stage,
    Status,
    from_json,
    get_incoming,
    screen_word,
)
from pipeline.workflow.assessment import Assessment, assess
from pipeline.workflow.checks import is_open_message
from pipeline.workflow.duplicates import LOOK, STOP
from pipeline.workflow.review_view import (
    ActivityView,
    AttachmentView,
    DocumentView,
    DuplicateOf,
    MessageView,
    PageView,
    PreviewLine,
    Reason,
    ReviewView,
)

_ASKED_LATER = frozenset({"INC_NOT_REVIEWED"})
"""Problems of posting that a review is there to mend: they are not shown while it goes on."""


def view_of(work: Work, incoming_id: int) -> ReviewView:
    """Everything that the review page shows. Raises INC_NOT_FOUND."""
    document = get_incoming(work, incoming_id)
    assessed = assess(work, document)
    preview, problems = _preview(work, assessed)
    open_keys = [view.key for view in assessed.open_fields]
    is_review = Stage(document.stage) is Stage.IN_REVIEW
    return ReviewView(
        document=_document(work, assessed),
        fields=assessed.fields,
        lines=assessed.lines,
        vat_groups=assessed.vat_groups,
        checks=assessed.checks,
        arithmetic=assessed.arithmetic,
        bank=assessed.bank,
        duplicates=_duplicates(assessed.messages),
        messages=tuple(_message(message) for message in assessed.messages),
        activity=_activity(work, document),
        preview=preview,
        preview_problems=problems,
        pages=_pages(work, document),
        attachments=_attachments(work, document),
        next_open=open_keys[0] if open_keys else None,
        can_approve=is_review and assessed.draft is not None and not assessed.open_checks,
        can_post=Stage(document.stage) is Stage.APPROVED,
    )


def _document(work: Work, assessed: Assessment) -> DocumentView:
    row = assessed.document
    stage = Stage(row.stage)
    first = work.session.get(IncomingDocument, row.duplicate_of_id) if row.duplicate_of_id else None
    return DocumentView(
        id=row.id,
        incoming_no=row.incoming_no,
        version=row.version,
        stage=stage,
        status=Status(row.status),
        word=screen_word(row),
        description=row.description,
        document_kind=row.document_kind,
        source=row.source,
        media_type=row.media_type,
        page_count=row.page_count,
        created_at=row.created_at,
        channel=row.intake_channel,
        vendor_no=row.vendor_no,
        vendor_name=assessed.vendor.name if assessed.vendor else None,
        vendor_restricted=bool(assessed.vendor and assessed.vendor.restricted),
        seller_name=row.seller_name,
        draft_id=row.draft_id,
        document_no=row.document_no,
        posted_no=row.document_no if stage is Stage.POSTED else None,
        assigned_to=row.assigned_to,
        parked_until=row.parked_until,
        parked_for=row.parked_for,
        wait_reason=Reason(f"wait.{row.wait_reason}") if row.wait_reason else None,
        failure=_failure(row),
        duplicate_of_no=first.incoming_no if first else None,
        reject_reason=row.reject_reason,
        can_be_edited=stage is Stage.IN_REVIEW,
    )


def _failure(row: IncomingDocument) -> Reason | None:
    if not row.failure_code:
        return None
    return Reason(f"problem.{row.failure_code}", from_json(row.failure_values))


def _preview(work: Work, assessed: Assessment) -> tuple[tuple[PreviewLine, ...], tuple[MessageView, ...]]:
    if assessed.draft is None or Stage(assessed.document.stage) is Stage.POSTED:
        return (), ()
    try:
        preview = engine.preview(work, assessed.draft)
    except DomainError as error:
        return (), _problems(error.problems)
    return tuple(_preview_line(row) for row in preview.general), _problems(preview.problems)


def _preview_line(row: PreviewRow) -> PreviewLine:
    return PreviewLine(
        row.account_no,
        row.account_name,
        row.description,
        row.debit or None,
        row.credit or None,
        row.line_no,
        row.account_name_nl,
    )


def _problems(problems: Sequence[Problem]) -> tuple[MessageView, ...]:
    return tuple(
        MessageView(0, problem.severity, problem.code, problem.field, problem.line_no, problem.values)
        for problem in problems
        if problem.code not in _ASKED_LATER
    )


def _message(row: IncomingMessage) -> MessageView:
    return MessageView(
        row.id,
        row.severity,
        row.code,
        row.field,
        row.line_no,
        from_json(row.values),
        row.dismissed_by,
        row.dismissed_reason,
    )


def _duplicates(messages: Sequence[IncomingMessage]) -> tuple[DuplicateOf, ...]:
    found: list[DuplicateOf] = []
    for message in messages:
        if message.code not in (STOP, LOOK) or not is_open_message(message):
            continue
        values = from_json(message.values)
        total = values.get("total")
        found.append(
            DuplicateOf(
                message_id=message.id,
                number=str(values["number"]),
                url_no=str(values.get("incoming_no") or values["number"]),
                is_posted=bool(values.get("posted")),
                is_stop=message.code == STOP,
                total_gross=total,  # type: ignore[arg-type]
            )
        )
    return tuple(found)


def _activity(work: Work, document: IncomingDocument) -> tuple[ActivityView, ...]:
    rows = work.session.scalars(
        select(IncomingActivity)
        .where(IncomingActivity.incoming_id == document.id)
        .order_by(IncomingActivity.id)
    )
    views: list[ActivityView] = []
    for row in rows:
        told = json.loads(row.detail)
        views.append(
            ActivityView(
                row.at,
                row.actor,
                row.action,
                told.get("field"),
                told.get("old"),
                told.get("new"),
                told.get("reason"),
            )
        )
    return tuple(views)


def _pages(work: Work, document: IncomingDocument) -> tuple[PageView, ...]:
    rows = work.session.scalars(
        select(IncomingPage).where(IncomingPage.incoming_id == document.id).order_by(IncomingPage.page_no)
    )
    return tuple(
        PageView(
            row.page_no,
            cast(Literal["waiting", "read", "unreadable"], row.state),
            row.width,
            row.height,
            row.source,
            can_be_shown=document.media_type != kinds.XML,
        )
        for row in rows
    )


def _attachments(work: Work, document: IncomingDocument) -> tuple[AttachmentView, ...]:
    rows = work.session.scalars(
        select(Attachment).where(Attachment.incoming_id == document.id).order_by(Attachment.id)
    )
    return tuple(
        AttachmentView(row.id, row.name, row.media_type, row.size, row.sha256, row.is_main) for row in rows
    )
