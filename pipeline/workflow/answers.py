"""What the journey answers when the core asks or tells something, inside the core's own transaction.

Whoever posts or deletes a draft, by whatever page or command, the record that it was made from follows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, update

from core.errors import Problem
from core.hooks import Event, Hooks, PurchaseCancelled, PurchaseDeleted, PurchasePosted
from core.purchasing.document import PurchaseDocument
from core.work import Work
from pipeline.incoming import (
    Attachment,
    Change,
    IncomingDocument,
    Stage,
    Status,
    log,
    move,
    release,
)
from pipeline.workflow.cases import keep_case


def linked_to(work: Work, draft_id: int) -> IncomingDocument | None:
    """The record that the draft was made from, locked."""
    return work.session.scalar(
        select(IncomingDocument).where(IncomingDocument.draft_id == draft_id).with_for_update()
    )


@dataclass(frozen=True, slots=True)
class _LinkedTo:
    """Reads the record of one draft, for `Work.once`."""

    draft_id: int

    def __call__(self, work: Work) -> IncomingDocument | None:
        return linked_to(work, self.draft_id)


def check_posting(work: Work, draft_id: int) -> list[Problem]:
    """A draft of a record that is still being reviewed is not posted by another way (ID-25, AP-50)."""
    document = work.once(_LinkedTo(draft_id))
    if document is None or Stage(document.stage) is Stage.APPROVED:
        return []
    return [Problem("INC_NOT_REVIEWED", {"number": document.incoming_no})]


def answer(work: Work, event: Event) -> None:
    """Follow what happened to the draft."""
    # The check before posting has locked the record in the same transaction.
    is_posting = isinstance(event, PurchasePosted)
    document = work.once(_LinkedTo(event.draft_id)) if is_posting else linked_to(work, event.draft_id)
    if document is None:
        return
    if isinstance(event, PurchasePosted):
        _posted(work, document, event)
    elif isinstance(event, PurchaseCancelled):
        _cancelled(work, document, event)
    else:
        _draft_deleted(work, document, event)


def _posted(work: Work, document: IncomingDocument, event: PurchasePosted) -> None:
    """ID-88: the record is Posted and every file of it carries number and date of the posted document."""
    release(work, document)
    document.document_no = event.posted_no
    document.posting_date = date.fromisoformat(event.posting_date_iso)
    document.posted_at = work.now
    move(work, document, Stage.POSTED, Status.POSTED)
    work.session.execute(
        update(Attachment)
        .where(Attachment.incoming_id == document.id)
        .values(document_no=event.posted_no, posting_date=document.posting_date)
    )
    log(work, document, "posted", Change(new=event.posted_no))


def _cancelled(work: Work, document: IncomingDocument, event: PurchaseCancelled) -> None:
    """PU-102: the record is Released again, or Created with the draft that corrects the invoice.

    A copy of the case, Posted, stays with the cancelled invoice and keeps its evidence (ID-89).
    """
    draft_id = document.draft_id
    document.draft_id = event.new_draft_id
    work.session.flush()
    keep_case(work, document, draft_id)
    document.document_no = document.posting_date = document.posted_at = None
    work.session.execute(
        update(Attachment)
        .where(Attachment.incoming_id == document.id)
        .values(document_no=None, posting_date=None)
    )
    move(work, document, Stage.IN_REVIEW, Status.RELEASED)
    if event.new_draft_id is not None:
        draft = work.session.get_one(PurchaseDocument, event.new_draft_id)
        document.document_no = draft.document_no
        move(work, document, Stage.IN_REVIEW, Status.CREATED)
    log(work, document, "cancelled", Change(old=event.posted_no, new=event.credit_memo_no))


def _draft_deleted(work: Work, document: IncomingDocument, event: PurchaseDeleted) -> None:
    """T14: the record is Released again, or New; the file is never deleted with the draft (ID-85)."""
    old = document.document_no
    document.draft_id = document.document_no = None
    stage = Stage(document.stage)
    back = Stage.IN_REVIEW if stage in (Stage.REVIEWED, Stage.APPROVED, Stage.IN_APPROVAL) else stage
    move(work, document, back, Status.RELEASED if document.released else Status.NEW)
    log(work, document, "draft_deleted", Change(old=old, reason=str(event.draft_id)))


HOOKS = Hooks(posting_checks=(check_posting,), listeners=(answer,))
