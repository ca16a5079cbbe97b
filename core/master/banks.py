"""The company's own bank accounts."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base
from core.work import Work


class BankAccount(Base):
    """A bank account of the company. `account_no` is its G/L account; `currency_code` None is local."""

    __tablename__ = "bank_account"

    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    account_no: Mapped[str] = mapped_column(ForeignKey("account.account_no"))
    currency_code: Mapped[str | None] = mapped_column(String(3))
    iban: Mapped[str | None] = mapped_column(String(34))
    bic: Mapped[str | None] = mapped_column(String(11))
    blocked: Mapped[bool] = mapped_column(default=False)


def find_bank(work: Work, code: str) -> BankAccount | None:
    """The bank account with this code."""
    return work.session.get(BankAccount, code)
