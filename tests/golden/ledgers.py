"""What is in the books, read straight from the tables: the runner does not trust the product's reports."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from core.database import Base
from core.ledgers.general import GLEntry
from core.ledgers.guards import APPEND_ONLY
from core.ledgers.item import ItemEntry, ValueEntry
from core.ledgers.vat import VatEntry
from core.ledgers.vendor import DetailedVendorEntry, VendorEntry
from core.master.accounts import Account
from core.master.number_series import NumberSeriesLine
from core.purchasing.posted import PostedDocument, PostedReceipt
from core.work import Work

Row = tuple[object, ...]
ZERO = Decimal(0)


@dataclass(frozen=True)
class Snapshot:
    """Everything that is posted, and the last number of every series and draft counter."""

    rows: Mapping[str, Mapping[Row, Row]]
    numbers: Mapping[str, str | None]
    states: Mapping[str, Mapping[Row, Row]]

    def last(self, table: str) -> int:
        """The last entry number of a ledger."""
        return max((int(str(key[0])) for key in self.rows[table]), default=0)


def snapshot(work: Work) -> Snapshot:
    """Read all append-only tables: immutable columns and state columns apart."""
    rows: dict[str, dict[Row, Row]] = {}
    states: dict[str, dict[Row, Row]] = {}
    for name, may_change in APPEND_ONLY.items():
        table = Base.metadata.tables[name]
        keys = list(table.primary_key.columns)
        fixed = [column for column in table.columns if column.name not in may_change]
        state = [column for column in table.columns if column.name in may_change]
        rows[name], states[name] = {}, {}
        for found in work.session.execute(select(*keys, *fixed, *state)):
            key = tuple(found[: len(keys)])
            rows[name][key] = tuple(found[len(keys) : len(keys) + len(fixed)])
            states[name][key] = tuple(found[len(keys) + len(fixed) :])
    lines = work.session.execute(select(NumberSeriesLine.series_code, NumberSeriesLine.last_no_used))
    return Snapshot(rows, {row[0]: row[1] for row in lines}, states)


def broken_rules(work: Work, before: Snapshot, after: Snapshot) -> list[str]:
    """What golden/README §5 demands after every step and does not find."""
    return [
        *_unbalanced(work),
        *_vendors(work),
        *_inventory(work),
        *_vat(work),
        *_empty_items(work),
        *_changed(before, after),
    ]


def gl_sums(work: Work, after_entry: int = 0) -> dict[str, Decimal]:
    """Sum per account of the entries after this one, without zeros."""
    query = (
        select(GLEntry.account_no, func.sum(GLEntry.amount_lcy))
        .where(GLEntry.entry_no > after_entry)
        .group_by(GLEntry.account_no)
    )
    return {no: amount for no, amount in work.session.execute(query) if amount != ZERO}


def vat_sums(work: Work, after_entry: int = 0) -> dict[tuple[str, str, str], tuple[Decimal, ...]]:
    """(type, business, product) to base, amount, non-deductible base and amount, without zeros."""
    query = (
        select(
            VatEntry.type,
            VatEntry.vat_business,
            VatEntry.vat_product,
            func.sum(VatEntry.base),
            func.sum(VatEntry.amount),
            func.sum(VatEntry.nondeductible_base),
            func.sum(VatEntry.nondeductible_amount),
        )
        .where(VatEntry.entry_no > after_entry)
        .group_by(VatEntry.type, VatEntry.vat_business, VatEntry.vat_product)
    )
    rows = {(r[0], r[1], r[2]): tuple(r[3:]) for r in work.session.execute(query)}
    return {key: sums for key, sums in rows.items() if any(sums)}


def vendor_balance(work: Work, vendor_no: str) -> tuple[Decimal, Decimal]:
    """What we owe, in the currency of the entries and in local currency."""
    query = select(func.sum(DetailedVendorEntry.amount), func.sum(DetailedVendorEntry.amount_lcy)).where(
        DetailedVendorEntry.vendor_no == vendor_no
    )
    amount, amount_lcy = work.session.execute(query).one()
    return -(amount or ZERO), -(amount_lcy or ZERO)


def item_figures(work: Work, item_no: str) -> Mapping[str, Decimal]:
    """Quantity in base units, value, and the expected part of the value."""
    quantity = work.session.scalar(
        select(func.sum(ItemEntry.quantity)).where(ItemEntry.item_no == item_no, ItemEntry.has_stock)
    )
    actual, expected = work.session.execute(
        select(func.sum(ValueEntry.cost_actual), func.sum(ValueEntry.cost_expected)).where(
            ValueEntry.item_no == item_no
        )
    ).one()
    expected = expected or ZERO
    return {
        "quantity": quantity or ZERO,
        "value": (actual or ZERO) + expected,
        "value_expected": expected,
    }


def document_figures(work: Work, posted_no: str, kind: str) -> dict[str, Any]:
    """The totals and lines of a posted document and what is left of its vendor entry."""
    document = work.session.scalars(
        select(PostedDocument).where(PostedDocument.posted_no == posted_no, PostedDocument.kind == kind)
    ).one()
    entry = work.session.scalars(
        select(VendorEntry).where(VendorEntry.document_no == posted_no, VendorEntry.document_type == kind)
    ).one()
    left = work.session.scalar(
        select(func.sum(DetailedVendorEntry.amount)).where(
            DetailedVendorEntry.vendor_entry_no == entry.entry_no
        )
    )
    return {
        "total_net": document.total_net,
        "total_vat": document.total_vat,
        "total_gross": document.total_gross,
        "remaining": abs(left or ZERO),
        "open": entry.open,
        "cancelled": entry.cancelled,
        "due": entry.due_date,
        "lines": [
            {"net": line.net, "vat": line.vat, "gross": line.gross}
            for line in document.lines
            if not line.is_system
        ],
    }


def numbers_used(work: Work, series: str) -> list[str]:
    """The numbers of posted documents of a series, sorted."""
    if series == "receipt":
        return sorted(work.session.scalars(select(PostedReceipt.receipt_no)))
    kinds = {"posted_invoice": "invoice", "posted_credit_memo": "credit_memo"}
    if series not in kinds:
        return []
    query = select(PostedDocument.posted_no).where(PostedDocument.kind == kinds[series])
    return sorted(work.session.scalars(query))


def _control_balance(work: Work, control: str) -> Decimal:
    query = select(func.sum(GLEntry.amount_lcy)).join(Account, Account.account_no == GLEntry.account_no)
    return work.session.scalar(query.where(Account.control == control)) or ZERO


def _unbalanced(work: Work) -> list[str]:
    query = (
        select(GLEntry.transaction_no, func.sum(GLEntry.amount_lcy))
        .group_by(GLEntry.transaction_no)
        .having(func.sum(GLEntry.amount_lcy) != ZERO)
    )
    return [f"PO-2: transaction {no} sums to {amount}" for no, amount in work.session.execute(query)]


def _vendors(work: Work) -> list[str]:
    owed = work.session.scalar(select(func.sum(DetailedVendorEntry.amount_lcy))) or ZERO
    balance = _control_balance(work, "vendors")
    return [] if owed == balance else [f"PO-6: payables {balance}, vendor entries {owed}"]


def _inventory(work: Work) -> list[str]:
    found = []
    for control, column in (
        ("inventory", ValueEntry.cost_actual),
        ("inventory_interim", ValueEntry.cost_expected),
    ):
        value = work.session.scalar(select(func.sum(column))) or ZERO
        balance = _control_balance(work, control)
        if value != balance:
            found.append(f"PO-7: {control} accounts {balance}, value entries {value}")
    return found


def _vat(work: Work) -> list[str]:
    query = select(func.sum(VatEntry.amount)).where(VatEntry.calculation != "reverse_charge")
    entries = work.session.scalar(query) or ZERO
    reverse = select(func.sum(-VatEntry.nondeductible_amount)).where(VatEntry.calculation == "reverse_charge")
    entries += work.session.scalar(reverse) or ZERO
    balance = _control_balance(work, "vat")
    return [] if entries == balance else [f"PO-8: VAT accounts {balance}, VAT entries {entries}"]


def _empty_items(work: Work) -> list[str]:
    quantities: dict[str, Decimal] = defaultdict(Decimal)
    for item_no, quantity in work.session.execute(
        select(ItemEntry.item_no, func.sum(ItemEntry.quantity)).group_by(ItemEntry.item_no)
    ):
        quantities[item_no] = quantity
    found = []
    values = select(ValueEntry.item_no, func.sum(ValueEntry.cost_actual + ValueEntry.cost_expected))
    for item_no, value in work.session.execute(values.group_by(ValueEntry.item_no)):
        uninvoiced = work.session.scalar(
            select(func.count())
            .select_from(ItemEntry)
            .where(ItemEntry.item_no == item_no, ItemEntry.quantity != ItemEntry.invoiced_quantity)
        )
        if quantities[item_no] == ZERO and not uninvoiced and value != ZERO:
            found.append(f"PO-9: item {item_no} is empty and worth {value}")
    return found


def _changed(before: Snapshot, after: Snapshot) -> list[str]:
    found = []
    for table, rows in before.rows.items():
        for key, row in rows.items():
            if after.rows[table].get(key) != row:
                found.append(f"PO-3: {table} {key} was {row}, is {after.rows[table].get(key)}")
    return found
