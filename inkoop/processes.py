"""What each process of Inkoop does: web, worker, beat and watcher.

Started by the supervisor (`run.py`) on one machine, or each in its own container. A process that the
supervisor started dies with it, however it dies.
"""

from __future__ import annotations

import errno
import os
import signal
import threading
import time
import warnings
from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path

import structlog
import uvicorn
from celery.platforms import SecurityWarning
from sqlalchemy.exc import OperationalError
from watchfiles import watch

from core.work import MACHINE
from migrations import current_revision, head_revision
from pipeline.confinement import end_with_parent
from pipeline.incoming import IncomingDocument
from pipeline.ingest.channel import Delivery
from pipeline.ingest.channels.folder import FolderChannel
from pipeline.runtime import Runtime, opened, set_up_logging
from pipeline.settings import Settings
from pipeline.tasks import Sweep, app
from web.app import create_app

PARENT = "INKOOP_PARENT_PID"
"""Environment variable by which the supervisor tells its processes whom to die with."""

DATABASE_WAIT_SECONDS = 120
_TICK_SECONDS = 0.2

log = structlog.get_logger()


class Role(StrEnum):
    """The kinds of process."""

    WEB = "web"
    WORKER = "worker"
    BEAT = "beat"
    WATCHER = "watcher"


def run_role(role: Role, settings: Settings) -> None:
    """Be this process until a signal ends it."""
    parent = os.environ.get(PARENT)
    if parent:
        end_with_parent(int(parent))
    set_up_logging(settings, role.value)
    os.environ["OMP_THREAD_LIMIT"] = "1"
    _wait_for_database(settings)
    log.info("process_started", role=role.value, pid=os.getpid())
    _ROLES[role](settings)
    log.info("process_stopped", role=role.value, pid=os.getpid())


def _run_web(settings: Settings) -> None:
    with opened(settings) as runtime:
        config = uvicorn.Config(
            create_app(runtime),
            host=settings.host,
            port=settings.port,
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=5,
            forwarded_allow_ips="*" if settings.secure_cookies else None,
            proxy_headers=settings.secure_cookies,
        )
        uvicorn.Server(config).run()


def _run_worker(settings: Settings) -> None:
    # The embedded default belongs to whoever started it, root in a bare container among them.
    warnings.simplefilter("ignore", SecurityWarning)
    app.worker_main(
        [
            "--quiet",
            "worker",
            "--pool=prefork",
            f"--concurrency={settings.workers}",
            "--loglevel=WARNING",
            "--without-gossip",
            "--without-mingle",
            "--without-heartbeat",
        ]
    )


def _run_beat(settings: Settings) -> None:
    stop = _stop_on_signal()
    with opened(settings) as runtime:
        sweep = Sweep(runtime)
        while not stop.is_set():
            try:
                sweep.once()
            except OperationalError as error:
                log.warning("sweep_failed", error=type(error).__name__)
            stop.wait(settings.sweep_seconds)


def _run_watcher(settings: Settings) -> None:
    stop = _stop_on_signal()
    settings.inbox_dir.mkdir(parents=True, exist_ok=True)
    with opened(settings) as runtime:
        channel = FolderChannel(
            settings.inbox_dir,
            settle_seconds=settings.settle_seconds,
            max_bytes=settings.max_file_bytes,
        )
        watcher = _Watcher(runtime, channel, stop)
        while not stop.is_set():
            try:
                watcher.watch()
            except OSError as error:  # the folder went away, or gives no notice: look again, and try again
                log.warning("inbox_gives_no_notice", error=type(error).__name__)
                watcher.collect()
                stop.wait(min(settings.scan_seconds, 2.0))


class _Watcher:
    """Collects when the folder gives notice, while a file is still growing, and every `scan_seconds`."""

    def __init__(self, runtime: Runtime, channel: FolderChannel, stop: threading.Event) -> None:
        self._runtime = runtime
        self._channel = channel
        self._stop = stop
        self._next_scan = 0.0

    def watch(self) -> None:
        """Until asked to stop. Raises OSError when the folder cannot be watched."""
        for changes in watch(
            self._channel.folder,
            watch_filter=None,
            debounce=200,
            step=50,
            rust_timeout=int(_TICK_SECONDS * 1000),
            yield_on_timeout=True,
            stop_event=self._stop,
            raise_interrupt=False,
            recursive=False,
        ):
            if changes or self._channel.is_waiting or time.monotonic() >= self._next_scan:
                self.collect()

    def collect(self) -> None:
        """Take what is ready. What cannot be stored or registered now stays in the folder."""
        self._next_scan = time.monotonic() + self._runtime.settings.scan_seconds
        try:
            self._channel.collect(self._take)
        except FileNotFoundError:
            self._channel.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            log.error("inbox_not_collected", error=errno.errorcode.get(error.errno or 0, "?"))
        except OperationalError as error:
            log.error("inbox_not_collected", error=type(error).__name__)

    def _take(self, delivery: Delivery) -> bool:
        return isinstance(self._runtime.take_in(MACHINE, delivery), IncomingDocument)


_ROLES: Mapping[Role, Callable[[Settings], None]] = {
    Role.WEB: _run_web,
    Role.WORKER: _run_worker,
    Role.BEAT: _run_beat,
    Role.WATCHER: _run_watcher,
}


def _stop_on_signal() -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop


def _wait_for_database(settings: Settings) -> None:
    """Until the tables are of this release: somebody else brings them up to date (`inkoop migrate`)."""
    deadline = time.monotonic() + DATABASE_WAIT_SECONDS
    with opened(settings) as runtime:
        while True:
            try:
                if current_revision(runtime.engine) == head_revision():
                    return
            except OperationalError:
                pass
            if time.monotonic() > deadline:
                raise SystemExit("The tables are not of this release. Run: inkoop migrate")
            time.sleep(0.5)


def command_of(role: Role, python: Path) -> list[str]:
    """The command line that starts this process."""
    return [str(python), "-m", "inkoop", "run", "--only", role.value]
