"""Sales orders and invoices before posting: made, changed, released, deleted. Posting is `core/posting`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Final

from sqlalchemy import select

from core.errors import Term, refuse
from core.master.accounts import find_account
from core.master.company import get_company
from core.master.items import Item, ItemType, find_item, units_per_unit
from core.master.number_series import Purpose, number_for
from core.master.payment_terms import find_payment_terms, payment_dates
from core.master.purchasing_setup import PurchasingCode
from core.money import UNIT_COST, ZERO, round_to
from core.sales.customers import find_ship_to, get_customer
from core.sales.document import (
    Customer,
    SalesDocument,
    SalesKind,
    SalesLine,
    SalesLineType,
    SalesStatus,
)
from core.work import Work

DRAFT_NUMBERS = {SalesKind.ORDER: Purpose.SALES_ORDER, SalesKind.INVOICE: Purpose.SALES_INVOICE}
HUNDRED = Decimal(100)
WHEN_RELEASED = frozenset({"posting_date", "document_date", "due_date"})
# What the purchase line holds as well: while the lines are linked neither side may move (PU-109).
LINKED_FIELDS = (
    "type",
    "no",
    "quantity",
    "unit",
    "location_code",
    "variant_code",
    "drop_shipment",
    "special_order",
)


class Unchanged(Enum):
    """Says in a change that a field keeps its value, since None is a value too."""

    UNCHANGED = "unchanged"


UNCHANGED: Final = Unchanged.UNCHANGED


@dataclass(frozen=True, slots=True)
class SalesLineDraft:
    """A line to be made. `unit`, `vat_product` and `description` default to those of the item or account.

    A `purchasing_code` sets drop shipment or special order; `drop_shipment` may also be ticked (PU-106).
    """

    type: SalesLineType
    no: str | None = None
    description: str | None = None
    quantity: Decimal = Decimal(1)
    unit_price: Decimal = ZERO
    unit: str | None = None
    discount_percent: Decimal = ZERO
    vat_product: str | None = None
    variant_code: str | None = None
    location_code: str | None = None
    requested_delivery_date: date | None = None
    promised_delivery_date: date | None = None
    shipment_date: date | None = None
    purchasing_code: str | None = None
    drop_shipment: bool = False
    special_order: bool = False
    applies_to_item_entry_no: int | None = None
    dimensions: str | None = None


@dataclass(frozen=True, slots=True)
class SalesDraft:
    """A sales order or invoice to be made. What is None defaults to the customer's card."""

    customer_no: str | None
    posting_date: date
    kind: SalesKind = SalesKind.ORDER
    document_date: date | None = None
    due_date: date | None = None
    ship_to_code: str | None = None
    payment_terms: str | None = None
    currency_code: str | None = None
    exchange_rate: Decimal | None = None
    prices_include_vat: bool = False
    location_code: str = ""
    dimensions: str | None = None
    lines: tuple[SalesLineDraft, ...] = ()


@dataclass(frozen=True, slots=True)
class SalesChange:
    """New values for a header; what is UNCHANGED stays."""

    customer_no: str | Unchanged | None = UNCHANGED
    ship_to_code: str | Unchanged | None = UNCHANGED
    posting_date: date | Unchanged = UNCHANGED
    document_date: date | Unchanged = UNCHANGED
    due_date: date | Unchanged | None = UNCHANGED
    exchange_rate: Decimal | Unchanged | None = UNCHANGED
    prices_include_vat: bool | Unchanged = UNCHANGED


@dataclass(frozen=True, slots=True)
class SalesLineChange:
    """New values for a line; what is UNCHANGED stays."""

    type: SalesLineType | Unchanged = UNCHANGED
    no: str | Unchanged | None = UNCHANGED
    description: str | Unchanged = UNCHANGED
    quantity: Decimal | Unchanged = UNCHANGED
    unit: str | Unchanged | None = UNCHANGED
    unit_price: Decimal | Unchanged = UNCHANGED
    discount_percent: Decimal | Unchanged = UNCHANGED
    vat_product: str | Unchanged | None = UNCHANGED
    variant_code: str | Unchanged | None = UNCHANGED
    location_code: str | Unchanged = UNCHANGED
    requested_delivery_date: date | Unchanged | None = UNCHANGED
    promised_delivery_date: date | Unchanged | None = UNCHANGED
    shipment_date: date | Unchanged | None = UNCHANGED
    purchasing_code: str | Unchanged | None = UNCHANGED
    drop_shipment: bool | Unchanged = UNCHANGED
    special_order: bool | Unchanged = UNCHANGED


@dataclass(frozen=True, slots=True)
class SalesToPost:
    """What the next posting takes of a line; None leaves it as it is."""

    ship: Decimal | None = None
    invoice: Decimal | None = None


def create_sales(work: Work, draft: SalesDraft) -> SalesDocument:
    """Make a sales order or invoice with its lines; posts nothing (PU-104).

    Refuses with `customer_not_found`, `ship_to_unknown`, `account_unknown`, `item_unknown`, `unit_unknown`,
    `purchasing_code_conflict`, `drop_shipment_not_allowed` and the codes of the number series.
    """
    customer = get_customer(work, draft.customer_no) if draft.customer_no else None
    document_date = draft.document_date or draft.posting_date
    terms = draft.payment_terms or (customer.payment_terms if customer else None)
    document = SalesDocument(
        kind=draft.kind.value,
        document_no="",
        status=SalesStatus.OPEN.value,
        version=1,
        customer_no=customer.customer_no if customer else None,
        ship_to_code=_ship_to(customer, draft.ship_to_code),
        document_date=document_date,
        posting_date=draft.posting_date,
        due_date=draft.due_date or _due_date(work, terms, document_date),
        payment_terms=terms,
        currency_code=_foreign(work, draft.currency_code or (customer.currency_code if customer else None)),
        exchange_rate=draft.exchange_rate,
        prices_include_vat=draft.prices_include_vat,
        location_code=draft.location_code,
        dimensions=draft.dimensions,
        created_by=work.actor.user_no,
        created_at=work.now,
        modified_by=work.actor.user_no,
        modified_at=work.now,
    )
    for number, line in enumerate(draft.lines, start=1):
        document.lines.append(_line(work, document, line, number))
    document.document_no = number_for(work, DRAFT_NUMBERS[draft.kind], draft.posting_date)
    work.session.add(document)
    work.session.flush()
    return document


def get_sales(work: Work, sales_id: int) -> SalesDocument:
    """The sales document with this id. An unknown id is a program error."""
    return work.session.get_one(SalesDocument, sales_id)


def find_sales(work: Work, document_no: str, kind: SalesKind) -> SalesDocument | None:
    """The sales document with the number that people see."""
    return work.session.scalar(
        select(SalesDocument).where(
            SalesDocument.document_no == document_no, SalesDocument.kind == kind.value
        )
    )


def list_sales(work: Work, kind: SalesKind | None = None, limit: int = 60) -> list[SalesDocument]:
    """Sales documents that are not posted yet, the latest first."""
    query = select(SalesDocument).where(SalesDocument.status != SalesStatus.POSTED.value)
    if kind is not None:
        query = query.where(SalesDocument.kind == kind.value)
    return list(work.session.scalars(query.order_by(SalesDocument.id.desc()).limit(limit)))


def lock_sales(work: Work, sales_id: int, version: int | None = None) -> SalesDocument:
    """The document, locked until the end of the transaction and read afresh with its lines (PO-161).

    Refuses with `document_deleted`, with `already_posted`, carrying the posted number, and with
    `stale_document` when `version` is older than what is stored (PO-162).
    """
    document = work.session.scalar(
        select(SalesDocument)
        .where(SalesDocument.id == sales_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if document is None:
        raise refuse("document_deleted")
    if document.status == SalesStatus.POSTED:
        raise refuse("already_posted", document=document.document_no, posted_no=document.posted_no)
    if version is not None and version != document.version:
        raise refuse(
            "stale_document",
            document=document.document_no,
            user=document.modified_by,
            time=document.modified_at,
        )
    work.session.refresh(document, ["lines"])
    return document


def change_sales(work: Work, document: SalesDocument, change: SalesChange) -> None:
    """Put new values on the header of an open document, dates of a released one too.

    Another posting date is the document date as well, unless that is given: the bill is ours. A due date that
    followed from the terms goes on following them. Another customer brings terms and currency. Refuses with
    `status_not_open`, and a change of the customer or of where the goods go while a line is linked with
    `linked_to_purchase_order` (PU-109).
    """
    values = _given(change)
    if document.status != SalesStatus.RELEASED or not WHEN_RELEASED.issuperset(values):
        _require_open(document, "header")
    followed = document.due_date == _due_date(work, document.payment_terms, document.document_date)
    if "posting_date" in values:
        values.setdefault("document_date", values["posting_date"])
    for name in ("customer_no", "ship_to_code"):
        if name in values and values[name] != getattr(document, name):
            _refuse_linked(document, name)
    customer = get_customer(work, document.customer_no) if document.customer_no else None
    if "customer_no" in values:
        customer_no = values["customer_no"]
        customer = get_customer(work, str(customer_no)) if customer_no else None
        values |= {
            "customer_no": customer.customer_no if customer else None,
            "payment_terms": customer.payment_terms if customer else None,
            "currency_code": _foreign(work, customer.currency_code if customer else None),
        }
        values.setdefault("ship_to_code", None)
    if values.get("ship_to_code") is not None:
        values["ship_to_code"] = _ship_to(customer, str(values["ship_to_code"]))
    for name, value in values.items():
        setattr(document, name, value)
    if followed and "due_date" not in values:
        document.due_date = _due_date(work, document.payment_terms, document.document_date)
    touch_sales(work, document)


def add_sales_line(work: Work, document: SalesDocument, draft: SalesLineDraft) -> SalesLine:
    """Append a line to an open document. Refuses like `create_sales`, and with `status_not_open`."""
    _require_open(document, "lines")
    number = max((line.line_no for line in document.lines), default=0) + 1
    line = _line(work, document, draft, number)
    document.lines.append(line)
    touch_sales(work, document)
    return line


def change_sales_line(
    work: Work, document: SalesDocument, line_no: int, change: SalesLineChange
) -> SalesLine:
    """Put new values on a line of an open document; what the next posting takes follows the quantity.

    Refuses with `status_not_open`, `linked_to_purchase_order` (PU-109), `qty_below_shipped`,
    `line_partially_shipped`, and like `create_sales`.
    """
    _require_open(document, "lines")
    line = get_sales_line(document, line_no)
    values = {name: value for name, value in _given(change).items() if value != getattr(line, name)}
    if "type" in values:
        values["type"] = SalesLineType(str(values["type"])).value
    for name in LINKED_FIELDS:
        if name in values:
            _refuse_link(document, line, name)
    _refuse_shipped(line, values)
    if "purchasing_code" in values:
        values = _from_code(work, line_no, values["purchasing_code"]) | values
    if {"type", "no"} & values.keys():
        values = _from_master(work, line, values) | values
    if "unit" in values or "no" in values:
        item = _item(work, str(values.get("type", line.type)), values.get("no", line.no))
        unit = values.get("unit", line.unit)
        values["units_per_unit"] = _factor(item, str(unit) if unit else None)
    for name, value in values.items():
        setattr(line, name, value)
    _check_purchasing(work, document, line)
    _check_discount(line)
    put_to_post(document, line)
    touch_sales(work, document)
    return line


def delete_sales_line(work: Work, document: SalesDocument, line_no: int) -> None:
    """Take a line off an open document; the others keep their numbers.

    Refuses with `status_not_open`, `linked_to_purchase_order` (PU-109) and `shipped_not_invoiced`.
    """
    _require_open(document, "lines")
    line = get_sales_line(document, line_no)
    _refuse_deletion(document, line)
    document.lines.remove(line)
    touch_sales(work, document)


def delete_sales(work: Work, document: SalesDocument) -> None:
    """Delete a document that is not posted. Refuses like `delete_sales_line`, for any of its lines."""
    if document.status == SalesStatus.POSTED:
        raise refuse("already_posted", document=document.document_no, posted_no=document.posted_no)
    for line in document.lines:
        _refuse_deletion(document, line)
    work.session.delete(document)
    work.session.flush()


def release_sales(work: Work, document: SalesDocument) -> None:
    """Clear a document for posting. Needs a line with a quantity: `nothing_to_release`."""
    if document.status == SalesStatus.RELEASED:
        return
    _require_open(document, "status")
    if not any(line.quantity != ZERO for line in sold_lines(document)):
        raise refuse("nothing_to_release", document=document.document_no)
    document.status = SalesStatus.RELEASED.value
    touch_sales(work, document)


def reopen_sales(work: Work, document: SalesDocument) -> None:
    """Make a released document editable again. An open one stays as it is."""
    if document.status == SalesStatus.OPEN:
        return
    if document.status == SalesStatus.POSTED:
        raise refuse("already_posted", document=document.document_no, posted_no=document.posted_no)
    document.status = SalesStatus.OPEN.value
    touch_sales(work, document)


def set_sales_to_post(work: Work, document: SalesDocument, quantities: Mapping[int, SalesToPost]) -> None:
    """Say per line number what the next posting ships and invoices, in the unit of the line (PU-71).

    What is invoiced follows what is shipped unless it is given. Refuses with `qty_to_ship_too_large`,
    `qty_to_invoice_too_large`, `line_unknown`, and on an invoice with `invoice_must_be_whole`.
    """
    for line_no, wanted in quantities.items():
        line = get_sales_line(document, line_no)
        if document.kind == SalesKind.INVOICE:
            raise refuse(
                "invoice_must_be_whole", line_no=line_no, line=line_no, document=document.document_no
            )
        ship = line.qty_to_ship if wanted.ship is None else wanted.ship
        limit = line.quantity - line.quantity_shipped
        if not _fits(ship, limit):
            raise refuse("qty_to_ship_too_large", line_no=line_no, field="qty_to_ship", n=limit)
        line.qty_to_ship = ship
        most = line.quantity_shipped + ship - line.quantity_invoiced
        invoice = most if wanted.invoice is None else wanted.invoice
        if not _fits(invoice, most):
            raise refuse("qty_to_invoice_too_large", line_no=line_no, field="qty_to_invoice", n=most)
        line.qty_to_invoice = invoice
    touch_sales(work, document)


def put_to_post(document: SalesDocument, line: SalesLine) -> None:
    """What the next posting takes by default: all that is outstanding (PU-72)."""
    line.qty_to_ship = line.quantity - line.quantity_shipped
    line.qty_to_invoice = line.quantity - line.quantity_invoiced


def get_sales_line(document: SalesDocument, line_no: int) -> SalesLine:
    """The line with this number. Refuses with `line_unknown`."""
    for line in document.lines:
        if line.line_no == line_no:
            return line
    raise refuse("line_unknown", line_no=line_no, document=document.document_no)


def sold_lines(document: SalesDocument) -> list[SalesLine]:
    """The lines that carry amounts: all but the comments."""
    return [line for line in document.lines if line.type != SalesLineType.COMMENT]


def outstanding(line: SalesLine) -> Decimal:
    """What is not shipped yet, in the unit of the line."""
    return line.quantity - line.quantity_shipped


def touch_sales(work: Work, document: SalesDocument) -> None:
    """Note that the document was changed, by whom and when."""
    document.version += 1
    document.modified_by = work.actor.user_no
    document.modified_at = work.now
    work.session.flush()


def _given(change: SalesChange | SalesLineChange) -> dict[str, object]:
    return {
        f.name: getattr(change, f.name) for f in fields(change) if getattr(change, f.name) is not UNCHANGED
    }


def _fits(quantity: Decimal, limit: Decimal) -> bool:
    return quantity == ZERO or (quantity * limit > ZERO and abs(quantity) <= abs(limit))


def _require_open(document: SalesDocument, field_name: str) -> None:
    if document.status == SalesStatus.POSTED:
        raise refuse("already_posted", document=document.document_no, posted_no=document.posted_no)
    if document.status != SalesStatus.OPEN:
        raise refuse("status_not_open", field=field_name, document=document.document_no)


def _refuse_linked(document: SalesDocument, field_name: str) -> None:
    for line in document.lines:
        _refuse_link(document, line, field_name)


def _refuse_link(document: SalesDocument, line: SalesLine, field_name: str) -> None:
    """While the line is linked, what the purchase line holds as well stays (PU-109)."""
    if line.purchase_order_no is None:
        return
    raise refuse(
        "linked_to_purchase_order",
        line_no=line.line_no,
        field=field_name,
        what=Term(f"sales_{field_name}"),
        order=line.purchase_order_no,
        line=line.purchase_line_no,
    )


def _refuse_shipped(line: SalesLine, values: Mapping[str, object]) -> None:
    if line.quantity_shipped == ZERO:
        return
    for name in ("type", "no", "unit", "variant_code", "location_code", "drop_shipment", "special_order"):
        if name in values:
            raise refuse("line_partially_shipped", line_no=line.line_no, field=name, line=line.line_no)
    quantity = values.get("quantity")
    if isinstance(quantity, Decimal) and quantity < line.quantity_shipped:
        raise refuse("qty_below_shipped", line_no=line.line_no, field="quantity", n=line.quantity_shipped)


def _refuse_deletion(document: SalesDocument, line: SalesLine) -> None:
    _refuse_link(document, line, "line")
    open_quantity = line.quantity_shipped - line.quantity_invoiced
    if open_quantity != ZERO:
        raise refuse("shipped_not_invoiced", line_no=line.line_no, n=open_quantity, line=line.line_no)


def _ship_to(customer: Customer | None, code: str | None) -> str | None:
    if not code:
        return None
    wanted = code.strip().upper()
    if customer is None or find_ship_to(customer, wanted) is None:
        raise refuse("ship_to_unknown", field="ship_to_code", address=wanted)
    return wanted


def _due_date(work: Work, terms: str | None, document_date: date) -> date:
    return payment_dates(find_payment_terms(work, terms), document_date).due_date


def _foreign(work: Work, currency_code: str | None) -> str | None:
    """The local currency is stored as none."""
    return None if currency_code == get_company(work).local_currency else currency_code


def _line(work: Work, document: SalesDocument, draft: SalesLineDraft, number: int) -> SalesLine:
    item = _item(work, draft.type, draft.no)
    unit = draft.unit or (item.unit if item else None)
    line = SalesLine(
        line_no=number,
        type=draft.type.value,
        no=item.item_no if item else draft.no,
        quantity=draft.quantity if draft.type != SalesLineType.COMMENT else ZERO,
        unit=unit,
        units_per_unit=_factor(item, unit),
        variant_code=draft.variant_code,
        location_code=document.location_code if draft.location_code is None else draft.location_code,
        dimensions=draft.dimensions,
        unit_price=round_to(draft.unit_price, UNIT_COST),
        discount_percent=draft.discount_percent,
        quantity_shipped=ZERO,
        quantity_invoiced=ZERO,
        requested_delivery_date=draft.requested_delivery_date,
        promised_delivery_date=draft.promised_delivery_date,
        applies_to_item_entry_no=draft.applies_to_item_entry_no,
        purchasing_code=draft.purchasing_code,
        drop_shipment=draft.drop_shipment,
        special_order=draft.special_order,
    )
    brought = _from_master(work, line, {"no": draft.no})
    line.description = draft.description or str(brought.get("description", ""))
    vat_product = draft.vat_product or brought.get("vat_product")
    line.vat_product = str(vat_product) if vat_product else None
    if draft.purchasing_code:
        for name, value in _from_code(work, number, draft.purchasing_code).items():
            setattr(line, name, getattr(line, name) or value)
    line.planned_delivery_date = (
        draft.promised_delivery_date or draft.requested_delivery_date or document.posting_date
    )
    line.shipment_date = draft.shipment_date or line.planned_delivery_date
    _check_purchasing(work, document, line)
    _check_discount(line)
    put_to_post(document, line)
    return line


def _item(work: Work, line_type: str, no: object) -> Item | None:
    if line_type != SalesLineType.ITEM or no is None:
        return None
    item = find_item(work, str(no))
    if item is None:
        raise refuse("item_unknown", field="no", no=no)
    return item


def _factor(item: Item | None, unit: str | None) -> Decimal:
    """Base units per unit, frozen when the unit is chosen (PU-23)."""
    if item is None:
        return Decimal(1)
    factor = units_per_unit(item, unit)
    if factor is None:
        raise refuse("unit_unknown", field="unit", unit=unit, no=item.item_no)
    return factor


def _from_master(work: Work, line: SalesLine, values: Mapping[str, object]) -> dict[str, object]:
    """What another item or account brings to a line."""
    line_type, no = str(values.get("type", line.type)), values.get("no", line.no)
    if no is None or line_type == SalesLineType.COMMENT:
        return {}
    if line_type == SalesLineType.ACCOUNT:
        account = find_account(work, str(no))
        if account is None:
            raise refuse("account_unknown", field="no", no=no)
        return {"description": account.name, "unit": None, "vat_product": account.vat_product}
    item = _item(work, line_type, no)
    assert item is not None
    return {
        "no": item.item_no,
        "description": item.description,
        "unit": item.unit,
        "vat_product": item.vat_product,
    }


def _from_code(work: Work, line_no: int, code: object) -> dict[str, object]:
    """A purchasing code sets one of the two marks (PU-106); no code clears both."""
    found = work.session.get(PurchasingCode, str(code)) if code else None
    if code and found is None:
        raise refuse("purchasing_code_unknown", field="purchasing_code", line_no=line_no, wanted=code)
    return {
        "drop_shipment": found.drop_shipment if found else False,
        "special_order": found.special_order if found else False,
    }


def _check_purchasing(work: Work, document: SalesDocument, line: SalesLine) -> None:
    """A line is bought for the sale in one of two ways, on orders, for items of which nothing was shipped."""
    if line.drop_shipment and line.special_order:
        raise refuse(
            "purchasing_code_conflict", line_no=line.line_no, field="drop_shipment", line=line.line_no
        )
    if not (line.drop_shipment or line.special_order):
        return
    item = _item(work, line.type, line.no)
    fits = document.kind == SalesKind.ORDER and item is not None and line.quantity_shipped == ZERO
    if line.drop_shipment:
        fits = fits and item is not None and item.type == ItemType.INVENTORY
    if not fits:
        field_name = "drop_shipment" if line.drop_shipment else "special_order"
        raise refuse("purchasing_code_not_allowed", line_no=line.line_no, field=field_name, line=line.line_no)


def _check_discount(line: SalesLine) -> None:
    if not ZERO <= line.discount_percent <= HUNDRED:
        raise refuse("line_discount_out_of_range", line_no=line.line_no, field="discount_percent")
