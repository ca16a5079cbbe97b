"""What the Incoming page shows: views, rows and counts (ux.md §5.2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from pipeline.incoming import ScreenWord
from pipeline.workflow.review_view import Reason


class View(StrEnum):
    """The views of Incoming, in the order of their tabs."""

    NEEDS_REVIEW = "needs_review"
    EXCEPTIONS = "exceptions"
    IN_APPROVAL = "in_approval"
    PARKED = "parked"
    READY_TO_POST = "ready_to_post"
    PROCESSING = "processing"
    FAILED = "failed"
    POSTED_TODAY = "posted_today"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows a view; None leaves everything in. Dates are days of the company, both included.

    `why` is the key of a row's reason, such as `problem.INC_IBAN_NEW`; amounts are totals as printed.
    """

    vendor_no: str | None = None
    why: str | None = None
    amount_from: Decimal | None = None
    amount_to: Decimal | None = None
    received_from: date | None = None
    received_to: date | None = None

    @property
    def is_narrow(self) -> bool:
        """Whether anything is left out."""
        return self != Filters()


@dataclass(frozen=True, slots=True)
class VendorChoice:
    """A vendor with documents in a view."""

    vendor_no: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class ReasonChoice:
    """A reason that documents of a view stand there for, such as `problem.INC_IBAN_NEW`."""

    key: str
    count: int


Sort = Literal["received", "vendor", "invoice_number", "due_date", "amount"]


@dataclass(frozen=True, slots=True)
class IncomingRow:
    """One row. `vendor_name` is the card's name, or the seller as printed while `vendor_no` is None.

    `why` is the worst reason, `more_reasons` how many others there are. `pages_read` of `page_count` is the
    progress of a scan.
    """

    id: int
    incoming_no: str
    version: int
    received_at: datetime
    description: str
    vendor_no: str | None
    vendor_name: str | None
    invoice_number: str | None
    order_reference: str | None
    due_date: date | None
    total_gross: Decimal | None
    currency_code: str | None
    word: ScreenWord
    why: Reason | None
    why_severity: Literal["stop", "check", "note"] | None
    more_reasons: int
    assigned_to: str | None
    parked_until: date | None
    posted_no: str | None
    duplicate_of_no: str | None
    channel: str
    page_count: int
    pages_read: int


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A file that was not taken in, and why (ID-33)."""

    id: int
    name: str
    size: int
    channel: str
    at: datetime
    code: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class IncomingList:
    """One stretch of a view: its rows, how many there are in all, and the sum of their totals in LCY."""

    rows: tuple[IncomingRow, ...]
    total: int
    refused: tuple[RefusedRow, ...] = ()
