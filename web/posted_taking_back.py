"""Whether and how a posted document can be taken back, and which documents stand beside it (ux.md §5.6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from sqlalchemy import select

from core.errors import Problem
from core.ledgers.find import FoundEntries
from core.master.accounts import list_accounts
from core.master.rights import Right
from core.posting.cancel_checks import Action
from core.posting.correction import correction_note, find_cancel_problems
from core.purchasing.document import DocumentKind
from core.purchasing.posted import PostedDocument, PostedReceipt
from core.work import Work
from web.view import DeskContext


@dataclass(frozen=True, slots=True)
class Reversed:
    """One G/L entry that taking the document back will write."""

    account: str
    description: str
    debit: str
    credit: str


@dataclass(frozen=True, slots=True)
class TakingBack:
    """What may be done with the document: the acts, why an act is refused now, and the entries to come."""

    no: str
    acts: tuple[str, ...] = ()
    problems: Mapping[str, tuple[str, ...]] | None = None
    intro: Mapping[str, str] | None = None
    rows: tuple[Reversed, ...] = ()


@dataclass(frozen=True, slots=True)
class Related:
    """Another document of the same business; `kind` names its text."""

    kind: str
    no: str
    path: str


def taking_back(desk: DeskContext, work: Work, document: PostedDocument, entries: FoundEntries) -> TakingBack:
    """The acts for whoever may post; the others see none."""
    if not desk.may(Right.INVOICE_POST):
        return TakingBack(document.posted_no)
    if document.kind == DocumentKind.INVOICE:
        acts = tuple(action.value for action in (Action.CORRECT, Action.CANCEL))
        found = {act: find_cancel_problems(work, document.posted_no, Action(act)) for act in acts}
        intro = {act: desk.text(f"posted.intro.{act}") for act in acts}
        note = correction_note(work, document.posted_no)
        if note is not None:
            intro[Action.CORRECT.value] = desk.text(f"posted.intro.{note}")
    elif document.is_cancellation:
        acts = ("restore",)
        found = {"restore": []}
        intro = {"restore": desk.text("posted.intro.restore", no=document.corrects_no or "")}
    else:
        return TakingBack(document.posted_no)
    return TakingBack(
        document.posted_no,
        acts,
        {act: _texts(desk, found[act]) for act in acts},
        intro,
        _rows(desk, work, entries),
    )


def _texts(desk: DeskContext, problems: list[Problem]) -> tuple[str, ...]:
    return tuple(desk.problem_text(problem) for problem in problems if problem.severity == "error")


def _rows(desk: DeskContext, work: Work, entries: FoundEntries) -> tuple[Reversed, ...]:
    """The G/L entries of the document with their signs turned: what sold goods change is added at posting."""
    names = {account.account_no: account.name_in(desk.language) for account in list_accounts(work)}
    amount = desk.formats.amount
    return tuple(
        Reversed(
            f"{entry.account_no} {names.get(entry.account_no, '')}",
            entry.description,
            amount(-entry.amount_lcy) if entry.amount_lcy < 0 else "",
            amount(entry.amount_lcy) if entry.amount_lcy > 0 else "",
        )
        for entry in entries.general
    )


def related_documents(work: Work, document: PostedDocument) -> list[Related]:
    """The document that it takes back or that takes it back, its orders, and the receipts of its goods."""
    is_invoice = document.kind == DocumentKind.INVOICE
    there = "/credit-memos" if is_invoice else "/invoices"
    found = []
    if document.corrects_no:
        found.append(Related("corrects", document.corrects_no, f"{there}/{quote(document.corrects_no)}"))
    if document.cancelled_by_no:
        found.append(
            Related("cancelled_by", document.cancelled_by_no, f"{there}/{quote(document.cancelled_by_no)}")
        )
    orders = sorted({line.order_no for line in document.lines if line.order_no})
    found += [Related("order", no, f"/find?doc={quote(no)}") for no in orders]
    found += [Related("receipt", no, f"/receipts/{quote(no)}") for no in _receipts(work, document)]
    return found


def _receipts(work: Work, document: PostedDocument) -> list[str]:
    """Receipts, or return shipments, that its lines came from, and the one it wrote itself."""
    own = select(PostedReceipt.receipt_no).where(PostedReceipt.invoice_no == document.posted_no)
    named = {line.receipt_no for line in document.lines if line.receipt_no}
    return sorted(named | set(work.session.scalars(own)))
