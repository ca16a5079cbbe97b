"""`inkoop extract PATH... --out DIR`: read files without a database, one JSON file for each.

The form of the output is that of `ExtractedInvoice.to_json`, or `{"error": {"code", "message"}}`.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from core.errors import Problem
from pipeline.child import ChildFailed
from pipeline.extract.contained import read_document
from pipeline.extract.entries import OCR_UNAVAILABLE
from pipeline.extract.invoice import DEFAULT_LANGUAGES
from pipeline.extract.ocr import OcrUnavailable
from pipeline.extract.unreadable import UnreadableDocument
from pipeline.ingest.examine import FILE_BYTES, problem, too_large

HANDLED, WRONG_USAGE = 0, 2

_REFUSALS = {
    "INC_NO_FILE_NAME": "the file has no name",
    "INC_EMPTY_FILE": "the file is empty",
    "INC_TOO_LARGE": "the file has {size} MB; the limit is {limit} MB",
    "INC_ARCHIVE": "the file is an archive: unpack it first",
    "INC_UNREADABLE": "the file is no PDF, TIFF, JPEG, PNG or XML",
}


class WrongUsage(Exception):
    """The command cannot be carried out as it was given; the message says why."""


@dataclass(frozen=True, slots=True)
class Input:
    """One file to read, and where under the output folder its result goes."""

    path: Path
    target: Path


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file: `code` is None when it was read, else the code of its error."""

    input: Input
    code: str | None


@dataclass(frozen=True, slots=True)
class ExtractReport:
    """Every file that was given, in the order of the paths."""

    outcomes: tuple[Outcome, ...]

    @property
    def errors(self) -> tuple[Outcome, ...]:
        """Those that could not be read."""
        return tuple(outcome for outcome in self.outcomes if outcome.code)


def extract(
    paths: list[Path],
    out: Path,
    jobs: int,
    as_json: bool,
    languages: Sequence[str] = DEFAULT_LANGUAGES,
) -> int:
    """The whole command: exit code 0 when every file was handled, 2 on wrong usage."""
    console = Console(stderr=True)
    try:
        with _progress(console, hidden=as_json) as progress:
            bar = progress.add_task("Reading", total=None)

            def advance(done: int, total: int) -> None:
                progress.update(bar, completed=done, total=total)

            report = extract_paths(paths, out, jobs, advance, languages)
    except WrongUsage as error:
        console.print(f"inkoop extract: {error}", style="red", markup=False)
        return WRONG_USAGE
    _tell(report, out, console, as_json)
    return HANDLED


def extract_paths(
    paths: Sequence[Path],
    out: Path,
    jobs: int,
    progress: Callable[[int, int], None] = lambda done, total: None,
    languages: Sequence[str] = DEFAULT_LANGUAGES,
) -> ExtractReport:
    """Read every file of `paths`, `jobs` at a time, each in limited children of its own.

    `progress` is told how many of how many are done. Raises WrongUsage before anything is read or written.
    """
    inputs = plan(paths, out)
    if jobs < 1:
        raise WrongUsage("--jobs must be 1 or more")
    progress(0, len(inputs))
    outcomes: dict[int, Outcome] = {}
    # Threads suffice: the work is done in the children that each of them waits for.
    with ThreadPoolExecutor(max_workers=jobs, thread_name_prefix="extract") as pool:
        waiting = {pool.submit(_handle, one, out, languages): index for index, one in enumerate(inputs)}
        for done, future in enumerate(as_completed(waiting), start=1):
            outcomes[waiting[future]] = future.result()
            progress(done, len(inputs))
    return ExtractReport(tuple(outcomes[index] for index in range(len(inputs))))


def plan(paths: Sequence[Path], out: Path) -> list[Input]:
    """Every file to read with its target, no target twice. Raises WrongUsage.

    A file found in a folder keeps its path below that folder. The target is named after the stem; where
    two would share it, after the full name; where even that is shared, by files of the same name from
    several paths, with a number.
    """
    if not paths:
        raise WrongUsage("give at least one file or folder")
    if out.exists() and not out.is_dir():
        raise WrongUsage(f"{out} is not a folder")
    found: dict[tuple[Path, Path], None] = {}
    for path in paths:
        if not path.exists():
            raise WrongUsage(f"{path} does not exist")
        for file, relative in _files(path, out):
            found.setdefault((file.resolve(), relative), None)
    return _named(list(found))


def _files(path: Path, out: Path) -> Iterator[tuple[Path, Path]]:
    """The files at a path with their path below it, without earlier output; folder links are not followed."""
    if path.is_file():
        yield path, Path(path.name)
        return
    own = out.resolve()
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(name for name in folders if (Path(folder) / name).resolve() != own)
        for name in sorted(names):
            file = Path(folder) / name
            if file.is_file():
                yield file, file.relative_to(path)


def _named(files: Sequence[tuple[Path, Path]]) -> list[Input]:
    by_name = [relative.with_name(f"{relative.name}.json") for _, relative in files]
    targets = [relative.with_name(f"{relative.stem}.json") for _, relative in files]
    before: list[Path] = []
    # Until nothing changes: a full name may be the stem of another file, which then takes its full name too.
    while targets != before:
        before, shared = targets, _shared(targets)
        targets = [full if at in shared else at for at, full in zip(targets, by_name, strict=True)]
    wanted: set[Path] = set(targets)
    taken: dict[Path, Path] = {}
    for (path, _), target in zip(files, targets, strict=True):
        free, numbers = target, count(2)
        while free in taken or (free != target and free in wanted):
            free = target.with_name(f"{target.stem}-{next(numbers)}.json")
        taken[free] = path
    return [Input(path, target) for target, path in taken.items()]


def _shared(targets: Sequence[Path]) -> set[Path]:
    return {target for target, count in Counter(targets).items() if count > 1}


def _handle(one: Input, out: Path, languages: Sequence[str]) -> Outcome:
    body, code = _read(one.path, languages)
    _write(out / one.target, body)
    return Outcome(one, code)


def _read(path: Path, languages: Sequence[str]) -> tuple[dict[str, object], str | None]:
    """The JSON of one file: what was read, or why not, with the code of the error."""
    try:
        size = path.stat().st_size
        if size > FILE_BYTES:
            return _refused(too_large(path.name, size))
        data = path.read_bytes()
    except OSError as error:
        return _error("INC_UNREADABLE", f"the file cannot be opened: {error.strerror}")
    refused = problem(data, path.name)
    if refused is not None:
        return _refused(refused)
    try:
        return read_document(data, languages=languages).to_json(), None
    except UnreadableDocument as refusal:
        return _error(refusal.code, refusal.message)
    except ChildFailed as failure:
        return _error(failure.code, failure.message)
    except OcrUnavailable as error:
        return _error(OCR_UNAVAILABLE, f"the scan waits for OCR: {error}")


def _refused(why: Problem) -> tuple[dict[str, object], str]:
    return _error(why.code, _REFUSALS[why.code].format(**why.values))


def _error(code: str, message: str) -> tuple[dict[str, object], str]:
    return {"error": {"code": code, "message": message}}, code


def _write(target: Path, body: dict[str, object]) -> None:
    """Whole or not at all, so that a run that was stopped leaves no half file."""
    target.parent.mkdir(parents=True, exist_ok=True)
    half = target.with_name(f".{target.name}.part")
    half.write_text(json.dumps(body, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    half.replace(target)


def _progress(console: Console, hidden: bool) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        disable=hidden or not console.is_terminal,
    )


def _tell(report: ExtractReport, out: Path, console: Console, as_json: bool) -> None:
    errors = report.errors
    if as_json:
        rows = [
            {"file": str(outcome.input.path), "output": str(outcome.input.target), "error": outcome.code}
            for outcome in report.outcomes
        ]
        sys.stdout.write(json.dumps({"out": str(out), "files": rows, "errors": len(errors)}, indent=1) + "\n")
        return
    for outcome in errors:
        console.print(f"{outcome.input.path}: {outcome.code}", style="yellow", markup=False)
    read = len(report.outcomes) - len(errors)
    console.print(f"{read} read, {len(errors)} with an error, in {out}", markup=False)
