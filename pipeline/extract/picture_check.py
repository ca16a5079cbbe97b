"""Does the picture of a hybrid PDF say what its XML says? Checked on the values a payment hangs on.

Both are one invoice by law, and a person sees only the picture. An XML with another amount is either a
mistake of the vendor or fraud; a clerk must be told.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from pipeline.extract.document import ExtractedInvoice

CODE = "INC_XML_PICTURE_DIFFERS"
CHECKED = ("invoice_number", "total_gross")

_GROUP = r"[.,'’\s]?"


def differences(invoice: ExtractedInvoice, printed: str) -> tuple[tuple[str, str], ...]:
    """A warning for each checked value that stands nowhere in the text of the pages.

    `printed` is the whole text layer; without any there is nothing to compare with, and no warning.
    """
    if not printed.strip():
        return ()
    missing = (
        key for key in CHECKED if (value := invoice.value(key)) and not _stands_in(key, value, printed)
    )
    return tuple((CODE, key) for key in missing)


def _stands_in(key: str, value: str, printed: str) -> bool:
    if key == "total_gross":
        return re.search(_amount_pattern(value), printed) is not None
    return _letters_and_digits(value) in _letters_and_digits(printed)


def _amount_pattern(value: str) -> str:
    """The amount in any usual way to print it: `1234.5` as 1.234,50, 1 234,5, 1'234.50 or 1,234.50."""
    whole, _, decimals = format(abs(Decimal(value)), "f").partition(".")
    whole = whole.lstrip("0") or "0"
    first = len(whole) % 3 or 3
    groups = [whole[:first], *(whole[at : at + 3] for at in range(first, len(whole), 3))]
    ends = decimals.rstrip("0")
    tail = rf"[.,]\s?{ends}0*" if ends else r"([.,]\s?(0+|-+))?"
    return rf"(?<![\d]){_GROUP.join(groups)}{tail}(?![\d])"


def _letters_and_digits(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())
