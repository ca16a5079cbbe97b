"""Without Tesseract's data a scan waits, visibly and without an attempt, and goes on by itself (ID-43)."""

import shutil
import subprocess
from pathlib import Path

from sqlalchemy import select

from core.outbox import Job
from core.work import MACHINE
from inkoop.samples.families import LAYOUTS
from inkoop.samples.forms import Form, make_sample
from inkoop.samples.invent import make_invoice
from pipeline.incoming import IncomingDocument
from pipeline.workflow.listing import list_incoming
from pipeline.workflow.listing_view import View
from tests.journeys.files import vendor_files
from tests.journeys.running import RunningInkoop, running_inkoop, wait_until


def installed_data() -> Path:
    """The folder with Tesseract's language data."""
    answer = subprocess.run(["tesseract", "--list-langs"], capture_output=True, text=True, check=True)
    return Path((answer.stdout + answer.stderr).split('"')[1])


def values(inkoop: RunningInkoop, name: str) -> tuple[str, str | None]:
    with inkoop.runtime.reading(MACHINE) as work:
        row = work.session.scalar(select(IncomingDocument).where(IncomingDocument.description == name))
        return ("", None) if row is None else (row.stage, row.wait_reason)


def test_a_scan_waits_for_its_language_while_the_rest_goes_on_and_resumes_by_itself(tmp_path: Path) -> None:
    data = tmp_path / "tessdata"
    data.mkdir()
    scan = make_sample(make_invoice(11, "en", document_type="invoice"), LAYOUTS["letter"], Form.SCANNED_PDF)
    settings = {"TESSDATA_PREFIX": str(data), "INKOOP_OCR_LANGUAGES": "eng"}
    with running_inkoop(tmp_path, settings) as inkoop:
        inkoop.drop("scan.pdf", scan.data)
        wait_until(lambda: values(inkoop, "scan") == ("received", "waiting_for_ocr"), "the waiting")
        inkoop.drop("invoice.xml", next(vendor_files(5))[1])
        wait_until(lambda: values(inkoop, "invoice")[0] == "in_review", "the e-invoice's review")
        with inkoop.runtime.reading(MACHINE) as work:
            (row,) = list_incoming(work, View.PROCESSING).rows
            assert row.why is not None
            assert row.why.key == "wait.waiting_for_ocr"
            assert {job.attempts for job in work.session.scalars(select(Job)) if job.state == "queued"} == {0}
        for name in ("eng.traineddata", "osd.traineddata"):
            shutil.copy(installed_data() / name, data / name)
        wait_until(lambda: values(inkoop, "scan") == ("in_review", None), "the scan's review")
        with inkoop.runtime.reading(MACHINE) as work:
            row_read = work.session.scalar(
                select(IncomingDocument).where(IncomingDocument.description == "scan")
            )
            assert row_read is not None
            assert row_read.source == "ocr"
