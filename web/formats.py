"""How dates, amounts and numbers look in the user's language and the company's time zone (ux.md §7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date as Date
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.numbers import format_decimal

from core.catalogue import LOCALES, Catalogue

MINUS = "−"


@dataclass(frozen=True, slots=True)
class Formats:
    """Everything a template needs to show a value. `now` is the moment the page is made, in UTC."""

    texts: Catalogue
    zone: ZoneInfo
    now: datetime

    @property
    def locale(self) -> str:
        """The locale that numbers and names of days follow."""
        return LOCALES[self.texts.language]

    def date(self, day: Date | None) -> str:
        """9 Mar 2026, or 09-03-2026; a dash for none."""
        return "–" if day is None else self.texts.show(day)

    def short_date(self, day: Date | None) -> str:
        """9 Mar, or 09-03; with the year when it is another year than today's."""
        if day is None:
            return "–"
        if day.year != self.local(self.now).year:
            return self.date(day)
        return format_date(day, "dd-MM" if self.texts.language == "nl" else "d MMM", locale=self.locale)

    def long_date(self, day: Date) -> str:
        """Thursday 12 March 2026."""
        written = format_date(day, "EEEE d MMMM y", locale=self.locale)
        return written[:1].upper() + written[1:]

    def day_name(self, day: Date) -> str:
        """Wed, or wo."""
        return format_date(day, "EEE", locale=self.locale).rstrip(".")

    def month(self, day: Date) -> str:
        """March, or maart."""
        return format_date(day, "MMMM", locale=self.locale)

    def short_month(self, day: Date) -> str:
        """Mar, or mrt."""
        return format_date(day, "MMM", locale=self.locale).rstrip(".")

    def local(self, moment: datetime) -> datetime:
        """The moment on the company's clock."""
        return moment.astimezone(self.zone)

    def time(self, moment: datetime) -> str:
        """08:41."""
        return f"{self.local(moment):%H:%M}"

    def moment(self, moment: datetime | None) -> str:
        """9 Mar 2026 08:41; a dash for none."""
        return "–" if moment is None else f"{self.date(self.local(moment).date())} {self.time(moment)}"

    def received(self, moment: datetime) -> str:
        """As short as stays clear: 08:12 today, Wed this week, 9 Mar before."""
        day, today = self.local(moment).date(), self.local(self.now).date()
        if day == today:
            return self.time(moment)
        if today - day < timedelta(days=6):
            return self.day_name(day)
        return self.short_date(day)

    def age(self, moment: datetime) -> str:
        """29 min, 3 h, 2 d: how long something has waited."""
        minutes = max(0, int((self.now - moment).total_seconds() // 60))
        if minutes < 60:
            return self.texts.text("format.minutes", n=minutes)
        if minutes < 60 * 24:
            return self.texts.text("format.hours", n=minutes // 60)
        return self.texts.text("format.days", n=minutes // (60 * 24))

    def amount(self, value: Decimal | None) -> str:
        """3,522.31 with the minus before it; a dash for none. Two decimals, more if the value has more."""
        if value is None:
            return "–"
        return self.texts.show(abs(value)) if value >= 0 else MINUS + self.texts.show(abs(value))

    def whole(self, value: Decimal | int) -> str:
        """18,403: without decimals, for cues."""
        written = format_decimal(abs(round(value)), "#,##0", locale=self.locale)
        return MINUS + written if value < 0 else written

    def quantity(self, value: Decimal | None) -> str:
        """1,234.5: as many decimals as it has, at most five."""
        if value is None:
            return "–"
        written = format_decimal(abs(value), "#,##0.#####", locale=self.locale)
        return MINUS + written if value < 0 else written

    def percent(self, value: Decimal) -> str:
        """21% or 5.5%."""
        return f"{format_decimal(value, '0.##', locale=self.locale)}%"

    def size(self, byte_count: int) -> str:
        """184 kB, 2.4 MB."""
        if byte_count < 1_000_000:
            return f"{max(1, byte_count // 1000)} kB"
        return f"{format_decimal(Decimal(byte_count) / 1_000_000, '0.0', locale=self.locale)} MB"

    def iban(self, value: str | None) -> str:
        """In groups of four."""
        plain = (value or "").replace(" ", "")
        return " ".join(plain[at : at + 4] for at in range(0, len(plain), 4)) or "–"

    def initials(self, name: str) -> str:
        """KB for Kim Bakker; at most two signs."""
        words = [word for word in name.split() if word[:1].isalnum()]
        picked = words if len(words) < 2 else [words[0], words[-1]]
        return "".join(word[0] for word in picked).upper() or "?"
