"""Taking a posted document back: cancel it, correct it, or undo a cancellation (ux.md §5.6, PU-124)."""

from __future__ import annotations

from fastapi.responses import Response
from pydantic import BaseModel, Field

from core.errors import refuse
from core.master.rights import Right
from core.posting.correction import cancel, cancel_credit_memo, correct
from core.purchasing.drafts import get_draft
from core.work import Work
from pipeline.workflow.answers import linked_to
from web.card_area import area_of
from web.routing import Desk
from web.view import DeskRequest

router = Desk()


class Reason(BaseModel):
    """Why a posted document is taken back; it stays with the document that does it."""

    reason: str = Field("", max_length=400)

    def given(self) -> str:
        """The reason. Refuses with `reason_missing` when there is none."""
        if not self.reason.strip():
            raise refuse("reason_missing", field="reason")
        return self.reason.strip()


@router.api("POST", "/api/posted/invoice/{no}/cancel", right=Right.INVOICE_POST)
def cancel_invoice(desk: DeskRequest, no: str, body: Reason) -> Response:
    """Post the credit memo of the whole invoice (PU-124), and go to it."""
    with desk.work() as work:
        memo = cancel(work, no, body.given()).posted_no
    return desk.redirect(f"/credit-memos/{memo}", notice="posted.done.cancel", no=no, memo=memo)


@router.api("POST", "/api/posted/invoice/{no}/correct", right=Right.INVOICE_POST)
def correct_invoice(desk: DeskRequest, no: str, body: Reason) -> Response:
    """Cancel the invoice and go to what replaces it: a new draft, or the order it came from (PU-125)."""
    with desk.work() as work:
        corrected = correct(work, no, body.given())
        memo = corrected.credit_memo_no
        goes_on = corrected.draft_id or corrected.order_id
        path = f"/credit-memos/{memo}" if goes_on is None else _path_of(work, goes_on)
    notice = f"posted.done.{corrected.note or 'correct'}"
    return desk.redirect(path, notice=notice, no=no, memo=memo)


@router.api("POST", "/api/posted/credit_memo/{no}/cancel", right=Right.INVOICE_POST)
def cancel_memo(desk: DeskRequest, no: str, body: Reason) -> Response:
    """Take the credit memo of a cancellation back: a new invoice restores the original (PU-133)."""
    with desk.work() as work:
        invoice = cancel_credit_memo(work, no, body.given()).posted_no
    return desk.redirect(f"/invoices/{invoice}", notice="posted.done.restore", no=no, invoice=invoice)


def _path_of(work: Work, document_id: int) -> str:
    """Where the document is worked on: a draft with a page behind it in its review, others on their card."""
    incoming = linked_to(work, document_id)
    if incoming is not None:
        return f"/incoming/{incoming.incoming_no}"
    document = get_draft(work, document_id)
    return area_of(document.kind).path_of(document.document_no)
