"""What the `ref` of a golden case stands for, and the lines and movements that `RC1.1` names."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from core.errors import DomainError, Problem
from core.ledgers.item import MovementKind, ValueEntry
from core.ledgers.vendor import VendorEntry
from core.purchasing.document import ChargeTarget, LineType, PurchaseDocument, PurchaseLine
from core.purchasing.posted import PostedLine, PostedReceiptLine, get_posted, get_receipt
from core.sales.document import PostedSalesDocument, SalesLine
from core.work import Work


class NotBuilt(Exception):
    """The product cannot do this step yet."""


class UnknownName(Exception):
    """A case names a line or movement that there is none of."""


@dataclass
class Reference:
    """A document of a case: its draft while it is one, and the number it was posted under.

    `kind` is that of its ledger entries: invoice, credit_memo, receipt, payment, order, sales_order,
    sales_invoice. `quantities` are what an order asked for, line by line.
    """

    kind: str
    draft_id: int = 0
    posted_no: str | None = None
    quantities: list[Decimal] = field(default_factory=list)

    @property
    def no(self) -> str:
        """The number of the posted document."""
        if self.posted_no is None:
            raise UnknownName(f"the {self.kind} is not posted")
        return self.posted_no


References = Mapping[str, Reference]


def numbered(lines: Iterable[Any]) -> list[Any]:
    """The lines that a case counts, from 1: neither comments nor what the product added itself."""
    return [
        line
        for line in lines
        if line.type != LineType.COMMENT
        and not getattr(line, "is_system", False)
        and not getattr(line, "corrects_line_no", None)
    ]


def line_of(reference: Reference, position: str, work: Work) -> PostedLine | PostedReceiptLine:
    """The posted line at a position counted from 1."""
    if reference.kind == "receipt":
        lines = numbered(get_receipt(work, reference.no).lines)
    else:
        lines = numbered(get_posted(work, reference.no, reference.kind).lines)
    if int(position) > len(lines):
        raise UnknownName(f"{reference.no} has no line {position}")
    line: PostedLine | PostedReceiptLine = lines[int(position) - 1]
    return line


def movement_of(work: Work, references: References, name: str) -> int:
    """The item entry that a line such as INV1.1, RC1.1 or SI1.1 made or invoiced."""
    ref, _, position = name.partition(".")
    reference = references[ref]
    if reference.kind == "sales_invoice":
        return _sold(work, reference, int(position))
    line = line_of(reference, position, work)
    if isinstance(line, PostedReceiptLine):
        if line.item_entry_no is None:
            raise UnknownName(f"{name} moved nothing")
        return line.item_entry_no
    posted = get_posted(work, reference.no, reference.kind)
    query = (
        select(ValueEntry.item_entry_no)
        .where(
            ValueEntry.register_no == posted.register_no,
            ValueEntry.line_no == line.line_no,
            ValueEntry.item_no == line.no,
            ValueEntry.movement_kind == MovementKind.PURCHASE,
            ValueEntry.charge_no.is_(None),
            ~ValueEntry.is_adjustment,
        )
        .order_by(ValueEntry.entry_no)
    )
    found = work.session.scalars(query).first()
    if found is None:
        raise UnknownName(f"{name} moved nothing")
    return found


def _sold(work: Work, reference: Reference, position: int) -> int:
    """The item entry of a sales line: it bears the shipment's number, its value entry the invoice's."""
    document = work.session.scalars(
        select(PostedSalesDocument).where(
            PostedSalesDocument.posted_no == reference.no, PostedSalesDocument.kind == "invoice"
        )
    ).one()
    line = numbered(document.lines)[position - 1]
    query = (
        select(ValueEntry.item_entry_no)
        .where(ValueEntry.register_no == document.register_no, ValueEntry.line_no == line.line_no)
        .order_by(ValueEntry.entry_no)
    )
    return work.session.scalars(query).one()


def charge_target(
    work: Work, references: References, own: str | None, name: str
) -> tuple[ChargeTarget, str | None, int]:
    """Where a charge goes: a posted receipt or invoice line, or a line of the document itself."""
    ref, _, position = name.partition(".")
    if ref == own:
        return ChargeTarget.DOCUMENT, None, int(position)
    reference = references[ref]
    line = line_of(reference, position, work)
    target = ChargeTarget.RECEIPT if reference.kind == "receipt" else ChargeTarget.INVOICE
    return target, reference.no, line.line_no


def open_order(work: Work, reference: Reference) -> PurchaseDocument:
    """The order of a case. One that is gone was completely invoiced: nothing is left to post."""
    found = work.session.get(PurchaseDocument, reference.draft_id)
    if found is None:
        values: dict[str, object] = {"document": str(reference.draft_id)}
        raise DomainError([Problem("document_deleted"), Problem("nothing_to_post", values)])
    return found


def vendor_entry_of(work: Work, reference: Reference) -> int:
    """The vendor entry of a posted document or payment."""
    return work.session.scalars(
        select(VendorEntry.entry_no).where(
            VendorEntry.document_no == reference.no, VendorEntry.document_type == reference.kind
        )
    ).one()


def purchase_lines(lines: Iterable[PurchaseLine]) -> dict[int, PurchaseLine]:
    """The lines of a document by their position in the case."""
    return dict(enumerate(numbered(lines), start=1))


def sales_lines(lines: Iterable[SalesLine]) -> dict[int, SalesLine]:
    """The lines of a sales order by their position in the case."""
    return dict(enumerate(numbered(lines), start=1))
