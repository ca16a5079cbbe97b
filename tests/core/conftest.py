"""Books of the standard company of the golden cases, on both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.database import make_engine
from tests.books import Books
from tests.golden.case import read_base
from tests.golden.company import company_setup

STANDARD = Path(__file__).parents[1] / "golden" / "cases" / "base" / "standard.yaml"


@pytest.fixture
def books(migrated_url: str) -> Iterator[Books]:
    """Empty books of the standard company."""
    engine = make_engine(migrated_url)
    made = Books(engine)
    made.create(company_setup(read_base(STANDARD)))
    yield made
    engine.dispose()
