"""The table of invoice lines, with or without rulings, over as many pages as it needs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from reportlab.pdfbase import pdfmetrics

from inkoop.samples.sheet import Align, Part, Sheet, Value

Rulings = Literal["none", "head", "rows", "grid"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the line key it prints, the label over it, and its edges in points."""

    field: str
    left: float
    right: float
    align: Align = "left"
    label: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """How a table looks. Sizes in points; `band` colours the heading, `zebra` every other row."""

    rulings: Rulings = "head"
    size: float = 8.5
    leading: float = 10.5
    padding: float = 4
    is_band: bool = False
    is_zebra: bool = False
    rule_colour: str = "#888888"
    shows_percent: bool = True


def draw_lines(
    sheet: Sheet,
    top: float,
    columns: Sequence[Column],
    look: Look,
    *,
    bottom: float,
    next_page: Callable[[], float],
) -> float:
    """Draw all lines of the invoice from `top` on; below `bottom` the table goes on on the next page.

    `next_page` finishes the page, begins a new one and returns the top there. Returns the y below the table.
    A column for which no line has a value is left out; the description takes its room when it stands beside.
    """
    columns = _needed(sheet, columns)
    y = start = heading(sheet, top, columns, look)
    for index in range(len(sheet.invoice.lines)):
        height = _row_height(sheet, columns, look, index)
        if y + height > bottom:
            _close(sheet, columns, look, start, y)
            y = start = heading(sheet, next_page(), columns, look)
        _row(sheet, y, columns, look, index)
        y += height
    _close(sheet, columns, look, start, y)
    return y


def _needed(sheet: Sheet, columns: Sequence[Column]) -> list[Column]:
    needed: list[Column] = []
    room_from: float | None = None
    for column in columns:
        if not any(sheet.has(f"lines.{i}.{column.field}") for i in range(len(sheet.invoice.lines))):
            room_from = column.left
            continue
        if room_from is not None and column.field == "description":
            needed.append(replace(column, left=room_from))
        else:
            needed.append(column)
        room_from = None
    return needed


def heading(sheet: Sheet, top: float, columns: Sequence[Column], look: Look) -> float:
    """Draw the heading of a table. Returns the y below it."""
    height = look.leading + 2 * look.padding
    left, right = columns[0].left, columns[-1].right
    if look.is_band:
        sheet.fill(left - 3, top, right - left + 6, height, colour=sheet.accent)
    for column in columns:
        text = sheet.label(column.label or column.field)
        size = look.size
        while (
            pdfmetrics.stringWidth(text, sheet.font.bold, size) > column.right - column.left - 1 and size > 5
        ):
            size -= 0.25
        colour = "#FFFFFF" if look.is_band else "#1A1A1A"
        baseline = top + look.padding + look.leading - 2.5
        sheet.text(
            _at(column), baseline, text, size=size, face=sheet.font.bold, colour=colour, align=column.align
        )
    if look.rulings == "grid":
        sheet.rule(left - 3, top, right + 3, colour=look.rule_colour)
    if look.rulings != "none":
        sheet.rule(left - 3, top + height, right + 3, 0.8, look.rule_colour)
    return top + height


def _row(sheet: Sheet, y: float, columns: Sequence[Column], look: Look, index: int) -> None:
    height = _row_height(sheet, columns, look, index)
    left, right = columns[0].left, columns[-1].right
    if look.is_zebra and index % 2:
        sheet.fill(left - 3, y, right - left + 6, height, colour=sheet.tint)
    baseline = y + look.padding + look.leading - 2.5
    for column in columns:
        key = f"lines.{index}.{column.field}"
        if column.field == "description":
            lines = _description(sheet, column, look, index)
            sheet.block(column.left, baseline, [key], lines, leading=look.leading, size=look.size)
        else:
            parts: tuple[Part, ...] = (Value((key,)),)
            if column.field in ("vat_rate", "discount_percent") and look.shows_percent and sheet.has(key):
                parts = sheet.rate(key)
            sheet.text(_at(column), baseline, *parts, size=look.size, align=column.align)
    if look.rulings in ("rows", "grid"):
        sheet.rule(left - 3, y + height, right + 3, 0.3, look.rule_colour)


def _row_height(sheet: Sheet, columns: Sequence[Column], look: Look, index: int) -> float:
    count = 1
    for column in columns:
        if column.field == "description":
            count = len(_description(sheet, column, look, index))
    return count * look.leading + 2 * look.padding


def _description(sheet: Sheet, column: Column, look: Look, index: int) -> list[str]:
    text = sheet.invoice.lines[index].description
    return sheet.wrap(text, column.right - column.left, sheet.font.regular, look.size)


def _close(sheet: Sheet, columns: Sequence[Column], look: Look, top: float, bottom: float) -> None:
    """The frame and the vertical rulings of the part of a table that stands on one page."""
    left, right = columns[0].left - 3, columns[-1].right + 3
    if look.rulings != "grid":
        if look.rulings == "head":
            sheet.rule(left, bottom, right, 0.8, look.rule_colour)
        return
    top -= look.leading + 2 * look.padding
    edges = [left, *[(a.right + b.left) / 2 for a, b in pairwise(columns)], right]
    for x in edges:
        sheet.stroke(x, top, x, bottom, width=0.3, colour=look.rule_colour)


def _at(column: Column) -> float:
    return {
        "left": column.left,
        "right": column.right,
        "center": (column.left + column.right) / 2,
    }[column.align]
