"""A one-person business: no rulings, the title in small letters, sums at the left under the lines."""

from __future__ import annotations

from inkoop.samples import blocks
from inkoop.samples.invent import Demands
from inkoop.samples.layout import Layout
from inkoop.samples.printing import PrintStyle
from inkoop.samples.sheet import VERA, Sheet, value
from inkoop.samples.table import Column, Look, draw_lines

LEFT, RIGHT, BOTTOM = 85.0, 510.0, 640.0
COLUMNS = (
    Column("description", LEFT, 302),
    Column("quantity", 308, 372, "right"),
    Column("unit_price", 378, 438, "right"),
    Column("net_amount", 444, RIGHT, "right"),
)


def draw(sheet: Sheet) -> None:
    """Draw the invoice."""
    sheet.text(LEFT, 80, sheet.title.lower(), size=22, colour=sheet.accent)
    blocks.stacked(
        sheet, LEFT, 112, blocks.header_rows(sheet, "invoice_number", "issue_date", "due_date"), size=8.5
    )
    more = blocks.header_rows(sheet, "delivery_date", "order_reference", "preceding_invoice")
    blocks.stacked(sheet, 245, 112, more, size=8.5)
    sheet.text(LEFT, 212, value("buyer.name"), size=9, face=sheet.font.bold)
    y = 225.0
    for line in blocks.address_lines(sheet, sheet.invoice.buyer.address):
        sheet.text(LEFT, y, line, size=8.5)
        y += 12.5
    _seller(sheet)
    look = Look(rulings="none", size=8.5, leading=12, padding=3)
    y = draw_lines(sheet, 290, COLUMNS, look, bottom=BOTTOM, next_page=lambda: _turn(sheet))
    y = _totals(sheet, y + 26)
    y = sheet.paragraph(LEFT, y + 20, RIGHT - LEFT, *blocks.terms(sheet), size=8)
    if sheet.has("payment_reference"):
        sheet.text(LEFT, y + 4, sheet.label("payment_reference"), " ", value("payment_reference"), size=8)
        y += 15
    for note in blocks.notes(sheet):
        y = sheet.paragraph(LEFT, y + 4, RIGHT - LEFT, *note, size=7.5, colour="#666666")


def _seller(sheet: Sheet) -> None:
    """The seller in small print at the right, all lines to the same edge."""
    sheet.text(RIGHT, 80, value("seller.name"), size=8.5, face=sheet.font.bold, align="right")
    y = 93.0
    lines = [(line,) for line in blocks.address_lines(sheet, sheet.invoice.seller.address)]
    for parts in lines:
        sheet.text(RIGHT, y, *parts, size=7.5, align="right", colour="#555555")
        y += 11.5
    y += 6
    for name, values in blocks.seller_rows(sheet, "vat_id", "tax_number", "legal_id", "iban", "phone"):
        sheet.text(RIGHT, y, name, " ", *values, size=7.5, align="right", colour="#555555")
        y += 11.5


def _totals(sheet: Sheet, y: float) -> float:
    for i, (name, amount) in enumerate(rows := blocks.total_rows(sheet)):
        face = sheet.font.bold if i == len(rows) - 1 else sheet.font.regular
        sheet.text(LEFT, y, *name, size=9, face=face)
        sheet.text(LEFT + 230, y, *amount, size=9, face=face, align="right")
        y += 16
    return y


def _turn(sheet: Sheet) -> float:
    sheet.new_page()
    return 80


LAYOUT = Layout(
    code="plain",
    draw=draw,
    voice=9,
    font=VERA,
    style=PrintStyle(dates=3, currency="sign_before", rate_decimals=0),
    demands=Demands(fewest_lines=1, most_lines=4),
)
