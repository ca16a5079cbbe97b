"""The posted shipment and the posted invoice of a sale: their numbers, and what stands on them. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from core.master.number_series import Purpose
from core.money import ZERO
from core.posting.batch import SalesDocumentRow, SalesLineRow, Voucher
from core.posting.sales_facts import SalesFacts
from core.posting.stock import MovementRef
from core.purchasing.totals import LineTotals
from core.sales.document import SalesKind, SalesLine, SalesLineType


def sales_vouchers(facts: SalesFacts) -> list[Voucher]:
    """The numbers that a run draws: that of the invoice first, then that of the shipment."""
    vouchers = []
    if facts.selection.invoice:
        vouchers.append(sales_voucher(facts, "sales_invoice", Purpose.POSTED_SALES_INVOICE))
    if facts.ships_goods:
        vouchers.append(sales_voucher(facts, "sales_shipment", Purpose.SALES_SHIPMENT))
    return vouchers


def voucher_indexes(facts: SalesFacts) -> tuple[int | None, int | None]:
    """Where invoice and shipment stand among the vouchers, None for what is not made."""
    invoice = 0 if facts.selection.invoice else None
    shipment = (1 if facts.selection.invoice else 0) if facts.ships_goods else None
    return invoice, shipment


def sales_voucher(facts: SalesFacts, document_type: str, draws_from: Purpose) -> Voucher:
    """A document number of the sale and what its entries say."""
    document, customer = facts.document, facts.customer
    return Voucher(
        document_type=document_type,
        posting_date=facts.posting_date,
        document_date=facts.document_date,
        draws_from=draws_from,
        source_type="customer" if customer else None,
        source_no=customer.customer_no if customer else None,
        general_business=customer.general_business if customer else None,
        vat_business=customer.vat_business if customer else None,
        dimensions=document.dimensions,
    )


def shipment_row(facts: SalesFacts, refs: Mapping[int, MovementRef], voucher: int) -> SalesDocumentRow:
    """The posted shipment: what was sent, with its remarks. `refs` are its movements by line number.

    Of a sales invoice only items are sent; of an order whatever the run ships.
    """
    is_order = facts.document.kind == SalesKind.ORDER
    sent = {
        run.line.line_no: run
        for run in facts.runs
        if run.ship != ZERO and (is_order or run.line.type == SalesLineType.ITEM)
    }
    rows = []
    for line in facts.document.lines:
        run = sent.get(line.line_no)
        if run is not None:
            ref = refs.get(line.line_no)
            rows.append(
                _line(
                    facts,
                    line,
                    run.ship,
                    run.ship_base,
                    invoiced=facts.invoiced_at_once(run),
                    item_row=ref.row if ref else None,
                )
            )
        elif line.type == SalesLineType.COMMENT:
            rows.append(_line(facts, line, ZERO, ZERO))
    return _document(facts, "shipment", voucher, rows)


def invoice_row(facts: SalesFacts, voucher: int) -> SalesDocumentRow:
    """The posted invoice: what was charged, with its remarks."""
    billed = {
        run.line.line_no: (run, amounts)
        for run, amounts in zip(facts.billed, facts.totals.lines, strict=True)
    }
    rows = []
    for line in facts.document.lines:
        if line.line_no in billed:
            run, amounts = billed[line.line_no]
            rows.append(_line(facts, line, run.invoice, run.invoice_base, amounts))
        elif line.type == SalesLineType.COMMENT:
            rows.append(_line(facts, line, ZERO, ZERO))
    return _document(facts, "invoice", voucher, rows)


def _line(
    facts: SalesFacts,
    line: SalesLine,
    quantity: Decimal,
    base: Decimal,
    amounts: LineTotals | None = None,
    *,
    invoiced: Decimal = ZERO,
    item_row: int | None = None,
) -> SalesLineRow:
    is_order = facts.document.kind == SalesKind.ORDER
    return SalesLineRow(
        line_no=line.line_no,
        type=line.type,
        no=line.no,
        description=line.description,
        quantity=quantity,
        quantity_base=base,
        unit=line.unit,
        units_per_unit=line.units_per_unit,
        unit_price=line.unit_price,
        discount_percent=line.discount_percent,
        vat_product=line.vat_product,
        net=amounts.net if amounts else ZERO,
        vat=amounts.vat if amounts else ZERO,
        gross=amounts.gross if amounts else ZERO,
        quantity_invoiced=invoiced,
        item_row=item_row,
        order_line_no=line.line_no if is_order and line.type != SalesLineType.COMMENT else None,
        drop_shipment=line.drop_shipment or None,
        variant_code=line.variant_code,
        location_code=line.location_code,
        dimensions=line.dimensions,
    )


def _document(facts: SalesFacts, kind: str, voucher: int, lines: Sequence[SalesLineRow]) -> SalesDocumentRow:
    document, customer = facts.document, facts.customer
    is_invoice = kind == "invoice"
    return SalesDocumentRow(
        kind=kind,
        customer_no=customer.customer_no if customer else None,
        customer_name=customer.name if customer else None,
        lines=tuple(lines),
        voucher=voucher,
        order_no=document.document_no if document.kind == SalesKind.ORDER else None,
        ship_to_code=document.ship_to_code,
        due_date=document.due_date if is_invoice else None,
        currency_code=document.currency_code,
        exchange_rate=facts.rate if document.currency_code else None,
        total_net=facts.totals.total_net if is_invoice else ZERO,
        total_vat=facts.totals.total_vat if is_invoice else ZERO,
        total_gross=facts.totals.total_gross if is_invoice else ZERO,
        dimensions=document.dimensions,
    )
