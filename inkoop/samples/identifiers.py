"""Invented numbers with right check digits: VAT ids, trade register numbers, IBANs, payment references."""

from __future__ import annotations

from random import Random

from schwifty import IBAN
from schwifty.exceptions import SchwiftyException
from stdnum import iban, iso11649, luhn
from stdnum.iso7064 import mod_11_10
from stdnum.nl import bsn

_IE_CHECK_LETTERS = "WABCDEFGHIJKLMNOPQRSTUV"
_NL_BANKS = (("INGB", "INGBNL2A"), ("RABO", "RABONL2U"), ("ABNA", "ABNANL2A"), ("TRIO", "TRIONL2U"))
_DE_BANKS = (("37040044", "COBADEFFXXX"), ("50070010", "DEUTDEFFXXX"), ("43060967", "GENODEM1GLS"))
_FR_BANKS = (("30004", "BNPAFRPPXXX"), ("20041", "PSSTFRPPXXX"), ("30003", "SOGEFRPPXXX"))
_BE_BANKS = (("735", "KREDBEBB"), ("363", "BBRUBEBB"), ("001", "GEBABEBB"))
_IE_BANKS = (("AIBK931152", "AIBKIE2D"), ("BOFI900017", "BOFIIE2D"))


def vat_id(rng: Random, country_code: str) -> str:
    """A VAT id of the country with its prefix. Raises KeyError for a country that is not invented here."""
    return {"NL": _nl_vat, "DE": _de_vat, "FR": _fr_vat, "BE": _be_vat, "IE": _ie_vat}[country_code](rng)


def legal_id(rng: Random, country_code: str, vat: str) -> str:
    """The number in the trade register, as printed: KvK, HRB, SIREN, enterprise number or company number."""
    if country_code == "NL":
        return str(rng.randrange(50_000_000, 89_999_999))
    if country_code == "DE":
        return f"HRB {rng.randrange(1_200, 98_000)}"
    if country_code == "FR":
        return vat[4:]
    if country_code == "BE":
        return f"{vat[2:6]}.{vat[6:9]}.{vat[9:]}"
    return str(rng.randrange(310_000, 720_000))


def bank_account(rng: Random, country_code: str) -> tuple[str, str]:
    """An IBAN without blanks and the BIC of its bank."""
    if country_code == "NL":
        bank, bic = rng.choice(_NL_BANKS)
        bban = bank + _eleven_proof(rng)
    elif country_code == "DE":
        return _de_account(rng)
    elif country_code == "FR":
        bank, bic = rng.choice(_FR_BANKS)
        branch, account = f"{rng.randrange(100, 9_999):05d}", f"{rng.randrange(10**7, 10**9):011d}"
        key = 97 - (89 * int(bank) + 15 * int(branch) + 3 * int(account)) % 97
        bban = f"{bank}{branch}{account}{key:02d}"
    elif country_code == "BE":
        bank, bic = rng.choice(_BE_BANKS)
        stem = int(bank) * 10**7 + rng.randrange(10**6, 10**7)
        bban = f"{stem:010d}{stem % 97 or 97:02d}"
    else:
        bank, bic = rng.choice(_IE_BANKS)
        bban = bank + f"{rng.randrange(10**7, 10**8)}"
    return _iban(country_code, bban), bic


def payment_reference(rng: Random, country_code: str) -> str:
    """A reference that a bank can check, without blanks.

    The Dutch "betalingskenmerk" of 16 digits, the Belgian structured message of 12 digits, else ISO 11649.
    """
    if country_code == "NL":
        digits = f"{rng.randrange(10**14, 10**15)}"
        weights = (2, 4, 8, 5, 10, 9, 7, 3, 6, 1)
        total = sum(int(d) * weights[i % 10] for i, d in enumerate(reversed(digits)))
        check = 11 - total % 11
        return f"{ {10: 1, 11: 0}.get(check, check) }{digits}"
    if country_code == "BE":
        stem = rng.randrange(10**9, 10**10)
        return f"{stem}{stem % 97 or 97:02d}"
    body = f"{rng.randrange(10**10, 10**11)}"
    return next(c for k in range(2, 99) if iso11649.is_valid(c := f"RF{k:02d}{body}"))


def _iban(country_code: str, bban: str) -> str:
    return country_code + iban.calc_check_digits(f"{country_code}00{bban}") + bban


def _de_account(rng: Random) -> tuple[str, str]:
    """Each German bank has a check digit method of its own, so accounts are tried until one fits."""
    bank, bic = rng.choice(_DE_BANKS)
    while True:
        account = _iban("DE", bank + f"{rng.randrange(100_000_000, 999_999_999):010d}")
        try:
            IBAN(account, validate_bban=True)
        except SchwiftyException:
            continue
        return account, bic


def _nl_vat(rng: Random) -> str:
    while True:
        stem = rng.randrange(80_500_000, 86_700_000)
        for check in range(10):
            if bsn.is_valid(number := f"{stem}{check}"):
                return f"NL{number}B{rng.choice((1, 1, 1, 2)):02d}"


def _de_vat(rng: Random) -> str:
    stem = f"{rng.randrange(12_000_000, 36_000_000)}"
    return f"DE{stem}{mod_11_10.calc_check_digit(stem)}"


def _fr_vat(rng: Random) -> str:
    stem = f"{rng.randrange(38_000_000, 91_000_000)}"
    siren = stem + luhn.calc_check_digit(stem)
    return f"FR{int(siren + '12') % 97:02d}{siren}"


def _be_vat(rng: Random) -> str:
    stem = rng.randrange(4_100_000, 7_900_000)
    return f"BE0{stem}{97 - stem % 97:02d}"


def _ie_vat(rng: Random) -> str:
    digits = f"{rng.randrange(3_100_000, 3_900_000)}"
    second = 8  # the letter H stands in ninth place and weighs 9
    total = sum((8 - i) * int(d) for i, d in enumerate(digits)) + 9 * second
    return f"IE{digits}{_IE_CHECK_LETTERS[total % 23]}H"


def _eleven_proof(rng: Random) -> str:
    while True:
        stem = f"{rng.randrange(10**7, 10**9):09d}"
        for check in range(10):
            if sum(int(d) * (10 - i) for i, d in enumerate(f"{stem}{check}")) % 11 == 0:
                return f"{stem}{check}"
