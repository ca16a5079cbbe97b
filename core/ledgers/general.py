"""The general ledger: amounts on accounts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import BigInteger, ForeignKey, Index, String, func, select
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Amount, Base, BigId
from core.money import ZERO
from core.work import Work


class GLEntry(Base):
    """One amount on an account. Debit positive, credit negative. Never updated, never deleted.

    `line_no` is the posted line it came from; None are amounts of the whole document: payables, and VAT,
    which names its `vat_identifier`. `value_entry_no` links it to the stock value it posts (PO-127).
    """

    __tablename__ = "gl_entry"
    __table_args__ = (
        Index("ix_gl_entry_account_date", "account_no", "posting_date"),
        Index("ix_gl_entry_document", "document_no", "posting_date"),
    )

    entry_no: Mapped[BigId] = mapped_column(autoincrement=False)
    register_no: Mapped[int] = mapped_column(BigInteger, ForeignKey("register.register_no"), index=True)
    transaction_no: Mapped[int] = mapped_column(BigInteger)
    account_no: Mapped[str] = mapped_column(ForeignKey("account.account_no"))
    posting_date: Mapped[date]
    document_date: Mapped[date]
    document_type: Mapped[str] = mapped_column(String(20))
    document_no: Mapped[str] = mapped_column(String(20))
    vendor_document_no: Mapped[str | None] = mapped_column(String(35))
    description: Mapped[str] = mapped_column(String(250))
    amount_lcy: Mapped[Amount]
    line_no: Mapped[int | None]
    source_type: Mapped[str | None] = mapped_column(String(10))
    source_no: Mapped[str | None] = mapped_column(String(20))
    general_business: Mapped[str | None] = mapped_column(String(20))
    general_product: Mapped[str | None] = mapped_column(String(20))
    vat_business: Mapped[str | None] = mapped_column(String(20))
    vat_product: Mapped[str | None] = mapped_column(String(20))
    vat_identifier: Mapped[str | None] = mapped_column(String(20))
    value_entry_no: Mapped[int | None] = mapped_column(BigInteger)
    dimensions: Mapped[str | None] = mapped_column(String(250))


def account_balances(work: Work, until: date | None = None) -> dict[str, Decimal]:
    """The balance of every account that has entries, up to and including a date (PO-22)."""
    query = select(GLEntry.account_no, func.sum(GLEntry.amount_lcy)).group_by(GLEntry.account_no)
    if until is not None:
        query = query.where(GLEntry.posting_date <= until)
    return {account_no: amount or ZERO for account_no, amount in work.session.execute(query)}
