"""How orders and their lines end, over-receipts, quotes that become orders, replacements."""

from decimal import Decimal

import pytest

from core.master.company import get_company
from core.master.items import find_item
from core.master.number_series import NumberSeriesLine
from core.master.prices import PurchasePrice
from core.master.purchasing_setup import OverReceiptCode
from core.master.vendors import get_vendor
from core.purchasing.archive import archive, versions
from core.purchasing.attachments import AttachedTo, StoredFile, attach, attachments
from core.purchasing.comments import add_comment, list_comments
from core.purchasing.document import DocumentKind, DocumentStatus, PurchaseDocument
from core.purchasing.drafts import release
from core.purchasing.moving import move_negative_lines
from core.purchasing.orders import (
    approve_over_receipt,
    close_line,
    delete_invoiced_orders,
    over_receipt_problems,
    reject_over_receipt,
    set_to_post,
)
from core.purchasing.quantities import QuantityToPost
from core.purchasing.quotes import make_order
from core.work import Work
from tests.books import CLERK, Books
from tests.core.purchasing.documents import (
    MARCH_2,
    account,
    comment,
    document,
    item,
    received,
    refused,
    value,
)

PDF = StoredFile("a" * 64, "offer.pdf", "application/pdf", 1234)


def receive(quantity: str) -> dict[int, QuantityToPost]:
    """So much of line 1 arrives."""
    return {1: QuantityToPost(receive=Decimal(quantity))}


def tolerated(work: Work, percent: str = "5", *, approval: bool = False) -> None:
    """An over-receipt code for the vendor."""
    work.session.add(
        OverReceiptCode(
            code="OVER",
            description="Over",
            tolerance_percent=Decimal(percent),
            approval_required=approval,
        )
    )
    get_vendor(work, "V-NL").over_receipt_code = "OVER"


def test_more_may_arrive_than_was_ordered_as_far_as_the_code_goes(books: Books) -> None:
    """PU-82, acceptance 28."""
    with books.work() as work:
        tolerated(work)
        order = document(work, item("100"))
        line = order.lines[0]
        with refused("qty_to_receive_too_large"):
            set_to_post(work, order, receive("105"))
        release(work, order)
        set_to_post(work, order, receive("105"))
        assert (line.quantity, line.over_receipt_quantity, line.qty_to_receive) == (105, 5, 105)
        with refused("over_receipt_too_large") as error:
            set_to_post(work, order, receive("106"))
        assert value(error, "n") == 105
        assert (line.quantity, line.over_receipt_quantity) == (105, 5)
        set_to_post(work, order, receive("60"))
        assert (line.quantity, line.over_receipt_quantity, line.qty_to_receive) == (100, 0, 60)
        assert over_receipt_problems(order) == []


def test_the_tolerance_is_taken_of_base_units(books: Books) -> None:
    """PU-82: 5 % of 10 boxes of 12 are 6 pieces, half a box."""
    with books.work() as work:
        tolerated(work)
        order = document(work, item("10", unit="BOX"))
        release(work, order)
        with refused("over_receipt_too_large") as error:
            set_to_post(work, order, receive("11"))
        assert value(error, "n") == Decimal("10.5")
        set_to_post(work, order, receive("10.5"))


@pytest.mark.parametrize("owner", ["line", "item", "vendor", "company"])
def test_the_code_of_the_line_goes_before_item_vendor_and_company(books: Books, owner: str) -> None:
    """PU-82: 20 % from the one named, 1 % from those after it."""
    with books.work() as work:
        tolerated(work, "1")
        work.session.add(OverReceiptCode(code="WIDE", description="Wide", tolerance_percent=Decimal(20)))
        work.session.flush()
        get_vendor(work, "V-NL").over_receipt_code = None
        found = find_item(work, "I-FIFO")
        assert found is not None
        order = document(work, item("100"))
        places = [
            ("company", get_company(work), "default_over_receipt_code"),
            ("vendor", get_vendor(work, "V-NL"), "over_receipt_code"),
            ("item", found, "over_receipt_code"),
            ("line", order.lines[0], "over_receipt_code"),
        ]
        for name, row, column in places:
            setattr(row, column, "WIDE" if name == owner else "OVER")
            if name == owner:
                break
        release(work, order)
        set_to_post(work, order, receive("120"))
        assert order.lines[0].over_receipt_quantity == 20


def test_an_over_receipt_waits_for_somebody_else(books: Books) -> None:
    """PU-83."""
    with books.work(CLERK) as work:
        tolerated(work, approval=True)
        order = document(work, item("100"))
        release(work, order)
        set_to_post(work, order, receive("105"))
        assert [problem.code for problem in over_receipt_problems(order)] == ["over_receipt_pending"]
    with refused("over_receipt_own"), books.work(CLERK) as work:
        approve_over_receipt(work, work.session.get_one(PurchaseDocument, order.id), 1)
    with books.work() as work:
        again = work.session.get_one(PurchaseDocument, order.id)
        approve_over_receipt(work, again, 1)
        approve_over_receipt(work, again, 1)
        assert over_receipt_problems(again) == []
        assert again.lines[0].over_receipt_state == "approved"


def test_a_rejected_over_receipt_leaves_the_order_as_it_was(books: Books) -> None:
    """PU-83."""
    with books.work() as work:
        tolerated(work, approval=True)
        order = document(work, item("100"))
        release(work, order)
        set_to_post(work, order, receive("105"))
        reject_over_receipt(work, order, 1)
        line = order.lines[0]
        assert (line.quantity, line.qty_to_receive, line.over_receipt_state) == (100, 100, None)


def test_a_short_delivery_ends_the_line(books: Books) -> None:
    """PU-81: what was received stays invoiceable; a line with nothing received becomes an empty one."""
    with books.work() as work:
        order = document(work, item("100"), item("5"))
        received(order.lines[0], "60", "50")
        release(work, order)
        with refused("close_reason_missing"):
            close_line(work, order, 1, " ")
        for number in (1, 2):
            close_line(work, order, number, "Sold out")
        first, second = order.lines
        assert (first.quantity, first.qty_to_receive, first.qty_to_invoice) == (60, 0, 10)
        assert (second.quantity, second.qty_to_invoice) == (0, 0)
        bill = document(work, item(), kind=DocumentKind.INVOICE)
        with refused("whole_documents_only"):
            close_line(work, bill, 1, "No")


def test_completely_invoiced_orders_are_deleted_the_others_stay(books: Books) -> None:
    """PU-79."""
    with books.work() as work:
        done, untouched, open_order, unbilled = (document(work, item("10"), comment()) for _ in range(4))
        received(done.lines[0], "10", "10")
        received(open_order.lines[0], "6", "6")
        received(unbilled.lines[0], "10", "6")
        assert delete_invoiced_orders(work) == [done.document_no]
        assert delete_invoiced_orders(work, vendor_no="V-EU") == []
        left = work.session.query(PurchaseDocument).order_by(PurchaseDocument.id)
        assert [row.document_no for row in left] == [
            order.document_no for order in (untouched, open_order, unbilled)
        ]


def quote(work: Work) -> PurchaseDocument:
    """A quote with everything that hangs on one."""
    made = document(
        work, item("10", "9.50"), account(), comment("Franco"), kind=DocumentKind.QUOTE, location_code=""
    )
    add_comment(work, made, "Ask for Piet", line_no=1)
    attach(work, AttachedTo.QUOTE, made.document_no, PDF)
    return made


def test_a_quote_becomes_an_order_as_it_is(books: Books) -> None:
    """PU-61, acceptance 18: prices are not searched again."""
    with books.work() as work:
        offer = quote(work)
        number = offer.document_no
        work.session.add(
            PurchasePrice(item_no="I-FIFO", vendor_no="V-NL", unit_cost=Decimal(9), minimum_quantity=0)
        )
        release(work, offer)
        order = make_order(work, offer)
        assert (order.kind, order.document_no, order.quote_no) == ("order", "O-00001", number)
        assert (order.status, order.order_date, order.posting_date) == ("open", MARCH_2, MARCH_2)
        assert [line.unit_cost for line in order.lines] == [Decimal("9.5"), 100, 0]
        assert (order.lines[0].qty_to_receive, order.lines[0].qty_to_invoice) == (10, 10)
        assert [row.text for row in list_comments(work, order)] == ["Ask for Piet"]
        assert [row.name for row in attachments(work, AttachedTo.ORDER, "O-00001")] == ["offer.pdf"]
        assert work.session.query(PurchaseDocument).count() == 1


def test_a_quote_without_posting_date_takes_the_work_date_or_none(books: Books) -> None:
    """PU-61, §3.1 *Default Posting Date*."""
    with books.work() as work:
        get_company(work).no_posting_date = True
        offers = [document(work, item(), kind=DocumentKind.QUOTE, posting_date=None) for _ in range(2)]
        assert make_order(work, offers[0]).posting_date is None
        get_company(work).no_posting_date = False
        assert make_order(work, offers[1]).posting_date == work.today


@pytest.mark.parametrize(
    ("hindrance", "code"),
    [
        ("item", "item_blocked"),
        ("purchasing", "item_purchasing_blocked"),
        ("vendor", "vendor_blocked"),
        ("approval", "approval_required"),
        ("kind", "quote_expected"),
    ],
)
def test_a_refused_quote_stays_and_uses_no_order_number(books: Books, hindrance: str, code: str) -> None:
    """PU-62, acceptance 19."""
    with books.work() as work:
        offer = quote(work) if hindrance != "kind" else document(work, item(), kind=DocumentKind.INVOICE)
        found = find_item(work, "I-FIFO")
        assert found is not None
        found.blocked = hindrance == "item"
        found.purchasing_blocked = hindrance == "purchasing"
        if hindrance == "vendor":
            get_vendor(work, "V-NL").blocked = "all"
        if hindrance == "approval":
            offer.status = DocumentStatus.PENDING_APPROVAL.value
    with refused(code), books.work() as work:
        make_order(work, work.session.get_one(PurchaseDocument, offer.id))
    with books.work() as work:
        assert [row.document_no for row in work.session.query(PurchaseDocument)] == [offer.document_no]
        used = {row.series_code: row.last_no_used for row in work.session.query(NumberSeriesLine)}
        assert "O-00001" not in used.values()


def test_the_conversion_archives_the_quote_when_it_is_set_up(books: Books) -> None:
    """PU-63, acceptance 20: two by hand and one of the conversion."""
    with books.work() as work:
        get_company(work).archive_quotes = "always"
        offer = quote(work)
        number = offer.document_no
        archive(work, offer)
        archive(work, offer)
        make_order(work, offer)
        found = versions(work, DocumentKind.QUOTE, number)
        assert [(row.version_no, row.reason) for row in found] == [
            (3, "conversion"),
            (2, "by_hand"),
            (1, "by_hand"),
        ]


def test_a_replacement_moves_to_an_order_of_its_own(books: Books) -> None:
    """PU-144, acceptance 57."""
    with books.work() as work:
        back = document(work, item("5"), item("-5", no="I-AVG"), kind=DocumentKind.RETURN_ORDER)
        order = move_negative_lines(work, back)
        assert (order.kind, order.status) == ("order", "open")
        assert [(line.no, line.quantity, line.qty_to_receive) for line in order.lines] == [("I-AVG", 5, 5)]
        assert [(line.no, line.quantity) for line in back.lines] == [("I-FIFO", 5)]
        with refused("no_negative_lines"):
            move_negative_lines(work, back)


@pytest.mark.parametrize(
    ("kind", "target"),
    [
        (DocumentKind.ORDER, DocumentKind.RETURN_ORDER),
        (DocumentKind.INVOICE, DocumentKind.CREDIT_MEMO),
        (DocumentKind.CREDIT_MEMO, DocumentKind.INVOICE),
    ],
)
def test_negative_lines_move_in_the_other_direction(
    books: Books, kind: DocumentKind, target: DocumentKind
) -> None:
    """PU-144."""
    with books.work() as work:
        source = document(work, item("-5"), item("1"), kind=kind, vendor_document_no="F-1")
        with refused("move_not_supported"):
            move_negative_lines(work, source, kind)
        moved = move_negative_lines(work, source)
        assert (moved.kind, moved.vendor_document_no) == (target.value, None)
        assert moved.lines[0].qty_to_invoice == 5
