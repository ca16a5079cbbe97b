"""The card of one purchase document as a page shows it: header, lines, totals, actions, what came of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import or_, select

from core.master.company import get_company
from core.master.rights import Right
from core.master.vendors import find_vendor
from core.money import ZERO
from core.purchasing.archive import versions
from core.purchasing.comments import list_comments
from core.purchasing.document import (
    DocumentKind,
    DocumentStatus,
    LineType,
    PurchaseDocument,
    PurchaseLine,
)
from core.purchasing.draft_totals import amount_of, document_totals
from core.purchasing.drafts import duplicate_warnings
from core.purchasing.posted import PostedDocument, PostedLine, PostedReceipt
from core.purchasing.quantities import outstanding, received_not_invoiced
from core.purchasing.totals import DocumentTotals
from core.work import Work
from web.card_area import CardArea
from web.card_values import (
    RIGHT,
    TO_POST,
    CellView,
    FieldView,
    LineView,
    column_name,
    columns_of,
    header_fields,
    share,
    shown_cell,
)
from web.purchase_list import STATUS_SHAPES
from web.view import DeskContext

OPEN, RELEASED = DocumentStatus.OPEN, DocumentStatus.RELEASED


@dataclass(frozen=True, slots=True)
class Action:
    """A button. `refused` says why it cannot be pressed now; empty: it can."""

    key: str
    label: str
    refused: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True)
class Total:
    """One amount under the lines."""

    label: str
    amount: str
    is_strong: bool = False


@dataclass(frozen=True, slots=True)
class Related:
    """A posted document that came of this one."""

    text: str
    note: str
    path: str
    icon: str


@dataclass(frozen=True, slots=True)
class VersionView:
    """An archived version: its number, and when and by whom it was kept."""

    version_no: int
    note: str


class CardScreen:
    """One document for one user."""

    def __init__(self, desk: DeskContext, work: Work, area: CardArea, document: PurchaseDocument) -> None:
        self.desk = desk
        self.area = area
        self.document = document
        self.kind = DocumentKind(document.kind)
        self.can_edit = desk.may(area.works) and document.status != DocumentStatus.POSTED
        self.can_edit_lines = self.can_edit and document.status == OPEN
        self.currency = document.currency_code or get_company(work).local_currency
        self.columns = columns_of(self.kind, work)
        vendor = find_vendor(work, document.vendor_no)
        self.vendor_name = vendor.name if vendor else document.seller_name or desk.text("card.no_vendor")
        self.is_restricted = vendor is not None and vendor.restricted
        self.fields: list[FieldView] = header_fields(desk, work, document, self.can_edit)
        self.lines = [self._line(line) for line in document.lines]
        self.totals = self._totals(document_totals(work, document))
        self.warnings = [desk.problem_text(problem) for problem in duplicate_warnings(work, document)]
        self.comments = list_comments(work, document)
        self.related = list(self._related(work))
        self.versions = self._versions(work)

    @property
    def no(self) -> str:
        """The number that people see."""
        return self.document.document_no

    @property
    def title(self) -> str:
        """The title of the window."""
        return f"{self.no} · {self.vendor_name} · Inkoop"

    @property
    def status(self) -> str:
        """The status in words."""
        return self.desk.text(f"card.status_{self.document.status}")

    @property
    def shape(self) -> str:
        """The mark beside the status."""
        return STATUS_SHAPES[self.document.status]

    @property
    def notice(self) -> str:
        """Why something cannot be changed; empty when all can."""
        if not self.desk.may(self.area.works):
            return self.desk.text("card.read_only", needs=self.desk.needs(self.area.works))
        return self.desk.text("card.released_only") if self.document.status == RELEASED else ""

    def heading(self, column: str) -> str:
        """The name over a column."""
        return column_name(self.desk, self.kind, column)

    def is_right(self, column: str) -> bool:
        """Whether a column holds numbers."""
        return column in RIGHT

    def as_json(self, html: str) -> dict[str, object]:
        """What the script of the page needs."""
        return {
            "no": self.no,
            "version": self.document.version,
            "title": self.title,
            "can_edit": self.can_edit_lines,
            "main": self.main.key if self.main else "",
            "html": html,
        }

    # ---- actions ----

    @property
    def main(self) -> Action | None:
        """The one next step."""
        wanted = self._next_step()
        return next((action for action in self.actions if action.key == wanted), None)

    @property
    def actions(self) -> list[Action]:
        """Everything that can be done with the document, in the order of its life."""
        return [action for action in self._all_actions() if action is not None]

    def _next_step(self) -> str:
        if self.document.status == OPEN and self.kind not in (DocumentKind.INVOICE, DocumentKind.CREDIT_MEMO):
            return "release"
        if self.kind is DocumentKind.QUOTE:
            return "make_order"
        if self.kind.posts_in_parts:
            waits = any(outstanding(line) != ZERO for line in self._goods())
            return "receive" if waits and self.desk.may(Right.GOODS_RECEIVE) else "invoice"
        return "post" if self.desk.may(Right.INVOICE_POST) or self.document.status != OPEN else "release"

    def _goods(self) -> list[PurchaseLine]:
        return [line for line in self.document.lines if line.type != LineType.COMMENT]

    def _all_actions(self) -> Iterator[Action | None]:
        works, is_open = self.area.works, self.document.status == OPEN
        if is_open:
            yield self._action("release", works)
        elif self.document.status == RELEASED:
            yield self._action("reopen", works)
        if self.kind.posts_in_parts:
            yield from self._partial_actions()
        elif self.kind is DocumentKind.QUOTE:
            yield self._action("make_order", works)
        else:
            name = "post_invoice" if self.kind is DocumentKind.INVOICE else "post_credit_memo"
            yield self._action("post", Right.INVOICE_POST, name)
        if is_open:
            yield from self._line_actions()
        yield from self._over_receipts()
        if self.kind in (DocumentKind.ORDER, DocumentKind.QUOTE, DocumentKind.RETURN_ORDER):
            yield self._action("archive", works)
            yield Action(
                "print", self.desk.text("card.act.print"), path=f"{self.area.path_of(self.no)}/print"
            )
        yield self._action("delete", works)

    def _partial_actions(self) -> Iterator[Action]:
        back = self.kind.goes_back
        yield self._action("receive", Right.GOODS_RECEIVE, "ship" if back else "receive")
        yield self._action("invoice", Right.INVOICE_POST, "credit" if back else "invoice")
        both = self._action("both", Right.INVOICE_POST, "ship_and_credit" if back else "receive_and_invoice")
        if not both.refused and not self.desk.may(Right.GOODS_RECEIVE):
            both = Action(both.key, both.label, self.desk.needs(Right.GOODS_RECEIVE))
        yield both

    def _line_actions(self) -> Iterator[Action]:
        works = self.area.works
        if self.kind is DocumentKind.INVOICE:
            yield self._action("get_receipts", works)
        if self.kind is DocumentKind.CREDIT_MEMO:
            yield self._action("get_shipments", works)
        if self.kind.goes_back:
            yield self._action("get_posted", works)
        yield self._action("copy", works)
        if self.kind is DocumentKind.RETURN_ORDER and any(line.quantity < 0 for line in self._goods()):
            yield self._action("move_negative", works)
        yield self._action("discount", works)

    def _over_receipts(self) -> Iterator[Action]:
        if any(line.over_receipt_state == "pending" for line in self.document.lines):
            yield self._action("approve_over", Right.ORDER_WORK)
            yield self._action("reject_over", Right.ORDER_WORK)

    def _action(self, key: str, right: Right, name: str = "") -> Action:
        refused = "" if self.desk.may(right) else self.desk.needs(right)
        return Action(key, self.desk.text(f"card.act.{name or key}"), refused)

    # ---- lines ----

    def _line(self, line: PurchaseLine) -> LineView:
        is_comment = line.type == LineType.COMMENT
        in_parts = self.kind.posts_in_parts and not is_comment
        quantity = self.desk.formats.quantity
        progress = ""
        if in_parts:
            progress = self.desk.text(
                "card.ordered_received_invoiced",
                ordered=quantity(line.quantity),
                received=quantity(line.quantity_received),
                invoiced=quantity(line.quantity_invoiced),
            )
        return LineView(
            line_no=line.line_no,
            type=line.type,
            type_name=self.desk.text(f"card.type.{line.type}"),
            cells=tuple(self._cell(line, column) for column in self.columns),
            received=share(abs(line.quantity_received), abs(line.quantity)) if in_parts else None,
            invoiced=share(abs(line.quantity_invoiced), abs(line.quantity)) if in_parts else None,
            progress=progress,
            notes=tuple(self._notes(line)),
            acts=tuple(self._line_acts(line)),
        )

    def _cell(self, line: PurchaseLine, column: str) -> CellView:
        is_comment = line.type == LineType.COMMENT
        is_open = self.can_edit_lines or (is_comment and self.can_edit)
        fixed = not is_open or (is_comment and column != "description")
        if column in TO_POST:
            right = Right.GOODS_RECEIVE if column == "qty_to_receive" else Right.INVOICE_POST
            fixed = is_comment or not self.desk.may(right)
        amount = ZERO if is_comment else amount_of(line)
        return CellView(
            column=column,
            label=self.desk.text("card.line_field", line=line.line_no, column=self.heading(column)),
            shown=shown_cell(self.desk, line, column, amount),
            is_fixed=fixed,
            is_right=column in RIGHT,
            lookup="card-lines" if column == "no" and not fixed else None,
            code=line.no or "" if column == "no" else "",
        )

    def _notes(self, line: PurchaseLine) -> Iterator[str]:
        if line.closed_reason:
            yield self.desk.text("card.line_closed", reason=line.closed_reason)
        if line.over_receipt_state == "pending":
            yield self.desk.text("card.over_pending")
        if line.receipt_no:
            yield self.desk.text("card.taken_from", no=line.receipt_no, line=line.receipt_line_no)
        elif line.source_no:
            yield self.desk.text("card.taken_from", no=line.source_no, line=line.source_line_no)
        if line.type == LineType.CHARGE:
            assigned = sum((row.quantity for row in line.assignments), ZERO)
            yield self.desk.text("card.charge_of", n=self.desk.formats.quantity(assigned))

    def _line_acts(self, line: PurchaseLine) -> Iterator[tuple[str, str]]:
        is_short = self.kind.posts_in_parts and line.type != LineType.COMMENT and outstanding(line) != ZERO
        if self.can_edit and is_short and line.no is not None:
            yield "close_line", self.desk.text("card.act.close_line")
        if self.can_edit and line.type == LineType.CHARGE and line.no and self.kind is not DocumentKind.QUOTE:
            yield "assign_charge", self.desk.text("card.act.assign_charge")

    # ---- totals and what came of it ----

    def _versions(self, work: Work) -> list[VersionView]:
        return [
            VersionView(
                each.version_no,
                f"{self.desk.formats.moment(each.archived_at)} · {each.archived_by} · "
                f"{self.desk.formats.amount(each.amount)}",
            )
            for each in versions(work, self.kind, self.no)
            if each.occurrence == self.document.occurrence
        ]

    def _totals(self, totals: DocumentTotals) -> list[Total]:
        amount = self.desk.formats.amount
        made = []
        if totals.invoice_discount:
            lines = sum((line.amount for line in totals.lines), Decimal(0))
            made.append(Total(self.desk.text("card.total_lines"), amount(lines)))
            made.append(Total(self.desk.text("card.total_discount"), amount(-totals.invoice_discount)))
        made.append(Total(self.desk.text("card.total_net"), amount(totals.total_net)))
        made += [
            Total(f"{self.desk.text('card.total_vat')} {group.terms.identifier}", amount(group.vat))
            for group in totals.groups
            if group.base or group.vat
        ]
        return [*made, Total(self.desk.text("card.total_gross"), amount(totals.total_gross), is_strong=True)]

    def _related(self, work: Work) -> Iterator[Related]:
        if not self.kind.posts_in_parts:
            return
        formats = self.desk.formats
        receipts = select(PostedReceipt).where(PostedReceipt.order_no == self.no).order_by(PostedReceipt.id)
        for receipt in work.session.scalars(receipts):
            yield Related(
                receipt.receipt_no,
                formats.date(receipt.posting_date),
                f"/receipts/{receipt.receipt_no}",
                "truck",
            )
        lines = select(PostedLine.document_id).where(PostedLine.order_no == self.no)
        bills = select(PostedDocument).where(
            or_(PostedDocument.order_no == self.no, PostedDocument.id.in_(lines))
        )
        for bill in work.session.scalars(bills.order_by(PostedDocument.id)):
            path = f"/invoices/{bill.posted_no}" if bill.kind == "invoice" else f"/find?doc={bill.posted_no}"
            note = f"{formats.date(bill.posting_date)} · {formats.amount(bill.total_gross)}"
            yield Related(bill.posted_no, note, path, "inv" if bill.kind == "invoice" else "cm")

    @property
    def to_invoice(self) -> bool:
        """Whether something was received that no invoice took."""
        return any(received_not_invoiced(line) != ZERO for line in self._goods())


def tabs_of(screen: CardScreen) -> Sequence[str]:
    """The tabs under the lines."""
    tabs = [] if screen.kind is DocumentKind.QUOTE else ["preview"]
    if screen.kind.posts_in_parts:
        tabs.append("related")
    tabs.append("comments")
    if screen.kind in (DocumentKind.ORDER, DocumentKind.QUOTE, DocumentKind.RETURN_ORDER):
        tabs.append("versions")
    return tabs
