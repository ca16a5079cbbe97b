"""A desk behind a real web server, and browsers without a screen that are signed in."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desk import TestDesk, open_desk, serving
from tests.web.visitor import Visitor, visit


@pytest.fixture
def desk(tmp_path: Path, sqlite_url: str) -> Iterator[TestDesk]:
    """A desk of this test alone."""
    opened = open_desk(tmp_path, sqlite_url)
    yield opened
    opened.runtime.close()


@pytest.fixture
def address(desk: TestDesk) -> Iterator[str]:
    """Where the desk is served."""
    with serving(desk.app) as served:
        yield served


@pytest.fixture
def stranger(address: str) -> Iterator[Visitor]:
    """Somebody who is not signed in."""
    with visit(address) as visitor:
        yield visitor
