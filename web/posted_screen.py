"""From ledger to pixel: every entry of a posted invoice with the place on the page its amount came from.

An amount of a line leads to the line's amount on the page; VAT to the document's VAT of that rate; what is
owed to the total. What the document does not print is said to be worked out, and what from is ringed instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.ledgers.find import FoundEntries
from core.ledgers.general import GLEntry
from core.ledgers.vendor import VendorEntry
from core.money import ZERO
from core.purchasing.posted import PostedDocument, PostedLine
from pipeline.workflow.review_view import FieldView, ReviewView
from web.view import DeskContext

TOTAL_KEYS = ("total_gross", "amount_due")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an amount stands on the page: the keys to ring, and what is said of it."""

    keys: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of a row; numbers stand at the right."""

    text: str
    is_right: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One entry or line. `name` is how an address names it: `12` for a G/L entry, `vat-3` for others."""

    name: str
    cells: tuple[Cell, ...]
    origin: Origin


@dataclass(frozen=True, slots=True)
class Section:
    """One ledger: its entries, how many, and what they come to."""

    key: str
    title: str
    headings: tuple[Cell, ...]
    rows: tuple[Row, ...]
    totals: tuple[Cell, ...] = ()

    @property
    def count(self) -> int:
        """How many entries there are."""
        return len(self.rows)


class Evidence:
    """What is known of the page: which values have a place on it."""

    def __init__(self, desk: DeskContext, document: PostedDocument, view: ReviewView | None) -> None:
        self._desk = desk
        self._document = document
        self._fields: dict[str, FieldView] = {} if view is None else _all_fields(view)
        self._rates: dict[Decimal, str] = {}
        for group in view.vat_groups if view else ():
            if group.stated_vat is not None:
                self._rates.setdefault(group.rate, group.stated_vat.key)
        self._lines = {line.line_no: line for line in document.lines}

    def of_line(self, line_no: int | None, column: str = "net_amount") -> Origin:
        """The place of a line's value."""
        line = self._lines.get(line_no or 0)
        if line is None or line.source_ref is None:
            return Origin((), self._text("posted.origin.no_line"))
        if line.source_ref.startswith("lines."):
            key = f"{line.source_ref}.{column}"
        elif line.source_ref.startswith("vat_"):
            key = f"{line.source_ref}.net"
        else:
            key = line.source_ref
        if self._is_shown(key):
            return self._printed(key)
        return Origin(self._parts(line), self._text("posted.origin.line", line=line.line_no))

    def of_vat(self, identifier: str | None) -> Origin:
        """The place of the VAT of one rate; where it is not printed, of what it was worked out from."""
        members = [line for line in self._document.lines if line.vat_identifier == identifier and line.net]
        rates = {line.vat_percent for line in members}
        for rate in rates:
            key = self._rates.get(rate.normalize(), "")
            if self._is_shown(key):
                return self._printed(key)
        if len({line.vat_identifier for line in self._document.lines if line.vat}) <= 1 and self._is_shown(
            "total_vat"
        ):
            return self._printed("total_vat")
        formats = self._desk.formats
        said = self._text(
            "posted.origin.vat",
            rate=", ".join(formats.percent(rate) for rate in sorted(rates)),
            base=formats.amount(sum((line.net for line in members), ZERO)),
        )
        return Origin(tuple(key for line in members for key in self._parts(line)), said)

    def of_total(self) -> Origin:
        """The place of what is owed."""
        for key in TOTAL_KEYS:
            if self._is_shown(key):
                return self._printed(key)
        parts = tuple(key for key in ("total_net", "total_vat") if self._is_shown(key))
        parts = parts or tuple(key for line in self._document.lines for key in self._parts(line))
        return Origin(parts, self._text("posted.origin.total"))

    def _parts(self, line: PostedLine) -> tuple[str, ...]:
        ref = line.source_ref or ""
        keys = (f"{ref}.net_amount", f"{ref}.quantity", f"{ref}.unit_price", f"{ref}.description")
        shown = [key for key in keys if self._is_shown(key)]
        if shown and shown[0].endswith(".net_amount"):
            return tuple(shown[:1])
        return tuple(key for key in shown if not key.endswith(".description")) or tuple(shown)

    def _is_shown(self, key: str) -> bool:
        field = self._fields.get(key)
        return field is not None and (field.box is not None or field.path is not None)

    def _printed(self, key: str) -> Origin:
        field = self._fields[key]
        if field.box is None:
            return Origin((key,), self._text("posted.origin.einvoice", path=field.path or ""))
        text = self._text(
            "posted.origin.page", page=field.page or 1, printed=field.printed or field.value or ""
        )
        return Origin((key,), text)

    def _text(self, key: str, **values: object) -> str:
        return self._desk.text(key, **values)


class PostedScreen:
    """A posted invoice for one user."""

    def __init__(
        self,
        desk: DeskContext,
        document: PostedDocument,
        entries: FoundEntries,
        accounts: Mapping[str, str],
        view: ReviewView | None,
    ) -> None:
        self.desk = desk
        self.document = document
        self.entries = entries
        self._accounts = accounts
        self.evidence = Evidence(desk, document, view)

    @property
    def currency(self) -> str:
        """The currency the document's own amounts are in; empty is the company's."""
        return self.document.currency_code or ""

    @property
    def debit(self) -> Decimal:
        """Sum of the debits in the general ledger."""
        return _sum(entry.amount_lcy for entry in self.entries.general if entry.amount_lcy > 0)

    @property
    def credit(self) -> Decimal:
        """Sum of the credits in the general ledger, positive."""
        return -_sum(entry.amount_lcy for entry in self.entries.general if entry.amount_lcy < 0)

    @property
    def lines(self) -> Section:
        """The lines as posted."""
        amount, number = self.desk.formats.amount, self.desk.formats.quantity
        rows = tuple(
            Row(
                f"line-{line.line_no}",
                (
                    Cell(str(line.line_no)),
                    Cell(f"{line.no or ''} {self._accounts.get(line.no or '', '')}".strip()),
                    Cell(line.description),
                    Cell(number(line.quantity), True),
                    Cell(line.unit or ""),
                    Cell(amount(line.unit_cost.normalize()), True),
                    Cell(number(line.vat_percent), True),
                    Cell(amount(line.net), True),
                ),
                self.evidence.of_line(line.line_no),
            )
            for line in self.document.lines
        )
        return self._section(
            "lines",
            ("line", "account", "description", "quantity>", "unit", "price>", "vat>", "amount>"),
            rows,
            ("", "total", "", "", "", "", "", amount(self.document.total_net)),
        )

    @property
    def sections(self) -> list[Section]:
        """Every ledger that has entries of this document, each with its count and sum."""
        made = [self._general(), self._vat(), self._vendor(), self._detailed(), self._items(), self._values()]
        return [section for section in made if section.rows]

    def _general(self) -> Section:
        amount = self.desk.formats.amount
        rows = tuple(
            Row(
                str(entry.entry_no),
                (
                    Cell(str(entry.entry_no)),
                    Cell(f"{entry.account_no} {self._accounts.get(entry.account_no, '')}"),
                    Cell(entry.description),
                    Cell(amount(entry.amount_lcy) if entry.amount_lcy > 0 else "", True),
                    Cell(amount(-entry.amount_lcy) if entry.amount_lcy < 0 else "", True),
                ),
                self._origin_of(entry),
            )
            for entry in self.entries.general
        )
        totals = ("", "total", "", amount(self.debit), amount(self.credit))
        return self._section(
            "general", ("entry", "account", "description", "debit>", "credit>"), rows, totals
        )

    def _origin_of(self, entry: GLEntry) -> Origin:
        if entry.line_no is not None:
            return self.evidence.of_line(entry.line_no)
        if entry.vat_identifier is not None:
            return self.evidence.of_vat(entry.vat_identifier)
        return self.evidence.of_total()

    def _vat(self) -> Section:
        formats = self.desk.formats
        rows = tuple(
            Row(
                f"vat-{entry.entry_no}",
                (
                    Cell(str(entry.entry_no)),
                    Cell(entry.identifier),
                    Cell(formats.percent(entry.percent), True),
                    Cell(formats.amount(entry.base), True),
                    Cell(formats.amount(entry.amount), True),
                ),
                self.evidence.of_vat(entry.identifier),
            )
            for entry in self.entries.vat
        )
        totals = (
            "",
            "total",
            "",
            formats.amount(_sum(entry.base for entry in self.entries.vat)),
            formats.amount(_sum(entry.amount for entry in self.entries.vat)),
        )
        return self._section("vat", ("entry", "vat_group", "rate>", "base>", "vat_amount>"), rows, totals)

    def _vendor(self) -> Section:
        formats = self.desk.formats
        rows = tuple(
            Row(
                f"vendor-{entry.entry_no}",
                (
                    Cell(str(entry.entry_no)),
                    Cell(f"{entry.vendor_no} {self.document.vendor_name}"),
                    Cell(formats.date(entry.due_date)),
                    Cell(self.desk.text("posted.open" if entry.open else "posted.closed")),
                    Cell(formats.amount(self._owed(entry)), True),
                ),
                self.evidence.of_total(),
            )
            for entry in self.entries.vendor
        )
        totals = ("", "total", "", "", formats.amount(_sum(map(self._owed, self.entries.vendor))))
        return self._section("vendor", ("entry", "vendor", "due", "state", "amount>"), rows, totals)

    def _owed(self, entry: VendorEntry) -> Decimal:
        """What a vendor entry came to when it was written: its own detailed entries of this document."""
        return _sum(
            detail.amount_lcy for detail in self.entries.detailed if detail.vendor_entry_no == entry.entry_no
        )

    def _detailed(self) -> Section:
        amount = self.desk.formats.amount
        rows = tuple(
            Row(
                f"detailed-{entry.entry_no}",
                (
                    Cell(str(entry.entry_no)),
                    Cell(self.desk.text(f"posted.detail.{entry.kind}")),
                    Cell(str(entry.vendor_entry_no)),
                    Cell(entry.currency_code or ""),
                    Cell(amount(entry.amount_lcy), True),
                ),
                self.evidence.of_total(),
            )
            for entry in self.entries.detailed
        )
        totals = ("", "total", "", "", amount(_sum(entry.amount_lcy for entry in self.entries.detailed)))
        return self._section("detailed", ("entry", "kind", "opens", "currency", "amount>"), rows, totals)

    def _items(self) -> Section:
        number = self.desk.formats.quantity
        rows = tuple(
            Row(
                f"item-{entry.entry_no}",
                (
                    Cell(str(entry.entry_no)),
                    Cell(entry.item_no),
                    Cell(entry.description),
                    Cell(entry.unit or ""),
                    Cell(number(entry.quantity), True),
                ),
                self.evidence.of_line(entry.line_no, "quantity"),
            )
            for entry in self.entries.item
        )
        totals = ("", "total", "", "", number(_sum(entry.quantity for entry in self.entries.item)))
        return self._section("item", ("entry", "item", "description", "unit", "quantity>"), rows, totals)

    def _values(self) -> Section:
        formats = self.desk.formats
        rows = tuple(
            Row(
                f"value-{entry.entry_no}",
                (
                    Cell(str(entry.entry_no)),
                    Cell(entry.item_no),
                    Cell(entry.description),
                    Cell(formats.quantity(entry.valued_quantity), True),
                    Cell(formats.amount(entry.cost_actual), True),
                ),
                self.evidence.of_line(entry.line_no),
            )
            for entry in self.entries.value
        )
        totals = ("", "total", "", "", formats.amount(_sum(e.cost_actual for e in self.entries.value)))
        return self._section("value", ("entry", "item", "description", "quantity>", "cost>"), rows, totals)

    def _section(
        self, key: str, headings: Sequence[str], rows: tuple[Row, ...], totals: Sequence[str]
    ) -> Section:
        heads = tuple(
            Cell(self.desk.text(f"posted.column.{name.removesuffix('>')}"), name.endswith(">"))
            for name in headings
        )
        shown = tuple(
            Cell(self.desk.text("posted.total") if text == "total" else text, heads[at].is_right)
            for at, text in enumerate(totals)
        )
        return Section(key, self.desk.text(f"posted.section.{key}"), heads, rows, shown)


def find_row(screen: PostedScreen, name: str) -> Row | None:
    """The entry that an address names."""
    sections = [screen.lines, *screen.sections]
    return next((row for section in sections for row in section.rows if row.name == name), None)


def _all_fields(view: ReviewView) -> dict[str, FieldView]:
    fields = dict(view.fields)
    for group in view.vat_groups:
        for stated in (group.stated_net, group.stated_vat):
            if stated is not None:
                fields.setdefault(stated.key, stated)
    for line in view.lines:
        for cell in line.cells.values():
            fields[cell.key] = cell
    return fields


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, ZERO)
