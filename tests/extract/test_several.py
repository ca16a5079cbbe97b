"""Several invoices in one file become its parts; one invoice over several pages stays one."""

from __future__ import annotations

import io

import pikepdf

from inkoop.samples.families import LAYOUTS
from inkoop.samples.forms import Form, make_sample
from inkoop.samples.invent import make_invoice
from pipeline.extract.document import ExtractedInvoice
from pipeline.extract.invoice import read_invoice


def drawn(family: str, seed: int) -> bytes:
    layout = LAYOUTS[family]
    return make_sample(make_invoice(seed, "nl", layout.demands), layout, Form.TEXT_LAYER).data


def one_file(*documents: bytes) -> bytes:
    """The pages of all of them, one after the other."""
    target = io.BytesIO()
    with pikepdf.new() as file:
        for document in documents:
            with pikepdf.open(io.BytesIO(document)) as source:
                file.pages.extend(source.pages)
        file.save(target)
    return target.getvalue()


def test_each_invoice_of_a_file_is_a_part_read_as_if_it_had_come_alone() -> None:
    first, second = drawn("rates", 61_000), drawn("utility", 61_001)

    read = read_invoice(one_file(first, second))

    alone = [read_invoice(first), read_invoice(second)]
    assert [part.value("invoice_number") for part in read.parts] == [
        one.value("invoice_number") for one in alone
    ]
    assert [part.value("total_gross") for part in read.parts] == [one.value("total_gross") for one in alone]
    assert {found.provenance.page for _, found in read.parts[1].all_fields()} == {2}
    assert read.value("invoice_number") == read.parts[0].value("invoice_number")
    assert read.page_count == 2


def test_the_parts_stand_in_the_json_and_come_back_from_it() -> None:
    read = read_invoice(one_file(drawn("rates", 61_000), drawn("utility", 61_001)))

    body = read.to_json()

    assert [part["invoice_number"] for part in body["parts"]] == [
        part.value("invoice_number") for part in read.parts
    ]
    assert ExtractedInvoice.from_json(body).to_json() == body


def test_an_invoice_over_several_pages_is_one_invoice() -> None:
    read = read_invoice(drawn("long", 61_002))

    assert read.page_count > 1
    assert read.parts == ()


def test_the_same_invoice_twice_is_not_two_invoices() -> None:
    paper = drawn("rates", 61_000)

    assert read_invoice(one_file(paper, paper)).parts == ()
