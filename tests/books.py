"""Books to test on: a database with all tables, opened for one transaction at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import Engine

from core.hooks import NO_HOOKS, Hooks
from core.master.setup import CompanySetup, create_books
from core.work import Actor, Work, open_reading, open_work

NOW = datetime(2026, 2, 1, 9, 0, tzinfo=UTC)
TODAY = date(2026, 2, 1)
BOOKKEEPER = Actor("bea", "Bea", frozenset({"bookkeeper"}))
CLERK = Actor("kim", "Kim", frozenset({"clerk"}))


@dataclass
class Books:
    """One company's books and who works on them."""

    engine: Engine
    actor: Actor = BOOKKEEPER
    hooks: Hooks = NO_HOOKS

    @contextmanager
    def work(self, actor: Actor | None = None) -> Iterator[Work]:
        """A transaction that is committed at the end of the block."""
        with open_work(self.engine, actor or self.actor, NOW, TODAY, hooks=self.hooks) as work:
            yield work

    @contextmanager
    def reading(self) -> Iterator[Work]:
        """A transaction that is always undone."""
        with open_reading(self.engine, self.actor, NOW, TODAY) as work:
            yield work

    def create(self, setup: CompanySetup) -> None:
        """Make the company."""
        with self.work() as work:
            create_books(work, setup)
