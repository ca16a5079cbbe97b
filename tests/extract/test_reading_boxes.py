"""From a real PDF to fields: what PDFium finds inside the box of a field is the text it was read from."""

from __future__ import annotations

import io

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from pipeline.extract.document import Source
from pipeline.extract.pages import text_page
from pipeline.extract.reading import read_pages
from tests.extract.test_pages import changed, printed_in

HEADER = (
    ("Factuurnummer:", "2026-0815"),
    ("Factuurdatum:", "5 maart 2026"),
    ("Vervaldatum:", "04-04-2026"),
    ("Uw referentie:", "PO-7781"),
)
ITEMS = (
    ("T-100", "Touw 12 mm", "40", "2,15", "86,00"),
    ("S-200", "Sluiting RVS", "6", "9,90", "59,40"),
)
TOTALS = (("Totaal excl. btw", "€ 145,40"), ("BTW 21%", "€ 30,53"), ("Totaal incl. btw", "€ 175,93"))


def an_invoice() -> bytes:
    """A Dutch invoice as a program would print it."""
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=A4)
    canvas.setFont("Helvetica-Bold", 18)
    canvas.drawString(60, 780, "Zeilmakerij De Fok B.V.")
    canvas.setFont("Helvetica", 10)
    canvas.drawString(60, 760, "BTW-nr:NL004495445B01")
    canvas.drawString(60, 700, "Factuur aan:")
    canvas.drawString(60, 686, "Jachtwerf Noorderzon B.V.")
    canvas.drawString(60, 672, "Dijkweg 3, 9999 XX Delfzijl")
    for index, (label, value) in enumerate(HEADER):
        canvas.drawString(330, 700 - 14 * index, label)
        canvas.drawString(430, 700 - 14 * index, value)
    for x, name in ((60, "Artikel"), (130, "Omschrijving"), (330, "Aantal"), (420, "Prijs"), (500, "Bedrag")):
        canvas.drawString(x, 600, name)
    for index, item in enumerate(ITEMS):
        y = 580 - 16 * index
        canvas.drawString(60, y, item[0])
        canvas.drawString(130, y, item[1])
        for x, text in ((358, item[2]), (443, item[3]), (532, item[4])):
            canvas.drawRightString(x, y, text)
    for index, (label, value) in enumerate(TOTALS):
        canvas.drawString(400, 520 - 16 * index, label)
        canvas.drawRightString(545, 520 - 16 * index, value)
    canvas.drawString(60, 100, "IBAN NL91 ABNA 0417 1643 00 t.n.v. Zeilmakerij De Fok B.V.")
    canvas.save()
    return target.getvalue()


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_the_text_in_the_box_of_every_field_is_the_printed_text(rotation: int) -> None:
    data = changed(an_invoice(), Rotate=rotation)

    invoice = read_pages([text_page(data, 1)], source=Source.TEXT_LAYER)

    for key, field in invoice.all_fields():
        evidence = field.provenance
        assert evidence.page == 1 and evidence.box is not None and evidence.text, key
        assert printed_in(data, 1, evidence.box) == evidence.text, key


@pytest.mark.parametrize("rotation", [0, 90])
def test_a_page_that_is_displayed_turned_is_read_all_the_same(rotation: int) -> None:
    data = changed(an_invoice(), Rotate=rotation)

    invoice = read_pages([text_page(data, 1)], source=Source.TEXT_LAYER)

    assert {
        key: invoice.value(key) for key in ("invoice_number", "issue_date", "due_date", "order_reference")
    } == {
        "invoice_number": "2026-0815",
        "issue_date": "2026-03-05",
        "due_date": "2026-04-04",
        "order_reference": "PO-7781",
    }
    assert invoice.value("seller.name") == "Zeilmakerij De Fok B.V."
    assert invoice.value("seller.vat_id") == "NL004495445B01"
    assert invoice.value("buyer.name") == "Jachtwerf Noorderzon B.V."
    assert invoice.value("total_gross") == "175.93"
    assert invoice.value("payment_iban") == "NL91ABNA0417164300"
    assert [line.fields["net_amount"].value for line in invoice.lines] == ["86.00", "59.40"]
