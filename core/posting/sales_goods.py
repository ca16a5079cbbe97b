"""The goods of a sale: what leaves stock now, and which shipments become invoiced, oldest first. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from core.ledgers.item import MovementKind
from core.money import ZERO, round_to
from core.posting.batch import SalesState
from core.posting.sales_bill import sold_nets
from core.posting.sales_facts import SalesFacts, SalesRun
from core.posting.stock import MovementRef, StockSide, Tag
from core.sales.document import SalesKind, SalesLine


class SalesGoods:
    """Tells the stock side what every line of a run moves.

    `invoice_voucher` and `shipment_voucher` are the documents among the vouchers, None when the run does not
    make one. `inbound` are the receipts of drop shipments by line number: what they brought leaves again.
    Afterwards `refs` has the movements made by line number, `states` what shipments came to.
    """

    def __init__(
        self,
        facts: SalesFacts,
        side: StockSide,
        *,
        shipment_voucher: int | None,
        invoice_voucher: int | None = None,
        inbound: Mapping[int, MovementRef] | None = None,
    ) -> None:
        """Begin with nothing moved."""
        self._facts = facts
        self._side = side
        self._invoice = invoice_voucher
        self._shipment = shipment_voucher
        self._nets = sold_nets(facts)
        self._inbound = inbound or {}
        self.refs: dict[int, MovementRef] = {}
        self.states: list[SalesState] = []

    def move(self) -> None:
        """Older shipments are invoiced before what is shipped now (PO-86)."""
        for run in self._facts.runs:
            left = self._invoice_shipped(run)
            if run.ship != ZERO and self._facts.item(run.line) is not None:
                self._ship(run, left)

    def _invoice_shipped(self, run: SalesRun) -> Decimal:
        """Returns what of the invoice is left for goods that are shipped now."""
        left = run.invoice
        for row in self._facts.shipped:
            if row.order_line_no != run.line.line_no or left == ZERO:
                continue
            assert self._invoice is not None
            taken = row.not_invoiced if abs(row.not_invoiced) <= abs(left) else left
            left -= taken
            self.states.append(SalesState(row.line_id, row.quantity_invoiced + taken))
            if row.item_entry_no is not None:
                self._side.invoice(
                    row.item_entry_no,
                    sale_tag(self._facts, run.line, self._invoice),
                    row.base_of(taken),
                    price_net=self._net(run, taken),
                )
        return left

    def _ship(self, run: SalesRun, left: Decimal) -> None:
        """At actual cost when all of it is invoiced now, else at expected cost first (PO-114)."""
        assert self._shipment is not None
        at_once = self._invoice is not None and left == run.ship
        voucher = self._invoice if at_once and self._invoice is not None else self._shipment
        ref = self._side.decrease(
            sale_tag(self._facts, run.line, voucher),
            run.ship_base,
            applies_to=run.line.applies_to_item_entry_no,
            expected=not at_once,
            price_net=self._net(run, left) if at_once else ZERO,
        )
        self.refs[run.line.line_no] = ref
        if run.line.line_no in self._inbound:
            self._side.pair(self._inbound[run.line.line_no], ref)
        if left != ZERO and not at_once:
            assert self._invoice is not None
            tag = sale_tag(self._facts, run.line, self._invoice)
            self._side.invoice(ref, tag, run.base_of(left), price_net=self._net(run, left))

    def _net(self, run: SalesRun, part: Decimal) -> Decimal:
        """The share of the bill that belongs to a part of the invoiced quantity."""
        net = self._nets.get(run.line.line_no, ZERO)
        if part == run.invoice:
            return net
        return round_to(net * part / run.invoice, self._facts.company.cent)


def sale_tag(facts: SalesFacts, line: SalesLine, voucher: int) -> Tag:
    """What the stock entries of a sales line say."""
    document, customer = facts.document, facts.customer
    item = facts.item(line)
    assert item is not None
    is_order = document.kind == SalesKind.ORDER
    return Tag(
        kind=MovementKind.SALE,
        item_no=item.item_no,
        description=line.description,
        line_no=line.line_no,
        voucher=voucher,
        unit=line.unit,
        location_code=line.location_code,
        variant_code=line.variant_code,
        general_business=customer.general_business if customer else None,
        source_no=customer.customer_no if customer else None,
        order_no=document.document_no if is_order else None,
        order_line_no=line.line_no if is_order else None,
        dimensions=line.dimensions or document.dimensions,
        drop_shipment=line.drop_shipment,
    )
