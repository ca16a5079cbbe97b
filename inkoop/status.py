"""How many documents are where, and how the queue stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from core.outbox import Job, JobState
from core.work import MACHINE
from pipeline.incoming import IncomingDocument, IntakeRefusal, ScreenWord, screen_word
from pipeline.runtime import Runtime


@dataclass(frozen=True, slots=True)
class Status:
    """Documents by their word on the screen, refusals, and jobs. `oldest_seconds`: the oldest that is due."""

    documents: dict[str, int]
    refused: int
    jobs: dict[str, int]
    oldest_seconds: int | None

    @property
    def is_idle(self) -> bool:
        """Whether the machine has nothing left to do."""
        return not self.jobs.get(JobState.QUEUED.value) and not self.jobs.get(JobState.RUNNING.value)

    def to_json(self) -> dict[str, object]:
        """As a program reads it."""
        return {
            "documents": self.documents,
            "refused": self.refused,
            "jobs": self.jobs,
            "oldest_job_seconds": self.oldest_seconds,
            "idle": self.is_idle,
        }


def status(runtime: Runtime) -> Status:
    """Ask the database."""
    with runtime.reading(MACHINE) as work:
        words = {word.value: 0 for word in ScreenWord}
        for document in work.session.scalars(select(IncomingDocument)):
            words[screen_word(document).value] += 1
        rows = work.session.execute(
            select(Job.state, func.count()).where(Job.state != JobState.DONE.value).group_by(Job.state)
        )
        oldest = work.session.scalar(
            select(func.min(Job.run_after)).where(
                Job.state == JobState.QUEUED.value, Job.run_after <= work.now
            )
        )
        return Status(
            documents=words,
            refused=work.session.scalar(select(func.count()).select_from(IntakeRefusal)) or 0,
            jobs={row[0]: row[1] for row in rows},
            oldest_seconds=_age(work.now, oldest),
        )


def _age(now: datetime, then: datetime | None) -> int | None:
    return None if then is None else max(0, int((now - then).total_seconds()))
