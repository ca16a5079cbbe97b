"""Identifiers as printed: VAT numbers, bank accounts and countries, with their check digits."""

from __future__ import annotations

import re
from functools import lru_cache

from babel import Locale
from stdnum import bic as stdnum_bic
from stdnum import iban as stdnum_iban
from stdnum.ch import uid as stdnum_uid
from stdnum.eu import vat as stdnum_vat
from stdnum.gb import vat as stdnum_gb_vat

from pipeline.extract.values import LANGUAGES, folded

VAT_ID_PATTERN = re.compile(
    r"(?<![A-Za-z0-9])(?:[A-Z]{2}(?:[ .-]?[A-Z0-9*+]){7,13}"
    r"|CHE[ -]?\d{3}\.?\d{3}\.?\d{3}(?: ?(?:MWST|TVA|IVA))?)(?![A-Za-z0-9])"
)
"""Anything that may be a VAT number; `vat_id` tells whether it is one."""

IBAN_PATTERN = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}(?![A-Za-z0-9])")
BIC_PATTERN = re.compile(r"(?<![A-Za-z0-9])[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?(?![A-Za-z0-9])")

_VAT_COUNTRIES = frozenset(
    (
        *("AT", "BE", "BG", "CH", "CY", "CZ", "DE", "DK", "EE", "EL", "ES", "FI", "FR", "GB", "HR", "HU"),
        *("IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK", "XI"),
    )
)


def vat_id(text: str) -> tuple[str, bool] | None:
    """A VAT identification number in capitals without blanks, and whether its check digits are right.

    None when it has not the form of one.

    >>> vat_id("NL 0044.95.445.B01"), vat_id("DE123456789"), vat_id("Delft 12")
    (('NL004495445B01', True), ('DE123456789', False), None)
    """
    compact = re.sub(r"[ .\-]", "", text.upper())
    if re.fullmatch(r"CHE\d{9}(MWST|TVA|IVA)?", compact):
        return compact, bool(stdnum_uid.is_valid(compact[:12]))
    country = compact[:2]
    if country not in _VAT_COUNTRIES or not _VAT_SHAPES.get(country, _ANY_VAT).fullmatch(compact[2:]):
        return None
    if country in ("GB", "XI"):
        return compact, bool(stdnum_gb_vat.is_valid(compact[2:]))
    return compact, bool(stdnum_vat.is_valid(compact))


_ANY_VAT = re.compile(r"[A-Z0-9]{8,12}")
_VAT_SHAPES = {
    "AT": re.compile(r"U\d{8}"),
    "BE": re.compile(r"[01]?\d{9}"),
    "CZ": re.compile(r"\d{8,10}"),
    "DE": re.compile(r"\d{9}"),
    "DK": re.compile(r"\d{8}"),
    "EE": re.compile(r"\d{9}"),
    "EL": re.compile(r"\d{9}"),
    "ES": re.compile(r"[A-Z0-9]\d{7}[A-Z0-9]"),
    "FI": re.compile(r"\d{8}"),
    "FR": re.compile(r"[A-Z0-9]{2}\d{9}"),
    "GB": re.compile(r"\d{9}(\d{3})?"),
    "HU": re.compile(r"\d{8}"),
    "IE": re.compile(r"\d[A-Z0-9+*]\d{5}[A-Z]{1,2}"),
    "IT": re.compile(r"\d{11}"),
    "LU": re.compile(r"\d{8}"),
    "NL": re.compile(r"\d{9}B\d{2}"),
    "PL": re.compile(r"\d{10}"),
    "PT": re.compile(r"\d{9}"),
    "SE": re.compile(r"\d{12}"),
    "SI": re.compile(r"\d{8}"),
    "SK": re.compile(r"\d{10}"),
    "XI": re.compile(r"\d{9}(\d{3})?"),
}


def iban(text: str) -> tuple[str, bool] | None:
    """An account number in the form of an IBAN, without blanks, and whether its check digits are right.

    >>> iban("NL91 ABNA 0417 1643 00"), iban("NL91 ABNA 0417 1643 01"), iban("NL91 ABNA")
    (('NL91ABNA0417164300', True), ('NL91ABNA0417164301', False), None)
    """
    compact = text.replace(" ", "").upper()
    if not re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", compact) or compact[:2] not in _country_codes():
        return None
    return compact, bool(stdnum_iban.is_valid(compact, check_country=False))


def iban_at_start(text: str) -> str | None:
    """The valid IBAN a text begins with, as printed, without the words behind it.

    >>> iban_at_start("NL91 ABNA 0417 1643 00 BIC")
    'NL91 ABNA 0417 1643 00'
    """
    ends = [match.start() for match in re.finditer(" ", text[:60])] + [len(text)]
    for end in reversed(ends):
        found = iban(text[:end])
        if found and found[1]:
            return text[:end]
    return None


def bic(text: str) -> str | None:
    """A BIC in capitals, 8 or 11 characters, with a country that exists."""
    compact = text.strip().upper()
    if not BIC_PATTERN.fullmatch(compact) or compact[4:6] not in _country_codes():
        return None
    return compact if stdnum_bic.is_valid(compact) else None


@lru_cache(maxsize=1)
def _country_codes() -> frozenset[str]:
    return frozenset(str(c) for c in Locale("en").territories if len(str(c)) == 2 and str(c).isalpha())


@lru_cache(maxsize=1)
def country_names() -> dict[str, str]:
    """Folded country names in all languages, to ISO 3166 codes."""
    names: dict[str, str] = {}
    for language in LANGUAGES:
        for code, name in Locale(language).territories.items():
            if isinstance(code, str) and code in _country_codes():
                names.setdefault(folded(str(name)), code)
    return {**names, **_OTHER_COUNTRY_NAMES}


_OTHER_COUNTRY_NAMES = {
    "uk": "GB",
    "greatbritain": "GB",
    "england": "GB",
    "usa": "US",
    "unitedstatesofamerica": "US",
    "holland": "NL",
    "thenetherlands": "NL",
    "hongkong": "HK",
    "czechrepublic": "CZ",
}


def country_code(text: str) -> str | None:
    """ISO 3166 code of a country name.

    >>> country_code("Nederland"), country_code("United Kingdom"), country_code("Texel")
    ('NL', 'GB', None)
    """
    return country_names().get(folded(text))
