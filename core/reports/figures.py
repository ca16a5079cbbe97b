"""The figures of the home page, read from the entries in one snapshot (PO §8.1, PO-181)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import func, select

from core.ledgers.item import ValueEntry
from core.ledgers.vendor import DetailedVendorEntry, VendorEntry
from core.money import ZERO, total
from core.work import Work

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class CountAmount:
    """How many, and what they come to in local currency."""

    count: int = 0
    amount: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class HomeFigures:
    """Amounts in local currency, positive when owed or bought. An entry due today is not overdue.

    `oldest_overdue` is the earliest due date that has passed. Purchases are net, credit memos deducted.
    """

    open_invoices: CountAmount
    overdue: CountAmount
    oldest_overdue: date | None
    due_next_week: CountAmount
    on_hold: CountAmount
    purchases_this_month: Decimal
    purchases_last_month: Decimal
    purchases_this_month_last_year: Decimal
    inventory_value: Decimal


@dataclass(frozen=True, slots=True)
class OpenInvoice:
    """A posted invoice that is not settled: what is left of it in local currency, positive when owed."""

    due_date: date
    on_hold: bool
    amount: Decimal


def home_figures(work: Work) -> HomeFigures:
    """All tiles for today."""
    entries = open_invoices(work)
    overdue = [entry for entry in entries if entry.due_date < work.today]
    this_month = work.today.replace(day=1)
    last_month = (this_month - timedelta(days=1)).replace(day=1)
    year_ago = this_month.replace(year=this_month.year - 1)
    return HomeFigures(
        open_invoices=_summed(entries),
        overdue=_summed(overdue),
        oldest_overdue=min((entry.due_date for entry in overdue), default=None),
        due_next_week=_summed(e for e in entries if work.today <= e.due_date <= work.today + WEEK),
        on_hold=_summed(entry for entry in entries if entry.on_hold),
        purchases_this_month=_purchases(work, this_month),
        purchases_last_month=_purchases(work, last_month),
        purchases_this_month_last_year=_purchases(work, year_ago),
        inventory_value=_inventory_value(work),
    )


def open_invoices(work: Work) -> list[OpenInvoice]:
    """Every open invoice, with what its detailed entries leave of it."""
    rows = work.session.execute(
        select(VendorEntry.due_date, VendorEntry.on_hold, func.sum(DetailedVendorEntry.amount_lcy))
        .join(DetailedVendorEntry, DetailedVendorEntry.vendor_entry_no == VendorEntry.entry_no)
        .where(VendorEntry.open, VendorEntry.document_type == "invoice")
        .group_by(VendorEntry.entry_no, VendorEntry.due_date, VendorEntry.on_hold)
    )
    return [OpenInvoice(due_date, bool(on_hold), -amount) for due_date, on_hold, amount in rows]


def _summed(entries: Iterable[OpenInvoice]) -> CountAmount:
    amounts = [entry.amount for entry in entries]
    return CountAmount(len(amounts), total(amounts))


def _purchases(work: Work, month: date) -> Decimal:
    """Net of what was invoiced minus credited in the month that begins on this date."""
    following = (month + timedelta(days=31)).replace(day=1)
    amount = work.session.scalar(
        select(func.sum(VendorEntry.purchase_lcy)).where(
            VendorEntry.posting_date >= month, VendorEntry.posting_date < following
        )
    )
    return -(amount or ZERO)


def _inventory_value(work: Work) -> Decimal:
    """Actual plus expected cost of all stock up to today."""
    value = work.session.scalar(
        select(func.sum(ValueEntry.cost_actual + ValueEntry.cost_expected)).where(
            ValueEntry.posting_date <= work.today
        )
    )
    return value or ZERO
