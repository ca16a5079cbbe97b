"""How long posting takes: `python -m benchmarks.posting --invoices N --lines L [--database URL] [--json]`.

N supplier invoices of L item lines with VAT through the use case of the page, each in its own transaction;
N more in batches of 50; then N orders, each received and then invoiced. Times are wall time for a document
divided by the reference loop (`reference.py`), which runs before and after in the same process. Drafts are
made beforehand and not timed. Without --database a PostgreSQL of its own is started, whose every commit
reaches the disk.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import func, select

from benchmarks.books import BenchmarkBooks, make_drafts, prepare
from benchmarks.reference import ref_seconds
from core.database import make_engine
from core.posting.batch_posting import post_many
from core.posting.engine import post_with_retry
from core.posting.selection import Selection
from core.purchasing.document import DocumentKind, PurchaseDocument
from migrations import upgrade
from tests.services import running_postgres

# Nothing here makes a commit less durable than in production.
DURABLE = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "shared_buffers": "512MB",
    "max_wal_size": "4GB",
}

BATCH = 50
RECEIVE, INVOICE = Selection(receive=True), Selection(invoice=True)


@dataclass(slots=True)
class Measured:
    """Seconds for a document by what was done, and the reference loop around it."""

    seconds: dict[str, float] = field(default_factory=dict)
    ref: float = 0.0

    def to_json(self) -> dict[str, float]:
        """Every figure in reference loops, under the key that it is known by."""
        figures = {f"ref_{name}": round(seconds / self.ref, 5) for name, seconds in self.seconds.items()}
        return {"reference_seconds": round(self.ref, 4), **figures}


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    options = _parser().parse_args(arguments)
    with _database(options.database) as url:
        books = BenchmarkBooks(make_engine(url))
        upgrade(books.engine)
        prepare(books)
        measured = measure(books, options.invoices, options.lines)
        books.engine.dispose()
    if options.json:
        print(json.dumps(measured.to_json()))
    else:
        for name, figure in measured.to_json().items():
            print(f"{name:24} {figure:10.5f}")


def measure(books: BenchmarkBooks, invoices: int, lines: int) -> Measured:
    """Post invoices one by one, then in batches, then orders; between two runs of the reference loop."""
    first = _next_number(books)
    numbers = [range(first + part * invoices, first + (part + 1) * invoices) for part in range(3)]
    single = make_drafts(books, DocumentKind.INVOICE, numbers[0], lines)
    together = make_drafts(books, DocumentKind.INVOICE, numbers[1], lines)
    orders = make_drafts(books, DocumentKind.ORDER, numbers[2], lines)
    before = ref_seconds()
    measured = Measured()
    measured.seconds["per_invoice"] = _timed(lambda: post_each(books, single)) / invoices
    measured.seconds["per_invoice_batch"] = _timed(lambda: post_batches(books, together)) / invoices
    measured.seconds["per_order"] = _timed(lambda: post_orders(books, orders)) / invoices
    measured.ref = statistics.mean([before, ref_seconds()])
    return measured


def post_each(books: BenchmarkBooks, ids: Sequence[int]) -> None:
    """One transaction each."""
    for document_id in ids:
        post_with_retry(books.work, document_id)


def post_batches(books: BenchmarkBooks, ids: Sequence[int]) -> None:
    """Fifty at a time, composed and written together."""
    for begin in range(0, len(ids), BATCH):
        outcomes = post_many(books.work, ids[begin : begin + BATCH])
        assert all(outcome.posted for outcome in outcomes), "the drafts of the benchmark can be posted"


def post_orders(books: BenchmarkBooks, ids: Sequence[int]) -> None:
    """Each order is received, then invoiced."""
    for document_id in ids:
        post_with_retry(books.work, document_id, selection=RECEIVE)
        post_with_retry(books.work, document_id, selection=INVOICE)


def _timed(act: Callable[[], None]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def _next_number(books: BenchmarkBooks) -> int:
    """Vendors' document numbers go on from an earlier run on the same books."""
    with books.reading() as work:
        return (work.session.scalar(select(func.max(PurchaseDocument.id))) or 0) + 1


@contextmanager
def _database(url: str | None) -> Iterator[str]:
    """The address that was given, or an empty database of a server of our own."""
    if url is not None:
        yield url
        return
    with running_postgres(DURABLE) as server:
        yield server.url("postgres")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="benchmarks.posting", description=__doc__)
    parser.add_argument("--invoices", type=int, default=2000, metavar="N")
    parser.add_argument("--lines", type=int, default=3, metavar="L")
    parser.add_argument("--database", metavar="URL", help="a database of its own; default: a new PostgreSQL")
    parser.add_argument("--json", action="store_true")
    return parser


if __name__ == "__main__":
    main()
