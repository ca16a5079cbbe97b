"""Everything on the pages that has the form of an amount, a rate, a date, a VAT number or an account.

What a value means is not decided here, only that it is one and which words print it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Generic, TypeVar

from pipeline.extract.dates import DATE_PATTERN, DateManner, date_manner, parse_date
from pipeline.extract.identifiers import iban, iban_at_start, vat_id
from pipeline.extract.labels import Label, find_labels
from pipeline.extract.layout import Layout, Row, Token
from pipeline.extract.values import decimal_mark, parse_amount, parse_currency, parse_rate

T = TypeVar("T")

_MAX_VALUE_GAP = 2.5
_MAX_AMOUNT_TOKENS = 6


@dataclass(frozen=True, slots=True, eq=False)
class Match(Generic[T]):
    """A value printed by tokens `start` to `end` (not included) of a row."""

    value: T
    row: Row
    start: int
    end: int
    rest: tuple[Token, ...] = ()

    @property
    def tokens(self) -> tuple[Token, ...]:
        """The words that print the value; `rest` is what stands on the next line."""
        return self.row.tokens[self.start : self.end] + self.rest

    @property
    def left(self) -> float:
        """Left edge, in points."""
        return self.row.tokens[self.start].left

    @property
    def right(self) -> float:
        """Right edge, in points."""
        return self.row.tokens[self.end - 1].right


@dataclass(frozen=True, slots=True)
class Money:
    """An amount as printed; `is_money` when decimals or a currency show that it is one and not a count."""

    amount: Decimal
    is_money: bool
    currency: str | None


@dataclass(frozen=True, slots=True)
class Identifier:
    """A VAT number or account in its normal form, and whether its check digits are right."""

    value: str
    is_valid: bool


@dataclass(frozen=True, slots=True, eq=False)
class Printed:
    """One document with all its typed values, each list by row index."""

    layout: Layout
    labels: dict[int, list[Label]]
    amounts: dict[int, list[Match[Money]]]
    rates: dict[int, list[Match[Decimal]]]
    dates: dict[int, list[Match[date]]]
    vat_ids: dict[int, list[Match[Identifier]]]
    ibans: dict[int, list[Match[Identifier]]]
    decimal_mark: str | None

    def labels_named(self, key: str) -> Iterator[tuple[Label, float]]:
        """Labels that may name the key, in reading order, with their strength."""
        for labels in self.labels.values():
            for label in labels:
                if key in label.keys:
                    yield label, label.keys[key]


def find_printed(layout: Layout) -> Printed:
    """Find every typed value of the document; the document's own manner of numbers and dates decides."""
    texts = [token.text for row in layout.rows for token in row.tokens]
    mark = decimal_mark(_number_like(texts))
    manner = date_manner(
        (found for row in layout.rows for found in DATE_PATTERN.findall(row.text[:2000])),
        american=_is_american(texts),
    )
    ibans = {row.index: found for row in layout.rows if (found := _ibans(layout, row))}
    vat_ids = {row.index: found_ids for row in layout.rows if (found_ids := _vat_ids(row))}
    dates = {row.index: found_dates for row in layout.rows if (found_dates := _dates(row, manner))}
    amounts: dict[int, list[Match[Money]]] = {}
    rates: dict[int, list[Match[Decimal]]] = {}
    for row in layout.rows:
        taken: set[int] = set()
        for match in (*ibans.get(row.index, ()), *vat_ids.get(row.index, ()), *dates.get(row.index, ())):
            taken.update(range(match.start, match.end))
        found_rates = _rates(row, mark, taken)
        for rate in found_rates:
            taken.update(range(rate.start, rate.end))
        if found_rates:
            rates[row.index] = found_rates
        if found_amounts := _amounts(row, mark, taken):
            amounts[row.index] = found_amounts
    return Printed(layout, find_labels(layout), amounts, rates, dates, vat_ids, ibans, mark)


def _number_like(texts: Sequence[str]) -> Iterator[str]:
    for text in texts:
        bare = text.strip("€$£()-+*;: ")
        if re.fullmatch(r"\d{1,3}(?:[.,'’]?\d{3})*[.,]\d{1,2}|\d{1,3}(?:[.,]\d{3})+[.,]\d{2}", bare):
            yield bare


def _is_american(texts: Sequence[str]) -> bool:
    """Whether dates without a tell-tale day are month first: dollars, and no sign of another country."""
    joined = " ".join(texts[:3000])
    elsewhere = re.search(r"€|£|EUR|CAD|AUD|NZD|\bVAT\b|\bGST\b", joined)
    return ("$" in joined or "USD" in joined) and not elsewhere


def _spans(row: Row) -> tuple[str, list[int]]:
    """The row's text, and at which character each token starts."""
    starts: list[int] = []
    position = 0
    for token in row.tokens:
        starts.append(position)
        position += len(token.text) + 1
    return row.text, starts


def _covered(row: Row, starts: Sequence[int], begin: int, end: int) -> tuple[int, int] | None:
    """Tokens that print characters `begin` to `end`; None when they stand too far apart to be one value."""
    first = max(i for i, start in enumerate(starts) if start <= begin)
    last = max(i for i, start in enumerate(starts) if start < end)
    for index in range(first, last):
        gap = row.tokens[index + 1].left - row.tokens[index].right
        if gap > _MAX_VALUE_GAP * max(4.0, row.tokens[index].height):
            return None
    return first, last + 1


def _dates(row: Row, manner: DateManner) -> list[Match[date]]:
    if len(row.tokens) > 400:
        return []
    text, starts = _spans(row)
    found: list[Match[date]] = []
    for match in DATE_PATTERN.finditer(text):
        value = parse_date(match[0], manner)
        covered = _covered(row, starts, match.start(), match.end()) if value else None
        if value and covered:
            found.append(Match(value, row, *covered))
    return found


def _vat_ids(row: Row) -> list[Match[Identifier]]:
    if len(row.tokens) > 400:
        return []
    text, starts = _spans(row)
    found: list[Match[Identifier]] = []
    taken_to = 0
    for match in re.finditer(r"(?<![A-Za-z0-9])[A-Z]{2,3}(?=[ .-]?[A-Z0-9])", text):
        if match.start() < taken_to:
            continue
        best: tuple[Identifier, int] | None = None
        for end in range(match.start() + 8, min(len(text), match.start() + 24) + 1):
            if not text[end - 1].isalnum() or (end < len(text) and text[end].isalnum()):
                continue
            read = vat_id(text[match.start() : end])
            if read and (best is None or read[1] or not best[0].is_valid):
                best = (Identifier(*read), end)
        if best and any(c.isdigit() for c in best[0].value):
            covered = _covered(row, starts, match.start(), best[1])
            if covered:
                found.append(Match(best[0], row, *covered))
                taken_to = best[1]
    return found


_IBAN_START = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?=[ ]?[A-Z0-9])")


_IBAN_SHAPE = re.compile(r"[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![A-Za-z0-9])")


def _ibans(layout: Layout, row: Row) -> list[Match[Identifier]]:
    if len(row.tokens) > 400:
        return []
    text, starts = _spans(row)
    text = text.upper() if layout.is_ocr else text
    found: list[Match[Identifier]] = []
    for match in (_MISREAD_IBAN_START if layout.is_ocr else _IBAN_START).finditer(text):
        rest = re.match(r"[A-Z0-9 ]{4,44}", text[match.start() :])
        if not rest:
            continue
        run = rest[0].strip()
        printed = iban_at_start(run)
        if printed is None and match.start() + len(rest[0]) >= len(text.rstrip()):
            wrapped = _wrapped_iban(layout, row, match.start(), starts, run)
            if wrapped:
                found.append(wrapped)
                continue
        read: tuple[str, bool] | None
        if printed is None and layout.is_ocr:
            printed, read = _repaired_iban(run)
        else:
            if printed is None:
                whole = _IBAN_SHAPE.match(run)
                printed = whole[0] if whole else None
            read = iban(printed) if printed else None
        covered = _covered(row, starts, match.start(), match.start() + len(printed)) if printed else None
        if read and covered and (read[1] or sum(c.isdigit() for c in read[0]) >= 10):
            found.append(Match(Identifier(*read), row, *covered))
    return found


def _wrapped_iban(
    layout: Layout, row: Row, begin: int, starts: Sequence[int], run: str
) -> Match[Identifier] | None:
    """An account number that a line break cuts: its last groups begin the next line."""
    below = layout.rows[row.index + 1] if row.index + 1 < len(layout.rows) else None
    covered = _covered(row, starts, begin, begin + len(run))
    if below is None or below.page != row.page or covered is None:
        return None
    if below.top - row.bottom > 1.2 * max(4.0, row.bottom - row.top):
        return None
    for segment in below.segments[:6]:
        rest: list[Token] = []
        for token in segment.tokens[:6]:
            rest.append(token)
            joined = f"{run} {' '.join(t.text.rstrip('.,;') for t in rest)}"
            read = iban(joined)
            if read and read[1]:
                return Match(Identifier(*read), row, *covered, tuple(rest))
    return None


_MISREAD_IBAN_START = re.compile(r"(?<![A-Z0-9])[A-Z]{2}[\dOIlSB]{2}(?=[ ]?[A-Z0-9])")
_MISREAD = str.maketrans("OISBZ", "01582")


def _repaired_iban(run: str) -> tuple[str | None, tuple[str, bool] | None]:
    """The account number with misread letters put right, where the check digits then hold."""
    ends = [match.start() for match in re.finditer(" ", run)] + [len(run)]
    for end in reversed(ends):
        compact = run[:end].replace(" ", "")
        if not 15 <= len(compact) <= 34:
            continue
        bank = compact[4:8] if compact[:2] in ("NL", "GB", "IE") else ""
        head = compact[:2] + compact[2:4].translate(_MISREAD) + bank
        read = iban(head + compact[len(head) :].translate(_MISREAD))
        if read and read[1]:
            return run[:end], read
    whole = _IBAN_SHAPE.match(run)
    return (whole[0], iban(whole[0])) if whole else (None, None)


def _rates(row: Row, mark: str | None, taken: set[int]) -> list[Match[Decimal]]:
    found: list[Match[Decimal]] = []
    for index, token in enumerate(row.tokens):
        if index in taken or not any(c.isdigit() for c in token.text):
            continue
        text = token.text.strip("()[];:,*")
        if "%" in text:
            rate = parse_rate(text.rstrip(".,"), mark)
            if rate is not None:
                found.append(Match(rate, row, index, index + 1))
        elif index + 1 < len(row.tokens) and row.tokens[index + 1].text.strip("();:,.") == "%":
            near = row.tokens[index + 1].left - token.right < 1.2 * max(4.0, token.height)
            rate = parse_rate(text, mark) if near else None
            if rate is not None:
                found.append(Match(rate, row, index, index + 2))
    return found


def _amounts(row: Row, mark: str | None, taken: set[int]) -> list[Match[Money]]:
    found: list[Match[Money]] = []
    tokens = row.tokens
    index = 0
    while index < len(tokens):
        match = None if index in taken else _amount_at(row, index, mark, taken)
        if match:
            found.append(match)
            index = match.end
        else:
            index += 1
    return found


_SIGN = r"[-+−–]"
_CURRENCY = r"(?:[€$£₹¥]|[A-Z]{1,2}\$|[A-Z]{3}|Rs\.?|Fr\.?)"
_AMOUNT_START = re.compile(rf"{_SIGN}?{_CURRENCY}?{_SIGN}?[.,]?\d|{_SIGN}$|{_CURRENCY}$|{_SIGN}?{_CURRENCY}$")


def _amount_at(row: Row, start: int, mark: str | None, taken: set[int]) -> Match[Money] | None:
    """The longest amount that begins at this token: sign and currency may be tokens of their own."""
    tokens = row.tokens
    if not _AMOUNT_START.match(tokens[start].text.lstrip("([*")):
        return None
    best: Match[Money] | None = None
    joined = ""
    for end in range(start, min(len(tokens), start + _MAX_AMOUNT_TOKENS)):
        if end in taken:
            break
        token = tokens[end]
        if end > start:
            gap = (token.left - tokens[end - 1].right) / max(4.0, token.height)
            both_digits = tokens[end - 1].text[-1:].isdigit() and token.text[:1].isdigit()
            # A thousands blank is narrow; a currency sign may stand at the edge of the cell.
            if gap > (0.55 if both_digits else 2.0):
                break
            if not re.fullmatch(r"[-+−–.,\d'’€$£₹¥()A-Za-z*;:]{1,18}", token.text):
                break
        joined += (" " if joined else "") + token.text
        bare = joined.strip("*;:").removesuffix(".").rstrip(",")
        if bare.startswith("[") or not any(c.isdigit() for c in bare):
            continue
        amount = parse_amount(bare, mark)
        if amount is None and bare.startswith("(") and not bare.endswith(")"):
            amount = parse_amount(bare[1:], mark)
        if amount is None and bare.endswith(")") and not bare.startswith("("):
            amount = parse_amount(bare[:-1], mark)
        if amount is not None:
            currency = parse_currency(bare)
            has_decimals = bool(re.search(r"\d[.,]\d{2}(?!\d)", bare))
            best = Match(Money(amount, has_decimals or currency is not None, currency), row, start, end + 1)
    return best
