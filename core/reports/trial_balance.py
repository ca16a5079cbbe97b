"""Trial balance: opening, debit, credit and closing per account for a period (PO-170)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import case, func, select

from core.ledgers.general import GLEntry
from core.master.accounts import list_accounts
from core.money import ZERO
from core.work import Work


@dataclass(frozen=True, slots=True)
class TrialBalanceRow:
    """One account. `opening` and `closing` are debit minus credit; `debit` and `credit` of the period."""

    account_no: str
    name: str
    name_nl: str | None
    kind: str
    opening: Decimal
    debit: Decimal
    credit: Decimal
    closing: Decimal


def trial_balance(work: Work, from_date: date, to_date: date) -> list[TrialBalanceRow]:
    """Every account with a balance or a movement, by number. Opening and closing add up to zero."""
    is_before = GLEntry.posting_date < from_date
    rows = work.session.execute(
        select(
            GLEntry.account_no,
            func.sum(case((is_before, GLEntry.amount_lcy), else_=None)),
            func.sum(case((~is_before & (GLEntry.amount_lcy > 0), GLEntry.amount_lcy), else_=None)),
            func.sum(case((~is_before & (GLEntry.amount_lcy < 0), GLEntry.amount_lcy), else_=None)),
        )
        .where(GLEntry.posting_date <= to_date)
        .group_by(GLEntry.account_no)
    )
    sums = {no: (opening or ZERO, debit or ZERO, credit or ZERO) for no, opening, debit, credit in rows}
    result = []
    for account in list_accounts(work):
        opening, debit, credit = sums.get(account.account_no, (ZERO, ZERO, ZERO))
        if opening == debit == credit == ZERO:
            continue
        result.append(
            TrialBalanceRow(
                account_no=account.account_no,
                name=account.name,
                name_nl=account.name_nl,
                kind=account.kind,
                opening=opening,
                debit=debit,
                credit=-credit,
                closing=opening + debit + credit,
            )
        )
    return result
