"""The account to pay to (BT-84): it is the seller's too, unless it says otherwise."""

from __future__ import annotations

from pipeline.extract.candidates import Candidate, Document, FieldGroup, Found


def _find(document: Document) -> Found:
    printed = document.printed
    candidates: list[Candidate] = []
    for row_index, matches in sorted(printed.ibans.items()):
        named = any("iban" in label.keys for label in printed.labels.get(row_index, ()))
        for match in matches:
            score = 0.96 if match.value.is_valid else (0.55 if named else 0.3)
            if any(t in document.parties.buyer_zone for t in match.tokens):
                score *= 0.4
            score *= 0.995 ** len(candidates)
            for key in ("payment_iban", "seller.iban"):
                candidates.append(Candidate(key, match.value.value, match.tokens, score, named))
    return Found(candidates)


FIELD = FieldGroup(name="bank_account", keys=("payment_iban", "seller.iban"), find=_find)
