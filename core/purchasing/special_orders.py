"""Special orders: goods bought for one sales line that come to our own warehouse first (PU-117)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from core.errors import Problem
from core.money import ZERO
from core.purchasing.drop_shipments import Linked, linked_purchases, unlink_purchases
from core.sales.document import SalesLine
from core.work import Work


def special_order_problems(work: Work, takes: Sequence[tuple[SalesLine, Decimal]]) -> list[Problem]:
    """Special-order lines that would ship more than was received for them: `special_order_not_received`.

    `takes` holds sales lines with the quantity that is to be shipped now. A purchase order that is gone was
    received in full, so its lines ship what they want.
    """
    special = [(line, quantity) for line, quantity in takes if line.special_order and quantity != ZERO]
    received = received_for(work, [line for line, _ in special])
    return [
        Problem(
            "special_order_not_received",
            {"n": received[line.id], "line": line.line_no},
            line_no=line.line_no,
            field="qty_to_ship",
        )
        for line, quantity in special
        if line.quantity_shipped + quantity > received[line.id]
    ]


def received_for(work: Work, lines: Sequence[SalesLine]) -> dict[int, Decimal]:
    """What was received for special-order lines, by their id, in their unit."""
    linked = {one.sale.id: one for one in linked_purchases(work, lines)}
    return {line.id: _received(line, linked.get(line.id)) for line in lines}


def end_special_orders(work: Work, lines: Sequence[SalesLine]) -> None:
    """The link ends when the sales line is fully invoiced (PU-117)."""
    done = [line for line in lines if line.special_order and line.quantity == line.quantity_invoiced]
    unlink_purchases(work, done)


def _received(line: SalesLine, linked: Linked | None) -> Decimal:
    if linked is not None:
        return linked.purchase.quantity_received
    return ZERO if line.purchase_order_no is None else line.quantity
