"""Which receipts a bill takes: those of the order line, oldest first, or the one that a line names. Pure.

On returns the receipts are return shipments (PU-142, PU-145).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from core.money import ZERO
from core.posting.batch import ReceiptState
from core.posting.facts import Facts
from core.posting.lines import received_base
from core.posting.selection import RunLine
from core.purchasing.received import Received


@dataclass(frozen=True, slots=True)
class BilledPart:
    """So much of a billed line was received before; `received` None: it is received in this very run."""

    received: Received | None
    quantity: Decimal
    quantity_base: Decimal


class OpenReceipts:
    """What is left of the receipts while one line of the bill after the other takes its part."""

    def __init__(self, facts: Facts) -> None:
        """Begin with what earlier bills left."""
        self._by_key = dict(facts.receipts)
        self._by_order_line: dict[int, list[Received]] = {}
        for received in facts.received:
            assert received.order_line_no is not None
            self._by_order_line.setdefault(received.order_line_no, []).append(received)
        self._changed: dict[int, Decimal] = {}

    def left(self, run: RunLine) -> Decimal:
        """What is left of the receipt that a line names; zero without one."""
        received = self._by_key.get(_key(run))
        return received.not_invoiced if received else ZERO

    def take(self, run: RunLine) -> list[BilledPart]:
        """The parts of a billed line, older receipts first, what this run receives last (PU-76)."""
        parts, wanted = [], run.invoice
        for received in self._candidates(run):
            taken = _nearer_zero(wanted, received.not_invoiced)
            if taken == ZERO:
                continue
            parts.append(BilledPart(received, taken, received.base_of(taken)))
            self._put(run, replace(received, quantity_invoiced=received.quantity_invoiced + taken))
            wanted -= taken
        if wanted != ZERO:
            parts.append(BilledPart(None, wanted, _base_of_new(run, wanted)))
        return parts

    def states(self) -> Iterable[ReceiptState]:
        """What is invoiced of every receipt line that was touched."""
        return [ReceiptState(line_id, invoiced) for line_id, invoiced in sorted(self._changed.items())]

    def _candidates(self, run: RunLine) -> list[Received]:
        if run.line.receipt_no is not None:
            received = self._by_key.get(_key(run))
            return [received] if received else []
        return list(self._by_order_line.get(run.line_no, ()))

    def _put(self, run: RunLine, received: Received) -> None:
        self._changed[received.line_id] = received.quantity_invoiced
        if run.line.receipt_no is not None:
            self._by_key[_key(run)] = received
            return
        rows = self._by_order_line[run.line_no]
        rows[[row.line_id for row in rows].index(received.line_id)] = received


def _key(run: RunLine) -> tuple[str, int]:
    return (run.line.receipt_no or "", run.line.receipt_line_no or 0)


def _nearer_zero(wanted: Decimal, there: Decimal) -> Decimal:
    """The smaller of two quantities with the same sign; zero when their signs differ."""
    if wanted * there <= ZERO:
        return ZERO
    return min(wanted, there, key=abs)


def _base_of_new(run: RunLine, quantity: Decimal) -> Decimal:
    """A part of what is received now, in base units."""
    whole = received_base(run)
    if run.receive in (quantity, ZERO):
        return whole
    return whole * quantity / run.receive
