"""A wholesaler's list over two or three pages, with a carried sum at each turn of the page."""

from __future__ import annotations

from decimal import Decimal

from inkoop.samples import blocks
from inkoop.samples.invent import Demands
from inkoop.samples.layout import Layout
from inkoop.samples.printing import PrintStyle
from inkoop.samples.sheet import Sheet, value
from inkoop.samples.table import Column, Look, draw_lines

LEFT, RIGHT, BOTTOM = 48.0, 547.0, 742.0
COLUMNS = (
    Column("line_id", LEFT, 70, "right"),
    Column("item_id", 78, 126),
    Column("description", 130, 330),
    Column("quantity", 334, 376, "right"),
    Column("unit", 382, 418),
    Column("unit_price", 422, 474, "right"),
    Column("net_amount", 480, RIGHT, "right"),
)


def draw(sheet: Sheet) -> None:
    """Draw the invoice."""
    _head(sheet)
    blocks.buyer_block(sheet, LEFT, 128, size=9.5)
    blocks.pairs(sheet, 340, 128, blocks.header_rows(sheet), 440, size=8.5, leading=12, is_bold=True)
    look = Look(rulings="rows", size=8, leading=9.5, padding=3, rule_colour="#BBBBBB")
    y = draw_lines(sheet, 228, COLUMNS, look, bottom=BOTTOM, next_page=lambda: _turn(sheet))
    if y + 130 > BOTTOM:
        y = _turn(sheet)
    sheet.rule(330, y + 8, RIGHT, 1, sheet.accent)
    y = blocks.totals(
        sheet, 335, RIGHT, y + 24, blocks.total_rows(sheet, with_total_vat=True, last="amount_due")
    )
    y = sheet.paragraph(LEFT, y + 20, RIGHT - LEFT, *blocks.terms(sheet), size=8.5)
    for note in blocks.notes(sheet):
        y = sheet.paragraph(LEFT, y + 2, RIGHT - LEFT, *note, size=8)
    _foot(sheet)


def _head(sheet: Sheet) -> None:
    sheet.logo(LEFT, 36, 34)
    sheet.text(LEFT + 44, 50, value("seller.name"), size=12, face=sheet.font.bold, colour=sheet.accent)
    place = " | ".join(blocks.address_lines(sheet, sheet.invoice.seller.address))
    sheet.text(LEFT + 44, 64, place, size=8, colour="#555555")
    sheet.text(RIGHT, 50, sheet.title, size=15, face=sheet.font.bold, align="right")
    page = sheet.sentence("page", page=str(sheet.page), pages=str(sheet.page_count))
    sheet.text(RIGHT, 64, *page, size=8, align="right", colour="#555555")
    sheet.rule(LEFT, 80, RIGHT, 1.5, sheet.accent)


def _turn(sheet: Sheet) -> float:
    """Print the sum so far, which is no total, and go on below the head of the next page."""
    shown = {each.key for each in sheet.drawn}
    so_far = sum(
        (line.amount for i, line in enumerate(sheet.invoice.lines) if f"lines.{i}.net_amount" in shown),
        Decimal(0),
    )
    carried = sheet.style.number(so_far, 2, sheet.invoice.language)
    sheet.text(420, BOTTOM + 12, sheet.label("carried"), size=8, face=sheet.font.italic, align="right")
    sheet.text(RIGHT, BOTTOM + 12, carried, size=8, face=sheet.font.italic, align="right")
    _foot(sheet)
    sheet.new_page()
    _head(sheet)
    sheet.text(LEFT, 98, sheet.label("invoice_number"), " ", value("invoice_number"), size=8.5)
    return 112


def _foot(sheet: Sheet) -> None:
    sheet.rule(LEFT, 780, RIGHT, 0.5)
    rows = blocks.seller_rows(sheet, "vat_id", "legal_id", "iban", "phone", "email")
    x = LEFT
    for i, (name, parts) in enumerate(rows):
        x = LEFT if i == 3 else x
        x = sheet.text(x, 793 + 11 * (i // 3), name, " ", *parts, size=7.5, colour="#444444") + 14


LAYOUT = Layout(
    code="long",
    draw=draw,
    voice=5,
    style=PrintStyle(dates=4, currency="sign_after"),
    demands=Demands(fewest_lines=26, most_lines=44),
)
