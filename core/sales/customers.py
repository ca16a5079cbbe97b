"""Customers: to whom goods are sold on, and the addresses that they are sent to (PU-104)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import or_, select

from core.errors import refuse
from core.master.number_series import Purpose, find_series, number_for
from core.master.purchasing_setup import PurchasingCode
from core.master.vendors import MAX_NO, normal_no
from core.sales.document import Customer, CustomerBlock, CustomerPostingGroup, ShipToAddress
from core.work import Work


@dataclass(frozen=True, slots=True)
class NewShipTo:
    """Another place where a customer receives goods."""

    code: str
    name: str
    address: str | None = None
    post_code: str | None = None
    city: str | None = None
    country_code: str | None = None


@dataclass(frozen=True, slots=True)
class NewCustomer:
    """What is known of a customer to be registered. Without `customer_no` the series gives the number."""

    name: str
    customer_no: str | None = None
    address: str | None = None
    post_code: str | None = None
    city: str | None = None
    country_code: str | None = None
    vat_id: str | None = None
    posting_group: str | None = None
    general_business: str | None = None
    vat_business: str | None = None
    payment_terms: str | None = None
    currency_code: str | None = None
    blocked: str = CustomerBlock.NONE.value
    addresses: Sequence[NewShipTo] = ()


@dataclass(frozen=True, slots=True)
class CustomerGroupSetup:
    """The account of a customer posting group (PO-31)."""

    code: str
    receivables: str | None


@dataclass(frozen=True, slots=True)
class PurchasingCodeSetup:
    """A purchasing code: what it asks for on a sales line (PU-106)."""

    code: str
    description: str
    drop_shipment: bool = False
    special_order: bool = False


@dataclass(frozen=True, slots=True)
class SalesSetup:
    """All that a company agrees on before its first sale."""

    customer_groups: Sequence[CustomerGroupSetup] = ()
    customers: Sequence[NewCustomer] = ()
    purchasing_codes: Sequence[PurchasingCodeSetup] = ()


def put_sales_setup(work: Work, setup: SalesSetup) -> None:
    """Put the setup over the one that is there; what it does not name stays.

    Refuses with `purchasing_code_conflict` a code that asks for both.
    """
    for group in setup.customer_groups:
        work.session.merge(CustomerPostingGroup(**asdict(group)))
    for code in setup.purchasing_codes:
        if code.drop_shipment and code.special_order:
            raise refuse("purchasing_code_conflict", field="code", line=code.code)
        work.session.merge(PurchasingCode(**asdict(code)))
    work.session.flush()
    for new in setup.customers:
        assert new.customer_no is not None, f"{new.name} needs a number in a setup"
        work.session.merge(_customer_row(normal_no(new.customer_no), new))
    work.session.flush()


def create_customer(work: Work, new: NewCustomer) -> Customer:
    """Register a customer under the next number, or a typed one that is free.

    Refuses with `customer_exists`, `manual_no_not_allowed` and what the series refuses (PU-8 for customers).
    """
    customer = _customer_row(_number(work, new.customer_no), new)
    work.session.add(customer)
    work.session.flush()
    return customer


def find_customer(work: Work, customer_no: str | None) -> Customer | None:
    """The customer with this number."""
    return work.session.get(Customer, normal_no(customer_no)) if customer_no else None


def get_customer(work: Work, customer_no: str) -> Customer:
    """The customer with this number. Refuses with `customer_not_found`."""
    found = find_customer(work, customer_no)
    if found is None:
        raise refuse("customer_not_found", field="customer_no", no=customer_no)
    return found


def find_customers(work: Work, text: str = "", limit: int = 50) -> list[Customer]:
    """Customers whose number, name or city contains `text`, by number."""
    query = select(Customer).order_by(Customer.customer_no).limit(limit)
    wanted = text.strip()
    if wanted:
        columns = (Customer.customer_no, Customer.name, Customer.city)
        query = query.where(or_(*(column.icontains(wanted, autoescape=True) for column in columns)))
    return list(work.session.scalars(query))


def find_ship_to(customer: Customer, code: str | None) -> ShipToAddress | None:
    """The customer's address with this code; no code is the address on the card, which has no row."""
    return next((address for address in customer.addresses if address.code == code), None)


def _number(work: Work, typed: str | None) -> str:
    if not typed:
        return number_for(work, Purpose.CUSTOMER, work.today)
    series = find_series(work, Purpose.CUSTOMER)
    if series is not None and not series.manual_nos:
        raise refuse("manual_no_not_allowed", field="customer_no", series=series.code)
    number = normal_no(typed)[:MAX_NO]
    if find_customer(work, number) is not None:
        raise refuse("customer_exists", field="customer_no", no=number)
    return number


def _customer_row(customer_no: str, new: NewCustomer) -> Customer:
    fields = {name: value for name, value in asdict(new).items() if name not in ("customer_no", "addresses")}
    customer = Customer(customer_no=customer_no, **fields)
    customer.addresses = [
        ShipToAddress(**{**asdict(address), "customer_no": customer_no, "code": address.code.strip().upper()})
        for address in new.addresses
    ]
    return customer
