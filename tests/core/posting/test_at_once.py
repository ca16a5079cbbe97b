"""Two people at one order or receipt at the same moment (PO-161, PO-166)."""

from datetime import timedelta
from decimal import Decimal

from core.posting.engine import find_problems, post_with_retry
from core.purchasing.drafts import get_draft
from core.purchasing.receipts import get_receipts
from core.reports.reconciliation import verify_books
from tests.books import Books
from tests.core.builders import account_line, codes, invoice, item_line, make, set_company, stock
from tests.core.posting.desk import RECEIVE, order, receive
from tests.core.test_concurrency import at_once


def test_the_last_five_pieces_are_received_once(books: Books) -> None:
    """PO-166."""
    order_id = make(books, order(item_line("5", "2.00")))

    results = at_once(4, lambda _: post_with_retry(books.work, order_id, selection=RECEIVE).receipt_no or "")

    assert sorted(results)[1:] == ["nothing_to_post"] * 3
    assert stock(books, "I-FIFO")[0] == Decimal(5)
    with books.reading() as work:
        assert verify_books(work) == []


def test_two_drafts_with_one_receipt_line_bill_it_once(books: Books) -> None:
    """PU-96, PO-92."""
    received = receive(books, make(books, order(item_line("5", "2.00"))))
    drafts = [make(books, invoice()) for _ in range(4)]
    for draft_id in drafts:
        with books.work() as work:
            get_receipts(work, get_draft(work, draft_id), [received.receipt_no or ""])

    results = at_once(4, lambda n: post_with_retry(books.work, drafts[n]).posted_no or "")

    assert sorted(results)[1:] == ["receipt_line_invoiced"] * 3
    with books.reading() as work:
        assert verify_books(work) == []


def test_a_posting_date_that_is_not_today_is_asked_about(books: Books) -> None:
    """PU-173: a question for a person; whoever posts unattended has declined."""
    set_company(books, check_posting_date=True)
    with books.reading() as work:
        yesterday = work.today - timedelta(days=1)
    set_company(books, allow_posting_from=None, allow_posting_to=None)
    draft_id = make(books, invoice(account_line("10.00"), on=yesterday))

    with books.reading() as work:
        found = find_problems(work, get_draft(work, draft_id))

    assert [(each.code, each.severity) for each in found if each.code == "posting_date_differs"] == [
        ("posting_date_differs", "warning")
    ]
    results = at_once(1, lambda _: post_with_retry(books.work, draft_id, unattended=True).posted_no or "")
    assert results == ["posting_date_differs"]
    assert post_with_retry(books.work, draft_id).posted_no


def test_a_number_used_twice_needs_a_reason_and_a_second_person(books: Books) -> None:
    """PU-172: it counts once somebody else agreed."""
    post_with_retry(books.work, make(books, invoice(account_line("10.00"), vendor_document_no="X-1")))
    again = make(books, invoice(account_line("20.00"), vendor_document_no="x-1"))
    with books.reading() as work:
        assert "ext_doc_no_exists" in codes(find_problems(work, get_draft(work, again)))

    with books.work() as work:
        document = get_draft(work, again)
        document.repeat_reason, document.repeat_approved_by = "Two bills, one number", "U-2"

    assert post_with_retry(books.work, again).posted_no
