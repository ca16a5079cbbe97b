"""Reconciliation: the entries prove that the books hold, or name the first row that does not (PO-11).

Subledgers are compared with their control accounts per transaction, which is stronger than comparing
balances: two mistakes cannot cancel out, and the first wrong transaction has a name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from sqlalchemy import ColumnElement, Select, and_, case, func, select
from sqlalchemy.orm import InstrumentedAttribute

from core.database import Base
from core.ledgers import bank, customer  # noqa: F401 - every numbered table must be known, whoever asks
from core.ledgers.general import GLEntry
from core.ledgers.guards import NUMBERED
from core.ledgers.register import GENESIS, LedgerCounter, Register, content_hashes
from core.ledgers.vat import VatEntry
from core.ledgers.vendor import DetailedVendorEntry, VendorEntry
from core.master.accounts import Account, Control
from core.master.number_series import NumberSeriesLine, Purpose, SeriesUse, next_after
from core.master.posting_groups import VendorPostingGroup
from core.master.vat import Calculation
from core.money import ZERO
from core.purchasing.posted import PostedDocument, PostedLine, PostedReceipt
from core.reports.difference import (
    Difference,
    account_balances,
    compared,
    control_by_transaction,
    shown,
    sums,
)
from core.reports.stock_reconciliation import verify_stock
from core.work import Work

__all__ = ["Difference", "verify_books"]

REGISTERS_AT_A_TIME = 500


def verify_books(work: Work) -> list[Difference]:
    """Every difference in the books; an empty list proves PO-2, PO-5 to PO-9, numbers and the hash chain."""
    return [
        *_registers(work),
        *_entry_numbers(work),
        *_balanced(work),
        *_payables(work),
        *_vat(work),
        *_control_balances(work),
        *verify_stock(work),
        *_open_vendor_entries(work),
        *_posted_documents(work),
        *_posted_numbers(work),
    ]


def _registers(work: Work) -> Iterator[Difference]:
    """Registers without gap, sealed, each with the hash of what it holds and of the one before."""
    previous, expected_no = GENESIS, 1
    while True:
        registers = work.session.scalars(
            select(Register)
            .where(Register.register_no >= expected_no)
            .order_by(Register.register_no)
            .limit(REGISTERS_AT_A_TIME)
        ).all()
        if not registers:
            return
        hashes = content_hashes(work, registers)
        for register in registers:
            row = f"register {register.register_no}"
            if register.register_no != expected_no:
                yield Difference("register_numbers", "register", str(expected_no), row, row)
            if not register.sealed:
                yield Difference("register_sealed", row, "sealed", "open", row)
            elif register.previous_hash != previous or register.hash != hashes[register.register_no]:
                yield Difference("hash_chain", row, hashes[register.register_no], register.hash or "", row)
            previous, expected_no = register.hash or "", register.register_no + 1


def _entry_numbers(work: Work) -> Iterator[Difference]:
    """Entry numbers from 1 without gap, up to the counter of the ledger (PO-5)."""
    for name in NUMBERED:
        table = Base.metadata.tables[name]
        key = next(iter(table.primary_key.columns))
        count, last = work.session.execute(select(func.count(), func.max(key))).one()
        counter = work.session.scalar(select(LedgerCounter.last_no).where(LedgerCounter.ledger == name)) or 0
        if count != counter or (last or 0) != counter:
            missing = _first_missing(work, key, counter)
            yield Difference("entry_numbers", name, str(counter), str(count), f"{name} {missing}")


def _first_missing(work: Work, key: ColumnElement[int], counter: int) -> int:
    for expected, number in enumerate(work.session.scalars(select(key).order_by(key)), start=1):
        if number != expected:
            return expected
    return counter


def _balanced(work: Work) -> Iterator[Difference]:
    """Every transaction sums to zero (PO-2)."""
    rows = work.session.execute(
        select(GLEntry.transaction_no, func.sum(GLEntry.amount_lcy), func.min(GLEntry.entry_no))
        .group_by(GLEntry.transaction_no)
        .having(func.sum(GLEntry.amount_lcy) != ZERO)
        .order_by(GLEntry.transaction_no)
    )
    for transaction_no, amount, entry_no in rows:
        yield Difference("PO-2", f"transaction {transaction_no}", "0", shown(amount), f"gl_entry {entry_no}")


def _payables(work: Work) -> Iterator[Difference]:
    """Vendor entries and payables accounts, transaction by transaction (PO-6)."""
    subledger = select(DetailedVendorEntry.transaction_no, func.sum(DetailedVendorEntry.amount_lcy)).group_by(
        DetailedVendorEntry.transaction_no
    )
    yield from compared(work, "PO-6", sums(work, subledger), control_by_transaction(work, Control.VENDORS))


def _vat(work: Work) -> Iterator[Difference]:
    """VAT entries and VAT accounts per transaction and setup; reverse charge nets to zero (PO-8)."""
    amount = case(
        (VatEntry.calculation == Calculation.REVERSE_CHARGE, -VatEntry.nondeductible_amount),
        else_=VatEntry.amount,
    )
    keys = (VatEntry.transaction_no, VatEntry.vat_business, VatEntry.vat_product)
    entries = {
        f"transaction {row[0]}, {row[1]} / {row[2]}": row[3] or ZERO
        for row in work.session.execute(select(*keys, func.sum(amount)).group_by(*keys))
    }
    gl_keys = (GLEntry.transaction_no, GLEntry.vat_business, GLEntry.vat_product)
    accounts = {
        f"transaction {row[0]}, {row[1]} / {row[2]}": row[3] or ZERO
        for row in work.session.execute(
            select(*gl_keys, func.sum(GLEntry.amount_lcy))
            .join(Account, Account.account_no == GLEntry.account_no)
            .where(Account.control == Control.VAT)
            .group_by(*gl_keys)
        )
    }
    yield from compared(work, "PO-8", entries, accounts)


def _control_balances(work: Work) -> Iterator[Difference]:
    """Each payables account and the groups that lead to it, by balance (PO-6)."""
    vendors = _per_group(work, DetailedVendorEntry.posting_group, DetailedVendorEntry.amount_lcy)
    payables = {
        group.code: group.payables for group in work.session.scalars(select(VendorPostingGroup)).all()
    }
    yield from account_balances(work, "PO-6", vendors, payables)


def _per_group(
    work: Work,
    group: InstrumentedAttribute[str] | InstrumentedAttribute[str | None],
    amount: InstrumentedAttribute[Decimal],
) -> dict[str, Decimal]:
    rows = work.session.execute(select(group, func.sum(amount)).where(group.is_not(None)).group_by(group))
    return {str(code): value or ZERO for code, value in rows}


def _open_vendor_entries(work: Work) -> Iterator[Difference]:
    """A vendor entry is open exactly while something of it remains."""
    amount = func.sum(DetailedVendorEntry.amount)
    rows = work.session.execute(
        select(VendorEntry.entry_no, VendorEntry.open, amount)
        .join(DetailedVendorEntry, DetailedVendorEntry.vendor_entry_no == VendorEntry.entry_no)
        .group_by(VendorEntry.entry_no, VendorEntry.open)
        .order_by(VendorEntry.entry_no)
    )
    for entry_no, is_open, remaining in rows:
        if is_open != (remaining != ZERO):
            row = f"vendor_entry {entry_no}"
            yield Difference("vendor_open", row, shown(remaining), "open" if is_open else "closed", row)


def _posted_documents(work: Work) -> Iterator[Difference]:
    """A posted document is the sum of its lines, and its vendor entry began with its total."""
    lines = (
        select(PostedLine.document_id, func.sum(PostedLine.gross).label("gross"))
        .group_by(PostedLine.document_id)
        .subquery()
    )
    initial = case(
        (PostedDocument.kind == "invoice", -DetailedVendorEntry.amount), else_=DetailedVendorEntry.amount
    )
    rows = work.session.execute(
        select(PostedDocument.posted_no, PostedDocument.total_gross, lines.c.gross, initial)
        .outerjoin(lines, lines.c.document_id == PostedDocument.id)
        .outerjoin(
            DetailedVendorEntry,
            and_(
                DetailedVendorEntry.register_no == PostedDocument.register_no,
                DetailedVendorEntry.kind == "initial",
            ),
        )
        .order_by(PostedDocument.id)
    )
    for posted_no, gross, of_lines, owed in rows:
        for actual in (of_lines, owed):
            if actual != gross:
                row = f"posted_document {posted_no}"
                seen = "–" if actual is None else shown(actual)
                yield Difference("posted_totals", row, shown(gross), seen, row)


def _posted_numbers(work: Work) -> Iterator[Difference]:
    """Posted numbers are gapless per series (PO-163)."""
    used: Mapping[Purpose, Select[str]] = {
        Purpose.POSTED_INVOICE: select(PostedDocument.posted_no).where(PostedDocument.kind == "invoice"),
        Purpose.POSTED_CREDIT_MEMO: select(PostedDocument.posted_no).where(
            PostedDocument.kind == "credit_memo"
        ),
        Purpose.RECEIPT: select(PostedReceipt.receipt_no),
    }
    uses = dict[str, str]()
    for use in work.session.scalars(select(SeriesUse)):
        uses[use.purpose] = use.series_code
    shared = [code for code in uses.values() if list(uses.values()).count(code) > 1]
    for purpose, query in used.items():
        code = uses.get(purpose.value)
        if code is None or code in shared:
            continue  # a draft that keeps its number may be deleted (PO-164)
        numbers = set(work.session.scalars(query))
        for line in work.session.scalars(
            select(NumberSeriesLine).where(NumberSeriesLine.series_code == code)
        ):
            missing = next((number for number in _given(line) if number not in numbers), None)
            if missing is not None:
                yield Difference("posted_numbers", code, missing, "–", f"number_series_line {code}")


def _given(line: NumberSeriesLine) -> Iterator[str]:
    """Every number that a line of a series has given."""
    if line.last_no_used is None:
        return
    number = line.starting_no
    while True:
        yield number
        if number == line.last_no_used or len(number) > len(line.last_no_used):
            return
        number = next_after(number, line.increment)
