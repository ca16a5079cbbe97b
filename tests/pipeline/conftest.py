"""A journey over its own books, on each database of production."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.work import MACHINE
from inkoop.books import create_demo_books
from pipeline.runtime import Runtime, opened
from pipeline.settings import Settings
from tests.pipeline.journey import Journey
from tests.services import Postgres


def settings_for(folder: Path, database_url: str) -> Settings:
    """Settings of a test: a folder of its own, no broker that anybody listens to."""
    return Settings.from_environment(
        {
            "INKOOP_DATA_DIR": str(folder / "data"),
            "INKOOP_INBOX_DIR": str(folder / "inbox"),
            "INKOOP_DATABASE_URL": database_url,
        }
    )


@pytest.fixture(scope="session")
def books_file(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the demo books, which those of tests are copied from."""
    folder = tmp_path_factory.mktemp("books")
    path = folder / "books.sqlite"
    shutil.copy(migrated_file, path)
    _create_books(folder, f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def books_template(
    postgres_server: Postgres, migrated_template: str, tmp_path_factory: pytest.TempPathFactory
) -> str:
    """Name of a PostgreSQL database with the demo books, which those of tests are copied from."""
    name = postgres_server.create_database(migrated_template)
    _create_books(tmp_path_factory.mktemp("books"), postgres_server.url(name))
    return name


@pytest.fixture(params=["sqlite", "postgresql"])
def books_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """SQLAlchemy address of a database with the demo books: once on each database of production."""
    if request.param == "sqlite":
        path = tmp_path / "books.sqlite"
        shutil.copy(request.getfixturevalue("books_file"), path)
        yield f"sqlite:///{path}"
        return
    server: Postgres = request.getfixturevalue("postgres_server")
    name = server.create_database(request.getfixturevalue("books_template"))
    yield server.url(name)
    server.drop_database(name)


@pytest.fixture
def runtime(tmp_path: Path, books_url: str) -> Iterator[Runtime]:
    """A runtime whose database has the books of the demo company."""
    with opened(settings_for(tmp_path, books_url)) as runtime:
        yield runtime


@pytest.fixture
def journey(runtime: Runtime) -> Journey:
    """The documents of the demo company."""
    return Journey(runtime)


def _create_books(folder: Path, url: str) -> None:
    with opened(settings_for(folder, url)) as runtime:
        with runtime.work(MACHINE) as work:
            create_demo_books(work)
        if runtime.engine.dialect.name == "sqlite":
            # What is still in the write-ahead log would be missing from a copy of the file.
            with runtime.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
