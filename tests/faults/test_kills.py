"""Processes are killed while they work: nothing is lost or doubled, no orphan stays (reliability 1 and 3)."""

import random
import signal
import time
from collections import Counter
from pathlib import Path

import psutil
from sqlalchemy import func, select

from core.outbox import Job, JobState
from core.purchasing.document import DocumentKind, PurchaseDocument
from core.work import MACHINE
from pipeline.incoming import IncomingDocument, IntakeRefusal, Stage
from tests.journeys.files import vendor_files
from tests.journeys.running import RunningInkoop, running_inkoop, wait_until

SEED = 20261124
KILLS = {
    "worker": 4,
    "prefork child": 4,
    "reading child": 4,
    "web": 3,
    "watcher": 3,
    "supervisor": 3,
}
FILES_FOR_EACH_KILL = 2


def victims(inkoop: RunningInkoop, role: str) -> list[psutil.Process]:
    """The living processes of one kind."""
    found = []
    for process in inkoop.see():
        try:
            line, parent = process.cmdline(), process.parent()
            is_worker = line[-2:] == ["--only", "worker"]
            is_forked = is_worker and parent is not None and parent.cmdline()[-2:] == ["--only", "worker"]
        except psutil.NoSuchProcess:
            continue
        kind = "supervisor" if process.pid == inkoop.pid else None
        if is_worker:
            kind = "prefork child" if is_forked else "worker"
        elif "pipeline.child_main" in line:
            kind = "reading child"
        elif line[-2:-1] == ["--only"]:
            kind = line[-1]
        if kind == role:
            found.append(process)
    return found


def jobs_at_work(inkoop: RunningInkoop) -> dict[int, str]:
    """The jobs that living worker processes have now, by process."""
    with inkoop.runtime.reading(MACHINE) as work:
        rows = work.session.scalars(select(Job).where(Job.state == JobState.RUNNING.value))
        held = {int((job.owner or ":0/").split("/")[0].rpartition(":")[2]): job for job in rows}
        alive = {process.pid for process in victims(inkoop, "prefork child")}
        return {
            pid: f"job {job.id} of document {job.subject_id}" for pid, job in held.items() if pid in alive
        }


def is_idle(inkoop: RunningInkoop) -> bool:
    with inkoop.runtime.reading(MACHINE) as work:
        open_jobs = select(func.count()).where(Job.state.in_((JobState.QUEUED, JobState.RUNNING)))
        return work.session.scalar(open_jobs) == 0


def files_left(inkoop: RunningInkoop) -> list[str]:
    return [path.name for path in inkoop.inbox.iterdir() if path.is_file()]


def kill(inkoop: RunningInkoop, role: str) -> None:
    """Kill one process of this kind while jobs are running; of the worker processes, one that has a job."""
    chosen: list[psutil.Process] = []
    at_work: dict[int, str] = {}

    def is_found() -> bool:
        at_work.clear()
        at_work.update(jobs_at_work(inkoop))
        chosen[:] = victims(inkoop, role)
        if role == "prefork child":
            chosen[:] = [process for process in chosen if process.pid in at_work]
        return bool(chosen) and bool(at_work)

    wait_until(is_found, f"a {role} while a job runs", every_seconds=0.02)
    victim = random.choice(chosen)
    print(f"kill {role} {victim.pid} while {at_work}")
    victim.send_signal(signal.SIGKILL)
    if role != "supervisor":
        return
    assert inkoop.process is not None
    inkoop.process.wait()
    wait_until(lambda: inkoop.still_there() == [], "the end of all processes of a killed supervisor", 15)
    inkoop.start()


def check_nothing_is_lost_or_doubled(inkoop: RunningInkoop, dropped: int) -> None:
    with inkoop.runtime.reading(MACHINE) as work:
        rows = work.session.scalars(select(IncomingDocument)).all()
        stages = Counter(row.stage for row in rows)
        bills = PurchaseDocument.kind.in_([DocumentKind.INVOICE.value, DocumentKind.CREDIT_MEMO.value])
        drafts = work.session.scalar(select(func.count()).select_from(PurchaseDocument).where(bills))
        refused = work.session.scalar(select(func.count()).select_from(IntakeRefusal))
        assert (len(rows), refused) == (dropped, 0)
        assert len({row.sha256 for row in rows}) == dropped
        assert stages == {Stage.IN_REVIEW.value: dropped}
        linked = [row.draft_id for row in rows if row.draft_id is not None]
        assert len(linked) == len(set(linked)) == drafts
        assert [row.incoming_no for row in rows if row.failure_code] == []


def test_twenty_kills_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    print(f"seed {SEED}")
    random.seed(SEED)
    order = [role for role, times in KILLS.items() for _ in range(times)]
    random.shuffle(order)
    source = vendor_files(SEED)
    # A killed worker costs the job an attempt; here it is killed more often than a document may fail.
    with running_inkoop(tmp_path, {"INKOOP_MAX_ATTEMPTS": "30"}) as inkoop:
        dropped = 0
        for role in order:
            for _ in range(FILES_FOR_EACH_KILL):
                inkoop.drop(*next(source))
                dropped += 1
            kill(inkoop, role)
            time.sleep(random.uniform(0, 1))
        wait_until(lambda: not files_left(inkoop), "the inbox to be emptied")
        wait_until(lambda: is_idle(inkoop), "the end of all jobs")
        check_nothing_is_lost_or_doubled(inkoop, dropped)
        assert inkoop.ask("verify") == {"holds": True, "broken": []}
        log = inkoop.log()
        assert log.count("process_died") >= sum(KILLS[role] for role in ("worker", "web", "watcher"))
        assert "step_started" in log
        inkoop.see()
        assert inkoop.stop() == 0
        assert inkoop.still_there() == []


def test_an_emptied_broker_delays_the_work_and_loses_nothing(tmp_path: Path) -> None:
    source = vendor_files(SEED + 1_000)
    with running_inkoop(tmp_path) as inkoop:
        messages = inkoop.runtime.settings.broker_dir / "messages"
        for number in range(12):
            inkoop.drop(*next(source))
            if number % 2:
                time.sleep(0.5)
                for message in messages.glob("*.msg"):
                    message.unlink(missing_ok=True)
        wait_until(lambda: not files_left(inkoop), "the inbox to be emptied")
        wait_until(lambda: is_idle(inkoop), "the end of all jobs")
        check_nothing_is_lost_or_doubled(inkoop, 12)
