"""Values of a document become a draft in the core (ID-50 to ID-69, acceptance examples 10 to 17)."""

from decimal import Decimal

import pytest

from core.master.vendors import find_vendor
from core.purchasing.document import PurchaseDocument
from core.purchasing.drafts import get_draft
from pipeline.runtime import Runtime
from pipeline.workflow.resolve import resolve_vendor
from pipeline.workflow.values import Values
from tests.pipeline.journey import CARD_IBAN, KIM, Invoice, Journey, line

NOBODY = {"seller.name": None, "seller.vat_id": None, "payment_iban": None}


def draft_of(journey: Journey, incoming_id: int) -> PurchaseDocument:
    draft_id = journey.row(incoming_id).draft_id
    assert draft_id is not None
    with journey.runtime.reading(KIM) as work:
        draft = get_draft(work, draft_id)
        assert draft.lines is not None
        work.session.expunge_all()
        return draft


def codes(journey: Journey, incoming_id: int) -> list[str]:
    return [message.code for message in journey.view(incoming_id).messages]


def test_a_document_becomes_an_open_draft_that_carries_what_it_says(journey: Journey) -> None:
    invoice = Invoice({"invoice_number": "F-17", "order_reference": "PO-9", "due_date": "2026-12-04"})
    incoming_id = journey.receive(invoice)
    record, draft = journey.row(incoming_id), draft_of(journey, incoming_id)
    assert (record.stage, record.status, record.document_no) == ("in_review", "created", draft.document_no)
    assert record.released
    assert (draft.vendor_no, draft.vendor_document_no, draft.order_reference) == ("10231", "F-17", "PO-9")
    assert (str(draft.document_date), str(draft.due_date)) == ("2026-11-20", "2026-12-04")
    assert (draft.total_gross_stated, draft.total_vat_stated) == (Decimal(121), Decimal(21))
    assert draft.currency_code is None
    assert draft.payment_iban == CARD_IBAN


def test_a_due_date_that_is_not_printed_follows_from_the_terms(journey: Journey) -> None:
    draft = draft_of(journey, journey.receive())
    assert str(draft.due_date) == "2026-12-04"


@pytest.mark.parametrize(
    ("fields", "vendor_no", "matched_by"),
    [
        ({"seller.vat_id": "nl 8573.01.421.B01"}, "10231", "vat_id"),
        ({"seller.vat_id": "857301421B01"}, "10231", "vat_id"),
        ({"seller.legal_id": "68213947"}, "10231", "legal_id"),
        ({"payment_iban": CARD_IBAN}, "10231", "iban"),
        ({"seller.phone": "0031 30 5550144"}, "10231", "phone"),
        ({"seller.name": "VAN DER MEER TECHNIEK BV"}, "10231", "name"),
    ],
)
def test_the_vendor_is_found_by_the_first_key_that_hits(
    journey: Journey, fields: dict[str, str], vendor_no: str, matched_by: str
) -> None:
    row = journey.row(journey.receive(Invoice({**NOBODY, **fields})))
    assert (row.vendor_no, row.vendor_matched_by) == (vendor_no, matched_by)


def test_a_vat_number_that_points_nowhere_is_not_overridden_by_a_bank_account(journey: Journey) -> None:
    incoming_id = journey.receive(Invoice({"seller.vat_id": "NL999999999B99", "payment_iban": CARD_IBAN}))
    row = journey.row(incoming_id)
    assert (row.vendor_no, row.status, row.stage, row.draft_id) == (None, "failed", "in_review", None)
    assert codes(journey, incoming_id) == ["INC_VENDOR_NOT_FOUND"]
    with journey.runtime.reading(KIM) as work:
        match = resolve_vendor(work, Values.of(work, row))
        assert match.candidates[0] == "10231"
    assert journey.checks(incoming_id) == {"vendor": "stop"}


def test_a_line_with_the_vendors_item_number_becomes_an_item_line(journey: Journey) -> None:
    lines = [
        line(
            item_id="VM-6205-2RS",
            description="Groefkogellager",
            quantity="10",
            unit="st",
            unit_price="8.45",
            net_amount="84.50",
            vat_rate="21",
        ),
        line(description="Vracht", quantity="1", unit_price="15.50", net_amount="15.50", vat_rate="21"),
    ]
    draft = draft_of(journey, journey.receive(Invoice(lines=lines)))
    first, second = draft.lines
    assert (first.type, first.no, first.quantity, first.unit) == ("item", "1000", Decimal(10), "C62")
    assert (second.type, second.no, second.proposal) == ("account", "4310", "vendor_account")
    assert [row.source_ref for row in draft.lines] == ["lines.0", "lines.1"]


def test_a_line_without_quantity_and_amount_is_a_comment(journey: Journey) -> None:
    lines = [
        line(description="Uw order van 3 maart"),
        line(description="Freight", quantity="1", net_amount="100.00", vat_rate="21"),
    ]
    draft = draft_of(journey, journey.receive(Invoice(lines=lines)))
    assert [row.type for row in draft.lines] == ["comment", "account"]


def test_without_lines_there_is_one_line_for_each_vat_rate(journey: Journey) -> None:
    draft = draft_of(journey, journey.receive(Invoice(lines=[])))
    (only,) = draft.lines
    assert (only.quantity, only.unit_cost, only.vat_product) == (Decimal(1), Decimal(100), "H")
    assert only.description == "Van der Meer Techniek B.V."


def test_without_lines_and_totals_there_is_no_draft(journey: Journey) -> None:
    nothing = {"total_net": None, "total_vat": None}
    incoming_id = journey.receive(Invoice(nothing, lines=[]))
    assert journey.row(incoming_id).status == "failed"
    assert codes(journey, incoming_id) == ["INC_NO_TOTAL"]
    assert journey.checks(incoming_id)["totals"] == "stop"


def test_a_total_that_differs_leaves_the_draft_with_a_warning(journey: Journey) -> None:
    incoming_id = journey.receive(Invoice({"total_gross": "122.00"}))
    assert journey.row(incoming_id).status == "created"
    assert codes(journey, incoming_id) == ["INC_TOTALS"]
    assert journey.checks(incoming_id)["totals"] == "stop"


def test_a_discount_on_the_whole_document_becomes_the_invoice_discount(journey: Journey) -> None:
    amounts = {
        "total_allowance": "10.00",
        "total_net": "90.00",
        "total_vat": "18.90",
        "total_gross": "108.90",
    }
    incoming_id = journey.receive(Invoice(amounts))
    assert draft_of(journey, incoming_id).invoice_discount_amount == Decimal(10)
    assert journey.checks(incoming_id) == {}


def test_a_charge_on_the_whole_document_becomes_a_line_of_its_own(journey: Journey) -> None:
    amounts = {"total_charge": "5.00", "total_net": "105.00", "total_vat": "22.05", "total_gross": "127.05"}
    incoming_id = journey.receive(Invoice(amounts))
    assert [row.unit_cost for row in draft_of(journey, incoming_id).lines] == [Decimal(100), Decimal(5)]
    assert journey.checks(incoming_id) == {}


def test_a_credit_note_becomes_a_credit_memo(journey: Journey) -> None:
    incoming_id = journey.receive(Invoice({"document_type": "credit_note"}))
    assert draft_of(journey, incoming_id).kind == "credit_memo"
    assert journey.row(incoming_id).document_kind == "purchase_credit_memo"


def test_an_unknown_currency_keeps_the_draft_from_being_made(journey: Journey) -> None:
    incoming_id = journey.receive(Invoice({"currency_code": "XXX"}))
    assert (journey.row(incoming_id).status, codes(journey, incoming_id)) == (
        "failed",
        ["INC_CURRENCY_UNKNOWN"],
    )


def test_a_document_for_another_company_is_a_stop(journey: Journey) -> None:
    incoming_id = journey.receive(Invoice({"buyer.vat_id": "NL001234567B90"}))
    assert codes(journey, incoming_id) == ["INC_BUYER_VAT"]
    assert journey.checks(incoming_id) == {"fields": "stop"}


def test_an_account_that_is_not_on_the_card_is_a_stop_and_the_card_stays_as_it_is(journey: Journey) -> None:
    incoming_id = journey.receive(Invoice({"payment_iban": "NL91ABNA0417164300"}))
    assert journey.checks(incoming_id) == {"bank_account": "stop"}
    with journey.runtime.reading(KIM) as work:
        vendor = find_vendor(work, "10231")
        assert vendor is not None
        assert [account.iban for account in vendor.bank_accounts] == [CARD_IBAN]


def test_the_same_number_of_the_same_vendor_makes_no_second_draft(journey: Journey) -> None:
    journey.receive(Invoice({"invoice_number": "2026-01187"}))
    second = journey.receive(Invoice({"invoice_number": "2026-O1187", "total_net": "50.00"}))
    row = journey.row(second)
    assert (row.stage, row.status, row.draft_id) == ("in_review", "new", None)
    assert journey.checks(second)["duplicate"] == "stop"


def test_the_same_total_within_30_days_is_looked_at_but_drafted(journey: Journey) -> None:
    journey.receive(Invoice({"invoice_number": "A1", "issue_date": "2026-11-01"}))
    near = journey.receive(Invoice({"invoice_number": "B2", "issue_date": "2026-11-20"}))
    far = journey.receive(Invoice({"invoice_number": "C3", "issue_date": "2026-12-31"}))
    assert journey.row(near).draft_id is not None
    assert journey.checks(near) == {"duplicate": "check"}
    assert journey.checks(far) == {}


def test_reading_twice_has_the_effect_of_reading_once(journey: Journey, runtime: Runtime) -> None:
    incoming_id = journey.receive()
    before = journey.view(incoming_id).lines
    journey.go_on()
    assert journey.view(incoming_id).lines == before
