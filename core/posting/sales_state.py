"""What a posting leaves of a sales document: an invoice is gone, an order goes on until all is invoiced."""

from __future__ import annotations

from core.posting.sales_facts import SalesFacts
from core.purchasing.drop_shipments import unlink_purchases
from core.purchasing.special_orders import end_special_orders
from core.sales.document import SalesKind, SalesStatus
from core.sales.drafts import put_to_post, sold_lines, touch_sales
from core.work import Work


def leave_sale(work: Work, facts: SalesFacts, posted_no: str | None) -> bool:
    """New quantities on the document; whether it is done with.

    An invoice stays as posted, an order that is completely invoiced goes and lets go of what was bought for
    it (PU-116, PU-117).
    """
    document = facts.document
    for run in facts.runs:
        run.line.quantity_shipped += run.ship
        run.line.quantity_invoiced += run.invoice
        if run.is_posted:
            put_to_post(document, run.line)
    if document.kind == SalesKind.INVOICE:
        document.status, document.posted_no = SalesStatus.POSTED.value, posted_no
        touch_sales(work, document)
        return True
    document.status = SalesStatus.RELEASED.value
    touch_sales(work, document)
    lines = sold_lines(document)
    if all(line.quantity == line.quantity_shipped == line.quantity_invoiced for line in lines):
        unlink_purchases(work, lines)
        work.session.delete(document)
        work.session.flush()
        return True
    end_special_orders(work, lines)
    return False
