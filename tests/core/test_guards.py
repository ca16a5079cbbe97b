"""What the database itself refuses, for the owner of its tables too (PO-2, PO-3; checks 12 and 13)."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from core.database import Base
from core.ledgers.guards import APPEND_ONLY, CHILDREN
from core.posting.write import write
from core.reports.reconciliation import verify_books
from tests.books import Books
from tests.core.full_batch import full_batch, later_batch

NEW = 3  # the register that comes next


@pytest.fixture(scope="module")
def posted_books(shared_books: Books) -> Books:
    """Books with a row in every append-only table, which every attack leaves as they are."""
    for batch in (full_batch(), later_batch()):
        with shared_books.work() as work:
            write(work, batch)
    return shared_books


@pytest.fixture
def raw(posted_books: Books) -> Iterator[Connection]:
    """A connection as an attacker has it: the owner of the tables, none of our code."""
    with posted_books.engine.connect() as connection:
        yield connection


def refused(raw: Connection, statement: str) -> str:
    """The database must refuse the statement at once or at the commit; its message is returned."""
    with pytest.raises(DBAPIError) as caught:
        raw.execute(text(statement))
        raw.commit()
    raw.rollback()
    return str(caught.value.orig)


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_a_posted_row_cannot_be_deleted(raw: Connection, table: str) -> None:
    assert "cannot be changed" in refused(raw, f"DELETE FROM {table}")


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_no_column_of_a_posted_row_changes_unless_it_describes_a_state(raw: Connection, table: str) -> None:
    for column in Base.metadata.tables[table].columns:
        if column.name in APPEND_ONLY[table]:
            continue
        other = _another_value(raw, table, column.name)
        assert "cannot be changed" in refused(raw, f"UPDATE {table} SET {column.name} = {other}")


def test_a_column_that_describes_a_state_may_change(raw: Connection) -> None:
    raw.execute(text("UPDATE vendor_entry SET on_hold = 'asked the vendor', due_date = '2026-12-31'"))
    raw.commit()


def test_a_sealed_register_is_never_unsealed_or_sealed_again(raw: Connection) -> None:
    for change in ("sealed = FALSE", "hash = 'x'", "sealed = TRUE"):
        assert "cannot be changed" in refused(raw, f"UPDATE register SET {change}")


@pytest.mark.parametrize("table", sorted(set(APPEND_ONLY) - {"register", *CHILDREN}))
def test_a_sealed_register_takes_no_more_entries(raw: Connection, table: str) -> None:
    """The same rows once more under other numbers."""
    assert "sealed" in refused(raw, _copy(table))


@pytest.mark.parametrize("table", CHILDREN)
def test_a_posted_document_takes_no_more_lines(raw: Connection, table: str) -> None:
    assert "sealed" in refused(raw, _copy(table))


def test_entries_out_of_balance_are_refused_in_a_register_of_their_own(raw: Connection) -> None:
    """Neither unsealed at the commit nor sealed can an unbalanced register stay."""
    _begin(raw)
    raw.execute(text(_register(NEW)))
    raw.execute(text(_copy("gl_entry", f"register_no = {NEW}, transaction_no = {NEW}", "entry_no = 1")))
    assert "zero" in refused(raw, f"UPDATE register SET sealed = TRUE, hash = 'x' WHERE register_no = {NEW}")


def test_a_late_line_of_a_receipt_needs_a_register_that_is_open(raw: Connection) -> None:
    """A correction names the register that writes it; one that is sealed takes no more (PU-84)."""
    assert "sealed" in refused(raw, _copy("posted_receipt_line", "register_no = 2"))
    assert "sealed" in refused(raw, _copy("posted_receipt_line", f"register_no = {NEW}"))


def test_a_posted_document_needs_a_register(raw: Connection) -> None:
    refused(raw, _copy("posted_document", f"register_no = {NEW}"))


def test_an_entry_needs_a_register(raw: Connection) -> None:
    refused(raw, _copy("gl_entry", "register_no = 99"))


def test_the_books_are_as_before_after_every_attack(posted_books: Books) -> None:
    with posted_books.engine.connect() as raw:
        for table in APPEND_ONLY:
            refused(raw, f"DELETE FROM {table}")
    with posted_books.reading() as work:
        assert verify_books(work) == []


def test_truncate_is_refused(raw: Connection) -> None:
    """PostgreSQL only has TRUNCATE; SQLite's DELETE without WHERE takes the same trigger."""
    for table in APPEND_ONLY:
        word = f"TRUNCATE {table} CASCADE" if raw.dialect.name == "postgresql" else f"DELETE FROM {table}"
        assert "cannot be changed" in refused(raw, word)


def test_replacing_a_posted_row_is_refused(raw: Connection) -> None:
    """SQLite's REPLACE deletes without asking the DELETE trigger; PostgreSQL's upsert is an update."""
    if raw.dialect.name == "sqlite":
        copy = _copy("gl_entry", "amount_lcy = 1", keys_differ=False)
        refused(raw, copy.replace("INSERT", "INSERT OR REPLACE", 1))
    else:
        copy = _copy("gl_entry", "amount_lcy = 1", keys_differ=False)
        refused(raw, f"{copy} ON CONFLICT (entry_no) DO UPDATE SET amount_lcy = 1")


def test_another_register_cannot_replace_a_posted_row_by_its_other_key(raw: Connection) -> None:
    """REPLACE also deletes what stands in the way of another unique index, such as a vendor's number."""
    _begin(raw)
    raw.execute(text(_register(NEW)))
    changes = f"register_no = {NEW}, transaction_no = {NEW}, vendor_document_key = vendor_document_key"
    copy = _copy("vendor_entry", changes, "entry_no = 1")
    insert = "INSERT OR REPLACE" if raw.dialect.name == "sqlite" else "INSERT"

    message = refused(raw, copy.replace("INSERT", insert, 1))

    assert "vendor_document_key" in message


def test_a_thousand_hostile_inserts_leave_no_unbalanced_register(posted_books: Books) -> None:
    """Check 12: one-sided entries with every amount, under registers old, new and missing."""
    with posted_books.engine.connect() as raw:
        for number in range(1000):
            register = (0, 1, NEW)[number % 3]
            _begin(raw)
            if register == NEW:
                raw.execute(text(_register(NEW)))
            copy = _copy("gl_entry", f"register_no = {register}, amount_lcy = {number + 1}", "entry_no = 1")
            with pytest.raises(DBAPIError):
                raw.execute(text(copy))
                raw.execute(text(f"UPDATE register SET sealed = TRUE, hash = 'x' WHERE register_no = {NEW}"))
                raw.commit()
            raw.rollback()
    with posted_books.reading() as work:
        assert verify_books(work) == []


def test_every_table_of_a_register_is_guarded() -> None:
    tables = {name for name, table in Base.metadata.tables.items() if "register_no" in table.columns}
    assert tables | set(CHILDREN) == set(APPEND_ONLY)


def _begin(raw: Connection) -> None:
    """Open a transaction where the driver does not do it by itself."""
    if raw.dialect.name == "sqlite":
        raw.exec_driver_sql("BEGIN")


def _another_value(raw: Connection, table: str, column: str) -> str:
    """Something else than the first row has there, of the same type."""
    value = raw.execute(text(f"SELECT {column} FROM {table}")).scalars().first()
    raw.rollback()
    kind = Base.metadata.tables[table].columns[column].type
    if kind.python_type is bool:
        return f"NOT coalesce({column}, FALSE)"
    if re.search("date|time", kind.__class__.__name__.casefold()):
        return "'1999-12-31'" if column != "created_at" and "_at" not in column else "'1999-12-31 00:00:00'"
    if kind.python_type is str:
        return f"'{str(value or '')[:8]}!'"
    return f"coalesce({column}, 0) + 1"


def _copy(table: str, changes: str = "", where: str = "1 = 1", *, keys_differ: bool = True) -> str:
    """Insert the rows of a table again, with new keys and these columns changed."""
    columns = Base.metadata.tables[table].columns
    given = dict(re.split(r"\s*=\s*", change) for change in changes.split(", ") if change)
    primary = [column.name for column in Base.metadata.tables[table].primary_key.columns]
    unique = {
        "posted_no": "'X' || posted_no",
        "receipt_no": "'X' || receipt_no",
        "draft_id": "draft_id + 1000",
    }
    values = []
    for column in columns:
        if column.name in given:
            values.append(given[column.name])
        elif keys_differ and column.name == primary[-1]:
            values.append(f"{column.name} + 1000")
        elif keys_differ and column.name == "line_no" and table in CHILDREN:
            values.append("line_no + 1000")
        elif keys_differ and column.name in unique:
            values.append(unique[column.name])
        elif keys_differ and column.name == "vendor_document_key":
            values.append("'x' || vendor_document_key")
        else:
            values.append(column.name)
    names = ", ".join(column.name for column in columns)
    return f"INSERT INTO {table} ({names}) SELECT {', '.join(values)} FROM {table} WHERE {where}"


def _register(number: int) -> str:
    return f"""
        INSERT INTO register (register_no, source, actor_no, actor_name, created_at, posting_date,
                              document_no, sealed, previous_hash)
        VALUES ({number}, 'x', 'x', 'x', '2026-02-01 00:00:00', '2026-02-01', 'X', FALSE, 'x')"""
