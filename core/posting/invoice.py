"""The bill of a run, invoice or credit memo: which amount goes to which account (PO §2.2). Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from core.master.number_series import Purpose
from core.master.posting_groups import GeneralPostingSetup
from core.master.vat import Calculation
from core.money import ZERO, round_to, total
from core.posting.batch import GLRow, LineRow, PostedDocumentRow, VatRow, VendorRow, Voucher
from core.posting.facts import Facts
from core.posting.goods import Goods, Vouchers
from core.posting.lines import (
    HUNDRED,
    LineAmounts,
    billed_base,
    description,
    discounts_apart,
    payable,
    purchase_account,
    rounding_account,
    rounding_line_no,
    vat_setup,
)
from core.posting.selection import RunLine
from core.purchasing.document import DocumentKind, LineType, PurchaseLine
from core.purchasing.totals import LineTotals

BILL_NUMBERS = {
    DocumentKind.INVOICE: (Purpose.INVOICE, Purpose.POSTED_INVOICE),
    DocumentKind.CREDIT_MEMO: (Purpose.CREDIT_MEMO, Purpose.POSTED_CREDIT_MEMO),
}


@dataclass(slots=True)
class Bill:
    """The rows of a bill while they are being composed, except those of the goods."""

    general: list[GLRow] = field(default_factory=list)
    vat: list[VatRow] = field(default_factory=list)

    def post(self, row: GLRow) -> None:
        """Add a G/L row, unless it is zero (PO-16)."""
        if row.amount != ZERO:
            self.general.append(row)


def bill_voucher(facts: Facts) -> Voucher:
    """The document of the bill; a draft whose series is the posting series keeps its number (PU-37)."""
    document, pay_to = facts.document, facts.pay_to
    assert document.posting_date is not None and document.document_date is not None and pay_to is not None
    keeps = facts.keeps_number
    return Voucher(
        document_type=facts.bill_kind.value,
        posting_date=document.posting_date,
        document_date=document.document_date,
        draws_from=None if keeps else BILL_NUMBERS[facts.bill_kind][1],
        number=document.document_no if keeps else None,
        external_no=_vendor_document_no(facts),
        source_type="vendor",
        source_no=pay_to.vendor_no,
        general_business=pay_to.general_business,
        vat_business=pay_to.vat_business,
        dimensions=document.dimensions,
    )


def compose_bill(facts: Facts, amounts: Sequence[LineAmounts]) -> Bill:
    """G/L and VAT rows of a bill whose checks have passed; the bill is the first voucher."""
    bill = Bill(vat=_vat_rows(facts, amounts))
    for amount in amounts:
        _post_line(facts, bill, amount)
    _post_vat(facts, bill)
    assert facts.vendor_group is not None and facts.vendor_group.payables is not None
    assert facts.vendor is not None
    bill.post(
        GLRow(
            facts.vendor_group.payables,
            -payable(facts),
            facts.vendor.name,
            dimensions=facts.document.dimensions,
        )
    )
    return bill


def compose_document(facts: Facts, goods: Goods, vouchers: Vouchers) -> PostedDocumentRow:
    """The posted invoice or credit memo."""
    document, vendor, pay_to, totals = facts.document, facts.vendor, facts.pay_to, facts.amounts.totals
    assert vendor is not None and pay_to is not None
    assert facts.vat_date is not None and facts.due_date is not None
    in_parts = facts.kind.posts_in_parts
    return PostedDocumentRow(
        kind=facts.bill_kind.value,
        draft_id=None if in_parts else document.id,
        draft_no=document.document_no,
        vendor_no=vendor.vendor_no,
        pay_to_vendor_no=pay_to.vendor_no,
        vendor_name=vendor.name,
        vat_date=facts.vat_date,
        due_date=facts.due_date,
        prices_include_vat=document.prices_include_vat,
        total_net=totals.total_net,
        total_vat=totals.total_vat,
        total_gross=totals.total_gross,
        lines=tuple(_posted_lines(facts, goods, vouchers)),
        vendor_document_no=_vendor_document_no(facts),
        order_reference=document.order_reference,
        payment_terms=document.payment_terms,
        currency_code=document.currency_code,
        exchange_rate=facts.rate if document.currency_code else None,
        payment_iban=document.payment_iban,
        payment_reference=_payment_reference(facts),
        order_no=document.document_no if in_parts else _only_order(facts),
        quote_no=document.quote_no,
        purchaser_code=document.purchaser_code,
        dimensions=document.dimensions,
        corrects_no=document.corrects_no,
        is_cancellation=document.is_cancellation or None,
    )


def _only_order(facts: Facts) -> str | None:
    """The order that all fetched lines came from, if it is one (PU-96)."""
    numbers = {run.line.order_no for run in facts.billed if run.line.receipt_no is not None}
    return numbers.pop() if len(numbers) == 1 else None


def _vendor_document_no(facts: Facts) -> str | None:
    return (facts.document.vendor_document_no or "").strip() or None


def _payment_reference(facts: Facts) -> str | None:
    """The vendor's number fills an empty payment reference when that is set up (§3.1)."""
    reference = facts.document.payment_reference
    if reference or not facts.company.copy_number_to_payment_reference or facts.is_credit_memo:
        return reference
    return _vendor_document_no(facts)


def _vat_rows(facts: Facts, amounts: Sequence[LineAmounts]) -> list[VatRow]:
    """One VAT entry per VAT product group, in the order of the identifiers; also at 0 % (PO-77)."""
    differences = {g.terms.identifier: ZERO for g in facts.amounts.totals.groups}
    for group in facts.amounts.totals.groups:
        differences[group.terms.identifier] += _in_lcy(facts, group.difference)
    rows = []
    products = sorted({(a.setup.identifier, a.setup.vat_product) for a in amounts})
    pay_to = facts.pay_to
    assert pay_to is not None
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
                vat_date=facts.vat_date,
                country_code=pay_to.country_code,
                vat_id=pay_to.vat_id,
                dimensions=facts.document.dimensions,
            )
        )
    return rows


def _in_lcy(facts: Facts, amount: Decimal) -> Decimal:
    assert facts.rate is not None
    return facts.sign * round_to(amount * facts.rate, facts.company.cent)


def _post_line(facts: Facts, bill: Bill, amount: LineAmounts) -> None:
    """The line's own account: net, non-deductible VAT, and what discounts posted apart took off."""
    if amount.setup.calculation == Calculation.FULL:
        return  # all of it is VAT; the account on the line is ignored (PO-47)
    general = facts.general_setup(amount.general_product)
    line_discount, invoice_discount = discounts_apart(facts, general, amount)
    vat_row = next((i for i, row in enumerate(bill.vat) if row.vat_product == amount.setup.vat_product), None)
    account = _line_account(facts, amount, general)
    own = amount.net + line_discount + invoice_discount + amount.nondeductible
    parts = [(account, own)]
    if general is not None and general.line_discount:
        parts.append((general.line_discount, -line_discount))
    if general is not None and general.invoice_discount:
        parts.append((general.invoice_discount, -invoice_discount))
    for account_no, value in parts:
        bill.post(
            GLRow(
                account_no=account_no,
                amount=value,
                description=amount.description,
                line_no=amount.line_no,
                general_product=amount.general_product,
                vat_product=amount.setup.vat_product,
                bases_vat_row=vat_row,
                dimensions=amount.dimensions,
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


def _post_vat(facts: Facts, bill: Bill) -> None:
    """Deductible VAT on the input account; reverse charge on both sides, never on the payable (PO-46)."""
    for row in list(bill.vat):
        setup = facts.vat[row.vat_product]
        parts = [(setup.input_account, row.amount)]
        if setup.calculation == Calculation.REVERSE_CHARGE:
            parts.append((setup.reverse_account, -row.amount - row.nondeductible_amount))
        for account_no, value in parts:
            if value != ZERO:
                assert account_no is not None
                bill.post(
                    GLRow(
                        account_no=account_no,
                        amount=value,
                        description=facts.accounts[account_no].name,
                        vat_product=row.vat_product,
                        vat_identifier=row.identifier,
                        dimensions=facts.document.dimensions,
                    )
                )


def compose_vendor(facts: Facts, amounts: Sequence[LineAmounts]) -> VendorRow:
    """The vendor entry of the bill; what is owed is negative. A credit memo earns no discount (PO-112)."""
    document, vendor, pay_to = facts.document, facts.vendor, facts.pay_to
    assert vendor is not None and pay_to is not None and pay_to.posting_group is not None
    assert facts.dates is not None and facts.due_date is not None
    gross = facts.amounts.totals.total_gross
    base = gross if facts.company.payment_discount_base == "incl_vat" else facts.amounts.totals.total_net
    percent = ZERO if facts.is_credit_memo else facts.dates.discount_percent
    return VendorRow(
        vendor_no=pay_to.vendor_no,
        buy_from_vendor_no=vendor.vendor_no,
        posting_group=pay_to.posting_group,
        description=vendor.name,
        amount=-facts.sign * gross,
        amount_lcy=-payable(facts),
        purchase_lcy=-total(amount.net for amount in amounts),
        due_date=facts.due_date,
        currency_code=document.currency_code,
        exchange_rate=facts.rate if document.currency_code else None,
        vendor_document_no=_vendor_document_no(facts),
        vendor_document_key=document.vendor_document_key,
        repeat_count=facts.repeat_count,
        discount_date=facts.dates.discount_date if percent else None,
        discount_percent=percent,
        discount_amount=round_to(base * percent / HUNDRED, facts.company.cent),
        on_hold=document.on_hold,
        payment_reference=_payment_reference(facts),
        payment_iban=document.payment_iban,
        dimensions=document.dimensions,
    )


def _posted_lines(facts: Facts, goods: Goods, vouchers: Vouchers) -> list[LineRow]:
    """The lines of the posted document in their order, comments too (PU-5)."""
    totals = dict(zip((run.line_no for run in facts.billed), facts.amounts.totals.lines, strict=False))
    runs = {run.line_no: run for run in facts.billed}
    rows = []
    for line in facts.document.lines:
        if line.line_no in runs:
            rows.append(_posted_line(facts, goods, vouchers, runs[line.line_no], totals[line.line_no]))
        elif line.type == LineType.COMMENT:
            rows.append(_comment(line))
    if facts.amounts.rounding != ZERO:
        rows.append(_rounding_line(facts))
    return rows


def _posted_line(facts: Facts, goods: Goods, vouchers: Vouchers, run: RunLine, row: LineTotals) -> LineRow:
    line, in_parts = run.line, facts.kind.posts_in_parts
    setup = facts.vat.get(line.vat_product or "")
    received_now = run.receive != ZERO and vouchers.goods is not None and facts.item(line) is not None
    first = next((p.received for p in goods.parts.get(run.line_no, ()) if p.received is not None), None)
    return LineRow(
        line_no=line.line_no,
        type=line.type,
        no=line.no,
        description=line.description,
        quantity=run.invoice,
        quantity_base=billed_base(run) if facts.item(line) is not None else ZERO,
        unit=line.unit,
        unit_cost=run.unit_cost,
        discount_percent=line.discount_percent,
        discount_amount=row.line_discount,
        invoice_discount_amount=row.invoice_discount,
        vat_product=line.vat_product,
        vat_identifier=setup.identifier if setup else None,
        vat_percent=setup.percent if setup else ZERO,
        net=row.net,
        vat=row.vat,
        gross=row.gross,
        is_system=line.is_system,
        source_ref=line.source_ref,
        order_no=facts.document.document_no if in_parts else line.order_no,
        order_line_no=line.line_no if in_parts else line.order_line_no,
        receipt_no=first.receipt_no if first else None,
        receipt_voucher=vouchers.goods if received_now and first is None else None,
        receipt_line_no=first.line_no if first else (line.line_no if received_now else None),
        source_no=line.source_no,
        source_line_no=line.source_line_no,
        units_per_unit=line.units_per_unit,
        variant_code=line.variant_code,
        location_code=line.location_code,
        dimensions=line.dimensions,
        applies_to_item_entry_no=line.applies_to_item_entry_no,
        return_reason_code=line.return_reason_code,
        allow_invoice_discount=line.allow_invoice_discount,
    )


def _comment(line: PurchaseLine) -> LineRow:
    return LineRow(
        line_no=line.line_no,
        type=line.type,
        no=line.no,
        description=line.description,
        quantity=ZERO,
        quantity_base=ZERO,
        unit=line.unit,
        unit_cost=ZERO,
        discount_percent=ZERO,
        discount_amount=ZERO,
        invoice_discount_amount=ZERO,
        vat_product=None,
        vat_identifier=None,
        vat_percent=ZERO,
        net=ZERO,
        vat=ZERO,
        gross=ZERO,
        source_ref=line.source_ref,
    )


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
    )
