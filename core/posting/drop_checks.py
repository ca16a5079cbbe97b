"""What sales orders have against receiving or billing the drop shipments that were bought for them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from core.errors import Problem
from core.money import ZERO
from core.posting.facts import Facts
from core.posting.sales_checks import sales_problems
from core.purchasing.document import PurchaseLine
from core.purchasing.drop_shipments import sales_first_problems
from core.work import Work


def drop_problems(work: Work, facts: Facts) -> list[Problem]:
    """Test 11 of §9.1.

    `drop_shipment_not_linked` (PU-112), `sales_not_invoiced` (PU-114), and all that keeps the sales order
    itself from being shipped (PU-111). When it is the sales order that ships, it was asked before.
    """
    if facts.drop_sales is None:
        return []
    return [
        *_unlinked(facts),
        *sales_first_problems(work, facts.company, _billed(facts)),
        *(problem for sale in facts.drop_sales for problem in sales_problems(work, sale.facts)),
    ]


def _unlinked(facts: Facts) -> Iterator[Problem]:
    linked = {line_no for sale in facts.drop_sales or () for line_no in sale.lines.values()}
    for run in facts.runs:
        if run.line.drop_shipment and run.receive != ZERO and run.line_no not in linked:
            values = {"line": run.line_no, "order": facts.document.document_no}
            yield Problem("drop_shipment_not_linked", values, line_no=run.line_no, field="drop_shipment")


def _billed(facts: Facts) -> Iterator[tuple[PurchaseLine, Decimal]]:
    """What is billed of order lines: on the order itself, or on an invoice of its receipts."""
    for run in facts.billed:
        order_line = run.line if facts.kind.posts_in_parts else facts.order_line(run)
        if order_line is not None:
            yield order_line, run.invoice
