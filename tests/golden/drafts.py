"""What a person types for a step of a golden case: drafts, prices, quantities, assignments."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any

from core.errors import DomainError, Problem
from core.ledgers.vendor import VendorEntry
from core.purchasing.charges import Assignment, assign
from core.purchasing.document import DocumentKind, LineType, PurchaseApplication, PurchaseDocument
from core.purchasing.draft_header import change_header
from core.purchasing.draft_inputs import DocumentDraft, HeaderChange, LineChange, LineDraft
from core.purchasing.drafts import (
    add_line,
    change_line,
    create_draft,
    delete_line,
    get_draft,
    release,
    reopen,
)
from core.purchasing.drop_shipments import get_sales_order
from core.purchasing.posted import get_receipt
from core.purchasing.receipts import get_receipt_lines
from core.sales.document import PostedSalesDocument, SalesDocument, SalesLineType
from core.sales.drafts import (
    SalesChange,
    SalesLineDraft,
    change_sales,
    get_sales,
    release_sales,
    reopen_sales,
)
from core.work import Work
from tests.golden.references import (
    Reference,
    References,
    charge_target,
    movement_of,
    numbered,
    purchase_lines,
    sales_lines,
    vendor_entry_of,
)

Row = Mapping[str, Any]


def make(work: Work, references: References, step: Row, kind: DocumentKind) -> PurchaseDocument:
    """The draft of an invoice or credit memo as a step describes it."""
    document = create_draft(work, _document(step, kind))
    if "receipts" in step:
        _fetch(work, references, document, step)
    for line in step.get("lines", ()):
        _add(work, references, document, line)
    _put_amounts(work, document, step)
    _assign(work, references, document, step)
    _apply(work, references, document, step)
    return document


def make_order(work: Work, references: References, step: Row) -> PurchaseDocument:
    """The draft of an order; a line bought for a sale is taken over from the sales order (PU-107)."""
    customer = None
    for line in step["lines"]:
        if "drop_shipment_for" in line:
            sale = references[line["drop_shipment_for"].partition(".")[0]]
            customer = get_sales(work, sale.draft_id).customer_no
    document = create_draft(work, _document(step, DocumentKind.ORDER, customer))
    for line in step["lines"]:
        if "drop_shipment_for" in line:
            _take_sale(work, references, document, line)
        else:
            _add(work, references, document, line)
    _put_amounts(work, document, step)
    _assign(work, references, document, step)
    return document


def replace(work: Work, references: References, draft_id: int, step: Row) -> None:
    """Put the given fields on the draft before it is posted."""
    document = get_draft(work, draft_id)
    if {"date", "vendor_document", "vendor"} & step.keys():
        change_header(work, document, header_change(step))
    if "lines" in step:
        for line in list(document.lines):
            delete_line(work, document, line.line_no)
        for row in step["lines"]:
            _add(work, references, document, row)
        _assign(work, references, document, step)


def header_change(step: Row) -> HeaderChange:
    """The date, number and vendor that a step puts on a document that is there already."""
    names = {"date": "posting_date", "vendor_document": "vendor_document_no", "vendor": "vendor_no"}
    return HeaderChange(**{ours: step[theirs] for theirs, ours in names.items() if theirs in step})


@contextmanager
def for_this_bill(work: Work, document: PurchaseDocument, step: Row) -> Iterator[None]:
    """Date, number, rate and VAT of one bill of an order; rate and VAT do not stay on the order."""
    change_header(work, document, header_change(step))
    own: dict[str, Any] = {}
    if "vat_amounts" in step:
        own["vat_amounts"] = vat_amounts(step)
    if "rate" in step:
        own["exchange_rate"] = exact(step["rate"])
    if not own:
        yield
        return
    before = document.exchange_rate
    reopen(work, document)
    change_header(work, document, HeaderChange(**own))
    release(work, document)
    yield
    left = work.session.get(PurchaseDocument, document.id)
    if left is not None:
        reopen(work, left)
        change_header(work, left, HeaderChange(exchange_rate=before, vat_amounts={}))
        release(work, left)


def wanted(quantities: Mapping[int, Any] | None, position: int, otherwise: Decimal) -> Decimal:
    """The quantity of a line that a step gives; lines it does not list are left out."""
    return otherwise if quantities is None else Decimal(quantities.get(position, 0))


def exact(value: Any) -> Decimal:
    """A number of a case."""
    return Decimal(value)


def maybe(value: Any) -> Decimal | None:
    """A number of a case that may be left out."""
    return None if value is None else Decimal(value)


def sales_drafts(work: Work, references: References, step: Row) -> tuple[SalesLineDraft, ...]:
    """The lines of a sale."""
    return tuple(
        SalesLineDraft(
            type=SalesLineType.ACCOUNT if "account" in line else SalesLineType.ITEM,
            no=line.get("account") or line.get("item"),
            quantity=Decimal(line.get("quantity", 1)),
            unit_price=Decimal(line.get("unit_price", 0)),
            unit=line.get("uom"),
            discount_percent=Decimal(line.get("discount_percent", 0)),
            vat_product=line.get("vat"),
            drop_shipment=line.get("drop_shipment", False),
            applies_to_item_entry_no=_movement(work, references, line),
        )
        for line in step["lines"]
    )


def date_sales(work: Work, sales_id: int, on: date) -> None:
    """Put the posting date of the next posting on a sales order."""
    document = work.session.get(SalesDocument, sales_id)
    if document is None:
        # Completely invoiced and gone: nothing is left to post.
        raise DomainError([Problem("document_deleted")])
    reopen_sales(work, document)
    change_sales(work, document, SalesChange(posting_date=on))
    release_sales(work, document)


def chosen_sales_lines(work: Work, sale: Reference, positions: list[int] | None) -> dict[int, int]:
    """The line numbers of the chosen lines of a sale, by their position in the case."""
    if sale.kind == "sales_order":
        lines = sales_lines(get_sales(work, sale.draft_id).lines)
    else:
        query = work.session.query(PostedSalesDocument).filter_by(posted_no=sale.no, kind="invoice")
        lines = dict(enumerate(numbered(query.one().lines), start=1))
    return {at: line.line_no for at, line in lines.items() if positions is None or at in positions}


def finish_copy(work: Work, document: PurchaseDocument, positions: list[int], step: Row) -> None:
    """What the case says about a purchase invoice made from a sale: number, dates, prices by sales line."""
    change = HeaderChange(
        posting_date=step["date"],
        document_date=step["date"],
        vendor_document_no=step.get("vendor_document"),
    )
    change_header(work, document, change)
    lines = dict(zip(positions, numbered(document.lines), strict=True))
    for position, cost in step.get("unit_costs", {}).items():
        change_line(work, document, lines[position].line_no, LineChange(unit_cost=Decimal(cost)))


def put_on_hold(work: Work, reference: Reference, reason: str) -> None:
    """A bookkeeper puts an open entry on hold (PO-153)."""
    work.session.get_one(VendorEntry, vendor_entry_of(work, reference)).on_hold = reason


def _document(step: Row, kind: DocumentKind, customer: str | None = None) -> DocumentDraft:
    return DocumentDraft(
        vendor_no=step["vendor"],
        posting_date=step["date"],
        kind=kind,
        document_date=step.get("document_date"),
        vendor_document_no=step.get("vendor_document"),
        payment_terms=step.get("terms"),
        currency_code=step.get("currency"),
        exchange_rate=maybe(step.get("rate")),
        prices_include_vat=step.get("prices_include_vat"),
        total_gross_stated=maybe(step.get("document_total")),
        on_hold="golden" if step.get("on_hold") else None,
        sell_to_customer_no=customer,
    )


def _put_amounts(work: Work, document: PurchaseDocument, step: Row) -> None:
    """Discount and VAT of the whole document are typed when its lines are there."""
    values: dict[str, Any] = {
        name: exact(step[name])
        for name in ("invoice_discount_percent", "invoice_discount_amount")
        if name in step
    }
    if "vat_amounts" in step:
        values["vat_amounts"] = vat_amounts(step)
    if values:
        change_header(work, document, HeaderChange(**values))


def vat_amounts(step: Row) -> dict[str, Decimal]:
    """The VAT by identifier that the vendor's document states."""
    return {identifier: exact(amount) for identifier, amount in step["vat_amounts"].items()}


def _add(work: Work, references: References, document: PurchaseDocument, line: Row) -> None:
    type_ = next(kind for kind in (LineType.ACCOUNT, LineType.ITEM, LineType.CHARGE) if kind.value in line)
    draft = LineDraft(
        type=type_,
        no=line[type_.value],
        quantity=Decimal(line.get("quantity", 1)),
        unit_cost=maybe(line.get("unit_cost")),
        amount=maybe(line.get("amount")),
        unit=line.get("uom"),
        discount_percent=Decimal(line.get("discount_percent", 0)),
        vat_product=line.get("vat"),
        allow_invoice_discount=line.get("allow_invoice_discount", True),
        applies_to_item_entry_no=_movement(work, references, line),
    )
    add_line(work, document, draft)


def _movement(work: Work, references: References, line: Row) -> int | None:
    return movement_of(work, references, line["applies_to"]) if "applies_to" in line else None


def _take_sale(work: Work, references: References, document: PurchaseDocument, line: Row) -> None:
    """Fetch one line of a sales order at the case's price."""
    name, _, position = line["drop_shipment_for"].partition(".")
    sale = references[name]
    wanted_no = sales_lines(get_sales(work, sale.draft_id).lines)[int(position)].line_no
    for fetched in get_sales_order(work, document, sale.no, [wanted_no]):
        change_line(work, document, fetched.line_no, LineChange(unit_cost=Decimal(line["unit_cost"])))


def _fetch(work: Work, references: References, document: PurchaseDocument, step: Row) -> None:
    """The open lines of the receipts in their order. A receipt that does not fit refuses the step."""
    keys = [key for ref in step["receipts"] for key in _open_lines(work, references[ref].no)]
    fetched = get_receipt_lines(work, document, keys)
    if fetched.problems and ("refused" in step or not fetched.lines):
        raise DomainError(fetched.problems)
    lines = purchase_lines(document.lines)
    for position, quantity in step.get("quantities", {}).items():
        change_line(work, document, lines[position].line_no, LineChange(quantity=Decimal(quantity)))
    for position, cost in step.get("unit_costs", {}).items():
        change_line(work, document, lines[position].line_no, LineChange(unit_cost=Decimal(cost)))


def _open_lines(work: Work, receipt_no: str) -> list[tuple[str, int, Decimal | None]]:
    """The lines of a receipt that are left to invoice; of an invoiced one all, which is refused."""
    lines = numbered(get_receipt(work, receipt_no).lines)
    wanted = [line for line in lines if line.not_invoiced != 0] or lines
    return [(receipt_no, line.line_no, None) for line in wanted]


def _assign(work: Work, references: References, document: PurchaseDocument, step: Row) -> None:
    if "lines" not in step:
        return
    for line, row in zip(numbered(document.lines), step["lines"], strict=True):
        if "assign" in row:
            assignments = [
                Assignment(
                    *charge_target(work, references, step.get("ref"), one["to"]), exact(one["quantity"])
                )
                for one in row["assign"]
            ]
            assign(work, document, line.line_no, assignments)


def _apply(work: Work, references: References, document: PurchaseDocument, step: Row) -> None:
    targets = step.get("apply_to", [])
    for ref in [targets] if isinstance(targets, str) else targets:
        entry_no = vendor_entry_of(work, references[ref])
        document.applications.append(PurchaseApplication(vendor_entry_no=entry_no))
    work.session.flush()
