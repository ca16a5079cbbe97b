"""How far a value may be trusted, and how it is shown with its evidence (ux.md §5.3)."""

from __future__ import annotations

from dataclasses import replace

from pipeline.extract.document import Box
from pipeline.incoming import (
    IncomingField,
    Origin,
)
from pipeline.workflow.review_view import (
    Candidate,
    FieldState,
    FieldView,
    Reason,
)
from pipeline.workflow.values import SURE


def field_state(row: IncomingField) -> tuple[FieldState, Reason | None]:
    """How far a read value may be trusted, by itself (ux.md §5.3)."""
    if row.confirmed_by is not None:
        return FieldState.CONFIRMED, Reason("why.confirmed", {"by": row.confirmed_by})
    if row.origin == Origin.DEFAULT:
        return FieldState.DEFAULT, None
    if row.origin == Origin.PROPOSAL:
        return FieldState.PROPOSED, None
    if row.value is None:
        return FieldState.MISSING, Reason("why.doubtful") if row.read_value else None
    if row.path is not None:
        return FieldState.SURE, Reason("why.einvoice", {"path": row.path})
    confidence = row.confidence if row.confidence is not None else 0.0
    if confidence >= SURE:
        return FieldState.SURE, None
    return FieldState.CHECK, Reason("why.read_percent", {"percent": round(confidence * 100)})


def field_view(
    key: str,
    row: IncomingField | None,
    state: FieldState,
    reason: Reason | None = None,
    *,
    is_required: bool = False,
    is_open: bool = False,
) -> FieldView:
    """A field as the page shows it; a doubtful value that was not filled in is offered as a candidate."""
    if row is None:
        return FieldView(key, None, None, None, state, reason, is_required=is_required, is_open=is_open)
    box = box_of(row)
    candidates: tuple[Candidate, ...] = ()
    if row.value is None and row.read_value and row.confirmed_by is None:
        candidates = (Candidate(row.read_value, row.confidence or 0.0, row.page, box, row.printed),)
    return FieldView(
        key=key,
        value=row.value,
        read_value=row.read_value,
        confidence=row.confidence,
        state=state,
        reason=reason,
        page=row.page,
        box=box,
        printed=row.printed,
        path=row.path,
        is_required=is_required,
        is_open=is_open,
        candidates=candidates,
    )


def with_value(view: FieldView, value: str | None) -> FieldView:
    """The same field with another value in it: that of the draft, or of the card."""
    return replace(view, value=value)


def box_of(row: IncomingField) -> Box | None:
    """Where the value stands on its page."""
    sides = (row.box_left, row.box_top, row.box_right, row.box_bottom)
    if any(side is None for side in sides):
        return None
    return Box(*(float(side) for side in sides if side is not None))
