"""The books of the Dutch demo company: what the first start creates from `inkoop/samples/company.py`."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from core.master.accounts import Control
from core.master.company import find_company
from core.master.items import NewItem
from core.master.number_series import Purpose
from core.master.setup import (
    AccountSetup,
    BankSetup,
    ChargeSetup,
    CompanySettings,
    CompanySetup,
    CurrencySetup,
    GeneralSetup,
    InventoryGroupSetup,
    RateSetup,
    SeriesSetup,
    TermsSetup,
    VatSetup,
    VendorGroupSetup,
    create_books,
)
from core.master.vendors import NewVendor
from core.sales.customers import put_sales_setup
from core.work import Work
from inkoop.samples.company import COMPANY, ITEMS, VENDORS, DemoItem, DemoVendor
from inkoop.samples.sales import demo_sales_setup

UNCODED = "4900"
"""Where a cost goes that nobody coded yet."""

_PURPOSES = {
    "Freight": "4310",
    "Surcharges": "4320",
    "Electricity": "4510",
    "Canteen": "4620",
    "Storage": "4330",
    "Cleaning": "4520",
    "Subcontracting": "4340",
}
_RATES_FROM = date(2020, 1, 1)
_ITEM_GROUPS = {"inventory": "GOODS", "service": "SERVICES", "non_inventory": "SERVICES"}

ACCOUNTS = (
    AccountSetup("1100", "Bank", "balance", "Bank"),
    AccountSetup("1300", "Inventory", "balance", "Voorraad", control=Control.INVENTORY.value),
    AccountSetup(
        "1310",
        "Inventory, not invoiced yet",
        "balance",
        "Voorraad, nog niet gefactureerd",
        control=Control.INVENTORY_INTERIM.value,
    ),
    AccountSetup("1400", "Trade receivables", "balance", "Debiteuren", control=Control.CUSTOMERS.value),
    AccountSetup("1500", "VAT to claim", "balance", "Te vorderen btw", control=Control.VAT.value),
    AccountSetup("1510", "VAT payable, reverse charge", "balance", "Btw verlegd", control=Control.VAT.value),
    AccountSetup("1520", "VAT payable on sales", "balance", "Af te dragen btw", control=Control.VAT.value),
    AccountSetup("1600", "Trade payables", "balance", "Crediteuren", control=Control.VENDORS.value),
    AccountSetup("1620", "Received, not invoiced", "balance", "Ontvangen, niet gefactureerd"),
    AccountSetup("2000", "Share capital", "balance", "Aandelenkapitaal"),
    AccountSetup("4000", "COSTS", "income", "KOSTEN", is_heading=True),
    AccountSetup("4310", "Freight in", "income", "Vrachtkosten inkoop"),
    AccountSetup("4320", "Purchase surcharges", "income", "Inkooptoeslagen"),
    AccountSetup("4330", "Storage", "income", "Opslagkosten"),
    AccountSetup("4340", "Subcontracted work", "income", "Uitbesteed werk"),
    AccountSetup("4350", "Transport services", "income", "Transportdiensten"),
    AccountSetup("4510", "Electricity", "income", "Elektriciteit"),
    AccountSetup("4520", "Cleaning", "income", "Schoonmaak"),
    AccountSetup("4530", "Maintenance", "income", "Onderhoud"),
    AccountSetup("4610", "Office supplies", "income", "Kantoorbenodigdheden"),
    AccountSetup("4620", "Canteen", "income", "Kantine"),
    AccountSetup("4630", "Telephone and internet", "income", "Telefoon en internet"),
    AccountSetup("4640", "Software and subscriptions", "income", "Software en abonnementen"),
    AccountSetup("4700", "Other general costs", "income", "Overige algemene kosten"),
    AccountSetup("4900", "Purchases to be coded", "income", "Nog te coderen inkopen"),
    AccountSetup("4910", "Payment discounts received", "income", "Betalingskortingen"),
    AccountSetup("4920", "Rounding differences", "income", "Afrondingsverschillen"),
    AccountSetup("7000", "Purchases of goods", "income", "Inkoop goederen"),
    AccountSetup("7010", "Direct cost applied", "income", "Toegerekende inkoopkosten"),
    AccountSetup("7020", "Line discounts on purchases", "income", "Regelkortingen inkoop"),
    AccountSetup("7030", "Invoice discounts on purchases", "income", "Factuurkortingen inkoop"),
    AccountSetup("7040", "Purchase price variance", "income", "Inkoopprijsverschillen"),
    AccountSetup("7050", "Inventory adjustments", "income", "Voorraadcorrecties"),
    AccountSetup("7100", "Cost of goods sold", "income", "Kostprijs verkopen"),
    AccountSetup(
        "7110", "Cost of goods shipped, not invoiced", "income", "Kostprijs verzonden, niet gefactureerd"
    ),
    AccountSetup("8000", "Sales of goods", "income", "Omzet goederen"),
    AccountSetup("8010", "Sales of services", "income", "Omzet diensten"),
)


def demo_setup() -> CompanySetup:
    """The whole of the demo company."""
    return CompanySetup(
        company=CompanySettings(
            name=COMPANY.name,
            country_code=COMPANY.address.country_code,
            address=COMPANY.address.street,
            post_code=COMPANY.address.postal_code,
            city=COMPANY.address.city,
            vat_id=COMPANY.vat_id,
            legal_id=COMPANY.legal_id,
            phone=COMPANY.phone,
            email=COMPANY.email,
            local_currency=COMPANY.currency_code,
            debit_default_account=UNCODED,
            credit_default_account=UNCODED,
        ),
        accounts=[_taxed(account) for account in ACCOUNTS],
        vendor_groups=(
            VendorGroupSetup("TRADE", payables="1600", payment_discount="4910", invoice_rounding="4920"),
        ),
        inventory_groups=(InventoryGroupSetup("GOODS", inventory="1300", interim="1310"),),
        general_posting=(_general("GOODS", "7000"), _general("SERVICES", "4350"), _general("COSTS", "4900")),
        vat_posting=_vat(),
        currencies=(_currency("USD", "1.16"), _currency("GBP", "0.88"), _currency("CHF", "0.93")),
        payment_terms=[
            TermsSetup(f"{days}D", f"{days}D", description=f"{days} days")
            for days in (0, 8, 14, 21, 30, 45, 60)
        ],
        vendors=[_vendor(card) for card in VENDORS],
        items=[_item(item) for item in ITEMS],
        banks=(BankSetup("BANK", "1100", "Bank"),),
        charges=(ChargeSetup("FREIGHT", "Vrachtkosten", general_product="GOODS", vat_product="H"),),
        series=_series(),
    )


def create_demo_books(work: Work) -> bool:
    """Make the demo company; False, and nothing is done, when there are books already."""
    if find_company(work) is not None:
        return False
    create_books(work, demo_setup())
    put_sales_setup(work, demo_sales_setup())
    return True


def _taxed(account: AccountSetup) -> AccountSetup:
    """A cost account carries the high rate and the general group of costs; a person may choose otherwise."""
    if account.kind != "income" or account.is_heading:
        return account
    vat_product = "Z" if account.account_no == "4920" else "H"
    return AccountSetup(
        account.account_no,
        account.name,
        account.kind,
        account.name_nl,
        general_product="COSTS",
        vat_product=vat_product,
    )


def _general(product: str, purchase: str) -> GeneralSetup:
    return GeneralSetup(
        product,
        purchase=purchase,
        purchase_credit_memo=purchase,
        line_discount="7020",
        invoice_discount="7030",
        direct_cost_applied="7010",
        purchase_variance="7040",
        inventory_adjustment="7050",
        accrual_interim="1620",
        cogs="7100",
        cogs_interim="7110",
        sales="8010" if product == "SERVICES" else "8000",
    )


def _vat() -> list[VatSetup]:
    rates = (("H", Decimal(21)), ("L", Decimal(9)), ("Z", Decimal(0)))
    domestic = [
        VatSetup("NL", product, f"NL-{product}", percent, input_account="1500", output_account="1520")
        for product, percent in rates
    ]
    foreign = [
        VatSetup(
            "EU",
            product,
            f"EU-{product}",
            percent,
            calculation="reverse_charge",
            input_account="1500",
            reverse_account="1510",
            category="K",
        )
        for product, percent in rates
    ]
    return [*domestic, *foreign]


def _currency(code: str, per_euro: str) -> CurrencySetup:
    return CurrencySetup(code, rates=(RateSetup(_RATES_FROM, Decimal(per_euro), Decimal(1)),))


def _vendor(card: DemoVendor) -> NewVendor:
    purpose = card.expenses[0].purpose if card.expenses else None
    return NewVendor(
        name=card.name,
        vendor_no=card.no,
        address=card.address.street,
        post_code=card.address.postal_code,
        city=card.address.city,
        country_code=card.address.country_code,
        vat_id=card.vat_id,
        legal_id=card.legal_id,
        phone=card.phone,
        email=card.email,
        language=card.language,
        iban=card.iban,
        bic=card.bic,
        posting_group="TRADE",
        general_business=card.vat_business_group,
        vat_business=card.vat_business_group,
        currency_code=None if card.currency_code == COMPANY.currency_code else card.currency_code,
        payment_terms=f"{card.payment_terms_days}D",
        default_account=_PURPOSES.get(purpose or ""),
    )


def _item(item: DemoItem) -> NewItem:
    group = _ITEM_GROUPS[item.type]
    return NewItem(
        item_no=item.no,
        description=item.description,
        type=item.type,
        unit=item.unit,
        general_product=group,
        vat_product=item.vat_product_group,
        inventory_group="GOODS" if item.type == "inventory" else None,
        unit_cost=item.unit_cost,
        vendor_items=[(sold.vendor_no, sold.vendor_item_no, sold.description) for sold in item.vendor_items],
    )


def _series() -> list[SeriesSetup]:
    return [
        SeriesSetup(Purpose.VENDOR, "VENDOR", "10400"),
        SeriesSetup(Purpose.INVOICE, "INVOICE", "INV-26-00001"),
        SeriesSetup(Purpose.CREDIT_MEMO, "CREDIT", "CRM-26-00001"),
        SeriesSetup(Purpose.POSTED_INVOICE, "PINV", "PI-26-00001"),
        SeriesSetup(Purpose.POSTED_CREDIT_MEMO, "PCRM", "PC-26-00001"),
        SeriesSetup(Purpose.QUOTE, "QUOTE", "RFQ-26-00001"),
        SeriesSetup(Purpose.ORDER, "ORDER", "PO-26-00001"),
        SeriesSetup(Purpose.RETURN_ORDER, "RETURNORD", "RO-26-00001"),
        SeriesSetup(Purpose.RECEIPT, "RECEIPT", "GR-26-00001"),
        SeriesSetup(Purpose.RETURN_SHIPMENT, "RETURN", "RS-26-00001"),
        SeriesSetup(Purpose.CUSTOMER, "CUSTOMER", "20100"),
        SeriesSetup(Purpose.SALES_ORDER, "SORDER", "SO-26-00001"),
        SeriesSetup(Purpose.SALES_INVOICE, "SINVOICE", "SI-26-00001"),
        SeriesSetup(Purpose.SALES_SHIPMENT, "SSHIP", "SS-26-00001"),
        SeriesSetup(Purpose.POSTED_SALES_INVOICE, "PSINV", "PS-26-00001"),
        SeriesSetup(Purpose.PAYMENT, "PAYMENT", "PAY-26-00001"),
        SeriesSetup(Purpose.ITEM_JOURNAL, "ITEMJNL", "IJ-26-00001"),
    ]
