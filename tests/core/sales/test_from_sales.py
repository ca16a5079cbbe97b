"""Buying for a sale: an invoice from a sales document, and orders for what is short (PU-119 to PU-123)."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from core.errors import DomainError
from core.master.items import Item
from core.posting.adjustment import InventoryAdjustment, adjust_inventory
from core.posting.engine import post
from core.posting.sales import post_sales, sell
from core.posting.selection import Selection
from core.purchasing.document import PurchaseDocument
from core.purchasing.draft_header import change_header
from core.purchasing.draft_inputs import HeaderChange, LineChange
from core.purchasing.drafts import add_line, change_line, get_draft
from core.purchasing.from_sales import (
    DemandRow,
    SaleSource,
    Wanted,
    create_purchase_orders,
    demand,
    purchase_from_sale,
)
from core.purchasing.orders import set_to_post
from core.purchasing.quantities import QuantityToPost
from core.sales.drafts import (
    SalesLineChange,
    SalesToPost,
    change_sales_line,
    create_sales,
    get_sales,
    set_sales_to_post,
)
from core.work import Work
from tests.books import Books
from tests.core.builders import amounts, codes, item_line, ledger
from tests.core.sales.builders import (
    HARBOUR,
    charged,
    invoice,
    make_sale,
    order,
    remark,
    set_up_sales,
    sold,
)
from tests.core.sales.test_drop_shipments import purchase_order

RECEIVING, BILLING = Selection(receive=True), Selection(invoice=True)


def refused(books: Books, action: Callable[[Work], object]) -> DomainError:
    """The refusal; no purchase document was made."""
    before = documents(books)
    with pytest.raises(DomainError) as caught, books.work() as work:
        action(work)
    assert documents(books) == before
    return caught.value


def documents(books: Books) -> int:
    """How many purchase documents there are."""
    with books.reading() as work:
        return work.session.scalar(select(func.count()).select_from(PurchaseDocument)) or 0


def buy_from(books: Books, **vendors: str) -> None:
    """Put vendors on item cards; `I_FIFO="V-NL"`."""
    with books.work() as work:
        for item_no, vendor_no in vendors.items():
            work.session.get_one(Item, item_no.replace("_", "-")).vendor_no = vendor_no


def in_stock(books: Books, quantity: str) -> None:
    """Pieces of I-FIFO that are there."""
    with books.work() as work:
        adjust_inventory(
            work,
            InventoryAdjustment(
                item_no="I-FIFO",
                quantity=Decimal(quantity),
                unit_cost=Decimal(10),
                posting_date=date(2026, 2, 1),
            ),
        )


# An invoice from a sales document


def test_comments_and_items_are_copied_in_the_units_of_the_sale(books: Books) -> None:
    """PU-119, PU-120, PO-109: a draft; the sale is unchanged and nothing is posted."""
    sale = make_sale(books, invoice(remark(), sold("4", unit="BOX", description="Boxes of it")))
    with books.work() as work:
        made = purchase_from_sale(work, SaleSource.INVOICE, "SI-00001", vendor_no="V-NL")
        text, item = made.document.lines
        assert (made.document.kind, made.document.status, made.document.vendor_no) == (
            "invoice",
            "open",
            "V-NL",
        )
        assert (text.type, text.description) == ("comment", "Mind the step")
        assert (item.no, item.quantity, item.unit, item.units_per_unit, item.description) == (
            "I-FIFO",
            4,
            "BOX",
            12,
            "Boxes of it",
        )
        assert item.sales_order_no is None
        assert get_sales(work, sale).version == 1
    assert ledger(books) == {}


def test_a_posted_sales_invoice_can_be_bought_for(books: Books) -> None:
    """PU-119; golden case D30: chosen lines, and the draft posts as any other."""
    in_stock(books, "5")
    with books.work() as work:
        sell(work, invoice(sold("2"), sold("3", "80", item="I-SVC")))
    with books.work() as work:
        made = purchase_from_sale(work, SaleSource.POSTED_INVOICE, "PS-00001", [2], "V-NL")
        [line] = made.document.lines
        assert (line.no, line.quantity) == ("I-SVC", 3)
        line.unit_cost = Decimal(55)
        change_header(work, made.document, HeaderChange(vendor_document_no="S-1"))
        posted = post(work, made.document.id)
    assert ledger(books, posted) == amounts({"7600": "165", "1500": "34.65", "1600": "-199.65"})


def test_any_other_line_refuses_the_whole(books: Books) -> None:
    """PU-120, acceptance example 47."""
    make_sale(books, order(remark(), sold("4", unit="BOX"), charged("10")))
    problem = refused(
        books, lambda work: purchase_from_sale(work, SaleSource.ORDER, "SO-00001", vendor_no="V-NL")
    )
    assert [(one.code, one.line_no) for one in problem.problems] == [("type_not_supported", 3)]
    with books.work() as work:
        made = purchase_from_sale(work, SaleSource.ORDER, "SO-00001", [1, 2], "V-NL")
        assert len(made.document.lines) == 2


def test_other_documents_cannot_be_bought_for(books: Books) -> None:
    """PU-119."""
    in_stock(books, "5")
    with books.work() as work:
        sell(work, invoice(sold("2")))
    error = refused(books, lambda work: purchase_from_sale(work, SaleSource.SHIPMENT, "SS-00001"))
    assert error.code == "type_not_supported"


def test_at_least_one_line_is_chosen(books: Books) -> None:
    """PU-120: `no_lines_selected`."""
    make_sale(books, order(sold()))
    error = refused(books, lambda work: purchase_from_sale(work, SaleSource.ORDER, "SO-00001", [], "V-NL"))
    assert error.code == "no_lines_selected"


def test_an_unknown_sale_is_refused(books: Books) -> None:
    error = refused(books, lambda work: purchase_from_sale(work, SaleSource.ORDER, "SO-00009"))
    assert error.code == "sales_not_found"


def test_the_vendor_is_the_one_that_all_chosen_items_have(books: Books) -> None:
    """PU-119, acceptance example 48."""
    buy_from(books, I_FIFO="V-NL", I_AVG="V-NL", I_STD="V-NL2")
    make_sale(books, order(sold(), sold(item="I-AVG"), sold(item="I-STD"), sold(item="I-SVC")))
    with books.work() as work:
        made = purchase_from_sale(work, SaleSource.ORDER, "SO-00001", [1, 2])
        assert made.document.vendor_no == "V-NL"
    for lines in ([1, 3], [1, 4]):
        error = refused(
            books, lambda work, chosen=lines: purchase_from_sale(work, SaleSource.ORDER, "SO-00001", chosen)
        )
        assert error.code == "vendor_missing"
    with books.work() as work:
        made = purchase_from_sale(work, SaleSource.ORDER, "SO-00001", [1, 3], "V-EU")
        assert made.document.vendor_no == "V-EU"


def test_the_second_time_a_notice_names_the_first(books: Books) -> None:
    """PU-121."""
    make_sale(books, order(sold()))
    with books.work() as work:
        first = purchase_from_sale(work, SaleSource.ORDER, "SO-00001", vendor_no="V-NL")
        assert first.notices == ()
        second = purchase_from_sale(work, SaleSource.ORDER, "SO-00001", vendor_no="V-NL")
        [notice] = second.notices
        assert (notice.code, notice.severity) == ("bought_before", "information")
        assert notice.values == {"no": "SO-00001", "document": first.document.document_no}
    assert documents(books) == 2


# What is short


def needed(books: Books, sale: int) -> list[DemandRow]:
    """The list of PU-122."""
    with books.reading() as work:
        return demand(work, get_sales(work, sale))


def test_what_is_not_available_on_the_shipment_date_is_proposed(books: Books) -> None:
    """PU-122: in stock, plus what is expected by then, minus what others need by then."""
    in_stock(books, "6")
    buy_from(books, I_FIFO="V-NL")
    purchase_order(books, item_line("2", "5", expected_receipt_date=date(2026, 2, 10)), customer=None)
    purchase_order(books, item_line("50", "5", expected_receipt_date=date(2026, 3, 1)), customer=None)
    make_sale(books, order(sold("3", shipment_date=date(2026, 2, 12))))
    make_sale(books, order(sold("99", shipment_date=date(2026, 4, 1))))
    sale = make_sale(books, order(sold("9", shipment_date=date(2026, 2, 15))))
    [row] = needed(books, sale)
    assert (row.demanded, row.available, row.quantity, row.vendor_no) == (9, 5, 4, "V-NL")


def test_rows_that_are_available_are_proposed_with_nothing(books: Books) -> None:
    """PU-122, with the filter *unavailable only*."""
    in_stock(books, "12")
    sale = make_sale(books, order(sold("1", unit="BOX"), sold("2"), remark(), charged("5")))
    assert [(row.line_no, row.available, row.quantity) for row in needed(books, sale)] == [
        (1, 1, 0),
        (2, 0, 2),
    ]
    with books.reading() as work:
        assert [row.line_no for row in demand(work, get_sales(work, sale), only_unavailable=True)] == [2]


def test_drop_shipments_take_no_part_in_what_is_available(books: Books) -> None:
    """PU-113."""
    in_stock(books, "4")
    sale = make_sale(books, order(sold("3", drop_shipment=True), sold("4")))
    drop, own = needed(books, sale)
    assert (drop.quantity, drop.is_fixed) == (3, True)
    assert (own.available, own.quantity) == (4, 0)


def test_one_purchase_order_is_made_for_each_vendor(books: Books) -> None:
    """PU-123, acceptance example 49."""
    in_stock(books, "1")
    buy_from(books, I_FIFO="V-NL", I_AVG="V-NL2", I_STD="V-NL")
    lines = (sold("3"), sold("2", item="I-AVG"), sold("4", item="I-STD"))
    sale = make_sale(books, order(*lines, on=date(2026, 2, 20)))
    with books.work() as work:
        document = get_sales(work, sale)
        wanted = [Wanted(row.line_no, row.quantity) for row in demand(work, document)]
        first, second = create_purchase_orders(work, document, wanted)
        assert [(line.no, line.quantity) for line in first.lines] == [("I-FIFO", 2), ("I-STD", 4)]
        assert [(line.no, line.quantity) for line in second.lines] == [("I-AVG", 2)]
        assert (first.vendor_no, second.vendor_no, first.kind) == ("V-NL", "V-NL2", "order")
        assert first.lines[0].requested_receipt_date == date(2026, 2, 20)
        assert first.lines[0].sales_order_no is None


def test_drop_shipments_get_an_order_of_their_own_and_are_linked(books: Books) -> None:
    """PU-123: to the customer's address; the quantity is that of the sales line."""
    set_up_sales(books)
    buy_from(books, I_FIFO="V-NL")
    lines = (
        sold("3", drop_shipment=True, promised_delivery_date=date(2026, 2, 18)),
        sold("2"),
        sold("4", special_order=True),
    )
    sale = make_sale(books, order(*lines, customer="C-2", ship_to_code=HARBOUR.code))
    with books.work() as work:
        document = get_sales(work, sale)
        wanted = [Wanted(row.line_no, Decimal(1)) for row in demand(work, document)]
        own, dropped = create_purchase_orders(work, document, wanted)
        assert (own.sell_to_customer_no, dropped.sell_to_customer_no) == (None, "C-2")
        assert dropped.ship_to_code == "HARBOUR"
        [line] = dropped.lines
        assert (line.quantity, line.drop_shipment, line.sales_line_no) == (3, True, 1)
        assert line.requested_receipt_date == date(2026, 2, 18)
        special, plain = own.lines
        assert (special.quantity, special.special_order, special.sales_line_no) == (4, True, 3)
        assert (plain.quantity, plain.sales_order_no) == (1, None)
        assert [one.purchase_order_no for one in document.lines] == [
            dropped.document_no,
            None,
            own.document_no,
        ]
    with books.work() as work:
        document = get_sales(work, sale)
        assert [row.quantity for row in demand(work, document)] == [0, 1, 0]
        assert create_purchase_orders(work, document, [Wanted(1, Decimal(3))]) == []


def test_a_row_without_vendor_refuses_all(books: Books) -> None:
    """PU-123: `vendor_missing` for that row, nothing is created."""
    buy_from(books, I_FIFO="V-NL")
    sale = make_sale(books, order(sold("3"), sold("2", item="I-AVG"), sold("1", item="I-STD")))
    wanted = [Wanted(number, Decimal(1)) for number in (1, 2, 3)]
    error = refused(books, lambda work: create_purchase_orders(work, get_sales(work, sale), wanted))
    assert [(one.code, one.line_no) for one in error.problems] == [
        ("vendor_missing", 2),
        ("vendor_missing", 3),
    ]
    with books.work() as work:
        chosen = [Wanted(2, Decimal(1), "V-EU")]
        [made] = create_purchase_orders(work, get_sales(work, sale), chosen)
        assert made.vendor_no == "V-EU"


def test_no_rows_make_no_orders(books: Books) -> None:
    """PU-123."""
    sale = make_sale(books, order(sold("3")))
    with books.work() as work:
        assert create_purchase_orders(work, get_sales(work, sale), [Wanted(1, Decimal(0))]) == []


# Special orders


def special(books: Books) -> tuple[int, int]:
    """A sales order of 4 with a special order, and the purchase order that was made for it."""
    buy_from(books, I_FIFO="V-NL")
    with books.work() as work:
        document = create_sales(work, order(sold("4", special_order=True)))
        [bought] = create_purchase_orders(work, document, [Wanted(1, Decimal(4))])
        bought.lines[0].unit_cost = Decimal(10)
        return document.id, bought.id


def test_a_special_order_ships_what_was_received_for_it(books: Books) -> None:
    """PU-117: own stock of the same item does not count."""
    in_stock(books, "10")
    sale, bought = special(books)
    error = refused(books, lambda work: post_sales(work, sale, invoice=False))
    assert codes(error.problems) == ["special_order_not_received"]
    assert error.problems[0].values["n"] == 0
    with books.work() as work:
        set_to_post(work, get_draft(work, bought), {1: QuantityToPost(receive=Decimal(3))})
        post(work, bought, selection=RECEIVING)
    error = refused(books, lambda work: post_sales(work, sale, invoice=False))
    assert error.problems[0].values["n"] == 3
    with books.work() as work:
        set_sales_to_post(work, get_sales(work, sale), {1: SalesToPost(ship=Decimal(3))})
        post_sales(work, sale, invoice=False)


def test_both_sides_of_a_special_order_are_invoiced_independently(books: Books) -> None:
    """PU-117: goods come into stock; the link ends when the sale is invoiced."""
    sale, bought = special(books)
    with books.work() as work:
        change_header(work, get_draft(work, bought), HeaderChange(vendor_document_no="S-1"))
        post(work, bought, selection=RECEIVING)
        post(work, bought, selection=BILLING)
    with books.work() as work:
        assert work.session.get(PurchaseDocument, bought) is None
        post_sales(work, sale)
    assert ledger(books)["7000"] == 40


def test_the_link_of_a_special_order_ends_with_the_last_invoice(books: Books) -> None:
    """PU-117."""
    sale, bought = special(books)
    with books.work() as work:
        post(work, bought, selection=RECEIVING)
    with books.work() as work:
        post_sales(work, sale)
    with books.reading() as work:
        [line] = get_draft(work, bought).lines
        assert (line.special_order, line.sales_order_no) == (True, None)


def test_what_a_special_order_shares_is_locked(books: Books) -> None:
    """PU-117 as PU-109."""
    sale, bought = special(books)
    error = refused(
        books,
        lambda work: change_sales_line(work, get_sales(work, sale), 1, SalesLineChange(quantity=Decimal(5))),
    )
    assert error.code == "linked_to_purchase_order"
    error = refused(
        books, lambda work: change_line(work, get_draft(work, bought), 1, LineChange(quantity=Decimal(5)))
    )
    assert error.code == "linked_to_sales_order"
    for marks in (LineChange(special_order=False), LineChange(drop_shipment=True)):
        error = refused(
            books, lambda work, change=marks: change_line(work, get_draft(work, bought), 1, change)
        )
        assert error.code == "linked_to_sales_order"


def test_a_purchase_line_is_one_of_the_two_as_well(books: Books) -> None:
    """PU-106: `purchasing_code_conflict`."""
    bought = purchase_order(books, item_line("1", "5", drop_shipment=True))
    error = refused(
        books,
        lambda work: change_line(work, get_draft(work, bought), 1, LineChange(special_order=True)),
    )
    assert error.code == "purchasing_code_conflict"
    error = refused(
        books,
        lambda work: add_line(
            work, get_draft(work, bought), item_line("1", "5", drop_shipment=True, special_order=True)
        ),
    )
    assert error.code == "purchasing_code_conflict"
