"""The bill of a sale: what the customer owes, on sales accounts and as VAT, in local currency. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.master.vat import Calculation, VatPostingSetup
from core.money import ZERO, round_to, total
from core.posting.batch import CustomerRow, GLRow, VatRow
from core.posting.sales_facts import SalesFacts, SalesRun
from core.sales.document import SalesLineType


@dataclass(frozen=True, slots=True)
class SoldAmounts:
    """A line of the bill in local currency, positive for what the customer owes."""

    run: SalesRun
    setup: VatPostingSetup | None
    net: Decimal
    gross: Decimal

    @property
    def tax(self) -> Decimal:
        """Its VAT."""
        return self.gross - self.net


def sold_amounts(facts: SalesFacts) -> list[SoldAmounts]:
    """The bill in local currency, from the running total (PO-69)."""
    nets = _running(facts, [row.net for row in facts.totals.lines])
    grosses = _running(facts, [row.gross for row in facts.totals.lines])
    return [
        SoldAmounts(run, facts.vat.get(run.line.vat_product or ""), net, gross)
        for run, net, gross in zip(facts.billed, nets, grosses, strict=True)
        if run.invoice != ZERO
    ]


def sold_nets(facts: SalesFacts) -> dict[int, Decimal]:
    """What the bill asks per line number without VAT, in local currency."""
    if not facts.selection.invoice:
        return {}
    return {amount.run.line.line_no: amount.net for amount in sold_amounts(facts)}


def _running(facts: SalesFacts, amounts: Sequence[Decimal]) -> list[Decimal]:
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


def sales_vat(facts: SalesFacts, amounts: Sequence[SoldAmounts]) -> list[VatRow]:
    """One VAT entry per VAT product group, negative: VAT that we owe; also at 0 % (PO-77)."""
    if facts.customer is None:
        return []
    rows = []
    setups = {(a.setup.identifier, a.setup.vat_product): a.setup for a in amounts if a.setup is not None}
    for (identifier, product), setup in sorted(setups.items()):
        members = [a for a in amounts if a.setup is not None and a.setup.vat_product == product]
        base = ZERO if setup.calculation == Calculation.FULL else total(a.net for a in members)
        tax = total(a.tax for a in members)
        if base == tax == ZERO:
            continue
        rows.append(
            VatRow(
                vat_product=product,
                identifier=identifier,
                calculation=setup.calculation,
                percent=setup.percent,
                en16931_category=setup.en16931_category,
                base=-base,
                amount=-tax,
                difference=ZERO,
                nondeductible_base=ZERO,
                nondeductible_amount=ZERO,
                line_nos=tuple(a.run.line.line_no for a in members),
                type="sale",
                country_code=facts.customer.country_code,
                vat_id=facts.customer.vat_id,
            )
        )
    return rows


def sales_general(facts: SalesFacts, amounts: Sequence[SoldAmounts], vat: Sequence[VatRow]) -> list[GLRow]:
    """Receivables against sales and VAT."""
    customer, group = facts.customer, facts.customer_group
    if customer is None or group is None or group.receivables is None:
        return []
    rows = [GLRow(group.receivables, total(a.gross for a in amounts), customer.name)]
    rows += [_sales_row(facts, amount, vat) for amount in amounts]
    for row in vat:
        account_no = facts.vat[row.vat_product].output_account
        if row.amount != ZERO and account_no is not None:
            rows.append(
                GLRow(
                    account_no=account_no,
                    amount=row.amount,
                    description=customer.name,
                    vat_product=row.vat_product,
                    vat_identifier=row.identifier,
                )
            )
    return [row for row in rows if row.amount != ZERO]  # zero amounts stay out of the G/L (PO-16)


def _sales_row(facts: SalesFacts, amount: SoldAmounts, vat: Sequence[VatRow]) -> GLRow:
    line = amount.run.line
    product = facts.general_product(line)
    account_no = line.no
    if line.type == SalesLineType.ITEM:
        general = facts.general_setup(product)
        account_no = general.sales if general else None
    assert account_no is not None
    bases = (i for i, row in enumerate(vat) if row.vat_product == line.vat_product)
    return GLRow(
        account_no=account_no,
        amount=-amount.net,
        description=line.description,
        line_no=line.line_no,
        general_product=product,
        vat_product=line.vat_product,
        bases_vat_row=next(bases, None),
        dimensions=line.dimensions,
    )


def customer_rows(facts: SalesFacts, amounts: Sequence[SoldAmounts]) -> list[CustomerRow]:
    """The customer entry: he owes the total; an amount of zero is closed at once."""
    customer, group, document = facts.customer, facts.customer_group, facts.document
    if customer is None or group is None:
        return []
    return [
        CustomerRow(
            customer_no=customer.customer_no,
            posting_group=group.code,
            description=customer.name,
            amount=facts.totals.total_gross,
            amount_lcy=total(a.gross for a in amounts),
            due_date=document.due_date or document.document_date,
            currency_code=document.currency_code,
            exchange_rate=facts.rate if document.currency_code else None,
        )
    ]
