"""What the review page shows of one document: prepared values, with no query and no rule left to apply.

Values are strings as the books want them (ISO date, plain decimal with a point, code or text); the page shows
them in the user's manner. A `Reason` is a text key of `pipeline/texts` with its values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from pipeline.extract.document import Box
from pipeline.incoming import ScreenWord, Stage, Status


class FieldState(StrEnum):
    """How far a value may be trusted (ux.md §5.3)."""

    SURE = "sure"
    CHECK = "check"
    MISSING = "missing"
    STOPPED = "stopped"
    CONFIRMED = "confirmed"
    DEFAULT = "default"
    PROPOSED = "proposed"


class CheckState(StrEnum):
    """Tick, triangle with count, or octagon."""

    OK = "ok"
    CHECK = "check"
    STOP = "stop"


CheckName = Literal["vendor", "bank_account", "duplicate", "fields", "totals", "coding"]
SumState = Literal["equal", "rounding", "different", "unknown"]


@dataclass(frozen=True, slots=True)
class Reason:
    """A sentence by key, filled with values when it is shown."""

    key: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a person took a value from: page from 1, box in fractions of the page, the text as printed."""

    page: int
    box: Box
    printed: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A value that was read but is too doubtful to be filled in; offered as 1, 2, 3."""

    value: str
    confidence: float
    page: int | None
    box: Box | None
    printed: str | None


@dataclass(frozen=True, slots=True)
class FieldView:
    """One value with its state and evidence.

    `key` is what `set_field` and `confirm_field` take. `value` is None while the field is empty, also when
    something doubtful was read: that stands in `candidates`. `is_required`: approving needs it.
    `is_open`: it keeps the document from being approved.
    """

    key: str
    value: str | None
    read_value: str | None
    confidence: float | None
    state: FieldState
    reason: Reason | None = None
    page: int | None = None
    box: Box | None = None
    printed: str | None = None
    path: str | None = None
    is_required: bool = False
    is_open: bool = False
    candidates: tuple[Candidate, ...] = ()


LINE_COLUMNS = (
    "type",
    "no",
    "description",
    "quantity",
    "unit",
    "unit_price",
    "discount_percent",
    "vat_rate",
    "net_amount",
)
"""Columns of the lines grid, in order; the second argument of `set_line`."""


@dataclass(frozen=True, slots=True)
class LineView:
    """One line of the draft; or, while there is no draft, one line as read.

    `type` is account, item, charge or comment, None while there is no draft. `no` is the account or item,
    `name` what it is called (`name_nl` in Dutch, where an account has such a name), `ground` why it is
    proposed. `cells` has every column of LINE_COLUMNS.
    """

    line_no: int
    type: str | None
    no: str | None
    name: str | None
    cells: Mapping[str, FieldView]
    ground: Reason | None = None
    vat_product: str | None = None
    name_nl: str | None = None


@dataclass(frozen=True, slots=True)
class VatGroupView:
    """One VAT rate: what the lines come to, and what the document states (None: not stated)."""

    rate: Decimal
    identifier: str | None
    net: Decimal
    vat: Decimal
    stated_net: FieldView | None
    stated_vat: FieldView | None


@dataclass(frozen=True, slots=True)
class Check:
    """One button of the checks row. `field` is the key of the place it leads to."""

    name: CheckName
    state: CheckState
    count: int = 0
    reason: Reason | None = None
    field: str | None = None


@dataclass(frozen=True, slots=True)
class ArithmeticRow:
    """One comparison: what was worked out, what the document states, and the first minus the second."""

    name: Literal["lines", "vat", "total"]
    rate: Decimal | None
    computed: Decimal | None
    stated: Decimal | None
    difference: Decimal | None
    state: SumState
    cause: Reason | None = None


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """The arithmetic bar: lines = excl. VAT, VAT per rate, total. Amounts in the document's currency."""

    currency_code: str
    lines_sum: Decimal | None
    total_net: Decimal | None
    total_vat: Decimal | None
    total_gross: Decimal | None
    rows: tuple[ArithmeticRow, ...]
    state: SumState
    can_book_difference: bool


@dataclass(frozen=True, slots=True)
class MessageView:
    """One message of the record (ID-70); its text is the problem text of `code`."""

    id: int
    severity: str
    code: str
    field: str | None
    line_no: int | None
    values: Mapping[str, object]
    dismissed_by: str | None = None
    dismissed_reason: str | None = None


@dataclass(frozen=True, slots=True)
class ActivityView:
    """One thing that happened. `action` is a text key under `activity.`."""

    at: datetime
    actor: str
    action: str
    field: str | None
    old: str | None
    new: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """One general ledger entry as it will be posted. Debit and credit in local currency, one of them None."""

    account_no: str
    account_name: str
    description: str
    debit: Decimal | None
    credit: Decimal | None
    line_no: int | None
    account_name_nl: str | None = None


@dataclass(frozen=True, slots=True)
class PageView:
    """One page: size in points, where its words came from, and whether it could be read."""

    page_no: int
    state: Literal["waiting", "read", "unreadable"]
    width: float
    height: float
    source: str | None
    can_be_shown: bool


@dataclass(frozen=True, slots=True)
class AttachmentView:
    """One stored file of the record."""

    id: int
    name: str
    media_type: str
    size: int
    sha256: str
    is_main: bool


@dataclass(frozen=True, slots=True)
class DocumentView:
    """The record itself. `version` goes along with every action on it (ID-28)."""

    id: int
    incoming_no: str
    version: int
    stage: Stage
    status: Status
    word: ScreenWord
    description: str
    document_kind: str
    source: str | None
    media_type: str
    page_count: int
    created_at: datetime
    channel: str
    vendor_no: str | None
    vendor_name: str | None
    vendor_restricted: bool
    seller_name: str | None
    draft_id: int | None
    document_no: str | None
    posted_no: str | None
    assigned_to: str | None
    parked_until: date | None
    parked_for: str | None
    wait_reason: Reason | None
    failure: Reason | None
    duplicate_of_no: str | None
    reject_reason: str | None
    can_be_edited: bool


@dataclass(frozen=True, slots=True)
class Bank:
    """The bank account as printed beside those of the card (ID-54). IBANs without spaces."""

    printed_iban: str
    card_ibans: tuple[str, ...]
    is_on_card: bool


@dataclass(frozen=True, slots=True)
class DuplicateOf:
    """A document that this one may repeat: `is_stop` for the same number, else the same amount (ID-90)."""

    message_id: int
    number: str
    url_no: str
    is_posted: bool
    is_stop: bool
    total_gross: Decimal | None


@dataclass(frozen=True, slots=True)
class ReviewView:
    """Everything that the review page shows of one document."""

    document: DocumentView
    fields: Mapping[str, FieldView]
    lines: tuple[LineView, ...]
    vat_groups: tuple[VatGroupView, ...]
    checks: tuple[Check, ...]
    arithmetic: Arithmetic
    bank: Bank | None
    duplicates: tuple[DuplicateOf, ...]
    messages: tuple[MessageView, ...]
    activity: tuple[ActivityView, ...]
    preview: tuple[PreviewLine, ...]
    preview_problems: tuple[MessageView, ...]
    pages: tuple[PageView, ...]
    attachments: tuple[AttachmentView, ...]
    next_open: str | None
    can_approve: bool
    can_post: bool
