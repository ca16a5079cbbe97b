"""Item charges: freight and duty on goods that came earlier (purchasing §5.3; PO-102, PO-103)."""

from decimal import Decimal

import pytest

from core.errors import DomainError
from core.master.company import get_company
from core.posting.engine import Posted, post
from core.purchasing.charges import Assignment, SuggestBy, assign, open_targets, suggest
from core.purchasing.document import ChargeTarget, LineType
from core.purchasing.draft_inputs import LineDraft
from core.purchasing.drafts import get_draft
from core.reports.reconciliation import verify_books
from tests.books import Books
from tests.core.builders import amounts, codes, invoice, item_line, ledger, make, stock
from tests.core.posting.desk import bill, order, receive


def freight(quantity: str, unit_cost: str) -> LineDraft:
    """A freight line."""
    return LineDraft(LineType.CHARGE, "FREIGHT", quantity=Decimal(quantity), unit_cost=Decimal(unit_cost))


def post_it(books: Books, draft_id: int) -> Posted:
    """Post a draft."""
    with books.work() as work:
        return post(work, draft_id)


def put_on(books: Books, draft_id: int, receipt_no: str | None, *quantities: str) -> None:
    """Assign the first line of a draft to the lines of a receipt."""
    rows = [
        Assignment(ChargeTarget.RECEIPT, receipt_no, line_no, Decimal(quantity))
        for line_no, quantity in enumerate(quantities, start=1)
    ]
    with books.work() as work:
        assign(work, get_draft(work, draft_id), 1, rows)


def test_a_charge_raises_the_cost_of_goods_that_came_earlier(books: Books) -> None:
    """PO-45, PO-102: accounts of the charge's own product group."""
    order_id = make(books, order(item_line("100", "10.00")))
    received = receive(books, order_id)
    bill(books, order_id, "X-1")
    draft_id = make(books, invoice(freight("1", "200.00"), vendor="V-NL2"))
    put_on(books, draft_id, received.receipt_no, "1")

    posted = post_it(books, draft_id)

    assert ledger(books, posted) == amounts(
        {"7500": "200.00", "1500": "42.00", "1600": "-242.00", "7510": "-200.00", "1400": "200.00"}
    )
    assert stock(books, "I-FIFO") == (Decimal(100), Decimal("1200.00"))
    with books.reading() as work:
        assert verify_books(work) == []


def test_a_charge_on_lines_of_the_same_invoice(books: Books) -> None:
    """PU-98, PO-103: 10.00 over three equal lines is 3.33, 3.34 and 3.33."""
    pieces = [item_line("1", "5.00", item=item) for item in ("I-FIFO", "I-AVG", "I-FIFO2")]
    draft_id = make(books, invoice(freight("3", "3.33333"), *pieces))
    rows = [Assignment(ChargeTarget.DOCUMENT, None, line_no, Decimal(1)) for line_no in (2, 3, 4)]
    with books.work() as work:
        assign(work, get_draft(work, draft_id), 1, rows)

    post_it(books, draft_id)

    values = [stock(books, item)[1] for item in ("I-FIFO", "I-AVG", "I-FIFO2")]
    assert values == [Decimal("8.33"), Decimal("8.34"), Decimal("8.33")]


def test_a_charge_that_goes_nowhere_is_refused(books: Books) -> None:
    """PU-98."""
    draft_id = make(books, invoice(freight("1", "200.00")))

    with pytest.raises(DomainError) as refused:
        post_it(books, draft_id)

    assert codes(refused.value.problems) == ["charge_not_assigned"]


def test_a_receipt_that_is_not_there_is_no_target(books: Books) -> None:
    """PU-98: `charge_target_missing`."""
    draft_id = make(books, invoice(freight("1", "200.00")))
    put_on(books, draft_id, "PR-404", "1")

    with pytest.raises(DomainError) as refused:
        post_it(books, draft_id)

    assert codes(refused.value.problems) == ["charge_target_missing"]


@pytest.mark.parametrize("item", ["I-NON", "I-SVC"])
@pytest.mark.parametrize("posts_cost", [True, False])
def test_what_has_no_inventory_value_is_no_target(books: Books, item: str, posts_cost: bool) -> None:
    """PO-43, PU-98: neither as a posted receipt nor as a line of the same document."""
    with books.work() as work:
        get_company(work).automatic_cost_posting = posts_cost
    received = receive(books, make(books, order(item_line("3", "5.00", item=item))))
    on_receipt = make(books, invoice(freight("1", "200.00")))
    put_on(books, on_receipt, received.receipt_no, "1")
    on_line = make(books, invoice(freight("1", "200.00"), item_line("3", "5.00", item=item)))
    with books.work() as work:
        assign(work, get_draft(work, on_line), 1, [Assignment(ChargeTarget.DOCUMENT, None, 2, Decimal(1))])

    for draft_id in (on_receipt, on_line):
        with pytest.raises(DomainError) as refused:
            post_it(books, draft_id)
        assert codes(refused.value.problems) == ["charge_target_missing"]


def test_more_than_the_charge_cannot_be_assigned(books: Books) -> None:
    """PU-98: `charge_over_assigned`."""
    draft_id = make(books, invoice(freight("1", "200.00")))
    with pytest.raises(DomainError) as refused:
        put_on(books, draft_id, "PR-404", "1", "1")
    assert refused.value.code == "charge_over_assigned"


def test_a_suggestion_adds_up_to_the_charge(books: Books) -> None:
    """PO-103: by amount 1 : 3, by quantity 1 : 1."""
    receive(books, make(books, order(item_line("5", "1.00"), item_line("5", "3.00"))))
    draft_id = make(books, invoice(freight("1", "200.00")))
    with books.reading() as work:
        document = get_draft(work, draft_id)
        targets = sorted(open_targets(work, document), key=lambda target: target.line_no)

        by_amount = suggest(document, 1, targets, SuggestBy.AMOUNT)
        by_quantity = suggest(document, 1, targets, SuggestBy.QUANTITY)

    assert [row.quantity for row in by_amount] == [Decimal("0.25"), Decimal("0.75")]
    assert [row.quantity for row in by_quantity] == [Decimal("0.5"), Decimal("0.5")]


def test_only_goods_are_offered_to_bear_a_charge(books: Books) -> None:
    """PO-43: a service was received, and stands on the invoice too; neither has a stock value to add to."""
    receive(books, make(books, order(item_line("5", "1.00"), item_line("2", "9.00", "I-SVC"))))
    draft_id = make(
        books, invoice(freight("1", "20.00"), item_line("3", "2.00", "I-NON"), item_line("3", "2.00"))
    )
    with books.reading() as work:
        offered = open_targets(work, get_draft(work, draft_id))
    assert {target.item_no for target in offered} == {"I-FIFO"}
    assert [target.no for target in offered].count(None) == 1
