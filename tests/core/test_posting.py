"""Posting an invoice: which amounts go to which accounts, and what is refused (posting.md §2 to §5)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from core.errors import DomainError, Problem
from core.hooks import Event, Hooks, PurchasePosted
from core.ledgers.vat import VatEntry, VatEntryBase
from core.ledgers.vendor import VendorEntry
from core.master.currencies import Currency, ExchangeRate
from core.master.items import find_item
from core.master.users import Role
from core.master.vendors import NewVendor, approve_vendor, create_vendor
from core.posting.engine import find_problems, post
from core.purchasing.document import DocumentStatus
from core.purchasing.drafts import get_draft
from core.purchasing.posted import get_posted
from core.reports.reconciliation import verify_books
from core.work import Actor, Work
from tests.books import CLERK, Books
from tests.core.builders import (
    account_line,
    amounts,
    codes,
    credit_memo,
    invoice,
    item_line,
    ledger,
    make,
    post_draft,
    set_company,
    stock,
)


def refused(books: Books, document_id: int) -> list[str]:
    with pytest.raises(DomainError) as caught, books.work() as work:
        post(work, document_id)
    return codes(caught.value.problems)


def test_domestic_invoice_of_costs_and_goods(books: Books) -> None:
    posted = post_draft(books, invoice(account_line("100.00"), item_line("10", "12.50")))

    assert ledger(books, posted) == amounts(
        {
            "4100": "100.00",
            "7100": "125.00",
            "1500": "47.25",
            "1600": "-272.25",
            "1400": "125.00",
            "7200": "-125.00",
        }
    )
    assert stock(books, "I-FIFO") == (10, 125)


def test_reverse_charge_posts_vat_on_both_sides_and_leaves_the_payable_alone(books: Books) -> None:
    """PO-46, PO-72."""
    posted = post_draft(
        books, invoice(account_line("500.00", "4300"), item_line("2", "40.00"), vendor="V-EU")
    )
    assert ledger(books, posted) == amounts(
        {
            "4300": "500.00",
            "7100": "80.00",
            "1510": "121.80",
            "1710": "-121.80",
            "1610": "-580.00",
            "1400": "80.00",
            "7200": "-80.00",
        }
    )


def test_vat_that_cannot_be_deducted_goes_to_the_cost_account(books: Books) -> None:
    """PO-73: half of 42.00 is not deductible."""
    posted = post_draft(books, invoice(account_line("200.00", "4400", "ND")))
    assert ledger(books, posted) == amounts({"4400": "221.00", "1500": "21.00", "1600": "-242.00"})
    with books.reading() as work:
        entry = work.session.scalars(select(VatEntry)).one()
        assert (entry.base, entry.amount) == (100, 21)
        assert (entry.nondeductible_base, entry.nondeductible_amount) == (100, 21)


def test_vat_that_cannot_be_deducted_is_part_of_the_cost_of_goods(books: Books) -> None:
    """PO-73, PO-93."""
    posted = post_draft(books, invoice(item_line("10", "20.00", vat_product="ND")))
    assert ledger(books, posted) == amounts(
        {"7100": "221.00", "1500": "21.00", "1600": "-242.00", "1400": "221.00", "7200": "-221.00"}
    )


def test_full_vat_line_is_vat_as_a_whole(books: Books) -> None:
    """PO-47, PO-74: the account on the line is ignored."""
    posted = post_draft(books, invoice(account_line("63.10", "4100", "IMP")))
    assert ledger(books, posted) == amounts({"1500": "63.10", "1600": "-63.10"})


@pytest.mark.parametrize(
    ("posting", "purchase", "line_discount", "invoice_discount"),
    [
        ("none", "855.00", None, None),
        ("invoice", "900.00", None, "-45.00"),
        ("line", "955.00", "-100.00", None),
        ("all", "1000.00", "-100.00", "-45.00"),
    ],
)
def test_discounts_are_posted_apart_as_the_company_wants(
    books: Books, posting: str, purchase: str, line_discount: str | None, invoice_discount: str | None
) -> None:
    """PU-40: 10 × 100.00, line 10 %, then invoice 5 %. Stock is worth the net whatever the setting."""
    set_company(books, discount_posting=posting)
    posted = post_draft(
        books,
        invoice(item_line("10", "100.00", discount_percent=Decimal(10)), invoice_discount_percent=Decimal(5)),
    )
    expected = {
        "7100": purchase,
        "7120": line_discount,
        "7130": invoice_discount,
        "1500": "179.55",
        "1600": "-1034.55",
        "1400": "855.00",
        "7200": "-855.00",
    }
    assert ledger(books, posted) == amounts({no: value for no, value in expected.items() if value})


def test_foreign_lines_are_converted_over_the_running_total(books: Books) -> None:
    """PO-69: 3 × 1.11 at 0.85 are 0.94, 0.95 and 0.94, together round(0.85 × 3.33)."""
    with books.work() as work:
        work.session.merge(
            ExchangeRate(currency_code="USD", from_date=date(2026, 2, 1), fcy=Decimal(1), lcy=Decimal("0.85"))
        )
    lines = [account_line("1.11", account) for account in ("4100", "4200", "4300")]
    posted = post_draft(books, invoice(*lines, vendor="V-USD"))
    assert ledger(books, posted) == amounts({"4100": "0.94", "4200": "0.95", "4300": "0.94", "1610": "-2.83"})


@pytest.mark.parametrize(
    ("currency", "precision", "net", "vat"),
    [
        ("JPY", "1", "1235", "259"),
        ("USD", "0.01", "1234.57", "259.26"),
        ("KWD", "0.001", "1234.567", "259.259"),
    ],
)
def test_amounts_have_the_decimals_of_their_currency(
    books: Books, currency: str, precision: str, net: str, vat: str
) -> None:
    """Check 19: no, two and three decimals; 1,234.567 at 21 %."""
    with books.work() as work:
        work.session.merge(Currency(code=currency, amount_rounding=Decimal(precision)))
        work.session.flush()
        rate = ExchangeRate(
            currency_code=currency, from_date=date(2026, 1, 1), fcy=Decimal(100), lcy=Decimal(60)
        )
        work.session.merge(rate)
    posted = post_draft(books, invoice(account_line("1234.567"), currency_code=currency))
    with books.reading() as work:
        document = get_posted(work, posted.posted_no)
        assert (document.total_net, document.total_vat) == (Decimal(net), Decimal(vat))
        assert verify_books(work) == []


def test_a_payable_of_a_foreign_invoice_keeps_both_amounts_and_the_rate(books: Books) -> None:
    """PO-52."""
    post_draft(books, invoice(account_line("1000.00"), vendor="V-USD"))
    with books.reading() as work:
        entry = work.session.scalars(select(VendorEntry)).one()
        assert (entry.currency_code, entry.exchange_rate) == ("USD", Decimal("0.9"))


def test_vat_entries_lead_to_the_entries_their_base_came_from(books: Books) -> None:
    """PO-8."""
    post_draft(books, invoice(account_line("100.00"), account_line("50.00", "4200", "L")))
    with books.reading() as work:
        links = work.session.execute(
            select(VatEntry.vat_product, VatEntry.line_nos, VatEntryBase.gl_entry_no)
            .join(VatEntryBase, VatEntryBase.vat_entry_no == VatEntry.entry_no)
            .order_by(VatEntry.entry_no)
        ).all()
    assert [(product, lines) for product, lines, _ in links] == [("H", "1"), ("L", "2")]


def test_credit_memo_is_the_mirror_of_an_invoice(books: Books) -> None:
    """PO-110, PO-111: goods leave at their cost, not at the credited price."""
    post_draft(books, invoice(item_line("4", "24.00")))
    posted = post_draft(books, credit_memo(item_line("2", "23.00")))
    assert ledger(books, posted) == amounts(
        {"1600": "55.66", "7100": "-46.00", "1500": "-9.66", "1400": "-48.00", "7200": "48.00"}
    )
    assert stock(books, "I-FIFO") == (2, 48)


def test_the_due_date_follows_from_the_document_date(books: Books) -> None:
    """PO-135, PU-55."""
    posted = post_draft(books, invoice(account_line("10.00"), document_date=date(2026, 1, 15)))
    with books.reading() as work:
        assert get_posted(work, posted.posted_no).due_date == date(2026, 2, 14)


def test_the_vendors_total_must_be_the_total_of_the_lines(books: Books) -> None:
    """PO-138, PU-100."""
    document_id = make(books, invoice(account_line("100.00"), total_gross_stated=Decimal("121.01")))
    assert refused(books, document_id) == ["total_mismatch"]


def test_cents_up_to_the_rounding_limit_are_booked_on_the_rounding_account(books: Books) -> None:
    """ID-91."""
    set_company(books, rounding_limit=Decimal("0.02"))
    posted = post_draft(books, invoice(account_line("100.00"), total_gross_stated=Decimal("121.02")))
    assert ledger(books, posted) == amounts(
        {"4100": "100.00", "1500": "21.00", "9300": "0.02", "1600": "-121.02"}
    )
    with books.reading() as work:
        lines = get_posted(work, posted.posted_no).lines
        assert [(line.no, line.is_system) for line in lines] == [("4100", False), ("9300", True)]


def test_a_difference_above_the_rounding_limit_needs_a_coded_line(books: Books) -> None:
    """ID-91."""
    set_company(books, rounding_limit=Decimal("0.02"))
    document_id = make(books, invoice(account_line("100.00"), total_gross_stated=Decimal("121.03")))
    assert refused(books, document_id) == ["total_mismatch"]


def test_the_vendors_own_vat_is_booked_up_to_the_allowed_difference(books: Books) -> None:
    """PO-66, ID-91."""
    set_company(books, max_vat_difference=Decimal("0.02"))
    draft = invoice(account_line("100.00"), total_vat_stated=Decimal("21.02"))
    posted = post_draft(books, replace(draft, total_gross_stated=Decimal("121.02")))
    assert ledger(books, posted) == amounts({"4100": "100.00", "1500": "21.02", "1600": "-121.02"})
    with books.reading() as work:
        assert work.session.scalars(select(VatEntry.difference)).one() == Decimal("0.02")


def test_a_larger_vat_difference_is_refused(books: Books) -> None:
    """PU-100."""
    set_company(books, max_vat_difference=Decimal("0.02"))
    document_id = make(books, invoice(account_line("100.00"), total_vat_stated=Decimal("21.03")))
    assert refused(books, document_id) == ["vat_total_mismatch"]


@pytest.mark.parametrize(
    ("vendor", "stated", "code"),
    [
        ("V-NL", {"H21": "21.03"}, "vat_difference_too_large"),
        ("V-NL", {"L09": "4.50"}, "vat_total_mismatch"),
        ("V-EU", {"R21": "0.01"}, "vat_difference_not_allowed"),
    ],
)
def test_vat_stated_per_identifier_is_checked(
    books: Books, vendor: str, stated: dict[str, str], code: str
) -> None:
    """PO-66; on reverse charge no VAT may reach the payable (PO-46)."""
    set_company(books, max_vat_difference=Decimal("0.02"))
    vat_amounts = {identifier: Decimal(amount) for identifier, amount in stated.items()}
    assert refused(
        books, make(books, invoice(account_line("100.00"), vendor=vendor, vat_amounts=vat_amounts))
    ) == [code]


def test_all_findings_are_reported_together_header_first(books: Books) -> None:
    """PU-170, PO-33."""
    draft = invoice(
        account_line("10.00", "4900"),
        account_line("5.00", vat="ND"),
        item_line("-1", "5.00"),
        vendor="V-EU",
        on=date(2027, 1, 1),
        vendor_document_no=None,
    )
    document_id = make(books, draft)
    with books.reading() as work:
        problems = find_problems(work, get_draft(work, document_id))
    assert codes(problems) == [
        "posting_date_not_allowed",
        "ext_doc_no_missing",
        "gl_account_not_usable",
        "posting_setup_missing",
    ]
    assert [problem.line_no for problem in problems] == [None, None, 1, 2]


def test_nothing_is_posted_for_a_new_vendor_until_someone_else_approves_it(books: Books) -> None:
    """AP-37, S1."""
    with books.work(CLERK) as work:
        vendor = create_vendor(
            work,
            NewVendor("Nieuwe leverancier", posting_group="DOM", vat_business="NL", payment_terms="NET14"),
        )
    document_id = make(books, invoice(account_line("10.00"), vendor=vendor.vendor_no))
    assert refused(books, document_id) == ["APP_RESTRICTED"]
    with pytest.raises(DomainError, match="own_vendor"), books.work(CLERK) as work:
        approve_vendor(work, vendor.vendor_no)
    with books.work() as work:
        approve_vendor(work, vendor.vendor_no)
    with books.work() as work:
        assert post(work, document_id).posted_no == "PI-00001"


def test_a_document_that_waits_for_approval_is_not_posted(books: Books) -> None:
    document_id = make(books, invoice(account_line("10.00")))
    with books.work() as work:
        get_draft(work, document_id).status = DocumentStatus.PENDING_APPROVAL.value
    assert refused(books, document_id) == ["approval_pending"]


def test_a_posted_draft_names_the_number_it_was_posted_under(books: Books) -> None:
    """PO-162."""
    document_id = make(books, invoice(account_line("10.00")))
    with books.work() as work:
        posted = post(work, document_id)
    with pytest.raises(DomainError) as caught, books.work() as work:
        post(work, document_id)
    assert caught.value.code == "already_posted"
    assert caught.value.problems[0].values["posted_no"] == posted.posted_no


def test_an_older_version_of_the_draft_is_refused(books: Books) -> None:
    """PU-3."""
    document_id = make(books, invoice(account_line("10.00")))
    with pytest.raises(DomainError, match="stale_document"), books.work() as work:
        post(work, document_id, version=0)


def test_the_same_vendor_number_in_other_letters_is_the_same_number(books: Books) -> None:
    """PU-172: trimmed and without regard to case."""
    post_draft(books, invoice(account_line("10.00"), vendor_document_no="Re-7"))
    document_id = make(books, invoice(account_line("99.00"), vendor_document_no=" RE-7 "))
    assert refused(books, document_id) == ["ext_doc_no_exists"]


def test_invoices_and_credit_memos_are_counted_apart(books: Books) -> None:
    """PU-172."""
    post_draft(books, invoice(account_line("10.00"), vendor_document_no="7"))
    post_draft(books, credit_memo(account_line("10.00"), vendor_document_no="7"))


def test_layers_above_may_refuse_and_are_told(books: Books) -> None:
    """PU-101: the check and the event run inside the transaction."""
    told: list[Event] = []

    def check(_work: Work, draft_id: int) -> list[Problem]:
        return [Problem("total_mismatch", {"stated": 1, "computed": 2})] if draft_id == 1 else []

    books.hooks = Hooks((check,), (lambda _work, event: told.append(event),))
    first, second = make(books, invoice(account_line("1.00"))), make(books, invoice(account_line("2.00")))
    assert refused(books, first) == ["total_mismatch"]
    with books.work() as work:
        posted = post(work, second)
    assert told == [PurchasePosted(second, "invoice", posted.posted_no, "2026-02-03")]


def test_a_failing_listener_undoes_the_posting_and_its_number(books: Books) -> None:
    """PO-1, PO-163."""

    def fail(_work: Work, _event: Event) -> None:
        raise RuntimeError("the incoming document is gone")

    document_id = make(books, invoice(account_line("10.00")))
    books.hooks = Hooks((), (fail,))
    with pytest.raises(RuntimeError), books.work() as work:
        post(work, document_id)
    books.hooks = Hooks()
    with books.work() as work:
        assert post(work, document_id).posted_no == "PI-00001"


def test_comments_and_lines_without_quantity_are_carried_as_text(books: Books) -> None:
    """PU-4, PU-5."""
    posted = post_draft(
        books, invoice(account_line("10.00"), account_line("5.00", quantity=Decimal(0), vat="Q"))
    )
    with books.reading() as work:
        lines = get_posted(work, posted.posted_no).lines
        assert [(line.line_no, line.gross) for line in lines] == [(1, Decimal("12.10")), (2, 0)]
        assert verify_books(work) == []


def test_service_items_have_entries_but_no_stock(books: Books) -> None:
    """PO-43, PO-95."""
    posted = post_draft(books, invoice(item_line("8", "75.00", "I-SVC")))
    assert ledger(books, posted) == amounts({"7600": "600.00", "1500": "126.00", "1600": "-726.00"})
    assert stock(books, "I-SVC") == (0, 0)


def test_standard_cost_items_are_worth_their_standard(books: Books) -> None:
    """PO-101: invoiced 42.50 at a standard of 10.00 each for four."""
    posted = post_draft(books, invoice(item_line("4", "10.625", "I-STD")))
    assert ledger(books, posted) == amounts(
        {
            "7100": "42.50",
            "1500": "8.93",
            "1600": "-51.43",
            "1400": "40.00",
            "7200": "-42.50",
            "7300": "2.50",
        }
    )


def test_goods_that_leave_on_an_invoice_leave_at_the_cost_of_the_oldest(books: Books) -> None:
    """PO-81: 3 pieces at 10.00 and 5 at 12.00; 4 leave at 42.00 though the line says 20.00 each."""
    post_draft(books, invoice(item_line("3", "10.00")))
    post_draft(books, invoice(item_line("5", "12.00"), on=date(2026, 2, 4)))
    posted = post_draft(books, invoice(account_line("100.00"), item_line("-4", "20.00"), on=date(2026, 2, 5)))
    assert ledger(books, posted) == amounts(
        {
            "4100": "100.00",
            "7100": "-80.00",
            "1500": "4.20",
            "1600": "-24.20",
            "1400": "-42.00",
            "7200": "42.00",
        }
    )
    assert stock(books, "I-FIFO") == (4, 48)


def test_goods_of_an_earlier_line_may_leave_on_a_later_one(books: Books) -> None:
    """PO-81."""
    post_draft(books, invoice(item_line("5", "10.00"), item_line("-2", "10.00")))
    assert stock(books, "I-FIFO") == (3, 30)


def test_more_than_the_stock_cannot_leave(books: Books) -> None:
    post_draft(books, invoice(item_line("5", "10.00")))
    document_id = make(books, invoice(account_line("100.00"), item_line("-6", "10.00")))
    assert refused(books, document_id) == ["insufficient_inventory"]


def test_cents_left_on_an_increase_that_is_used_up_are_written_off(books: Books) -> None:
    """PO-106: 7 pieces for 20.00 leave one by one at 2.86; the 0.02 too much come back."""
    post_draft(books, invoice(item_line("7", "2.857142")))
    for _ in range(7):
        post_draft(books, invoice(account_line("50.00"), item_line("-1", "1.00")))
    assert stock(books, "I-FIFO") == (0, 0)
    assert ledger(books)["7400"] == Decimal("-0.02")


def test_average_cost_carries_its_cents_within_the_period(books: Books) -> None:
    """PO-106: 7 pieces for 20.00 leave at 2.86, 2.85, 2.86, 2.86, 2.86, 2.85, 2.86."""
    post_draft(books, invoice(item_line("7", "2.857142", "I-AVG")))
    costs = []
    for _ in range(7):
        before = stock(books, "I-AVG")[1]
        post_draft(books, invoice(account_line("50.00"), item_line("-1", "1.00", "I-AVG")))
        costs.append(str((before - stock(books, "I-AVG")[1]).quantize(Decimal("0.01"))))
    assert costs == ["2.86", "2.85", "2.86", "2.86", "2.86", "2.85", "2.86"]
    assert stock(books, "I-AVG") == (0, 0)


def test_units_are_kept_in_base_units(books: Books) -> None:
    """PO-80, PO-84."""
    post_draft(books, invoice(item_line("7", "20.00", unit="BOX")))
    assert stock(books, "I-FIFO") == (84, 140)


def test_a_unit_that_the_item_does_not_have_is_refused(books: Books) -> None:
    assert refused(books, make(books, invoice(item_line("1", "20.00", unit="CRATE")))) == ["unit_unknown"]


def test_the_item_card_remembers_the_last_cost(books: Books) -> None:
    """PO-125."""
    post_draft(books, invoice(item_line("3", "10.00")))
    post_draft(books, invoice(item_line("1", "14.00")))
    with books.reading() as work:
        item = find_item(work, "i-fifo")
        assert item is not None
        assert (item.unit_cost, item.last_direct_cost) == (11, 14)


def test_a_closed_period_refuses_whoever_posts(books: Books) -> None:
    """Check 20: the role does not matter."""
    set_company(books, allow_posting_to=date(2026, 1, 31))
    document_id = make(books, invoice(account_line("10.00")))
    for role in Role:
        books.actor = Actor(role.value, role.value, frozenset({role.value}))
        assert refused(books, document_id) == ["posting_date_not_allowed"]
