"""A refusal as it must be: the code, a text in every language, and nothing changed (PU-1)."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from core.catalogue import CORE_TEXTS, LANGUAGES, Catalogue
from core.errors import DomainError, Problem
from core.work import Actor, Work
from tests.books import Books
from tests.golden.ledgers import Snapshot, snapshot

TEXTS = [Catalogue.load(language, [CORE_TEXTS]) for language in LANGUAGES]


@dataclass
class Refused:
    """`refused("code", lambda work: post(work, document_id))` on the books of a test."""

    books: Books

    def __call__(
        self, code: str, action: Callable[[Work], object], actor: Actor | None = None
    ) -> list[Problem]:
        """The action, in a transaction of its own, is refused with this code; returns all that was found."""
        before = self._snapshot()
        with pytest.raises(DomainError) as raised, self.books.work(actor) as work:
            action(work)
        codes = [problem.code for problem in raised.value.problems]
        assert code in codes, f"refused with {codes}"
        for problem in raised.value.problems:
            for texts in TEXTS:
                assert texts.problem(problem)
        assert self._snapshot() == before, f"refused with {code}, and something changed"
        return list(raised.value.problems)

    def _snapshot(self) -> Snapshot:
        with self.books.reading() as work:
            return snapshot(work)
