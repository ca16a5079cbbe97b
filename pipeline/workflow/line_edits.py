"""Changes of a draft's lines as a person makes them in the grid: cell by cell."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from core.errors import refuse
from core.master.accounts import find_account
from core.master.items import Item, find_item
from core.master.vat import find_vat_setup, vat_product_for
from core.master.vendors import find_vendor
from core.money import QUANTITY, UNIT_COST, ZERO, round_to
from core.purchasing.document import LineType, PurchaseDocument, PurchaseLine
from core.purchasing.draft_inputs import LineChange, LineDraft
from core.purchasing.draft_totals import amount_of
from core.purchasing.drafts import add_line, change_line
from core.work import Work
from pipeline.workflow.units import same_unit
from pipeline.workflow.values import as_amount


@dataclass(frozen=True, slots=True)
class Changed:
    """What a cell held and holds now, and the key of the value it was read from."""

    old: str | None
    new: str | None
    key: str | None


def add(work: Work, draft: PurchaseDocument) -> int:
    """An empty account line with the VAT of the line above."""
    vat_product = draft.lines[-1].vat_product if draft.lines else None
    vendor = find_vendor(work, draft.vendor_no)
    account = vendor.default_account if vendor else None
    line = add_line(
        work,
        draft,
        LineDraft(
            LineType.ACCOUNT,
            no=account,
            description="",
            quantity=Decimal(1),
            unit_cost=ZERO,
            vat_product=vat_product,
            proposal="vendor_account" if account else None,
        ),
    )
    return line.line_no


def change(work: Work, draft: PurchaseDocument, line_no: int, column: str, value: str) -> Changed:
    """Put a value into a cell. Raises INC_VALUE_NOT_UNDERSTOOD, `account_unknown`, `item_unknown`."""
    line = next((one for one in draft.lines if one.line_no == line_no), None)
    if line is None:
        raise refuse("line_unknown", line_no=line_no, document=draft.document_no)
    old = _shown(line, column)
    change_line(work, draft, line_no, _line_change(work, line, draft.vendor_no, column, value))
    source = line.source_ref or ""
    key = f"{source}.{column}" if source.startswith("lines.") and column not in ("type", "no") else None
    return Changed(old, _shown(line, column), key)


def _line_change(
    work: Work, line: PurchaseLine, vendor_no: str | None, column: str, value: str
) -> LineChange:
    match column:
        case "type":
            if value not in {kind.value for kind in LineType}:
                raise refuse("INC_VALUE_NOT_UNDERSTOOD", field="type", typed=value)
            return LineChange(type=LineType(value), no=None)
        case "no":
            return _coded(work, line, value)
        case "description":
            return LineChange(description=value[:250])
        case "unit":
            return LineChange(unit=value[:10] or None)
        case "quantity":
            return LineChange(quantity=round_to(_number(column, value), QUANTITY))
        case "unit_price":
            return LineChange(unit_cost=round_to(_number(column, value), UNIT_COST))
        case "discount_percent":
            return LineChange(discount_percent=round_to(_number(column, value or "0"), UNIT_COST))
        case "net_amount":
            return LineChange(amount=round_to(_number(column, value)))
        case "vat_rate":
            return LineChange(vat_product=_vat_product(work, vendor_no, value))
    raise refuse("INC_FIELD_UNKNOWN", field=column)


def _coded(work: Work, line: PurchaseLine, typed: str) -> LineChange:
    """An account or item by number; what the line is now decides when a number could be both.

    An account that no line may name gives way to the item of the same number.
    """
    number = typed.split(" ", 1)[0].strip()
    if not number:
        return LineChange(no=None)
    account, item = find_account(work, number), find_item(work, number)
    if line.type == LineType.ITEM and item is not None:
        return LineChange(no=item.item_no, unit=_unit(item, line.unit))
    if account is not None and (account.is_usable or item is None):
        return LineChange(type=LineType.ACCOUNT, no=number)
    if item is not None:
        return LineChange(type=LineType.ITEM, no=item.item_no, unit=_unit(item, line.unit))
    raise refuse("account_unknown", field="no", line_no=line.line_no, no=number)


def _unit(item: Item, printed: str | None) -> str:
    """The unit of the item that the line is in; where it is in none of them, the one it is bought in."""
    known = (item.unit, *(row.unit for row in item.units))
    return next((unit for unit in known if same_unit(unit, printed)), item.purchase_unit or item.unit)


def _vat_product(work: Work, vendor_no: str | None, value: str) -> str:
    vendor = find_vendor(work, vendor_no)
    business = vendor.vat_business if vendor else None
    if business and find_vat_setup(work, business, value) is not None:
        return value
    rate = as_amount(value)
    found = vat_product_for(work, business, rate) if business and rate is not None else None
    if found is None:
        raise refuse("INC_VAT_RATE", field="vat_rate", rate=value, vendor=vendor.name if vendor else "–")
    return found


def _number(column: str, value: str) -> Decimal:
    number = as_amount(value)
    if number is None:
        raise refuse("INC_VALUE_NOT_UNDERSTOOD", field=column, typed=value)
    return number


def _shown(line: PurchaseLine, column: str) -> str | None:
    shown: dict[str, object] = {
        "type": line.type,
        "no": line.no,
        "description": line.description,
        "unit": line.unit,
        "quantity": line.quantity.normalize(),
        "unit_price": line.unit_cost.normalize(),
        "discount_percent": line.discount_percent.normalize(),
        "net_amount": amount_of(line),
        "vat_rate": line.vat_product,
    }
    found = shown.get(column)
    return None if found is None else f"{found:f}" if isinstance(found, Decimal) else str(found)
