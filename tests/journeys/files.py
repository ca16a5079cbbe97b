"""Vendor files for journeys: of the demo company's vendors, ever new, quick to read."""

from collections.abc import Iterator
from dataclasses import replace

from inkoop.samples.company import COMPANY, VENDORS
from inkoop.samples.demo import party_of
from inkoop.samples.families import LAYOUTS
from inkoop.samples.forms import Form, make_sample
from inkoop.samples.invent import make_invoice

FORMS = (Form.UBL, Form.TEXT_LAYER, Form.CII, Form.TEXT_LAYER)


def vendor_files(seed: int) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of e-invoices and PDFs with text, in turn; the first is an e-invoice."""
    number = 0
    while True:
        form = FORMS[number % len(FORMS)]
        seller = party_of(VENDORS[number % len(VENDORS)])
        invented = make_invoice(seed + number, "nl", document_type="invoice")
        sample = make_sample(
            replace(invented, seller=seller, buyer=party_of(COMPANY)), LAYOUTS["letter"], form
        )
        yield f"{number:03d}{'.pdf' if form is Form.TEXT_LAYER else '.xml'}", sample.data
        number += 1
