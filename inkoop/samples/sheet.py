"""The paper a layout draws on: puts text on the pages and remembers which value was printed where.

Coordinates are points from the top left corner of an A4 page; `y` of a text is its baseline.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from string import Formatter
from typing import Literal
from zlib import crc32

from reportlab.lib.colors import HexColor
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from inkoop.samples import labels, printing
from inkoop.samples.invoice import SampleInvoice, SampleLine, VatGroup
from inkoop.samples.printing import PrintStyle
from inkoop.samples.truth import Drawn
from pipeline.extract.document import Box

WIDTH, HEIGHT = 595.28, 841.89
"""A4 in points."""

Align = Literal["left", "right", "center"]

PALETTES = (
    ("#1F4E79", "#DCE6F1"),
    ("#7A1F2B", "#F3E3E5"),
    ("#2E6B4F", "#E1EFE8"),
    ("#8A5A00", "#F7ECD8"),
    ("#3B3A6B", "#E6E6F3"),
    ("#00607A", "#DDF0F4"),
    ("#B0400F", "#FBE8DF"),
)


@dataclass(frozen=True, slots=True)
class Font:
    """A family of faces that every reportlab has: built into PDF viewers, or Vera, which is embedded."""

    regular: str
    bold: str
    italic: str


HELVETICA = Font("Helvetica", "Helvetica-Bold", "Helvetica-Oblique")
TIMES = Font("Times-Roman", "Times-Bold", "Times-Italic")
COURIER = Font("Courier", "Courier-Bold", "Courier-Oblique")
VERA = Font("Vera", "VeraBd", "VeraIt")


@dataclass(frozen=True, slots=True)
class Value:
    """A piece of text that prints the values with these keys. `text` None prints it in the layout's style."""

    keys: tuple[str, ...]
    text: str | None = None


Part = str | Value


def value(*keys: str) -> Value:
    """The printed form of a value. Several keys when the same print tells several things."""
    return Value(keys)


@dataclass(frozen=True, slots=True)
class TextBox:
    """Any text on the page, value or not: its page, its box in fractions and the text."""

    page: int
    box: Box
    text: str


class Sheet:
    """One document being drawn.

    `page_count` is the number of pages of an earlier, identical drawing: "page 1 of 2" must be known before
    page 2 is drawn.
    """

    def __init__(
        self,
        canvas: Canvas,
        invoice: SampleInvoice,
        style: PrintStyle,
        *,
        font: Font,
        voice: int,
        page_count: int,
    ) -> None:
        self.canvas = canvas
        self.invoice = invoice
        self.style = style
        self.font = font
        self.voice = voice
        self.page = 1
        self.page_count = page_count
        self.drawn: list[Drawn] = []
        self.texts: list[TextBox] = []
        self.mark = crc32(invoice.seller.name.encode())
        self.accent, self.tint = PALETTES[self.mark % len(PALETTES)]
        if "Vera" not in pdfmetrics.getRegisteredFontNames():
            for face in ("Vera", "VeraBd", "VeraIt"):
                pdfmetrics.registerFont(TTFont(face, f"{face}.ttf"))

    # Text

    def label(self, name: str) -> str:
        """The word of this family for a thing, such as "Vervaldatum"."""
        if name == "invoice_number" and self.is_credit_note:
            name = "credit_note_number"
        if name == "amount_due" and self.is_credit_note:
            name = "amount_back"
        return labels.label(self.invoice.language, name, self.voice)

    @property
    def title(self) -> str:
        """The word for invoice or credit note."""
        return self.label(f"title.{self.invoice.document_type}")

    @property
    def is_credit_note(self) -> bool:
        """Whether a credit note is drawn."""
        return self.invoice.document_type == "credit_note"

    def text(
        self,
        x: float,
        y: float,
        *parts: Part,
        size: float = 9,
        face: str | None = None,
        colour: str = "#1A1A1A",
        align: Align = "left",
    ) -> float:
        """Draw the parts as one piece of text and record the values in it. Returns the x where it ends."""
        face = face or self.font.regular
        strings = [self.printed(part) for part in parts]
        whole = "".join(strings)
        width: float = pdfmetrics.stringWidth(whole, face, size)
        x -= {"left": 0.0, "right": width, "center": width / 2}[align]
        if not whole.strip():
            return x
        self.canvas.setFillColor(HexColor(colour))
        self.canvas.setFont(face, size)
        self.canvas.drawString(x, HEIGHT - y, whole)
        self.texts.append(TextBox(self.page, self._box(x, y, width, face, size), whole))
        at = x
        for part, string in zip(parts, strings, strict=True):
            piece = pdfmetrics.stringWidth(string, face, size)
            if isinstance(part, Value) and string:
                self._record(part.keys, self._box(at, y, piece, face, size), string)
            at += piece
        return x + width

    def paragraph(
        self,
        x: float,
        y: float,
        width: float,
        *parts: Part,
        size: float = 8,
        leading: float | None = None,
        face: str | None = None,
        colour: str = "#1A1A1A",
    ) -> float:
        """Wrap the parts at blanks, values unbroken, and draw them. Returns the baseline below."""
        face = face or self.font.regular
        leading = leading or size * 1.35
        for line in self._wrapped(parts, width, face, size):
            self.text(x, y, *line, size=size, face=face, colour=colour)
            y += leading
        return y

    def sentence(self, name: str, /, **fillings: Part) -> tuple[Part, ...]:
        """A labelled sentence as parts, its braces filled: "Btw {rate}" → "Btw ", the rate."""
        parts: list[Part] = []
        for literal, name_in_braces, _, _ in Formatter().parse(self.label(name)):
            if literal:
                # A name such as "Jansen B.V." already ends with the full stop of the sentence.
                ends_with_stop = bool(parts) and self.printed(parts[-1]).endswith(".")
                parts.append(literal[1:] if ends_with_stop and literal.startswith(".") else literal)
            if name_in_braces:
                parts.append(fillings[name_in_braces])
                if name_in_braces == "rate":
                    parts.append(self.style.percent)
        return tuple(parts)

    def money(self, *keys: str) -> tuple[Part, ...]:
        """An amount with the currency as this layout marks it."""
        mark = {"sign": "€", "code": "EUR", "none": ""}[self.style.currency.split("_")[0]]
        if not mark:
            return (Value(keys),)
        currency = Value(("currency_code",), mark)
        return (
            (currency, " ", Value(keys))
            if self.style.currency.endswith("before")
            else (Value(keys), " ", currency)
        )

    def rate(self, key: str) -> tuple[Part, ...]:
        """A percentage with its sign."""
        return (Value((key,)), self.style.percent)

    def printed(self, part: Part) -> str:
        """The characters that a part puts on the page; none for a value the invoice does not have."""
        if isinstance(part, str):
            return part
        return part.text if part.text is not None else self._printed_key(part.keys[0])

    def has(self, key: str) -> bool:
        """Whether the invoice has this value at all."""
        return bool(self._printed_key(key))

    # Shapes

    def rule(self, x1: float, y: float, x2: float, width: float = 0.5, colour: str = "#555555") -> None:
        """A horizontal line."""
        self.stroke(x1, y, x2, y, width=width, colour=colour)

    def stroke(
        self, x1: float, y1: float, x2: float, y2: float, *, width: float = 0.5, colour: str = "#555555"
    ) -> None:
        """A line in any direction."""
        self.canvas.setStrokeColor(HexColor(colour))
        self.canvas.setLineWidth(width)
        self.canvas.line(x1, HEIGHT - y1, x2, HEIGHT - y2)

    def fill(
        self, x: float, y: float, width: float, height: float, *, colour: str, radius: float = 0
    ) -> None:
        """A filled rectangle; `y` is its top."""
        self.canvas.setFillColor(HexColor(colour))
        self.canvas.roundRect(x, HEIGHT - y - height, width, height, radius, stroke=0, fill=1)

    def frame(self, x: float, y: float, width: float, height: float, colour: str = "#555555") -> None:
        """The outline of a rectangle; `y` is its top."""
        self.canvas.setStrokeColor(HexColor(colour))
        self.canvas.setLineWidth(0.6)
        self.canvas.rect(x, HEIGHT - y - height, width, height, stroke=1, fill=0)

    def logo(self, x: float, y: float, size: float, colour: str | None = None) -> None:
        """A mark made of simple shapes, the same for the same seller; `x`, `y` is its top left corner."""
        dark, light = HexColor(colour or self.accent), HexColor(self.tint)
        bottom = HEIGHT - y - size
        kind = self.mark // 7 % 4
        self.canvas.setFillColor(dark)
        if kind == 0:
            self.canvas.circle(x + size / 2, bottom + size / 2, size / 2, stroke=0, fill=1)
            self.canvas.setFillColor(light)
            self._polygon(
                [
                    (x + size * 0.28, bottom + size * 0.3),
                    (x + size * 0.72, bottom + size * 0.3),
                    (x + size * 0.5, bottom + size * 0.76),
                ]
            )
        elif kind == 1:
            centre = (x + size / 2, bottom + size / 2)
            corners = [
                (centre[0] + math.cos(a) * size / 2, centre[1] + math.sin(a) * size / 2)
                for a in (math.pi * k / 3 + math.pi / 6 for k in range(6))
            ]
            self._polygon(corners)
            self.canvas.setFillColor(light)
            self.canvas.circle(*centre, size * 0.2, stroke=0, fill=1)
        elif kind == 2:
            for k, height in enumerate((0.45, 0.7, 1.0)):
                self.canvas.rect(x + size * 0.36 * k, bottom, size * 0.27, size * height, stroke=0, fill=1)
        else:
            self.canvas.roundRect(x, bottom, size, size, size * 0.18, stroke=0, fill=1)
            self.canvas.setStrokeColor(light)
            self.canvas.setLineWidth(size * 0.12)
            self.canvas.line(x + size * 0.25, bottom + size * 0.3, x + size * 0.5, bottom + size * 0.7)
            self.canvas.line(x + size * 0.5, bottom + size * 0.7, x + size * 0.75, bottom + size * 0.3)

    def new_page(self) -> None:
        """Go on with the next page."""
        self.canvas.showPage()
        self.page += 1

    # Helpers

    def _polygon(self, points: Sequence[tuple[float, float]]) -> None:
        path = self.canvas.beginPath()
        path.moveTo(*points[0])
        for point in points[1:]:
            path.lineTo(*point)
        path.close()
        self.canvas.drawPath(path, stroke=0, fill=1)

    def _record(self, keys: Sequence[str], box: Box, text: str) -> None:
        self.drawn += [Drawn(key, self.page, box, text) for key in keys]

    def _box(self, x: float, y: float, width: float, face: str, size: float) -> Box:
        ascent, descent = pdfmetrics.getAscentDescent(face, size)
        return Box(x / WIDTH, (y - ascent) / HEIGHT, (x + width) / WIDTH, (y - descent) / HEIGHT)

    def _wrapped(self, parts: Sequence[Part], width: float, face: str, size: float) -> list[list[Part]]:
        lines: list[list[Part]] = [[]]
        room = width
        for part in self._atoms(parts):
            piece = pdfmetrics.stringWidth(self.printed(part), face, size)
            if piece > room and lines[-1] and part != " ":
                if lines[-1][-1] == " ":
                    lines[-1].pop()
                lines.append([])
                room = width
            if part != " " or lines[-1]:
                lines[-1].append(part)
                room -= piece
        return lines

    def _atoms(self, parts: Sequence[Part]) -> list[Part]:
        """Words, blanks and values. What touches a value, such as a comma, is its own atom."""
        atoms: list[Part] = []
        for part in parts:
            if isinstance(part, Value):
                atoms.append(part)
                continue
            for i, word in enumerate(part.split(" ")):
                if i:
                    atoms.append(" ")
                if word:
                    atoms.append(word)
        return atoms

    def wrap(self, text: str, width: float, face: str, size: float) -> list[str]:
        """A text as the lines that fit the width."""
        return [
            "".join(self.printed(part) for part in line) for line in self._wrapped((text,), width, face, size)
        ]

    def block(
        self, x: float, y: float, keys: Sequence[str], lines: Sequence[str], *, leading: float, size: float
    ) -> None:
        """Draw a value that needs several lines; it is recorded as one box over all of them."""
        before = len(self.texts)
        for line in lines:
            self.text(x, y, line, size=size)
            y += leading
        boxes = [each.box for each in self.texts[before:]]
        whole = boxes[0]
        for box in boxes[1:]:
            whole = whole.union(box)
        self._record(keys, whole, " ".join(lines))

    def _printed_key(self, key: str) -> str:
        group, _, rest = key.partition(".")
        if group == "lines":
            index, field = rest.split(".")
            return self._printed_line(self.invoice.lines[int(index)], int(index), field)
        if group == "vat_breakdown":
            index, field = rest.split(".")
            return self._printed_group(self.invoice.vat_breakdown[int(index)], field)
        return self._printed_header(key)

    def _printed_header(self, key: str) -> str:
        invoice, style, language = self.invoice, self.style, self.invoice.language
        if key in ("issue_date", "due_date", "delivery_date"):
            day = getattr(invoice, key)
            return style.date(day, language) if day else ""
        if key in ("total_net", "total_vat", "total_gross", "amount_due"):
            amount = invoice.total_gross if key == "amount_due" else getattr(invoice, key)
            return self._sign() + style.number(amount, 2, language)
        party = invoice.buyer if key.startswith("buyer.") else invoice.seller
        texts = {
            "invoice_number": invoice.invoice_number,
            "order_reference": invoice.order_reference,
            "preceding_invoice": invoice.preceding_invoice,
            "currency_code": invoice.currency_code,
            "payment_iban": style.iban(invoice.seller.iban),
            "payment_reference": printing.payment_reference(
                invoice.payment_reference or "", invoice.seller.address.country_code
            ),
            "name": party.name,
            "vat_id": style.vat_id(party.vat_id),
            "tax_number": party.tax_number,
            "legal_id": party.legal_id,
            "phone": party.phone,
            "iban": style.iban(party.iban),
        }
        return texts[key.rpartition(".")[2]] or ""

    def _printed_line(self, line: SampleLine, index: int, field: str) -> str:
        style, language = self.style, self.invoice.language
        if field == "quantity":
            return style.quantity(line.quantity, language)
        if field == "unit":
            return labels.unit(language, line.unit, self.voice)
        if field == "unit_price":
            return style.price(line.unit_price, language)
        if field == "net_amount":
            return self._sign() + style.number(line.amount, 2, language)
        if field == "vat_rate":
            return style.rate(line.vat_rate, language)
        if field == "discount_percent":
            return style.rate(line.discount_percent, language) if line.discount_percent else ""
        if field == "line_id":
            return str(index + 1)
        return (line.item_id or "") if field == "item_id" else line.description

    def _printed_group(self, group: VatGroup, field: str) -> str:
        if field == "rate":
            return self.style.rate(group.rate, self.invoice.language)
        amount = group.net if field == "net" else group.vat
        return self._sign() + self.style.number(amount, 2, self.invoice.language)

    def _sign(self) -> str:
        return "-" if self.is_credit_note and self.style.minus_on_credit else ""
