"""Purchase lines that come back: rent, a subscription, the weekly order (PU-90)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, BigId, Exact, Quantity
from core.errors import refuse
from core.purchasing.document import DocumentKind, LineType, PurchaseDocument, PurchaseLine
from core.purchasing.draft_inputs import LineDraft
from core.purchasing.drafts import add_lines
from core.purchasing.editing import require_open
from core.work import Work


class RecurringMode(StrEnum):
    """When the lines of a code are taken on a new document: never by themselves, after a question, always."""

    MANUAL = "manual"
    ASK = "ask"
    AUTOMATIC = "automatic"


class RecurringCode(Base):
    """A set of lines under a name. `currency_code` None is local: it fits documents in that currency only."""

    __tablename__ = "recurring_code"

    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    description: Mapped[str] = mapped_column(String(100))
    currency_code: Mapped[str | None] = mapped_column(String(3))

    lines: Mapped[list[RecurringLine]] = relationship(
        order_by="RecurringLine.line_no", cascade="all, delete-orphan"
    )


class RecurringLine(Base):
    """One line of a code. Without an `amount` an item line gets its price by the price records."""

    __tablename__ = "recurring_line"
    __table_args__ = (CheckConstraint("type IN ('account', 'item', 'charge', 'comment')", name="type"),)

    id: Mapped[BigId]
    code: Mapped[str] = mapped_column(ForeignKey("recurring_code.code"), index=True)
    line_no: Mapped[int]
    type: Mapped[str] = mapped_column(String(10))
    no: Mapped[str | None] = mapped_column(String(20))
    description: Mapped[str | None] = mapped_column(String(250))
    quantity: Mapped[Quantity] = mapped_column(default=Decimal(1))
    unit: Mapped[str | None] = mapped_column(String(10))
    amount: Mapped[Decimal | None] = mapped_column(Exact(19, 4))


class VendorRecurring(Base):
    """A code attached to a vendor, per kind of document, for a time."""

    __tablename__ = "vendor_recurring"
    __table_args__ = (CheckConstraint("mode IN ('manual', 'ask', 'automatic')", name="mode"),)

    vendor_no: Mapped[str] = mapped_column(ForeignKey("vendor.vendor_no"), primary_key=True)
    code: Mapped[str] = mapped_column(ForeignKey("recurring_code.code"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    mode: Mapped[str] = mapped_column(String(10))
    starting_date: Mapped[date | None]
    ending_date: Mapped[date | None]


def recurring_codes(
    work: Work, document: PurchaseDocument, mode: RecurringMode | None = None
) -> list[RecurringCode]:
    """The codes that fit the document: its vendor, kind, currency and order or posting date."""
    if document.kind in (DocumentKind.INVOICE, DocumentKind.CREDIT_MEMO):
        on = document.posting_date or work.today
    else:
        on = document.order_date or work.today
    query = (
        select(RecurringCode, VendorRecurring)
        .join(VendorRecurring, VendorRecurring.code == RecurringCode.code)
        .where(VendorRecurring.vendor_no == document.vendor_no, VendorRecurring.kind == document.kind)
        .order_by(RecurringCode.code)
    )
    return [
        code
        for code, attached in work.session.execute(query)
        if code.currency_code == document.currency_code
        and mode in (None, attached.mode)
        and (attached.starting_date is None or attached.starting_date <= on)
        and (attached.ending_date is None or attached.ending_date >= on)
    ]


def get_recurring_lines(work: Work, document: PurchaseDocument, code: str) -> list[PurchaseLine]:
    """Append the lines of a code to an open document.

    Refuses with `status_not_open`, with `recurring_unknown` for a code that does not fit, and with what
    `add_line` refuses.
    """
    require_open(document, "lines")
    found = next((one for one in recurring_codes(work, document) if one.code == code), None)
    if found is None:
        raise refuse("recurring_unknown", field="code", name=code, document=document.document_no)
    return add_lines(work, document, [_draft(line) for line in found.lines])


def take_automatic_lines(work: Work, document: PurchaseDocument) -> list[PurchaseLine]:
    """Append what comes by itself to a document that was just made for its vendor."""
    codes = recurring_codes(work, document, RecurringMode.AUTOMATIC)
    return add_lines(work, document, [_draft(line) for code in codes for line in code.lines])


def _draft(line: RecurringLine) -> LineDraft:
    return LineDraft(
        LineType(line.type),
        line.no,
        line.description,
        quantity=line.quantity,
        unit=line.unit,
        amount=line.amount,
    )
