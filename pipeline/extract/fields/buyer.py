"""Name and VAT number of the buyer (BT-44, BT-48)."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.extract.candidates import Candidate, Document, FieldGroup, Found


def _find(document: Document) -> Found:
    names = [Candidate("buyer.name", n.text, n.tokens, n.score) for n in document.parties.buyers]
    return Found([*names, *_vat_ids(document), *_glns(document)])


FIELD = FieldGroup(name="buyer", keys=("buyer.name", "buyer.vat_id", "buyer.gln"), find=_find)


def _vat_ids(document: Document) -> Iterator[Candidate]:
    printed = document.printed
    for row_index, matches in sorted(printed.vat_ids.items()):
        labels = printed.labels.get(row_index, ())
        for match in matches:
            named = any("buyer_vat_id" in x.keys and x.right <= match.left + 2 for x in labels)
            in_zone = any(t in document.parties.buyer_zone for t in match.tokens)
            if named or in_zone:
                score = (0.95 if named else 0.88) * (1.0 if match.value.is_valid else 0.8)
                yield Candidate("buyer.vat_id", match.value.value, match.tokens, score, named)


def _glns(document: Document) -> Iterator[Candidate]:
    for label, _ in document.printed.labels_named("gln"):
        if not any(t in document.parties.buyer_zone for t in label.tokens):
            continue
        for token in label.row.tokens[label.end : label.end + 2]:
            if token.text.isdigit() and len(token.text) == 13:
                yield Candidate("buyer.gln", token.text, (token,), 0.85)
