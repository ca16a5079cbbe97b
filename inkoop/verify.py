"""Proves from the stored rows and files that the books and their evidence hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import select

from core.reports.reconciliation import verify_books
from core.work import MACHINE, Work
from pipeline.incoming import Attachment, IncomingDocument, Stage
from pipeline.ingest.store import FileStore
from pipeline.runtime import Runtime

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Broken:
    """One thing that does not hold. `first_row` names the first row that shows it."""

    check: str
    key: str
    expected: str
    actual: str
    first_row: str

    def to_json(self) -> dict[str, str]:
        """As a program reads it."""
        return {
            "check": self.check,
            "key": self.key,
            "expected": self.expected,
            "actual": self.actual,
            "first_row": self.first_row,
        }


def verify(runtime: Runtime, progress: Progress = lambda done, total: None) -> list[Broken]:
    """Everything that does not hold: ledgers, registers, originals and the links between them."""
    with runtime.reading(MACHINE) as work:
        broken = [
            Broken(
                difference.check,
                str(difference.key),
                str(difference.expected),
                str(difference.actual),
                str(difference.first_row),
            )
            for difference in verify_books(work)
        ]
        broken += _originals(work, runtime.store, progress)
        broken += _records(work)
    return broken


def _originals(work: Work, store: FileStore, progress: Progress) -> Iterator[Broken]:
    """Each original is there and still has the hash under which it arrived."""
    rows = work.session.execute(
        select(Attachment.sha256, Attachment.id, IncomingDocument.incoming_no)
        .join(IncomingDocument, IncomingDocument.id == Attachment.incoming_id)
        .order_by(Attachment.id)
    ).all()
    checked: dict[str, bool] = {}
    for done, (sha256, attachment_id, incoming_no) in enumerate(rows, start=1):
        if sha256 not in checked:
            checked[sha256] = store.is_intact(sha256)
        if not checked[sha256]:
            actual = "changed" if store.path(sha256).exists() else "missing"
            yield Broken("original", incoming_no, sha256, actual, f"attachment {attachment_id}")
        progress(done, len(rows))


def _records(work: Work) -> Iterator[Broken]:
    """Each posted record names a posted document, and each record has exactly one main file."""
    rows = work.session.scalars(select(IncomingDocument).order_by(IncomingDocument.id))
    for document in rows:
        if document.stage == Stage.POSTED.value and not document.document_no:
            yield Broken(
                "record",
                document.incoming_no,
                "a posted document",
                "none",
                f"incoming_document {document.id}",
            )
