"""Posting sales: shipments at cost, invoices to customers, and both at once (PU-104)."""

from __future__ import annotations

from dataclasses import dataclass

from core.errors import DomainError, Problem
from core.master.number_series import Purpose
from core.posting.batch import Batch, Voucher
from core.posting.sales_bill import customer_rows, sales_general, sales_vat, sold_amounts
from core.posting.sales_checks import sales_problems
from core.posting.sales_documents import invoice_row, shipment_row
from core.posting.sales_facts import SalesFacts, SalesSelection, read_sales_facts, read_sales_stock
from core.posting.sales_goods import SalesGoods
from core.posting.stock import StockSide
from core.posting.write import write
from core.purchasing.drop_shipments import unlink_purchases
from core.purchasing.special_orders import end_special_orders
from core.sales.document import SalesDocument, SalesKind, SalesStatus
from core.sales.drafts import SalesDraft, create_sales, lock_sales, put_to_post, sold_lines, touch_sales
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
    """Every finding of the checks before posting, header first, then lines in order."""
    return sales_problems(work, read_sales_facts(work, document, _selection(document, ship, invoice)))


def sell(work: Work, draft: SalesDraft) -> PostedSales:
    """Make a sales invoice and post it at once: goods leave, the customer owes."""
    assert draft.kind == SalesKind.INVOICE, "an order is posted with post_sales"
    return post_sales(work, create_sales(work, draft).id)


def post_sales(
    work: Work, sales_id: int, *, ship: bool = True, invoice: bool = True, version: int | None = None
) -> PostedSales:
    """Post a sales document: of an order what is selected, of an invoice the whole.

    A sales order that is completely invoiced is deleted (PU-116). Raises DomainError with every problem
    found; nothing has been written then.
    """
    document = lock_sales(work, sales_id, version)
    facts = read_sales_facts(work, document, _selection(document, ship, invoice), locked=True)
    errors = [problem for problem in sales_problems(work, facts) if problem.severity == "error"]
    if errors:
        raise DomainError(errors)
    side = StockSide(read_sales_stock(work, facts), sales_vouchers(facts))
    written = write(work, compose_sale(facts, side))
    invoice_voucher, shipment_voucher = voucher_indexes(facts)
    posted_no = written.numbers[invoice_voucher] if invoice_voucher is not None else None
    is_closed = leave_sale(work, facts, posted_no)
    return PostedSales(
        register_no=written.register_no,
        posted_no=posted_no,
        shipment_no=written.numbers[shipment_voucher] if shipment_voucher is not None else None,
        document_closed=is_closed,
    )


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
        posting_date=document.posting_date,
        document_date=document.document_date,
        draws_from=draws_from,
        source_type="customer" if customer else None,
        source_no=customer.customer_no if customer else None,
        general_business=customer.general_business if customer else None,
        vat_business=customer.vat_business if customer else None,
        dimensions=document.dimensions,
    )


def compose_sale(facts: SalesFacts, side: StockSide) -> Batch:
    """The entries of a sale whose checks have passed. Pure."""
    invoice, shipment = voucher_indexes(facts)
    goods = SalesGoods(facts, side, invoice_voucher=invoice, shipment_voucher=shipment)
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
        sales_documents=tuple(documents),
        sales_states=tuple(goods.states),
        item_costs=side.item_costs,
    )


def leave_sale(work: Work, facts: SalesFacts, posted_no: str | None) -> bool:
    """New quantities on the document; whether it is done with.

    An invoice stays as posted, an order that is completely invoiced goes and lets go of what was bought for
    it (PU-116, PU-117).
    """
    document = facts.document
    for run in facts.runs:
        run.line.quantity_shipped += run.ship
        run.line.quantity_invoiced += run.invoice
        put_to_post(document, run.line)
    if document.kind == SalesKind.INVOICE:
        document.status, document.posted_no = SalesStatus.POSTED.value, posted_no
        touch_sales(work, document)
        return True
    document.status = SalesStatus.RELEASED.value
    touch_sales(work, document)
    lines = sold_lines(document)
    if all(line.quantity == line.quantity_shipped == line.quantity_invoiced for line in lines):
        unlink_purchases(work, lines)
        work.session.delete(document)
        work.session.flush()
        return True
    end_special_orders(work, lines)
    return False


def _selection(document: SalesDocument, ship: bool, invoice: bool) -> SalesSelection:
    """An invoice posts whole, whatever was asked (PU-87)."""
    whole = document.kind == SalesKind.INVOICE
    return SalesSelection(ship or whole, invoice or whole)
