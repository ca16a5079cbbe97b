"""Files that belong to vendors, items and purchase documents (PU-193).

Only what a file is stands here: its name, kind, size and SHA-256. The bytes lie under that hash in the store
of the layer above, once, however many records show them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, String, select
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, BigId, UtcDateTime
from core.errors import refuse
from core.purchasing.document import DocumentKind, LineType, PurchaseDocument
from core.work import Work


class AttachedTo(StrEnum):
    """What kind of record a file belongs to. Those of posted documents are never deleted or replaced."""

    VENDOR = "vendor"
    ITEM = "item"
    INVOICE = "invoice"
    CREDIT_MEMO = "credit_memo"
    ORDER = "order"
    QUOTE = "quote"
    RETURN_ORDER = "return_order"
    POSTED_INVOICE = "posted_invoice"
    POSTED_CREDIT_MEMO = "posted_credit_memo"
    POSTED_RECEIPT = "posted_receipt"

    @property
    def is_posted(self) -> bool:
        """Whether it is a posted document."""
        return self.value.startswith("posted_")


class AttachedFile(Base):
    """A file on a record. `flows_to_purchase`: the file of a card is copied to new documents."""

    __tablename__ = "attached_file"
    __table_args__ = (
        CheckConstraint("length(sha256) = 64", name="sha256"),
        CheckConstraint("size_bytes >= 0", name="size_bytes"),
        Index("ix_attached_file_owner", "owner", "owner_no"),
    )

    id: Mapped[BigId]
    owner: Mapped[str] = mapped_column(String(20))
    owner_no: Mapped[str] = mapped_column(String(20))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    size_bytes: Mapped[int]
    flows_to_purchase: Mapped[bool] = mapped_column(default=False)
    attached_by: Mapped[str] = mapped_column(String(50))
    attached_at: Mapped[datetime] = mapped_column(UtcDateTime())


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that lies in the store."""

    sha256: str
    name: str
    media_type: str
    size_bytes: int


def attach(
    work: Work, owner: AttachedTo, owner_no: str, stored: StoredFile, *, flows_to_purchase: bool = False
) -> AttachedFile:
    """Put a file on a record; the same file twice on one record is there once."""
    for there in attachments(work, owner, owner_no):
        if there.sha256 == stored.sha256:
            return there
    row = AttachedFile(
        owner=owner.value,
        owner_no=owner_no,
        sha256=stored.sha256,
        name=stored.name[:200],
        media_type=stored.media_type,
        size_bytes=stored.size_bytes,
        flows_to_purchase=flows_to_purchase,
        attached_by=work.actor.user_no,
        attached_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    return row


def attachments(work: Work, owner: AttachedTo, owner_no: str) -> list[AttachedFile]:
    """The files of a record, oldest first."""
    query = select(AttachedFile).where(AttachedFile.owner == owner.value, AttachedFile.owner_no == owner_no)
    return list(work.session.scalars(query.order_by(AttachedFile.id)))


def detach(work: Work, attachment_id: int) -> None:
    """Take a file off a record. Those of posted documents stay: `posted_file_stays`."""
    row = work.session.get(AttachedFile, attachment_id)
    if row is None:
        return
    if AttachedTo(row.owner).is_posted:
        raise refuse("posted_file_stays", name=row.name, document=row.owner_no)
    work.session.delete(row)
    work.session.flush()


def copy_attachments(
    work: Work, owner: AttachedTo, owner_no: str, to: AttachedTo, to_no: str, *, flowing_only: bool = False
) -> None:
    """Show the files of one record on another too: with a conversion, with posting."""
    for row in attachments(work, owner, owner_no):
        if row.flows_to_purchase or not flowing_only:
            attach(work, to, to_no, _stored(row))


def _stored(row: AttachedFile) -> StoredFile:
    return StoredFile(row.sha256, row.name, row.media_type, row.size_bytes)


def take_card_files(work: Work, document: PurchaseDocument) -> None:
    """Copy the files that flow to purchases from the cards of a document's vendor and items."""
    to = AttachedTo(document.kind)
    cards = [(AttachedTo.VENDOR, document.vendor_no)]
    cards += [(AttachedTo.ITEM, line.no) for line in document.lines if line.type == LineType.ITEM]
    for owner, number in dict.fromkeys(cards):
        if number is not None:
            copy_attachments(work, owner, number, to, document.document_no, flowing_only=True)


def carry_to_posted(
    work: Work, document: PurchaseDocument, posted_no: str | None, receipt_no: str | None
) -> None:
    """Files of a document go to what was posted of it, in the same transaction."""
    is_credit = DocumentKind(document.kind).goes_back
    bill = AttachedTo.POSTED_CREDIT_MEMO if is_credit else AttachedTo.POSTED_INVOICE
    for row in attachments(work, AttachedTo(document.kind), document.document_no):
        if posted_no is not None:
            attach(work, bill, posted_no, _stored(row))
        if receipt_no is not None:
            attach(work, AttachedTo.POSTED_RECEIPT, receipt_no, _stored(row))


def delete_attachments(work: Work, owner: AttachedTo, numbers: Sequence[str]) -> None:
    """A record that is deleted takes its files away; the bytes stay while others show them."""
    for number in numbers:
        for row in attachments(work, owner, number):
            work.session.delete(row)
    work.session.flush()
