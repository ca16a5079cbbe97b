"""Refusals that take a row somebody else changed, or a master record that is blocked since (PU-1, PU-170)."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import delete, update

from core.ledgers.application import find_entry_of
from core.master.number_series import Purpose, SeriesUse
from core.master.posting_groups import GeneralPostingSetup
from core.master.purchasing_setup import Purchaser
from core.posting.application import ApplyTo, apply_entries
from core.posting.correction import cancel_credit_memo
from core.posting.engine import post
from core.posting.payment import PaymentDraft, post_payment
from core.posting.revaluation import StockRevaluation, revalue
from core.posting.unapply import unapply
from core.posting.undo import undo_receipt
from core.purchasing.charges import Assignment, assign
from core.purchasing.document import ChargeTarget, LineType, PurchaseDocument, PurchaseLine
from core.purchasing.draft_inputs import DocumentDraft, LineDraft
from core.purchasing.drafts import get_draft, release, reopen
from core.purchasing.receipts import get_receipts
from core.work import Work
from tests.books import Books
from tests.core.builders import account_line, credit_memo, invoice, item_line, make, post_draft, set_company
from tests.core.posting.desk import order, receive, return_order
from tests.core.refusals import Refused

LATER = date(2026, 3, 1)


def change(books: Books, table: Any, where: Any, **values: Any) -> None:
    """Change stored rows, as somebody else could have."""
    with books.work() as work:
        work.session.execute(update(table).where(where).values(**values))


def posting(document_id: int) -> Callable[[Work], object]:
    """Posting a draft."""
    return lambda work: post(work, document_id)


def of(document_id: int) -> Any:
    """The lines of a document."""
    return PurchaseLine.document_id == document_id


def fetched(books: Books, ordered: DocumentDraft, bill: DocumentDraft) -> tuple[int, int]:
    """An order that was received and fetched into a bill: the ids of both."""
    order_id, bill_id = make(books, ordered), make(books, bill)
    moved = receive(books, order_id)
    with books.work() as work:
        get_receipts(work, get_draft(work, bill_id), [moved.receipt_no or ""])
    return order_id, bill_id


def test_there_is_no_due_date(books: Books, refused: Refused) -> None:
    """Test 9."""
    document_id = make(books, invoice(account_line("10.00")))
    change(books, PurchaseDocument, PurchaseDocument.id == document_id, due_date=None)
    refused("due_date_missing", posting(document_id))


def test_a_line_without_a_quantity_has_a_discount(books: Books, refused: Refused) -> None:
    """PU-5."""
    document_id = make(books, invoice(account_line("10.00"), account_line("5.00")))
    second = of(document_id) & (PurchaseLine.line_no == 2)
    change(books, PurchaseLine, second, quantity=Decimal(0), discount_amount=Decimal(1))
    refused("empty_line_amount", posting(document_id))


def test_a_line_lost_its_number(books: Books, refused: Refused) -> None:
    """Test 19."""
    document_id = make(books, invoice(account_line("10.00")))
    change(books, PurchaseLine, of(document_id), no=None)
    refused("line_no_missing", posting(document_id))


def test_a_posting_setup_is_blocked(books: Books, refused: Refused) -> None:
    """PU-30."""
    document_id = make(books, invoice(item_line("1", "10.00")))
    change(books, GeneralPostingSetup, GeneralPostingSetup.general_product != "", blocked=True)
    refused("posting_setup_blocked", posting(document_id))


def test_the_purchaser_is_blocked_for_privacy(books: Books, refused: Refused) -> None:
    """PU-16."""
    with books.work() as work:
        work.session.add(Purchaser(code="EVA", name="Eva", privacy_blocked=False))
    document_id = make(books, invoice(account_line("10.00"), purchaser_code="EVA"))
    change(books, Purchaser, Purchaser.code == "EVA", privacy_blocked=True)
    refused("purchaser_blocked", posting(document_id))


def test_there_is_no_series_for_posted_invoices(books: Books, refused: Refused) -> None:
    """Test 15."""
    document_id = make(books, invoice(account_line("10.00")))
    with books.work() as work:
        work.session.execute(delete(SeriesUse).where(SeriesUse.purpose == Purpose.POSTED_INVOICE.value))
    refused("series_not_set", posting(document_id))


def test_the_vat_date_is_closed(books: Books, refused: Refused) -> None:
    """PO-75."""
    document_id = make(books, invoice(account_line("10.00")))
    set_company(books, allow_vat_date_from=LATER)
    refused("vat_date_not_allowed", posting(document_id))


def test_the_stated_vat_exceeds_the_stated_total(books: Books, refused: Refused) -> None:
    """PU-100."""
    gross, vat = Decimal("121.00"), Decimal("210.00")
    draft = invoice(account_line("100.00"), total_gross_stated=gross, total_vat_stated=vat)
    refused("vat_exceeds_total", posting(make(books, draft)))


def test_a_document_waits_for_approval(books: Books, refused: Refused) -> None:
    """Test 6, PU-66, PU-67."""
    document_id = make(books, invoice(account_line("10.00")))
    change(books, PurchaseDocument, PurchaseDocument.id == document_id, status="pending_approval")
    refused("approval_pending", posting(document_id))
    refused("approval_pending", lambda work: release(work, get_draft(work, document_id)))
    refused("approval_pending", lambda work: reopen(work, get_draft(work, document_id)))


def test_a_charge_of_nothing_goes_nowhere(books: Books, refused: Refused) -> None:
    """PU-98."""
    freight = LineDraft(LineType.CHARGE, "FREIGHT", quantity=Decimal(1), unit_cost=Decimal(0))
    document_id = make(books, invoice(freight, item_line("1", "5.00")))
    with books.work() as work:
        to = Assignment(ChargeTarget.DOCUMENT, None, 2, Decimal(1))
        assign(work, get_draft(work, document_id), 1, [to])
    refused("charge_zero", posting(document_id))


@pytest.mark.parametrize(
    ("column", "value"), [("unit", "BOX"), ("location_code", "EAST"), ("no", "I-FIFO2"), ("receipt_no", "X")]
)
def test_a_line_differs_from_its_receipt(books: Books, refused: Refused, column: str, value: str) -> None:
    """PU-96."""
    _, bill_id = fetched(books, order(item_line("5", "4.00")), invoice())
    line = of(bill_id) & (PurchaseLine.type == LineType.ITEM.value)
    change(books, PurchaseLine, line, **{column: value})
    refused("receipt_line_mismatch", posting(bill_id))


def test_an_order_shows_less_received_than_is_billed(books: Books, refused: Refused) -> None:
    """PU-96."""
    order_id, bill_id = fetched(books, order(item_line("5", "4.00")), invoice())
    change(books, PurchaseLine, of(order_id), quantity_received=Decimal(4))
    refused("invoice_exceeds_receipt", posting(bill_id))


def test_a_return_order_shows_less_shipped_than_is_credited(books: Books, refused: Refused) -> None:
    """PU-142."""
    post_draft(books, invoice(item_line("5", "4.00"), on=date(2026, 2, 1)))
    order_id, bill_id = fetched(books, return_order(item_line("5", "4.00")), credit_memo())
    change(books, PurchaseLine, of(order_id), quantity_received=Decimal(4))
    refused("credit_exceeds_shipment", posting(bill_id))


def test_a_receipt_without_the_chosen_line_has_nothing_to_undo(books: Books, refused: Refused) -> None:
    """PU-85."""
    received = receive(books, make(books, order(item_line("5", "4.00"))))
    refused("nothing_to_undo", lambda work: undo_receipt(work, received.receipt_no or "", [9]))


def test_the_order_line_of_a_receipt_is_gone(books: Books, refused: Refused) -> None:
    """PU-85."""
    order_id = make(books, order(item_line("5", "4.00")))
    received = receive(books, order_id)
    change(books, PurchaseLine, of(order_id), line_no=9)
    refused("order_line_missing", lambda work: undo_receipt(work, received.receipt_no or ""))


def test_received_goods_were_revalued(books: Books, refused: Refused) -> None:
    """PU-85: an item at standard cost is revalued before its bill (PO-122)."""
    received = receive(books, make(books, order(item_line("5", "4.00", item="I-STD"))))
    with books.work() as work:
        revalue(work, StockRevaluation("I-STD", Decimal("99.00"), LATER))
    refused("receipt_revalued", lambda work: undo_receipt(work, received.receipt_no or ""))


def test_a_credit_memo_that_cancels_nothing_is_not_cancelled(books: Books, refused: Refused) -> None:
    """PU-133."""
    memo = post_draft(books, credit_memo(account_line("10.00")))
    refused("cancel_cm_applied", lambda work: cancel_credit_memo(work, memo.posted_no or ""))


def test_a_payment_was_applied_again_since(books: Books, refused: Refused) -> None:
    """PO-146: the later application is undone first."""
    first, second = (post_draft(books, invoice(account_line("50.00", vat="Z"))).posted_no for _ in range(2))
    assert first is not None and second is not None
    with books.work() as work:
        draft = PaymentDraft("V-NL", LATER, "BANK-EUR", Decimal("80.00"), apply=[ApplyTo(first)])
        payment = post_payment(work, draft)
    with books.work() as work:
        apply_entries(work, find_entry_of(work, payment.payment_no) or 0, [ApplyTo(second)], LATER)
    refused("unapply_not_last", lambda work: unapply(work, find_entry_of(work, first) or 0, LATER))
