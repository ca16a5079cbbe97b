"""Claim, lease, retry and give up a job of the outbox.

The job table is the queue's truth; a broker message is a doorbell (technology §4). A job is claimed by an
update that hits one row or none, kept by a heartbeat, and finished only by who still owns it.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, Update, and_, delete, or_, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.exc import OperationalError

from core.outbox import Job, JobState
from core.work import Work

RETRY_DELAYS_SECONDS = (5, 30, 120)
WAIT_DELAYS_SECONDS = (5, 15, 60, 300)
KEEP_DONE = timedelta(days=7)


class ClaimLost(Exception):
    """Another worker has the job now: whatever was worked out here is thrown away."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A job held by this worker. `attempt` counts from 1; `is_given_up`: no attempt is left."""

    job_id: int
    kind: str
    subject_id: int
    owner: str
    attempt: int
    last_error: str | None
    is_given_up: bool


def new_owner(name: str) -> str:
    """A name for one claim that no other claim has: the same process may lose a job and get it again."""
    return f"{name[:60]}/{secrets.token_hex(6)}"


def claim(work: Work, job_id: int, owner: str, lease_seconds: float, max_attempts: int) -> Claim | None:
    """Take the job, or None when it is done, not due or held by another.

    A job that ended its worker too often is handed out once more with `is_given_up`, so that its subject can
    be told; that claim computes nothing.
    """
    free = or_(
        and_(Job.state == JobState.QUEUED.value, Job.run_after <= work.now),
        and_(Job.state == JobState.RUNNING.value, Job.lease_until < work.now),
    )
    taken = _rows_hit(
        work,
        update(Job)
        .where(Job.id == job_id, free)
        .values(
            owner=owner,
            state=JobState.RUNNING.value,
            attempts=Job.attempts + 1,
            lease_until=work.now + timedelta(seconds=lease_seconds),
        ),
    )
    if not taken:
        return None
    job = work.session.get_one(Job, job_id, populate_existing=True)
    return Claim(
        job.id, job.kind, job.subject_id, owner, job.attempts, job.last_error, job.attempts > max_attempts
    )


def extend(work: Work, held: Claim, lease_seconds: float) -> bool:
    """Prolong the lease; False when the claim was lost."""
    until = work.now + timedelta(seconds=lease_seconds)
    return _rows_hit(work, update(Job).where(*_held(held)).values(lease_until=until)) == 1


def finish(work: Work, held: Claim) -> None:
    """Note in this transaction that the job is done. Raises ClaimLost: then nothing of it may be kept."""
    _change(work, held, state=JobState.DONE.value, owner=None, lease_until=None, last_error=None)


def wait(work: Work, held: Claim, reason: str) -> float:
    """An outage outside the document: try again later, and count no attempt (ID-43). Returns the delay.

    The delay grows with how long the job has been waiting.
    """
    job = work.session.get_one(Job, held.job_id)
    waited = (work.now - job.created_at).total_seconds()
    delay = next((d for d in WAIT_DELAYS_SECONDS if waited < 4 * d), WAIT_DELAYS_SECONDS[-1])
    _change(
        work,
        held,
        state=JobState.QUEUED.value,
        owner=None,
        lease_until=None,
        attempts=Job.attempts - 1,
        run_after=work.now + timedelta(seconds=delay),
        last_error=reason,
    )
    return delay


def fail(work: Work, held: Claim, error: str, max_attempts: int) -> JobState:
    """A failed attempt: queued again with a growing delay, or failed for a person after the last one."""
    if held.attempt >= max_attempts:
        give_up(work, held, error)
        return JobState.FAILED
    delay = RETRY_DELAYS_SECONDS[min(held.attempt, len(RETRY_DELAYS_SECONDS)) - 1]
    _change(
        work,
        held,
        state=JobState.QUEUED.value,
        owner=None,
        lease_until=None,
        run_after=work.now + timedelta(seconds=delay),
        last_error=error[:2000],
    )
    return JobState.QUEUED


def give_up(work: Work, held: Claim, error: str) -> None:
    """No attempt is left: the job waits for a person."""
    _change(work, held, state=JobState.FAILED.value, owner=None, lease_until=None, last_error=error[:2000])


def drop(work: Work, kind: str, subject_id: int) -> None:
    """Cancel what is open for a subject: a person took another way. A running worker loses its claim."""
    work.session.execute(
        update(Job)
        .where(
            Job.kind == kind,
            Job.subject_id == subject_id,
            Job.state.in_((JobState.QUEUED.value, JobState.RUNNING.value, JobState.FAILED.value)),
        )
        .values(state=JobState.DONE.value, owner=None, lease_until=None)
    )


def hurry(work: Work, kind: str, subject_ids: list[int]) -> list[int]:
    """Make queued jobs of these subjects due now: what they waited for is there. Returns their ids."""
    due = select(Job.id).where(
        Job.kind == kind, Job.subject_id.in_(subject_ids), Job.state == JobState.QUEUED.value
    )
    ids = list(work.session.scalars(due))
    work.session.execute(update(Job).where(Job.id.in_(ids)).values(run_after=work.now))
    return ids


def purge(work: Work) -> None:
    """Forget what was done more than a week ago."""
    work.session.execute(
        delete(Job).where(Job.state == JobState.DONE.value, Job.run_after < work.now - KEEP_DONE)
    )


class Sweeper:
    """Finds every job that is due or whose lease ran out, and says which bells to ring now.

    It remembers what it rang, so that a long queue is not filled with the same bells at each sweep: a job
    that is still due is rung again only after `again_seconds`, since its message may have been lost.
    """

    def __init__(self, again_seconds: float, grace_seconds: float) -> None:
        self._again = again_seconds
        self._grace = timedelta(seconds=grace_seconds)
        self._rung: dict[tuple[int, int], float] = {}

    def due(self, work: Work, limit: int = 500) -> list[int]:
        """Ids of jobs whose bell should ring now, oldest first."""
        expired = and_(Job.state == JobState.RUNNING.value, Job.lease_until < work.now)
        queued = and_(Job.state == JobState.QUEUED.value, Job.run_after <= work.now)
        rows = work.session.scalars(
            select(Job).where(or_(expired, queued)).order_by(Job.run_after, Job.id).limit(limit)
        ).all()
        now = time.monotonic()
        seen: dict[tuple[int, int], float] = {}
        ring: list[int] = []
        for job in rows:
            key = (job.id, job.attempts)
            rung = self._rung.get(key)
            # Whoever wrote a job that is due at once has rung for it a moment ago.
            is_fresh = job.run_after == job.created_at and work.now - job.created_at < self._grace
            if is_fresh or (rung is not None and now - rung < self._again):
                if rung is not None:
                    seen[key] = rung
                continue
            seen[key] = now
            ring.append(job.id)
        self._rung = seen
        return ring


OpenWork = Callable[[], AbstractContextManager[Work]]


class Heartbeat:
    """A thread that keeps the lease of a claim while the block runs, and notices when it is lost."""

    def __init__(self, open_work: OpenWork, held: Claim, lease_seconds: float, every_seconds: float) -> None:
        self._open_work = open_work
        self._held = held
        self._lease = lease_seconds
        self._every = every_seconds
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"heartbeat-{held.job_id}", daemon=True)
        self.is_lost = False

    def __enter__(self) -> Heartbeat:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(self._every):
            try:
                with self._open_work() as work:
                    if not extend(work, self._held, self._lease):
                        self.is_lost = True
                        return
            except OperationalError:
                continue  # the database is away for a moment; the lease itself decides what that means


def _held(held: Claim) -> tuple[ColumnElement[bool], ...]:
    return (Job.id == held.job_id, Job.owner == held.owner, Job.state == JobState.RUNNING.value)


def _change(work: Work, held: Claim, **values: object) -> None:
    if _rows_hit(work, update(Job).where(*_held(held)).values(**values)) != 1:
        raise ClaimLost(held.job_id)


def _rows_hit(work: Work, statement: Update) -> int:
    result = work.session.execute(statement)
    assert isinstance(result, CursorResult)
    return result.rowcount
