"""Several receipts of a vendor on one invoice (purchasing §5.2; PO-91, PO-92)."""

from datetime import date
from decimal import Decimal

import pytest

from core.errors import DomainError
from core.posting.engine import Posted, post
from core.purchasing.document import DocumentKind
from core.purchasing.draft_header import change_header
from core.purchasing.draft_inputs import HeaderChange, LineChange
from core.purchasing.drafts import change_line, create_draft, get_draft
from core.purchasing.posted import get_posted
from core.purchasing.receipts import (
    CombineFilter,
    Fetched,
    combine_receipts,
    get_receipt_lines,
    get_receipts,
    open_receipt_lines,
)
from core.reports.reconciliation import verify_books
from tests.books import Books
from tests.core.builders import amounts, codes, credit_memo, invoice, item_line, ledger, make, stock
from tests.core.posting.desk import BOTH, order, quantities, receipt_lines, receive, return_order

FEBRUARY_10 = date(2026, 2, 10)


def fetch(books: Books, draft_id: int, *receipts: str | None) -> Fetched:
    """Fetch whole receipts into a draft."""
    with books.work() as work:
        return get_receipts(work, get_draft(work, draft_id), [no for no in receipts if no])


def post_it(books: Books, draft_id: int) -> Posted:
    """Post a draft."""
    with books.work() as work:
        return post(work, draft_id)


def test_two_orders_on_one_invoice(books: Books) -> None:
    """PU-94, PU-96; §14 no. 34: 40.00 + 27.00 = 67.00, and both orders remain."""
    one = make(books, order(item_line("10", "4.00")))
    two = make(books, order(item_line("5", "6.00", discount_percent=Decimal(10))))
    receipts = [receive(books, order_id).receipt_no for order_id in (one, two)]
    bill = make(books, invoice(on=FEBRUARY_10))

    fetched = fetch(books, bill, *receipts)
    posted = post_it(books, bill)

    assert [line.type for line in fetched.lines] == ["comment", "item", "comment", "item"]
    assert ledger(books, posted) == amounts(
        {
            "7100": "67.00",
            "1500": "14.07",
            "1600": "-81.07",
            "1400": "67.00",
            "7200": "-67.00",
            "1410": "-67.00",
            "1490": "67.00",
        }
    )
    assert quantities(books, one) == ("10", "10", "0", "0")
    assert quantities(books, two) == ("5", "5", "0", "0")
    assert posted.receipt_no is None
    with books.reading() as work:
        assert get_posted(work, posted.posted_no or "").order_no is None
        assert verify_books(work) == []


def test_lines_of_one_order_put_its_number_on_the_invoice(books: Books) -> None:
    """PU-96."""
    order_id = make(books, order(item_line("2", "4.00")))
    bill = make(books, invoice(on=FEBRUARY_10))
    fetch(books, bill, receive(books, order_id).receipt_no)

    posted = post_it(books, bill)

    with books.reading() as work:
        assert get_posted(work, posted.posted_no or "").order_no == get_draft(work, order_id).document_no


def test_another_vendors_receipt_is_reported_and_skipped(books: Books) -> None:
    """PU-93."""
    ours = receive(books, make(books, order(item_line("1", "9.00")))).receipt_no
    theirs = receive(books, make(books, order(item_line("1", "9.00"), vendor="V-NL2"))).receipt_no
    dollars = receive(books, make(books, order(item_line("1", "9.00"), currency_code="USD"))).receipt_no
    bill = make(books, invoice(on=FEBRUARY_10))

    fetched = fetch(books, bill, theirs, dollars, ours)

    assert codes(fetched.problems) == ["receipt_header_mismatch", "receipt_header_mismatch"]
    assert [line.receipt_no for line in fetched.lines if line.receipt_no] == [ours]


def test_receipts_in_foreign_currency_are_billed_at_the_rate_of_the_invoice(books: Books) -> None:
    """PO-51, PO-91: expected at 0.90, actual at 0.80."""
    order_id = make(books, order(item_line("10", "10.00"), vendor="V-USD"))
    received = receive(books, order_id)
    bill = make(books, invoice(vendor="V-USD", on=FEBRUARY_10, exchange_rate=Decimal("0.80")))
    fetch(books, bill, received.receipt_no)

    posted = post_it(books, bill)

    assert ledger(books, received) == amounts({"1410": "90.00", "1490": "-90.00"})
    assert ledger(books, posted) == amounts(
        {
            "7100": "80.00",
            "1610": "-80.00",
            "1400": "80.00",
            "7200": "-80.00",
            "1410": "-90.00",
            "1490": "90.00",
        }
    )


def test_a_lowered_quantity_leaves_the_rest_on_the_receipt(books: Books) -> None:
    """PU-95; §14 no. 36."""
    order_id = make(books, order(item_line("10", "4.00")))
    received = receive(books, order_id)
    bill = make(books, invoice(on=FEBRUARY_10))
    fetch(books, bill, received.receipt_no)
    with pytest.raises(DomainError) as refused, books.work() as work:
        change_line(work, get_draft(work, bill), 2, LineChange(quantity=Decimal(11)))
    assert refused.value.code == "qty_exceeds_receipt"

    with books.work() as work:
        change_line(work, get_draft(work, bill), 2, LineChange(quantity=Decimal(4)))
    post_it(books, bill)

    (line,) = receipt_lines(books, received.receipt_no)
    assert line.not_invoiced == Decimal(6)


def test_a_receipt_line_is_billed_once(books: Books) -> None:
    """PU-96; §14 no. 37: two drafts hold it, the second is refused."""
    order_id = make(books, order(item_line("10", "4.00")))
    received = receive(books, order_id)
    drafts = [make(books, invoice(on=FEBRUARY_10)) for _ in range(2)]
    for draft_id in drafts:
        fetch(books, draft_id, received.receipt_no)
    post_it(books, drafts[0])

    with pytest.raises(DomainError) as refused:
        post_it(books, drafts[1])

    assert "receipt_line_invoiced" in codes(refused.value.problems)


def test_the_orders_invoice_discount_comes_along(books: Books) -> None:
    """PU-94: 2 of 10 pieces bring a fifth of it."""
    order_id = make(books, order(item_line("10", "4.00"), invoice_discount_amount=Decimal("5.00")))
    received = receive(books, order_id, {1: "2"})
    bill = make(books, invoice(on=FEBRUARY_10))
    fetch(books, bill, received.receipt_no)

    posted = post_it(books, bill)

    assert ledger(books, posted)["7100"] == Decimal("7.00")


def test_the_list_marks_what_stands_on_drafts(books: Books) -> None:
    """PU-92, PU-94."""
    order_id = make(books, order(item_line("10", "4.00")))
    received = receive(books, order_id)
    first, second = (make(books, invoice(on=FEBRUARY_10)) for _ in range(2))
    with books.work() as work:
        get_receipt_lines(work, get_draft(work, first), [(received.receipt_no or "", 1, Decimal(3))])

    with books.reading() as work:
        (row,) = open_receipt_lines(work, get_draft(work, second))

    assert (row.received.not_invoiced, row.on_drafts) == (Decimal(10), Decimal(3))


def test_a_run_makes_one_invoice_per_vendor_and_currency(books: Books) -> None:
    """PU-97."""
    for vendor, currency in (("V-NL", None), ("V-NL", None), ("V-NL2", None), ("V-NL", "USD")):
        receive(books, make(books, order(item_line("1", "9.00"), vendor=vendor, currency_code=currency)))

    with books.work() as work:
        combined = combine_receipts(work, CombineFilter(until=FEBRUARY_10, posting_date=FEBRUARY_10))

    found = [(d.vendor_no, d.currency_code, len(d.lines), d.is_combined) for d in combined.documents]
    assert found == [("V-NL", None, 4, True), ("V-NL", "USD", 2, True), ("V-NL2", None, 2, True)]
    assert combined.skipped == []


def test_receipt_lines_go_into_invoices_only(books: Books) -> None:
    """PU-92: `not_an_invoice`."""
    order_id = make(books, order(item_line("1", "9.00")))
    with pytest.raises(DomainError) as refused, books.work() as work:
        open_receipt_lines(work, get_draft(work, order_id))
    assert refused.value.code == "not_an_invoice"


def test_several_return_shipments_on_one_credit_memo(books: Books) -> None:
    """PU-142, PU-145, PO-114: goods leave at expected cost, the credit comes later and at its own price."""
    with books.work() as work:
        post(work, create_draft(work, invoice(item_line("10", "24.00"))).id)
    back = make(books, return_order(item_line("2", "23.00")))
    shipped = receive(books, back)
    memo = make(books, credit_memo(on=FEBRUARY_10))
    fetch(books, memo, shipped.receipt_no)

    posted = post_it(books, memo)

    assert ledger(books, shipped) == amounts({"1410": "-48.00", "1490": "48.00"})
    assert ledger(books, posted) == amounts(
        {
            "7100": "-46.00",
            "1500": "-9.66",
            "1600": "55.66",
            "1400": "-48.00",
            "7200": "48.00",
            "1410": "48.00",
            "1490": "-48.00",
        }
    )
    assert stock(books, "I-FIFO") == (Decimal(8), Decimal("192.00"))
    with books.reading() as work:
        assert verify_books(work) == []


def test_a_return_order_is_shipped_and_credited(books: Books) -> None:
    """PU-142: the return order goes when all of it is credited."""
    with books.work() as work:
        post(work, create_draft(work, invoice(item_line("10", "24.00"))).id)
    back = make(books, return_order(item_line("2", "23.00")))
    with books.work() as work:
        document = get_draft(work, back)
        assert document.kind == DocumentKind.RETURN_ORDER
        change_header(work, document, HeaderChange(vendor_document_no="C-1"))
    with books.work() as work:
        posted = post(work, back, selection=BOTH)

    assert posted.document_closed
    assert ledger(books, posted) == amounts(
        {"7100": "-46.00", "1500": "-9.66", "1600": "55.66", "1400": "-48.00", "7200": "48.00"}
    )
