"""Posting sales: shipments at cost, invoices to customers, parts of orders (PU-104, PO §4.7)."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from core.errors import DomainError
from core.ledgers.customer import CustomerEntry
from core.ledgers.vat import VatEntry
from core.master.posting_groups import ANY, GeneralPostingSetup
from core.posting.adjustment import InventoryAdjustment, adjust_inventory
from core.posting.sales import PostedSales, post_sales, sell
from core.sales.document import Customer, PostedSalesDocument, SalesDocument
from core.sales.drafts import SalesChange, SalesDraft, SalesToPost, change_sales, get_sales, set_sales_to_post
from tests.books import Books
from tests.core.builders import amounts, codes, ledger
from tests.core.sales.builders import FEBRUARY_2, charged, invoice, make_sale, order, remark, sold

FEBRUARY_1 = date(2026, 2, 1)


def in_stock(books: Books, quantity: str = "10", unit_cost: str = "10", item: str = "I-FIFO") -> None:
    """Goods that are there at this cost."""
    with books.work() as work:
        adjust_inventory(
            work,
            InventoryAdjustment(
                item_no=item,
                quantity=Decimal(quantity),
                unit_cost=Decimal(unit_cost),
                posting_date=FEBRUARY_1,
            ),
        )


def sale(books: Books, draft: SalesDraft) -> PostedSales:
    """Make and post a sales invoice."""
    with books.work() as work:
        return sell(work, draft)


def posted(books: Books, sales_id: int, *, ship: bool, invoice: bool) -> PostedSales:
    """Post an order."""
    with books.work() as work:
        return post_sales(work, sales_id, ship=ship, invoice=invoice)


def to_post(books: Books, sales_id: int, quantities: Mapping[int, SalesToPost]) -> None:
    """Say what the next posting takes."""
    with books.work() as work:
        set_sales_to_post(work, get_sales(work, sales_id), quantities)


def refused(books: Books, draft: SalesDraft, *, ship: bool = True, invoice: bool = True) -> list[str]:
    """The codes with which posting is refused; nothing has changed."""
    sales_id = make_sale(books, draft)
    before = ledger(books)
    with pytest.raises(DomainError) as caught, books.work() as work:
        post_sales(work, sales_id, ship=ship, invoice=invoice)
    assert ledger(books) == before
    with books.reading() as work:
        line = get_sales(work, sales_id).lines[0]
        assert line.quantity_shipped == line.quantity_invoiced == 0
    return codes(caught.value.problems)


def test_an_invoice_ships_at_cost_and_charges_the_customer(books: Books) -> None:
    """Goods leave at what they cost; receivables, sales and VAT as on golden case D30."""
    in_stock(books)
    made = sale(books, invoice(sold("2"), sold("3", "80", item="I-SVC")))
    assert ledger(books, made) == amounts(
        {"1300": "363", "8000": "-300", "1700": "-63", "7000": "20", "1400": "-20"}
    )
    with books.reading() as work:
        [entry] = work.session.scalars(select(CustomerEntry))
        assert (entry.amount_lcy, entry.open, entry.due_date) == (Decimal(363), True, date(2026, 3, 4))
        [vat] = work.session.scalars(select(VatEntry))
        assert (vat.type, vat.base, vat.amount) == ("sale", Decimal(-300), Decimal(-63))
        documents = work.session.scalars(select(PostedSalesDocument).order_by(PostedSalesDocument.kind))
        assert [(one.kind, one.posted_no, one.total_gross) for one in documents] == [
            ("invoice", "PS-00001", Decimal(363)),
            ("shipment", "SS-00001", Decimal(0)),
        ]


def test_without_price_and_customer_only_the_cost_side_has_amounts(books: Books) -> None:
    in_stock(books)
    made = sale(books, invoice(sold("2", "0"), customer=None))
    assert ledger(books, made) == amounts({"7000": "20", "1400": "-20"})
    made = sale(books, invoice(sold("2", "0")))
    assert ledger(books, made) == amounts({"7000": "20", "1400": "-20"})
    with books.reading() as work:
        [entry] = work.session.scalars(select(CustomerEntry))
        assert (entry.amount, entry.open) == (Decimal(0), False)


def test_vat_is_rounded_per_group_not_per_line(books: Books) -> None:
    """PO-62: three lines of 1.17 at 21 % carry 0.74, not 0.75."""
    made = sale(books, invoice(charged("1.17"), charged("1.17"), charged("1.17")))
    assert ledger(books, made) == amounts({"1300": "4.25", "8000": "-3.51", "1700": "-0.74"})


def test_a_posted_invoice_stays_and_cannot_be_posted_again(books: Books) -> None:
    """PO-162."""
    sales_id = make_sale(books, invoice(charged("10")))
    posted(books, sales_id, ship=False, invoice=False)
    with pytest.raises(DomainError) as caught, books.work() as work:
        post_sales(work, sales_id)
    assert caught.value.code == "already_posted"


def test_a_shipment_waits_on_the_interim_accounts_for_its_invoice(books: Books) -> None:
    """PO §4.7: sale, direct cost, expected; then actual cost in its place."""
    in_stock(books)
    sales_id = make_sale(books, order(sold("5"), remark()))
    shipped = posted(books, sales_id, ship=True, invoice=False)
    assert (shipped.shipment_no, shipped.posted_no, shipped.document_closed) == ("SS-00001", None, False)
    assert ledger(books, shipped) == amounts({"1410": "-50", "7010": "50"})
    billed = posted(books, sales_id, ship=False, invoice=True)
    assert ledger(books, billed) == amounts(
        {
            "1300": "181.50",
            "8000": "-150",
            "1700": "-31.50",
            "7000": "50",
            "1400": "-50",
            "7010": "-50",
            "1410": "50",
        }
    )
    assert billed.document_closed
    with books.reading() as work:
        assert work.session.get(SalesDocument, sales_id) is None


def test_an_order_is_shipped_and_invoiced_in_parts_oldest_shipment_first(books: Books) -> None:
    in_stock(books)
    sales_id = make_sale(books, order(sold("5")))
    to_post(books, sales_id, {1: SalesToPost(ship=Decimal(2))})
    posted(books, sales_id, ship=True, invoice=False)
    to_post(books, sales_id, {1: SalesToPost(ship=Decimal(3), invoice=Decimal(4))})
    both = posted(books, sales_id, ship=True, invoice=True)
    # The two shipped before and two of the three shipped now; one waits at expected cost.
    assert ledger(books, both) == amounts(
        {
            "1300": "145.20",
            "8000": "-120",
            "1700": "-25.20",
            "7000": "40",
            "1400": "-40",
            "7010": "-10",
            "1410": "10",
        }
    )
    with books.reading() as work:
        shipments = work.session.scalars(
            select(PostedSalesDocument).where(PostedSalesDocument.kind == "shipment")
        )
        lines = [line for shipment in shipments for line in shipment.lines]
        assert [(line.quantity, line.quantity_invoiced) for line in lines] == [(2, 2), (3, 2)]
        [line] = get_sales(work, sales_id).lines
        assert (line.quantity_shipped, line.quantity_invoiced) == (5, 4)
    last = posted(books, sales_id, ship=False, invoice=True)
    assert last.document_closed
    assert ledger(books)["7000"] == 50
    assert "1410" not in ledger(books) and "7010" not in ledger(books)


def test_an_order_shipped_and_invoiced_at_once_leaves_the_interim_accounts_alone(books: Books) -> None:
    in_stock(books)
    sales_id = make_sale(books, order(sold("1", unit="BOX", unit_price="100")))
    in_stock(books, "2")
    made = posted(books, sales_id, ship=True, invoice=True)
    assert made.document_closed
    assert ledger(books, made) == amounts(
        {"1300": "121", "8000": "-100", "1700": "-21", "7000": "120", "1400": "-120"}
    )


def test_a_released_order_takes_another_date_and_the_due_date_follows(books: Books) -> None:
    in_stock(books)
    sales_id = make_sale(books, order(sold("2")))
    posted(books, sales_id, ship=True, invoice=False)
    with books.work() as work:
        change_sales(work, get_sales(work, sales_id), SalesChange(posting_date=date(2026, 2, 20)))
    posted(books, sales_id, ship=False, invoice=True)
    with books.reading() as work:
        [entry] = work.session.scalars(select(CustomerEntry))
        assert (entry.posting_date, entry.due_date) == (date(2026, 2, 20), date(2026, 3, 22))


def test_a_sale_in_a_foreign_currency_is_converted_from_the_running_total(books: Books) -> None:
    """PO-69: three lines of 1.11 at 0.90 come to 3.00, not 3 x 1.00."""
    lines = [charged("1.11", vat="Z")] * 3
    made = sale(books, invoice(*lines, currency_code="USD"))
    assert ledger(books, made) == amounts({"1300": "3.00", "8000": "-3.00"})
    with books.reading() as work:
        [entry] = work.session.scalars(select(CustomerEntry))
        assert (entry.amount, entry.amount_lcy, entry.currency_code) == (Decimal("3.33"), Decimal(3), "USD")


def test_prices_may_include_vat(books: Books) -> None:
    made = sale(books, invoice(charged("121"), prices_include_vat=True))
    assert ledger(books, made) == amounts({"1300": "121", "8000": "-100", "1700": "-21"})


def test_more_than_there_is_cannot_be_sold(books: Books) -> None:
    """PO-97."""
    in_stock(books, "2")
    assert refused(books, invoice(sold("3"))) == ["insufficient_inventory"]


@pytest.mark.parametrize(
    ("blocked", "ship", "invoice_now", "is_refused"),
    [
        ("ship", True, False, True),
        ("ship", False, True, False),
        ("invoice", True, False, False),
        ("invoice", False, True, True),
        ("all", True, False, True),
        ("all", False, True, True),
    ],
)
def test_a_customer_is_blocked_for_what_his_card_says(
    books: Books, blocked: str, ship: bool, invoice_now: bool, is_refused: bool
) -> None:
    """PU-104."""
    in_stock(books)
    sales_id = make_sale(books, order(sold("2")))
    if not ship:
        posted(books, sales_id, ship=True, invoice=False)
    with books.work() as work:
        work.session.get_one(Customer, "C-NL").blocked = blocked
    if not is_refused:
        posted(books, sales_id, ship=ship, invoice=invoice_now)
        return
    with pytest.raises(DomainError) as caught, books.work() as work:
        post_sales(work, sales_id, ship=ship, invoice=invoice_now)
    assert codes(caught.value.problems) == ["customer_blocked"]


def test_everything_that_is_missing_is_said_at_once(books: Books) -> None:
    """PO-33."""
    in_stock(books)
    with books.work() as work:
        customer = work.session.get_one(Customer, "C-NL")
        customer.posting_group = customer.vat_business = None
    draft = invoice(sold("1", vat_product=""), charged("1", account="1300"), on=date(2027, 1, 1))
    assert refused(books, draft) == [
        "posting_date_not_allowed",
        "posting_group_missing",
        "posting_group_missing",
        "gl_account_not_usable",
    ]


def test_accounts_are_asked_for_before_anything_is_written(books: Books) -> None:
    """PO-33, PO-34: also those whose amount will be zero."""
    in_stock(books)
    with books.work() as work:
        setup = work.session.get_one(GeneralPostingSetup, (ANY, "GOODS"))
        setup.sales = setup.cogs = setup.cogs_interim = None
    assert refused(books, order(sold("1")), invoice=False) == ["posting_setup_missing"] * 2
    assert refused(books, invoice(sold("1", "0"))) == ["posting_setup_missing"] * 2


@pytest.mark.parametrize(
    ("draft", "code"),
    [
        (invoice(remark()), "nothing_to_post"),
        (invoice(charged("-10")), "negative_total"),
        (invoice(charged("10"), customer=None), "sales_charge_without_customer"),
        (invoice(sold("-1")), "return_on_sale_not_supported"),
        (invoice(charged("10"), currency_code="USD", on=date(2025, 12, 31)), "posting_date_not_allowed"),
    ],
)
def test_what_cannot_be_posted_is_refused(books: Books, draft: SalesDraft, code: str) -> None:
    assert code in refused(books, draft)


def test_an_order_with_nothing_selected_posts_nothing(books: Books) -> None:
    """PU-74."""
    assert refused(books, order(sold("1")), ship=False, invoice=False) == ["nothing_selected"]


def test_invoicing_what_is_not_shipped_posts_nothing(books: Books) -> None:
    """PU-76 for sales."""
    assert refused(books, order(sold("1")), ship=False, invoice=True) == ["nothing_to_post"]


def test_a_line_that_names_what_it_takes_has_exactly_that_cost(books: Books) -> None:
    """PO-100."""
    in_stock(books, "1", "10")
    in_stock(books, "1", "25")
    made = sale(books, invoice(sold("1", applies_to_item_entry_no=2), on=FEBRUARY_2))
    assert ledger(books, made)["7000"] == 25
