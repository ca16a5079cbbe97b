"""Whatever happens to stock, in whatever order of days: costs never drift (PO-7, PO-9, PO-104 to PO-106).

The steps come from a seed, so that a history that fails can be walked again.
"""

from collections.abc import Callable
from random import Random

import pytest
from sqlalchemy import func, select

from core.ledgers.item import ItemEntry, ValueEntry
from core.master.items import Item
from core.posting.adjustment import adjust_costs
from tests.books import Books
from tests.core.builders import set_company
from tests.core.costing.goods import Goods
from tests.core.costing.history import History

STEPS = 22
CASES = [
    ("fifo", "day", True),
    ("fifo", "day", False),
    ("lifo", "day", True),
    ("average", "day", True),
    ("average", "month", True),
    ("average", "month", False),
    ("standard", "day", True),
]


def history(books: Books, costing: str, period: str, seed: int, **settings: object) -> History:
    with books.work() as work:
        item = work.session.get_one(Item, "I-FIFO")
        item.costing, item.standard_cost = costing, item.standard_cost or 8
    set_company(books, average_cost_period=period, **settings)
    return History(Goods(books), Random(seed))


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("costing", "period", "prevents"), CASES)
def test_the_books_hold_after_any_history_and_empty_stock_is_worth_nothing(
    books: Books, costing: str, period: str, prevents: bool, seed: int
) -> None:
    told = history(books, costing, period, seed, prevent_negative=prevents)
    told.run(STEPS)
    assert told.goods.differences() == []
    assert _adjusted(books) == []
    told.close()
    assert told.goods.differences() == []
    assert told.goods.state() == (0, 0)


@pytest.mark.parametrize("seed", range(10, 12))
@pytest.mark.parametrize(("costing", "period"), [("fifo", "day"), ("average", "month"), ("average", "day")])
def test_adjusting_always_or_in_a_run_comes_to_the_same(
    make_books: Callable[[], Books], costing: str, period: str, seed: int
) -> None:
    """PO-105."""
    at_once = history(make_books(), costing, period, seed)
    at_once.run(STEPS)
    at_once.close()
    later = history(make_books(), costing, period, seed, automatic_cost_adjustment="never")
    later.run(STEPS)
    later.close()
    _adjusted(later.goods.books)
    assert _costs(later.goods.books) == _costs(at_once.goods.books)
    assert later.goods.accounts() == at_once.goods.accounts()
    set_company(later.goods.books, automatic_cost_adjustment="always")
    assert later.goods.differences() == []


def _adjusted(books: Books) -> list[str]:
    with books.work() as work:
        return adjust_costs(work)


def _costs(books: Books) -> list[tuple[int, object]]:
    with books.reading() as work:
        cost = func.sum(ValueEntry.cost_actual + ValueEntry.cost_expected)
        rows = work.session.execute(
            select(ItemEntry.entry_no, cost)
            .join(ValueEntry, ValueEntry.item_entry_no == ItemEntry.entry_no)
            .group_by(ItemEntry.entry_no)
            .order_by(ItemEntry.entry_no)
        )
        return [(entry_no, value) for entry_no, value in rows]
