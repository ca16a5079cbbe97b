"""How the world above answers inside a transaction of the core, without the core knowing it.

The core raises events and asks registered checks (architecture, "The journey of one invoice"); whoever opens
a Work hands in the answers. With `NO_HOOKS` the core stands alone, as in its own tests.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.errors import Problem

if TYPE_CHECKING:
    from core.work import Work


@dataclass(frozen=True, slots=True)
class PurchasePosted:
    """A draft became a posted document: `draft_id` is gone from the desk, `posted_no` is what people see."""

    draft_id: int
    kind: str
    posted_no: str
    posting_date_iso: str


@dataclass(frozen=True, slots=True)
class PurchaseDeleted:
    """A draft was deleted by whatever route (ID-85)."""

    draft_id: int


@dataclass(frozen=True, slots=True)
class PurchaseCancelled:
    """A posted invoice was taken back by a credit memo (PU-102).

    `draft_id` is the draft that the invoice came from, `new_draft_id` the one that corrects it, if there is
    one.
    """

    draft_id: int
    posted_no: str
    credit_memo_no: str
    new_draft_id: int | None = None


Event = PurchasePosted | PurchaseDeleted | PurchaseCancelled


@dataclass(frozen=True, slots=True)
class Hooks:
    """What the layers above add: checks before posting a draft, by its id, and reactions to events."""

    posting_checks: tuple[Callable[[Work, int], list[Problem]], ...] = ()
    listeners: tuple[Callable[[Work, Event], None], ...] = ()

    def check_posting(self, work: Work, draft_id: int) -> list[Problem]:
        """Every problem that the layers above see with posting this draft."""
        return [problem for check in self.posting_checks for problem in check(work, draft_id)]

    def raise_event(self, work: Work, event: Event) -> None:
        """Tell every listener, inside the running transaction: if one fails, everything is undone."""
        for listener in self.listeners:
            listener(work, event)


NO_HOOKS = Hooks()
