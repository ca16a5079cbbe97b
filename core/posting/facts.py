"""Everything that posting a document looks up, read once under the locks that keep it true."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import func, select

from core.costing.method import Increase, Movement, Stock
from core.ledgers.item import ItemApplication, ItemEntry, ValueEntry
from core.ledgers.vendor import VendorEntry, find_vendor_document
from core.master.accounts import Account, list_accounts
from core.master.company import AveragePeriod, Company, VatDateSource, get_company
from core.master.currencies import find_currency, find_exchange_rate
from core.master.items import Costing, Item, ItemType
from core.master.payment_terms import PaymentDates, find_payment_terms, payment_dates
from core.master.posting_groups import (
    ANY,
    GeneralPostingSetup,
    InventoryPostingSetup,
    VendorPostingGroup,
    find_vendor_group,
    general_setups,
    inventory_setups,
)
from core.master.vat import Calculation, VatPostingSetup, vat_setups
from core.master.vendors import Vendor, find_vendor, normal_no
from core.money import ZERO, round_to
from core.posting.amounts import Amounts, Stated, Tolerance, settle
from core.purchasing.document import DocumentKind, LineType, PurchaseDocument, PurchaseLine
from core.purchasing.drafts import priced_lines, totals_header, totals_line, vat_terms
from core.purchasing.totals import VatTerms
from core.work import Work


@dataclass(frozen=True, slots=True)
class Facts:
    """A document and all that its posting depends on. Reading it changes nothing.

    `lines` are the priced lines, and `amounts.totals.lines` go with them. `rate` is local units per unit of
    the document's currency, 1 for the local currency, None when there is none. `vat` holds the setups of the
    pay-to vendor's VAT business group by product. `stock` has the items that lose stock.
    """

    company: Company
    document: PurchaseDocument
    lines: tuple[PurchaseLine, ...]
    amounts: Amounts
    vendor: Vendor | None
    pay_to: Vendor | None
    vendor_group: VendorPostingGroup | None
    accounts: Mapping[str, Account]
    items: Mapping[str, Item]
    general: Mapping[tuple[str, str], GeneralPostingSetup]
    inventory: Mapping[tuple[str, str], InventoryPostingSetup]
    vat: Mapping[str, VatPostingSetup]
    rate: Decimal | None
    max_vat_difference: Decimal
    stock: Mapping[str, Stock]
    dates: PaymentDates | None
    same_number: VendorEntry | None

    @property
    def is_credit_memo(self) -> bool:
        """Whether every sign of an invoice is turned (PO-110)."""
        return self.document.kind == DocumentKind.CREDIT_MEMO

    @property
    def vat_date(self) -> date | None:
        """The date that decides the VAT period: typed, else by setup (PO-75)."""
        document = self.document
        if document.vat_date is not None:
            return document.vat_date
        if self.company.vat_date_source == VatDateSource.DOCUMENT_DATE:
            return document.document_date or document.posting_date
        return document.posting_date

    def item(self, line: PurchaseLine) -> Item | None:
        """The item of an item line."""
        return self.items.get(normal_no(line.no)) if line.type == LineType.ITEM and line.no else None

    def account(self, line: PurchaseLine) -> Account | None:
        """The account of an account line."""
        return self.accounts.get(line.no) if line.type == LineType.ACCOUNT and line.no else None

    def general_product(self, line: PurchaseLine) -> str | None:
        """The general product group of a line's item or account."""
        master = self.item(line) or self.account(line)
        return master.general_product if master else None

    def general_setup(self, general_product: str | None) -> GeneralPostingSetup | None:
        """The general setup of the pay-to vendor's business group, else the one for any (PO-30)."""
        if general_product is None:
            return None
        business = (self.pay_to.general_business if self.pay_to else None) or ANY
        return self.general.get((business, general_product)) or self.general.get((ANY, general_product))

    def inventory_setup(self, inventory_group: str | None) -> InventoryPostingSetup | None:
        """The stock accounts of an inventory group. All goods are at one place until locations come."""
        return self.inventory.get((ANY, inventory_group)) if inventory_group else None


def read_facts(work: Work, document: PurchaseDocument) -> Facts:
    """Look everything up for this document."""
    company = get_company(work)
    lines = tuple(priced_lines(document))
    vendor = find_vendor(work, document.vendor_no)
    pay_to = find_vendor(work, document.pay_to_vendor_no)
    group = find_vendor_group(work, pay_to.posting_group) if pay_to and pay_to.posting_group else None
    vat = vat_setups(work, pay_to.vat_business) if pay_to and pay_to.vat_business else {}
    accounts = {account.account_no: account for account in list_accounts(work)}
    items = _items(work, lines)
    tolerance = _tolerance(work, document, company, _rounding_terms(group, accounts, vat))
    return Facts(
        company=company,
        document=document,
        lines=lines,
        amounts=_amounts(work, document, pay_to, lines, tolerance),
        vendor=vendor,
        pay_to=pay_to,
        vendor_group=group,
        accounts=accounts,
        items=items,
        general=general_setups(work),
        inventory=inventory_setups(work),
        vat=vat,
        rate=_rate(work, document),
        max_vat_difference=tolerance.max_vat_difference,
        stock={no: _stock(work, company, items[no]) for no in _losing(document, lines, items)},
        dates=_dates(work, document),
        same_number=_same_number(work, document),
    )


def lock_order(document: PurchaseDocument) -> tuple[list[str], str | None]:
    """What posting locks after the document: items by number, then the pay-to vendor (PO-161)."""
    numbers = {normal_no(line.no) for line in document.lines if line.type == LineType.ITEM and line.no}
    return sorted(numbers), document.pay_to_vendor_no


def _amounts(
    work: Work,
    document: PurchaseDocument,
    pay_to: Vendor | None,
    lines: Sequence[PurchaseLine],
    tolerance: Tolerance,
) -> Amounts:
    business = pay_to.vat_business if pay_to else None
    rows = [totals_line(line, vat_terms(work, business, line)) for line in lines]
    stated = Stated(document.total_gross_stated, document.total_vat_stated)
    return settle(totals_header(work, document), rows, stated, tolerance)


def _rounding_terms(
    group: VendorPostingGroup | None, accounts: Mapping[str, Account], vat: Mapping[str, VatPostingSetup]
) -> VatTerms | None:
    """How a rounding line is taxed: by its account's group, which must carry no VAT; else it cannot be."""
    account = accounts.get(group.invoice_rounding) if group and group.invoice_rounding else None
    setup = vat.get(account.vat_product) if account and account.vat_product else None
    if setup is None or setup.percent != ZERO or setup.calculation == Calculation.FULL:
        return None
    return VatTerms(setup.identifier, Calculation.NORMAL, ZERO)


def _tolerance(
    work: Work, document: PurchaseDocument, company: Company, rounding_terms: VatTerms | None
) -> Tolerance:
    currency = find_currency(work, document.currency_code) if document.currency_code else None
    limit = currency.max_vat_difference if currency else None
    return Tolerance(
        max_vat_difference=company.max_vat_difference if limit is None else limit,
        rounding_limit=company.rounding_limit,
        invoice_precision=company.invoice_rounding_precision if company.invoice_rounding_enabled else None,
        rounding_terms=rounding_terms,
    )


def _rate(work: Work, document: PurchaseDocument) -> Decimal | None:
    """The document's own rate, else the one on its posting date (PO-51)."""
    if document.currency_code is None:
        return Decimal(1)
    if document.exchange_rate is not None:
        return document.exchange_rate
    if document.posting_date is None:
        return None
    return find_exchange_rate(work, document.currency_code, document.posting_date)


def _dates(work: Work, document: PurchaseDocument) -> PaymentDates | None:
    if document.document_date is None:
        return None
    return payment_dates(find_payment_terms(work, document.payment_terms), document.document_date)


def _same_number(work: Work, document: PurchaseDocument) -> VendorEntry | None:
    if document.vendor_document_key is None or document.pay_to_vendor_no is None:
        return None
    return find_vendor_document(work, document.pay_to_vendor_no, document.kind, document.vendor_document_key)


def _items(work: Work, lines: Sequence[PurchaseLine]) -> dict[str, Item]:
    numbers = {normal_no(line.no) for line in lines if line.type == LineType.ITEM and line.no}
    rows = work.session.scalars(select(Item).where(Item.item_no.in_(numbers)))
    return {item.item_no: item for item in rows}


def _losing(
    document: PurchaseDocument, lines: Sequence[PurchaseLine], items: Mapping[str, Item]
) -> list[str]:
    """Inventory items of which a line takes stock away."""
    sign = -1 if document.kind == DocumentKind.CREDIT_MEMO else 1
    losing = {
        normal_no(line.no)
        for line in lines
        if line.type == LineType.ITEM and line.no and line.quantity * sign < ZERO
    }
    return sorted(no for no in losing if no in items and items[no].type == ItemType.INVENTORY)


def _stock(work: Work, company: Company, item: Item) -> Stock:
    values = _values(work, item.item_no)
    increases = []
    rows = work.session.scalars(
        select(ItemEntry)
        .where(ItemEntry.item_no == item.item_no, ItemEntry.open, ItemEntry.remaining_quantity > ZERO)
        .where(ItemEntry.has_stock)
        .order_by(ItemEntry.posting_date, ItemEntry.entry_no)
        .execution_options(populate_existing=True)
    )
    for entry in rows:
        value = values[entry.entry_no]
        increases.append(
            Increase(
                entry_no=entry.entry_no,
                row=None,
                posting_date=entry.posting_date,
                valuation_date=value.valuation_date,
                quantity=entry.quantity,
                remaining=entry.remaining_quantity,
                value=value.cost,
                taken_cost=_taken(work, entry.entry_no, value.cost, entry.quantity, company.cent),
                fully_invoiced=entry.invoiced_quantity == entry.quantity,
            )
        )
    return Stock(
        precision=company.cent,
        average_period=AveragePeriod(company.average_cost_period),
        standard_cost=item.standard_cost,
        unit_cost=item.unit_cost,
        increases=increases,
        movements=_movements(work, item) if item.costing == Costing.AVERAGE else [],
    )


def _values(work: Work, item_no: str) -> dict[int, Movement]:
    """Value and valuation date of every open increase of an item, by entry number."""
    cost = func.sum(ValueEntry.cost_actual + ValueEntry.cost_expected)
    rows = work.session.execute(
        select(ValueEntry.item_entry_no, func.max(ValueEntry.valuation_date), cost)
        .join(ItemEntry, ItemEntry.entry_no == ValueEntry.item_entry_no)
        .where(ItemEntry.item_no == item_no, ItemEntry.open)
        .group_by(ValueEntry.item_entry_no)
    )
    return {entry_no: Movement(on, ZERO, value) for entry_no, on, value in rows}


def _taken(work: Work, entry_no: int, value: Decimal, quantity: Decimal, cent: Decimal) -> Decimal:
    rows = work.session.scalars(
        select(ItemApplication.quantity).where(ItemApplication.inbound_entry_no == entry_no)
    )
    return sum((round_to(value * taken / quantity, cent) for taken in rows), ZERO)


def _movements(work: Work, item: Item) -> list[Movement]:
    """What moved per valuation date and direction: all that averaging needs (PO-98)."""
    is_decrease = ValueEntry.valued_quantity < ZERO
    cost = func.sum(ValueEntry.cost_actual + ValueEntry.cost_expected)
    rows = work.session.execute(
        select(ValueEntry.valuation_date, func.sum(ValueEntry.valued_quantity), cost)
        .where(ValueEntry.item_no == item.item_no, ValueEntry.has_stock)
        .group_by(ValueEntry.valuation_date, is_decrease)
        .order_by(ValueEntry.valuation_date)
    )
    return [Movement(on, quantity, value) for on, quantity, value in rows]
