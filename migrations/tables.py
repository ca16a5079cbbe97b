"""Every table of the product: importing this module makes the metadata complete."""

from __future__ import annotations

from core import outbox
from core.costing import balance
from core.database import Base
from core.ledgers import bank, customer, general, item, register, vat, vendor
from core.master import (
    accounts,
    banks,
    company,
    currencies,
    dimensions,
    items,
    number_series,
    payment_terms,
    posting_groups,
    prices,
    purchasing_setup,
    users,
    vendors,
)
from core.master import vat as vat_setup
from core.purchasing import archive, attachments, document, posted, recurring
from core.sales import document as sales_document
from pipeline import incoming

MODULES = (
    accounts,
    archive,
    attachments,
    balance,
    bank,
    banks,
    company,
    currencies,
    customer,
    dimensions,
    document,
    general,
    incoming,
    item,
    items,
    number_series,
    outbox,
    payment_terms,
    posted,
    posting_groups,
    prices,
    purchasing_setup,
    recurring,
    register,
    sales_document,
    users,
    vat,
    vat_setup,
    vendor,
    vendors,
)
METADATA = Base.metadata
