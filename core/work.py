"""Work: one transaction, with its database session, actor, date and the jobs to start after it.

The edge (a task, a page, a command) opens a Work; it commits at the end or not at all. Nothing else commits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TypeVar, cast

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from core.hooks import NO_HOOKS, Hooks
from core.outbox import Job

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a user or the machine, with the roles that count now. `name` is what Activity shows."""

    user_no: str
    name: str
    roles: frozenset[str] = frozenset()


MACHINE = Actor("machine", "Inkoop", frozenset({"machine"}))


@dataclass(slots=True)
class Work:
    """One transaction. A function that takes it reads or writes the database; any other function is pure.

    `now` is the moment the work began, in UTC; `today` the company's date at that moment. `core` never asks
    the clock itself, so that a test or a replay can name any day.
    """

    session: Session
    actor: Actor
    now: datetime
    today: date
    hooks: Hooks = NO_HOOKS
    jobs: list[Job] = field(default_factory=list)
    _found: dict[object, object] = field(default_factory=dict)

    def once(self, read: Callable[[Work], T]) -> T:
        """What `read` found when this transaction asked first: for setup that posting reads again and again.

        Not for what a transaction may change before it asks again.
        """
        if read not in self._found:
            self._found[read] = read(self)
        return cast(T, self._found[read])

    def add_job(self, kind: str, subject_id: int, delay_seconds: int = 0) -> Job:
        """Write a job in this transaction; its doorbell rings after the commit."""
        job = Job(
            kind=kind,
            subject_id=subject_id,
            run_after=self.now + timedelta(seconds=delay_seconds),
            created_at=self.now,
        )
        self.session.add(job)
        self.jobs.append(job)
        return job


Doorbell = Callable[[list[int]], None]


def _no_bell(_job_ids: list[int]) -> None:
    """Without a broker nobody is woken: the sweep finds the jobs."""


@contextmanager
def open_work(
    engine: Engine,
    actor: Actor,
    now: datetime,
    today: date,
    *,
    hooks: Hooks = NO_HOOKS,
    doorbell: Doorbell = _no_bell,
) -> Iterator[Work]:
    """Begin a transaction that may write, and commit it if the block ends well; else undo all of it.

    On SQLite the write lock is taken at once (BEGIN IMMEDIATE), so that what the checks read is still true
    at the commit. On PostgreSQL rows are locked where it matters (PO-160, PO-161).
    """
    with Session(engine, expire_on_commit=False) as session:
        if engine.dialect.name == "sqlite":
            session.connection().execute(text("BEGIN IMMEDIATE"))
        work = Work(session, actor, now, today, hooks)
        try:
            yield work
            session.commit()
        except BaseException:
            session.rollback()
            raise
        ring = [job.id for job in work.jobs if job.run_after <= now]
    if ring:
        doorbell(ring)


@contextmanager
def open_reading(engine: Engine, actor: Actor, now: datetime, today: date) -> Iterator[Work]:
    """Begin a transaction that sees one snapshot and is always undone (PO-191)."""
    with Session(engine, expire_on_commit=False) as session:
        if engine.dialect.name == "sqlite":
            session.connection().execute(text("BEGIN"))
        else:
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        try:
            yield Work(session, actor, now, today)
        finally:
            session.rollback()


@contextmanager
def undone(work: Work) -> Iterator[None]:
    """Run the block in a savepoint that is always undone: a preview (PO-168, PU-178)."""
    savepoint = work.session.begin_nested()
    try:
        yield
    finally:
        if savepoint.is_active:
            savepoint.rollback()
        work.session.expire_all()
