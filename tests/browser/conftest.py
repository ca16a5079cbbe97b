"""A desk with really read documents, for the journeys through review and the posted invoice."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.purchase_desk import PurchaseDesk, purchase_desk
from tests.browser.review_desk import ReviewDesk, review_desk


@pytest.fixture
def reviews(tmp_path: Path, sqlite_url: str) -> Iterator[ReviewDesk]:
    """A desk of this test alone."""
    with review_desk(tmp_path, sqlite_url) as desk:
        yield desk


@pytest.fixture
def purchases(tmp_path: Path, sqlite_url: str) -> Iterator[PurchaseDesk]:
    """A desk of this test alone that buys."""
    with purchase_desk(tmp_path, sqlite_url) as desk:
        yield desk
