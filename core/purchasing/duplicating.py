"""New rows like the ones that are there: every column is taken over but those that are named."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import inspect

from core.money import ZERO
from core.purchasing.document import DocumentStatus, PurchaseDocument, PurchaseLine
from core.work import Work

OWN_OF_HEADER = frozenset(
    {
        "id",
        "kind",
        "document_no",
        "status",
        "version",
        "posted_no",
        "occurrence",
        "restored_version",
        "is_combined",
        "corrects_no",
        "is_cancellation",
        "repeat_reason",
        "repeat_approved_by",
        "created_by",
        "created_at",
        "modified_by",
        "modified_at",
    }
)
"""What a header never hands on."""
OWN_OF_LINE = frozenset(
    {
        "id",
        "document_id",
        "quantity_received",
        "quantity_invoiced",
        "qty_to_receive",
        "qty_to_invoice",
        "expected_cost",
        "invoice_discount_invoiced",
        "closed_reason",
        "over_receipt_quantity",
        "over_receipt_state",
        "over_receipt_by",
    }
)
"""What a line never hands on: what was posted of it, and what the next posting takes."""


def header_values(source: PurchaseDocument, without: Collection[str] = ()) -> dict[str, Any]:
    """The values of a header that another document may take over."""
    names = [column.key for column in inspect(PurchaseDocument).column_attrs]
    return {name: getattr(source, name) for name in names if name not in OWN_OF_HEADER.union(without)}


def line_values(source: PurchaseLine, without: Collection[str] = ()) -> dict[str, Any]:
    """The values of a line that another line may take over."""
    names = [column.key for column in inspect(PurchaseLine).column_attrs]
    return {name: getattr(source, name) for name in names if name not in OWN_OF_LINE.union(without)}


def new_header(work: Work, kind: str, document_no: str, values: dict[str, Any]) -> PurchaseDocument:
    """An open document with these values, made now; not yet in the session."""
    document = PurchaseDocument(
        kind=kind,
        document_no=document_no,
        status=DocumentStatus.OPEN.value,
        version=1,
        created_by=work.actor.user_no,
        created_at=work.now,
        modified_by=work.actor.user_no,
        modified_at=work.now,
    )
    for name, value in values.items():
        setattr(document, name, value)
    return document


def new_row(values: dict[str, Any]) -> PurchaseLine:
    """A line with these values of which nothing is posted."""
    line = PurchaseLine(
        quantity_received=ZERO,
        quantity_invoiced=ZERO,
        qty_to_receive=ZERO,
        qty_to_invoice=ZERO,
        expected_cost=ZERO,
        invoice_discount_invoiced=ZERO,
        over_receipt_quantity=ZERO,
    )
    for name, value in values.items():
        setattr(line, name, value)
    return line
