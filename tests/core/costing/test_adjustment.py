"""Count differences, revaluation, and the runs that adjust and post costs (PO-105, PO-121 to PO-128)."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from core.errors import DomainError
from core.ledgers.item import ValueEntry
from core.master.items import Item
from core.master.posting_groups import GeneralPostingSetup
from core.master.purchasing_setup import InventoryPeriod
from core.posting.adjustment import InventoryAdjustment, adjust_costs, adjust_inventory
from core.posting.cost_posting import CostPostingDetail, find_cost_posting_problems, post_costs
from core.posting.revaluation import StockRevaluation, revalue
from tests.books import Books
from tests.core.builders import amounts, codes, set_company
from tests.core.costing.goods import Goods, day

FIRST = day(1)


def count(books: Books, quantity: str, unit_cost: str | None = None, on: date = FIRST, **more: str) -> str:
    with books.work() as work:
        cost = Decimal(unit_cost) if unit_cost is not None else None
        adjustment = InventoryAdjustment(more.pop("item", "I-FIFO"), Decimal(quantity), on, cost, **more)
        return adjust_inventory(work, adjustment)


def refused(books: Books, quantity: str, **more: object) -> str:
    with pytest.raises(DomainError) as error:
        count(books, quantity, **more)  # type: ignore[arg-type]
    return error.value.code


def test_what_a_count_finds_is_worth_the_given_cost_and_what_it_misses_costs_its_cost(books: Books) -> None:
    """PO-121."""
    goods = Goods(books)
    assert count(books, "5", "10.00") == "IJ-00001"
    assert goods.last_postings() == amounts({"1400": "50.00", "7400": "-50.00"})
    assert count(books, "-2", on=day(2)) == "IJ-00002"
    assert goods.last_postings() == amounts({"1400": "-20.00", "7400": "20.00"})
    assert goods.state() == (3, 30)
    assert goods.differences() == []


def test_what_is_found_without_a_cost_is_worth_the_unit_cost(books: Books) -> None:
    """PO-121, PO-125: (20.00 + 40.00) / 3."""
    goods = Goods(books)
    goods.buy("2", "20.00", day(1))
    goods.buy("1", "40.00", day(1))
    count(books, "1", on=day(2))
    assert goods.last_postings() == amounts({"1400": "20.00", "7400": "-20.00"})


def test_the_last_direct_cost_stays_that_of_the_last_invoice(books: Books) -> None:
    """PO-125."""
    Goods(books).buy("4", "20.00", day(1))
    count(books, "1", "9.00", on=day(2))
    with books.reading() as work:
        item = work.session.get_one(Item, "I-FIFO")
        assert (item.unit_cost, item.last_direct_cost) == (Decimal("5.8"), Decimal(5))


def test_an_adjustment_that_cannot_be_is_refused(books: Books) -> None:
    assert refused(books, "1", item="I-NONE") == "item_unknown"
    assert refused(books, "1", item="I-SVC") == "item_has_no_stock"
    assert refused(books, "0") == "field_missing"
    assert refused(books, "1", location_code="NOWHERE") == "location_unknown"
    assert refused(books, "1", variant_code="RED") == "variant_unknown"
    assert refused(books, "1", on=date(2027, 1, 1)) == "posting_date_not_allowed"
    assert refused(books, "-1") == "insufficient_inventory"
    assert Goods(books).state() == (0, 0)


def test_a_closed_inventory_period_takes_nothing_more(books: Books) -> None:
    """PO-21, PO-105."""
    with books.work() as work:
        work.session.add(InventoryPeriod(ending_date=date(2026, 2, 28), name="February", closed=True))
    assert refused(books, "1", on=day(28)) == "inventory_period_closed"
    count(books, "1", "1.00", on=day(1, 3))


def test_an_adjustment_of_a_closed_day_is_dated_on_the_first_open_one(books: Books) -> None:
    """PO-105, PO-15: the document of the entry that is adjusted, another date."""
    goods = Goods(books)
    received = goods.receive("1", "10.00", day(2))
    sold = goods.sell("1", day(3))
    with books.work() as work:
        work.session.add(InventoryPeriod(ending_date=date(2026, 2, 28), name="February", closed=True))
    goods.invoice(received, "1", "12.00", day(5, 3))
    with books.reading() as work:
        first, adjustment = work.session.scalars(
            select(ValueEntry).where(ValueEntry.item_entry_no == sold).order_by(ValueEntry.entry_no)
        )
        assert adjustment.is_adjustment
        assert (adjustment.posting_date, adjustment.document_no) == (day(1, 3), first.document_no)
        assert adjustment.cost_actual == Decimal(-2)


def test_a_revaluation_changes_what_is_there_and_what_leaves_later(books: Books) -> None:
    """PO-122: 6 pieces bought at 10.00, of which 2 were sold before, to 8.00."""
    goods = Goods(books)
    goods.buy("6", "60.00", day(1))
    early = goods.sell("2", day(2))
    with books.work() as work:
        revalue(work, StockRevaluation("I-FIFO", Decimal(8), day(3)))
    assert goods.last_postings() == amounts({"1400": "-8.00", "7400": "8.00"})
    late = goods.sell("2", day(3))
    last = goods.sell("2", day(4))
    assert [goods.cost(entry) for entry in (early, late, last)] == [20, 16, 16]
    assert goods.state() == (0, 0)
    assert goods.differences() == []


def test_a_revaluation_of_a_past_day_adjusts_what_left_after_it(books: Books) -> None:
    """PO-122, PO-104."""
    goods = Goods(books)
    goods.buy("6", "60.00", day(1))
    early, late = goods.sell("2", day(2)), goods.sell("4", day(10))
    with books.work() as work:
        revalue(work, StockRevaluation("I-FIFO", Decimal(8), day(3)))
    assert [goods.cost(early), goods.cost(late)] == [20, 32]
    assert goods.state() == (0, 0)
    assert goods.differences() == []


def test_an_average_item_is_revalued_as_a_whole(books: Books) -> None:
    goods = Goods(books, "I-AVG")
    goods.buy("1", "10.00", day(1))
    goods.buy("2", "26.00", day(1))
    early = goods.sell("1", day(2))
    with books.work() as work:
        revalue(work, StockRevaluation("I-AVG", Decimal(15), day(3)))
    assert goods.cost(early) == 12
    assert goods.state() == (2, 30)
    late = goods.sell("2", day(3))
    assert goods.cost(late) == 30
    assert goods.state() == (0, 0)
    assert goods.differences() == []


def test_goods_that_are_not_invoiced_are_not_revalued(books: Books) -> None:
    """PO-122."""
    goods = Goods(books)
    goods.receive("6", "60.00", day(1))
    with books.work() as work, pytest.raises(DomainError) as error:
        revalue(work, StockRevaluation("I-FIFO", Decimal(8), day(3)))
    assert error.value.code == "nothing_to_revalue"


def test_a_new_standard_cost_comes_with_a_revaluation(books: Books) -> None:
    """PO-101, PO-122."""
    goods = Goods(books, "I-STD")
    goods.buy("4", "40.00", day(1))
    with books.work() as work:
        revalue(work, StockRevaluation("I-STD", Decimal(12), day(2)))
    assert goods.state() == (4, 48)
    sold = goods.sell("4", day(3))
    assert goods.cost(sold) == 48
    assert goods.state() == (0, 0)


def test_without_adjustment_costs_wait_for_the_run(books: Books) -> None:
    """PO-105: the result is the same."""
    set_company(books, automatic_cost_adjustment="never")
    goods = Goods(books)
    received = goods.receive("3", "30.00", day(1))
    sold = goods.sell("3", day(2))
    goods.invoice(received, "3", "36.00", day(3))
    assert goods.cost(sold) == 30
    with books.work() as work:
        assert adjust_costs(work) == ["I-FIFO"]
    assert goods.cost(sold) == 36
    with books.work() as work:
        assert adjust_costs(work) == []
    assert goods.differences() == []


@pytest.mark.parametrize("detail", list(CostPostingDetail))
def test_without_automatic_cost_posting_a_run_brings_costs_to_the_ledger(
    books: Books, detail: CostPostingDetail
) -> None:
    """PO-128: then PO-7 holds."""
    set_company(books, automatic_cost_posting=False)
    goods = Goods(books)
    received = goods.receive("3", "30.00", day(1))
    goods.sell("1", day(2))
    goods.invoice(received, "2", "24.00", day(3))
    assert goods.accounts() == {}
    with books.work() as work:
        run = post_costs(work, detail)
    assert run.entries == 5
    assert goods.accounts() == amounts(
        {"1410": "10.00", "1490": "-10.00", "1400": "12.67", "7200": "-24.00", "7000": "11.33"}
    )
    with books.work() as work:
        assert post_costs(work, detail).entries == 0
    assert goods.differences() == []


def test_a_run_of_cost_posting_lists_all_setup_that_is_missing(books: Books) -> None:
    """PO-128: the test mode; the run itself is refused and posts nothing."""
    set_company(books, automatic_cost_posting=False)
    goods = Goods(books)
    goods.buy("3", "30.00", day(1))
    goods.sell("1", day(2))
    with books.work() as work:
        setup = work.session.get_one(GeneralPostingSetup, ("", "GOODS"))
        setup.cogs, setup.direct_cost_applied = None, None
    with books.reading() as work:
        assert codes(find_cost_posting_problems(work)) == ["posting_setup_missing"] * 2
    with books.work() as work, pytest.raises(DomainError):
        post_costs(work)
    assert goods.accounts() == {}


def test_overhead_is_added_to_what_is_bought(books: Books) -> None:
    """PO-124: 10 % and 0.50 a piece."""
    with books.work() as work:
        item = work.session.get_one(Item, "I-FIFO")
        item.overhead_percent, item.overhead_amount = Decimal(10), Decimal("0.5")
        work.session.get_one(GeneralPostingSetup, ("", "GOODS")).overhead_applied = "7300"
    goods = Goods(books)
    goods.buy("4", "40.00", day(1))
    assert goods.last_postings() == amounts({"1400": "46.00", "7200": "-40.00", "7300": "-6.00"})
