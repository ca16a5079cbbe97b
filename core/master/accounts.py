"""The chart of accounts: what can be posted to, and which accounts only posting routines may touch."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from sqlalchemy import Boolean, CheckConstraint, String, select
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base
from core.work import Work


class AccountKind(StrEnum):
    """Where the balance of an account ends: on the balance sheet or in the result."""

    BALANCE = "balance"
    INCOME = "income"


class Control(StrEnum):
    """The subledger that an account adds up. Such an account never takes direct postings (PO-20)."""

    NONE = "none"
    VENDORS = "vendors"
    CUSTOMERS = "customers"
    VAT = "vat"
    INVENTORY = "inventory"
    INVENTORY_INTERIM = "inventory_interim"


class Account(Base):
    """A G/L account. A heading only groups others in reports and takes no postings."""

    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint("kind IN ('balance', 'income')", name="kind"),
        CheckConstraint("control = 'none' OR NOT direct_posting", name="control_has_no_direct_posting"),
    )

    account_no: Mapped[str] = mapped_column(String(20), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    name_nl: Mapped[str | None] = mapped_column(String(100))
    kind: Mapped[str] = mapped_column(String(10))
    control: Mapped[str] = mapped_column(String(20), default=Control.NONE.value)
    is_heading: Mapped[bool] = mapped_column(Boolean, default=False)
    blocked: Mapped[bool] = mapped_column(Boolean, default=False)
    direct_posting: Mapped[bool] = mapped_column(Boolean, default=True)
    general_product: Mapped[str | None] = mapped_column(String(20))
    vat_product: Mapped[str | None] = mapped_column(String(20))

    def name_in(self, language: str) -> str:
        """The name in this language, or the English one."""
        return self.name_nl if language == "nl" and self.name_nl else self.name

    @property
    def is_usable(self) -> bool:
        """Whether a document line may name this account (PU-28, PO-132)."""
        return not self.blocked and not self.is_heading and self.direct_posting


def find_account(work: Work, account_no: str) -> Account | None:
    """The account with this number."""
    return work.session.get(Account, account_no)


def list_accounts(work: Work) -> list[Account]:
    """All accounts by number."""
    return list(work.session.scalars(select(Account).order_by(Account.account_no)))


def find_accounts(work: Work, text: str, limit: int = 20) -> list[Account]:
    """Accounts that a line may name, whose number starts with `text` or whose name contains it."""
    wanted = text.strip().casefold()
    found = (
        account
        for account in list_accounts(work)
        if account.is_usable
        and (
            account.account_no.casefold().startswith(wanted)
            or wanted in account.name.casefold()
            or wanted in (account.name_nl or "").casefold()
        )
    )
    return [account for account, _ in zip(found, range(limit), strict=False)]


def accounts_by_no(work: Work, numbers: Iterable[str]) -> dict[str, Account]:
    """The existing ones of these accounts."""
    rows = work.session.scalars(select(Account).where(Account.account_no.in_(set(numbers))))
    return {account.account_no: account for account in rows}
