"""What always holds in the books, whatever is done in whatever order, also back-dated.

PO-2, PO-3, PO-6 to PO-10 after every step as the runner of the golden cases checks them, the whole
reconciliation (PO-11) after every sequence; a refused step changes nothing (PU-1); an invoice that is
cancelled or corrected at once leaves no trace in any sum (PO-117). A sequence that fails is printed as a
golden case, made as short as it still fails.

`pytest tests/core/test_ledger_properties.py --full` does ten times as much.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

import pytest

from core.catalogue import CORE_TEXTS, LANGUAGES, Catalogue
from core.errors import DomainError
from core.master.vendors import Vendor
from core.posting.adjustment import adjust_costs
from core.reports.reconciliation import verify_books
from core.work import Work
from tests.books import Books
from tests.core.operations import ITEMS, SETTINGS, Day, Step, as_case
from tests.golden.adapter import Adapter
from tests.golden.case import read_base
from tests.golden.ledgers import (
    Snapshot,
    broken_rules,
    gl_sums,
    item_figures,
    snapshot,
    vat_sums,
    vendor_balance,
)
from tests.golden.references import NotBuilt, UnknownName

from .conftest import STANDARD

STEPS = 50
SEQUENCES = 20
SHORTER_TRIES = 60
TEXTS = [Catalogue.load(language, [CORE_TEXTS]) for language in LANGUAGES]
NEVER_A_REFUSAL = {"inconsistent_transaction", "busy_try_again"}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """1,000 steps a database, 10,000 with --full."""
    times = 10 if metafunc.config.getoption("full", False) else 1
    if "seed" in metafunc.fixturenames:
        metafunc.parametrize("seed", range(SEQUENCES * times))


def test_random_days_keep_the_books(make_books: Callable[[], Books], seed: int) -> None:
    random = Random(seed)
    setting = SETTINGS[seed % len(SETTINGS)]
    run = Run(make_books(), setting)
    day = Day(random, run.adapter.references)
    found = None
    for _ in range(STEPS):
        step = day.next_step()
        found = run.do(step)
        if found is not None:
            break
        if run.succeeded:
            day.remember(step)
    found = found or run.end()
    if found is not None:
        steps, found = _shortened(make_books, setting, run.done, found)
        pytest.fail(f"{found}\n\n{as_case(steps, setting)}", pytrace=False)
    assert run.posted >= STEPS // 4, f"only {run.posted} steps of {STEPS} were possible"


@dataclass
class Run:
    """Does steps on books and says what is wrong after each, None when nothing is."""

    books: Books
    setting: Mapping[str, Any]
    done: list[Step] = field(default_factory=list)
    posted: int = 0
    succeeded: bool = False
    adjusted_at: int = 0

    def __post_init__(self) -> None:
        self.adapter = Adapter(self.books, read_base(STANDARD))
        if self.setting:
            self.adapter.run({"do": "change", "set": self.setting})
        self.before = self._snapshot()
        self.sums = self._sums()
        self.earlier_sums = self.sums

    def do(self, step: Step) -> str | None:
        """Do one step and check the books."""
        self.done.append(step)
        self.succeeded = False
        try:
            self.adapter.run(step)
        except DomainError as refused:
            return self._refused(refused)
        except (UnknownName, NotBuilt, KeyError):
            return None  # it names what an earlier step did not come to
        except Exception as error:
            return f"{type(error).__name__}: {error}"
        self.succeeded = True
        self.posted += 1
        broken = self._broken()
        if broken and self._adjusts_later and all(rule.startswith("PO-9:") for rule in broken):
            # Empty items are worth nothing once costs are adjusted, which nobody has done yet.
            self._adjust()
            broken = self._broken()
        return broken[0] if broken else self._left_a_trace(step)

    def end(self) -> str | None:
        """What the reconciliation says after the last step, and after costs are adjusted (PO-105)."""
        if self._adjusts_later:
            self._adjust()
            broken = self._broken()
            if broken:
                return broken[0]
        with self.books.reading() as work:
            differences = verify_books(work)
        return str(differences[0]) if differences else None

    @property
    def _adjusts_later(self) -> bool:
        inventory = self.setting.get("company", {}).get("inventory", {})
        return bool(inventory.get("automatic_cost_adjustment") == "never")

    def _adjust(self) -> None:
        self.adjusted_at = len(self.done)
        with self.books.work() as work:
            adjust_costs(work)

    def _broken(self) -> list[str]:
        after = self._snapshot()
        with self.books.reading() as work:
            broken = broken_rules(work, self.before, after)
        self.before = after
        return broken

    def _refused(self, error: DomainError) -> str | None:
        codes = {problem.code for problem in error.problems}
        if codes & NEVER_A_REFUSAL:
            return f"refused with {sorted(codes)}"
        for problem in error.problems:
            assert all(texts.problem(problem) for texts in TEXTS)
        return (
            None if self._snapshot() == self.before else f"refused with {sorted(codes)} and changed something"
        )

    def _left_a_trace(self, step: Step) -> str | None:
        """Posting an invoice and cancelling or correcting it at once is as if nothing had been (PO-117).

        Where stock may be negative the invoice can give the goods of an earlier sale their cost, and then it
        leaves with them.
        """
        before, self.earlier_sums, self.sums = self.earlier_sums, self.sums, self._sums()
        last = self.done[-2] if len(self.done) > 1 else {}
        at_once = step["do"] in ("cancel_invoice", "correct_invoice") and last.get("ref") == step["invoice"]
        at_once = at_once and self.adjusted_at < len(self.done) - 1  # which changes other sums
        may_be_negative = (
            self.setting.get("company", {}).get("inventory", {}).get("prevent_negative") is False
        )
        if not at_once or "receipts" in last or last["do"] != "post_invoice" or may_be_negative:
            return None
        for name, figures in before.items():
            if figures != self.sums[name]:
                return f"PO-117: {name} was {figures}, is {self.sums[name]} after {step['do']}"
        return None

    def _snapshot(self) -> Snapshot:
        with self.books.reading() as work:
            return snapshot(work)

    def _sums(self) -> dict[str, Any]:
        with self.books.reading() as work:
            return {
                "G/L": gl_sums(work),
                "VAT": vat_sums(work),
                "vendors": {no: vendor_balance(work, no) for no in _vendors(work)},
                "items": {no: item_figures(work, no) for no in sorted(set(ITEMS))},
            }


def _vendors(work: Work) -> list[str]:
    return sorted(vendor.vendor_no for vendor in work.session.query(Vendor))


def _shortened(
    make_books: Callable[[], Books], setting: Mapping[str, Any], steps: Sequence[Step], found: str
) -> tuple[list[Step], str]:
    """Leave out halves, quarters, single steps as long as something is still wrong."""
    shortest, size, tries = list(steps), len(steps) // 2, 0
    while size >= 1 and tries < SHORTER_TRIES:
        at = 0
        while at < len(shortest) and tries < SHORTER_TRIES:
            tries += 1
            shorter = shortest[:at] + shortest[at + size :]
            still = _replayed(make_books(), setting, shorter)
            if still is None:
                at += size
            else:
                shortest, found = shorter, still
        size //= 2
    return shortest, found


def _replayed(books: Books, setting: Mapping[str, Any], steps: Sequence[Step]) -> str | None:
    run = Run(books, setting)
    for step in steps:
        found = run.do(step)
        if found is not None:
            return found
    return run.end()
