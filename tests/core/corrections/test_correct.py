"""What replaces a corrected invoice (PU-125, PU-128, PO-118), and what follows (PU-131 to PU-133)."""

from dataclasses import replace
from decimal import Decimal

from core.ledgers.application import find_entry_of, read_entry
from core.posting.correction import cancel, cancel_credit_memo, correct
from core.posting.engine import post
from core.posting.selection import Selection
from core.purchasing.document import DocumentKind, LineType, PurchaseDocument
from core.purchasing.draft_inputs import LineDraft
from core.purchasing.drafts import create_draft, get_draft, release
from core.purchasing.posted import get_posted
from tests.books import Books
from tests.core.builders import account_line, invoice, item_line, ledger, post_draft, stock
from tests.core.refusals import Refused

BOTH = Selection(receive=True, invoice=True)


def test_the_new_draft_has_the_content_without_texts_and_may_use_the_number_again(books: Books) -> None:
    text = LineDraft(LineType.COMMENT, description="Delivered on Monday")
    posted = post_draft(
        books, invoice(text, item_line("4", "25.00"), account_line("60.00"), vendor_document_no="INV 77")
    )
    with books.work() as work:
        corrected = correct(work, posted.posted_no or "")
        draft = get_draft(work, corrected.draft_id or 0)
        assert (draft.status, draft.vendor_document_no, draft.posted_no) == ("open", "INV 77", None)
        assert [(line.type, line.quantity, line.unit_cost) for line in draft.lines] == [
            ("item", Decimal(4), Decimal(25)),
            ("account", Decimal(1), Decimal(60)),
        ]
    before = ledger(books)
    with books.work() as work:
        post(work, corrected.draft_id or 0)
    assert before == {}
    assert stock(books, "I-FIFO") == (Decimal(4), Decimal(100))


def test_an_order_that_still_exists_gets_its_quantities_back_and_is_opened(books: Books) -> None:
    with books.work() as work:
        order = create_draft(work, replace(invoice(item_line("5", "10.00")), kind=DocumentKind.ORDER))
        release(work, order)
        order.lines[0].qty_to_receive = order.lines[0].qty_to_invoice = Decimal(3)
        posted = post(work, order.id, selection=BOTH)
    with books.work() as work:
        corrected = correct(work, posted.posted_no or "")
        again = work.session.get_one(PurchaseDocument, order.id)
        line = again.lines[0]
        assert (corrected.draft_id, corrected.order_id, again.status) == (None, order.id, "open")
        assert line.quantity_received == line.quantity_invoiced == line.expected_cost == 0
        assert line.qty_to_receive == line.qty_to_invoice == 5
    assert ledger(books) == {}


def test_an_order_that_is_gone_is_told(books: Books) -> None:
    with books.work() as work:
        order = create_draft(work, replace(invoice(item_line("5", "10.00")), kind=DocumentKind.ORDER))
        release(work, order)
        posted = post(work, order.id, selection=BOTH)
        assert posted.document_closed
    with books.work() as work:
        corrected = correct(work, posted.posted_no or "")
    assert (corrected.draft_id, corrected.order_id, corrected.note) == (None, None, "correct_order_deleted")
    assert ledger(books) == {}


def test_an_invoice_of_zero_is_cancelled_without_an_open_entry(books: Books) -> None:
    posted = post_draft(books, invoice(account_line("50.00"), account_line("-50.00")))
    with books.work() as work:
        memo = cancel(work, posted.posted_no or "")
        assert get_posted(work, posted.posted_no or "").cancelled_by_no == memo.posted_no


def test_a_cancellation_is_cancelled_by_a_new_invoice_that_restores_the_original(books: Books) -> None:
    posted = post_draft(books, invoice(item_line("4", "25.00"), account_line("60.00")))
    before = ledger(books)
    with books.work() as work:
        memo = cancel(work, posted.posted_no or "")
    with books.work() as work:
        restored = cancel_credit_memo(work, memo.posted_no)
    assert ledger(books) == before
    assert stock(books, "I-FIFO") == (Decimal(4), Decimal(100))
    with books.reading() as work:
        entry = read_entry(work, find_entry_of(work, restored.posted_no) or 0)
        assert entry is not None and entry.is_open
    refused = Refused(books)
    refused("cancel_already", lambda work: cancel_credit_memo(work, memo.posted_no))
    refused("cancel_is_corrective", lambda work: cancel(work, restored.posted_no))
