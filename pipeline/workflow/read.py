"""Stored bytes to an invoice, kept with its evidence: one page by OCR per step, then all together (ID-29).

`look` reads the database, `compute` opens the document in a child process with no transaction open, `write`
keeps the result. What a person confirmed stays when a document is read again.
"""

from __future__ import annotations

import errno
import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select

from core.errors import Problem
from core.work import Work
from pipeline import media_type as kinds
from pipeline.child import ChildFailed
from pipeline.extract import contained
from pipeline.extract.document import Box, ExtractedInvoice, Field, Page
from pipeline.extract.invoice import DocumentSurvey
from pipeline.extract.ocr import OcrUnavailable
from pipeline.extract.page_json import page_from_json, page_to_json
from pipeline.extract.unreadable import UnreadableDocument
from pipeline.incoming import (
    Change,
    IncomingDocument,
    IncomingField,
    IncomingMessage,
    IncomingPage,
    OcrStatus,
    Origin,
    PageState,
    Stage,
    add_message,
    log,
    move,
    schedule,
    to_json,
    touch,
)
from pipeline.workflow.pages import keep_image, words_name
from pipeline.workflow.tools import Outage, Tools
from pipeline.workflow.values import CHECK, fits

WAITING_FOR_OCR = "waiting_for_ocr"
DISK_FULL = "disk_full"


@dataclass(frozen=True, slots=True)
class Task:
    """What is left to read. `waiting` are pages for OCR, `read` those that OCR has read or marked."""

    sha256: str
    media_type: str
    is_surveyed: bool
    waiting: tuple[int, ...]
    read: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Surveyed:
    """What the file holds, and the invoice when no page needed OCR."""

    survey: DocumentSurvey
    invoice: ExtractedInvoice | None


@dataclass(frozen=True, slots=True)
class PageDone:
    """One page read by OCR, or marked unreadable by its `problem`."""

    page: Page


@dataclass(frozen=True, slots=True)
class Assembled:
    """The invoice made of all pages."""

    invoice: ExtractedInvoice


@dataclass(frozen=True, slots=True)
class Refused:
    """The file itself cannot be read, and trying again will not help."""

    code: str
    values: dict[str, object]


Result = Surveyed | PageDone | Assembled | Refused


def look(work: Work, document: IncomingDocument) -> Task:
    """What is to be done next for this document."""
    pages = work.session.scalars(
        select(IncomingPage).where(IncomingPage.incoming_id == document.id).order_by(IncomingPage.page_no)
    ).all()
    by_ocr = [page for page in pages if page.source == "ocr"]
    return Task(
        document.sha256,
        document.media_type,
        is_surveyed=bool(pages),
        waiting=tuple(page.page_no for page in by_ocr if page.state == PageState.WAITING),
        read=tuple(page.page_no for page in by_ocr if page.state != PageState.WAITING),
    )


def compute(task: Task, tools: Tools) -> Result:
    """Read the next piece in a child process.

    Raises Outage when Tesseract is not there or the disk is full, ChildFailed when the child died.
    """
    data = tools.store.get(task.sha256)
    try:
        if not task.is_surveyed:
            return _survey(data, task, tools)
        if task.waiting:
            return _ocr(data, task, tools)
        pages = [_kept_page(task, tools, number) for number in task.read]
        return Assembled(contained.assemble(data, task.media_type, pages, tools.languages))
    except UnreadableDocument as refusal:
        return Refused(refusal.code, refusal.values)
    except OcrUnavailable as error:
        raise Outage(WAITING_FOR_OCR) from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise Outage(DISK_FULL) from error
        raise


def write(work: Work, document: IncomingDocument, result: Result) -> None:
    """Keep the result, and write the next job."""
    match result:
        case Refused(code, values):
            stop(work, document, code, values)
        case Surveyed(survey, invoice):
            _write_pages(work, document, survey)
            if invoice is not None:
                _write_invoice(work, document, invoice)
            else:
                document.ocr_status = OcrStatus.SENT.value
                schedule(work, document)
        case PageDone(page):
            _write_page(work, document, page)
            schedule(work, document)
        case Assembled(invoice):
            _write_invoice(work, document, invoice)


def stop(work: Work, document: IncomingDocument, code: str, values: dict[str, object]) -> None:
    """The machine cannot go on with this record: it stays where it is, and shows Failed with the reason."""
    document.failure_code, document.failure_values = code, to_json(values)
    document.worst_code, document.worst_values = code, to_json(values)
    document.worst_severity = "stop"
    if Stage(document.stage) is Stage.RECEIVED:
        document.ocr_status = OcrStatus.ERROR.value
    touch(work, document)
    log(work, document, "failed", Change(reason=code))


def forget(work: Work, document: IncomingDocument) -> None:
    """Make the document unread, so that it is read again; what a person confirmed stays (ID-29)."""
    work.session.execute(delete(IncomingPage).where(IncomingPage.incoming_id == document.id))
    work.session.execute(
        delete(IncomingMessage).where(
            IncomingMessage.incoming_id == document.id, IncomingMessage.source == "reading"
        )
    )
    document.failure_code = document.failure_values = None
    document.ocr_status = (OcrStatus.NONE if document.media_type == kinds.XML else OcrStatus.READY).value


def _survey(data: bytes, task: Task, tools: Tools) -> Surveyed:
    surveyed, invoice = contained.read_or_survey(data, task.media_type, tools.languages)
    if surveyed.page_count:
        keep_image(tools.store, task.sha256, task.media_type, 1, tools.page_image_dpi)
    return Surveyed(surveyed, invoice)


def _ocr(data: bytes, task: Task, tools: Tools) -> PageDone:
    number = task.waiting[0]
    try:
        page = contained.read_page_by_ocr(data, task.media_type, number, tools.languages)
    except (UnreadableDocument, ChildFailed):
        page = contained.unreadable_page(number)  # it is marked and the rest goes on (technology §3)
    body = json.dumps(page_to_json(page)).encode()
    tools.store.put_derived(task.sha256, words_name(number), body)
    return PageDone(page)


def _kept_page(task: Task, tools: Tools, number: int) -> Page:
    body = tools.store.get_derived(task.sha256, words_name(number))
    if body is None:
        return contained.unreadable_page(number)
    return page_from_json(json.loads(body))


def _write_pages(work: Work, document: IncomingDocument, survey: DocumentSurvey) -> None:
    document.page_count = survey.page_count
    by_ocr = set(survey.ocr_pages)
    for number in range(1, survey.page_count + 1):
        work.session.add(
            IncomingPage(
                incoming_id=document.id,
                page_no=number,
                state=(PageState.WAITING if number in by_ocr else PageState.READ).value,
                width=0.0,
                height=0.0,
                source="ocr" if number in by_ocr else "text_layer",
            )
        )


def _write_page(work: Work, document: IncomingDocument, page: Page) -> None:
    row = work.session.get_one(IncomingPage, (document.id, page.number))
    row.state = (PageState.UNREADABLE if page.problem else PageState.READ).value
    row.width, row.height = page.width, page.height
    touch(work, document)
    log(work, document, "page_read", Change(new=str(page.number), reason=page.problem))


def _write_invoice(work: Work, document: IncomingDocument, invoice: ExtractedInvoice) -> None:
    _write_fields(work, document, invoice)
    document.source = invoice.source.value
    document.page_count = invoice.page_count or document.page_count
    document.read_at = work.now
    document.ocr_status = (OcrStatus.NONE if document.media_type == kinds.XML else OcrStatus.SUCCESS).value
    for problem in _warnings(invoice):
        add_message(work, document, problem, source="reading")
    move(work, document, Stage.READ)
    log(work, document, "read", Change(new=invoice.source.value))
    schedule(work, document)


def _write_fields(work: Work, document: IncomingDocument, invoice: ExtractedInvoice) -> None:
    rows = {
        row.key: row
        for row in work.session.scalars(select(IncomingField).where(IncomingField.incoming_id == document.id))
    }
    read = dict(invoice.all_fields())
    for key, row in rows.items():
        if key not in read and row.confirmed_by is None:
            work.session.delete(row)
    work.session.flush()
    for key, found in read.items():
        kept = rows.get(key)
        if kept is None:
            kept = IncomingField(incoming_id=document.id, key=key, origin=Origin.READ.value)
            work.session.add(kept)
        _fill(kept, key, found)


def _fill(row: IncomingField, key: str, found: Field) -> None:
    row.read_value = found.value
    if row.confirmed_by is not None:
        return  # a person's word counts; only what was read is noted beside it
    # A header value that is more doubtful than not stays empty, and is offered instead (ux.md §5.3).
    is_doubtful = found.confidence < CHECK and not key.startswith(("lines.", "vat_breakdown."))
    row.value = None if is_doubtful else fits(key, found.value)
    row.confidence = found.confidence
    row.origin = Origin.READ.value
    place = found.provenance
    row.page, row.printed, row.path = place.page, place.text, place.path
    put_box(row, place.box)


def put_box(row: IncomingField, box: Box | None) -> None:
    """Keep where the value stands on its page, or that it stands nowhere."""
    if box is None:
        row.box_left = row.box_top = row.box_right = row.box_bottom = None
        return
    row.box_left, row.box_top, row.box_right, row.box_bottom = box.as_list()


def _warnings(invoice: ExtractedInvoice) -> Sequence[Problem]:
    problems: list[Problem] = []
    for code, text in invoice.warnings:
        if code == "INC_XML_PICTURE_DIFFERS":
            problems.append(Problem(code, {"field": text}, field=text, severity="warning"))
        elif code in ("INC_TYPE_UNKNOWN", "INC_CURRENCY_MIXED"):
            problems.append(Problem(code, {"value": text or "–"}, severity="warning"))
        elif text.startswith("page "):
            problems.append(
                Problem("INC_PAGE_UNREADABLE", {"page": text.removeprefix("page ")}, severity="warning")
            )
        elif code.startswith("INC_"):
            problems.append(Problem("INC_READER_NOTE", {"note": text}, severity="information"))
    if len(invoice.parts) > 1:
        problems.append(Problem("INC_SEVERAL_INVOICES", {"count": len(invoice.parts)}, severity="warning"))
    return problems
