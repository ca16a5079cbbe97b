"""Several VAT rates: a rate per line, and a table of net and VAT per rate beside the totals."""

from __future__ import annotations

from inkoop.samples import blocks
from inkoop.samples.invent import Demands
from inkoop.samples.layout import Layout
from inkoop.samples.printing import PrintStyle
from inkoop.samples.sheet import Sheet, value
from inkoop.samples.table import Column, Look, draw_lines

LEFT, RIGHT, BOTTOM = 50.0, 545.0, 700.0
COLUMNS = (
    Column("quantity", LEFT, 92, "right"),
    Column("description", 104, 320),
    Column("unit_price", 325, 390, "right"),
    Column("vat_rate", 398, 448, "center"),
    Column("net_amount", 456, RIGHT, "right"),
)


def draw(sheet: Sheet) -> None:
    """Draw the invoice."""
    sheet.text(LEFT, 62, sheet.title, size=26, face=sheet.font.bold)
    sheet.logo(RIGHT - 48, 34, 48)
    sheet.text(LEFT, 96, sheet.label("seller"), size=8, colour="#777777")
    sheet.text(LEFT, 110, value("seller.name"), size=9.5, face=sheet.font.bold)
    y = 123.0
    for line in blocks.address_lines(sheet, sheet.invoice.seller.address, with_country=True):
        sheet.text(LEFT, y, line, size=9)
        y += 12
    sheet.text(LEFT, y, sheet.label("vat_id"), ": ", value("seller.vat_id"), size=9)
    sheet.text(258, 96, sheet.label("bill_to"), size=8, colour="#777777")
    blocks.buyer_block(sheet, 258, 110, size=9)
    rows = blocks.header_rows(
        sheet,
        "invoice_number",
        "issue_date",
        "due_date",
        "delivery_date",
        "order_reference",
        "preceding_invoice",
    )
    blocks.stacked(sheet, 440, 96, rows, size=9)
    look = Look(rulings="rows", padding=5, rule_colour="#CFCFCF")
    y = draw_lines(sheet, 262, COLUMNS, look, bottom=BOTTOM, next_page=lambda: _turn(sheet))
    if y + 140 > BOTTOM + 40:
        y = _turn(sheet)
    y = max(_rates(sheet, y + 28), _totals(sheet, y + 28))
    _payment(sheet, y + 24)


def _rates(sheet: Sheet, y: float) -> float:
    """A small table of the rates, on the left."""
    sheet.text(LEFT, y, sheet.label("vat_summary"), size=8.5, face=sheet.font.bold)
    y += 15
    edges = ((LEFT + 45, "rate"), (LEFT + 130, "vat_net"), (LEFT + 205, "vat_vat"))
    for x, name in edges:
        sheet.text(x, y, sheet.label(name), size=7.5, colour="#666666", align="right")
    sheet.rule(LEFT, y + 4, LEFT + 207, 0.5)
    for i in range(len(sheet.invoice.vat_breakdown)):
        y += 14
        sheet.text(LEFT + 45, y, *sheet.rate(f"vat_breakdown.{i}.rate"), size=8.5, align="right")
        sheet.text(LEFT + 130, y, value(f"vat_breakdown.{i}.net"), size=8.5, align="right")
        sheet.text(LEFT + 205, y, value(f"vat_breakdown.{i}.vat"), size=8.5, align="right")
    return y


def _totals(sheet: Sheet, y: float) -> float:
    rows = [
        ((sheet.label(name),), sheet.money(*keys))
        for name, keys in (
            ("total_net", ("total_net",)),
            ("total_vat", ("total_vat",)),
            ("total_gross", ("total_gross", "amount_due")),
        )
    ]
    return blocks.totals(sheet, 330, RIGHT, y, rows, size=9.5, leading=16)


def _payment(sheet: Sheet, y: float) -> None:
    """Where to pay, in a tinted box, then the small print."""
    sheet.fill(LEFT, y, RIGHT - LEFT, 62, colour=sheet.tint)
    sheet.text(LEFT + 8, y + 15, sheet.label("payment"), size=9, face=sheet.font.bold)
    rows = blocks.seller_rows(sheet, "iban", "bic")
    if sheet.has("payment_reference"):
        rows.append((sheet.label("payment_reference"), (value("payment_reference"),)))
    blocks.pairs(sheet, LEFT + 8, y + 29, rows, LEFT + 130, size=8.5, leading=12)
    sheet.text(LEFT + 330, y + 29, sheet.label("phone"), " ", value("seller.phone"), size=8)
    sheet.text(LEFT + 330, y + 41, sheet.invoice.seller.email, size=8)
    y += 82
    for note in blocks.notes(sheet):
        y = sheet.paragraph(LEFT, y, RIGHT - LEFT, *note, size=8, colour="#555555") + 3


def _turn(sheet: Sheet) -> float:
    sheet.new_page()
    return 60


LAYOUT = Layout(
    code="rates",
    draw=draw,
    voice=7,
    style=PrintStyle(dates=1, currency="code_before", rate_decimals=1, dotted_vat_id=True),
    demands=Demands(fewest_lines=3, most_lines=8, has_several_rates=True),
)
