"""All Celery tasks: there is one. It claims a job, takes one step, and leaves the next job.

Tasks take ids; a task may run twice or never: the job table knows what is to be done.
"""

from __future__ import annotations

import os
import socket
import time
import traceback
from contextlib import suppress
from functools import cache
from pathlib import Path

import structlog
from celery import Celery
from celery.signals import worker_process_init
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from core.master.company import find_company
from core.work import MACHINE, Work
from pipeline import jobs
from pipeline.child import ChildFailed
from pipeline.confinement import end_with_parent
from pipeline.extract.ocr import OcrUnavailable, usable_languages
from pipeline.incoming import JOB_KIND, IncomingDocument, Stage
from pipeline.jobs import Claim, ClaimLost, Heartbeat, Sweeper
from pipeline.runtime import ADVANCE, Runtime, make_celery, set_up_logging
from pipeline.settings import Settings
from pipeline.workflow import steps
from pipeline.workflow.read import WAITING_FOR_OCR
from pipeline.workflow.review import come_back
from pipeline.workflow.tools import Outage

DATABASE_BUSY = "database_busy"

log = structlog.get_logger()

app: Celery = make_celery(Settings.from_environment())


@worker_process_init.connect  # type: ignore[untyped-decorator]
def start_worker_process(**_signal: object) -> None:
    """A fresh worker process: it dies with its parent and opens a database connection of its own."""
    end_with_parent(os.getppid())
    set_up_logging(Settings.from_environment(), f"worker-{os.getpid()}")
    _runtime.cache_clear()


@cache
def _runtime() -> Runtime:
    return Runtime.open(Settings.from_environment())


@app.task(name=ADVANCE)  # type: ignore[untyped-decorator]
def advance(job_id: int) -> None:
    """Take one step with one document."""
    take_step(_runtime(), job_id)


def take_step(runtime: Runtime, job_id: int) -> bool:
    """Claim the job and take its step; False when it is done, not due or held by another."""
    settings = runtime.settings
    owner = jobs.new_owner(f"{socket.gethostname()}:{os.getpid()}")
    with runtime.work(MACHINE) as work:
        held = jobs.claim(work, job_id, owner, settings.lease_seconds, settings.max_attempts)
    if held is None:
        return False
    # In a transaction of its own: whoever holds a record's lock may then ask for its job, never the reverse.
    with runtime.work(MACHINE) as work:
        if held.is_given_up:
            steps.give_up(work, held)
            stage = None
        else:
            stage = steps.begin(work, held)
    if stage is None:
        log.info("job_ended", job_id=job_id, incoming_id=held.subject_id, given_up=held.is_given_up)
        return True
    _take(runtime, held, stage)
    return True


def _take(runtime: Runtime, held: Claim, stage: Stage) -> None:
    settings, began = runtime.settings, time.monotonic()
    told = log.bind(job_id=held.job_id, incoming_id=held.subject_id, stage=stage.value, attempt=held.attempt)
    told.info("step_started")
    try:
        with Heartbeat(
            lambda: runtime.work(MACHINE), held, settings.lease_seconds, settings.heartbeat_seconds
        ):
            steps.take(runtime.tools(), held, stage)
    except ClaimLost:
        told.warning("claim_lost")
    except Outage as outage:
        _put_off(runtime, held, outage)
    except OperationalError:
        with suppress(OperationalError):  # still away: the lease runs out, and the sweep finds the job
            _put_off(runtime, held, Outage(DATABASE_BUSY))
    except ChildFailed as failure:
        _note_failure(runtime, held, failure.code, failure.message)
    except Exception as error:
        # The place and kind of a mistake in the program; its text may quote the document.
        frame = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{type(error).__name__} in {Path(frame.filename).name}:{frame.lineno}"
        _note_failure(runtime, held, "INC_STEP_FAILED", place)
    else:
        told.info("step_taken", duration_ms=round((time.monotonic() - began) * 1000))


def _put_off(runtime: Runtime, held: Claim, outage: Outage) -> None:
    try:
        with runtime.work(MACHINE) as work:
            delay = steps.put_off(work, held, outage)
    except ClaimLost:
        log.warning("claim_lost", job_id=held.job_id, incoming_id=held.subject_id)
        return
    log.warning(
        "step_put_off",
        job_id=held.job_id,
        incoming_id=held.subject_id,
        reason=outage.reason,
        again_in_seconds=delay,
    )


def _note_failure(runtime: Runtime, held: Claim, code: str, message: str) -> None:
    try:
        with runtime.work(MACHINE) as work:
            is_last = steps.note_failure(work, held, code, message, runtime.settings.max_attempts)
    except ClaimLost:
        log.warning("claim_lost", job_id=held.job_id, incoming_id=held.subject_id)
        return
    log.warning(
        "step_failed",
        job_id=held.job_id,
        incoming_id=held.subject_id,
        code=code,
        reason=message,
        attempt=held.attempt,
        given_up=is_last,
    )


class Sweep:
    """What is done every few seconds: ring for due jobs, bring parked records back, resume waiting scans."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._sweeper = Sweeper(
            again_seconds=max(runtime.settings.lease_seconds, runtime.settings.sweep_seconds),
            grace_seconds=runtime.settings.sweep_seconds,
        )

    def once(self) -> int:
        """Sweep; returns for how many jobs it rang."""
        with self._runtime.work(MACHINE) as work:
            if find_company(work) is None:
                return 0
            come_back(work)
            _resume_scans(work, self._runtime.settings.languages)
            jobs.purge(work)
            ring = self._sweeper.due(work)
        self._runtime.ring(ring)
        if ring:
            log.info("jobs_rung", count=len(ring))
        return len(ring)


def _resume_scans(work: Work, languages: tuple[str, ...]) -> None:
    """Scans that wait for Tesseract go on as soon as it is there."""
    waiting = work.session.scalars(
        select(IncomingDocument.id).where(IncomingDocument.wait_reason == WAITING_FOR_OCR)
    ).all()
    if not waiting:
        return
    try:
        usable_languages(languages)
    except OcrUnavailable:
        return
    jobs.hurry(work, JOB_KIND, list(waiting))
