"""The arithmetic bar: do lines, VAT and total of the draft agree with what the document states?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Literal

from core.master.company import Company
from core.money import ZERO, round_to
from core.purchasing.document import PurchaseDocument
from core.purchasing.totals import DocumentTotals
from pipeline.incoming import (
    IncomingDocument,
)
from pipeline.workflow.field_states import field_state, field_view
from pipeline.workflow.review_view import (
    Arithmetic,
    ArithmeticRow,
    FieldState,
    FieldView,
    Reason,
    SumState,
    VatGroupView,
)
from pipeline.workflow.values import Values, as_amount

AMOUNTS = ("total_net", "total_vat", "total_gross")


def add_up(
    document: IncomingDocument,
    values: Values,
    draft: PurchaseDocument | None,
    totals: DocumentTotals | None,
    company: Company,
) -> Arithmetic:
    """Compare what the draft comes to with what the document states; without a draft, its values alone."""
    limit, vat_limit = company.rounding_limit, company.max_vat_difference
    stated = {key: values.amount(key) for key in AMOUNTS}
    if draft is None or totals is None:
        return _arithmetic_as_read(document, values, stated, limit)
    rows = [
        _compared("lines", None, totals.total_net, stated["total_net"], limit),
        *_vat_rows(values, totals, vat_limit),
        _compared("total", None, totals.total_gross, stated["total_gross"], limit),
    ]
    if not any(row.name == "vat" for row in rows):
        rows.insert(1, _compared("vat", None, totals.total_vat, stated["total_vat"], vat_limit))
    state = _worst(rows)
    return Arithmetic(
        currency_code=document.currency_code or company.local_currency,
        lines_sum=totals.total_net,
        total_net=stated["total_net"],
        total_vat=totals.total_vat,
        total_gross=totals.total_gross,
        rows=tuple(rows),
        state=state,
        can_book_difference=rows[-1].state == "rounding",
    )


def _arithmetic_as_read(
    document: IncomingDocument, values: Values, stated: Mapping[str, Decimal | None], limit: Decimal
) -> Arithmetic:
    """Without a draft: do the values as read agree with each other?"""
    amounts = [as_amount(row.get("net_amount")) for row in values.lines()]
    lines_sum = sum((a for a in amounts if a is not None), ZERO) if any(amounts) else None
    net, vat, gross = (stated[key] for key in AMOUNTS)
    computed = net + vat if net is not None and vat is not None else None
    rows = (
        _compared("lines", None, lines_sum, net, limit),
        _compared("total", None, computed, gross, limit),
    )
    return Arithmetic(
        document.currency_code or "",
        lines_sum,
        net,
        vat,
        gross,
        rows,
        _worst(rows),
        can_book_difference=False,
    )


def _vat_rows(values: Values, totals: DocumentTotals, limit: Decimal) -> list[ArithmeticRow]:
    computed: dict[Decimal, Decimal] = {}
    for group in totals.groups:
        percent = ZERO if group.terms.calculation == "reverse_charge" else group.terms.percent.normalize()
        computed[percent] = computed.get(percent, ZERO) + group.vat
    stated: dict[Decimal, Decimal | None] = {}
    for _, row in values.vat_breakdown():
        rate = as_amount(row.get("rate"))
        if rate is not None:
            stated[rate.normalize()] = as_amount(row.get("vat"))
    if not stated:
        return []
    return [
        _compared("vat", rate, computed.get(rate, ZERO), stated.get(rate), limit)
        for rate in sorted({*computed, *stated}, reverse=True)
        if computed.get(rate) or stated.get(rate)
    ]


RowName = Literal["lines", "vat", "total"]


def _compared(
    name: RowName, rate: Decimal | None, computed: Decimal | None, stated: Decimal | None, limit: Decimal
) -> ArithmeticRow:
    if computed is None or stated is None:
        return ArithmeticRow(name, rate, computed, stated, None, "unknown")
    difference = computed - stated
    state: SumState = "equal"
    if difference:
        state = "rounding" if abs(difference) <= limit else "different"
    cause = _cause(computed, stated) if state == "different" else None
    return ArithmeticRow(name, rate, computed, stated, difference, state, cause)


def _cause(computed: Decimal, stated: Decimal) -> Reason | None:
    """The likeliest cause of a difference, if one is likely at all."""
    difference = abs(computed - stated)
    if difference * 100 % 9 == ZERO and _digits(computed) == _digits(stated):
        return Reason("cause.digits_swapped")
    for percent in (21, 9, 19, 20, 7):
        if stated and round_to(stated * (100 + percent) / 100) == computed:
            return Reason("cause.price_includes_vat", {"percent": percent})
    return Reason("cause.line_missing" if computed < stated else "cause.discount_missing")


def _digits(amount: Decimal) -> list[str]:
    return sorted(c for c in format(amount.normalize(), "f") if c.isdigit())


def _worst(rows: Sequence[ArithmeticRow]) -> SumState:
    total = rows[-1]
    states = {row.state for row in rows}
    for state in ("different", "rounding"):
        if state in states:
            return "different" if state == "different" else "rounding"
    return "equal" if total.state == "equal" else "unknown"


def vat_groups_of(values: Values, totals: DocumentTotals | None) -> tuple[VatGroupView, ...]:
    """Each VAT rate with what the lines come to and what the document states; also one stated alone."""
    stated: dict[Decimal, tuple[FieldView, FieldView]] = {}
    for index, row in values.vat_breakdown():
        rate = as_amount(row.get("rate"))
        if rate is None:
            continue
        net, vat = (
            field_view(key, found, field_state(found)[0] if found else FieldState.MISSING)
            for key in (f"vat_breakdown.{index}.net", f"vat_breakdown.{index}.vat")
            for found in (values.row(key),)
        )
        stated[rate.normalize()] = (net, vat)
    groups: list[VatGroupView] = []
    seen: set[Decimal] = set()
    for group in totals.groups if totals else ():
        is_reverse = group.terms.calculation == "reverse_charge"
        rate = ZERO if is_reverse else group.terms.percent.normalize()
        net_view, vat_view = stated.get(rate, (None, None)) if rate not in seen else (None, None)
        seen.add(rate)
        groups.append(VatGroupView(rate, group.terms.identifier, group.base, group.vat, net_view, vat_view))
    for rate, (net_view, vat_view) in stated.items():
        if rate not in seen:
            groups.append(VatGroupView(rate, None, ZERO, ZERO, net_view, vat_view))
    return tuple(groups)
