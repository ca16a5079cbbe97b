"""The customer ledger: a small mirror of the vendor ledger, as far as sales make purchases real (PU-104)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Amount, Base, BigId, Exact


class CustomerEntry(Base):
    """A posted sales invoice. Positive: the customer owes us. In its currency and in local currency."""

    __tablename__ = "customer_entry"
    __table_args__ = (Index("ix_customer_entry_document", "document_no", "posting_date"),)

    entry_no: Mapped[BigId] = mapped_column(autoincrement=False)
    register_no: Mapped[int] = mapped_column(BigInteger, ForeignKey("register.register_no"), index=True)
    transaction_no: Mapped[int] = mapped_column(BigInteger)
    customer_no: Mapped[str] = mapped_column(String(20), index=True)
    posting_group: Mapped[str] = mapped_column(String(20))
    posting_date: Mapped[date]
    document_date: Mapped[date]
    document_type: Mapped[str] = mapped_column(String(20))
    document_no: Mapped[str] = mapped_column(String(20))
    description: Mapped[str] = mapped_column(String(250))
    currency_code: Mapped[str | None] = mapped_column(String(3))
    exchange_rate: Mapped[Decimal | None] = mapped_column(Exact(18, 9))
    amount: Mapped[Amount]
    amount_lcy: Mapped[Amount]
    due_date: Mapped[date]
    open: Mapped[bool]
    dimensions: Mapped[str | None] = mapped_column(String(250))
