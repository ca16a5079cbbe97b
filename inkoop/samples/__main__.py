"""Write sample invoices and their truth to a folder.

    python -m inkoop.samples --out DIR --count N --seed S

The folder has the form of a reading corpus: `born-digital/`, `scanned/`, `hybrid/` and `einvoice-xml/` hold
the documents; `truth/`, `truth-hybrid/` and `truth-xml/` one JSON object per document, with the places of its
values under `_drawn`; `places-scanned/` has the places on the scans.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from inkoop.samples.company import Language
from inkoop.samples.families import LAYOUTS
from inkoop.samples.forms import Form, Sample, make_sample
from inkoop.samples.invent import make_invoice
from inkoop.samples.layout import Layout
from inkoop.samples.truth import Json, drawn_json

LANGUAGES: tuple[Language, ...] = ("nl", "de", "fr", "en")
_LANGUAGE_CODES = {"nl": "nld", "de": "deu", "fr": "fra", "en": "eng"}
_TRUTH_FOLDERS = {
    Form.TEXT_LAYER: "truth",
    Form.SCANNED_PDF: "truth",
    Form.HYBRID: "truth-hybrid",
    Form.UBL: "truth-xml",
    Form.CII: "truth-xml",
}


def write_corpus(out: Path, count: int, seed: int) -> list[Json]:
    """Write `count` invoices in every form that fits each, and the manifest. Returns its entries.

    Families and languages take turns, so that every family meets every language. The text layer and the scan
    of an invoice share one truth, because they show the same page.
    """
    entries: list[Json] = []
    families = list(LAYOUTS.values())
    for number in range(count):
        layout = families[number % len(families)]
        language = LANGUAGES[(number + number // len(families)) % len(LANGUAGES)]
        entries += _write_invoice(out, layout, language, seed + number)
    (out / "manifest.json").write_text(_as_text({"seed": seed, "documents": entries}), encoding="utf-8")
    return entries


def _write_invoice(out: Path, layout: Layout, language: Language, seed: int) -> list[Json]:
    invoice = make_invoice(seed, language, layout.demands)
    name = f"{layout.code}-{language}-{seed}"
    forms = [Form.TEXT_LAYER, Form.SCANNED_PDF]
    if not invoice.prices_include_vat:
        forms += [Form.HYBRID, Form.UBL if seed % 2 else Form.CII]
    entries: list[Json] = []
    for form in forms:
        sample = make_sample(invoice, layout, form, scanner_seed=seed)
        folder = "einvoice-xml" if form is Form.CII else form.value
        path = out / folder / f"{name}{sample.suffix}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(sample.data)
        about: Json = {
            "_id": name,
            "_layout": layout.code,
            "_language": _LANGUAGE_CODES[language],
            "_truth": "the data given to the generator, minus what the layout does not print",
        }
        _write_truth(out, name, form, sample, about)
        entries.append({"file": f"{folder}/{path.name}", **about})
    return entries


def _write_truth(out: Path, name: str, form: Form, sample: Sample, about: Json) -> None:
    """The truth beside the places of the values; those on the scan differ and have a file of their own."""
    places: Json = {"_drawn": drawn_json(sample.drawn)} if sample.drawn else {}
    truth = out / _TRUTH_FOLDERS[form] / f"{name}.json"
    if form is Form.SCANNED_PDF:
        truth = out / "places-scanned" / f"{name}.json"
        body = places
    else:
        body = {**about, **sample.truth, **places}
    truth.parent.mkdir(parents=True, exist_ok=True)
    truth.write_text(_as_text(body), encoding="utf-8")


def _as_text(body: Json) -> str:
    return json.dumps(body, ensure_ascii=False, indent=1) + "\n"


def main() -> None:
    """Read the command line and write the samples."""
    parser = argparse.ArgumentParser(prog="python -m inkoop.samples", description=__doc__.split("\n")[0])
    parser.add_argument("--out", type=Path, required=True, help="the folder to write to; made when missing")
    parser.add_argument("--count", type=int, default=40, help="how many invoices (default: 40)")
    parser.add_argument("--seed", type=int, default=1, help="the first seed (default: 1)")
    arguments = parser.parse_args()
    entries = write_corpus(arguments.out, arguments.count, arguments.seed)
    print(f"{len(entries)} documents of {arguments.count} invoices in {arguments.out}")


if __name__ == "__main__":
    main()
