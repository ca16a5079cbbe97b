"""What stands of one document now, and what keeps it from being approved (ux.md §5.3).

`assess` reads everything once; the rest is pure. A value is trusted by its confidence, by arithmetic that
proves it, or by a person; a check is a tick, a triangle with a count, or a stop.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from core.master.company import Company, get_company
from core.master.vendors import Vendor, find_vendor
from core.purchasing.document import PurchaseDocument
from core.purchasing.draft_totals import document_totals
from core.purchasing.drafts import get_draft
from core.purchasing.totals import DocumentTotals
from core.work import Work
from pipeline.incoming import (
    IncomingDocument,
    IncomingMessage,
    Stage,
)
from pipeline.workflow.arithmetic import add_up, vat_groups_of
from pipeline.workflow.checks import (
    BOOKED,
    STOPPING,
    bank_check,
    bank_of,
    coding_check,
    duplicate_check,
    fields_check,
    no_checks,
    totals_check,
    vendor_check,
)
from pipeline.workflow.header_fields import HeaderFields
from pipeline.workflow.line_cells import draft_lines, read_lines
from pipeline.workflow.review_view import (
    Arithmetic,
    Bank,
    Check,
    CheckState,
    FieldView,
    LineView,
    VatGroupView,
)
from pipeline.workflow.values import Values

__all__ = ["STOPPING", "Assessment", "assess"]


@dataclass(frozen=True, slots=True)
class Assessment:
    """All that was found out about one document."""

    document: IncomingDocument
    values: Values
    vendor: Vendor | None
    company: Company
    draft: PurchaseDocument | None
    totals: DocumentTotals | None
    messages: Sequence[IncomingMessage]
    fields: Mapping[str, FieldView]
    lines: tuple[LineView, ...]
    vat_groups: tuple[VatGroupView, ...]
    arithmetic: Arithmetic
    bank: Bank | None
    checks: tuple[Check, ...]

    @property
    def open_checks(self) -> tuple[Check, ...]:
        """The checks that keep the document from being approved, in the order of the row."""
        return tuple(check for check in self.checks if check.state is not CheckState.OK)

    @property
    def open_fields(self) -> list[FieldView]:
        """The fields that are open, in the order of the form and then of the lines."""
        cells = [cell for line in self.lines for cell in line.cells.values()]
        return [view for view in (*self.fields.values(), *cells) if view.is_open]


def assess(work: Work, document: IncomingDocument) -> Assessment:
    """Read the record with its draft and judge it."""
    values = Values.of(work, document)
    company = get_company(work)
    draft = get_draft(work, document.draft_id) if document.draft_id is not None else None
    vendor = find_vendor(work, document.vendor_no) if document.vendor_no else None
    totals = document_totals(work, draft) if draft else None
    messages = _messages(work, document)
    arithmetic = add_up(document, values, draft, totals, company)
    bank = bank_of(vendor, values, draft)
    lines = draft_lines(work, draft, totals, values, vendor) if draft else read_lines(values)
    is_over = Stage(document.stage) not in (Stage.DRAFTED, Stage.IN_REVIEW)
    fields = HeaderFields(document, values, draft, arithmetic, bank, company, messages, is_over).fields()
    booked = values.row("total_gross")
    checks = (
        no_checks()
        if is_over
        else (
            vendor_check(document, vendor),
            bank_check(bank),
            duplicate_check(messages),
            fields_check(messages, fields, lines),
            totals_check(draft, messages, arithmetic, is_booked=booked is not None and booked.note == BOOKED),
            coding_check(draft, lines),
        )
    )
    return Assessment(
        document=document,
        values=values,
        vendor=vendor,
        company=company,
        draft=draft,
        totals=totals,
        messages=messages,
        fields=fields,
        lines=lines,
        vat_groups=vat_groups_of(values, totals),
        arithmetic=arithmetic,
        bank=bank,
        checks=checks,
    )


def _messages(work: Work, document: IncomingDocument) -> Sequence[IncomingMessage]:
    return work.session.scalars(
        select(IncomingMessage).where(IncomingMessage.incoming_id == document.id).order_by(IncomingMessage.id)
    ).all()
