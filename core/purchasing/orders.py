"""The life of an order and a return order: what the next posting takes, and how lines and orders end."""

from __future__ import annotations

from collections.abc import Mapping

from core.errors import DomainError, Problem, refuse
from core.purchasing.document import DocumentKind, DocumentStatus, PurchaseDocument
from core.purchasing.drafts import get_line, touch
from core.purchasing.editing import require_open
from core.purchasing.quantities import QuantityToPost, put_to_post, quantity_problems
from core.work import Work


def set_to_post(work: Work, document: PurchaseDocument, wanted: Mapping[int, QuantityToPost]) -> None:
    """Say what the next posting takes, by line number; on an open or released order (PU-71, PU-72).

    Refuses with `status_not_open`, `line_unknown`, `whole_documents_only`, and for all lines together with
    `qty_to_receive_too_large` and `qty_to_invoice_too_large`, which name the largest quantity.
    """
    kind = DocumentKind(document.kind)
    if document.status != DocumentStatus.RELEASED:
        require_open(document, "qty_to_receive")
    if not kind.posts_in_parts:
        raise refuse("whole_documents_only", document=document.document_no)
    lines = [(get_line(document, line_no), quantities) for line_no, quantities in wanted.items()]
    before = [(line, line.qty_to_receive, line.qty_to_invoice) for line, _ in lines]
    problems: list[Problem] = []
    for line, quantities in lines:
        put_to_post(line, quantities)
        problems += quantity_problems(kind, line)
    if problems:
        for line, receive, invoice in before:
            line.qty_to_receive, line.qty_to_invoice = receive, invoice
        raise DomainError(problems)
    touch(work, document)
