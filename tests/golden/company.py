"""The setup of a golden case as a company of the product."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from core.database import Base
from core.master.banks import BankAccount
from core.master.items import NewItem
from core.master.number_series import Purpose
from core.master.posting_groups import ANY
from core.master.purchasing_setup import ItemCharge
from core.master.setup import (
    AccountSetup,
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
    change_books,
)
from core.master.vendors import NewVendor
from core.sales.document import Customer, CustomerPostingGroup
from core.work import Work
from tests.books import Books

PREFIXES = {
    Purpose.VENDOR: "V",
    Purpose.INVOICE: "I",
    Purpose.CREDIT_MEMO: "C",
    Purpose.POSTED_INVOICE: "PI",
    Purpose.RECEIPT: "R",
    Purpose.POSTED_CREDIT_MEMO: "PC",
    Purpose.RETURN_SHIPMENT: "RS",
    Purpose.PAYMENT: "P",
    Purpose.QUOTE: "Q",
    Purpose.ORDER: "O",
    Purpose.RETURN_ORDER: "RO",
    Purpose.CUSTOMER: "K",
    Purpose.SALES_ORDER: "SO",
    Purpose.SALES_INVOICE: "SI",
    Purpose.SALES_SHIPMENT: "SS",
    Purpose.POSTED_SALES_INVOICE: "PS",
    Purpose.ITEM_JOURNAL: "IJ",
}


def create_company(books: Books, setup: Mapping[str, Any]) -> None:
    """Make the company of a case."""
    books.create(company_setup(setup))
    with books.work() as work:
        _put(work, _further_rows(setup))


def change_company(work: Work, setup: Mapping[str, Any]) -> None:
    """Put the changed setup of a case over the one that is there."""
    change_books(work, company_setup(setup))
    _put(work, _further_rows(setup))


def company_setup(setup: Mapping[str, Any]) -> CompanySetup:
    """Translate the setup keys of a case."""
    return CompanySetup(
        company=_settings(setup["company"]),
        accounts=[_account(no, row) for no, row in setup["accounts"].items()],
        vendor_groups=[_vendor_group(code, row) for code, row in setup["vendor_posting_groups"].items()],
        inventory_groups=[
            InventoryGroupSetup(code, row["inventory"], row["interim"])
            for code, row in setup["inventory_posting_groups"].items()
        ],
        general_posting=[_general(product, row) for product, row in setup["general_posting"].items()],
        vat_posting=[
            _vat(business, product, row)
            for business, products in setup["vat_posting"].items()
            for product, row in products.items()
        ],
        currencies=[_currency(code, row) for code, row in setup["currencies"].items()],
        payment_terms=[_terms(code, row) for code, row in setup["payment_terms"].items()],
        vendors=[_vendor(no, row) for no, row in setup["vendors"].items()],
        items=[_item(no, row) for no, row in setup["items"].items()],
        series=[SeriesSetup(use, use.value.upper(), f"{prefix}-00001") for use, prefix in PREFIXES.items()],
    )


def _put(work: Work, rows: Sequence[Base]) -> None:
    for row in rows:
        work.session.merge(row)
        work.session.flush()


def _further_rows(setup: Mapping[str, Any]) -> list[Base]:
    """What the setup of a company does not cover: the bank accounts, the charges and who buys from us."""
    local = setup["company"]["local_currency"]
    return [
        *(
            BankAccount(code=code, name=code, account_no=row["account"], currency_code=_foreign(row, local))
            for code, row in setup["banks"].items()
        ),
        *(
            ItemCharge(charge_no=no, description=f"Charge {no}", **row)
            for no, row in setup["item_charges"].items()
        ),
        *(CustomerPostingGroup(code=code, **row) for code, row in setup["customer_posting_groups"].items()),
        *(_customer(no, row, local) for no, row in setup["customers"].items()),
    ]


def _foreign(row: Mapping[str, Any], local: str) -> str | None:
    currency: str | None = row.get("currency")
    return None if currency == local else currency


def _customer(no: str, row: Mapping[str, Any], local: str) -> Customer:
    return Customer(
        customer_no=no,
        name=f"Customer {no}",
        posting_group=row["posting_group"],
        vat_business=row["vat_business"],
        payment_terms=row["terms"],
        currency_code=_foreign(row, local),
        blocked=row.get("blocked", "none"),
    )


def _settings(company: Mapping[str, Any]) -> CompanySettings:
    vat, payables = company["vat"], company["payables"]
    purchasing, inventory = company["purchasing"], company["inventory"]
    tolerance = payables["payment_tolerance"]
    return CompanySettings(
        name="Standard",
        local_currency=company["local_currency"],
        amount_rounding=company["amount_rounding"],
        unit_amount_rounding=company["unit_amount_rounding"],
        allow_posting_from=company["allow_posting_from"],
        allow_posting_to=company["allow_posting_to"],
        discount_posting=company["discount_posting"],
        invoice_rounding_enabled=company["invoice_rounding"]["enabled"],
        invoice_rounding_precision=company["invoice_rounding"]["precision"],
        prices_include_vat=company["prices_include_vat"],
        max_vat_difference=vat["max_difference"],
        nondeductible_in_item_cost=vat["nondeductible_in_item_cost"],
        adjust_for_payment_discount=vat["adjust_for_payment_discount"],
        rounding_limit=Decimal(0),  # the cases know no rounding limit: every difference is refused
        vendor_document_no_mandatory=payables["vendor_document_no_mandatory"],
        payment_discount_base=payables["payment_discount_base"],
        payment_tolerance_percent=Decimal(tolerance["percent"]),
        payment_tolerance_max=Decimal(tolerance["max_amount"]),
        discount_grace_days=tolerance["discount_grace_days"],
        receipt_on_invoice=purchasing["receipt_on_invoice"],
        drop_shipment_sales_invoice_first=purchasing["drop_shipment_sales_invoice_first"],
        exact_cost_reversing_mandatory=purchasing["exact_cost_reversing_mandatory"],
        automatic_cost_posting=inventory["automatic_cost_posting"],
        automatic_cost_adjustment=inventory["automatic_cost_adjustment"],
        expected_cost_to_gl=inventory["expected_cost_to_gl"],
        average_cost_period=inventory["average_cost_period"],
        prevent_negative=inventory["prevent_negative"],
    )


def _account(no: str, row: Mapping[str, Any]) -> AccountSetup:
    return AccountSetup(
        account_no=no,
        name=row["name"],
        kind=row["kind"],
        control=row.get("control", "none"),
        blocked=row.get("blocked", False),
        general_product=row.get("general_product"),
        vat_product=row.get("vat_product"),
    )


def _vendor_group(code: str, row: Mapping[str, Any]) -> VendorGroupSetup:
    return VendorGroupSetup(code, **row)


def _general(product: str, row: Mapping[str, Any]) -> GeneralSetup:
    accounts = {name: value for name, value in row.items() if name != "business"}
    return GeneralSetup(product, row.get("business", ANY), **accounts)


def _vat(business: str, product: str, row: Mapping[str, Any]) -> VatSetup:
    return VatSetup(
        vat_business=business,
        vat_product=product,
        identifier=row["id"],
        percent=Decimal(row["percent"]),
        calculation=row["calc"],
        nondeductible_percent=Decimal(row.get("nondeductible_percent", 0)),
        input_account=row.get("input"),
        output_account=row.get("output"),
        reverse_account=row.get("reverse"),
    )


def _currency(code: str, row: Mapping[str, Any]) -> CurrencySetup:
    return CurrencySetup(
        code,
        amount_rounding=row["amount_rounding"],
        realized_gain=row["realized_gain"],
        realized_loss=row["realized_loss"],
        unrealized_gain=row["unrealized_gain"],
        unrealized_loss=row["unrealized_loss"],
        rates=[RateSetup(r["from"], Decimal(r["fcy"]), Decimal(r["lcy"])) for r in row["rates"]],
    )


def _terms(code: str, row: Mapping[str, Any]) -> TermsSetup:
    return TermsSetup(
        code,
        f"{row['due_days']}D",
        f"{row['discount_days']}D" if "discount_days" in row else None,
        Decimal(row.get("discount_percent", 0)),
    )


def _vendor(no: str, row: Mapping[str, Any]) -> NewVendor:
    return NewVendor(
        name=f"Vendor {no}",
        vendor_no=no,
        posting_group=row["posting_group"],
        vat_business=row["vat_business"],
        payment_terms=row["terms"],
        currency_code=row.get("currency"),
        pay_to_vendor_no=row.get("pay_to"),
        prices_include_vat=row.get("prices_include_vat", False),
        blocked=row.get("blocked", "none"),
    )


def _item(no: str, row: Mapping[str, Any]) -> NewItem:
    return NewItem(
        item_no=no,
        description=f"Item {no}",
        type=row["type"],
        unit=row["base_uom"],
        general_product=row["general_product"],
        vat_product=row["vat_product"],
        inventory_group=row.get("inventory_group"),
        costing=row.get("costing", "fifo"),
        standard_cost=Decimal(row.get("standard_cost", 0)),
        blocked=row.get("blocked", False),
        units=[(unit, Decimal(factor)) for unit, factor in row.get("uoms", {}).items()],
    )
