"""The buyer's order number (BT-13) and the reference to give with the payment (BT-83)."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.extract.candidates import Candidate, Document, FieldGroup, Found
from pipeline.extract.labels import STRONG, Label
from pipeline.extract.nearby import numbers_near

_NUMBER_KEYS = frozenset(
    {"invoice_number", "order_reference", "other_number", "preceding_invoice", "payment_reference", "vat_id"}
    | {"tax_number", "legal_id", "buyer_vat_id", "phone", "fax", "iban", "bic", "gln"}
    | {"issue_date", "due_date", "delivery_date", "other_date"}
)


def _find(document: Document) -> Found:
    return Found([c for key in ("order_reference", "payment_reference") for c in _numbers(document, key)])


FIELD = FieldGroup(name="order_reference", keys=("order_reference", "payment_reference"), find=_find)


def _numbers(document: Document, key: str) -> Iterator[Candidate]:
    printed = document.printed

    def is_rival(label: Label) -> bool:
        strong = {k for k, s in label.keys.items() if k in _NUMBER_KEYS and s == STRONG}
        return bool(strong) and key not in strong

    for label, strength in printed.labels_named(key):
        if label.row.index in document.table.row_indexes:
            continue
        for near in numbers_near(printed, label, is_rival):
            if key == "payment_reference" and len(near.value) < 4:
                continue
            score = (0.92 if strength == STRONG else 0.4) * near.nearness
            yield Candidate(key, near.value, near.tokens, score, strength == STRONG)
