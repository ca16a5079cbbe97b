"""Quotes, orders and return orders before posting: made, changed, released, deleted."""

from decimal import Decimal

import pytest

from core.master.company import get_company
from core.master.items import Item, ItemUnit, ItemVariant, find_item
from core.master.number_series import NumberSeriesLine
from core.master.vendors import get_vendor
from core.purchasing.document import DocumentKind, DocumentStatus, PurchaseDocument
from core.purchasing.draft_header import change_header
from core.purchasing.draft_inputs import HeaderChange, LineChange
from core.purchasing.drafts import (
    add_line,
    change_line,
    delete_draft,
    delete_line,
    entry_notices,
    release,
    reopen,
)
from core.purchasing.orders import set_to_post
from core.purchasing.quantities import QuantityToPost
from core.work import Work
from tests.books import Books
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


def quantities(found: PurchaseDocument) -> list[tuple[int, int]]:
    """To receive and to invoice per line."""
    return [(int(line.qty_to_receive), int(line.qty_to_invoice)) for line in found.lines]


@pytest.mark.parametrize(
    ("kind", "first_no"),
    [
        (DocumentKind.ORDER, "O-00001"),
        (DocumentKind.QUOTE, "Q-00001"),
        (DocumentKind.RETURN_ORDER, "RO-00001"),
        (DocumentKind.INVOICE, "I-00001"),
        (DocumentKind.CREDIT_MEMO, "C-00001"),
    ],
)
def test_each_kind_of_document_takes_its_number_from_its_own_series(
    books: Books, kind: DocumentKind, first_no: str
) -> None:
    """§1."""
    with books.work() as work:
        made = document(work, item(), comment(), kind=kind)
        assert (made.document_no, made.status) == (first_no, "open")
        assert made.order_date == made.document_date == MARCH_2
        assert quantities(made) == [(10, 10), (0, 0)]


def test_with_blank_the_clerk_types_what_arrived(books: Books) -> None:
    """PU-72, §3.1: *Default Qty. to Receive*."""
    with books.work() as work:
        get_company(work).receive_remainder = False
        assert quantities(document(work, item())) == [(0, 0)]
        assert quantities(document(work, item(), kind=DocumentKind.INVOICE)) == [(10, 10)]


def test_a_refused_document_takes_no_number(books: Books) -> None:
    """PU-1: the counters stand where they stood."""
    with books.work() as work:
        before = [line.last_no_used for line in work.session.query(NumberSeriesLine)]
    with refused("item_unknown"), books.work() as work:
        document(work, item(), item(no="NOBODY"))
    with books.work() as work:
        assert [line.last_no_used for line in work.session.query(NumberSeriesLine)] == before
        assert work.session.query(PurchaseDocument).count() == 0


def test_a_line_freezes_how_many_base_units_its_unit_holds(books: Books) -> None:
    """PU-23: what the item card says later does not change it."""
    with books.work() as work:
        made = document(work, item(unit="BOX"))
        assert made.lines[0].units_per_unit == 12
        unit = work.session.get_one(ItemUnit, ("I-FIFO", "BOX"))
        unit.factor = Decimal(10)
        change_line(work, made, 1, LineChange(quantity=Decimal(3)))
        assert made.lines[0].units_per_unit == 12
        change_line(work, made, 1, LineChange(unit="PCS"))
        change_line(work, made, 1, LineChange(unit="BOX"))
        assert made.lines[0].units_per_unit == 10


def test_a_quantity_that_does_not_fit_its_unit_is_refused(books: Books) -> None:
    """PU-22: with precision 1, 2.5 boxes are none."""
    with books.work() as work:
        made = document(work, item("2.5", unit="BOX"))
        assert made.lines[0].quantity * made.lines[0].units_per_unit == 30
        work.session.get_one(ItemUnit, ("I-FIFO", "BOX")).rounding_precision = Decimal(1)
    with refused("quantity_precision") as error, books.work() as work:
        document(work, item("2.5", unit="BOX"))
    assert value(error, "unit") == "BOX"


def test_a_quantity_that_is_nothing_in_base_units_is_refused(books: Books) -> None:
    """PU-22."""
    with books.work() as work:
        found = find_item(work, "I-FIFO")
        assert found is not None
        found.units.append(ItemUnit(unit="GRAIN", factor=Decimal("0.00001")))
    with refused("quantity_rounds_to_zero"), books.work() as work:
        document(work, item("0.1", unit="GRAIN"))


def test_a_blocked_item_cannot_be_entered(books: Books) -> None:
    """PU-20."""
    with books.work() as work:
        made = document(work, item(no="I-AVG"))
        item_card(work, "I-FIFO").blocked = True
    with refused("item_blocked"), books.work() as work:
        document(work, item())
    with refused("item_blocked"), books.work() as work:
        change_line(work, work.session.merge(made), 1, LineChange(no="I-FIFO"))


def test_what_may_not_be_purchased_may_still_go_back_with_a_notice(books: Books) -> None:
    """PU-20, acceptance 7."""
    with books.work() as work:
        item_card(work, "I-FIFO").purchasing_blocked = True
    for kind in (DocumentKind.QUOTE, DocumentKind.ORDER, DocumentKind.INVOICE):
        with refused("item_purchasing_blocked"), books.work() as work:
            document(work, item(), kind=kind)
    for kind in (DocumentKind.CREDIT_MEMO, DocumentKind.RETURN_ORDER):
        with books.work() as work:
            notices = entry_notices(work, document(work, item(), kind=kind))
            assert [(notice.code, notice.severity) for notice in notices] == [
                ("item_only_goes_back", "information")
            ]


def test_a_blocked_variant_stops_only_itself(books: Books) -> None:
    """PU-20."""
    with books.work() as work:
        work.session.add(ItemVariant(item_no="I-FIFO", code="RED", description="Red", blocked=True))
        work.session.add(ItemVariant(item_no="I-FIFO", code="BLUE", description="Blue"))
        work.session.flush()
        assert document(work, item(variant_code="BLUE")).lines[0].description == "Blue"
    with refused("item_blocked"), books.work() as work:
        document(work, item(variant_code="RED"))
    with refused("variant_unknown"), books.work() as work:
        document(work, item(variant_code="PINK"))


def test_an_item_without_its_posting_groups_is_refused(books: Books) -> None:
    """PU-27."""
    with books.work() as work:
        item_card(work, "I-AVG").inventory_group = None
    with refused("posting_group_missing"), books.work() as work:
        document(work, item(no="I-AVG"))


def test_a_blocked_vendor_is_not_taken_on_a_new_document(books: Books) -> None:
    """PU-13: only *All* and the privacy block stop documents."""
    with books.work() as work:
        document(work, item(), vendor="V-BLP")
        get_vendor(work, "V-EU").privacy_blocked = True
    with refused("vendor_blocked"), books.work() as work:
        document(work, item(), vendor="V-BLK")
    with refused("vendor_privacy_blocked"), books.work() as work:
        document(work, item(), vendor="V-EU")


def test_the_pay_to_vendor_is_tested_too_and_brings_terms_and_currency(books: Books) -> None:
    """PU-12, PU-13, acceptance 6."""
    with books.work() as work:
        get_vendor(work, "V-NL").pay_to_vendor_no = "V-EU"
        get_vendor(work, "V-NL").purchaser_code = "PIM"
        pay_to = get_vendor(work, "V-EU")
        pay_to.currency_code = "USD"
        made = document(work, item())
        assert (made.vendor_no, made.pay_to_vendor_no) == ("V-NL", "V-EU")
        assert (made.payment_terms, made.currency_code) == (pay_to.payment_terms, "USD")
        assert made.purchaser_code == "PIM"
        pay_to.blocked = "all"
    with refused("vendor_blocked"), books.work() as work:
        document(work, item())


def test_an_order_with_only_text_is_not_released(books: Books) -> None:
    """PU-66, acceptance 21."""
    with books.work() as work:
        made = document(work, comment())
        with refused("nothing_to_release"):
            release(work, made)
        assert made.status == "open"


def test_release_wants_unit_location_and_variant(books: Books) -> None:
    """PU-66, PU-29."""
    with books.work() as work:
        get_company(work).location_mandatory = True
        item_card(work, "I-FIFO").variants_mandatory = True
        made = document(work, item(), account())
        made.lines[0].unit = None
        with refused("unit_missing") as error:
            release(work, made)
        assert [problem.code for problem in error.value.problems] == [
            "unit_missing",
            "location_missing",
            "variant_missing",
        ]


def test_a_released_order_keeps_its_lines_but_not_its_dates(books: Books) -> None:
    """PU-66, §4.3, acceptance 22."""
    with books.work() as work:
        made = document(work, item(), comment())
        release(work, made)
        release(work, made)
        with refused("status_not_open"):
            change_line(work, made, 1, LineChange(quantity=Decimal(3)))
        with refused("status_not_open"):
            add_line(work, made, item())
        with refused("status_not_open"):
            change_header(work, made, HeaderChange(vendor_no="V-EU"))
        with refused("status_not_open"):
            change_header(work, made, HeaderChange(promised_receipt_date=MARCH_2))
        change_line(work, made, 1, LineChange(requested_receipt_date=MARCH_2))
        change_header(work, made, HeaderChange(posting_date=MARCH_2, vendor_document_no="F-1"))
        change_line(work, made, 2, LineChange(description="Ring twice"))
        add_line(work, made, comment("Mind the dog"))
        set_to_post(work, made, {1: QuantityToPost(receive=Decimal(4))})
        assert quantities(made)[0] == (4, 4)
        reopen(work, made)
        change_line(work, made, 1, LineChange(quantity=Decimal(3)))
        assert quantities(made)[0] == (3, 3)


@pytest.mark.parametrize("step", ["reopen", "release", "delete", "change", "quantities"])
def test_nothing_moves_while_an_approval_runs(books: Books, step: str) -> None:
    """§4.3, PU-67."""
    with books.work() as work:
        made = document(work, item())
        made.status = DocumentStatus.PENDING_APPROVAL.value
        code = "status_not_open" if step in ("change", "quantities") else "approval_pending"
        with refused(code):
            if step == "reopen":
                reopen(work, made)
            elif step == "release":
                release(work, made)
            elif step == "delete":
                delete_draft(work, made)
            elif step == "change":
                change_header(work, made, HeaderChange(posting_date=MARCH_2))
            else:
                set_to_post(work, made, {1: QuantityToPost(receive=Decimal(1))})


def test_no_more_can_be_received_or_invoiced_than_is_there(books: Books) -> None:
    """PU-71, acceptance 23, the table of §4.4."""
    with books.work() as work:
        made = document(work, item("100"))
        received(made.lines[0], "60", "50")
        set_to_post(work, made, {1: QuantityToPost(receive=Decimal(40), invoice=Decimal(50))})
        with refused("qty_to_invoice_too_large") as error:
            set_to_post(work, made, {1: QuantityToPost(invoice=Decimal(51))})
        assert value(error, "n") == 50
        with refused("qty_to_receive_too_large") as error:
            set_to_post(work, made, {1: QuantityToPost(receive=Decimal(41))})
        assert value(error, "n") == 40
        with refused("qty_to_receive_too_large"):
            set_to_post(work, made, {1: QuantityToPost(receive=Decimal(-1))})
        assert quantities(made) == [(40, 50)]


def test_the_quantity_does_not_fall_below_what_is_received(books: Books) -> None:
    """PU-71."""
    with books.work() as work:
        made = document(work, item("100"))
        received(made.lines[0], "60")
    with refused("qty_below_received") as error, books.work() as work:
        change_line(
            work, work.session.get_one(PurchaseDocument, made.id), 1, LineChange(quantity=Decimal(59))
        )
    assert value(error, "n") == 60


def test_a_negative_line_is_received_downwards(books: Books) -> None:
    """PU-73: the quantities to post have the sign of the quantity."""
    with books.work() as work:
        made = document(work, item("-5"))
        assert quantities(made) == [(-5, -5)]
        with refused("qty_to_receive_too_large"):
            set_to_post(work, made, {1: QuantityToPost(receive=Decimal(1))})


def test_what_posts_whole_takes_no_quantities_to_post(books: Books) -> None:
    """PU-87."""
    with books.work() as work, refused("whole_documents_only"):
        made = document(work, item(), kind=DocumentKind.INVOICE)
        set_to_post(work, made, {1: QuantityToPost(receive=Decimal(1))})


@pytest.mark.parametrize("change", [LineChange(unit="BOX"), LineChange(no="I-AVG")])
def test_the_unit_stays_after_a_partial_receipt(books: Books, change: LineChange) -> None:
    """PU-23."""
    with books.work() as work:
        made = document(work, item("100"))
        received(made.lines[0], "60")
        with refused("line_partially_received"):
            change_line(work, made, 1, change)


def test_what_is_received_and_not_invoiced_is_not_deleted(books: Books) -> None:
    """PU-80, acceptance 27."""
    with books.work() as work:
        made = document(work, item("10"), item("5"))
        received(made.lines[0], "10")
        with refused("received_not_invoiced"):
            delete_line(work, made, 1)
        with refused("received_not_invoiced"):
            delete_draft(work, made)
        received(made.lines[0], "10", "10")
        delete_line(work, made, 1)
        delete_draft(work, made)
        assert work.session.query(PurchaseDocument).count() == 0


def test_a_released_order_is_reopened_before_it_is_deleted(books: Books) -> None:
    """§4.3."""
    with books.work() as work:
        made = document(work, item())
        release(work, made)
        with refused("status_not_open"):
            delete_draft(work, made)
        reopen(work, made)
        delete_draft(work, made)


def test_switching_prices_to_include_vat_converts_them(books: Books) -> None:
    """PU-7: 100.00 without VAT is 121.00 with."""
    with books.work() as work:
        made = document(work, account("100.00"), item("1", "9.99"))
        change_header(work, made, HeaderChange(prices_include_vat=True))
        assert [line.unit_cost for line in made.lines] == [Decimal("121"), Decimal("12.0879")]
        change_header(work, made, HeaderChange(prices_include_vat=False))
        assert [line.unit_cost for line in made.lines] == [Decimal("100"), Decimal("9.99")]


def test_setting_the_line_amount_computes_the_discount(books: Books) -> None:
    """PU-6."""
    with books.work() as work:
        made = document(work, item("10", "100.00"))
        change_line(work, made, 1, LineChange(line_amount=Decimal("900.00")))
        assert (made.lines[0].unit_cost, made.lines[0].discount_percent) == (100, 10)
        for amount in ("1000.01", "-1"):
            with refused("line_discount_out_of_range"):
                change_line(work, made, 1, LineChange(line_amount=Decimal(amount)))
        with refused("line_discount_out_of_range"):
            change_line(work, made, 1, LineChange(discount_percent=Decimal(101)))


def test_a_line_names_an_account_that_takes_direct_postings(books: Books) -> None:
    """PU-28."""
    with books.work() as work:
        made = document(work, account())
        with refused("gl_account_not_usable"):
            add_line(work, made, account(no="1600"))
        with refused("gl_account_not_usable"):
            change_line(work, made, 1, LineChange(no="1600"))


def item_card(work: Work, item_no: str) -> Item:
    """The item, to change its card."""
    found = find_item(work, item_no)
    assert found is not None
    return found
