"""Labels on the page: the words an invoice uses to name its fields, found by a vocabulary.

The vocabulary is data (`vocabulary.toml`); no label of one vendor is in it, only words of a language.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from rapidfuzz import process
from rapidfuzz.distance import OSA

from pipeline.extract.layout import Layout, Row, Token
from pipeline.extract.values import folded

STRONG = 1.0
WEAK = 0.5

_MAX_LABEL_TOKENS = 8
_MAX_LABEL_GAP = 1.1
_MISREAD_FROM_LENGTH = 7
_MAX_FUZZY_LOOKUPS = 4_000


@dataclass(frozen=True, slots=True, eq=False)
class Label:
    """A label in a row: tokens `start` to `end` (not included), and the keys it may name with how surely."""

    row: Row
    start: int
    end: int
    keys: Mapping[str, float]

    @property
    def tokens(self) -> tuple[Token, ...]:
        """The words of the label."""
        return self.row.tokens[self.start : self.end]

    @property
    def left(self) -> float:
        """Left edge, in points."""
        return self.tokens[0].left

    @property
    def right(self) -> float:
        """Right edge, in points."""
        return self.tokens[-1].right


@lru_cache(maxsize=1)
def vocabulary() -> Mapping[str, Mapping[str, float]]:
    """Folded phrase to the keys it may name, each with STRONG or WEAK."""
    content = tomllib.loads((Path(__file__).parent / "vocabulary.toml").read_text(encoding="utf-8"))
    phrases: dict[str, dict[str, float]] = {}
    for key, lists in content.items():
        for strength, value in (("weak", WEAK), ("strong", STRONG)):
            for phrase in lists.get(strength, ()):
                if spelt := label_fold(phrase):
                    phrases.setdefault(spelt, {})[key] = value
    return phrases


def label_fold(text: str) -> str:
    """How labels are compared: letters and digits only, with "#" read as "nr"."""
    return folded(text.replace("#", "nr"))


def find_labels(layout: Layout) -> dict[int, list[Label]]:
    """All labels, by index of their row, from left to right; the longest phrase wins.

    In what OCR read, one wrong letter in a long word is forgiven.
    """
    lookup = _Lookup(forgiving=layout.is_ocr)
    found: dict[int, list[Label]] = {}
    for row in layout.rows:
        labels = _row_labels(row, lookup)
        if labels:
            found[row.index] = labels
    return found


def _row_labels(row: Row, lookup: _Lookup) -> list[Label]:
    labels: list[Label] = []
    spelt = [label_fold(token.text) for token in row.tokens]
    position = 0
    while position < len(row.tokens):
        end, keys = _longest(row.tokens, spelt, position, lookup)
        if keys and end > position:
            labels.append(Label(row, position, end, keys))
            position = end
        else:
            position += 1
    return labels


def _longest(
    tokens: Sequence[Token], spelt: Sequence[str], start: int, lookup: _Lookup
) -> tuple[int, Mapping[str, float]]:
    if not spelt[start]:
        return start, {}
    best: tuple[int, Mapping[str, float]] = (start, {})
    phrase = ""
    for end in range(start, min(len(tokens), start + _MAX_LABEL_TOKENS)):
        if end > start and tokens[end].left - tokens[end - 1].right > _MAX_LABEL_GAP * tokens[start].height:
            break
        phrase += spelt[end]
        if len(phrase) > lookup.longest:
            break
        if spelt[end] and (keys := lookup.keys(phrase)):
            best = (end + 1, keys)
    return best


class _Lookup:
    """The vocabulary, with forgiveness for misread letters within a budget."""

    def __init__(self, *, forgiving: bool) -> None:
        self._phrases = vocabulary()
        self.longest = max(map(len, self._phrases)) + 1
        self._budget = _MAX_FUZZY_LOOKUPS if forgiving else 0
        self._long = [p for p in self._phrases if len(p) >= _MISREAD_FROM_LENGTH]
        self._known: dict[str, Mapping[str, float]] = {}

    def keys(self, phrase: str) -> Mapping[str, float]:
        """Keys the phrase may name; empty when it is no label."""
        exact = self._phrases.get(phrase)
        if exact is not None:
            return exact
        if len(phrase) < _MISREAD_FROM_LENGTH or phrase in self._known:
            return self._known.get(phrase, {})
        if self._budget <= 0 or any(c.isdigit() for c in phrase):
            return {}
        self._budget -= 1
        allowed = 1 if len(phrase) < 12 else 2
        near = process.extractOne(phrase, self._long, scorer=OSA.distance, score_cutoff=allowed)
        self._known[phrase] = self._phrases[near[0]] if near else {}
        return self._known[phrase]
