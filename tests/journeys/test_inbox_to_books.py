"""A file put into the inbox ends as entries in the books, through the real processes."""

import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from core.ledgers.general import GLEntry
from core.work import Actor
from pipeline.incoming import IncomingDocument, Stage
from pipeline.workflow import review
from tests.journeys.files import vendor_files
from tests.journeys.running import RunningInkoop, running_inkoop, wait_until
from tests.services import Redis

KIM = Actor("kim", "Kim Bakker", frozenset({"clerk"}))
BEA = Actor("bea", "Bea Mulder", frozenset({"bookkeeper"}))


@pytest.fixture(params=["embedded", "redis and postgresql"])
def inkoop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[RunningInkoop]:
    settings: dict[str, str] = {}
    if request.param != "embedded":
        server: Redis = request.getfixturevalue("redis_server")
        server.flush()
        settings["INKOOP_BROKER_URL"] = server.url
        settings["INKOOP_DATABASE_URL"] = request.getfixturevalue("postgres_url")
    with running_inkoop(tmp_path, settings) as running:
        yield running


def stages(inkoop: RunningInkoop) -> dict[str, str]:
    with inkoop.runtime.reading(KIM) as work:
        rows = work.session.execute(select(IncomingDocument.description, IncomingDocument.stage))
        return {row[0]: row[1] for row in rows}


def test_an_e_invoice_in_the_inbox_is_reviewed_posted_and_proved(inkoop: RunningInkoop) -> None:
    inkoop.drop(*next(vendor_files(1)))
    wait_until(lambda: list(stages(inkoop).values()) == [Stage.IN_REVIEW.value], "the review")
    with inkoop.runtime.reading(KIM) as work:
        incoming_id = work.session.scalar(select(IncomingDocument.id))
        assert incoming_id is not None
        view = review.open_review(work, incoming_id)
    assert view.document.word == "needs_review"
    assert view.fields["invoice_number"].path
    assert [check.name for check in view.checks if check.state != "ok"] == []
    with inkoop.runtime.work(KIM) as work:
        review.approve(work, incoming_id, view.document.version)
    with inkoop.runtime.work(BEA) as work:
        posted_no = review.post_document(work, incoming_id, None)
    with inkoop.runtime.reading(BEA) as work:
        entries = select(func.sum(GLEntry.amount_lcy), func.count()).where(GLEntry.document_no == posted_no)
        balance, count = work.session.execute(entries).one()
    assert (balance, count > 2) == (0, True)
    assert inkoop.ask("verify") == {"holds": True, "broken": []}
    status = inkoop.ask("status")
    assert status["idle"]
    with urllib.request.urlopen(f"http://127.0.0.1:{inkoop.runtime.settings.port}/health") as answer:
        assert answer.status == 200


def test_ctrl_c_stops_every_process(inkoop: RunningInkoop) -> None:
    wait_until(lambda: len(inkoop.see()) >= 7, "the start of all processes")
    assert inkoop.stop() == 0
    assert inkoop.still_there() == []


def test_the_books_survive_a_changed_original_only_visibly(tmp_path: Path) -> None:
    with running_inkoop(tmp_path) as inkoop:
        inkoop.drop(*next(vendor_files(1)))
        wait_until(lambda: list(stages(inkoop).values()) == [Stage.IN_REVIEW.value], "the review")
        (original,) = inkoop.runtime.store.all_originals()
        path = inkoop.runtime.store.path(original)
        path.chmod(0o600)
        path.write_bytes(path.read_bytes() + b" ")
        with pytest.raises(AssertionError, match=r"original.*IN-"):
            inkoop.ask("verify")
