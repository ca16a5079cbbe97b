"""Check, compose, write: the whole of posting."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from sqlalchemy.exc import DBAPIError

from core.errors import DomainError, Problem, refuse
from core.hooks import PurchasePosted
from core.money import ZERO
from core.posting.batch import Batch
from core.posting.checks import PREVENT_COMPOSING, check_approval, check_header, check_lines
from core.posting.facts import Facts, read_facts
from core.posting.invoice import compose
from core.posting.preview import (
    Preview,
    PreviewItemRow,
    PreviewRow,
    PreviewValueRow,
    PreviewVatRow,
    PreviewVendorRow,
)
from core.posting.write import Written, write
from core.purchasing.document import DocumentStatus, PurchaseDocument
from core.purchasing.drafts import lock_draft
from core.work import Work

ATTEMPTS = 4
# PostgreSQL: deadlock, serialization failure, lock not available. SQLite: the write lock did not come free.
_TRY_AGAIN = ("40P01", "40001", "55P03")
_SQLITE_BUSY = "database is locked"


@dataclass(frozen=True, slots=True)
class Posted:
    """What a posting made. `receipt_no` is None when no receipt was written."""

    posted_no: str
    register_no: int
    receipt_no: str | None = None


def find_problems(work: Work, document: PurchaseDocument) -> list[Problem]:
    """Every finding of the checks before posting, header first, then lines in order (PU-170).

    Warnings are among them; only errors keep a document from being posted.
    """
    return _find(work, read_facts(work, document))


def preview(work: Work, document: PurchaseDocument) -> Preview:
    """What posting would write now. Takes no number and changes nothing (PU-178).

    The entries are composed by the code that posts; a pending approval does not stop it.
    """
    facts = read_facts(work, document)
    problems = (*check_header(work, facts), *check_lines(facts), *work.hooks.check_posting(work, document.id))
    if any(problem.code in PREVENT_COMPOSING for problem in problems):
        return Preview(problems)
    return _shown(facts, compose(facts), problems)


def post(work: Work, document_id: int, *, version: int | None = None) -> Posted:
    """Post a draft to every ledger it touches.

    Raises DomainError with every problem found; nothing has been written then. A posted draft raises
    `already_posted` with the posted number, an older `version` `stale_document`.
    """
    document = lock_draft(work, document_id, version)
    work.session.refresh(document, ["lines", "vat_amounts"])
    facts = read_facts(work, document, locked=True)
    errors = [problem for problem in _find(work, facts) if problem.severity == "error"]
    if errors:
        raise DomainError(errors)
    written = write(work, compose(facts))
    _close(work, document, written)
    return Posted(written.posted_no, written.register_no, written.receipt_no)


def post_with_retry(
    open_work: Callable[[], AbstractContextManager[Work]], document_id: int, *, version: int | None = None
) -> Posted:
    """Post in a transaction of its own; deadlocks are tried again, then `busy_try_again` (PO-167)."""
    for _ in range(ATTEMPTS):
        try:
            with open_work() as work:
                return post(work, document_id, version=version)
        except DBAPIError as error:
            if not is_passing(error):
                raise
    raise refuse("busy_try_again")


def is_passing(error: DBAPIError) -> bool:
    """Whether the database failed only because of others who worked at the same moment."""
    state = getattr(error.orig, "sqlstate", None)
    return state in _TRY_AGAIN or _SQLITE_BUSY in str(error.orig)


def _find(work: Work, facts: Facts) -> list[Problem]:
    return [
        *check_header(work, facts),
        *check_approval(facts),
        *check_lines(facts),
        *work.hooks.check_posting(work, facts.document.id),
    ]


def _close(work: Work, document: PurchaseDocument, written: Written) -> None:
    """The draft leaves the desk, and whoever is linked to it is told in the same transaction (PU-101)."""
    document.status = DocumentStatus.POSTED.value
    document.posted_no = written.posted_no
    document.version += 1
    document.modified_by, document.modified_at = work.actor.user_no, work.now
    work.session.flush()
    assert document.posting_date is not None
    work.hooks.raise_event(
        work,
        PurchasePosted(document.id, document.kind, written.posted_no, document.posting_date.isoformat()),
    )


def _shown(facts: Facts, batch: Batch, problems: tuple[Problem, ...]) -> Preview:
    """The rows of a batch as a preview shows them."""
    general = []
    for row in batch.general:
        account = facts.accounts[row.account_no]
        general.append(
            PreviewRow(
                account_no=row.account_no,
                account_name=account.name,
                account_name_nl=account.name_nl,
                description=row.description,
                debit=max(row.amount, ZERO),
                credit=max(-row.amount, ZERO),
                line_no=row.line_no,
            )
        )
    vat = [
        PreviewVatRow(
            vat_business=batch.heading.vat_business,
            vat_product=row.vat_product,
            identifier=row.identifier,
            percent=row.percent,
            base=row.base,
            amount=row.amount,
            nondeductible_base=row.nondeductible_base,
            nondeductible_amount=row.nondeductible_amount,
        )
        for row in batch.vat
    ]
    items = [PreviewItemRow(row.item_no, row.description, row.quantity, row.line_no) for row in batch.items]
    values = [
        PreviewValueRow(row.item_no, row.kind, row.valued_quantity, row.cost, row.line_no)
        for row in batch.values
    ]
    assert batch.vendor is not None and facts.pay_to is not None
    vendor = PreviewVendorRow(
        vendor_no=facts.pay_to.vendor_no,
        vendor_name=facts.pay_to.name,
        due_date=batch.heading.due_date,
        currency_code=batch.heading.currency_code,
        amount=batch.vendor.amount,
        amount_lcy=batch.vendor.amount_lcy,
    )
    return Preview(problems, tuple(general), tuple(vat), (vendor,), tuple(items), tuple(values))
