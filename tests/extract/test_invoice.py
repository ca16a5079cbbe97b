"""Reading a document: the XML of an e-invoice first, then the text layer, then OCR page by page."""

import io

import pikepdf
import pytest
from PIL import Image, ImageDraw, ImageFont

from pipeline.extract import invoice as reader
from pipeline.extract.document import Page, Source
from pipeline.extract.embedded import EMBEDDED_FILES, embedded_files, find_einvoice
from pipeline.extract.picture_check import differences
from pipeline.extract.unreadable import UnreadableDocument
from pipeline.extract.xml_terms import XML_BYTES
from pipeline.media_type import PDF, PNG, XML
from tests.extract.einvoices import cii_invoice, pdf_with_text, ubl_invoice, with_embedded

PICTURE = "Seilerei Kuestenwind GmbH\nRechnung RE-77 vom 24.11.2026\nGesamtbetrag 119,00 EUR"


def scan(text: str) -> bytes:
    """A PNG of a page with the text on it."""
    picture = Image.new("L", (1240, 1754), 255)
    draw, font = ImageDraw.Draw(picture), ImageFont.load_default(size=40)
    draw.multiline_text((100, 150), text, fill=0, font=font, spacing=30)
    target = io.BytesIO()
    picture.save(target, "PNG", dpi=(150, 150))
    return target.getvalue()


def words(page: Page) -> str:
    return " ".join(word.text for word in page.words)


def refusal(data: bytes) -> str:
    """The code with which the document is refused."""
    with pytest.raises(UnreadableDocument) as refused:
        reader.read_invoice(data)
    return refused.value.code


# Structured invoices


def test_an_xml_invoice_needs_no_page() -> None:
    found = reader.read_invoice(ubl_invoice())

    assert found.source == Source.EINVOICE_XML
    assert found.page_count == 0
    assert found.value("total_gross") == "175.50"
    assert set(found.versions) == {"reader", "lxml"}


def test_xml_that_is_no_invoice_is_unreadable() -> None:
    assert refusal(b"<note>hello</note>") == "INC_UNREADABLE"


@pytest.mark.parametrize("name", ["factur-x.xml", "ZUGFeRD-invoice.xml", "xrechnung.xml", "rechnung_77.xml"])
def test_the_xml_inside_a_pdf_comes_first(name: str) -> None:
    found = reader.read_invoice(with_embedded(pdf_with_text(PICTURE, ""), (name, cii_invoice())))

    assert found.source == Source.HYBRID_PDF
    assert found.page_count == 2
    assert found.value("total_gross") == "119.00"
    assert found.fields["total_gross"].provenance.path is not None
    assert found.warnings == ()


def test_the_usual_name_wins_over_another_xml() -> None:
    other = ubl_invoice()

    found = find_einvoice(
        with_embedded(pdf_with_text(PICTURE), ("a-first.xml", other), ("factur-x.xml", cii_invoice()))
    )

    assert found is not None and found.value("invoice_number") == "RE-77"


def test_an_xml_that_is_only_associated_with_the_document_is_found() -> None:
    target = io.BytesIO()
    with pikepdf.open(
        io.BytesIO(with_embedded(pdf_with_text(PICTURE), ("factur-x.xml", cii_invoice())))
    ) as pdf:
        del pdf.Root.Names
        pdf.save(target)

    found = find_einvoice(target.getvalue())

    assert found is not None and found.value("invoice_number") == "RE-77"


def test_an_embedded_xml_that_cannot_be_read_leaves_the_pages_and_a_warning() -> None:
    found = reader.read_invoice(with_embedded(pdf_with_text(PICTURE), ("factur-x.xml", b"<rsm:Cross")))

    assert found.source == Source.TEXT_LAYER
    assert [code for code, _ in found.warnings] == ["INC_READ_FAILED"]


def test_other_embedded_files_do_not_matter() -> None:
    found = reader.read_invoice(
        with_embedded(pdf_with_text(PICTURE), ("terms.txt", b"terms"), ("x.xml", b"<x/>"))
    )

    assert found.source == Source.TEXT_LAYER
    assert found.warnings == ()


def test_an_embedded_file_that_unpacks_to_more_than_ten_megabytes_is_left_out() -> None:
    bomb = with_embedded(pdf_with_text(PICTURE), ("factur-x.xml", b" " * (XML_BYTES + 1)))

    assert len(bomb) < 100_000
    assert list(embedded_files(bomb)) == []


def test_no_more_than_fifty_embedded_files_are_looked_at() -> None:
    many = [(f"{number:03}.xml", b"<x/>") for number in range(EMBEDDED_FILES + 30)]

    assert len(list(embedded_files(with_embedded(pdf_with_text(PICTURE), *many)))) == EMBEDDED_FILES


# Does the picture say what the XML says?


@pytest.mark.parametrize(
    ("printed", "missing"),
    [
        (PICTURE, []),
        (PICTURE.replace("RE-77", "RE 77"), []),
        (PICTURE.replace("119,00", "911,00"), ["total_gross"]),
        (PICTURE.replace("RE-77", "RE-78"), ["invoice_number"]),
        (PICTURE.replace("119,00", "1119,00"), ["total_gross"]),
    ],
)
def test_a_number_or_total_that_is_nowhere_on_the_pages_is_reported(printed: str, missing: list[str]) -> None:
    """Text against picture: what a person sees must be what is booked."""
    found = reader.read_invoice(with_embedded(pdf_with_text(printed), ("factur-x.xml", cii_invoice())))

    assert found.warnings == tuple(("INC_XML_PICTURE_DIFFERS", key) for key in missing)


@pytest.mark.parametrize("printed", ["1.234,50", "1,234.50", "1 234,50", "1'234.50", "1234.5", "€ 1234,50-"])
def test_an_amount_is_found_in_any_usual_print(printed: str) -> None:
    data = cii_invoice().replace(b">119.00<", b">1234.50<")

    assert differences(reader.read_invoice(data), f"RE-77 {printed} EUR") == ()


@pytest.mark.parametrize("printed", ["119", "119,-", "119.--", "119,00"])
def test_a_whole_amount_may_be_printed_without_cents(printed: str) -> None:
    assert differences(reader.read_invoice(cii_invoice()), f"RE-77 {printed}") == ()


def test_a_hybrid_without_text_has_nothing_to_compare_with() -> None:
    assert differences(reader.read_invoice(cii_invoice()), " ") == ()


# Pages


def test_a_text_layer_is_read_without_ocr() -> None:
    data = pdf_with_text("Invoice 2026-001 of nobody in particular", "and its second page with terms")

    survey = reader.survey_document(data)

    assert (survey.kind, survey.media_type, survey.page_count) == ("pdf", PDF, 2)
    assert survey.text_pages == (1, 2) and survey.ocr_pages == ()
    assert not survey.has_einvoice
    found = reader.read_invoice(data)
    assert (found.source, found.page_count) == (Source.TEXT_LAYER, 2)
    assert {"reader", "pdfplumber", "pypdfium2"} <= set(found.versions)
    assert "tesseract" not in found.versions


def test_a_hybrid_is_surveyed_as_an_e_invoice_that_needs_no_ocr() -> None:
    survey = reader.survey_document(with_embedded(pdf_with_text(PICTURE), ("factur-x.xml", cii_invoice())))

    assert survey.has_einvoice and survey.ocr_pages == ()
    assert reader.DocumentSurvey.from_json(survey.to_json()) == survey


def test_a_scan_is_read_by_ocr_page_by_page() -> None:
    data = scan("Invoice 2026-001\nTotal 119.00 EUR")

    survey = reader.survey_document(data)
    page = reader.read_page_by_ocr(data, PNG, 1, ("eng",))
    found = reader.assemble(data, PNG, {1: page})

    assert (survey.kind, survey.ocr_pages) == ("image", (1,))
    assert "2026-001" in words(page) and "119.00" in words(page)
    assert (found.source, found.page_count) == (Source.OCR, 1)
    assert "tesseract" in found.versions


def test_of_mixed_pages_only_those_without_text_need_ocr() -> None:
    data = mixed_pdf()

    survey = reader.survey_document(data)

    assert survey.text_pages == (1,)
    assert survey.ocr_pages == (2,)


def test_a_page_that_ocr_could_not_read_is_a_warning_and_the_rest_goes_on() -> None:
    found = reader.assemble(mixed_pdf(), PDF, {})

    assert found.page_count == 2
    assert found.source == Source.TEXT_LAYER
    assert ("INC_UNREADABLE", "page 2") in found.warnings


def test_a_document_with_no_readable_page_is_unreadable() -> None:
    with pytest.raises(UnreadableDocument) as refused:
        reader.assemble(scan("Invoice"), PNG, {})

    assert refused.value.code == "INC_UNREADABLE"


def test_a_page_is_shown_as_a_png_and_its_words_can_be_clicked() -> None:
    data = pdf_with_text("Invoice 2026-001 of nobody in particular")

    picture = Image.open(io.BytesIO(reader.render_page(data, PDF, 1, dpi=72)))
    page = reader.page_words(data, PDF, 1)

    assert (picture.format, picture.size) == ("PNG", (595, 842))
    assert words(page).startswith("Invoice 2026-001")
    assert all(0 <= word.box.left < word.box.right <= 1 for word in page.words)


def test_xml_has_no_words_on_a_page() -> None:
    with pytest.raises(UnreadableDocument):
        reader.page_words(ubl_invoice(), XML, 1)


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"", "INC_EMPTY_FILE"), (b"hello", "INC_UNREADABLE"), (b"PK\x03\x04abc", "INC_ARCHIVE")],
)
def test_what_is_no_document_is_refused_with_its_code(data: bytes, code: str) -> None:
    assert refusal(data) == code


def mixed_pdf() -> bytes:
    """A page of text, and a page that is a picture."""
    second, merged = io.BytesIO(), io.BytesIO()
    Image.open(io.BytesIO(scan("Terms of delivery"))).save(second, "PDF", resolution=150)
    first = io.BytesIO(pdf_with_text("Invoice 2026-001 of nobody in particular"))
    with pikepdf.open(first) as whole, pikepdf.open(second) as scanned:
        whole.pages.extend(scanned.pages)
        whole.save(merged)
    return merged.getvalue()
