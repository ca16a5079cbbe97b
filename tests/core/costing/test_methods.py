"""What stock costs by each method (PO-97 to PO-101, PO-104, PO-106): the examples of the rules."""

from decimal import Decimal

import pytest

from core.errors import DomainError
from core.master.items import Item
from tests.books import Books
from tests.core.builders import amounts, set_company
from tests.core.costing.goods import Goods, day


def fifo(books: Books) -> Goods:
    return Goods(books, "I-FIFO")


def average(books: Books) -> Goods:
    return Goods(books, "I-AVG")


def standard(books: Books) -> Goods:
    return Goods(books, "I-STD")


def lifo(books: Books) -> Goods:
    with books.work() as work:
        work.session.get_one(Item, "I-FIFO").costing = "lifo"
    return Goods(books, "I-FIFO")


@pytest.mark.parametrize(
    ("goods_of", "costs"),
    [
        (fifo, ["10.00", "20.00", "30.00"]),
        (lifo, ["30.00", "20.00", "10.00"]),
        (average, ["20.00", "20.00", "20.00"]),
    ],
)
def test_three_pieces_bought_at_three_prices_cost_by_the_method(
    books: Books, goods_of: object, costs: list[str]
) -> None:
    goods = goods_of(books)  # type: ignore[operator]
    for price in ("10.00", "20.00", "30.00"):
        goods.buy("1", price, day(1))
    sold = [goods.sell("1", day(2)) for _ in range(3)]
    assert [goods.cost(entry) for entry in sold] == [Decimal(cost) for cost in costs]
    assert goods.state() == (0, 0)
    assert goods.differences() == []


def test_standard_cost_makes_the_rest_of_an_invoice_a_variance(books: Books) -> None:
    """PO-101: standard 10.00, invoiced 12.50."""
    goods = standard(books)
    goods.buy("1", "12.50", day(1))
    assert goods.last_postings() == amounts({"1400": "10.00", "7200": "-12.50", "7300": "2.50"})
    sold = goods.sell("1", day(2))
    assert goods.cost(sold) == Decimal("10.00")
    assert goods.state() == (0, 0)


def test_goods_sold_before_they_are_invoiced_are_adjusted(books: Books) -> None:
    """PO-104: received 3 at 10.00 and 1 at 15.00, sold 2 and 2, invoiced at 12.00 and 16.00."""
    goods = fifo(books)
    first, second = goods.receive("3", "30.00", day(1)), goods.receive("1", "15.00", day(1))
    sold = [goods.sell("2", day(2)), goods.sell("2", day(3))]
    assert [goods.cost(entry) for entry in sold] == [Decimal(20), Decimal(25)]
    goods.invoice(first, "3", "36.00", day(10))
    goods.invoice(second, "1", "16.00", day(12))
    assert [goods.cost(entry) for entry in sold] == [Decimal(24), Decimal(28)]
    assert goods.accounts() == amounts({"7000": "52.00", "7200": "-52.00"})
    assert goods.state() == (0, 0)
    assert goods.differences() == []


def test_the_cents_left_on_a_used_up_increase_are_written_off(books: Books) -> None:
    """PO-106: 7 pieces for 20.00 are sold at 7 × 2.86 = 20.02; the rounding entry is +0.02."""
    goods = fifo(books)
    goods.buy("7", "20.00", day(1))
    sold = [goods.sell("1", day(2)) for _ in range(7)]
    assert {goods.cost(entry) for entry in sold} == {Decimal("2.86")}
    assert goods.last_postings() == amounts({"7000": "2.86", "7400": "-0.02", "1400": "-2.84"})
    assert goods.state() == (0, 0)


def test_average_carries_the_cents_from_decrease_to_decrease(books: Books) -> None:
    """PO-106: 2.86, 2.85, 2.86, 2.86, 2.86, 2.85, 2.86."""
    goods = average(books)
    goods.buy("7", "20.00", day(1))
    sold = [goods.sell("1", day(2)) for _ in range(7)]
    costs = ["2.86", "2.85", "2.86", "2.86", "2.86", "2.85", "2.86"]
    assert [goods.cost(entry) for entry in sold] == [Decimal(cost) for cost in costs]
    assert goods.state() == (0, 0)


def test_an_average_by_month_values_an_earlier_sale_of_the_month_again(books: Books) -> None:
    """PO-98: February = (30.00 + 100.00) / 2, the sale of 1 February is adjusted by 35.00."""
    set_company(books, average_cost_period="month")
    goods = average(books)
    goods.buy("1", "20.00", day(1, 1))
    goods.buy("1", "40.00", day(1, 1))
    goods.sell("1", day(1, 1))
    early = goods.sell("1", day(1, 2))
    assert goods.cost(early) == Decimal(30)
    goods.buy("1", "100.00", day(2, 2))
    assert goods.cost(early) == Decimal(65)
    late = goods.sell("1", day(3, 2))
    assert goods.cost(late) == Decimal(65)
    assert goods.state() == (0, 0)
    assert goods.differences() == []


def test_freight_that_comes_later_raises_stock_and_what_was_sold(books: Books) -> None:
    """PO-104: 100 pieces at 10.00, 40 sold, freight 200.00 and duty 100.00."""
    goods = fifo(books)
    bought = goods.buy("100", "1000.00", day(1))
    goods.sell("40", day(2))
    goods.charge(bought, "200.00", day(3))
    goods.charge(bought, "100.00", day(4))
    assert goods.accounts() == amounts(
        {"1400": "780.00", "7000": "520.00", "7200": "-1000.00", "7510": "-300.00"}
    )


def test_freight_on_an_item_at_standard_cost_is_a_variance(books: Books) -> None:
    """PO-102."""
    goods = standard(books)
    bought = goods.buy("1", "10.00", day(1))
    goods.charge(bought, "20.00", day(2))
    assert goods.last_postings() == amounts({"7510": "-20.00", "7300": "20.00"})


def test_expected_cost_goes_by_the_part_that_is_invoiced(books: Books) -> None:
    """PO-90: the last part takes the rest."""
    goods = fifo(books)
    received = goods.receive("3", "10.00", day(1))
    for expected in ("-3.33", "-3.34", "-3.33"):
        goods.invoice(received, "1", "4.00", day(2))
        assert goods.last_postings()["1410"] == Decimal(expected)
    assert goods.accounts() == amounts({"1400": "12.00", "7200": "-12.00"})


def test_expected_cost_of_an_item_at_standard_is_its_standard(books: Books) -> None:
    goods = standard(books)
    received = goods.receive("1", "9.00", day(1))
    assert goods.last_postings() == amounts({"1410": "10.00", "1490": "-10.00"})
    goods.invoice(received, "1", "9.00", day(2))
    assert goods.accounts() == amounts({"1400": "10.00", "7200": "-9.00", "7300": "-1.00"})


def test_without_expected_cost_in_the_ledger_it_counts_in_the_value_only(books: Books) -> None:
    """PO-89."""
    set_company(books, expected_cost_to_gl=False)
    goods = fifo(books)
    received = goods.receive("1", "95.00", day(1))
    assert goods.accounts() == {}
    assert goods.state() == (1, 95)
    goods.invoice(received, "1", "100.00", day(2))
    assert goods.accounts() == amounts({"1400": "100.00", "7200": "-100.00"})
    assert goods.differences() == []


@pytest.mark.parametrize("before", [True, False])
def test_expected_cost_goes_from_the_ledger_as_far_as_it_was_there(books: Books, before: bool) -> None:
    """PO-127: also when the setting changes between receipt and invoice."""
    set_company(books, expected_cost_to_gl=before)
    goods = fifo(books)
    received = goods.receive("2", "20.00", day(1))
    set_company(books, expected_cost_to_gl=not before)
    goods.invoice(received, "1", "11.00", day(2))
    goods.invoice(received, "1", "11.00", day(2))
    assert goods.accounts() == amounts({"1400": "22.00", "7200": "-22.00"})
    assert goods.differences() == []


@pytest.mark.parametrize("goods_of", [fifo, average])
def test_a_return_of_a_named_receipt_costs_what_that_cost(books: Books, goods_of: object) -> None:
    """PO-100: not the oldest, and for averaged items both sides leave the average."""
    goods = goods_of(books)  # type: ignore[operator]
    goods.buy("10", "10.00", day(4))
    second = goods.buy("10", "20.00", day(5))
    returned = goods.give_back("10", day(6), of=second)
    assert goods.cost(returned) == Decimal(20)
    assert goods.state() == (10, 10)
    goods.charge(second, "5.00", day(7))
    assert goods.cost(returned) == Decimal(25)
    assert goods.state() == (10, 10)
    assert goods.differences() == []


def test_a_return_of_what_was_sold_lets_the_sale_take_other_stock(books: Books) -> None:
    """PO-100, PO-116: the sale is applied again and its cost adjusted."""
    goods = fifo(books)
    first, _ = goods.buy("10", "100.00", day(1)), goods.buy("10", "200.00", day(2))
    sold = goods.sell("4", day(3))
    goods.give_back("10", day(4), of=first)
    assert goods.cost(sold) == Decimal(80)
    assert goods.state() == (6, 120)
    assert goods.differences() == []


def test_a_return_of_what_was_sold_is_refused_without_other_stock(books: Books) -> None:
    """PO-100."""
    goods = fifo(books)
    bought = goods.buy("10", "100.00", day(1))
    goods.sell("4", day(3))
    with pytest.raises(DomainError) as refused:
        goods.give_back("10", day(4), of=bought)
    assert refused.value.code == "insufficient_inventory"


def test_where_stock_may_be_negative_the_freed_sale_stays_open(books: Books) -> None:
    """PO-100, PO-126: at the unit cost until goods come; then at theirs."""
    set_company(books, prevent_negative=False)
    goods = fifo(books)
    bought = goods.buy("10", "100.00", day(1))
    sold = goods.sell("4", day(3))
    goods.give_back("10", day(4), of=bought)
    assert goods.cost(sold) == Decimal(40)
    assert goods.state() == (-4, -40)
    goods.buy("5", "60.00", day(5))
    assert goods.cost(sold) == Decimal(48)
    assert goods.state() == (1, 12)
    assert goods.differences() == []


@pytest.mark.parametrize("goods_of", [fifo, average])
def test_negative_stock_is_valued_at_the_unit_cost_until_goods_come(books: Books, goods_of: object) -> None:
    """PO-126."""
    set_company(books, prevent_negative=False)
    goods = goods_of(books)  # type: ignore[operator]
    goods.buy("2", "20.00", day(1))
    sold = goods.sell("5", day(2))
    assert goods.cost(sold) == Decimal(50)
    goods.buy("3", "36.00", day(3))
    assert goods.cost(sold) == Decimal(56)
    assert goods.state() == (0, 0)
    assert goods.differences() == []


def test_an_undone_receipt_takes_its_expected_cost_back(books: Books) -> None:
    """PO-120."""
    goods = fifo(books)
    received = goods.receive("3", "10.00", day(1))
    goods.undo(received, day(1))
    assert goods.accounts() == {}
    assert goods.state() == (0, 0)


def test_an_undone_return_brings_the_goods_back_at_their_cost(books: Books) -> None:
    """PU-143: also when that cost changes later."""
    goods = fifo(books)
    bought = goods.buy("10", "100.00", day(1))
    shipped = goods.give_back("4", day(2), of=bought, credited=False)
    assert goods.last_postings() == amounts({"1410": "-40.00", "1490": "40.00"})
    back = goods.undo(shipped, day(2))
    assert goods.cost(back) == Decimal(40)
    goods.charge(bought, "10.00", day(3))
    assert goods.cost(back) == Decimal(44)
    goods.sell("10", day(4))
    assert goods.state() == (0, 0)
    assert goods.differences() == []


def test_a_shipment_costs_on_the_interim_accounts_until_it_is_invoiced(books: Books) -> None:
    """PO-104, PO §4.7."""
    goods = fifo(books)
    received = goods.receive("2", "20.00", day(1))
    shipped = goods.sell("2", day(2), invoiced=False)
    assert goods.last_postings() == amounts({"1410": "-20.00", "7010": "20.00"})
    goods.invoice(received, "2", "22.00", day(3))
    assert goods.last_postings()["7010"] == Decimal(2)
    goods.invoice_sale(shipped, "2", day(4))
    assert goods.accounts() == amounts({"7000": "22.00", "7200": "-22.00"})
    assert goods.differences() == []
