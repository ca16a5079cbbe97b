"""Posting many documents: each with an outcome of its own, as if posted one by one (PU-179)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import selectinload

from core.errors import DomainError, Problem, refuse
from core.master.items import Item
from core.master.vendors import Vendor, normal_no
from core.posting.engine import Posted, finish, is_passing, post_with_retry, prepare
from core.posting.facts import Masters
from core.posting.selection import Selection
from core.posting.write import write_many
from core.purchasing.document import DocumentStatus, LineType, PurchaseDocument
from core.work import Work

OpenWork = Callable[[], AbstractContextManager[Work]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one document: what was posted, or every problem that kept it from being posted."""

    document_id: int
    posted: Posted | None
    problems: tuple[Problem, ...] = ()


def post_many(
    open_work: OpenWork, ids: Sequence[int], *, selection: Selection | None = None
) -> list[Outcome]:
    """Post documents in one transaction, each under a register of its own.

    If one of them is refused, nothing of that stays and they are posted one by one in their order, so that
    one that is refused does not stop the others.
    """
    try:
        with open_work() as work:
            posted = _post_together(work, ids, selection)
        return [Outcome(document_id, posted[document_id]) for document_id in ids]
    except DomainError:
        pass
    except DBAPIError as error:
        if not is_passing(error):
            raise
    return [_post_alone(open_work, document_id, selection) for document_id in ids]


def _post_alone(open_work: OpenWork, document_id: int, selection: Selection | None) -> Outcome:
    try:
        return Outcome(
            document_id, post_with_retry(open_work, document_id, selection=selection, unattended=True)
        )
    except DomainError as refused:
        return Outcome(document_id, None, tuple(refused.problems))


def _post_together(work: Work, ids: Sequence[int], selection: Selection | None) -> dict[int, Posted]:
    """Documents that touch nothing in common are checked, composed and written together, wave after wave."""
    documents = _locked_documents(work, ids)
    masters = _lock_masters(work, documents)
    posted: dict[int, Posted] = {}
    for wave in _waves(documents):
        prepared = [prepare(work, document, selection, unattended=True, masters=masters) for document in wave]
        written = write_many(work, [each.composition.batch for each in prepared])
        for document, each, numbers in zip(wave, prepared, written, strict=True):
            document_id = document.id
            posted[document_id] = finish(work, each, numbers)
    return posted


def _locked_documents(work: Work, ids: Sequence[int]) -> list[PurchaseDocument]:
    """All documents in the order asked for. Refuses what `lock_draft` would refuse."""
    found = work.session.scalars(
        select(PurchaseDocument)
        .where(PurchaseDocument.id.in_(ids))
        .order_by(PurchaseDocument.id)
        .with_for_update()
        .options(
            selectinload(PurchaseDocument.lines),
            selectinload(PurchaseDocument.vat_amounts),
            selectinload(PurchaseDocument.applications),
        )
        .execution_options(populate_existing=True)
    )
    documents = {document.id: document for document in found}
    if len(documents) != len(ids):
        raise refuse("document_deleted")
    for document in documents.values():
        if document.status == DocumentStatus.POSTED:
            raise refuse("already_posted", document=document.document_no, posted_no=document.posted_no)
    return [documents[document_id] for document_id in ids]


def _lock_masters(work: Work, documents: Sequence[PurchaseDocument]) -> Masters:
    """Items by number, then vendors (PO-161)."""
    items = {no for document in documents for no in _item_nos(document)}
    vendors = {document.pay_to_vendor_no for document in documents}
    by_item = select(Item).where(Item.item_no.in_(items)).order_by(Item.item_no)
    by_item = by_item.options(selectinload(Item.units)).execution_options(populate_existing=True)
    locked = list(work.session.scalars(by_item.with_for_update(key_share=True)))
    by_vendor = select(Vendor).where(Vendor.vendor_no.in_(vendors)).order_by(Vendor.vendor_no)
    by_vendor = by_vendor.execution_options(populate_existing=True)
    vendors_locked = work.session.scalars(by_vendor.with_for_update(key_share=True))
    return Masters(
        {item.item_no: item for item in locked}, {vendor.vendor_no: vendor for vendor in vendors_locked}
    )


def _waves(documents: Sequence[PurchaseDocument]) -> Iterator[list[PurchaseDocument]]:
    """Each document as early as nothing that it touches is still to be written by one before it."""
    waiting = list(documents)
    while waiting:
        wave: list[PurchaseDocument] = []
        later: list[PurchaseDocument] = []
        touched: set[object] = set()
        for document in waiting:
            touches = _touches(document)
            alone = not _is_simple(document)
            if (alone and (wave or later)) or not touched.isdisjoint(touches) or None in touched:
                later.append(document)
            else:
                wave.append(document)
            touched |= {*touches, None} if alone else touches
        yield wave
        waiting = later


def _is_simple(document: PurchaseDocument) -> bool:
    """Whether it moves its own goods and its own vendor entry only, so that its lines say what it touches."""
    if document.applications or document.corrects_no is not None:
        return False
    return not any(
        line.type == LineType.CHARGE
        or line.receipt_no is not None
        or line.applies_to_item_entry_no is not None
        or line.sales_order_no is not None
        for line in document.lines
    )


def _touches(document: PurchaseDocument) -> set[object]:
    return {
        *_item_nos(document),
        (document.pay_to_vendor_no, document.kind, document.vendor_document_key or document.id),
    }


def _item_nos(document: PurchaseDocument) -> Iterator[str]:
    for line in document.lines:
        if line.type == LineType.ITEM and line.no:
            yield normal_no(line.no)
