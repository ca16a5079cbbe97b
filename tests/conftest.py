"""Fixtures that every test may ask for: databases, a broker and a browser, all real."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from core.database import make_engine
from migrations import upgrade
from tests.services import (
    CHROMIUM_FLAGS,
    Postgres,
    Redis,
    chromium_path,
    give_up,
    running_postgres,
    running_redis,
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take the folder of real documents that tests/corpus measures and walks through."""
    parser.addoption("--corpus", metavar="DIR", type=Path, help="folder of real documents with truth")


@pytest.fixture(scope="session")
def corpus_folder(request: pytest.FixtureRequest) -> Path:
    """The folder given with --corpus; without it the test run ends."""
    folder: Path | None = request.config.getoption("--corpus")
    if folder is None or not folder.is_dir():
        pytest.exit("These tests need real documents: ./dev corpus DIR", returncode=1)
    assert folder is not None
    return folder.resolve()


@pytest.fixture(scope="session")
def redis_server() -> Iterator[Redis]:
    """A Redis of this test process."""
    with running_redis() as server:
        yield server


@pytest.fixture
def redis_url(redis_server: Redis) -> str:
    """Address of an empty Redis."""
    redis_server.flush()
    return redis_server.url


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Postgres]:
    """A PostgreSQL cluster of this test process."""
    with running_postgres() as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: Postgres) -> Iterator[str]:
    """SQLAlchemy address of an empty PostgreSQL database, dropped after the test."""
    name = postgres_server.create_database()
    yield postgres_server.url(name)
    postgres_server.drop_database(name)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """SQLAlchemy address of a SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'books.sqlite'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """SQLAlchemy address of an empty database: the test runs once on each database of production."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url


@pytest.fixture(scope="session")
def migrated_template(postgres_server: Postgres) -> str:
    """Name of a PostgreSQL database with all tables, which databases of tests are copied from."""
    name = postgres_server.create_database()
    _migrate(postgres_server.url(name))
    return name


@pytest.fixture
def migrated_postgres_url(postgres_server: Postgres, migrated_template: str) -> Iterator[str]:
    """SQLAlchemy address of a PostgreSQL database with all tables and no rows, dropped after the test."""
    name = postgres_server.create_database(migrated_template)
    yield postgres_server.url(name)
    postgres_server.drop_database(name)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with all tables, which those of tests are copied from."""
    path = tmp_path_factory.mktemp("migrated") / "books.sqlite"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def migrated_sqlite_url(migrated_file: Path, sqlite_url: str) -> str:
    """SQLAlchemy address of a SQLite file with all tables and no rows."""
    shutil.copy(migrated_file, sqlite_url.removeprefix("sqlite:///"))
    return sqlite_url


@pytest.fixture(params=["sqlite", "postgresql"])
def migrated_url(request: pytest.FixtureRequest) -> str:
    """SQLAlchemy address of a database with all tables and no rows: once on each database of production."""
    name = "migrated_sqlite_url" if request.param == "sqlite" else "migrated_postgres_url"
    url: str = request.getfixturevalue(name)
    return url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium; each page of a test gets a context of its own."""
    with sync_playwright() as playwright:
        try:
            chromium = playwright.chromium.launch(
                executable_path=chromium_path(), args=list(CHROMIUM_FLAGS), headless=True
            )
        except PlaywrightError as error:
            give_up(f"Chromium ({error.message.splitlines()[0]})", "chromium")
            raise
        yield chromium
        chromium.close()


@pytest.fixture
def console_errors() -> list[str]:
    """What pages complained about; a test that provokes a complaint checks it and clears the list."""
    return []


@pytest.fixture
def page(browser: Browser, console_errors: list[str]) -> Iterator[Page]:
    """A page in a fresh context, 1440 by 900; the test fails when a script or a resource of it fails."""
    context = browser.new_context(
        viewport={"width": 1440, "height": 900}, locale="en-GB", accept_downloads=True
    )
    context.on("page", lambda opened: _listen(opened, console_errors))
    yield context.new_page()
    context.close()
    assert console_errors == [], "the page reported errors in its console"


def _migrate(url: str) -> None:
    engine = make_engine(url)
    upgrade(engine)
    if engine.dialect.name == "sqlite":
        # What is still in the write-ahead log would be missing from a copy of the file.
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()


def _listen(page: Page, errors: list[str]) -> None:
    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error":
            errors.append(f"{message.text} ({page.url})")

    page.on("console", on_console)
    page.on("pageerror", lambda error: errors.append(f"{error} ({page.url})"))
