"""Number of the invoice (BT-1), of the invoice it corrects (BT-25), and the kind of document (BT-3)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from pipeline.extract.candidates import MAX_CANDIDATES, Candidate, Document, FieldGroup, Found
from pipeline.extract.labels import STRONG, Label, label_fold
from pipeline.extract.nearby import numbers_near
from pipeline.extract.printed import Printed

_OWN = frozenset({"invoice_number"})
_NUMBER_KEYS = frozenset(
    {"invoice_number", "order_reference", "other_number", "preceding_invoice", "payment_reference", "vat_id"}
    | {"tax_number", "legal_id", "buyer_vat_id", "phone", "fax", "iban", "bic", "gln"}
    | {"issue_date", "due_date", "delivery_date", "other_date"}
)


def _find(document: Document) -> Found:
    printed = document.printed
    candidates = [*_numbers(document, "invoice_number"), *_numbers(document, "preceding_invoice")]
    candidates.extend(islice(_kinds(printed), MAX_CANDIDATES))
    return Found(candidates=candidates)


FIELD = FieldGroup(
    name="invoice_number", keys=("invoice_number", "preceding_invoice", "document_type"), find=_find
)


def _numbers(document: Document, key: str) -> Iterator[Candidate]:
    printed = document.printed

    def is_rival(label: Label) -> bool:
        named = label.keys.keys() & _NUMBER_KEYS
        return bool(named) and key not in named and max(label.keys[k] for k in named) == STRONG

    spelt_rows = [label_fold(row.text) for row in printed.layout.rows[:200]]
    count = 0
    for label, strength in printed.labels_named(key):
        if label.row.index in document.table.row_indexes or count > MAX_CANDIDATES:
            continue
        title = strength < STRONG
        for near in numbers_near(printed, label, is_rival):
            score = strength * near.nearness
            text = near.value
            if title:
                # After a mere title only what looks like a number of its own is taken.
                digits = sum(c.isdigit() for c in text)
                same_size = abs(near.tokens[0].height - label.tokens[0].height) < 0.6 * label.tokens[0].height
                if not near.is_below and digits >= 2 and same_size:
                    score = 0.62 * near.nearness
                else:
                    score *= 0.6
            if len(text) < 3:
                score *= 0.8
            if _is_post_code_like(near.tokens[0].text, near.start, printed, near.row.index):
                score *= 0.5
            score *= 1.0 + min(0.12, 0.04 * (_repeats(spelt_rows, text) - 1))
            count += 1
            yield Candidate(key, text, near.tokens, min(0.99, score), not title)


def _repeats(spelt_rows: Sequence[str], text: str) -> int:
    spelt = label_fold(text)
    return sum(spelt in row for row in spelt_rows) if len(spelt) >= 4 else 1


def _is_post_code_like(text: str, start: int, printed: Printed, row_index: int) -> bool:
    row = printed.layout.rows[row_index]
    following = row.tokens[start + 1].text if start + 1 < len(row.tokens) else ""
    return text.isdigit() and len(text) in (4, 5) and following[:1].isupper() and following[1:].islower()


def _kinds(printed: Printed) -> Iterator[Candidate]:
    """The title, large and near the top, tells an invoice from a credit note."""
    ordinary = printed.layout.text_height
    for key, value in (("title_credit_note", "credit_note"), ("title_invoice", "invoice")):
        for label, _ in printed.labels_named(key):
            row = label.row
            page_height = printed.layout.page_sizes[row.page][1]
            alone = label.start == 0 and label.end == len(row.tokens)
            starts_cell = any(s.tokens[0] is label.tokens[0] for s in row.segments)
            if not starts_cell:
                continue
            score = 0.45 + 0.15 * alone + 0.2 * (label.tokens[0].height > 1.2 * ordinary)
            score += 0.1 * (row.middle < 0.45 * page_height) + 0.05 * (key == "title_credit_note")
            if row.page != printed.layout.rows[0].page:
                score *= 0.7
            yield Candidate("document_type", value, label.tokens, min(0.97, score))
    for labels in printed.labels.values():
        for label in labels:
            phrase = label_fold("".join(t.text for t in label.tokens))
            if "invoice_number" in label.keys and label.keys["invoice_number"] == STRONG:
                is_credit = phrase.startswith(
                    ("credit", "gutschrift", "avoir", "navoir", "numeroavoir", "numerodavoir")
                )
                value = "credit_note" if is_credit else "invoice"
                yield Candidate("document_type", value, label.tokens, 0.72 if is_credit else 0.5)
