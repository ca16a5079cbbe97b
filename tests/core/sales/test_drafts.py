"""Sales documents before posting: PU-104, PU-106, and PU-109 as far as one line alone shows it."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from core.errors import DomainError
from core.sales.customers import (
    NewCustomer,
    PurchasingCodeSetup,
    SalesSetup,
    create_customer,
    find_customers,
    put_sales_setup,
)
from core.sales.drafts import (
    SalesChange,
    SalesDraft,
    SalesLineChange,
    SalesToPost,
    add_sales_line,
    change_sales,
    change_sales_line,
    create_sales,
    delete_sales,
    delete_sales_line,
    get_sales,
    lock_sales,
    release_sales,
    reopen_sales,
    set_sales_to_post,
)
from core.work import Work
from tests.books import Books
from tests.core.sales.builders import charged, invoice, make_sale, order, remark, set_up_sales, sold


def refused(books: Books, action: Callable[[Work], object]) -> str:
    """The code with which the action is refused."""
    with pytest.raises(DomainError) as caught, books.work() as work:
        action(work)
    return caught.value.code


def test_a_line_takes_unit_text_and_vat_group_from_the_item(books: Books) -> None:
    with books.work() as work:
        [line] = create_sales(work, order(sold("3"))).lines
        assert (line.description, line.unit, line.vat_product) == ("Item I-FIFO", "PCS", "H")
        assert (line.qty_to_ship, line.qty_to_invoice) == (Decimal(3), Decimal(3))
        assert line.shipment_date == date(2026, 2, 2)


def test_a_line_takes_text_from_its_account_and_a_comment_has_no_quantity(books: Books) -> None:
    with books.work() as work:
        account, comment = create_sales(work, order(charged("10"), remark())).lines
        assert account.description == "Sales goods"
        assert (comment.quantity, comment.description) == (Decimal(0), "Mind the step")


def test_the_due_date_follows_the_terms_of_the_customer(books: Books) -> None:
    with books.work() as work:
        document = create_sales(work, invoice(charged("10")))
        assert document.due_date == date(2026, 3, 4)
        change_sales(work, document, SalesChange(document_date=date(2026, 2, 10)))
        assert document.due_date == date(2026, 3, 12)


def test_another_customer_brings_his_terms(books: Books) -> None:
    set_up_sales(books)
    with books.work() as work:
        document = create_sales(work, order(sold()))
        change_sales(work, document, SalesChange(customer_no="c-2", ship_to_code="harbour"))
        assert (document.customer_no, document.ship_to_code) == ("C-2", "HARBOUR")
        assert (document.payment_terms, document.due_date) == (None, date(2026, 2, 2))


def test_the_unit_is_frozen_with_its_factor_when_it_is_chosen(books: Books) -> None:
    """PU-23."""
    with books.work() as work:
        document = create_sales(work, order(sold("4", unit="BOX")))
        assert document.lines[0].units_per_unit == 12
        line = change_sales_line(work, document, 1, SalesLineChange(unit="PCS", quantity=Decimal(7)))
        assert (line.units_per_unit, line.qty_to_ship) == (1, 7)


@pytest.mark.parametrize(
    ("draft", "code"),
    [
        (order(sold(), customer="NOBODY"), "customer_not_found"),
        (order(sold(), ship_to_code="MOON"), "ship_to_unknown"),
        (order(sold(item="NOTHING")), "item_unknown"),
        (order(charged("1", account="0")), "account_unknown"),
        (order(sold(unit="TON")), "unit_unknown"),
        (order(sold(discount_percent=Decimal(101))), "line_discount_out_of_range"),
        (order(sold(purchasing_code="WHAT")), "purchasing_code_unknown"),
        (order(sold(drop_shipment=True, special_order=True)), "purchasing_code_conflict"),
        (order(sold(purchasing_code="SPECIAL", drop_shipment=True)), "purchasing_code_conflict"),
        (invoice(sold(drop_shipment=True)), "purchasing_code_not_allowed"),
        (order(sold(item="I-SVC", drop_shipment=True)), "purchasing_code_not_allowed"),
    ],
)
def test_what_cannot_be_made_is_refused(books: Books, draft: SalesDraft, code: str) -> None:
    set_up_sales(books)
    assert refused(books, lambda work: create_sales(work, draft)) == code


def test_a_purchasing_code_sets_one_mark_and_taking_it_away_clears_it(books: Books) -> None:
    """PU-106."""
    set_up_sales(books)
    with books.work() as work:
        document = create_sales(work, order(sold(purchasing_code="DROP"), sold(item="I-SVC")))
        drop, service = document.lines
        assert (drop.drop_shipment, drop.special_order) == (True, False)
        change_sales_line(work, document, 1, SalesLineChange(purchasing_code=None))
        assert not drop.drop_shipment
        change_sales_line(work, document, 2, SalesLineChange(purchasing_code="SPECIAL"))
        assert service.special_order


def test_a_stored_line_cannot_become_both(books: Books) -> None:
    """PU-106: `purchasing_code_conflict`, and the line is as it was."""
    set_up_sales(books)
    sale = make_sale(books, order(sold(purchasing_code="SPECIAL")))
    change = SalesLineChange(drop_shipment=True)
    assert (
        refused(books, lambda work: change_sales_line(work, get_sales(work, sale), 1, change))
        == "purchasing_code_conflict"
    )
    with books.reading() as work:
        [line] = get_sales(work, sale).lines
        assert (line.drop_shipment, line.special_order) == (False, True)


def test_no_purchasing_code_asks_for_both(books: Books) -> None:
    """PU-106."""
    code = PurchasingCodeSetup("BOTH", "Both", drop_shipment=True, special_order=True)
    setup = SalesSetup(purchasing_codes=(code,))
    assert refused(books, lambda work: put_sales_setup(work, setup)) == "purchasing_code_conflict"


def test_only_an_open_document_changes(books: Books) -> None:
    sale = make_sale(books, order(sold()))
    with books.work() as work:
        release_sales(work, get_sales(work, sale))
    for action in (
        lambda work: add_sales_line(work, get_sales(work, sale), sold()),
        lambda work: change_sales_line(work, get_sales(work, sale), 1, SalesLineChange(quantity=Decimal(2))),
        lambda work: delete_sales_line(work, get_sales(work, sale), 1),
        lambda work: change_sales(work, get_sales(work, sale), SalesChange(customer_no=None)),
    ):
        assert refused(books, action) == "status_not_open"
    with books.work() as work:
        document = get_sales(work, sale)
        reopen_sales(work, document)
        add_sales_line(work, document, sold())
        delete_sales_line(work, document, 1)
        assert [line.line_no for line in document.lines] == [2]
        delete_sales(work, document)
    assert refused(books, lambda work: lock_sales(work, sale)) == "document_deleted"


def test_a_document_of_remarks_is_not_released(books: Books) -> None:
    sale = make_sale(books, order(remark()))
    assert refused(books, lambda work: release_sales(work, get_sales(work, sale))) == "nothing_to_release"


def test_an_older_version_is_refused(books: Books) -> None:
    """PU-3."""
    sale = make_sale(books, order(sold()))
    with books.work() as work:
        add_sales_line(work, get_sales(work, sale), sold())
    assert refused(books, lambda work: lock_sales(work, sale, version=1)) == "stale_document"


def test_what_the_next_posting_takes_stays_within_the_line(books: Books) -> None:
    """PU-71 for sales."""
    sale = make_sale(books, order(sold("5")))
    for wanted, code in (
        (SalesToPost(ship=Decimal(6)), "qty_to_ship_too_large"),
        (SalesToPost(ship=Decimal(-1)), "qty_to_ship_too_large"),
        (SalesToPost(ship=Decimal(2), invoice=Decimal(3)), "qty_to_invoice_too_large"),
    ):
        assert (
            refused(books, lambda work, w=wanted: set_sales_to_post(work, get_sales(work, sale), {1: w}))
            == code
        )
    with books.work() as work:
        document = get_sales(work, sale)
        set_sales_to_post(work, document, {1: SalesToPost(ship=Decimal(2))})
        assert (document.lines[0].qty_to_ship, document.lines[0].qty_to_invoice) == (2, 2)


def test_an_invoice_posts_whole(books: Books) -> None:
    sale = make_sale(books, invoice(sold("5")))
    wanted = {1: SalesToPost(ship=Decimal(2))}
    assert (
        refused(books, lambda work: set_sales_to_post(work, get_sales(work, sale), wanted))
        == "invoice_must_be_whole"
    )


def test_customers_are_numbered_and_found_by_name(books: Books) -> None:
    set_up_sales(books)
    with books.work() as work:
        assert create_customer(work, NewCustomer(name="Molen VOF", city="Zaandam")).customer_no == "K-00001"
        assert [one.customer_no for one in find_customers(work, "haven")] == ["C-2"]
        assert [one.customer_no for one in find_customers(work, "zaan")] == ["K-00001"]
    typed = NewCustomer(name="Typed", customer_no="K-9")
    assert refused(books, lambda work: create_customer(work, typed)) == "manual_no_not_allowed"
