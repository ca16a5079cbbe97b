"""Undoing the receipt of a drop shipment: PU-86."""

from decimal import Decimal

from sqlalchemy import func, select

from core.ledgers.item import ItemEntry, ValueEntry
from core.posting.engine import post
from core.posting.sales import post_sales
from core.posting.selection import Selection
from core.posting.undo import undo_receipt
from core.purchasing.drafts import get_draft
from core.reports.reconciliation import verify_books
from core.sales.document import PostedSalesDocument
from core.sales.drafts import SalesToPost, get_sales, set_sales_to_post
from tests.books import Books
from tests.core.builders import ledger
from tests.core.sales.test_drop_shipments import linked, received, refused, sales_posted


def test_undoing_the_receipt_undoes_the_shipment(books: Books) -> None:
    """PU-86, PO-120: to the cent, under the numbers that are there; both orders as before."""
    sale, bought = linked(books, quantity="3", unit_cost="3.33333")
    received(books, bought)
    with books.work() as work:
        undo_receipt(work, "R-00001")
    assert ledger(books) == {}
    with books.reading() as work:
        [line] = get_draft(work, bought).lines
        assert (line.quantity_received, line.qty_to_receive, line.expected_cost) == (0, 3, 0)
        [sold] = get_sales(work, sale).lines
        assert (sold.quantity_shipped, sold.qty_to_ship) == (0, 3)
        [shipment] = work.session.scalars(select(PostedSalesDocument))
        assert [(one.quantity, one.quantity_invoiced, one.corrects_line_no) for one in shipment.lines] == [
            (3, 3, None),
            (-3, -3, 1),
        ]
        assert work.session.scalar(select(func.sum(ItemEntry.quantity))) == 0
        assert work.session.scalar(select(func.sum(ItemEntry.remaining_quantity))) == 0
        assert work.session.scalar(select(func.sum(ValueEntry.cost_expected))) == 0
        documents = work.session.scalars(select(ItemEntry.document_no).order_by(ItemEntry.entry_no))
        assert sorted(documents) == ["R-00001", "R-00001", "SS-00001", "SS-00001"]
        assert verify_books(work) == []


def test_the_undone_shipment_is_not_invoiced_but_the_next_one_is(books: Books) -> None:
    """PU-86."""
    sale, bought = linked(books)
    received(books, bought)
    with books.work() as work:
        undo_receipt(work, "R-00001")
    assert refused(books, lambda work: post_sales(work, sale, ship=False)) == "nothing_to_post"
    with books.work() as work:
        set_sales_to_post(work, get_sales(work, sale), {1: SalesToPost(ship=Decimal(2))})
    sales_posted(books, sale, ship=True, invoice=False)
    sales_posted(books, sale, ship=False, invoice=True)
    assert ledger(books)["7000"] == 36
    with books.reading() as work:
        assert verify_books(work) == []


def test_what_the_customer_has_a_bill_for_stays(books: Books) -> None:
    """PU-86: provided neither side is invoiced."""
    sale, bought = linked(books)
    with books.work() as work:
        set_sales_to_post(work, get_sales(work, sale), {1: SalesToPost(ship=Decimal(2))})
    sales_posted(books, sale, ship=True, invoice=True)
    assert refused(books, lambda work: undo_receipt(work, "R-00001")) == "receipt_invoiced"
    with books.work() as work:
        post(work, bought, selection=Selection(receive=True))
    with books.work() as work:
        undo_receipt(work, "R-00002")
    assert ledger(books)["7000"] == 36
