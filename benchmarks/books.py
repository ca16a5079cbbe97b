"""The books that the benchmark posts into: a company, its vendors and items, and drafts to be posted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from sqlalchemy import Engine, select

from core.master.accounts import Control
from core.master.company import find_company
from core.master.items import NewItem
from core.master.number_series import Purpose
from core.master.setup import (
    AccountSetup,
    CompanySettings,
    CompanySetup,
    GeneralSetup,
    InventoryGroupSetup,
    SeriesSetup,
    TermsSetup,
    VatSetup,
    VendorGroupSetup,
    create_books,
)
from core.master.vendors import NewVendor, Vendor
from core.purchasing.document import DocumentKind, LineType
from core.purchasing.draft_inputs import DocumentDraft, LineDraft
from core.purchasing.drafts import create_draft
from core.work import Actor, Work, open_reading, open_work
from pipeline.workflow.answers import HOOKS

VENDORS, ITEMS = 200, 1000
DAY = date(2026, 2, 3)
BOOKKEEPER = Actor("benchmark", "Benchmark", frozenset({"bookkeeper"}))
DRAFTS_AT_A_TIME = 100
PREFIXES = {
    Purpose.INVOICE: "I",
    Purpose.ORDER: "O",
    Purpose.POSTED_INVOICE: "PI",
    Purpose.RECEIPT: "R",
    Purpose.VENDOR: "V",
}


@dataclass(frozen=True, slots=True)
class BenchmarkBooks:
    """Books in a database, worked on as the page does: with everything that answers to events."""

    engine: Engine

    @contextmanager
    def work(self) -> Iterator[Work]:
        """A transaction that is committed at the end of the block."""
        with open_work(self.engine, BOOKKEEPER, datetime.now(UTC), DAY, hooks=HOOKS) as work:
            yield work

    @contextmanager
    def reading(self) -> Iterator[Work]:
        """A transaction that is always undone."""
        with open_reading(self.engine, BOOKKEEPER, datetime.now(UTC), DAY) as work:
            yield work


def vendor_no(number: int) -> str:
    """The vendor of a document."""
    return f"BV{number % VENDORS:05d}"


def item_no(number: int) -> str:
    """The item of a line."""
    return f"BI{number % ITEMS:05d}"


def prepare(books: BenchmarkBooks) -> None:
    """Make the company, unless it is there. Refuses books that are somebody's."""
    with books.work() as work:
        if find_company(work) is None:
            create_books(work, company())
        elif work.session.scalar(select(Vendor).where(Vendor.vendor_no == vendor_no(0))) is None:
            raise SystemExit("These are somebody's books: the benchmark posts into a database of its own.")


def company() -> CompanySetup:
    """A trader with stock at actual cost, expected cost in the G/L, and Dutch VAT."""
    control = {"1400": Control.INVENTORY, "1410": Control.INVENTORY_INTERIM, "1500": Control.VAT}
    control["1600"] = Control.VENDORS
    names = {
        "1400": "Inventory",
        "1410": "Inventory (interim)",
        "1490": "Goods received not invoiced",
        "1500": "Input VAT",
        "1600": "Accounts payable",
        "4100": "Office costs",
        "7100": "Purchases",
        "7200": "Direct cost applied",
        "7300": "Purchase variance",
        "7400": "Inventory adjustment",
    }
    accounts = [
        AccountSetup(
            no,
            name,
            "balance" if no < "4000" else "income",
            control=control.get(no, Control.NONE).value,
        )
        for no, name in names.items()
    ]
    goods = GeneralSetup(
        "GOODS",
        purchase="7100",
        direct_cost_applied="7200",
        purchase_variance="7300",
        inventory_adjustment="7400",
        accrual_interim="1490",
    )
    return CompanySetup(
        company=CompanySettings(name="Benchmark"),
        accounts=accounts,
        vendor_groups=[VendorGroupSetup("DOM", "1600")],
        inventory_groups=[InventoryGroupSetup("TRADE", "1400", "1410")],
        general_posting=[goods],
        vat_posting=[VatSetup("NL", "H", "H21", Decimal(21), input_account="1500")],
        payment_terms=[TermsSetup("NET30", "30D")],
        vendors=[_vendor(number) for number in range(VENDORS)],
        items=[_item(number) for number in range(ITEMS)],
        series=[SeriesSetup(use, use.value.upper(), f"{prefix}-0000001") for use, prefix in PREFIXES.items()],
    )


def _vendor(number: int) -> NewVendor:
    return NewVendor(
        name=f"Vendor {number}",
        vendor_no=vendor_no(number),
        country_code="NL",
        posting_group="DOM",
        vat_business="NL",
        payment_terms="NET30",
    )


def _item(number: int) -> NewItem:
    return NewItem(
        item_no=item_no(number),
        description=f"Item {number}",
        type="inventory",
        unit="PCS",
        general_product="GOODS",
        vat_product="H",
        inventory_group="TRADE",
    )


def make_drafts(
    books: BenchmarkBooks, kind: DocumentKind, numbers: Sequence[int], lines: int, items: int = ITEMS
) -> list[int]:
    """Drafts of so many item lines; a `number` decides vendor, items, quantities and prices."""
    ids = []
    for begin in range(0, len(numbers), DRAFTS_AT_A_TIME):
        with books.work() as work:
            for number in numbers[begin : begin + DRAFTS_AT_A_TIME]:
                ids.append(create_draft(work, _draft(kind, number, lines, items)).id)
    return ids


def _draft(kind: DocumentKind, number: int, lines: int, items: int) -> DocumentDraft:
    return DocumentDraft(
        vendor_no=vendor_no(number),
        posting_date=DAY,
        document_date=DAY,
        kind=kind,
        vendor_document_no=f"B-{number}",
        lines=tuple(_line(number, line, items) for line in range(lines)),
    )


def _line(number: int, line: int, items: int) -> LineDraft:
    return LineDraft(
        LineType.ITEM,
        item_no((number * 7 + line * 31) % items),
        quantity=Decimal(1 + (number * 7 + line) % 12),
        unit_cost=Decimal(100 + (number * 31 + line * 17) % 9900) / 100,
    )
