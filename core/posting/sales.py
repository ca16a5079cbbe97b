"""Posting sales: shipments at cost, invoices to customers, and both at once (PU-104)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import DomainError, Problem
from core.posting.batch import Batch
from core.posting.drop_receipts import (
    DropReceipt,
    drop_receipt_problems,
    drop_receipt_rows,
    drop_receipt_vouchers,
    drop_stock,
    leave_drop_receipts,
    move_drop_receipts,
    put_dates_back,
    read_drop_receipts,
)
from core.posting.sales_bill import customer_rows, sales_general, sales_vat, sold_amounts
from core.posting.sales_checks import sales_problems
from core.posting.sales_documents import invoice_row, sales_vouchers, shipment_row, voucher_indexes
from core.posting.sales_facts import SalesFacts, SalesSelection, read_sales_facts, read_sales_stock
from core.posting.sales_goods import SalesGoods
from core.posting.sales_state import leave_sale
from core.posting.stock import StockSide
from core.posting.write import write
from core.sales.document import SalesDocument, SalesKind
from core.sales.drafts import SalesDraft, create_sales, lock_sales
from core.work import Work


@dataclass(frozen=True, slots=True)
class PostedSales:
    """What a posting made: the invoice, the shipment, the receipts of drop shipments, as far as there are.

    `document_closed`: everything is invoiced and the sales document is gone from the desk.
    """

    register_no: int
    posted_no: str | None = None
    shipment_no: str | None = None
    receipt_nos: tuple[str, ...] = ()
    document_closed: bool = False


def find_sales_problems(work: Work, document: SalesDocument, *, ship: bool, invoice: bool) -> list[Problem]:
    """Every finding of the checks before posting, header first, then lines, then linked purchase orders."""
    facts = read_sales_facts(work, document, _selection(document, ship, invoice))
    receipts = read_drop_receipts(work, facts)
    try:
        return [*sales_problems(work, facts), *drop_receipt_problems(work, receipts)]
    finally:
        put_dates_back(receipts)


def sell(work: Work, draft: SalesDraft) -> PostedSales:
    """Make a sales invoice and post it at once: goods leave, the customer owes."""
    assert draft.kind == SalesKind.INVOICE, "an order is posted with post_sales"
    return post_sales(work, create_sales(work, draft).id)


def post_sales(
    work: Work, sales_id: int, *, ship: bool = True, invoice: bool = True, version: int | None = None
) -> PostedSales:
    """Post a sales document: of an order what is selected, of an invoice the whole.

    Drop-shipment lines that are shipped perform the whole movement: their purchase orders receive (PU-111).
    A sales order that is completely invoiced is deleted (PU-116). Raises DomainError with every problem
    found; nothing has been written then.
    """
    document = lock_sales(work, sales_id, version)
    facts = read_sales_facts(work, document, _selection(document, ship, invoice), locked=True)
    receipts = read_drop_receipts(work, facts, locked=True)
    problems = [*sales_problems(work, facts), *drop_receipt_problems(work, receipts)]
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        raise DomainError(errors)
    own = sales_vouchers(facts)
    stock = read_sales_stock(work, facts, drop_stock(receipts))
    batch = compose_sale(facts, StockSide(stock, [*own, *drop_receipt_vouchers(receipts)]), receipts)
    written = write(work, batch)
    leave_drop_receipts(work, receipts, batch, written, len(own))
    invoice_voucher, shipment_voucher = voucher_indexes(facts)
    posted_no = written.numbers[invoice_voucher] if invoice_voucher is not None else None
    return PostedSales(
        register_no=written.register_no,
        posted_no=posted_no,
        shipment_no=written.numbers[shipment_voucher] if shipment_voucher is not None else None,
        receipt_nos=written.numbers[len(own) : len(own) + len(receipts)],
        document_closed=leave_sale(work, facts, posted_no),
    )


def compose_sale(facts: SalesFacts, side: StockSide, receipts: Sequence[DropReceipt]) -> Batch:
    """The entries of a sale whose checks have passed, with the receipts of its drop shipments. Pure."""
    invoice, shipment = voucher_indexes(facts)
    first = len(sales_vouchers(facts))
    goods = SalesGoods(
        facts,
        side,
        invoice_voucher=invoice,
        shipment_voucher=shipment,
        inbound=move_drop_receipts(receipts, side, first),
    )
    goods.move()
    side.finish()
    amounts = sold_amounts(facts) if invoice is not None else []
    vat = sales_vat(facts, amounts)
    documents = []
    if shipment is not None:
        documents.append(shipment_row(facts, goods.refs, shipment))
    if invoice is not None:
        documents.append(invoice_row(facts, invoice))
    return Batch(
        source=f"sales_{facts.document.kind}",
        vouchers=tuple(side.vouchers),
        general=(*sales_general(facts, amounts, vat), *side.general),
        vat=tuple(vat),
        customers=tuple(customer_rows(facts, amounts)) if invoice is not None else (),
        items=tuple(side.items),
        item_states=tuple(side.item_states),
        applications=tuple(side.applications),
        values=tuple(side.values),
        receipts=tuple(drop_receipt_rows(receipts, first, shipment)),
        sales_documents=tuple(documents),
        sales_states=tuple(goods.states),
        item_costs=side.item_costs,
    )


def _selection(document: SalesDocument, ship: bool, invoice: bool) -> SalesSelection:
    """An invoice posts whole, whatever was asked (PU-87)."""
    whole = document.kind == SalesKind.INVOICE
    return SalesSelection(ship or whole, invoice or whole)
