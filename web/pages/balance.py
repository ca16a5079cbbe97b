"""The trial balance of a period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from fastapi.responses import Response

from core.master.company import get_company
from core.master.rights import Right
from core.money import total
from core.reports.trial_balance import TrialBalanceRow, trial_balance
from web.pages.ledger import parse_day
from web.routing import Desk, DeskRequest
from web.view import DeskContext

router = Desk()


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """One account; its `path` leads to the entries of the same period."""

    account_no: str
    name: str
    path: str
    opening: str
    debit: str
    credit: str
    closing: str


@router.page("/ledger/balance", right=Right.LEDGER_READ)
def balance(desk: DeskRequest, since: str = "", until: str = "") -> Response:
    """Opening, debit, credit and closing per account: by default this year to today."""
    with desk.reading() as work:
        first = parse_day(since) or date(work.today.year, 1, 1)
        last = parse_day(until) or work.today
        report = trial_balance(work, first, last)
        currency = get_company(work).local_currency
    debit, credit = total(row.debit for row in report), total(row.credit for row in report)
    return desk.render(
        "balance.html",
        rows=[_row(desk, row, first, last) for row in report],
        since=first.isoformat(),
        until=last.isoformat(),
        currency=currency,
        opening=_amount(desk, total(row.opening for row in report)),
        debit=desk.formats.amount(debit),
        credit=desk.formats.amount(credit),
        closing=_amount(desk, total(row.closing for row in report)),
        is_balanced=debit == credit,
    )


def _row(desk: DeskContext, row: TrialBalanceRow, first: date, last: date) -> BalanceRow:
    return BalanceRow(
        account_no=row.account_no,
        name=desk.in_language(row.name, row.name_nl),
        path=f"/ledger?account={row.account_no}&since={first.isoformat()}&until={last.isoformat()}",
        opening=_amount(desk, row.opening),
        debit=_amount(desk, row.debit),
        credit=_amount(desk, row.credit),
        closing=_amount(desk, row.closing),
    )


def _amount(desk: DeskContext, amount: Decimal) -> str:
    return desk.formats.amount(amount) if amount else "–"
