"""The fourteen conditions of PU-126, each from stored rows, with nothing changed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import update

from core.errors import DomainError
from core.master.accounts import Account
from core.master.dimensions import DefaultDimension, Dimension
from core.master.items import Item
from core.master.number_series import NumberSeriesLine
from core.master.posting_groups import GeneralPostingSetup
from core.master.purchasing_setup import InventoryPeriod
from core.master.vendors import Vendor
from core.posting.application import ApplyTo
from core.posting.cancel_checks import Action
from core.posting.correction import cancel, correct, find_cancel_problems
from core.posting.engine import post
from core.posting.payment import PaymentDraft, post_payment
from core.posting.selection import Selection
from core.purchasing.document import DocumentKind, PurchaseLine
from core.purchasing.drafts import create_draft, release
from core.work import Work
from tests.books import Books
from tests.core.builders import account_line, credit_memo, invoice, item_line, post_draft, set_company
from tests.core.refusals import Refused

LATER = date(2026, 3, 1)


def posted(books: Books, *lines: Any, **more: Any) -> str:
    """A posted invoice of goods and cost."""
    made = post_draft(books, invoice(*(lines or (item_line("4", "25.00"), account_line("60.00"))), **more))
    assert made.posted_no is not None
    return made.posted_no


def change(books: Books, table: Any, where: Any, **values: Any) -> None:
    """Change a master record."""
    with books.work() as work:
        work.session.execute(update(table).where(where).values(**values))


def refused(books: Books, code: str, posted_no: str, action: Callable[..., object] = cancel) -> None:
    """The action is refused with this code first, and nothing changes."""
    problems = Refused(books)(code, lambda work: action(work, posted_no, "Wrong"))
    assert problems[0].code == code


def test_1_the_posting_date_is_closed(books: Books) -> None:
    posted_no = posted(books)
    set_company(books, allow_posting_from=LATER)
    refused(books, "cancel_posting_date", posted_no)


def test_2_it_was_cancelled_before(books: Books) -> None:
    posted_no = posted(books)
    with books.work() as work:
        cancel(work, posted_no)
    refused(books, "cancel_already", posted_no)
    refused(books, "cancel_already", posted_no, correct)


def test_4_a_cent_of_it_is_paid(books: Books) -> None:
    posted_no = posted(books)
    payment = PaymentDraft("V-NL", LATER, "BANK-EUR", Decimal("0.01"), apply=[ApplyTo(posted_no)])
    with books.work() as work:
        post_payment(work, payment)
    refused(books, "cancel_paid", posted_no, correct)


def test_5_the_vendor_is_blocked(books: Books) -> None:
    posted_no = posted(books)
    change(books, Vendor, Vendor.vendor_no == "V-NL", blocked="all")
    refused(books, "vendor_blocked", posted_no)
    change(books, Vendor, Vendor.vendor_no == "V-NL", blocked="payment")
    with books.work() as work:
        cancel(work, posted_no)


def test_5_the_vendor_is_blocked_for_privacy(books: Books) -> None:
    posted_no = posted(books)
    change(books, Vendor, Vendor.vendor_no == "V-NL", privacy_blocked=True)
    refused(books, "vendor_privacy_blocked", posted_no)


def test_6_a_dimension_became_mandatory(books: Books) -> None:
    posted_no = posted(books)
    with books.work() as work:
        work.session.add(Dimension(code="DEPT", name="Department"))
        work.session.flush()
        work.session.add(
            DefaultDimension(owner="account", no="4100", dimension_code="DEPT", rule="code_mandatory")
        )
    refused(books, "dimension_not_allowed", posted_no)


def test_8_part_of_it_was_returned(books: Books) -> None:
    posted_no = posted(books)
    post_draft(books, credit_memo(item_line("1", "25.00"), on=LATER))
    refused(books, "cancel_returned", posted_no)


def test_9_an_item_is_blocked(books: Books) -> None:
    posted_no = posted(books)
    change(books, Item, Item.item_no == "I-FIFO", blocked=True)
    refused(books, "item_blocked", posted_no)


def test_9_an_item_that_may_not_be_purchased_does_not_matter(books: Books) -> None:
    posted_no = posted(books)
    change(books, Item, Item.item_no == "I-FIFO", purchasing_blocked=True)
    with books.work() as work:
        cancel(work, posted_no)


def test_10_an_account_is_gone_from_the_setup(books: Books) -> None:
    posted_no = posted(books)
    change(books, GeneralPostingSetup, GeneralPostingSetup.general_product != "", direct_cost_applied=None)
    refused(books, "posting_setup_missing", posted_no)


@pytest.mark.parametrize("account_no", ["4100", "7100"])
def test_10_an_account_is_blocked(books: Books, account_no: str) -> None:
    posted_no = posted(books)
    change(books, Account, Account.account_no == account_no, blocked=True)
    refused(books, "account_blocked", posted_no)


@pytest.mark.parametrize("purpose", ["credit_memo", "posted_credit_memo", "invoice"])
def test_11_a_series_is_used_up(books: Books, purpose: str) -> None:
    posted_no = posted(books)
    change(
        books,
        NumberSeriesLine,
        NumberSeriesLine.series_code == purpose.upper(),
        ending_no=f"{'PC' if purpose.startswith('posted') else purpose[0].upper()}-00001",
        last_no_used=f"{'PC' if purpose.startswith('posted') else purpose[0].upper()}-00001",
    )
    refused(books, "series_exhausted", posted_no, correct)


def test_12_the_vendors_number_became_mandatory(books: Books) -> None:
    set_company(books, vendor_document_no_mandatory=False)
    posted_no = posted(books, vendor_document_no=None)
    set_company(books, vendor_document_no_mandatory=True)
    refused(books, "ext_doc_no_missing", posted_no)


def test_13_the_inventory_period_is_closed(books: Books) -> None:
    goods, cost = posted(books), posted(books, account_line("60.00"))
    with books.work() as work:
        work.session.add(InventoryPeriod(ending_date=date(2026, 2, 28), name="February", closed=True))
    refused(books, "inventory_period_closed", goods)
    with books.work() as work:
        cancel(work, cost)


def test_14_the_order_shows_less(books: Books) -> None:
    with books.work() as work:
        order = create_draft(work, replace(invoice(item_line("5", "10.00")), kind=DocumentKind.ORDER))
        release(work, order)
        order.lines[0].qty_to_receive = order.lines[0].qty_to_invoice = Decimal(4)
        made = post(work, order.id, selection=Selection(receive=True, invoice=True))
    assert made.posted_no is not None
    change(books, PurchaseLine, PurchaseLine.document_id == order.id, quantity_invoiced=Decimal(3))
    refused(books, "cancel_exceeds_order", made.posted_no)


def test_several_conditions_are_told_together_in_their_order(books: Books) -> None:
    posted_no = posted(books)
    set_company(books, allow_posting_from=LATER)
    change(books, Vendor, Vendor.vendor_no == "V-NL", blocked="all")
    with books.reading() as work:
        problems = find_cancel_problems(work, posted_no, Action.CORRECT)
    assert [problem.code for problem in problems] == ["cancel_posting_date", "vendor_blocked"]


def test_a_failure_while_posting_undoes_everything(books: Books) -> None:
    """PU-130: also the draft credit memo; here by a hook that refuses it."""
    posted_no = posted(books)

    def never(_work: Work, _draft_id: int) -> list[Any]:
        raise DomainError([])

    books.hooks = replace(books.hooks, posting_checks=(never,))
    with pytest.raises(DomainError), books.work() as work:
        cancel(work, posted_no)
    books.hooks = replace(books.hooks, posting_checks=())
    with books.work() as work:
        cancel(work, posted_no)
