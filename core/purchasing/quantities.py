"""The quantities of a line: what is ordered, received, invoiced, and what the next posting takes (§4.4).

Q is the quantity, R received, I invoiced, TR to receive, TI to invoice; on a return order *received* means
shipped. All are in the line's unit and have the sign of Q.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from core.errors import Problem
from core.money import ZERO
from core.purchasing.document import DocumentKind, LineType, PurchaseLine


@dataclass(frozen=True, slots=True)
class QuantityToPost:
    """What the next posting is to take of a line; None keeps what is there. TR changes TI (PU-72)."""

    receive: Decimal | None = None
    invoice: Decimal | None = None


def outstanding(line: PurchaseLine) -> Decimal:
    """O = Q − R: ordered and not received yet."""
    return line.quantity - line.quantity_received


def received_not_invoiced(line: PurchaseLine) -> Decimal:
    """RNI = R − I."""
    return line.quantity_received - line.quantity_invoiced


def invoiceable(line: PurchaseLine) -> Decimal:
    """R + TR − I: the most that can be invoiced now (PU-71)."""
    return line.quantity_received + line.qty_to_receive - line.quantity_invoiced


def put_defaults(kind: DocumentKind, line: PurchaseLine, *, receive_remainder: bool) -> None:
    """TR and TI as they are without anybody typing them (PU-72), after entry and after each posting.

    `receive_remainder` is the company's setting: off, the user types what arrived. A document that posts
    whole takes everything, except that a line from a receipt receives nothing any more (PU-96).
    """
    if line.type == LineType.COMMENT:
        line.qty_to_receive = line.qty_to_invoice = ZERO
        return
    if not kind.posts_in_parts:
        line.qty_to_receive = ZERO if line.receipt_no is not None else line.quantity
        line.qty_to_invoice = line.quantity
        return
    line.qty_to_receive = outstanding(line) if receive_remainder else ZERO
    line.qty_to_invoice = invoiceable(line)


def put_to_post(line: PurchaseLine, wanted: QuantityToPost) -> None:
    """Put typed quantities on a line; a new TR sets TI to R + TR − I unless TI is typed too (PU-72)."""
    if wanted.receive is not None:
        line.qty_to_receive = wanted.receive
        line.qty_to_invoice = invoiceable(line)
    if wanted.invoice is not None:
        line.qty_to_invoice = wanted.invoice


def quantity_problems(kind: DocumentKind, line: PurchaseLine) -> Iterator[Problem]:
    """What PU-71 forbids on this line: `qty_below_received`, `qty_to_receive_too_large`,
    `qty_to_invoice_too_large`, each naming the largest quantity.
    """
    if not kind.posts_in_parts or line.type == LineType.COMMENT:
        return
    if _exceeds(line.quantity_received, line.quantity):
        values: dict[str, object] = {"n": line.quantity_received, "line": line.line_no}
        yield Problem("qty_below_received", values, field="quantity", line_no=line.line_no)
    elif _exceeds(line.qty_to_receive, outstanding(line)):
        values = {"n": outstanding(line), "line": line.line_no}
        yield Problem("qty_to_receive_too_large", values, field="qty_to_receive", line_no=line.line_no)
    elif _exceeds(line.qty_to_invoice, invoiceable(line)):
        values = {"n": invoiceable(line), "line": line.line_no}
        yield Problem("qty_to_invoice_too_large", values, field="qty_to_invoice", line_no=line.line_no)


def is_finished(line: PurchaseLine) -> bool:
    """Whether a line needs nothing any more: all of it is received and invoiced (PU-78)."""
    return line.quantity == line.quantity_received == line.quantity_invoiced


def _exceeds(part: Decimal, whole: Decimal) -> bool:
    return abs(part) > abs(whole) or part * whole < ZERO
