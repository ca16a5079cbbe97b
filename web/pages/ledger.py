"""The ledger: G/L entries with filters, and the trial balance; each entry leads to its page (ux.md §5.6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends
from fastapi.responses import Response

from core.master.accounts import list_accounts
from core.master.company import get_company
from core.master.rights import Right
from core.reports.gl_entries import GLFilter, GLRow, list_gl_entries
from web.errors import not_found
from web.routing import Desk, DeskRequest
from web.view import DeskContext

router = Desk()
ROWS = 100
LINKED_TYPES = ("invoice", "credit_memo")


def make_filter(account: str = "", since: str = "", until: str = "", search: str = "") -> GLFilter:
    """The filter from an address; a date that is none is a page that is not there."""
    return GLFilter(account.strip() or None, parse_day(since), parse_day(until), search)


AskedFilter = Annotated[GLFilter, Depends(make_filter)]


@dataclass(frozen=True, slots=True)
class EntryView:
    """One entry. `path` leads to the posted document with this entry shown on its page."""

    entry_no: int
    posting_date: str
    account_no: str
    account_name: str
    account_path: str
    document_no: str
    description: str
    debit: str
    credit: str
    path: str
    register_no: int


@router.page("/ledger", right=Right.LEDGER_READ)
def ledger(desk: DeskRequest, wanted: AskedFilter, start: int = 0) -> Response:
    """G/L entries, the latest first."""
    with desk.reading() as work:
        listed = list_gl_entries(work, wanted, ROWS, max(0, start))
        accounts = [(account.account_no, account.name_in(desk.language)) for account in list_accounts(work)]
        currency = get_company(work).local_currency
    shown = max(0, start) + len(listed.rows)
    return desk.render(
        "ledger.html",
        rows=_entries(desk, listed.rows),
        total=listed.total,
        debit=desk.formats.amount(listed.debit),
        credit=desk.formats.amount(listed.credit),
        is_whole=wanted.account_no is None and not wanted.text.strip(),
        accounts=accounts,
        wanted=wanted,
        currency=currency,
        shown=shown,
        next_path=_path(wanted, shown) if shown < listed.total else "",
        before_path=_path(wanted, max(0, start - ROWS)) if start > 0 else "",
    )


def _entries(desk: DeskContext, rows: Sequence[GLRow]) -> list[EntryView]:
    formats = desk.formats
    return [
        EntryView(
            entry_no=row.entry_no,
            posting_date=formats.date(row.posting_date),
            account_no=row.account_no,
            account_name=desk.in_language(row.account_name, row.account_name_nl),
            account_path=f"/ledger?{urlencode({'account': row.account_no})}",
            document_no=row.document_no,
            description=row.description,
            debit="" if row.debit is None else formats.amount(row.debit),
            credit="" if row.credit is None else formats.amount(row.credit),
            path=f"/invoices/{row.document_no}?entry={row.entry_no}"
            if row.document_type in LINKED_TYPES
            else "",
            register_no=row.register_no,
        )
        for row in rows
    ]


def _path(wanted: GLFilter, start: int) -> str:
    values = {
        "account": wanted.account_no or "",
        "since": wanted.from_date.isoformat() if wanted.from_date else "",
        "until": wanted.to_date.isoformat() if wanted.to_date else "",
        "search": wanted.text,
        "start": str(start) if start else "",
    }
    kept = {name: value for name, value in values.items() if value}
    return "/ledger" + (f"?{urlencode(kept)}" if kept else "")


def parse_day(text: str) -> date | None:
    """A date of an address; None for none. A text that is no date is a page that is not there."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise not_found(text) from error
