"""Vendor invoices for the browser journeys: drawn here, so that each test knows every word on the page."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One printed line; `item_no` is the vendor's own number."""

    item_no: str
    description: str
    quantity: Decimal
    unit: str
    price: Decimal

    @property
    def amount(self) -> Decimal:
        """Quantity times price, in cents."""
        return (self.quantity * self.price).quantize(CENT)


@dataclass(frozen=True, slots=True)
class Paper:
    """An invoice in Dutch with one VAT rate. What is None is not printed."""

    number: str
    seller: str
    vat_id: str
    iban: str | None
    issue_date: str = "09-11-2026"
    due_date: str | None = "09-12-2026"
    order: str | None = "PO-26-0874"
    rate: int = 21
    lines: tuple[PaperLine, ...] = (
        PaperLine("VDM-4410", "Hydrauliekslang DN12 2-draads", Decimal(120), "m", Decimal("8.45")),
        PaperLine("VDM-2207", "Snelkoppeling BSP RVS 316", Decimal(40), "st", Decimal("23.60")),
        PaperLine("VDM-9001", "Vrachtkosten pallet", Decimal(1), "st", Decimal("65.00")),
    )
    note: str = "Betaling binnen 30 dagen na factuurdatum."

    @property
    def net(self) -> Decimal:
        """Sum of the lines."""
        return sum((line.amount for line in self.lines), Decimal(0))

    @property
    def vat(self) -> Decimal:
        """VAT of the sum."""
        return (self.net * self.rate / 100).quantize(CENT)

    @property
    def gross(self) -> Decimal:
        """What is printed as to be paid."""
        return self.net + self.vat


def dutch(amount: Decimal) -> str:
    """1.014,00"""
    return f"{amount:,.2f}".replace(",", " ").replace(".", ",").replace(" ", ".")


def draw(paper: Paper) -> bytes:
    """The invoice as a PDF with a text layer, one page of A4."""
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=True)
    canvas.setTitle(paper.number)
    _head(canvas, paper)
    bottom = _table(canvas, paper, 530)
    _totals(canvas, paper, bottom - 26)
    _foot(canvas, paper)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _head(canvas: Canvas, paper: Paper) -> None:
    canvas.setFont("Helvetica-Bold", 17)
    canvas.drawString(56, 776, paper.seller)
    canvas.setFont("Helvetica", 8)
    for at, text in enumerate(("Kanaaldijk 118", "7417 ZD Deventer", "Tel. 0570 000 118")):
        canvas.drawRightString(540, 784 - 11 * at, text)
    canvas.setFont("Helvetica-Bold", 19)
    canvas.drawString(56, 708, "FACTUUR")
    canvas.setFont("Helvetica", 9)
    for at, text in enumerate(
        ("Boomgaard Machinebouw B.V.", "t.a.v. Crediteurenadministratie", "Molenzoom 40", "3994 XP Houten")
    ):
        canvas.drawString(56, 674 - 14 * at, text)
    facts = [("Factuurnummer", paper.number), ("Factuurdatum", paper.issue_date)]
    facts += [("Vervaldatum", paper.due_date)] if paper.due_date else []
    facts += [("Uw ordernummer", paper.order)] if paper.order else []
    facts += [("Klantnummer", "40412")]
    for at, (label, value) in enumerate(facts):
        canvas.setFont("Helvetica", 9)
        canvas.drawString(316, 674 - 16 * at, label)
        canvas.setFont("Helvetica-Bold", 9)
        canvas.drawString(414, 674 - 16 * at, value)


def _table(canvas: Canvas, paper: Paper, top: float) -> float:
    canvas.setFillColorRGB(0.11, 0.25, 0.33)
    canvas.rect(56, top - 7, 484, 22, stroke=0, fill=1)
    canvas.setFillColorRGB(1, 1, 1)
    canvas.setFont("Helvetica-Bold", 8.5)
    canvas.drawString(62, top, "Artikel")
    canvas.drawString(130, top, "Omschrijving")
    canvas.drawString(358, top, "Eenh.")
    for x, text in ((348, "Aantal"), (438, "Prijs"), (474, "Btw"), (534, "Bedrag")):
        canvas.drawRightString(x, top, text)
    canvas.setFillColorRGB(0, 0, 0)
    canvas.setFont("Helvetica", 9)
    y = top
    for line in paper.lines:
        y -= 26
        canvas.drawString(62, y, line.item_no)
        canvas.drawString(130, y, line.description)
        canvas.drawString(358, y, line.unit)
        canvas.drawRightString(348, y, f"{line.quantity:f}")
        canvas.drawRightString(438, y, dutch(line.price))
        canvas.drawRightString(474, y, f"{paper.rate}%")
        canvas.drawRightString(534, y, dutch(line.amount))
        canvas.setStrokeColorRGB(0.85, 0.9, 0.92)
        canvas.line(56, y - 10, 540, y - 10)
    return y


def _totals(canvas: Canvas, paper: Paper, top: float) -> None:
    canvas.setFont("Helvetica", 9)
    canvas.drawString(316, top, "Subtotaal exclusief btw")
    canvas.drawRightString(534, top, dutch(paper.net))
    canvas.drawString(316, top - 17, f"Btw {paper.rate}% over {dutch(paper.net)}")
    canvas.drawRightString(534, top - 17, dutch(paper.vat))
    canvas.setFont("Helvetica-Bold", 11)
    canvas.drawString(316, top - 40, "Te betalen EUR")
    canvas.drawRightString(534, top - 40, dutch(paper.gross))


def _foot(canvas: Canvas, paper: Paper) -> None:
    canvas.setFont("Helvetica", 8.5)
    if paper.iban:
        canvas.drawString(56, 150, f"IBAN {paper.iban} onder vermelding van {paper.number}")
    canvas.drawString(56, 132, paper.note)
    canvas.setFont("Helvetica", 7.5)
    canvas.drawString(56, 42, "KvK 00817394")
    canvas.drawString(250, 42, f"Btw-nr. {paper.vat_id}")
    canvas.drawRightString(540, 42, "Pagina 1 van 1")
