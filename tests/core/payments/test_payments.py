"""Payments and what they settle (PO-140 to PO-149, PO-53, PO-56, PO-157)."""

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from core.ledgers.application import OpenEntry, find_entry_of, read_entry
from core.ledgers.bank import BankEntry
from core.ledgers.find import find_entries, related_documents
from core.posting.application import ApplyTo, apply_entries
from core.posting.payment import PaymentDraft, PostedPayment, post_payment
from tests.books import Books
from tests.core.builders import account_line, amounts, credit_memo, invoice, ledger, post_draft
from tests.core.refusals import Refused

FEBRUARY_1, MARCH_9, MARCH_10 = date(2026, 2, 1), date(2026, 3, 9), date(2026, 3, 10)


def billed(books: Books, amount: str, vendor: str = "V-NL", **more: Any) -> str:
    """A posted invoice without VAT."""
    posted = post_draft(books, invoice(account_line(amount, vat="Z"), vendor=vendor, **more))
    assert posted.posted_no is not None
    return posted.posted_no


def paid(books: Books, amount: str, vendor: str = "V-NL", on: date = MARCH_9, **more: Any) -> PostedPayment:
    """A posted payment from the bank account in local currency unless another is named."""
    draft = PaymentDraft(vendor, on, more.pop("bank", "BANK-EUR"), Decimal(amount), **more)
    with books.work() as work:
        return post_payment(work, draft)


def entry(books: Books, document_no: str) -> OpenEntry:
    """The vendor entry of a document as it is now."""
    with books.reading() as work:
        found = read_entry(work, find_entry_of(work, document_no) or 0)
        assert found is not None
        return found


def test_targets_are_served_in_their_order_while_the_payment_lasts(books: Books) -> None:
    first, second = billed(books, "100.00"), billed(books, "200.00")
    payment = paid(books, "150.00", apply=[ApplyTo(second, amount=Decimal(80)), ApplyTo(first)])
    assert (entry(books, first).remaining, entry(books, second).remaining) == (Decimal(-30), Decimal(-120))
    assert not entry(books, payment.payment_no).is_open
    assert ledger(books) == amounts({"4100": "300.00", "1600": "-150.00", "1100": "-150.00"})


def test_the_oldest_are_those_that_fall_due_first(books: Books) -> None:
    late = billed(books, "100.00", on=date(2026, 2, 10))
    early = billed(books, "200.00", on=FEBRUARY_1)
    paid(books, "250.00", apply="oldest")
    assert (entry(books, early).is_open, entry(books, late).remaining) == (False, Decimal(-50))


def test_what_is_left_stays_open_and_is_applied_later_without_a_gl_entry(books: Books) -> None:
    invoice_no, payment = billed(books, "100.00"), paid(books, "120.00")
    before = ledger(books)
    with books.work() as work:
        source = find_entry_of(work, payment.payment_no) or 0
        applied = apply_entries(work, source, [ApplyTo(invoice_no)], MARCH_10)
    assert (applied.remaining, ledger(books)) == (Decimal(20), before)
    assert (entry(books, invoice_no).is_open, entry(books, payment.payment_no).is_open) == (False, True)


def test_a_posted_credit_memo_is_applied_later_and_earns_no_discount(books: Books) -> None:
    invoice_no = billed(books, "1000.00", "V-DSC", on=MARCH_9)
    memo = post_draft(books, credit_memo(account_line("990.00", vat="Z"), vendor="V-DSC", on=MARCH_9))
    with books.work() as work:
        apply_entries(work, find_entry_of(work, memo.posted_no or "") or 0, "oldest", MARCH_9)
    assert entry(books, invoice_no).remaining == -10


def test_the_discount_is_earned_by_paying_the_rest_in_time(books: Books) -> None:
    in_time, too_late = billed(books, "1000.00", "V-DSC", on=date(2026, 3, 1)), MARCH_10
    part = paid(books, "500.00", "V-DSC", apply=[ApplyTo(in_time)])
    assert (part.remaining, entry(books, in_time).remaining) == (Decimal(0), Decimal(-500))
    paid(books, "480.00", "V-DSC", apply=[ApplyTo(in_time)])
    assert not entry(books, in_time).is_open
    assert ledger(books)["9100"] == -20
    other = billed(books, "1000.00", "V-DSC", on=date(2026, 3, 1))
    paid(books, "980.00", "V-DSC", on=too_late, apply=[ApplyTo(other)])
    assert entry(books, other).remaining == -20


def test_an_old_payment_earns_the_discount_by_its_own_date(books: Books) -> None:
    invoice_no = billed(books, "1000.00", "V-DSC", on=date(2026, 3, 1))
    payment = paid(books, "980.00", "V-DSC")
    with books.work() as work:
        apply_entries(
            work, find_entry_of(work, payment.payment_no) or 0, [ApplyTo(invoice_no)], date(2026, 4, 1)
        )
    assert not entry(books, invoice_no).is_open


def test_dollars_paid_in_two_parts_gain_and_lose(books: Books) -> None:
    """The example of PO-148: 900 USD at 0.8333, paid 300 at 0.85 and 600 at 0.82."""
    invoice_no = billed(books, "900.00", "V-USD", currency_code="USD", exchange_rate=Decimal("0.8333"))
    for amount, rate in (("300.00", "0.85"), ("600.00", "0.82")):
        paid(
            books,
            amount,
            "V-USD",
            bank="BANK-USD",
            exchange_rate=Decimal(rate),
            apply=[ApplyTo(invoice_no)],
        )
    left = entry(books, invoice_no)
    assert left.remaining == left.remaining_lcy == 0 and not left.is_open
    books_now = ledger(books)
    assert "1610" not in books_now
    assert books_now["1110"] == Decimal("-747.00")
    assert books_now["9200"] + books_now["9210"] == Decimal("-2.97")


def test_dollars_are_paid_from_an_account_in_local_currency(books: Books) -> None:
    invoice_no = billed(books, "100.00", "V-USD", currency_code="USD", exchange_rate=Decimal("0.9"))
    paid(
        books,
        "100.00",
        "V-USD",
        currency_code="USD",
        exchange_rate=Decimal("0.9"),
        apply=[ApplyTo(invoice_no)],
    )
    with books.reading() as work:
        (moved,) = work.session.scalars(select(BankEntry))
        assert moved.currency_code is None
        assert moved.amount == moved.amount_lcy == -90


def test_what_cannot_be_settled_is_refused(books: Books) -> None:
    refused = Refused(books)
    mine, other, dollars = (
        billed(books, "100.00"),
        billed(books, "100.00", "V-NL2"),
        billed(books, "10.00", "V-USD", currency_code="USD", exchange_rate=Decimal(1)),
    )

    def pay(to: ApplyTo, **more: Any) -> Any:
        usual = {"vendor_no": "V-NL", "posting_date": MARCH_9, "bank_code": "BANK-EUR"}
        draft = PaymentDraft(**{**usual, **more, "amount": Decimal(50), "apply": [to]})
        return lambda work: post_payment(work, draft)

    refused("apply_entry_closed", pay(ApplyTo(other)))
    refused("apply_entry_closed", pay(ApplyTo("NOTHING")))
    refused("apply_entry_closed", pay(ApplyTo(dollars), vendor_no="V-USD"))
    refused("apply_amount_too_large", pay(ApplyTo(mine, amount=Decimal("100.01"))))
    refused("bank_currency_differs", pay(ApplyTo(mine), bank_code="BANK-USD", currency_code="EUR"))
    refused("bank_not_found", pay(ApplyTo(mine), bank_code="NONE"))
    refused("vendor_blocked", pay(ApplyTo(mine), vendor_no="V-BLP"))
    refused("posting_date_not_allowed", pay(ApplyTo(mine), posting_date=date(1990, 1, 1)))
    paid(books, "100.00", apply=[ApplyTo(mine)])
    refused("apply_entry_closed", pay(ApplyTo(mine)))


def test_a_payment_is_found_from_the_invoice_and_back(books: Books) -> None:
    invoice_no = billed(books, "100.00")
    payment = paid(books, "100.00", apply=[ApplyTo(invoice_no)])
    with books.reading() as work:
        found = find_entries(work, payment.payment_no, MARCH_9)
        assert (len(found.general), len(found.bank), len(found.vendor), len(found.detailed)) == (2, 1, 1, 3)
        assert [other.document_no for other in related_documents(work, invoice_no)] == [payment.payment_no]
        assert [other.document_no for other in related_documents(work, payment.payment_no)] == [invoice_no]
