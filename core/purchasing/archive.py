"""Earlier versions of quotes, orders and return orders, kept whole and never changed (PU-63 to PU-65).

A version is what the document was: its header, lines, comments, VAT amounts, applications and charge
assignments, each with all its columns by name. A column that comes later is simply not in older versions.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, Date, Index, String, Text, UniqueConstraint, func, inspect, select
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import TypeEngine

from core.database import Amount, Base, BigId, Exact, UtcDateTime
from core.errors import refuse
from core.master.company import get_company
from core.master.vat import Calculation
from core.money import ZERO, total
from core.purchasing.document import (
    ChargeAssignment,
    DocumentKind,
    DocumentStatus,
    PurchaseApplication,
    PurchaseComment,
    PurchaseDocument,
    PurchaseLine,
    PurchaseVatAmount,
)
from core.purchasing.editing import require_open, touch
from core.purchasing.totals import TotalsLine, VatTerms, line_amount
from core.work import Work

KEPT = (
    "id",
    "version",
    "document_no",
    "kind",
    "status",
    "created_by",
    "created_at",
    "occurrence",
    "posted_no",
)
"""What a restored document keeps of itself."""


class ArchivedDocument(Base):
    """One version of a document. `occurrence` tells documents that had the same number one after the other
    apart. `amount` adds up the lines, in the document's currency; `reason` is the event that archived it.
    """

    __tablename__ = "archived_document"
    __table_args__ = (
        UniqueConstraint("kind", "document_no", "occurrence", "version_no"),
        Index("ix_archived_document_vendor", "vendor_no"),
    )

    id: Mapped[BigId]
    kind: Mapped[str] = mapped_column(String(20))
    document_no: Mapped[str] = mapped_column(String(20))
    occurrence: Mapped[int]
    version_no: Mapped[int]
    document_id: Mapped[int] = mapped_column(BigInteger)
    document_made_at: Mapped[datetime] = mapped_column(UtcDateTime())
    vendor_no: Mapped[str | None] = mapped_column(String(20))
    seller_name: Mapped[str | None] = mapped_column(String(200))
    amount: Mapped[Amount]
    reason: Mapped[str] = mapped_column(String(20))
    archived_by: Mapped[str] = mapped_column(String(50))
    archived_at: Mapped[datetime] = mapped_column(UtcDateTime())
    content: Mapped[str] = mapped_column(Text)


def archive(work: Work, document: PurchaseDocument, reason: str = "by_hand") -> ArchivedDocument:
    """Store a complete copy of the document under its next version number (PU-63)."""
    occurrence = _occurrence(work, document)
    last = work.session.scalar(
        select(func.max(ArchivedDocument.version_no)).where(
            *_of(document.kind, document.document_no), ArchivedDocument.occurrence == occurrence
        )
    )
    version = ArchivedDocument(
        kind=document.kind,
        document_no=document.document_no,
        occurrence=occurrence,
        version_no=(last or 0) + 1,
        document_id=document.id,
        document_made_at=document.created_at,
        vendor_no=document.vendor_no,
        seller_name=document.seller_name,
        amount=total(_amount(line) for line in document.lines),
        reason=reason,
        archived_by=work.actor.user_no,
        archived_at=work.now,
        content=json.dumps(_snapshot(work, document), ensure_ascii=False),
    )
    work.session.add(version)
    work.session.flush()
    return version


def archive_if_set_up(
    work: Work, document: PurchaseDocument, reason: str, *, confirmed: bool = False
) -> ArchivedDocument | None:
    """Archive as the setup says: quotes never, always, or when the question was answered with yes; orders and
    return orders when the setting is on. `reason` is *conversion*, *deletion*, *print* or *posting*.
    """
    company = get_company(work)
    if document.kind == DocumentKind.QUOTE:
        wanted = company.archive_quotes == "always" or (company.archive_quotes == "question" and confirmed)
    else:
        wanted = company.archive_orders and DocumentKind(document.kind).posts_in_parts
    return archive(work, document, reason) if wanted else None


def versions(work: Work, kind: DocumentKind, document_no: str) -> list[ArchivedDocument]:
    """The archived versions of a number, the latest first."""
    return list(
        work.session.scalars(
            select(ArchivedDocument)
            .where(*_of(kind.value, document_no))
            .order_by(ArchivedDocument.occurrence.desc(), ArchivedDocument.version_no.desc())
        )
    )


def get_version(
    work: Work, kind: DocumentKind, document_no: str, version_no: int, occurrence: int = 1
) -> ArchivedDocument:
    """One archived version. Refuses with `posted_not_found`."""
    found = work.session.scalar(
        select(ArchivedDocument).where(
            *_of(kind.value, document_no),
            ArchivedDocument.occurrence == occurrence,
            ArchivedDocument.version_no == version_no,
        )
    )
    if found is None:
        raise refuse("posted_not_found", no=f"{document_no} / {version_no}")
    return found


def restore(work: Work, version: ArchivedDocument) -> PurchaseDocument:
    """Put an archived version over the live document, which is Open then and notes the version (PU-64).

    Refuses with `archive_source_missing` when the document of that version is gone, and with
    `archive_partly_posted` when anything of it is posted; `approval_pending` while one runs.
    """
    live = work.session.get(PurchaseDocument, version.document_id)
    if live is None or live.created_at != version.document_made_at:
        raise refuse("archive_source_missing", document=version.document_no)
    if live.status == DocumentStatus.POSTED or any(line.quantity_received != ZERO for line in live.lines):
        raise refuse("archive_partly_posted", document=version.document_no)
    if live.status != DocumentStatus.RELEASED:
        require_open(live, "document")
    snapshot = json.loads(version.content)
    for name, value in _decoded(PurchaseDocument, snapshot["header"]).items():
        if name not in KEPT:
            setattr(live, name, value)
    live.lines, live.vat_amounts, live.applications = [], [], []
    work.session.flush()
    live.lines = archived_lines(version)
    live.vat_amounts = [PurchaseVatAmount(**_fresh(PurchaseVatAmount, row)) for row in snapshot["vat"]]
    live.applications = [
        PurchaseApplication(**_fresh(PurchaseApplication, row)) for row in snapshot["applications"]
    ]
    _restore_comments(work, live, snapshot["comments"])
    live.status = DocumentStatus.OPEN.value
    live.restored_version = version.version_no
    touch(work, live)
    return live


def archived_header(version: ArchivedDocument) -> PurchaseDocument:
    """The header of a version with its lines, as a document that is not in the database (PU-65)."""
    snapshot = json.loads(version.content)
    document = PurchaseDocument(**_decoded(PurchaseDocument, snapshot["header"]))
    document.lines = archived_lines(version)
    return document


def archived_lines(version: ArchivedDocument) -> list[PurchaseLine]:
    """The lines of a version, as rows that are not in the database."""
    lines = []
    for row in json.loads(version.content)["lines"]:
        line = PurchaseLine(**_fresh(PurchaseLine, row["line"]))
        line.assignments = [
            ChargeAssignment(**_fresh(ChargeAssignment, one, "line_id")) for one in row["assignments"]
        ]
        lines.append(line)
    return lines


def delete_version(work: Work, version: ArchivedDocument) -> None:
    """Take a version away; the page lets only administrators do it (PU-65)."""
    work.session.delete(version)
    work.session.flush()


def _amount(line: PurchaseLine) -> Decimal:
    untaxed = VatTerms("?", Calculation.NORMAL, ZERO)
    return line_amount(
        TotalsLine(line.quantity, line.unit_cost, untaxed, line.discount_percent, line.discount_amount)
    )


def _of(kind: str, document_no: str) -> tuple[Any, Any]:
    return ArchivedDocument.kind == kind, ArchivedDocument.document_no == document_no


def _occurrence(work: Work, document: PurchaseDocument) -> int:
    """The occurrence of this document: that of its own versions, else one more than others had (PU-63)."""
    rows = work.session.execute(
        select(
            ArchivedDocument.document_id, ArchivedDocument.document_made_at, ArchivedDocument.occurrence
        ).where(*_of(document.kind, document.document_no))
    ).all()
    # SQLite gives the id of a deleted row again, so the moment it was made tells documents apart too.
    own = [occurrence for *identity, occurrence in rows if identity == [document.id, document.created_at]]
    return own[0] if own else max((occurrence for *_, occurrence in rows), default=0) + 1


def _snapshot(work: Work, document: PurchaseDocument) -> dict[str, Any]:
    comments = work.session.scalars(
        select(PurchaseComment).where(PurchaseComment.document_id == document.id).order_by(PurchaseComment.id)
    )
    return {
        "header": _encoded(document),
        "lines": [{"line": _encoded(line), "assignments": _all(line.assignments)} for line in document.lines],
        "vat": _all(document.vat_amounts),
        "applications": _all(document.applications),
        "comments": _all(comments),
    }


def _all(rows: Iterable[Base]) -> list[dict[str, Any]]:
    return [_encoded(row) for row in rows]


def _encoded(row: Base) -> dict[str, Any]:
    names = [column.key for column in inspect(type(row)).column_attrs]
    return {name: _plain(getattr(row, name)) for name in names}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


def _decoded(table: type[Base], values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of columns that the table still has, as Python keeps them."""
    columns = {one.key: one.columns[0].type for one in inspect(table).column_attrs}
    return {name: _typed(columns[name], value) for name, value in values.items() if name in columns}


def _typed(kind: TypeEngine[Any], value: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, Exact):
        return Decimal(value)
    if isinstance(kind, UtcDateTime):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(kind, Date) else value


def _fresh(table: type[Base], values: Mapping[str, Any], owner: str = "document_id") -> dict[str, Any]:
    return {name: value for name, value in _decoded(table, values).items() if name not in ("id", owner)}


def _restore_comments(work: Work, document: PurchaseDocument, rows: Iterable[Mapping[str, Any]]) -> None:
    for comment in work.session.scalars(
        select(PurchaseComment).where(PurchaseComment.document_id == document.id)
    ):
        work.session.delete(comment)
    work.session.add_all(
        [PurchaseComment(document_id=document.id, **_fresh(PurchaseComment, row)) for row in rows]
    )
