"""The conditions under which a posted document may be cancelled, in the order of PU-126."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select

from core.errors import Problem, Term
from core.ledgers.application import find_entry_of, read_entry
from core.ledgers.vendor import DetailedVendorEntry, DetailKind
from core.master.accounts import Account
from core.master.company import Company, get_company
from core.master.number_series import Purpose, series_problems
from core.master.purchasing_setup import closed_until
from core.master.vendors import VendorBlock, find_vendor
from core.money import ZERO
from core.posting.checks import check_header, check_lines
from core.posting.facts import Facts, read_facts
from core.posting.periods import posting_date_problems
from core.purchasing.dimensions import dimension_problems
from core.purchasing.document import DocumentKind, LineType, PurchaseDocument
from core.purchasing.mirrored import reversing
from core.purchasing.posted import PostedDocument
from core.purchasing.returns import plain, read_effects, returned_to_vendor
from core.work import Work

LINE_TYPES = frozenset(line_type.value for line_type in LineType)
OF_STOCK = frozenset({LineType.ITEM.value, LineType.CHARGE.value})
SETUP_CODES = frozenset(
    {"posting_setup_missing", "posting_setup_blocked", "posting_group_missing", "account_blocked"}
)


class Action(StrEnum):
    """What is to be done with a posted invoice; the refusals say it."""

    CANCEL = "cancel"
    CORRECT = "correct"


def cancel_problems(
    work: Work, invoice: PostedDocument, action: Action, orders: Sequence[PurchaseDocument]
) -> list[Problem]:
    """All fourteen conditions for an invoice; `orders` are those it came from that still exist.

    What was cancelled before, or restores what was, is told that alone.
    """
    checks = _Checks(work, invoice, action)
    history = list(checks.history())
    if history:
        return [*checks.posting_date(), *history]
    return [
        *checks.posting_date(),
        *checks.paid(),
        *checks.vendors(),
        *checks.dimensions(),
        *checks.line_types(),
        *checks.returned(),
        *checks.setup(),
        *checks.series(),
        *checks.vendor_number(),
        *checks.period(),
        *checks.orders(orders),
    ]


def credit_memo_problems(work: Work, memo: PostedDocument) -> list[Problem]:
    """The conditions for the credit memo of a cancellation (PU-133)."""
    checks = _Checks(work, memo, Action.CANCEL)
    if not _is_cancellation_only(work, memo):
        return [Problem("cancel_cm_applied", {"document": memo.posted_no})]
    return [
        *checks.posting_date(),
        *checks.already(),
        *checks.vendors(),
        *checks.dimensions(),
        *checks.setup(),
        *checks.series(),
        *checks.vendor_number(),
        *checks.period(),
    ]


def _is_cancellation_only(work: Work, memo: PostedDocument) -> bool:
    """Whether a credit memo cancels an invoice and is applied to that invoice alone."""
    if not memo.is_cancellation or memo.corrects_no is None:
        return False
    own = find_entry_of(work, memo.posted_no, DocumentKind.CREDIT_MEMO.value)
    other = find_entry_of(work, memo.corrects_no, DocumentKind.INVOICE.value)
    entry = read_entry(work, own) if own is not None else None
    if entry is None or entry.remaining != ZERO:
        return False
    applied = work.session.scalars(
        select(DetailedVendorEntry.applied_to_entry_no).where(
            DetailedVendorEntry.vendor_entry_no == own,
            DetailedVendorEntry.kind == DetailKind.APPLICATION.value,
            ~DetailedVendorEntry.unapplied,
        )
    )
    return all(number == other for number in applied)


@dataclass(slots=True)
class _Checks:
    """One condition after the other, in the words of an action."""

    work: Work
    posted: PostedDocument
    action: Action
    _facts: Facts | None = None

    def posting_date(self) -> Iterator[Problem]:
        """No. 1."""
        for found in posting_date_problems(self._company(), self.posted.posting_date):
            yield self._problem("cancel_posting_date", **found.values)

    def already(self) -> Iterator[Problem]:
        """No. 2."""
        if self.posted.cancelled_by_no is not None:
            yield self._problem("cancel_already", memo=self.posted.cancelled_by_no)

    def history(self) -> Iterator[Problem]:
        """No. 2 and 3."""
        yield from self.already()
        if self.posted.is_cancellation:
            yield self._problem("cancel_is_corrective", memo=self.posted.corrects_no)

    def paid(self) -> Iterator[Problem]:
        """No. 4: any application to it that stands (PU-129)."""
        entry_no = find_entry_of(self.work, self.posted.posted_no, self.posted.kind)
        entry = read_entry(self.work, entry_no) if entry_no is not None else None
        if entry is not None and entry.remaining != entry.original:
            yield self._problem("cancel_paid")

    def vendors(self) -> Iterator[Problem]:
        """No. 5 (PU-13)."""
        for vendor_no in dict.fromkeys((self.posted.vendor_no, self.posted.pay_to_vendor_no)):
            vendor = find_vendor(self.work, vendor_no)
            assert vendor is not None, "a vendor with entries cannot be deleted"
            values = {"no": vendor.vendor_no, "name": vendor.name}
            if vendor.blocked == VendorBlock.ALL:
                yield Problem("vendor_blocked", values)
            if vendor.privacy_blocked:
                yield Problem("vendor_privacy_blocked", values)

    def dimensions(self) -> Iterator[Problem]:
        """No. 6."""
        yield from dimension_problems(self.work, self._read().document)

    def line_types(self) -> Iterator[Problem]:
        """No. 7."""
        for line in self.posted.lines:
            if line.type not in LINE_TYPES:
                yield self._problem("cancel_line_type", line=line.line_no, type=line.type)

    def returned(self) -> Iterator[Problem]:
        """No. 8: goods that were sold do not matter, goods that went back to the vendor do (PU-127)."""
        effects = read_effects(self.work, self.posted.kind, self.posted.posted_no)
        entries = [moved.entry_no for effect in effects.values() for moved in effect.moved]
        returned = returned_to_vendor(self.work, entries)
        for line in self.posted.lines:
            effect = effects.get(line.line_no)
            if effect is not None and any(moved.entry_no in returned for moved in effect.moved):
                yield self._problem("cancel_returned", no=line.no, line=line.line_no)

    def setup(self) -> Iterator[Problem]:
        """No. 9 and 10, by the checks that will run when the other document is posted."""
        facts = self._read()
        found = check_lines(facts)
        yield from (problem for problem in found if problem.code == "item_blocked")
        all_found = [*check_header(self.work, facts), *found]
        yield from (problem for problem in all_found if problem.code in SETUP_CODES)
        yield from self._blocked_accounts(facts)

    def _blocked_accounts(self, facts: Facts) -> Iterator[Problem]:
        """Accounts on the lines themselves that were blocked since."""
        for line in facts.lines:
            account: Account | None = facts.account(line)
            if account is not None and account.blocked:
                values = {"no": account.account_no, "name": account.name}
                yield Problem("account_blocked", values, line_no=line.line_no)

    def series(self) -> Iterator[Problem]:
        """No. 11, on the work date."""
        purposes = [Purpose.CREDIT_MEMO, Purpose.POSTED_CREDIT_MEMO]
        if self.posted.kind == DocumentKind.CREDIT_MEMO:
            purposes = [Purpose.INVOICE, Purpose.POSTED_INVOICE]
        elif self.action == Action.CORRECT:
            purposes.append(Purpose.INVOICE)
        for purpose in purposes:
            problems = series_problems(self.work, purpose, self.work.today)
            yield from (problem for problem in problems if problem.severity == "error")

    def vendor_number(self) -> Iterator[Problem]:
        """No. 12."""
        if self._company().vendor_document_no_mandatory and not self.posted.vendor_document_no:
            yield self._problem("ext_doc_no_missing")

    def period(self) -> Iterator[Problem]:
        """No. 13."""
        closed = closed_until(self.work)
        moves = any(line.type in OF_STOCK for line in self.posted.lines)
        if moves and closed is not None and closed >= self.posted.posting_date:
            yield Problem("inventory_period_closed", {"date": self.posted.posting_date})

    def orders(self, orders: Sequence[PurchaseDocument]) -> Iterator[Problem]:
        """No. 14: a line that is gone has nothing to give back to."""
        there = {(order.document_no, line.line_no): line for order in orders for line in order.lines}
        for source in self.posted.lines:
            line = there.get((source.order_no or "", source.order_line_no or 0))
            if line is None:
                continue
            shown = min(line.quantity_received, line.quantity_invoiced, key=abs)
            if abs(shown) < abs(source.quantity):
                yield self._problem(
                    "cancel_exceeds_order",
                    order=source.order_no,
                    line=line.line_no,
                    shown=plain(shown),
                    wanted=plain(source.quantity),
                )

    def _company(self) -> Company:
        return get_company(self.work)

    def _read(self) -> Facts:
        """The facts of the document that would be posted; it is not stored."""
        if self._facts is None:
            document = reversing(self.work, self.posted)
            document.is_cancellation = True
            document.document_no = self.posted.posted_no
            self._facts = read_facts(self.work, document)
        return self._facts

    def _problem(self, code: str, **values: object) -> Problem:
        return Problem(code, {"document": self.posted.posted_no, "action": Term(self.action.value), **values})
