"""Opens documents in a child process with limits, so that a hostile file harms nothing but that child.

A PDF library can abort its whole process, loop for minutes or be made to run foreign code. Each document
is therefore opened by a fresh interpreter (`child_main`) that has limits on memory, time and files, no
network and no secrets. What it answers is treated as hostile too: JSON and plain bytes, never a pickle.
Source: `spec/technology.md` §3.
"""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Literal

Kind = Literal["refused", "limit", "crash", "unavailable"]

MEGABYTE = 2**20


@dataclass(frozen=True, slots=True)
class Limits:
    """What one child may use. The CPU time counts for the child and for each program it starts."""

    cpu_seconds: int = 20
    wall_seconds: float = 30
    address_space_bytes: int = 2048 * MEGABYTE
    resident_bytes: int = 1024 * MEGABYTE
    file_bytes: int = 256 * MEGABYTE
    answer_bytes: int = 64 * MEGABYTE


READING = Limits()
# A poor page is read in several passes of at most 25 seconds each; all of them together get this long.
OCR = Limits(cpu_seconds=25, wall_seconds=55)


class ChildFailed(Exception):
    """The child gave no result. Nothing else happened: the child is gone, and so is all it started.

    `kind` is `refused` when the document itself cannot be read (with the code of ID-33), `unavailable`
    when a program that is needed is not installed, `limit` when the child used more than it may, and
    `crash` when it died. A refusal is final; the others count as an attempt. `message` is English, for
    logs and the command line, without any text of the document.
    """

    def __init__(
        self, kind: Kind, code: str, message: str, values: Mapping[str, str | int] | None = None
    ) -> None:
        super().__init__(f"{code}: {message}")
        self.kind = kind
        self.code = code
        self.message = message
        self.values = dict(values or {})


@dataclass(frozen=True, slots=True)
class Answer:
    """What a child gave back: any JSON value, and plain bytes such as a picture."""

    body: object
    binary: bytes = b""


def run_in_child(
    function: str, data: bytes, arguments: Mapping[str, object] | None = None, limits: Limits = READING
) -> Answer:
    """Run one of `child_main.ENTRIES` on the bytes of a document in a fresh, limited interpreter.

    `arguments` are JSON values. Returns when the child is gone, with everything it started.

    Raises ChildFailed.
    """
    request = frame(json.dumps(arguments or {}).encode(), data)
    with tempfile.TemporaryDirectory(prefix="inkoop-child-") as scratch:
        child = _start(function, limits, scratch)
        try:
            return _decoded(_Exchange(child, limits).run(request), child)
        finally:
            _end(child)


class _Exchange:
    """Sends the request, collects the answer, and ends the child that goes beyond a limit."""

    _WATCH_SECONDS = 0.1

    def __init__(self, child: subprocess.Popen[bytes], limits: Limits) -> None:
        assert child.stdin is not None and child.stdout is not None
        self._child = child
        self._stdin: IO[bytes] = child.stdin
        self._stdout: IO[bytes] = child.stdout
        self._limits = limits
        self._deadline = time.monotonic() + limits.wall_seconds
        self._answer = bytearray()

    def run(self, request: bytes) -> bytes:
        """The raw answer, up to the end of the child's output."""
        left = memoryview(request)
        os.set_blocking(self._stdin.fileno(), False)
        os.set_blocking(self._stdout.fileno(), False)
        with selectors.DefaultSelector() as selector:
            selector.register(self._stdout, selectors.EVENT_READ)
            selector.register(self._stdin, selectors.EVENT_WRITE)
            while selector.get_map():
                for key, _ in selector.select(self._WATCH_SECONDS):
                    if key.fileobj is self._stdin:
                        left = left[self._send(left) :]
                        is_done = not left
                    else:
                        is_done = not self._receive()
                    if is_done:
                        selector.unregister(key.fileobj)
                        self._close(key.fileobj)
                        if key.fileobj is self._stdout:
                            return bytes(self._answer)
                self._watch()
        return bytes(self._answer)

    def _send(self, left: memoryview) -> int:
        try:
            return os.write(self._stdin.fileno(), left[: 2**16])
        except BlockingIOError:
            return 0
        except BrokenPipeError:  # the child is gone; its end is found out from its output
            return len(left)

    def _receive(self) -> bool:
        try:
            got = os.read(self._stdout.fileno(), 2**16)
        except BlockingIOError:
            return True
        self._answer += got
        if len(self._answer) > self._limits.answer_bytes:
            raise _beyond("its answer is too large")
        return bool(got)

    @staticmethod
    def _close(stream: object) -> None:
        with contextlib.suppress(BrokenPipeError):
            assert hasattr(stream, "close")
            stream.close()

    def _watch(self) -> None:
        if time.monotonic() > self._deadline:
            raise _beyond(f"it took longer than {self._limits.wall_seconds:g} seconds")
        if resident_bytes(self._child.pid) > self._limits.resident_bytes:
            raise _beyond(f"it took more than {self._limits.resident_bytes // MEGABYTE} MB of memory")


def resident_bytes(pid: int) -> int:
    """Memory a process and its descendants have in use now; 0 where the system does not tell."""
    total = 0
    try:
        total += int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except (OSError, IndexError, ValueError):
        return total
    return total + sum(resident_bytes(int(child)) for child in children)


_KEPT_ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH", "TESSDATA_PREFIX")


def _environment(scratch: str) -> dict[str, str]:
    """What the child may know: where programs are. No password, no address of a database or a broker."""
    kept = {name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ}
    tesseract = os.environ.get("INKOOP_TESSERACT")
    if tesseract:
        kept["PATH"] = os.pathsep.join((str(Path(tesseract).parent), kept.get("PATH", os.defpath)))
    return kept | {
        "PYTHONPATH": str(Path(__file__).resolve().parent.parent),
        "PYTHONUTF8": "1",
        "LC_ALL": "C.UTF-8",
        "HOME": scratch,
        "TMPDIR": scratch,
        "OMP_THREAD_LIMIT": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }


def _start(function: str, limits: Limits, scratch: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [
            sys.executable,
            "-P",  # the folder the child runs in is never searched for modules
            "-m",
            "pipeline.child_main",
            function,
            str(os.getpid()),
            json.dumps(asdict(limits)),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=scratch,
        env=_environment(scratch),
        start_new_session=True,  # a process group of its own, so that all of it can be ended at once
    )


def _end(child: subprocess.Popen[bytes]) -> None:
    """End the child and all it started, whether it is done or not."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    for stream in (child.stdin, child.stdout):
        if stream is not None and not stream.closed:
            with contextlib.suppress(BrokenPipeError):
                stream.close()


def _decoded(raw: bytes, child: subprocess.Popen[bytes]) -> Answer:
    """The answer out of its frame. An incomplete one means that the child died: how, says its status."""
    try:
        head, binary = unframe(raw)
        body = json.loads(head)
        outcome, value = body["outcome"], body["value"]
    except (struct.error, ValueError, KeyError, TypeError, RecursionError):
        raise _died(child) from None
    if outcome == "done":
        return Answer(value, binary)
    raise _failure(outcome, value)


def _failure(outcome: object, value: object) -> ChildFailed:
    """What the child says went wrong, taken over only in the form that was agreed."""
    said = value if isinstance(value, dict) else {}
    kinds: dict[object, Kind] = {"refused": "refused", "limit": "limit", "unavailable": "unavailable"}
    values = said.get("values")
    return ChildFailed(
        kinds.get(outcome, "crash"),
        str(said.get("code", "INC_UNREADABLE"))[:100],
        str(said.get("message", "the reader failed"))[:500],
        {str(k): str(v) for k, v in values.items()} if isinstance(values, dict) else None,
    )


def _died(child: subprocess.Popen[bytes]) -> ChildFailed:
    try:
        status = child.wait(timeout=5)
    except subprocess.TimeoutExpired:
        return ChildFailed("crash", "INC_UNREADABLE", "the reader closed its output and did not end")
    if status == -signal.SIGXCPU:
        return _beyond("it took too much processor time")
    if status == -signal.SIGKILL:
        return _beyond("the system ended it, most likely for the memory it took")
    return ChildFailed("crash", "INC_UNREADABLE", f"the reader died while it read the file (status {status})")


def _beyond(what: str) -> ChildFailed:
    return ChildFailed("limit", "INC_UNREADABLE", f"reading the file was stopped: {what}")


def frame(head: bytes, binary: bytes) -> bytes:
    """Two byte strings, each with its length before it."""
    return struct.pack(">Q", len(head)) + head + struct.pack(">Q", len(binary)) + binary


def unframe(raw: bytes) -> tuple[bytes, bytes]:
    """The two byte strings of a frame. Raises struct.error when it is not complete."""
    head_size: int = struct.unpack_from(">Q", raw)[0]
    binary_at = 8 + head_size
    if binary_at > len(raw):  # also of a size that no sum or slice could work with
        raise struct.error("incomplete")
    binary_size: int = struct.unpack_from(">Q", raw, binary_at)[0]
    if len(raw) != binary_at + 8 + binary_size:
        raise struct.error("incomplete")
    return raw[8:binary_at], raw[binary_at + 8 :]
