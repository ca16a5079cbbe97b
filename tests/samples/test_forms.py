"""The forms in which a sample arrives: repeatable, of the right kind, and with boxes that follow the page."""

from __future__ import annotations

import io
from itertools import product

import numpy as np
import pikepdf
import pypdfium2
import pytest
from lxml import etree
from PIL import Image

from inkoop.samples import scan
from inkoop.samples.company import Language
from inkoop.samples.einvoice import PricesIncludeVat
from inkoop.samples.families import LAYOUTS
from inkoop.samples.forms import Form, Sample, TooManyPages, make_sample
from inkoop.samples.hybrid import FILE_NAME
from inkoop.samples.invent import make_invoice
from inkoop.samples.invoice import SampleInvoice
from inkoop.samples.layout import draw
from inkoop.samples.truth import values
from pipeline.extract.document import ExtractedInvoice
from pipeline.extract.einvoice import find_format

LANGUAGES: tuple[Language, ...] = ("nl", "de", "fr", "en")
SCANS = (Form.SCANNED_PDF, Form.SCANNED_TIFF, Form.SCANNED_JPEG, Form.SCANNED_PNG)
SIGNATURES = {
    Form.TEXT_LAYER: b"%PDF-",
    Form.SCANNED_PDF: b"%PDF-",
    Form.SCANNED_TIFF: b"II*\0",
    Form.SCANNED_JPEG: b"\xff\xd8\xff",
    Form.SCANNED_PNG: b"\x89PNG",
    Form.HYBRID: b"%PDF-",
    Form.UBL: b"<?xml",
    Form.CII: b"<?xml",
}


def sample(form: Form, code: str = "trade", seed: int = 32_000, scanner_seed: int = 5) -> Sample:
    layout = LAYOUTS[code]
    return make_sample(make_invoice(seed, "nl", layout.demands), layout, form, scanner_seed)


@pytest.mark.parametrize("form", Form)
def test_a_form_has_its_signature_and_the_same_bytes_each_time(form: Form) -> None:
    first, second = sample(form), sample(form)

    assert first.data.startswith(SIGNATURES[form])
    assert first == second


@pytest.mark.parametrize("form", SCANS)
def test_values_stand_in_ink_where_the_scan_says(form: Form) -> None:
    made = sample(form)
    page = _first_page(made)
    ink = np.asarray(page, dtype=np.int16)
    paper = int(np.median(ink))

    for place in made.drawn:
        cut = ink[
            int(place.box.top * page.height) : int(place.box.bottom * page.height) + 1,
            int(place.box.left * page.width) : int(place.box.right * page.width) + 1,
        ]
        assert cut.min() < paper - 80, place


def test_the_boxes_of_a_scan_turn_with_the_page() -> None:
    """On a page turned counterclockwise a text at the left comes lower and one at the right higher."""
    drawing = draw(LAYOUTS["letter"], make_invoice(32_001, "nl", LAYOUTS["letter"].demands))
    scanner = scan.make_scanner(8)
    turned = scan.scanned_places(drawing.drawn, scanner)

    assert 0.2 < abs(scanner.skew) <= 1.5
    for before, after in zip(drawing.drawn, turned, strict=True):
        middle = (before.box.left + before.box.right) / 2
        moved = (after.box.top + after.box.bottom - before.box.top - before.box.bottom) / 2
        if abs(middle - 0.5) > 0.1:
            assert (moved > 0) == ((middle < 0.5) == (scanner.skew > 0))


def test_scanners_differ_and_skew_no_more_than_a_degree_and_a_half() -> None:
    scanners = [scan.make_scanner(seed) for seed in range(200)]

    assert all(abs(scanner.skew) <= 1.5 for scanner in scanners)
    assert len({scanner.skew for scanner in scanners}) == 200


def test_a_scanned_pdf_has_pictures_and_no_text() -> None:
    made = sample(Form.SCANNED_PDF, code="long")

    with pypdfium2.PdfDocument(made.data) as pdf:
        assert len(pdf) >= 2
        for page in pdf:
            assert page.get_textpage().get_text_range() == ""
            assert page.get_size() == pytest.approx((595.28, 841.89), abs=0.01)


def test_a_tiff_holds_all_pages_and_a_jpeg_refuses_to() -> None:
    made = sample(Form.SCANNED_TIFF, code="long")

    with Image.open(io.BytesIO(made.data)) as tiff:
        assert tiff.n_frames >= 2
    with pytest.raises(TooManyPages):
        sample(Form.SCANNED_JPEG, code="long")


def test_a_scan_knows_the_same_truth_as_its_page() -> None:
    assert sample(Form.SCANNED_PDF).truth == sample(Form.TEXT_LAYER).truth


def test_a_hybrid_pdf_carries_its_xml_as_factur_x_asks() -> None:
    made = sample(Form.HYBRID)

    with pikepdf.open(io.BytesIO(made.data)) as pdf:
        (associated,) = pdf.Root.AF
        assert associated.AFRelationship == "/Alternative"
        assert pdf.attachments[FILE_NAME].get_file().read_bytes().startswith(b"<?xml")
        with pdf.open_metadata() as xmp:
            prefix = "{urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#}"
            assert xmp[f"{prefix}DocumentFileName"] == FILE_NAME
            assert xmp[f"{prefix}ConformanceLevel"] == "EN 16931"


@pytest.mark.parametrize(("form", "language"), list(product((Form.UBL, Form.CII), LANGUAGES)))
@pytest.mark.parametrize("kind", ["invoice", "credit_note"])
@pytest.mark.parametrize("code", ["trade", "rates"])
def test_the_xml_says_what_the_invoice_says(form: Form, language: Language, kind: str, code: str) -> None:
    layout = LAYOUTS[code]
    document_type = "credit_note" if kind == "credit_note" else "invoice"
    invoice = make_invoice(32_010, language, layout.demands, document_type)

    read = _read(make_sample(invoice, layout, form).data)

    assert _differences(invoice, read) == {}


@pytest.mark.parametrize("form", [Form.UBL, Form.CII, Form.HYBRID])
def test_prices_that_include_vat_are_no_e_invoice(form: Form) -> None:
    with pytest.raises(PricesIncludeVat):
        sample(form, code="shop")


def _first_page(made: Sample) -> Image.Image:
    if made.form is Form.SCANNED_PDF:
        with pypdfium2.PdfDocument(made.data) as pdf:
            return pdf[0].render(scale=2, grayscale=True).to_pil()
    with Image.open(io.BytesIO(made.data)) as picture:
        return picture.convert("L")


def _read(data: bytes) -> ExtractedInvoice:
    root = etree.fromstring(data)
    found = find_format(root)
    assert found is not None
    return found.read(root)


def _differences(invoice: SampleInvoice, read: ExtractedInvoice) -> dict[str, tuple[object, object]]:
    """Values that the reader does not give back. A trade register number loses its dots in XML."""
    given = {key: found.value for key, found in read.all_fields()}
    wanted = {key: value for key, value in values(invoice).items() if key != "seller.legal_id"}
    return {
        key: (value, given.get(key))
        for key, value in wanted.items()
        if _plain(given.get(key)) != _plain(value)
    }


def _plain(value: object) -> object:
    text = str(value)
    return text.rstrip("0").rstrip(".") if text.replace(".", "").isdigit() and "." in text else value
