"""Undoing posted receipts and return shipments, line by line (PU-84, PU-146)."""

from __future__ import annotations

from fastapi.responses import Response
from pydantic import BaseModel, Field

from core.master.rights import Right
from core.posting.undo import undo_receipt, undo_return_shipment
from core.purchasing.posted import get_receipt
from web.routing import Desk, DeskRequest

router = Desk()


class Undoing(BaseModel):
    """Which lines are undone."""

    line_nos: list[int] = Field(min_length=1, max_length=1000)


@router.api("POST", "/api/receipts/{no}/undo", right=Right.GOODS_RECEIVE)
def undo(desk: DeskRequest, no: str, body: Undoing) -> Response:
    """Write the opposite of these lines; refused as a whole when one of them cannot be undone."""
    with desk.work() as work:
        act = undo_return_shipment if get_receipt(work, no).is_return else undo_receipt
        act(work, no, body.line_nos)
    return desk.redirect(f"/receipts/{no}", notice="card.done.undone", no=no)
