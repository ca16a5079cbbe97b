"""Registers: which entries arose together, by whom, from which document; chained by hash.

A register is opened, takes entries, and is sealed in the same transaction. Sealing refuses G/L entries that
do not add up to zero (`guards.py`), and from then on neither the register nor its entries change.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

from sqlalchemy import BigInteger, Boolean, Integer, MetaData, String, Table, select
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


class EntryNumbers:
    """Hands out the next numbers of every ledger; made under the lock of the counters."""

    def __init__(self, work: Work) -> None:
        """Lock the counters until the end of the transaction."""
        self._work = work
        self._counters: dict[str, LedgerCounter] = {}
        self.next(Register.__tablename__)
        self.register_no = self._counters[Register.__tablename__].last_no

    def next(self, ledger: str) -> int:
        """The next entry number of this ledger."""
        counter = self._counters.get(ledger)
        if counter is None:
            counter = self._counters[ledger] = _locked_counter(self._work, ledger)
        counter.last_no += 1
        return counter.last_no


def _locked_counter(work: Work, ledger: str) -> LedgerCounter:
    query = (
        select(LedgerCounter)
        .where(LedgerCounter.ledger == ledger)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return work.session.scalars(query).one()


def open_register(work: Work, numbers: EntryNumbers, source: str, document_no: str, on: date) -> Register:
    """Begin a register: a row that takes entries until it is sealed."""
    previous = work.session.scalar(
        select(Register.hash).where(Register.register_no == numbers.register_no - 1)
    )
    register = Register(
        register_no=numbers.register_no,
        source=source,
        actor_no=work.actor.user_no,
        actor_name=work.actor.name,
        created_at=work.now,
        posting_date=on,
        document_no=document_no,
        sealed=False,
        previous_hash=previous or GENESIS,
    )
    work.session.add(register)
    work.session.flush()
    return register


def seal(work: Work, register: Register) -> None:
    """Close a register for ever. The database refuses it when the G/L entries do not add up to zero."""
    work.session.flush()
    register.hash = content_hash(work, register)
    register.sealed = True
    work.session.flush()


def content_hash(work: Work, register: Register) -> str:
    """What the hash of a register must be, from the rows that are stored now."""
    digest = hashlib.sha256(register.previous_hash.encode())
    header = (
        register.register_no,
        register.source,
        register.actor_no,
        register.actor_name,
        register.created_at,
        register.posting_date,
        register.document_no,
    )
    digest.update(_canonical(header))
    for row in _rows(work, register.register_no):
        digest.update(_canonical(row))
    return digest.hexdigest()


def _rows(work: Work, register_no: int) -> Iterator[Sequence[object]]:
    """Every row written under a register: table by table, by key, without the columns that may change.

    Empty columns are left out, so that a column that a later release adds leaves old hashes as they are.
    """
    metadata: MetaData = Base.metadata
    for name in sorted(APPEND_ONLY):
        if name not in metadata.tables or name == Register.__tablename__:
            continue
        table = metadata.tables[name]
        columns = [column for column in table.columns if column.name not in APPEND_ONLY[name]]
        query = select(*columns).order_by(*table.primary_key.columns)
        if name in CHILDREN:
            parent: Table = metadata.tables[CHILDREN[name].parent]
            query = query.join(parent, table.c[CHILDREN[name].key] == parent.c.id)
            query = query.where(parent.c.register_no == register_no)
        else:
            query = query.where(table.c.register_no == register_no)
        for row in work.session.execute(query):
            filled = [
                (column.name, value) for column, value in zip(columns, row, strict=True) if value is not None
            ]
            yield (name, *filled)


def _canonical(values: Sequence[object]) -> bytes:
    return json.dumps(values, default=_plain, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _plain(value: object) -> str:
    if isinstance(value, Decimal):
        return format(value.normalize(), "f") if value else "0"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    assert isinstance(value, date), f"{value!r} has no canonical form"
    return value.isoformat()
