"""What a person may do with a document, and what keeps it from going on.

ux.md §5.3; ID-23 to ID-28, ID-54, ID-90, ID-91.
"""

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.errors import DomainError
from core.master.vendors import NewVendor, find_vendor
from core.purchasing.document import PurchaseDocument
from core.purchasing.drafts import delete_draft, lock_draft
from core.purchasing.posted import find_posted
from core.work import MACHINE
from pipeline.extract.document import Box, ExtractedLine
from pipeline.incoming import Attachment, Stage
from pipeline.workflow import review
from pipeline.workflow.review_view import Evidence, FieldState
from tests.pipeline.journey import BEA, CARD_IBAN, KIM, Invoice, Journey, printed

OTHER_IBAN = "NL91ABNA0417164300"


def refused(journey: Journey, incoming_id: int) -> list[str]:
    """The codes with which approving is refused."""
    with pytest.raises(DomainError) as error:
        journey.approve(incoming_id)
    return [problem.code for problem in error.value.problems]


def state(journey: Journey, incoming_id: int, key: str) -> FieldState:
    return journey.view(incoming_id).fields[key].state


def test_a_document_is_approved_and_posted_and_its_record_follows(journey: Journey) -> None:
    incoming_id = journey.receive()
    journey.approve(incoming_id)
    assert journey.stage(incoming_id) is Stage.APPROVED
    posted_no = journey.post(incoming_id)
    row = journey.row(incoming_id)
    assert (row.stage, row.status, row.document_no, row.processed) == ("posted", "posted", posted_no, True)
    assert row.posting_date == journey.runtime.today()
    with journey.runtime.reading(BEA) as work:
        assert find_posted(work, posted_no) is not None
        files = work.session.scalars(select(Attachment).where(Attachment.incoming_id == incoming_id))
        assert [file.document_no for file in files] == [posted_no]


def test_posting_twice_is_answered_with_the_number_of_the_first(journey: Journey) -> None:
    incoming_id = journey.receive()
    journey.approve(incoming_id)
    posted_no = journey.post(incoming_id)
    with pytest.raises(DomainError) as error:
        journey.post(incoming_id)
    assert error.value.code == "already_posted"
    assert error.value.problems[0].values["posted_no"] == posted_no


def test_nothing_is_posted_that_was_not_reviewed(journey: Journey) -> None:
    incoming_id = journey.receive()
    with pytest.raises(DomainError) as error:
        journey.post(incoming_id)
    assert error.value.code == "INC_NOT_REVIEWED"


def test_a_doubtful_value_is_checked_and_keeps_the_document_until_it_is_confirmed(journey: Journey) -> None:
    incoming_id = journey.receive(Invoice(doubtful={"invoice_number": 0.8}))
    assert state(journey, incoming_id, "invoice_number") is FieldState.CHECK
    assert refused(journey, incoming_id) == ["INC_CHECKS_OPEN", "INC_CHECK_OPEN"]
    assert journey.view(incoming_id).next_open == "invoice_number"
    with journey.runtime.work(KIM) as work:
        review.confirm_field(work, incoming_id, None, "invoice_number")
    assert state(journey, incoming_id, "invoice_number") is FieldState.CONFIRMED
    journey.approve(incoming_id)


def test_a_value_under_60_per_cent_stays_empty_and_is_offered(journey: Journey) -> None:
    incoming_id = journey.receive(Invoice({"invoice_number": "F-17"}, doubtful={"invoice_number": 0.4}))
    field = journey.view(incoming_id).fields["invoice_number"]
    assert (field.state, field.value, field.is_open) == (FieldState.MISSING, None, True)
    assert [candidate.value for candidate in field.candidates] == ["F-17"]
    with journey.runtime.work(KIM) as work:
        review.confirm_field(work, incoming_id, None, "invoice_number")
    assert journey.row(incoming_id).invoice_number == "F-17"


def test_amounts_that_prove_each_other_are_sure_however_badly_they_were_read(journey: Journey) -> None:
    doubtful = {"total_net": 0.7, "total_vat": 0.7, "total_gross": 0.7}
    incoming_id = journey.receive(Invoice(doubtful=doubtful))
    assert state(journey, incoming_id, "total_gross") is FieldState.SURE
    assert journey.checks(incoming_id) == {}


def test_an_edit_changes_value_draft_and_version_and_is_told_in_the_activity(journey: Journey) -> None:
    incoming_id = journey.receive()
    version = journey.row(incoming_id).version
    with journey.runtime.work(KIM) as work:
        review.set_field(work, incoming_id, version, "due_date", "31-12-2026", language="nl")
    view = journey.view(incoming_id)
    assert view.fields["due_date"].value == "2026-12-31"
    assert view.document.version > version
    last = view.activity[-1]
    assert (last.actor, last.action, last.field, last.new) == (
        "Kim Bakker",
        "changed",
        "due_date",
        "2026-12-31",
    )
    with journey.runtime.reading(KIM) as work:
        draft = work.session.get_one(PurchaseDocument, view.document.draft_id)
        assert str(draft.due_date) == "2026-12-31"


def test_an_action_on_an_older_version_is_refused_and_changes_nothing(journey: Journey) -> None:
    incoming_id = journey.receive()
    old = journey.row(incoming_id).version
    with journey.runtime.work(KIM) as work:
        review.set_field(work, incoming_id, old, "payment_reference", "one", language="en")
    with pytest.raises(DomainError) as error, journey.runtime.work(BEA) as work:
        review.set_field(work, incoming_id, old, "payment_reference", "two", language="en")
    assert error.value.code == "INC_CHANGED_BY_OTHER"
    assert error.value.problems[0].values["by"] == "Kim Bakker"
    assert journey.view(incoming_id).fields["payment_reference"].value == "one"


def test_a_clicked_word_brings_its_place_along(journey: Journey) -> None:
    incoming_id = journey.receive()
    evidence = Evidence(1, Box(0.5, 0.5, 0.6, 0.52), "1 dec. 2026")
    with journey.runtime.work(KIM) as work:
        review.set_field(work, incoming_id, None, "due_date", "1 dec. 2026", language="en", evidence=evidence)
    field = journey.view(incoming_id).fields["due_date"]
    assert (field.value, field.box, field.printed) == ("2026-12-01", evidence.box, "1 dec. 2026")


def test_setting_back_gives_the_value_that_was_read(journey: Journey) -> None:
    incoming_id = journey.receive(Invoice({"payment_reference": "as read"}))
    with journey.runtime.work(KIM) as work:
        review.set_field(work, incoming_id, None, "payment_reference", "typed", language="en")
    with journey.runtime.work(KIM) as work:
        review.reset_field(work, incoming_id, None, "payment_reference")
    assert journey.view(incoming_id).fields["payment_reference"].value == "as read"


def test_quantity_and_price_make_the_amount_and_the_other_way_round(journey: Journey) -> None:
    incoming_id = journey.receive()
    with journey.runtime.work(KIM) as work:
        review.set_line(work, incoming_id, None, 1, "quantity", "4", language="nl")
    cells = journey.view(incoming_id).lines[0].cells
    assert (cells["unit_price"].value, cells["net_amount"].value) == ("100", "400.00")
    with journey.runtime.work(KIM) as work:
        review.set_line(work, incoming_id, None, 1, "net_amount", "100,00", language="nl")
    assert journey.view(incoming_id).lines[0].cells["unit_price"].value == "25"
    assert journey.checks(incoming_id) == {}


def test_a_line_is_coded_added_and_deleted(journey: Journey) -> None:
    incoming_id = journey.receive()
    with journey.runtime.work(KIM) as work:
        review.set_line(work, incoming_id, None, 1, "no", "4610 Office supplies", language="en")
        added = review.add_line(work, incoming_id, None)
    view = journey.view(incoming_id)
    assert (view.lines[0].no, view.lines[0].name) == ("4610", "Office supplies")
    assert view.lines[0].cells["no"].state is FieldState.CONFIRMED
    assert [one.line_no for one in view.lines] == [1, added]
    with journey.runtime.work(KIM) as work:
        review.delete_line(work, incoming_id, None, added)
    journey.approve(incoming_id)


def test_a_number_of_an_account_that_no_line_may_name_means_the_item(journey: Journey) -> None:
    incoming_id = journey.receive()
    with journey.runtime.work(KIM) as work:
        review.set_line(work, incoming_id, None, 1, "no", "1300", language="en")
    (line,) = journey.view(incoming_id).lines
    assert (line.type, line.no, line.name) == ("item", "1300", "Exportkrat 120x80x60")


def test_an_account_that_does_not_exist_is_refused_and_the_line_stays(journey: Journey) -> None:
    incoming_id = journey.receive()
    with pytest.raises(DomainError) as error, journey.runtime.work(KIM) as work:
        review.set_line(work, incoming_id, None, 1, "no", "9999", language="en")
    assert error.value.code == "account_unknown"
    assert journey.view(incoming_id).lines[0].no == "4310"


def test_a_doubtful_quantity_of_an_item_is_checked_because_it_moves_stock(journey: Journey) -> None:
    columns = {"item_id": "VM-UCP205", "description": "Lagerblok", "net_amount": "100.00", "vat_rate": "21"}
    read = {key: printed(value) for key, value in columns.items()} | {"quantity": printed("4", 0.7)}
    incoming_id = journey.receive(Invoice(lines=[ExtractedLine(read)]))
    cell = journey.view(incoming_id).lines[0].cells["quantity"]
    assert (cell.state, cell.is_open) == (FieldState.CHECK, True)
    assert journey.checks(incoming_id) == {"fields": "check"}
    with journey.runtime.work(KIM) as work:
        review.confirm_field(work, incoming_id, None, cell.key)
    journey.approve(incoming_id)


def test_choosing_the_vendor_makes_the_draft_that_could_not_be_made(journey: Journey) -> None:
    incoming_id = journey.receive(
        Invoice({"seller.vat_id": "NL999999999B99", "seller.name": "Drukkerij Oostwal"})
    )
    assert journey.row(incoming_id).draft_id is None
    with journey.runtime.work(KIM) as work:
        review.set_vendor(work, incoming_id, None, "10231")
    row = journey.row(incoming_id)
    assert (row.vendor_no, row.status, row.vendor_matched_by) == ("10231", "created", "person")
    assert journey.checks(incoming_id) == {}


def test_a_vendor_made_from_the_page_is_restricted_and_takes_the_document(journey: Journey) -> None:
    incoming_id = journey.receive(
        Invoice(
            {
                "seller.vat_id": "NL001234567B90",
                "seller.name": "Drukkerij Oostwal",
                "payment_iban": OTHER_IBAN,
            }
        )
    )
    with journey.runtime.work(KIM) as work:
        proposed = review.propose_vendor(work, incoming_id)
        assert (proposed.name, proposed.vat_id, proposed.iban) == (
            "Drukkerij Oostwal",
            "NL001234567B90",
            OTHER_IBAN,
        )
        created = review.create_vendor_from(
            work, incoming_id, None, NewVendor(name=proposed.name, vat_id=proposed.vat_id, iban=proposed.iban)
        )
        number = created.vendor_no
    view = journey.view(incoming_id)
    assert (view.document.vendor_no, view.document.vendor_restricted) == (number, True)
    journey.approve(incoming_id)
    with pytest.raises(DomainError) as error:
        journey.post(incoming_id)
    assert "APP_RESTRICTED" in [problem.code for problem in error.value.problems]


def test_keeping_the_card_account_pays_to_the_card_and_never_changes_it(journey: Journey) -> None:
    incoming_id = journey.receive(Invoice({"payment_iban": OTHER_IBAN}))
    with journey.runtime.work(KIM) as work:
        review.keep_card_account(work, incoming_id, None)
    assert journey.view(incoming_id).fields["payment_iban"].value == CARD_IBAN
    journey.approve(incoming_id)
    with journey.runtime.reading(KIM) as work:
        vendor = find_vendor(work, "10231")
        assert vendor is not None
        assert len(vendor.bank_accounts) == 1


def test_a_repeat_is_dismissed_with_a_reason_that_is_remembered(journey: Journey) -> None:
    journey.receive(Invoice({"invoice_number": "77"}))
    second = journey.receive(Invoice({"invoice_number": "77"}))
    assert journey.checks(second)["duplicate"] == "stop"
    with journey.runtime.work(KIM) as work:
        review.not_a_duplicate(work, second, None, "One number for two branches")
    assert journey.row(second).draft_id is not None
    assert "duplicate" not in journey.checks(second)
    with journey.runtime.work(KIM) as work:
        review.set_vendor(work, second, None, "10231")
    assert "duplicate" not in journey.checks(second)


def test_cents_are_booked_when_a_person_says_so(journey: Journey) -> None:
    incoming_id = journey.receive(Invoice({"total_vat": "21.01", "total_gross": "121.01"}))
    assert journey.checks(incoming_id)["totals"] == "check"
    with journey.runtime.work(KIM) as work:
        review.book_difference(work, incoming_id, None)
    journey.approve(incoming_id)
    assert journey.view(incoming_id).preview_problems == ()
    journey.post(incoming_id)


def test_more_than_cents_cannot_be_booked(journey: Journey) -> None:
    incoming_id = journey.receive(Invoice({"total_gross": "125.00"}))
    with pytest.raises(DomainError) as error, journey.runtime.work(KIM) as work:
        review.book_difference(work, incoming_id, None)
    assert error.value.code == "INC_TOTALS"


def test_a_document_for_another_buyer_goes_on_after_a_person_said_why(journey: Journey) -> None:
    incoming_id = journey.receive(Invoice({"buyer.vat_id": "NL001234567B90"}))
    message = journey.view(incoming_id).messages[0]
    with journey.runtime.work(KIM) as work:
        review.dismiss(work, incoming_id, None, message.id, "Our old number")
    journey.approve(incoming_id)


def test_rejecting_needs_a_reason_deletes_the_draft_and_can_be_undone(journey: Journey) -> None:
    incoming_id = journey.receive()
    draft_id = journey.row(incoming_id).draft_id
    with pytest.raises(DomainError) as error, journey.runtime.work(KIM) as work:
        review.reject(work, incoming_id, None, "")
    assert error.value.code == "INC_REASON_MISSING"
    with journey.runtime.work(KIM) as work:
        review.reject(work, incoming_id, None, "Not ordered")
    row = journey.row(incoming_id)
    assert (row.stage, row.status, row.reject_reason, row.draft_id) == (
        "rejected",
        "rejected",
        "Not ordered",
        None,
    )
    with journey.runtime.reading(KIM) as work:
        assert work.session.get(PurchaseDocument, draft_id) is None
    with journey.runtime.work(KIM) as work:
        review.reopen(work, incoming_id, None)
    row = journey.row(incoming_id)
    assert (row.stage, row.status) == ("in_review", "created")


def test_approving_can_be_undone_until_it_is_posted(journey: Journey) -> None:
    incoming_id = journey.receive()
    journey.approve(incoming_id)
    with journey.runtime.work(KIM) as work:
        review.reopen(work, incoming_id, None)
    assert journey.stage(incoming_id) is Stage.IN_REVIEW
    journey.approve(incoming_id)
    journey.post(incoming_id)
    with pytest.raises(DomainError) as error, journey.runtime.work(KIM) as work:
        review.reject(work, incoming_id, None, "too late")
    assert error.value.code == "INC_POSTED"


def test_deleting_the_draft_by_another_way_unlinks_the_record_and_keeps_the_file(journey: Journey) -> None:
    incoming_id = journey.receive()
    row = journey.row(incoming_id)
    assert row.draft_id is not None
    with journey.runtime.work(BEA) as work:
        delete_draft(work, lock_draft(work, row.draft_id))
    after = journey.row(incoming_id)
    assert (after.status, after.draft_id, after.stage) == ("released", None, "in_review")
    assert journey.runtime.store.is_intact(after.sha256)


def test_a_parked_document_comes_back_by_itself_on_its_day(journey: Journey) -> None:
    incoming_id = journey.receive()
    tomorrow = journey.runtime.today() + timedelta(days=1)
    with journey.runtime.work(KIM) as work:
        review.park(work, incoming_id, None, tomorrow, "the receipt")
    assert journey.view(incoming_id).document.word == "parked"
    with journey.runtime.work(MACHINE) as work:
        assert review.come_back(work) == 0
        work.today = tomorrow
        assert review.come_back(work) == 1
    assert journey.view(incoming_id).document.word == "needs_review"


def test_parking_until_today_is_refused(journey: Journey) -> None:
    incoming_id = journey.receive()
    with pytest.raises(DomainError) as error, journey.runtime.work(KIM) as work:
        review.park(work, incoming_id, None, work.today, "")
    assert error.value.code == "INC_PARK_DATE"


def test_within_the_touchless_limit_of_the_vendor_nobody_is_asked(journey: Journey) -> None:
    with journey.runtime.work(BEA) as work:
        vendor = find_vendor(work, "10231")
        assert vendor is not None
        vendor.touchless_limit = vendor.touchless_limit + 500
    assert journey.stage(journey.receive()) is Stage.APPROVED
    assert journey.stage(journey.receive(Invoice(doubtful={"invoice_number": 0.8}))) is Stage.IN_REVIEW


def test_reading_again_keeps_what_a_person_confirmed(journey: Journey) -> None:
    incoming_id = journey.receive()
    with journey.runtime.work(KIM) as work:
        review.set_field(work, incoming_id, None, "invoice_number", "TYPED-1", language="en")
    with journey.runtime.work(KIM) as work:
        review.read_again(work, incoming_id, None)
    row = journey.row(incoming_id)
    assert (row.stage, row.job_status, row.draft_id) == ("received", "scheduled", None)
    assert journey.view(incoming_id).fields["invoice_number"].value == "TYPED-1"


def test_the_preview_is_in_balance_and_names_the_lines(journey: Journey) -> None:
    view = journey.view(journey.receive())
    debit = sum(row.debit or 0 for row in view.preview)
    credit = sum(row.credit or 0 for row in view.preview)
    assert debit == credit == 121
    assert [(row.account_no, row.line_no) for row in view.preview if row.line_no] == [("4310", 1)]
