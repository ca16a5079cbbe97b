"""What the database itself refuses: changing or deleting what is posted, and unbalanced registers.

Triggers bind the owner of the tables too (PO-3, checks 12 and 13). Both databases refuse to update or delete
a posted row, to add an entry to a sealed register, and to seal a register whose G/L entries do not add up to
zero. PostgreSQL also refuses TRUNCATE, and at the commit a register that is unbalanced or unsealed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, inspect, text


@dataclass(frozen=True, slots=True)
class Child:
    """A table whose rows belong to a register through a parent: its foreign key to the parent's id.

    With `may_come_later` a row can name a register of its own in `register_no`: one that wrote it later.
    """

    parent: str
    key: str
    may_come_later: bool = False


# Table -> the columns that describe a state and may change (PO-3).
APPEND_ONLY: Mapping[str, tuple[str, ...]] = {
    "register": ("sealed", "hash"),
    "gl_entry": (),
    "vat_entry": ("closed_by",),
    "vat_entry_base": (),
    "vendor_entry": ("open", "due_date", "on_hold", "closed_by", "payment_reference", "cancelled"),
    "detailed_vendor_entry": ("unapplied",),
    "item_entry": ("remaining_quantity", "open", "invoiced_quantity", "estimate"),
    "item_application": (),
    "value_entry": (),
    "cost_posting": (),
    "customer_entry": ("open",),
    "bank_entry": ("statement_no", "reconciled"),
    "posted_document": ("payment_reference", "cancelled_by_no"),
    "posted_line": (),
    "posted_receipt": (),
    "posted_receipt_line": ("quantity_invoiced", "is_correction"),
    "posted_comment": (),
    "posted_sales_document": (),
    "posted_sales_line": ("quantity_invoiced",),
}
CHILDREN: Mapping[str, Child] = {
    "posted_line": Child("posted_document", "document_id"),
    "posted_receipt_line": Child("posted_receipt", "receipt_id", may_come_later=True),
    "posted_sales_line": Child("posted_sales_document", "document_id", may_come_later=True),
}
# The ledgers that are numbered, the register first: `register.py` counts in rows of `ledger_counter`.
NUMBERED = (
    "register",
    "gl_entry",
    "vat_entry",
    "vendor_entry",
    "detailed_vendor_entry",
    "item_entry",
    "item_application",
    "value_entry",
    "customer_entry",
    "bank_entry",
)
SEALED = "the register is sealed"
UNBALANCED = "the G/L entries of the register do not add up to zero"
IMMUTABLE = "what is posted cannot be changed or deleted"
TAKEN = "there is a row with these values already"
UNSEALED = "a register must be sealed before the commit"


@dataclass(frozen=True, slots=True)
class _UniqueIndex:
    """A unique index: its columns and, if it is partial, which rows are in it."""

    columns: tuple[str, ...]
    condition: str | None


@dataclass(frozen=True, slots=True)
class _Columns:
    """The columns of a table as SQLite knows it."""

    all: tuple[str, ...]
    key: tuple[str, ...]
    unique: tuple[_UniqueIndex, ...]


def install(connection: Connection) -> None:
    """Guard every append-only table that is there and give each numbered ledger its counter.

    A migration that brings more of them removes the guards, makes its tables, and installs them again.
    """
    if connection.dialect.name == "postgresql":
        for function in _POSTGRESQL_FUNCTIONS:
            connection.execute(text(function))
    tables = inspect(connection).get_table_names()
    for table, states in APPEND_ONLY.items():
        if table in tables:
            install_on(connection, table, states)
    counted = connection.exec_driver_sql("SELECT ledger FROM ledger_counter").scalars().all()
    for ledger in NUMBERED:
        if ledger in tables and ledger not in counted:
            connection.exec_driver_sql(f"INSERT INTO ledger_counter (ledger, last_no) VALUES ('{ledger}', 0)")


def install_on(connection: Connection, table: str, states: tuple[str, ...]) -> None:
    """Guard one append-only table whose `states` may change."""
    if connection.dialect.name == "postgresql":
        statements = _postgresql(table, states)
    else:
        statements = _sqlite(table, states, _sqlite_columns(connection, table))
    for statement in statements:
        connection.execute(text(statement))


def remove(connection: Connection) -> None:
    """Take every guard off again: only for a migration that goes back."""
    for table in APPEND_ONLY:
        if table in inspect(connection).get_table_names():
            remove_from(connection, table)
    if connection.dialect.name == "postgresql":
        for function in ("change", "truncate", "insert", "child", "unbalanced", "unsealed"):
            connection.exec_driver_sql(f"DROP FUNCTION IF EXISTS ledger_refuse_{function}()")


def remove_from(connection: Connection, table: str) -> None:
    """Take the guards off one table."""
    if connection.dialect.name == "postgresql":
        for trigger in ("refuse_change", "refuse_truncate", "refuse_sealed", "balanced", "sealed"):
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {table}_{trigger} ON {table}")
    else:
        query = text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :name")
        for trigger in connection.execute(query, {"name": table}).scalars().all():
            connection.exec_driver_sql(f"DROP TRIGGER {trigger}")


def _sqlite_columns(connection: Connection, table: str) -> _Columns:
    rows = connection.exec_driver_sql(f"PRAGMA table_info({table})").all()
    return _Columns(
        tuple(row[1] for row in rows),
        tuple(row[1] for row in rows if row[5]),
        tuple(_sqlite_unique_indexes(connection, table)),
    )


def _sqlite_unique_indexes(connection: Connection, table: str) -> Iterator[_UniqueIndex]:
    for _, name, unique, origin, partial in connection.exec_driver_sql(f"PRAGMA index_list({table})").all():
        if unique and origin != "pk":
            columns = connection.exec_driver_sql(f"PRAGMA index_info({name})").all()
            yield _UniqueIndex(
                tuple(row[2] for row in columns), _sqlite_condition(connection, name) if partial else None
            )


def _sqlite_condition(connection: Connection, index: str) -> str:
    query = text("SELECT sql FROM sqlite_master WHERE type = 'index' AND name = :name")
    sql = str(connection.execute(query, {"name": index}).scalar_one())
    return sql[sql.upper().index(" WHERE ") + len(" WHERE ") :]


_POSTGRESQL_FUNCTIONS = (
    # The arguments of the trigger are the columns that may change.
    f"""
    CREATE OR REPLACE FUNCTION ledger_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        -- Without arguments TG_ARGV is null, and everything minus null would be null, thus equal.
        IF TG_OP = 'UPDATE' AND (to_jsonb(NEW) - coalesce(TG_ARGV::text[], ARRAY[]::text[]))
              IS NOT DISTINCT FROM (to_jsonb(OLD) - coalesce(TG_ARGV::text[], ARRAY[]::text[])) THEN
            IF TG_TABLE_NAME <> 'register' THEN
                RETURN NEW;
            END IF;
            IF NOT OLD.sealed THEN
                IF NEW.sealed AND EXISTS (
                    SELECT 1 FROM gl_entry WHERE register_no = NEW.register_no
                    HAVING coalesce(sum(amount_lcy), 0) <> 0
                ) THEN
                    RAISE EXCEPTION '{UNBALANCED}' USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
            END IF;
        END IF;
        RAISE EXCEPTION '{IMMUTABLE}: %', TG_TABLE_NAME USING ERRCODE = 'check_violation';
    END $$
    """,
    f"""
    CREATE OR REPLACE FUNCTION ledger_refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '{IMMUTABLE}: %', TG_TABLE_NAME USING ERRCODE = 'check_violation';
    END $$
    """,
    f"""
    CREATE OR REPLACE FUNCTION ledger_refuse_insert() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF (SELECT sealed FROM register WHERE register_no = NEW.register_no) IS NOT FALSE THEN
            RAISE EXCEPTION '{SEALED}: %', NEW.register_no USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
    f"""
    CREATE OR REPLACE FUNCTION ledger_refuse_child() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        new_row jsonb := to_jsonb(NEW);
        owner bigint := (new_row ->> 'register_no')::bigint;
        found boolean;
    BEGIN
        IF owner IS NULL THEN
            EXECUTE format('SELECT register_no FROM %I WHERE id = $1', TG_ARGV[0])
                INTO owner USING (new_row ->> TG_ARGV[1])::bigint;
        END IF;
        SELECT sealed INTO found FROM register WHERE register_no = owner;
        IF found IS NOT FALSE THEN
            RAISE EXCEPTION '{SEALED}: %', TG_TABLE_NAME USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
    f"""
    CREATE OR REPLACE FUNCTION ledger_refuse_unbalanced() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        -- Sealing adds the entries up, and a sealed register takes no more of them: nothing is left to ask.
        IF (SELECT sealed FROM register WHERE register_no = NEW.register_no) THEN
            RETURN NULL;
        END IF;
        IF (SELECT coalesce(sum(amount_lcy), 0) FROM gl_entry WHERE register_no = NEW.register_no) <> 0 THEN
            RAISE EXCEPTION '{UNBALANCED}: %', NEW.register_no USING ERRCODE = 'check_violation';
        END IF;
        RETURN NULL;
    END $$
    """,
    f"""
    CREATE OR REPLACE FUNCTION ledger_refuse_unsealed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NOT (SELECT sealed FROM register WHERE register_no = NEW.register_no) THEN
            RAISE EXCEPTION '{UNSEALED}: %', NEW.register_no USING ERRCODE = 'check_violation';
        END IF;
        RETURN NULL;
    END $$
    """,
)


def _postgresql(table: str, states: tuple[str, ...]) -> Iterator[str]:
    allowed = ", ".join(f"'{state}'" for state in states)
    yield f"""CREATE TRIGGER {table}_refuse_change BEFORE UPDATE OR DELETE ON {table}
              FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change({allowed})"""
    yield f"""CREATE TRIGGER {table}_refuse_truncate BEFORE TRUNCATE ON {table}
              FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_truncate()"""
    if table == "register":
        yield """CREATE CONSTRAINT TRIGGER register_sealed AFTER INSERT ON register
                 DEFERRABLE INITIALLY DEFERRED
                 FOR EACH ROW EXECUTE FUNCTION ledger_refuse_unsealed()"""
    elif table in CHILDREN:
        child = CHILDREN[table]
        yield f"""CREATE TRIGGER {table}_refuse_sealed BEFORE INSERT ON {table}
                  FOR EACH ROW EXECUTE FUNCTION ledger_refuse_child('{child.parent}', '{child.key}')"""
    else:
        yield f"""CREATE TRIGGER {table}_refuse_sealed BEFORE INSERT ON {table}
                  FOR EACH ROW EXECUTE FUNCTION ledger_refuse_insert()"""
    if table == "gl_entry":
        yield """CREATE CONSTRAINT TRIGGER gl_entry_balanced AFTER INSERT ON gl_entry
                 DEFERRABLE INITIALLY DEFERRED
                 FOR EACH ROW EXECUTE FUNCTION ledger_refuse_unbalanced()"""


def _sqlite(table: str, states: tuple[str, ...], columns: _Columns) -> Iterator[str]:
    fixed = [column for column in columns.all if column not in states]
    changed = " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in fixed)
    again = "OLD.sealed OR " if table == "register" else ""
    yield f"""CREATE TRIGGER {table}_refuse_update BEFORE UPDATE ON {table} WHEN {again}{changed}
              BEGIN SELECT RAISE(ABORT, '{IMMUTABLE}: {table}'); END"""
    yield f"""CREATE TRIGGER {table}_refuse_delete BEFORE DELETE ON {table}
              BEGIN SELECT RAISE(ABORT, '{IMMUTABLE}: {table}'); END"""
    yield f"""CREATE TRIGGER {table}_refuse_insert BEFORE INSERT ON {table}
              WHEN {_no_insert(table, columns.key)}
              BEGIN SELECT RAISE(ABORT, '{SEALED}'); END"""
    for number, index in enumerate(columns.unique):
        same = " AND ".join(f"{column} = NEW.{column}" for column in index.columns)
        within = f" AND ({index.condition})" if index.condition else ""
        yield f"""CREATE TRIGGER {table}_refuse_replace{number or ""} BEFORE INSERT ON {table}
                  WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}{within})
                  BEGIN SELECT RAISE(ABORT, '{TAKEN}: {", ".join(index.columns)}'); END"""
    if table == "register":
        yield f"""CREATE TRIGGER register_refuse_seal BEFORE UPDATE ON register
                  WHEN NEW.sealed AND (SELECT coalesce(sum(amount_lcy), 0) FROM gl_entry
                                       WHERE register_no = NEW.register_no) <> 0
                  BEGIN SELECT RAISE(ABORT, '{UNBALANCED}'); END"""


def _no_insert(table: str, key: tuple[str, ...]) -> str:
    """When SQLite must refuse a new row.

    INSERT OR REPLACE deletes without asking the DELETE trigger, so a key that is there already is refused
    here, and what is in another unique index by a trigger of its own. A new register is unsealed, and an
    entry goes into an unsealed register only.
    """
    same = " AND ".join(f"{column} = NEW.{column}" for column in key)
    exists = f"EXISTS (SELECT 1 FROM {table} WHERE {same})"
    if table == "register":
        return f"NEW.sealed OR {exists}"
    if table in CHILDREN:
        child = CHILDREN[table]
        owner = f"(SELECT register_no FROM {child.parent} WHERE id = NEW.{child.key})"
        if child.may_come_later:
            owner = f"coalesce(NEW.register_no, {owner})"
        return f"""{exists} OR NOT EXISTS (
            SELECT 1 FROM register WHERE register_no = {owner} AND NOT sealed)"""
    return f"""{exists} OR NOT EXISTS (
        SELECT 1 FROM register WHERE register_no = NEW.register_no AND NOT sealed)"""
