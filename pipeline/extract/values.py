"""Amounts, rates and currencies as printed, turned into typed values.

Every function takes a short text and gives a value or None; none of them raises on any text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal

LANGUAGES = ("nl", "de", "fr", "en", "es", "it")
"""Languages whose labels, month names and country names are known."""

_CURRENCY_CODES = (
    *("EUR", "USD", "GBP", "CHF", "DKK", "SEK", "NOK", "PLN", "CZK", "HUF", "RON", "BGN", "CAD", "AUD"),
    *("NZD", "JPY", "CNY", "INR", "HKD", "SGD", "MYR", "ZAR", "TRY", "BRL", "MXN", "ILS", "AED", "UAH"),
    *("ISK", "KRW", "THB", "IDR", "PHP", "SAR", "EGP", "MAD"),
)
_CODE = "|".join(_CURRENCY_CODES)
_CURRENCY_SIGNS = {
    "€": "EUR",
    "$": "USD",
    "£": "GBP",
    "₹": "INR",
    "¥": "JPY",
    "₺": "TRY",
    "₽": "RUB",
    "zł": "PLN",
}
_CURRENCY_WORDS = {
    "euro": "EUR", "euros": "EUR", "usdollars": "USD", "usdollar": "USD", "dollar": "USD", "dollars": "USD",
    "us$": "USD", "rs": "INR", "fr": "CHF", "sfr": "CHF", "kc": "CZK", "rm": "MYR", "c$": "CAD", "a$": "AUD",
    "au$": "AUD", "ca$": "CAD", "hk$": "HKD", "nz$": "NZD", "s$": "SGD",
}  # fmt: skip

DASHES = str.maketrans(
    {"−": "-", "–": "-", "—": "-", "‐": "-", "‑": "-", "’": "'", "‘": "'", "´": "'", "`": "'"}
)
BLANKS = dict.fromkeys(map(ord, "\u00a0\u2007\u2009\u202f"), " ")

_GROUPED = r"\d{1,3}(?:[.,' ]\d{3}){1,5}"
_NUMBER = rf"(?:{_GROUPED}(?:[.,]\d{{1,4}})?|\d{{1,12}}(?:[.,]\d{{1,6}})?|[.,]\d{{1,4}})"
AMOUNT_PATTERN = rf"(?:[-+(] ?)?{_NUMBER}(?: ?-|\))?(?:,--?|,-)?"
"""A number as printed, with sign; currency signs are taken off before."""

_AMOUNT = re.compile(rf"(?P<before>[-+(] ?)?(?P<number>{_NUMBER})(?P<after> ?-|\))?")


def folded(text: str) -> str:
    """Letters and digits only, lower case, without accents: how labels are compared.

    >>> folded("N° de Facture :"), folded("BTW-nummer")
    ('ndefacture', 'btwnummer')
    """
    if text.isascii():
        return "".join(c for c in text.lower() if c.isalnum())
    plain = unicodedata.normalize("NFKD", text.replace("°", "").replace("º", "").replace("ß", "ss"))
    return "".join(c for c in plain.casefold() if c.isalnum())


# --- amounts ----------------------------------------------------------------------------------------------


def decimal_mark(numbers: Iterable[str]) -> str | None:
    """The decimal mark these printed numbers share: "," or "."; None when they do not tell.

    A mark with one or two digits behind it at the end of a number votes; the last of two kinds votes too.
    """
    votes = {",": 0, ".": 0}
    for number in numbers:
        marks = [c for c in number if c in ",."]
        if not marks:
            continue
        decimals = len(number) - 1 - number.rfind(marks[-1])
        if len(set(marks)) == 2 or (decimals == 2 and len(marks) == 1):
            votes[marks[-1]] += 2
        elif decimals == 1:
            votes[marks[-1]] += 1
    if votes[","] == votes["."]:
        return None
    return max(votes, key=lambda mark: votes[mark])


def parse_amount(text: str, mark: str | None = None) -> Decimal | None:
    """The number in a text that is nothing but one number, a sign and a currency.

    `mark` is the document's decimal mark; it decides where the text alone does not ("1.000"), and without
    it three digits behind one mark are thousands. A sign in front, behind, or brackets make it negative.

    >>> parse_amount("€ 1.234,50-"), parse_amount("CHF 3’217.81"), parse_amount("(12.00)"), parse_amount("x")
    (Decimal('-1234.50'), Decimal('3217.81'), Decimal('-12.00'), None)
    """
    bare = _without_currency(text.translate(DASHES).translate(BLANKS)).strip()
    bare = re.sub(r"[.,]-{1,2}$", "", bare)
    if len(bare) > 30:
        return None
    found = _AMOUNT.fullmatch(bare)
    if not found:
        return None
    number = _plain_number(found["number"], mark)
    before, after = (found["before"] or "").strip(), (found["after"] or "").strip()
    if (before == "(") != (after == ")"):
        return None
    negative = before in ("-", "(") or after == "-"
    return -number if negative else number


def plain(value: Decimal, decimals: int = 0) -> str:
    """The value as the books want it: a point, no exponent, no needless zeros beyond `decimals`.

    >>> plain(Decimal("1E+2")), plain(Decimal("4.500"), 2), plain(Decimal("0.0250"), 2)
    ('100', '4.50', '0.025')
    """
    text = f"{value:f}"
    whole, _, fraction = text.partition(".")
    fraction = fraction.rstrip("0").ljust(decimals, "0")
    return f"{whole}.{fraction}" if fraction else whole


def _plain_number(text: str, mark: str | None) -> Decimal:
    text = text.replace(" ", "").replace("'", "")
    last = max(text.rfind(","), text.rfind("."))
    if last < 0:
        return Decimal(text)
    kinds = {c for c in text if c in ",."}
    decimals = len(text) - 1 - last
    if len(kinds) == 2:
        is_decimal = text.count(text[last]) == 1
    elif text.count(text[last]) > 1:
        is_decimal = False
    elif decimals == 3 and text[:last].lstrip("0"):
        is_decimal = mark == text[last]
    else:
        is_decimal = True
    whole, fraction = (text[:last], text[last + 1 :]) if is_decimal else (text, "")
    digits = "".join(c for c in whole if c.isdigit()) or "0"
    return Decimal(f"{digits}.{fraction}" if fraction else digits)


_CODES = re.compile(rf"(?:\b|(?<=\d))(?:{_CODE})\b", re.IGNORECASE)
_SIGNS = re.compile(r"(?:US|AU|CA|HK|NZ|[ACS])?\$|[€£₹¥₺₽]|zł|\bRs\.?(?= ?-?\d)|\bFr\.(?= ?-?\d)|(?<=\d) ?e$")


def _without_currency(text: str) -> str:
    return _CODES.sub("", _SIGNS.sub("", text))


def parse_currency(text: str) -> str | None:
    """ISO 4217 code of a currency sign, code or word in the text.

    >>> parse_currency("€ 12,00"), parse_currency("(USD)"), parse_currency("Euro"), parse_currency("12")
    ('EUR', 'USD', 'EUR', None)
    """
    code = re.search(rf"(?<![A-Za-z])({_CODE})(?![A-Za-z])", text)
    if code:
        return code[1]
    word = text.strip(" .,:;()[]*").lower()
    if word in _CURRENCY_WORDS:
        return _CURRENCY_WORDS[word]
    for sign, currency in _CURRENCY_SIGNS.items():
        if sign in text:
            prefixed = re.search(r"(US|AU|CA|HK|NZ|[ACS])\$", text)
            return _CURRENCY_WORDS.get(prefixed[0].lower(), currency) if prefixed else currency
    return None


def parse_rate(text: str, mark: str | None = None) -> Decimal | None:
    """A VAT rate in percent, 0 to 30, with or without the percent sign.

    >>> parse_rate("19 %"), parse_rate("5,5%"), parse_rate("140%")
    (Decimal('19'), Decimal('5.5'), None)
    """
    value = parse_amount(text.replace("%", "").strip(" ()"), mark)
    if value is None or not 0 <= value <= 30:
        return None
    return value
