"""Jobs are claimed once, leased, retried and given up (technology §4, reliability 1 to 5)."""

import time
from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import update

from core.outbox import Job, JobState
from core.work import MACHINE
from pipeline import jobs
from pipeline.jobs import Claim, ClaimLost, Heartbeat, Sweeper
from pipeline.runtime import Runtime


def add(runtime: Runtime, delay_seconds: int = 0) -> int:
    with runtime.work(MACHINE) as work:
        job = work.add_job("test", 1, delay_seconds)
        work.session.flush()
        return job.id


def claim(runtime: Runtime, job_id: int, lease_seconds: float = 45) -> Claim | None:
    with runtime.work(MACHINE) as work:
        return jobs.claim(work, job_id, jobs.new_owner("tester"), lease_seconds, max_attempts=3)


def held(runtime: Runtime, job_id: int, lease_seconds: float = 45) -> Claim:
    found = claim(runtime, job_id, lease_seconds)
    assert found is not None
    return found


def job(runtime: Runtime, job_id: int) -> Job:
    with runtime.reading(MACHINE) as work:
        found = work.session.get_one(Job, job_id)
        work.session.expunge_all()
        return found


def expire(runtime: Runtime, job_id: int) -> None:
    with runtime.work(MACHINE) as work:
        past = work.now - timedelta(seconds=1)
        work.session.execute(update(Job).where(Job.id == job_id).values(lease_until=past))


def test_a_job_is_handed_to_one_of_many_workers(runtime: Runtime) -> None:
    job_id, start, found = add(runtime), Barrier(8), list[Claim]()

    def compete() -> None:
        start.wait()
        got = claim(runtime, job_id)
        if got is not None:
            found.append(got)

    threads = [Thread(target=compete) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 1


def test_a_job_that_is_not_due_is_left(runtime: Runtime) -> None:
    assert claim(runtime, add(runtime, delay_seconds=60)) is None


def test_a_job_whose_lease_ran_out_goes_to_another_and_the_first_can_no_longer_finish_it(
    runtime: Runtime,
) -> None:
    job_id = add(runtime)
    first = held(runtime, job_id)
    expire(runtime, job_id)
    second = held(runtime, job_id)
    assert second.attempt == 2
    with pytest.raises(ClaimLost), runtime.work(MACHINE) as work:
        jobs.finish(work, first)
    with runtime.work(MACHINE) as work:
        jobs.finish(work, second)
    assert job(runtime, job_id).state == JobState.DONE


def test_a_lost_claim_undoes_all_that_was_written_with_it(runtime: Runtime) -> None:
    job_id = add(runtime)
    first = held(runtime, job_id)
    expire(runtime, job_id)
    held(runtime, job_id)
    with pytest.raises(ClaimLost), runtime.work(MACHINE) as work:
        work.add_job("result", 99)
        jobs.finish(work, first)
    with runtime.reading(MACHINE) as work:
        assert work.session.query(Job).filter_by(kind="result").count() == 0


def test_a_job_is_failed_after_the_third_attempt(runtime: Runtime) -> None:
    job_id = add(runtime)
    states = []
    for _ in range(3):
        with runtime.work(MACHINE) as work:
            work.session.execute(update(Job).values(run_after=work.now))
        got = held(runtime, job_id)
        with runtime.work(MACHINE) as work:
            states.append(jobs.fail(work, got, "no luck", max_attempts=3))
    assert states == [JobState.QUEUED, JobState.QUEUED, JobState.FAILED]
    assert claim(runtime, job_id) is None
    assert job(runtime, job_id).last_error == "no luck"


def test_a_job_that_kills_its_worker_each_time_is_given_up_and_not_computed_again(runtime: Runtime) -> None:
    job_id = add(runtime)
    for attempt in (1, 2, 3):
        assert held(runtime, job_id).attempt == attempt
        expire(runtime, job_id)
    last = held(runtime, job_id)
    assert last.is_given_up
    with runtime.work(MACHINE) as work:
        jobs.give_up(work, last, "the worker died each time")
    assert job(runtime, job_id).state == JobState.FAILED


def test_waiting_for_something_outside_the_document_counts_no_attempt(runtime: Runtime) -> None:
    job_id = add(runtime)
    for _ in range(5):
        with runtime.work(MACHINE) as work:
            work.session.execute(update(Job).values(run_after=work.now))
        got = held(runtime, job_id)
        assert got.attempt == 1
        with runtime.work(MACHINE) as work:
            assert jobs.wait(work, got, "waiting_for_ocr") > 0


def test_a_heartbeat_keeps_the_lease_of_a_slow_step(runtime: Runtime) -> None:
    job_id = add(runtime)
    got = held(runtime, job_id, lease_seconds=0.6)
    with Heartbeat(lambda: runtime.work(MACHINE), got, lease_seconds=30, every_seconds=0.1):
        wait_for(lambda: lease_left(runtime, job_id) > 10)
        assert claim(runtime, job_id) is None


def test_a_heartbeat_notices_that_the_claim_is_lost(runtime: Runtime) -> None:
    job_id = add(runtime)
    got = held(runtime, job_id)
    expire(runtime, job_id)
    held(runtime, job_id)
    with Heartbeat(lambda: runtime.work(MACHINE), got, lease_seconds=30, every_seconds=0.05) as heart:
        wait_for(lambda: heart.is_lost)


def test_the_sweep_rings_for_expired_jobs_and_does_not_flood_a_long_queue(runtime: Runtime) -> None:
    sweeper = Sweeper(again_seconds=60, grace_seconds=0)
    job_id = add(runtime)
    assert due(runtime, sweeper) == [job_id]
    assert due(runtime, sweeper) == []
    held(runtime, job_id)
    expire(runtime, job_id)
    assert due(runtime, sweeper) == [job_id]


def test_the_sweep_rings_again_for_a_message_that_was_lost(runtime: Runtime) -> None:
    sweeper = Sweeper(again_seconds=0, grace_seconds=0)
    job_id = add(runtime)
    assert due(runtime, sweeper) == [job_id]
    assert due(runtime, sweeper) == [job_id]


def due(runtime: Runtime, sweeper: Sweeper) -> list[int]:
    with runtime.reading(MACHINE) as work:
        return sweeper.due(work)


def lease_left(runtime: Runtime, job_id: int) -> float:
    until = job(runtime, job_id).lease_until
    assert until is not None
    return (until - runtime.now()).total_seconds()


def wait_for(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)
