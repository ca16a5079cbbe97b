"""What is true of a sample: every value of the invoice, and the part of it that its layout prints.

The JSON is the canonical form of an extracted document with the additions of a truth file: null is known
not to be there, absent is unknown, a list holds the accepted alternatives.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from inkoop.samples.invoice import SampleInvoice, without_vat
from pipeline.extract.document import Box

Value = str | list[str]
Json = dict[str, object]

# What no layout prints cannot be read; a reader that shows one of these made it up.
_NOT_THERE_WHEN_NOT_PRINTED = (
    "delivery_date",
    "order_reference",
    "payment_reference",
    "preceding_invoice",
    "seller.tax_number",
    "seller.iban",
    "payment_iban",
    "seller.vat_id",
    "buyer.vat_id",
)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A printed value: which key, on which page (from 1), in which box, and the characters themselves."""

    key: str
    page: int
    box: Box
    text: str


def plain(number: Decimal) -> str:
    """A decimal without exponent and without idle zeros."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def values(invoice: SampleInvoice) -> dict[str, Value]:
    """Every value of the invoice by its full key; what the invoice does not have has no key."""
    seller, buyer = invoice.seller, invoice.buyer
    found: dict[str, Value | None] = {
        "document_type": invoice.document_type,
        "invoice_number": invoice.invoice_number,
        "issue_date": invoice.issue_date.isoformat(),
        "due_date": invoice.due_date.isoformat(),
        "delivery_date": invoice.delivery_date.isoformat() if invoice.delivery_date else None,
        "order_reference": invoice.order_reference,
        "currency_code": invoice.currency_code,
        "seller.name": seller.name,
        "seller.vat_id": seller.vat_id,
        "seller.tax_number": seller.tax_number,
        "seller.legal_id": seller.legal_id,
        "seller.phone": seller.phone,
        "seller.iban": seller.iban,
        "seller.country_code": seller.address.country_code,
        "buyer.name": buyer.name,
        "buyer.vat_id": buyer.vat_id,
        "preceding_invoice": invoice.preceding_invoice,
        "total_net": f"{invoice.total_net:.2f}",
        "total_vat": f"{invoice.total_vat:.2f}",
        "total_gross": f"{invoice.total_gross:.2f}",
        "amount_due": f"{invoice.total_gross:.2f}",
        "payment_iban": seller.iban,
        "payment_reference": invoice.payment_reference,
    }
    for i, group in enumerate(invoice.vat_breakdown):
        found[f"vat_breakdown.{i}.rate"] = plain(group.rate)
        found[f"vat_breakdown.{i}.net"] = f"{group.net:.2f}"
        found[f"vat_breakdown.{i}.vat"] = f"{group.vat:.2f}"
    for i, line in enumerate(invoice.lines):
        found |= {
            f"lines.{i}.line_id": str(i + 1),
            f"lines.{i}.item_id": line.item_id,
            f"lines.{i}.description": line.description,
            f"lines.{i}.quantity": plain(line.quantity),
            f"lines.{i}.unit": line.unit,
            f"lines.{i}.unit_price": _money(line.unit_price, line.vat_rate, invoice.prices_include_vat),
            f"lines.{i}.discount_percent": plain(line.discount_percent) if line.discount_percent else None,
            f"lines.{i}.vat_rate": plain(line.vat_rate),
            f"lines.{i}.net_amount": _money(line.amount, line.vat_rate, invoice.prices_include_vat),
        }
    return {key: value for key, value in found.items() if value is not None}


def printed_truth(invoice: SampleInvoice, drawn: Iterable[Drawn]) -> Json:
    """The truth of a page: the values that were drawn on it, and null for what is not there.

    A sum that is not printed is unknown, not null, because a reader may rightly derive it. The currency,
    the kind of document and the seller's country are told by other words on the page and always known.
    """
    tokens = {each.key: each.text for each in drawn}
    always = ("document_type", "currency_code", "seller.country_code")
    everything = values(invoice)
    known: dict[str, Value | None] = dict.fromkeys(_NOT_THERE_WHEN_NOT_PRINTED)
    for key, value in everything.items():
        if key in tokens or key in always:
            known[key] = [tokens[key], str(value)] if key.endswith(".unit") else value
    return nested(known)


def xml_truth(invoice: SampleInvoice) -> Json:
    """The truth of an e-invoice: everything, and null for what the invoice does not have."""
    known: dict[str, Value | None] = dict.fromkeys(_NOT_THERE_WHEN_NOT_PRINTED)
    return nested(known | values(invoice))


def drawn_json(drawn: Iterable[Drawn]) -> Json:
    """Where each value stands: key → list of page, box and text, in drawing order."""
    places: dict[str, object] = {}
    for each in drawn:
        found = places.setdefault(each.key, [])
        assert isinstance(found, list)
        found.append({"page": each.page, "box": each.box.as_list(), "text": each.text})
    return places


def nested(flat: Mapping[str, Value | None]) -> Json:
    """Dotted keys as objects and lists. Rows with no key at all, such as a line not printed, are left out."""
    body: Json = {"vat_breakdown": [], "lines": []}
    rows: dict[tuple[str, int], Json] = {}
    for key, value in flat.items():
        parts = key.split(".")
        if len(parts) == 3:
            rows.setdefault((parts[0], int(parts[1])), {})[parts[2]] = value
        elif len(parts) == 2:
            party = body.setdefault(parts[0], {})
            assert isinstance(party, dict)
            party[parts[1]] = value
        else:
            body[key] = value
    for (group, _), row in sorted(rows.items(), key=lambda entry: entry[0]):
        listed = body[group]
        assert isinstance(listed, list)
        listed.append(row)
    return body


def _money(amount: Decimal, rate: Decimal, includes_vat: bool) -> Value:
    text = f"{amount:.2f}" if amount == amount.quantize(Decimal("0.01")) else plain(amount)
    return [text, f"{without_vat(amount, rate):.2f}"] if includes_vat else text
