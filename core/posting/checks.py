"""Every reason why a document cannot be posted now: header first, then lines in order (PU-170).

All findings are reported together (PO-33). The numbers are those of the tables in purchasing §9.1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from core.approvals.restrictions import restriction_problem
from core.errors import Problem, Term
from core.master.number_series import numbers_problems
from core.master.vendors import Vendor, VendorBlock
from core.money import ZERO
from core.posting.charge_checks import charge_problems
from core.posting.drop_checks import drop_problems
from core.posting.facts import Facts
from core.posting.invoice import BILL_NUMBERS
from core.posting.line_checks import (
    line_problems,
    receipt_problems,
    stock_problems,
    vat_difference_problems,
)
from core.posting.periods import posting_date_problems
from core.posting.receipt import receipt_purpose, writes_receipt
from core.posting.settlement import settlement_problems
from core.posting.setup_checks import vendor_setup
from core.purchasing.dimensions import dimension_problems
from core.purchasing.document import DocumentStatus, LineType
from core.work import Work

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
        "nothing_selected",
        "charge_unknown",
        "charge_not_assigned",
        "charge_target_missing",
        "receipt_line_mismatch",
        "receipt_line_invoiced",
        "qty_exceeds_receipt",
        "qty_to_receive_too_large",
        "qty_to_invoice_too_large",
        "uom_factor_changed",
        "unit_missing",
        "apply_entry_closed",
        "apply_amount_too_large",
        "appl_to_item_entry_invalid",
        "return_exceeds_received",
    }
)

DECLINED_IN_BATCH = frozenset({"posting_date_differs"})
"""Questions that a batch answers with no (PU-173)."""


def check_header(work: Work, facts: Facts) -> list[Problem]:
    """Tests 1 to 18, without the approval test, which a preview leaves out."""
    before: tuple[Callable[[Facts], Iterator[Problem]], ...] = (_fields, _posting_date, _vat_date, _selection)
    after: tuple[Callable[[Facts], Iterator[Problem]], ...] = (
        _vendors,
        _purchaser,
        _something_to_post,
        _charges,
        _due_date,
        _vendor_document_no,
        _exchange_rate,
    )
    problems = [problem for check in before for problem in check(facts)]
    problems += dimension_problems(work, facts.document)
    problems += [problem for check in after for problem in check(facts)]
    problems += drop_problems(work, facts)
    problems += _series(work, facts)
    problems += _totals(facts) if facts.bills else []
    problems += _over_receipts(facts)
    problems += settlement_problems(facts)
    problems += vendor_setup(facts)
    return problems


def check_approval(facts: Facts) -> list[Problem]:
    """Test 6: a document that waits for an approval is not posted."""
    if facts.document.status != DocumentStatus.PENDING_APPROVAL:
        return []
    return [Problem("approval_pending", {"document": facts.document.document_no})]


def check_lines(facts: Facts) -> list[Problem]:
    """Tests 19 to 30, line by line, then those that lines share."""
    problems = [problem for run in facts.runs for problem in line_problems(facts, run)]
    problems += receipt_problems(facts)
    problems += vat_difference_problems(facts) if facts.bills else []
    if not problems:
        problems += stock_problems(facts)
    return problems


def find_warnings(work: Work, facts: Facts) -> list[Problem]:
    """What may be confirmed by a person and is refused in a batch (PU-173), or only said (PU-174)."""
    return [*_work_date(work, facts), *_lines_without_quantity(facts)]


def _work_date(work: Work, facts: Facts) -> Iterator[Problem]:
    on = facts.document.posting_date
    if facts.company.check_posting_date and on is not None and on != work.today:
        values = {"date": on, "today": work.today}
        yield Problem("posting_date_differs", values, field="posting_date", severity="warning")


def _lines_without_quantity(facts: Facts) -> Iterator[Problem]:
    for run in facts.runs:
        if run.line.no and run.line.quantity == ZERO:
            yield Problem(
                "line_without_quantity",
                {"line": run.line_no},
                line_no=run.line_no,
                field="quantity",
                severity="warning",
            )


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
    on = facts.document.posting_date
    if on is not None:
        yield from posting_date_problems(facts.company, on)


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


def _purchaser(facts: Facts) -> Iterator[Problem]:
    """Test 7 (PU-16)."""
    purchaser = facts.purchaser
    if purchaser is not None and purchaser.privacy_blocked:
        yield Problem("purchaser_blocked", {"code": purchaser.code}, field="purchaser_code")


def _selection(facts: Facts) -> Iterator[Problem]:
    """Test 4 (PU-74)."""
    if not (facts.selection.receive or facts.selection.invoice):
        yield Problem("nothing_selected", {"document": facts.document.document_no}, field="selection")


def _something_to_post(facts: Facts) -> Iterator[Problem]:
    """Tests 8 and 10 (PU-74, PO-137): after narrowing, something must be left."""
    selected = facts.selection.receive or facts.selection.invoice
    if selected and not any(run.is_posted for run in facts.runs):
        yield Problem("nothing_to_post", {"document": facts.document.document_no}, field="lines")


def _charges(facts: Facts) -> Iterator[Problem]:
    """Test 8: item charges go somewhere, wholly (PU-98, PO-103)."""
    for run in facts.billed:
        if run.line.type == LineType.CHARGE and run.invoice != ZERO:
            yield from charge_problems(facts, run)


def _due_date(facts: Facts) -> Iterator[Problem]:
    """Test 9."""
    if facts.bills and facts.due_date is None:
        yield Problem("due_date_missing", {"document": facts.document.document_no}, field="due_date")


def _vendor_document_no(facts: Facts) -> Iterator[Problem]:
    """Tests 12 and 13, only when a bill is posted (PU-171, PU-172)."""
    document = facts.document
    if not facts.bills:
        return
    if document.vendor_document_key is None:
        if facts.company.vendor_document_no_mandatory:
            yield Problem(
                "ext_doc_no_missing", {"document": document.document_no}, field="vendor_document_no"
            )
    elif facts.same_number is not None and facts.repeat_count == 0:
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
    wanted = [(BILL_NUMBERS[facts.bill_kind][1], on)] if facts.bills else []
    if writes_receipt(facts):
        wanted.append((receipt_purpose(facts), on))
    return numbers_problems(work, wanted)


def _over_receipts(facts: Facts) -> Iterator[Problem]:
    """Test 17 (PU-83): what was received above the order waits for an approver."""
    if any(run.line.over_receipt_state == "pending" for run in facts.runs):
        yield Problem("over_receipt_pending", {"document": facts.document.document_no}, field="lines")


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
