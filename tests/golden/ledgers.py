"""What is in the books, read straight from the tables: the runner does not trust the product's reports."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute

from core.database import Base
from core.ledgers.bank import BankEntry
from core.ledgers.customer import CustomerEntry
from core.ledgers.general import GLEntry
from core.ledgers.guards import APPEND_ONLY
from core.ledgers.item import CostPosting, ItemEntry, ValueEntry
from core.ledgers.vat import VatEntry
from core.ledgers.vendor import DetailedVendorEntry, VendorEntry
from core.master.accounts import Account
from core.master.banks import BankAccount
from core.master.company import get_company
from core.master.number_series import NumberSeriesLine, SeriesUse
from core.purchasing.document import LineType, PurchaseLine
from core.purchasing.posted import PostedDocument, PostedReceipt
from core.work import Work

Row = tuple[object, ...]
ZERO = Decimal(0)
# What a refused step must leave alone besides the ledgers: documents before posting, their quantities, costs.
DESKS = (
    "purchase_document",
    "purchase_line",
    "purchase_vat_amount",
    "purchase_application",
    "charge_assignment",
    "sales_document",
    "sales_line",
    "item",
)


@dataclass(frozen=True)
class Snapshot:
    """Everything that is posted, what waits to be, and the last number of every series and draft counter."""

    rows: Mapping[str, Mapping[Row, Row]]
    numbers: Mapping[str, str | None]
    states: Mapping[str, Mapping[Row, Row]]
    desks: Mapping[str, Mapping[Row, Row]]

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
    return Snapshot(rows, {row[0]: row[1] for row in lines}, states, _desks(work))


def _desks(work: Work) -> dict[str, dict[Row, Row]]:
    found: dict[str, dict[Row, Row]] = {}
    for name in DESKS:
        table = Base.metadata.tables[name]
        keys = list(table.primary_key.columns)
        rows = work.session.execute(select(*keys, *table.columns))
        found[name] = {tuple(row[: len(keys)]): tuple(row[len(keys) :]) for row in rows}
    return found


def broken_rules(work: Work, before: Snapshot, after: Snapshot) -> list[str]:
    """What golden/README §5 demands after every step and does not find."""
    return [
        *_unbalanced(work),
        *_vendors(work),
        *_customers(work),
        *_inventory(work),
        *_vat(work),
        *_empty_items(work),
        *_banks(work),
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


def document_figures(work: Work, no: str, kind: str) -> dict[str, Any]:
    """Totals and lines of a posted document and what is left of its vendor entry; a payment has no lines."""
    entry = work.session.scalars(
        select(VendorEntry).where(VendorEntry.document_no == no, VendorEntry.document_type == kind)
    ).one()
    left = work.session.scalar(
        select(func.sum(DetailedVendorEntry.amount)).where(
            DetailedVendorEntry.vendor_entry_no == entry.entry_no
        )
    )
    figures: dict[str, Any] = {
        "remaining": abs(left or ZERO),
        "open": entry.open,
        "cancelled": entry.cancelled,
        "due": entry.due_date,
    }
    if kind == "payment":
        return figures
    document = work.session.scalars(
        select(PostedDocument).where(PostedDocument.posted_no == no, PostedDocument.kind == kind)
    ).one()
    return figures | {
        "total_net": document.total_net,
        "total_vat": document.total_vat,
        "total_gross": document.total_gross,
        "lines": [
            {"net": line.net, "vat": line.vat, "gross": line.gross}
            for line in document.lines
            if not line.is_system and line.type != LineType.COMMENT
        ],
    }


def bank_balance(work: Work, bank_code: str) -> Decimal:
    """What is on a bank account, in its currency."""
    query = select(func.sum(BankEntry.amount)).where(BankEntry.bank_code == bank_code)
    return work.session.scalar(query) or ZERO


def order_figures(work: Work, document_id: int) -> list[dict[str, Decimal]]:
    """What is received and invoiced of each line of an order, in its unit; empty once it is removed."""
    lines = work.session.scalars(
        select(PurchaseLine)
        .where(PurchaseLine.document_id == document_id, PurchaseLine.type != LineType.COMMENT)
        .order_by(PurchaseLine.line_no)
    )
    return [
        {"received": line.quantity_received, "invoiced": line.quantity_invoiced}
        for line in lines
        if not line.is_system
    ]


def numbers_used(work: Work, series: str) -> list[str]:
    """The numbers of posted documents of a series, in the order of the numbers."""
    if series in ("receipt", "return_shipment"):
        receipts = work.session.execute(select(PostedReceipt.receipt_no, PostedReceipt.is_return))
        return sorted(no for no, is_return in receipts if bool(is_return) == (series == "return_shipment"))
    if series == "payment":
        query = select(BankEntry.document_no).where(BankEntry.document_type == "payment").distinct()
        return sorted(work.session.scalars(query))
    kinds = {"posted_invoice": "invoice", "posted_credit_memo": "credit_memo"}
    posted = select(PostedDocument.posted_no).where(PostedDocument.kind == kinds[series])
    return sorted(work.session.scalars(posted))


def last_number(work: Work, series: str) -> str | None:
    """The number that a series gave last."""
    query = select(NumberSeriesLine.last_no_used).join(
        SeriesUse, SeriesUse.series_code == NumberSeriesLine.series_code
    )
    return work.session.scalar(query.where(SeriesUse.purpose == series))


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


def _customers(work: Work) -> list[str]:
    owed = work.session.scalar(select(func.sum(CustomerEntry.amount_lcy))) or ZERO
    balance = _control_balance(work, "customers")
    return [] if owed == balance else [f"receivables {balance}, customer entries {owed}"]


def _inventory(work: Work) -> list[str]:
    """Without automatic cost posting the accounts hold what was posted of the values (PO-128)."""
    company = get_company(work)
    automatic = company.automatic_cost_posting
    actual = _total(work, ValueEntry.cost_actual) if automatic else _posted(work, "actual")
    expected = _posted(work, "expected")
    if automatic and company.expected_cost_to_gl:
        expected = _total(work, ValueEntry.cost_expected)
    found = []
    for control, value in (("inventory", actual), ("inventory_interim", expected)):
        balance = _control_balance(work, control)
        if value != balance:
            found.append(f"PO-7: {control} accounts {balance}, value entries {value}")
    return found


def _posted(work: Work, part: str) -> Decimal:
    at_once = ValueEntry.posted_actual if part == "actual" else ValueEntry.posted_expected
    later = CostPosting.actual if part == "actual" else CostPosting.expected
    return _total(work, at_once) + _total(work, later)


def _total(work: Work, column: InstrumentedAttribute[Decimal]) -> Decimal:
    return work.session.scalar(select(func.sum(column))) or ZERO


def _banks(work: Work) -> list[str]:
    """The bank ledger and the accounts of the banks, in local currency (PO-10)."""
    entries: dict[str, Decimal] = defaultdict(Decimal)
    query = select(BankAccount.account_no, BankEntry.amount_lcy).join(
        BankEntry, BankEntry.bank_code == BankAccount.code, isouter=True
    )
    for account_no, amount in work.session.execute(query):
        entries[account_no] += amount or ZERO
    balances = gl_sums(work)
    return [
        f"PO-10: account {no} {balances.get(no, ZERO)}, bank entries {amount}"
        for no, amount in entries.items()
        if balances.get(no, ZERO) != amount
    ]


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
