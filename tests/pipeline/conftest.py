"""A journey over its own books, on each database of production."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.work import MACHINE
from inkoop.books import create_demo_books
from pipeline.runtime import Runtime, opened
from pipeline.settings import Settings
from tests.pipeline.journey import Journey


def settings_for(tmp_path: Path, database_url: str) -> Settings:
    """Settings of a test: a folder of its own, no broker that anybody listens to."""
    return Settings.from_environment(
        {
            "INKOOP_DATA_DIR": str(tmp_path / "data"),
            "INKOOP_INBOX_DIR": str(tmp_path / "inbox"),
            "INKOOP_DATABASE_URL": database_url,
        }
    )


@pytest.fixture
def runtime(tmp_path: Path, migrated_url: str) -> Iterator[Runtime]:
    """A runtime whose database has the books of the demo company."""
    with opened(settings_for(tmp_path, migrated_url)) as runtime:
        with runtime.work(MACHINE) as work:
            create_demo_books(work)
        yield runtime


@pytest.fixture
def journey(runtime: Runtime) -> Journey:
    """The documents of the demo company."""
    return Journey(runtime)
