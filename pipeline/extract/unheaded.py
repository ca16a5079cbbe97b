"""Invoice lines without a heading: rows whose numbers multiply to their last amount.

Used where no heading names the columns, or OCR could not read it, as with white letters on a dark bar.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from pipeline.extract.candidates import Candidate, RowCandidate
from pipeline.extract.layout import Row, Token
from pipeline.extract.printed import Match, Money, Printed
from pipeline.extract.values import plain

_MAX_ROWS = 600
_MAX_NUMBERS = 6
_TOLERANCE = Decimal("0.011")
_TOTALS = frozenset({"total_net", "total_vat", "total_gross", "amount_due", "paid_amount"})


def unheaded_lines(printed: Printed) -> Iterator[RowCandidate]:
    """Every row above the totals that has a text, a count and a price that give its amount."""
    for row in printed.layout.rows[:_MAX_ROWS]:
        labels = printed.labels.get(row.index, ())
        amounts = printed.amounts.get(row.index, ())
        if any(_TOTALS & label.keys.keys() for label in labels) or not 3 <= len(amounts) <= 12:
            continue
        line = _line(printed, row, amounts)
        if line:
            yield line


def _line(printed: Printed, row: Row, amounts: Sequence[Match[Money]]) -> RowCandidate | None:
    money = [match for match in amounts if match.value.is_money]
    if len(money) < 2:
        return None
    net = money[-1]
    numbers = [match for match in amounts if match.start < net.start][-_MAX_NUMBERS:]
    found = _factors(numbers, net.value.amount)
    if found is None:
        return None
    quantity, price = found
    texts = [t for t in row.tokens[: min(quantity.start, price.start)] if t.text.strip("|_-—")]
    if not any(sum(c.isalpha() for c in t.text) >= 3 for t in texts):
        return None
    item, described = _named(texts)
    cells = {
        "net_amount": _cell("net_amount", plain(net.value.amount, 2), net.tokens, 0.85),
        "quantity": _cell("quantity", plain(quantity.value.amount), quantity.tokens, 0.85),
        "unit_price": _cell("unit_price", plain(price.value.amount, 2), price.tokens, 0.85),
        "description": _cell("description", " ".join(t.text for t in described), tuple(described), 0.7),
    }
    if item:
        cells["item_id"] = _cell("item_id", item.text, (item,), 0.6)
    rates = [rate for rate in printed.rates.get(row.index, ()) if rate.start >= len(texts)]
    if len(rates) == 1:
        cells["vat_rate"] = _cell("vat_rate", plain(rates[0].value), rates[0].tokens, 0.7)
    return RowCandidate(cells)


def _factors(numbers: Sequence[Match[Money]], net: Decimal) -> tuple[Match[Money], Match[Money]] | None:
    """The count and the price among the numbers; a price has decimals or a currency, a count need not."""
    for price in reversed(numbers):
        if not price.value.is_money or not price.value.amount:
            continue
        for quantity in reversed(numbers):
            if quantity is price or not quantity.value.amount or quantity.value.currency:
                continue
            if abs(quantity.value.amount * price.value.amount - net) <= _TOLERANCE:
                return quantity, price
    return None


def _named(texts: Sequence[Token]) -> tuple[Token | None, Sequence[Token]]:
    """A code in front of the description, and the description."""
    first = texts[0].text
    rest = list(texts[1:])
    if rest and first.isdigit() and len(first) <= 3:  # the number of the line
        return _named(rest)
    is_code = any(c.isdigit() for c in first) and len(first) >= 4
    if is_code and any(c.isalpha() for t in rest for c in t.text):
        return texts[0], rest
    return None, texts


def _cell(key: str, value: str, tokens: tuple[Token, ...], score: float) -> Candidate:
    return Candidate(key, value, tokens, score)
