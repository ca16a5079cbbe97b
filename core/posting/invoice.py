"""Invoice or credit memo to Batch: which amount goes to which account (PO §2.2). Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from core.master.posting_groups import GeneralPostingSetup
from core.master.vat import Calculation
from core.money import ZERO, round_to, total
from core.posting.batch import Batch, GLRow, Heading, LineRow, VatRow, VendorRow
from core.posting.facts import Facts
from core.posting.lines import (
    HUNDRED,
    LineAmounts,
    description,
    discounts_apart,
    line_amounts,
    line_base_quantity,
    purchase_account,
    rounding_account,
    rounding_line_no,
    running,
    vat_setup,
)
from core.posting.movements import Movements
from core.purchasing.document import LineType


@dataclass(slots=True)
class _Ledgers:
    """The rows of the batch while they are being composed."""

    general: list[GLRow] = field(default_factory=list)
    vat: list[VatRow] = field(default_factory=list)

    def post(self, row: GLRow) -> None:
        """Add a G/L row, unless it is zero (PO-16)."""
        if row.amount != ZERO:
            self.general.append(row)


def compose(facts: Facts) -> Batch:
    """The entries of an invoice or credit memo whose checks have passed."""
    heading = compose_heading(facts)
    amounts = line_amounts(facts)
    ledgers = _Ledgers()
    ledgers.vat = _vat_rows(facts, amounts)
    for amount in amounts:
        _post_line(facts, ledgers, amount)
    _post_vat(facts, ledgers)
    movements = Movements(facts)
    for amount in amounts:
        movements.add(amount)
    movements.write_off()
    for row in movements.general:
        ledgers.post(row)
    payable = -_payable(facts)
    assert facts.vendor_group is not None and facts.vendor_group.payables is not None
    ledgers.post(GLRow(facts.vendor_group.payables, payable, heading.vendor_name))
    totals = facts.amounts.totals
    return Batch(
        heading=heading,
        general=tuple(ledgers.general),
        vat=tuple(ledgers.vat),
        vendor=_vendor_row(facts, heading, payable, amounts),
        items=tuple(movements.items),
        applications=tuple(movements.applications),
        values=tuple(movements.values),
        lines=tuple(_posted_lines(facts)),
        total_net=totals.total_net,
        total_vat=totals.total_vat,
        total_gross=totals.total_gross,
        writes_receipt=facts.company.receipt_on_invoice
        and any(row.quantity > ZERO for row in movements.items),
    )


def compose_heading(facts: Facts) -> Heading:
    """What all entries have in common."""
    document, vendor, pay_to = facts.document, facts.vendor, facts.pay_to
    assert vendor is not None and pay_to is not None and pay_to.vat_business is not None
    assert document.posting_date is not None and document.document_date is not None
    assert facts.vat_date is not None and document.due_date is not None
    return Heading(
        source=f"purchase_{document.kind}",
        document_type=document.kind,
        document_id=document.id,
        draft_no=document.document_no,
        posting_date=document.posting_date,
        document_date=document.document_date,
        vat_date=facts.vat_date,
        due_date=document.due_date,
        vendor_no=vendor.vendor_no,
        vendor_name=vendor.name,
        pay_to_vendor_no=pay_to.vendor_no,
        vendor_document_no=(document.vendor_document_no or "").strip() or None,
        vendor_document_key=document.vendor_document_key,
        order_reference=document.order_reference,
        payment_terms=document.payment_terms,
        currency_code=document.currency_code,
        exchange_rate=facts.rate if document.currency_code else None,
        prices_include_vat=document.prices_include_vat,
        payment_iban=document.payment_iban,
        payment_reference=document.payment_reference,
        general_business=pay_to.general_business,
        vat_business=pay_to.vat_business,
        country_code=pay_to.country_code,
        vat_id=pay_to.vat_id,
    )


def _payable(facts: Facts) -> Decimal:
    """The total incl. VAT in local currency; negative on a credit memo."""
    grosses = running(facts, [row.gross for row in facts.amounts.totals.lines])
    return -total(grosses) if facts.is_credit_memo else total(grosses)


def _vat_rows(facts: Facts, amounts: Sequence[LineAmounts]) -> list[VatRow]:
    """One VAT entry per VAT product group, in the order of the identifiers; also at 0 % (PO-77)."""
    differences = {g.terms.identifier: ZERO for g in facts.amounts.totals.groups}
    for group in facts.amounts.totals.groups:
        differences[group.terms.identifier] += _in_lcy(facts, group.difference)
    rows = []
    products = sorted({(a.setup.identifier, a.setup.vat_product) for a in amounts})
    for identifier, product in products:
        members = [a for a in amounts if a.setup.vat_product == product]
        setup = members[0].setup
        full = setup.calculation == Calculation.FULL
        nondeductible = total(a.nondeductible for a in members)
        nondeductible_base = ZERO if full else total(a.nondeductible_base for a in members)
        base = ZERO if full else total(a.net for a in members) - nondeductible_base
        amount = total(a.tax for a in members) - nondeductible
        if base == amount == nondeductible == nondeductible_base == ZERO:
            continue
        rows.append(
            VatRow(
                vat_product=product,
                identifier=identifier,
                calculation=setup.calculation,
                percent=setup.percent,
                en16931_category=setup.en16931_category,
                base=base,
                amount=amount,
                difference=differences.pop(identifier, ZERO),
                nondeductible_base=nondeductible_base,
                nondeductible_amount=nondeductible,
                line_nos=tuple(a.line_no for a in members),
            )
        )
    return rows


def _in_lcy(facts: Facts, amount: Decimal) -> Decimal:
    assert facts.rate is not None
    sign = -1 if facts.is_credit_memo else 1
    return sign * round_to(amount * facts.rate, facts.company.cent)


def _post_line(facts: Facts, ledgers: _Ledgers, amount: LineAmounts) -> None:
    """The line's own account: net, non-deductible VAT, and what discounts posted apart took off."""
    if amount.setup.calculation == Calculation.FULL:
        return  # all of it is VAT; the account on the line is ignored (PO-47)
    general = facts.general_setup(amount.general_product)
    line_discount, invoice_discount = discounts_apart(facts, general, amount)
    vat_row = next(
        (i for i, row in enumerate(ledgers.vat) if row.vat_product == amount.setup.vat_product), None
    )
    account = _line_account(facts, amount, general)
    own = amount.net + line_discount + invoice_discount + amount.nondeductible
    parts = [(account, own)]
    if general is not None and general.line_discount:
        parts.append((general.line_discount, -line_discount))
    if general is not None and general.invoice_discount:
        parts.append((general.invoice_discount, -invoice_discount))
    for account_no, value in parts:
        ledgers.post(
            GLRow(
                account_no=account_no,
                amount=value,
                description=amount.description,
                line_no=amount.line_no,
                general_product=amount.general_product,
                vat_product=amount.setup.vat_product,
                bases_vat_row=vat_row,
            )
        )


def _line_account(facts: Facts, amount: LineAmounts, general: GeneralPostingSetup | None) -> str:
    if amount.line is None:
        return rounding_account(facts)
    if amount.line.type == LineType.ACCOUNT:
        assert amount.line.no is not None
        return amount.line.no
    assert general is not None
    account = purchase_account(facts, general)
    assert account is not None
    return account


def _post_vat(facts: Facts, ledgers: _Ledgers) -> None:
    """Deductible VAT on the input account; reverse charge on both sides, never on the payable (PO-46)."""
    for row in list(ledgers.vat):
        setup = facts.vat[row.vat_product]
        parts = [(setup.input_account, row.amount)]
        if setup.calculation == Calculation.REVERSE_CHARGE:
            parts.append((setup.reverse_account, -row.amount - row.nondeductible_amount))
        for account_no, value in parts:
            if value != ZERO:
                assert account_no is not None
                ledgers.post(
                    GLRow(
                        account_no=account_no,
                        amount=value,
                        description=facts.accounts[account_no].name,
                        vat_product=row.vat_product,
                        vat_identifier=row.identifier,
                    )
                )


def _vendor_row(
    facts: Facts, heading: Heading, payable: Decimal, amounts: Sequence[LineAmounts]
) -> VendorRow:
    assert facts.pay_to is not None and facts.pay_to.posting_group is not None and facts.dates is not None
    gross = facts.amounts.totals.total_gross
    base = gross if facts.company.payment_discount_base == "incl_vat" else facts.amounts.totals.total_net
    percent = ZERO if facts.is_credit_memo else facts.dates.discount_percent
    return VendorRow(
        posting_group=facts.pay_to.posting_group,
        description=heading.vendor_name,
        amount=gross if facts.is_credit_memo else -gross,
        amount_lcy=payable,
        purchase_lcy=-total(amount.net for amount in amounts),
        discount_date=facts.dates.discount_date if percent else None,
        discount_percent=percent,
        discount_amount=round_to(base * percent / HUNDRED, facts.company.cent),
        on_hold=facts.document.on_hold,
    )


def _posted_lines(facts: Facts) -> list[LineRow]:
    """The lines of the posted document in their order, comments too (PU-5)."""
    totals = dict(zip((line.line_no for line in facts.lines), facts.amounts.totals.lines, strict=False))
    rows = []
    for line in facts.document.lines:
        item = facts.item(line)
        row = totals.get(line.line_no)
        setup = facts.vat.get(line.vat_product or "") if row else None
        rows.append(
            LineRow(
                line_no=line.line_no,
                type=line.type,
                no=line.no,
                description=line.description,
                quantity=line.quantity,
                quantity_base=line_base_quantity(item, line),
                unit=line.unit,
                unit_cost=line.unit_cost,
                discount_percent=line.discount_percent,
                discount_amount=row.line_discount if row else ZERO,
                invoice_discount_amount=row.invoice_discount if row else ZERO,
                vat_product=line.vat_product,
                vat_identifier=setup.identifier if setup else None,
                vat_percent=setup.percent if setup else ZERO,
                net=row.net if row else ZERO,
                vat=row.vat if row else ZERO,
                gross=row.gross if row else ZERO,
                is_system=False,
                source_ref=line.source_ref,
                is_received=item is not None and line.quantity > ZERO and not facts.is_credit_memo,
            )
        )
    if facts.amounts.rounding != ZERO:
        rows.append(_rounding_line(facts))
    return rows


def _rounding_line(facts: Facts) -> LineRow:
    row = facts.amounts.totals.lines[-1]
    setup = vat_setup(facts, None)
    return LineRow(
        line_no=rounding_line_no(facts),
        type=LineType.ACCOUNT.value,
        no=rounding_account(facts),
        description=description(facts, None),
        quantity=Decimal(1),
        quantity_base=ZERO,
        unit=None,
        unit_cost=facts.amounts.rounding,
        discount_percent=ZERO,
        discount_amount=ZERO,
        invoice_discount_amount=ZERO,
        vat_product=setup.vat_product,
        vat_identifier=setup.identifier,
        vat_percent=setup.percent,
        net=row.net,
        vat=row.vat,
        gross=row.gross,
        is_system=True,
        source_ref=None,
        is_received=False,
    )
