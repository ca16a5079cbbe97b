"""Drafts that take posted lines back: the corrective credit memo, and posted lines to reverse (§7)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import select

from core.errors import refuse
from core.ledgers.application import find_entry_of, read_entry
from core.money import CENT, QUANTITY, ZERO, round_to
from core.purchasing.document import (
    DocumentKind,
    LineType,
    PurchaseApplication,
    PurchaseDocument,
    PurchaseLine,
)
from core.purchasing.draft_inputs import LineDraft
from core.purchasing.drafts import add_lines
from core.purchasing.editing import require_open
from core.purchasing.line_copies import posted_line, received_line
from core.purchasing.mirrored import register_draft, reversing
from core.purchasing.posted import (
    PostedDocument,
    PostedLine,
    PostedReceipt,
    PostedReceiptLine,
    get_posted,
    get_receipt,
)
from core.purchasing.returns import LinkedEntry, MovedEntry, read_effects, read_linked
from core.work import Work

MOST = 200


class ReverseFrom(StrEnum):
    """What kind of posted document a line is taken from (PU-141)."""

    INVOICE = "invoice"
    RECEIPT = "receipt"
    CREDIT_MEMO = "credit_memo"
    RETURN_SHIPMENT = "return_shipment"


@dataclass(frozen=True, slots=True)
class PostedLineKey:
    """One line of a posted document."""

    source: ReverseFrom
    no: str
    line_no: int


@dataclass(frozen=True, slots=True)
class ReversibleLine:
    """A posted line as the list offers it; `left` is what can still be taken back, in the line's unit."""

    key: PostedLineKey
    posting_date: date
    type: str
    item_or_account: str | None
    description: str
    quantity: Decimal
    left: Decimal
    unit: str | None


@dataclass(frozen=True, slots=True)
class Reversing:
    """What became of the chosen lines: those made, those with nothing left, those that were reduced."""

    lines: tuple[PurchaseLine, ...]
    skipped: tuple[PostedLineKey, ...]
    reduced: tuple[PostedLineKey, ...]


@dataclass(frozen=True, slots=True)
class CorrectiveMemo:
    """A draft credit memo made from a posted invoice.

    `is_applied` is False when the invoice is partly or wholly paid: the user is told so (PU-134).
    """

    document: PurchaseDocument
    is_applied: bool
    skipped: tuple[PostedLineKey, ...] = ()
    reduced: tuple[PostedLineKey, ...] = ()


@dataclass(frozen=True, slots=True)
class _Part:
    """So much of an item entry, in base units, goes into one line; no entry: no link is needed."""

    entry_no: int | None
    base: Decimal


@dataclass(slots=True)
class _Collected:
    skipped: list[PostedLineKey] = field(default_factory=list)
    reduced: list[PostedLineKey] = field(default_factory=list)

    def note(self, key: PostedLineKey, wanted: Decimal, parts: Sequence[_Part] | None) -> bool:
        """Remember what is reduced or skipped; whether there is anything to make a line of."""
        if parts is None:
            return True
        left = sum((part.base for part in parts), ZERO)
        if left == ZERO:
            self.skipped.append(key)
        elif left < wanted:
            self.reduced.append(key)
        return left != ZERO


def create_corrective_credit_memo(work: Work, posted_no: str) -> CorrectiveMemo:
    """A draft credit memo with the lines of a posted invoice, for partial use (PU-134).

    Goods go back at their exact cost; what was returned or sold since is left out. It is applied to the
    invoice while nothing of that is paid. Refuses with `posted_not_found`, `nothing_to_reverse`,
    `vendor_blocked` when it is posted.
    """
    posted = get_posted(work, posted_no)
    document = reversing(work, posted)
    effects = read_effects(work, posted.kind, posted.posted_no)
    moved = {no: effect.moved for no, effect in effects.items() if effect.moved}
    linked = read_linked(work, [entry.entry_no for entries in moved.values() for entry in entries])
    collected, lines = _Collected(), []
    for line in document.lines:
        key = PostedLineKey(ReverseFrom.INVOICE, posted.posted_no, line.source_line_no or 0)
        parts = _parts(moved.get(key.line_no), linked)
        wanted = sum((abs(entry.quantity) for entry in moved.get(key.line_no, ())), ZERO)
        if collected.note(key, wanted, parts):
            lines += list(_split(line, parts, wanted))
    if not any(line.quantity != ZERO for line in lines):
        raise refuse("nothing_to_reverse")
    for number, line in enumerate(lines, start=1):
        line.line_no = number
    document.lines = lines
    if collected.skipped or collected.reduced:
        document.vat_amounts = []
    is_applied = _apply(work, document, posted)
    register_draft(work, document)
    return CorrectiveMemo(document, is_applied, tuple(collected.skipped), tuple(collected.reduced))


def lines_to_reverse(
    work: Work, document: PurchaseDocument, *, reversible_only: bool = True
) -> list[ReversibleLine]:
    """Lines of what was posted for the buy-from vendor, the latest first (PU-141).

    `reversible_only` hides lines of receipts and invoices of which nothing is left.
    """
    offered = [*_document_lines(work, document), *_receipt_lines(work, document)]
    if reversible_only:
        offered = [line for line in offered if line.left != ZERO]
    return sorted(offered, key=lambda line: (line.posting_date, line.key.no), reverse=True)


def get_lines_to_reverse(work: Work, document: PurchaseDocument, keys: Sequence[PostedLineKey]) -> Reversing:
    """Take chosen posted lines into a credit memo or return order, with one summary (PU-141).

    A line with nothing left is not made, partly returned or sold quantity reduces it; a posted line with
    several item entries becomes several lines. Refuses with `status_not_open`, `no_lines_selected`,
    `posted_not_found`.
    """
    require_open(document, "lines")
    if not keys:
        raise refuse("no_lines_selected")
    collected = _Collected()
    drafts = [draft for key in keys for draft in _drafts(work, key, collected)]
    lines = add_lines(work, document, drafts) if drafts else []
    return Reversing(tuple(lines), tuple(collected.skipped), tuple(collected.reduced))


def _drafts(work: Work, key: PostedLineKey, collected: _Collected) -> Iterator[LineDraft]:
    if key.source in (ReverseFrom.RECEIPT, ReverseFrom.RETURN_SHIPMENT):
        receipt = get_receipt(work, key.no)
        row = next((line for line in receipt.lines if line.line_no == key.line_no), None)
        if row is None:
            raise refuse("posted_not_found", no=f"{key.no} / {key.line_no}")
        draft, entries = received_line(receipt, row), _receipt_entries(row)
        wanted = abs(row.quantity_base)
    else:
        posted = get_posted(work, key.no, key.source.value)
        source = next((line for line in posted.lines if line.line_no == key.line_no), None)
        if source is None:
            raise refuse("posted_not_found", no=f"{key.no} / {key.line_no}")
        effect = read_effects(work, posted.kind, posted.posted_no).get(key.line_no)
        draft, entries = posted_line(posted, source), effect.moved if effect else ()
        wanted = sum((abs(entry.quantity) for entry in entries), ZERO)
    if key.source in (ReverseFrom.CREDIT_MEMO, ReverseFrom.RETURN_SHIPMENT):
        yield draft  # the same direction: as posted, without a link
        return
    parts = _parts(entries, read_linked(work, [entry.entry_no for entry in entries]))
    if not collected.note(key, wanted, parts):
        return
    if parts is None:
        yield draft
        return
    factor = draft.units_per_unit or Decimal(1)
    for part in parts:
        quantity = round_to(part.base / factor, QUANTITY)
        yield replace(
            draft,
            quantity=quantity,
            discount_amount=_portion(draft.discount_amount, part.base, wanted),
            own_invoice_discount=_portion(draft.own_invoice_discount, part.base, wanted),
            applies_to_item_entry_no=part.entry_no,
        )


def _parts(entries: Sequence[MovedEntry] | None, linked: Mapping[int, LinkedEntry]) -> list[_Part] | None:
    """What of a line's item entries can go back; None: nothing is in stock to be linked to."""
    stock = [entry for entry in entries or () if linked[entry.entry_no].has_stock and entry.quantity > ZERO]
    if not stock:
        return None
    parts = [_Part(entry.entry_no, min(entry.quantity, linked[entry.entry_no].remaining)) for entry in stock]
    return [part for part in parts if part.base > ZERO]


def _split(line: PurchaseLine, parts: Sequence[_Part] | None, wanted: Decimal) -> Iterator[PurchaseLine]:
    """The line once per item entry; alone and whole it keeps its amounts."""
    if parts is None:
        yield line
        return
    for part in parts:
        if len(parts) == 1 and part.base == wanted:
            line.applies_to_item_entry_no = part.entry_no
            yield line
            continue
        names = [column.key for column in PurchaseLine.__table__.columns if column.key != "id"]
        copy = PurchaseLine(**{name: getattr(line, name) for name in names if name != "document_id"})
        copy.quantity = round_to(part.base / line.units_per_unit, QUANTITY)
        copy.qty_to_receive = copy.qty_to_invoice = copy.quantity
        copy.discount_amount = _portion(line.discount_amount, part.base, wanted)
        copy.own_invoice_discount = _portion(line.own_invoice_discount, part.base, wanted)
        copy.applies_to_item_entry_no = part.entry_no
        yield copy


def _portion(discount: Decimal | None, part: Decimal, whole: Decimal) -> Decimal | None:
    return None if discount is None else round_to(discount * part / whole, CENT)


def _apply(work: Work, document: PurchaseDocument, posted: PostedDocument) -> bool:
    """Propose the invoice if it is open and nothing of it is paid (PU-137)."""
    entry_no = find_entry_of(work, posted.posted_no, DocumentKind.INVOICE.value)
    entry = read_entry(work, entry_no) if entry_no is not None else None
    if entry is None or not entry.is_open or entry.remaining != entry.original:
        return False
    document.applications = [PurchaseApplication(vendor_entry_no=entry.entry_no)]
    return True


def _receipt_entries(line: PostedReceiptLine) -> tuple[MovedEntry, ...]:
    return () if line.item_entry_no is None else (MovedEntry(line.item_entry_no, line.quantity_base),)


def _document_lines(work: Work, document: PurchaseDocument) -> Iterator[ReversibleLine]:
    query = (
        select(PostedDocument)
        .where(PostedDocument.vendor_no == document.vendor_no, PostedDocument.cancelled_by_no.is_(None))
        .order_by(PostedDocument.id.desc())
        .limit(MOST)
    )
    for posted in work.session.scalars(query):
        if posted.is_cancellation:
            continue
        effects = read_effects(work, posted.kind, posted.posted_no)
        moved = [entry.entry_no for effect in effects.values() for entry in effect.moved]
        linked = read_linked(work, moved)
        for line in posted.lines:
            if line.is_system or line.type == LineType.COMMENT or line.quantity == ZERO:
                continue
            effect = effects.get(line.line_no)
            entries = effect.moved if effect and posted.kind == DocumentKind.INVOICE else None
            key = PostedLineKey(ReverseFrom(posted.kind), posted.posted_no, line.line_no)
            yield _offered(key, posted.posting_date, line, _parts(entries, linked))


def _receipt_lines(work: Work, document: PurchaseDocument) -> Iterator[ReversibleLine]:
    query = (
        select(PostedReceipt)
        .where(PostedReceipt.vendor_no == document.vendor_no)
        .order_by(PostedReceipt.id.desc())
        .limit(MOST)
    )
    for receipt in work.session.scalars(query):
        rows = [line for line in receipt.lines if not line.is_correction and line.quantity != ZERO]
        linked = read_linked(work, [row.item_entry_no for row in rows if row.item_entry_no is not None])
        source = ReverseFrom.RETURN_SHIPMENT if receipt.is_return else ReverseFrom.RECEIPT
        for row in rows:
            entries = None if receipt.is_return else _receipt_entries(row)
            key = PostedLineKey(source, receipt.receipt_no, row.line_no)
            yield _offered(key, receipt.posting_date, row, _parts(entries, linked))


def _offered(
    key: PostedLineKey, on: date, line: PostedLine | PostedReceiptLine, parts: Sequence[_Part] | None
) -> ReversibleLine:
    factor = line.units_per_unit or Decimal(1)
    left = line.quantity
    if parts is not None:
        left = round_to(sum((part.base for part in parts), ZERO) / factor, QUANTITY)
    return ReversibleLine(
        key=key,
        posting_date=on,
        type=line.type or LineType.ITEM.value,
        item_or_account=line.no,
        description=line.description,
        quantity=line.quantity,
        left=left,
        unit=line.unit,
    )
