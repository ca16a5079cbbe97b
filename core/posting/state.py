"""What a posting leaves of the document: an invoice is gone, an order goes on until all is invoiced."""

from __future__ import annotations

from sqlalchemy import delete

from core.hooks import PurchasePosted
from core.money import ZERO
from core.posting.charges import charge_parts
from core.posting.compose import Composition
from core.posting.drop_sales import leave_drop_sales
from core.posting.facts import Facts
from core.posting.selection import RunLine
from core.posting.write import Written
from core.purchasing.archive import archive_if_set_up
from core.purchasing.attachments import AttachedTo, carry_to_posted, delete_attachments
from core.purchasing.document import (
    ChargeAssignment,
    DocumentKind,
    DocumentStatus,
    LineType,
    PurchaseDocument,
    PurchaseLine,
)
from core.purchasing.drop_shipments import unlink_sales
from core.purchasing.quantities import put_defaults
from core.work import Work


def leave(work: Work, facts: Facts, composition: Composition, written: Written) -> bool:
    """Bring the document up to date and tell whoever is linked to it (PU-101). Returns whether it is gone.

    A receipt alone tells nobody: the vendor's bill is still to come.
    """
    if facts.kind.posts_in_parts:
        archive_if_set_up(work, facts.document, "posting")
    _bill_orders(facts)
    leave_drop_sales(work, facts.drop_sales or ())
    if facts.kind.posts_in_parts:
        is_gone = _move_on(work, facts, composition)
    else:
        _close(work, facts.document, _bill_no(composition, written) or "")
        is_gone = True
    posted_no = _bill_no(composition, written)
    goods = composition.vouchers.goods
    carry_to_posted(work, facts.document, posted_no, None if goods is None else written.numbers[goods])
    if posted_no is not None:
        on = facts.document.posting_date
        assert on is not None
        event = PurchasePosted(facts.document.id, facts.bill_kind.value, posted_no, on.isoformat())
        work.hooks.raise_event(work, event)
    if is_gone and facts.kind.posts_in_parts:
        _delete(work, facts.document)
    return is_gone


def _bill_no(composition: Composition, written: Written) -> str | None:
    bill = composition.vouchers.bill
    return None if bill is None else written.numbers[bill]


def _bill_orders(facts: Facts) -> None:
    """The order lines whose receipts a combined invoice took (PU-96)."""
    for run in facts.billed:
        line = facts.order_line(run)
        if line is None:
            continue
        line.quantity_invoiced += run.invoice
        kind = DocumentKind.RETURN_ORDER if facts.is_credit_memo else DocumentKind.ORDER
        put_defaults(kind, line, receive_remainder=facts.company.receive_remainder)


def _close(work: Work, document: PurchaseDocument, posted_no: str) -> None:
    """The draft leaves the desk."""
    document.status = DocumentStatus.POSTED.value
    document.posted_no = posted_no
    document.version += 1
    document.modified_by, document.modified_at = work.actor.user_no, work.now
    work.session.flush()


def _move_on(work: Work, facts: Facts, composition: Composition) -> bool:
    """New quantities on the lines of an order; whether nothing is left of it (PU-75, PU-76, PU-78)."""
    discounts = dict(
        zip(
            (run.line_no for run in facts.billed),
            (row.invoice_discount for row in facts.amounts.totals.lines),
            strict=False,
        )
    )
    for run in facts.runs:
        if not run.is_posted:
            continue
        line = run.line
        line.quantity_received += run.receive
        line.quantity_invoiced += run.invoice
        line.expected_cost += composition.goods.expected.get(run.line_no, ZERO)
        line.invoice_discount_invoiced += discounts.get(run.line_no, ZERO)
        if run.receive != ZERO:
            line.over_receipt_quantity, line.over_receipt_state, line.over_receipt_by = ZERO, None, None
        put_defaults(facts.kind, line, receive_remainder=facts.company.receive_remainder)
        _invoice_assignments(work, facts, run)
    _prepare_next(work, facts)
    return bool(facts.bills) and all(run.line.quantity == run.line.quantity_invoiced for run in facts.runs)


def _invoice_assignments(work: Work, facts: Facts, run: RunLine) -> None:
    """How much of a charge line's assignments earlier bills have taken (PO-103)."""
    if run.line.type != LineType.CHARGE or run.invoice == ZERO:
        return
    for part in charge_parts(facts, run):
        row = work.session.get_one(ChargeAssignment, part.assigned.assignment_id)
        row.invoiced_quantity += part.quantity


def _prepare_next(work: Work, facts: Facts) -> None:
    """What belongs to one bill or one delivery alone is cleared (PU-77)."""
    document = facts.document
    if facts.bills:
        document.vendor_document_no = document.vendor_document_key = None
        document.total_gross_stated = document.total_vat_stated = None
        document.exchange_rate = None
        document.repeat_reason = document.repeat_approved_by = None
        document.vat_amounts = []
    if any(run.receive != ZERO for run in facts.runs):
        document.vendor_shipment_no = None
    document.version += 1
    document.modified_by, document.modified_at = work.actor.user_no, work.now
    work.session.flush()


def _delete(work: Work, document: PurchaseDocument) -> None:
    """An order that is completely invoiced goes with its lines, files and links (PU-78)."""
    lines: list[PurchaseLine] = list(document.lines)
    # A special order still ships what was received for it: its sales line keeps the link (PU-117).
    dropped = [line for line in lines if line.sales_order_no is not None and not line.special_order]
    if dropped:
        unlink_sales(work, dropped)
    delete_attachments(work, AttachedTo(document.kind), [document.document_no])
    work.session.execute(delete(PurchaseDocument).where(PurchaseDocument.id == document.id))
    for row in (*lines, document):
        work.session.expunge(row)
