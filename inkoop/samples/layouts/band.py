"""A modern design: a coloured band on top, four facts in a row, a striped table, the total in a box."""

from __future__ import annotations

from inkoop.samples import blocks
from inkoop.samples.invent import Demands
from inkoop.samples.layout import Layout
from inkoop.samples.printing import PrintStyle
from inkoop.samples.sheet import WIDTH, Sheet, value
from inkoop.samples.table import Column, Look, draw_lines

LEFT, RIGHT, BOTTOM = 42.0, 553.0, 740.0
COLUMNS = (
    Column("description", LEFT + 6, 270),
    Column("quantity", 275, 320, "right"),
    Column("unit", 328, 368),
    Column("unit_price", 372, 430, "right"),
    Column("vat_rate", 436, 478, "right"),
    Column("net_amount", 484, RIGHT - 6, "right"),
)


def draw(sheet: Sheet) -> None:
    """Draw the invoice."""
    sheet.fill(0, 0, WIDTH, 92, colour=sheet.accent)
    sheet.logo(LEFT, 24, 44, colour="#FFFFFF")
    sheet.text(LEFT + 58, 44, value("seller.name"), size=13, face=sheet.font.bold, colour="#FFFFFF")
    place = ", ".join(blocks.address_lines(sheet, sheet.invoice.seller.address))
    sheet.text(LEFT + 58, 60, place, size=8, colour="#FFFFFF")
    sheet.text(RIGHT, 54, sheet.title, size=24, colour="#FFFFFF", align="right")
    sheet.text(LEFT, 122, sheet.label("bill_to"), size=8, face=sheet.font.bold, colour=sheet.accent)
    blocks.buyer_block(sheet, LEFT, 137, size=9.5, with_vat_id=True)
    rows = blocks.seller_rows(sheet, "phone", "email", "vat_id", "tax_number", "legal_id")
    blocks.pairs(sheet, 318, 122, rows, 395, size=8, leading=12)
    y = _facts(sheet, 215)
    look = Look(rulings="none", is_band=True, is_zebra=True, padding=5)
    y = draw_lines(sheet, y + 22, COLUMNS, look, bottom=BOTTOM, next_page=lambda: _turn(sheet))
    if y + 165 > 800:
        y = _turn(sheet)
    y = _totals(sheet, y + 22)
    sheet.paragraph(LEFT, y + 26, 300, *blocks.terms(sheet), size=8.5)
    for i, note in enumerate(blocks.notes(sheet)):
        sheet.paragraph(LEFT, y + 66 + 24 * i, 460, *note, size=7.5, colour="#666666")
    _foot(sheet)


def _facts(sheet: Sheet, y: float) -> float:
    """Four facts side by side, a second row where there are more."""
    rows = blocks.header_rows(
        sheet,
        "invoice_number",
        "issue_date",
        "due_date",
        "order_reference",
        "delivery_date",
        "preceding_invoice",
        "customer_no",
    )
    for i, row in enumerate(rows):
        line, column = divmod(i, 4)
        x, top = LEFT + 128 * column, y + 34 * line
        sheet.fill(x, top, 124, 30, colour=sheet.tint, radius=3)
        sheet.text(x + 6, top + 11, row[0], size=7, colour="#555555")
        sheet.text(x + 6, top + 23, *row[1], size=9, face=sheet.font.bold)
    return y + 34 * ((len(rows) + 3) // 4)


def _totals(sheet: Sheet, y: float) -> float:
    rows = blocks.total_rows(sheet, last="amount_due")
    y = blocks.totals(sheet, 350, RIGHT - 8, y, rows[:-1], bold_last=False)
    sheet.fill(338, y, RIGHT - 338, 28, colour=sheet.accent, radius=4)
    name, amount = rows[-1]
    sheet.text(348, y + 18, *name, size=10.5, face=sheet.font.bold, colour="#FFFFFF")
    sheet.text(RIGHT - 8, y + 18, *amount, size=11, face=sheet.font.bold, colour="#FFFFFF", align="right")
    return y + 28


def _turn(sheet: Sheet) -> float:
    _foot(sheet)
    sheet.new_page()
    sheet.fill(0, 0, WIDTH, 14, colour=sheet.accent)
    return 50


def _foot(sheet: Sheet) -> None:
    iban = ("IBAN ", value("payment_iban", "seller.iban"), "   BIC ", sheet.invoice.seller.bic)
    sheet.text(WIDTH / 2, 818, *iban, size=8, align="center", colour="#444444")


LAYOUT = Layout(
    code="band",
    draw=draw,
    voice=2,
    style=PrintStyle(dates=1, currency="sign_before", rate_decimals=0),
    demands=Demands(fewest_lines=2, most_lines=7),
)
