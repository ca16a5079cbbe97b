"""A utility's bill: the amount due in a panel on top, the lines below, a payment slip at the foot."""

from __future__ import annotations

from inkoop.samples import blocks
from inkoop.samples.invent import Demands
from inkoop.samples.layout import Layout
from inkoop.samples.printing import PrintStyle
from inkoop.samples.sheet import WIDTH, Sheet, value
from inkoop.samples.table import Column, Look, draw_lines

LEFT, RIGHT, BOTTOM = 54.0, 541.0, 640.0
COLUMNS = (
    Column("description", LEFT + 4, 290),
    Column("quantity", 295, 345, "right"),
    Column("unit", 351, 391),
    Column("unit_price", 395, 455, "right"),
    Column("net_amount", 462, RIGHT - 4, "right"),
)


def draw(sheet: Sheet) -> None:
    """Draw the invoice."""
    sheet.logo(LEFT, 34, 40)
    sheet.text(LEFT + 52, 59, value("seller.name"), size=15, face=sheet.font.bold, colour=sheet.accent)
    blocks.buyer_block(sheet, LEFT, 120, size=9.5)
    _panel(sheet)
    y = draw_lines(
        sheet, 270, COLUMNS, Look(is_zebra=True, padding=4), bottom=BOTTOM, next_page=lambda: _turn(sheet)
    )
    y += 22
    for name, amount in blocks.total_rows(sheet, with_net_per_rate=True)[:-1]:
        sheet.text(300, y, *name, size=9)
        sheet.text(RIGHT - 4, y, *amount, size=9, align="right")
        y += 14
    y += 6
    for note in blocks.notes(sheet):
        y = sheet.paragraph(LEFT, y, RIGHT - LEFT, *note, size=8, colour="#555555") + 3
    _slip(sheet)


def _panel(sheet: Sheet) -> None:
    """The facts that most people look for, in one tinted panel at the top right."""
    rows = blocks.header_rows(
        sheet,
        "invoice_number",
        "issue_date",
        "due_date",
        "customer_no",
        "order_reference",
        "delivery_date",
        "preceding_invoice",
    )
    height = 44 + 13.5 * len(rows)
    sheet.fill(310, 100, RIGHT - 310, height, colour=sheet.tint, radius=6)
    sheet.text(322, 119, sheet.title, size=12, face=sheet.font.bold, colour=sheet.accent)
    y = blocks.pairs(sheet, 322, 136, rows, RIGHT - 10, size=8.5, leading=13.5, align="right")
    sheet.text(322, y + 3, sheet.label("amount_due"), size=9.5, face=sheet.font.bold)
    amount = sheet.money("amount_due", "total_gross")
    sheet.text(RIGHT - 10, y + 3, *amount, size=11, face=sheet.font.bold, align="right")


def _slip(sheet: Sheet) -> None:
    """What a bank needs, below a dashed line; then the small print."""
    sheet.canvas.setDash(3, 3)
    sheet.rule(0, 690, WIDTH, 0.5)
    sheet.canvas.setDash()
    sheet.text(LEFT, 708, sheet.label("payment"), size=9, face=sheet.font.bold, colour=sheet.accent)
    rows: list[blocks.Row] = [
        (sheet.label("iban"), (value("payment_iban", "seller.iban"),)),
        (sheet.label("account_holder"), (value("seller.name"),)),
        (sheet.label("amount_due"), sheet.money("amount_due", "total_gross")),
    ]
    if sheet.has("payment_reference"):
        rows.append((sheet.label("payment_reference"), (value("payment_reference"),)))
    blocks.pairs(sheet, LEFT, 724, rows, LEFT + 125, size=8.5, leading=13)
    own = blocks.seller_rows(sheet, "vat_id", "legal_id", "phone", "email")
    blocks.pairs(sheet, 362, 724, own, 425, size=7.5, leading=11, label_colour="#777777")
    place = ", ".join(blocks.address_lines(sheet, sheet.invoice.seller.address, with_country=True))
    sheet.text(
        WIDTH / 2, 816, sheet.invoice.seller.name, ", ", place, size=7.5, colour="#777777", align="center"
    )


def _turn(sheet: Sheet) -> float:
    sheet.new_page()
    return 60


LAYOUT = Layout(
    code="utility",
    draw=draw,
    voice=10,
    style=PrintStyle(dates=2, currency="sign_before", thousands=True),
    demands=Demands(fewest_lines=2, most_lines=6),
)
