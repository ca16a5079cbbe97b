"""Quantity and value of each stock, kept running so that no history has to be added up (PO-22).

It can be made again from the entries, and the reconciliation compares it with them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from core.costing.movement import StockKey
from core.database import Amount, Base, Quantity
from core.money import ZERO
from core.work import Work


class StockBalance(Base):
    """What is there of an item at a location: base units, and actual plus expected cost."""

    __tablename__ = "stock_balance"

    item_no: Mapped[str] = mapped_column(ForeignKey("item.item_no"), primary_key=True)
    location_code: Mapped[str] = mapped_column(String(10), primary_key=True)
    variant_code: Mapped[str] = mapped_column(String(10), primary_key=True)
    quantity: Mapped[Quantity]
    value: Mapped[Amount]


def read_balances(work: Work, item_nos: Collection[str]) -> dict[StockKey, tuple[Decimal, Decimal]]:
    """Quantity and value of every stock of these items."""
    rows = work.session.execute(
        select(
            StockBalance.item_no,
            StockBalance.location_code,
            StockBalance.variant_code,
            StockBalance.quantity,
            StockBalance.value,
        ).where(StockBalance.item_no.in_(item_nos))
    )
    return {
        StockKey(item, location, variant): (quantity, value)
        for item, location, variant, quantity, value in rows
    }


def move_balances(work: Work, changes: Mapping[StockKey, tuple[Decimal, Decimal]]) -> None:
    """Add what a posting moved. The sums are made by the database, under the locks of the posting."""
    rows = [
        {**key._asdict(), "quantity": quantity, "value": value}
        for key, (quantity, value) in sorted(changes.items())
        if quantity != ZERO or value != ZERO
    ]
    if not rows:
        return
    connection = work.session.connection()
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    adding = insert(StockBalance)
    moving = adding.on_conflict_do_update(
        index_elements=[StockBalance.item_no, StockBalance.location_code, StockBalance.variant_code],
        set_={
            "quantity": StockBalance.quantity + adding.excluded.quantity,
            "value": StockBalance.value + adding.excluded.value,
        },
    )
    connection.execute(moving, rows)
