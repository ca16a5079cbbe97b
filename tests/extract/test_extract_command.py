"""`inkoop extract PATH... --out DIR`: every file becomes one JSON file, whatever is wrong with it."""

import json
from pathlib import Path

import pytest

from inkoop.extract import ExtractReport, WrongUsage, extract, extract_paths
from pipeline.extract.document import ExtractedInvoice
from pipeline.ingest.examine import FILE_BYTES
from tests.extract.einvoices import cii_invoice, pdf_with_text, ubl_invoice, with_embedded


@pytest.fixture
def given(tmp_path: Path) -> Path:
    """An empty folder for the files of a vendor."""
    folder = tmp_path / "in"
    folder.mkdir()
    return folder


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """The output folder, which does not exist yet."""
    return tmp_path / "out"


def put(folder: Path, **files: bytes) -> None:
    """Files by their path, `/` written as `__` and `.` as `_`."""
    for name, data in files.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def results(out: Path) -> dict[str, dict[str, object]]:
    """The JSON under the output folder by relative path."""
    return {
        p.relative_to(out).as_posix(): json.loads(p.read_text())
        for p in sorted(out.rglob("*"))
        if p.is_file()
    }


def run(out: Path, *paths: Path, jobs: int = 2) -> ExtractReport:
    return extract_paths(list(paths), out, jobs)


def test_each_file_gives_one_json_file_in_the_one_form(given: Path, out: Path) -> None:
    put(
        given,
        a_xml=ubl_invoice(),
        b_pdf=with_embedded(pdf_with_text("RE-77 119,00"), ("factur-x.xml", cii_invoice())),
    )

    report = run(out, given)

    found = results(out)
    assert sorted(found) == ["a.json", "b.json"]
    assert (found["a.json"]["source"], found["b.json"]["source"]) == ("einvoice_xml", "hybrid_pdf")
    assert found["a.json"]["total_gross"] == "175.50"
    assert {"confidence", "provenance", "versions", "lines", "vat_breakdown"} <= set(found["a.json"])
    assert ExtractedInvoice.from_json(found["a.json"]).value("seller.name") == "Zeilmakerij Noordwest B.V."
    assert report.errors == ()


def test_a_folder_is_read_recursively_and_keeps_its_paths(given: Path, out: Path) -> None:
    put(given, x__y__a_xml=ubl_invoice(), b_xml=ubl_invoice())

    run(out, given)

    assert sorted(results(out)) == ["b.json", "x/y/a.json"]


def test_files_can_be_given_by_themselves(given: Path, out: Path) -> None:
    put(given, x__a_xml=ubl_invoice(), x__b_xml=ubl_invoice())

    run(out, given / "x" / "a.xml")

    assert sorted(results(out)) == ["a.json"]


def test_files_that_would_share_a_name_get_their_full_name(given: Path, out: Path) -> None:
    put(given, a_pdf=pdf_with_text("Invoice"), a_xml=ubl_invoice(), b_xml=ubl_invoice())

    run(out, given)

    assert sorted(results(out)) == ["a.pdf.json", "a.xml.json", "b.json"]


def test_a_full_name_that_is_the_stem_of_another_file_moves_that_one_too(given: Path, out: Path) -> None:
    put(given, a_pdf=b"1", a_tif=b"2", a_pdf_xml=b"3")

    run(out, given)

    assert sorted(results(out)) == ["a.pdf.json", "a.pdf.xml.json", "a.tif.json"]


def test_files_of_one_name_from_two_folders_are_both_kept(given: Path, out: Path) -> None:
    put(given, x__a_xml=ubl_invoice(), y__a_xml=cii_invoice())

    run(out, given / "x", given / "y")

    assert sorted(results(out)) == ["a.xml-2.json", "a.xml.json"]
    assert {found["invoice_number"] for found in results(out).values()} == {"ZN-2026-0117", "RE-77"}


def test_a_file_given_twice_is_read_once(given: Path, out: Path) -> None:
    put(given, a_xml=ubl_invoice())

    report = run(out, given, given / "a.xml")

    assert len(report.outcomes) == 1
    assert sorted(results(out)) == ["a.json"]


def test_a_file_that_cannot_be_read_gives_an_error_and_does_not_stop_the_rest(given: Path, out: Path) -> None:
    put(
        given,
        empty_pdf=b"",
        cut_pdf=pdf_with_text("Invoice")[:200],
        notes_txt=b"hello",
        files_zip=b"PK\x03\x04",
        order_xml=b"<order/>",
        good_xml=ubl_invoice(),
    )
    with (given / "large.pdf").open("wb") as large:
        large.truncate(FILE_BYTES + 1)

    report = run(out, given)

    found = results(out)
    codes = {
        name: body["error"]["code"] for name, body in found.items() if isinstance(body.get("error"), dict)
    }
    assert codes == {
        "cut.json": "INC_UNREADABLE",
        "empty.json": "INC_EMPTY_FILE",
        "files.json": "INC_ARCHIVE",
        "large.json": "INC_TOO_LARGE",
        "notes.json": "INC_UNREADABLE",
        "order.json": "INC_UNREADABLE",
    }
    assert all(
        set(found[name]) == {"error"} and set(found[name]["error"]) == {"code", "message"} for name in codes
    )
    assert found["good.json"]["total_gross"] == "175.50"
    assert len(report.errors) == 6


def test_the_output_inside_the_input_is_not_read_again(given: Path) -> None:
    put(given, a_xml=ubl_invoice())

    run(given / "out", given)
    report = run(given / "out", given)

    assert len(report.outcomes) == 1


def test_a_second_run_replaces_the_results_of_the_first(given: Path, out: Path) -> None:
    put(given, a_xml=ubl_invoice())
    run(out, given)
    put(given, a_xml=cii_invoice())

    run(out, given)

    assert results(out)["a.json"]["invoice_number"] == "RE-77"


def test_progress_is_told_from_none_to_all(given: Path, out: Path) -> None:
    put(given, a_xml=ubl_invoice(), b_xml=ubl_invoice())
    told: list[tuple[int, int]] = []

    extract_paths([given], out, 2, lambda done, total: told.append((done, total)))

    assert told == [(0, 2), (1, 2), (2, 2)]


def test_errors_in_files_are_handled_so_the_exit_code_is_0(
    given: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(given, a_xml=ubl_invoice(), empty_pdf=b"")

    assert extract([given], out, 1, as_json=False) == 0

    told = capsys.readouterr().err
    assert "INC_EMPTY_FILE" in told
    assert "1 read, 1 with an error" in told


def test_a_program_gets_its_summary_as_json_alone(
    given: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(given, a_xml=ubl_invoice(), empty_pdf=b"")

    assert extract([given], out, 1, as_json=True) == 0

    told = capsys.readouterr()
    assert told.err == ""
    summary = json.loads(told.out)
    assert summary["errors"] == 1
    assert [(row["output"], row["error"]) for row in summary["files"]] == [
        ("a.json", None),
        ("empty.json", "INC_EMPTY_FILE"),
    ]


@pytest.mark.parametrize(
    "wrong", ["no paths", "a path that is not there", "an output that is a file", "no jobs"]
)
def test_wrong_usage_is_refused_before_anything_is_written(wrong: str, given: Path, out: Path) -> None:
    put(given, a_xml=ubl_invoice())
    paths = {"no paths": [], "a path that is not there": [given / "b.pdf"]}.get(wrong, [given])
    target = given / "a.xml" if wrong == "an output that is a file" else out

    with pytest.raises(WrongUsage):
        extract_paths(paths, target, 0 if wrong == "no jobs" else 1)

    assert extract(paths, target, 0 if wrong == "no jobs" else 1, as_json=False) == 2
    assert not out.exists()
