"""No document is opened in the process that works on: a child with limits opens it (technology §3, S5)."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import psutil
import pytest

from pipeline import child
from pipeline.child import MEGABYTE, READING, ChildFailed, Limits, run_in_child
from pipeline.child_main import ENTRIES
from pipeline.extract import contained
from pipeline.extract.document import Source
from pipeline.extract.unreadable import UnreadableDocument
from pipeline.media_type import PDF, PNG
from tests.extract import hostile
from tests.extract.einvoices import cii_invoice, pdf_with_text, ubl_invoice, with_embedded

ROOT = Path(__file__).resolve().parents[2]
HONEST = pdf_with_text("Invoice 2026-001 of nobody in particular")


def run_confined(code: str) -> subprocess.CompletedProcess[str]:
    """Run Python in an interpreter that is confined as a child is."""
    start = (
        "import os, sys\n"
        "from pipeline import confinement\n"
        "from pipeline.child import Limits\n"
        f"confinement.confine(Limits(), {os.getpid()})\n"
    )
    return subprocess.run(
        [sys.executable, "-c", start + code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def until(what: Callable[[], object]) -> object:
    """Wait for something to become true, as long as the slowest machine may need."""
    for _ in range(600):
        found = what()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError("it never happened")


# What a child gives back


def test_a_child_reads_what_the_reader_itself_would_read() -> None:
    survey, found = contained.read_or_survey(HONEST)

    assert (survey.kind, survey.text_pages) == ("pdf", (1,))
    assert found is not None and found.source == Source.TEXT_LAYER


def test_every_step_of_reading_can_be_done_in_a_child() -> None:
    data = with_embedded(HONEST, ("factur-x.xml", cii_invoice()))

    assert contained.survey_document(data).has_einvoice
    assert contained.read_document(ubl_invoice()).value("total_gross") == "175.50"
    assert contained.assemble(data).value("total_gross") == "119.00"
    assert contained.render_page(data, PDF, 1, dpi=50).startswith(b"\x89PNG")
    assert [word.text for word in contained.page_words(data, PDF, 1).words][:2] == ["Invoice", "2026-001"]


def test_a_page_is_read_by_ocr_in_a_child() -> None:
    picture = contained.render_page(HONEST, PDF, 1, dpi=150)

    page = contained.read_page_by_ocr(picture, PNG, 1, ("eng",))

    assert page.source == "ocr"
    assert "2026-001" in [word.text for word in page.words]


def test_only_the_listed_functions_can_be_asked_for() -> None:
    assert "os:getcwd" not in ENTRIES

    with pytest.raises(ChildFailed) as failure:
        run_in_child("os:getcwd", b"")

    assert failure.value.kind == "crash"


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\x80\x04\x95cos\nsystem\n",
        child.frame(b"[" * 100_000, b""),
        child.frame(b'{"outcome": "done"}', b""),
        child.frame(b'"done"', b""),
        child.frame(b'{"outcome": "done", "value": 1}', b"")[:-1],
    ],
    ids=["nothing", "a pickle", "nested", "no value", "no object", "cut off"],
)
def test_an_answer_in_another_form_than_agreed_is_a_crash(answer: bytes, tmp_path: Path) -> None:
    """The child opened a hostile file: what it says is not trusted either."""
    said = tmp_path / "answer"
    said.write_bytes(answer)
    with subprocess.Popen(["cat", str(said)], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as liar:
        raw = child._Exchange(liar, READING).run(b"request")
        with pytest.raises(ChildFailed) as failure:
            child._decoded(raw, liar)

    assert failure.value.kind == "crash"


def test_an_answer_that_never_ends_is_cut_off() -> None:
    with subprocess.Popen(["cat", "/dev/zero"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as liar:
        with pytest.raises(ChildFailed, match="answer is too large") as failure:
            child._Exchange(liar, Limits(answer_bytes=MEGABYTE)).run(b"")
        liar.kill()

    assert failure.value.kind == "limit"


@pytest.mark.parametrize(
    ("code", "values"),
    [("INC_NO_SUCH_CODE", {}), ("__class__", {}), ("", {})],
)
def test_a_reason_that_was_not_agreed_is_a_crash(code: str, values: dict[str, str]) -> None:
    refusal = contained._refusal(ChildFailed("refused", code, "because", values))

    assert isinstance(refusal, ChildFailed) and refusal.kind == "crash"


def test_the_values_of_a_reason_are_the_agreed_ones_whatever_the_child_says() -> None:
    said = {"pages": "201", "message": "x", "code": "y", "self": "z"}

    refusal = contained._refusal(ChildFailed("refused", "INC_TOO_MANY_PAGES", "because", said))

    assert isinstance(refusal, UnreadableDocument)
    assert refusal.values == {"pages": "201", "limit": "?"}


@pytest.mark.parametrize(
    ("key", "wrong"),
    [
        ("lines", [{"quantity": 3}]),
        ("confidence", {}),
        ("provenance", []),
        ("lines", 3),
        ("source", "rumour"),
    ],
)
def test_an_invoice_in_another_form_than_agreed_is_a_crash(key: str, wrong: object) -> None:
    body = {**contained.read_document(ubl_invoice()).to_json(), key: wrong}

    with pytest.raises(ChildFailed) as failure:
        contained._made(lambda: contained._invoice(body))

    assert failure.value.kind == "crash"


# Hostile files


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "INC_EMPTY_FILE"),
        (hostile.encrypted(), "INC_PASSWORD"),
        (HONEST[: len(HONEST) // 3], "INC_UNREADABLE"),
        (b"%PDF-1.7\nnothing more", "INC_UNREADABLE"),
        (hostile.pages(201), "INC_TOO_MANY_PAGES"),
        (hostile.pages(5000), "INC_TOO_MANY_PAGES"),
        (hostile.page_loop(), "INC_UNREADABLE"),
        (hostile.huge_png(), "INC_TOO_LARGE"),
        (b"PK\x03\x04" + bytes(100), "INC_ARCHIVE"),
        (b"<a><b></a>", "INC_UNREADABLE"),
        (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>', "INC_UNREADABLE"),
    ],
    ids=[
        "empty",
        "password",
        "cut off",
        "header alone",
        "201 pages",
        "5,000 pages",
        "page loop",
        "huge picture",
        "archive",
        "broken XML",
        "XXE",
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_its_code(data: bytes, code: str) -> None:
    """ID-33."""
    with pytest.raises(UnreadableDocument) as refusal:
        contained.read_document(data)

    assert refusal.value.code == code


def test_two_hundred_pages_are_not_too_many() -> None:
    assert contained.survey_document(hostile.pages(200)).page_count == 200


def test_a_hundred_thousand_rectangles_do_not_keep_the_words_from_being_read() -> None:
    assert contained.read_document(hostile.many_rectangles()).source == Source.TEXT_LAYER


@pytest.mark.parametrize(
    "data", [hostile.nested_forms(), hostile.many_texts()], ids=["nested forms", "a million texts"]
)
def test_a_file_that_asks_for_too_much_costs_only_its_child(data: bytes) -> None:
    small = Limits(cpu_seconds=5, resident_bytes=512 * MEGABYTE)

    with pytest.raises(ChildFailed) as failure:
        contained.read_or_survey(data, limits=small)

    assert failure.value.kind in ("limit", "crash")
    assert failure.value.code == "INC_UNREADABLE"
    assert contained.read_document(HONEST).page_count == 1


def test_a_huge_picture_inside_a_pdf_makes_only_its_page_unreadable() -> None:
    data = hostile.huge_image_in_pdf()
    survey = contained.survey_document(data)

    assert survey.ocr_pages == (1,)
    with pytest.raises((UnreadableDocument, ChildFailed)):
        contained.read_page_by_ocr(data, PDF, 1, ("eng",))


# Limits


def test_processor_time_is_limited() -> None:
    with pytest.raises(ChildFailed, match="processor time") as failure:
        contained.read_or_survey(hostile.many_texts(), limits=Limits(cpu_seconds=1, resident_bytes=2**40))

    assert failure.value.kind == "limit"


def test_time_on_the_clock_is_limited() -> None:
    with pytest.raises(ChildFailed, match=r"longer than 0\.01 seconds") as failure:
        contained.read_or_survey(HONEST, limits=Limits(wall_seconds=0.01))

    assert failure.value.kind == "limit"


def test_memory_in_use_is_limited() -> None:
    with pytest.raises(ChildFailed, match="more than 100 MB of memory") as failure:
        contained.read_or_survey(hostile.many_texts(), limits=Limits(resident_bytes=100 * MEGABYTE))

    assert failure.value.kind == "limit"


def test_address_space_is_limited() -> None:
    done = run_confined("bytearray(3 * 2**30)")

    assert "MemoryError" in done.stderr


def test_files_and_core_dumps_are_limited() -> None:
    done = run_confined(
        "import resource\n"
        "print(resource.getrlimit(resource.RLIMIT_FSIZE), resource.getrlimit(resource.RLIMIT_CORE))"
    )

    assert done.stdout.strip() == f"({256 * MEGABYTE}, {256 * MEGABYTE}) (0, 0)"


# No network, no secrets


@pytest.mark.parametrize("family", ["AF_INET", "AF_INET6", "AF_UNIX"])
def test_no_socket_of_any_kind_can_be_opened(family: str) -> None:
    done = run_confined(f"import socket\nsocket.socket(socket.{family})")

    assert "PermissionError" in done.stderr


def test_a_program_started_from_the_child_has_no_network_either() -> None:
    done = run_confined(
        "import subprocess\n"
        "code = 'import socket; socket.socket()'\n"
        "told = subprocess.run([sys.executable, '-c', code], capture_output=True)\n"
        "print(told.returncode, b'PermissionError' in told.stderr)"
    )

    assert done.stdout.strip() == "1 True"


@pytest.mark.parametrize("measure", ["leave_network", "refuse_calls"])
def test_each_measure_against_the_network_is_enough_by_itself(measure: str) -> None:
    """Where a container forbids the one, the other still holds."""
    code = (
        "import socket\n"
        "from pipeline import confinement\n"
        f"assert confinement.{measure}()\n"
        "socket.create_connection(('192.0.2.1', 9), timeout=5)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )

    assert re.search(r"PermissionError|Network is unreachable", done.stderr), done.stderr


def test_the_memory_of_the_parent_cannot_be_read() -> None:
    done = run_confined("open(f'/proc/{os.getppid()}/environ').read()")

    assert "PermissionError" in done.stderr


def test_the_child_knows_no_secret_of_the_parent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INKOOP_DATABASE_PASSWORD", "hush")

    assert not [name for name in child._environment("/scratch") if name.startswith("INKOOP_")]
    assert "hush" not in child._environment("/scratch").values()


# No orphans

READ_FOR_LONG = """
import sys
from pathlib import Path
from pipeline.extract import contained
contained.read_page_by_ocr(Path(sys.argv[1]).read_bytes(), "image/png", 1, ("eng", "nld", "deu"))
"""


def running_tesseract(parent: psutil.Process) -> list[psutil.Process]:
    """The parent's child and the Tesseract it has started, once both run; else nothing."""
    below = [process for process in parent.children(recursive=True) if is_reading(process)]
    return below if any(process.name() == "tesseract" for process in below) else []


def is_reading(process: psutil.Process) -> bool:
    """Whether it is a reading child or what that started: the servers of other tests may run beside it."""
    try:
        return process.name() == "tesseract" or "pipeline.child_main" in process.cmdline()
    except psutil.NoSuchProcess:
        return False


@pytest.mark.parametrize("victims", ["the parent", "the parent and its child", "the child"])
def test_nothing_that_a_killed_process_started_lives_on(victims: str, tmp_path: Path) -> None:
    """S1: SIGKILL leaves no time to clean up, so the kernel must do it."""
    picture = tmp_path / "noise.png"
    picture.write_bytes(hostile.noise_png())
    with subprocess.Popen(
        [sys.executable, "-c", READ_FOR_LONG, str(picture)], cwd=ROOT, stderr=subprocess.DEVNULL
    ) as parent:
        seen = psutil.Process(parent.pid)
        below = until(lambda: running_tesseract(seen))
        assert isinstance(below, list) and len(below) == 2
        below[1].suspend()  # so that it cannot come to its end by itself
        if victims != "the child":
            parent.send_signal(signal.SIGKILL)
        if victims != "the parent":
            below[0].send_signal(signal.SIGKILL)
        parent.wait()

    try:
        assert until(lambda: not any(alive(process) for process in below))
    finally:
        for orphan in filter(alive, below):
            orphan.kill()


def alive(process: psutil.Process) -> bool:
    """Is it running; a zombie that nobody has collected yet is not."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_a_child_beyond_its_limit_takes_its_programs_with_it() -> None:
    me, failures = psutil.Process(), []

    def read() -> None:
        try:
            contained.read_page_by_ocr(hostile.noise_png(), PNG, 1, ("eng",), Limits(wall_seconds=5))
        except ChildFailed as failure:
            failures.append(failure.kind)

    reading = Thread(target=read)
    reading.start()
    below = until(lambda: running_tesseract(me) or not reading.is_alive())
    reading.join()

    assert failures == ["limit"]
    assert isinstance(below, list)
    assert until(lambda: not any(alive(process) for process in below))


def test_a_child_whose_parent_is_already_gone_ends_at_once() -> None:
    nobody = subprocess.run(
        [sys.executable, "-m", "pipeline.child_main", "x:y", "1", json.dumps({})],
        cwd=ROOT,
        input=b"",
        capture_output=True,
        timeout=60,
        check=False,
    )

    assert (nobody.returncode, nobody.stdout) == (1, b"")


def test_nothing_is_left_in_the_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    contained.read_document(HONEST)

    assert list(tmp_path.iterdir()) == []
