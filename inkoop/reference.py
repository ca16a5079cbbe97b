"""The reference page of the documentation, made from what exists: codes, tasks and members of open folders.

`python -m inkoop.reference > docs/reference.md` makes it again; a test compares the two.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from core.catalogue import Catalogue
from pipeline.tasks import app
from web.catalogues import FOLDERS

ROOT = Path(__file__).parent.parent
OPEN_FOLDERS = {
    "core/costing/methods": "what goods cost when they leave",
    "pipeline/ingest/channels": "how files arrive",
    "pipeline/extract/formats": "structured invoices that need no reading",
    "pipeline/extract/fields": "what is looked for on a printed page",
    "inkoop/samples/layouts": "how invented vendors lay out their invoices",
}


def render() -> str:
    """The whole page as Markdown."""
    return "\n".join([*_codes(), *_tasks(), *_members()]) + "\n"


def _codes() -> Iterator[str]:
    english = Catalogue.load("en", FOLDERS)
    yield "# Reference"
    yield ""
    yield "Made by `python -m inkoop.reference`; do not edit by hand."
    yield ""
    yield "## Codes"
    yield ""
    yield "A refused action changes nothing and says why. Programs go by the code, which never changes;"
    yield "people read the text, in their language. What stands in braces is filled in."
    yield ""
    yield "| Code | English text |"
    yield "|---|---|"
    for key in sorted(english.texts):
        if key.startswith("problem."):
            text = " ".join(english.texts[key].split()).replace("|", "\\|")
            yield f"| `{key.removeprefix('problem.')}` | {text} |"
    yield ""


def _tasks() -> Iterator[str]:
    yield "## Tasks"
    yield ""
    yield "Celery tasks carry an id and nothing else; the table `job` holds what is to be done."
    yield ""
    for name in sorted(app.tasks):
        if not name.startswith("celery."):
            yield f"- `{name}`: {_first_line(app.tasks[name].run.__doc__ or '')}"
    yield ""


def _members() -> Iterator[str]:
    yield "## Open folders"
    yield ""
    yield "Each takes one new file per new kind of thing."
    for folder, what in OPEN_FOLDERS.items():
        yield ""
        yield f"### `{folder}`: {what}"
        yield ""
        for path in sorted((ROOT / folder).glob("*.py")):
            if path.name != "__init__.py":
                doc = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
                yield f"- `{path.stem}`: {_first_line(doc)}"


def _first_line(text: str) -> str:
    return text.strip().split("\n", 1)[0]


if __name__ == "__main__":
    sys.stdout.write(render())
