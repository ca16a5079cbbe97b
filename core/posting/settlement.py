"""What a bill settles when it is posted: what a credit memo is applied to (PU-137, PO-112). Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from core.errors import Problem
from core.posting.application import Application, Source, compose_application, target_problems
from core.posting.batch import DocumentState, VendorRow, VendorState
from core.posting.facts import Facts
from core.posting.lines import payable
from core.purchasing.document import DocumentKind


def settlement_problems(facts: Facts) -> list[Problem]:
    """Check 18: `apply_entry_closed`, `apply_amount_too_large`. A bill of zero settles nothing."""
    if not facts.targets or None in (facts.rate, facts.pay_to, facts.document.posting_date):
        return []
    return target_problems(_source(facts), facts.targets)


def settle_bill(facts: Facts, vendors: list[VendorRow]) -> Application:
    """Apply the bill's vendor row to its targets; the row says whether anything of it is still open.

    A cancellation marks the entry that it takes back, so that its number may be used again (PU-131).
    """
    application = Application()
    if vendors and facts.targets and facts.application_setup is not None:
        application = compose_application(_source(facts), facts.targets, facts.application_setup)
        closed_by = None if application.source_open else application.source_closed_by
        vendors[0] = replace(vendors[0], open=application.source_open, closed_by_entry=closed_by)
    if facts.cancels_entry_no is not None:
        _mark(application, facts.cancels_entry_no)
    return application


def cancelled_documents(facts: Facts) -> Iterator[DocumentState]:
    """The posted document that this one takes back as a whole is marked with this one's number (PU-124)."""
    document = facts.document
    if document.is_cancellation and document.corrects_no is not None:
        is_memo = document.kind == DocumentKind.CREDIT_MEMO
        kind = DocumentKind.INVOICE if is_memo else DocumentKind.CREDIT_MEMO
        yield DocumentState(kind.value, document.corrects_no)


def _mark(application: Application, entry_no: int) -> None:
    states = application.states
    for index, state in enumerate(states):
        if state.entry_no == entry_no:
            states[index] = replace(state, cancelled=True)
            return
    states.append(VendorState(entry_no, cancelled=True))


def _source(facts: Facts) -> Source:
    assert facts.pay_to is not None and facts.rate is not None
    document = facts.document
    assert document.posting_date is not None
    return Source(
        vendor_no=facts.pay_to.vendor_no,
        posting_group=facts.pay_to.posting_group or "",
        document_type=facts.bill_kind.value,
        posting_date=document.posting_date,
        currency_code=document.currency_code,
        rate=facts.rate,
        remaining=-facts.sign * facts.amounts.totals.total_gross,
        remaining_lcy=-payable(facts),
        vendor_row=0,
        name=document.document_no,
    )
