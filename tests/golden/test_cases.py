"""Golden posting scenarios: accounting stories with exact results, on both databases.

`pytest tests/golden --cases DIR` runs any folder of cases in this format.
"""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from core.catalogue import CORE_TEXTS, LANGUAGES, Catalogue
from core.database import make_engine
from core.errors import DomainError
from core.work import Work
from tests.books import Books
from tests.golden.adapter import Adapter, Step
from tests.golden.case import read_case
from tests.golden.company import create_company
from tests.golden.ledgers import (
    Snapshot,
    bank_balance,
    broken_rules,
    document_figures,
    gl_sums,
    item_figures,
    last_number,
    numbers_used,
    order_figures,
    snapshot,
    vat_sums,
    vendor_balance,
)
from tests.golden.references import NotBuilt

ZERO = Decimal(0)
TEXTS = [Catalogue.load(language, [CORE_TEXTS]) for language in LANGUAGES]


def test_case(case_path: Path, migrated_url: str) -> None:
    case = read_case(case_path)
    engine = make_engine(migrated_url)
    books = Books(engine)
    create_company(books, case.setup)
    adapter = Adapter(books, case.setup)
    for number, step in enumerate(case.steps, start=1):
        where = f"{case.id}, step {number} ({step['do']})"
        before = _snapshot(books)
        _run(adapter, step, where, before)
        with books.reading() as work:
            after = snapshot(work)
            assert broken_rules(work, before, after) == [], where
            assert _differences(work, adapter, step.get("expect", {}), before) == [], where
    with books.reading() as work:
        assert _differences(work, adapter, case.expect, None) == [], case.title
    engine.dispose()


def _run(adapter: Adapter, step: Step, where: str, before: Snapshot) -> None:
    refused = step.get("refused", [])
    expected = {refused} if isinstance(refused, str) else set(refused)
    try:
        adapter.run(step)
    except NotBuilt as missing:
        pytest.fail(f"{where}: not built yet: {missing}")
    except DomainError as error:
        codes = {problem.code for problem in error.problems}
        assert codes & expected, f"{where} was refused with {sorted(codes)}"
        for problem in error.problems:
            assert all(texts.problem(problem) for texts in TEXTS)
        assert _snapshot(adapter.books) == before, f"{where} was refused and changed something"
        return
    assert not expected, f"{where} should have been refused with {sorted(expected)}"


def _snapshot(books: Books) -> Snapshot:
    with books.reading() as work:
        return snapshot(work)


def _differences(
    work: Work, adapter: Adapter, expect: Mapping[str, Any], before: Snapshot | None
) -> list[str]:
    """The first difference per key, with expected and actual value."""
    found: dict[str, tuple[Any, Any]] = {}
    for key, value in expect.items():
        actual = _actual(work, adapter, key, value, before)
        wanted = _wanted(key, value)
        if actual != wanted:
            found[key] = (wanted, actual)
    return [f"{key}: expected {wanted}, is {actual}" for key, (wanted, actual) in found.items()]


def _wanted(key: str, value: Any) -> Any:
    if key == "gl":
        return {account: amount for account, amount in value.items() if amount != ZERO}
    if key == "vat":
        rows = {}
        for row in value:
            sums = tuple(
                Decimal(row.get(name, 0))
                for name in ("base", "amount", "nondeductible_base", "nondeductible_amount")
            )
            if any(sums):
                rows[row.get("type", "purchase"), row["business"], row["product"]] = sums
        return rows
    return value


def _actual(work: Work, adapter: Adapter, key: str, value: Any, before: Snapshot | None) -> Any:
    if key == "gl":
        return gl_sums(work, before.last("gl_entry") if before else 0)
    if key == "vat":
        return vat_sums(work, before.last("vat_entry") if before else 0)
    if key == "vendors":
        return {no: _vendor(work, no, row) for no, row in value.items()}
    if key == "documents":
        return {ref: _document(work, adapter, ref, row) for ref, row in value.items()}
    if key == "items":
        return {no: _only(item_figures(work, no), row) for no, row in value.items()}
    if key == "banks":
        return {code: bank_balance(work, code) for code in value}
    if key == "orders":
        return {ref: _order(work, adapter, ref, rows) for ref, rows in value.items()}
    if key == "numbers":
        return {series: _used_without_gap(work, series) for series in value}
    if key in ("succeeded", "refused_with"):
        return _parallel(adapter, key, value)
    pytest.fail(f"not built yet: expectation {key}")


def _vendor(work: Work, vendor_no: str, row: Mapping[str, Any]) -> Mapping[str, Decimal]:
    balance, balance_lcy = vendor_balance(work, vendor_no)
    return _only({"balance": balance, "balance_lcy": balance_lcy}, row)


def _document(work: Work, adapter: Adapter, ref: str, row: Mapping[str, Any]) -> Mapping[str, Any]:
    reference = adapter.references[ref]
    figures = document_figures(work, reference.no, reference.kind)
    if "lines" in row and len(row["lines"]) == len(figures["lines"]):
        figures["lines"] = [
            _only(line, wanted) for line, wanted in zip(figures["lines"], row["lines"], strict=True)
        ]
    return _only(figures, row)


def _order(work: Work, adapter: Adapter, ref: str, rows: list[Mapping[str, Any]]) -> list[Any]:
    """An order that is gone was completely invoiced and counts with its full quantities."""
    reference = adapter.references[ref]
    figures = order_figures(work, reference.draft_id) or [
        {"received": quantity, "invoiced": quantity} for quantity in reference.quantities
    ]
    if len(figures) != len(rows):
        return figures
    return [_only(line, wanted) for line, wanted in zip(figures, rows, strict=True)]


def _only(figures: Mapping[str, Any], row: Mapping[str, Any]) -> Mapping[str, Any]:
    """Listed figures only."""
    return {name: figures[name] for name in row}


def _used_without_gap(work: Work, series: str) -> int:
    numbers = numbers_used(work, series)
    digits = [int(number.rpartition("-")[2]) for number in numbers]
    assert digits == list(range(1, len(digits) + 1)), f"series {series} has a gap: {numbers}"
    assert last_number(work, series) == (numbers[-1] if numbers else None), f"series {series} is ahead"
    return len(numbers)


def _parallel(adapter: Adapter, key: str, value: Any) -> Any:
    """How many succeeded; the acceptable codes themselves when no other code came."""
    assert adapter.outcome is not None
    if key == "succeeded":
        return adapter.outcome.succeeded
    others = set(adapter.outcome.refused_with) - set(value)
    return value if not others else sorted(others)
