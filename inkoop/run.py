"""The supervisor: web, workers, beat and inbox watcher together, as one process tree.

A process that dies is started again, after a growing wait, and that is said. A signal stops all of them in
order; when the supervisor itself is killed, the kernel ends the others with it.
"""

from __future__ import annotations

import fcntl
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from inkoop.processes import PARENT, Role, command_of
from pipeline.settings import Settings

FIRST_WAIT_SECONDS = 0.5
LONGEST_WAIT_SECONDS = 30.0
STEADY_SECONDS = 30.0
"""A process that lived so long died of something new: the wait begins anew."""

STOP_SECONDS = 12.0
_TICK_SECONDS = 0.1

log = structlog.get_logger()


class CannotStart(Exception):
    """Why Inkoop cannot run here now, as one sentence for the operator."""


@dataclass(slots=True)
class _Child:
    """One process and its history. `due` is when it may start again, on the monotonic clock."""

    role: Role
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    due: float = 0.0
    deaths: int = 0

    @property
    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None


@dataclass(slots=True)
class Supervisor:
    """Starts the processes and keeps them running until `stop` is set."""

    settings: Settings
    roles: tuple[Role, ...] = tuple(Role)
    stop: threading.Event = field(default_factory=threading.Event)
    _children: list[_Child] = field(default_factory=list)

    def run(self) -> None:
        """Run everything; returns when all of it has stopped. Raises CannotStart."""
        with _only_one(self.settings):
            _check_port(self.settings)
            self._children = [_Child(role) for role in self.roles]
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
                signal.signal(number, lambda *_: self.stop.set())
            try:
                while not self.stop.is_set():
                    self._look_after()
                    self.stop.wait(_TICK_SECONDS)
            finally:
                self._stop_all()

    def _look_after(self) -> None:
        now = time.monotonic()
        for child in self._children:
            if child.is_alive:
                continue
            if child.process is not None:
                self._note_death(child, now)
            elif now >= child.due:
                self._start(child, now)

    def _start(self, child: _Child, now: float) -> None:
        # A session of its own: Ctrl-C reaches the supervisor alone, which then stops the others in order.
        child.process = subprocess.Popen(
            command_of(child.role, Path(sys.executable)),
            env={**os.environ, **self.settings.environment(), PARENT: str(os.getpid())},
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        child.started = now
        log.info("process_launched", role=child.role.value, pid=child.process.pid, restarts=child.deaths)

    def _note_death(self, child: _Child, now: float) -> None:
        assert child.process is not None
        if now - child.started > STEADY_SECONDS:
            child.deaths = 0
        wait = min(FIRST_WAIT_SECONDS * 2**child.deaths, LONGEST_WAIT_SECONDS)
        log.error(
            "process_died",
            role=child.role.value,
            pid=child.process.pid,
            status=child.process.returncode,
            again_in_seconds=wait,
        )
        child.deaths += 1
        child.process, child.due = None, now + wait

    def _stop_all(self) -> None:
        """Ask, wait, then end what is left. The watcher first, so that nothing new comes in."""
        running = [child for child in reversed(self._children) if child.is_alive]
        for child in running:
            assert child.process is not None
            child.process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        for child in running:
            assert child.process is not None
            try:
                child.process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                log.warning("process_ended", role=child.role.value, pid=child.process.pid)
                child.process.kill()
                child.process.wait()
        log.info("stopped")


@contextmanager
def _only_one(settings: Settings) -> Iterator[None]:
    """One supervisor per data folder; the kernel lets go of the lock however the process ends."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with (settings.data_dir / "run.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise CannotStart(f"Inkoop runs already with the data in {settings.data_dir}.") from error
        yield


def _check_port(settings: Settings) -> None:
    """Whether the pages can listen, before anything is started that would have to be stopped again."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with closing(socket.socket(family, socket.SOCK_STREAM)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            address = f"{settings.host}:{settings.port}"
            another = f"Choose another, such as --port {settings.port + 1}."
            raise CannotStart(f"{address} cannot be used: {error.strerror}. {another}") from error
