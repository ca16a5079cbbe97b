"""What becomes of the record of an invoice that is cancelled or corrected (PU-102)."""

from sqlalchemy import select

from core.posting.correction import cancel, correct
from pipeline.incoming import Attachment, IncomingDocument
from tests.pipeline.journey import BEA, Journey


def kept_case(journey: Journey, posted_no: str) -> tuple[str, str, int]:
    """Stage and status of the case that stays with a posted document, and how many files it has."""
    with journey.runtime.reading(BEA) as work:
        kept = work.session.scalars(
            select(IncomingDocument).where(IncomingDocument.document_no == posted_no)
        ).one()
        files = work.session.scalars(select(Attachment).where(Attachment.incoming_id == kept.id)).all()
        assert {file.document_no for file in files} == {posted_no}
        return kept.stage, kept.status, len(files)


def test_the_record_of_a_cancelled_invoice_is_released_and_unlinked(journey: Journey) -> None:
    incoming_id = journey.receive()
    journey.approve(incoming_id)
    posted_no = journey.post(incoming_id)

    with journey.runtime.work(BEA) as work:
        cancel(work, posted_no, "Not ours")

    row = journey.row(incoming_id)
    assert (row.stage, row.status, row.draft_id, row.document_no) == ("in_review", "released", None, None)
    assert kept_case(journey, posted_no) == ("posted", "posted", 1)


def test_the_record_of_a_corrected_invoice_goes_on_with_the_new_draft(journey: Journey) -> None:
    incoming_id = journey.receive()
    journey.approve(incoming_id)
    posted_no = journey.post(incoming_id)

    with journey.runtime.work(BEA) as work:
        corrected = correct(work, posted_no, "Wrong account")

    row = journey.row(incoming_id)
    assert (row.stage, row.status, row.draft_id) == ("in_review", "created", corrected.draft_id)
    assert kept_case(journey, posted_no) == ("posted", "posted", 1)
    journey.approve(incoming_id)
    assert journey.post(incoming_id) != posted_no
