"""What kind of document a UNTDID 1001 code names, and the sign of its amounts (BT-3, ID-49)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from pipeline.extract.document import DocumentType, ExtractedInvoice, ExtractedLine, Field, VatSubtotal

# The codes that EN 16931 allows for BT-3, by what they do to the ledger of the buyer.
INVOICE_CODES = frozenset(
    str(code)
    for code in (
        *(71, 80, 82, 84, 102, 130, 202, 203, 204, 211, 218, 219, 295, 326),
        *(331, 380, 382, 383, 384, 385, 386, 387, 388, 390, 393, 394, 395, 456),
        *(457, 553, 575, 623, 633, 751, 780, 817, 870, 875, 876, 877, 935),
    )
)
CREDIT_NOTE_CODES = frozenset(
    str(code) for code in (81, 83, 262, 296, 308, 381, 396, 420, 458, 502, 503, 532)
)

_SIGNED_HEADER = (
    "total_net",
    "total_vat",
    "total_gross",
    "paid_amount",
    "amount_due",
    "total_allowance",
    "total_charge",
)
_SIGNED_LINE = ("quantity", "net_amount")
_SIGNED_VAT = ("net", "vat")


def document_type_of(code: str) -> DocumentType | None:
    """Invoice or credit note; None for what the buyer must not book as either.

    Self-billed documents (389, 261, 527) are the buyer's own, and a pro forma (325) is no invoice: ID-49.
    """
    if code in INVOICE_CODES:
        return "invoice"
    return "credit_note" if code in CREDIT_NOTE_CODES else None


def with_positive_amounts(invoice: ExtractedInvoice) -> ExtractedInvoice:
    """The same document with the sign convention of the books: a credit note has positive amounts.

    Vendors write a credit in three ways: 381 with positive amounts, 381 with negative ones, and an invoice
    (380, 384) whose total is negative. The last two are turned round; the third becomes a credit note.
    The evidence keeps the text as it stands in the document.
    """
    total = invoice.value("total_gross") or invoice.value("amount_due") or invoice.value("total_net")
    if total is None or Decimal(total) >= 0:
        return invoice
    header = _turned(invoice.fields, _SIGNED_HEADER)
    if "document_type" in header:
        header["document_type"] = replace(header["document_type"], value="credit_note")
    return replace(
        invoice,
        fields=header,
        lines=tuple(ExtractedLine(_turned_line(line.fields)) for line in invoice.lines),
        vat_breakdown=tuple(VatSubtotal(_turned(vat.fields, _SIGNED_VAT)) for vat in invoice.vat_breakdown),
    )


def _turned_line(fields: Mapping[str, Field]) -> dict[str, Field]:
    """Quantity and amount turned, or price and amount where the price carries the sign."""
    price = fields.get("unit_price")
    if price is not None and Decimal(price.value) < 0:
        return _turned(fields, ("unit_price", "net_amount"))
    return _turned(fields, _SIGNED_LINE)


def _turned(fields: Mapping[str, Field], keys: tuple[str, ...]) -> dict[str, Field]:
    return {
        key: replace(found, value=_negated(found.value)) if key in keys else found
        for key, found in fields.items()
    }


def _negated(value: str) -> str:
    """The value with the other sign; never minus zero."""
    turned = -Decimal(value)
    return format(abs(turned) if turned == 0 else turned, "f")
