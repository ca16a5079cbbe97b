"""Dated remarks on documents and their lines (PU-190). Posting takes them along as the setup says."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from core.errors import DomainError, Problem, Term, refuse
from core.purchasing.document import DocumentStatus, PurchaseComment, PurchaseDocument
from core.purchasing.drafts import get_line
from core.work import Work


def add_comment(
    work: Work, document: PurchaseDocument, text: str, *, line_no: int | None = None, on: date | None = None
) -> PurchaseComment:
    """Put a remark on a document that is not posted, or on one of its lines.

    Refuses with `already_posted`, `line_unknown` and, for an empty text, `field_missing`.
    """
    if document.status == DocumentStatus.POSTED:
        raise refuse("already_posted", document=document.document_no, posted_no=document.posted_no)
    if line_no is not None:
        get_line(document, line_no)
    words = text.strip()
    if not words:
        values = {"field": Term("comment"), "record": document.document_no}
        raise DomainError([Problem("field_missing", values, field="text")])
    comment = PurchaseComment(
        document_id=document.id,
        line_no=line_no,
        commented_on=on or work.today,
        commented_by=work.actor.user_no,
        text=words,
    )
    work.session.add(comment)
    work.session.flush()
    return comment


def list_comments(work: Work, document: PurchaseDocument) -> list[PurchaseComment]:
    """The remarks on a document and its lines: the header's first, then by line, oldest first."""
    rows = work.session.scalars(
        select(PurchaseComment).where(PurchaseComment.document_id == document.id).order_by(PurchaseComment.id)
    )
    return sorted(rows, key=lambda row: (row.line_no or 0, row.commented_on, row.id))


def delete_comment(work: Work, document: PurchaseDocument, comment_id: int) -> None:
    """Take a remark away; one that is gone already, or stands on another document, changes nothing."""
    comment = work.session.get(PurchaseComment, comment_id)
    if comment is not None and comment.document_id == document.id:
        work.session.delete(comment)
        work.session.flush()


def copy_comments(work: Work, source: PurchaseDocument, target: PurchaseDocument) -> None:
    """Take the remarks of one document over to another with the same line numbers: a conversion."""
    work.session.add_all(
        [
            PurchaseComment(
                document_id=target.id,
                line_no=comment.line_no,
                commented_on=comment.commented_on,
                commented_by=comment.commented_by,
                text=comment.text,
            )
            for comment in list_comments(work, source)
        ]
    )
    work.session.flush()
