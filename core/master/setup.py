"""Setting up a company: everything that must be agreed before the first document, in one go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import delete

from core.database import Base
from core.master.accounts import Account, Control
from core.master.banks import BankAccount
from core.master.company import (
    AveragePeriod,
    Company,
    DiscountPosting,
    VatDateSource,
    find_company,
    get_company,
)
from core.master.currencies import Currency, ExchangeRate
from core.master.items import Item, ItemReference, ItemVariant, NewItem, new_item_rows
from core.master.number_series import NumberSeries, NumberSeriesLine, Purpose, SeriesUse
from core.master.payment_terms import PaymentTerms
from core.master.posting_groups import ANY, GeneralPostingSetup, InventoryPostingSetup, VendorPostingGroup
from core.master.prices import InvoiceDiscountTerms, PurchaseDiscount, PurchasePrice
from core.master.purchasing_setup import ItemCharge, Location, OverReceiptCode, Purchaser, ReturnReason
from core.master.vat import Calculation, VatPostingSetup, category_for
from core.master.vendors import NewVendor, normal_no, vendor_row
from core.work import Work


@dataclass(frozen=True, slots=True)
class CompanySettings:
    """The settings of `Company`, with the values of a new company. See there for the units."""

    name: str
    country_code: str = "NL"
    address: str | None = None
    post_code: str | None = None
    city: str | None = None
    vat_id: str | None = None
    legal_id: str | None = None
    gln: str | None = None
    phone: str | None = None
    email: str | None = None
    language: str = "en"
    time_zone: str = "Europe/Amsterdam"
    local_currency: str = "EUR"
    amount_rounding: Decimal = Decimal("0.01")
    unit_amount_rounding: Decimal = Decimal("0.00001")
    allow_posting_from: date | None = None
    allow_posting_to: date | None = None
    allow_vat_date_from: date | None = None
    allow_vat_date_to: date | None = None
    vat_date_source: str = VatDateSource.DOCUMENT_DATE.value
    discount_posting: str = DiscountPosting.ALL.value
    invoice_rounding_enabled: bool = False
    invoice_rounding_precision: Decimal = Decimal("0.01")
    prices_include_vat: bool = False
    max_vat_difference: Decimal = Decimal("0.02")
    nondeductible_in_item_cost: bool = True
    adjust_for_payment_discount: bool = False
    rounding_limit: Decimal = Decimal("0.02")
    vendor_document_no_mandatory: bool = True
    payment_discount_base: str = "incl_vat"
    payment_tolerance_percent: Decimal = Decimal(0)
    payment_tolerance_max: Decimal = Decimal(0)
    discount_grace_days: int = 0
    receipt_on_invoice: bool = True
    drop_shipment_sales_invoice_first: bool = True
    exact_cost_reversing_mandatory: bool = False
    debit_default_account: str | None = None
    credit_default_account: str | None = None
    automatic_cost_posting: bool = True
    automatic_cost_adjustment: str = "always"
    expected_cost_to_gl: bool = True
    average_cost_period: str = AveragePeriod.DAY.value
    prevent_negative: bool = True
    location_mandatory: bool = False
    return_shipment_on_credit_memo: bool = True
    receive_remainder: bool = True
    calculate_invoice_discount: bool = False
    invoice_discount_per_vat: bool = False
    account_quantity_one: bool = False
    copy_comments: bool = True
    copy_number_to_payment_reference: bool = False
    archive_quotes: str = "never"
    archive_orders: bool = False
    allow_deletion_before: date | None = None
    apply_between_currencies: bool = False
    check_posting_date: bool = False
    default_over_receipt_code: str | None = None
    no_posting_date: bool = False


@dataclass(frozen=True, slots=True)
class AccountSetup:
    """A G/L account. Direct posting is off exactly for control accounts unless said otherwise."""

    account_no: str
    name: str
    kind: str
    name_nl: str | None = None
    control: str = Control.NONE.value
    is_heading: bool = False
    blocked: bool = False
    direct_posting: bool = True
    general_product: str | None = None
    vat_product: str | None = None


@dataclass(frozen=True, slots=True)
class VendorGroupSetup:
    """The accounts of a vendor posting group."""

    code: str
    payables: str | None
    payment_discount: str | None = None
    payment_tolerance: str | None = None
    discount_tolerance: str | None = None
    invoice_rounding: str | None = None
    service_charge: str | None = None


@dataclass(frozen=True, slots=True)
class InventoryGroupSetup:
    """The stock accounts of an inventory group, by default at every location."""

    inventory_group: str
    inventory: str | None
    interim: str | None = None
    location_code: str = ANY


@dataclass(frozen=True, slots=True)
class GeneralSetup:
    """The accounts of a general product group, by default for every business group."""

    general_product: str
    general_business: str = ANY
    purchase: str | None = None
    purchase_credit_memo: str | None = None
    line_discount: str | None = None
    invoice_discount: str | None = None
    direct_cost_applied: str | None = None
    overhead_applied: str | None = None
    purchase_variance: str | None = None
    inventory_adjustment: str | None = None
    accrual_interim: str | None = None
    cogs: str | None = None
    cogs_interim: str | None = None
    sales: str | None = None
    blocked: bool = False


@dataclass(frozen=True, slots=True)
class VatSetup:
    """One VAT posting setup. `category` None is derived from calculation and percent (EN 16931)."""

    vat_business: str
    vat_product: str
    identifier: str
    percent: Decimal
    calculation: str = Calculation.NORMAL.value
    nondeductible_percent: Decimal = Decimal(0)
    input_account: str | None = None
    output_account: str | None = None
    reverse_account: str | None = None
    category: str | None = None
    blocked: bool = False


@dataclass(frozen=True, slots=True)
class RateSetup:
    """From a date on, `fcy` foreign units are worth `lcy` local ones."""

    from_date: date
    fcy: Decimal
    lcy: Decimal


@dataclass(frozen=True, slots=True)
class CurrencySetup:
    """A foreign currency with its rates."""

    code: str
    amount_rounding: Decimal = Decimal("0.01")
    realized_gain: str | None = None
    realized_loss: str | None = None
    unrealized_gain: str | None = None
    unrealized_loss: str | None = None
    rates: Sequence[RateSetup] = ()


@dataclass(frozen=True, slots=True)
class TermsSetup:
    """Payment terms as formulas (PU-55)."""

    code: str
    due_formula: str
    discount_formula: str | None = None
    discount_percent: Decimal = Decimal(0)
    description: str | None = None


@dataclass(frozen=True, slots=True)
class SeriesSetup:
    """A number series for one purpose."""

    purpose: Purpose
    code: str
    starting_no: str
    manual_nos: bool = False
    date_order: bool = False
    ending_no: str | None = None
    warning_no: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class BankSetup:
    """A bank account of the company; `currency_code` None is the local currency."""

    code: str
    account_no: str
    name: str | None = None
    currency_code: str | None = None
    iban: str | None = None
    bic: str | None = None


@dataclass(frozen=True, slots=True)
class ChargeSetup:
    """An item charge with its posting groups (PO-45)."""

    charge_no: str
    description: str
    general_product: str | None
    vat_product: str | None


@dataclass(frozen=True, slots=True)
class LocationSetup:
    """A place where goods lie (PU-29)."""

    code: str
    name: str
    is_in_transit: bool = False


@dataclass(frozen=True, slots=True)
class PurchaserSetup:
    """Who buys (PU-16)."""

    code: str
    name: str
    email: str | None = None


@dataclass(frozen=True, slots=True)
class OverReceiptSetup:
    """How much more than ordered may be received (PU-82)."""

    code: str
    description: str
    tolerance_percent: Decimal
    approval_required: bool = False


@dataclass(frozen=True, slots=True)
class ReturnReasonSetup:
    """Why goods go back (PU-142)."""

    code: str
    description: str
    location_code: str | None = None


@dataclass(frozen=True, slots=True)
class VariantSetup:
    """A variant of an item."""

    item_no: str
    code: str
    description: str


@dataclass(frozen=True, slots=True)
class PriceSetup:
    """A purchase price at a pay-to vendor; see `PurchasePrice`."""

    item_no: str
    vendor_no: str
    unit_cost: Decimal
    variant_code: str | None = None
    currency_code: str | None = None
    unit: str | None = None
    minimum_quantity: Decimal = Decimal(0)
    starting_date: date | None = None
    ending_date: date | None = None


@dataclass(frozen=True, slots=True)
class DiscountSetup:
    """A line discount at a pay-to vendor; see `PurchaseDiscount`."""

    item_no: str
    vendor_no: str
    percent: Decimal
    variant_code: str | None = None
    currency_code: str | None = None
    unit: str | None = None
    minimum_quantity: Decimal = Decimal(0)
    starting_date: date | None = None
    ending_date: date | None = None


@dataclass(frozen=True, slots=True)
class InvoiceDiscountSetup:
    """A band of invoice discount and service charge; see `InvoiceDiscountTerms`."""

    code: str
    minimum_amount: Decimal = Decimal(0)
    discount_percent: Decimal = Decimal(0)
    service_charge: Decimal = Decimal(0)
    currency_code: str | None = None


@dataclass(frozen=True, slots=True)
class CompanySetup:
    """All of a new company. Vendors and items in it count as approved: whoever sets up the books vouches.

    Customers are put by `core/sales/customers.py`.
    """

    company: CompanySettings
    accounts: Sequence[AccountSetup] = ()
    vendor_groups: Sequence[VendorGroupSetup] = ()
    inventory_groups: Sequence[InventoryGroupSetup] = ()
    general_posting: Sequence[GeneralSetup] = ()
    vat_posting: Sequence[VatSetup] = ()
    currencies: Sequence[CurrencySetup] = ()
    payment_terms: Sequence[TermsSetup] = ()
    vendors: Sequence[NewVendor] = ()
    items: Sequence[NewItem] = ()
    series: Sequence[SeriesSetup] = ()
    banks: Sequence[BankSetup] = ()
    charges: Sequence[ChargeSetup] = ()
    locations: Sequence[LocationSetup] = ()
    purchasers: Sequence[PurchaserSetup] = ()
    over_receipts: Sequence[OverReceiptSetup] = ()
    return_reasons: Sequence[ReturnReasonSetup] = ()
    variants: Sequence[VariantSetup] = ()
    prices: Sequence[PriceSetup] = ()
    discounts: Sequence[DiscountSetup] = ()
    invoice_discounts: Sequence[InvoiceDiscountSetup] = ()


def create_books(work: Work, setup: CompanySetup) -> Company:
    """Make a company out of nothing. Books that are already there make it a program error."""
    assert find_company(work) is None, "there are books already"
    work.session.add(Company(id=1, **asdict(setup.company)))
    for row in _agreed_rows(setup):
        work.session.add(row)
    for one in setup.series:
        _create_series(work, one)
    _put_vendors(work, setup.vendors)
    _put_items(work, setup.items)
    _put_prices(work, setup)
    return get_company(work)


def change_books(work: Work, setup: CompanySetup) -> Company:
    """Put the setup over the one that is there; what it does not name stays. Number series stay as they are.

    Nothing posted changes by it: entries keep the accounts and rates they were posted with.
    """
    company: Company = work.session.merge(Company(id=1, **asdict(setup.company)))
    for row in _agreed_rows(setup):
        work.session.merge(row)
    work.session.flush()
    _put_vendors(work, setup.vendors)
    _put_items(work, setup.items)
    _put_prices(work, setup)
    work.session.flush()
    work.session.expire_all()
    return company


def _agreed_rows(setup: CompanySetup) -> list[Base]:
    """The rows of everything but vendors, items and series, each after what it refers to."""
    rows: list[Base] = [_account_row(account) for account in setup.accounts]
    rows += [VendorPostingGroup(**asdict(group)) for group in setup.vendor_groups]
    rows += [InventoryPostingSetup(**asdict(group), blocked=False) for group in setup.inventory_groups]
    rows += [GeneralPostingSetup(**asdict(general)) for general in setup.general_posting]
    rows += [_vat_row(vat) for vat in setup.vat_posting]
    for currency in setup.currencies:
        fields = {name: value for name, value in asdict(currency).items() if name != "rates"}
        rows.append(Currency(**fields))
        rows += [ExchangeRate(currency_code=currency.code, **asdict(rate)) for rate in currency.rates]
    rows += [PaymentTerms(**asdict(terms), discount_on_credit_memos=False) for terms in setup.payment_terms]
    rows += [BankAccount(**asdict(bank) | {"name": bank.name or bank.code}) for bank in setup.banks]
    rows += [ItemCharge(**asdict(charge)) for charge in setup.charges]
    rows += [Location(**asdict(location), blocked=False) for location in setup.locations]
    rows += [Purchaser(**asdict(purchaser), privacy_blocked=False) for purchaser in setup.purchasers]
    rows += [OverReceiptCode(**asdict(code)) for code in setup.over_receipts]
    rows += [ReturnReason(**asdict(reason)) for reason in setup.return_reasons]
    return rows


def _account_row(account: AccountSetup) -> Account:
    fields = asdict(account)
    fields["direct_posting"] = account.direct_posting and account.control == Control.NONE
    return Account(**fields)


def _vat_row(vat: VatSetup) -> VatPostingSetup:
    return VatPostingSetup(
        vat_business=vat.vat_business,
        vat_product=vat.vat_product,
        identifier=vat.identifier,
        calculation=vat.calculation,
        percent=vat.percent,
        nondeductible_percent=vat.nondeductible_percent,
        input_account=vat.input_account,
        output_account=vat.output_account,
        reverse_account=vat.reverse_account,
        adjust_for_payment_discount=False,
        en16931_category=vat.category or category_for(vat.calculation, vat.percent).value,
        blocked=vat.blocked,
    )


def _put_vendors(work: Work, vendors: Sequence[NewVendor]) -> None:
    """Vendors who are paid for others come first, because cards refer to them."""
    for new in sorted(vendors, key=lambda one: one.pay_to_vendor_no is not None):
        assert new.vendor_no is not None, f"{new.name} needs a number in a setup"
        work.session.merge(vendor_row(work, normal_no(new.vendor_no), new, restricted=False))
        work.session.flush()


def _put_items(work: Work, items: Sequence[NewItem]) -> None:
    for new in items:
        item, catalogue, references = new_item_rows(new)
        existing = work.session.get(Item, item.item_no)
        if existing is not None:
            item.unit_cost, item.last_direct_cost = existing.unit_cost, existing.last_direct_cost
        work.session.merge(item)
        for row in catalogue:
            work.session.merge(row)
        work.session.execute(
            delete(ItemReference).where(
                ItemReference.item_no == item.item_no, ItemReference.vendor_no.is_not(None)
            )
        )
        work.session.add_all(references)
        work.session.flush()


def _put_prices(work: Work, setup: CompanySetup) -> None:
    """Prices and discounts take the place of those of the same item and vendor, bands of the same code."""
    for variant in setup.variants:
        work.session.merge(ItemVariant(**asdict(variant), blocked=False, purchasing_blocked=False))
    for table, rows in ((PurchasePrice, setup.prices), (PurchaseDiscount, setup.discounts)):
        for item_no, vendor_no in {(row.item_no, row.vendor_no) for row in rows}:
            work.session.execute(delete(table).where(table.item_no == item_no, table.vendor_no == vendor_no))
        work.session.add_all([table(**asdict(row)) for row in rows])
    for code in {row.code for row in setup.invoice_discounts}:
        work.session.execute(delete(InvoiceDiscountTerms).where(InvoiceDiscountTerms.code == code))
    work.session.add_all([InvoiceDiscountTerms(**asdict(row)) for row in setup.invoice_discounts])
    work.session.flush()


def _create_series(work: Work, setup: SeriesSetup) -> None:
    work.session.add(
        NumberSeries(
            code=setup.code,
            description=setup.description,
            default_nos=True,
            manual_nos=setup.manual_nos,
            date_order=setup.date_order,
        )
    )
    work.session.flush()
    work.session.add(
        NumberSeriesLine(
            series_code=setup.code,
            line_no=1,
            starting_no=setup.starting_no,
            ending_no=setup.ending_no,
            warning_no=setup.warning_no,
            increment=1,
        )
    )
    work.session.add(SeriesUse(purpose=setup.purpose.value, series_code=setup.code))
    work.session.flush()
