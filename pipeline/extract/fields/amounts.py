"""Totals (BT-106 to BT-115) and the currency (BT-5)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import combinations

from pipeline.extract.candidates import MAX_CANDIDATES, Candidate, Document, FieldGroup, Found
from pipeline.extract.labels import STRONG, Label
from pipeline.extract.layout import Token
from pipeline.extract.nearby import Near, near_label
from pipeline.extract.printed import Money
from pipeline.extract.values import parse_currency, plain

_KEYS = (
    *("total_net", "total_vat", "total_gross", "amount_due", "paid_amount"),
    *("total_allowance", "total_charge"),
)
_RIVALS = frozenset(_KEYS)


def _find(document: Document) -> Found:
    candidates: list[Candidate] = []
    for key in _KEYS:
        found = sorted(_labelled(document, key), key=lambda c: -c.score)
        candidates.extend(found[:MAX_CANDIDATES])
    candidates.extend(_rows_that_add_up(document))
    candidates.extend(_currencies(document))
    return Found(candidates=candidates)


FIELD = FieldGroup(name="amounts", keys=(*_KEYS, "currency_code"), find=_find)


def _labelled(document: Document, key: str) -> Iterator[Candidate]:
    printed, table = document.printed, document.table
    rows = len(printed.layout.rows)

    def is_rival(label: Label) -> bool:
        return bool(_RIVALS & label.keys.keys())

    for label, strength in printed.labels_named(key):
        if label.row.index in table.header_rows:
            continue
        in_table = label.row.index in table.row_indexes
        found = list(near_label(printed, label, printed.amounts, rival=is_rival))
        beside = [near for near in found if not near.is_below and near.row is label.row]
        for near in found:
            score = strength * near.nearness * _position_factor(near, beside)
            if not near.value.is_money:
                score *= 0.45
            if near.is_below and beside:
                score *= 0.6
            if near.is_below and near.row.index in table.row_indexes:
                continue
            if in_table:
                score *= 0.75 if _closes_group(label) else 0.5
            score *= 0.9 + 0.1 * near.row.index / max(1, rows)
            if not _opens_cell(label):
                score *= 0.75
            elif strength < STRONG and len(beside) == 1 and near in beside:
                score = max(score, 0.46) if near.value.is_money and not in_table else score
            yield Candidate(
                key, plain(near.value.amount, 2), near.tokens, min(0.97, score), strength == STRONG
            )


def _rows_that_add_up(document: Document) -> Iterator[Candidate]:
    """A total row that prints net, VAT and gross beside one another."""
    printed = document.printed
    for key in ("total_gross", "total_net"):
        for label, _ in printed.labels_named(key):
            row = label.row
            money = [
                m for m in printed.amounts.get(row.index, ()) if m.value.is_money and m.start >= label.end
            ]
            if row.index in document.table.header_rows or not 3 <= len(money) <= 8:
                continue
            for a, b, c in combinations(money, 3):
                net, vat, gross = a.value.amount, b.value.amount, c.value.amount
                if net + vat == gross and 0 < abs(vat) < abs(net) / 2:
                    for name, match in (("total_net", a), ("total_vat", b), ("total_gross", c)):
                        yield Candidate(name, plain(match.value.amount, 2), match.tokens, 0.55)


def _position_factor(near: Near[Money], beside: list[Near[Money]]) -> float:
    """The last amount of a row is the total; those before it are a base, a rate or a count."""
    if near.is_below or len(beside) < 2:
        return 1.0
    money = [b for b in beside if b.value.is_money and b.nearness > 0.3] or beside
    last = max(money, key=lambda b: b.left)
    # near_label prefers the nearest match: that is undone here.
    return 1.0 / max(0.4, near.nearness) if near is last else 0.8


def _closes_group(label: Label) -> bool:
    return any(key in label.keys for key in ("total_net", "total_gross"))


def _opens_cell(label: Label) -> bool:
    return any(s.tokens[0] is label.tokens[0] for s in label.row.segments)


def _currencies(document: Document) -> Iterator[Candidate]:
    """What most amounts are printed with, and what stands behind a label."""
    printed = document.printed
    counts: Counter[str] = Counter()
    faint: Counter[str] = Counter()
    first: dict[str, tuple[Token, ...]] = {}
    for row_index, matches in sorted(printed.amounts.items()):
        for match in matches:
            code = match.value.currency
            if code is None:
                continue
            counts[code] += 2 if row_index not in document.table.row_indexes else 1
            with_sign = tuple(t for t in match.tokens if parse_currency(t.text)) or match.tokens
            first.setdefault(code, with_sign)
    for row in printed.layout.rows:
        for token in row.tokens:
            bare = token.text.strip("()[],.:;/")
            could_be = (len(bare) == 3 and bare.isupper()) or bare in ("€", "$", "£")
            code = parse_currency(token.text) if could_be else None
            if code and bare:
                counts[code] += 1
                first.setdefault(code, (token,))
        for token in row.tokens if not counts else ():
            code = parse_currency(token.text) if any(sign in token.text for sign in "€$£") else None
            if code:
                first.setdefault(code, (token,))
                faint[code] += 1
    counts = counts or faint
    total = sum(counts.values())
    for code, count in counts.most_common(5):
        yield Candidate("currency_code", code, first[code], 0.95 * count / total)
    for label, _ in printed.labels_named("currency"):
        for token in label.row.tokens[label.end : label.end + 4]:
            code = parse_currency(token.text)
            if code:
                yield Candidate("currency_code", code, (token,), 0.96)
                break
