"""A technical wholesaler: item numbers, units, a discount column, the order and the delivery up front."""

from __future__ import annotations

from inkoop.samples import blocks
from inkoop.samples.invent import Demands
from inkoop.samples.layout import Layout
from inkoop.samples.printing import PrintStyle
from inkoop.samples.sheet import WIDTH, Sheet, value
from inkoop.samples.table import Column, Look, draw_lines

LEFT, RIGHT, BOTTOM = 45.0, 550.0, 690.0
COLUMNS = (
    Column("item_id", LEFT, 118),
    Column("description", 122, 290),
    Column("quantity", 294, 340, "right"),
    Column("unit", 346, 382),
    Column("unit_price", 386, 436, "right"),
    Column("discount_percent", 442, 484, "right"),
    Column("net_amount", 490, RIGHT, "right"),
)


def draw(sheet: Sheet) -> None:
    """Draw the invoice."""
    sheet.fill(0, 0, 12, 842, colour=sheet.accent)
    sheet.text(LEFT, 60, value("seller.name"), size=17, face=sheet.font.bold, colour=sheet.accent)
    place = " - ".join(blocks.address_lines(sheet, sheet.invoice.seller.address))
    sheet.text(LEFT, 75, place, size=8.5, colour="#444444")
    sheet.logo(RIGHT - 42, 36, 42)
    sheet.text(LEFT, 118, sheet.title, size=13, face=sheet.font.bold)
    blocks.pairs(sheet, LEFT, 138, blocks.header_rows(sheet), LEFT + 130, size=9, leading=13, colon=" :")
    sheet.frame(320, 105, RIGHT - 320, 92, "#AAAAAA")
    sheet.text(328, 119, sheet.label("bill_to"), size=7.5, colour="#777777")
    blocks.buyer_block(sheet, 328, 135, size=9.5, with_vat_id=True)
    look = Look(rulings="head", size=8.5, padding=4, is_band=True, rule_colour=sheet.accent)
    y = draw_lines(sheet, 245, COLUMNS, look, bottom=BOTTOM, next_page=lambda: _turn(sheet))
    if y + 150 > BOTTOM + 50:
        y = _turn(sheet)
    rows = blocks.total_rows(sheet, with_net_per_rate=True, with_total_vat=True)
    bottom = blocks.totals(sheet, 320, RIGHT, y + 22, rows, leading=15)
    y = _payment(sheet, y + 22)
    y = max(y, bottom) + 18
    for note in (blocks.terms(sheet), *blocks.notes(sheet)):
        y = sheet.paragraph(LEFT, y, RIGHT - LEFT, *note, size=8.5) + 4
    _foot(sheet)


def _payment(sheet: Sheet, y: float) -> float:
    rows = blocks.seller_rows(sheet, "iban", "bic")
    if sheet.has("payment_reference"):
        rows.append((sheet.label("payment_reference"), (value("payment_reference"),)))
    return blocks.stacked(sheet, LEFT, y, rows, size=9)


def _turn(sheet: Sheet) -> float:
    _foot(sheet)
    sheet.new_page()
    sheet.fill(0, 0, 12, 842, colour=sheet.accent)
    return 50


def _foot(sheet: Sheet) -> None:
    rows = blocks.seller_rows(sheet, "phone", "vat_id", "tax_number", "legal_id")
    line = [part for name, parts in rows for part in (name, " ", *parts, "  |  ")]
    sheet.text(WIDTH / 2, 812, *line[:-1], size=7.5, colour="#444444", align="center")


LAYOUT = Layout(
    code="trade",
    draw=draw,
    voice=8,
    style=PrintStyle(dates=0, currency="sign_after", space_before_percent=True, quantity_decimals=0),
    demands=Demands(fewest_lines=3, most_lines=8, has_discounts=True),
)
