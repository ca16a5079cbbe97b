"""Reading measured on a folder of real documents with known truth: `python -m benchmarks.corpus DIR`.

The folder holds documents in `born-digital/`, `scanned/`, `hybrid/` and `einvoice-xml/`, and their truth
beside them; the scorer is `../tools/score.py` from there. Exit code 1 when a bar is missed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from inkoop.extract import extract_paths

MET, MISSED, WRONG_USAGE = 0, 1, 2

_HEADING = "documents      files errors header F1   bar lines F1 seconds"


@dataclass(frozen=True, slots=True)
class Bar:
    """What one kind of document must reach: header micro F1, and whether every document must be read."""

    folder: str
    truth: str
    header_f1: float
    all_read: bool = False


BARS = (
    Bar("einvoice-xml", "truth-xml", 0.97, all_read=True),
    Bar("hybrid", "truth-hybrid", 0.97, all_read=True),
    Bar("born-digital", "truth", 0.55),
    Bar("scanned", "truth", 0.45),
)


@dataclass(frozen=True, slots=True)
class Result:
    """How one kind of document was read. `handled` files have an output, `errors` of them an error object."""

    bar: Bar
    documents: int
    handled: int
    errors: int
    header_f1: float
    exact_lines_f1: float
    seconds: float

    @property
    def is_met(self) -> bool:
        """Every file handled, every file read where that is asked, and the header right often enough."""
        all_read = self.errors == 0 or not self.bar.all_read
        return self.handled == self.documents and all_read and self.header_f1 >= self.bar.header_f1


def main(arguments: list[str]) -> int:
    """Measure each kind of document in the folder and print one table."""
    if len(arguments) != 1:
        print("usage: python -m benchmarks.corpus DIR", file=sys.stderr)
        return WRONG_USAGE
    corpus = Path(arguments[0]).resolve()
    scorer = corpus.parent / "tools" / "score.py"
    bars = [bar for bar in BARS if (corpus / bar.folder).is_dir()]
    if not bars or not scorer.is_file():
        missing = f"the scorer {scorer}" if bars else f"any of {', '.join(bar.folder for bar in BARS)} in it"
        print(f"{corpus}: there is not {missing}", file=sys.stderr)
        return WRONG_USAGE
    print(_HEADING)
    results = [_measured(corpus, bar, scorer) for bar in bars]
    return MET if all(result.is_met for result in results) else MISSED


def _measured(corpus: Path, bar: Bar, scorer: Path) -> Result:
    with tempfile.TemporaryDirectory(prefix="inkoop-corpus-") as scratch:
        result = _measure(corpus, bar, scorer, Path(scratch))
    verdict = "" if result.is_met else "  BAR MISSED"
    print(
        f"{bar.folder:14} {result.documents:5} {result.errors:6} {result.header_f1:9.3f} {bar.header_f1:5.2f}"
        f" {result.exact_lines_f1:8.3f} {result.seconds:7.0f}{verdict}",
        flush=True,
    )
    return result


def _measure(corpus: Path, bar: Bar, scorer: Path, scratch: Path) -> Result:
    documents = corpus / bar.folder
    read, report = scratch / "read", scratch / "report.json"
    started = time.monotonic()
    extracted = extract_paths([documents], read, os.cpu_count() or 1)
    seconds = time.monotonic() - started
    subprocess.run(
        [
            sys.executable,
            str(scorer),
            *("--truth", str(corpus / bar.truth), "--docs", str(documents)),
            *("--pred", str(read), "--json", str(report)),
        ],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    score = json.loads(report.read_text(encoding="utf-8"))
    return Result(
        bar=bar,
        documents=sum(1 for path in documents.rglob("*") if path.is_file()),
        handled=sum(1 for _ in read.rglob("*.json")),
        errors=len(extracted.errors),
        header_f1=score["header_micro"]["f1"] or 0.0,
        exact_lines_f1=score["exact_line"]["f1"] or 0.0,
        seconds=seconds,
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
