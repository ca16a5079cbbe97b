"""What the demo company has bought already: orders, a receipt that waits for its invoice, a quote."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from core.posting.engine import post
from core.posting.selection import Selection
from core.purchasing.document import DocumentKind, LineType, PurchaseDocument
from core.purchasing.draft_inputs import DocumentDraft, LineDraft
from core.purchasing.drafts import create_draft, release
from core.purchasing.orders import set_to_post
from core.purchasing.quantities import QuantityToPost
from core.work import Work
from inkoop.samples.company import ITEMS


def create_demo_purchases(work: Work) -> None:
    """One order received in part, one that is late, one being written, and a quote. Needs the demo books."""
    bearings = _document(work, "10231", -6, 2, ("1000", 40), ("1010", 12))
    release(work, bearings)
    set_to_post(work, bearings, {2: QuantityToPost(receive=Decimal(5))})
    post(work, bearings.id, selection=Selection(receive=True))
    release(work, _document(work, "10325", -21, -3, ("1200", 60), ("1210", 250)))
    _document(work, "10312", 0, 14, ("1110", 4), ("1120", 6))
    _document(work, "10250", -1, 9, ("1300", 20), kind=DocumentKind.QUOTE)


def _document(
    work: Work,
    vendor_no: str,
    ordered: int,
    expected: int,
    *lines: tuple[str, int],
    kind: DocumentKind = DocumentKind.ORDER,
) -> PurchaseDocument:
    """A document of that many days from today, with items at the vendor's own price."""
    day = work.today + timedelta(days=ordered)
    draft = DocumentDraft(
        vendor_no,
        work.today,
        kind,
        document_date=day,
        order_date=day,
        expected_receipt_date=work.today + timedelta(days=expected),
        lines=tuple(
            LineDraft(
                LineType.ITEM, item_no, quantity=Decimal(quantity), unit_cost=_price(item_no, vendor_no)
            )
            for item_no, quantity in lines
        ),
    )
    return create_draft(work, draft)


def _price(item_no: str, vendor_no: str) -> Decimal:
    item = next(each for each in ITEMS if each.no == item_no)
    return next(sold.unit_price for sold in item.vendor_items if sold.vendor_no == vendor_no)
