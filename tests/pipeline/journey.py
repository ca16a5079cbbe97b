"""Documents on their journey, for tests: books, the real steps, and invoices that need no reading."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count

from sqlalchemy import select

from core.outbox import Job, JobState
from core.work import MACHINE, Actor
from pipeline import tasks
from pipeline.extract.document import (
    Box,
    ExtractedInvoice,
    ExtractedLine,
    Field,
    Provenance,
    Source,
    VatSubtotal,
)
from pipeline.extract.invoice import DocumentSurvey
from pipeline.incoming import IncomingDocument, Stage, get_incoming, lock_incoming
from pipeline.ingest.channel import Delivery
from pipeline.runtime import Runtime
from pipeline.workflow import read, review
from pipeline.workflow.review_view import ReviewView

KIM = Actor("kim", "Kim Bakker", frozenset({"clerk"}))
BEA = Actor("bea", "Bea Mulder", frozenset({"bookkeeper"}))

MECHANICS = {"seller.name": "Van der Meer Techniek B.V.", "seller.vat_id": "NL857301421B01"}
CARD_IBAN = "NL92INGB0675421101"

_numbers = count(1)


def printed(value: str, confidence: float = 0.99) -> Field:
    """A value that stands on page 1."""
    return Field(value, confidence, Provenance(1, Box(0.1, 0.1, 0.3, 0.12), value))


def line(**columns: str) -> ExtractedLine:
    """One line as read."""
    return ExtractedLine({key: printed(value) for key, value in columns.items()})


@dataclass(frozen=True, slots=True)
class Invoice:
    """An invoice as read. What is not said is that of a plain invoice of 100.00 with 21 % VAT."""

    fields: Mapping[str, str | None] = field(default_factory=dict)
    lines: Sequence[ExtractedLine] | None = None
    doubtful: Mapping[str, float] = field(default_factory=dict)

    def read(self) -> ExtractedInvoice:
        """As the reader gives it."""
        values: dict[str, str | None] = {
            "document_type": "invoice",
            "invoice_number": f"2026-{next(_numbers):05d}",
            "issue_date": "2026-11-20",
            "currency_code": "EUR",
            "total_net": "100.00",
            "total_vat": "21.00",
            "total_gross": "121.00",
            "payment_iban": CARD_IBAN,
            **MECHANICS,
            **self.fields,
        }
        lines = self.lines
        if lines is None:
            lines = [
                line(
                    description="Freight",
                    quantity="1",
                    unit_price="100.00",
                    net_amount="100.00",
                    vat_rate="21",
                )
            ]
        rate = {"rate": "21", "net": values["total_net"], "vat": values["total_vat"]}
        return ExtractedInvoice(
            source=Source.TEXT_LAYER,
            fields={
                key: printed(value, self.doubtful.get(key, 0.99))
                for key, value in values.items()
                if value is not None
            },
            lines=tuple(lines),
            vat_breakdown=(VatSubtotal({k: printed(v) for k, v in rate.items() if v is not None}),),
            page_count=1,
        )


@dataclass(slots=True)
class Journey:
    """One company's documents over its own database and store."""

    runtime: Runtime

    def deliver(self, data: bytes, name: str = "invoice.pdf", reference: str | None = None) -> int:
        """Take a file in; nothing is read yet."""
        taken = self.runtime.take_in(KIM, Delivery(name, data, "folder", reference))
        assert isinstance(taken, IncomingDocument)
        return taken.id

    def receive(self, invoice: Invoice | None = None) -> int:
        """A document that was read and went on as far as the machine takes it."""
        number = next(_numbers)
        incoming_id = self.deliver(b"%PDF-1.7 " + str(number).encode(), f"invoice-{number}.pdf")
        survey = DocumentSurvey("pdf", "application/pdf", 1, has_einvoice=False, text_pages=(1,))
        with self.runtime.work(MACHINE) as work:
            for job in work.session.scalars(select(Job).where(Job.subject_id == incoming_id)):
                job.state = JobState.DONE.value
            document = lock_incoming(work, incoming_id)
            read.write(work, document, read.Surveyed(survey, (invoice or Invoice()).read()))
        self.go_on()
        return incoming_id

    def go_on(self) -> None:
        """Take every step that is due, until a person is next."""
        while True:
            with self.runtime.reading(MACHINE) as work:
                due = work.session.scalars(
                    select(Job.id).where(
                        Job.state == JobState.QUEUED.value,
                        Job.run_after <= work.now + timedelta(seconds=0),
                    )
                ).all()
            if not due:
                return
            for job_id in due:
                tasks.take_step(self.runtime, job_id)

    def row(self, incoming_id: int) -> IncomingDocument:
        """The record as it stands."""
        with self.runtime.reading(KIM) as work:
            found = get_incoming(work, incoming_id)
            work.session.expunge_all()
            return found

    def view(self, incoming_id: int) -> ReviewView:
        """What the review page shows."""
        with self.runtime.reading(KIM) as work:
            return review.open_review(work, incoming_id)

    def checks(self, incoming_id: int) -> dict[str, str]:
        """The checks that are not a tick, by name."""
        return {
            check.name: check.state.value for check in self.view(incoming_id).checks if check.state != "ok"
        }

    def approve(self, incoming_id: int) -> None:
        """Kim finishes the review."""
        with self.runtime.work(KIM) as work:
            review.approve(work, incoming_id, None)

    def post(self, incoming_id: int) -> str:
        """Bea posts; the number of the posted invoice."""
        with self.runtime.work(BEA) as work:
            return review.post_document(work, incoming_id, None)

    def stage(self, incoming_id: int) -> Stage:
        """How far the document is."""
        return Stage(self.row(incoming_id).stage)
