"""Drafts in a few words: only what matters to a test is said."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from sqlalchemy import func, select

from core.ledgers.general import GLEntry
from core.ledgers.item import ItemEntry, ValueEntry
from core.master.company import get_company
from core.posting.engine import Posted, post
from core.purchasing.document import DocumentKind, LineType
from core.purchasing.draft_inputs import DocumentDraft, LineDraft
from core.purchasing.drafts import create_draft
from tests.books import Books

FEBRUARY_3 = date(2026, 2, 3)
_numbers = count(1)


def account_line(amount: str, account: str = "4100", vat: str = "H", **more: Any) -> LineDraft:
    """One piece at this amount on a cost account."""
    return LineDraft(LineType.ACCOUNT, account, unit_cost=Decimal(amount), vat_product=vat, **more)


def item_line(quantity: str, unit_cost: str, item: str = "I-FIFO", **more: Any) -> LineDraft:
    """Pieces of an item at a unit cost."""
    return LineDraft(LineType.ITEM, item, quantity=Decimal(quantity), unit_cost=Decimal(unit_cost), **more)


def invoice(*lines: LineDraft, vendor: str = "V-NL", on: date = FEBRUARY_3, **more: Any) -> DocumentDraft:
    """A draft invoice with a vendor's number of its own."""
    fields = {"vendor_document_no": f"F-{next(_numbers)}", **more}
    return DocumentDraft(vendor_no=vendor, posting_date=on, lines=lines, **fields)


def credit_memo(*lines: LineDraft, **more: Any) -> DocumentDraft:
    """A draft credit memo."""
    return invoice(*lines, kind=DocumentKind.CREDIT_MEMO, **more)


def make(books: Books, draft: DocumentDraft) -> int:
    """Make the draft and return its id."""
    with books.work() as work:
        return create_draft(work, draft).id


def post_draft(books: Books, draft: DocumentDraft) -> Posted:
    """Make and post the draft."""
    document_id = make(books, draft)
    with books.work() as work:
        return post(work, document_id)


def set_company(books: Books, **settings: Any) -> None:
    """Change settings of the company."""
    with books.work() as work:
        company = get_company(work)
        for name, value in settings.items():
            setattr(company, name, value)


def ledger(books: Books, posted: Posted | None = None) -> Mapping[str, Decimal]:
    """The sum per account, of one posting or of all; accounts that sum to zero are left out."""
    query = select(GLEntry.account_no, func.sum(GLEntry.amount_lcy)).group_by(GLEntry.account_no)
    if posted is not None:
        query = query.where(GLEntry.register_no == posted.register_no)
    with books.reading() as work:
        return {no: amount for no, amount in work.session.execute(query) if amount}


def amounts(figures: Mapping[str, str]) -> Mapping[str, Decimal]:
    """Figures as an accountant writes them."""
    return {account: Decimal(amount) for account, amount in figures.items()}


def stock(books: Books, item_no: str) -> tuple[Decimal, Decimal]:
    """Quantity and value of an item."""
    with books.reading() as work:
        quantity = work.session.scalar(
            select(func.sum(ItemEntry.quantity)).where(ItemEntry.item_no == item_no, ItemEntry.has_stock)
        )
        value = work.session.scalar(
            select(func.sum(ValueEntry.cost_actual)).where(ValueEntry.item_no == item_no)
        )
        return quantity or Decimal(0), value or Decimal(0)


def codes(problems: Sequence[Any]) -> list[str]:
    """The codes of problems, in their order."""
    return [problem.code for problem in problems]
