"""Foreign currencies and their exchange rates by date (PO-51)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Amount, Base, Rate
from core.master.company import get_company
from core.work import Work


class Currency(Base):
    """A foreign currency. The local one has no row: its rounding is the company's."""

    __tablename__ = "currency"

    code: Mapped[str] = mapped_column(String(3), primary_key=True)
    amount_rounding: Mapped[Amount]
    max_vat_difference: Mapped[Amount | None]
    realized_gain: Mapped[str | None] = mapped_column(ForeignKey("account.account_no"))
    realized_loss: Mapped[str | None] = mapped_column(ForeignKey("account.account_no"))
    unrealized_gain: Mapped[str | None] = mapped_column(ForeignKey("account.account_no"))
    unrealized_loss: Mapped[str | None] = mapped_column(ForeignKey("account.account_no"))


class ExchangeRate(Base):
    """From `from_date` on, `fcy` units of the currency are worth `lcy` units of the local currency."""

    __tablename__ = "exchange_rate"

    currency_code: Mapped[str] = mapped_column(ForeignKey("currency.code"), primary_key=True)
    from_date: Mapped[date] = mapped_column(primary_key=True)
    fcy: Mapped[Rate]
    lcy: Mapped[Rate]


def find_currency(work: Work, code: str) -> Currency | None:
    """The foreign currency with this code."""
    return work.session.get(Currency, code)


def find_exchange_rate(work: Work, currency_code: str, on: date) -> Decimal | None:
    """Local units per foreign unit: the latest rate with a from-date on or before `on`, 9 decimals."""
    row = work.session.scalars(
        select(ExchangeRate)
        .where(ExchangeRate.currency_code == currency_code, ExchangeRate.from_date <= on)
        .order_by(ExchangeRate.from_date.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    return (row.lcy / row.fcy).quantize(Decimal("0.000000001"))


def amount_rounding(work: Work, currency_code: str | None) -> Decimal:
    """The smallest amount of a currency; None is the local one. An unknown one rounds like the local."""
    foreign = find_currency(work, currency_code) if currency_code else None
    return foreign.amount_rounding if foreign else get_company(work).amount_rounding
