"""Everything that posting a sale looks up, read once under the locks that keep it true."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from core.costing.movement import StockKey
from core.costing.stock import StockFacts, StockNeeds, read_stock
from core.master.accounts import Account, list_accounts
from core.master.company import Company, get_company
from core.master.currencies import amount_rounding, find_exchange_rate
from core.master.items import Item, base_quantity
from core.master.posting_groups import (
    ANY,
    GeneralPostingSetup,
    InventoryPostingSetup,
    general_setups,
    inventory_setups,
)
from core.master.purchasing_setup import closed_until
from core.master.vat import Calculation, VatPostingSetup, vat_setups
from core.master.vendors import normal_no
from core.money import ZERO, total
from core.purchasing.drop_shipments import Linked, linked_purchases
from core.purchasing.totals import DocumentTotals, TotalsHeader, TotalsLine, VatTerms, compute_totals
from core.sales.customers import find_customer
from core.sales.document import (
    Customer,
    CustomerPostingGroup,
    PostedSalesDocument,
    PostedSalesLine,
    SalesDocument,
    SalesKind,
    SalesLine,
    SalesLineType,
)
from core.sales.drafts import sold_lines
from core.work import Work

UNKNOWN_VAT = VatTerms("?", Calculation.NORMAL, ZERO)


@dataclass(frozen=True, slots=True)
class SalesSelection:
    """Which half of a sales order is posted: goods, bill or both. An invoice posts whole."""

    ship: bool
    invoice: bool


SHIPPING = SalesSelection(ship=True, invoice=False)


@dataclass(frozen=True, slots=True)
class SalesRun:
    """A line and how much of it this run ships and invoices, in the line's unit."""

    line: SalesLine
    ship: Decimal
    invoice: Decimal

    @property
    def ship_base(self) -> Decimal:
        """What is shipped now in base units; the parts add up to the whole line (PU-24)."""
        line = self.line
        before = base_quantity(line.quantity_shipped, line.units_per_unit)
        return base_quantity(line.quantity_shipped + self.ship, line.units_per_unit) - before

    @property
    def invoice_base(self) -> Decimal:
        """What is invoiced now in base units."""
        return self.base_of(self.invoice)

    def base_of(self, quantity: Decimal) -> Decimal:
        """The next `quantity` to be invoiced in base units."""
        line = self.line
        before = base_quantity(line.quantity_invoiced, line.units_per_unit)
        return base_quantity(line.quantity_invoiced + quantity, line.units_per_unit) - before

    @property
    def is_posted(self) -> bool:
        """Whether this run does anything with the line."""
        return self.ship != ZERO or self.invoice != ZERO


@dataclass(frozen=True, slots=True)
class Shipped:
    """A posted shipment line that is not wholly invoiced. Quantities in the line's unit."""

    line_id: int
    order_line_no: int
    quantity: Decimal
    quantity_base: Decimal
    quantity_invoiced: Decimal
    units_per_unit: Decimal
    item_entry_no: int | None

    @property
    def not_invoiced(self) -> Decimal:
        """What no invoice has taken yet."""
        return self.quantity - self.quantity_invoiced

    def base_of(self, quantity: Decimal) -> Decimal:
        """The next `quantity` to be invoiced in base units; the last part takes what is left."""
        before = base_quantity(self.quantity_invoiced, self.units_per_unit)
        if quantity == self.not_invoiced:
            return self.quantity_base - before
        return base_quantity(self.quantity_invoiced + quantity, self.units_per_unit) - before


@dataclass(frozen=True, slots=True)
class SalesFacts:
    """A sales document and all that its posting depends on. Reading it changes nothing.

    `runs` are the lines that can carry an amount; `billed` those on the bill, and `totals.lines` go with
    them. `shipped` are open shipments of the order, oldest first; `linked` the purchase lines that lines of
    the document are bought on. The posting date is the document's own, or that of a purchase order whose
    receipt ships it (PU-111). `rate` is local units per unit of the document's currency, 1 for the local
    currency, None when there is none.
    """

    company: Company
    document: SalesDocument
    posting_date: date
    document_date: date
    selection: SalesSelection
    runs: tuple[SalesRun, ...]
    billed: tuple[SalesRun, ...]
    totals: DocumentTotals
    customer: Customer | None
    customer_group: CustomerPostingGroup | None
    accounts: Mapping[str, Account]
    items: Mapping[str, Item]
    general: Mapping[tuple[str, str], GeneralPostingSetup]
    inventory: Mapping[tuple[str, str], InventoryPostingSetup]
    vat: Mapping[str, VatPostingSetup]
    rate: Decimal | None
    shipped: tuple[Shipped, ...]
    linked: Mapping[int, Linked]
    closed_until: date | None

    @property
    def ships_goods(self) -> bool:
        """Whether the run makes a shipment: of an order whatever is sent, of an invoice its items."""
        is_order = self.document.kind == SalesKind.ORDER
        return any(
            run.ship != ZERO and (is_order or run.line.type == SalesLineType.ITEM) for run in self.runs
        )

    def invoiced_at_once(self, run: SalesRun) -> Decimal:
        """How much of what is shipped now the run invoices as well: older shipments go first."""
        older = total(row.not_invoiced for row in self.shipped if row.order_line_no == run.line.line_no)
        left = run.invoice - older
        return left if left * run.invoice > ZERO else ZERO

    @property
    def business(self) -> str:
        """The general business group of the customer."""
        return (self.customer.general_business if self.customer else None) or ANY

    def item(self, line: SalesLine) -> Item | None:
        """The item of an item line."""
        return self.items.get(normal_no(line.no)) if line.type == SalesLineType.ITEM and line.no else None

    def account(self, line: SalesLine) -> Account | None:
        """The account of an account line."""
        return self.accounts.get(line.no) if line.type == SalesLineType.ACCOUNT and line.no else None

    def general_product(self, line: SalesLine) -> str | None:
        """The general product group of a line's item or account."""
        master = self.item(line) or self.account(line)
        return master.general_product if master else None

    def general_setup(self, product: str | None) -> GeneralPostingSetup | None:
        """The general setup of the customer's business group, else the one for any (PO-30)."""
        if product is None:
            return None
        return self.general.get((self.business, product)) or self.general.get((ANY, product))

    def inventory_setup(self, location: str, group: str | None) -> InventoryPostingSetup | None:
        """The stock accounts of an inventory group at a location, else those for any (PO-31)."""
        if group is None:
            return None
        return self.inventory.get((location, group)) or self.inventory.get((ANY, group))


def read_sales_facts(
    work: Work,
    document: SalesDocument,
    selection: SalesSelection,
    *,
    locked: bool = False,
    ships: Mapping[int, Decimal] | None = None,
    on: date | None = None,
) -> SalesFacts:
    """Look everything up for this document.

    `ships` are quantities by line number in place of those on the document, `on` a posting date in place of
    its own: what a purchase order that is received brings along. With `locked` what must stay true until the
    commit is locked on the way: linked purchase orders by number, then items by number (PO-161).
    """
    company = get_company(work)
    runs = tuple(_run(document, line, selection, ships) for line in sold_lines(document))
    going = [run.line for run in runs if run.ship != ZERO]
    # A purchase order that brings the quantities along is locked already, and holds them unflushed.
    linked = linked_purchases(work, going, locked=locked and ships is None)
    is_order = document.kind == SalesKind.ORDER
    shipped = _shipped(work, document) if is_order and selection.invoice else ()
    items = _items(work, [run.line for run in runs], locked=locked)
    customer = find_customer(work, document.customer_no)
    group_code = customer.posting_group if customer else None
    vat = vat_setups(work, customer.vat_business) if customer and customer.vat_business else {}
    billed = _billed(document, runs, selection)
    return SalesFacts(
        company=company,
        document=document,
        posting_date=on or document.posting_date,
        document_date=on or document.document_date,
        selection=selection,
        runs=runs,
        billed=billed,
        totals=sales_totals(work, document, [(run.line, run.invoice) for run in billed], vat),
        customer=customer,
        customer_group=work.session.get(CustomerPostingGroup, group_code) if group_code else None,
        accounts={account.account_no: account for account in list_accounts(work)},
        items=items,
        general=general_setups(work),
        inventory=inventory_setups(work),
        vat=vat,
        rate=_rate(work, document, on or document.posting_date),
        shipped=shipped,
        linked={one.sale.line_no: one for one in linked},
        closed_until=closed_until(work),
    )


def read_sales_stock(work: Work, facts: SalesFacts, more: Sequence[StockKey] = ()) -> StockFacts:
    """The stock that the sale touches; the items are locked by now. `more` is what comes in with it."""
    stocks = {
        stock_key(facts, run.line) for run in facts.runs if run.is_posted and facts.item(run.line) is not None
    }
    entries = {row.item_entry_no for row in facts.shipped if row.item_entry_no is not None}
    named = {run.line.applies_to_item_entry_no for run in facts.runs if run.ship != ZERO}
    return read_stock(
        work,
        facts.company,
        StockNeeds(
            on=facts.posting_date,
            stocks=frozenset({*stocks, *more}),
            entries=frozenset(entries | {no for no in named if no is not None}),
        ),
    )


def stock_key(facts: SalesFacts, line: SalesLine) -> StockKey:
    """The stock that an item line takes from."""
    item = facts.item(line)
    assert item is not None
    return StockKey(item.item_no, line.location_code, line.variant_code or "")


def sales_totals(
    work: Work,
    document: SalesDocument,
    parts: Sequence[tuple[SalesLine, Decimal]] | None = None,
    vat: Mapping[str, VatPostingSetup] | None = None,
) -> DocumentTotals:
    """A sales document added up in its currency, by default all of it; `lines` go with `sold_lines`.

    `parts` are lines with the quantity that counts. A line without VAT setup counts without VAT.
    """
    if vat is None:
        customer = find_customer(work, document.customer_no)
        vat = vat_setups(work, customer.vat_business) if customer and customer.vat_business else {}
    if parts is None:
        parts = [(line, line.quantity) for line in sold_lines(document)]
    header = TotalsHeader(
        prices_include_vat=document.prices_include_vat,
        precision=amount_rounding(work, document.currency_code),
    )
    rows = [
        TotalsLine(
            quantity=quantity,
            unit_cost=line.unit_price,
            vat=_vat_terms(vat, line),
            discount_percent=line.discount_percent,
        )
        for line, quantity in parts
    ]
    return compute_totals(header, rows)


def _vat_terms(vat: Mapping[str, VatPostingSetup], line: SalesLine) -> VatTerms:
    setup = vat.get(line.vat_product or "")
    if setup is None:
        return UNKNOWN_VAT
    return VatTerms(setup.identifier, Calculation(setup.calculation), setup.percent)


def _run(
    document: SalesDocument,
    line: SalesLine,
    selection: SalesSelection,
    ships: Mapping[int, Decimal] | None,
) -> SalesRun:
    if ships is not None:
        return SalesRun(line, ships.get(line.line_no, ZERO), ZERO)
    if document.kind == SalesKind.INVOICE:
        return SalesRun(line, line.quantity, line.quantity)
    ship = line.qty_to_ship if selection.ship else ZERO
    invoice = line.qty_to_invoice if selection.invoice else ZERO
    most = line.quantity_shipped + ship - line.quantity_invoiced
    if abs(invoice) > abs(most):
        invoice = most
    return SalesRun(line, ship, invoice)


def _billed(
    document: SalesDocument, runs: Sequence[SalesRun], selection: SalesSelection
) -> tuple[SalesRun, ...]:
    if document.kind == SalesKind.INVOICE:
        return tuple(runs)
    return tuple(run for run in runs if selection.invoice and run.invoice != ZERO)


def _shipped(work: Work, document: SalesDocument) -> tuple[Shipped, ...]:
    """Open shipments of the order, oldest first."""
    rows = work.session.scalars(
        select(PostedSalesLine)
        .join(PostedSalesDocument)
        .where(
            PostedSalesDocument.kind == "shipment",
            PostedSalesDocument.order_no == document.document_no,
            PostedSalesLine.quantity != PostedSalesLine.quantity_invoiced,
            PostedSalesLine.order_line_no.is_not(None),
        )
        .order_by(PostedSalesDocument.posting_date, PostedSalesDocument.id, PostedSalesLine.line_no)
        .execution_options(populate_existing=True)
    )
    return tuple(
        Shipped(
            line_id=row.id,
            order_line_no=row.order_line_no or 0,
            quantity=row.quantity,
            quantity_base=row.quantity_base,
            quantity_invoiced=row.quantity_invoiced,
            units_per_unit=row.units_per_unit,
            item_entry_no=row.item_entry_no,
        )
        for row in rows
    )


def _items(work: Work, lines: Sequence[SalesLine], *, locked: bool) -> dict[str, Item]:
    numbers = {normal_no(line.no) for line in lines if line.type == SalesLineType.ITEM and line.no}
    query = select(Item).where(Item.item_no.in_(numbers)).order_by(Item.item_no)
    if locked:
        query = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    return {item.item_no: item for item in work.session.scalars(query)}


def _rate(work: Work, document: SalesDocument, on: date) -> Decimal | None:
    """The document's own rate, else the one on the posting date (PO-51)."""
    if document.currency_code is None:
        return Decimal(1)
    return document.exchange_rate or find_exchange_rate(work, document.currency_code, on)
