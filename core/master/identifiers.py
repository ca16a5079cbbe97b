"""Numbers that others give out: VAT numbers and IBANs, checked and folded for comparison."""

from __future__ import annotations

import re

from stdnum import iban as iban_check
from stdnum.exceptions import ValidationError

# One pattern per country, as the European Commission's VIES and the national authorities publish them.
_VAT_FORMATS = {
    "AT": r"ATU\d{8}",
    "BE": r"BE[01]\d{9}",
    "BG": r"BG\d{9,10}",
    "CH": r"CHE\d{9}(MWST|TVA|IVA)?",
    "CY": r"CY\d{8}[A-Z]",
    "CZ": r"CZ\d{8,10}",
    "DE": r"DE\d{9}",
    "DK": r"DK\d{8}",
    "EE": r"EE\d{9}",
    "EL": r"EL\d{9}",
    "ES": r"ES[A-Z0-9]\d{7}[A-Z0-9]",
    "FI": r"FI\d{8}",
    "FR": r"FR[A-Z0-9]{2}\d{9}",
    "GB": r"GB(\d{9}|\d{12}|GD\d{3}|HA\d{3})",
    "HR": r"HR\d{11}",
    "HU": r"HU\d{8}",
    "IE": r"IE(\d{7}[A-Z]{1,2}|\d[A-Z+*]\d{5}[A-Z])",
    "IT": r"IT\d{11}",
    "LT": r"LT(\d{9}|\d{12})",
    "LU": r"LU\d{8}",
    "LV": r"LV\d{11}",
    "MT": r"MT\d{8}",
    "NL": r"NL\d{9}B\d{2}",
    "NO": r"NO\d{9}(MVA)?",
    "PL": r"PL\d{10}",
    "PT": r"PT\d{9}",
    "RO": r"RO\d{2,10}",
    "SE": r"SE\d{12}",
    "SI": r"SI\d{8}",
    "SK": r"SK\d{10}",
    "XI": r"XI(\d{9}|\d{12}|GD\d{3}|HA\d{3})",
}
_VAT_SHOWN = {
    "AT": "ATU99999999",
    "BE": "BE0999999999",
    "DE": "DE999999999",
    "ES": "ESX9999999X",
    "FR": "FRXX999999999",
    "GB": "GB999999999",
    "IT": "IT99999999999",
    "LU": "LU99999999",
    "NL": "NL999999999B99",
}
_PREFIXES = {"GR": "EL"}  # Greece writes EL before its VAT numbers


def compact(value: str) -> str:
    """Upper case, letters and digits only."""
    return re.sub(r"[^A-Z0-9]", "", value.upper())


def is_vat_id(vat_id: str, country_code: str) -> bool:
    """Whether a VAT number has one of the formats of its country (PU-11).

    A country without a known format accepts anything. The country code in front may be left out.
    """
    prefix = _PREFIXES.get(country_code, country_code)
    pattern = _VAT_FORMATS.get(prefix)
    if pattern is None:
        return True
    number = compact(vat_id)
    return bool(re.fullmatch(pattern, number) or re.fullmatch(pattern, prefix + number))


def vat_id_format(country_code: str) -> str:
    """An example of the format of a country, for messages."""
    prefix = _PREFIXES.get(country_code, country_code)
    return _VAT_SHOWN.get(prefix, f"{prefix}…")


def vat_id_key(vat_id: str | None, country_code: str) -> str | None:
    """A VAT number as it is compared (ID-51): letters and digits, without the country's own code in front."""
    number = compact(vat_id or "")
    prefix = _PREFIXES.get(country_code, country_code)
    return number.removeprefix(prefix) or None


def is_iban(iban: str) -> bool:
    """Whether an account number is an IBAN: the length of its country and the mod-97 check (PU-14)."""
    try:
        iban_check.validate(compact(iban), check_country=False)
    except ValidationError:
        return False
    return True
