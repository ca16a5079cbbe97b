"""Quantity and value of each stock, kept running so that no history has to be added up (PO-22).

It can be made again from the entries, and the reconciliation compares it with them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal

from sqlalchemy import ForeignKey, String, select, update
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
    for key, (quantity, value) in sorted(changes.items()):
        if quantity == ZERO and value == ZERO:
            continue
        moved = work.session.execute(
            update(StockBalance)
            .where(
                StockBalance.item_no == key.item_no,
                StockBalance.location_code == key.location_code,
                StockBalance.variant_code == key.variant_code,
            )
            .values(quantity=StockBalance.quantity + quantity, value=StockBalance.value + value)
            .returning(StockBalance.item_no)
            .execution_options(synchronize_session=False)
        ).all()
        if not moved:
            work.session.add(StockBalance(**key._asdict(), quantity=quantity, value=value))
            work.session.flush()
