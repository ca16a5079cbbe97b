"""A PostgreSQL of the benchmark's own, with its defaults: every commit reaches the disk."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg

START_SECONDS = 60
# Nothing here makes a commit less durable than in production.
SETTINGS = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "shared_buffers": "512MB",
    "max_wal_size": "4GB",
}


@contextmanager
def running_postgres() -> Iterator[str]:
    """Start a server in a new folder and yield the address of its empty database; ended with the block."""
    binaries = _binaries()
    folder = Path(tempfile.mkdtemp(prefix="inkoop-benchmark-"))
    prefix = _as_user(folder)
    data = folder / "data"
    initdb = [str(binaries / "initdb"), "-D", str(data), "-U", "inkoop", "-E", "UTF8", "--locale=C.UTF-8"]
    subprocess.run([*prefix, *initdb, "--auth=trust"], check=True, stdout=subprocess.DEVNULL, cwd=folder)
    port = _free_port()
    command = [str(binaries / "postgres"), "-D", str(data), "-p", str(port)]
    command += ["-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={folder}"]
    for name, value in SETTINGS.items():
        command += ["-c", f"{name}={value}"]
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen([*prefix, *command], stdout=log, stderr=log, cwd=folder)
    try:
        _wait_for(port, server)
        yield f"postgresql+psycopg://inkoop@127.0.0.1:{port}/postgres"
    finally:
        server.terminate()
        server.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _binaries() -> Path:
    """The folder of the newest installed server; Debian keeps it off PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: path.parts[-3])
    if found:
        return found[-1].parent
    initdb = shutil.which("initdb")
    if initdb is None:
        raise SystemExit("The benchmark needs PostgreSQL: install it, or give --database.")
    return Path(initdb).resolve().parent


def _as_user(folder: Path) -> list[str]:
    """PostgreSQL refuses to run as root; root starts it as the user that its package made."""
    if os.geteuid() != 0:
        return []
    shutil.chown(folder, "postgres")
    return ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--clear-groups"]


def _free_port() -> int:
    with closing(socket.socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            psycopg.connect(f"host=127.0.0.1 port={port} user=inkoop dbname=postgres").close()
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return
