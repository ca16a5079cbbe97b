"""Undo receipts and return shipments (purchasing §4.6; PO-120)."""

from decimal import Decimal

import pytest

from core.errors import DomainError
from core.posting.engine import post
from core.posting.undo import undo_receipt, undo_return_shipment
from core.purchasing.drafts import create_draft
from core.reports.reconciliation import verify_books
from tests.books import Books
from tests.core.builders import codes, credit_memo, invoice, item_line, ledger, make, post_draft, stock
from tests.core.posting.desk import bill, order, quantities, receipt_lines, receive, return_order


def undo(books: Books, receipt_no: str | None, *line_nos: int) -> None:
    """Undo a receipt, or lines of it."""
    with books.work() as work:
        undo_receipt(work, receipt_no or "", line_nos or None)


def test_an_undone_receipt_leaves_everything_as_before(books: Books) -> None:
    """PU-84; §14 no. 30: a correction line of −60, received 0, to receive 100."""
    order_id = make(books, order(item_line("100", "1.00")))
    received = receive(books, order_id, {1: "60"})

    undo(books, received.receipt_no)

    assert quantities(books, order_id) == ("0", "0", "100", "100")
    lines = receipt_lines(books, received.receipt_no)
    assert [(line.quantity, line.is_correction, line.not_invoiced) for line in lines] == [
        (Decimal(60), True, Decimal(0)),
        (Decimal(-60), True, Decimal(0)),
    ]
    assert lines[1].corrects_line_no == 1
    assert ledger(books) == {}
    assert stock(books, "I-FIFO") == (Decimal(0), Decimal(0))
    with books.reading() as work:
        assert verify_books(work) == []


def test_the_next_receipt_starts_the_running_total_from_there(books: Books) -> None:
    """PO-119, PO-88."""
    order_id = make(books, order(item_line("3", "3.33333")))
    receive(books, order_id, {1: "1"})
    second = receive(books, order_id, {1: "1"})
    undo(books, second.receipt_no)

    again = receive(books, order_id, {1: "2"})

    assert ledger(books, again)["1410"] == Decimal("6.67")


def test_what_was_sold_cannot_be_undone(books: Books) -> None:
    """PU-85; §14 no. 31."""
    order_id = make(books, order(item_line("60", "1.00")))
    received = receive(books, order_id)
    post_draft(books, credit_memo(item_line("10", "1.00")))

    with pytest.raises(DomainError) as refused:
        undo(books, received.receipt_no)

    assert refused.value.code == "receipt_items_used"


def test_one_billed_line_keeps_all_from_being_undone(books: Books) -> None:
    """PU-85; §14 no. 32."""
    order_id = make(books, order(item_line("6", "1.00"), item_line("6", "2.00")))
    received = receive(books, order_id)
    bill(books, order_id, "X-1", {1: "6"})

    with pytest.raises(DomainError) as refused:
        undo(books, received.receipt_no, 1, 2)

    assert codes(refused.value.problems) == ["receipt_invoiced"]
    assert len(receipt_lines(books, received.receipt_no)) == 2


def test_nothing_is_undone_twice(books: Books) -> None:
    """PU-85."""
    order_id = make(books, order(item_line("6", "1.00")))
    received = receive(books, order_id)
    undo(books, received.receipt_no)

    with pytest.raises(DomainError) as refused:
        undo(books, received.receipt_no)

    assert "receipt_already_undone" in codes(refused.value.problems)


def test_services_are_undone_by_their_quantity(books: Books) -> None:
    """PO-43, PU-84."""
    order_id = make(books, order(item_line("8", "75.00", item="I-SVC")))
    received = receive(books, order_id)

    undo(books, received.receipt_no)

    assert quantities(books, order_id) == ("0", "0", "8", "8")


def test_an_undone_return_shipment_brings_the_goods_back_at_their_cost(books: Books) -> None:
    """PU-143, PU-146."""
    with books.work() as work:
        post(work, create_draft(work, invoice(item_line("10", "24.00"))).id)
    back = make(books, return_order(item_line("2", "23.00")))
    shipped = receive(books, back)

    with books.work() as work:
        undo_return_shipment(work, shipped.receipt_no or "")

    assert stock(books, "I-FIFO") == (Decimal(10), Decimal("240.00"))
    assert quantities(books, back) == ("0", "0", "2", "2")
    with books.reading() as work:
        assert verify_books(work) == []
