"""Every table of the product: importing this module makes the metadata complete."""

from __future__ import annotations

from core import outbox
from core.database import Base
from core.ledgers import general, item, register, vat, vendor
from core.master import (
    accounts,
    company,
    currencies,
    items,
    number_series,
    payment_terms,
    posting_groups,
    users,
    vendors,
)
from core.master import vat as vat_setup
from core.purchasing import document, posted
from pipeline import incoming

MODULES = (
    accounts,
    company,
    currencies,
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
    register,
    users,
    vat,
    vat_setup,
    vendor,
    vendors,
)
METADATA = Base.metadata
