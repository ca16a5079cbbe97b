"""A letter of the DIN 5008 kind in Times: the seller's data stand only in the foot and the sender's line."""

from __future__ import annotations

from inkoop.samples import blocks
from inkoop.samples.invent import Demands
from inkoop.samples.layout import Layout
from inkoop.samples.printing import PrintStyle
from inkoop.samples.sheet import TIMES, WIDTH, Sheet, value
from inkoop.samples.table import Column, Look, draw_lines

LEFT, RIGHT, BOTTOM = 71.0, 530.0, 690.0
COLUMNS = (
    Column("line_id", LEFT, 95),
    Column("quantity", 98, 140, "right"),
    Column("unit", 146, 186),
    Column("description", 190, 375),
    Column("unit_price", 380, 448, "right"),
    Column("net_amount", 455, RIGHT, "right"),
)


def draw(sheet: Sheet) -> None:
    """Draw the invoice."""
    seller, address = sheet.invoice.seller, sheet.invoice.seller.address
    sheet.logo(RIGHT - 60, 40, 60)
    small = (value("seller.name"), " · ", address.street, " · ", address.postal_code, " ", address.city)
    sheet.text(LEFT, 140, *small, size=6.5, colour="#666666")
    sheet.rule(LEFT, 143, LEFT + 230, 0.3)
    blocks.buyer_block(sheet, LEFT, 160, size=10.5)
    rows = blocks.header_rows(
        sheet,
        "customer_no",
        "invoice_number",
        "issue_date",
        "delivery_date",
        "order_reference",
        "preceding_invoice",
    )
    blocks.pairs(sheet, 370, 160, rows, 455, size=9.5, leading=14, colon=":")
    sheet.text(LEFT, 285, sheet.title, " ", value("invoice_number"), size=14, face=sheet.font.bold)
    sheet.text(LEFT, 308, sheet.label("salutation"), size=10)
    y = sheet.paragraph(LEFT, 324, RIGHT - LEFT, sheet.label("opening"), size=10)
    look = Look(size=9.5, leading=12, padding=3.5, rulings="head", rule_colour="#222222", shows_percent=True)
    y = draw_lines(sheet, y + 6, COLUMNS, look, bottom=BOTTOM, next_page=lambda: _turn(sheet))
    if y + 140 > BOTTOM + 40:
        y = _turn(sheet)
    y = blocks.totals(sheet, 340, RIGHT, y + 20, blocks.total_rows(sheet, with_net_per_rate=True), size=10)
    days = str(sheet.invoice.payment_terms_days)
    closing = (
        blocks.terms(sheet)
        if sheet.is_credit_note
        else (
            *sheet.sentence("terms", days=days, iban=value("payment_iban", "seller.iban"), name=seller.name),
            f" {sheet.label('due_date')}: ",
            value("due_date"),
            ".",
        )
    )
    y = sheet.paragraph(LEFT, y + 20, RIGHT - LEFT, *closing, size=10)
    for note in blocks.notes(sheet):
        y = sheet.paragraph(LEFT, y + 3, RIGHT - LEFT, *note, size=9)
    _foot(sheet)


def _turn(sheet: Sheet) -> float:
    _foot(sheet)
    sheet.new_page()
    return 80


def _foot(sheet: Sheet) -> None:
    """Three columns of small print: who, where to pay, numbers."""
    seller = sheet.invoice.seller
    sheet.rule(LEFT, 757, RIGHT, 0.4)
    size, leading = 7.5, 9.5
    sheet.text(LEFT, 768, value("seller.name"), size=size, face=sheet.font.bold)
    y = 768 + leading
    for line in blocks.address_lines(sheet, seller.address, with_country=True):
        sheet.text(LEFT, y, line, size=size)
        y += leading
    contact = blocks.seller_rows(sheet, "phone", "email")
    contact.append((sheet.label("bic"), (seller.bic,)))
    contact.append((sheet.label("iban"), (value("seller.iban", "payment_iban"),)))
    for i, (name, parts) in enumerate(contact):
        sheet.text(LEFT + 155, 768 + leading * i, name, " ", *parts, size=size)
    for i, (name, parts) in enumerate(blocks.seller_rows(sheet, "vat_id", "tax_number", "legal_id")):
        sheet.text(LEFT + 345, 768 + leading * i, name, " ", *parts, size=size)
    if sheet.page_count > 1:
        page = sheet.sentence("page", page=str(sheet.page), pages=str(sheet.page_count))
        sheet.text(WIDTH / 2, 822, *page, size=8, align="center")


LAYOUT = Layout(
    code="footer",
    draw=draw,
    voice=3,
    font=TIMES,
    style=PrintStyle(dates=1, currency="code_after", quantity_decimals=2, space_before_percent=True),
    demands=Demands(fewest_lines=1, most_lines=5),
)
