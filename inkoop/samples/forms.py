"""One sample in the forms in which invoices arrive, each with its truth."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from inkoop.samples import einvoice, scan, truth
from inkoop.samples.hybrid import hybrid_pdf
from inkoop.samples.invoice import SampleInvoice
from inkoop.samples.layout import Layout, draw
from inkoop.samples.truth import Drawn, Json


class Form(StrEnum):
    """How a document arrives. The value is the folder that the corpus keeps such documents in."""

    TEXT_LAYER = "born-digital"
    SCANNED_PDF = "scanned"
    SCANNED_TIFF = "scanned-tiff"
    SCANNED_JPEG = "scanned-jpeg"
    SCANNED_PNG = "scanned-png"
    HYBRID = "hybrid"
    UBL = "einvoice-xml"
    CII = "einvoice-xml-cii"


SUFFIXES = {
    Form.TEXT_LAYER: ".pdf",
    Form.SCANNED_PDF: ".pdf",
    Form.SCANNED_TIFF: ".tiff",
    Form.SCANNED_JPEG: ".jpg",
    Form.SCANNED_PNG: ".png",
    Form.HYBRID: ".pdf",
    Form.UBL: ".xml",
    Form.CII: ".xml",
}


class TooManyPages(ValueError):
    """A JPEG or PNG holds one page, and the invoice has more."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A document and what is true of it.

    `truth` is what is known from the form at hand: what the page prints, or what the XML says. `drawn` are
    the places on the pages as they are displayed; none for an XML document.
    """

    form: Form
    data: bytes
    truth: Json
    drawn: tuple[Drawn, ...] = ()

    @property
    def suffix(self) -> str:
        """The usual ending of the file's name, with its dot."""
        return SUFFIXES[self.form]


def make_sample(invoice: SampleInvoice, layout: Layout, form: Form, scanner_seed: int = 0) -> Sample:
    """Bring an invoice into a form. The same arguments give the same bytes.

    Raises PricesIncludeVat for an XML form of an invoice with prices that include VAT, and TooManyPages for
    a picture of an invoice of several pages.
    """
    if form is Form.UBL:
        return Sample(form, einvoice.ubl(invoice), truth.xml_truth(invoice))
    if form is Form.CII:
        return Sample(form, einvoice.cii(invoice), truth.xml_truth(invoice))
    drawing = draw(layout, invoice)
    if form is Form.TEXT_LAYER:
        return Sample(form, drawing.pdf, truth.printed_truth(invoice, drawing.drawn), drawing.drawn)
    if form is Form.HYBRID:
        return Sample(form, hybrid_pdf(drawing, invoice), truth.xml_truth(invoice), drawing.drawn)
    if form in (Form.SCANNED_JPEG, Form.SCANNED_PNG) and drawing.page_count > 1:
        raise TooManyPages(f"{invoice.invoice_number}: {drawing.page_count} pages")
    scanner = scan.make_scanner(scanner_seed)
    pages = scan.scan_pages(drawing, scanner)
    if form is Form.SCANNED_PDF:
        data = scan.as_pdf(pages, scanner)
    elif form is Form.SCANNED_TIFF:
        data = scan.as_tiff(pages)
    elif form is Form.SCANNED_JPEG:
        data = scan.as_jpeg(pages[0], scanner)
    else:
        data = scan.as_png(pages[0])
    places = scan.scanned_places(drawing.drawn, scanner)
    return Sample(form, data, truth.printed_truth(invoice, places), places)
