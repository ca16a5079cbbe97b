"""The views of Incoming hold what they say, and count it (ux.md §3, §5.2)."""

from datetime import timedelta
from decimal import Decimal

import pytest

from pipeline.ingest.channel import Delivery
from pipeline.workflow import review
from pipeline.workflow.listing import counts, list_incoming, neighbours, reason_choices, vendor_choices
from pipeline.workflow.listing_view import Filters, View
from tests.pipeline.journey import KIM, Invoice, Journey


def numbers(journey: Journey, view: View, search: str = "") -> list[int]:
    with journey.runtime.reading(KIM) as work:
        return [row.id for row in list_incoming(work, view, search).rows]


def test_each_document_stands_in_the_views_it_belongs_to_and_the_counts_agree(journey: Journey) -> None:
    clean = journey.receive()
    stopped = journey.receive(Invoice({"payment_iban": "NL91ABNA0417164300", "total_net": None}))
    doubtful = journey.receive(Invoice({"issue_date": "2027-01-31"}, doubtful={"invoice_number": 0.8}))
    parked = journey.receive(Invoice({"issue_date": "2027-03-31"}))
    ready = journey.receive(Invoice({"issue_date": "2027-05-31"}))
    posted = journey.receive(Invoice({"issue_date": "2027-07-31"}))
    waiting = journey.deliver(b"%PDF-1.7 new")
    with journey.runtime.work(KIM) as work:
        review.park(work, parked, None, work.today + timedelta(days=9), "")
    for incoming_id in (ready, posted):
        journey.approve(incoming_id)
    journey.post(posted)
    assert numbers(journey, View.NEEDS_REVIEW) == [doubtful, stopped, clean]
    assert numbers(journey, View.EXCEPTIONS) == [stopped]
    assert numbers(journey, View.PARKED) == [parked]
    assert numbers(journey, View.READY_TO_POST) == [ready]
    assert numbers(journey, View.PROCESSING) == [waiting]
    assert numbers(journey, View.POSTED_TODAY) == [posted]
    with journey.runtime.reading(KIM) as work:
        found = counts(work)
        assert {view: found[view] for view in View} == {
            view: list_incoming(work, view).total for view in View
        }


@pytest.mark.parametrize("search", ["meer tech", "F-4711", "121,00", "121.00", "PO-77", "IN-"])
def test_a_search_finds_by_vendor_number_order_and_exact_amount(journey: Journey, search: str) -> None:
    incoming_id = journey.receive(Invoice({"invoice_number": "F-4711", "order_reference": "PO-77"}))
    assert numbers(journey, View.ALL, search) == [incoming_id]


@pytest.mark.parametrize("search", ["%", "_", "122.00", "Hofstede"])
def test_a_search_takes_signs_as_they_are_and_finds_nothing_else(journey: Journey, search: str) -> None:
    journey.receive()
    assert numbers(journey, View.ALL, search) == []


def test_a_row_tells_its_worst_reason_and_how_many_more(journey: Journey) -> None:
    journey.receive(Invoice({"payment_iban": "NL91ABNA0417164300"}, doubtful={"invoice_number": 0.8}))
    with journey.runtime.reading(KIM) as work:
        (row,) = list_incoming(work, View.NEEDS_REVIEW).rows
    assert row.why is not None
    assert (row.why.key, row.why_severity, row.more_reasons) == ("problem.INC_IBAN_NEW", "stop", 1)


def test_what_was_refused_is_listed_with_its_reason(journey: Journey) -> None:
    journey.runtime.take_in(KIM, Delivery("leeg.pdf", b"", "upload"))
    with journey.runtime.reading(KIM) as work:
        (refused,) = list_incoming(work, View.FAILED).refused
        assert counts(work)[View.FAILED] == 1, "the count equals the list (ux.md §11.10)"
    assert (refused.name, refused.code) == ("leeg.pdf", "INC_EMPTY_FILE")


def test_filters_narrow_a_view_by_vendor_reason_amount_and_day(journey: Journey) -> None:
    """ux.md §5.2. Each choice that is offered finds as many documents as it says."""
    stopped = journey.receive(Invoice({"payment_iban": "NL91ABNA0417164300"}))
    doubtful = journey.receive(Invoice({"issue_date": "2027-01-31"}, doubtful={"invoice_number": 0.8}))
    view = View.NEEDS_REVIEW
    with journey.runtime.reading(KIM) as work:

        def found(filters: Filters) -> list[int]:
            return [row.id for row in list_incoming(work, view, filters=filters).rows]

        rows = {row.id: row for row in list_incoming(work, view).rows}
        amount, today = rows[stopped].total_gross, work.today
        assert amount is not None
        assert found(Filters(why="problem.INC_IBAN_NEW")) == [stopped]
        assert found(Filters(why="why.nothing")) == []
        assert found(Filters(amount_from=amount, amount_to=amount)) == [doubtful, stopped]
        assert found(Filters(amount_from=amount + Decimal("0.01"))) == []
        assert found(Filters(received_from=today, received_to=today)) == [doubtful, stopped]
        assert found(Filters(received_to=today - timedelta(days=1))) == []
        assert found(Filters(vendor_no="nobody")) == []
        for vendor in vendor_choices(work, view):
            assert len(found(Filters(vendor_no=vendor.vendor_no))) == vendor.count
        reasons = reason_choices(work, view)
        assert {choice.key for choice in reasons} == {row.why.key for row in rows.values() if row.why}
        for choice in reasons:
            assert len(found(Filters(why=choice.key))) == choice.count


def test_pages_of_a_list_show_every_row_once(journey: Journey) -> None:
    made = {journey.receive(Invoice({"total_gross": None})) for _ in range(5)}
    with journey.runtime.reading(KIM) as work:
        pages = [
            list_incoming(work, View.ALL, sort="amount", limit=2, offset=offset).rows for offset in (0, 2, 4)
        ]
    shown = [row.id for page in pages for row in page]
    assert len(shown) == 5
    assert set(shown) == made


def test_a_document_knows_its_neighbours_in_the_view(journey: Journey) -> None:
    first, second, third = (journey.receive() for _ in range(3))
    with journey.runtime.reading(KIM) as work:
        before, after, place, total = neighbours(work, View.NEEDS_REVIEW, second)
    assert (before, after) == (journey.row(third).incoming_no, journey.row(first).incoming_no)
    assert (place, total) == (2, 3)
