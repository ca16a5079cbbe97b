"""VAT per rate (BG-23): rows outside the line table that print a rate and what it comes to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from pipeline.extract.candidates import Candidate, Document, FieldGroup, Found, RowCandidate
from pipeline.extract.layout import Row, Token
from pipeline.extract.printed import Match, Money, Printed
from pipeline.extract.values import parse_rate, plain

_MAX_ROWS = 12
_VAT_KEYS = frozenset({"total_vat", "column_vat_rate", "column_vat_amount"})


def _find(document: Document) -> Found:
    found: dict[tuple[str, str | None], RowCandidate] = {}
    for subtotal in _subtotals(document):
        rate = subtotal.cells["rate"].value
        vat = subtotal.cells.get("vat")
        key = (rate, vat.value if vat else None)
        known = found.get(key)
        if known is None or len(known.cells) < len(subtotal.cells):
            found[key] = subtotal
    by_rate: dict[str, RowCandidate] = {}
    for (rate, _), subtotal in found.items():
        known = by_rate.get(rate)
        if known is None or _weight(subtotal) > _weight(known):
            by_rate[rate] = subtotal
    return Found(vat_breakdown=list(by_rate.values())[:_MAX_ROWS])


FIELD = FieldGroup(name="vat_breakdown", keys=(), find=_find)


def _weight(subtotal: RowCandidate) -> float:
    return sum(cell.score for cell in subtotal.cells.values())


def _subtotals(document: Document) -> Iterator[RowCandidate]:
    printed = document.printed
    body = {b.row.index for b in document.table.body} if document.table.columns else set()
    for row in printed.layout.rows:
        amounts = [m for m in printed.amounts.get(row.index, ()) if m.value.is_money]
        if not amounts or row.index in document.table.header_rows:
            continue
        keys = {k for label in printed.labels.get(row.index, ()) for k in label.keys}
        named = bool(keys & _VAT_KEYS) or "vat" in row.text.lower()
        if row.index in body and not named:
            continue
        subtotal = _with_rate(printed, row, amounts, named)
        if subtotal:
            yield subtotal


def _with_rate(
    printed: Printed, row: Row, amounts: Sequence[Match[Money]], named: bool
) -> RowCandidate | None:
    rates: list[tuple[Decimal, tuple[Token, ...]]] = [
        (m.value, m.tokens) for m in printed.rates.get(row.index, ())
    ]
    if not rates and len(amounts) >= 2:
        # Below a heading "VAT %" the rate stands without its sign.
        rates = [
            (rate, m.tokens)
            for m in printed.amounts.get(row.index, ())
            if not m.value.currency
            and (rate := parse_rate(m.tokens[0].text, printed.decimal_mark)) is not None
        ]
    for rate, tokens in rates:
        others = [m for m in amounts if not any(t is tokens[0] for t in m.tokens)]
        pair = _base_and_vat(rate, others)
        if pair and (named or printed.rates.get(row.index) or len(others) >= 2):
            net, vat = pair
            return _row(rate, tokens, net, vat, 0.95 if named else 0.85)
    if named and len(rates) == 1 and rates[0][0] > 0:
        rate, tokens = rates[0]
        others = [m for m in amounts if not any(t is tokens[0] for t in m.tokens)]
        if others and len(others) <= 2 and "%" in "".join(t.text for t in tokens):
            return _row(rate, tokens, None, others[-1], 0.7)
    return None


def _base_and_vat(rate: Decimal, amounts: Sequence[Match[Money]]) -> tuple[Match[Money], Match[Money]] | None:
    """Two amounts of the row of which the second is the rate of the first, to the cent (BR-CO-17)."""
    limited = list(amounts)[:8]
    best: tuple[Decimal, Match[Money], Match[Money]] | None = None
    for net in limited:
        for vat in limited:
            if net is vat or not net.value.amount:
                continue
            off = abs(net.value.amount * rate / 100 - vat.value.amount)
            if off <= Decimal("0.03") and (rate or not vat.value.amount) and (best is None or off < best[0]):
                best = (off, net, vat)
    return (best[1], best[2]) if best else None


def _row(
    rate: Decimal, tokens: tuple[Token, ...], net: Match[Money] | None, vat: Match[Money], score: float
) -> RowCandidate:
    cells = {
        "rate": Candidate("rate", plain(rate), tokens, score),
        "vat": Candidate("vat", plain(vat.value.amount, 2), vat.tokens, score),
    }
    if net is not None:
        cells["net"] = Candidate("net", plain(net.value.amount, 2), net.tokens, score)
    return RowCandidate(cells)
