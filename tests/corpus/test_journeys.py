"""Fifty real documents put into the inbox at once all end somewhere that a person sees."""

from pathlib import Path

from sqlalchemy import func, select

from core.outbox import Job, JobState
from core.work import Actor
from pipeline.incoming import IncomingDocument, IntakeRefusal, ScreenWord, screen_word
from tests.journeys.running import RunningInkoop, running_inkoop, wait_until

KIM = Actor("kim", "Kim Bakker", frozenset({"clerk"}))

# Scans take Tesseract a second or two a page, so they come last when the folders take turns.
FOLDERS = ("hybrid", "einvoice-xml", "born-digital", "scanned", "receipts")
SCANS_AT_MOST = 5
FIFTY = 50
ENDS = {ScreenWord.NEEDS_REVIEW, ScreenWord.FAILED, ScreenWord.MERGED}


def chosen(corpus: Path) -> list[Path]:
    """Up to fifty files, spread over each folder that the corpus has, with a few scans among them."""
    every = {name: sorted(p for p in (corpus / name).rglob("*") if p.is_file()) for name in FOLDERS}
    few = [path for name in FOLDERS[3:] for path in _spread(every[name], SCANS_AT_MOST)]
    rest = [path for name in FOLDERS[:3] for path in every[name]]
    files = _spread(rest, FIFTY - len(few)) + few
    scans = [path for name in FOLDERS[3:] for path in every[name] if path not in files]
    return files + scans[: FIFTY - len(files)]


def _spread(files: list[Path], count: int) -> list[Path]:
    return [files[number * len(files) // count] for number in range(count)] if len(files) > count else files


def is_idle(inkoop: RunningInkoop) -> bool:
    with inkoop.runtime.reading(KIM) as work:
        waiting = select(func.count()).where(Job.state.in_((JobState.QUEUED, JobState.RUNNING)))
        return work.session.scalar(waiting) == 0


def test_fifty_real_files_at_once_all_end_as_documents_merged_records_or_refusals(
    tmp_path: Path, corpus_folder: Path
) -> None:
    files = chosen(corpus_folder)
    available = sum(path.is_file() for name in FOLDERS for path in (corpus_folder / name).rglob("*"))
    assert len(files) == min(FIFTY, available) > 0
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
        assert words.count(ScreenWord.NEEDS_REVIEW) > len(files) / 2
        assert inkoop.ask("verify") == {"holds": True, "broken": []}
