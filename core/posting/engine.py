"""Check, compose, write: the whole of posting."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from sqlalchemy.exc import DBAPIError

from core.errors import DomainError, Problem, refuse
from core.money import ZERO
from core.posting.batch import Batch
from core.posting.checks import (
    DECLINED_IN_BATCH,
    PREVENT_COMPOSING,
    check_approval,
    check_header,
    check_lines,
    find_warnings,
)
from core.posting.compose import Composition, compose
from core.posting.facts import NO_MASTERS, Facts, Masters, read_facts
from core.posting.preview import (
    Preview,
    PreviewItemRow,
    PreviewRow,
    PreviewValueRow,
    PreviewVatRow,
    PreviewVendorRow,
)
from core.posting.selection import Selection
from core.posting.state import leave
from core.posting.write import Written, write
from core.purchasing.document import PurchaseDocument
from core.purchasing.drafts import lock_draft
from core.purchasing.returns import link_problems
from core.work import Work

ATTEMPTS = 4
# PostgreSQL: deadlock, serialization failure, lock not available. SQLite: the write lock did not come free.
_TRY_AGAIN = ("40P01", "40001", "55P03")
_SQLITE_BUSY = "database is locked"


@dataclass(frozen=True, slots=True)
class Posted:
    """What a posting made: number of the bill and of the receipt or return shipment, None when not written.

    `document_closed`: nothing is left of the document; an order may go on.
    """

    posted_no: str | None
    register_no: int
    receipt_no: str | None = None
    document_closed: bool = True


def find_problems(
    work: Work, document: PurchaseDocument, selection: Selection | None = None
) -> list[Problem]:
    """Every finding of the checks before posting, header first, then lines in order (PU-170).

    Warnings are among them; only errors keep a document from being posted.
    """
    facts = read_facts(work, document, selection)
    return [*_find(work, facts), *find_warnings(work, facts)]


def preview(work: Work, document: PurchaseDocument, selection: Selection | None = None) -> Preview:
    """What posting would write now. Takes no number and changes nothing (PU-178).

    The entries are composed by the code that posts; a pending approval does not stop it.
    """
    facts = read_facts(work, document, selection)
    problems = (
        *check_header(work, facts),
        *check_lines(facts),
        *link_problems(work, document),
        *work.hooks.check_posting(work, document.id),
    )
    if any(problem.code in PREVENT_COMPOSING for problem in problems):
        return Preview(problems)
    problems = (*problems, *find_warnings(work, facts))
    try:
        return _shown(facts, compose(facts).batch, problems)
    except DomainError as refused:
        return Preview((*problems, *refused.problems))


def post(
    work: Work,
    document_id: int,
    *,
    version: int | None = None,
    selection: Selection | None = None,
    unattended: bool = False,
) -> Posted:
    """Post a document to every ledger it touches; of an order what is selected (PU-74).

    Raises DomainError with every problem found; nothing has been written then. A posted draft raises
    `already_posted` with the posted number, an older `version` `stale_document`.
    """
    document = lock_draft(work, document_id, version)
    work.session.expire(document, ["lines", "vat_amounts", "applications"])
    prepared = prepare(work, document, selection, unattended=unattended)
    return finish(work, prepared, write(work, prepared.composition.batch))


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document that passed its checks, composed and not yet written."""

    facts: Facts
    composition: Composition


def prepare(
    work: Work,
    document: PurchaseDocument,
    selection: Selection | None,
    *,
    unattended: bool = False,
    masters: Masters = NO_MASTERS,
) -> Prepared:
    """Check a locked document and compose its batch. Raises DomainError with every problem found.

    `unattended`: nobody is there to confirm what a person would be asked, so it counts as declined (PU-170).
    """
    facts = read_facts(work, document, selection, locked=True, masters=masters)
    errors = [problem for problem in _find(work, facts) if problem.severity == "error"]
    if unattended:
        errors += [each for each in find_warnings(work, facts) if each.code in DECLINED_IN_BATCH]
    if errors:
        raise DomainError(errors)
    return Prepared(facts, compose(facts))


def finish(work: Work, prepared: Prepared, written: Written) -> Posted:
    """Bring a document up to date whose batch is written."""
    is_gone = leave(work, prepared.facts, prepared.composition, written)
    return _posted(prepared.composition, written, is_gone)


def _posted(composition: Composition, written: Written, is_gone: bool) -> Posted:
    bill, goods = composition.vouchers.bill, composition.vouchers.goods
    return Posted(
        posted_no=None if bill is None else written.numbers[bill],
        register_no=written.register_no,
        receipt_no=None if goods is None else written.numbers[goods],
        document_closed=is_gone,
    )


def post_with_retry(
    open_work: Callable[[], AbstractContextManager[Work]],
    document_id: int,
    *,
    version: int | None = None,
    selection: Selection | None = None,
    unattended: bool = False,
) -> Posted:
    """Post in a transaction of its own; deadlocks are tried again, then `busy_try_again` (PO-167)."""
    for _ in range(ATTEMPTS):
        try:
            with open_work() as work:
                return post(work, document_id, version=version, selection=selection, unattended=unattended)
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
        *link_problems(work, facts.document),
        *work.hooks.check_posting(work, facts.document.id),
    ]


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
            vat_business=batch.vouchers[0].vat_business or "",
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
        PreviewValueRow(
            row.item_no, row.kind, row.valued_quantity, row.cost_actual + row.cost_expected, row.line_no
        )
        for row in batch.values
    ]
    vendors = [
        PreviewVendorRow(
            vendor_no=row.vendor_no,
            vendor_name=facts.pay_to.name if facts.pay_to else "",
            due_date=row.due_date,
            currency_code=row.currency_code,
            amount=row.amount,
            amount_lcy=row.amount_lcy,
        )
        for row in batch.vendors
    ]
    return Preview(problems, tuple(general), tuple(vat), tuple(vendors), tuple(items), tuple(values))
