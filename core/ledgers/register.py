"""Registers: which entries arose together, by whom, from which document; chained by hash.

A register is opened, takes entries, and is sealed in the same transaction. Sealing refuses G/L entries that
do not add up to zero (`guards.py`), and from then on neither the register nor its entries change.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Integer,
    MetaData,
    Select,
    String,
    Table,
    case,
    select,
    union_all,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, UtcDateTime
from core.ledgers.guards import APPEND_ONLY, CHILDREN
from core.work import Work

GENESIS = "0" * 64


class Register(Base):
    """One posting run (PO-1). `register_no` is the transaction number of all its entries.

    `hash` is the SHA-256 of the previous register's hash, this row and everything written under it.
    """

    __tablename__ = "register"

    register_no: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False
    )
    source: Mapped[str] = mapped_column(String(30))
    actor_no: Mapped[str] = mapped_column(String(50))
    actor_name: Mapped[str] = mapped_column(String(100))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    posting_date: Mapped[date]
    document_no: Mapped[str] = mapped_column(String(20), index=True)
    sealed: Mapped[bool] = mapped_column(Boolean, default=False)
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str | None] = mapped_column(String(64))


class LedgerCounter(Base):
    """The last entry number of each ledger. The row of the register is locked first and guards the others.

    Counting under this lock, held until the commit, makes entry numbers gapless and their order the order of
    commits (PO-5).
    """

    __tablename__ = "ledger_counter"

    ledger: Mapped[str] = mapped_column(String(30), primary_key=True)
    last_no: Mapped[int] = mapped_column(BigInteger, default=0)


_COUNTERS = Base.metadata.tables[LedgerCounter.__tablename__]
_HASHED_OF_REGISTER = (
    "register_no",
    "source",
    "actor_no",
    "actor_name",
    "created_at",
    "posting_date",
    "document_no",
)


@dataclass(frozen=True, slots=True)
class Counted:
    """The first of the numbers that each ledger gave, and the hash of the register before the first one."""

    first: Mapping[str, int]
    previous_hash: str

    @property
    def register_no(self) -> int:
        """The first register."""
        return self.first[Register.__tablename__]


def take_entry_numbers(work: Work, counts: Mapping[str, int]) -> Counted:
    """Take so many numbers of each ledger, of registers too; held until the end of the transaction.

    The row of the register is locked first: whoever has it has all of them.
    """
    registers = Register.__tablename__
    assert counts.get(registers), "entries arise under a register"
    locked = select(LedgerCounter.last_no).where(LedgerCounter.ledger == registers).with_for_update()
    before = work.session.execute(locked).scalar_one()
    previous = select(Register.hash).where(Register.register_no == before)
    taken = case(counts, value=_COUNTERS.c.ledger)
    last = work.session.execute(
        update(_COUNTERS)
        .where(_COUNTERS.c.ledger.in_(counts))
        .values(last_no=_COUNTERS.c.last_no + taken)
        .returning(_COUNTERS.c.ledger, _COUNTERS.c.last_no, previous.scalar_subquery())
    ).all()
    assert len(last) == len(counts), "every ledger has its counter"
    first = {ledger: last_no - counts[ledger] + 1 for ledger, last_no, _ in last}
    return Counted(first, last[0][2] or GENESIS)


TableRows = Mapping[str, Sequence[Mapping[str, object]]]


def hash_of_rows(register: Mapping[str, object], tables: TableRows) -> str:
    """The hash of a register from its rows in memory: what `content_hash` finds once they are stored.

    `register` and the rows are by column name; columns that are empty may be missing.
    """
    digest = hashlib.sha256(str(register["previous_hash"]).encode())
    digest.update(_canonical([register[name] for name in _HASHED_OF_REGISTER]))
    for name in sorted(tables):
        columns = _hashed_columns(name)
        for row in tables[name]:
            filled = [(column, row[column]) for column in columns if row.get(column) is not None]
            digest.update(_canonical((name, *filled)))
    return digest.hexdigest()


@cache
def _hashed_columns(name: str) -> tuple[str, ...]:
    """The columns that never change, in their order."""
    return tuple(c.name for c in Base.metadata.tables[name].columns if c.name not in APPEND_ONLY[name])


def content_hash(work: Work, register: Register) -> str:
    """What the hash of a register must be, from the rows that are stored now."""
    return content_hashes(work, [register])[register.register_no]


def content_hashes(work: Work, registers: Sequence[Register]) -> dict[int, str]:
    """The same for registers that follow one another, in one go per table."""
    digests = {}
    for register in registers:
        digest = digests[register.register_no] = hashlib.sha256(register.previous_hash.encode())
        digest.update(_canonical([getattr(register, name) for name in _HASHED_OF_REGISTER]))
    first, last = registers[0].register_no, registers[-1].register_no
    for register_no, row in _rows(work, first, last):
        if register_no in digests:
            digests[register_no].update(_canonical(row))
    return {register_no: digest.hexdigest() for register_no, digest in digests.items()}


def _rows(work: Work, first: int, last: int) -> Iterator[tuple[int, Sequence[object]]]:
    """Every row written under these registers: table by table, by key, without the columns that may change.

    Empty columns are left out, so that a column that a later release adds leaves old hashes as they are.
    """
    metadata: MetaData = Base.metadata
    for name in sorted(APPEND_ONLY):
        if name not in metadata.tables or name == Register.__tablename__:
            continue
        table = metadata.tables[name]
        columns = [table.c[column] for column in _hashed_columns(name)]
        under = union_all(*_under(metadata, table, columns, first, last)).subquery()
        by_key = select(under).order_by(*(under.c[key.name] for key in table.primary_key.columns))
        for row in work.session.execute(by_key):
            filled = [
                (each.name, value) for each, value in zip(columns, row, strict=False) if value is not None
            ]
            yield row[-1], (name, *filled)


def _under(
    metadata: MetaData, table: Table, columns: Sequence[Column[Any]], first: int, last: int
) -> Iterator[Select[Any]]:
    """The rows under these registers: by the register that a row names, else by that of its parent."""
    own = table.c.get("register_no")
    if own is not None:
        yield select(*columns, own.label("owner")).where(own.between(first, last))
    if table.name in CHILDREN:
        parent = metadata.tables[CHILDREN[table.name].parent]
        query = select(*columns, parent.c.register_no.label("owner"))
        query = query.join(parent, table.c[CHILDREN[table.name].key] == parent.c.id)
        query = query.where(parent.c.register_no.between(first, last))
        yield query if own is None else query.where(own.is_(None))


def _canonical(values: Sequence[object]) -> bytes:
    return json.dumps(values, default=_plain, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _plain(value: object) -> str:
    if isinstance(value, Decimal):
        return format(value.normalize(), "f") if value else "0"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    assert isinstance(value, date), f"{value!r} has no canonical form"
    return value.isoformat()
