"""Orders: received in parts, billed in parts, at other prices (purchasing §4.4; posting §4.2, §4.3)."""

from decimal import Decimal

import pytest
from sqlalchemy import select

from core.errors import DomainError
from core.ledgers.item import ItemEntry, ValueEntry
from core.posting.engine import post
from core.purchasing.archive import versions
from core.purchasing.document import DocumentKind
from core.purchasing.drafts import get_draft
from core.reports.reconciliation import verify_books
from tests.books import Books
from tests.core.builders import amounts, item_line, ledger, make, set_company, stock
from tests.core.posting.desk import bill, is_gone, line_of, order, quantities, receipt_lines, receive


def test_goods_received_but_not_billed_are_accrued(books: Books) -> None:
    """PO-85, PO-89: no payable, no VAT, no purchase account."""
    order_id = make(books, order(item_line("10", "5.00")))

    posted = receive(books, order_id, {1: "6"})

    assert posted.posted_no is None
    assert not posted.document_closed
    assert ledger(books, posted) == amounts({"1410": "30.00", "1490": "-30.00"})
    (line,) = receipt_lines(books, posted.receipt_no)
    assert (line.quantity, line.quantity_invoiced) == (Decimal(6), Decimal(0))
    assert line.item_entry_no is not None
    with books.reading() as work:
        assert verify_books(work) == []


def test_a_bill_turns_expected_into_actual_cost(books: Books) -> None:
    """PO-90, PO-94: two parts at two other prices; the price agreed on the order stays."""
    order_id = make(books, order(item_line("10", "5.00")))
    receive(books, order_id, {1: "6"})

    first = bill(books, order_id, "X-1", {1: "6"}, unit_costs={1: "5.50"})
    second = receive(books, order_id)
    third = bill(books, order_id, "X-2", unit_costs={1: "4.80"})

    assert ledger(books, first) == amounts(
        {
            "7100": "33.00",
            "1500": "6.93",
            "1600": "-39.93",
            "1400": "33.00",
            "7200": "-33.00",
            "1410": "-30.00",
            "1490": "30.00",
        }
    )
    assert ledger(books, second) == amounts({"1410": "20.00", "1490": "-20.00"})
    assert stock(books, "I-FIFO") == (Decimal(10), Decimal("52.20"))
    assert third.document_closed
    assert is_gone(books, order_id)
    with books.reading() as work:
        assert verify_books(work) == []


def test_quantities_of_a_line_after_each_posting(books: Books) -> None:
    """The table after PU-77."""
    order_id = make(books, order(item_line("100", "1.00")))
    assert quantities(books, order_id) == ("0", "0", "100", "100")

    receive(books, order_id, {1: "60"})
    assert quantities(books, order_id) == ("60", "0", "40", "100")

    bill(books, order_id, "X-1", {1: "50"})
    assert quantities(books, order_id) == ("60", "50", "40", "50")

    posted = bill(books, order_id, "X-2", {1: "40"}, receives=True)
    assert quantities(books, order_id) == ("100", "90", "0", "10")
    assert ledger(books, posted)["7100"] == Decimal("40.00")


def test_received_and_billed_at_once_closes_the_order(books: Books) -> None:
    """PU-78: the order goes with its lines, the receipt and the bill stay."""
    order_id = make(books, order(item_line("4", "25.00")))

    posted = bill(books, order_id, "X-1", receives=True)

    assert posted.posted_no is not None
    assert posted.receipt_no is not None
    assert is_gone(books, order_id)
    assert ledger(books) == amounts(
        {"7100": "100.00", "1500": "21.00", "1600": "-121.00", "1400": "100.00", "7200": "-100.00"}
    )


def test_expected_cost_of_thirds_leaves_nothing_behind(books: Books) -> None:
    """PO-88: three thirds of 10.00 are 3.33, 3.34 and 3.33."""
    order_id = make(books, order(item_line("3", "3.33333")))

    parts = [ledger(books, receive(books, order_id, {1: "1"}))["1410"] for _ in range(3)]

    assert parts == [Decimal("3.33"), Decimal("3.34"), Decimal("3.33")]
    assert line_of(books, order_id).expected_cost == Decimal("10.00")
    bill(books, order_id, "X-1")
    assert "1410" not in ledger(books)


def test_nothing_received_cannot_be_billed(books: Books) -> None:
    """PU-76; §14 no. 25."""
    order_id = make(books, order(item_line("4", "25.00")))

    with pytest.raises(DomainError) as refused:
        bill(books, order_id, "X-1")

    assert refused.value.code == "nothing_to_post"


def test_a_receipt_needs_no_number_of_the_vendor_a_bill_does(books: Books) -> None:
    """PU-171; §14 no. 40."""
    order_id = make(books, order(item_line("4", "25.00")))
    receive(books, order_id)

    with pytest.raises(DomainError) as refused:
        bill(books, order_id, "")

    assert refused.value.code == "ext_doc_no_missing"


def test_the_vendors_number_is_cleared_when_the_order_goes_on(books: Books) -> None:
    """PU-77."""
    order_id = make(books, order(item_line("4", "25.00")))
    receive(books, order_id, {1: "2"})

    bill(books, order_id, "X-1")

    with books.reading() as work:
        assert get_draft(work, order_id).vendor_document_no is None


def test_expected_cost_stays_out_of_the_general_ledger_when_switched_off(books: Books) -> None:
    """PO-89."""
    set_company(books, expected_cost_to_gl=False)
    order_id = make(books, order(item_line("1", "95.00")))

    received = receive(books, order_id)

    assert ledger(books, received) == {}
    bill(books, order_id, "X-1", unit_costs={1: "100.00"})
    assert ledger(books) == amounts(
        {"7100": "100.00", "1500": "21.00", "1600": "-121.00", "1400": "100.00", "7200": "-100.00"}
    )


def test_a_bill_takes_the_oldest_receipt_first(books: Books) -> None:
    """PU-76, PO-86."""
    order_id = make(books, order(item_line("10", "5.00")))
    first = receive(books, order_id, {1: "6"})
    second = receive(books, order_id, {1: "4"})

    bill(books, order_id, "X-1", {1: "7"})

    (old,), (new,) = receipt_lines(books, first.receipt_no), receipt_lines(books, second.receipt_no)
    assert (old.not_invoiced, new.not_invoiced) == (Decimal(0), Decimal(3))


def test_the_last_part_takes_the_rest_of_an_invoice_discount(books: Books) -> None:
    """PU-54: 1.00 over three parts of a line is 0.33, 0.33 and 0.34."""
    order_id = make(books, order(item_line("3", "10.00"), invoice_discount_amount=Decimal("1.00")))
    receive(books, order_id)

    parts = [ledger(books, bill(books, order_id, f"X-{n}", {1: "1"}))["7100"] for n in range(3)]

    assert parts == [Decimal("9.67"), Decimal("9.67"), Decimal("9.66")]


def test_nothing_selected_is_refused(books: Books) -> None:
    """PU-74."""
    order_id = make(books, order(item_line("4", "25.00")))
    with pytest.raises(DomainError) as refused, books.work() as work:
        post(work, order_id)
    assert refused.value.code == "nothing_selected"


def test_goods_billed_at_once_bear_the_receipt_and_their_value_the_bill(books: Books) -> None:
    """PO-15: each entry bears the document that caused it."""
    order_id = make(books, order(item_line("4", "25.00")))

    posted = bill(books, order_id, "X-1", receives=True)

    with books.reading() as work:
        assert work.session.scalars(select(ItemEntry.document_no)).all() == [posted.receipt_no]
        assert work.session.scalars(select(ValueEntry.document_no)).all() == [posted.posted_no]


def test_a_posting_archives_the_order_when_that_is_set_up(books: Books) -> None:
    """PU-63: once for a run, as the order was."""
    set_company(books, archive_orders=True)
    order_id = make(books, order(item_line("4", "25.00")))
    with books.reading() as work:
        number = get_draft(work, order_id).document_no

    receive(books, order_id)
    bill(books, order_id, "X-1")

    with books.reading() as work:
        found = versions(work, DocumentKind.ORDER, number)
        assert [version.version_no for version in found] == [2, 1]
    assert is_gone(books, order_id)
