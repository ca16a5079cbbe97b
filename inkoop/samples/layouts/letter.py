"""A business letter: letterhead on the right, address window on the left, a table with two rules."""

from __future__ import annotations

from inkoop.samples import blocks
from inkoop.samples.invent import Demands
from inkoop.samples.layout import Layout
from inkoop.samples.printing import PrintStyle
from inkoop.samples.sheet import Sheet, value
from inkoop.samples.table import Column, Look, draw_lines

LEFT, RIGHT, BOTTOM = 57.0, 538.0, 715.0
COLUMNS = (
    Column("item_id", LEFT, 118),
    Column("description", 122, 330),
    Column("quantity", 335, 382, "right"),
    Column("unit_price", 390, 450, "right"),
    Column("net_amount", 458, RIGHT, "right"),
)


def draw(sheet: Sheet) -> None:
    """Draw the invoice."""
    seller = sheet.invoice.seller
    sheet.logo(LEFT, 40, 46)
    sheet.text(
        RIGHT, 52, value("seller.name"), size=14, face=sheet.font.bold, colour=sheet.accent, align="right"
    )
    y = 67.0
    for line in blocks.address_lines(sheet, seller.address):
        sheet.text(RIGHT, y, line, size=8.5, align="right", colour="#444444")
        y += 11.5
    sheet.text(
        RIGHT, y, sheet.label("phone"), " ", value("seller.phone"), size=8.5, align="right", colour="#444444"
    )
    blocks.buyer_block(sheet, LEFT, 160)
    sheet.text(LEFT, 258, sheet.title, size=20, face=sheet.font.bold, colour=sheet.accent)
    rows = blocks.header_rows(sheet)
    blocks.pairs(sheet, 330, 160, rows, RIGHT, align="right")
    look = Look(padding=4.5, rule_colour=sheet.accent)
    y = draw_lines(sheet, 285, COLUMNS, look, bottom=BOTTOM, next_page=lambda: _turn(sheet))
    if y + 150 > BOTTOM:
        y = _turn(sheet)
    y = blocks.totals(sheet, 345, RIGHT, y + 24, blocks.total_rows(sheet), last_colour=sheet.accent)
    y = sheet.paragraph(LEFT, y + 26, RIGHT - LEFT, *blocks.terms(sheet), size=9)
    for note in blocks.notes(sheet):
        y = sheet.paragraph(LEFT, y + 4, RIGHT - LEFT, *note, size=8, colour="#555555")
    _foot(sheet)


def _turn(sheet: Sheet) -> float:
    _foot(sheet)
    sheet.new_page()
    sheet.text(LEFT, 60, sheet.title, " ", value("invoice_number"), size=10, face=sheet.font.bold)
    return 80


def _foot(sheet: Sheet) -> None:
    sheet.rule(LEFT, 770, RIGHT, 0.8, sheet.accent)
    rows = blocks.seller_rows(sheet, "vat_id", "tax_number", "legal_id", "iban", "bic", "email")
    x = LEFT
    for i, (name, parts) in enumerate(rows):
        x = LEFT if i == 3 else x
        y = 784 + 11 * (i // 3)
        x = sheet.text(x, y, name, ": ", *parts, size=7.5, colour="#444444") + 16
    if sheet.page_count > 1:
        page = sheet.sentence("page", page=str(sheet.page), pages=str(sheet.page_count))
        sheet.text(RIGHT, 818, *page, size=7.5, align="right")


LAYOUT = Layout(
    code="letter",
    draw=draw,
    voice=1,
    style=PrintStyle(dates=0, currency="sign_before"),
    demands=Demands(fewest_lines=2, most_lines=6),
)
