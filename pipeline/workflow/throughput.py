"""How much comes in and how far it gets by itself: counts for the home page, never per person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from core.work import Work
from pipeline.incoming import IncomingDocument, Stage

DONE = frozenset({Stage.APPROVED.value, Stage.POSTED.value})
NO_WORK = frozenset({Stage.DUPLICATE.value, Stage.REJECTED.value})


@dataclass(frozen=True, slots=True)
class DayCount:
    """Documents that came in on one day: done without a person's hand, done with it, still open."""

    day: date
    touchless: int
    reviewed: int
    open: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.touchless + self.reviewed + self.open


@dataclass(frozen=True, slots=True)
class TouchlessRate:
    """How many of the documents that were done needed no person's hand."""

    done: int
    touchless: int

    @property
    def percent(self) -> int | None:
        """Whole per cent; None while nothing is done."""
        return None if not self.done else (200 * self.touchless + self.done) // (2 * self.done)


def by_day(work: Work, zone: ZoneInfo, days: int = 14) -> list[DayCount]:
    """Incoming documents per day of the company's clock, the last `days` days, merged and rejected left out.

    Days without documents are there too, except Saturdays and Sundays.
    """
    first = work.today - timedelta(days=days - 1)
    counted: Counter[tuple[date, str]] = Counter()
    for created_at, stage, touched in _since(work, _start_of(first, zone)):
        if stage not in NO_WORK:
            kind = "open" if stage not in DONE else "reviewed" if touched else "touchless"
            counted[created_at.astimezone(zone).date(), kind] += 1
    shown = [first + timedelta(days=number) for number in range(days)]
    rows = [
        DayCount(day, counted[day, "touchless"], counted[day, "reviewed"], counted[day, "open"])
        for day in shown
    ]
    return [row for row in rows if row.total or row.day.weekday() < 5]


def touchless_rate(work: Work, since: datetime, until: datetime | None = None) -> TouchlessRate:
    """The rate among documents that came in between two moments."""
    rows = [
        touched
        for created_at, stage, touched in _since(work, since)
        if stage in DONE and (until is None or created_at < until)
    ]
    return TouchlessRate(len(rows), sum(not touched for touched in rows))


def oldest_in_review(work: Work) -> datetime | None:
    """When the document came in that has waited longest for a person; None when none waits."""
    return work.session.scalar(
        select(func.min(IncomingDocument.created_at)).where(
            IncomingDocument.stage == Stage.IN_REVIEW.value,
            IncomingDocument.parked_until.is_(None),
            IncomingDocument.failure_code.is_(None),
        )
    )


def _start_of(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, zone).astimezone(UTC)


def _since(work: Work, moment: datetime) -> Sequence[tuple[datetime, str, bool]]:
    query = select(IncomingDocument.created_at, IncomingDocument.stage, IncomingDocument.touched)
    rows = work.session.execute(query.where(IncomingDocument.created_at >= moment))
    return [(created_at, stage, touched) for created_at, stage, touched in rows]
