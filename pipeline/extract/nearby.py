"""From a label to its value: on the same line to the right, or below it.

The search knows geometry only. A label between, a gap and a line skipped make a value less likely.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from pipeline.extract.labels import Label
from pipeline.extract.layout import Row, Segment, Token, overlap
from pipeline.extract.printed import Match, Printed

T = TypeVar("T")

MAX_CANDIDATES = 40
"""Per field; what is beyond is not looked at, so that a hostile page stays cheap."""

_BELOW_REACH = 3.2
_FIRST_LINE_REACH = 5.5
_BELOW_DECAY = 0.8


@dataclass(frozen=True, slots=True, eq=False)
class Near(Match[T]):
    """A match beside a label: how near, 0 to 1, and whether it is below."""

    nearness: float = 0.0
    is_below: bool = False


def near_label(
    printed: Printed,
    label: Label,
    matches: Mapping[int, Sequence[Match[T]]],
    *,
    rival: Callable[[Label], bool] = lambda _: False,
) -> Iterator[Near[T]]:
    """Matches that the label may name, best first: to the right in its row, then below.

    `rival` tells of another label whether it would claim such a value for itself.
    """
    found: list[Near[T]] = []
    for row in _beside(printed, label.row):
        found.extend(_right_of(printed, label, row, matches.get(row.index, ()), rival))
    if _ends_cell(printed, label):
        found.extend(_below(printed, label, matches, rival))
    found.sort(key=lambda near: -near.nearness)
    yield from found[:MAX_CANDIDATES]


def _beside(printed: Printed, row: Row) -> Iterator[Row]:
    """The row itself, and a neighbour printed at nearly the same height in another size."""
    rows = printed.layout.rows
    for index in (row.index, row.index - 1, row.index + 1):
        if 0 <= index < len(rows) and rows[index].page == row.page:
            other = rows[index]
            shared = overlap(row.top, row.bottom, other.top, other.bottom)
            if index == row.index or shared > 0.6 * min(row.bottom - row.top, other.bottom - other.top):
                yield other


def _right_of(
    printed: Printed,
    label: Label,
    row: Row,
    matches: Sequence[Match[T]],
    rival: Callable[[Label], bool],
) -> Iterator[Near[T]]:
    height = max(4.0, label.tokens[0].height)
    between = [
        other
        for other in printed.labels.get(row.index, ())
        if other is not label and other.left >= label.right - 1 and rival(other)
    ]
    position = 0
    for match in matches:
        if match.left < label.right - 0.3 * height:
            continue
        claimed = any(other.right <= match.left + 1 for other in between)
        gap = (match.left - label.right) / height
        nearness = 1.0 if gap < 3 else max(0.72, 1.0 - 0.012 * gap)
        nearness *= 0.35 if claimed else 1.0
        nearness *= 1.0 if row is label.row else 0.9
        nearness *= max(0.4, 1.0 - 0.08 * position)
        position += 1
        yield Near(match.value, match.row, match.start, match.end, match.rest, nearness, False)


def _below(
    printed: Printed, label: Label, matches: Mapping[int, Sequence[Match[T]]], rival: Callable[[Label], bool]
) -> Iterator[Near[T]]:
    height = max(4.0, label.tokens[0].height)
    left, right = label.left, label.right
    lines = 0
    for row in following(printed, label.row):
        if row.top - label.row.bottom > (_BELOW_REACH if lines else _FIRST_LINE_REACH) * height:
            return
        over = [t for t in row.tokens if overlap(left, right, t.left, t.right) > -0.5 * height]
        if not over:
            continue
        lines += 1
        for match in matches.get(row.index, ()):
            if overlap(left, right, match.left, match.right) <= -0.3 * height:
                continue
            own = any(
                other.right <= match.left + 1 and match.left - other.right < 8 * height and rival(other)
                for other in printed.labels.get(row.index, ())
            )
            aligned = min(abs(match.left - left), abs(match.right - right)) < height
            nearness = _BELOW_DECAY ** (lines - 1) * (0.88 if aligned else 0.75) * (0.35 if own else 1.0)
            yield Near(match.value, match.row, match.start, match.end, match.rest, nearness, True)
        if lines >= 3 or any(
            rival(other) and overlap(left, right, other.left, other.right) > 0
            for other in printed.labels.get(row.index, ())
        ):
            return


def following(printed: Printed, row: Row) -> Iterator[Row]:
    """The rows below on the same page, in order."""
    rows = printed.layout.rows
    for index in range(row.index + 1, len(rows)):
        if rows[index].page != row.page:
            return
        yield rows[index]


def _ends_cell(printed: Printed, label: Label) -> bool:
    """Whether nothing but another label follows in the same cell: else the value is not looked for below."""
    row = label.row
    if label.end >= len(row.tokens):
        return True
    following_token = row.tokens[label.end]
    if following_token.left - label.right > 0.85 * label.tokens[-1].height:
        return True
    if not any(c.isalnum() for c in following_token.text):
        return True
    return any(other.start == label.end for other in printed.labels.get(row.index, ()))


def segment_with(row: Row, token: Token) -> Segment:
    """The segment a token of the row belongs to."""
    return next(s for s in row.segments if any(t is token for t in s.tokens))


# --- identifiers after a label ----------------------------------------------------------------------------

_JUNK_BEFORE_ID = re.compile(
    r"[:#.\-–/|]*$|(?:nr|no|n|num|nummer|number|numéro|vom|id)[.°º:]*$", re.IGNORECASE
)
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9\-/._+*\\]{0,34}$")


def numbers_near(printed: Printed, label: Label, rival: Callable[[Label], bool]) -> Iterator[Near[str]]:
    """Document numbers the label may name: the first word with a digit to the right, or right below."""
    for row in _beside(printed, label.row):
        after = [i for i, t in enumerate(row.tokens) if t.left >= label.right - 0.3 * t.height]
        if row is label.row:
            after = [i for i in after if i >= label.end]
        if not after:
            continue
        match = _number_from(printed, row, after[0], len(row.tokens))
        if match and not _rival_between(printed, label, match, rival):
            gap = (match.left - label.right) / max(4.0, label.tokens[0].height)
            nearness = 1.0 if gap < 3 else max(0.7, 1.0 - 0.012 * gap)
            nearness *= 1.0 if row is label.row else 0.9
            yield Near(match.value, row, match.start, match.end, match.rest, nearness, False)
    if _ends_cell(printed, label):
        yield from _numbers_below(printed, label, rival)


def _numbers_below(printed: Printed, label: Label, rival: Callable[[Label], bool]) -> Iterator[Near[str]]:
    height = max(4.0, label.tokens[0].height)
    lines = 0
    for row in following(printed, label.row):
        if row.top - label.row.bottom > (_BELOW_REACH if lines else _FIRST_LINE_REACH) * height or lines >= 2:
            return
        over = [s for s in row.segments if overlap(label.left, label.right, s.left, s.right) > 0]
        if not over:
            continue
        lines += 1
        first = next(i for i, t in enumerate(row.tokens) if t is over[0].tokens[0])
        if over[0].left < label.left - 3 * height:  # a long line passing by: only what stands under the label
            first = next(i for i, t in enumerate(row.tokens) if t.right > label.left)
        match = _number_from(printed, row, first, first + 3)
        claimed = any(
            rival(other) and overlap(label.left, label.right, other.left, other.right) > 0
            for other in printed.labels.get(row.index, ())
        )
        if match:
            nearness = 0.85 * _BELOW_DECAY ** (lines - 1) * (0.4 if claimed else 1.0)
            yield Near(match.value, row, match.start, match.end, match.rest, nearness, True)
        if claimed:
            return


def _rival_between(printed: Printed, label: Label, match: Match[str], rival: Callable[[Label], bool]) -> bool:
    return any(
        other is not label
        and other.left >= label.right - 1
        and other.right <= match.left + 1
        and rival(other)
        for other in printed.labels.get(match.row.index, ())
    )


def _number_from(printed: Printed, row: Row, start: int, stop: int) -> Match[str] | None:
    """The document number that begins at a token, after at most three words of punctuation or "Nr."."""
    index = start
    stop = min(stop, len(row.tokens))
    while index < min(stop, start + 3) and _JUNK_BEFORE_ID.match(row.tokens[index].text):
        index += 1
    if index >= stop:
        return None
    if any(m.start <= index < m.end for m in printed.dates.get(row.index, ())):
        return None
    token = row.tokens[index]
    text = token.text.strip("#:;,.()[]|\"'*")
    end = index + 1
    if text.isalpha() and text.isupper() and len(text) <= 5 and end < len(row.tokens):
        following_token = row.tokens[end]
        more = following_token.text.strip("#:;,.()[]|")
        if more[:1].isdigit() and following_token.left - token.right < 1.6 * token.height and _ID.match(more):
            return Match(f"{text} {more}", row, index, end + 1)
    if not any(c.isdigit() for c in text) or not _ID.match(text):
        return None
    return Match(text, row, index, end)
