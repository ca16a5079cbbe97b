"""Words to lines and segments: where things stand on the page, in one upright, straight coordinate system.

Coordinates here are points of a straightened page, for comparing positions only. Evidence is always given
with the boxes of the words themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from statistics import median

from pipeline.extract.document import Box, Page, Provenance, Word

MAX_WORDS_PER_PAGE = 8_000
"""What stands behind these is not read: no invoice page holds more, and time stays bounded."""
MAX_WORDS_PER_ROW = 300
MAX_LETTERS_PER_WORD = 200
MAX_SEGMENTS_PER_ROW = 60

_PAGES_WITH_BLOCKS = 5
_SEGMENT_GAP = 0.85
_ROW_SHIFT = 0.45
_LINE_TO_INK = 1.3


@dataclass(frozen=True, slots=True, eq=False)
class Token:
    """A word with its place on the straightened page, in points; `top` and `bottom` grow downwards."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    page: int
    word: Word

    @property
    def height(self) -> float:
        """Height of the print, in points."""
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        """Vertical centre, in points."""
        return (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """Words of one row that stand together, as in one cell of a table or one line of a paragraph."""

    tokens: tuple[Token, ...]
    row: int
    left: float
    top: float
    right: float
    bottom: float

    @property
    def page(self) -> int:
        """Page number, from 1."""
        return self.tokens[0].page

    @property
    def text(self) -> str:
        """The words joined by blanks."""
        return " ".join(token.text for token in self.tokens)

    @property
    def height(self) -> float:
        """Height of the print, in points."""
        return self.bottom - self.top


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """Everything at one height of one page, from left to right. `index` counts through the document."""

    index: int
    page: int
    tokens: tuple[Token, ...]
    segments: tuple[Segment, ...]
    top: float
    bottom: float

    @property
    def text(self) -> str:
        """The words joined by blanks."""
        return " ".join(token.text for token in self.tokens)

    @property
    def middle(self) -> float:
        """Vertical centre, in points."""
        return (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Segments under one another that belong together, as an address does."""

    segments: tuple[Segment, ...]

    @property
    def page(self) -> int:
        """Page number, from 1."""
        return self.segments[0].page

    @property
    def top(self) -> float:
        """Top of the first segment, in points."""
        return self.segments[0].top


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """All pages, straightened: rows from top to bottom, page by page; blocks of the first five pages."""

    rows: tuple[Row, ...]
    blocks: tuple[Block, ...]
    page_sizes: dict[int, tuple[float, float]]
    is_ocr: bool

    @property
    def text_height(self) -> float:
        """Height of ordinary print, in points, never zero; a word in an empty box has none to count."""
        heights = [token.height for row in self.rows[:300] for token in row.tokens if token.height > 0]
        return median(heights) if heights else 10.0


def lay_out(pages: Sequence[Page]) -> Layout:
    """Bring the words of all pages into rows, segments and blocks."""
    rows: list[Row] = []
    sizes: dict[int, tuple[float, float]] = {}
    for page in pages:
        tokens, size = _straightened(page)
        sizes[page.number] = size
        rows.extend(_rows(tokens, len(rows)))
    # Addresses stand on the first pages; what follows is lines and terms.
    first_pages = {page.number for page in pages[:_PAGES_WITH_BLOCKS]}
    near_start = [row for row in rows if row.page in first_pages]
    blocks = [block for _, group in groupby(near_start, lambda r: r.page) for block in _blocks(list(group))]
    return Layout(tuple(rows), tuple(blocks), sizes, any(page.source == "ocr" for page in pages))


def provenance(layout: Layout, tokens: Sequence[Token]) -> Provenance:
    """Evidence for a value: the page of the first word, the union of the words' boxes, their printed text.

    Where that rectangle would hold other words too, as with text that flows around a column, the evidence
    is the part of the value on its first line.
    """
    if not tokens:
        return Provenance(None, None, None)
    shown = [token for token in tokens if token.page == tokens[0].page]
    if _others_inside(layout, shown):
        first = shown[0]
        shown = [t for t in shown if abs(t.middle - first.middle) < 0.5 * first.height]
        while len(shown) > 1 and _others_inside(layout, shown):
            shown.pop()
    return Provenance(shown[0].page, _around(shown), " ".join(token.word.text for token in shown))


def _around(tokens: Sequence[Token]) -> Box:
    box = tokens[0].word.box
    for token in tokens[1:]:
        box = box.union(token.word.box)
    return box


def _others_inside(layout: Layout, tokens: Sequence[Token]) -> bool:
    """Whether words that are not among these stand, even in part, within the box around them."""
    if len(tokens) < 2:
        return False
    box, known = _around(tokens), {id(t) for t in tokens}
    top, bottom = min(t.top for t in tokens), max(t.bottom for t in tokens)
    for row in layout.rows:
        if row.page != tokens[0].page or row.bottom < top or row.top > bottom:
            continue
        for token in row.tokens:
            if id(token) in known:
                continue
            other = token.word.box
            across = overlap(box.left, box.right, other.left, other.right)
            down = overlap(box.top, box.bottom, other.top, other.bottom)
            if across > 0.1 * (other.right - other.left) and down > 0.4 * (other.bottom - other.top):
                return True
    return False


def overlap(a_left: float, a_right: float, b_left: float, b_right: float) -> float:
    """By how many points two spans share; negative is the gap between them."""
    return min(a_right, b_right) - max(a_left, b_left)


# --- straightening ----------------------------------------------------------------------------------------


def _straightened(page: Page) -> tuple[list[Token], tuple[float, float]]:
    width, height = max(page.width, 1.0), max(page.height, 1.0)
    words = [w for w in page.words[:MAX_WORDS_PER_PAGE] if len(w.text) <= MAX_LETTERS_PER_WORD]
    turns = _turns(words, width, height)
    turned = (_turned(word, page.number, turns, width, height) for word in words)
    tokens = [token for token in turned if not _stands_upright(token)]
    if turns % 2:
        width, height = height, width
    if page.source == "ocr":
        slope = _slope(tokens)
        if slope:
            tokens = [_levelled(token, slope) for token in tokens]
        tokens = _with_line_height(tokens)
    return tokens, (width, height)


def _turns(words: Sequence[Word], width: float, height: float) -> int:
    """How many quarter turns clockwise the print needs to be upright.

    The shape of long words tells whether it lies or stands; the side on which words follow tells the rest.
    """
    long_words = [w for w in words if len(w.text) >= 4]
    lying = [w for w in long_words if _extent(w, width, height)[0] >= _extent(w, width, height)[1]]
    level = not long_words or 2 * len(lying) >= len(long_words)
    onward = back = 0
    for a, b in pairwise(words):
        if level:
            reach, aside = _extent(a, width, height)[1], abs(a.box.top - b.box.top) * height
            after, before = (b.box.left - a.box.right) * width, (a.box.left - b.box.right) * width
        else:
            reach, aside = _extent(a, width, height)[0], abs(a.box.left - b.box.left) * width
            after, before = (b.box.top - a.box.bottom) * height, (a.box.top - b.box.bottom) * height
        if aside < 0.5 * reach:
            onward += -0.3 * reach < after < 1.2 * reach
            back += -0.3 * reach < before < 1.2 * reach
    if level:
        return 2 if back > onward and back >= 3 else 0
    return 1 if back > onward else 3


def _extent(word: Word, width: float, height: float) -> tuple[float, float]:
    return (word.box.right - word.box.left) * width, (word.box.bottom - word.box.top) * height


def _stands_upright(token: Token) -> bool:
    """A note printed along the edge of the page, across the reading direction."""
    return len(token.text) >= 3 and token.height > 1.3 * (token.right - token.left)


def _turned(word: Word, page: int, turns: int, width: float, height: float) -> Token:
    left, right = word.box.left * width, word.box.right * width
    top, bottom = word.box.top * height, word.box.bottom * height
    if turns == 1:
        left, top, right, bottom = height - bottom, left, height - top, right
    elif turns == 2:
        left, top, right, bottom = width - right, height - bottom, width - left, height - top
    elif turns == 3:
        left, top, right, bottom = top, width - right, bottom, width - left
    return Token(word.text, left, top, right, bottom, page, word)


def _slope(tokens: Sequence[Token]) -> float:
    """By how much the lines of a scan fall per point to the right; the median over neighbouring words."""
    slopes: list[float] = []
    for a, b in pairwise(tokens):
        across, down = (b.left + b.right - a.left - a.right) / 2, b.middle - a.middle
        if across > 4 * a.height and abs(down) < 0.12 * across:
            slopes.append(down / across)
    if len(slopes) < 10:
        return 0.0
    slope = median(slopes)
    return slope if abs(slope) > 0.0008 else 0.0


def _levelled(token: Token, slope: float) -> Token:
    # The box of a word on a falling line is higher than its print by what the word falls.
    excess = min(abs(slope) * (token.right - token.left), 0.6 * token.height)
    middle = token.middle - slope * (token.left + token.right) / 2
    half = (token.height - excess) / 2
    return Token(token.text, token.left, middle - half, token.right, middle + half, token.page, token.word)


def _with_line_height(tokens: list[Token]) -> list[Token]:
    """Tokens as high as a text layer would say: OCR boxes hug the ink, a dash is lower than a capital."""
    heights = [t.height for t in tokens if any(c.isalnum() for c in t.text)]
    if not heights:
        return tokens
    ordinary = median(heights)
    spread: list[Token] = []
    for token in tokens:
        half = _LINE_TO_INK * max(token.height, 0.9 * ordinary) / 2
        top, bottom = token.middle - half, token.middle + half
        spread.append(replace(token, top=top, bottom=bottom))
    return spread


# --- rows and segments ------------------------------------------------------------------------------------


def _rows(tokens: Sequence[Token], first_index: int) -> list[Row]:
    groups: list[list[Token]] = []
    middle = height = 0.0
    for token in sorted(tokens, key=lambda t: (t.middle, t.left)):
        if groups and abs(token.middle - middle) <= _ROW_SHIFT * min(height, max(token.height, 4.0)):
            groups[-1].append(token)
            middle += (token.middle - middle) / len(groups[-1])
            height = max(height, min(token.height, 1.5 * height))
        else:
            groups.append([token])
            middle, height = token.middle, max(token.height, 4.0)
    rows: list[Row] = []
    for group in groups:
        group.sort(key=lambda t: t.left)
        del group[MAX_WORDS_PER_ROW:]
        index = first_index + len(rows)
        segments = tuple(_segments(group, index))
        top, bottom = min(t.top for t in group), max(t.bottom for t in group)
        rows.append(Row(index, group[0].page, tuple(group), segments, top, bottom))
    return rows


def _segments(tokens: Sequence[Token], row: int) -> list[Segment]:
    groups: list[list[Token]] = []
    for token in tokens:
        if groups:
            previous = groups[-1][-1]
            gap = token.left - previous.right
            if gap <= _SEGMENT_GAP * max(4.0, min(previous.height, token.height)):
                groups[-1].append(token)
                continue
        groups.append([token])
    return [segment_of(group, row) for group in groups]


def segment_of(tokens: Sequence[Token], row: int) -> Segment:
    """These words of one row as one segment."""
    return Segment(
        tuple(tokens),
        row,
        min(t.left for t in tokens),
        min(t.top for t in tokens),
        max(t.right for t in tokens),
        max(t.bottom for t in tokens),
    )


# --- blocks -----------------------------------------------------------------------------------------------


def _blocks(rows: Sequence[Row]) -> list[Block]:
    """Segments chained downwards: aligned at left, right or centre, a line apart, in print of like size."""
    open_blocks: list[list[Segment]] = []
    closed: list[list[Segment]] = []
    for row in rows:
        still_open: list[list[Segment]] = []
        for block in open_blocks:
            (closed if row.top - block[-1].bottom > 1.2 * block[-1].height else still_open).append(block)
        open_blocks = still_open
        above = open_blocks[-MAX_SEGMENTS_PER_ROW:]
        for segment in row.segments[:MAX_SEGMENTS_PER_ROW]:
            home = next((b for b in reversed(above) if _continues(b[-1], segment)), None)
            if home is None:
                open_blocks.append([segment])
            else:
                home.append(segment)
    blocks = [Block(tuple(b)) for b in (*closed, *open_blocks)]
    return sorted(blocks, key=lambda b: (b.segments[0].row, b.segments[0].left))


def _continues(above: Segment, below: Segment) -> bool:
    gap = below.top - above.bottom
    if above.row == below.row or gap > 0.9 * min(above.height, below.height):
        return False
    if max(above.height, below.height) > 1.35 * min(above.height, below.height):
        return False
    tolerance = 0.35 * above.height
    centres = abs((above.left + above.right) - (below.left + below.right)) / 2
    return (
        abs(above.left - below.left) <= tolerance
        or abs(above.right - below.right) <= tolerance
        or centres <= tolerance
    )
