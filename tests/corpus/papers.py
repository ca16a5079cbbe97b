"""Real documents of a corpus and what is known to be true of them, and the choice of one for a journey.

A folder is asked for a kind of document, never for a name: any folder of the corpus form will do.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from core.money import round_to
from inkoop.extract import extract_paths
from inkoop.samples.company import COMPANY, ITEMS, VENDORS, DemoItem
from inkoop.samples.demo import RATES

CORE = ("invoice_number", "issue_date", "total_net", "total_vat", "total_gross")
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class TrueLine:
    """One line as it is printed. `rate` is its VAT in per cent; `net` excludes VAT."""

    quantity: Decimal
    unit_price: Decimal | None
    net: Decimal
    rate: Decimal


@dataclass(frozen=True, slots=True)
class Paper:
    """A domestic invoice that its truth adds up for.

    `stock_line` is the index of the line to take into stock, `item` the demo item to take it in as.
    """

    path: Path
    vendor_name: str
    vat_id: str
    header: Mapping[str, str]
    lines: tuple[TrueLine, ...]
    stock_line: int
    item: DemoItem

    def amount(self, key: str) -> Decimal:
        """A total of the document."""
        return Decimal(self.header[key])


@dataclass(frozen=True, slots=True)
class Choice:
    """A paper, and what of its lines was read differently: key of the cell and the text to type."""

    paper: Paper
    corrections: tuple[tuple[str, str], ...]


class Unsuitable(Exception):
    """Why a document is not one for this journey."""


def choose(corpus: Path, scratch: Path) -> Choice:
    """The paper to walk through: its header is read right, and least of its lines must be typed.

    Short documents are looked at first; the first that is wholly right is taken.
    """
    papers, reasons = _suitable(corpus)
    best: Choice | None = None
    for paper in papers:
        try:
            choice = _compare(paper, _read(paper.path, scratch))
        except Unsuitable as reason:
            reasons.append(f"{paper.path.name}: {reason}")
            continue
        if not choice.corrections:
            return choice
        if best is None or len(choice.corrections) < len(best.corrections):
            best = choice
    assert best is not None, "no document of the folder suits the journey:\n" + "\n".join(reasons)
    return best


def _suitable(corpus: Path) -> tuple[list[Paper], list[str]]:
    papers, reasons = [], []
    for path in sorted((corpus / "born-digital").glob("*.pdf")):
        truth = corpus / "truth" / f"{path.stem}.json"
        try:
            papers.append(_paper(path, json.loads(truth.read_text("utf-8"))))
        except Unsuitable as reason:
            reasons.append(f"{path.name}: {reason}")
    return sorted(papers, key=lambda paper: (len(paper.lines), paper.path.name)), reasons


def _paper(path: Path, truth: Mapping[str, object]) -> Paper:
    """The document when it is one that the demo company could have got. Raises Unsuitable."""
    if truth.get("document_type", "invoice") != "invoice" or _text(truth.get("currency_code")) != "EUR":
        raise Unsuitable("no invoice in EUR")
    seller = truth.get("seller")
    name, vat_id = (
        _text(seller.get(key)) if isinstance(seller, dict) else None for key in ("name", "vat_id")
    )
    country = COMPANY.address.country_code
    if not vat_id or not vat_id.startswith(country) or vat_id in {vendor.vat_id for vendor in VENDORS}:
        raise Unsuitable(f"its seller is no unknown one of {country} with a VAT number")
    header = {key: text for key in CORE if (text := _text(truth.get(key)))}
    if len(header) < len(CORE):
        raise Unsuitable("a value of its header is not known for certain")
    lines = tuple(_lines(truth))
    _check_sums(header, lines)
    for index, line in enumerate(lines):
        for item in ITEMS:
            is_stock = item.type == "inventory" and RATES[item.vat_product_group] == line.rate
            if is_stock and line.quantity > 0 and line.unit_price:
                return Paper(path, name or vat_id, vat_id, header, lines, index, item)
    raise Unsuitable("no line can go into stock")


def _lines(truth: Mapping[str, object]) -> Iterator[TrueLine]:
    groups, rows = truth.get("vat_breakdown"), truth.get("lines")
    rates = [group.get("rate") for group in groups] if isinstance(groups, list) else []
    for row in rows if isinstance(rows, list) else []:
        quantity, net = _number(row.get("quantity")), _number(row.get("net_amount"))
        rate = _number(row.get("vat_rate") or (rates[0] if len(rates) == 1 else None))
        if row.get("_optional") or quantity is None or net is None or rate is None:
            raise Unsuitable("a line is not known for certain")
        if rate not in {*RATES.values(), Decimal(0)}:
            raise Unsuitable(f"the books do not know VAT of {rate} %")
        yield TrueLine(quantity, _number(row.get("unit_price")), net, rate)


def _check_sums(header: Mapping[str, str], lines: tuple[TrueLine, ...]) -> None:
    net, vat, gross = (Decimal(header[key]) for key in ("total_net", "total_vat", "total_gross"))
    due = sum(
        (
            round_to(sum((line.net for line in lines if line.rate == rate), Decimal(0)) * rate / 100, _CENT)
            for rate in {line.rate for line in lines}
        ),
        Decimal(0),
    )
    if sum(line.net for line in lines) != net or due != vat or net + vat != gross:
        raise Unsuitable("its lines do not come to its totals")


def _read(path: Path, scratch: Path) -> Mapping[str, object]:
    extract_paths([path], scratch, 1)
    read: Mapping[str, object] = json.loads((scratch / f"{path.stem}.json").read_text("utf-8"))
    return read


def _compare(paper: Paper, read: Mapping[str, object]) -> Choice:
    wrong = [key for key in CORE if read.get(key) != paper.header[key]]
    rows = read.get("lines")
    if wrong:
        raise Unsuitable(f"{', '.join(wrong)} read differently")
    if not isinstance(rows, list) or len(rows) != len(paper.lines):
        raise Unsuitable("its lines are read as more or fewer")
    typed = []
    for index, (row, line) in enumerate(zip(rows, paper.lines, strict=True)):
        for column, value in (("quantity", line.quantity), ("net_amount", line.net)):
            if _number(row.get(column)) != value:
                typed.append((f"lines.{index}.{column}", f"{value:f}"))
    return Choice(paper, tuple(typed))


def _text(value: object) -> str | None:
    """A value that has one accepted form; where there are several the truth leaves room."""
    return value if isinstance(value, str) and value else None


def _number(value: object) -> Decimal | None:
    try:
        return Decimal(value) if isinstance(value, str) else None
    except InvalidOperation:
        return None
