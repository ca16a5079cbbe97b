"""A print of an old bookkeeping program: Courier, boxes everywhere, totals in a row under the table."""

from __future__ import annotations

from inkoop.samples import blocks
from inkoop.samples.invent import Demands
from inkoop.samples.layout import Layout
from inkoop.samples.printing import PrintStyle
from inkoop.samples.sheet import COURIER, Sheet, value
from inkoop.samples.table import Column, Look, draw_lines

LEFT, RIGHT, BOTTOM = 40.0, 555.0, 690.0
COLUMNS = (
    Column("item_id", LEFT + 3, 98),
    Column("description", 104, 282),
    Column("quantity", 288, 335, "right"),
    Column("unit", 341, 380),
    Column("unit_price", 386, 442, "right"),
    Column("vat_rate", 448, 486, "right"),
    Column("net_amount", 492, RIGHT - 3, "right"),
)


def draw(sheet: Sheet) -> None:
    """Draw the invoice."""
    sheet.text(LEFT, 50, value("seller.name"), size=13, face=sheet.font.bold)
    y = 65.0
    for line in blocks.address_lines(sheet, sheet.invoice.seller.address):
        sheet.text(LEFT, y, line, size=8.5)
        y += 11
    rows = blocks.seller_rows(sheet, "phone", "vat_id", "tax_number", "legal_id")
    blocks.pairs(sheet, LEFT, y, rows, LEFT + 110, size=8.5, leading=11, colon=":")
    sheet.frame(330, 36, RIGHT - 330, 30)
    sheet.text((330 + RIGHT) / 2, 56, sheet.title.upper(), size=15, face=sheet.font.bold, align="center")
    sheet.frame(330, 74, RIGHT - 330, 82)
    blocks.buyer_block(sheet, 338, 92, size=9, with_vat_id=True)
    y = _boxes(sheet, 170)
    look = Look(rulings="grid", size=8, leading=10, padding=3, rule_colour="#333333", shows_percent=False)
    y = draw_lines(sheet, y + 14, COLUMNS, look, bottom=BOTTOM, next_page=lambda: _turn(sheet))
    if y + 110 > BOTTOM + 30:
        y = _turn(sheet)
    y = _totals(sheet, y + 12)
    currency = sheet.sentence("all_amounts", currency=value("currency_code"))
    y = sheet.paragraph(LEFT, y + 16, RIGHT - LEFT, *currency, size=8)
    y = sheet.paragraph(LEFT, y + 4, RIGHT - LEFT, *blocks.terms(sheet), size=8)
    for note in blocks.notes(sheet):
        y = sheet.paragraph(LEFT, y + 4, RIGHT - LEFT, *note, size=8)
    _foot(sheet)


def _boxes(sheet: Sheet, y: float) -> float:
    """The header fields in boxes side by side, three in a row."""
    rows = blocks.header_rows(sheet)
    width = (RIGHT - LEFT) / 3
    for i, (name, parts) in enumerate(rows):
        line, column = divmod(i, 3)
        x, top = LEFT + width * column, y + 28 * line
        sheet.frame(x, top, width, 28)
        sheet.text(x + 4, top + 10, name, size=7)
        sheet.text(x + 4, top + 22, *parts, size=9, face=sheet.font.bold)
    return y + 28 * ((len(rows) + 2) // 3)


def _totals(sheet: Sheet, y: float) -> float:
    """A table per rate on the left, the three sums in boxes side by side below it."""
    for x, name in ((LEFT + 70, "rate"), (LEFT + 180, "vat_net"), (LEFT + 290, "vat_vat")):
        sheet.text(x, y + 8, sheet.label(name), size=7.5, align="right")
    for i in range(len(sheet.invoice.vat_breakdown)):
        y += 12
        sheet.text(LEFT + 70, y + 8, value(f"vat_breakdown.{i}.rate"), "%", size=8.5, align="right")
        sheet.text(LEFT + 180, y + 8, value(f"vat_breakdown.{i}.net"), size=8.5, align="right")
        sheet.text(LEFT + 290, y + 8, value(f"vat_breakdown.{i}.vat"), size=8.5, align="right")
    y += 18
    width = (RIGHT - LEFT) / 3
    sums = (
        ("total_net", ("total_net",)),
        ("total_vat", ("total_vat",)),
        ("amount_due", ("amount_due", "total_gross")),
    )
    for i, (name, keys) in enumerate(sums):
        sheet.frame(LEFT + width * i, y, width, 34)
        sheet.text(LEFT + width * i + 5, y + 11, sheet.label(name), size=8)
        amount = sheet.money(*keys)
        sheet.text(LEFT + width * (i + 1) - 5, y + 27, *amount, size=11, face=sheet.font.bold, align="right")
    return y + 34


def _turn(sheet: Sheet) -> float:
    _foot(sheet)
    sheet.new_page()
    return 50


def _foot(sheet: Sheet) -> None:
    bank = (
        sheet.label("iban"),
        " ",
        value("seller.iban", "payment_iban"),
        "  BIC ",
        sheet.invoice.seller.bic,
    )
    sheet.text(LEFT, 800, *bank, size=8)
    page = sheet.sentence("page", page=str(sheet.page), pages=str(sheet.page_count))
    sheet.text(RIGHT, 800, *page, size=8, align="right")


LAYOUT = Layout(
    code="grid",
    draw=draw,
    voice=4,
    font=COURIER,
    style=PrintStyle(dates=2, currency="none", rate_decimals=0, grouped_iban=False, minus_on_credit=True),
    demands=Demands(fewest_lines=3, most_lines=9),
)
