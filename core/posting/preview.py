"""What a posting would write, row by row, before it is written (PU-178)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.errors import Problem


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One G/L entry to come; one of `debit` and `credit` is zero. `line_no` None: the whole document."""

    account_no: str
    account_name: str
    account_name_nl: str | None
    description: str
    debit: Decimal
    credit: Decimal
    line_no: int | None


@dataclass(frozen=True, slots=True)
class PreviewVatRow:
    """One VAT entry to come, in local currency."""

    vat_business: str
    vat_product: str
    identifier: str
    percent: Decimal
    base: Decimal
    amount: Decimal
    nondeductible_base: Decimal
    nondeductible_amount: Decimal


@dataclass(frozen=True, slots=True)
class PreviewVendorRow:
    """The vendor entry to come; negative is owed. In the document's and in local currency."""

    vendor_no: str
    vendor_name: str
    due_date: date
    currency_code: str | None
    amount: Decimal
    amount_lcy: Decimal


@dataclass(frozen=True, slots=True)
class PreviewItemRow:
    """One movement to come, in base units."""

    item_no: str
    description: str
    quantity: Decimal
    line_no: int | None


@dataclass(frozen=True, slots=True)
class PreviewValueRow:
    """One change of stock value to come, in local currency."""

    item_no: str
    kind: str
    quantity: Decimal
    cost: Decimal
    line_no: int | None


@dataclass(frozen=True, slots=True)
class Preview:
    """The problems, and the entries if there are no problems that keep them from being composed."""

    problems: tuple[Problem, ...] = ()
    general: tuple[PreviewRow, ...] = ()
    vat: tuple[PreviewVatRow, ...] = ()
    vendor: tuple[PreviewVendorRow, ...] = ()
    item: tuple[PreviewItemRow, ...] = ()
    value: tuple[PreviewValueRow, ...] = ()
