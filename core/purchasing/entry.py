"""Entering a line: what its item, account or charge brings, its unit, its price, and what is refused at once.

What entering looks up is read once for all lines of a document, however many there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import and_, select
from sqlalchemy.orm import selectinload

from core.errors import Problem, Term, refuse
from core.master.accounts import Account
from core.master.company import Company, get_company
from core.master.currencies import find_exchange_rate
from core.master.dimensions import DefaultDimension, Owner
from core.master.items import (
    Item,
    ItemReference,
    ItemType,
    ItemVariant,
    base_quantity,
    units_per_unit,
)
from core.master.prices import PriceBook, PriceTerms, Wanted, read_price_book
from core.master.purchasing_setup import ItemCharge, Location
from core.master.vat import VatPostingSetup, vat_setups
from core.master.vendors import Vendor, find_vendor, normal_no
from core.money import UNIT_COST, ZERO, round_to
from core.purchasing.document import DocumentKind, LineType, PurchaseDocument, PurchaseLine
from core.purchasing.pricing import Price, price_for_amount
from core.work import Work

if TYPE_CHECKING:
    from core.purchasing.draft_inputs import LineDraft

_BRINGS = and_(
    DefaultDimension.owner.in_((Owner.ACCOUNT, Owner.ITEM, Owner.CHARGE, Owner.LOCATION)),
    DefaultDimension.value_code.is_not(None),
)
FOR_ORDERS = (DocumentKind.QUOTE, DocumentKind.ORDER, DocumentKind.INVOICE)


@dataclass(frozen=True, slots=True)
class Brought:
    """What the item, account or charge of a line brings to it (PU-27)."""

    no: str | None = None
    description: str = ""
    unit: str | None = None
    vat_product: str | None = None
    allow_invoice_discount: bool = True
    item: Item | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """What entering lines on one document depends on."""

    company: Company
    document: PurchaseDocument
    items: Mapping[str, Item]
    accounts: Mapping[str, Account]
    charges: Mapping[str, ItemCharge]
    variants: Mapping[tuple[str, str], ItemVariant]
    wordings: Mapping[str, str]
    book: PriceBook
    vat: Mapping[str, VatPostingSetup]
    terms: PriceTerms
    today: date
    in_transit: frozenset[str] = frozenset()
    dimensioned: frozenset[str] = frozenset()
    """Numbers of items, accounts, charges and locations that bring dimensions."""

    @property
    def kind(self) -> DocumentKind:
        """What the document is."""
        return DocumentKind(self.document.kind)

    def brought(self, line_type: LineType, no: str | None) -> Brought:
        """What `no` brings. Refuses with `account_unknown`, `item_unknown` or `charge_unknown`."""
        if no is None or line_type == LineType.COMMENT:
            return Brought(no)
        if line_type == LineType.ACCOUNT:
            account = self.accounts.get(no)
            if account is None:
                raise refuse("account_unknown", field="no", no=no)
            return Brought(no, account.name, vat_product=account.vat_product)
        if line_type == LineType.CHARGE:
            charge = self.charges.get(no)
            if charge is None:
                raise refuse("charge_unknown", field="no", no=no)
            return Brought(no, charge.description, vat_product=charge.vat_product)
        item = self.items.get(normal_no(no))
        if item is None:
            raise refuse("item_unknown", field="no", no=no)
        return Brought(
            no=item.item_no,
            description=self.wordings.get(item.item_no, item.description),
            unit=item.purchase_unit or item.unit,
            vat_product=item.vat_product,
            allow_invoice_discount=item.allow_invoice_discount,
            item=item,
        )

    def describe(self, brought: Brought, variant_code: str | None) -> str:
        """The vendor's wording, else the variant's, else the item's (PU-27)."""
        item = brought.item
        if item is None or variant_code is None or item.item_no in self.wordings:
            return brought.description
        variant = self.variants.get((item.item_no, variant_code))
        return variant.description if variant else brought.description

    def search_price(self, line: PurchaseLine) -> Decimal | None:
        """The price that the records give this line, None without one (PU-42 to PU-45)."""
        return self.book.unit_cost(self._wanted(line), self.terms, self._vat_percent(line))

    def last_cost(self, line: PurchaseLine) -> Decimal:
        """The last direct cost of the item, as the document has its prices: without records (PU-46)."""
        item = self.items[normal_no(line.no or "")]
        cost = self.terms.converted(
            item.last_direct_cost,
            is_local=True,
            factor=line.units_per_unit,
            vat_percent=self._vat_percent(line),
            includes_vat=False,
        )
        return cost or ZERO

    def search_discount(self, line: PurchaseLine) -> Decimal:
        """The line discount that the records give this line (PU-47)."""
        return self.book.line_discount(self._wanted(line), self.terms)

    def _wanted(self, line: PurchaseLine) -> Wanted:
        return Wanted(
            item_no=normal_no(line.no or ""),
            variant_code=line.variant_code,
            unit=line.unit,
            units_per_unit=line.units_per_unit,
            quantity=line.quantity,
            on=self._price_date(line),
        )

    def _price_date(self, line: PurchaseLine) -> date:
        """The order date of quotes and orders, the posting date of what posts whole (PU-42)."""
        document = self.document
        if self.kind in (DocumentKind.INVOICE, DocumentKind.CREDIT_MEMO):
            return document.posting_date or self.today
        return line.order_date or document.order_date or self.today

    def _vat_percent(self, line: PurchaseLine) -> Decimal:
        setup = self.vat.get(line.vat_product or "")
        return setup.percent if setup and setup.calculation == "normal" else ZERO


def read_entry(
    work: Work, document: PurchaseDocument, wanted: Iterable[tuple[LineType, str | None]]
) -> Entry:
    """Look up what these types and numbers need, set by set."""
    company = get_company(work)
    numbers: dict[LineType, set[str]] = {line_type: set() for line_type in LineType}
    for line_type, no in wanted:
        if no is not None:
            numbers[line_type].add(normal_no(no) if line_type == LineType.ITEM else no)
    items = sorted(numbers[LineType.ITEM])
    pay_to = find_vendor(work, document.pay_to_vendor_no)
    return Entry(
        company=company,
        document=document,
        items=_items(work, items),
        accounts=_accounts(work, sorted(numbers[LineType.ACCOUNT])),
        charges=_charges(work, sorted(numbers[LineType.CHARGE])),
        variants=_variants(work, items),
        wordings=_wordings(work, document.vendor_no, items),
        book=read_price_book(work, document.pay_to_vendor_no, items),
        vat=vat_setups(work, pay_to.vat_business) if items and pay_to and pay_to.vat_business else {},
        terms=_terms(work, company, document, pay_to),
        today=work.today,
        in_transit=frozenset(work.session.scalars(select(Location.code).where(Location.is_in_transit))),
        dimensioned=frozenset(work.session.scalars(select(DefaultDimension.no).where(_BRINGS).distinct())),
    )


def entry_problems(entry: Entry, line: PurchaseLine, brought: Brought) -> list[Problem]:
    """Why a person may not enter this line, most fundamental first, and notices about it.

    `item_blocked` and `item_purchasing_blocked` (PU-20; on credit memos and return orders the second is only
    a notice), `variant_unknown`, `posting_group_missing` (PU-27), `quantity_precision`,
    `quantity_rounds_to_zero` (PU-22), `purchasing_code_conflict` (PU-106).
    """
    item = brought.item
    if item is None:
        return []
    problems = _blocked(entry, line, item)
    if line.drop_shipment and line.special_order:
        values = {"line": line.line_no}
        problems.append(
            Problem("purchasing_code_conflict", values, field="drop_shipment", line_no=line.line_no)
        )
    problems += _groups(line, item)
    problems += _quantity(line, item)
    return problems


def new_line(entry: Entry, draft: LineDraft, line_no: int) -> tuple[PurchaseLine, Brought]:
    """The row of a line to be made, with what its master record brings and the price that applies to it."""
    brought = entry.brought(draft.type, draft.no)
    document = entry.document
    text = draft.description if draft.description is not None else entry.describe(brought, draft.variant_code)
    line = PurchaseLine(
        line_no=line_no,
        type=draft.type.value,
        no=brought.no,
        description=text[:250],
        quantity=draft.quantity if draft.type != LineType.COMMENT else ZERO,
        unit=draft.unit or brought.unit,
        unit_cost=ZERO,
        discount_percent=draft.discount_percent or ZERO,
        vat_product=draft.vat_product or brought.vat_product,
        allow_invoice_discount=_discountable(draft, brought),
        own_invoice_discount=draft.own_invoice_discount,
        source_ref=draft.source_ref,
        proposal=draft.proposal,
        variant_code=draft.variant_code,
        location_code=_location(document, draft, brought),
        dimensions=draft.dimensions if draft.dimensions is not None else document.dimensions,
        is_system=draft.is_system,
        quantity_received=ZERO,
        quantity_invoiced=ZERO,
        expected_cost=ZERO,
        invoice_discount_invoiced=ZERO,
        over_receipt_code=draft.over_receipt_code,
        over_receipt_quantity=ZERO,
        order_date=draft.order_date or document.order_date,
        requested_receipt_date=draft.requested_receipt_date or document.requested_receipt_date,
        promised_receipt_date=draft.promised_receipt_date or document.promised_receipt_date,
        planned_receipt_date=draft.planned_receipt_date,
        expected_receipt_date=draft.expected_receipt_date or document.expected_receipt_date,
        receipt_no=draft.receipt_no,
        receipt_line_no=draft.receipt_line_no,
        order_no=draft.order_no,
        order_line_no=draft.order_line_no,
        source_no=draft.source_no,
        source_line_no=draft.source_line_no,
        applies_to_item_entry_no=draft.applies_to_item_entry_no,
        return_reason_code=draft.return_reason_code,
        purchasing_code=draft.purchasing_code,
        drop_shipment=draft.drop_shipment,
        special_order=draft.special_order,
        sales_order_no=draft.sales_order_no,
        sales_line_no=draft.sales_line_no,
    )
    line.units_per_unit = draft.units_per_unit or unit_factor(brought, line.unit)
    _put_first_price(entry, line, draft, brought)
    return line, brought


def unit_factor(brought: Brought, unit: str | None) -> Decimal:
    """Base units in one unit of the line; a unit that the item does not have counts as one until posting
    refuses it.
    """
    found = units_per_unit(brought.item, unit) if brought.item else None
    return found if found is not None else Decimal(1)


def put_searched_price(entry: Entry, line: PurchaseLine, *, only_quantity: bool) -> None:
    """Price and discount by the records, after item, variant, unit, quantity or currency changed (PU-48).

    When only the quantity changed and no record applies, the cost that is there stays (PU-46).
    """
    found = entry.search_price(line)
    if found is not None:
        line.unit_cost = found
    elif not only_quantity:
        line.unit_cost = entry.last_cost(line)
    percent = entry.search_discount(line)
    if percent or not only_quantity:
        line.discount_percent, line.discount_amount = percent, None


def put_price(line: PurchaseLine, price: Price) -> None:
    """Put cost and discount on a line."""
    line.unit_cost = price.unit_cost
    line.discount_percent = price.discount_percent
    line.discount_amount = price.discount_amount


def _discountable(draft: LineDraft, brought: Brought) -> bool:
    if draft.allow_invoice_discount is not None:
        return draft.allow_invoice_discount
    return brought.allow_invoice_discount


def _location(document: PurchaseDocument, draft: LineDraft, brought: Brought) -> str:
    if brought.item is None:
        return ""
    return draft.location_code if draft.location_code is not None else document.location_code or ""


def _put_first_price(entry: Entry, line: PurchaseLine, draft: LineDraft, brought: Brought) -> None:
    if draft.unit_cost is None and draft.amount is not None:
        put_price(line, price_for_amount(draft.quantity, draft.amount))
        return
    percent = draft.discount_percent or ZERO
    put_price(line, Price(round_to(draft.unit_cost or ZERO, UNIT_COST), percent, draft.discount_amount))
    if draft.unit_cost is not None or brought.item is None:
        return
    found = entry.search_price(line)
    line.unit_cost = found if found is not None else entry.last_cost(line)
    if draft.discount_percent is None and draft.discount_amount is None:
        line.discount_percent = entry.search_discount(line)


def _blocked(entry: Entry, line: PurchaseLine, item: Item) -> list[Problem]:
    variant = None
    if line.variant_code is not None:
        variant = entry.variants.get((item.item_no, line.variant_code))
        if variant is None:
            values = {"no": item.item_no, "variant": line.variant_code}
            return [Problem("variant_unknown", values, field="variant_code", line_no=line.line_no)]
    values = {"no": item.item_no, "variant": line.variant_code or ""}
    if item.blocked or (variant is not None and variant.blocked):
        return [Problem("item_blocked", values, field="no", line_no=line.line_no)]
    if item.purchasing_blocked or (variant is not None and variant.purchasing_blocked):
        if entry.kind in FOR_ORDERS:
            return [Problem("item_purchasing_blocked", values, field="no", line_no=line.line_no)]
        return [
            Problem("item_only_goes_back", values, field="no", line_no=line.line_no, severity="information")
        ]
    return []


def _groups(line: PurchaseLine, item: Item) -> list[Problem]:
    missing = None
    if not item.general_product:
        missing = "general_product"
    elif item.type == ItemType.INVENTORY and not item.inventory_group:
        missing = "inventory_group"
    if missing is None:
        return []
    values = {"group": Term(missing), "record": item.item_no}
    return [Problem("posting_group_missing", values, field="no", line_no=line.line_no)]


def _quantity(line: PurchaseLine, item: Item) -> list[Problem]:
    row = next((row for row in item.units if row.unit == line.unit), None)
    precision = row.rounding_precision if row else None
    if precision and line.quantity % precision != ZERO:
        values: dict[str, object] = {"quantity": line.quantity, "p": precision, "unit": line.unit or ""}
        return [Problem("quantity_precision", values, field="quantity", line_no=line.line_no)]
    if line.quantity != ZERO and base_quantity(line.quantity, line.units_per_unit) == ZERO:
        values = {"quantity": line.quantity, "unit": line.unit or item.unit, "base": item.unit}
        return [Problem("quantity_rounds_to_zero", values, field="quantity", line_no=line.line_no)]
    return []


def _terms(work: Work, company: Company, document: PurchaseDocument, pay_to: Vendor | None) -> PriceTerms:
    rate = document.exchange_rate
    if document.currency_code is not None and rate is None:
        on = document.posting_date or document.order_date or work.today
        rate = find_exchange_rate(work, document.currency_code, on)
    return PriceTerms(
        currency_code=document.currency_code,
        rate=rate,
        vendor_includes_vat=bool(pay_to and pay_to.prices_include_vat),
        document_includes_vat=document.prices_include_vat,
        precision=company.unit_amount_rounding,
    )


def _items(work: Work, numbers: list[str]) -> dict[str, Item]:
    if not numbers:
        return {}
    query = select(Item).where(Item.item_no.in_(numbers)).options(selectinload(Item.units))
    return {item.item_no: item for item in work.session.scalars(query)}


def _accounts(work: Work, numbers: list[str]) -> dict[str, Account]:
    if not numbers:
        return {}
    query = select(Account).where(Account.account_no.in_(numbers))
    return {account.account_no: account for account in work.session.scalars(query)}


def _charges(work: Work, numbers: list[str]) -> dict[str, ItemCharge]:
    if not numbers:
        return {}
    query = select(ItemCharge).where(ItemCharge.charge_no.in_(numbers))
    return {charge.charge_no: charge for charge in work.session.scalars(query)}


def _variants(work: Work, items: list[str]) -> dict[tuple[str, str], ItemVariant]:
    if not items:
        return {}
    query = select(ItemVariant).where(ItemVariant.item_no.in_(items))
    return {(variant.item_no, variant.code): variant for variant in work.session.scalars(query)}


def _wordings(work: Work, vendor_no: str | None, items: list[str]) -> dict[str, str]:
    """How the vendor words an item, as far as references in force today say."""
    if vendor_no is None or not items:
        return {}
    query = (
        select(ItemReference)
        .where(ItemReference.vendor_no == vendor_no, ItemReference.item_no.in_(items))
        .where(ItemReference.description.is_not(None))
        .order_by(ItemReference.id.desc())
    )
    return {
        row.item_no: row.description
        for row in work.session.scalars(query)
        if row.description
        and (row.starting_date is None or row.starting_date <= work.today)
        and (row.ending_date is None or row.ending_date >= work.today)
    }
