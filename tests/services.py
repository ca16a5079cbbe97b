"""The real programs that tests talk to: Redis, PostgreSQL and Chromium.

Each server gets a free port and a folder of its own, so that two test runs on one machine never meet. The
kernel ends it with the process that started it: nothing is left running even when a test run is killed.
"""

import atexit
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from pathlib import Path
from types import TracebackType

import psycopg
import pytest

START_SECONDS = 60
START_ATTEMPTS = 3
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# A test database may be lost in a power cut; nothing else differs from production.
POSTGRES_OPTIONS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "100",
    "shared_buffers": "64MB",
}


def give_up(missing: str, packages: str) -> None:
    """End the whole test run, because a program that tests need is not here; never a skip."""
    pytest.exit(
        f"The tests need {missing}. Run ./dev test, or: sudo apt-get install -y {packages}",
        returncode=1,
    )


def program(name: str, package: str) -> str:
    """Path of a program on PATH; without it the test run ends and names the Debian package."""
    path = shutil.which(name)
    if path is None:
        give_up(name, package)
    assert path is not None
    return path


def free_port() -> int:
    """A TCP port on the loopback address that nobody listens on now."""
    with closing(socket.socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def wait_until(is_ready: Callable[[], bool], what: str, timeout_seconds: float = START_SECONDS) -> None:
    """Ask every 20 ms until the answer is yes; raises TimeoutError that names what was waited for."""
    deadline = time.monotonic() + timeout_seconds
    while not is_ready():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what} did not happen within {timeout_seconds} seconds")
        time.sleep(0.02)


@dataclass
class Server:
    """One running server program with its folder; a context manager that ends both."""

    command: Sequence[str]
    folder: Path
    stop_signal: str
    user: str | None = None
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the program; its output goes to server.log in its folder."""
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*_as_user(self.user), "--pdeathsig", self.stop_signal, *self.command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
            )
        atexit.register(self.kill)

    @property
    def has_ended(self) -> bool:
        """Whether the program has ended, by itself or killed."""
        return self.process is None or self.process.poll() is not None

    def answers(self, ask: Callable[[], bool]) -> bool:
        """Wait until the program answers; False when it has ended instead."""
        wait_until(lambda: self.has_ended or ask(), f"the start of {self.command[0]}")
        return not self.has_ended

    def log(self) -> str:
        """What the program has printed."""
        return (self.folder / "server.log").read_text(errors="replace")

    def kill(self) -> None:
        """End the program at once and wait for its end."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def __enter__(self) -> "Server":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()
        atexit.unregister(self.kill)
        shutil.rmtree(self.folder, ignore_errors=True)


@dataclass
class Redis:
    """A running Redis that keeps nothing on disk."""

    url: str
    port: int

    def command(self, *words: str) -> bytes:
        """Send one command and return the raw answer."""
        return _redis_command(self.port, *words)

    def flush(self) -> None:
        """Forget everything."""
        self.command("FLUSHALL")


@contextmanager
def running_redis() -> Iterator[Redis]:
    """A Redis of the test run's own, on a free port, ended with the block."""
    binary = program("redis-server", "redis-server")
    for _ in range(START_ATTEMPTS):
        port = free_port()
        folder = Path(tempfile.mkdtemp(prefix="inkoop-redis-"))
        command = [binary, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        with Server([*command, "--dir", str(folder)], folder, "KILL") as server:
            server.start()
            if not server.answers(partial(_redis_answers, port)):
                continue
            yield Redis(f"redis://127.0.0.1:{port}/0", port)
            return
    raise RuntimeError("Redis did not start: another program took its port each time")


@dataclass
class Postgres:
    """A running PostgreSQL cluster that hands out databases."""

    port: int
    _numbers: Iterator[int] = field(default_factory=count)

    def url(self, database: str) -> str:
        """SQLAlchemy address of one database of the cluster."""
        return f"postgresql+psycopg://inkoop@127.0.0.1:{self.port}/{database}"

    def execute(self, statement: str, database: str = "postgres") -> None:
        """Run one statement outside a transaction, as the owner of the cluster."""
        dsn = f"host=127.0.0.1 port={self.port} user=inkoop dbname={database}"
        with psycopg.connect(dsn, autocommit=True) as connection:
            connection.execute(statement.encode())

    def create_database(self, template: str = "template1") -> str:
        """Make a new database, empty or a copy of the template, and return its name."""
        name = f"test_{next(self._numbers)}"
        self.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return name

    def drop_database(self, name: str) -> None:
        """Drop a database, whoever is still connected to it."""
        self.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextmanager
def running_postgres(options: Mapping[str, str] = POSTGRES_OPTIONS) -> Iterator[Postgres]:
    """A PostgreSQL cluster of the test run's own, UTF-8, on a free port, ended with the block.

    PostgreSQL refuses to run as root, so root starts it as the user `postgres`.
    """
    binaries = _postgres_binaries()
    user = "postgres" if os.geteuid() == 0 else None
    for _ in range(START_ATTEMPTS):
        port = free_port()
        folder = Path(tempfile.mkdtemp(prefix="inkoop-postgres-"))
        command = [str(binaries / "postgres"), "-D", str(folder / "data"), "-p", str(port)]
        command += ["-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={folder}"]
        for name, value in options.items():
            command += ["-c", f"{name}={value}"]
        # SIGQUIT is PostgreSQL's immediate stop: it takes its own children along.
        with Server(command, folder, "QUIT", user) as server:
            if user is not None:
                shutil.chown(folder, user)
            _initialise(binaries, folder / "data", user)
            server.start()
            if not server.answers(partial(_postgres_answers, port)):
                continue
            yield Postgres(port)
            return
    raise RuntimeError("PostgreSQL did not start: another program took its port each time")


def chromium_path() -> str | None:
    """Path of the system's Chromium; None means the one in Playwright's own folder."""
    for name in CHROMIUM_NAMES:
        path = shutil.which(name)
        if path is not None:
            return path
    return None


def _as_user(user: str | None) -> list[str]:
    setpriv = program("setpriv", "util-linux")
    if user is None:
        return [setpriv]
    try:
        pwd.getpwnam(user)
    except KeyError:
        give_up(f"the user {user}", "postgresql")
    return [setpriv, "--reuid", user, "--regid", user, "--clear-groups"]


def _postgres_binaries() -> Path:
    """The folder of the newest installed server; PATH is not asked, since Debian keeps servers off it."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"),
        key=lambda path: int(path.parts[-3]) if path.parts[-3].isdigit() else 0,
    )
    if found:
        return found[-1].parent
    return Path(program("initdb", "postgresql")).resolve().parent


def _initialise(binaries: Path, data: Path, user: str | None) -> None:
    initdb = [str(binaries / "initdb"), "-D", str(data), "-U", "inkoop", "-E", "UTF8", "--locale=C.UTF-8"]
    subprocess.run(
        [*_as_user(user), "--pdeathsig", "KILL", *initdb, "--auth=trust", "--no-sync", "--no-instructions"],
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        cwd=data.parent,
    )


def _postgres_answers(port: int) -> bool:
    try:
        psycopg.connect(f"host=127.0.0.1 port={port} user=inkoop dbname=postgres", connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def _redis_answers(port: int) -> bool:
    try:
        return _redis_command(port, "PING") == b"+PONG\r\n"
    except OSError:
        return False


def _redis_command(port: int, *words: str) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall((" ".join(words) + "\r\n").encode())
        return connection.recv(4096)
