"""Waiting as long as a slow machine needs: nothing here measures time."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

PATIENCE_MS = 45_000
_USUAL_MS = 5_000


@pytest.fixture(autouse=True)
def patience(request: pytest.FixtureRequest) -> Iterator[None]:
    """What a page is asked for may take two minutes."""
    if "page" in request.fixturenames:
        request.getfixturevalue("page").set_default_timeout(PATIENCE_MS)
    expect.set_options(timeout=PATIENCE_MS)
    yield
    expect.set_options(timeout=_USUAL_MS)
