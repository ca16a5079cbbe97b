"""Posting many documents: together if all can be posted, else one by one, with one outcome (PU-179)."""

from core.posting.batch_posting import post_many
from core.reports.reconciliation import verify_books
from tests.books import Books
from tests.core.builders import account_line, credit_memo, invoice, item_line, make


def test_documents_of_a_batch_are_posted_together(books: Books) -> None:
    """Each has its register; two that buy the same item count on from one another (PO-125)."""
    drafts = [make(books, invoice(item_line("2", "10.00"), account_line("5.00"))) for _ in range(3)]
    drafts.append(make(books, invoice(account_line("7.00"), vendor="V-NL2")))

    outcomes = post_many(books.work, drafts)

    assert [outcome.document_id for outcome in outcomes] == drafts
    posted = [outcome.posted for outcome in outcomes if outcome.posted is not None]
    assert len({each.register_no for each in posted}) == len(drafts)
    assert sorted(str(each.posted_no) for each in posted) == [f"PI-{n:05d}" for n in range(1, 5)]
    with books.reading() as work:
        assert verify_books(work) == []


def test_one_refused_document_does_not_stop_the_others(books: Books) -> None:
    drafts = [
        make(books, invoice(account_line("10.00"), vendor_document_no="X-1")),
        make(books, invoice(account_line("11.00"), vendor_document_no="x-1 ")),
        make(books, invoice(account_line("12.00"))),
    ]

    first, second, third = post_many(books.work, drafts)

    assert first.posted is not None
    assert third.posted is not None
    assert second.posted is None
    assert [problem.code for problem in second.problems] == ["ext_doc_no_exists"]
    assert [first.posted.posted_no, third.posted.posted_no] == ["PI-00001", "PI-00002"]
    with books.reading() as work:
        assert verify_books(work) == []


def test_goods_that_come_in_first_may_leave_later_in_the_batch(books: Books) -> None:
    """As if they were posted one after the other: the second takes what the first brings."""
    buys = make(books, invoice(item_line("5", "10.00")))
    returns = make(books, credit_memo(item_line("2", "10.00")))

    outcomes = post_many(books.work, [buys, returns])

    assert all(outcome.posted for outcome in outcomes)
    with books.reading() as work:
        assert verify_books(work) == []
