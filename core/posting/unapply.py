"""Undoing an application as a whole: both entries are what they were, the payment stays (PO-146)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import func, select

from core.errors import DomainError, refuse
from core.ledgers.application import read_entries, read_entry
from core.ledgers.vendor import DetailedVendorEntry, DetailKind
from core.master.company import get_company
from core.money import ZERO
from core.posting.application import ApplicationSetup, lock_vendor, read_setup
from core.posting.batch import Batch, DetailRow, GLRow, VendorState, Voucher
from core.posting.periods import posting_date_problems
from core.posting.write import write
from core.work import Work


@dataclass(frozen=True, slots=True)
class Unapplied:
    """The register of the undoing, and the entries that are open again."""

    register_no: int
    entry_nos: tuple[int, ...]


def unapply(work: Work, entry_no: int, on: date) -> Unapplied:
    """Undo the latest application of a vendor entry, with its discounts and exchange differences.

    Refuses with `not_applied` when there is none, with `unapply_not_last` when another entry of it was
    applied again later, and with `posting_date_not_allowed`.
    """
    found = read_entry(work, entry_no)
    if found is None:
        raise refuse("not_applied", entry=str(entry_no))
    lock_vendor(work, found.vendor_no)
    application = _latest(work, entry_no)
    if application is None:
        raise refuse("not_applied", entry=found.document_no)
    details = _details(work, application)
    entries = read_entries(work, {detail.vendor_entry_no for detail in details})
    for entry in entries.values():
        if (_latest(work, entry.entry_no) or 0) > application:
            raise refuse("unapply_not_last", entry=entry.document_no)
    problems = posting_date_problems(get_company(work), on)
    if problems:
        raise DomainError(problems)
    setup = read_setup(work, found.currency_code)
    voucher = Voucher(
        document_type=found.document_type,
        posting_date=on,
        document_date=on,
        draws_from=None,
        number=found.document_no,
        source_type="vendor",
        source_no=found.vendor_no,
    )
    batch = Batch(
        source="unapply",
        vouchers=(voucher,),
        general=tuple(_general(details, setup, found.document_no)),
        details=tuple(_opposite(detail) for detail in details),
        vendor_states=tuple(VendorState(no, open=True) for no in sorted(entries)),
        undone_applications=(application,),
    )
    written = write(work, batch)
    return Unapplied(written.register_no, tuple(sorted(entries)))


def _latest(work: Work, entry_no: int) -> int | None:
    """The number of the latest application of an entry that still counts."""
    return work.session.scalar(
        select(func.max(DetailedVendorEntry.application_no)).where(
            DetailedVendorEntry.vendor_entry_no == entry_no, ~DetailedVendorEntry.unapplied
        )
    )


def _details(work: Work, application_no: int) -> Sequence[DetailedVendorEntry]:
    return work.session.scalars(
        select(DetailedVendorEntry)
        .where(DetailedVendorEntry.application_no == application_no, ~DetailedVendorEntry.unapplied)
        .order_by(DetailedVendorEntry.entry_no)
    ).all()


def _opposite(detail: DetailedVendorEntry) -> DetailRow:
    return DetailRow(
        entry=detail.vendor_entry_no,
        vendor_row=None,
        kind=DetailKind(detail.kind),
        amount=-detail.amount,
        amount_lcy=-detail.amount_lcy,
        vendor_no=detail.vendor_no,
        posting_group=detail.posting_group,
        currency_code=detail.currency_code,
        applied_to_entry=detail.applied_to_entry_no,
        application=0,
        unapplies=True,
    )


def _general(
    details: Sequence[DetailedVendorEntry], setup: ApplicationSetup, document_no: str
) -> Iterator[GLRow]:
    """What was moved on the payables of each group, and the discounts and differences (PO-142)."""
    amounts: dict[str | None, Decimal] = defaultdict(Decimal)
    for detail in details:
        amounts[setup.payables[detail.posting_group]] -= detail.amount_lcy
        if detail.kind != DetailKind.APPLICATION:
            amounts[_account(detail, setup)] += detail.amount_lcy
    for account_no, amount in amounts.items():
        if amount != ZERO:
            assert account_no is not None, "the application was posted on this account"
            yield GLRow(account_no=account_no, amount=amount, description=document_no, source_type="vendor")


def _account(detail: DetailedVendorEntry, setup: ApplicationSetup) -> str | None:
    accounts = {
        DetailKind.PAYMENT_DISCOUNT.value: setup.payment_discount.get(detail.posting_group),
        DetailKind.REALIZED_GAIN.value: setup.realized_gain,
        DetailKind.REALIZED_LOSS.value: setup.realized_loss,
    }
    return accounts[detail.kind]
