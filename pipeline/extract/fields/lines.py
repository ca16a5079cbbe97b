"""Invoice lines (BG-25): one per amount in the line table, with the rows of text that belong to it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice

from pipeline.extract.candidates import Candidate, Document, FieldGroup, Found, RowCandidate
from pipeline.extract.layout import Row, Token, overlap
from pipeline.extract.printed import Printed
from pipeline.extract.tables import BodyRow, LineTable
from pipeline.extract.unheaded import unheaded_lines
from pipeline.extract.values import parse_amount, parse_rate, plain

MAX_LINES = 1_000

_AMOUNTS = ("net_amount", "gross_amount")
_TOLERANCE = Decimal("0.011")
_LOOSE_TEXT_GAP = 2.0
_MAX_DESCRIPTION_WORDS = 60


@dataclass(slots=True)
class _Line:
    """A line while it is put together."""

    anchor: BodyRow
    tokens: dict[str, list[Token]] = field(default_factory=dict)
    last_row: Row | None = None


def _find(document: Document) -> Found:
    table, printed = document.table, document.printed
    headed = _headed(printed, table)
    return Found(lines=headed or list(islice(unheaded_lines(printed), MAX_LINES)))


FIELD = FieldGroup(name="lines", keys=(), find=_find)


def _headed(printed: Printed, table: LineTable) -> list[RowCandidate]:
    """The lines of the table that a heading names."""
    if not table.columns:
        return []
    lines = _assembled(printed, table)
    has_quantity = any(column.kind == "quantity" for column in table.columns)
    return [
        candidate
        for line in lines[:MAX_LINES]
        if (candidate := _made(line, printed.decimal_mark, has_quantity=has_quantity))
    ]


# --- which rows make a line -------------------------------------------------------------------------------


def _assembled(printed: Printed, table: LineTable) -> list[_Line]:
    amount_kind = next((k for k in _AMOUNTS if any(c.kind == k for c in table.columns)), None)
    if amount_kind is None:
        return []
    body = [row for row in table.body if not _is_furniture(printed, row)]
    anchors = [_is_anchor(printed, row, amount_kind) for row in body]
    lines: list[_Line] = []
    pending: list[BodyRow] = []
    closed = False
    for index, row in enumerate(body):
        if anchors[index]:
            line = _Line(row)
            _take(line, row)
            for earlier in reversed(_just_above(row.row, pending)):
                _take(line, earlier, in_front=True)
            pending = []
            lines.append(line)
            closed = False
        elif _is_total(printed, row):
            closed, pending = True, []
        elif lines and not closed and not _belongs_below(body, anchors, index, lines[-1]):
            last = lines[-1].last_row
            if last and last.page == row.row.page and row.row.top - last.bottom > _gap_limit(row.row):
                closed = not any(anchors[index:])
                if not closed:
                    pending.append(row)
                continue
            _take(lines[-1], row)
        else:
            pending.append(row)
            del pending[:-4]
    return lines


def _just_above(row: Row, pending: Sequence[BodyRow]) -> list[BodyRow]:
    """The rows that stand right above a line: text that a page end or a gap parts from it is not its."""
    near: list[BodyRow] = []
    below = row
    for earlier in reversed(pending):
        if earlier.row.page != row.page or below.top - earlier.row.bottom > _gap_limit(row):
            break
        near.insert(0, earlier)
        below = earlier.row
    return near


def _gap_limit(row: Row) -> float:
    return _LOOSE_TEXT_GAP * max(4.0, row.bottom - row.top)


def _is_furniture(printed: Printed, row: BodyRow) -> bool:
    """Page numbers and the like between the rows of a table that runs on."""
    labels = printed.labels.get(row.row.index, ())
    text = row.row.text.lower()
    return bool(labels) and bool(re.match(r"(page|pagina|seite|blatt|pág|pag)\b.{0,20}$", text))


def _is_anchor(printed: Printed, row: BodyRow, amount_kind: str) -> bool:
    cell = row.cells.get(amount_kind, ())
    if not cell or _amount_in(cell, printed.decimal_mark) is None or _is_total(printed, row):
        return False
    others = [k for k in row.cells if k not in (amount_kind, "other")]
    if any(
        k in ("quantity", "unit_price") and _amount_in(row.cells[k], printed.decimal_mark) for k in others
    ):
        return True
    named = [t for k in ("description", "item_id") for t in row.cells.get(k, ())]
    amounts = printed.amounts.get(row.row.index, ())
    return bool(named) and any(m.value.is_money for m in amounts)


def _is_total(printed: Printed, row: BodyRow) -> bool:
    """A subtotal inside the table, or a discount or charge on the line above."""
    keys = {"total_net", "total_gross", "total_vat", "amount_due", "total_allowance", "total_charge"}
    for label in printed.labels.get(row.row.index, ()):
        named = keys & label.keys.keys()
        if not named:
            continue
        starts_cell = any(s.tokens[0] is label.tokens[0] for s in row.row.segments)
        only_text = [t for t in row.row.tokens if any(c.isalpha() for c in t.text)]
        if starts_cell and len(only_text) <= (label.end - label.start) + 2:
            return True
    return False


def _belongs_below(body: Sequence[BodyRow], anchors: Sequence[bool], index: int, line: _Line) -> bool:
    """Text in front of its line: nearer to the amount below than to what is above."""
    if index + 1 >= len(body) or not anchors[index + 1]:
        return False
    row, below = body[index].row, body[index + 1].row
    above = line.last_row
    if above is None or above.page != row.page or below.page != row.page:
        return False
    gap_above, gap_below = row.middle - above.middle, below.middle - row.middle
    return gap_below < 0.75 * gap_above


def _take(line: _Line, row: BodyRow, *, in_front: bool = False) -> None:
    for kind, tokens in row.cells.items():
        known = line.tokens.setdefault(kind, [])
        if row is not line.anchor and kind in (
            "net_amount",
            "gross_amount",
            "unit_price",
            "vat_rate",
            "discount",
        ):
            if not known:
                known.extend(tokens)
            elif any(t.text[:1].isalpha() for t in tokens):
                line.tokens.setdefault("description", []).extend(tokens)
            continue
        if in_front:
            known[:0] = tokens
        else:
            known.extend(tokens)
    line.last_row = row.row if not in_front else line.last_row


# --- the cells of a line ----------------------------------------------------------------------------------


def _made(line: _Line, mark: str | None, *, has_quantity: bool) -> RowCandidate | None:
    cells: dict[str, Candidate] = {}

    def put(key: str, value: str, tokens: Iterable[Token], score: float) -> None:
        cells[key] = Candidate(key, value, tuple(tokens), score)

    net = _amount_in(line.tokens.get("net_amount") or line.tokens.get("gross_amount") or [], mark)
    if net is None:
        return None
    put("net_amount", plain(net[0], 2), net[1], 0.8)
    price = _amount_in(line.tokens.get("unit_price", []), mark)
    quantity = _quantity_in(line.tokens.get("quantity", []), mark)
    if price:
        put("unit_price", plain(price[0], 2), price[1], 0.8)
    if quantity:
        put("quantity", plain(quantity[0]), quantity[1], 0.8)
        if quantity[2]:
            put("unit", " ".join(t.text for t in quantity[2]), quantity[2], 0.7)
    if unit := [t for t in line.tokens.get("unit", []) if any(c.isalpha() for c in t.text)]:
        unit = [t for t in unit[:3] if _is_beside(unit[0], t)]
        put("unit", " ".join(t.text for t in unit), unit, 0.7)
    if rate := _rate_in(line.tokens.get("vat_rate", []), mark):
        put("vat_rate", plain(rate[0]), rate[1], 0.8)
    discount = _rate_in(line.tokens.get("discount", []), mark)
    if discount and discount[0] and "%" in "".join(t.text for t in line.tokens["discount"]):
        put("discount_percent", plain(discount[0]), discount[1], 0.7)
    if price and not quantity and has_quantity:
        count = _implied_quantity(net[0], price[0], discount[0] if discount else None)
        if count is not None:
            put("quantity", plain(count), line.tokens.get("quantity", [])[:1], 0.55)
    _name(line, cells)
    _from_sentence(cells, mark)
    _check(cells)
    return RowCandidate(cells)


def _amount_in(tokens: Sequence[Token], mark: str | None) -> tuple[Decimal, list[Token]] | None:
    """The amount a cell prints, with the fewest words around it left out."""
    for end in range(len(tokens), 0, -1):
        for start in range(max(0, end - 4), end):
            chosen = list(tokens[start:end])
            text = " ".join(t.text for t in chosen).strip(" :*")
            value = parse_amount(text, mark)
            if value is not None and any(c.isdigit() for c in text):
                return value, chosen
    return None


def _quantity_in(
    tokens: Sequence[Token], mark: str | None
) -> tuple[Decimal, list[Token], list[Token]] | None:
    """A count, and the unit printed behind it ("5 stuks", "24.00 kg")."""
    for index, token in enumerate(tokens):
        value = parse_amount(token.text.strip("x×*:"), mark)
        if value is not None:
            words = [t for t in tokens[index + 1 : index + 3] if re.match(r"[^\W\d_]", t.text)]
            named = [t for t in words[:1] if _is_beside(token, t) or _is_below(token, t)]
            return value, [token], named + [t for t in words[1:] if named and _is_beside(named[0], t)]
        glued = re.fullmatch(r"(\d+(?:[.,]\d+)?)([^\W\d_]{1,8}\.?)", token.text)
        if glued and (number := parse_amount(glued[1], mark)) is not None:
            return number, [token], []
    return None


def _is_beside(token: Token, other: Token) -> bool:
    return token.page == other.page and abs(token.middle - other.middle) < 0.5 * token.height


def _is_below(token: Token, other: Token) -> bool:
    apart = other.middle - token.middle
    shared = overlap(token.left, token.right, other.left, other.right)
    return token.page == other.page and 0 < apart < 2.2 * token.height and shared > 0


def _implied_quantity(net: Decimal, price: Decimal, discount: Decimal | None) -> Decimal | None:
    """The count that price and line amount give, where the count itself could not be read."""
    factor = (100 - (discount or Decimal(0))) / 100
    if not price or not factor:
        return None
    count = (net / (price * factor)).quantize(Decimal("0.01")).normalize()
    return count if count > 0 and abs(count * price * factor - net) <= _TOLERANCE else None


def _rate_in(tokens: Sequence[Token], mark: str | None) -> tuple[Decimal, list[Token]] | None:
    for index, token in enumerate(tokens):
        if any(c.isdigit() for c in token.text):
            rate = parse_rate(token.text.strip("()*;:"), mark)
            if rate is not None:
                with_sign = [token]
                if "%" not in token.text and index + 1 < len(tokens) and tokens[index + 1].text == "%":
                    with_sign.append(tokens[index + 1])
                return rate, with_sign
    return None


_ITEM_IN_TEXT = re.compile(
    r"(?:sku|art(?:ikel)?|item|product|ref|réf|code|gtin|ean|mpn|p/?n)[-.]*(?:nr|no|nummer|number|code|id)?\.?:$",
    re.IGNORECASE,
)


def _name(line: _Line, cells: dict[str, Candidate]) -> None:
    """Description and item number; a number in brackets or after "SKU:" is one too."""
    described = line.tokens.get("description", [])
    item = [t for t in line.tokens.get("item_id", []) if t.text.strip("()[]")]
    if not described and item:
        described, item = item, []
    codes = [t for t in item if any(c.isdigit() for c in t.text)]
    if codes:
        first = codes[0]
        same_row = [t for t in item if abs(t.middle - first.middle) < 0.5 * first.height]
        chosen = same_row if len(same_row) <= 2 else [first]
        cells["item_id"] = Candidate("item_id", " ".join(t.text for t in chosen), tuple(chosen), 0.75)
    elif item and len(item) <= 3 and line.tokens.get("description"):
        same_row = [t for t in item if abs(t.middle - item[0].middle) < 0.5 * item[0].height]
        value = " ".join(t.text for t in same_row)
        cells["item_id"] = Candidate("item_id", value, tuple(same_row), 0.5)
    for index, token in enumerate(described):
        bracketed = re.fullmatch(r"\[([\w./-]{2,30})\]", token.text)
        if bracketed and index == 0:
            cells.setdefault("item_id", Candidate("item_id", bracketed[1], (token,), 0.7))
        if _ITEM_IN_TEXT.match(token.text) and index + 1 < len(described):
            code = described[index + 1]
            is_standard = bool(re.match(r"gtin|ean", token.text, re.IGNORECASE))
            key = "item_standard_id" if is_standard else "item_id"
            if any(c.isdigit() for c in code.text):
                cells.setdefault(key, Candidate(key, code.text.strip(".,;"), (code,), 0.7))
    words = described[:_MAX_DESCRIPTION_WORDS]
    if words:
        cells["description"] = Candidate("description", " ".join(t.text for t in words), tuple(words), 0.8)


def _from_sentence(cells: dict[str, Candidate], mark: str | None) -> None:
    """Quantity, unit and price printed inside the description: "10 stuks Kabel à € 35,00"."""
    described = cells.get("description")
    if described is None or "quantity" in cells or "unit_price" in cells:
        return
    tokens = described.tokens
    marks = [i for i, t in enumerate(tokens) if t.text in ("à", "á", "a", "@", "x", "×")]
    if len(tokens) < 4 or not marks or marks[-1] < 2:
        return
    price = _amount_in(tokens[marks[-1] + 1 :], mark)
    quantity = parse_amount(tokens[0].text, mark)
    if price is None or quantity is None:
        return
    net = Decimal(cells["net_amount"].value)
    if abs(abs(price[0] * quantity) - abs(net)) > _TOLERANCE:
        return
    cells["unit_price"] = Candidate("unit_price", plain(price[0], 2), tuple(price[1]), 0.8)
    cells["quantity"] = Candidate("quantity", plain(quantity), (tokens[0],), 0.8)
    cells["unit"] = Candidate("unit", tokens[1].text, (tokens[1],), 0.6)
    rest = tokens[2 : marks[-1]]
    if rest:
        cells["description"] = Candidate("description", " ".join(t.text for t in rest), rest, 0.8)


def _check(cells: dict[str, Candidate]) -> None:
    """Quantity times price less discount is the line amount (BR-CO-04): it confirms all three."""
    if not {"quantity", "unit_price", "net_amount"} <= cells.keys():
        return
    quantity, price, net = (Decimal(cells[k].value) for k in ("quantity", "unit_price", "net_amount"))
    discount = Decimal(cells["discount_percent"].value) if "discount_percent" in cells else Decimal(0)
    full = quantity * price
    agrees = any(abs(abs(x) - abs(net)) <= _TOLERANCE for x in (full, full * (100 - discount) / 100))
    keys = ["quantity", "unit_price", "net_amount"] + (["discount_percent"] if discount else [])
    for key in keys:
        known = cells[key]
        score = 0.97 if agrees else 0.6
        cells[key] = Candidate(key, known.value, known.tokens, score)
