"""Batch with its numbers to the rows of the tables. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from operator import attrgetter, itemgetter

from core.ledgers.item import MovementKind
from core.ledgers.vendor import DetailKind
from core.money import ZERO
from core.posting.batch import (
    BankRow,
    Batch,
    CommentRow,
    CustomerRow,
    DetailRow,
    ItemRow,
    LineRow,
    PostedDocumentRow,
    ReceiptLineRow,
    ReceiptRow,
    SalesDocumentRow,
    SalesLineRow,
    ValueRow,
    VatRow,
    VendorRow,
    Voucher,
)

Row = dict[str, object]
Rows = Mapping[str, list[Row]]
Parent = tuple[Row, list[Row]]
_LISTS = {
    "gl_entry": "general",
    "vat_entry": "vat",
    "vendor_entry": "vendors",
    "customer_entry": "customers",
    "bank_entry": "banks",
    "item_entry": "items",
    "item_application": "applications",
    "value_entry": "values",
}


@dataclass(frozen=True, slots=True)
class Numbers:
    """What a batch is numbered with: its vouchers' numbers, and the first free number of every ledger.

    `ids` are those of the documents, by table; each row takes the next.
    """

    register_no: int
    vouchers: tuple[str, ...]
    first: Mapping[str, int]
    ids: Mapping[str, Iterator[int]]


@dataclass(frozen=True, slots=True)
class Stamp:
    """Who posts, and when."""

    actor_no: str
    now: datetime


def count_entries(batch: Batch) -> dict[str, int]:
    """How many entries the batch has in each numbered ledger."""
    counts = {table: len(getattr(batch, name)) for table, name in _LISTS.items()}
    counts["detailed_vendor_entry"] = len(batch.vendors) + len(batch.details)
    return {table: count for table, count in counts.items() if count}


def count_ids(batch: Batch) -> dict[str, int]:
    """How many ids the batch needs of each table of documents."""
    counts = {
        "posted_document": len(batch.documents),
        "posted_line": sum(len(row.lines) for row in batch.documents),
        "posted_receipt": len(batch.receipts),
        "posted_receipt_line": sum(len(row.lines) for row in batch.receipts) + len(batch.receipt_corrections),
        "posted_sales_document": len(batch.sales_documents),
        "posted_sales_line": sum(len(row.lines) for row in batch.sales_documents)
        + len(batch.sales_corrections),
        "posted_comment": len(batch.comments),
    }
    return {table: count for table, count in counts.items() if count}


def number_rows(batch: Batch, numbers: Numbers, stamp: Stamp) -> Rows:
    """The rows of every table that the batch touches, each in the order of its key."""
    return _Numbering(batch, numbers, stamp).rows()


class _Copier:
    """Copies the fields of a kind of row that are columns under the same name."""

    def __init__(self, kind: type, *others: str) -> None:
        skipped = {"voucher", "lines", "dimensions", *others}
        self._names = [each.name for each in fields(kind) if each.name not in skipped]
        self._get = attrgetter(*self._names)

    def __call__(self, row: object) -> Row:
        return dict(zip(self._names, self._get(row), strict=True))


_vat = _Copier(VatRow, "line_nos", "vat_date", "source_no")
_vendor = _Copier(
    VendorRow, "amount", "amount_lcy", "open", "closed_by_row", "closed_by_entry", "buy_from_vendor_no"
)
_detail = _Copier(
    DetailRow, "entry", "vendor_row", "kind", "applied_to_entry", "applied_to_row", "application", "unapplies"
)
_customer = _Copier(CustomerRow, "open")
_bank = _Copier(BankRow)
_item = _Copier(ItemRow, "kind", "remaining", "source_no", "applies_to_entry_no", "applies_to_row")
_value = _Copier(
    ValueRow, "item_entry_no", "item_row", "kind", "movement_kind", "general_business", "source_no"
)
_document = _Copier(PostedDocumentRow, "draft_id")
_line = _Copier(LineRow, "receipt_no", "receipt_voucher")
_receipt = _Copier(ReceiptRow, "invoice_voucher", "sales_shipment_voucher")
_receipt_line = _Copier(ReceiptLineRow, "no", "item_row")
_sales = _Copier(SalesDocumentRow)
_sales_line = _Copier(SalesLineRow, "item_row", "item_entry_no")
_comment = _Copier(CommentRow)


class _Numbering:
    """Turns rows of a batch into rows of the tables under one register."""

    def __init__(self, batch: Batch, numbers: Numbers, stamp: Stamp) -> None:
        self._batch = batch
        self._numbers = numbers
        self._stamp = stamp
        self._register = {"register_no": numbers.register_no, "transaction_no": numbers.register_no}
        self._documents = [
            {
                "posting_date": voucher.posting_date,
                "document_type": voucher.document_type,
                "document_no": number,
            }
            for voucher, number in zip(batch.vouchers, numbers.vouchers, strict=True)
        ]

    def rows(self) -> Rows:
        documents = list(self._posted_documents())
        receipts = list(self._receipts())
        sales = list(self._sales_documents())
        rows = {
            "posted_document": [parent for parent, _ in documents],
            "posted_line": [child for _, children in documents for child in children],
            "posted_receipt": [parent for parent, _ in receipts],
            "posted_receipt_line": [
                *(child for _, children in receipts for child in children),
                *self._receipt_corrections(),
            ],
            "posted_sales_document": [parent for parent, _ in sales],
            "posted_sales_line": [
                *(child for _, children in sales for child in children),
                *self._sales_corrections(),
            ],
            "posted_comment": list(self._comments()),
            "gl_entry": list(self._general()),
            "vat_entry": list(self._vat()),
            "vat_entry_base": sorted(self._bases(), key=itemgetter("vat_entry_no", "gl_entry_no")),
            "vendor_entry": list(self._vendors()),
            "detailed_vendor_entry": [*self._initial_details(), *self._details()],
            "customer_entry": list(self._customers()),
            "bank_entry": list(self._banks()),
            "item_entry": list(self._items()),
            "item_application": list(self._applications()),
            "value_entry": list(self._values()),
            "cost_posting": list(self._cost_postings()),
        }
        return {table: entries for table, entries in rows.items() if entries}

    def _keys(self, table: str, index: int, voucher: int) -> Row:
        """Entry number, register, transaction and document of an entry."""
        return {
            "entry_no": self._numbers.first[table] + index,
            **self._register,
            **self._documents[voucher],
        }

    def _voucher(self, index: int) -> Voucher:
        return self._batch.vouchers[index]

    def _entry_no(self, table: str, entry_no: int | None, row: int | None) -> int | None:
        """The number of an old entry, or of one in this batch."""
        return self._numbers.first[table] + row if row is not None else entry_no

    def _general(self) -> Iterator[Row]:
        for index, row in enumerate(self._batch.general):
            voucher = self._voucher(row.voucher)
            yield {
                **self._keys("gl_entry", index, row.voucher),
                "account_no": row.account_no,
                "document_date": voucher.document_date,
                "vendor_document_no": voucher.external_no,
                "description": row.description,
                "amount_lcy": row.amount,
                "line_no": row.line_no,
                "source_type": row.source_type or voucher.source_type,
                "source_no": row.source_no or voucher.source_no,
                "general_business": voucher.general_business if row.general_product else None,
                "general_product": row.general_product,
                "vat_business": voucher.vat_business if row.vat_product else None,
                "vat_product": row.vat_product,
                "vat_identifier": row.vat_identifier,
                "value_entry_no": self._entry_no("value_entry", row.value_entry_no, row.value_row),
                "dimensions": row.dimensions or voucher.dimensions,
            }

    def _vat(self) -> Iterator[Row]:
        for index, row in enumerate(self._batch.vat):
            voucher = self._voucher(row.voucher)
            yield {
                **self._keys("vat_entry", index, row.voucher),
                **_vat(row),
                "document_date": voucher.document_date,
                "vat_date": row.vat_date or voucher.posting_date,
                "vendor_document_no": voucher.external_no,
                "vat_business": voucher.vat_business,
                "source_no": row.source_no or voucher.source_no,
                "line_nos": ",".join(map(str, row.line_nos)),
                "dimensions": row.dimensions or voucher.dimensions,
            }

    def _bases(self) -> Iterator[Row]:
        for index, row in enumerate(self._batch.general):
            if row.bases_vat_row is not None:
                yield {
                    "vat_entry_no": self._numbers.first["vat_entry"] + row.bases_vat_row,
                    "gl_entry_no": self._numbers.first["gl_entry"] + index,
                    "register_no": self._numbers.register_no,
                }

    def _vendors(self) -> Iterator[Row]:
        for index, row in enumerate(self._batch.vendors):
            voucher = self._voucher(row.voucher)
            yield {
                **self._keys("vendor_entry", index, row.voucher),
                **_vendor(row),
                "buy_from_vendor_no": row.buy_from_vendor_no or row.vendor_no,
                "document_date": voucher.document_date,
                "open": row.amount != ZERO if row.open is None else row.open,
                "closed_by": self._entry_no("vendor_entry", row.closed_by_entry, row.closed_by_row),
                "dimensions": row.dimensions or voucher.dimensions,
            }

    def _initial_details(self) -> Iterator[Row]:
        """The amount that each new vendor entry begins with."""
        for index, row in enumerate(self._batch.vendors):
            yield {
                **self._keys("detailed_vendor_entry", index, row.voucher),
                "vendor_entry_no": self._numbers.first["vendor_entry"] + index,
                "kind": DetailKind.INITIAL.value,
                "vendor_no": row.vendor_no,
                "posting_group": row.posting_group,
                "currency_code": row.currency_code,
                "amount": row.amount,
                "amount_lcy": row.amount_lcy,
                "applied_to_entry_no": None,
                "application_no": None,
                "unapplied": False,
            }

    def _details(self) -> Iterator[Row]:
        """Later amounts; an application is called by the number of its first detailed entry."""
        applications: dict[int, object] = {}
        for index, row in enumerate(self._batch.details, len(self._batch.vendors)):
            keys = self._keys("detailed_vendor_entry", index, row.voucher)
            application = None
            if row.application is not None:
                application = applications.setdefault(row.application, keys["entry_no"])
            yield {
                **keys,
                **_detail(row),
                "vendor_entry_no": self._entry_no("vendor_entry", row.entry, row.vendor_row),
                "kind": row.kind.value,
                "applied_to_entry_no": self._entry_no(
                    "vendor_entry", row.applied_to_entry, row.applied_to_row
                ),
                "application_no": application,
                "unapplied": row.unapplies,
            }

    def _customers(self) -> Iterator[Row]:
        for index, row in enumerate(self._batch.customers):
            voucher = self._voucher(row.voucher)
            yield {
                **self._keys("customer_entry", index, row.voucher),
                **_customer(row),
                "document_date": voucher.document_date,
                "open": row.amount != ZERO if row.open is None else row.open,
                "dimensions": row.dimensions or voucher.dimensions,
            }

    def _banks(self) -> Iterator[Row]:
        for index, row in enumerate(self._batch.banks):
            yield {
                **self._keys("bank_entry", index, row.voucher),
                **_bank(row),
                "source_no": row.source_no or self._voucher(row.voucher).source_no,
                "statement_no": None,
                "reconciled": False,
            }

    def _items(self) -> Iterator[Row]:
        for index, row in enumerate(self._batch.items):
            voucher = self._voucher(row.voucher)
            yield {
                **self._keys("item_entry", index, row.voucher),
                **_item(row),
                "kind": MovementKind(row.kind).value,
                "remaining_quantity": row.remaining,
                "open": row.remaining != ZERO,
                "source_no": row.source_no or voucher.source_no,
                "applies_to_entry_no": self._entry_no(
                    "item_entry", row.applies_to_entry_no, row.applies_to_row
                ),
                "dimensions": row.dimensions or voucher.dimensions,
            }

    def _applications(self) -> Iterator[Row]:
        for index, row in enumerate(self._batch.applications):
            yield {
                "entry_no": self._numbers.first["item_application"] + index,
                "register_no": self._numbers.register_no,
                "inbound_entry_no": self._entry_no("item_entry", row.inbound_entry_no, row.inbound_row),
                "outbound_entry_no": self._entry_no("item_entry", row.outbound_entry_no, row.outbound_row),
                "quantity": row.quantity,
                "posting_date": self._voucher(row.voucher).posting_date,
                "is_fixed": row.is_fixed,
                "is_cost": row.is_cost,
            }

    def _values(self) -> Iterator[Row]:
        for index, row in enumerate(self._batch.values):
            voucher = self._voucher(row.voucher)
            yield {
                **self._keys("value_entry", index, row.voucher),
                **_value(row),
                "item_entry_no": self._entry_no("item_entry", row.item_entry_no, row.item_row),
                "kind": str(row.kind),
                "movement_kind": str(row.movement_kind),
                "general_business": row.general_business or voucher.general_business,
                "source_no": row.source_no or voucher.source_no,
                "dimensions": row.dimensions or voucher.dimensions,
            }

    def _cost_postings(self) -> Iterator[Row]:
        for row in sorted(self._batch.cost_postings, key=lambda row: row.value_entry_no):
            yield {
                "register_no": self._numbers.register_no,
                "value_entry_no": row.value_entry_no,
                "actual": row.actual,
                "expected": row.expected,
            }

    def _posted_documents(self) -> Iterator[Parent]:
        """Posted invoices and credit memos; an order posts several times: minus the register (PO-162)."""
        for row in self._batch.documents:
            voucher = self._voucher(row.voucher)
            parent = {
                **_document(row),
                **self._stamped("posted_document"),
                "posted_no": self._numbers.vouchers[row.voucher],
                "draft_id": -self._numbers.register_no if row.draft_id is None else row.draft_id,
                "document_date": voucher.document_date,
                "posting_date": voucher.posting_date,
                "dimensions": row.dimensions or voucher.dimensions,
            }
            yield parent, [self._posted_line(line, parent["id"]) for line in row.lines]

    def _posted_line(self, line: LineRow, document_id: object) -> Row:
        return {
            **_line(line),
            "id": next(self._numbers.ids["posted_line"]),
            "document_id": document_id,
            "receipt_no": self._number(line.receipt_voucher) or line.receipt_no,
            "dimensions": line.dimensions,
        }

    def _receipts(self) -> Iterator[Parent]:
        for row in self._batch.receipts:
            voucher = self._voucher(row.voucher)
            parent = {
                **_receipt(row),
                **self._stamped("posted_receipt"),
                "receipt_no": self._numbers.vouchers[row.voucher],
                "posting_date": voucher.posting_date,
                "invoice_no": self._number(row.invoice_voucher),
                "sales_shipment_no": self._number(row.sales_shipment_voucher),
                "dimensions": row.dimensions or voucher.dimensions,
            }
            yield parent, [self._receipt_line(line, parent["id"]) for line in row.lines]

    def _receipt_line(self, line: ReceiptLineRow, receipt_id: object, register_no: int | None = None) -> Row:
        return {
            **_receipt_line(line),
            "id": next(self._numbers.ids["posted_receipt_line"]),
            "receipt_id": receipt_id,
            "register_no": register_no,
            "item_no": line.no,
            "item_entry_no": self._entry_no("item_entry", None, line.item_row),
            "dimensions": line.dimensions,
        }

    def _receipt_corrections(self) -> Iterator[Row]:
        """Lines that come to an old receipt say themselves which register wrote them."""
        for row in self._batch.receipt_corrections:
            yield self._receipt_line(row.line, row.receipt_id, self._numbers.register_no)

    def _sales_documents(self) -> Iterator[Parent]:
        for row in self._batch.sales_documents:
            voucher = self._voucher(row.voucher)
            parent = {
                **_sales(row),
                **self._stamped("posted_sales_document"),
                "posted_no": self._numbers.vouchers[row.voucher],
                "document_date": voucher.document_date,
                "posting_date": voucher.posting_date,
                "dimensions": row.dimensions or voucher.dimensions,
            }
            yield parent, [self._sales_line(line, parent["id"]) for line in row.lines]

    def _sales_corrections(self) -> Iterator[Row]:
        """Lines that come to an old shipment say themselves which register wrote them."""
        for row in self._batch.sales_corrections:
            yield self._sales_line(row.line, row.document_id, self._numbers.register_no)

    def _sales_line(self, line: SalesLineRow, document_id: object, register_no: int | None = None) -> Row:
        return {
            **_sales_line(line),
            "id": next(self._numbers.ids["posted_sales_line"]),
            "document_id": document_id,
            "register_no": register_no,
            "item_entry_no": self._entry_no("item_entry", line.item_entry_no, line.item_row),
            "dimensions": line.dimensions,
        }

    def _comments(self) -> Iterator[Row]:
        for row in self._batch.comments:
            yield {
                **_comment(row),
                "id": next(self._numbers.ids["posted_comment"]),
                "register_no": self._numbers.register_no,
                "document_type": self._voucher(row.voucher).document_type,
                "document_no": self._numbers.vouchers[row.voucher],
            }

    def _stamped(self, table: str) -> Row:
        return {
            "id": next(self._numbers.ids[table]),
            "register_no": self._numbers.register_no,
            "posted_by": self._stamp.actor_no,
            "posted_at": self._stamp.now,
        }

    def _number(self, voucher: int | None) -> str | None:
        return None if voucher is None else self._numbers.vouchers[voucher]
