"""The general ledger as a list: entries of an account, a period, a document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import ColumnElement, case, func, or_, select

from core.ledgers.general import GLEntry
from core.master.accounts import Account
from core.money import ZERO
from core.work import Work


@dataclass(frozen=True, slots=True)
class GLFilter:
    """Which entries: None and the empty text leave everything in. Dates are posting dates, both included."""

    account_no: str | None = None
    from_date: date | None = None
    to_date: date | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class GLRow:
    """One entry with its account's names. Debit or credit in local currency; the other is None."""

    entry_no: int
    register_no: int
    posting_date: date
    account_no: str
    account_name: str
    account_name_nl: str | None
    document_type: str
    document_no: str
    vendor_document_no: str | None
    description: str
    debit: Decimal | None
    credit: Decimal | None


@dataclass(frozen=True, slots=True)
class GLPage:
    """A stretch of the list, and what the whole list comes to."""

    rows: Sequence[GLRow]
    total: int
    debit: Decimal
    credit: Decimal


def list_gl_entries(work: Work, wanted: GLFilter, limit: int = 60, offset: int = 0) -> GLPage:
    """Entries that fit, the latest first."""
    conditions = _conditions(wanted)
    sums = select(
        func.count(),
        func.sum(case((GLEntry.amount_lcy > 0, GLEntry.amount_lcy), else_=None)),
        func.sum(case((GLEntry.amount_lcy < 0, GLEntry.amount_lcy), else_=None)),
    ).where(*conditions)
    count, debit, credit = work.session.execute(sums).one()
    query = (
        select(GLEntry, Account.name, Account.name_nl)
        .join(Account, Account.account_no == GLEntry.account_no)
        .where(*conditions)
        .order_by(GLEntry.entry_no.desc())
        .limit(limit)
        .offset(offset)
    )
    rows = [_row(entry, name, name_nl) for entry, name, name_nl in work.session.execute(query)]
    return GLPage(rows, count, debit or ZERO, -(credit or ZERO))


def _conditions(wanted: GLFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.account_no is not None:
        conditions.append(GLEntry.account_no == wanted.account_no)
    if wanted.from_date is not None:
        conditions.append(GLEntry.posting_date >= wanted.from_date)
    if wanted.to_date is not None:
        conditions.append(GLEntry.posting_date <= wanted.to_date)
    text = wanted.text.strip()
    if text:
        conditions.append(
            or_(
                GLEntry.document_no == text,
                GLEntry.vendor_document_no == text,
                GLEntry.account_no == text,
                GLEntry.description.icontains(text, autoescape=True),
            )
        )
    return conditions


def _row(entry: GLEntry, account_name: str, account_name_nl: str | None) -> GLRow:
    return GLRow(
        entry_no=entry.entry_no,
        register_no=entry.register_no,
        posting_date=entry.posting_date,
        account_no=entry.account_no,
        account_name=account_name,
        account_name_nl=account_name_nl,
        document_type=entry.document_type,
        document_no=entry.document_no,
        vendor_document_no=entry.vendor_document_no,
        description=entry.description,
        debit=entry.amount_lcy if entry.amount_lcy >= 0 else None,
        credit=-entry.amount_lcy if entry.amount_lcy < 0 else None,
    )
