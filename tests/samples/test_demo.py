"""The dozen files of the first start."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pypdfium2
import pytest

from inkoop.samples.company import COMPANY, ITEMS, VENDORS
from inkoop.samples.demo import DemoFile, demo_files
from inkoop.samples.forms import Form

TODAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def files() -> list[DemoFile]:
    return demo_files(TODAY)


def of_form(files: list[DemoFile], *forms: Form) -> list[DemoFile]:
    return [file for file in files if file.sample is not None and file.sample.form in forms]


def seller(file: DemoFile, key: str) -> object:
    assert file.sample is not None
    found = file.sample.truth["seller"]
    assert isinstance(found, dict)
    return found[key]


def test_there_are_a_dozen_files_of_every_kind(files: list[DemoFile]) -> None:
    assert len(files) == 12
    assert len({file.name for file in files}) == 12
    assert len(of_form(files, Form.SCANNED_PDF, Form.SCANNED_TIFF, Form.SCANNED_JPEG)) == 4
    assert len({file.data for file in of_form(files, Form.TEXT_LAYER)}) == 3
    assert len(of_form(files, Form.HYBRID)) == 2
    assert len(of_form(files, Form.UBL)) == 1


def test_one_file_repeats_the_bytes_of_another(files: list[DemoFile]) -> None:
    assert len({file.data for file in files}) == 11


def test_one_file_is_cut_off(files: list[DemoFile]) -> None:
    (broken,) = [file for file in files if file.sample is None]

    assert broken.data.startswith(b"%PDF-")
    assert b"%%EOF" not in broken.data


def test_one_scan_has_several_pages(files: list[DemoFile]) -> None:
    counts = []
    for file in of_form(files, Form.SCANNED_PDF):
        with pypdfium2.PdfDocument(file.data) as pdf:
            counts.append(len(pdf))
    assert sorted(counts) == [1, 2]


def test_all_but_one_come_from_vendors_of_the_books(files: list[DemoFile]) -> None:
    known = {card.vat_id for card in VENDORS}
    strangers = [file for file in files if file.sample and seller(file, "vat_id") not in known]

    assert [file.name for file in strangers] == ["IMG_2047.jpg"]


def test_one_invoice_of_a_known_vendor_names_another_account(files: list[DemoFile]) -> None:
    accounts = {card.vat_id: card.iban for card in VENDORS}
    differing = [
        file
        for file in files
        if file.sample
        and accounts.get(str(seller(file, "vat_id")), seller(file, "iban")) != seller(file, "iban")
    ]

    assert len(differing) == 1
    assert differing[0].what.startswith("A scan: cleaning")


def test_invoices_are_for_the_demo_company_and_a_few_days_old(files: list[DemoFile]) -> None:
    for file in files:
        if file.sample is not None:
            buyer = file.sample.truth["buyer"]
            assert isinstance(buyer, dict)
            assert buyer["name"] == COMPANY.name
            issued = date.fromisoformat(str(file.sample.truth["issue_date"]))
            assert timedelta(0) < TODAY - issued <= timedelta(days=14)


def test_some_lines_resolve_to_items_and_others_do_not(files: list[DemoFile]) -> None:
    numbers = {sold.vendor_item_no for item in ITEMS for sold in item.vendor_items}
    lines = [line for file in files if file.sample for line in _lines(file)]

    assert any(line.get("item_id") in numbers for line in lines)
    assert any(line.get("item_id") is None for line in lines)
    assert {line["item_id"] for line in lines if line.get("item_id")} <= numbers


def test_the_same_day_gives_the_same_bytes_and_another_day_other_invoices(files: list[DemoFile]) -> None:
    assert [file.data for file in demo_files(TODAY)] == [file.data for file in files]

    numbers = {str(file.sample.truth["invoice_number"]) for file in files if file.sample}
    tomorrow = demo_files(TODAY + timedelta(days=1))
    assert numbers.isdisjoint({str(file.sample.truth["invoice_number"]) for file in tomorrow if file.sample})


@pytest.mark.parametrize("day", [date(2027, 1, 1), date(2028, 2, 29), date(2026, 12, 31)])
def test_any_day_will_do(day: date) -> None:
    assert len(demo_files(day)) == 12


def test_the_command_writes_documents_with_truth(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "inkoop.samples",
        "--out",
        str(tmp_path),
        "--count",
        "2",
        "--seed",
        "34000",
    ]
    subprocess.run(command, check=True, capture_output=True)

    manifest = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    assert len(manifest["documents"]) == 8
    for entry in manifest["documents"]:
        assert (tmp_path / entry["file"]).stat().st_size > 0
    for path in (tmp_path / "born-digital").iterdir():
        body = json.loads((tmp_path / "truth" / f"{path.stem}.json").read_text(encoding="utf-8"))
        assert body["_layout"] == path.stem.split("-")[0]
        assert body["invoice_number"]
        assert body["_drawn"]["invoice_number"]


def _lines(file: DemoFile) -> list[dict[str, object]]:
    assert file.sample is not None
    lines = file.sample.truth["lines"]
    assert isinstance(lines, list)
    return lines
