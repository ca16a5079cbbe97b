"""Deliveries become records, merged records or visible refusals (ID-31 to ID-33)."""

import errno
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from core.errors import DomainError
from pipeline.incoming import IncomingDocument, IntakeRefusal, ScreenWord, Stage, Status, screen_word
from pipeline.ingest.channel import Delivery, shown_name
from pipeline.ingest.channels.folder import FolderChannel
from pipeline.ingest.channels.upload import UploadChannel
from pipeline.runtime import Runtime
from pipeline.workflow import review
from tests.pipeline.journey import KIM, Journey

PDF = b"%PDF-1.7 a document"


@pytest.fixture
def inbox(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "inbox"
    folder.mkdir(exist_ok=True)
    yield folder


def channel(inbox: Path, settle_seconds: float = 0, max_bytes: int = 1000) -> FolderChannel:
    return FolderChannel(inbox, settle_seconds=settle_seconds, max_bytes=max_bytes)


def collect(runtime: Runtime, source: FolderChannel | UploadChannel) -> int:
    return source.collect(lambda delivery: isinstance(runtime.take_in(KIM, delivery), IncomingDocument))


def records(runtime: Runtime) -> list[IncomingDocument]:
    with runtime.reading(KIM) as work:
        rows = list(work.session.scalars(select(IncomingDocument).order_by(IncomingDocument.id)))
        work.session.expunge_all()
        return rows


def refusals(runtime: Runtime) -> list[tuple[str, str]]:
    with runtime.reading(KIM) as work:
        return [(row.name, row.code) for row in work.session.scalars(select(IntakeRefusal))]


def test_a_file_in_the_inbox_becomes_a_record_with_its_bytes_and_leaves_the_inbox(
    runtime: Runtime, inbox: Path
) -> None:
    (inbox / "factuur 17.pdf").write_bytes(PDF)
    assert collect(runtime, channel(inbox)) == 1
    (record,) = records(runtime)
    assert (record.stage, record.status, record.description) == (Stage.RECEIVED, Status.NEW, "factuur 17")
    assert runtime.store.get(record.sha256) == PDF
    assert list(inbox.iterdir()) == []


def test_the_type_is_told_by_the_content_and_not_by_the_name(runtime: Runtime, inbox: Path) -> None:
    (inbox / "scan.jpg").write_bytes(PDF)
    collect(runtime, channel(inbox))
    assert records(runtime)[0].media_type == "application/pdf"


def test_a_file_that_is_still_growing_is_left_until_it_keeps_its_size(runtime: Runtime, inbox: Path) -> None:
    source = channel(inbox, settle_seconds=3600)
    (inbox / "big.pdf").write_bytes(PDF)
    assert collect(runtime, source) == 0
    assert source.is_waiting
    assert (inbox / "big.pdf").exists()


def test_the_same_bytes_again_become_a_merged_record_that_names_the_first(
    runtime: Runtime, inbox: Path
) -> None:
    (inbox / "a.pdf").write_bytes(PDF)
    (inbox / "b.pdf").write_bytes(PDF)
    collect(runtime, channel(inbox))
    first, second = records(runtime)
    assert (second.stage, second.status, second.duplicate_of_id) == ("duplicate", "rejected", first.id)
    assert screen_word(second) is ScreenWord.MERGED
    assert second.processed


def test_not_a_duplicate_with_a_reason_makes_a_merged_record_new_and_has_it_read(journey: Journey) -> None:
    journey.deliver(PDF, reference="1")
    second = journey.deliver(PDF, reference="2")
    with pytest.raises(DomainError) as refused, journey.runtime.work(KIM) as work:
        review.not_a_duplicate(work, second, None, " ")
    assert refused.value.code == "INC_REASON_MISSING"
    with journey.runtime.work(KIM) as work:
        review.not_a_duplicate(work, second, None, "The vendor really sent two")
    row = journey.row(second)
    assert (row.stage, row.status, row.duplicate_of_id, row.job_status) == (
        "received",
        "new",
        None,
        "scheduled",
    )


def test_a_crash_between_the_commit_and_the_removal_does_not_take_the_file_twice(
    runtime: Runtime, inbox: Path
) -> None:
    (inbox / "a.pdf").write_bytes(PDF)

    def take_and_die(delivery: Delivery) -> bool:
        runtime.take_in(KIM, delivery)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        channel(inbox).collect(take_and_die)
    assert (inbox / "a.pdf").exists()
    collect(runtime, channel(inbox))
    assert len(records(runtime)) == 1
    assert list(inbox.iterdir()) == []


def test_a_real_second_copy_under_the_same_name_is_merged(runtime: Runtime, inbox: Path) -> None:
    for _ in range(2):
        (inbox / "a.pdf").write_bytes(PDF)
        collect(runtime, channel(inbox))
    assert [row.stage for row in records(runtime)] == ["received", "duplicate"]


def test_a_full_disk_leaves_the_file_in_the_inbox_and_registers_nothing(
    runtime: Runtime, inbox: Path
) -> None:
    (inbox / "a.pdf").write_bytes(PDF)

    def full(_delivery: Delivery) -> bool:
        raise OSError(errno.ENOSPC, "no space left")

    with pytest.raises(OSError, match="no space"):
        channel(inbox).collect(full)
    assert (inbox / "a.pdf").exists()
    assert records(runtime) == []


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("empty.pdf", b"", "INC_EMPTY_FILE"),
        ("large.pdf", PDF + b"x" * 2000, "INC_TOO_LARGE"),
        ("files.zip", b"PK\x03\x04 zip", "INC_ARCHIVE"),
        ("page.pdf", b"<!doctype html><p>no invoice", "INC_FILE_KIND"),
    ],
)
def test_a_file_that_is_refused_is_listed_with_its_reason_and_put_aside(
    runtime: Runtime, inbox: Path, name: str, data: bytes, code: str
) -> None:
    (inbox / name).write_bytes(data)
    runtime.settings = type(runtime.settings).from_environment(
        {
            "INKOOP_DATA_DIR": str(runtime.settings.data_dir),
            "INKOOP_DATABASE_URL": runtime.settings.database_url,
            "INKOOP_MAX_FILE_BYTES": "1000",
        }
    )
    source = channel(inbox)
    collect(runtime, source)
    collect(runtime, source)
    assert refusals(runtime) == [(name, code)]
    assert (inbox / "refused" / name).read_bytes() == data
    assert records(runtime) == []


def test_links_are_refused_and_never_followed(runtime: Runtime, inbox: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.pdf"
    secret.write_bytes(PDF)
    (inbox / "link.pdf").symlink_to(secret)
    collect(runtime, channel(inbox))
    assert refusals(runtime) == [("link.pdf", "INC_NOT_A_FILE")]
    assert secret.read_bytes() == PDF


def test_folders_hidden_and_unfinished_files_are_left_alone(runtime: Runtime, inbox: Path) -> None:
    (inbox / "sub").mkdir()
    (inbox / "sub" / "a.pdf").write_bytes(PDF)
    for name in (".hidden.pdf", "b.pdf.part", "~$c.pdf", "README.md"):
        (inbox / name).write_bytes(PDF)
    assert collect(runtime, channel(inbox)) == 0
    assert len(list(inbox.iterdir())) == 5


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/x.pdf", "x.pdf"),
        ("C:\\facturen\\x.pdf", "x.pdf"),
        ("fac\x00tuur\n.pdf", "factuur.pdf"),
        ("rekening\u202efdp.exe", "rekeningfdp.exe"),
        ("é" * 400 + ".pdf", "é" * 246 + ".pdf"),
    ],
)
def test_a_hostile_name_is_shown_without_its_tricks(name: str, shown: str) -> None:
    assert shown_name(name) == shown


def test_one_bad_file_of_an_upload_does_not_stop_the_others(runtime: Runtime) -> None:
    collect(runtime, UploadChannel([("a.pdf", PDF), ("b.pdf", b""), ("", PDF), ("c.pdf", PDF + b"2")]))
    assert [row.description for row in records(runtime)] == ["a", "c"]
    assert sorted(code for _, code in refusals(runtime)) == ["INC_EMPTY_FILE", "INC_NO_FILE_NAME"]


def test_numbers_tell_the_year_and_go_up(journey: Journey) -> None:
    first, second = journey.deliver(PDF), journey.deliver(PDF + b"2")
    year = journey.runtime.today().year % 100
    assert journey.row(first).incoming_no == f"IN-{year}-000001"
    assert journey.row(second).incoming_no == f"IN-{year}-000002"


def test_the_job_that_reads_a_document_is_written_with_it(journey: Journey) -> None:
    document = journey.row(journey.deliver(PDF))
    assert document.job_status == "scheduled"
    with journey.runtime.reading(KIM) as work:
        assert work.session.scalar(select(func.count()).select_from(IncomingDocument)) == 1
