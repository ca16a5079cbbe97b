"""Everything that posting a document looks up, read once under the locks that keep it true."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property

from sqlalchemy import bindparam, exists, func, inspect, select
from sqlalchemy.orm import selectinload
from sqlalchemy.orm.attributes import set_committed_value

from core.costing.movement import StockKey
from core.costing.stock import StockFacts, StockNeeds, read_stock
from core.ledgers.application import find_entry_of
from core.ledgers.vendor import VendorEntry, find_vendor_document
from core.master.accounts import Account, list_accounts
from core.master.company import Company, VatDateSource, get_company
from core.master.currencies import Currency, find_currency, find_exchange_rate
from core.master.items import Item, ItemVariant
from core.master.number_series import Purpose, share_series
from core.master.payment_terms import PaymentDates, PaymentTerms, find_payment_terms, payment_dates
from core.master.posting_groups import (
    ANY,
    GeneralPostingSetup,
    InventoryPostingSetup,
    VendorPostingGroup,
    find_vendor_group,
    general_setups,
    inventory_setups,
)
from core.master.purchasing_setup import ItemCharge, Purchaser, closed_until
from core.master.vat import Calculation, VatPostingSetup, vat_setups
from core.master.vendors import Vendor, find_vendor, normal_no
from core.money import ZERO
from core.posting.amounts import Amounts, Stated, Tolerance, settle
from core.posting.application import ApplicationSetup, Target, entry_targets, read_setup
from core.posting.drop_sales import DropSale, read_drop_sales
from core.posting.selection import (
    RunLine,
    Selection,
    invoice_discount_part,
    run_lines,
    selected,
    typed_discount,
)
from core.purchasing.charges import Assigned, read_assigned
from core.purchasing.document import (
    DocumentKind,
    LineType,
    PurchaseApplication,
    PurchaseComment,
    PurchaseDocument,
    PurchaseLine,
    PurchaseVatAmount,
)
from core.purchasing.mirrored import repeated_rounding
from core.purchasing.received import Received, received_for_order, received_lines
from core.purchasing.returns import Reversal, read_linked, read_reversals
from core.purchasing.totals import (
    DocumentTotals,
    LineTotals,
    TotalsHeader,
    TotalsLine,
    VatTerms,
    compute_totals,
)
from core.work import Work

UNKNOWN_VAT = VatTerms("?", Calculation.NORMAL, ZERO)
OrderLineKey = tuple[str, int]
_HAS_CHILDREN = select(
    *(
        exists().where(child.document_id == bindparam("document"))
        for child in (PurchaseVatAmount, PurchaseApplication, PurchaseComment)
    )
)
_SERIES = {
    DocumentKind.INVOICE: (Purpose.INVOICE, Purpose.POSTED_INVOICE),
    DocumentKind.CREDIT_MEMO: (Purpose.CREDIT_MEMO, Purpose.POSTED_CREDIT_MEMO),
}


@dataclass(frozen=True)
class Facts:
    """A document and all that its posting depends on. Reading it changes nothing.

    `runs` are the lines that can carry an amount, with what this run takes of them; `billed` those that the
    bill has, and `amounts.totals.lines` go with them. `order_totals` is the whole order added up at its own
    prices, for expected cost and shares of discounts (PO-88, PU-54); it goes with `runs`. `rate` is local
    units per unit of the document's currency, 1 for the local currency, None when there is none;
    `receipt_rate` the same for goods received now (PO-51). `vat` holds the setups of the pay-to vendor's VAT
    business group by product. `received` are open receipts of the order's lines, `receipts` the posted
    receipt lines that lines of the document name, `orders` the order lines that those came from. `stock` is
    the stock that moves or is revalued, `assigned` where the lines of item charges go, by line number;
    `reversals` what the lines of a cancellation undo. `targets` are the vendor entries that the bill settles,
    `cancels_entry_no` the one that it takes back as a whole (PU-124). `drop_sales` are the sales orders that
    ship with what is received, None when it is they that make it be received (PU-111).
    """

    company: Company
    document: PurchaseDocument
    selection: Selection
    runs: tuple[RunLine, ...]
    billed: tuple[RunLine, ...]
    amounts: Amounts
    order_totals: DocumentTotals | None
    vendor: Vendor | None
    pay_to: Vendor | None
    purchaser: Purchaser | None
    vendor_group: VendorPostingGroup | None
    accounts: Mapping[str, Account]
    items: Mapping[str, Item]
    variants: Mapping[tuple[str, str], ItemVariant]
    charges: Mapping[str, ItemCharge]
    assigned: Mapping[int, tuple[Assigned, ...]]
    general: Mapping[tuple[str, str], GeneralPostingSetup]
    inventory: Mapping[tuple[str, str], InventoryPostingSetup]
    vat: Mapping[str, VatPostingSetup]
    rate: Decimal | None
    receipt_rate: Decimal | None
    max_vat_difference: Decimal
    received: tuple[Received, ...]
    receipts: Mapping[tuple[str, int], Received]
    orders: Mapping[OrderLineKey, PurchaseLine]
    closed_until: date | None
    stock: StockFacts | None
    dates: PaymentDates | None
    same_number: VendorEntry | None
    reversals: Mapping[int, Reversal]
    targets: tuple[Target, ...]
    application_setup: ApplicationSetup | None
    cancels_entry_no: int | None
    repeat_count: int
    keeps_number: bool
    comments: tuple[PurchaseComment, ...]
    drop_sales: tuple[DropSale, ...] | None

    @property
    def kind(self) -> DocumentKind:
        """What the document is."""
        return DocumentKind(self.document.kind)

    @property
    def is_credit_memo(self) -> bool:
        """Whether every sign of an invoice is turned: credit memos and return orders (PO-110)."""
        return self.kind.goes_back

    @property
    def sign(self) -> int:
        """-1 when goods and money go back, else 1."""
        return -1 if self.is_credit_memo else 1

    @property
    def bill_kind(self) -> DocumentKind:
        """What an invoicing run posts: an order an invoice, a return order a credit memo."""
        return DocumentKind.CREDIT_MEMO if self.is_credit_memo else DocumentKind.INVOICE

    @property
    def bills(self) -> bool:
        """Whether this run posts an invoice or credit memo."""
        if not self.kind.posts_in_parts:
            return True
        return self.selection.invoice and bool(self.billed)

    @property
    def due_date(self) -> date | None:
        """When the bill falls due; a credit memo without a date on its document date (PU-56)."""
        return self.document.due_date or (self.document.document_date if self.is_credit_memo else None)

    def totals_of(self, run: RunLine) -> LineTotals | None:
        """The amounts of a line on the bill; None when the bill does not have it."""
        return self.billed_totals.get(run.line_no)

    @cached_property
    def billed_totals(self) -> Mapping[int, LineTotals]:
        """The amounts of the bill by line number."""
        numbers = (run.line_no for run in self.billed)
        return dict(zip(numbers, self.amounts.totals.lines, strict=False))

    def order_line(self, run: RunLine) -> PurchaseLine | None:
        """The line of the order, if that still exists, whose receipt a line of the bill takes (PU-96)."""
        if run.line.receipt_no is None or run.line.order_no is None or run.line.order_line_no is None:
            return None
        return self.orders.get((run.line.order_no, run.line.order_line_no))

    @property
    def lines(self) -> tuple[PurchaseLine, ...]:
        """The lines on the bill, in the order of `amounts.totals.lines`."""
        return tuple(run.line for run in self.billed)

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

    def charge(self, line: PurchaseLine) -> ItemCharge | None:
        """The item charge of a charge line."""
        return self.charges.get(line.no) if line.type == LineType.CHARGE and line.no else None

    def general_product(self, line: PurchaseLine) -> str | None:
        """The general product group of a line's item, charge or account."""
        master = self.item(line) or self.charge(line) or self.account(line)
        return master.general_product if master else None

    def general_setup(self, general_product: str | None) -> GeneralPostingSetup | None:
        """The general setup of the pay-to vendor's business group, else the one for any (PO-30)."""
        if general_product is None:
            return None
        business = (self.pay_to.general_business if self.pay_to else None) or ANY
        return self.general.get((business, general_product)) or self.general.get((ANY, general_product))

    def inventory_setup(self, location: str, inventory_group: str | None) -> InventoryPostingSetup | None:
        """The stock accounts of an inventory group at a location, else those for any (PO-31)."""
        if inventory_group is None:
            return None
        return self.inventory.get((location, inventory_group)) or self.inventory.get((ANY, inventory_group))


@dataclass(frozen=True, slots=True)
class Masters:
    """Items with their units, and vendors, that this transaction has locked and read for all documents."""

    items: Mapping[str, Item]
    vendors: Mapping[str, Vendor]


NO_MASTERS = Masters({}, {})


@dataclass(frozen=True, slots=True)
class _VatSetups:
    """Reads the VAT setups of a business group, for `Work.once`."""

    vat_business: str

    def __call__(self, work: Work) -> dict[str, VatPostingSetup]:
        return vat_setups(work, self.vat_business)


@dataclass(frozen=True, slots=True)
class _Terms:
    """Reads payment terms, for `Work.once`."""

    code: str | None

    def __call__(self, work: Work) -> PaymentTerms | None:
        return find_payment_terms(work, self.code)


def read_facts(
    work: Work,
    document: PurchaseDocument,
    selection: Selection | None = None,
    *,
    locked: bool = False,
    masters: Masters = NO_MASTERS,
) -> Facts:
    """Look everything up for this document, set by set.

    With `locked` what must stay true until the commit is locked on the way, in the order of PO-161: linked
    orders and receipts, items by number, vendor; `masters` are locked already and not read again.
    """
    company = get_company(work)
    comments = _read_children(work, document)
    asked = selected(document, selection)
    runs = run_lines(document, asked)
    receipts = _receipts(work, document, runs, locked=locked)
    received = _received(work, document, runs, locked=locked)
    assigned = read_assigned(work, [run.line for run in runs if run.invoice != ZERO])
    items = _items(work, runs, assigned, masters, locked=locked)
    vendor, pay_to = _vendors(work, document, masters, locked=locked)
    group = find_vendor_group(work, pay_to.posting_group) if pay_to and pay_to.posting_group else None
    vat = work.once(_VatSetups(pay_to.vat_business)) if pay_to and pay_to.vat_business else {}
    accounts = {account.account_no: account for account in work.once(list_accounts)}
    currency = find_currency(work, document.currency_code) if document.currency_code else None
    tolerance = _tolerance(currency, company, _rounding_terms(group, accounts, vat))
    tolerance = replace(tolerance, repeated=repeated_rounding(work, document))
    header = _totals_header(document, currency, company)
    order_totals = _order_totals(document, header, runs, vat)
    billed = _billed(document, runs)
    rate = _rate(work, document)
    same_number = _same_number(work, document) if asked.invoice else None
    reversals = read_reversals(work, document)
    needs = _stock_needs(document, runs, items, [*received, *receipts.lines.values()], assigned)
    needs = _with_named(work, needs, runs, reversals)
    applied = [(row.vendor_entry_no, row.amount) for row in document.applications]
    return Facts(
        company=company,
        document=document,
        selection=asked,
        runs=runs,
        billed=billed,
        amounts=_amounts(document, header, _billed_lines(runs, billed, order_totals, vat, header), tolerance),
        order_totals=order_totals,
        vendor=vendor,
        pay_to=pay_to,
        purchaser=work.session.get(Purchaser, document.purchaser_code) if document.purchaser_code else None,
        vendor_group=group,
        accounts=accounts,
        items=items,
        variants=_variants(work, runs),
        charges=_charges(work, runs),
        assigned=assigned,
        general=work.once(general_setups),
        inventory=work.once(inventory_setups),
        vat=vat,
        rate=rate,
        receipt_rate=_receipt_rate(work, document, rate),
        max_vat_difference=tolerance.max_vat_difference,
        received=received,
        receipts=receipts.lines,
        orders=receipts.orders,
        closed_until=work.once(closed_until),
        stock=read_stock(work, company, needs, items) if needs.stocks or needs.entries else None,
        dates=_dates(work, document),
        same_number=same_number,
        reversals=reversals,
        targets=entry_targets(work, applied) if applied and asked.invoice else (),
        application_setup=read_setup(work, document.currency_code) if applied else None,
        cancels_entry_no=_cancels_entry(work, document),
        repeat_count=_repeat_count(work, document, same_number),
        keeps_number=_keeps_number(work, document),
        comments=comments if company.copy_comments else (),
        drop_sales=tuple(read_drop_sales(work, runs, document.posting_date, locked=locked)),
    )


@dataclass(frozen=True, slots=True)
class _Receipts:
    """The receipt lines that a bill names and the order lines that these came from."""

    lines: Mapping[tuple[str, int], Received]
    orders: Mapping[OrderLineKey, PurchaseLine]


def _receipts(work: Work, document: PurchaseDocument, runs: Sequence[RunLine], *, locked: bool) -> _Receipts:
    """Orders first, then their receipts, each by number (PO-161)."""
    keys = {
        (run.line.receipt_no, run.line.receipt_line_no)
        for run in runs
        if run.line.receipt_no is not None and run.line.receipt_line_no is not None
    }
    if not keys:
        return _Receipts({}, {})
    kind = DocumentKind.RETURN_ORDER if document.kind == DocumentKind.CREDIT_MEMO else DocumentKind.ORDER
    order_nos = sorted({run.line.order_no for run in runs if run.line.receipt_no and run.line.order_no})
    return _Receipts(
        orders=_order_lines(work, kind, order_nos, locked=locked),
        lines=received_lines(work, keys, locked=locked),
    )


def _order_lines(
    work: Work, kind: DocumentKind, order_nos: Sequence[str], *, locked: bool
) -> dict[OrderLineKey, PurchaseLine]:
    query = (
        select(PurchaseDocument)
        .where(PurchaseDocument.kind == kind.value, PurchaseDocument.document_no.in_(order_nos))
        .order_by(PurchaseDocument.document_no)
        .options(selectinload(PurchaseDocument.lines))
        .execution_options(populate_existing=True)
    )
    orders = work.session.scalars(query.with_for_update() if locked else query)
    return {(order.document_no, line.line_no): line for order in orders for line in order.lines}


def _received(
    work: Work, document: PurchaseDocument, runs: Sequence[RunLine], *, locked: bool
) -> tuple[Received, ...]:
    kind = DocumentKind(document.kind)
    if not kind.posts_in_parts:
        return ()
    wanted = [run.line_no for run in runs if ZERO not in (run.invoice, run.line.quantity_received)]
    found = received_for_order(work, document.document_no, wanted, is_return=kind.goes_back, locked=locked)
    return tuple(found)


def _vendors(
    work: Work, document: PurchaseDocument, masters: Masters, *, locked: bool
) -> tuple[Vendor | None, Vendor | None]:
    """Buy-from and pay-to vendor. Foreign keys do not wait for the lock: others go on making drafts."""
    held = masters.vendors.get(document.pay_to_vendor_no or "")
    if held is not None and document.vendor_no == held.vendor_no:
        return held, held
    if locked and document.pay_to_vendor_no is not None:
        query = select(Vendor).where(Vendor.vendor_no == document.pay_to_vendor_no)
        locking = query.with_for_update(key_share=True).execution_options(populate_existing=True)
        pay_to = work.session.scalar(locking)
        return pay_to if document.vendor_no == document.pay_to_vendor_no else find_vendor(
            work, document.vendor_no
        ), pay_to
    return find_vendor(work, document.vendor_no), find_vendor(work, document.pay_to_vendor_no)


def _billed(document: PurchaseDocument, runs: Sequence[RunLine]) -> tuple[RunLine, ...]:
    """The lines of the bill: all of a document that posts whole, of an order what is invoiced now."""
    if not DocumentKind(document.kind).posts_in_parts:
        return tuple(runs)
    return tuple(run for run in runs if run.invoice != ZERO)


def _order_totals(
    document: PurchaseDocument,
    header: TotalsHeader,
    runs: Sequence[RunLine],
    vat: Mapping[str, VatPostingSetup],
) -> DocumentTotals | None:
    if not DocumentKind(document.kind).posts_in_parts:
        return None
    rows = [
        TotalsLine(
            quantity=run.line.quantity,
            unit_cost=run.line.unit_cost,
            vat=_vat_terms(vat, run.line),
            discount_percent=run.line.discount_percent,
            discount_amount=run.line.discount_amount,
            allow_invoice_discount=run.line.allow_invoice_discount,
        )
        for run in runs
    ]
    return compute_totals(replace(header, vat_amounts={}), rows)


def _billed_lines(
    runs: Sequence[RunLine],
    billed: Sequence[RunLine],
    order_totals: DocumentTotals | None,
    vat: Mapping[str, VatPostingSetup],
    header: TotalsHeader,
) -> list[TotalsLine]:
    whole = (
        {}
        if order_totals is None
        else dict(zip((run.line_no for run in runs), order_totals.lines, strict=True))
    )
    rows = []
    for run in billed:
        own = run.line.own_invoice_discount
        if run.line_no in whole:
            own = invoice_discount_part(run, whole[run.line_no].invoice_discount, header.precision)
        rows.append(
            TotalsLine(
                quantity=run.invoice,
                unit_cost=run.unit_cost,
                vat=_vat_terms(vat, run.line),
                discount_percent=run.line.discount_percent,
                discount_amount=typed_discount(run, header.precision),
                allow_invoice_discount=run.line.allow_invoice_discount,
                invoice_discount=own,
            )
        )
    return rows


def _vat_terms(vat: Mapping[str, VatPostingSetup], line: PurchaseLine) -> VatTerms:
    """How a line is taxed; without a VAT setup: not at all, and the checks name it."""
    setup = vat.get(line.vat_product) if line.vat_product else None
    if setup is None:
        return UNKNOWN_VAT
    return VatTerms(setup.identifier, Calculation(setup.calculation), setup.percent)


def _totals_header(document: PurchaseDocument, currency: Currency | None, company: Company) -> TotalsHeader:
    return TotalsHeader(
        prices_include_vat=document.prices_include_vat,
        invoice_discount_percent=document.invoice_discount_percent,
        invoice_discount_amount=document.invoice_discount_amount,
        vat_amounts={row.vat_identifier: row.amount for row in document.vat_amounts},
        precision=currency.amount_rounding if currency else company.amount_rounding,
    )


def _amounts(
    document: PurchaseDocument, header: TotalsHeader, rows: Sequence[TotalsLine], tolerance: Tolerance
) -> Amounts:
    stated = Stated(document.total_gross_stated, document.total_vat_stated)
    return settle(header, rows, stated, tolerance)


def _rounding_terms(
    group: VendorPostingGroup | None, accounts: Mapping[str, Account], vat: Mapping[str, VatPostingSetup]
) -> VatTerms | None:
    """How a rounding line is taxed: by its account's group, which must carry no VAT; else it cannot be."""
    account = accounts.get(group.invoice_rounding) if group and group.invoice_rounding else None
    setup = vat.get(account.vat_product) if account and account.vat_product else None
    if setup is None or setup.percent != ZERO or setup.calculation == Calculation.FULL:
        return None
    return VatTerms(setup.identifier, Calculation.NORMAL, ZERO)


def _tolerance(currency: Currency | None, company: Company, rounding_terms: VatTerms | None) -> Tolerance:
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


def _receipt_rate(work: Work, document: PurchaseDocument, rate: Decimal | None) -> Decimal | None:
    """The rate of the day on which goods come in; a rate typed for the bill is that of the bill (PO-51)."""
    if document.currency_code is None or document.posting_date is None or document.exchange_rate is None:
        return rate
    return find_exchange_rate(work, document.currency_code, document.posting_date) or rate


def _dates(work: Work, document: PurchaseDocument) -> PaymentDates | None:
    if document.document_date is None:
        return None
    terms = work.once(_Terms(document.payment_terms))
    return payment_dates(terms, document.document_date, is_credit=DocumentKind(document.kind).goes_back)


def _same_number(work: Work, document: PurchaseDocument) -> VendorEntry | None:
    if document.vendor_document_key is None or document.pay_to_vendor_no is None:
        return None
    kind = DocumentKind.CREDIT_MEMO if DocumentKind(document.kind).goes_back else DocumentKind.INVOICE
    return find_vendor_document(work, document.pay_to_vendor_no, kind, document.vendor_document_key)


def _repeat_count(work: Work, document: PurchaseDocument, same: VendorEntry | None) -> int:
    """A number that the vendor really uses again counts on, once a second person has agreed (PU-172)."""
    if same is None or not document.repeat_reason or not document.repeat_approved_by:
        return 0
    latest = work.session.scalar(
        select(func.max(VendorEntry.repeat_count)).where(
            VendorEntry.vendor_no == same.vendor_no,
            VendorEntry.document_type == same.document_type,
            VendorEntry.vendor_document_key == same.vendor_document_key,
        )
    )
    return (latest or 0) + 1


def _keeps_number(work: Work, document: PurchaseDocument) -> bool:
    """Whether the draft's series is the posting series too (PU-37); an order never keeps its number."""
    purposes = _SERIES.get(DocumentKind(document.kind))
    return purposes is not None and share_series(work, *purposes)


def _read_children(work: Work, document: PurchaseDocument) -> tuple[PurchaseComment, ...]:
    """The comments of a document. What few documents have is asked for in one go, and read if it is there."""
    found = work.session.execute(_HAS_CHILDREN, {"document": document.id}).one()
    vat_amounts, applications, comments = (bool(each) for each in found)
    unloaded = inspect(document).unloaded
    if not vat_amounts and "vat_amounts" in unloaded:
        set_committed_value(document, "vat_amounts", [])
    if not applications and "applications" in unloaded:
        set_committed_value(document, "applications", [])
    if not comments:
        return ()
    query = select(PurchaseComment).where(PurchaseComment.document_id == document.id)
    return tuple(work.session.scalars(query.order_by(PurchaseComment.id)))


def _items(
    work: Work,
    runs: Sequence[RunLine],
    assigned: Mapping[int, Sequence[Assigned]],
    masters: Masters,
    *,
    locked: bool,
) -> dict[str, Item]:
    """The items of the lines and those that charges go to, by number."""
    lines = [run.line for run in runs]
    wanted = {normal_no(line.no) for line in lines if line.type == LineType.ITEM and line.no}
    wanted |= {entry.item_no for rows in assigned.values() for row in rows for entry in row.entries}
    numbers = sorted(wanted)
    if masters.items.keys() >= wanted:
        return {item_no: masters.items[item_no] for item_no in numbers}
    query = (
        select(Item)
        .where(Item.item_no.in_(numbers))
        .order_by(Item.item_no)
        .options(selectinload(Item.units))
        .execution_options(populate_existing=True)
    )
    rows = work.session.scalars(query.with_for_update(key_share=True) if locked else query)
    return {item.item_no: item for item in rows}


def _variants(work: Work, runs: Sequence[RunLine]) -> dict[tuple[str, str], ItemVariant]:
    keys = {
        (normal_no(run.line.no), run.line.variant_code)
        for run in runs
        if run.line.no and run.line.variant_code
    }
    if not keys:
        return {}
    numbers = sorted({item_no for item_no, _ in keys})
    rows = work.session.scalars(select(ItemVariant).where(ItemVariant.item_no.in_(numbers)))
    return {(row.item_no, row.code): row for row in rows if (row.item_no, row.code) in keys}


def _charges(work: Work, runs: Sequence[RunLine]) -> dict[str, ItemCharge]:
    numbers = sorted({run.line.no for run in runs if run.line.type == LineType.CHARGE and run.line.no})
    if not numbers:
        return {}
    rows = work.session.scalars(select(ItemCharge).where(ItemCharge.charge_no.in_(numbers)))
    return {row.charge_no: row for row in rows}


def _stock_needs(
    document: PurchaseDocument,
    runs: Sequence[RunLine],
    items: Mapping[str, Item],
    received: Iterable[Received],
    assigned: Mapping[int, Sequence[Assigned]],
) -> StockNeeds:
    """The stocks that move, and the entries that are invoiced, charged or taken back."""
    stocks: set[StockKey] = set()
    losing: set[StockKey] = set()
    entries: set[int] = set()
    sign = -1 if DocumentKind(document.kind).goes_back else 1
    for run in runs:
        item = items.get(normal_no(run.line.no)) if run.line.type == LineType.ITEM and run.line.no else None
        if item is None or not run.is_posted:
            continue
        stocks.add(stock_key(item, run.line))
        if run.receive * sign < ZERO:
            losing.add(stock_key(item, run.line))
    entries |= {row.item_entry_no for row in received if row.item_entry_no is not None}
    entries |= {entry.entry_no for rows in assigned.values() for row in rows for entry in row.entries}
    return StockNeeds(
        on=document.posting_date or date.max,
        stocks=frozenset(stocks),
        gaining=frozenset(stocks - losing),
        entries=frozenset(entries),
    )


def _with_named(
    work: Work, needs: StockNeeds, runs: Sequence[RunLine], reversals: Mapping[int, Reversal]
) -> StockNeeds:
    """What is taken back too; an entry that a line names in error is left to the checks."""
    named = {run.line.applies_to_item_entry_no for run in runs if run.line.applies_to_item_entry_no}
    named = set(read_linked(work, {number for number in named if number is not None}))
    for reversal in reversals.values():
        named |= {moved.entry_no for moved in reversal.moved}
        named |= {charged.entry_no for charged in reversal.charged}
    return replace(needs, entries=needs.entries | named)


def _cancels_entry(work: Work, document: PurchaseDocument) -> int | None:
    """The vendor entry of the document that this one takes back as a whole."""
    if not document.is_cancellation or document.corrects_no is None:
        return None
    is_memo = document.kind == DocumentKind.CREDIT_MEMO
    corrected = DocumentKind.INVOICE if is_memo else DocumentKind.CREDIT_MEMO
    return find_entry_of(work, document.corrects_no, corrected.value)


def stock_key(item: Item, line: PurchaseLine) -> StockKey:
    """The stock that a line moves."""
    return StockKey(item.item_no, line.location_code or "", line.variant_code or "")
