"""Blocks that several families share: addresses, label and value pairs, totals."""

from __future__ import annotations

from collections.abc import Sequence

from inkoop.samples import labels
from inkoop.samples.company import Address
from inkoop.samples.sheet import Align, Part, Sheet, value

Row = tuple[str, tuple[Part, ...]]
"""A label and what stands beside it."""

HEADER_KEYS = (
    "invoice_number",
    "issue_date",
    "due_date",
    "delivery_date",
    "order_reference",
    "customer_no",
    "preceding_invoice",
)


def header_rows(sheet: Sheet, *names: str) -> list[Row]:
    """Label and value for the header fields that the invoice has, in the order asked for."""
    rows: list[Row] = []
    for name in names or HEADER_KEYS:
        if name == "customer_no":
            rows.append((sheet.label(name), (sheet.invoice.customer_no,)))
        elif sheet.has(name):
            rows.append((sheet.label(name), (value(name),)))
    return rows


def seller_rows(sheet: Sheet, *names: str) -> list[Row]:
    """Label and value for the seller's numbers: vat_id, tax_number, legal_id, iban, bic, phone, email."""
    seller = sheet.invoice.seller
    rows: list[Row] = []
    for name in names or ("phone", "email", "vat_id", "tax_number", "legal_id", "iban", "bic"):
        if name == "legal_id":
            register = labels.legal_id(sheet.invoice.language, seller.address.country_code, sheet.voice)
            rows.append((register, (value("seller.legal_id"),)))
        elif name == "tax_number":
            if seller.tax_number:
                rows.append(("Steuernummer", (value("seller.tax_number"),)))
        elif name == "iban":
            rows.append((sheet.label("iban"), (value("seller.iban", "payment_iban"),)))
        elif name in ("bic", "email"):
            rows.append((sheet.label(name), (seller.bic if name == "bic" else seller.email,)))
        else:
            rows.append((sheet.label(name), (value(f"seller.{name}"),)))
    return rows


def pairs(
    sheet: Sheet,
    x: float,
    y: float,
    rows: Sequence[Row],
    value_x: float,
    *,
    size: float = 9,
    leading: float = 13,
    colon: str = "",
    align: Align = "left",
    label_colour: str = "#444444",
    is_bold: bool = False,
) -> float:
    """Labels at `x` with their values at `value_x`, one under the other. Returns the baseline after them."""
    for name, parts in rows:
        end = sheet.text(x, y, name + colon, size=size, colour=label_colour)
        face = sheet.font.bold if is_bold else sheet.font.regular
        at = max(value_x, end + 5) if align == "left" else value_x
        sheet.text(at, y, *parts, size=size, align=align, face=face)
        y += leading
    return y


def stacked(
    sheet: Sheet, x: float, y: float, rows: Sequence[Row], *, size: float = 9, leading: float = 26
) -> float:
    """Each value under its label. Returns the baseline after them."""
    for name, parts in rows:
        sheet.text(x, y, name, size=size - 2, colour="#666666")
        sheet.text(x, y + size + 2.5, *parts, size=size)
        y += leading
    return y


def address_lines(sheet: Sheet, address: Address, with_country: bool = False) -> list[str]:
    """The lines of an address as they are written in its country."""
    town = f"{address.postal_code}  {address.city}" if address.country_code == "NL" else ""
    if address.country_code == "IE":
        lines = [address.street, address.city, address.postal_code]
    else:
        lines = [address.street, town or f"{address.postal_code} {address.city}"]
    if with_country:
        lines.append(labels.COUNTRIES[sheet.invoice.language][address.country_code])
    return lines


def buyer_block(sheet: Sheet, x: float, y: float, size: float = 10, with_vat_id: bool = False) -> float:
    """The buyer's name and address. Returns the baseline after them."""
    leading = size * 1.35
    buyer = sheet.invoice.buyer
    sheet.text(x, y, value("buyer.name"), size=size, face=sheet.font.bold)
    y += leading
    abroad = buyer.address.country_code != sheet.invoice.seller.address.country_code
    for line in address_lines(sheet, buyer.address, abroad):
        sheet.text(x, y, line, size=size)
        y += leading
    if with_vat_id:
        sheet.text(x, y, sheet.label("buyer_vat_id"), ": ", value("buyer.vat_id"), size=size - 1)
        y += leading
    return y


def totals(
    sheet: Sheet,
    x: float,
    right: float,
    y: float,
    rows: Sequence[tuple[tuple[Part, ...], tuple[Part, ...]]],
    *,
    size: float = 9,
    leading: float = 14,
    bold_last: bool = True,
    last_colour: str = "#1A1A1A",
) -> float:
    """Labels at `x`, amounts that end at `right`. Returns the baseline after them."""
    for i, (name, amount) in enumerate(rows):
        is_last = bold_last and i == len(rows) - 1
        face = sheet.font.bold if is_last else sheet.font.regular
        colour = last_colour if is_last else "#1A1A1A"
        sheet.text(x, y, *name, size=size + is_last, face=face, colour=colour)
        sheet.text(right, y, *amount, size=size + is_last, face=face, colour=colour, align="right")
        y += leading + 3 * (i == len(rows) - 2)
    return y


def total_rows(
    sheet: Sheet, with_net_per_rate: bool = False, with_total_vat: bool = False, last: str = "total_gross"
) -> list[tuple[tuple[Part, ...], tuple[Part, ...]]]:
    """The usual rows: net, VAT per rate, with VAT. `last` may be amount_due where that word is used alone."""
    count = len(sheet.invoice.vat_breakdown)
    rows: list[tuple[tuple[Part, ...], tuple[Part, ...]]] = [
        ((sheet.label("total_net"),), sheet.money("total_net")),
    ]
    for i in range(count):
        rate, net, vat = (f"vat_breakdown.{i}.{field}" for field in ("rate", "net", "vat"))
        keys = (vat, "total_vat") if count == 1 else (vat,)
        words = sheet.sentence(
            "vat_of_net" if with_net_per_rate else "vat_of", rate=value(rate), net=value(net)
        )
        rows.append((words, sheet.money(*keys)))
    if with_total_vat and count > 1:
        rows.append(((sheet.label("total_vat"),), sheet.money("total_vat")))
    keys = ("total_gross", "amount_due") if last == "total_gross" else ("amount_due", "total_gross")
    rows.append(((sheet.label(last),), sheet.money(*keys)))
    return rows


def terms(sheet: Sheet) -> tuple[Part, ...]:
    """The sentence on when and where to pay, or on how a credit is settled."""
    days = str(sheet.invoice.payment_terms_days)
    if sheet.is_credit_note:
        return sheet.sentence("credit_terms", days=days)
    return sheet.sentence(
        "terms", days=days, iban=value("payment_iban", "seller.iban"), name=value("seller.name")
    )


def notes(sheet: Sheet) -> list[tuple[Part, ...]]:
    """Reverse charge where it applies, then the seller's conditions."""
    found: list[tuple[Part, ...]] = []
    if any(group.category != "S" for group in sheet.invoice.vat_breakdown):
        found.append(sheet.sentence("reverse_charge"))
    found.append(sheet.sentence("conditions"))
    return found
