"""A real Inkoop: the processes that `inkoop run` starts, on a folder of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from inkoop.first_start import prepare
from pipeline.runtime import Runtime, opened
from pipeline.settings import Settings
from tests.services import free_port

PATIENCE_SECONDS = 300


def wait_until(
    is_so: Callable[[], bool], what: str, seconds: float = PATIENCE_SECONDS, every_seconds: float = 0.2
) -> None:
    """Ask again and again until the answer is yes."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, f"{what} did not happen within {seconds} seconds"
        time.sleep(every_seconds)


@dataclass(slots=True)
class RunningInkoop:
    """One process tree and what it works on."""

    environment: dict[str, str]
    runtime: Runtime
    process: subprocess.Popen[bytes] | None = None
    ever: dict[int, psutil.Process] = field(default_factory=dict)

    @property
    def inbox(self) -> Path:
        """The drop folder."""
        return self.runtime.settings.inbox_dir

    @property
    def pid(self) -> int:
        """Of the supervisor."""
        assert self.process is not None
        return self.process.pid

    def start(self) -> None:
        """Start the supervisor; its output goes to run.log in the data folder."""
        with (self.runtime.settings.data_dir / "run.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "inkoop", "run"],
                env={**os.environ, **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def stop(self) -> int:
        """Stop it as Ctrl-C does; its exit code."""
        assert self.process is not None
        self.see()
        self.process.terminate()
        return self.process.wait(60)

    def drop(self, name: str, data: bytes) -> None:
        """Put a file into the inbox, complete at once."""
        unfinished = self.inbox / f".{name}"
        unfinished.write_bytes(data)
        unfinished.replace(self.inbox / name)

    def ask(self, *command: str) -> dict[str, object]:
        """The JSON answer of a command, which must end well."""
        done = subprocess.run(
            [sys.executable, "-m", "inkoop", *command, "--json"],
            env={**os.environ, **self.environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()
        answer: dict[str, object] = json.loads(done.stdout)
        return answer

    def see(self) -> list[psutil.Process]:
        """Every process of the tree now; all that were ever seen are remembered."""
        assert self.process is not None
        try:
            top = psutil.Process(self.process.pid)
            found = [top, *top.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []
        self.ever |= {process.pid: process for process in found}
        return found

    def still_there(self) -> list[psutil.Process]:
        """Those of the processes ever seen that live; a number that was given out again is another."""
        return [one for one in self.ever.values() if one.is_running() and one.status() != "zombie"]

    def log(self) -> str:
        """What the processes printed."""
        return (self.runtime.settings.data_dir / "run.log").read_text(errors="replace")


@contextmanager
def running_inkoop(folder: Path, settings: Mapping[str, str] | None = None) -> Iterator[RunningInkoop]:
    """Inkoop with the demo books and an empty inbox, started, and stopped with the block."""
    environment = {
        "INKOOP_DATA_DIR": str(folder / "data"),
        "INKOOP_INBOX_DIR": str(folder / "inbox"),
        "INKOOP_PORT": str(free_port()),
        "INKOOP_LEASE_SECONDS": "5",
        "INKOOP_SWEEP_SECONDS": "1",
        "INKOOP_SETTLE_SECONDS": "0.3",
        "INKOOP_SCAN_SECONDS": "2",
        "INKOOP_WORKERS": "2",
        **(settings or {}),
    }
    made = Settings.from_environment(environment)
    made.inbox_dir.mkdir(parents=True)
    with opened(made) as runtime:
        prepare(runtime, lambda _text: None)
        inkoop = RunningInkoop(environment, runtime)
        inkoop.start()
        try:
            yield inkoop
        except BaseException:
            print(inkoop.log()[-20_000:])
            raise
        finally:
            if inkoop.process is not None and inkoop.process.poll() is None:
                inkoop.stop()
            for orphan in inkoop.still_there():
                orphan.kill()
