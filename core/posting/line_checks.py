"""Tests 19 to 30 of the lines, each with its number in purchasing §9.1; only lines that the run posts."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from core.errors import Problem, Term
from core.master.items import Item, ItemType, base_quantity, units_per_unit
from core.master.vat import Calculation
from core.money import ZERO, total
from core.posting.facts import Facts, stock_key
from core.posting.lines import received_base
from core.posting.selection import RunLine
from core.posting.setup_checks import account_setup, is_rounding_account, product_setup
from core.purchasing.document import LineType
from core.purchasing.quantities import quantity_problems
from core.purchasing.received import Received

HUNDRED = Decimal(100)


def line_problems(facts: Facts, run: RunLine) -> list[Problem]:
    """Everything that is wrong with one line of the run."""
    line = run.line
    if line.quantity == ZERO:
        return _empty_line(run)
    if not facts.kind.posts_in_parts:
        problems = list(_whole(run))
    elif run.is_posted:
        problems = list(quantity_problems(facts.kind, line))
    else:
        return []
    if not line.no:
        return [Problem("line_no_missing", {"line": line.line_no}, line_no=line.line_no, field="no")]
    if not ZERO <= line.discount_percent <= HUNDRED:
        values = {"line": line.line_no}
        problems.append(
            Problem("line_discount_out_of_range", values, line_no=line.line_no, field="discount_percent")
        )
    if line.type == LineType.ACCOUNT:
        problems += _account_line(facts, run)
    elif line.type == LineType.CHARGE:
        problems += _charge_line(facts, run)
    else:
        problems += _item_line(facts, run)
    return problems


def _empty_line(run: RunLine) -> list[Problem]:
    """Test 19: quantity 0 means amount 0 (PU-5)."""
    if run.line.discount_amount:
        return [Problem("empty_line_amount", {"line": run.line_no}, line_no=run.line_no, field="quantity")]
    return []


def _whole(run: RunLine) -> Iterator[Problem]:
    """Test 25: a document that posts whole takes all of every line (PU-87); old drafts have none."""
    line = run.line
    typed = (line.qty_to_receive, line.qty_to_invoice)
    if typed not in ((ZERO, ZERO), (run.receive, run.invoice)):
        yield Problem("invoice_must_be_whole", {"line": line.line_no}, line_no=line.line_no, field="quantity")


def _account_line(facts: Facts, run: RunLine) -> list[Problem]:
    """Test 21 (PU-28, PO-40, PO-132)."""
    line = run.line
    account = facts.account(line)
    rounding = facts.vendor_group.invoice_rounding if facts.vendor_group else None
    usable = account is not None and (account.is_usable or is_rounding_account(account, rounding))
    if account is None or not (usable or (line.is_system and not account.blocked and not account.is_heading)):
        values = {"no": line.no, "name": account.name if account else "", "line": line.line_no}
        return [Problem("gl_account_not_usable", values, line_no=line.line_no, field="no")]
    return account_setup(facts, run)


def _charge_line(facts: Facts, run: RunLine) -> list[Problem]:
    """Tests 19 and 22 of a charge line."""
    if facts.charge(run.line) is None:
        return [Problem("charge_unknown", {"no": run.line.no}, line_no=run.line_no, field="no")]
    return product_setup(facts, run)


def _item_line(facts: Facts, run: RunLine) -> list[Problem]:
    """Tests 20 and 22 to 24 of an item line."""
    line = run.line
    item = facts.item(line)
    if item is None:
        return [Problem("item_unknown", {"no": line.no}, line_no=line.line_no, field="no")]
    problems = [*_blocked(facts, run, item), *_variant(facts, run, item)]
    problems += product_setup(facts, run)
    problems += _unit(run, item)
    if item.type == ItemType.INVENTORY:
        problems += _place(facts, run)
    return problems


def _blocked(facts: Facts, run: RunLine, item: Item) -> Iterator[Problem]:
    """Test 20 (PU-20)."""
    values = {"no": item.item_no, "variant": ""}
    if item.blocked:
        yield Problem("item_blocked", values, line_no=run.line_no, field="no")
    if item.purchasing_blocked and not facts.is_credit_memo:
        yield Problem("item_purchasing_blocked", values, line_no=run.line_no, field="no")


def _variant(facts: Facts, run: RunLine, item: Item) -> Iterator[Problem]:
    code = run.line.variant_code
    if not code:
        if item.variants_mandatory:
            wanted = {"field": Term("field_variant_code"), "record": item.item_no}
            yield Problem("variant_missing", wanted, line_no=run.line_no, field="variant_code")
        return
    variant = facts.variants.get((item.item_no, code))
    values = {"no": item.item_no, "variant": code}
    if variant is None or variant.blocked:
        yield Problem("item_blocked", values, line_no=run.line_no, field="variant_code")
    elif variant.purchasing_blocked and not facts.is_credit_memo:
        yield Problem("item_purchasing_blocked", values, line_no=run.line_no, field="variant_code")


def _unit(run: RunLine, item: Item) -> Iterator[Problem]:
    """Test 23 (PU-22, PU-23)."""
    line = run.line
    factor = units_per_unit(item, line.unit)
    if line.unit is None:
        values: dict[str, object] = {"field": Term("field_unit"), "record": item.item_no}
        yield Problem("unit_missing", values, line_no=line.line_no, field="unit")
    elif factor is None:
        values = {"unit": line.unit, "no": item.item_no}
        yield Problem("unit_unknown", values, line_no=line.line_no, field="unit")
    elif factor != line.units_per_unit:
        values = {"unit": line.unit, "new": factor, "old": line.units_per_unit, "base": item.unit}
        yield Problem("uom_factor_changed", values, line_no=line.line_no, field="unit")
    else:
        yield from _precision(run, item, factor)


def _precision(run: RunLine, item: Item, factor: Decimal) -> Iterator[Problem]:
    unit = run.line.unit or item.unit
    precision = next((row.rounding_precision for row in item.units if row.unit == unit), None)
    for quantity in dict.fromkeys(q for q in (run.receive, run.invoice) if q != ZERO):
        values: dict[str, object] = {"quantity": f"{quantity:f}", "unit": unit}
        if precision and quantity % precision != ZERO:
            values["p"] = precision
            yield Problem("quantity_precision", values, line_no=run.line_no, field="quantity")
        elif base_quantity(quantity, factor) == ZERO:
            values["base"] = item.unit
            yield Problem("quantity_rounds_to_zero", values, line_no=run.line_no, field="quantity")


def _place(facts: Facts, run: RunLine) -> Iterator[Problem]:
    """Tests 24 and 29 of inventory (PU-29, PO-105)."""
    if facts.company.location_mandatory and not run.line.location_code:
        values = {"field": Term("field_location_code"), "record": f"{run.line_no}"}
        yield Problem("location_missing", values, line_no=run.line_no, field="location_code")
    yield from closed_period(facts, run)


def closed_period(facts: Facts, run: RunLine) -> Iterator[Problem]:
    """Test 29: stock values of a closed period stay as they are."""
    on = facts.document.posting_date
    if on is not None and facts.closed_until is not None and on <= facts.closed_until:
        yield Problem("inventory_period_closed", {"date": on}, line_no=run.line_no, field="posting_date")


def receipt_problems(facts: Facts) -> list[Problem]:
    """Test 27: lines from receipts still agree with them, and nothing is billed twice (PU-96, PO-92)."""
    problems: list[Problem] = []
    left: dict[int, Decimal] = {}
    for run in facts.billed:
        line = run.line
        if line.receipt_no is None or run.invoice == ZERO:
            continue
        received = facts.receipts.get((line.receipt_no, line.receipt_line_no or 0))
        differing = _differs(facts, run, received)
        values: dict[str, object] = {"receipt": line.receipt_no, "line": line.line_no}
        if received is None or differing is not None:
            values["field"] = Term(differing or "field_receipt")
            problems.append(Problem("receipt_line_mismatch", values, line_no=run.line_no, field="no"))
            continue
        rest = left.get(received.line_id, received.not_invoiced)
        if rest == ZERO:
            problems.append(Problem("receipt_line_invoiced", values, line_no=run.line_no, field="quantity"))
        elif abs(run.invoice) > abs(rest) or run.invoice * rest < ZERO:
            values["n"] = rest
            problems.append(Problem("qty_exceeds_receipt", values, line_no=run.line_no, field="quantity"))
        left[received.line_id] = rest - run.invoice
    return problems + _order_problems(facts)


def _differs(facts: Facts, run: RunLine, received: Received | None) -> str | None:
    """Which field of a line no longer agrees with its receipt."""
    if received is None or received.is_correction or received.is_return != facts.is_credit_memo:
        return "field_receipt"
    line, document = run.line, facts.document
    pairs = (
        ("field_vendor_no", document.vendor_no, received.vendor_no),
        ("field_pay_to_vendor_no", document.pay_to_vendor_no, received.paid_to),
        ("field_currency_code", document.currency_code, received.currency_code),
        ("vat_business", facts.pay_to.vat_business if facts.pay_to else None, received.vat_business),
        ("field_type", line.type, received.type),
        ("field_no", line.no, received.no),
        ("field_unit", line.unit, received.unit),
        ("field_variant_code", line.variant_code or None, received.variant_code or None),
        ("field_location_code", line.location_code or "", received.location_code),
    )
    return next((name for name, ours, theirs in pairs if ours != theirs), None)


def _order_problems(facts: Facts) -> list[Problem]:
    """An order is never billed for more than was received of it (PU-96, PU-142)."""
    billed: dict[int, Decimal] = {}
    problems = []
    for run in facts.billed:
        line = facts.order_line(run)
        if line is None:
            continue
        billed[line.id] = billed.get(line.id, line.quantity_invoiced) + run.invoice
        if abs(billed[line.id]) > abs(line.quantity_received):
            code = "credit_exceeds_shipment" if facts.is_credit_memo else "invoice_exceeds_receipt"
            problems.append(Problem(code, {"no": run.line.order_no}, line_no=run.line_no, field="quantity"))
    return problems


def vat_difference_problems(facts: Facts) -> list[Problem]:
    """Test 30 (PO-66): VAT that the vendor states per identifier, in place of the computed one.

    A cancellation takes back the difference that was allowed when its original was posted (PO-117).
    """
    if facts.document.is_cancellation:
        return []
    problems = []
    for row in sorted(facts.document.vat_amounts, key=lambda row: row.vat_identifier):
        groups = [g for g in facts.amounts.totals.groups if g.terms.identifier == row.vat_identifier]
        difference = total(group.difference for group in groups)
        values = {"identifier": row.vat_identifier, "amount": facts.max_vat_difference}
        if not groups and row.amount != ZERO:
            stated = {"stated": row.amount, "computed": ZERO}
            problems.append(Problem("vat_total_mismatch", stated, field="vat_breakdown"))
        elif difference == ZERO:
            continue
        elif facts.max_vat_difference == ZERO or groups[-1].terms.calculation != Calculation.NORMAL:
            # On reverse charge it would change the payable, which VAT must not (PO-46).
            problems.append(Problem("vat_difference_not_allowed", values, field="vat_breakdown"))
        elif abs(difference) > facts.max_vat_difference:
            problems.append(Problem("vat_difference_too_large", values, field="vat_breakdown"))
    return problems


def stock_problems(facts: Facts) -> list[Problem]:
    """A decrease beyond the stock that is there, earlier lines of the document included (PO-81, PO-97).

    A line that names what it takes back takes that; composing refuses it if that is gone.
    """
    if not facts.company.prevent_negative or facts.stock is None:
        return []
    moved_now: dict[object, Decimal] = {}
    problems = []
    for run in facts.runs:
        item = facts.item(run.line)
        if item is None or item.type != ItemType.INVENTORY or run.receive == ZERO or run.line.drop_shipment:
            continue
        key, moved = stock_key(item, run.line), facts.sign * received_base(run)
        available = facts.stock.available(key) + moved_now.get(key, ZERO)
        named = run.line.applies_to_item_entry_no is not None
        if moved < ZERO and available + moved < ZERO and not named:
            values = {"no": item.item_no, "available": available, "line": run.line_no}
            problems.append(Problem("insufficient_inventory", values, line_no=run.line_no, field="quantity"))
        else:
            moved_now[key] = moved_now.get(key, ZERO) + moved
    return problems
