"""The fixtures give real programs, empty at the start of each test, and leave nothing running."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page
from sqlalchemy import create_engine, text

from core.database import make_engine
from migrations import current_revision, head_revision
from tests.services import Redis, wait_until

HOLD_SERVERS = """
import time
from tests.services import running_postgres, running_redis
with running_redis() as redis, running_postgres() as postgres:
    print("ready", flush=True)
    time.sleep(600)
"""


def _descendants(pid: int) -> set[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return {int(child) for child in children}.union(*(_descendants(int(child)) for child in children))


def _is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def test_each_test_gets_an_empty_database_on_both_products(database_url: str) -> None:
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE left_over (id INTEGER)"))
        assert connection.execute(text("SELECT count(*) FROM left_over")).scalar_one() == 0
    engine.dispose()


def test_a_migrated_database_has_every_table_on_both_products(migrated_url: str) -> None:
    engine = make_engine(migrated_url)
    assert current_revision(engine) == head_revision()
    engine.dispose()


def test_postgresql_keeps_text_as_utf8(postgres_url: str) -> None:
    engine = create_engine(postgres_url)
    with engine.connect() as connection:
        assert connection.execute(text("SHOW server_encoding")).scalar_one() == "UTF8"
    engine.dispose()


def test_each_test_gets_an_empty_redis(redis_server: Redis, redis_url: str) -> None:
    assert redis_server.command("DBSIZE") == b":0\r\n"
    redis_server.command("SET", "left", "over")
    assert redis_url.startswith("redis://127.0.0.1:")


def test_a_page_is_driven_in_a_real_browser(page: Page) -> None:
    page.set_content("<button onclick='this.textContent = 2'>1</button>")
    page.get_by_role("button").click()
    assert page.get_by_role("button").inner_text() == "2"


def test_a_script_that_fails_is_noticed(page: Page, console_errors: list[str]) -> None:
    page.set_content("<script>nonsense()</script>")
    wait_until(lambda: page.title() is not None and bool(console_errors), "the script's complaint", 5)
    assert "nonsense is not defined" in console_errors[0]
    console_errors.clear()


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A temporary folder that the user `postgres` may enter too, as pytest's own may not be."""
    folder = Path(tempfile.mkdtemp(prefix="inkoop-killed-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


def test_servers_end_with_a_test_run_that_is_killed(open_folder: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD_SERVERS],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[1],
        env={**os.environ, "TMPDIR": str(open_folder)},
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "ready\n"
    servers = _descendants(holder.pid)
    assert len(servers) >= 3

    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()

    wait_until(lambda: not any(map(_is_running, servers)), "the end of the servers", 20)
    holder.stdout.close()
