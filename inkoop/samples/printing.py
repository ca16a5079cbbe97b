"""How a layout writes numbers, dates and identifiers in a language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from inkoop.samples.company import Language

CurrencyMark = Literal["sign_before", "sign_after", "code_before", "code_after", "none"]

_MONTHS: dict[Language, tuple[str, ...]] = {
    "nl": (
        "januari",
        "februari",
        "maart",
        "april",
        "mei",
        "juni",
        "juli",
        "augustus",
        "september",
        "oktober",
        "november",
        "december",
    ),
    "de": (
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ),
    "fr": (
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ),
    "en": (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
}
_SHORT_MONTHS: dict[Language, tuple[str, ...]] = {
    "nl": ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"),
    "de": ("Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sept.", "Okt.", "Nov.", "Dez."),
    "fr": ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}
_DATES: dict[Language, tuple[str, ...]] = {
    "nl": (
        "{d:02}-{m:02}-{y}",
        "{d} {month} {y}",
        "{d:02}/{m:02}/{y}",
        "{d} {short} {y}",
        "{d:02}.{m:02}.{y}",
    ),
    "de": (
        "{d:02}.{m:02}.{y}",
        "{d}. {month} {y}",
        "{d:02}.{m:02}.{yy:02}",
        "{d}. {short} {y}",
        "{y}-{m:02}-{d:02}",
    ),
    "fr": (
        "{d:02}/{m:02}/{y}",
        "{d} {month} {y}",
        "{d:02}-{m:02}-{y}",
        "{d} {short} {y}",
        "{d:02}.{m:02}.{y}",
    ),
    "en": (
        "{d:02}/{m:02}/{y}",
        "{d} {month} {y}",
        "{y}-{m:02}-{d:02}",
        "{d:02} {short} {y}",
        "{month} {d}, {y}",
    ),
}
_SEPARATORS: dict[Language, tuple[str, str]] = {
    "nl": (".", ","),
    "de": (".", ","),
    "fr": ("\u00a0", ","),
    "en": (",", "."),
}


@dataclass(frozen=True, slots=True)
class PrintStyle:
    """The writing habits of one layout.

    `dates` picks one of the five date forms of the language. `quantity_decimals` None prints as few as
    possible. `rate_decimals` and `space_before_percent` shape "21%" or "21,00 %". `minus_on_credit` prints
    the sums of a credit note with a minus sign. `grouped_iban` prints it in groups of four.
    """

    dates: int = 0
    currency: CurrencyMark = "sign_before"
    thousands: bool = True
    quantity_decimals: int | None = None
    rate_decimals: int = 0
    space_before_percent: bool = False
    minus_on_credit: bool = False
    grouped_iban: bool = True
    dotted_vat_id: bool = False

    def date(self, day: date, language: Language) -> str:
        """A date as the layout writes it."""
        return _DATES[language][self.dates].format(
            d=day.day,
            m=day.month,
            y=day.year,
            yy=day.year % 100,
            month=_MONTHS[language][day.month - 1],
            short=_SHORT_MONTHS[language][day.month - 1],
        )

    def number(self, number: Decimal, decimals: int, language: Language) -> str:
        """A number with a fixed count of decimals."""
        group, point = _SEPARATORS[language]
        text = f"{number:,.{decimals}f}"
        return text.replace(",", "\0").replace(".", point).replace("\0", group if self.thousands else "")

    def price(self, price: Decimal, language: Language) -> str:
        """A price: two decimals, or as many as it has."""
        return self.number(price, max(2, decimals_of(price)), language)

    def quantity(self, quantity: Decimal, language: Language) -> str:
        """A quantity; never with fewer decimals than it has."""
        return self.number(quantity, max(self.quantity_decimals or 0, decimals_of(quantity)), language)

    def rate(self, rate: Decimal, language: Language) -> str:
        """A percentage without its sign, such as 21 or 5,5."""
        return self.number(rate, max(self.rate_decimals, decimals_of(rate)), language)

    @property
    def percent(self) -> str:
        """What follows a percentage."""
        return " %" if self.space_before_percent else "%"

    def iban(self, iban: str) -> str:
        """An IBAN, in groups of four or in one piece."""
        return in_groups(iban, 4) if self.grouped_iban else iban

    def vat_id(self, vat_id: str) -> str:
        """A VAT id, in one piece or with the separators of its country."""
        if not self.dotted_vat_id:
            return vat_id
        if vat_id.startswith("BE"):
            return f"BE {vat_id[2:6]}.{vat_id[6:9]}.{vat_id[9:]}"
        if vat_id.startswith("FR"):
            return f"FR {vat_id[2:4]} {in_groups(vat_id[4:], 3)}"
        if vat_id.startswith("NL"):
            return f"NL{vat_id[2:5]}.{vat_id[5:8]}.{vat_id[8:11]}.{vat_id[11:]}"
        return f"{vat_id[:2]} {vat_id[2:]}"


def decimals_of(number: Decimal) -> int:
    """How many decimals a number really has: 2 for 1.250."""
    exponent = number.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def payment_reference(reference: str, country_code: str) -> str:
    """A payment reference as it is printed: in groups, or between plus signs in Belgium."""
    if country_code == "BE" and reference.isdigit():
        return f"+++{reference[:3]}/{reference[3:7]}/{reference[7:]}+++"
    if reference.startswith("RF") or (country_code == "NL" and reference.isdigit()):
        return in_groups(reference, 4)
    return reference


def in_groups(text: str, size: int) -> str:
    """Groups of `size` characters with a blank between them."""
    return " ".join(text[i : i + size] for i in range(0, len(text), size))
