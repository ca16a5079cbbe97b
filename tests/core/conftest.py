"""Books of the standard company of the golden cases, on both databases.

They are made once per test run and copied: a file on SQLite, a template on PostgreSQL.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path

import pytest

from core.database import make_engine
from tests.books import Books
from tests.core.refusals import Refused
from tests.golden.case import read_base
from tests.golden.company import create_company
from tests.services import Postgres

STANDARD = Path(__file__).parents[1] / "golden" / "cases" / "base" / "standard.yaml"
DATABASES = ("sqlite", "postgresql")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Do ten times as much of what is random."""
    parser.addoption("--full", action="store_true", help="10,000 random steps a database instead of 1,000")


@pytest.fixture(scope="session")
def standard_file(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the standard company."""
    path = tmp_path_factory.mktemp("standard") / "books.sqlite"
    shutil.copy(migrated_file, path)
    _create(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def standard_template(postgres_server: Postgres, migrated_template: str) -> str:
    """Name of a PostgreSQL database with the standard company."""
    name = postgres_server.create_database(migrated_template)
    _create(postgres_server.url(name))
    return name


@pytest.fixture(params=DATABASES)
def books(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Books]:
    """Empty books of the standard company, for one test."""
    with _copied(request, tmp_path / "standard.sqlite") as made:
        yield made


@pytest.fixture
def refused(books: Books) -> Refused:
    """Expect an action on these books to be refused, and nothing to have changed (PU-1)."""
    return Refused(books)


@pytest.fixture(params=DATABASES)
def make_books(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], Books]]:
    """Makes empty books of the standard company, as often as a test wants them."""
    with ExitStack() as stack:
        numbers = count(1)
        yield lambda: stack.enter_context(_copied(request, tmp_path / f"standard-{next(numbers)}.sqlite"))


@pytest.fixture(scope="module", params=DATABASES)
def shared_books(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Books]:
    """Books for all tests of a module, which leave them as they are."""
    with _copied(request, tmp_path_factory.mktemp("shared") / "standard.sqlite") as made:
        yield made


@contextmanager
def _copied(request: pytest.FixtureRequest, path: Path) -> Iterator[Books]:
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("standard_file"), path)
        made = Books(make_engine(f"sqlite:///{path}"))
        yield made
        made.engine.dispose()
        return
    server: Postgres = request.getfixturevalue("postgres_server")
    name = server.create_database(request.getfixturevalue("standard_template"))
    made = Books(make_engine(server.url(name)))
    yield made
    made.engine.dispose()
    server.drop_database(name)


def _create(url: str) -> None:
    engine = make_engine(url)
    create_company(Books(engine), read_base(STANDARD))
    if engine.dialect.name == "sqlite":
        # What is still in the write-ahead log would be missing from a copy of the file.
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
