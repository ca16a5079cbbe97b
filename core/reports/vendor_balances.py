"""What is owed to each vendor, what of it is overdue, and what was bought in a year."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from sqlalchemy import func, select

from core.ledgers.vendor import DetailedVendorEntry, VendorEntry
from core.money import ZERO
from core.work import Work

ONE_YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class VendorBalance:
    """In local currency. `balance` and `overdue` are positive when something is owed."""

    balance: Decimal = ZERO
    overdue: Decimal = ZERO
    bought_in_a_year: Decimal = ZERO


def vendor_balances(work: Work, vendor_nos: Collection[str]) -> Mapping[str, VendorBalance]:
    """The balances of these pay-to vendors today; a vendor without entries has zeros."""
    balance = _sums(work, vendor_nos, is_overdue=False)
    overdue = _sums(work, vendor_nos, is_overdue=True)
    purchases = (
        select(VendorEntry.vendor_no, func.sum(VendorEntry.purchase_lcy))
        .where(VendorEntry.vendor_no.in_(vendor_nos), VendorEntry.posting_date > work.today - ONE_YEAR)
        .group_by(VendorEntry.vendor_no)
    )
    bought = {no: abs(amount or ZERO) for no, amount in work.session.execute(purchases)}
    return {
        no: VendorBalance(-balance.get(no, ZERO), -overdue.get(no, ZERO), bought.get(no, ZERO))
        for no in vendor_nos
    }


def _sums(work: Work, vendor_nos: Collection[str], *, is_overdue: bool) -> dict[str, Decimal]:
    query = (
        select(DetailedVendorEntry.vendor_no, func.sum(DetailedVendorEntry.amount_lcy))
        .join(VendorEntry, VendorEntry.entry_no == DetailedVendorEntry.vendor_entry_no)
        .where(DetailedVendorEntry.vendor_no.in_(vendor_nos), VendorEntry.open)
        .group_by(DetailedVendorEntry.vendor_no)
    )
    if is_overdue:
        query = query.where(VendorEntry.due_date < work.today)
    return {no: amount or ZERO for no, amount in work.session.execute(query)}
