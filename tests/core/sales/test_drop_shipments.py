"""Drop shipments both ways round: PU-106 to PU-116, PO-107, PO-108."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from core.errors import DomainError
from core.ledgers.item import ItemApplication, ItemEntry
from core.master.items import ItemUnit
from core.master.number_series import NumberSeriesLine
from core.posting.engine import Posted, post
from core.posting.sales import PostedSales, post_sales
from core.posting.selection import Selection
from core.purchasing.document import DocumentKind, PurchaseDocument
from core.purchasing.draft_header import change_header
from core.purchasing.draft_inputs import DocumentDraft, HeaderChange, LineChange
from core.purchasing.drafts import add_line, change_line, create_draft, delete_draft, delete_line, get_draft
from core.purchasing.drop_shipments import get_sales_order, require_sendable
from core.purchasing.orders import set_to_post
from core.purchasing.posted import PostedReceipt
from core.purchasing.quantities import QuantityToPost
from core.reports.reconciliation import verify_books
from core.sales.document import Customer, SalesDocument
from core.sales.drafts import (
    SalesChange,
    SalesLineChange,
    SalesToPost,
    change_sales,
    change_sales_line,
    delete_sales,
    delete_sales_line,
    get_sales,
    set_sales_to_post,
)
from core.work import Work
from tests.books import Books
from tests.core.builders import account_line, amounts, item_line, ledger, set_company, stock
from tests.core.sales.builders import FEBRUARY_2, HARBOUR, make_sale, order, set_up_sales, sold

FEBRUARY_5 = date(2026, 2, 5)


def purchase_order(books: Books, *lines: object, customer: str | None = "C-NL", **more: object) -> int:
    """A purchase order for a customer."""
    with books.work() as work:
        draft = DocumentDraft(
            vendor_no="V-NL",
            posting_date=FEBRUARY_5,
            kind=DocumentKind.ORDER,
            sell_to_customer_no=customer,
            lines=lines,  # type: ignore[arg-type]
            **more,  # type: ignore[arg-type]
        )
        return create_draft(work, draft).id


def linked(books: Books, quantity: str = "5", unit_cost: str = "18") -> tuple[int, int]:
    """Sales order SO-00001 at 30.00 with a drop shipment, and the purchase order that is linked to it."""
    sale = make_sale(books, order(sold(quantity, drop_shipment=True)))
    bought = purchase_order(books)
    with books.work() as work:
        document = get_draft(work, bought)
        get_sales_order(work, document, "SO-00001")
        change_line(work, document, 1, LineChange(unit_cost=Decimal(unit_cost)))
    return sale, bought


def received(books: Books, document_id: int) -> Posted:
    """Receive a purchase order."""
    with books.work() as work:
        return post(work, document_id, selection=Selection(receive=True))


def billed(books: Books, document_id: int, number: str = "D-1") -> Posted:
    """Invoice a purchase order."""
    with books.work() as work:
        change_header(work, get_draft(work, document_id), HeaderChange(vendor_document_no=number))
        return post(work, document_id, selection=Selection(invoice=True))


def sales_posted(books: Books, sale: int, *, ship: bool, invoice: bool) -> PostedSales:
    """Post a sales order."""
    with books.work() as work:
        return post_sales(work, sale, ship=ship, invoice=invoice)


def refused(books: Books, action: Callable[[Work], object]) -> str:
    """The code with which the action is refused; no ledger, number or quantity has changed."""
    before = state(books)
    with pytest.raises(DomainError) as caught, books.work() as work:
        action(work)
    assert state(books) == before
    return caught.value.code


def state(books: Books) -> object:
    """All that a refused action may not touch."""
    with books.reading() as work:
        numbers = work.session.execute(select(NumberSeriesLine.series_code, NumberSeriesLine.last_no_used))
        entries = work.session.scalar(select(func.count()).select_from(ItemEntry))
        documents = [
            (one.document_no, one.version, one.status, line.line_no, line.quantity, line.quantity_received)
            for one in work.session.scalars(select(PurchaseDocument).order_by(PurchaseDocument.id))
            for line in one.lines
        ]
        sales = [
            (one.document_no, one.version, one.status, line.line_no, line.quantity, line.quantity_shipped)
            for one in work.session.scalars(select(SalesDocument).order_by(SalesDocument.id))
            for line in one.lines
        ]
        return sorted(map(tuple, numbers)), entries, documents, sales, ledger(books)


# Linking


def test_the_sales_line_becomes_a_purchase_line_and_both_know_of_each_other(books: Books) -> None:
    """PU-107, PU-110."""
    sale, bought = linked(books)
    with books.reading() as work:
        [line] = get_draft(work, bought).lines
        assert (line.no, line.quantity, line.unit, line.drop_shipment) == ("I-FIFO", 5, "PCS", True)
        assert (line.sales_order_no, line.sales_line_no) == ("SO-00001", 1)
        [line_sold] = get_sales(work, sale).lines
        assert (line_sold.purchase_order_no, line_sold.purchase_line_no) == ("O-00001", 1)


def test_a_purchase_order_without_customer_fetches_nothing(books: Books) -> None:
    """PU-107: `sell_to_customer_missing`."""
    make_sale(books, order(sold(drop_shipment=True)))
    bought = purchase_order(books, customer=None)
    assert (
        refused(books, lambda work: get_sales_order(work, get_draft(work, bought), "SO-00001"))
        == "sell_to_customer_missing"
    )


def test_a_sales_order_that_goes_elsewhere_is_not_fetched(books: Books) -> None:
    """PU-107: `ship_to_mismatch`."""
    set_up_sales(books)
    make_sale(books, order(sold(drop_shipment=True), customer="C-2", ship_to_code=HARBOUR.code))
    bought = purchase_order(books, customer="C-2")
    assert (
        refused(books, lambda work: get_sales_order(work, get_draft(work, bought), "SO-00001"))
        == "ship_to_mismatch"
    )
    harbour = purchase_order(books, customer="C-2", ship_to_code="HARBOUR")
    with books.work() as work:
        assert len(get_sales_order(work, get_draft(work, harbour), "SO-00001")) == 1


def test_another_customers_order_is_not_found(books: Books) -> None:
    """PU-107."""
    set_up_sales(books)
    make_sale(books, order(sold(drop_shipment=True)))
    bought = purchase_order(books, customer="C-2")
    assert (
        refused(books, lambda work: get_sales_order(work, get_draft(work, bought), "SO-00001"))
        == "sales_not_found"
    )


def test_what_is_linked_already_is_not_fetched_again(books: Books) -> None:
    """PU-107: `no_drop_shipment_lines`, also when no line is a drop shipment."""
    linked(books)
    other = purchase_order(books)
    make_sale(books, order(sold()))
    for number in ("SO-00001", "SO-00002"):
        assert (
            refused(books, lambda work, no=number: get_sales_order(work, get_draft(work, other), no))
            == "no_drop_shipment_lines"
        )


def test_a_unit_that_changed_since_the_sale_is_not_fetched(books: Books) -> None:
    """PU-107: `uom_factor_changed`."""
    make_sale(books, order(sold(unit="BOX", drop_shipment=True)))
    bought = purchase_order(books)
    with books.work() as work:
        work.session.get_one(ItemUnit, ("I-FIFO", "BOX")).factor = Decimal(10)
    assert (
        refused(books, lambda work: get_sales_order(work, get_draft(work, bought), "SO-00001"))
        == "uom_factor_changed"
    )


@pytest.mark.parametrize(
    "change",
    [
        LineChange(quantity=Decimal(6)),
        LineChange(no="I-AVG"),
        LineChange(unit="BOX"),
        LineChange(location_code="EAST"),
        LineChange(drop_shipment=False),
    ],
)
def test_a_linked_purchase_line_keeps_what_the_sales_line_has_too(books: Books, change: LineChange) -> None:
    """PU-109: `linked_to_sales_order`."""
    _, bought = linked(books)
    assert (
        refused(books, lambda work: change_line(work, get_draft(work, bought), 1, change))
        == "linked_to_sales_order"
    )


@pytest.mark.parametrize(
    "change",
    [
        SalesLineChange(quantity=Decimal(6)),
        SalesLineChange(no="I-AVG"),
        SalesLineChange(unit="BOX"),
        SalesLineChange(location_code="EAST"),
        SalesLineChange(drop_shipment=False),
    ],
)
def test_a_linked_sales_line_keeps_what_the_purchase_line_has_too(
    books: Books, change: SalesLineChange
) -> None:
    """PU-109: `linked_to_purchase_order`."""
    sale, _ = linked(books)
    assert (
        refused(books, lambda work: change_sales_line(work, get_sales(work, sale), 1, change))
        == "linked_to_purchase_order"
    )


def test_a_linked_sales_line_is_not_deleted_and_the_customer_stays(books: Books) -> None:
    """PU-109."""
    set_up_sales(books)
    sale, bought = linked(books)
    for action in (
        lambda work: delete_sales_line(work, get_sales(work, sale), 1),
        lambda work: delete_sales(work, get_sales(work, sale)),
        lambda work: change_sales(work, get_sales(work, sale), SalesChange(customer_no="C-2")),
    ):
        assert refused(books, action) == "linked_to_purchase_order"
    header = HeaderChange(sell_to_customer_no="C-2")
    assert (
        refused(books, lambda work: change_header(work, get_draft(work, bought), header))
        == "linked_to_sales_order"
    )


@pytest.mark.parametrize("whole", [False, True])
def test_deleting_the_purchase_line_lets_the_sales_line_go(books: Books, whole: bool) -> None:
    """PU-109, PU-110: then the quantity can change, and the line be fetched again."""
    sale, bought = linked(books)
    with books.work() as work:
        document = get_draft(work, bought)
        if whole:
            delete_draft(work, document)
        else:
            delete_line(work, document, 1)
    with books.work() as work:
        change_sales_line(work, get_sales(work, sale), 1, SalesLineChange(quantity=Decimal(7)))
    other = purchase_order(books) if whole else bought
    with books.work() as work:
        [line] = get_sales_order(work, get_draft(work, other), "SO-00001")
        assert line.quantity == 7


def test_an_order_that_mixes_ways_cannot_be_sent(books: Books) -> None:
    """PU-108: other kinds of line do not count."""
    _, bought = linked(books)
    with books.work() as work:
        document = get_draft(work, bought)
        add_line(work, document, account_line("5"))
        add_line(work, document, item_line("1", "5", item="I-NON"))
        require_sendable(work, document)
        add_line(work, document, item_line("1", "5"))
    assert (
        refused(books, lambda work: require_sendable(work, get_draft(work, bought))) == "mixed_drop_shipment"
    )


# Posting


def test_receiving_ships_to_the_customer(books: Books) -> None:
    """PU-111, PO-107: two numbers, two entries applied to each other, no stock, both orders moved on."""
    sale, bought = linked(books)
    made = received(books, bought)
    assert ledger(books, made) == amounts({"1490": "-90", "7010": "90"})
    assert made.receipt_no == "R-00001"
    with books.reading() as work:
        came, went = work.session.scalars(select(ItemEntry).order_by(ItemEntry.entry_no))
        assert (came.kind, came.quantity, came.remaining_quantity) == ("purchase", 5, 0)
        assert (went.kind, went.quantity, went.remaining_quantity) == ("sale", -5, 0)
        assert came.posting_date == went.posting_date == FEBRUARY_5
        assert (went.document_type, went.document_no) == ("sales_shipment", "SS-00001")
        [applied] = work.session.scalars(select(ItemApplication))
        assert (applied.inbound_entry_no, applied.outbound_entry_no, applied.quantity) == (1, 2, 5)
        [receipt] = work.session.scalars(select(PostedReceipt))
        assert receipt.sales_shipment_no == "SS-00001"
        document = get_sales(work, sale)
        assert (document.status, document.lines[0].quantity_shipped) == ("released", 5)
        assert document.posting_date == FEBRUARY_2
    assert stock(books, "I-FIFO")[0] == 0


def test_shipping_receives_from_the_vendor(books: Books) -> None:
    """PU-111 the other way round; what was typed on the purchase order stays."""
    sale, bought = linked(books)
    with books.work() as work:
        add_line(work, get_draft(work, bought), item_line("4", "3"))
        set_to_post(work, get_draft(work, bought), {2: QuantityToPost(receive=Decimal(1))})
        set_sales_to_post(work, get_sales(work, sale), {1: SalesToPost(ship=Decimal(3))})
    made = sales_posted(books, sale, ship=True, invoice=False)
    assert (made.shipment_no, made.receipt_nos) == ("SS-00001", ("R-00001",))
    with books.reading() as work:
        assert ledger(books) == amounts({"1490": "-54", "7010": "54"})
        drop, own = get_draft(work, bought).lines
        assert (drop.quantity_received, drop.qty_to_receive, drop.expected_cost) == (3, 2, 54)
        assert (own.quantity_received, own.qty_to_receive) == (0, 1)
        assert get_draft(work, bought).posting_date == FEBRUARY_5
        came, went = work.session.scalars(select(ItemEntry).order_by(ItemEntry.entry_no))
        assert came.posting_date == went.posting_date == FEBRUARY_2
        [receipt] = work.session.scalars(select(PostedReceipt))
        assert receipt.sales_shipment_no == "SS-00001"
        assert [line.quantity for line in receipt.lines] == [3]
    assert stock(books, "I-FIFO")[0] == 0


def test_own_goods_and_drop_shipments_may_be_received_together(books: Books) -> None:
    """PU-108: mixing is allowed for posting."""
    _, bought = linked(books)
    with books.work() as work:
        add_line(work, get_draft(work, bought), item_line("4", "3"))
    made = received(books, bought)
    assert ledger(books, made) == amounts({"1490": "-102", "7010": "90", "1410": "12"})
    assert stock(books, "I-FIFO")[0] == 4


def test_the_purchase_is_invoiced_after_the_sale(books: Books) -> None:
    """PU-114, PO-108: golden case D29, with the dearer bill passed on to the cost of the sale (PU-115)."""
    sale, bought = linked(books)
    received(books, bought)
    assert refused(books, lambda work: _bill(work, bought)) == "sales_not_invoiced"
    sold_now = sales_posted(books, sale, ship=False, invoice=True)
    assert ledger(books, sold_now) == amounts(
        {
            "1300": "181.50",
            "8000": "-150",
            "1700": "-31.50",
            "7000": "90",
            "7010": "-90",
            "1400": "-90",
            "1410": "90",
        }
    )
    with books.work() as work:
        change_line(work, get_draft(work, bought), 1, LineChange(unit_cost=Decimal("18.50")))
    made = billed(books, bought)
    assert ledger(books, made) == amounts(
        {
            "7100": "92.50",
            "1500": "19.43",
            "1600": "-111.93",
            "7200": "-92.50",
            "1400": "90",
            "1410": "-90",
            "1490": "90",
            "7000": "2.50",
        }
    )
    assert made.document_closed
    assert stock(books, "I-FIFO") == (0, 0)


def _bill(work: Work, document_id: int) -> Posted:
    change_header(work, get_draft(work, document_id), HeaderChange(vendor_document_no="D-0"))
    return post(work, document_id, selection=Selection(invoice=True))


def test_only_what_the_sale_has_invoiced_can_be_billed(books: Books) -> None:
    """PU-114: the example of §6.2."""
    sale, bought = linked(books, unit_cost="80")
    with books.work() as work:
        set_sales_to_post(work, get_sales(work, sale), {1: SalesToPost(ship=Decimal(3))})
    sales_posted(books, sale, ship=True, invoice=False)
    assert refused(books, lambda work: _bill(work, bought)) == "sales_not_invoiced"
    sales_posted(books, sale, ship=False, invoice=True)
    billed(books, bought)
    assert ledger(books)["7000"] == 240
    received(books, bought)
    assert refused(books, lambda work: _bill(work, bought)) == "sales_not_invoiced"


def test_either_order_of_the_two_invoices_ends_on_the_same_balances(books: Books) -> None:
    """PO-108, with the setting off."""
    set_company(books, drop_shipment_sales_invoice_first=False)
    sale, bought = linked(books)
    received(books, bought)
    with books.work() as work:
        change_line(work, get_draft(work, bought), 1, LineChange(unit_cost=Decimal("18.50")))
    billed(books, bought)
    sales_posted(books, sale, ship=False, invoice=True)
    assert ledger(books) == amounts(
        {
            "1300": "181.50",
            "8000": "-150",
            "1700": "-31.50",
            "7100": "92.50",
            "1500": "19.43",
            "1600": "-111.93",
            "7200": "-92.50",
            "7000": "92.50",
        }
    )
    assert stock(books, "I-FIFO") == (0, 0)


def test_shipping_and_invoicing_at_once_receives_too(books: Books) -> None:
    """PU-111: cost of goods sold at the expected cost, corrected by the bill (PO-94)."""
    sale, bought = linked(books)
    made = sales_posted(books, sale, ship=True, invoice=True)
    assert made.document_closed
    assert ledger(books)["7000"] == 90
    with books.reading() as work:
        [line] = get_draft(work, bought).lines
        assert (line.quantity_received, line.sales_order_no, line.sales_line_no) == (5, None, None)
    with books.work() as work:
        change_line(work, get_draft(work, bought), 1, LineChange(unit_cost=Decimal(20)))
    billed(books, bought)
    assert ledger(books)["7000"] == 100
    assert stock(books, "I-FIFO") == (0, 0)


def test_receiving_and_billing_at_once_ships_too(books: Books) -> None:
    """PU-111, with the setting off: the sale waits at the actual cost."""
    set_company(books, drop_shipment_sales_invoice_first=False)
    sale, bought = linked(books)
    with books.work() as work:
        change_header(work, get_draft(work, bought), HeaderChange(vendor_document_no="D-1"))
        post(work, bought, selection=Selection(receive=True, invoice=True))
    sales_posted(books, sale, ship=False, invoice=True)
    assert ledger(books)["7000"] == 90
    assert "7010" not in ledger(books) and "1410" not in ledger(books) and "1400" not in ledger(books)


def test_one_sales_order_may_be_bought_on_two_purchase_orders(books: Books) -> None:
    """PU-111: each receives under a number of its own."""
    sale = make_sale(books, order(sold("2", drop_shipment=True), sold("3", drop_shipment=True, item="I-AVG")))
    for line_no in (1, 2):
        bought = purchase_order(books)
        with books.work() as work:
            get_sales_order(work, get_draft(work, bought), "SO-00001", [line_no])
            change_line(work, get_draft(work, bought), 1, LineChange(unit_cost=Decimal(10)))
    made = sales_posted(books, sale, ship=True, invoice=False)
    assert made.receipt_nos == ("R-00001", "R-00002")
    assert ledger(books) == amounts({"1490": "-50", "7010": "50"})


def test_one_purchase_order_may_buy_for_two_sales_orders(books: Books) -> None:
    """PU-111: each ships under a number of its own."""
    for quantity in ("2", "3"):
        make_sale(books, order(sold(quantity, drop_shipment=True)))
    bought = purchase_order(books)
    with books.work() as work:
        for number in ("SO-00001", "SO-00002"):
            get_sales_order(work, get_draft(work, bought), number)
        for line_no in (1, 2):
            change_line(work, get_draft(work, bought), line_no, LineChange(unit_cost=Decimal(10)))
    received(books, bought)
    with books.reading() as work:
        documents = work.session.scalars(
            select(ItemEntry.document_no).where(ItemEntry.kind == "sale").order_by(ItemEntry.entry_no)
        )
        assert list(documents) == ["SS-00001", "SS-00002"]


def test_a_drop_shipment_without_purchase_order_is_not_shipped(books: Books) -> None:
    """PU-112."""
    sale = make_sale(books, order(sold(drop_shipment=True)))
    assert refused(books, lambda work: post_sales(work, sale, invoice=False)) == "drop_shipment_not_linked"


def test_a_drop_shipment_without_sales_order_is_not_received(books: Books) -> None:
    """PU-112 seen from the other side."""
    bought = purchase_order(books, item_line("1", "5", drop_shipment=True))
    assert (
        refused(books, lambda work: post(work, bought, selection=Selection(receive=True)))
        == "drop_shipment_not_linked"
    )


def test_the_sales_order_has_its_own_checks_when_it_ships_along(books: Books) -> None:
    """PU-111: if those fail the whole posting is refused with that error."""
    _, bought = linked(books)
    with books.work() as work:
        work.session.get_one(Customer, "C-NL").blocked = "ship"
    assert (
        refused(books, lambda work: post(work, bought, selection=Selection(receive=True)))
        == "customer_blocked"
    )


def test_the_purchase_order_has_its_own_checks_when_it_receives_along(books: Books) -> None:
    """PU-111."""
    sale, bought = linked(books)
    with books.work() as work:
        get_draft(work, bought).status = "pending_approval"
    assert refused(books, lambda work: post_sales(work, sale, invoice=False)) == "approval_pending"


def test_drop_shipments_stay_out_of_stock_that_is_there(books: Books) -> None:
    """PU-111, PU-113: own stock at another cost is neither taken nor mixed in."""
    own = purchase_order(books, item_line("10", "7"), customer=None)
    received(books, own)
    _, bought = linked(books)
    received(books, bought)
    assert ledger(books) == amounts({"1410": "70", "1490": "-160", "7010": "90"})
    assert stock(books, "I-FIFO")[0] == 10


@pytest.mark.parametrize("item", ["I-FIFO", "I-AVG", "I-STD"])
def test_with_every_costing_method_either_order_ends_on_the_same_balances(books: Books, item: str) -> None:
    """PO-108: beside own stock, in two parts, at a bill that is dearer than the order."""
    set_company(books, drop_shipment_sales_invoice_first=False)
    own = purchase_order(books, item_line("4", "7", item=item), customer=None)
    received(books, own)
    billed(books, own, "OWN")
    before = ledger(books)
    endings = []
    for number, sale_first in enumerate((True, False), start=1):
        sale = make_sale(books, order(sold("5", item=item, drop_shipment=True)))
        bought = purchase_order(books)
        with books.work() as work:
            get_sales_order(work, get_draft(work, bought), f"SO-0000{number}")
            change_line(work, get_draft(work, bought), 1, LineChange(unit_cost=Decimal(18)))
            set_to_post(work, get_draft(work, bought), {1: QuantityToPost(receive=Decimal(2))})
        received(books, bought)
        sales_posted(books, sale, ship=True, invoice=False)
        with books.work() as work:
            change_line(work, get_draft(work, bought), 1, LineChange(unit_cost=Decimal("18.50")))
        if sale_first:
            sales_posted(books, sale, ship=False, invoice=True)
        billed(books, bought, f"D-{number}")
        if not sale_first:
            sales_posted(books, sale, ship=False, invoice=True)
        after = ledger(books)
        endings.append({no: after.get(no, 0) - before.get(no, 0) for no in {*after, *before}})
        before = after
    first, second = ({no: amount for no, amount in ending.items() if amount} for ending in endings)
    assert first == second
    assert not {"1400", "1410", "1490", "7010"} & first.keys()
    assert stock(books, item)[0] == 4
    with books.reading() as work:
        assert verify_books(work) == []
