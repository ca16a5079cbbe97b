"""Sales in a few words: only what matters to a test is said."""

from datetime import date
from decimal import Decimal
from typing import Any

from core.sales.customers import NewCustomer, NewShipTo, PurchasingCodeSetup, SalesSetup, put_sales_setup
from core.sales.document import SalesKind, SalesLineType
from core.sales.drafts import SalesDraft, SalesLineDraft, create_sales
from tests.books import Books

FEBRUARY_2 = date(2026, 2, 2)
HARBOUR = NewShipTo("HARBOUR", "Harbour shed", "Kade 1", "3011 AA", "Rotterdam", "NL")


def sold(quantity: str = "1", unit_price: str = "30", item: str = "I-FIFO", **more: Any) -> SalesLineDraft:
    """Pieces of an item at a price."""
    return SalesLineDraft(
        SalesLineType.ITEM, item, quantity=Decimal(quantity), unit_price=Decimal(unit_price), **more
    )


def charged(amount: str, account: str = "8000", vat: str = "H") -> SalesLineDraft:
    """An amount on an account."""
    return SalesLineDraft(SalesLineType.ACCOUNT, account, unit_price=Decimal(amount), vat_product=vat)


def remark(text: str = "Mind the step") -> SalesLineDraft:
    """A comment line."""
    return SalesLineDraft(SalesLineType.COMMENT, description=text)


def order(
    *lines: SalesLineDraft, customer: str | None = "C-NL", on: date = FEBRUARY_2, **more: Any
) -> SalesDraft:
    """A sales order."""
    return SalesDraft(customer, on, SalesKind.ORDER, lines=lines, **more)


def invoice(
    *lines: SalesLineDraft, customer: str | None = "C-NL", on: date = FEBRUARY_2, **more: Any
) -> SalesDraft:
    """A sales invoice."""
    return SalesDraft(customer, on, SalesKind.INVOICE, lines=lines, **more)


def make_sale(books: Books, draft: SalesDraft) -> int:
    """Make the document and return its id."""
    with books.work() as work:
        return create_sales(work, draft).id


def sales_setup() -> SalesSetup:
    """A second customer with two addresses, and the two purchasing codes."""
    return SalesSetup(
        customers=(
            NewCustomer(
                name="Haven BV",
                customer_no="C-2",
                posting_group="DOM",
                vat_business="NL",
                addresses=(HARBOUR, NewShipTo("SHOP", "Shop")),
            ),
        ),
        purchasing_codes=(
            PurchasingCodeSetup("DROP", "Straight to the customer", drop_shipment=True),
            PurchasingCodeSetup("SPECIAL", "Bought for one customer", special_order=True),
        ),
    )


def set_up_sales(books: Books) -> None:
    """Put the customer and the codes of `sales_setup` in the books."""
    with books.work() as work:
        put_sales_setup(work, sales_setup())
