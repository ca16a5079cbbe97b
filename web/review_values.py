"""How the values of a document look to a user: formatted, with state, reason and origin in words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from pipeline.workflow.review_view import LINE_COLUMNS, FieldState, FieldView, LineView, Reason
from web.view import DeskContext

COLUMNS = tuple(column for column in LINE_COLUMNS if column not in ("type", "discount_percent"))
DATES = frozenset({"issue_date", "due_date", "posting_date", "delivery_date"})
IBANS = frozenset({"payment_iban", "seller.iban"})
AMOUNTS = frozenset({"net_amount", "net", "vat"})
LINE_NAME = re.compile(r"line (\d+)(?: (\w+))?$")


@dataclass(frozen=True, slots=True)
class FieldScreen:
    """One value as shown. `state` is a FieldState; `line_no` and `column` are set for a cell of the lines."""

    key: str
    label: str
    value: str
    state: str
    word: str
    why: str
    percent: str
    printed: str | None
    origin: str
    page: int | None
    box: list[float] | None
    on_paper: bool
    is_open: bool
    note: str = ""
    kind: str = "text"
    lookup: str | None = None
    line_no: int | None = None
    column: str | None = None
    code: str = ""
    candidates: tuple[dict[str, object], ...] = ()

    @property
    def dom_id(self) -> str:
        """An id for labels: dots are not wanted in selectors."""
        return "f-" + self.key.replace(".", "-")

    @property
    def is_right(self) -> bool:
        """Whether the value stands at the right edge, as numbers do."""
        return self.kind in ("amount", "price", "quantity", "percent")

    @property
    def mark(self) -> str:
        """The state shown by colour. Colour is a to-do: a doubt that counts for nothing has none."""
        is_doubt = self.state in (FieldState.CHECK, FieldState.MISSING)
        return FieldState.SURE.value if is_doubt and not self.is_open else self.state

    def as_json(self) -> dict[str, object]:
        """What the scripts of the page need of it."""
        return {
            "key": self.key,
            "label": self.label,
            "value": self.value,
            "state": self.state,
            "mark": self.mark,
            "word": self.word,
            "why": self.why,
            "percent": self.percent,
            "printed": self.printed,
            "origin": self.origin,
            "page": self.page,
            "box": self.box,
            "on_paper": self.on_paper,
            "candidates": list(self.candidates),
        }


@dataclass(frozen=True, slots=True)
class LineScreen:
    """One row of the grid: its cells in the order of the columns, and the word at its end."""

    line_no: int
    cells: tuple[FieldScreen, ...]
    mark: str
    mark_state: str
    ground: str


class ValueWords:
    """Says the values of one document to one user. `has_paper`: the page is drawn from the values."""

    def __init__(self, desk: DeskContext, has_paper: bool) -> None:
        self._desk = desk
        self._has_paper = has_paper

    def field(
        self,
        field: FieldView,
        *,
        label: str,
        note: str = "",
        lookup: str | None = None,
        value: str | None = None,
        line_no: int | None = None,
        column: str | None = None,
    ) -> FieldScreen:
        """One value as the form, the grid and the source strip show it."""
        kind = kind_of(field.key)
        state = "empty" if _is_just_empty(field) else field.state.value
        return FieldScreen(
            key=field.key,
            label=label,
            value=self.shown(kind, field.value) if value is None else value,
            state=state,
            word=self._desk.text(f"review.state.{state}"),
            why=self._why(field),
            percent=self._percent(field),
            printed=field.printed,
            origin=self._origin(field),
            page=field.page,
            box=field.box.as_list() if field.box else None,
            on_paper=field.box is None and field.path is not None and self._has_paper,
            is_open=field.is_open,
            note=note,
            kind=kind,
            lookup=lookup,
            line_no=line_no,
            column=column,
            code=field.value or "",
            candidates=tuple(
                {
                    "value": self.shown(kind, candidate.value),
                    "evidence": None
                    if candidate.box is None
                    else {
                        "page": candidate.page,
                        "box": candidate.box.as_list(),
                        "printed": candidate.printed or candidate.value,
                    },
                }
                for candidate in field.candidates
            ),
        )

    def label(self, key: str) -> str:
        """What the form calls a header field."""
        return self._desk.text(f"review.field.{key.replace('.', '_')}")

    def shown(self, kind: str, value: str | None) -> str:
        """A stored value as the user writes it."""
        if value is None or value == "":
            return ""
        formats = self._desk.formats
        try:
            if kind == "date":
                return formats.date(date.fromisoformat(value))
            if kind == "amount":
                return formats.amount(Decimal(value))
            if kind == "price":
                return formats.amount(Decimal(value).normalize())
            if kind in ("quantity", "percent"):
                return formats.quantity(Decimal(value))
        except (ValueError, InvalidOperation):
            return value
        return formats.iban(value) if kind == "iban" else value

    def _why(self, field: FieldView) -> str:
        if field.reason is not None:
            return self.reason(field.reason)
        if field.path:
            return self._desk.text("review.why.einvoice", path=field.path)
        if field.value is None:
            return self._desk.text("review.why.empty")
        return self._desk.text(f"review.why.{field.state}")

    def reason(self, reason: Reason) -> str:
        """A reason as a sentence; fields in it by the name the form gives them."""
        values = dict(reason.values)
        if isinstance(values.get("field"), str):
            values["field"] = self.name_of(str(values["field"]))
        return self._desk.text(reason.key, **values)

    def _percent(self, field: FieldView) -> str:
        if field.confidence is not None and field.box is not None:
            return self._desk.text("review.read_percent", percent=f"{field.confidence:.0%}")
        return self._desk.text("review.from_einvoice" if field.path else "review.not_on_page")

    def _origin(self, field: FieldView) -> str:
        if field.path:
            return self._desk.text("review.origin.einvoice")
        if field.state is FieldState.PROPOSED:
            return self._desk.text("review.origin.proposed")
        if field.state is FieldState.CONFIRMED:
            return self._desk.text("review.origin.entered")
        return self._desk.text("review.origin.not_on_document")

    def line(self, line: LineView) -> LineScreen:
        """One row of the grid."""
        cells = tuple(self._cell(line, column) for column in COLUMNS)
        state, mark = self._line_mark(line, cells)
        return LineScreen(line.line_no, cells, mark, state, self.reason(line.ground) if line.ground else "")

    def _cell(self, line: LineView, column: str) -> FieldScreen:
        field = line.cells[column]
        label = self._desk.text(
            "review.line_field", line=line.line_no, column=self._desk.text(f"review.column.{column}")
        )
        if column != "no":
            return self.field(field, label=label, line_no=line.line_no, column=column)
        name = line.name and self._desk.in_language(line.name, line.name_nl)
        named = " ".join(part for part in (line.no, name) if part)
        if line.type == "account" and line.no:
            named = self._desk.text("review.gl_account", named=named)
        return self.field(
            field, label=label, line_no=line.line_no, column=column, lookup="coding", value=named
        )

    def _line_mark(self, line: LineView, cells: Sequence[FieldScreen]) -> tuple[str, str]:
        if line.type is None:
            return "note", self._desk.text("review.mark.waits")
        if line.type == "comment":
            return "note", self._desk.text("review.mark.comment")
        worst = [cell for cell in cells if cell.is_open]
        if worst:
            column = worst[0].column or "no"
            state = "stop" if any(cell.state == FieldState.STOPPED for cell in worst) else "check"
            return state, self._desk.text(f"review.column.{column}").lower()
        if any(cell.state == FieldState.PROPOSED for cell in cells):
            return "proposed", self._desk.text("review.mark.proposed")
        return "ok", self._desk.text("review.mark.ok")

    def name_of(self, key: str) -> str:
        """What a value is called in a sentence; the key itself if it has no name."""
        texts = self._desk.texts.texts
        name = f"review.field.{key.replace('.', '_')}"
        if name in texts:
            return texts[name]
        edited = LINE_NAME.match(key)
        if edited:
            column = texts.get(f"review.column.{edited[2]}", edited[2] or "")
            named = self._desk.text("review.line_field", line=edited[1], column=column)
            return named.removesuffix(", ")
        group, _, column = key.rpartition(".")
        index = group.rpartition(".")[2]
        if not index.isdigit():
            return key
        if group.startswith("vat_breakdown."):
            return self._desk.text("review.field.total_vat")
        named = texts.get(f"review.column.{column}", column)
        return self._desk.text("review.line_field", line=int(index) + 1, column=named)


def _is_just_empty(field: FieldView) -> bool:
    """Whether the document simply does not have this, and need not: no doubt, nothing to do."""
    return field.state is FieldState.MISSING and not field.is_open and not field.read_value


def kind_of(key: str) -> str:
    """What sort of value a key holds, which decides how it is written."""
    last = key.rsplit(".", 1)[-1]
    if key in DATES:
        return "date"
    if key in IBANS:
        return "iban"
    if key.startswith("total_") or last in AMOUNTS or key in ("paid_amount", "amount_due"):
        return "amount"
    kinds = {"unit_price": "price", "quantity": "quantity", "vat_rate": "percent", "rate": "percent"}
    return kinds.get(last, "text")
