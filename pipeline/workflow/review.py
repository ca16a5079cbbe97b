"""Review: what a person may do with one document, and the rules that decide whether it may go on.

Every function takes the record's `version` as the page saw it; an action on an older one is refused with
INC_CHANGED_BY_OTHER and changes nothing (ID-28).
"""

from __future__ import annotations

from datetime import date

from core.work import Work
from pipeline.workflow.review_view import Evidence, ReviewView


def open_review(work: Work, incoming_id: int) -> ReviewView:
    """Everything the review page shows."""
    raise NotImplementedError


def set_field(
    work: Work,
    incoming_id: int,
    version: int | None,
    key: str,
    typed: str,
    *,
    language: str,
    evidence: Evidence | None = None,
) -> None:
    """Give a header field, or a line as read, the value that a person typed or clicked. It is confirmed then.

    Raises INC_VALUE_NOT_UNDERSTOOD (key, typed) and what the core has against the value.
    """
    raise NotImplementedError


def confirm_field(work: Work, incoming_id: int, version: int | None, key: str) -> None:
    """Confirm the value as it stands."""
    raise NotImplementedError


def reset_field(work: Work, incoming_id: int, version: int | None, key: str) -> None:
    """Give the field the value that was read."""
    raise NotImplementedError


def set_line(  # noqa: PLR0917
    work: Work, incoming_id: int, version: int | None, line_no: int, column: str, typed: str, *, language: str
) -> None:
    """Change one cell of the lines; `column` is one of LINE_COLUMNS."""
    raise NotImplementedError


def add_line(work: Work, incoming_id: int, version: int | None) -> int:
    """Add an empty line at the end; returns its number."""
    raise NotImplementedError


def delete_line(work: Work, incoming_id: int, version: int | None, line_no: int) -> None:
    """Take a line away."""
    raise NotImplementedError


def set_vendor(work: Work, incoming_id: int, version: int | None, vendor_no: str) -> None:
    """Say which vendor sent this; the draft is made when there was none."""
    raise NotImplementedError


def keep_card_account(work: Work, incoming_id: int, version: int | None) -> None:
    """Pay to the account of the vendor card, whatever the document prints (ID-54)."""
    raise NotImplementedError


def book_difference(work: Work, incoming_id: int, version: int | None) -> None:
    """Book a difference of the totals: as VAT difference, or as a rounding line (ID-91)."""
    raise NotImplementedError


def not_a_duplicate(work: Work, incoming_id: int, version: int | None, reason: str) -> None:
    """Dismiss what looks like a repeat, or reopen a merged record, with a reason (ID-31, ID-90)."""
    raise NotImplementedError


def approve(work: Work, incoming_id: int, version: int | None) -> None:
    """Finish the review: the document is read and coded right. Raises INC_CHECKS_OPEN with what is open."""
    raise NotImplementedError


def reject(work: Work, incoming_id: int, version: int | None, reason: str) -> None:
    """Refuse the document; a draft made from it is deleted first (ID-23)."""
    raise NotImplementedError


def reopen(work: Work, incoming_id: int, version: int | None) -> None:
    """Undo approving, rejecting or parking: back to review."""
    raise NotImplementedError


def park(work: Work, incoming_id: int, version: int | None, until: date, for_what: str) -> None:
    """Put aside until a date; it comes back by itself (ID-102)."""
    raise NotImplementedError


def unpark(work: Work, incoming_id: int, version: int | None) -> None:
    """Take back from being put aside."""
    raise NotImplementedError


def assign(work: Work, incoming_id: int, version: int | None, user_no: str | None) -> None:
    """Say who looks at it (ID-102)."""
    raise NotImplementedError


def read_again(work: Work, incoming_id: int, version: int | None) -> None:
    """Read the document once more; what a person confirmed stays (ID-29)."""
    raise NotImplementedError


def post_document(work: Work, incoming_id: int, version: int | None) -> str:
    """Post the released draft; returns the number of the posted invoice."""
    raise NotImplementedError
