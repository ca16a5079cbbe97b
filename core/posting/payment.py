"""Payments to vendors: bank credit, payables debit, applied to what they settle (PO-157)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from core.approvals.restrictions import restriction_problem
from core.errors import DomainError, Problem, Term, refuse
from core.master.banks import BankAccount, find_bank
from core.master.company import Company, get_company
from core.master.currencies import amount_rounding, find_exchange_rate
from core.master.number_series import Purpose, series_problems
from core.master.vendors import Vendor, VendorBlock, find_vendor, normal_no
from core.money import ZERO, round_to
from core.posting.application import (
    Application,
    ApplicationSetup,
    ApplyTo,
    Source,
    Target,
    compose_application,
    lock_vendor,
    read_setup,
    read_targets,
    target_problems,
)
from core.posting.batch import BankRow, Batch, GLRow, VendorRow, Voucher
from core.posting.periods import posting_date_problems
from core.posting.write import write
from core.work import Work


@dataclass(frozen=True, slots=True)
class PaymentDraft:
    """A payment as it is to be posted.

    `amount` is in `currency_code`, by default the bank account's currency; what a vendor pays back is
    negative. `exchange_rate` is local units per unit, by default the one of the posting date. `apply` says
    what it settles: `"oldest"`, entries in their order, or None for nothing yet (PO-140, PO-145, PO-149).
    """

    vendor_no: str
    posting_date: date
    bank_code: str
    amount: Decimal
    currency_code: str | None = None
    exchange_rate: Decimal | None = None
    apply: str | Sequence[ApplyTo] | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class PostedPayment:
    """The payment's number, and what of it is still open, in its currency."""

    payment_no: str
    register_no: int
    remaining: Decimal


@dataclass(frozen=True, slots=True)
class _Facts:
    """A payment and all that its posting depends on."""

    draft: PaymentDraft
    company: Company
    vendor: Vendor
    bank: BankAccount
    currency_code: str | None
    rate: Decimal | None
    precision: Decimal
    setup: ApplicationSetup
    targets: tuple[Target, ...] = ()

    @property
    def amount_lcy(self) -> Decimal:
        """What is paid in local currency."""
        assert self.rate is not None, "checked before"
        return round_to(self.draft.amount * self.rate, self.company.cent)


def find_payment_problems(work: Work, draft: PaymentDraft) -> list[Problem]:
    """Every reason why a payment cannot be posted, and a warning for each entry on hold (PO-153).

    Refuses with `vendor_not_found` and `bank_not_found`, without which there is nothing to check.
    """
    return _find(work, _read(work, draft))


def post_payment(work: Work, draft: PaymentDraft) -> PostedPayment:
    """Post a payment and apply it.

    Raises DomainError with every problem found; nothing has been written then: `posting_date_not_allowed`,
    `vendor_blocked`, `vendor_privacy_blocked`, `APP_RESTRICTED`, `payment_amount_zero`, `bank_blocked`,
    `bank_currency_differs`, `exchange_rate_missing`, `posting_group_missing`, `posting_setup_missing`,
    `apply_entry_closed`, `apply_amount_too_large`, and the codes of the number series.
    """
    lock_vendor(work, normal_no(draft.vendor_no))
    facts = _read(work, draft)
    errors = [problem for problem in _find(work, facts) if problem.severity == "error"]
    if errors:
        raise DomainError(errors)
    application = compose_application(_source(facts), facts.targets, facts.setup)
    written = write(work, _compose(facts, application))
    return PostedPayment(written.numbers[0], written.register_no, application.remaining)


def _read(work: Work, draft: PaymentDraft) -> _Facts:
    vendor = find_vendor(work, draft.vendor_no)
    if vendor is None:
        raise refuse("vendor_not_found", field="vendor_no", no=draft.vendor_no)
    bank = find_bank(work, draft.bank_code)
    if bank is None:
        raise refuse("bank_not_found", field="bank_code", bank=draft.bank_code)
    company = get_company(work)
    currency = draft.currency_code or bank.currency_code
    currency = None if currency == company.local_currency else currency
    rate = draft.exchange_rate
    if currency is None:
        rate = Decimal(1)
    elif rate is None:
        rate = find_exchange_rate(work, currency, draft.posting_date)
    facts = _Facts(
        draft=draft,
        company=company,
        vendor=vendor,
        bank=bank,
        currency_code=currency,
        rate=rate,
        precision=amount_rounding(work, currency),
        setup=read_setup(work, currency),
    )
    if draft.apply is None or rate is None:
        return facts
    return replace(facts, targets=read_targets(work, draft.apply, _source(facts)))


def _find(work: Work, facts: _Facts) -> list[Problem]:
    draft = facts.draft
    problems = posting_date_problems(facts.company, draft.posting_date)
    problems += _vendor_problems(facts.vendor)
    problems += _amount_problems(facts)
    problems += _bank_problems(facts)
    problems += _setup_problems(facts)
    problems += series_problems(work, Purpose.PAYMENT, draft.posting_date)
    if facts.rate is not None and draft.amount != ZERO:
        problems += target_problems(_source(facts), facts.targets)
    problems += [
        Problem("payment_on_hold", {"entry": t.name, "reason": t.entry.on_hold}, severity="warning")
        for t in facts.targets
        if t.entry is not None and t.entry.on_hold
    ]
    return problems


def _vendor_problems(vendor: Vendor) -> list[Problem]:
    """Both kinds of block stop a payment (PU-13)."""
    values = {"no": vendor.vendor_no, "name": vendor.name}
    problems = []
    if vendor.blocked != VendorBlock.NONE:
        problems.append(Problem("vendor_blocked", values, field="vendor_no"))
    if vendor.privacy_blocked:
        problems.append(Problem("vendor_privacy_blocked", values, field="vendor_no"))
    restricted = restriction_problem(vendor)
    return [*problems, restricted] if restricted is not None else problems


def _amount_problems(facts: _Facts) -> list[Problem]:
    draft = facts.draft
    problems = []
    if round_to(draft.amount, facts.precision) == ZERO:
        problems.append(Problem("payment_amount_zero", {"no": facts.vendor.vendor_no}, field="amount"))
    elif round_to(draft.amount, facts.precision) != draft.amount:
        problems.append(_not_exact(draft.amount, facts.precision))
    if facts.rate is None:
        values = {"currency": facts.currency_code, "date": draft.posting_date}
        problems.append(Problem("exchange_rate_missing", values, field="currency_code"))
    return problems


def _not_exact(amount: Decimal, precision: Decimal) -> Problem:
    return Problem("amount_not_exact", {"amount": amount, "precision": precision.normalize()}, field="amount")


def _bank_problems(facts: _Facts) -> list[Problem]:
    """An account in local currency pays anything, one in a foreign currency only its own (PO-56)."""
    bank = facts.bank
    problems = []
    if bank.blocked:
        problems.append(Problem("bank_blocked", {"code": bank.code, "name": bank.name}, field="bank_code"))
    own = None if bank.currency_code == facts.company.local_currency else bank.currency_code
    if own is not None and own != facts.currency_code:
        values = {
            "code": bank.code,
            "own": own,
            "currency": facts.currency_code or facts.company.local_currency,
        }
        problems.append(Problem("bank_currency_differs", values, field="bank_code"))
    return problems


def _setup_problems(facts: _Facts) -> list[Problem]:
    group = facts.vendor.posting_group
    if group is None or group not in facts.setup.payables:
        values = {"group": Term("vendor_posting_group"), "record": facts.vendor.vendor_no}
        return [Problem("posting_group_missing", values, field="vendor_no")]
    if facts.setup.payables[group] is None:
        values = {"setup": Term("vendor_posting_group"), "groups": group, "account": Term("payables")}
        return [Problem("posting_setup_missing", values)]
    return []


def _source(facts: _Facts) -> Source:
    return Source(
        vendor_no=facts.vendor.vendor_no,
        posting_group=facts.vendor.posting_group or "",
        document_type="payment",
        posting_date=facts.draft.posting_date,
        currency_code=facts.currency_code,
        rate=facts.rate or ZERO,
        remaining=facts.draft.amount,
        remaining_lcy=facts.amount_lcy,
        vendor_row=0,
    )


def _compose(facts: _Facts, application: Application) -> Batch:
    """The entries of a payment; pure."""
    draft, vendor, bank = facts.draft, facts.vendor, facts.bank
    assert vendor.posting_group is not None
    payables = facts.setup.payables[vendor.posting_group]
    assert payables is not None
    description = draft.description or vendor.name
    general = [
        GLRow(payables, facts.amount_lcy, description, source_type="vendor", source_no=vendor.vendor_no),
        GLRow(bank.account_no, -facts.amount_lcy, description, source_type="bank", source_no=bank.code),
        *application.general,
    ]
    return Batch(
        source="payment",
        vouchers=(_voucher(facts),),
        general=tuple(row for row in general if row.amount != ZERO),
        vendors=(_vendor_row(facts, application, description),),
        details=tuple(application.details),
        vendor_states=tuple(application.states),
        banks=(_bank_row(facts, description),),
    )


def _voucher(facts: _Facts) -> Voucher:
    on = facts.draft.posting_date
    return Voucher(
        document_type="payment",
        posting_date=on,
        document_date=on,
        draws_from=Purpose.PAYMENT,
        number=None,
        source_type="vendor",
        source_no=facts.vendor.vendor_no,
    )


def _vendor_row(facts: _Facts, application: Application, description: str) -> VendorRow:
    vendor = facts.vendor
    assert vendor.posting_group is not None
    return VendorRow(
        vendor_no=vendor.vendor_no,
        buy_from_vendor_no=vendor.vendor_no,
        posting_group=vendor.posting_group,
        description=description,
        amount=facts.draft.amount,
        amount_lcy=facts.amount_lcy,
        currency_code=facts.currency_code,
        exchange_rate=facts.rate if facts.currency_code else None,
        due_date=facts.draft.posting_date,
        purchase_lcy=ZERO,
        open=application.source_open,
        closed_by_entry=application.source_closed_by if not application.source_open else None,
    )


def _bank_row(facts: _Facts, description: str) -> BankRow:
    bank = facts.bank
    is_foreign = bank.currency_code not in (None, facts.company.local_currency)
    return BankRow(
        bank_code=bank.code,
        description=description,
        currency_code=bank.currency_code if is_foreign else None,
        amount=-facts.draft.amount if is_foreign else -facts.amount_lcy,
        amount_lcy=-facts.amount_lcy,
        source_no=facts.vendor.vendor_no,
    )
