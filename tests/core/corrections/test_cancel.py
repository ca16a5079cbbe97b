"""Cancelling an unpaid posted invoice brings every ledger back (PU-124, PO-115 to PO-117)."""

from decimal import Decimal

import pytest
from sqlalchemy import func, select

from core.ledgers.application import find_entry_of, read_entry
from core.ledgers.vat import VatEntry
from core.posting.correction import cancel, cancel_credit_memo
from core.purchasing.posted import get_posted
from tests.books import Books
from tests.core.builders import (
    account_line,
    invoice,
    item_line,
    ledger,
    post_draft,
    set_company,
    stock,
)


def cancelled(books: Books, posted_no: str | None) -> str:
    """Cancel an invoice; the number of its credit memo."""
    assert posted_no is not None
    with books.work() as work:
        return cancel(work, posted_no, "Wrong vendor").posted_no


def vat_left(books: Books) -> list[Decimal]:
    """What is left of the VAT entries per group."""
    with books.reading() as work:
        figures = (func.sum(VatEntry.base), func.sum(VatEntry.amount), func.sum(VatEntry.difference))
        rows = work.session.execute(select(*figures).group_by(VatEntry.vat_business, VatEntry.vat_product))
        return [figure for row in rows for figure in row if figure]


def test_an_invoice_of_goods_and_cost_leaves_nothing(books: Books) -> None:
    posted = post_draft(books, invoice(item_line("4", "25.00"), account_line("60.00", "4200", "L")))

    memo_no = cancelled(books, posted.posted_no)

    assert ledger(books) == {}
    assert vat_left(books) == []
    assert stock(books, "I-FIFO") == (Decimal(0), Decimal(0))
    with books.reading() as work:
        invoice_entry = read_entry(work, find_entry_of(work, posted.posted_no or "") or 0)
        memo_entry = read_entry(work, find_entry_of(work, memo_no) or 0)
        assert invoice_entry is not None and memo_entry is not None
        assert invoice_entry.remaining == 0 and not invoice_entry.is_open
        assert memo_entry.remaining == 0 and not memo_entry.is_open
        original, memo = get_posted(work, posted.posted_no or ""), get_posted(work, memo_no, "credit_memo")
        assert (original.cancelled_by_no, memo.corrects_no, memo.is_cancellation) == (
            memo_no,
            original.posted_no,
            True,
        )
        assert memo.posting_date == original.posting_date


def test_a_vat_difference_is_taken_back_though_none_is_allowed_any_more(books: Books) -> None:
    """PO-117; the limit of PO-66 is that of the day on which the invoice was posted."""
    set_company(books, max_vat_difference=Decimal("0.02"))
    posted = post_draft(books, invoice(account_line("100.00"), vat_amounts={"H21": Decimal("21.02")}))
    set_company(books, max_vat_difference=Decimal(0))

    cancelled(books, posted.posted_no)

    assert ledger(books) == {}
    assert vat_left(books) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [("0.05", None), (None, "0.05"), ("0.05", "1.00")],
    ids=["switched off", "switched on", "coarser"],
)
def test_the_total_is_that_of_the_invoice_though_invoice_rounding_changed(
    books: Books, before: str | None, after: str | None
) -> None:
    """PO-50, PO-117; and the credit memo itself is taken back to the same total (PU-133)."""
    rounded(books, before)
    posted = post_draft(books, invoice(account_line("100.02", vat="Z"), account_line("0.01", vat="Z")))
    original = ledger(books)
    rounded(books, after)

    memo_no = cancelled(books, posted.posted_no)

    assert ledger(books) == {}
    with books.work() as work:
        cancel_credit_memo(work, memo_no)
    assert ledger(books) == original


def test_cents_on_the_rounding_account_are_taken_back(books: Books) -> None:
    """PO-117, ID-91: what the vendor's own total brought up is in no setting of today."""
    set_company(books, rounding_limit=Decimal("0.02"))
    posted = post_draft(books, invoice(account_line("100.00"), total_gross_stated=Decimal("121.02")))
    set_company(books, rounding_limit=Decimal(0))

    cancelled(books, posted.posted_no)

    assert ledger(books) == {}


def rounded(books: Books, precision: str | None) -> None:
    """Switch invoice rounding on with a precision, or off."""
    set_company(books, invoice_rounding_enabled=precision is not None)
    if precision is not None:
        set_company(books, invoice_rounding_precision=Decimal(precision))
