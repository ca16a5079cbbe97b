"""What reading a document gives: words on pages, and the invoice with the evidence for each value.

Terms are those of EN 16931; the JSON form that `ExtractedInvoice.to_json` gives is the one form of an
extracted document in files, in the API and in the output of `inkoop extract`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal

DocumentType = Literal["invoice", "credit_note"]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page as it is displayed, after rotation.

    Fractions of the page's width and height, 0 to 1; the origin is top left.
    """

    left: float
    top: float
    right: float
    bottom: float

    def union(self, other: Box) -> Box:
        """The smallest box that holds both."""
        return Box(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )

    def as_list(self) -> list[float]:
        """Left, top, right, bottom, rounded to 5 decimals: about 0.01 mm on A4."""
        return [round(v, 5) for v in (self.left, self.top, self.right, self.bottom)]


@dataclass(frozen=True, slots=True)
class Word:
    """One printed word. `confidence` is 1 for a text layer and Tesseract's word confidence for OCR."""

    text: str
    box: Box
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Page:
    """One page as read: its number from 1, its displayed size in points, and its words in reading order."""

    number: int
    width: float
    height: float
    words: tuple[Word, ...]
    source: Literal["text_layer", "ocr"]
    problem: str | None = (
        None  # an INC_* code when the page could not be read; the rest of the document goes on
    )


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a value stands: page and box for what is printed, the XPath for an e-invoice."""

    page: int | None
    box: Box | None
    text: str | None
    path: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The provenance object of the canonical schema."""
        return {
            "page": self.page,
            "box": self.box.as_list() if self.box else None,
            "text": self.text,
            "path": self.path,
        }


@dataclass(frozen=True, slots=True)
class Field:
    """One value as the books want it, always a string: ISO date, plain decimal with a point, code or text."""

    value: str
    confidence: float
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class ExtractedLine:
    """One invoice line (BG-25). Keys of `fields`: see LINE_KEYS."""

    fields: Mapping[str, Field]


@dataclass(frozen=True, slots=True)
class VatSubtotal:
    """One VAT rate of the document (BG-23). Keys of `fields`: rate, net, vat."""

    fields: Mapping[str, Field]


class Source(StrEnum):
    """Which way the values were obtained."""

    EINVOICE_XML = "einvoice_xml"
    HYBRID_PDF = "hybrid_pdf"
    TEXT_LAYER = "text_layer"
    OCR = "ocr"


HEADER_KEYS = (
    "document_type",
    "invoice_number",
    "issue_date",
    "due_date",
    "delivery_date",
    "order_reference",
    "currency_code",
    "seller.name",
    "seller.vat_id",
    "seller.tax_number",
    "seller.legal_id",
    "seller.gln",
    "seller.phone",
    "seller.iban",
    "seller.country_code",
    "buyer.name",
    "buyer.vat_id",
    "buyer.gln",
    "preceding_invoice",
    "total_net",
    "total_vat",
    "total_gross",
    "paid_amount",
    "amount_due",
    "total_allowance",
    "total_charge",
    "payment_iban",
    "payment_reference",
)
"""Keys of `ExtractedInvoice.fields`; a dotted key is nested in the JSON."""

LINE_KEYS = (
    "line_id",
    "item_id",
    "item_standard_id",
    "description",
    "quantity",
    "unit",
    "unit_price",
    "discount_percent",
    "vat_rate",
    "net_amount",
    "order_line_reference",
)

VAT_KEYS = ("rate", "net", "vat")


@dataclass(frozen=True, slots=True)
class ExtractedInvoice:
    """An invoice as read, with value, confidence and provenance for every field.

    Amounts are positive on a credit note too (`document_type` tells the kind). An unknown value has no
    field. `versions` names what read it (reader, libraries, Tesseract), so that a result can be repeated.
    `warnings` are INC_* codes with a free text, such as a page that could not be read.
    """

    source: Source
    fields: Mapping[str, Field] = field(default_factory=dict)
    lines: tuple[ExtractedLine, ...] = ()
    vat_breakdown: tuple[VatSubtotal, ...] = ()
    page_count: int = 0
    versions: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[tuple[str, str], ...] = ()
    parts: tuple[ExtractedInvoice, ...] = ()

    def value(self, key: str) -> str | None:
        """The value of a header field, or None when it was not found."""
        found = self.fields.get(key)
        return found.value if found else None

    def all_fields(self) -> Iterator[tuple[str, Field]]:
        """Every field with its full key, like `seller.name`, `lines.0.quantity`, `vat_breakdown.1.rate`."""
        yield from self.fields.items()
        for group, rows in (
            ("lines", [line.fields for line in self.lines]),
            ("vat_breakdown", [subtotal.fields for subtotal in self.vat_breakdown]),
        ):
            for index, fields in enumerate(rows):
                for key, found in fields.items():
                    yield f"{group}.{index}.{key}", found

    def to_json(self) -> dict[str, Any]:
        """The canonical JSON object: values as strings, `confidence` and `provenance` by full key."""
        body: dict[str, Any] = {}
        for key in HEADER_KEYS:
            _put(body, key, self.value(key))
        body["vat_breakdown"] = [_row(subtotal.fields, VAT_KEYS) for subtotal in self.vat_breakdown]
        body["lines"] = [_row(line.fields, LINE_KEYS) for line in self.lines]
        body["source"] = self.source.value
        body["page_count"] = self.page_count
        body["confidence"] = {key: round(found.confidence, 4) for key, found in self.all_fields()}
        body["provenance"] = {key: found.provenance.to_json() for key, found in self.all_fields()}
        body["versions"] = dict(self.versions)
        body["warnings"] = [{"code": code, "text": text} for code, text in self.warnings]
        if self.parts:
            body["parts"] = [part.to_json() for part in self.parts]
        return body

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> ExtractedInvoice:
        """Read back what `to_json` gave."""
        confidence, provenance = body["confidence"], body["provenance"]

        def made(key: str, value: str | None) -> Field | None:
            if value is None:
                return None
            return Field(value, float(confidence[key]), _provenance(provenance[key]))

        def rows(group: str, keys: tuple[str, ...]) -> list[dict[str, Field]]:
            return [
                {k: f for k in keys if (f := made(f"{group}.{i}.{k}", row.get(k))) is not None}
                for i, row in enumerate(body[group])
            ]

        return cls(
            source=Source(body["source"]),
            fields={k: f for k in HEADER_KEYS if (f := made(k, _get(body, k))) is not None},
            lines=tuple(ExtractedLine(row) for row in rows("lines", LINE_KEYS)),
            vat_breakdown=tuple(VatSubtotal(row) for row in rows("vat_breakdown", VAT_KEYS)),
            page_count=int(body["page_count"]),
            versions=dict(body["versions"]),
            warnings=tuple((w["code"], w["text"]) for w in body["warnings"]),
            parts=tuple(cls.from_json(part) for part in body.get("parts", ())),
        )


def _row(fields: Mapping[str, Field], keys: tuple[str, ...]) -> dict[str, str | None]:
    return {key: fields[key].value if key in fields else None for key in keys}


def _put(body: dict[str, Any], dotted: str, value: str | None) -> None:
    *parents, last = dotted.split(".")
    for parent in parents:
        body = body.setdefault(parent, {})
    body[last] = value


def _get(body: Mapping[str, Any], dotted: str) -> str | None:
    found: Any = body
    for part in dotted.split("."):
        found = (found or {}).get(part)
    return found if found is None else str(found)


def _provenance(body: Mapping[str, Any]) -> Provenance:
    box = body["box"]
    return Provenance(body["page"], Box(*box) if box else None, body["text"], body["path"])
