"""How lists of purchase documents look: tabs with counts, columns that follow the view, pages of rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from fastapi.responses import Response

from core.master.company import get_company
from core.master.rights import Right
from core.money import ZERO
from core.reports.purchase_lists import PurchaseList, PurchaseRow
from core.work import Work
from web.errors import not_found
from web.view import DeskContext

ROWS = 60
View = TypeVar("View", bound=StrEnum)

STATUS_SHAPES = {
    "open": "todo",
    "pending_approval": "wait",
    "released": "done",
    "posted": "done",
    "undone": "park",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of a row. `place` says where it stands on a phone; `shape` marks a status word."""

    text: str = ""
    place: str = ""
    path: str = ""
    is_right: bool = False
    is_late: bool = False
    shape: str = ""
    share: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class RowView:
    """One document as the table shows it."""

    path: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class ListKind:
    """What differs between the lists: texts, address, who may make one, and the columns of a view."""

    key: str
    path: str
    creates: Right | None
    columns: Callable[[str], Sequence[str]]
    path_of: Callable[[str, PurchaseRow], str]


def show_list(
    desk: DeskContext,
    kind: ListKind,
    views: type[View],
    *,
    asked: str,
    search: str,
    page: int,
    count: Callable[[Work], Mapping[View, int]],
    read: Callable[[Work, View, str, int, int], PurchaseList],
) -> Response:
    """The page of one list; an unknown view is not found."""
    if asked and asked not in [each.value for each in views]:
        raise not_found(asked)
    view = views(asked) if asked else next(iter(views))
    page = max(1, page)
    with desk.reading() as work:
        counted = count(work)
        listed = read(work, view, search, ROWS, (page - 1) * ROWS)
        currency = get_company(work).local_currency
    columns = kind.columns(view.value)
    return desk.render(
        "purchase_list.html",
        kind=kind,
        view=view.value,
        views=[(each.value, counted[each]) for each in views],
        columns=[(name, name in RIGHT) for name in columns],
        rows=[
            _row(desk, kind, row, view=view.value, columns=columns, currency=currency) for row in listed.rows
        ],
        total=listed.total,
        search=search,
        page=page,
        has_more=page * ROWS < listed.total,
        currency=currency,
    )


def _row(
    desk: DeskContext, kind: ListKind, row: PurchaseRow, *, view: str, columns: Sequence[str], currency: str
) -> RowView:
    path = kind.path_of(view, row)
    made = {
        "no": Cell(row.number, "m-sub", path),
        "vendor": _vendor(desk, row),
        "reference": Cell(row.reference or "–"),
        "order": Cell(row.reference or "–"),
        "total": Cell(
            desk.formats.amount(row.total_gross),
            "m-right",
            is_right=True,
            note="" if row.currency_code in (None, currency) else str(row.currency_code),
        ),
        "received": _share(row.received, row.quantity, desk),
        "invoiced": _share(row.invoiced, row.quantity, desk),
        "quantity": Cell(desk.formats.quantity(row.quantity), "m-right", is_right=True),
        "status": Cell(desk.text(f"card.status_{row.status}"), "m-subr", shape=STATUS_SHAPES[row.status]),
        "billing": _billing(desk, row),
        "use": _use(desk, row),
    }
    day = Cell(desk.formats.short_date(row.day), is_late=row.is_late, note=_late(desk, row))
    return RowView(path, tuple(made.get(name, day) for name in columns))


RIGHT = frozenset({"total", "quantity"})


def _vendor(desk: DeskContext, row: PurchaseRow) -> Cell:
    path = f"/vendors/{row.vendor_no}" if row.vendor_no and desk.may(Right.VENDOR_READ) else ""
    return Cell(row.vendor_name, "m-title clip", path)


def _share(part: Decimal, whole: Decimal, desk: DeskContext) -> Cell:
    share = 0 if whole == ZERO else int(100 * part / whole)
    return Cell(desk.formats.percent(Decimal(share)), share=min(share, 100))


def _late(desk: DeskContext, row: PurchaseRow) -> str:
    return desk.text("purchases.late") if row.is_late else ""


def _billing(desk: DeskContext, row: PurchaseRow) -> Cell:
    if row.status == "undone":
        return Cell(desk.text("purchases.undone"), "m-subr", shape="park")
    if row.is_open:
        return Cell(desk.text("purchases.not_invoiced"), "m-subr", shape="todo")
    return Cell(desk.text("purchases.invoiced_all"), "m-subr", shape="done")


def _use(desk: DeskContext, row: PurchaseRow) -> Cell:
    if row.is_open is None:
        return Cell(desk.text(f"card.status_{row.status}"), "m-subr", shape=STATUS_SHAPES[row.status])
    key = "not_applied" if row.is_open else "applied"
    return Cell(desk.text(f"purchases.{key}"), "m-subr", shape="todo" if row.is_open else "done")
