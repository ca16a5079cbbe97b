"""One step at a time: what a step does when the file, the worker or a person gets in its way."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from core.errors import DomainError
from core.outbox import Job, JobState
from core.work import MACHINE
from pipeline import jobs, tasks
from pipeline.incoming import IncomingActivity, ScreenWord, screen_word
from pipeline.workflow import review, steps
from pipeline.workflow.tools import Outage
from tests.pipeline.journey import KIM, Journey

BROKEN = b"%PDF-1.7 this is no document"


def open_jobs(journey: Journey, incoming_id: int) -> list[int]:
    with journey.runtime.reading(MACHINE) as work:
        found = select(Job.id).where(Job.subject_id == incoming_id, Job.state != JobState.DONE.value)
        return list(work.session.scalars(found))


def make_due(journey: Journey) -> None:
    with journey.runtime.work(MACHINE) as work:
        past = work.now - timedelta(seconds=1)
        work.session.execute(update(Job).values(run_after=past))
        work.session.execute(update(Job).where(Job.state == "running").values(lease_until=past))


def claimed(journey: Journey, incoming_id: int) -> jobs.Claim:
    (job_id,) = open_jobs(journey, incoming_id)
    with journey.runtime.work(MACHINE) as work:
        held = jobs.claim(work, job_id, jobs.new_owner("tester"), 45, 3)
    assert held is not None
    return held


def test_a_broken_file_keeps_its_record_shows_failed_with_the_reason_and_is_not_tried_again(
    journey: Journey,
) -> None:
    incoming_id = journey.deliver(BROKEN)
    journey.go_on()
    row = journey.row(incoming_id)
    assert (screen_word(row), row.failure_code, row.ocr_status, row.stage) == (
        ScreenWord.FAILED,
        "INC_UNREADABLE",
        "error",
        "received",
    )
    assert open_jobs(journey, incoming_id) == []
    assert journey.runtime.store.is_intact(row.sha256)


def test_a_failed_document_is_read_again_or_entered_by_hand_or_rejected(journey: Journey) -> None:
    incoming_id = journey.deliver(BROKEN)
    journey.go_on()
    with journey.runtime.work(KIM) as work:
        review.read_again(work, incoming_id, None)
    assert journey.row(incoming_id).job_status == "scheduled"
    journey.go_on()
    with journey.runtime.work(KIM) as work:
        review.enter_by_hand(work, incoming_id, None)
        for key, typed in (
            ("invoice_number", "F-1"),
            ("issue_date", "2026-11-20"),
            ("total_net", "100"),
            ("total_vat", "21"),
            ("total_gross", "121"),
            ("currency_code", "EUR"),
        ):
            review.set_field(work, incoming_id, None, key, typed, language="en")
        review.set_vendor(work, incoming_id, None, "10231")
    assert journey.checks(incoming_id) == {}
    journey.approve(incoming_id)
    assert journey.post(incoming_id)


def test_a_file_that_ends_its_worker_each_time_is_given_up_visibly(journey: Journey) -> None:
    incoming_id = journey.deliver(BROKEN)
    for _ in range(3):
        claimed(journey, incoming_id)
        make_due(journey)
    (job_id,) = open_jobs(journey, incoming_id)
    assert tasks.take_step(journey.runtime, job_id)
    row = journey.row(incoming_id)
    assert (screen_word(row), row.failure_code, row.job_status) == (
        ScreenWord.FAILED,
        "INC_GIVEN_UP",
        "error",
    )


def test_a_mistake_in_the_program_costs_three_attempts_and_never_tells_the_text_of_the_document(
    journey: Journey,
) -> None:
    incoming_id = journey.deliver(BROKEN)
    journey.runtime.store.path(journey.row(incoming_id).sha256).unlink()
    for _ in range(3):
        make_due(journey)
        (job_id,) = open_jobs(journey, incoming_id)
        tasks.take_step(journey.runtime, job_id)
    row = journey.row(incoming_id)
    assert (row.failure_code, screen_word(row)) == ("INC_STEP_FAILED", ScreenWord.FAILED)
    assert row.failure_values is not None
    assert "MissingFile in store.py" in row.failure_values


def test_an_outage_counts_no_attempt_and_is_told(journey: Journey) -> None:
    incoming_id = journey.deliver(BROKEN)
    for _ in range(5):
        make_due(journey)
        held = claimed(journey, incoming_id)
        assert held.attempt == 1
        with journey.runtime.work(MACHINE) as work:
            steps.put_off(work, held, Outage("disk_full"))
    row = journey.row(incoming_id)
    assert (row.wait_reason, row.job_status, row.failure_code) == ("disk_full", "scheduled", None)
    with journey.runtime.reading(MACHINE) as work:
        told = select(IncomingActivity).where(IncomingActivity.action == "waits")
        assert len(work.session.scalars(told).all()) == 1


def test_a_step_whose_document_was_rejected_meanwhile_writes_nothing(journey: Journey) -> None:
    incoming_id = journey.deliver(BROKEN)
    held = claimed(journey, incoming_id)
    with journey.runtime.work(MACHINE) as work:
        stage = steps.begin(work, held)
    assert stage is not None
    with journey.runtime.work(KIM) as work:
        review.reject(work, incoming_id, None, "Not for us")
    with pytest.raises(jobs.ClaimLost):
        steps.take(journey.runtime.tools(), held, stage)
    row = journey.row(incoming_id)
    assert (row.stage, row.failure_code, row.page_count) == ("rejected", None, 0)


def test_every_message_delivered_three_times_has_the_effect_of_one(journey: Journey) -> None:
    incoming_id = journey.receive()
    before = journey.row(incoming_id)
    with journey.runtime.reading(MACHINE) as work:
        all_jobs = list(work.session.scalars(select(Job.id)))
    for job_id in all_jobs * 3:
        assert not tasks.take_step(journey.runtime, job_id)
    after = journey.row(incoming_id)
    assert (after.version, after.draft_id) == (before.version, before.draft_id)


def test_the_sweep_finds_a_document_whose_bell_was_never_heard(journey: Journey) -> None:
    journey.deliver(BROKEN)
    sweep = tasks.Sweep(journey.runtime)
    make_due(journey)
    assert sweep.once() == 1
    assert sweep.once() == 0


def test_only_a_document_in_review_can_be_edited(journey: Journey) -> None:
    incoming_id = journey.deliver(BROKEN)
    with pytest.raises(DomainError) as error, journey.runtime.work(KIM) as work:
        review.set_field(work, incoming_id, None, "due_date", "t", language="en")
    assert error.value.code == "INC_NOT_IN_REVIEW"
