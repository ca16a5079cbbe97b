"""What a person typed or clicked, as the value the books want (ux.md §7). Pure; the day is handed in."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from functools import reduce

from core.errors import refuse
from core.master.identifiers import compact, is_iban
from pipeline.extract.dates import parse_date
from pipeline.extract.values import decimal_mark, parse_amount, plain

DATES = frozenset({"issue_date", "due_date", "delivery_date", "posting_date"})
AMOUNTS = frozenset(
    {"total_net", "total_vat", "total_gross", "paid_amount", "amount_due", "total_allowance", "total_charge"}
)
LINE_NUMBERS = frozenset({"quantity", "unit_price", "net_amount", "vat_rate", "discount_percent"})
VAT_NUMBERS = frozenset({"rate", "net", "vat"})
MARKS = {"nl": ",", "en": "."}

_DIGITS_DATE = re.compile(r"(\d{1,2})(?:(\d{2})(\d{2}|\d{4})?)?$")
_SHORT_DATE = re.compile(r"(\d{1,2})[-./ ](\d{1,2})(?:[-./ ](\d{2}|\d{4}))?$")
_FROM_TODAY = re.compile(r"([+-])(\d{1,4})$")
_TODAY_WORDS = frozenset({"t", "today", "vandaag", "v", "heute", "h"})


def parse_typed(key: str, text: str, language: str, today: date, *, document_mark: str | None = None) -> str:
    """The value of field `key` that `text` means; empty text is an empty value.

    `document_mark` is the decimal mark of the document's own numbers, for text clicked on the page. Raises
    INC_VALUE_NOT_UNDERSTOOD with the text.
    """
    typed = text.strip()
    if not typed:
        return ""
    column = key.rsplit(".", 1)[-1]
    if key in DATES:
        return _date(key, typed, today).isoformat()
    if _is_number(key, column):
        return _number(key, typed, document_mark or MARKS.get(language, "."))
    if key in ("payment_iban", "seller.iban"):
        if not is_iban(typed):
            raise refuse("iban_invalid", field=key, value=typed)
        return compact(typed)
    if key in ("seller.vat_id", "buyer.vat_id", "seller.country_code"):
        return compact(typed)
    if key == "currency_code":
        return _currency(key, typed)
    if key == "document_type":
        if typed not in ("invoice", "credit_note"):
            raise _not_understood(key, typed)
        return typed
    return " ".join(typed.split())


def parse_day(field: str, text: str, today: date) -> date | None:
    """The day that `text` means, None for empty text. Raises INC_VALUE_NOT_UNDERSTOOD with the field."""
    return _date(field, text.strip(), today) if text.strip() else None


def parse_number(field: str, text: str, language: str) -> Decimal | None:
    """The number or product that `text` means, None for empty text. Raises INC_VALUE_NOT_UNDERSTOOD."""
    typed = text.strip().replace("\u2212", "-")
    return Decimal(_number(field, typed, MARKS.get(language, "."))) if typed else None


def mark_of(printed: list[str]) -> str | None:
    """The decimal mark that these printed numbers share."""
    return decimal_mark(printed)


def _is_number(key: str, column: str) -> bool:
    if key in AMOUNTS:
        return True
    if key.startswith("vat_breakdown."):
        return column in VAT_NUMBERS
    return key.startswith(("lines.", "added.")) and column in LINE_NUMBERS


def _number(key: str, text: str, mark: str) -> str:
    """One number, or a product such as 3*23,60."""
    factors = [parse_amount(part.replace("%", "").strip(), mark) for part in re.split(r"[*x×]", text)]
    known = [factor for factor in factors if factor is not None]
    if len(known) != len(factors):
        raise _not_understood(key, text)
    return plain(reduce(lambda a, b: a * b, known, Decimal(1)))


def _date(key: str, text: str, today: date) -> date:
    folded = text.casefold()
    if folded in _TODAY_WORDS:
        return today
    moved = _FROM_TODAY.match(folded)
    if moved:
        days = timedelta(days=int(moved[2]))
        return today + days if moved[1] == "+" else today - days
    found = _DIGITS_DATE.match(folded) or _SHORT_DATE.match(folded)
    parsed = _day(found[1], found[2], found[3], today) if found else parse_date(text)
    if parsed is None:
        raise _not_understood(key, text)
    return parsed


def _day(day: str, month: str | None, year: str | None, today: date) -> date | None:
    """What is left out is that of today; two digits of a year are of this century."""
    try:
        return date(
            (int(year) + 2000 if len(year) == 2 else int(year)) if year else today.year,
            int(month) if month else today.month,
            int(day),
        )
    except ValueError:
        return None


def _currency(key: str, text: str) -> str:
    signs = {"€": "EUR", "$": "USD", "£": "GBP"}
    code = signs.get(text, text.upper())
    if not re.fullmatch(r"[A-Z]{3}", code):
        raise _not_understood(key, text)
    return code


def _not_understood(key: str, text: str) -> Exception:
    return refuse("INC_VALUE_NOT_UNDERSTOOD", field=key, typed=text)
