"""Charts as drawings the server makes: places and sizes of bars; a template turns them into SVG.

One hue in two strengths, hollow for what is open; no grid but two hairlines. Every chart has a table too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from pipeline.workflow.throughput import DayCount
from web.formats import Formats

WIDTH = 426
TOP = 24
BASE = 186
BAR = 20
WIDEST_BAR = 44
FEWEST_DAYS = 5
"""Days without documents before the first ones are left out, so that a new company sees no empty chart."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One piece of a bar. `kind` is touchless, reviewed or open."""

    kind: str
    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A text under or beside the bars."""

    x: str
    y: str
    text: str
    is_strong: bool = False


@dataclass(frozen=True, slots=True)
class DayChart:
    """Documents per day: pieces of bars, labels, and the same as rows of a table."""

    bars: list[Bar]
    labels: list[Mark]
    months: list[Mark]
    lines: list[Mark]
    rows: list[tuple[str, int, int, int]]
    first: str
    last: str


def day_chart(days: Sequence[DayCount], formats: Formats) -> DayChart:
    """Stacked bars, one per day, the newest last; empty days before the first documents are left out."""
    begin = next((number for number, day in enumerate(days) if day.total), 0)
    days = days[max(0, min(begin, len(days) - FEWEST_DAYS)) :]
    width = max(BAR, min(WIDEST_BAR, WIDTH // (2 * max(1, len(days)))))
    top = _round_up(max((day.total for day in days), default=0))
    step = Decimal(WIDTH - width) / max(1, len(days) - 1)
    bars: list[Bar] = []
    labels: list[Mark] = []
    months: list[Mark] = []
    for number, day in enumerate(days):
        x = step * number
        foot = Decimal(BASE) - Decimal("0.8")
        for kind, count in (("touchless", day.touchless), ("reviewed", day.reviewed), ("open", day.open)):
            if not count:
                continue
            height = Decimal(BASE - TOP) * count / top
            inset = Decimal("0.6") if kind == "open" else Decimal(0)
            bars.append(
                Bar(
                    kind,
                    place(x + inset),
                    place(foot - height + inset),
                    place(width - 2 * inset),
                    place(max(Decimal("1.5"), height - Decimal("0.8") - 2 * inset)),
                )
            )
            foot -= height
        is_last = number == len(days) - 1
        labels.append(Mark(place(x + width // 2), "200", str(day.day.day), is_last))
        if number == 0 or day.day.month != days[number - 1].day.month:
            months.append(Mark(place(x), "214", formats.short_month(day.day)))
    lines = [
        Mark(str(WIDTH + 4), place(Decimal(BASE) - Decimal(BASE - TOP) * part / 2), str(top * part // 2))
        for part in (1, 2)
    ]
    return DayChart(
        bars,
        labels,
        months,
        lines if top > 1 else lines[1:],
        [(formats.short_date(day.day), day.touchless, day.reviewed, day.open) for day in days],
        formats.short_date(days[0].day) if days else "",
        formats.short_date(days[-1].day) if days else "",
    )


def share_widths(parts: Sequence[Decimal], width: int = 300, gap: int = 2) -> list[tuple[str, str]]:
    """Left edge and width of each part of one bar that stands for the whole. Negative parts have no width."""
    whole = sum((part for part in parts if part > 0), Decimal(0))
    places: list[tuple[str, str]] = []
    x = Decimal(0)
    room = Decimal(width - gap * max(0, len(parts) - 1))
    for part in parts:
        size = room * part / whole if whole and part > 0 else Decimal(0)
        places.append((place(x), place(size)))
        x += size + gap
    return places


def _round_up(number: int) -> int:
    """The next number that halves well: 2, 4, 10, 20, 40, 100 and so on."""
    size = 1
    while True:
        for factor in (2, 4, 10):
            if number <= factor * size:
                return factor * size
        size *= 10


def place(value: Decimal | int) -> str:
    """A coordinate as the drawing writes it."""
    return f"{value:.1f}"
