"""To whom the demo company sells: two customers, and an order whose goods can go to one of them directly."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from core.sales.customers import (
    CustomerGroupSetup,
    NewCustomer,
    NewShipTo,
    PurchasingCodeSetup,
    SalesSetup,
)
from core.sales.document import SalesDocument, SalesKind, SalesLineType
from core.sales.drafts import SalesDraft, SalesLineDraft, create_sales
from core.work import Work


def demo_sales_setup() -> SalesSetup:
    """Customers with their addresses, and the codes that say how a sale is bought for (PU-104, PU-106)."""
    return SalesSetup(
        customer_groups=(CustomerGroupSetup("TRADE", receivables="1400"),),
        customers=(
            NewCustomer(
                name="Jansen Installatietechniek B.V.",
                customer_no="20010",
                address="Ambachtsweg 14",
                post_code="3542 DH",
                city="Utrecht",
                country_code="NL",
                posting_group="TRADE",
                general_business="NL",
                vat_business="NL",
                payment_terms="30D",
                addresses=(NewShipTo("SITE", "Building site", "Havenkade 3", "3511 EX", "Utrecht", "NL"),),
            ),
            NewCustomer(
                name="Molenaar Machinebouw",
                customer_no="20020",
                address="Industrieweg 61",
                post_code="7521 PE",
                city="Enschede",
                country_code="NL",
                posting_group="TRADE",
                general_business="NL",
                vat_business="NL",
                payment_terms="14D",
            ),
        ),
        purchasing_codes=(
            PurchasingCodeSetup("DROP", "Straight from the vendor to the customer", drop_shipment=True),
            PurchasingCodeSetup("SPECIAL", "Bought for one customer", special_order=True),
        ),
    )


def create_demo_sales(work: Work) -> SalesDocument:
    """An order of which one line waits to be bought and sent on directly. Needs the demo books."""
    return create_sales(
        work,
        SalesDraft(
            "20010",
            work.today,
            SalesKind.ORDER,
            lines=(
                SalesLineDraft(
                    SalesLineType.ITEM,
                    "1000",
                    quantity=Decimal(24),
                    unit_price=Decimal("7.95"),
                    purchasing_code="DROP",
                    requested_delivery_date=work.today + timedelta(days=14),
                ),
                SalesLineDraft(SalesLineType.ITEM, "1010", quantity=Decimal(6), unit_price=Decimal("12.50")),
            ),
        ),
    )
