"""The lines of a document in local currency, as they are posted. Pure.

Amounts are computed in the document's currency and converted line by line over the running total (PO-69). A
credit memo has every sign turned (PO-110).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.master.items import base_quantity
from core.master.posting_groups import GeneralPostingSetup
from core.master.vat import Calculation, VatPostingSetup
from core.money import ZERO, round_to, spread, total
from core.posting.facts import Facts
from core.posting.selection import RunLine
from core.purchasing.document import LineType, PurchaseLine
from core.purchasing.totals import LineTotals

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class LineAmounts:
    """A line of the bill in local currency, the signs turned on a credit memo. `run` None: invoice rounding.

    `tax` is what is posted as VAT, computed for reverse charge (PO-72). `nondeductible` goes to the line's
    own account (PO-73). Discounts are without VAT.
    """

    run: RunLine | None
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
    dimensions: str | None

    @property
    def line(self) -> PurchaseLine | None:
        """The line of the document; None is the rounding line."""
        return self.run.line if self.run else None


def line_amounts(facts: Facts) -> list[LineAmounts]:
    """Every line with a quantity in local currency, with the VAT to post and what cannot be deducted."""
    everything: list[RunLine | None] = list(facts.billed)
    if facts.amounts.rounding != ZERO:
        everything.append(None)
    all_totals = facts.amounts.totals.lines
    all_nets = [facts.sign * net for net in running(facts, [row.net for row in all_totals])]
    all_grosses = [facts.sign * gross for gross in running(facts, [row.gross for row in all_totals])]
    _level_accounts(facts, all_nets, all_grosses)
    kept = [i for i, run in enumerate(everything) if run is None or run.invoice != ZERO]
    runs, totals = [everything[i] for i in kept], [all_totals[i] for i in kept]
    nets, grosses = [all_nets[i] for i in kept], [all_grosses[i] for i in kept]
    setups = [vat_setup(facts, run.line if run else None) for run in runs]
    taxes = _taxes(facts, setups, nets, grosses)
    rows = []
    for index, run in enumerate(runs):
        share = setups[index].nondeductible_percent / HUNDRED
        rows.append(
            LineAmounts(
                run=run,
                line_no=run.line_no if run else rounding_line_no(facts),
                description=description(facts, run.line if run else None),
                setup=setups[index],
                general_product=facts.general_product(run.line) if run else None,
                net=nets[index],
                tax=taxes[index],
                nondeductible=round_to(taxes[index] * share, facts.company.cent),
                nondeductible_base=round_to(nets[index] * share, facts.company.cent),
                line_discount=facts.sign * _discount(facts, totals[index], totals[index].line_discount),
                invoice_discount=facts.sign * _discount(facts, totals[index], totals[index].invoice_discount),
                dimensions=run.line.dimensions if run else facts.document.dimensions,
            )
        )
    return rows


def payable(facts: Facts) -> Decimal:
    """The total incl. VAT in local currency; negative on a credit memo."""
    return facts.sign * total(running(facts, [row.gross for row in facts.amounts.totals.lines]))


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


def received_base(run: RunLine) -> Decimal:
    """What this run receives in base units; the last receipt takes up the rounding (PO-80, PU-24)."""
    before, factor = run.line.quantity_received, run.line.units_per_unit
    return base_quantity(before + run.receive, factor) - base_quantity(before, factor)


def billed_base(run: RunLine) -> Decimal:
    """What the bill has of a line in base units."""
    return base_quantity(run.invoice, run.line.units_per_unit)


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


def _level_accounts(facts: Facts, nets: list[Decimal], grosses: list[Decimal]) -> None:
    """Leave no cent on an account whose foreign amounts add up to zero (PO-69a).

    It comes off the account's last line and goes to the account line with the largest local amount, so the
    payable stays.
    """
    if facts.document.currency_code is None:
        return
    members: dict[str, list[int]] = {}
    for index, run in enumerate(facts.billed):
        if run.line.type == LineType.ACCOUNT and run.line.no:
            members.setdefault(run.line.no, []).append(index)
    foreign = facts.amounts.totals.lines
    for indexes in members.values():
        left = total(nets[i] for i in indexes)
        if left == ZERO or total(foreign[i].net for i in indexes) != ZERO:
            continue
        others = [i for account in members.values() for i in account if i not in indexes]
        largest = max(others, key=lambda i: abs(nets[i]), default=None)
        if largest is None:
            continue
        for index, change in ((indexes[-1], -left), (largest, left)):
            nets[index] += change
            grosses[index] += change


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
