"""Stage to step: the whole journey as one table, and how one step is taken.

A step looks (reading the database), computes (no transaction is open, a document may take seconds), and
writes: result, stage, status and the next job in one transaction that fails if claim or stage have changed.
Taking a step twice has the effect of taking it once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from core.outbox import JobState
from core.work import Work
from pipeline import jobs
from pipeline.incoming import (
    Change,
    IncomingDocument,
    JobStatus,
    Stage,
    get_incoming,
    lock_incoming,
    log,
    move,
    schedule,
)
from pipeline.jobs import Claim
from pipeline.workflow import read
from pipeline.workflow.draft import try_draft
from pipeline.workflow.review import finish_untouched, refresh
from pipeline.workflow.tools import Outage, Tools


@dataclass(frozen=True, slots=True)
class Step:
    """One step. What `look` gives goes into `compute`, and what that gives into `write`."""

    look: Callable[[Work, IncomingDocument], Any]
    compute: Callable[[Any, Tools], Any]
    write: Callable[[Work, IncomingDocument, Any], None]


def _nothing_to_look_at(_work: Work, _document: IncomingDocument) -> None:
    """The step needs nothing but the record, which it reads under its lock."""


def _nothing_to_compute(_task: None, _tools: Tools) -> None:
    """The step is all database work."""


def _write_draft(work: Work, document: IncomingDocument, _result: None) -> None:
    """READ to DRAFTED, or to review when there can be no draft yet."""
    outcome = try_draft(work, document)
    if outcome.draft is None:
        move(work, document, Stage.IN_REVIEW)
        refresh(work, document)
        return
    move(work, document, Stage.DRAFTED)
    schedule(work, document)


def _write_checks(work: Work, document: IncomingDocument, _result: None) -> None:
    """DRAFTED to review; within the vendor's touchless limit and with nothing open, through it untouched."""
    move(work, document, Stage.IN_REVIEW)
    refresh(work, document)
    if not finish_untouched(work, document):
        log(work, document, "waits_for_review")


STEPS: Mapping[Stage, Step] = {
    Stage.RECEIVED: Step(read.look, read.compute, read.write),
    Stage.READ: Step(_nothing_to_look_at, _nothing_to_compute, _write_draft),
    Stage.DRAFTED: Step(_nothing_to_look_at, _nothing_to_compute, _write_checks),
}
"""What the machine does at each stage; at any other stage a person is next."""


def begin(work: Work, held: Claim) -> Stage | None:
    """Show that the record is being worked on; its stage, or None when there is nothing for the machine."""
    document = lock_incoming(work, held.subject_id)
    stage = Stage(document.stage)
    if stage not in STEPS or document.failure_code:
        jobs.finish(work, held)
        document.job_status = JobStatus.NONE.value
        return None
    document.job_status = JobStatus.PROCESSING.value
    return stage


def take(tools: Tools, held: Claim, stage: Stage) -> None:
    """Take the step of this stage. Raises ClaimLost, Outage, and whatever computing raises."""
    step = STEPS[stage]
    with tools.open_reading() as work:
        task = step.look(work, get_incoming(work, held.subject_id))
    result = step.compute(task, tools)
    with tools.open_work() as work:
        document = lock_incoming(work, held.subject_id)
        jobs.finish(work, held)
        document.job_status = JobStatus.NONE.value
        document.wait_reason = None
        if Stage(document.stage) is stage:
            step.write(work, document, result)


def put_off(work: Work, held: Claim, outage: Outage) -> float:
    """Wait for something outside the document, visibly. Returns after how many seconds it is tried again."""
    document = lock_incoming(work, held.subject_id)
    delay = jobs.wait(work, held, outage.reason)
    document.job_status = JobStatus.SCHEDULED.value
    if document.wait_reason != outage.reason:
        document.wait_reason = outage.reason
        log(work, document, "waits", Change(reason=outage.reason))
    return delay


def note_failure(work: Work, held: Claim, code: str, reason: str, max_attempts: int) -> bool:
    """A failed attempt; after the last one the record shows Failed with its reason. True when it was that."""
    document = lock_incoming(work, held.subject_id)
    is_last = jobs.fail(work, held, reason, max_attempts) is JobState.FAILED
    document.job_status = (JobStatus.ERROR if is_last else JobStatus.SCHEDULED).value
    if is_last:
        read.stop(work, document, code, {"reason": reason})
    else:
        log(work, document, "attempt_failed", Change(reason=code))
    return is_last


def give_up(work: Work, held: Claim) -> None:
    """The job ended its worker too often: the record shows Failed, and a person decides."""
    document = lock_incoming(work, held.subject_id)
    jobs.give_up(work, held, held.last_error or "the worker died each time")
    document.job_status = JobStatus.ERROR.value
    read.stop(work, document, "INC_GIVEN_UP", {"attempts": held.attempt - 1})
