"""What a family of invoices is, and drawing one: a PDF with the same bytes for the same invoice."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, field

from reportlab.pdfgen.canvas import Canvas

from inkoop.samples.invent import Demands
from inkoop.samples.invoice import SampleInvoice
from inkoop.samples.printing import PrintStyle
from inkoop.samples.sheet import HEIGHT, HELVETICA, WIDTH, Font, Sheet, TextBox
from inkoop.samples.truth import Drawn


@dataclass(frozen=True, slots=True)
class Layout:
    """A family of invoices that one program would print.

    `voice` picks its words (`labels`); `style` is how it writes numbers and dates; `demands` is what it needs
    of an invoice. `draw` puts the invoice on the sheet.
    """

    code: str
    draw: Callable[[Sheet], None]
    voice: int
    style: PrintStyle = field(default_factory=PrintStyle)
    font: Font = HELVETICA
    demands: Demands = field(default_factory=Demands)


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawn PDF and what is on it: the values with their places, and every text."""

    pdf: bytes
    page_count: int
    drawn: tuple[Drawn, ...]
    texts: tuple[TextBox, ...]


def draw(layout: Layout, invoice: SampleInvoice) -> Drawing:
    """Draw an invoice. It is drawn twice: "page 1 of 2" is known only after the first time."""
    return _drawn(layout, invoice, _drawn(layout, invoice, 1).page_count)


def _drawn(layout: Layout, invoice: SampleInvoice, page_count: int) -> Drawing:
    target = io.BytesIO()
    # `invariant` leaves out the time and the random document id, so that a sample never changes.
    canvas = Canvas(target, pagesize=(WIDTH, HEIGHT), invariant=1, pageCompression=1)
    sheet = Sheet(canvas, invoice, layout.style, font=layout.font, voice=layout.voice, page_count=page_count)
    canvas.setTitle(f"{sheet.title} {invoice.invoice_number}")
    canvas.setAuthor(invoice.seller.name)
    layout.draw(sheet)
    canvas.showPage()
    canvas.save()
    return Drawing(target.getvalue(), sheet.page, tuple(sheet.drawn), tuple(sheet.texts))
