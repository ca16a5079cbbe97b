"""Dates as printed, in the languages Inkoop reads, turned into dates."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from babel import Locale

from pipeline.extract.values import BLANKS, DASHES, LANGUAGES, folded


@lru_cache(maxsize=1)
def month_names() -> dict[str, int]:
    """Folded names and abbreviations of the months in all languages, to 1 to 12."""
    names: dict[str, int] = {}
    for language in LANGUAGES:
        months = Locale(language).months
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in months[context][width].items():
                    key = folded(name)
                    if len(key) >= 3:
                        names.setdefault(key, number)
    extra = {
        "sept": 9,
        "mrt": 3,
        "maerz": 3,
        "janv": 1,
        "fevr": 2,
        "avr": 4,
        "juil": 7,
        "mrz": 3,
        "jaenner": 1,
    }
    return {**names, **extra}


_DATE_SHAPES = (
    r"\d{4} ?[-./] ?\d{1,2} ?[-./] ?\d{1,2}",
    r"\d{1,2} ?[-./] ?\d{1,2} ?[-./] ?(?:\d{4}|\d{2})",
    r"\d{1,2}(?:\.|st|nd|rd|th|er|º|°)?[ -]{0,2}(?:de )?"
    r"[^\W\d_]{3,10}\.?,?[ -]{0,2}(?:de )?(?:\d{4}|'?\d{2})",
    r"[^\W\d_]{3,10}\.?[ -]{0,2}\d{1,2}(?:st|nd|rd|th)? ?,?[ ]{0,2}\d{4}",
    r"\d{4}[ -][^\W\d_]{3,10}\.?[ -]\d{1,2}",
    r"20\d{2}[01]\d[0-3]\d",
)
DATE_PATTERN = re.compile(rf"(?<![\w.,/-])(?:{'|'.join(_DATE_SHAPES)})(?![\w/]|[-.,]\d)")
"""Anything that may be a date in a longer text; `parse_date` tells whether it is one."""


@dataclass(frozen=True, slots=True)
class DateManner:
    """How this document writes dates made of numbers: day first, unless it says otherwise."""

    month_first: bool = False


def date_manner(texts: Iterable[str], *, american: bool) -> DateManner:
    """The document's own order of day and month, told by the dates that have only one reading.

    `american` says what to think when no date tells.
    """
    day_first = month_first = 0
    for text in texts:
        parts = re.fullmatch(r"(\d{1,2}) ?[-./] ?(\d{1,2}) ?[-./] ?\d{2,4}", text)
        if parts:
            first, second = int(parts[1]), int(parts[2])
            day_first += first > 12 >= second
            month_first += second > 12 >= first
            if "." in text:  # no one writes the month first between points
                day_first += 1
    if day_first == month_first:
        return DateManner(month_first=american and day_first == 0)
    return DateManner(month_first=month_first > day_first)


def parse_date(text: str, manner: DateManner | None = None) -> date | None:
    """The date a text consists of, between 1990 and 2079.

    >>> parse_date("7. Mai 2014"), parse_date("31/02/20")
    (datetime.date(2014, 5, 7), None)
    """
    text = " ".join(text.translate(DASHES).translate(BLANKS).split()).strip(" .,;:")
    if len(text) > 32:
        return None
    numeric = re.fullmatch(r"(\d{1,4}) ?[-./] ?(\d{1,2}) ?[-./] ?(\d{1,4})", text)
    if numeric:
        first, second, third = int(numeric[1]), int(numeric[2]), int(numeric[3])
        if len(numeric[1]) == 4:
            return _date(first, second, third)
        if len(numeric[1]) == 3 or len(numeric[3]) not in (2, 4):
            return None
        year = third if len(numeric[3]) == 4 else 2000 + third
        if manner and manner.month_first:
            return _date(year, first, second) or _date(year, second, first)
        return _date(year, second, first) or _date(year, first, second)
    if re.fullmatch(r"20\d{6}", text):
        return _date(int(text[:4]), int(text[4:6]), int(text[6:]))
    return _worded_date(text)


def _worded_date(text: str) -> date | None:
    words = [w for w in re.split(r"[\s.,'-]+", text) if w]
    months = [(i, month_names().get(folded(w))) for i, w in enumerate(words) if w[0].isalpha()]
    named = [(i, m) for i, m in months if m]
    numbers = [re.sub(r"(?<=\d)(st|nd|rd|th|er|º|°)$", "", w) for w in words if w[0].isdigit()]
    if len(named) != 1 or len(numbers) != 2 or not all(n.isdecimal() for n in numbers):
        return None
    if any(
        folded(w) not in ("de", "del") for i, w in enumerate(words) if w[0].isalpha() and i != named[0][0]
    ):
        return None
    month = named[0][1]
    first, second = numbers
    if len(first) == 4:
        first, second = second, first
    if len(first) > 2 or len(second) not in (2, 4) or month is None:
        return None
    year = int(second) if len(second) == 4 else 2000 + int(second)
    return _date(year, month, int(first))


def _date(year: int, month: int, day: int) -> date | None:
    if not (1990 <= year <= 2079 and 1 <= month <= 12 and 1 <= day <= 31):
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
