"""A web shop's receipt: prices with VAT, two rows of print per article, "of which VAT" under the total."""

from __future__ import annotations

from inkoop.samples import blocks
from inkoop.samples.invent import Demands
from inkoop.samples.layout import Layout
from inkoop.samples.printing import PrintStyle
from inkoop.samples.sheet import VERA, WIDTH, Sheet, value

LEFT, RIGHT = 60.0, 535.0


def draw(sheet: Sheet) -> None:
    """Draw the invoice."""
    sheet.logo(WIDTH / 2 - 22, 34, 44)
    sheet.text(WIDTH / 2, 98, value("seller.name"), size=13, face=sheet.font.bold, align="center")
    sheet.text(WIDTH / 2, 116, sheet.label("thanks"), size=9, colour="#666666", align="center")
    sheet.rule(LEFT, 132, RIGHT, 1, sheet.accent)
    sheet.text(LEFT, 158, sheet.title, size=16, face=sheet.font.bold, colour=sheet.accent)
    rows = blocks.header_rows(
        sheet,
        "invoice_number",
        "issue_date",
        "order_reference",
        "delivery_date",
        "due_date",
        "preceding_invoice",
    )
    blocks.pairs(sheet, LEFT, 178, rows, LEFT + 150, size=8.5, leading=14, colon=":")
    sheet.text(370, 178, sheet.label("bill_to"), size=8, colour="#666666")
    blocks.buyer_block(sheet, 370, 192, size=8.5)
    y = _lines(sheet, 285)
    y = _totals(sheet, y + 18)
    y = sheet.paragraph(
        LEFT, y + 30, RIGHT - LEFT, sheet.label("prices_include_vat"), size=8, colour="#555555"
    )
    y = sheet.paragraph(LEFT, y + 4, RIGHT - LEFT, *blocks.terms(sheet), size=8)
    sheet.fill(0, 782, WIDTH, 60, colour=sheet.tint)
    address = ", ".join(blocks.address_lines(sheet, sheet.invoice.seller.address))
    sheet.text(WIDTH / 2, 800, sheet.invoice.seller.name, " · ", address, size=7.5, align="center")
    numbers = blocks.seller_rows(sheet, "vat_id", "legal_id", "phone")
    line = [part for name, parts in numbers for part in (name, " ", *parts, "   ")]
    sheet.text(WIDTH / 2, 814, *line[:-1], size=7.5, align="center")


def _lines(sheet: Sheet, y: float) -> float:
    """The article and its sum in one row; number, quantity and price in small print under it."""
    sheet.text(LEFT, y, sheet.label("description"), size=8, face=sheet.font.bold)
    sheet.text(RIGHT, y, sheet.label("gross_amount"), size=8, face=sheet.font.bold, align="right")
    sheet.rule(LEFT, y + 6, RIGHT, 0.8, sheet.accent)
    y += 22
    for i, line in enumerate(sheet.invoice.lines):
        key = f"lines.{i}."
        lines = sheet.wrap(line.description, 360, sheet.font.regular, 9)
        sheet.block(LEFT, y, [key + "description"], lines, leading=12, size=9)
        sheet.text(RIGHT, y, *sheet.money(key + "net_amount"), size=9, align="right")
        y += 12 * len(lines)
        number = (sheet.label("item_id"), " ", value(key + "item_id"), "   ") if line.item_id else ()
        times = (value(key + "quantity"), " ", value(key + "unit"), " x ", *sheet.money(key + "unit_price"))
        vat = ("   ", sheet.label("vat_rate"), " ", *sheet.rate(key + "vat_rate")) if _has_many(sheet) else ()
        sheet.text(LEFT + 8, y, *number, *times, *vat, size=7.5, colour="#555555")
        y += 8
        sheet.rule(LEFT, y, RIGHT, 0.3, "#CCCCCC")
        y += 15
    return y


def _has_many(sheet: Sheet) -> bool:
    return len(sheet.invoice.vat_breakdown) > 1


def _totals(sheet: Sheet, y: float) -> float:
    total = sheet.money("total_gross", "amount_due")
    sheet.text(330, y, sheet.label("total_gross"), size=11, face=sheet.font.bold)
    sheet.text(RIGHT, y, *total, size=11, face=sheet.font.bold, align="right")
    y += 17
    for i in range(len(sheet.invoice.vat_breakdown)):
        rate, net, vat = (f"vat_breakdown.{i}.{field}" for field in ("rate", "net", "vat"))
        keys = (vat,) if _has_many(sheet) else (vat, "total_vat")
        words = sheet.sentence("vat_of_net", rate=value(rate), net=value(net))
        sheet.text(330, y, *words, size=8, colour="#444444")
        sheet.text(RIGHT, y, *sheet.money(*keys), size=8, colour="#444444", align="right")
        y += 13
    sheet.text(330, y, sheet.label("total_net"), size=8, colour="#444444")
    sheet.text(RIGHT, y, *sheet.money("total_net"), size=8, colour="#444444", align="right")
    return y


LAYOUT = Layout(
    code="shop",
    draw=draw,
    voice=6,
    font=VERA,
    style=PrintStyle(dates=3, currency="sign_before", thousands=False),
    demands=Demands(fewest_lines=1, most_lines=5, prices_include_vat=True),
)
