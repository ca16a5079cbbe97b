"""Many people post at the same moment: numbers without gaps, and no number of a vendor twice (PO §7)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

from sqlalchemy import select

from core.errors import DomainError
from core.ledgers.general import GLEntry
from core.ledgers.item import ItemEntry
from core.ledgers.register import Register
from core.ledgers.vendor import VendorEntry
from core.posting.engine import post_with_retry
from core.posting.selection import Selection
from core.purchasing.document import DocumentKind
from core.purchasing.posted import PostedDocument
from core.reports.reconciliation import verify_books
from tests.books import Books
from tests.core.builders import account_line, invoice, item_line, ledger, make

THREADS = 20
CROWD = 50


def at_once(count: int, act: Callable[[int], str]) -> list[str]:
    """Run `act(0)`, `act(1)`, … in threads that start together; a refusal counts as its code."""
    together = Barrier(count)

    def run(index: int) -> str:
        together.wait()
        try:
            return act(index)
        except DomainError as refused:
            return refused.code

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def test_twenty_different_invoices_at_once_leave_no_gap(books: Books) -> None:
    """PO-5, PO-163; check 18. Half of them move the same item."""
    drafts = [
        make(books, invoice(account_line("10.00") if n % 2 else item_line("1", "5.00")))
        for n in range(THREADS)
    ]

    numbers = at_once(THREADS, lambda n: post_with_retry(books.work, drafts[n]).posted_no or "")

    assert sorted(numbers) == [f"PI-{n:05d}" for n in range(1, THREADS + 1)]
    with books.reading() as work:
        assert verify_books(work) == []
        in_order = select(Register.document_no).order_by(Register.register_no)
        assert list(work.session.scalars(in_order)) == sorted(numbers), "numbers follow the commits"
        entries = work.session.scalars(select(GLEntry.register_no).order_by(GLEntry.entry_no)).all()
        assert list(entries) == sorted(entries), "entry numbers follow the commits"


def test_one_vendor_number_at_once_is_posted_once(books: Books) -> None:
    """PO-165; check 14: compared trimmed and without regard to case."""
    spellings = ["X-1", "x-1", " X-1", "x-1 "]
    drafts = [
        make(books, invoice(account_line("10.00"), vendor_document_no=spellings[n % 4]))
        for n in range(THREADS)
    ]

    outcomes = at_once(THREADS, lambda n: posted(books, drafts[n]))

    assert outcomes.count("posted") == 1
    assert set(outcomes) == {"posted", "ext_doc_no_exists"}
    with books.reading() as work:
        assert len(work.session.scalars(select(VendorEntry)).all()) == 1
        assert verify_books(work) == []


def test_one_draft_at_once_is_posted_once(books: Books) -> None:
    """PO-162."""
    draft = make(books, invoice(account_line("10.00")))

    outcomes = at_once(THREADS, lambda _: post_with_retry(books.work, draft, version=1).posted_no or "")

    assert outcomes.count("PI-00001") == 1
    assert set(outcomes) <= {"PI-00001", "already_posted", "stale_document"}
    with books.reading() as work:
        assert len(work.session.scalars(select(PostedDocument)).all()) == 1


def posted(books: Books, draft: int) -> str:
    """Post and say so."""
    post_with_retry(books.work, draft)
    return "posted"


def crowd(books: Books) -> int:
    """So many at once as the machine of a company sees at most; SQLite lets one write at a time anyway."""
    return CROWD if books.engine.dialect.name == "postgresql" else THREADS


def test_a_crowd_posts_one_vendor_invoice_once(books: Books) -> None:
    """PO-165: one posting, and every other one is refused in words."""
    count = crowd(books)
    drafts = [make(books, invoice(account_line("10.00"), vendor_document_no="C-1")) for _ in range(count)]

    outcomes = at_once(count, lambda n: posted(books, drafts[n]))

    assert sorted(outcomes) == ["ext_doc_no_exists"] * (count - 1) + ["posted"]
    with books.reading() as work:
        assert verify_books(work) == []


def test_a_crowd_posts_one_draft_once(books: Books) -> None:
    """PO-162."""
    count = crowd(books)
    draft = make(books, invoice(account_line("10.00")))

    outcomes = at_once(count, lambda _: post_with_retry(books.work, draft).posted_no or "")

    assert sorted(outcomes) == ["PI-00001"] + ["already_posted"] * (count - 1)


def test_a_crowd_posts_different_invoices_without_gap_or_deadlock(books: Books) -> None:
    """PO-5, PO-163, PO-167: lines name the items in every order."""
    count = crowd(books)
    items = ["I-FIFO", "I-FIFO2", "I-AVG", "I-STD"]
    drafts = [
        make(books, invoice(*(item_line("1", "5.00", items[(n * step) % 4]) for step in (1, 3))))
        for n in range(count)
    ]

    numbers = at_once(count, lambda n: post_with_retry(books.work, drafts[n]).posted_no or "")

    assert sorted(numbers) == [f"PI-{n:05d}" for n in range(1, count + 1)]
    with books.reading() as work:
        assert verify_books(work) == []


def test_the_last_of_an_order_line_is_received_once(books: Books) -> None:
    """PO-166: two receipts together do not exceed what was ordered."""
    order = make(books, invoice(item_line("5", "10.00"), kind=DocumentKind.ORDER))
    receive = Selection(receive=True)

    outcomes = at_once(2, lambda _: post_with_retry(books.work, order, selection=receive).receipt_no or "")

    assert outcomes.count("R-00001") == 1
    assert "R-00002" not in outcomes
    with books.reading() as work:
        received = work.session.scalars(select(ItemEntry.quantity)).all()
        assert received == [Decimal(5)]
        assert verify_books(work) == []


def test_the_last_stock_leaves_once(books: Books) -> None:
    """PO-166 in spirit: two decreases together may not exceed the stock."""
    first = make(books, invoice(item_line("5", "10.00")))
    post_with_retry(books.work, first)
    drafts = [make(books, invoice(account_line("99.00"), item_line("-5", "10.00"))) for _ in range(4)]

    outcomes = at_once(4, lambda n: posted(books, drafts[n]))

    assert sorted(outcomes) == ["insufficient_inventory"] * 3 + ["posted"]
    assert ledger(books).get("1400") is None
