"""The table of invoice lines: its header, its columns and the rows that belong to it.

The header is found by the names of its columns; where one column ends and the next begins is told by the
white space in the rows below it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from pipeline.extract.labels import Label
from pipeline.extract.layout import Row, Token, overlap
from pipeline.extract.printed import Printed

_COLUMN = "column_"
_AMOUNT_COLUMNS = frozenset({"net_amount", "unit_price", "gross_amount"})
_NAMING_COLUMNS = frozenset({"description", "item_id", "quantity", "position"})
_TEXT_COLUMNS = frozenset({"description", "item_id", "other"})
_BLANK = 0.42
_HEADER_REACH = 1.5
_MAX_BODY_ROWS = 3_000
_END_KEYS = frozenset({"total_net", "total_vat", "total_gross", "amount_due"})


@dataclass(frozen=True, slots=True)
class Column:
    """A column: what it holds (the part after "column_", or "other"), and from where to where, in points."""

    kind: str
    left: float
    right: float


@dataclass(frozen=True, slots=True, eq=False)
class BodyRow:
    """A row of the table with its words by kind of column."""

    row: Row
    cells: Mapping[str, tuple[Token, ...]]


@dataclass(frozen=True, slots=True, eq=False)
class LineTable:
    """The table of invoice lines; `columns` is empty when the document has none."""

    columns: tuple[Column, ...]
    body: tuple[BodyRow, ...]
    header_rows: frozenset[int]

    @property
    def row_indexes(self) -> frozenset[int]:
        """Rows of the body and the header."""
        return frozenset(body.row.index for body in self.body) | self.header_rows


def find_table(printed: Printed) -> LineTable:
    """The table of invoice lines, over all pages it runs on."""
    best: tuple[float, Row, list[tuple[str, float, float]], list[int]] | None = None
    for row in printed.layout.rows:
        cells, used = _header_cells(printed, row)
        named = {kind for kind, _, _ in cells}
        if len(named) < 2 or not named & _AMOUNT_COLUMNS or not named & _NAMING_COLUMNS:
            continue
        score = len(named) + 0.5 * ("description" in named) + 0.5 * ("quantity" in named)
        if best is None or score > best[0]:
            best = (score, row, cells, used)
    if best is None:
        return LineTable((), (), frozenset())
    _, header, cells, used = best
    kinds = frozenset(kind for kind, _, _ in cells)
    headers = set(used)
    rows = _without_tail(printed, list(_body_rows(printed, header, headers, kinds)))
    columns = _columns(printed, cells, rows)
    body = tuple(BodyRow(row, _cells(row, columns)) for row in rows)
    return LineTable(columns, body, frozenset(headers))


# --- header -----------------------------------------------------------------------------------------------


def _header_cells(printed: Printed, row: Row) -> tuple[list[tuple[str, float, float]], list[int]]:
    """Kinds and spans of the columns a row names, with the rows right above and below it; the rows used."""
    if not _may_be_header(printed, row):
        return [], []
    labels = _column_labels(printed, row)
    if len(labels) < 2:
        return [], []
    used = [row.index]
    rows = printed.layout.rows
    height = max(4.0, row.tokens[0].height)
    for step in (1, -1):
        previous = row
        for distance in (1, 2, 3):
            index = row.index + step * distance
            if not 0 <= index < len(rows) or rows[index].page != row.page:
                break
            other = rows[index]
            gap = other.top - previous.bottom if step > 0 else previous.top - other.bottom
            if gap > 0.6 * height or not _may_be_header(printed, other) or len(other.tokens) > 12:
                break
            near = abs(other.middle - row.middle) <= _HEADER_REACH * distance * height
            more = [
                label
                for label in _column_labels(printed, other)
                if all(overlap(label.left, label.right, known.left, known.right) < -1 for known in labels)
            ]
            if not near:
                break
            previous = other
            # The first body row may start with a word that is a column's name too.
            if step > 0 and any(t.text[:1].isdigit() for t in other.tokens):
                break
            labels.extend(more)
            used.append(index)
    labels.sort(key=lambda label: label.left)
    return _resolved(labels, row), used


def _may_be_header(printed: Printed, row: Row) -> bool:
    if any(match.value.is_money for match in printed.amounts.get(row.index, ())):
        return False
    return row.index not in printed.dates and sum(t.text[:1].isdigit() for t in row.tokens) <= 1


def _column_labels(printed: Printed, row: Row) -> list[Label]:
    return [
        label
        for label in printed.labels.get(row.index, ())
        if any(key.startswith(_COLUMN) for key in label.keys)
        and not any(t.text.endswith(":") for t in label.tokens)
    ]


def _resolved(labels: Sequence[Label], header: Row) -> list[tuple[str, float, float]]:
    """One kind for each label: a name with several meanings takes the one no other column has."""
    choices = [[k.removeprefix(_COLUMN) for k in label.keys if k.startswith(_COLUMN)] for label in labels]
    certain = {kinds[0] for kinds in choices if len(kinds) == 1}
    taken: set[str] = set()
    resolved: list[str] = []
    for place, kinds in enumerate(choices):
        describes_later = any("description" in later for later in choices[place + 1 :])
        wanted = [k for k in _WANTED if k in kinds]
        if "description" in kinds and "description" not in taken and not describes_later:
            wanted.insert(0, "description")
        free = [k for k in wanted if k not in certain and k not in taken]
        kind = kinds[0] if len(kinds) == 1 else (free or wanted or kinds)[0]
        resolved.append(kind)
        taken.add(kind)
    spans = [(label.left, label.right) for label in labels]
    resolved = _without_repeats(resolved)
    if "net_amount" not in resolved and "gross_amount" not in resolved and "unit_price" in resolved:
        last = max(range(len(resolved)), key=lambda i: spans[i][0])
        if resolved[last] == "unit_price":
            resolved[last] = "net_amount"
    cells = [(kind, *span) for kind, span in zip(resolved, spans, strict=True)]
    for segment in header.segments:
        if all(overlap(segment.left, segment.right, left, right) < -1 for _, left, right in cells):
            cells.append(("other", segment.left, segment.right))
    return sorted(cells, key=lambda cell: cell[1])


_WANTED = (
    *("item_id", "description", "net_amount", "unit_price", "quantity", "unit", "vat_rate"),
    *("gross_amount", "discount", "position"),
)


def _without_repeats(kinds: Sequence[str]) -> list[str]:
    """Of two columns with one name the last amount and the first of all others keeps it."""
    kept = list(kinds)
    for kind in set(kinds):
        places = [i for i, k in enumerate(kept) if k == kind]
        if len(places) > 1:
            keeper = places[-1] if kind in ("net_amount", "gross_amount") else places[0]
            for place in places:
                if place != keeper:
                    kept[place] = "other"
            # "Amount" in front of everything is a count, not money.
            if kind == "net_amount" and "quantity" not in kept and places[0] < len(kept) / 2:
                kept[places[0]] = "quantity"
            if kind == "description" and "item_id" not in kept:
                kept[places[0]], kept[places[1]] = "item_id", "description"
    return kept


# --- body -------------------------------------------------------------------------------------------------


def _body_rows(printed: Printed, header: Row, headers: set[int], kinds: frozenset[str]) -> Iterator[Row]:
    """Rows from the header to the totals; on later pages from a repeated header, which joins `headers`."""
    rows = printed.layout.rows
    index = max(headers) + 1
    page = header.page
    count = 0
    while index < len(rows) and count < _MAX_BODY_ROWS:
        row = rows[index]
        if row.page != page:
            page = row.page
            repeated = _repeated_header(printed, index, kinds)
            headers.update(repeated)
            index = max(repeated) + 1 if repeated else index
            if index >= len(rows):
                return
            row = rows[index]
            if row.page != page:
                continue
        if _ends_table(printed, row) or _heads_another(printed, row, kinds):
            return
        count += 1
        yield row
        index += 1


def _repeated_header(printed: Printed, first: int, kinds: frozenset[str]) -> list[int]:
    """Rows of the header where a page prints it again; none otherwise."""
    rows = printed.layout.rows
    page = rows[first].page
    for row in rows[first:]:
        if row.page != page:
            break
        cells, used = _header_cells(printed, row)
        if len({kind for kind, _, _ in cells} & kinds) >= max(2, len(kinds - {"other"}) - 1):
            return used
    return []


def _without_tail(printed: Printed, rows: list[Row]) -> list[Row]:
    """The rows up to a subtotal that no line follows."""
    for place, row in enumerate(rows):
        if not _ends_table(printed, row, subtotals=True):
            continue
        if not any(_looks_like_line(printed, later) for later in rows[place + 1 :]):
            return rows[:place]
    return rows


def _looks_like_line(printed: Printed, row: Row) -> bool:
    amounts = printed.amounts.get(row.index, ())
    words = any(sum(c.isalpha() for c in t.text) > 2 for t in row.tokens)
    is_total = any(_END_KEYS & label.keys.keys() for label in printed.labels.get(row.index, ()))
    return len(amounts) >= 2 and any(m.value.is_money for m in amounts) and words and not is_total


def _ends_table(printed: Printed, row: Row, *, subtotals: bool = False) -> bool:
    """A total with its amount: the label fills its cell, and an amount is to the right of it."""
    amounts = [m for m in printed.amounts.get(row.index, ()) if m.value.is_money]
    for label in printed.labels.get(row.index, ()):
        strengths = [strength for key, strength in label.keys.items() if key in _END_KEYS]
        if not strengths:
            continue
        starts_cell = any(s.tokens[0] is label.tokens[0] for s in row.segments)
        counts = subtotals or not _is_only_subtotal(label)
        if starts_cell and counts and any(m.start >= label.end for m in amounts):
            between = row.tokens[label.end : min(m.start for m in amounts if m.start >= label.end)]
            if sum(t.text.isalpha() and len(t.text) > 3 for t in between) <= 1:
                return True
    return False


def _heads_another(printed: Printed, row: Row, kinds: frozenset[str]) -> bool:
    """Names of columns again, but other ones: the table of VAT rates or of payments begins."""
    if not _may_be_header(printed, row) or any(t.text[:1].isdigit() for t in row.tokens):
        return False
    labels = [
        label
        for label in printed.labels.get(row.index, ())
        if any(key.startswith(_COLUMN) or key in _END_KEYS for key in label.keys)
    ]
    named = sum(label.end - label.start for label in labels)
    if len(labels) < 2 or named < 0.6 * len(row.tokens):
        return False
    again = {k.removeprefix(_COLUMN) for label in labels for k in label.keys if k.startswith(_COLUMN)}
    return len(again & kinds) < 3 and len({label.left for label in labels}) >= 2 and len(row.segments) >= 2


def _is_only_subtotal(label: Label) -> bool:
    """A weak "subtotal" may close a group of lines only; more lines may follow."""
    return label.keys.get("total_net", 1.0) < 1.0 and not _END_KEYS - {"total_net"} & label.keys.keys()


def _columns(
    printed: Printed, cells: Sequence[tuple[str, float, float]], rows: Sequence[Row]
) -> tuple[Column, ...]:
    """Borders in the white space between neighbouring names, where the fewest words of the rows are cut."""
    tokens = [token for row in rows[:200] for token in row.tokens]
    borders = [_border(a, b, tokens) for a, b in pairwise(cells)]
    edges = [float("-inf"), *borders, float("inf")]
    columns = [
        Column(kind, left, right) for (kind, _, _), (left, right) in zip(cells, pairwise(edges), strict=True)
    ]
    return tuple(_by_content(printed, columns, rows[:200]))


def _border(a: tuple[str, float, float], b: tuple[str, float, float], tokens: Sequence[Token]) -> float:
    """Between the end of one name and the start of the next; between their middles if words are cut there."""
    best: tuple[int, float] | None = None
    for low, high in ((a[2] - 1, b[1] + 1), ((a[1] + a[2]) / 2, (b[1] + b[2]) / 2)):
        if high <= low:
            continue
        cut, position = _least_cut(low, high, tokens)
        if best is None or cut < 0.5 * best[0]:
            best = (cut, position)
    return best[1] if best else (a[2] + b[1]) / 2


def _least_cut(low: float, high: float, tokens: Sequence[Token]) -> tuple[int, float]:
    spans = [(t.left, t.right) for t in tokens if t.right > low and t.left < high]
    steps = 60
    positions = [low + (high - low) * i / steps for i in range(steps + 1)]
    cuts = [sum(left < x < right for left, right in spans) for x in positions]
    least = min(cuts)
    runs: list[tuple[int, int]] = []
    for i, cut in enumerate(cuts):
        if cut == least:
            if runs and runs[-1][1] == i - 1:
                runs[-1] = (runs[-1][0], i)
            else:
                runs.append((i, i))
    start, end = max(runs, key=lambda run: (run[1] - run[0], run[0]))
    return least, (positions[start] + positions[end]) / 2


def _by_content(printed: Printed, columns: list[Column], rows: Sequence[Row]) -> list[Column]:
    """Columns whose content contradicts their name get another one: money under "VAT" is no rate."""
    if not columns:
        return columns
    kinds = {column.kind for column in columns}
    renamed: list[Column] = []
    for column in columns:
        money = [
            match
            for row in rows
            for match in printed.amounts.get(row.index, ())
            if match.value.is_money and column.left <= (match.left + match.right) / 2 < column.right
        ]
        rates = [
            match
            for row in rows
            for match in printed.rates.get(row.index, ())
            if column.left <= (match.left + match.right) / 2 < column.right
        ]
        kind = column.kind
        is_last = column.right == float("inf")
        if is_last and not kinds & {"net_amount", "gross_amount"} and len(money) > len(rates):
            kind = "net_amount"
        elif kind == "vat_rate" and len(money) > 2 * len(rates) and any(m.value.currency for m in money):
            kind = "vat_amount"
        elif kind == "other" and len(rates) > len(money) and "vat_rate" not in kinds:
            kind = "vat_rate"
        renamed.append(replace(column, kind=kind))
    return renamed


def _cells(row: Row, columns: Sequence[Column]) -> dict[str, tuple[Token, ...]]:
    cells: dict[str, list[Token]] = {}
    for run in _runs(row):
        kinds = [_column_of(token, columns).kind for token in run]
        codes = any(c.isdigit() for k, t in zip(kinds, run, strict=True) if k == "item_id" for c in t.text)
        if len(set(kinds)) > 1 and set(kinds) <= _TEXT_COLUMNS and not codes:
            # Text without a gap is one text, whatever border runs through it; a code may be close to it.
            widths: dict[str, float] = {}
            for kind, token in zip(kinds, run, strict=True):
                widths[kind] = widths.get(kind, 0.0) + token.right - token.left
            kinds = [max(widths, key=lambda kind: widths[kind])] * len(run)
        for kind, token in zip(kinds, run, strict=True):
            cells.setdefault(kind, []).append(token)
    return {kind: tuple(tokens) for kind, tokens in cells.items()}


def _column_of(token: Token, columns: Sequence[Column]) -> Column:
    middle = (token.left + token.right) / 2
    return next((c for c in columns if c.left <= middle < c.right), columns[-1])


def _runs(row: Row) -> Iterator[list[Token]]:
    """Words parted by no more than a blank."""
    run: list[Token] = []
    for token in row.tokens:
        if run and token.left - run[-1].right > _BLANK * max(4.0, token.height):
            yield run
            run = []
        run.append(token)
    if run:
        yield run
