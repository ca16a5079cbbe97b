"""The books prove themselves: every tampering is found and the first bad row named (PO-11; check 39)."""

from collections.abc import Callable
from contextlib import suppress

import pytest
from sqlalchemy import text

from core.ledgers import guards
from core.ledgers.guards import APPEND_ONLY
from core.posting.write import write
from core.reports.reconciliation import Difference, verify_books
from tests.books import Books
from tests.core.builders import account_line, credit_memo, invoice, item_line, post_draft
from tests.core.full_batch import full_batch, later_batch


class _Undone(Exception):
    """Ends a transaction without a trace."""


@pytest.fixture(scope="module")
def posted_books(shared_books: Books) -> Books:
    """Three postings."""
    post_draft(shared_books, invoice(account_line("100.00"), item_line("5", "10.00")))
    post_draft(shared_books, invoice(account_line("50.00", "4300"), vendor="V-EU"))
    post_draft(shared_books, credit_memo(item_line("2", "9.00")))
    return shared_books


def tampered(books: Books, statement: str) -> list[Difference]:
    """What is found after a change by someone who took the guards off first, as an owner could."""
    with suppress(_Undone), books.work() as work:
        guards.remove(work.session.connection())
        work.session.execute(text(statement))
        found = verify_books(work)
        raise _Undone
    return found


def test_untouched_books_have_no_difference(posted_books: Books) -> None:
    with posted_books.reading() as work:
        assert verify_books(work) == []


@pytest.mark.parametrize(
    ("statement", "check", "first_row"),
    [
        ("UPDATE gl_entry SET amount_lcy = amount_lcy + 1 WHERE entry_no = 2", "PO-2", "gl_entry 1"),
        (
            "UPDATE detailed_vendor_entry SET amount_lcy = amount_lcy + 1 WHERE entry_no = 2",
            "PO-6",
            "gl_entry",
        ),
        ("UPDATE value_entry SET cost_actual = cost_actual + 1 WHERE entry_no = 1", "PO-7", "value_entry 1"),
        ("UPDATE vat_entry SET amount = amount + 1 WHERE entry_no = 1", "PO-8", "gl_entry 1"),
        ("DELETE FROM gl_entry WHERE entry_no = 3", "entry_numbers", "gl_entry 3"),
        ("UPDATE register SET sealed = FALSE WHERE register_no = 2", "register_sealed", "register 2"),
        ("UPDATE posted_document SET total_gross = 1 WHERE id = 1", "posted_totals", "PI-00001"),
        ("UPDATE vendor_entry SET open = FALSE WHERE entry_no = 1", "vendor_open", "vendor_entry 1"),
        ("UPDATE item_entry SET remaining_quantity = 9 WHERE entry_no = 1", "item_remaining", "item_entry 1"),
        (
            "UPDATE number_series_line SET last_no_used = 'PI-00003' WHERE series_code = 'POSTED_INVOICE'",
            "posted_numbers",
            "POSTED_INVOICE",
        ),
    ],
)
def test_a_tampering_is_found_and_its_row_named(
    posted_books: Books, statement: str, check: str, first_row: str
) -> None:
    found = [d for d in tampered(posted_books, statement) if d.check == check]
    assert found, f"{check} was not reported"
    assert first_row in found[0].first_row or first_row in found[0].key


# What is changed of a table without a description, or with one that could be empty.
CHANGED = {
    "cost_posting": ("actual", "actual + 1"),
    "detailed_vendor_entry": ("document_no", "'changed'"),
    "item_application": ("posting_date", "'1999-01-01'"),
    "posted_comment": ("text", "'changed'"),
    "posted_document": ("posting_date", "'1999-01-01'"),
    "posted_receipt": ("posting_date", "'1999-01-01'"),
    "posted_sales_document": ("customer_name", "'changed'"),
    "vat_entry": ("vat_id", "'changed'"),
    "vat_entry_base": ("gl_entry_no", "gl_entry_no + 3"),
}


@pytest.fixture
def full_books(make_books: Callable[[], Books]) -> Books:
    """Books with a row in every append-only table."""
    books = make_books()
    for batch in (full_batch(), later_batch()):
        with books.work() as work:
            write(work, batch)
    return books


@pytest.mark.parametrize("table", sorted(set(APPEND_ONLY) - {"register"}))
def test_any_changed_row_breaks_the_chain_at_its_register(full_books: Books, table: str) -> None:
    """A text nobody adds up is still under the hash."""
    column, value = CHANGED.get(table, ("description", "'changed'"))
    found = [
        d for d in tampered(full_books, f"UPDATE {table} SET {column} = {value}") if d.check == "hash_chain"
    ]
    assert found, f"a changed {table}.{column} was not noticed"


def test_a_register_sealed_anew_after_a_change_breaks_the_next_one(posted_books: Books) -> None:
    """The hash of the one before is part of the next."""
    found = tampered(posted_books, "UPDATE register SET hash = 'forged' WHERE register_no = 1")
    assert [(d.check, d.key) for d in found] == [("hash_chain", "register 1"), ("hash_chain", "register 2")]
