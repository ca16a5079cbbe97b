"""Purchase prices and line discounts (PU-42 to PU-48), and invoice discounts (PU-49 to PU-53)."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from core.master.company import get_company
from core.master.currencies import Currency, ExchangeRate
from core.master.items import ItemVariant, find_item
from core.master.posting_groups import VendorPostingGroup
from core.master.prices import InvoiceDiscountTerms, PurchaseDiscount, PurchasePrice
from core.master.vendors import get_vendor
from core.purchasing.document import DocumentKind, PurchaseDocument
from core.purchasing.draft_header import change_header
from core.purchasing.draft_inputs import HeaderChange, LineChange
from core.purchasing.draft_totals import document_totals
from core.purchasing.drafts import add_line, calculate_invoice_discount, change_line, release
from core.work import Work
from tests.books import Books
from tests.core.purchasing.documents import account, document, item, refused, value

MARCH_10, APRIL_2 = date(2026, 3, 10), date(2026, 4, 2)


def price(work: Work, cost: str, no: str = "I-FIFO", **keys: Any) -> None:
    """A price record at V-NL."""
    row = PurchasePrice(
        item_no=no, vendor_no="V-NL", unit_cost=Decimal(cost), **{"minimum_quantity": 0, **keys}
    )
    work.session.add(row)
    work.session.flush()


def discount(work: Work, percent: str, **keys: Any) -> None:
    """A line discount record at V-NL."""
    row = PurchaseDiscount(
        item_no="I-FIFO", vendor_no="V-NL", percent=Decimal(percent), **{"minimum_quantity": 0, **keys}
    )
    work.session.add(row)
    work.session.flush()


def band(work: Work, minimum: str, percent: str = "0", charge: str = "0", **keys: Any) -> None:
    """A band of the invoice discount terms of V-NL."""
    row = InvoiceDiscountTerms(
        code="V-NL",
        minimum_amount=Decimal(minimum),
        discount_percent=Decimal(percent),
        service_charge=Decimal(charge),
        **keys,
    )
    work.session.add(row)
    work.session.flush()


def dollars(work: Work) -> None:
    """1 EUR = 1.10 USD."""
    if work.session.get(Currency, "USD") is None:
        work.session.add(Currency(code="USD", amount_rounding=Decimal("0.01")))
        work.session.flush()
    rate = ExchangeRate(
        currency_code="USD", from_date=date(2026, 3, 1), fcy=Decimal("1.10"), lcy=Decimal("1.00")
    )
    work.session.add(rate)
    work.session.flush()


def worked_example(work: Work) -> None:
    """The records (a) to (d) of §3.2."""
    dollars(work)
    price(work, "10.00")
    price(work, "108.00", unit="BOX", minimum_quantity=5)
    price(
        work,
        "9.20",
        unit="PCS",
        minimum_quantity=100,
        starting_date=date(2026, 2, 1),
        ending_date=date(2026, 3, 31),
    )
    price(work, "12.00", currency_code="USD")


@pytest.mark.parametrize(
    ("ordered", "currency", "on", "cost"),
    [
        ("50 PCS", None, MARCH_10, "10.00"),
        ("120 PCS", None, MARCH_10, "9.20"),
        ("-120 PCS", None, MARCH_10, "9.20"),
        ("120 PCS", None, APRIL_2, "10.00"),
        ("4 BOX", None, MARCH_10, "120.00"),
        ("6 BOX", None, MARCH_10, "108.00"),
        ("50 PCS", "USD", MARCH_10, "12.00"),
    ],
)
def test_the_worked_example(books: Books, ordered: str, currency: str | None, on: date, cost: str) -> None:
    """§3.2, acceptance 10 and 11."""
    quantity, unit = ordered.split()
    with books.work() as work:
        worked_example(work)
        line = item(quantity, None, unit=unit)
        made = document(work, line, posting_date=on, currency_code=currency)
        assert made.lines[0].unit_cost == Decimal(cost)


def test_an_invoice_is_priced_on_its_posting_date_an_order_on_its_order_date(books: Books) -> None:
    """PU-42."""
    with books.work() as work:
        worked_example(work)
        dates = {"posting_date": APRIL_2, "order_date": MARCH_10}
        assert document(work, item("120", None), **dates).lines[0].unit_cost == Decimal("9.2")
        bill = document(work, item("120", None), kind=DocumentKind.INVOICE, **dates)
        assert bill.lines[0].unit_cost == 10


def test_the_variant_outranks_the_currency(books: Books) -> None:
    """PU-45: even if dearer, and whatever the order of the records."""
    with books.work() as work:
        dollars(work)
        work.session.add(ItemVariant(item_no="I-FIFO", code="RED", description="Red"))
        price(work, "9.00", currency_code="USD")
        price(work, "20.00", variant_code="RED")
        made = document(work, item("1", None, variant_code="RED"), currency_code="USD")
        assert made.lines[0].unit_cost == Decimal("22.00000")
        price(work, "25.00", variant_code="RED", currency_code="USD")
        made = document(work, item("1", None, variant_code="RED"), currency_code="USD")
        assert made.lines[0].unit_cost == 25


def test_a_price_of_nothing_is_no_price(books: Books) -> None:
    """PU-45, PU-46: then the last direct cost counts, in the line's unit."""
    with books.work() as work:
        price(work, "0")
        found = find_item(work, "I-FIFO")
        assert found is not None
        found.last_direct_cost = Decimal("3.50")
        assert document(work, item("1", None, unit="BOX")).lines[0].unit_cost == 42


def test_a_typed_price_is_not_lost_when_only_the_quantity_changes(books: Books) -> None:
    """PU-46, acceptance 12."""
    with books.work() as work:
        made = document(work, item("10", "7.77"))
        change_line(work, made, 1, LineChange(quantity=Decimal(11)))
        assert made.lines[0].unit_cost == Decimal("7.77")


def test_prices_are_searched_when_quantity_or_unit_change(books: Books) -> None:
    """PU-48."""
    with books.work() as work:
        worked_example(work)
        made = document(work, item("50", None), posting_date=MARCH_10)
        change_line(work, made, 1, LineChange(quantity=Decimal(120)))
        assert made.lines[0].unit_cost == Decimal("9.2")
        change_line(work, made, 1, LineChange(unit="BOX"))
        assert made.lines[0].unit_cost == 108
        change_line(work, made, 1, LineChange(quantity=Decimal(4), unit_cost=Decimal(99)))
        assert made.lines[0].unit_cost == 99


def test_prices_move_to_with_and_without_vat(books: Books) -> None:
    """PU-44: the vendor's prices contain VAT when his card says so."""
    with books.work() as work:
        price(work, "12.10")
        made = document(work, item("1", None, vat_product="H"), prices_include_vat=True)
        assert made.lines[0].unit_cost == Decimal("14.641")
        get_vendor(work, "V-NL").prices_include_vat = True
        made = document(work, item("1", None, vat_product="H"), prices_include_vat=False)
        assert made.lines[0].unit_cost == Decimal("10")


def test_the_highest_discount_of_the_best_level_counts(books: Books) -> None:
    """PU-47: apart from the price, with the same precedence."""
    with books.work() as work:
        work.session.add(ItemVariant(item_no="I-FIFO", code="RED", description="Red"))
        discount(work, "12")
        discount(work, "5", variant_code="RED")
        discount(work, "8", variant_code="RED", minimum_quantity=100)
        price(work, "10.00")
        made = document(
            work,
            item("10", None),
            item("10", None, variant_code="RED"),
            item("100", None, variant_code="RED"),
            item("10", None, discount_percent=Decimal(1)),
            account(),
        )
        assert [line.discount_percent for line in made.lines] == [12, 5, 8, 1, 0]


def test_lines_of_a_receipt_keep_the_price_of_the_order(books: Books) -> None:
    """PU-48."""
    with books.work() as work:
        price(work, "10.00")
        made = document(work, item("10", "4.00"), kind=DocumentKind.INVOICE)
        made.lines[0].receipt_no = "R-00001"
        made.lines[0].source_ref = "lines.1"
        change_line(work, made, 1, LineChange(description="As agreed"))
        assert made.lines[0].unit_cost == 4


def invoiced(work: Work, *lines: Any) -> PurchaseDocument:
    """An order with the bands of §3.3."""
    band(work, "0", charge="15.00")
    band(work, "500", "2")
    band(work, "1000", "3")
    group = work.session.get_one(VendorPostingGroup, get_vendor(work, "V-NL").posting_group)
    group.service_charge = "4100"
    made = document(work, *lines)
    calculate_invoice_discount(work, made)
    return made


def test_the_worked_example_of_invoice_discounts(books: Books) -> None:
    """§3.3: 1,104.00 − 88.32 = 1,015.68, of it 3 %."""
    with books.work() as work:
        made = invoiced(work, item("120", "9.20", discount_percent=Decimal(8)))
        totals = document_totals(work, made)
        assert (totals.invoice_discount, totals.total_net) == (Decimal("30.47"), Decimal("985.21"))
        assert (totals.total_vat, totals.total_gross) == (Decimal("206.89"), Decimal("1192.10"))


def test_the_discount_is_spread_over_the_discountable_lines(books: Books) -> None:
    """PU-51, acceptance 13."""
    with books.work() as work:
        made = invoiced(work, account("700.00"), account("315.68"))
        shares = [line.invoice_discount for line in document_totals(work, made).lines]
        assert shares == [Decimal("21.00"), Decimal("9.47")]


def test_charge_and_percentage_have_a_base_of_their_own(books: Books) -> None:
    """PU-50, acceptance 14: the percentage is that of the band of 700.00."""
    with books.work() as work:
        made = invoiced(work, account("700.00"), account("315.68", allow_invoice_discount=False))
        assert document_totals(work, made).invoice_discount == Decimal("14.00")
        assert [line.is_system for line in made.lines] == [False, False]


def test_a_service_charge_is_one_line_that_comes_and_goes(books: Books) -> None:
    """PU-52."""
    with books.work() as work:
        made = invoiced(work, account("100.00"))
        calculate_invoice_discount(work, made)
        charge = made.lines[1]
        assert (charge.is_system, charge.no, charge.unit_cost, charge.quantity) == (True, "4100", 15, 1)
        add_line(work, made, account("900.00"))
        calculate_invoice_discount(work, made)
        assert [line.is_system for line in made.lines] == [False, False]
        assert made.invoice_discount_percent == 3


def test_without_an_account_for_service_charges_nothing_is_calculated(books: Books) -> None:
    """PU-52."""
    with books.work() as work:
        band(work, "0", charge="15.00")
        made = document(work, account("100.00"))
        work.session.get_one(VendorPostingGroup, "DOM").service_charge = None
    with refused("posting_setup_missing"), books.work() as work:
        calculate_invoice_discount(work, work.session.get_one(PurchaseDocument, made.id))


def test_local_bands_are_converted_for_a_foreign_document(books: Books) -> None:
    """PU-49: EUR 1,000 is USD 1,100."""
    with books.work() as work:
        dollars(work)
        band(work, "0", "1")
        band(work, "1000", "3")
        for amount, percent in (("1099.00", 1), ("1100.01", 3)):
            made = document(work, account(amount), currency_code="USD", posting_date=MARCH_10)
            calculate_invoice_discount(work, made)
            assert made.invoice_discount_percent == percent
        band(work, "0", "5", currency_code="USD")
        calculate_invoice_discount(work, made)
        assert made.invoice_discount_percent == 5


def test_a_typed_discount_is_kept_until_lines_change(books: Books) -> None:
    """PU-53."""
    with books.work() as work:
        made = document(work, account("100.00"), account("50.00", allow_invoice_discount=False))
        with refused("invoice_discount_too_large") as error:
            change_header(work, made, HeaderChange(invoice_discount_amount=Decimal("100.01")))
        assert value(error, "amount") == 100
        change_header(work, made, HeaderChange(invoice_discount_amount=Decimal("10.00")))
        assert not made.discount_is_stale
        change_line(work, made, 1, LineChange(quantity=Decimal(2)))
        assert (made.invoice_discount_amount, made.discount_is_stale) == (10, True)


def test_with_the_setting_the_automatic_percentage_replaces_a_typed_one(books: Books) -> None:
    """PU-53, PU-66: at release and with every change."""
    with books.work() as work:
        band(work, "0", "2")
        made = document(work, account("100.00"))
        get_company(work).calculate_invoice_discount = True
        change_header(work, made, HeaderChange(invoice_discount_percent=Decimal(7)))
        release(work, made)
        assert made.invoice_discount_percent == 2
        assert document(work, account("100.00")).invoice_discount_percent == 2
