"""Reasons in words: a whole sentence for the document, a few words for a row of a list."""

from __future__ import annotations

import re

from pipeline.workflow.review_view import Reason
from web.view import DeskContext

FIELD_NAMES = "review.field."
COLUMN_NAMES = "review.column."
PLACES = re.compile(r"\{[^}]*\}")


def reason_text(desk: DeskContext, reason: Reason) -> str:
    """The sentence, with a field called what the screen calls it."""
    return desk.text(reason.key, **_values(desk, reason))


def short_reason(desk: DeskContext, reason: Reason) -> str:
    """A few words for a list, such as "Bank account differs"; the sentence where there are none."""
    key = f"short.{reason.key}"
    return desk.text(key if key in desk.texts.texts else reason.key, **_values(desk, reason))


def reason_kind(desk: DeskContext, key: str) -> str:
    """What documents with such a reason have in common, without the values of one of them."""
    texts = desk.texts.texts
    named = [key for key in (f"kind.{key}", f"short.{key}", key) if key in texts]
    return PLACES.sub("…", texts[named[0]]) if named else key


def _values(desk: DeskContext, reason: Reason) -> dict[str, object]:
    values = dict(reason.values)
    if isinstance(values.get("field"), str):
        values["field"] = _field_name(desk, str(values["field"]))
    return values


def _field_name(desk: DeskContext, key: str) -> str:
    """`total_gross`, `seller.name` or `lines.2.quantity` as the user knows it."""
    parts = key.split(".")
    if parts[0] == "lines" and len(parts) == 3 and f"{COLUMN_NAMES}{parts[2]}" in desk.texts.texts:
        return f"{desk.text(COLUMN_NAMES + parts[2])} ({int(parts[1]) + 1})"
    name = f"{FIELD_NAMES}{'_'.join(part for part in parts if not part.isdigit())}"
    return desk.text(name) if name in desk.texts.texts else key
