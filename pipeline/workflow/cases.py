"""A copy of a posted case, which stays with the posted document when the record goes on (ID-89, PU-102)."""

from __future__ import annotations

from sqlalchemy import inspect, select

from core.work import Work
from pipeline.incoming import (
    Attachment,
    Change,
    IncomingActivity,
    IncomingDocument,
    IncomingField,
    IncomingMessage,
    IncomingPage,
    log,
    next_incoming_no,
)

_BELONGINGS = (Attachment, IncomingField, IncomingMessage, IncomingPage, IncomingActivity)


def keep_case(work: Work, document: IncomingDocument, draft_id: int | None) -> IncomingDocument:
    """Copy a record as it is now, with files, fields, pages and activity, under a number of its own.

    The bytes are not copied: the file store has them once. The copy keeps the draft, which must be off the
    record already.
    """
    kept = IncomingDocument(**_values(document, {"id", "draft_id", "incoming_no", "intake_reference"}))
    kept.incoming_no = next_incoming_no(work)
    kept.draft_id, kept.intake_reference = draft_id, None
    work.session.add(kept)
    work.session.flush()
    for table in _BELONGINGS:
        rows = work.session.scalars(select(table).where(table.incoming_id == document.id))
        for row in rows.all():
            values = _values(row, {"id", "incoming_id"})
            work.session.add(table(incoming_id=kept.id, **values))
    work.session.flush()
    log(work, kept, "kept", Change(old=document.incoming_no, new=kept.document_no))
    return kept


def _values(row: object, without: set[str]) -> dict[str, object]:
    """The columns of a row, by attribute."""
    keys = [attribute.key for attribute in inspect(type(row)).column_attrs]
    return {key: getattr(row, key) for key in keys if key not in without}
