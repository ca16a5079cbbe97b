"""Vendors, items, payment terms and number series: what was agreed once (purchasing.md §2, §3.4)."""

from datetime import date
from decimal import Decimal

import pytest

from core.errors import DomainError
from core.master.identifiers import is_iban, is_vat_id, vat_id_key
from core.master.items import (
    ItemMatch,
    ItemReference,
    ItemVendor,
    MatchedBy,
    find_item,
    find_items,
    resolve_item,
)
from core.master.number_series import (
    NumberSeries,
    NumberSeriesLine,
    Purpose,
    next_after,
    next_number,
    number_for,
    series_problems,
)
from core.master.payment_terms import PaymentTerms, payment_dates, shift
from core.master.vat import vat_product_for
from core.master.vendors import (
    NewVendor,
    create_vendor,
    find_vendors,
    get_vendor,
    vendors_with_iban,
    vendors_with_vat_id,
)
from core.work import Work
from tests.books import CLERK, Books
from tests.core.builders import codes

IBAN = "NL91 ABNA 0417 1643 00"


def refused(books: Books, new: NewVendor) -> list[str]:
    with pytest.raises(DomainError) as caught, books.work() as work:
        create_vendor(work, new)
    return codes(caught.value.problems)


def test_a_new_vendor_gets_the_next_number_and_is_restricted(books: Books) -> None:
    """PU-8, AP-37."""
    with books.work(CLERK) as work:
        vendor = create_vendor(work, NewVendor("Kaas B.V.", vat_id="NL 8573.01421.B01", iban=IBAN))
    assert (vendor.vendor_no, vendor.restricted, vendor.created_by) == ("V-00001", True, "kim")
    assert vendor.vat_id == "NL857301421B01"
    assert [(account.iban, account.state) for account in vendor.bank_accounts] == [
        ("NL91ABNA0417164300", "pending")
    ]


def test_a_new_vendor_takes_groups_and_terms_from_its_peers(books: Books) -> None:
    """PU-9."""
    with books.work() as work:
        vendor = create_vendor(work, NewVendor("Kaas B.V."))
        assert (vendor.posting_group, vendor.vat_business) == ("DOM", "NL")
        assert vendor.payment_terms is not None


def test_everything_that_is_wrong_with_a_vendor_is_said_at_once(books: Books) -> None:
    """PU-8, PU-11, PU-14."""
    new = NewVendor(" ", vendor_no="v-nl", vat_id="NL123", iban="NL91ABNA0417164301")
    assert refused(books, new) == ["field_missing", "manual_no_not_allowed", "vat_id_format", "iban_invalid"]


def test_a_typed_number_must_be_free_where_numbers_may_be_typed(books: Books) -> None:
    """PU-2, PU-8: compared in upper case and trimmed."""
    with books.work() as work:
        work.session.get_one(NumberSeries, "VENDOR").manual_nos = True
    assert refused(books, NewVendor("Again", vendor_no=" v-nl ")) == ["vendor_exists"]


@pytest.mark.parametrize(
    ("vat_id", "country", "is_right"),
    [
        ("NL857301421B01", "NL", True),
        ("nl 8573.01.421.b01", "NL", True),
        ("857301421B01", "NL", True),
        ("NL857301421B1", "NL", False),
        ("DE287346157", "DE", True),
        ("DE28734615", "DE", False),
        ("EL123456789", "GR", True),
        ("anything", "JP", True),
    ],
)
def test_a_vat_number_has_a_format_of_its_country(vat_id: str, country: str, is_right: bool) -> None:
    """PU-11."""
    assert is_vat_id(vat_id, country) is is_right


@pytest.mark.parametrize(
    ("iban", "is_right"),
    [(IBAN, True), ("NL91ABNA0417164301", False), ("NL91ABNA041716430", False), ("", False), ("XX00", False)],
)
def test_an_iban_passes_length_and_mod_97(iban: str, is_right: bool) -> None:
    """PU-14."""
    assert is_iban(iban) is is_right


def test_vat_numbers_are_compared_without_punctuation_and_own_country(books: Books) -> None:
    """ID-51."""
    assert vat_id_key("nl-8573.01.421 B01", "NL") == "857301421B01"
    assert vat_id_key("857301421B01", "NL") == "857301421B01"
    with books.work() as work:
        create_vendor(work, NewVendor("Kaas B.V.", country_code="NL", vat_id="NL857301421B01"))
        for printed in ("NL857301421B01", "857301421B01", "NL 8573.01.421.B01"):
            assert [v.name for v in vendors_with_vat_id(work, printed)] == ["Kaas B.V."]
        assert vendors_with_vat_id(work, "DE857301421B01") == []


def test_a_vendor_is_found_by_its_bank_account(books: Books) -> None:
    with books.work() as work:
        create_vendor(work, NewVendor("Kaas B.V.", iban=IBAN))
        assert [v.name for v in vendors_with_iban(work, "nl91abna 0417 1643 00")] == ["Kaas B.V."]


@pytest.mark.parametrize("wanted", ["kaas", "KAAS", "V-00001", "gouda", "857301421"])
def test_vendors_are_found_by_number_name_city_and_vat_number(books: Books, wanted: str) -> None:
    with books.work() as work:
        create_vendor(work, NewVendor("Kaas B.V.", city="Gouda", vat_id="NL857301421B01"))
        assert [v.name for v in find_vendors(work, wanted)] == ["Kaas B.V."]


@pytest.mark.parametrize("wanted", ["%", "_", "\\", "'; DROP TABLE vendor; --"])
def test_wildcards_match_nobody(books: Books, wanted: str) -> None:
    """Check 29."""
    with books.reading() as work:
        assert find_vendors(work, wanted) == []
        assert find_items(work, wanted) == []


def test_a_vendor_that_is_not_there_is_named(books: Books) -> None:
    with pytest.raises(DomainError, match="vendor_not_found"), books.reading() as work:
        get_vendor(work, "NOBODY")


def reference(work: Work, item: str, vendor: str | None, number: str, unit: str | None = None) -> None:
    work.session.add(ItemReference(item_no=item, vendor_no=vendor, reference_no=number, unit=unit))
    work.session.flush()


def test_the_number_on_a_document_is_resolved_in_the_order_of_pu_25(books: Books) -> None:
    """Each step outranks the ones after it; the earlier ones are added one by one."""
    with books.work() as work:
        fifo = find_item(work, "I-FIFO")
        average = find_item(work, "I-AVG")
        assert fifo is not None and average is not None

        def found(number: str = "I-NON", unit: str | None = "PCS", gtin: str | None = "8712345000009") -> str:
            match = resolve_item(work, "V-NL", number, unit, gtin)
            assert match is not None
            return match.matched_by

        assert resolve_item(work, "V-NL", "?", "PCS", None) is None
        assert found() == MatchedBy.OWN_NUMBER
        reference(work, "I-STD", None, "8712345000009")
        assert found() == MatchedBy.BAR_CODE
        fifo.gtin = "8712345000009"
        work.session.flush()
        assert found() == MatchedBy.GTIN
        average.vendor_no, average.vendor_item_no = "V-NL", "I-NON"
        work.session.flush()
        assert found() == MatchedBy.ITEM_CARD
        work.session.add(ItemVendor(item_no="I-FIFO2", vendor_no="V-NL", vendor_item_no="I-NON"))
        work.session.flush()
        assert found() == MatchedBy.CATALOGUE
        reference(work, "I-STD", "V-NL", "I-NON")
        assert found() == MatchedBy.REFERENCE
        reference(work, "I-FIFO", "V-NL", "I-NON", "PCS")
        assert found() == MatchedBy.REFERENCE_WITH_UNIT
        assert found(unit="BOX") == MatchedBy.REFERENCE


def test_a_number_of_another_vendor_is_not_ours(books: Books) -> None:
    """PU-25."""
    with books.work() as work:
        reference(work, "I-STD", "V-NL2", "A-1")
        assert resolve_item(work, "V-NL", "A-1", None, None) is None
        match = resolve_item(work, "V-NL2", "A-1", None, None)
        assert match == ItemMatch("I-STD", MatchedBy.REFERENCE)


def test_a_number_that_fits_several_items_is_for_a_person(books: Books) -> None:
    """PU-25."""
    with pytest.raises(DomainError, match="item_reference_ambiguous"), books.work() as work:
        reference(work, "I-STD", "V-NL", "A-1")
        reference(work, "I-AVG", "V-NL", "A-1")
        resolve_item(work, "V-NL", "A-1", None, None)


@pytest.mark.parametrize(
    ("start", "formula", "result"),
    [
        ("2026-01-15", "14D", "2026-01-29"),
        ("2026-01-15", "CM", "2026-01-31"),
        ("2026-01-31", "1M+CM", "2026-02-28"),
        ("2026-12-31", "CM+15D", "2027-01-15"),
        ("2026-01-15", "30D", "2026-02-14"),
        ("2026-01-15", "CM+D10", "2026-02-10"),
        ("2026-01-31", "1M", "2026-02-28"),
        ("2024-02-29", "1Y", "2025-02-28"),
        ("2026-03-28", "1W", "2026-04-04"),
        ("2026-01-15", "", "2026-01-15"),
    ],
)
def test_payment_terms_count_in_plain_calendar_days(start: str, formula: str, result: str) -> None:
    """PU-55, with its examples; check 9: leap years and ends of months."""
    assert shift(date.fromisoformat(start), formula) == date.fromisoformat(result)


def test_a_formula_nobody_understands_is_refused() -> None:
    with pytest.raises(DomainError, match="date_formula_syntax"):
        shift(date(2026, 1, 1), "30X")


def test_without_terms_an_invoice_is_due_on_its_date() -> None:
    """PU-56."""
    dates = payment_dates(None, date(2026, 1, 15))
    assert (dates.due_date, dates.discount_date, dates.discount_percent) == (date(2026, 1, 15), None, 0)


def test_a_discount_lasts_until_its_date() -> None:
    """PU-55: 30 days, 2 % in 8."""
    terms = PaymentTerms(code="X", due_formula="30D", discount_formula="8D", discount_percent=Decimal(2))
    assert payment_dates(terms, date(2026, 1, 15)).discount_date == date(2026, 1, 23)


@pytest.mark.parametrize(
    ("number", "following"), [("INV-0099", "INV-0100"), ("A9", "A10"), ("1", "2"), ("F26-009-X", "F26-010-X")]
)
def test_the_last_digits_count_on_and_keep_their_width(number: str, following: str) -> None:
    """PU-31."""
    assert next_after(number) == following


def series_line(work: Work, **values: object) -> NumberSeriesLine:
    line = work.session.get_one(NumberSeriesLine, ("POSTED_INVOICE", 1))
    for name, value in values.items():
        setattr(line, name, value)
    work.session.flush()
    return line


def test_a_rollback_gives_the_number_back(books: Books) -> None:
    """PU-33."""
    with pytest.raises(RuntimeError), books.work() as work:
        assert number_for(work, Purpose.POSTED_INVOICE, date(2026, 2, 1)) == "PI-00001"
        raise RuntimeError("something else failed")
    with books.work() as work:
        assert number_for(work, Purpose.POSTED_INVOICE, date(2026, 2, 1)) == "PI-00001"


def test_the_line_with_the_latest_start_that_has_begun_is_used(books: Books) -> None:
    """PU-32."""
    with books.work() as work:
        work.session.add(
            NumberSeriesLine(
                series_code="POSTED_INVOICE",
                line_no=2,
                starting_date=date(2026, 7, 1),
                starting_no="PJ-1",
                increment=1,
            )
        )
        work.session.flush()
        assert next_number(work, "POSTED_INVOICE", date(2026, 6, 30)) == "PI-00001"
        assert next_number(work, "POSTED_INVOICE", date(2026, 7, 1)) == "PJ-1"


def test_a_series_ends_at_its_ending_number(books: Books) -> None:
    """PU-32."""
    with books.work() as work:
        series_line(work, ending_no="PI-00002", warning_no="PI-00002")
        on = date(2026, 2, 1)
        assert series_problems(work, Purpose.POSTED_INVOICE, on) == []
        next_number(work, "POSTED_INVOICE", on)
        warned = series_problems(work, Purpose.POSTED_INVOICE, on)
        assert [(p.code, p.severity) for p in warned] == [("series_nearly_exhausted", "warning")]
        next_number(work, "POSTED_INVOICE", on)
        with pytest.raises(DomainError, match="series_no_line_for_date"):
            next_number(work, "POSTED_INVOICE", on)


def test_no_number_before_the_start_of_the_series(books: Books) -> None:
    """PU-32."""
    with pytest.raises(DomainError, match="series_no_line_for_date"), books.work() as work:
        series_line(work, starting_date=date(2026, 3, 1))
        next_number(work, "POSTED_INVOICE", date(2026, 2, 28))


def test_a_series_in_date_order_does_not_go_back(books: Books) -> None:
    """PU-35."""
    with books.work() as work:
        work.session.get_one(NumberSeries, "POSTED_INVOICE").date_order = True
        next_number(work, "POSTED_INVOICE", date(2026, 2, 10))
        with pytest.raises(DomainError, match="series_date_order"):
            next_number(work, "POSTED_INVOICE", date(2026, 2, 9))


@pytest.mark.parametrize(
    ("business", "rate", "product"),
    [
        ("NL", "21", "H"),
        ("NL", "9", "L"),
        ("NL", "0", "Z"),
        ("NL", "19", None),
        ("EU", "0", "H"),
        ("EU", "9", "L"),
    ],
)
def test_a_printed_rate_names_a_vat_group(
    books: Books, business: str, rate: str, product: str | None
) -> None:
    """Drafts made from documents: full deduction comes first, a vendor with reverse charge prints 0."""
    with books.reading() as work:
        assert vat_product_for(work, business, Decimal(rate)) == product


@pytest.mark.parametrize(("on_credits", "due"), [(False, date(2026, 3, 2)), (True, date(2026, 4, 1))])
def test_a_credit_memo_is_due_at_once_unless_its_terms_say_otherwise(on_credits: bool, due: date) -> None:
    """PU-56, acceptance 17."""
    terms = PaymentTerms(
        code="30D",
        due_formula="30D",
        discount_formula="8D",
        discount_percent=Decimal(2),
        discount_on_credit_memos=on_credits,
    )
    dates = payment_dates(terms, date(2026, 3, 2), is_credit=True)
    assert (dates.due_date, dates.discount_date is not None) == (due, on_credits)
