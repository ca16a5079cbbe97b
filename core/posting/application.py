"""Applying a payment or credit memo to what it settles: both entries shrink by the same amount (PO §6.1).

`compose_application` is pure. A posting that makes its own source entry (a payment, a credit memo) puts the
rows into its batch; `apply_entries` applies a source that was posted earlier.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from core.errors import DomainError, Problem, Term, refuse
from core.ledgers.application import OpenEntry, find_entry_of, oldest_first, read_entries, read_entry
from core.ledgers.vendor import DetailKind
from core.master.company import get_company
from core.master.currencies import find_currency
from core.master.posting_groups import VendorPostingGroup
from core.master.vendors import Vendor
from core.money import ZERO, round_to
from core.posting.batch import Batch, DetailRow, GLRow, VendorState, Voucher
from core.posting.periods import posting_date_problems
from core.posting.write import write
from core.work import Work

OLDEST = "oldest"
"""Instead of a list of targets: the open invoices in the order in which they fall due (PO-145)."""


@dataclass(frozen=True, slots=True)
class ApplyTo:
    """An entry to settle, by its number or by the document it belongs to, and how much of it at most.

    `amount` is positive, in the entry's currency; None takes as much as there is.
    """

    document_no: str | None = None
    entry_no: int | None = None
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """An entry that is to be settled; `entry` is None when there is none of that number."""

    entry: OpenEntry | None
    amount: Decimal | None
    name: str


@dataclass(frozen=True, slots=True)
class Source:
    """The payment or credit memo that settles: a posted entry, or a vendor row of the batch being composed.

    What is left of it is positive, in its currency and in local currency; for a refund or an invoice that
    settles a credit memo it is negative. `posting_date` decides whether a payment earns a discount (PO-141).
    """

    vendor_no: str
    posting_group: str
    document_type: str
    posting_date: date
    currency_code: str | None
    rate: Decimal
    remaining: Decimal
    remaining_lcy: Decimal
    entry_no: int | None = None
    vendor_row: int | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class ApplicationSetup:
    """The accounts that applying can touch, by vendor posting group, and of the currency."""

    cent: Decimal
    payables: Mapping[str, str | None]
    payment_discount: Mapping[str, str | None]
    realized_gain: str | None = None
    realized_loss: str | None = None


@dataclass(slots=True)
class Application:
    """The rows that applying adds to a batch, and whether the source is still open after it.

    `source_closed_by` is the entry that used up the last of a source row.
    """

    details: list[DetailRow] = field(default_factory=list)
    general: list[GLRow] = field(default_factory=list)
    states: list[VendorState] = field(default_factory=list)
    source_open: bool = True
    source_closed_by: int | None = None
    remaining: Decimal = ZERO
    applied: dict[int, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Applied:
    """What an application of posted entries came to: how much of each entry, and what the source keeps."""

    register_no: int
    amounts: Mapping[int, Decimal]
    remaining: Decimal


def apply_entries(work: Work, source_entry_no: int, to: str | Sequence[ApplyTo], on: date) -> Applied:
    """Apply a posted payment or credit memo to open entries of the same vendor and currency (PO-140).

    Targets are served in their order while the source lasts. A discount counts with the date of the payment
    (PO-141). Refuses with `apply_entry_closed`, `apply_amount_too_large`, `posting_date_not_allowed`,
    `vendor_blocked`, `posting_setup_missing`.
    """
    found = read_entry(work, source_entry_no)
    if found is None:
        raise refuse("apply_entry_closed", entry=str(source_entry_no))
    lock_vendor(work, found.vendor_no)
    found = read_entry(work, source_entry_no)
    assert found is not None, "vendor entries are never deleted"
    if not found.is_open:
        raise refuse("apply_entry_closed", entry=found.document_no)
    source = source_of(found)
    targets = read_targets(work, to, source)
    setup = read_setup(work, found.currency_code)
    problems = [*posting_date_problems(get_company(work), on), *target_problems(source, targets)]
    if problems:
        raise DomainError(problems)
    application = compose_application(source, targets, setup)
    if not application.details:
        raise refuse("nothing_to_apply", document=found.document_no)
    if application.source_open:
        states = application.states
    else:
        closed = VendorState(found.entry_no, open=False, closed_by_entry=application.source_closed_by)
        states = [*application.states, closed]
    written = write(
        work,
        Batch(
            source="application",
            vouchers=(_voucher(found, on),),
            general=tuple(application.general),
            details=tuple(application.details),
            vendor_states=tuple(states),
        ),
    )
    return Applied(written.register_no, application.applied, application.remaining)


def _voucher(source: OpenEntry, on: date) -> Voucher:
    """The rows of a later application bear the number of the document that is applied (PO-15)."""
    return Voucher(
        document_type=source.document_type,
        posting_date=on,
        document_date=on,
        draws_from=None,
        number=source.document_no,
        source_type="vendor",
        source_no=source.vendor_no,
    )


def lock_vendor(work: Work, vendor_no: str) -> Vendor | None:
    """Lock a vendor's card, so that nobody applies the same entries at the same moment (PO-161, PO-166)."""
    return work.session.scalar(
        select(Vendor)
        .where(Vendor.vendor_no == vendor_no)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )


def source_of(entry: OpenEntry) -> Source:
    """A posted entry as a source."""
    return Source(
        vendor_no=entry.vendor_no,
        posting_group=entry.posting_group,
        document_type=entry.document_type,
        posting_date=entry.posting_date,
        currency_code=entry.currency_code,
        rate=entry.rate,
        remaining=entry.remaining,
        remaining_lcy=entry.remaining_lcy,
        entry_no=entry.entry_no,
        name=entry.document_no,
    )


def read_targets(work: Work, to: str | Sequence[ApplyTo], source: Source) -> tuple[Target, ...]:
    """The entries that are meant, in their order, with what is left of each now."""
    if isinstance(to, str):
        assert to == OLDEST, f"unknown order {to}"
        oldest = oldest_first(work, source.vendor_no, source.currency_code)
        return tuple(Target(entry, None, entry.document_no) for entry in oldest)
    numbers = [_entry_no(work, wanted, source) for wanted in to]
    entries = read_entries(work, [number for number in numbers if number is not None])
    targets = []
    for wanted, number in zip(to, numbers, strict=True):
        entry = entries.get(number) if number is not None else None
        name = entry.document_no if entry else wanted.document_no or str(wanted.entry_no)
        targets.append(Target(entry, wanted.amount, name))
    return tuple(targets)


def entry_targets(work: Work, wanted: Sequence[tuple[int, Decimal | None]]) -> tuple[Target, ...]:
    """Entries by number, each with the amount to settle at most."""
    entries = read_entries(work, [entry_no for entry_no, _ in wanted])
    targets = []
    for entry_no, amount in wanted:
        entry = entries.get(entry_no)
        targets.append(Target(entry, amount, entry.document_no if entry else str(entry_no)))
    return tuple(targets)


def _entry_no(work: Work, wanted: ApplyTo, source: Source) -> int | None:
    if wanted.entry_no is not None:
        return wanted.entry_no
    assert wanted.document_no is not None, "neither an entry nor a document is named"
    number = wanted.document_no.strip().upper()
    return find_entry_of(work, number, vendor_no=source.vendor_no) or find_entry_of(work, number)


def read_setup(work: Work, currency_code: str | None) -> ApplicationSetup:
    """The accounts for applying entries of one currency."""
    groups = list(work.session.scalars(select(VendorPostingGroup)))
    currency = find_currency(work, currency_code) if currency_code else None
    return ApplicationSetup(
        cent=get_company(work).cent,
        payables={group.code: group.payables for group in groups},
        payment_discount={group.code: group.payment_discount for group in groups},
        realized_gain=currency.realized_gain if currency else None,
        realized_loss=currency.realized_loss if currency else None,
    )


def target_problems(source: Source, targets: Sequence[Target]) -> list[Problem]:
    """Why these entries cannot be settled by this source (check 18, PU-137, PO-140)."""
    problems: list[Problem] = []
    seen: set[int] = set()
    for target in targets:
        entry = target.entry
        if entry is None or entry.entry_no in seen or not _fits(source, entry):
            problems.append(Problem("apply_entry_closed", {"entry": target.name}, field="applies_to"))
            continue
        seen.add(entry.entry_no)
        if target.amount is not None and not ZERO < target.amount <= abs(entry.remaining):
            values = {"entry": target.name, "amount": abs(entry.remaining)}
            problems.append(Problem("apply_amount_too_large", values, field="applies_to"))
    return problems


def _fits(source: Source, entry: OpenEntry) -> bool:
    """Whether an entry is open, of the same vendor and currency, and on the other side of the account."""
    same_side = entry.remaining * source.remaining > ZERO
    return (
        entry.is_open
        and not same_side
        and entry.vendor_no == source.vendor_no
        and entry.currency_code == source.currency_code
        and entry.entry_no != source.entry_no
    )


def compose_application(
    source: Source, targets: Sequence[Target], setup: ApplicationSetup, *, voucher: int = 0
) -> Application:
    """Serve the targets in their order while the source lasts. They have passed `target_problems`.

    Raises `posting_setup_missing` when a discount or an exchange difference has no account.
    """
    application = Application(remaining=source.remaining, source_open=source.remaining != ZERO)
    left = source
    for target in targets:
        assert target.entry is not None, "checked before"
        if left.remaining == ZERO:
            break
        left = _Step(left, target.entry, target.amount, setup, voucher, application).take()
    application.remaining = left.remaining
    application.source_open = left.remaining != ZERO
    return application


@dataclass(frozen=True, slots=True)
class _Step:
    """One target meets what is left of the source."""

    source: Source
    entry: OpenEntry
    limit: Decimal | None
    setup: ApplicationSetup
    voucher: int
    application: Application

    def take(self) -> Source:
        """Add the rows of this target and return what is left of the source."""
        discount = self._discount()
        source = self._with_discount(discount) if discount != ZERO else self.source
        sign = 1 if source.remaining > ZERO else -1
        most = abs(self.entry.remaining) if self.limit is None else self.limit
        if discount != ZERO:
            most = abs(self.entry.remaining)
        closed = sign * min(abs(source.remaining), most)
        paid_lcy = _closed_lcy(closed, source.remaining, source.remaining_lcy, source.rate, self.setup.cent)
        entry_lcy = _closed_lcy(
            -closed, self.entry.remaining, self.entry.remaining_lcy, self.entry.rate, self.setup.cent
        )
        self._detail(self._source_ref(), DetailKind.APPLICATION, -closed, -paid_lcy, source.posting_group)
        self._detail(self._entry_ref(), DetailKind.APPLICATION, closed, paid_lcy, self.entry.posting_group)
        self._move_between_groups(paid_lcy)
        self._exchange_difference(-entry_lcy - paid_lcy)
        left = replace(
            source, remaining=source.remaining - closed, remaining_lcy=source.remaining_lcy - paid_lcy
        )
        self._states(closed, left)
        return left

    def _discount(self) -> Decimal:
        """The payment discount that is earned: by a payment in time that covers all the rest (PO-141)."""
        entry, source = self.entry, self.source
        if source.document_type != "payment" or entry.document_type != "invoice":
            return ZERO
        in_time = entry.discount_date is not None and source.posting_date <= entry.discount_date
        owed = -entry.remaining - entry.discount_amount
        offered = source.remaining if self.limit is None else min(source.remaining, self.limit)
        covers = in_time and owed > ZERO and offered >= owed
        return entry.discount_amount if covers else ZERO

    def _with_discount(self, discount: Decimal) -> Source:
        """The payment counts for the discount too; it is valued at the payment's rate (PO-142)."""
        source, setup = self.source, self.setup
        discount_lcy = round_to(discount * source.rate, setup.cent)
        account = setup.payment_discount.get(source.posting_group)
        self._detail(
            self._source_ref(), DetailKind.PAYMENT_DISCOUNT, discount, discount_lcy, source.posting_group
        )
        self._both_sides(account, "payment_discount", discount_lcy, source.posting_group)
        return replace(
            source, remaining=source.remaining + discount, remaining_lcy=source.remaining_lcy + discount_lcy
        )

    def _exchange_difference(self, difference: Decimal) -> None:
        """What the closed part was booked at, less what was paid for it; a gain is positive (PO-53)."""
        if difference == ZERO:
            return
        is_gain = difference > ZERO
        kind = DetailKind.REALIZED_GAIN if is_gain else DetailKind.REALIZED_LOSS
        account = self.setup.realized_gain if is_gain else self.setup.realized_loss
        self._detail(self._entry_ref(), kind, ZERO, difference, self.entry.posting_group)
        self._both_sides(account, kind.value, difference, self.entry.posting_group)

    def _both_sides(self, account: str | None, name: str, amount: Decimal, group: str) -> None:
        """An amount on the payables of a group, against an account of the setup."""
        payables = self.setup.payables.get(group)
        if account is None or payables is None:
            values = {
                "setup": Term("vendor_posting_group"),
                "groups": group,
                "account": Term(name if account is None else "payables"),
            }
            raise DomainError([Problem("posting_setup_missing", values)])
        self._post(payables, amount)
        self._post(account, -amount)

    def _move_between_groups(self, amount: Decimal) -> None:
        """Entries of two vendor posting groups: each group's payables follow its own entries (PO-6)."""
        payables = self.setup.payables
        paying, paid = payables.get(self.source.posting_group), payables.get(self.entry.posting_group)
        if self.source.posting_group != self.entry.posting_group and paying != paid:
            assert paying is not None and paid is not None, "entries were posted on these accounts"
            self._post(paying, -amount)
            self._post(paid, amount)

    def _post(self, account_no: str, amount: Decimal) -> None:
        self.application.general.append(
            GLRow(
                account_no=account_no,
                amount=amount,
                description=self.entry.document_no,
                voucher=self.voucher,
                source_type="vendor",
                source_no=self.source.vendor_no,
            )
        )

    def _states(self, closed: Decimal, left: Source) -> None:
        entry, application = self.entry, self.application
        application.applied[entry.entry_no] = application.applied.get(entry.entry_no, ZERO) + abs(closed)
        if entry.remaining + closed == ZERO:
            application.states.append(
                VendorState(
                    entry.entry_no,
                    open=False,
                    closed_by_entry=self.source.entry_no,
                    closed_by_row=self.source.vendor_row,
                )
            )
        if left.remaining == ZERO:
            application.source_closed_by = entry.entry_no

    def _source_ref(self) -> tuple[int | None, int | None]:
        return self.source.entry_no, self.source.vendor_row

    def _entry_ref(self) -> tuple[int | None, int | None]:
        return self.entry.entry_no, None

    def _detail(
        self,
        of: tuple[int | None, int | None],
        kind: DetailKind,
        amount: Decimal,
        amount_lcy: Decimal,
        posting_group: str,
    ) -> None:
        other = self._entry_ref() if of == self._source_ref() else self._source_ref()
        self.application.details.append(
            DetailRow(
                entry=of[0],
                vendor_row=of[1],
                kind=kind,
                amount=amount,
                amount_lcy=amount_lcy,
                vendor_no=self.source.vendor_no,
                posting_group=posting_group,
                currency_code=self.source.currency_code,
                applied_to_entry=other[0],
                applied_to_row=other[1],
                application=0,
                voucher=self.voucher,
            )
        )


def _closed_lcy(
    closed: Decimal, remaining: Decimal, remaining_lcy: Decimal, rate: Decimal, cent: Decimal
) -> Decimal:
    """The local amount of a closed part; the part that closes an entry takes all that remains (PO-148)."""
    return remaining_lcy if closed == remaining else round_to(closed * rate, cent)
