"""Delivery to stored bytes to incoming document; repeats recognised, refusals kept and listed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import PurePath

from sqlalchemy import select

from core.errors import Problem
from core.work import Work
from pipeline import media_type as kinds
from pipeline.incoming import (
    Attachment,
    Change,
    IncomingDocument,
    IntakeRefusal,
    JobStatus,
    OcrStatus,
    Stage,
    Status,
    log,
    next_incoming_no,
    schedule,
    to_json,
)
from pipeline.ingest.channel import Delivery, shown_name
from pipeline.ingest.store import FileStore

Taken = IncomingDocument | IntakeRefusal
OpenWork = Callable[[], AbstractContextManager[Work]]


def refusal(delivery: Delivery, max_bytes: int) -> Problem | None:
    """Why this delivery is not taken in at all (ID-33), or None. Looks at size and kind, not inside."""
    name = shown_name(delivery.name)
    if not name:
        return Problem("INC_NO_FILE_NAME")
    if not delivery.is_plain_file:
        return Problem("INC_NOT_A_FILE", {"name": name})
    size = delivery.too_large or len(delivery.data)
    if size > max_bytes:
        return Problem(
            "INC_TOO_LARGE", {"what": name, "size": _megabytes(size), "limit": _megabytes(max_bytes)}
        )
    if not delivery.data:
        return Problem("INC_EMPTY_FILE", {"name": name})
    kind = kinds.sniff(delivery.data)
    if kind == kinds.ARCHIVE:
        return Problem("INC_ARCHIVE", {"name": name})
    if kind is None or kind not in kinds.READABLE:
        return Problem("INC_FILE_KIND", {"name": name})
    return None


def take_in(open_work: OpenWork, store: FileStore, delivery: Delivery, max_bytes: int) -> Taken:
    """Store the bytes, then register them with the job that reads them, in one transaction.

    The same delivery again gives what it became the first time. Raises OSError when the bytes cannot be
    stored: nothing is registered then.
    """
    problem = refusal(delivery, max_bytes)
    if problem is not None:
        with open_work() as work:
            return _refuse(work, delivery, problem)
    sha256 = store.put(delivery.data)
    with open_work() as work:
        return _register(work, delivery, sha256)


def _register(work: Work, delivery: Delivery, sha256: str) -> IncomingDocument:
    # The counter's row lock makes intake one at a time, so that two copies at once cannot both be the first.
    number = next_incoming_no(work)
    known = _known(work, delivery)
    if known is not None:
        return known
    name = shown_name(delivery.name)
    media_type = kinds.sniff(delivery.data) or ""
    first = _first_with(work, sha256)
    document = IncomingDocument(
        incoming_no=number,
        stage=Stage.RECEIVED.value,
        status=Status.NEW.value,
        version=1,
        description=PurePath(name).stem[:100],
        intake_channel=delivery.channel,
        intake_reference=delivery.reference,
        created_at=work.now,
        created_by=work.actor.name,
        modified_at=work.now,
        modified_by=work.actor.name,
        media_type=media_type,
        sha256=sha256,
        ocr_status=OcrStatus.NONE.value if media_type == kinds.XML else OcrStatus.READY.value,
        job_status=JobStatus.NONE.value,
        duplicate_of_id=None,
    )
    work.session.add(document)
    work.session.flush()
    work.session.add(
        Attachment(
            incoming_id=document.id,
            name=name,
            media_type=media_type,
            size=len(delivery.data),
            sha256=sha256,
            is_main=True,
            is_default=True,
            role="original",
            created_at=work.now,
        )
    )
    log(work, document, "received", Change(new=name))
    if first is None:
        schedule(work, document)
    else:
        _merge(work, document, first)
    work.session.flush()
    return document


def _merge(work: Work, document: IncomingDocument, first: IncomingDocument) -> None:
    """ID-31: the same bytes are kept as evidence only."""
    document.stage, document.status = Stage.DUPLICATE.value, Status.REJECTED.value
    document.processed = True
    document.duplicate_of_id = first.id
    document.ocr_status = OcrStatus.NONE.value
    log(work, document, "merged", Change(new=first.incoming_no))
    log(work, first, "received_again", Change(new=document.incoming_no))


def _refuse(work: Work, delivery: Delivery, problem: Problem) -> IntakeRefusal:
    if delivery.reference is not None:
        known = work.session.scalar(
            select(IntakeRefusal).where(
                IntakeRefusal.channel == delivery.channel, IntakeRefusal.reference == delivery.reference
            )
        )
        if known is not None:
            return known
    row = IntakeRefusal(
        name=shown_name(delivery.name) or "?",
        size=delivery.too_large or len(delivery.data),
        sha256=delivery.sha256 or hashlib.sha256(delivery.data).hexdigest(),
        code=problem.code,
        values=to_json(problem.values),
        channel=delivery.channel,
        reference=delivery.reference,
        at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    return row


def _known(work: Work, delivery: Delivery) -> IncomingDocument | None:
    if delivery.reference is None:
        return None
    return work.session.scalar(
        select(IncomingDocument).where(
            IncomingDocument.intake_channel == delivery.channel,
            IncomingDocument.intake_reference == delivery.reference,
        )
    )


def _first_with(work: Work, sha256: str) -> IncomingDocument | None:
    """The record that these bytes belong to already, if it was not rejected."""
    return work.session.scalar(
        select(IncomingDocument)
        .join(Attachment, Attachment.incoming_id == IncomingDocument.id)
        .where(Attachment.sha256 == sha256, IncomingDocument.status != Status.REJECTED.value)
        .order_by(IncomingDocument.id)
        .limit(1)
    )


def _megabytes(size: int) -> str:
    return f"{size / 1024 / 1024:.1f} MB"
