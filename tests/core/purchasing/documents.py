"""Purchase documents in a few words, for tests of what happens before posting."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from core.errors import DomainError
from core.master.company import get_company
from core.purchasing.document import DocumentKind, LineType, PurchaseDocument, PurchaseLine
from core.purchasing.draft_inputs import DocumentDraft, LineDraft
from core.purchasing.drafts import create_draft
from core.work import Work
from tests.books import Books

MARCH_2 = date(2026, 3, 2)


def item(quantity: str = "10", unit_cost: str | None = "4.00", no: str = "I-FIFO", **more: Any) -> LineDraft:
    """A line of an item; `unit_cost` None looks for the price."""
    cost = Decimal(unit_cost) if unit_cost is not None else None
    return LineDraft(LineType.ITEM, no, quantity=Decimal(quantity), unit_cost=cost, **more)


def account(amount: str = "100.00", no: str = "4100", **more: Any) -> LineDraft:
    """One piece on a cost account."""
    return LineDraft(LineType.ACCOUNT, no, unit_cost=Decimal(amount), **{"vat_product": "H", **more})


def comment(text: str = "Deliver at the back") -> LineDraft:
    """A line of text."""
    return LineDraft(LineType.COMMENT, description=text)


def document(
    work: Work, *lines: LineDraft, kind: DocumentKind = DocumentKind.ORDER, vendor: str = "V-NL", **more: Any
) -> PurchaseDocument:
    """Make a document, an order unless said otherwise."""
    fields = {"posting_date": MARCH_2, **more}
    return create_draft(work, DocumentDraft(vendor_no=vendor, kind=kind, lines=lines, **fields))


def refused(code: str) -> Any:
    """The block is refused with this code."""
    return pytest.raises(DomainError, match=rf"^{code}(,|$)")


def value(error: Any, name: str) -> Any:
    """A value that the text of the refusal is filled with."""
    return error.value.problems[0].values[name]


def received(line: PurchaseLine, quantity: str, invoiced: str = "0") -> None:
    """As if so much of the line had been received and invoiced before."""
    line.quantity_received, line.quantity_invoiced = Decimal(quantity), Decimal(invoiced)
    line.qty_to_receive = line.quantity - line.quantity_received
    line.qty_to_invoice = line.quantity - line.quantity_invoiced


def set_company(books: Books, **settings: Any) -> None:
    """Change settings of the company."""
    with books.work() as work:
        company = get_company(work)
        for name, setting in settings.items():
            setattr(company, name, setting)
