"""Dimensions: cost centre, project and the like, on documents and the entries made from them (PU-191, PO-13).

A set of dimensions travels as one string, `CODE=VALUE;CODE=VALUE`, sorted by code, None when it is empty, so
that two sets are the same when their strings are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import combinations

from sqlalchemy import CheckConstraint, ForeignKey, String, select, tuple_
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base
from core.errors import Problem, Term, refuse
from core.work import Work

MAX_SET = 250


class Owner(StrEnum):
    """What kind of record brings dimensions. The order is that of priority, unless set up otherwise."""

    ACCOUNT = "account"
    ITEM = "item"
    CHARGE = "charge"
    LOCATION = "location"
    PURCHASER = "purchaser"
    VENDOR = "vendor"


class Rule(StrEnum):
    """What a record asks of its dimension: nothing, any value, exactly its own value, or none at all."""

    NONE = "none"
    CODE_MANDATORY = "code_mandatory"
    SAME_CODE = "same_code"
    NO_CODE = "no_code"


class Dimension(Base):
    """One way to tell amounts apart: DEPARTMENT, PROJECT."""

    __tablename__ = "dimension"

    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    blocked: Mapped[bool] = mapped_column(default=False)


class DimensionValue(Base):
    """One value of a dimension."""

    __tablename__ = "dimension_value"

    dimension_code: Mapped[str] = mapped_column(ForeignKey("dimension.code"), primary_key=True)
    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    blocked: Mapped[bool] = mapped_column(default=False)


class DimensionCombination(Base):
    """Two dimensions that may not stand together; an empty value stands for all values of its dimension.

    `first_code` is the lower of the two codes.
    """

    __tablename__ = "dimension_combination"
    __table_args__ = (CheckConstraint("first_code < second_code", name="order"),)

    first_code: Mapped[str] = mapped_column(ForeignKey("dimension.code"), primary_key=True)
    first_value: Mapped[str] = mapped_column(String(20), primary_key=True, default="")
    second_code: Mapped[str] = mapped_column(ForeignKey("dimension.code"), primary_key=True)
    second_value: Mapped[str] = mapped_column(String(20), primary_key=True, default="")
    blocked: Mapped[bool] = mapped_column(default=True)


class DefaultDimension(Base):
    """The dimension value that a record brings to documents, and what it asks of them (PU-191)."""

    __tablename__ = "default_dimension"
    __table_args__ = (
        CheckConstraint(
            "owner IN ('account', 'item', 'charge', 'location', 'purchaser', 'vendor')", name="owner"
        ),
        CheckConstraint("rule IN ('none', 'code_mandatory', 'same_code', 'no_code')", name="rule"),
    )

    owner: Mapped[str] = mapped_column(String(10), primary_key=True)
    no: Mapped[str] = mapped_column(String(20), primary_key=True)
    dimension_code: Mapped[str] = mapped_column(ForeignKey("dimension.code"), primary_key=True)
    value_code: Mapped[str | None] = mapped_column(String(20))
    rule: Mapped[str] = mapped_column(String(15), default=Rule.NONE.value)


class DimensionPriority(Base):
    """Whose value wins when two records bring the same dimension: the lower number."""

    __tablename__ = "dimension_priority"

    owner: Mapped[str] = mapped_column(String(10), primary_key=True)
    priority: Mapped[int]


@dataclass(frozen=True, slots=True)
class Source:
    """A record that may bring dimensions or ask for them."""

    owner: Owner
    no: str


@dataclass(frozen=True, slots=True)
class DimensionedPart:
    """A header or line to be checked: its set, and the records that have a say in it."""

    dimensions: str | None
    sources: tuple[Source, ...]
    record: str
    line_no: int | None = None


def dimension_set(values: Mapping[str, str]) -> str | None:
    """The canonical form of a set. Refuses with `dimensions_too_long`."""
    text = ";".join(f"{code}={value}" for code, value in sorted(values.items()) if value)
    if len(text) > MAX_SET:
        raise refuse("dimensions_too_long", field="dimensions", most=MAX_SET)
    return text or None


def dimension_values(dimensions: str | None) -> dict[str, str]:
    """The values of a set by dimension code."""
    pairs = (part.split("=", 1) for part in (dimensions or "").split(";") if part)
    return {pair[0]: pair[1] for pair in pairs}


def changed_dimensions(line: str | None, before: str | None, after: str | None) -> str | None:
    """A line's set after its header's set changed: what changed there changes here (PU-191)."""
    old, new, values = dimension_values(before), dimension_values(after), dimension_values(line)
    for code in old.keys() | new.keys():
        if old.get(code) != new.get(code):
            values[code] = new.get(code, "")
    return dimension_set(values)


def default_dimensions(work: Work, sources: Sequence[Source], header: str | None = None) -> str | None:
    """The set that these records bring to a header, or, with the header's set, to a line.

    The record with the lowest priority number wins; a line's header counts as its vendor does.
    """
    rows = _defaults(work, sources)
    if not rows:
        return header
    order = _priorities(work)
    brought = [(order[row.owner], row.dimension_code, row.value_code) for row in rows if row.value_code]
    brought += [(order[Owner.VENDOR], code, value) for code, value in dimension_values(header).items()]
    values: dict[str, str] = {}
    for _, code, value in sorted(brought, key=lambda found: found[0]):
        values.setdefault(code, value)
    return dimension_set(values)


def check_dimensions(work: Work, parts: Sequence[DimensionedPart]) -> list[Problem]:
    """Everything that is wrong with the dimensions of a document, part by part (check 5).

    Each finding is `dimension_not_allowed`: a blocked or unknown dimension or value, a blocked combination,
    or what a record asks of its dimension. Without dimensions in the books this is one query.
    """
    rows = _defaults(work, [source for part in parts for source in part.sources])
    rules = [row for row in rows if row.rule != Rule.NONE]
    used = any(part.dimensions for part in parts)
    if not rules and not used:
        return []
    book = _read_book(work) if used else _Book()
    by_source: dict[tuple[str, str], list[DefaultDimension]] = {}
    for row in rules:
        by_source.setdefault((row.owner, row.no), []).append(row)
    return [problem for part in parts for problem in _part_problems(part, book, by_source)]


@dataclass(frozen=True, slots=True)
class _Book:
    """What dimensions there are; True stands for blocked."""

    dimensions: Mapping[str, bool] = field(default_factory=dict)
    values: Mapping[tuple[str, str], bool] = field(default_factory=dict)
    combinations: frozenset[tuple[str, str, str, str]] = frozenset()


def _read_book(work: Work) -> _Book:
    combinations_ = work.session.scalars(select(DimensionCombination).where(DimensionCombination.blocked))
    return _Book(
        {row.code: row.blocked for row in work.session.scalars(select(Dimension))},
        {(row.dimension_code, row.code): row.blocked for row in work.session.scalars(select(DimensionValue))},
        frozenset((c.first_code, c.first_value, c.second_code, c.second_value) for c in combinations_),
    )


def _defaults(work: Work, sources: Sequence[Source]) -> list[DefaultDimension]:
    keys = sorted({(source.owner.value, source.no) for source in sources if source.no})
    if not keys:
        return []
    query = select(DefaultDimension).where(tuple_(DefaultDimension.owner, DefaultDimension.no).in_(keys))
    return list(work.session.scalars(query.order_by(DefaultDimension.dimension_code, DefaultDimension.no)))


def _priorities(work: Work) -> dict[str, int]:
    order = {owner.value: number for number, owner in enumerate(Owner, start=1)}
    rows = work.session.scalars(select(DimensionPriority).where(DimensionPriority.owner.in_(order)))
    return order | {row.owner: row.priority for row in rows}


def _part_problems(
    part: DimensionedPart, book: _Book, rules: Mapping[tuple[str, str], Sequence[DefaultDimension]]
) -> Iterator[Problem]:
    values = dimension_values(part.dimensions)
    for code, value in values.items():
        reason = _value_reason(book, code, value)
        if reason is not None:
            yield _problem(part, code, value, reason)
    for (first, first_value), (second, second_value) in combinations(sorted(values.items()), 2):
        if _is_blocked_pair(book, first, first_value, second, second_value):
            yield _problem(part, second, second_value, "dimension_combination", f"{first} {first_value}")
    for source in part.sources:
        for row in rules.get((source.owner.value, source.no), ()):
            reason = _rule_reason(row, values.get(row.dimension_code))
            if reason is not None:
                value = values.get(row.dimension_code, "")
                wanted = f"{source.no} {row.value_code or ''}".strip()
                yield _problem(part, row.dimension_code, value, reason, wanted)


def _value_reason(book: _Book, code: str, value: str) -> str | None:
    if code not in book.dimensions or (code, value) not in book.values:
        return "dimension_unknown"
    if book.dimensions[code] or book.values[code, value]:
        return "dimension_blocked"
    return None


def _is_blocked_pair(book: _Book, first: str, first_value: str, second: str, second_value: str) -> bool:
    return any(
        (first, one, second, other) in book.combinations
        for one in ("", first_value)
        for other in ("", second_value)
    )


def _rule_reason(row: DefaultDimension, value: str | None) -> str | None:
    if row.rule == Rule.CODE_MANDATORY and not value:
        return "dimension_mandatory"
    if row.rule == Rule.SAME_CODE and (value or None) != (row.value_code or None):
        return "dimension_same"
    if row.rule == Rule.NO_CODE and value:
        return "dimension_none"
    return None


def _problem(part: DimensionedPart, code: str, value: str, reason: str, wanted: str = "") -> Problem:
    values = {"code": code, "value": value, "record": part.record, "reason": Term(reason), "wanted": wanted}
    return Problem("dimension_not_allowed", values, field="dimensions", line_no=part.line_no)
