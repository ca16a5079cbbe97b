"""What a purchaser does with orders, in a few words."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from core.posting.engine import Posted, post
from core.posting.selection import Selection
from core.purchasing.document import DocumentKind, PurchaseDocument, PurchaseLine
from core.purchasing.draft_header import change_header
from core.purchasing.draft_inputs import DocumentDraft, HeaderChange, LineDraft
from core.purchasing.drafts import get_draft
from core.purchasing.orders import set_to_post
from core.purchasing.posted import PostedReceipt, PostedReceiptLine
from core.purchasing.quantities import QuantityToPost
from tests.books import Books

FEBRUARY_1 = date(2026, 2, 1)
FEBRUARY_5 = date(2026, 2, 5)
FEBRUARY_7 = date(2026, 2, 7)
RECEIVE = Selection(receive=True)
INVOICE = Selection(invoice=True)
BOTH = Selection(receive=True, invoice=True)


def order(*lines: LineDraft, vendor: str = "V-NL", on: date = FEBRUARY_1, **more: Any) -> DocumentDraft:
    """An order without the vendor's bill."""
    return DocumentDraft(
        vendor_no=vendor, posting_date=on, kind=more.pop("kind", DocumentKind.ORDER), lines=lines, **more
    )


def return_order(*lines: LineDraft, **more: Any) -> DocumentDraft:
    """A return order."""
    return order(*lines, kind=DocumentKind.RETURN_ORDER, **more)


def receive(
    books: Books, order_id: int, quantities: Mapping[int, str] | None = None, on: date = FEBRUARY_5
) -> Posted:
    """Post a receipt of these quantities, by default of everything outstanding."""
    with books.work() as work:
        document = get_draft(work, order_id)
        change_header(work, document, HeaderChange(posting_date=on))
        _only(work, document, {n: QuantityToPost(receive=Decimal(q)) for n, q in (quantities or {}).items()})
        return post(work, order_id, selection=RECEIVE)


def bill(
    books: Books,
    order_id: int,
    number: str,
    quantities: Mapping[int, str] | None = None,
    *,
    unit_costs: Mapping[int, str] | None = None,
    receives: bool = False,
    on: date = FEBRUARY_7,
) -> Posted:
    """Post the vendor's bill of these quantities, by default of everything received."""
    costs = {line_no: Decimal(cost) for line_no, cost in (unit_costs or {}).items()}
    with books.work() as work:
        document = get_draft(work, order_id)
        change_header(
            work, document, HeaderChange(posting_date=on, document_date=on, vendor_document_no=number)
        )
        wanted = {
            n: QuantityToPost(receive=Decimal(q) if receives else None, invoice=Decimal(q))
            for n, q in (quantities or {}).items()
        }
        _only(work, document, wanted)
        selection = replace(BOTH if receives else INVOICE, unit_costs=costs)
        return post(work, order_id, selection=selection)


def _only(work: Any, document: PurchaseDocument, wanted: Mapping[int, QuantityToPost]) -> None:
    """Nothing of the lines that are not named."""
    if not wanted:
        return
    others = {
        line.line_no: QuantityToPost(receive=Decimal(0), invoice=Decimal(0))
        for line in document.lines
        if line.line_no not in wanted and line.quantity
    }
    set_to_post(work, document, {**others, **wanted})


def line_of(books: Books, order_id: int, line_no: int = 1) -> PurchaseLine:
    """A line of an order, as it is now."""
    with books.reading() as work:
        line = work.session.scalar(
            select(PurchaseLine).where(PurchaseLine.document_id == order_id, PurchaseLine.line_no == line_no)
        )
        assert line is not None, "the order is gone"
        work.session.expunge(line)
        return line


def quantities(books: Books, order_id: int, line_no: int = 1) -> tuple[str, str, str, str]:
    """R, I, TR and TI of a line, as §4.4 tables them."""
    line = line_of(books, order_id, line_no)
    numbers = (line.quantity_received, line.quantity_invoiced, line.qty_to_receive, line.qty_to_invoice)
    received, invoiced, to_receive, to_invoice = (f"{number.normalize():f}" for number in numbers)
    return received, invoiced, to_receive, to_invoice


def is_gone(books: Books, order_id: int) -> bool:
    """Whether an order was deleted."""
    with books.reading() as work:
        return work.session.get(PurchaseDocument, order_id) is None


def receipt_lines(books: Books, receipt_no: str | None) -> list[PostedReceiptLine]:
    """The lines of a posted receipt or return shipment, in their order."""
    with books.reading() as work:
        query = select(PostedReceiptLine).join(PostedReceipt).where(PostedReceipt.receipt_no == receipt_no)
        lines = list(work.session.scalars(query.order_by(PostedReceiptLine.line_no)))
        for line in lines:
            work.session.expunge(line)
        return lines
