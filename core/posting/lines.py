"""The lines of a document in local currency, as they are posted. Pure.

Amounts are computed in the document's currency and converted line by line over the running total (PO-69). A
credit memo has every sign turned (PO-110).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.master.items import Item, base_quantity, units_per_unit
from core.master.posting_groups import GeneralPostingSetup
from core.master.vat import Calculation, VatPostingSetup
from core.money import ZERO, round_to, spread, total
from core.posting.facts import Facts
from core.purchasing.document import PurchaseLine
from core.purchasing.totals import LineTotals

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class LineAmounts:
    """A line in local currency, the signs turned on a credit memo.

    `vat` is what the document says; `tax` what is posted as VAT, computed for reverse charge (PO-72).
    `nondeductible` goes to the line's own account (PO-73). Discounts are without VAT.
    """

    line: PurchaseLine | None
    line_no: int
    description: str
    setup: VatPostingSetup
    general_product: str | None
    net: Decimal
    tax: Decimal
    nondeductible: Decimal
    nondeductible_base: Decimal
    line_discount: Decimal
    invoice_discount: Decimal


def line_amounts(facts: Facts) -> list[LineAmounts]:
    """Every line with a quantity in local currency, with the VAT to post and what cannot be deducted."""
    everything: list[PurchaseLine | None] = list(facts.lines)
    if facts.amounts.rounding != ZERO:
        everything.append(None)
    all_totals = facts.amounts.totals.lines
    sign = -1 if facts.is_credit_memo else 1
    all_nets = [sign * net for net in running(facts, [row.net for row in all_totals])]
    all_grosses = [sign * gross for gross in running(facts, [row.gross for row in all_totals])]
    kept = [i for i, line in enumerate(everything) if line is None or line.quantity != ZERO]
    lines, totals = [everything[i] for i in kept], [all_totals[i] for i in kept]
    nets, grosses = [all_nets[i] for i in kept], [all_grosses[i] for i in kept]
    setups = [vat_setup(facts, line) for line in lines]
    taxes = _taxes(facts, setups, nets, grosses)
    rows = []
    for index, line in enumerate(lines):
        share = setups[index].nondeductible_percent / HUNDRED
        rows.append(
            LineAmounts(
                line=line,
                line_no=line.line_no if line else rounding_line_no(facts),
                description=description(facts, line),
                setup=setups[index],
                general_product=facts.general_product(line) if line else None,
                net=nets[index],
                tax=taxes[index],
                nondeductible=round_to(taxes[index] * share, facts.company.cent),
                nondeductible_base=round_to(nets[index] * share, facts.company.cent),
                line_discount=sign * _discount(facts, totals[index], totals[index].line_discount),
                invoice_discount=sign * _discount(facts, totals[index], totals[index].invoice_discount),
            )
        )
    return rows


def rounding_line_no(facts: Facts) -> int:
    """The number of the system line that posting adds after the last line."""
    return max((line.line_no for line in facts.document.lines), default=0) + 1


def rounding_account(facts: Facts) -> str:
    """The account of the rounding line."""
    assert facts.vendor_group is not None and facts.vendor_group.invoice_rounding is not None
    return facts.vendor_group.invoice_rounding


def running(facts: Facts, amounts: Sequence[Decimal]) -> list[Decimal]:
    """Local amounts from the running total, so that they add up to the converted total (PO-69)."""
    assert facts.rate is not None
    if facts.document.currency_code is None:
        return list(amounts)
    converted, so_far, before = [], ZERO, ZERO
    for amount in amounts:
        so_far += amount
        until = round_to(so_far * facts.rate, facts.company.cent)
        converted.append(until - before)
        before = until
    return converted


def discounts_apart(
    facts: Facts, general: GeneralPostingSetup | None, amount: LineAmounts
) -> tuple[Decimal, Decimal]:
    """Line and invoice discount that get accounts of their own (PO-48); else they lower the line's account.

    An account line without a general product group has no discount accounts, so its discounts lower it.
    """
    if general is None:
        return ZERO, ZERO
    posting = facts.company.discounts
    return (
        amount.line_discount if posting.posts_line_discount else ZERO,
        amount.invoice_discount if posting.posts_invoice_discount else ZERO,
    )


def purchase_account(facts: Facts, general: GeneralPostingSetup) -> str | None:
    """By the kind of document alone, whatever the sign of a line (PO-44)."""
    if facts.is_credit_memo and general.purchase_credit_memo:
        return general.purchase_credit_memo
    return general.purchase


def line_base_quantity(item: Item | None, line: PurchaseLine) -> Decimal:
    """The quantity of an item line in base units (PO-80); zero for other lines."""
    factor = units_per_unit(item, line.unit) if item else None
    return base_quantity(line.quantity, factor) if factor else ZERO


def vat_setup(facts: Facts, line: PurchaseLine | None) -> VatPostingSetup:
    """The VAT setup of a line; None is the rounding line."""
    if line is not None:
        return facts.vat[line.vat_product or ""]
    return facts.vat[facts.accounts[rounding_account(facts)].vat_product or ""]


def _taxes(
    facts: Facts, setups: Sequence[VatPostingSetup], nets: Sequence[Decimal], grosses: Sequence[Decimal]
) -> list[Decimal]:
    """VAT per line: of the document, or for reverse charge per identifier, spread over its lines (PO-72)."""
    taxes = [gross - net for net, gross in zip(nets, grosses, strict=True)]
    for identifier in sorted({s.identifier for s in setups if s.calculation == Calculation.REVERSE_CHARGE}):
        members = [i for i, setup in enumerate(setups) if setup.identifier == identifier]
        base = total(nets[i] for i in members)
        vat = round_to(base * setups[members[0]].percent / HUNDRED, facts.company.cent)
        shares = spread(vat, [nets[i] for i in members], facts.company.cent)
        for index, share in zip(members, shares, strict=True):
            taxes[index] = share
    return taxes


def _discount(facts: Facts, row: LineTotals, discount: Decimal) -> Decimal:
    """A discount in local currency without VAT (PO-49)."""
    assert facts.rate is not None
    if discount == ZERO:
        return ZERO
    excluding = discount
    if facts.document.prices_include_vat and row.gross != ZERO:
        excluding = discount * row.net / row.gross
    return round_to(excluding * facts.rate, facts.company.cent)


def description(facts: Facts, line: PurchaseLine | None) -> str:
    """What the entries of a line say; None is the rounding line."""
    if line is not None:
        return line.description
    return facts.accounts[rounding_account(facts)].name
