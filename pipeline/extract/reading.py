"""Pages of words to an invoice: the whole of reading in one pure function."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from core.open_folder import members
from pipeline.extract import fields
from pipeline.extract.candidates import Candidate, Document, FieldGroup, RowCandidate
from pipeline.extract.consistency import TOTALS, amount_due, choose_totals, evidence, unsigned
from pipeline.extract.document import (
    HEADER_KEYS,
    ExtractedInvoice,
    ExtractedLine,
    Field,
    Page,
    Provenance,
    Source,
    VatSubtotal,
)
from pipeline.extract.layout import Layout, lay_out
from pipeline.extract.parties import find_parties
from pipeline.extract.printed import find_printed
from pipeline.extract.scoring import Choice, by_key, choose, field_of
from pipeline.extract.tables import find_table

READER_VERSION = "1"
"""Counted up when the same pages may give another result."""

_AMOUNT_KEYS = frozenset(
    {*TOTALS, "paid_amount", "amount_due", "total_allowance", "total_charge", "net", "vat", "net_amount"}
)
_SIGNED_IN_LINES = _AMOUNT_KEYS | {"quantity", "unit_price"}


def read_pages(pages: Sequence[Page], *, source: Source, languages: Sequence[str] = ()) -> ExtractedInvoice:
    """Find the fields of the invoice that these pages print.

    The vocabulary holds all languages at once; `languages` (Tesseract's codes of what the sender may
    write) are kept with the result. The same pages always give the same result, and no page makes it raise.
    """
    printed = find_printed(lay_out(pages))
    table = find_table(printed)
    document = Document(printed, table, find_parties(printed, table))
    candidates: list[Candidate] = []
    lines: list[RowCandidate] = []
    subtotals: list[RowCandidate] = []
    for group in _field_groups():
        found = group.find(document)
        candidates.extend(found.candidates)
        lines.extend(found.lines)
        subtotals.extend(found.vat_breakdown)
    choices = _choices(by_key(candidates), document, lines, subtotals)
    kind = choices.get("document_type")
    is_credit_note = kind is not None and kind.candidate.value == "credit_note"
    layout = printed.layout
    header = {key: field_of(layout, c.candidate, c.confidence) for key, c in choices.items()}
    if kind is None and header:
        header["document_type"] = Field("invoice", 0.5, Provenance(None, None, None))
    if is_credit_note:
        header = {
            key: _without_sign(field) if key in _AMOUNT_KEYS else field for key, field in header.items()
        }
    versions = {"reader": READER_VERSION}
    if languages:
        versions["languages"] = "+".join(languages)
    return ExtractedInvoice(
        source=source,
        fields={key: header[key] for key in HEADER_KEYS if key in header},
        lines=tuple(ExtractedLine(_row(layout, line, is_credit_note)) for line in lines),
        vat_breakdown=tuple(VatSubtotal(_row(layout, subtotal, is_credit_note)) for subtotal in subtotals),
        page_count=len(pages),
        versions=versions,
    )


def _field_groups() -> list[FieldGroup]:
    return [group for group in members(fields, "FIELD") if isinstance(group, FieldGroup)]


def _choices(
    groups: Mapping[str, Sequence[Candidate]],
    document: Document,
    lines: Sequence[RowCandidate],
    subtotals: Sequence[RowCandidate],
) -> dict[str, Choice]:
    choices: dict[str, Choice] = dict(choose_totals(groups, document.printed, evidence(lines, subtotals)))
    for key, candidates in groups.items():
        if key not in TOTALS and key != "amount_due":
            chosen = choose(candidates)
            if chosen:
                choices[key] = chosen
    due = amount_due(groups, choices)
    if due:
        choices["amount_due"] = due
    _separate_numbers(groups, choices)
    _order_dates(groups, choices)
    return choices


def _separate_numbers(groups: Mapping[str, Sequence[Candidate]], choices: dict[str, Choice]) -> None:
    """The same printed word is not the invoice number and the order number as well."""
    own = choices.get("invoice_number")
    if own is None:
        return
    for key in ("order_reference", "payment_reference", "preceding_invoice"):
        other = choices.get(key)
        if other and other.candidate.tokens[0] is own.candidate.tokens[0]:
            if other.confidence > own.confidence and key != "payment_reference":
                rest = [c for c in groups["invoice_number"] if c.value != own.candidate.value]
                target = "invoice_number"
            else:
                rest = [c for c in groups[key] if c.value != other.candidate.value]
                target = key
            again = choose(rest)
            del choices[target]
            if again:
                choices[target] = again


def _order_dates(groups: Mapping[str, Sequence[Candidate]], choices: dict[str, Choice]) -> None:
    """An invoice is not due before it is issued: the weaker date gives way."""
    issue, due = choices.get("issue_date"), choices.get("due_date")
    if issue is None or due is None:
        return
    if date.fromisoformat(due.candidate.value) >= date.fromisoformat(issue.candidate.value):
        return
    weaker, stronger = ("issue_date", due) if issue.confidence < due.confidence else ("due_date", issue)
    bound = date.fromisoformat(stronger.candidate.value)
    fitting = [
        c
        for c in groups[weaker]
        if (date.fromisoformat(c.value) <= bound) == (weaker == "issue_date") or c.value == bound.isoformat()
    ]
    again = choose(fitting)
    if again:
        choices[weaker] = again
    else:
        choices[weaker] = replace(choices[weaker], confidence=0.5 * choices[weaker].confidence)


def _row(layout: Layout, row: RowCandidate, is_credit_note: bool) -> dict[str, Field]:
    cells: dict[str, Field] = {}
    for key, cell in row.cells.items():
        positive = unsigned(cell) if is_credit_note and key in _SIGNED_IN_LINES else cell
        cells[key] = field_of(layout, positive, positive.score)
    return cells


def _without_sign(field: Field) -> Field:
    return Field(field.value.removeprefix("-"), field.confidence, field.provenance)
