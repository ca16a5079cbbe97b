"""The child process that opens one document: `python -m pipeline.child_main FUNCTION PARENT LIMITS`.

Reads the arguments and the document from its input, answers on its output, and ends. Started only by
`pipeline.child`, whose docstring says why.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, cast

from core.errors import DomainError
from pipeline.child import Answer, ChildFailed, Limits, frame, unframe
from pipeline.confinement import confine

ENTRIES = frozenset(
    f"pipeline.extract.entries:{name}"
    for name in ("survey", "read", "ocr_page", "assemble", "render_page", "text_page")
)
"""All that a child can be asked to do: functions from the document's bytes and arguments to an Answer."""

Entry = Callable[[bytes, dict[str, object]], Answer]


def main() -> None:
    """Confine this process, then do what was asked and answer."""
    function, parent, limits = sys.argv[1:]
    output = _own_output()
    confine(Limits(**json.loads(limits)), int(parent))
    sys.excepthook = lambda kind, error, trace: _report_crash(output, kind, error, trace)
    head, data = unframe(sys.stdin.buffer.read())
    entry = _entry(function)
    try:
        answer = entry(data, json.loads(head))
    except DomainError as refusal:
        _say(output, "refused", _refusal(refusal))
    except ChildFailed as failure:
        _say(output, failure.kind, {"code": failure.code, "message": failure.message})
    else:
        _say(output, "done", answer.body, answer.binary)


def _own_output() -> BinaryIO:
    """The pipe to the parent, out of reach of libraries that print."""
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return output


def _entry(function: str) -> Entry:
    if function not in ENTRIES:
        raise LookupError("not an entry")
    module, _, name = function.partition(":")
    # By name, because the reader is a layer above the child that runs it.
    return cast(Entry, getattr(import_module(module), name))


def _refusal(refusal: DomainError) -> dict[str, object]:
    problem = refusal.problems[0]
    return {
        "code": problem.code,
        "message": getattr(refusal, "message", problem.code),
        "values": {name: str(value) for name, value in problem.values.items()},
    }


def _report_crash(
    output: BinaryIO, kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """Say what kind of error it was and in which line, and never its text: that may quote the document."""
    if issubclass(kind, MemoryError):
        message = "reading the file was stopped: it took too much memory"
        _say(output, "limit", {"code": "INC_UNREADABLE", "message": message})
        return
    frames = traceback.extract_tb(trace)
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
    message = f"the reader failed on the file ({kind.__name__} in {place})"
    _say(output, "crash", {"code": "INC_UNREADABLE", "message": message})


def _say(output: BinaryIO, outcome: str, value: object, binary: bytes = b"") -> None:
    output.write(frame(json.dumps({"outcome": outcome, "value": value}).encode(), binary))
    output.flush()
    # At once: a library's clean-up at the end of the interpreter may crash and has nothing left to save.
    os._exit(0)


if __name__ == "__main__":
    main()
