"""What a field group offers: values a field may have, each with its evidence and how likely it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.extract.layout import Token
from pipeline.extract.parties import Parties
from pipeline.extract.printed import Printed
from pipeline.extract.tables import LineTable

MAX_CANDIDATES = 40
"""Per key; what is beyond is not looked at, so that a hostile page stays cheap."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A value that a field may have, the words that print it, and how likely it is, 0 to 1."""

    key: str
    value: str
    tokens: tuple[Token, ...]
    score: float
    is_labelled: bool = True


@dataclass(frozen=True, slots=True)
class RowCandidate:
    """One line or one VAT subtotal: its cells by key of LINE_KEYS or VAT_KEYS."""

    cells: Mapping[str, Candidate]


@dataclass(frozen=True, slots=True)
class Document:
    """What the field groups look at: all typed values, the table of invoice lines, who sells and who buys."""

    printed: Printed
    table: LineTable
    parties: Parties


@dataclass(frozen=True, slots=True)
class Found:
    """What one field group found, in any order."""

    candidates: Sequence[Candidate] = ()
    lines: Sequence[RowCandidate] = ()
    vat_breakdown: Sequence[RowCandidate] = ()


@dataclass(frozen=True, slots=True)
class FieldGroup:
    """A member of the open folder `fields/`: the keys it may fill, and how it finds candidates for them.

    `find` is pure, never raises on any pages, and gives at most MAX_CANDIDATES candidates per key.
    """

    name: str
    keys: tuple[str, ...]
    find: Callable[[Document], Found]
