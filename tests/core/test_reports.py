"""Read-only questions to the ledgers: trial balance, stock value, home figures, find entries (PO §8)."""

from datetime import date
from decimal import Decimal

from core.ledgers.find import find_documents, find_entries
from core.reports.cash_needed import DueSpan, cash_needed
from core.reports.figures import CountAmount, home_figures
from core.reports.inventory_valuation import inventory_valuation
from core.reports.invoice_list import InvoiceView, list_invoices
from core.reports.trial_balance import trial_balance
from tests.books import Books
from tests.core.builders import account_line, credit_memo, invoice, item_line, post_draft


def test_trial_balance_shows_opening_movement_and_closing(books: Books) -> None:
    """PO-170."""
    post_draft(books, invoice(account_line("100.00"), on=date(2026, 1, 20)))
    post_draft(books, invoice(account_line("50.00"), on=date(2026, 2, 20)))
    post_draft(books, credit_memo(account_line("10.00"), on=date(2026, 2, 21)))
    with books.reading() as work:
        rows = {r.account_no: r for r in trial_balance(work, date(2026, 2, 1), date(2026, 2, 28))}
    costs = rows["4100"]
    assert (costs.opening, costs.debit, costs.credit, costs.closing) == (100, 50, 10, 140)
    assert sum(row.opening for row in rows.values()) == 0
    assert sum(row.closing for row in rows.values()) == 0


def test_inventory_valuation_as_of_a_date(books: Books) -> None:
    """PO-171, PO-182."""
    post_draft(books, invoice(item_line("10", "12.50"), on=date(2026, 2, 1)))
    post_draft(books, invoice(account_line("99.00"), item_line("-4", "1.00"), on=date(2026, 2, 10)))
    with books.reading() as work:
        before = inventory_valuation(work, date(2026, 2, 9))
        after = inventory_valuation(work, date(2026, 2, 10))
    assert [(r.item_no, r.quantity, r.value_actual) for r in before] == [("I-FIFO", 10, 125)]
    assert [(r.increases, r.decreases, r.quantity, r.value_actual) for r in after] == [(10, 4, 6, 75)]
    assert after[0].average_cost == Decimal("12.5")
    assert after[0].posted == after[0].value_actual


def test_home_figures_of_today(books: Books) -> None:
    """PO §8.1; today is 2026-02-01. An entry due today is not overdue (PO-155)."""
    for on, total in (("2025-12-01", "10.00"), ("2026-01-02", "20.00"), ("2026-01-05", "40.00")):
        posting = max(date.fromisoformat(on), date(2026, 1, 1))
        post_draft(
            books, invoice(account_line(total, vat="Z"), document_date=date.fromisoformat(on), on=posting)
        )
    post_draft(books, invoice(account_line("80.00", vat="Z"), on=date(2026, 2, 1), on_hold="asked"))
    with books.reading() as work:
        figures = home_figures(work)
    assert figures.open_invoices == CountAmount(4, Decimal(150))
    assert figures.overdue == CountAmount(1, Decimal(10))
    assert figures.oldest_overdue == date(2025, 12, 31)
    assert figures.due_next_week == CountAmount(2, Decimal(60))
    assert figures.on_hold == CountAmount(1, Decimal(80))
    assert (figures.purchases_this_month, figures.purchases_last_month) == (80, 70)


def test_cash_is_needed_by_the_week_in_which_invoices_fall_due(books: Books) -> None:
    """PO §8.1; today is Sunday 2026-02-01. Each part opens a list that holds as many invoices."""
    for on, amount in (("2025-12-01", "10.00"), ("2026-01-02", "20.00"), ("2026-01-05", "40.00")):
        posting = max(date.fromisoformat(on), date(2026, 1, 1))
        post_draft(
            books, invoice(account_line(amount, vat="Z"), document_date=date.fromisoformat(on), on=posting)
        )
    post_draft(books, invoice(account_line("80.00", vat="Z"), on=date(2026, 2, 1)))
    with books.reading() as work:
        needed = cash_needed(work, weeks=3)
        parts = [needed.overdue, *needed.weeks, needed.later]
        listed = [list_invoices(work, InvoiceView.POSTED, due=part.span) for part in parts]
    assert [(part.count, part.amount) for part in parts] == [(1, 10), (1, 20), (1, 40), (0, 0), (1, 80)]
    assert [found.total for found in listed] == [1, 1, 1, 0, 1]
    assert [len(found.rows) for found in listed] == [1, 1, 1, 0, 1]
    assert needed.weeks[0].span == DueSpan(date(2026, 2, 1), date(2026, 2, 1)), "what is left of this week"
    assert needed.weeks[1].span == DueSpan(date(2026, 2, 2), date(2026, 2, 8))


def test_find_entries_lists_every_ledger(books: Books) -> None:
    """PO-12."""
    posted = post_draft(books, invoice(item_line("10", "12.50"), vendor_document_no="A-77"))
    with books.reading() as work:
        found = find_entries(work, posted.posted_no, date(2026, 2, 3))
        counts = [
            len(rows)
            for rows in (found.general, found.vat, found.vendor, found.detailed, found.item, found.value)
        ]
        assert counts == [5, 1, 1, 1, 1, 1]
        assert [d.document_no for d in find_documents(work, "a-77")] == [posted.posted_no]
        assert [d.vendor_document_no for d in find_documents(work, "pi-00001")] == ["A-77"]
        assert find_documents(work, "%") == []
