"""What is cut out of the box of a value that was read is the token that was printed there."""

from __future__ import annotations

from datetime import date

import pytest

from inkoop.samples.company import Language
from inkoop.samples.demo import DemoFile, demo_files
from inkoop.samples.families import LAYOUTS
from inkoop.samples.forms import Form, Sample, make_sample
from inkoop.samples.invent import make_invoice
from pipeline.extract.document import Box, ExtractedInvoice
from pipeline.extract.invoice import read_invoice
from tests.extract.test_pages import printed_in

LANGUAGES: tuple[Language, ...] = ("nl", "de", "fr", "en")
SEED = 47_000
DEMO = [file for file in demo_files(date(2026, 11, 24)) if file.sample is not None]


def sample(code: str, language: Language, form: Form) -> Sample:
    layout = LAYOUTS[code]
    return make_sample(make_invoice(SEED, language, layout.demands), layout, form, scanner_seed=SEED)


def misplaced(data: bytes, read: ExtractedInvoice) -> list[str]:
    """The values whose box holds something else than the text they were read from."""
    return [
        f"{key}: {printed_in(data, place.page, place.box)!r} instead of {place.text!r}"
        for key, found in read.all_fields()
        if (place := found.provenance).page is not None and place.box is not None
        if printed_in(data, place.page, place.box) != place.text
    ]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", LAYOUTS)
def test_on_a_page_with_text_each_box_holds_exactly_what_was_read(code: str, language: Language) -> None:
    data = sample(code, language, Form.TEXT_LAYER).data

    read = read_invoice(data)

    assert len(read.fields) > 8
    assert misplaced(data, read) == []


@pytest.mark.parametrize("file", [f for f in DEMO if f.sample and f.sample.form is Form.TEXT_LAYER])
def test_the_demo_files_with_text_hold_to_it_too(file: DemoFile) -> None:
    assert misplaced(file.data, read_invoice(file.data)) == []


@pytest.mark.parametrize(("code", "language"), [("trade", "nl"), ("letter", "de"), ("band", "en")])
def test_on_a_scan_a_value_that_was_read_right_has_the_box_where_it_was_drawn(
    code: str, language: Language
) -> None:
    """A token may stand on the page twice: each of its places will do."""
    scan = sample(code, language, Form.SCANNED_PDF)

    read = read_invoice(scan.data)

    right = 0
    for key, found in read.all_fields():
        place = found.provenance
        tokens = [token for token in scan.drawn if token.key == key]
        if place.box is None or place.text not in {token.text for token in tokens}:
            continue
        right += 1
        places = [token.box for token in scan.drawn if token.text == place.text and token.page == place.page]
        assert any(is_same_place(place.box, box) for box in places), key
    assert right > 10


def is_same_place(read: Box, drawn: Box) -> bool:
    """Whether the middle of each box lies in the other, give or take half the height of a line."""
    slack = (drawn.bottom - drawn.top) / 2
    return _holds(drawn, read, slack) and _holds(read, drawn, slack)


def _holds(outer: Box, inner: Box, slack: float) -> bool:
    across, down = (inner.left + inner.right) / 2, (inner.top + inner.bottom) / 2
    return (
        outer.left - slack <= across <= outer.right + slack
        and outer.top - slack <= down <= outer.bottom + slack
    )
