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

from sqlalchemy import BigInteger, Boolean, Integer, MetaData, String, select
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
    return content_hashes(work, [register])[register.register_no]


def content_hashes(work: Work, registers: Sequence[Register]) -> dict[int, str]:
    """The same for registers that follow one another, in one go per table."""
    digests = {}
    for register in registers:
        digest = digests[register.register_no] = hashlib.sha256(register.previous_hash.encode())
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
        columns = [column for column in table.columns if column.name not in APPEND_ONLY[name]]
        names = [column.name for column in columns]
        owner = table
        query = select(*columns)
        if name in CHILDREN:
            owner = metadata.tables[CHILDREN[name].parent]
            query = query.join(owner, table.c[CHILDREN[name].key] == owner.c.id)
        query = query.add_columns(owner.c.register_no)
        query = query.where(owner.c.register_no.between(first, last)).order_by(*table.primary_key.columns)
        for row in work.session.execute(query):
            filled = [(column, value) for column, value in zip(names, row, strict=False) if value is not None]
            yield row[-1], (name, *filled)


def _canonical(values: Sequence[object]) -> bytes:
    return json.dumps(values, default=_plain, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _plain(value: object) -> str:
    if isinstance(value, Decimal):
        return format(value.normalize(), "f") if value else "0"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    assert isinstance(value, date), f"{value!r} has no canonical form"
    return value.isoformat()
