"""The lines grid: the draft's lines with the evidence of what each was read from, or the lines as read."""

from __future__ import annotations

from decimal import Decimal

from core.master.accounts import accounts_by_no
from core.master.items import find_item
from core.master.vat import find_vat_setup
from core.master.vendors import Vendor
from core.money import round_to
from core.purchasing.document import LineType, PurchaseDocument, PurchaseLine
from core.purchasing.draft_totals import amount_of
from core.purchasing.totals import DocumentTotals
from core.work import Work
from pipeline.extract.values import plain
from pipeline.workflow.field_states import field_state, field_view, with_value
from pipeline.workflow.review_view import (
    LINE_COLUMNS,
    FieldState,
    FieldView,
    LineView,
    Reason,
)
from pipeline.workflow.units import same_unit
from pipeline.workflow.values import Values, as_amount


def read_lines(values: Values) -> tuple[LineView, ...]:
    """The lines as read, while there is no draft; nothing of them is open, the draft comes first."""
    views: list[LineView] = []
    for index in values.line_indexes():
        cells: dict[str, FieldView] = {}
        for column in LINE_COLUMNS:
            key = f"lines.{index}.{column}"
            row = values.row(key)
            state = field_state(row)[0] if row else FieldState.MISSING
            cells[column] = field_view(key, row, state)
        views.append(LineView(index + 1, None, None, None, cells))
    return tuple(views)


def draft_lines(
    work: Work,
    draft: PurchaseDocument,
    totals: DocumentTotals | None,
    values: Values,
    vendor: Vendor | None,
) -> tuple[LineView, ...]:
    """The lines of the draft, each cell with the evidence of the line it was read from."""
    accounts = accounts_by_no(
        work, [line.no for line in draft.lines if line.no and line.type == LineType.ACCOUNT]
    )
    is_added_up = totals is not None and totals.total_net == values.amount("total_net")
    views: list[LineView] = []
    for line in draft.lines:
        name = name_nl = None
        if line.type == LineType.ACCOUNT and line.no in accounts:
            name, name_nl = accounts[line.no].name, accounts[line.no].name_nl
        elif line.type == LineType.ITEM and line.no:
            item = find_item(work, line.no)
            name = item.description if item else None
        rate = _rate(work, vendor, line)
        cells = {column: _cell(line, column, rate, values, is_added_up) for column in LINE_COLUMNS}
        ground = _ground(line)
        views.append(
            LineView(line.line_no, line.type, line.no, name, cells, ground, line.vat_product, name_nl)
        )
    return tuple(views)


def _ground(line: PurchaseLine) -> Reason | None:
    return Reason(f"ground.{line.proposal.replace(':', '_')}") if line.proposal else None


def _rate(work: Work, vendor: Vendor | None, line: PurchaseLine) -> Decimal | None:
    if vendor is None or not vendor.vat_business or not line.vat_product:
        return None
    setup = find_vat_setup(work, vendor.vat_business, line.vat_product)
    return setup.percent if setup else None


def _cell(
    line: PurchaseLine, column: str, rate: Decimal | None, values: Values, is_added_up: bool
) -> FieldView:
    value = _cell_value(line, column, rate)
    key = cell_key(line, column)
    row = values.row(key)
    state, reason = FieldState.SURE, None
    if column == "no":
        state, is_open = _coding_state(line)
        view = FieldView(key, value, None, None, state, _ground(line), is_required=True, is_open=is_open)
        return view
    if row is None or column == "type":
        state = FieldState.DEFAULT if value else FieldState.MISSING
        return FieldView(key, value, None, None, state)
    state, reason = field_state(row)
    if not _same(column, value, row.value):
        state, reason = FieldState.CONFIRMED if row.confirmed_by else FieldState.DEFAULT, None
    # Prices and quantities of items move stock; of an account line only the amount counts, and it is
    # proved when the lines add up to the document's total.
    matters = line.type == LineType.ITEM and column in ("quantity", "unit_price", "net_amount")
    if state is FieldState.CHECK and is_added_up and (not matters or _line_adds_up(line, values)):
        state, reason = FieldState.SURE, Reason("why.arithmetic")
    is_open = state is FieldState.CHECK and matters
    view = field_view(key, row, state, reason, is_open=is_open)
    return with_value(view, value)


def cell_key(line: PurchaseLine, column: str) -> str:
    """The key of a cell: that of the value it was read from, or a key of its own for an added line."""
    if line.source_ref and line.source_ref.startswith("lines."):
        return f"{line.source_ref}.{column}"
    if line.source_ref and column == "net_amount":
        return f"{line.source_ref}.net" if line.source_ref.startswith("vat_") else line.source_ref
    return f"added.{line.line_no}.{column}"


def _cell_value(line: PurchaseLine, column: str, rate: Decimal | None) -> str | None:
    match column:
        case "type":
            return line.type
        case "no":
            return line.no
        case "description":
            return line.description
        case "unit":
            return line.unit
        case "vat_rate":
            return _text(rate)
        case "net_amount":
            return plain(amount_of(line), 2) if line.type != LineType.COMMENT else None
        case "discount_percent":
            return _text(line.discount_percent) if line.discount_percent else None
        case "quantity":
            return _text(line.quantity) if line.quantity else None
        case _:
            return _text(line.unit_cost) if line.type != LineType.COMMENT else None


def _text(number: Decimal | None) -> str | None:
    return None if number is None else plain(number)


def _same(column: str, value: str | None, read: str | None) -> bool:
    if column in ("quantity", "unit_price", "net_amount", "vat_rate", "discount_percent"):
        return as_amount(value) == as_amount(read)
    if column == "unit":
        return same_unit(value, read)
    return (value or "") == (read or "")


def _line_adds_up(line: PurchaseLine, values: Values) -> bool:
    """Quantity times price, as printed, gives the printed amount."""
    printed = {
        column: values.amount(f"{line.source_ref}.{column}")
        for column in ("quantity", "unit_price", "net_amount")
    }
    quantity, price, amount = printed["quantity"], printed["unit_price"], printed["net_amount"]
    if quantity is None or price is None or amount is None:
        return False
    return round_to(quantity * price) == amount and amount_of(line) == amount


def _coding_state(line: PurchaseLine) -> tuple[FieldState, bool]:
    if line.type == LineType.COMMENT:
        return FieldState.SURE, False
    if not line.no:
        return FieldState.MISSING, True
    if line.proposal and not line.proposal.startswith("item:"):
        return FieldState.PROPOSED, False
    return FieldState.SURE if line.proposal else FieldState.CONFIRMED, False
