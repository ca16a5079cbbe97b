"""Mistakes that a person can mend: a stable code for programs, and the values its message is filled with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

Severity = Literal["error", "warning", "information"]


class Term(str):
    """A word of ours among the values of a problem: `Term("posting_date")` shows as `term.posting_date`."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: its code, where it is, and what fills its message.

    `code` is an identifier and never changes (style §5). `field` names the field it is about, `line_no`
    the document line. `values` fill the text of the catalogue (`core/texts`); they are shown to people,
    so they are what the user typed or sees, not ids. `link` is the page that mends it, if there is one.
    """

    code: str
    values: Mapping[str, object] = field(default_factory=dict)
    field: str | None = None
    line_no: int | None = None
    severity: Severity = "error"
    link: str | None = None


class DomainError(Exception):
    """A refused action: nothing has changed. Carries every problem found, most fundamental first."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(", ".join(problem.code for problem in self.problems))

    @property
    def code(self) -> str:
        """The code of the first and most fundamental problem."""
        return self.problems[0].code


def refuse(
    code: str, *, field: str | None = None, line_no: int | None = None, **values: object
) -> DomainError:
    """A refusal with one problem: `raise refuse("vendor_exists", no="V-1")`."""
    return DomainError([Problem(code, values, field=field, line_no=line_no)])
