"""Dates of issue, payment and delivery (BT-2, BT-9, BT-72)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pipeline.extract.candidates import Candidate, Document, FieldGroup, Found
from pipeline.extract.labels import STRONG, Label
from pipeline.extract.nearby import Near, near_label

_KEYS = ("issue_date", "due_date", "delivery_date")
_DATE_KEYS = frozenset({*_KEYS, "other_date"})
_PAYMENT_KEYS = frozenset({"amount_due", "due_date", "iban", "payment_reference"})


def _find(document: Document) -> Found:
    candidates = [candidate for key in _KEYS for candidate in _labelled(document, key)]
    candidates.extend(_unlabelled(document))
    return Found(candidates=candidates)


FIELD = FieldGroup(name="dates", keys=_KEYS, find=_find)


def _labelled(document: Document, key: str) -> Iterator[Candidate]:
    printed = document.printed

    def is_rival(label: Label) -> bool:
        strong = {k for k, strength in label.keys.items() if k in _DATE_KEYS and strength == STRONG}
        return bool(strong) and key not in strong

    for label, strength in printed.labels_named(key):
        if label.row.index in document.table.row_indexes and key != "delivery_date":
            continue
        for near in near_label(printed, label, printed.dates, rival=is_rival):
            score = strength * near.nearness
            if strength < STRONG:
                score = _weak_score(document, key, label, near)
            if near.row.index in document.table.row_indexes:
                score *= 0.4
            yield Candidate(key, near.value.isoformat(), near.tokens, min(0.97, score), strength == STRONG)


def _weak_score(document: Document, key: str, label: Label, near: Near[date]) -> float:
    """A word like "Date" alone is a label of its own; a word like "of" only right before the date."""
    word = "".join(t.text for t in label.tokens).strip(" .:").lower()
    if word in ("datum", "date", "data", "fecha"):
        return 0.72 * near.nearness
    gap = near.left - label.right
    if near.is_below or gap > 1.5 * label.tokens[0].height:
        return 0.0
    row_keys = {k for other in document.printed.labels.get(label.row.index, ()) for k in other.keys}
    if key == "issue_date" and row_keys & {"title_invoice", "title_credit_note", "invoice_number"}:
        return 0.78 * near.nearness
    if key == "due_date" and row_keys & _PAYMENT_KEYS:
        return 0.6 * near.nearness
    return 0.3 * near.nearness


def _unlabelled(document: Document) -> Iterator[Candidate]:
    """The first dates of the document, in case no label names one."""
    printed = document.printed
    count = 0
    for row_index, matches in sorted(printed.dates.items()):
        if row_index in document.table.row_indexes:
            continue
        row_keys = {k for other in printed.labels.get(row_index, ()) for k in other.keys}
        for match in matches:
            other_meaning = row_keys & (_DATE_KEYS - {"issue_date"})
            in_title = row_keys & {"title_invoice", "title_credit_note", "invoice_number"}
            score = 0.1 if other_meaning else (0.45 if in_title else 0.3)
            yield Candidate(
                "issue_date", match.value.isoformat(), match.tokens, score * 0.9**count, is_labelled=False
            )
            count += 1
            if count >= 10:
                return
