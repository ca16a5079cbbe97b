"""The bank ledger: what moved on the company's own bank accounts (PO-10)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Amount, Base, BigId


class BankEntry(Base):
    """One movement on a bank account, in its currency and in local currency; money that leaves is negative.

    `statement_no` and `reconciled` are states.
    """

    __tablename__ = "bank_entry"
    __table_args__ = (Index("ix_bank_entry_document", "document_no", "posting_date"),)

    entry_no: Mapped[BigId] = mapped_column(autoincrement=False)
    register_no: Mapped[int] = mapped_column(BigInteger, ForeignKey("register.register_no"), index=True)
    transaction_no: Mapped[int] = mapped_column(BigInteger)
    bank_code: Mapped[str] = mapped_column(ForeignKey("bank_account.code"), index=True)
    posting_date: Mapped[date]
    document_type: Mapped[str] = mapped_column(String(20))
    document_no: Mapped[str] = mapped_column(String(20))
    description: Mapped[str] = mapped_column(String(250))
    currency_code: Mapped[str | None] = mapped_column(String(3))
    amount: Mapped[Amount]
    amount_lcy: Mapped[Amount]
    statement_no: Mapped[str | None] = mapped_column(String(20))
    reconciled: Mapped[bool]
    source_no: Mapped[str | None] = mapped_column(String(20))
