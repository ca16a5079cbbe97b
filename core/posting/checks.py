"""Every reason why a document cannot be posted now: header first, then lines in order (PU-170).

All findings are reported together (PO-33). The numbers are those of the tables in purchasing §9.1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

from core.approvals.restrictions import restriction_problem
from core.errors import Problem, Term
from core.master.accounts import Account, Control
from core.master.items import ItemType, base_quantity, units_per_unit
from core.master.number_series import Purpose, series_problems
from core.master.posting_groups import GeneralPostingSetup
from core.master.vat import Calculation
from core.master.vendors import Vendor, VendorBlock
from core.money import ZERO, total
from core.posting.facts import Facts
from core.posting.lines import line_base_quantity, purchase_account
from core.posting.write import POSTED_NUMBERS
from core.purchasing.document import DocumentKind, DocumentStatus, LineType, PurchaseLine
from core.work import Work

HUNDRED = Decimal(100)
# Without these the entries cannot even be composed; a preview then shows the problems alone.
PREVENT_COMPOSING = frozenset(
    {
        "field_missing",
        "nothing_to_post",
        "due_date_missing",
        "exchange_rate_missing",
        "line_no_missing",
        "item_unknown",
        "type_not_supported",
        "gl_account_not_usable",
        "account_blocked",
        "posting_group_missing",
        "posting_setup_missing",
        "unit_unknown",
        "insufficient_inventory",
    }
)


def check_header(work: Work, facts: Facts) -> list[Problem]:
    """Tests 1 to 18, without the approval test, which a preview leaves out."""
    checks: tuple[Callable[[Facts], Iterator[Problem]], ...] = (
        _fields,
        _posting_date,
        _vat_date,
        _vendors,
        _something_to_post,
        _due_date,
        _vendor_document_no,
        _exchange_rate,
    )
    problems = [problem for check in checks for problem in check(facts)]
    problems += _series(work, facts)
    problems += _totals(facts)
    problems += _vendor_setup(facts)
    return problems


def check_approval(facts: Facts) -> list[Problem]:
    """Test 6: a document that waits for an approval is not posted."""
    if facts.document.status != DocumentStatus.PENDING_APPROVAL:
        return []
    return [Problem("approval_pending", {"document": facts.document.document_no})]


def check_lines(facts: Facts) -> list[Problem]:
    """Tests 19 to 30, line by line, and what no single line shows: VAT differences and stock."""
    problems = []
    for line in facts.lines:
        if line.quantity == ZERO:
            problems += _empty_line(line)
        else:
            problems += _line(facts, line)
    problems += _vat_differences(facts)
    if not problems:
        problems += _stock(facts)
    return problems


def _fields(facts: Facts) -> Iterator[Problem]:
    """Test 1."""
    document = facts.document
    for field, is_there in (
        ("vendor_no", facts.vendor is not None),
        ("pay_to_vendor_no", facts.pay_to is not None or facts.vendor is None),
        ("posting_date", document.posting_date is not None),
        ("document_date", document.document_date is not None),
    ):
        if not is_there:
            yield Problem(
                "field_missing", {"field": Term(field), "record": document.document_no}, field=field
            )


def _posting_date(facts: Facts) -> Iterator[Problem]:
    """Test 2, inclusive on both ends (PO-135)."""
    on, company = facts.document.posting_date, facts.company
    if on is None:
        return
    too_early = company.allow_posting_from is not None and on < company.allow_posting_from
    too_late = company.allow_posting_to is not None and on > company.allow_posting_to
    if too_early or too_late:
        values = {
            "date": on,
            "first": company.allow_posting_from or "…",
            "last": company.allow_posting_to or "…",
        }
        yield Problem("posting_date_not_allowed", values, field="posting_date")


def _vat_date(facts: Facts) -> Iterator[Problem]:
    """Test 3 (PO-75)."""
    on, company = facts.vat_date, facts.company
    if on is None:
        return
    too_early = company.allow_vat_date_from is not None and on < company.allow_vat_date_from
    too_late = company.allow_vat_date_to is not None and on > company.allow_vat_date_to
    if too_early or too_late:
        yield Problem("vat_date_not_allowed", {"date": on}, field="vat_date")


def _vendors(facts: Facts) -> Iterator[Problem]:
    """Test 7: both vendors; the pay-to vendor only when it is another."""
    if facts.vendor is not None:
        yield from _vendor(facts.vendor, "vendor_no")
    if facts.pay_to is not None and facts.pay_to is not facts.vendor:
        yield from _vendor(facts.pay_to, "pay_to_vendor_no")


def _vendor(vendor: Vendor, field: str) -> Iterator[Problem]:
    values = {"no": vendor.vendor_no, "name": vendor.name}
    if vendor.blocked == VendorBlock.ALL:
        yield Problem("vendor_blocked", values, field=field)
    if vendor.privacy_blocked:
        yield Problem("vendor_privacy_blocked", values, field=field)
    restricted = restriction_problem(vendor, field)
    if restricted is not None:
        yield restricted


def _something_to_post(facts: Facts) -> Iterator[Problem]:
    """Tests 8 and 10 (PO-137)."""
    if all(line.quantity == ZERO for line in facts.lines):
        yield Problem("nothing_to_post", {"document": facts.document.document_no}, field="lines")


def _due_date(facts: Facts) -> Iterator[Problem]:
    """Test 9."""
    if facts.document.due_date is None:
        yield Problem("due_date_missing", {"document": facts.document.document_no}, field="due_date")


def _vendor_document_no(facts: Facts) -> Iterator[Problem]:
    """Tests 12 and 13 (PU-171, PU-172)."""
    document = facts.document
    if document.vendor_document_key is None:
        if facts.company.vendor_document_no_mandatory:
            yield Problem(
                "ext_doc_no_missing", {"document": document.document_no}, field="vendor_document_no"
            )
    elif facts.same_number is not None:
        values = {
            "number": document.vendor_document_no,
            "no": document.pay_to_vendor_no,
            "posted": facts.same_number.document_no,
        }
        yield Problem("ext_doc_no_exists", values, field="vendor_document_no")


def _exchange_rate(facts: Facts) -> Iterator[Problem]:
    """Test 14 (PO-51)."""
    if facts.rate is None:
        values = {"currency": facts.document.currency_code, "date": facts.document.posting_date or "…"}
        yield Problem("exchange_rate_missing", values, field="currency_code")


def _series(work: Work, facts: Facts) -> list[Problem]:
    """Test 15. The numbers are taken at the end; this only looks."""
    on = facts.document.posting_date
    if on is None:
        return []
    _, posted = POSTED_NUMBERS[DocumentKind(facts.document.kind)]
    problems = series_problems(work, posted, on)
    receives = not facts.is_credit_memo and any(
        facts.item(line) is not None and line.quantity > ZERO for line in facts.lines
    )
    if receives and facts.company.receipt_on_invoice:
        problems += series_problems(work, Purpose.RECEIPT, on)
    return problems


def _totals(facts: Facts) -> list[Problem]:
    """Test 16 and the sign of the total (PU-100, PO-136, PO-138)."""
    document, totals = facts.document, facts.amounts.totals
    problems = []
    if totals.total_gross < ZERO:
        values = {"document": document.document_no, "amount": totals.total_gross}
        problems.append(Problem("negative_total", values, field="total_gross"))
    gross, vat = document.total_gross_stated, document.total_vat_stated
    if gross is not None and vat is not None and abs(vat) > abs(gross):
        problems.append(Problem("vat_exceeds_total", {"vat": vat, "total": gross}, field="total_vat"))
    if gross is not None and gross != totals.total_gross:
        values = {"stated": gross, "computed": totals.total_gross}
        problems.append(Problem("total_mismatch", values, field="total_gross"))
    if vat is not None and vat != totals.total_vat:
        values = {"stated": vat, "computed": totals.total_vat}
        problems.append(Problem("vat_total_mismatch", values, field="total_vat"))
    return problems


def _vendor_setup(facts: Facts) -> list[Problem]:
    """Test 22 for the header: the groups of the pay-to vendor and the accounts they lead to."""
    pay_to = facts.pay_to
    if pay_to is None:
        return []
    problems = []
    for group, value in (("vendor_posting_group", facts.vendor_group), ("vat_business", pay_to.vat_business)):
        if not value:
            values = {"group": Term(group), "record": pay_to.vendor_no}
            problems.append(Problem("posting_group_missing", values, field="vendor_no"))
    if facts.vendor_group is not None:
        setup = _Setup(facts, "vendor_posting_group", facts.vendor_group.code)
        problems += setup.account("payables", facts.vendor_group.payables, Control.VENDORS)
        if facts.company.invoice_rounding_enabled:
            problems += setup.account("invoice_rounding", facts.vendor_group.invoice_rounding)
    return problems


def _empty_line(line: PurchaseLine) -> list[Problem]:
    """Test 19: quantity 0 means amount 0 (PU-5)."""
    if line.discount_amount:
        return [Problem("empty_line_amount", {"line": line.line_no}, line_no=line.line_no, field="quantity")]
    return []


def _line(facts: Facts, line: PurchaseLine) -> list[Problem]:
    """Tests 19 to 23 of a line with a quantity."""
    if line.type == LineType.CHARGE:
        values = {"type": Term("charge"), "line": line.line_no}
        return [Problem("type_not_supported", values, line_no=line.line_no, field="type")]
    if not line.no:
        return [Problem("line_no_missing", {"line": line.line_no}, line_no=line.line_no, field="no")]
    problems = []
    if not ZERO <= line.discount_percent <= HUNDRED:
        values = {"line": line.line_no}
        problems.append(
            Problem("line_discount_out_of_range", values, line_no=line.line_no, field="discount_percent")
        )
    if line.type == LineType.ACCOUNT:
        problems += _account_line(facts, line)
    else:
        problems += _item_line(facts, line)
    return problems + _vat_setup(facts, line)


def _account_line(facts: Facts, line: PurchaseLine) -> list[Problem]:
    """Test 21 (PU-28, PO-40, PO-132)."""
    account = facts.account(line)
    rounding = facts.vendor_group.invoice_rounding if facts.vendor_group else None
    if account is None or not (account.is_usable or _is_rounding(account, rounding)):
        values = {"no": line.no, "name": account.name if account else "", "line": line.line_no}
        return [Problem("gl_account_not_usable", values, line_no=line.line_no, field="no")]
    return _discount_accounts(facts, line, facts.general_setup(account.general_product))


def _is_rounding(account: Account, rounding_account: str | None) -> bool:
    """Lines on the invoice-rounding account skip the direct-posting test only (PU-28, ID-91)."""
    return (
        account.account_no == rounding_account
        and not account.blocked
        and not account.is_heading
        and account.control == Control.NONE
    )


def _item_line(facts: Facts, line: PurchaseLine) -> list[Problem]:
    """Tests 20, 22 and 23."""
    item = facts.item(line)
    if item is None:
        return [Problem("item_unknown", {"no": line.no}, line_no=line.line_no, field="no")]
    problems = []
    if item.blocked:
        problems.append(Problem("item_blocked", {"no": item.item_no}, line_no=line.line_no, field="no"))
    if item.purchasing_blocked and not facts.is_credit_memo:
        problems.append(
            Problem("item_purchasing_blocked", {"no": item.item_no}, line_no=line.line_no, field="no")
        )
    factor = units_per_unit(item, line.unit)
    if factor is None:
        values = {"unit": line.unit, "no": item.item_no}
        problems.append(Problem("unit_unknown", values, line_no=line.line_no, field="unit"))
    elif base_quantity(line.quantity, factor) == ZERO:
        values = {"quantity": f"{line.quantity:f}", "unit": line.unit or item.unit, "base": item.unit}
        problems.append(Problem("quantity_rounds_to_zero", values, line_no=line.line_no, field="quantity"))
    return problems + _item_setup(facts, line)


def _item_setup(facts: Facts, line: PurchaseLine) -> list[Problem]:
    """Test 22 for an item: also accounts whose amount will be zero (PO-34)."""
    item = facts.item(line)
    assert item is not None
    if item.general_product is None:
        values = {"group": Term("general_product"), "record": item.item_no}
        return [Problem("posting_group_missing", values, line_no=line.line_no, field="no")]
    business = (facts.pay_to.general_business if facts.pay_to else None) or ""
    groups = f"{business} / {item.general_product}" if business else item.general_product
    setup = _Setup(facts, "general_posting_setup", groups, line.line_no)
    general = facts.general_setup(item.general_product)
    if general is None:
        return setup.missing()
    problems = setup.blocked(general.blocked)
    problems += setup.account("purchase", purchase_account(facts, general))
    problems += _discount_accounts(facts, line, general)
    if item.type != ItemType.INVENTORY:
        return problems
    problems += setup.account("direct_cost_applied", general.direct_cost_applied)
    problems += setup.account("inventory_adjustment", general.inventory_adjustment)
    problems += setup.account("purchase_variance", general.purchase_variance)
    return problems + _inventory_setup(facts, line)


def _inventory_setup(facts: Facts, line: PurchaseLine) -> list[Problem]:
    item = facts.item(line)
    assert item is not None
    if item.inventory_group is None:
        values = {"group": Term("inventory_group"), "record": item.item_no}
        return [Problem("posting_group_missing", values, line_no=line.line_no, field="no")]
    setup = _Setup(facts, "inventory_posting_setup", item.inventory_group, line.line_no)
    inventory = facts.inventory_setup(line.location_code, item.inventory_group)
    if inventory is None:
        return setup.missing()
    return setup.blocked(inventory.blocked) + setup.account(
        "inventory", inventory.inventory, Control.INVENTORY
    )


def _discount_accounts(
    facts: Facts, line: PurchaseLine, general: GeneralPostingSetup | None
) -> list[Problem]:
    """Discounts that are posted apart need their accounts, if the line has such a discount (PU-40)."""
    if general is None:
        return []
    setup = _Setup(facts, "general_posting_setup", general.general_product, line.line_no)
    index = facts.lines.index(line)
    totals = facts.amounts.totals.lines[index]
    problems = []
    if facts.company.discounts.posts_line_discount and totals.line_discount != ZERO:
        problems += setup.account("line_discount", general.line_discount)
    if facts.company.discounts.posts_invoice_discount and totals.invoice_discount != ZERO:
        problems += setup.account("invoice_discount", general.invoice_discount)
    return problems


def _vat_setup(facts: Facts, line: PurchaseLine) -> list[Problem]:
    """Test 22 for VAT (PO-32, PO-33)."""
    if not line.vat_product:
        values = {"group": Term("vat_product"), "record": f"{line.line_no}"}
        return [Problem("posting_group_missing", values, line_no=line.line_no, field="vat_product")]
    business = facts.pay_to.vat_business if facts.pay_to else None
    if business is None:
        return []
    setup = _Setup(facts, "vat_posting_setup", f"{business} / {line.vat_product}", line.line_no)
    vat = facts.vat.get(line.vat_product)
    if vat is None:
        return setup.missing()
    problems = setup.blocked(vat.blocked) + setup.account("input_vat", vat.input_account, Control.VAT)
    if vat.calculation == Calculation.REVERSE_CHARGE:
        problems += setup.account("reverse_charge", vat.reverse_account, Control.VAT)
    return problems


def _vat_differences(facts: Facts) -> list[Problem]:
    """Test 30 (PO-66): VAT that the vendor states per identifier, in place of the computed one."""
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


def _stock(facts: Facts) -> list[Problem]:
    """A decrease beyond the stock that is there, earlier lines of the document included (PO-81, PO-97)."""
    if not facts.company.prevent_negative:
        return []
    available = {no: stock.available for no, stock in facts.stock.items()}
    problems = []
    for line in facts.lines:
        item = facts.item(line)
        if item is None or item.item_no not in available:
            continue
        quantity = line_base_quantity(item, line)
        moved = -quantity if facts.is_credit_memo else quantity
        if available[item.item_no] + moved < ZERO:
            values = {"no": item.item_no, "available": available[item.item_no], "line": line.line_no}
            problems.append(Problem("insufficient_inventory", values, line_no=line.line_no, field="quantity"))
        else:
            available[item.item_no] += moved
    return problems


class _Setup:
    """One posting setup as the checks of a document or line see it (PO-33, PO-134)."""

    def __init__(self, facts: Facts, name: str, groups: str, line_no: int | None = None) -> None:
        self._facts = facts
        self._values = {"setup": Term(name), "groups": groups}
        self._line_no = line_no

    def missing(self) -> list[Problem]:
        """There is no such row."""
        values = {**self._values, "account": "–"}
        return [Problem("posting_setup_missing", values, line_no=self._line_no)]

    def blocked(self, is_blocked: bool) -> list[Problem]:
        """The row is there and blocked."""
        if not is_blocked:
            return []
        return [Problem("posting_setup_blocked", self._values, line_no=self._line_no)]

    def account(self, name: str, account_no: str | None, control: Control = Control.NONE) -> list[Problem]:
        """An account of the row: it must be there, free, and of the kind that its subledger needs."""
        account = self._facts.accounts.get(account_no) if account_no else None
        if account is None or control not in (Control.NONE, account.control):
            values = {**self._values, "account": Term(name)}
            return [Problem("posting_setup_missing", values, line_no=self._line_no)]
        if account.blocked or account.is_heading:
            values = {"no": account.account_no, "name": account.name}
            return [Problem("account_blocked", values, line_no=self._line_no)]
        return []
