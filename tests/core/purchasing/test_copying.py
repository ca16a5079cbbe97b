"""Copying documents, and what lines are tied to: receipts, sales, posted invoices (§10.1)."""

from decimal import Decimal

import pytest

from core.ledgers.vendor import VendorEntry
from core.master.company import get_company
from core.master.items import find_item
from core.master.prices import PurchasePrice
from core.master.vendors import get_vendor
from core.posting.engine import post
from core.purchasing.archive import archive
from core.purchasing.copying import Copied, CopyFrom, CopyRequest, copy_document
from core.purchasing.deletion import delete_vendor, require_deletable
from core.purchasing.document import DocumentKind, PurchaseDocument
from core.purchasing.draft_inputs import LineChange
from core.purchasing.drafts import (
    add_line,
    change_line,
    delete_draft,
    delete_line,
    duplicate_warnings,
    release,
)
from core.purchasing.orders import outstanding_order_warnings
from core.purchasing.posted import get_posted, get_receipt
from core.work import Work
from tests.books import Books
from tests.core.purchasing.documents import account, comment, document, item, received, refused, value


def copied(work: Work, target: PurchaseDocument, source: CopyFrom, no: str, **how: bool) -> Copied:
    """Copy `no` into the target."""
    return copy_document(work, target, CopyRequest(source, no, **how))  # type: ignore[arg-type]


def bill(work: Work, *lines: object, number: str = "F-1") -> str:
    """Post an invoice of these lines and return its number."""
    made = document(work, *lines, kind=DocumentKind.INVOICE, vendor_document_no=number)  # type: ignore[arg-type]
    posted_no = post(work, made.id).posted_no
    assert posted_no is not None
    return posted_no


def test_a_copy_of_an_order_starts_fresh(books: Books) -> None:
    """PU-183, PU-186: the full quantity, nothing received, no vendor's number."""
    with books.work() as work:
        source = document(work, item("10", discount_percent=Decimal(5)), comment(), vendor_document_no="F-1")
        received(source.lines[0], "6", "6")
        source.lines[0].sales_order_no = "SO-1"
        target = document(work, account(), kind=DocumentKind.INVOICE, vendor="V-EU", vendor_document_no="X")
        copied(work, target, CopyFrom.ORDER, source.document_no)
        assert (target.vendor_no, target.vendor_document_no, target.kind) == ("V-NL", None, "invoice")
        line, text = target.lines
        assert (line.quantity, line.quantity_received, line.qty_to_invoice) == (10, 0, 10)
        assert (line.unit_cost, line.discount_percent, line.sales_order_no) == (4, 5, None)
        assert text.description == "Deliver at the back"


def test_without_header_lines_are_appended_if_the_vendors_agree(books: Books) -> None:
    """PU-183."""
    with books.work() as work:
        source = document(work, item())
        target = document(work, account())
        copied(work, target, CopyFrom.ORDER, source.document_no, include_header=False)
        assert [line.line_no for line in target.lines] == [1, 2]
        other = document(work, account(), vendor="V-EU")
        with refused("copy_header_mismatch"):
            copied(work, other, CopyFrom.ORDER, source.document_no, include_header=False)
        again = copied(
            work, other, CopyFrom.ORDER, source.document_no, include_header=False, recalculate_lines=True
        )
        assert len(again.lines) == 1


def test_recalculated_lines_get_price_and_discount_anew(books: Books) -> None:
    """PU-185."""
    with books.work() as work:
        source = document(work, item("10", "7.77", discount_percent=Decimal(5)))
        row = PurchasePrice(item_no="I-FIFO", vendor_no="V-NL", unit_cost=Decimal(9), minimum_quantity=0)
        work.session.add(row)
        target = document(work)
        copied(work, target, CopyFrom.ORDER, source.document_no, recalculate_lines=True)
        assert [(line.unit_cost, line.discount_percent) for line in target.lines] == [(9, 0)]


def test_what_cannot_be_copied_is_refused(books: Books) -> None:
    """PU-182, PU-183."""
    with books.work() as work:
        source, target = document(work, item()), document(work, item(), kind=DocumentKind.INVOICE)
        with refused("copy_onto_itself"):
            copied(work, source, CopyFrom.ORDER, source.document_no)
        with refused("field_missing"):
            copied(work, target, CopyFrom.ORDER, " ")
        for kind in CopyFrom:
            with refused("posted_not_found" if kind == CopyFrom.ARCHIVED else "copy_source_missing"):
                copied(work, target, kind, "NOBODY")
        get_vendor(work, "V-NL").blocked = "all"
        work.session.flush()
        with refused("vendor_blocked"):
            copied(work, target, CopyFrom.ORDER, source.document_no)
        release(work, target)
        with refused("status_not_open"):
            copied(work, target, CopyFrom.ORDER, source.document_no)


def test_blocked_lines_are_left_out_and_listed(books: Books) -> None:
    """PU-188."""
    with books.work() as work:
        source = document(work, item(), item(no="I-AVG"))
        found = find_item(work, "I-FIFO")
        assert found is not None
        found.blocked = True
        target = document(work)
        result = copied(work, target, CopyFrom.ORDER, source.document_no)
        assert [line.no for line in target.lines] == ["I-AVG"]
        assert [(notice.code, notice.values["no"]) for notice in result.notices] == [
            ("copy_line_left_out", "I-FIFO")
        ]


def test_an_archived_version_can_be_copied(books: Books) -> None:
    """PU-65, PU-182."""
    with books.work() as work:
        source = document(work, item("3"))
        archive(work, source)
        number = source.document_no
        delete_draft(work, source)
        target = document(work)
        copied(work, target, CopyFrom.ARCHIVED, number)
        assert [line.quantity for line in target.lines] == [3]


def test_a_credit_of_a_posted_invoice_is_applied_to_it(books: Books) -> None:
    """PU-184, PU-189: a text line says which one."""
    with books.work() as work:
        posted_no = bill(work, item("10"))
        memo = document(work, kind=DocumentKind.CREDIT_MEMO, vendor="V-EU")
        copied(work, memo, CopyFrom.POSTED_INVOICE, posted_no)
        entry = work.session.query(VendorEntry).one()
        assert [(row.vendor_entry_no, row.amount) for row in memo.applications] == [
            (entry.entry_no, Decimal("48.4"))
        ]
        assert memo.lines[0].description == f"Invoice No. {posted_no}:"
        assert memo.lines[1].applies_to_item_entry_no is None
        order = document(work)
        copied(work, order, CopyFrom.POSTED_RECEIPT, "R-00001")
        assert [line.quantity for line in order.lines] == [0, 10]


def test_with_exact_costs_lines_name_what_they_take_back(books: Books) -> None:
    """PU-187: partly returned lines are reduced, wholly returned ones left out."""
    with books.work() as work:
        get_company(work).exact_cost_reversing_mandatory = True
        posted_no = bill(work, item("10"), item("2", no="I-AVG"))
        for whole in (10, 7):
            memo = document(work, kind=DocumentKind.CREDIT_MEMO)
            result = copied(work, memo, CopyFrom.POSTED_INVOICE, posted_no)
            goods = [line for line in memo.lines if line.no == "I-FIFO"]
            assert [line.quantity for line in goods] == [whole]
            assert goods[0].applies_to_item_entry_no is not None
            assert [notice.code for notice in result.notices] == ["copy_line_reduced"] * (whole == 7) * 2
            change_line(work, memo, goods[0].line_no, LineChange(quantity=Decimal(3)))
            memo.vendor_document_no = memo.vendor_document_key = f"c-{whole}"
            memo.applications = []
            post(work, memo.id)


def test_a_line_from_a_receipt_takes_no_more_than_is_left(books: Books) -> None:
    """PU-95, acceptance 36."""
    with books.work() as work:
        bill(work, item("10"))
        made = document(work, account(), kind=DocumentKind.INVOICE)
        line = add_line(work, made, item("6", receipt_no="R-00001", receipt_line_no=1))
        row = get_posted(work, "PI-00001")
        assert row.lines[0].quantity == 10
        from_receipt(work, line.receipt_no or "")
        with refused("qty_exceeds_receipt") as error:
            change_line(work, made, 2, LineChange(quantity=Decimal(11)))
        assert value(error, "n") == 10
        with refused("qty_exceeds_receipt"):
            change_line(work, made, 2, LineChange(quantity=Decimal(-1)))
        for change in (LineChange(no="I-AVG"), LineChange(unit="BOX"), LineChange(location_code="EAST")):
            with refused("line_from_receipt"):
                change_line(work, made, 2, change)
        change_line(work, made, 2, LineChange(quantity=Decimal(4), unit_cost=Decimal(5)))
        assert (line.qty_to_receive, line.qty_to_invoice, line.unit_cost) == (0, 4, 5)
        delete_line(work, made, 2)


def from_receipt(work: Work, receipt_no: str) -> None:
    """As if nothing of the receipt had been invoiced yet: lines of an order."""
    for line in get_receipt(work, receipt_no).lines:
        line.quantity_invoiced = Decimal(0)
    work.session.flush()


def test_a_line_bought_for_a_sale_changes_on_the_sales_order_only(books: Books) -> None:
    """PU-109."""
    with books.work() as work:
        made = document(work, item("5", sales_order_no="SO-1", sales_line_no=1, drop_shipment=True))
        for change in (LineChange(quantity=Decimal(4)), LineChange(drop_shipment=False)):
            with refused("linked_to_sales_order") as error:
                change_line(work, made, 1, change)
            assert value(error, "order") == "SO-1"
        change_line(work, made, 1, LineChange(unit_cost=Decimal(80)))
        delete_line(work, made, 1)


def test_a_corrective_memo_reverses_no_more_than_was_invoiced(books: Books) -> None:
    """PU-134."""
    with books.work() as work:
        posted_no = bill(work, item("10"))
        line = item("10", source_no=posted_no, source_line_no=1)
        memo = document(work, line, kind=DocumentKind.CREDIT_MEMO, corrects_no=posted_no)
        change_line(work, memo, 1, LineChange(quantity=Decimal(4)))
        with refused("corrective_qty_increase") as error:
            change_line(work, memo, 1, LineChange(quantity=Decimal(11)))
        assert value(error, "n") == 10


def test_a_vendors_number_that_is_used_already_warns_while_typing(books: Books) -> None:
    """PU-103."""
    with books.work() as work:
        posted_no = bill(work, item("10"), number="F-7")
        other = document(work, item(), kind=DocumentKind.INVOICE, vendor_document_no=" f-7 ")
        third = document(work, item(), kind=DocumentKind.INVOICE, vendor_document_no="F-7")
        warnings = duplicate_warnings(work, third)
        assert [(one.code, one.severity) for one in warnings] == [
            ("ext_doc_no_exists", "warning"),
            ("draft_same_document_no", "warning"),
        ]
        assert warnings[0].values["posted"] == posted_no
        assert warnings[1].values["document"] == other.document_no


def test_an_invoice_for_goods_on_order_warns(books: Books) -> None:
    """PU-91."""
    with books.work() as work:
        order = document(work, item("10"))
        made = document(work, item("10"), item(no="I-AVG"), account(), kind=DocumentKind.INVOICE)
        warnings = outstanding_order_warnings(work, made)
        assert [(one.code, one.values["order"], one.line_no) for one in warnings] == [
            ("orders_outstanding", order.document_no, 1)
        ]
        received(order.lines[0], "10", "10")
        work.session.flush()
        assert outstanding_order_warnings(work, made) == []


def test_a_vendor_in_use_is_not_deleted(books: Books) -> None:
    """PU-17."""
    with books.work() as work:
        made = document(work, item())
        with refused("vendor_in_use") as error:
            delete_vendor(work, "V-NL")
        assert value(error, "document") == made.document_no
        delete_draft(work, made)
        bill(work, item())
        with refused("vendor_open_entries"):
            delete_vendor(work, "V-NL")
        work.session.query(VendorEntry).one().open = False
        work.session.flush()
        with refused("vendor_has_entries"):
            delete_vendor(work, "V-NL")
        delete_vendor(work, "V-BLK")
        with refused("vendor_not_found"):
            delete_vendor(work, "V-BLK")


@pytest.mark.parametrize("years", [0, 3])
def test_posted_documents_are_kept(books: Books, years: int) -> None:
    """PU-181: within the legal period, and unless a date is set before which they may go."""
    with books.work() as work:
        posted = get_posted(work, bill(work, item()))
        if years:
            get_company(work).allow_deletion_before = posted.posting_date.replace(year=2026 + years)
        with refused("posted_delete_not_allowed") as error:
            require_deletable(work, posted)
        assert value(error, "date").year == 2033
