"""The declarative base and the kinds of column: each kind of number is named once."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any

from sqlalchemy import BigInteger, DateTime, Dialect, Engine, Integer, MetaData, Numeric, create_engine, event
from sqlalchemy.orm import DeclarativeBase, mapped_column
from sqlalchemy.types import TypeDecorator, TypeEngine

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Every table of the product: one metadata, so that one migration history describes it."""

    metadata = MetaData(naming_convention=NAMING)


class Exact(TypeDecorator[Decimal]):
    """An exact decimal: NUMERIC on PostgreSQL, a scaled integer on SQLite, whose own NUMERIC is a float.

    A value with more decimals than the column holds is a program error: `core/money.py` rounds.
    """

    impl = Numeric
    cache_ok = True

    def __init__(self, precision: int, scale: int) -> None:
        super().__init__(precision, scale)
        self.scale = scale
        self.precision = precision

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """NUMERIC where the database is exact, BIGINT where it is not."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(BigInteger())
        return dialect.type_descriptor(Numeric(self.precision, self.scale))

    def process_bind_param(self, value: Decimal | int | None, dialect: Dialect) -> Any:
        """Decimal to what the database keeps."""
        if value is None:
            return None
        exact = Decimal(value)
        scaled = exact.scaleb(self.scale)
        assert scaled == scaled.to_integral_value(), f"{value} has more than {self.scale} decimals"
        return int(scaled) if dialect.name == "sqlite" else exact

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """What the database keeps to Decimal, always with the scale of the column."""
        if value is None:
            return None
        if dialect.name == "sqlite":
            return Decimal(int(value)).scaleb(-self.scale)
        return Decimal(value).quantize(Decimal(1).scaleb(-self.scale))


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, always with its zone in Python and always UTC in the database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """An aware moment to UTC; SQLite keeps it without zone."""
        if value is None:
            return None
        assert value.tzinfo is not None, "a moment without zone cannot be stored"
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Back as an aware moment in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Amount = Annotated[Decimal, mapped_column(Exact(19, 4))]  # 4: some currencies have 3 decimals
UnitCost = Annotated[Decimal, mapped_column(Exact(19, 5))]
Quantity = Annotated[Decimal, mapped_column(Exact(19, 5))]
Percent = Annotated[Decimal, mapped_column(Exact(9, 5))]
Rate = Annotated[Decimal, mapped_column(Exact(18, 9))]
Moment = Annotated[datetime, mapped_column(UtcDateTime())]
BigId = Annotated[int, mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)]


def make_engine(url: str) -> Engine:
    """An engine for SQLite or PostgreSQL with the settings that the product relies on.

    SQLite: WAL, foreign keys on, and transactions that this code begins itself (`core/work.py`), because the
    driver's own late BEGIN would let two writers read the same counter.
    """
    engine = create_engine(url, pool_pre_ping=not url.startswith("sqlite"))
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
