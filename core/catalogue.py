"""Texts by key and language, filled with values when they are shown.

A catalogue is a folder with one folder per language of TOML files. Nested tables join with a dot:
`[review] approve = "Approve and next"` is `review.approve`. Problem codes live under `problem.`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal

from core.errors import Problem, Term

LANGUAGES = ("en", "nl")
LOCALES = {"en": "en_GB", "nl": "nl_NL"}
CORE_TEXTS = Path(__file__).parent / "texts"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All texts of one language."""

    language: str
    texts: Mapping[str, str]

    @classmethod
    def load(cls, language: str, folders: Iterable[Path]) -> Catalogue:
        """Read `<folder>/<language>/*.toml` of every folder. A key given twice is a program error."""
        texts: dict[str, str] = {}
        for folder in folders:
            for path in sorted((folder / language).glob("*.toml")):
                for key, text in _flat(tomllib.loads(path.read_text("utf-8"))):
                    assert key not in texts, f"{key} stands twice, again in {path}"
                    texts[key] = text
        return cls(language, texts)

    def text(self, key: str, **values: object) -> str:
        """The text of `key`, filled. Raises KeyError for an unknown key: a test walks through all of them."""
        return self.texts[key].format(**{name: self.show(value) for name, value in values.items()})

    def problem(self, problem: Problem) -> str:
        """What a clerk reads for this problem: what is wrong, with the values, and what to do."""
        return self.text(f"problem.{problem.code}", **problem.values)

    def show(self, value: object) -> str:
        """A date, number or term as this language writes it; anything else as text."""
        locale = LOCALES[self.language]
        if isinstance(value, Term):
            return self.texts[f"term.{value}"]
        if isinstance(value, datetime):
            return format_datetime(value, "short", locale=locale)
        if isinstance(value, date):
            pattern = "dd-MM-yyyy" if self.language == "nl" else "d MMM yyyy"
            return format_date(value, pattern, locale=locale)
        if isinstance(value, Decimal):
            decimals = max(2, -int(value.normalize().as_tuple().exponent))
            return format_decimal(value, "#,##0." + "0" * decimals, locale=locale)
        return str(value)


def _flat(table: Mapping[str, Any], prefix: str = "") -> Iterable[tuple[str, str]]:
    for name, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", str(value)
