"""Batch to numbered entries in the ledgers: the only writer.

Number series come first, then the counters of the ledgers (PO-161), all held until the commit. The register
is opened, takes every entry, table by table, and is sealed (`core/ledgers/guards.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Table, bindparam, func, insert, literal, select, union_all, update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.attributes import set_committed_value

from core.costing.balance import move_balances
from core.costing.movement import StockKey
from core.database import Base
from core.errors import refuse
from core.ledgers.item import ItemEntry
from core.ledgers.register import Register, hash_of_rows, take_entry_numbers
from core.ledgers.vendor import DetailedVendorEntry, VendorEntry
from core.master.items import Item
from core.master.number_series import Purpose, take_numbers
from core.money import ZERO
from core.posting.batch import Batch, Voucher
from core.posting.rows import Numbers, Row, Rows, Stamp, count_entries, count_ids, number_rows
from core.purchasing.document import DocumentKind
from core.purchasing.posted import PostedDocument, PostedReceiptLine
from core.sales.document import PostedSalesLine
from core.work import Work

POSTED_NUMBERS = {
    DocumentKind.INVOICE: (Purpose.INVOICE, Purpose.POSTED_INVOICE),
    DocumentKind.CREDIT_MEMO: (Purpose.CREDIT_MEMO, Purpose.POSTED_CREDIT_MEMO),
}
# Referenced tables before those that refer to them.
_ORDER = (
    "register",
    "posted_document",
    "posted_line",
    "posted_receipt",
    "posted_receipt_line",
    "posted_sales_document",
    "posted_sales_line",
    "posted_comment",
    "vendor_entry",
    "detailed_vendor_entry",
    "customer_entry",
    "bank_entry",
    "item_entry",
    "item_application",
    "value_entry",
    "cost_posting",
    "vat_entry",
    "gl_entry",
    "vat_entry_base",
)


@dataclass(frozen=True, slots=True)
class Written:
    """The numbers that a batch got, one for each of its vouchers."""

    numbers: tuple[str, ...]
    register_no: int


def write(work: Work, batch: Batch) -> Written:
    """Number the batch and write all of it under one register.

    Raises `ext_doc_no_exists` when another posting was faster, `posted_no_exists`, and what taking a number
    raises.
    """
    return write_many(work, [batch])[0]


def write_many(work: Work, batches: Sequence[Batch]) -> list[Written]:
    """Write several batches together, each under a register of its own, in this order.

    Raises what `write` raises; then none of them may stay.
    """
    work.session.flush()
    vouchers = _draw(work, batches)
    numbers, previous_hash = _number(work, batches, vouchers)
    stamp = Stamp(work.actor.user_no, work.now)
    rows = [number_rows(batch, each, stamp) for batch, each in zip(batches, numbers, strict=True)]
    try:
        _insert_all(work, _registers(work, batches, numbers, rows, previous_hash), rows)
    except IntegrityError as error:
        raise _clash(error, batches) from error
    _change_states(work, batches, numbers)
    cards = _new_costs(work, batches)
    with _without_waiting(work.session.connection()):
        _move_stock(work, batches)
        _remember_costs(work, cards)
    return [Written(each.vouchers, each.register_no) for each in numbers]


def _draw(work: Work, batches: Sequence[Batch]) -> list[tuple[str, ...]]:
    """The number of every voucher: the one that it has, or the next of its series (PO-163)."""
    vouchers = [voucher for batch in batches for voucher in batch.vouchers]
    wanted = [(voucher.draws_from, voucher.posting_date) for voucher in vouchers if voucher.draws_from]
    drawn = iter(take_numbers(work, wanted))
    return [tuple(_number_of(voucher, drawn) for voucher in batch.vouchers) for batch in batches]


def _number_of(voucher: Voucher, drawn: Iterator[str]) -> str:
    return voucher.number if voucher.number is not None else next(drawn)


def _number(
    work: Work, batches: Sequence[Batch], vouchers: Sequence[tuple[str, ...]]
) -> tuple[list[Numbers], str]:
    """Take the numbers of all batches as one block of each ledger, and deal them out.

    Also returns the hash of the register before them.
    """
    counts = [{Register.__tablename__: 1, **count_entries(batch)} for batch in batches]
    counted = take_entry_numbers(work, _together(counts))
    ids = _take_ids(work, _together([count_ids(batch) for batch in batches]))
    free, dealt = dict(counted.first), []
    for numbers, each in zip(vouchers, counts, strict=True):
        dealt.append(Numbers(free[Register.__tablename__], numbers, dict(free), ids))
        for ledger, count in each.items():
            free[ledger] += count
    return dealt, counted.previous_hash


def _together(counts: Sequence[Mapping[str, int]]) -> dict[str, int]:
    together: Counter[str] = Counter()
    for each in counts:
        together.update(each)
    return dict(together)


def _take_ids(work: Work, counts: Mapping[str, int]) -> dict[str, Iterator[int]]:
    """Ids for rows of documents, before they are inserted: the hash of their register is made of them too."""
    if not counts:
        return {}
    if work.session.connection().dialect.name == "sqlite":
        # The write lock is held; SQLite itself counts on from the highest id too.
        last = [select(func.coalesce(func.max(_table(name).c.id), 0)).scalar_subquery() for name in counts]
        firsts = work.session.execute(select(*last)).one()
        return {
            name: iter(range(first + 1, first + 1 + count))
            for (name, count), first in zip(counts.items(), firsts, strict=True)
        }
    drawn = union_all(
        *(
            select(
                literal(name).label("name"),
                func.nextval(func.pg_get_serial_sequence(name, "id")).label("id"),
            ).select_from(func.generate_series(1, count).alias(name))
            for name, count in counts.items()
        )
    )
    taken: dict[str, list[int]] = {name: [] for name in counts}
    for name, new_id in work.session.execute(drawn):
        taken[name].append(new_id)
    return {name: iter(sorted(new_ids)) for name, new_ids in taken.items()}


def _registers(
    work: Work, batches: Sequence[Batch], numbers: Sequence[Numbers], rows: Sequence[Rows], previous_hash: str
) -> list[Row]:
    """The row of every register, chained to the one before by its hash."""
    registers = []
    for batch, each, entries in zip(batches, numbers, rows, strict=True):
        register: Row = {
            "register_no": each.register_no,
            "source": batch.source,
            "actor_no": work.actor.user_no,
            "actor_name": work.actor.name,
            "created_at": work.now,
            "posting_date": batch.vouchers[0].posting_date,
            "document_no": each.vouchers[0],
            "previous_hash": previous_hash,
        }
        previous_hash = register["hash"] = hash_of_rows(register, entries)
        registers.append(register)
    return registers


def _insert_all(work: Work, registers: Sequence[Row], rows: Sequence[Rows]) -> None:
    """Registers, documents and entries, table by table; then the registers are closed for ever.

    The database refuses to seal one whose G/L entries do not add up to zero.
    """
    opened = [{**register, "sealed": False, "hash": None} for register in registers]
    tables: dict[str, list[Row]] = {Register.__tablename__: opened}
    for each in rows:
        for table, entries in each.items():
            tables.setdefault(table, []).extend(entries)
    connection = work.session.connection()
    register = _table(Register.__tablename__)
    seals = [{"key": each["register_no"], "hash": each["hash"], "sealed": True} for each in registers]
    with _without_waiting(connection):
        for name in _ORDER:
            if tables.get(name):
                connection.execute(insert(_table(name)), tables[name])
        connection.execute(update(register).where(register.c.register_no == bindparam("key")), seals)


@contextmanager
def _without_waiting(connection: Connection) -> Iterator[None]:
    """Send PostgreSQL one statement after the other; what it answers is looked at together at the end."""
    if connection.dialect.name != "postgresql":
        yield
        return
    driver: Any = connection.connection.driver_connection
    errors: Any = connection.dialect.loaded_dbapi
    try:
        with driver.pipeline():
            yield
    except errors.IntegrityError as error:
        raise IntegrityError(None, None, error) from error
    except errors.OperationalError as error:
        # A deadlock among them: whoever posts tries again (PO-167).
        raise OperationalError(None, None, error) from error


def _change_states(work: Work, batches: Sequence[Batch], numbers: Sequence[Numbers]) -> None:
    """The columns of older rows that describe a state (PO-3)."""
    items: list[Row] = []
    vendors: list[Row] = []
    receipts: list[Row] = []
    sales: list[Row] = []
    for batch, each in zip(batches, numbers, strict=True):
        for item in batch.item_states:
            items.append(
                {
                    "key": item.entry_no,
                    "remaining_quantity": item.remaining,
                    "invoiced_quantity": item.invoiced_quantity,
                    "open": item.remaining != ZERO,
                    "estimate": item.estimate,
                }
            )
        for vendor in batch.vendor_states:
            closed_by = vendor.closed_by_entry
            if vendor.closed_by_row is not None:
                closed_by = each.first["vendor_entry"] + vendor.closed_by_row
            states = {"open": vendor.open, "closed_by": closed_by, "cancelled": vendor.cancelled}
            reopened = {"closed_by": None} if vendor.open else {}
            vendors.append({"key": vendor.entry_no, **_filled(states), **reopened})
        for receipt in batch.receipt_states:
            invoiced = {
                "quantity_invoiced": receipt.quantity_invoiced,
                "is_correction": receipt.is_correction,
            }
            receipts.append({"key": receipt.line_id, **_filled(invoiced)})
        sales += [
            {"key": row.line_id, "quantity_invoiced": row.quantity_invoiced} for row in batch.sales_states
        ]
    _update(work, ItemEntry, items)
    _update(work, VendorEntry, vendors)
    _update(work, PostedReceiptLine, receipts)
    _update(work, PostedSalesLine, sales)
    _mark_cancelled(work, batches, numbers)
    _mark_undone(work, batches)


def _mark_undone(work: Work, batches: Sequence[Batch]) -> None:
    """The detailed entries of applications that were taken back (PO-146)."""
    undone = [number for batch in batches for number in batch.undone_applications]
    if undone:
        work.session.execute(
            update(DetailedVendorEntry)
            .where(DetailedVendorEntry.application_no.in_(undone))
            .values(unapplied=True)
        )


def _mark_cancelled(work: Work, batches: Sequence[Batch], numbers: Sequence[Numbers]) -> None:
    for batch, each in zip(batches, numbers, strict=True):
        for state in batch.document_states:
            work.session.execute(
                update(PostedDocument)
                .where(PostedDocument.kind == state.kind, PostedDocument.posted_no == state.posted_no)
                .values(cancelled_by_no=each.vouchers[state.cancelled_by_voucher])
            )


def _filled(values: Mapping[str, object]) -> Row:
    return {name: value for name, value in values.items() if value is not None}


def _update(work: Work, entity: type[Base], changes: Sequence[Row]) -> None:
    """Change rows by their key, one statement for those that change the same columns.

    What the session holds of them is read again when it is asked for.
    """
    table = _table(entity.__tablename__)
    (key,) = table.primary_key.columns
    by_columns = sorted(changes, key=sorted)
    for _, group in groupby(by_columns, key=sorted):
        work.session.connection().execute(update(table).where(key == bindparam("key")), list(group))
    changed = {change["key"] for change in changes}
    for loaded in list(work.session.identity_map.values()) if changed else ():
        if isinstance(loaded, entity) and getattr(loaded, key.key) in changed:
            work.session.expire(loaded)


def _table(name: str) -> Table:
    return Base.metadata.tables[name]


def _move_stock(work: Work, batches: Sequence[Batch]) -> None:
    """Keep the running stock of `core/costing/balance.py`."""
    changes: dict[StockKey, tuple[Decimal, Decimal]] = {}
    for batch in batches:
        moved = [
            (StockKey(row.item_no, row.location_code, row.variant_code or ""), row.quantity, ZERO)
            for row in batch.items
            if row.has_stock
        ]
        moved += [
            (
                StockKey(row.item_no, row.location_code, row.variant_code or ""),
                ZERO,
                row.cost_actual + row.cost_expected,
            )
            for row in batch.values
            if row.has_stock
        ]
        for key, quantity, value in moved:
            before = changes.get(key, (ZERO, ZERO))
            changes[key] = (before[0] + quantity, before[1] + value)
    move_balances(work, changes)


def _new_costs(work: Work, batches: Sequence[Batch]) -> list[Row]:
    """Unit cost and last direct cost of item cards: never ledger figures (PO-125)."""
    costs = {item_no: cost for batch in batches for item_no, cost in batch.item_costs.items()}
    changes: list[Row] = []
    for item_no in sorted(costs):
        item = work.session.get_one(Item, item_no)
        unit_cost, last_direct_cost = costs[item_no]
        if unit_cost is None:
            unit_cost = item.unit_cost
        if last_direct_cost is None:
            last_direct_cost = item.last_direct_cost
        set_committed_value(item, "unit_cost", unit_cost)
        set_committed_value(item, "last_direct_cost", last_direct_cost)
        changes.append({"key": item_no, "unit_cost": unit_cost, "last_direct_cost": last_direct_cost})
    return changes


def _remember_costs(work: Work, changes: Sequence[Row]) -> None:
    if changes:
        cards = _table(Item.__tablename__)
        work.session.connection().execute(update(cards).where(cards.c.item_no == bindparam("key")), changes)


def _clash(error: IntegrityError, batches: Sequence[Batch]) -> Exception:
    """The unique key on vendor document numbers is what two postings at the same moment run into (PO-165).

    That on posted numbers is met by a draft that keeps its number (PU-37), or when a series was set back.
    """
    if "posted_no" in str(error.orig):
        numbers = [batch.vouchers[0].number or batch.documents[0].draft_no for batch in batches]
        return refuse("posted_no_exists", no=", ".join(numbers))
    if "vendor_document" not in str(error.orig):
        return error
    rows = [row for batch in batches for row in batch.vendors if row.vendor_document_key]
    named = [row for row in rows if row.vendor_document_key and row.vendor_document_key in str(error.orig)]
    row = (named or rows)[0]
    return refuse(
        "ext_doc_no_exists",
        field="vendor_document_no",
        number=row.vendor_document_no,
        no=row.vendor_no,
        posted="",
    )
