"""Real documents on their journey: fifty at once, and one all the way into the books and the stock."""

from decimal import Decimal
from pathlib import Path

from sqlalchemy import func, select

from core.ledgers.general import GLEntry
from core.ledgers.item import ItemEntry
from core.master.vendors import approve_vendor
from core.outbox import Job, JobState
from core.work import Actor
from pipeline.incoming import IncomingDocument, IntakeRefusal, ScreenWord, screen_word
from pipeline.runtime import Runtime
from pipeline.workflow import review
from pipeline.workflow.review_view import FieldState, ReviewView
from tests.journeys.running import RunningInkoop, running_inkoop, wait_until

KIM = Actor("kim", "Kim Bakker", frozenset({"clerk"}))
BEA = Actor("bea", "Bea Mulder", frozenset({"bookkeeper"}))

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


def test_a_real_document_becomes_ledger_entries_and_stock(tmp_path: Path, corpus_folder: Path) -> None:
    with running_inkoop(tmp_path) as inkoop:
        path = sorted((corpus_folder / "hybrid").glob("*.pdf"))[0]
        inkoop.drop(path.name, path.read_bytes())
        wait_until(lambda: reviewed(inkoop.runtime) is not None, "the review")
        incoming_id = reviewed(inkoop.runtime)
        assert incoming_id is not None
        _settle(inkoop.runtime, incoming_id)
        with inkoop.runtime.work(KIM) as work:
            review.approve(work, incoming_id, None)
        with inkoop.runtime.work(BEA) as work:
            posted_no = review.post_document(work, incoming_id, None)
        with inkoop.runtime.reading(BEA) as work:
            of_document = GLEntry.document_no == posted_no
            assert work.session.scalar(select(func.sum(GLEntry.amount_lcy)).where(of_document)) == 0
            payables = select(func.sum(GLEntry.amount_lcy)).where(of_document, GLEntry.account_no == "1600")
            total = work.session.get_one(IncomingDocument, incoming_id).total_gross
            assert work.session.scalar(payables) == -Decimal(total or 0)
            stock = select(func.sum(ItemEntry.quantity)).where(ItemEntry.item_no == "1300")
            assert (work.session.scalar(stock) or 0) > 0
        assert inkoop.ask("verify") == {"holds": True, "broken": []}


def reviewed(runtime: Runtime) -> int | None:
    """The one document, when it waits for a person."""
    with runtime.reading(KIM) as work:
        row = work.session.scalar(select(IncomingDocument))
        return row.id if row is not None and row.stage == "in_review" else None


def _settle(runtime: Runtime, incoming_id: int) -> None:
    """What a clerk and a bookkeeper do with an invoice of a vendor that nobody knows, billed to another."""
    with runtime.work(KIM) as work:
        proposed = review.propose_vendor(work, incoming_id)
        vendor_no = review.create_vendor_from(work, incoming_id, None, proposed).vendor_no
    with runtime.work(BEA) as work:
        approve_vendor(work, vendor_no)
    with runtime.work(KIM) as work:
        first = next(line for line in _view(runtime, incoming_id).lines if line.type == "account")
        review.set_line(work, incoming_id, None, first.line_no, "no", "1300", language="en")
    for message in _view(runtime, incoming_id).messages:
        if message.code.startswith("INC_BUYER_"):
            with runtime.work(KIM) as work:
                review.dismiss(work, incoming_id, None, message.id, "A trial with a real document")
    for _ in range(50):
        view = _view(runtime, incoming_id)
        if view.next_open is None:
            return
        with runtime.work(KIM) as work:
            field = view.fields.get(view.next_open)
            if field is not None and field.state is FieldState.STOPPED:
                review.keep_card_account(work, incoming_id, None)
            else:
                review.confirm_field(work, incoming_id, None, view.next_open)


def _view(runtime: Runtime, incoming_id: int) -> ReviewView:
    with runtime.reading(KIM) as work:
        return review.open_review(work, incoming_id)
