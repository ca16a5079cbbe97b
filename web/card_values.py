"""The fields of a purchase document as its card shows and takes them: kinds, labels, options, input."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from core.errors import refuse
from core.master.company import get_company
from core.master.currencies import Currency
from core.master.payment_terms import PaymentTerms
from core.master.purchasing_setup import Location, Purchaser, ReturnReason
from core.purchasing.document import DocumentKind, DocumentStatus, PurchaseDocument, PurchaseLine
from core.purchasing.editing import HEADER_WHEN_RELEASED
from core.work import Work
from pipeline.workflow.typed import parse_day, parse_number
from web.view import DeskContext

INVOICE, CREDIT_MEMO = DocumentKind.INVOICE, DocumentKind.CREDIT_MEMO
ORDER, QUOTE, RETURN_ORDER = DocumentKind.ORDER, DocumentKind.QUOTE, DocumentKind.RETURN_ORDER
ALL = frozenset(DocumentKind)
BILLS = frozenset({INVOICE, CREDIT_MEMO})
ORDERED = frozenset({ORDER, QUOTE})


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One header field: what sort of value it holds and on which documents it stands."""

    key: str
    kind: str = "text"  # text, date, number, amount, choice, flag
    on: frozenset[DocumentKind] = ALL
    lookup: str | None = None
    is_told: bool = False  # shown where it has a value, and never typed


FIELDS = (
    FieldSpec("vendor_no", lookup="card-vendors"),
    FieldSpec("pay_to_vendor_no", is_told=True),
    FieldSpec("quote_no", is_told=True),
    FieldSpec("vendor_document_no", on=ALL - {QUOTE}),
    FieldSpec("order_date", "date", ORDERED),
    FieldSpec("document_date", "date"),
    FieldSpec("posting_date", "date", ALL - {QUOTE}),
    FieldSpec("due_date", "date", ALL - {QUOTE}),
    FieldSpec("requested_receipt_date", "date", ORDERED),
    FieldSpec("promised_receipt_date", "date", ORDERED),
    FieldSpec("expected_receipt_date", "date", ORDERED),
    FieldSpec("vendor_shipment_no", on=frozenset({ORDER})),
    FieldSpec("payment_terms", "choice"),
    FieldSpec("location_code", "choice"),
    FieldSpec("purchaser_code", "choice"),
    FieldSpec("currency_code", "choice"),
    FieldSpec("exchange_rate", "number"),
    FieldSpec("prices_include_vat", "flag"),
    FieldSpec("invoice_discount_percent", "number"),
    FieldSpec("invoice_discount_amount", "amount"),
    FieldSpec("total_gross_stated", "amount", BILLS),
    FieldSpec("payment_reference", on=frozenset({INVOICE, ORDER})),
    FieldSpec("on_hold", on=frozenset({INVOICE})),
)
SPECS = {spec.key: spec for spec in FIELDS}


@dataclass(frozen=True, slots=True)
class FieldView:
    """One header field as the card shows it. `value` is what a choice stores, `shown` what is read."""

    key: str
    label: str
    value: str
    shown: str
    is_fixed: bool
    is_right: bool = False
    unit: str = ""
    lookup: str | None = None
    options: tuple[tuple[str, str], ...] = ()

    @property
    def dom_id(self) -> str:
        """An id for the label."""
        return f"f-{self.key}"


def header_fields(
    desk: DeskContext, work: Work, document: PurchaseDocument, can_edit: bool
) -> list[FieldView]:
    """The header of this document, field by field."""
    kind = DocumentKind(document.kind)
    shown = [spec for spec in FIELDS if kind in spec.on and _is_wanted(spec, document)]
    views = [_field(desk, work, document, spec, can_edit) for spec in shown]
    return [view for view in views if SPECS[view.key].kind != "choice" or len(view.options) > 1]


def _is_wanted(spec: FieldSpec, document: PurchaseDocument) -> bool:
    if spec.key == "exchange_rate":
        return document.currency_code is not None
    if spec.key == "pay_to_vendor_no":
        return document.pay_to_vendor_no not in (None, document.vendor_no)
    return not spec.is_told or bool(getattr(document, spec.key))


def _field(
    desk: DeskContext, work: Work, document: PurchaseDocument, spec: FieldSpec, can_edit: bool
) -> FieldView:
    value = getattr(document, spec.key)
    is_released = document.status != DocumentStatus.OPEN
    fixed = not can_edit or spec.is_told or (is_released and spec.key not in HEADER_WHEN_RELEASED)
    options = _options(desk, work, spec)
    stored = ("yes" if value else "no") if spec.kind == "flag" else str(value or "")
    shown = _shown(desk, spec, value)
    if fixed and options:
        shown = dict(options).get(stored, stored)
    if spec.key == "vendor_no" and document.vendor_no:
        shown = f"{document.vendor_no} {document.seller_name or ''}".strip()
    return FieldView(
        key=spec.key,
        label=desk.text(f"card.field.{spec.key}"),
        value=stored,
        shown=shown,
        is_fixed=fixed,
        is_right=spec.kind in ("number", "amount"),
        unit="%" if spec.key.endswith("percent") else "",
        lookup=None if fixed else spec.lookup,
        options=options,
    )


def _shown(desk: DeskContext, spec: FieldSpec, value: object) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, date):
        return desk.formats.date(value)
    if isinstance(value, Decimal):
        return desk.formats.amount(value) if spec.kind == "amount" else desk.formats.quantity(value)
    return str(value)


def _options(desk: DeskContext, work: Work, spec: FieldSpec) -> tuple[tuple[str, str], ...]:
    if spec.kind == "flag":
        return (("no", desk.text("card.no")), ("yes", desk.text("card.yes")))
    if spec.kind != "choice":
        return ()
    none = ("", desk.text("card.none"))
    if spec.key == "payment_terms":
        codes: Iterable[str] = work.session.scalars(select(PaymentTerms.code).order_by(PaymentTerms.code))
        return (none, *((code, code) for code in codes))
    if spec.key == "currency_code":
        local = get_company(work).local_currency
        codes = work.session.scalars(select(Currency.code).where(Currency.code != local))
        return (("", local), *((code, code) for code in sorted(codes)))
    table = Location if spec.key == "location_code" else Purchaser
    rows = work.session.execute(select(table.code, table.name).order_by(table.code))
    return (none, *((code, f"{code} {name}") for code, name in rows))


def typed_header(desk: DeskContext, work: Work, key: str, typed: str) -> object:
    """What was typed into a header field, as the books want it. Refuses with `INC_VALUE_NOT_UNDERSTOOD`."""
    spec = SPECS.get(key)
    if spec is None or spec.is_told:
        raise refuse("request_not_understood", field=key)
    return _typed(desk, work, key, spec.kind, typed)


LINE_FIELDS = {
    "description": "text",
    "quantity": "number",
    "unit": "code",
    "unit_cost": "number",
    "discount_percent": "number",
    "vat_product": "code",
    "amount": "number",
    "location_code": "code",
    "return_reason_code": "code",
    "expected_receipt_date": "date",
}
NEVER_EMPTY = frozenset({"description", "quantity", "unit_cost", "discount_percent", "amount"})


def typed_cell(desk: DeskContext, work: Work, column: str, typed: str) -> object:
    """What was typed into a cell of a line; an empty number is nought."""
    kind = LINE_FIELDS.get(column)
    if kind is None:
        raise refuse("request_not_understood", field=column)
    value = _typed(desk, work, column, kind, typed)
    if value is None and column in NEVER_EMPTY:
        return "" if column == "description" else Decimal(0)
    return value


def typed_quantity(desk: DeskContext, column: str, typed: str) -> Decimal:
    """A quantity to be posted; empty is nought."""
    return parse_number(column, typed, desk.language) or Decimal(0)


def _typed(desk: DeskContext, work: Work, key: str, kind: str, typed: str) -> object:
    if kind == "date":
        return parse_day(key, typed, work.today)
    if kind in ("number", "amount"):
        return parse_number(key, typed.replace("%", ""), desk.language)
    if kind == "flag":
        return typed == "yes"
    text = " ".join(typed.split())
    return (text.upper() if kind == "code" else text) or None


@dataclass(frozen=True, slots=True)
class CellView:
    """One cell of the lines grid."""

    column: str
    label: str
    shown: str
    is_fixed: bool
    is_right: bool = False
    lookup: str | None = None
    code: str = ""


@dataclass(frozen=True, slots=True)
class LineView:
    """One line of the grid, with how far it is received and invoiced, in percent, and what is said of it."""

    line_no: int
    type: str
    type_name: str
    cells: tuple[CellView, ...]
    received: int | None
    invoiced: int | None
    progress: str
    notes: tuple[str, ...]
    acts: tuple[tuple[str, str], ...]


TO_POST = ("qty_to_receive", "qty_to_invoice")
RIGHT = frozenset({"quantity", "unit_cost", "discount_percent", "amount", *TO_POST})
COLUMNS = ("no", "description", "quantity", "unit", "unit_cost", "discount_percent", "vat_product", "amount")


def columns_of(kind: DocumentKind, work: Work) -> tuple[str, ...]:
    """The columns of the grid: what there is to post on orders, why goods go back on returns."""
    columns: tuple[str, ...] = COLUMNS
    if kind.goes_back and work.session.scalar(select(ReturnReason.code).limit(1)) is not None:
        columns = (*columns, "return_reason_code")
    return (*columns, *TO_POST) if kind.posts_in_parts else columns


def column_name(desk: DeskContext, kind: DocumentKind, column: str) -> str:
    """The heading of a column; goods that go back are shipped and credited."""
    if kind is RETURN_ORDER and column in TO_POST:
        column = {"qty_to_receive": "qty_to_ship", "qty_to_invoice": "qty_to_credit"}[column]
    return desk.text(f"card.column.{column}")


def shown_cell(desk: DeskContext, line: PurchaseLine, column: str, amount: Decimal) -> str:
    """What a cell shows; a comment has words only."""
    if line.type == "comment" and column != "description":
        return ""
    value = amount if column == "amount" else getattr(line, column)
    if value is None or value == "":
        return ""
    if column in ("amount", "unit_cost"):
        return desk.formats.amount(value.normalize() if column == "unit_cost" else value)
    if column == "discount_percent" and not value:
        return ""
    return desk.formats.quantity(value) if isinstance(value, Decimal) else str(value)


def share(part: Decimal, whole: Decimal) -> int:
    """How much of the whole, in percent from 0 to 100."""
    return 0 if not whole else max(0, min(100, int(100 * part / whole)))


def joined(parts: Sequence[str]) -> str:
    """Parts of a sentence that are there."""
    return " · ".join(part for part in parts if part)
