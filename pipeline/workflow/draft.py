"""Values of a document to a draft invoice or credit memo in the core (ID-57 to ID-69).

A draft is made all at once or not at all. What keeps it from being made is an error message of the record;
what a person has to look at is a warning, and the draft exists.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from sqlalchemy import delete, select

from core.errors import DomainError, Problem
from core.master.company import Company, get_company
from core.master.currencies import find_currency, find_exchange_rate
from core.master.items import Item, find_item, resolve_item, units_per_unit
from core.master.vat import find_vat_setup, vat_product_for
from core.master.vendors import Vendor, get_vendor
from core.money import QUANTITY, ZERO, round_to
from core.purchasing.document import DocumentKind as DraftKind
from core.purchasing.document import LineType, PurchaseDocument
from core.purchasing.draft_inputs import DocumentDraft, LineDraft
from core.purchasing.draft_totals import document_totals
from core.purchasing.drafts import create_draft
from core.purchasing.pricing import price_as_printed
from core.work import Work
from pipeline.incoming import (
    Change,
    DocumentKind,
    IncomingDocument,
    IncomingMessage,
    Status,
    add_message,
    fold_number,
    from_json,
    log,
    release,
)
from pipeline.workflow.duplicates import LOOK, STOP, find_repeats
from pipeline.workflow.resolve import resolve_vendor
from pipeline.workflow.units import same_unit, unit_code
from pipeline.workflow.values import Values, as_amount

AMOUNT = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an attempt: the draft, or why there is none."""

    draft: PurchaseDocument | None
    is_possible_duplicate: bool = False


def try_draft(work: Work, document: IncomingDocument) -> Outcome:
    """Resolve the vendor, look for repeats and make the draft; messages of an earlier attempt go first.

    On success the record is Created and linked; on errors Failed, with every reason (ID-65). A possible
    repeat makes no draft and leaves the status as it is (ID-90).
    """
    values = Values.of(work, document)
    _forget_messages(work, document)
    take_over(work, document, values)
    vendor, problems = _vendor(work, document, values)
    problems += _header_problems(work, document, values)
    is_repeat = vendor is not None and flag_repeats(work, document)
    if vendor is None or any(problem.severity == "error" for problem in problems):
        _keep(work, document, problems)
        _fail(work, document)
        return Outcome(None, is_repeat)
    if is_repeat:
        _keep(work, document, problems)
        return Outcome(None, is_possible_duplicate=True)
    composed, line_problems = _composed(work, document, vendor, values)
    problems += line_problems
    if composed is None:
        _keep(work, document, problems)
        _fail(work, document)
        return Outcome(None)
    draft = create_draft(work, composed)
    _link(work, document, draft)
    _keep(work, document, [*problems, *_totals_problem(work, draft, values)])
    return Outcome(draft)


def take_over(work: Work, document: IncomingDocument, values: Values) -> None:
    """Copy the values most asked for to the record itself, for lists and for finding repeats."""
    number = values.text("invoice_number")
    is_credit = values.text("document_type") == "credit_note"
    document.document_kind = (
        DocumentKind.PURCHASE_CREDIT_MEMO if is_credit else DocumentKind.PURCHASE_INVOICE
    ).value
    document.seller_name = (values.text("seller.name") or "")[:100] or None
    document.invoice_number = number[:35] if number else None
    document.invoice_key = fold_number(number)[:35] or None if number else None
    document.order_reference = (values.text("order_reference") or "")[:20] or None
    document.issue_date = values.day("issue_date")
    document.due_date = values.day("due_date")
    document.currency_code = currency_of(work, values)
    total = values.amount("total_gross")
    document.total_gross = _cents(total)
    work.session.flush()


def currency_of(work: Work, values: Values) -> str:
    """The document's currency; the company's own when none is printed."""
    return (values.text("currency_code") or get_company(work).local_currency).upper()[:3]


def flag_repeats(work: Work, document: IncomingDocument) -> bool:
    """Keep a message for each document that this one may repeat; True when one is a stop (ID-90).

    A flag that a person dismissed stays dismissed.
    """
    dismissed = {
        _repeated(message)
        for message in work.session.scalars(
            select(IncomingMessage).where(
                IncomingMessage.incoming_id == document.id, IncomingMessage.dismissed_by.is_not(None)
            )
        )
    }
    is_stop = False
    for repeat in find_repeats(work, document):
        problem = Problem(
            STOP if repeat.is_stop else LOOK,
            {
                "number": repeat.number,
                "invoice_number": document.invoice_number or "–",
                "incoming_no": repeat.incoming_no or "",
                "posted": "yes" if repeat.is_posted else "",
                "total": repeat.total_gross,
            },
            field="invoice_number",
            severity="error" if repeat.is_stop else "warning",
        )
        if (problem.code, repeat.incoming_no or repeat.number) in dismissed:
            continue
        add_message(work, document, problem)
        is_stop = is_stop or repeat.is_stop
    work.session.flush()
    return is_stop


def _repeated(message: IncomingMessage) -> tuple[str, object]:
    """What a flag is about, whatever has become of it since."""
    values = from_json(message.values)
    return message.code, values.get("incoming_no") or values.get("number")


def _vendor(work: Work, document: IncomingDocument, values: Values) -> tuple[Vendor | None, list[Problem]]:
    if document.vendor_no is None or document.vendor_matched_by != "person":
        match = resolve_vendor(work, values)
        document.vendor_no, document.vendor_matched_by = match.vendor_no, match.matched_by
        if match.problem is not None:
            return None, [match.problem]
    assert document.vendor_no is not None
    # The row lock makes drafts of one vendor one at a time, so that two copies cannot miss each other.
    vendor = work.session.scalar(
        select(Vendor).where(Vendor.vendor_no == document.vendor_no).with_for_update()
    )
    return vendor or get_vendor(work, document.vendor_no), []


def _header_problems(work: Work, document: IncomingDocument, values: Values) -> list[Problem]:
    """Buyer, currency and type (ID-47 to ID-49)."""
    company = get_company(work)
    problems = _buyer_problems(company, values)
    currency = currency_of(work, values)
    if currency != company.local_currency:
        if find_currency(work, currency) is None:
            problems.append(Problem("INC_CURRENCY_UNKNOWN", {"currency": currency}, field="currency_code"))
        elif find_exchange_rate(work, currency, work.today) is None:
            problems.append(
                Problem("INC_NO_RATE", {"currency": currency, "day": work.today}, field="currency_code")
            )
    return problems


def _buyer_problems(company: Company, values: Values) -> list[Problem]:
    """A document for somebody else is a stop that only a person lifts, with a reason."""
    problems: list[Problem] = []
    for key, code, ours in (
        ("buyer.gln", "INC_BUYER_GLN", company.gln),
        ("buyer.vat_id", "INC_BUYER_VAT", company.vat_id),
    ):
        theirs = values.text(key)
        if theirs and ours and _plain(theirs) != _plain(ours):
            problems.append(Problem(code, {"value": theirs, "ours": ours}, field=key, severity="warning"))
    return problems


def _composed(
    work: Work, document: IncomingDocument, vendor: Vendor, values: Values
) -> tuple[DocumentDraft | None, list[Problem]]:
    lines, problems = _Lines(work, document, vendor, values).composed()
    if any(problem.severity == "error" for problem in problems):
        return None, problems
    total_gross, total_vat = values.amount("total_gross"), values.amount("total_vat")
    is_credit = document.document_kind == DocumentKind.PURCHASE_CREDIT_MEMO.value
    draft = DocumentDraft(
        vendor_no=vendor.vendor_no,
        posting_date=values.day("posting_date") or work.today,
        kind=DraftKind.CREDIT_MEMO if is_credit else DraftKind.INVOICE,
        document_date=values.day("issue_date"),
        due_date=values.day("due_date"),
        vendor_document_no=document.invoice_number,
        seller_name=document.seller_name,
        order_reference=document.order_reference,
        currency_code=document.currency_code,
        prices_include_vat=False,
        is_captured=True,
        invoice_discount_amount=_allowance(values, lines),
        total_gross_stated=_cents(total_gross),
        total_vat_stated=_cents(total_vat),
        payment_iban=values.text("payment_iban"),
        payment_reference=values.text("payment_reference"),
        lines=tuple(lines),
    )
    return draft, problems


@dataclass(frozen=True, slots=True)
class _Lines:
    """Makes the lines of one draft."""

    work: Work
    document: IncomingDocument
    vendor: Vendor
    values: Values

    def composed(self) -> tuple[list[LineDraft], list[Problem]]:
        problems: list[Problem] = []
        drafts: list[LineDraft] = []
        rows = list(zip(self.values.line_indexes(), self.values.lines(), strict=True))
        for index, row in rows:
            line_no = len(drafts) + 1
            drafts.append(self._line(index, row, line_no, problems))
        if not any(draft.type is not LineType.COMMENT for draft in drafts):
            drafts += self._without_lines(problems)
        charge = self._charge(drafts)
        if charge is not None:
            drafts.append(charge)
        return drafts, problems

    def _line(self, index: int, row: Mapping[str, str], line_no: int, problems: list[Problem]) -> LineDraft:
        quantity, amount = as_amount(row.get("quantity")), as_amount(row.get("net_amount"))
        unit_price = as_amount(row.get("unit_price"))
        text = (row.get("description") or row.get("item_id") or "")[:250]
        source = f"lines.{index}"
        if quantity is None and amount:
            quantity = Decimal(1)  # a line that prints only its amount
            unit_price = None
        if not quantity or (amount is None and unit_price is None):
            return LineDraft(LineType.COMMENT, description=text, quantity=ZERO, source_ref=source)
        quantity = round_to(quantity, QUANTITY)
        price = price_as_printed(quantity, unit_price, as_amount(row.get("discount_percent")), _cents(amount))
        base = LineDraft(
            LineType.ACCOUNT,
            description=text,
            quantity=quantity,
            unit_cost=price.unit_cost,
            unit=(row.get("unit") or "")[:10] or None,
            discount_percent=price.discount_percent,
            discount_amount=price.discount_amount,
            vat_product=self._vat_product(row.get("vat_rate"), line_no, problems),
            source_ref=source,
        )
        return self._coded(base, row, line_no, problems)

    def _coded(
        self, line: LineDraft, row: Mapping[str, str], line_no: int, problems: list[Problem]
    ) -> LineDraft:
        """ID-59: the item by PU-25, else the vendor's account, else the company's."""
        try:
            unit = unit_code(row.get("unit")) or row.get("unit")
            match = resolve_item(
                self.work, self.vendor.vendor_no, row.get("item_id"), unit, row.get("item_standard_id")
            )
        except DomainError as error:
            problems += [replace(one, line_no=line_no, severity="warning") for one in error.problems]
            match = None
        item = find_item(self.work, match.item_no) if match else None
        if match is not None and item is not None and not item.blocked:
            return self._item_line(line, item, match.matched_by.value, line_no, problems)
        return self._account_line(line, line_no, problems)

    def _item_line(
        self, line: LineDraft, item: Item, ground: str, line_no: int, problems: list[Problem]
    ) -> LineDraft:
        unit = next(
            (
                known
                for known in (item.unit, *(row.unit for row in item.units))
                if same_unit(known, line.unit) and units_per_unit(item, known) is not None
            ),
            None,
        )
        if unit is None:
            unit = item.purchase_unit or item.unit
            if line.unit:
                values = {"unit": line.unit, "item": item.item_no, "ours": unit}
                problems.append(
                    Problem(
                        "INC_UOM_CONFLICT",
                        values,
                        field=f"{line.source_ref}.unit",
                        line_no=line_no,
                        severity="warning",
                    )
                )
        self._compare_vat(line, item, line_no, problems)
        return replace(
            line,
            type=LineType.ITEM,
            no=item.item_no,
            unit=unit,
            vat_product=line.vat_product or item.vat_product,
            description=line.description or item.description,
            proposal=f"item:{ground}",
        )

    def _account_line(self, line: LineDraft, line_no: int, problems: list[Problem]) -> LineDraft:
        account, ground = self._default_account((line.unit_cost or ZERO) >= ZERO)
        if account is None:
            problems.append(
                Problem(
                    "INC_NO_ACCOUNT",
                    {"line_no": line_no, "text": line.description or "–"},
                    line_no=line_no,
                    severity="warning",
                )
            )
        return replace(line, no=account, proposal=ground)

    def _default_account(self, is_positive: bool) -> tuple[str | None, str | None]:
        """ID-60: debit for a positive invoice line; on a credit memo the other way round."""
        if self.vendor.default_account:
            return self.vendor.default_account, "vendor_account"
        company = get_company(self.work)
        is_credit = self.document.document_kind == DocumentKind.PURCHASE_CREDIT_MEMO.value
        if is_positive != is_credit:
            account = company.debit_default_account
        else:
            account = company.credit_default_account or company.debit_default_account
        return account, "company_account" if account else None

    def _vat_product(self, printed: str | None, line_no: int, problems: list[Problem]) -> str | None:
        rate = as_amount(printed)
        if rate is None:
            rates = {as_amount(row.get("rate")) for _, row in self.values.vat_breakdown()}
            rate = next(iter(rates)) if len(rates) == 1 else None
        if rate is None or not self.vendor.vat_business:
            return None
        found = vat_product_for(self.work, self.vendor.vat_business, rate)
        if found is None:
            problems.append(
                Problem(
                    "INC_VAT_RATE",
                    {"line_no": line_no, "rate": rate, "vendor": self.vendor.name},
                    line_no=line_no,
                    severity="warning",
                )
            )
        return found

    def _compare_vat(self, line: LineDraft, item: Item, line_no: int, problems: list[Problem]) -> None:
        """ID-63: the printed rate against that of the item's card."""
        if not line.vat_product or not item.vat_product or not self.vendor.vat_business:
            return
        printed = find_vat_setup(self.work, self.vendor.vat_business, line.vat_product)
        ours = find_vat_setup(self.work, self.vendor.vat_business, item.vat_product)
        if printed and ours and printed.percent != ours.percent:
            values = {
                "line_no": line_no,
                "printed": printed.percent,
                "item": item.item_no,
                "ours": ours.percent,
            }
            problems.append(Problem("INC_VAT_RATE_ITEM", values, line_no=line_no, severity="warning"))

    def _without_lines(self, problems: list[Problem]) -> list[LineDraft]:
        """ID-62: one line for the whole, or one per VAT rate where the document states them."""
        text = self.document.seller_name or ""
        groups = [
            (index, as_amount(row.get("rate")), as_amount(row.get("net")))
            for index, row in self.values.vat_breakdown()
        ]
        total = self.values.amount("total_net")
        if total is None:
            gross, vat = self.values.amount("total_gross"), self.values.amount("total_vat")
            total = gross - vat if gross is not None and vat is not None else None
        usable = [(i, rate, net) for i, rate, net in groups if rate is not None and net is not None]
        rows: list[tuple[str, str | None, Decimal]]
        if usable and total is not None and sum((net for _, _, net in usable), ZERO) == total:
            rows = [(f"vat_breakdown.{i}", str(rate), net) for i, rate, net in usable]
        elif total is not None:
            rows = [("total_net", None, total)]
        else:
            problems.append(Problem("INC_NO_TOTAL", field="total_net"))
            return []
        drafts: list[LineDraft] = []
        for source, rate, net in rows:
            line = LineDraft(
                LineType.ACCOUNT,
                description=text,
                quantity=Decimal(1),
                unit_cost=_cents(net),
                vat_product=self._vat_product(rate, len(drafts) + 1, problems),
                source_ref=source,
            )
            drafts.append(self._account_line(line, len(drafts) + 1, problems))
        return drafts

    def _charge(self, drafts: list[LineDraft]) -> LineDraft | None:
        """A charge on the whole document becomes a line of its own, if the lines do not hold it already."""
        charge, net = self.values.amount("total_charge"), self.values.amount("total_net")
        if not charge or net is None:
            return None
        allowance = self.values.amount("total_allowance") or ZERO
        if net - (_sum(drafts) - allowance) != charge:
            return None
        vat_product = next((d.vat_product for d in drafts if d.vat_product), None)
        account, ground = self._default_account(is_positive=True)
        return LineDraft(
            LineType.ACCOUNT,
            no=account,
            description="Toeslag" if get_company(self.work).language == "nl" else "Charge",
            quantity=Decimal(1),
            unit_cost=_cents(charge),
            vat_product=vat_product,
            allow_invoice_discount=False,
            source_ref="total_charge",
            proposal=ground,
        )


def _allowance(values: Values, lines: list[LineDraft]) -> Decimal | None:
    """BT-107 as invoice discount, when the lines do not hold it already."""
    allowance, net = values.amount("total_allowance"), values.amount("total_net")
    if not allowance or net is None or _sum(lines) - net != allowance:
        return None
    return _cents(allowance)


def _sum(lines: list[LineDraft]) -> Decimal:
    total = ZERO
    for line in lines:
        before = round_to(line.quantity * (line.unit_cost or ZERO))
        if line.discount_amount is not None:
            before -= line.discount_amount
        else:
            before -= round_to(before * (line.discount_percent or ZERO) / 100)
        total += before
    return total


def _totals_problem(work: Work, draft: PurchaseDocument, values: Values) -> list[Problem]:
    """ID-69, lenient: the draft exists, and says what it differs by."""
    stated = values.amount("total_gross")
    computed = document_totals(work, draft).total_gross
    if stated is None or stated == computed:
        return []
    code = "INC_TOTALS_PREPAID" if values.amount("paid_amount") else "INC_TOTALS"
    return [Problem(code, {"stated": stated, "computed": computed}, field="total_gross", severity="warning")]


def _link(work: Work, document: IncomingDocument, draft: PurchaseDocument) -> None:
    release(work, document)
    document.draft_id, document.document_no = draft.id, draft.document_no
    document.status = Status.CREATED.value
    if document.due_date is None:
        document.due_date = draft.due_date
    log(work, document, "draft_made", Change(new=draft.document_no))


def _fail(work: Work, document: IncomingDocument) -> None:
    release(work, document)
    document.status = Status.FAILED.value
    log(work, document, "draft_failed")


def _keep(work: Work, document: IncomingDocument, problems: list[Problem]) -> None:
    for problem in problems:
        add_message(work, document, problem)
    work.session.flush()


def _forget_messages(work: Work, document: IncomingDocument) -> None:
    """ID-65: old messages go at each new attempt; what a person dismissed is remembered, and so is
    what the reader itself said of the file."""
    work.session.execute(
        delete(IncomingMessage).where(
            IncomingMessage.incoming_id == document.id,
            IncomingMessage.dismissed_by.is_(None),
            IncomingMessage.source == "draft",
        )
    )


def _cents(amount: Decimal | None) -> Decimal | None:
    return round_to(amount, AMOUNT) if amount is not None else None


def _plain(identifier: str) -> str:
    return "".join(c for c in identifier.upper() if c.isalnum())
