"""Fifty real documents put into the inbox at once all end somewhere that a person sees."""

from pathlib import Path

from sqlalchemy import func, select

from core.outbox import Job, JobState
from core.work import Actor
from pipeline.incoming import IncomingDocument, IntakeRefusal, ScreenWord, screen_word
from tests.journeys.running import RunningInkoop, running_inkoop, wait_until

KIM = Actor("kim", "Kim Bakker", frozenset({"clerk"}))

FIFTY = {"hybrid": 14, "einvoice-xml": 12, "born-digital": 14, "scanned": 6, "receipts": 4}
ENDS = {ScreenWord.NEEDS_REVIEW, ScreenWord.FAILED, ScreenWord.MERGED}


def chosen(corpus: Path) -> list[Path]:
    """Fifty files of every kind, evenly from each folder."""
    files: list[Path] = []
    for folder, count in FIFTY.items():
        found = sorted(path for path in (corpus / folder).rglob("*") if path.is_file())
        step = max(1, len(found) // count)
        files += found[::step][:count]
    return files


def is_idle(inkoop: RunningInkoop) -> bool:
    with inkoop.runtime.reading(KIM) as work:
        waiting = select(func.count()).where(Job.state.in_((JobState.QUEUED, JobState.RUNNING)))
        return work.session.scalar(waiting) == 0


def test_fifty_real_files_at_once_all_end_as_documents_merged_records_or_refusals(
    tmp_path: Path, corpus_folder: Path
) -> None:
    files = chosen(corpus_folder)
    assert len(files) == 50
    with running_inkoop(tmp_path, {"INKOOP_LEASE_SECONDS": "45"}) as inkoop:
        for number, path in enumerate(files):
            inkoop.drop(f"{number:02d}-{path.name}", path.read_bytes())

        def is_taken() -> bool:
            return not [path for path in inkoop.inbox.iterdir() if path.is_file()]

        wait_until(is_taken, "the inbox to be emptied", 600)
        wait_until(lambda: is_idle(inkoop), "the end of all jobs", 900)
        with inkoop.runtime.reading(KIM) as work:
            records = work.session.scalars(select(IncomingDocument)).all()
            refused = work.session.scalar(select(func.count()).select_from(IntakeRefusal)) or 0
            words = [screen_word(record) for record in records]
        assert len(records) + refused == len(files)
        assert set(words) <= ENDS
        assert words.count(ScreenWord.NEEDS_REVIEW) >= 45
        assert inkoop.ask("verify") == {"holds": True, "broken": []}
