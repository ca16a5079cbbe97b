"""Batch to numbered entries in the ledgers: the only writer.

Number series come first, then the counters of the ledgers (PO-161), all held until the commit. The register
is opened, takes every entry, and is sealed (`core/ledgers/guards.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from core.errors import refuse
from core.ledgers.general import GLEntry
from core.ledgers.item import ItemApplication, ItemEntry, MovementKind, ValueEntry
from core.ledgers.register import EntryNumbers, Register, open_register, seal
from core.ledgers.vat import VatEntry, VatEntryBase
from core.ledgers.vendor import DetailedVendorEntry, DetailKind, VendorEntry
from core.master.items import Costing, Item, ItemType
from core.master.number_series import Purpose, find_series, number_for
from core.money import UNIT_COST, ZERO, round_to
from core.posting.batch import Batch, Heading
from core.purchasing.document import DocumentKind
from core.purchasing.posted import PostedDocument, PostedLine, PostedReceipt, PostedReceiptLine, find_posted
from core.work import Work

POSTED_NUMBERS = {
    DocumentKind.INVOICE: (Purpose.INVOICE, Purpose.POSTED_INVOICE),
    DocumentKind.CREDIT_MEMO: (Purpose.CREDIT_MEMO, Purpose.POSTED_CREDIT_MEMO),
}


@dataclass(frozen=True, slots=True)
class Written:
    """The numbers that a batch got."""

    posted_no: str
    receipt_no: str | None
    register_no: int


def write(work: Work, batch: Batch) -> Written:
    """Number the batch and write all of it. Raises `ext_doc_no_exists` when another posting was faster."""
    posted_no = _posted_no(work, batch.heading)
    receipt_no = None
    if batch.writes_receipt:
        receipt_no = number_for(work, Purpose.RECEIPT, batch.heading.posting_date)
    numbers = EntryNumbers(work)
    register = open_register(work, numbers, batch.heading.source, posted_no, batch.heading.posting_date)
    writer = _Writer(work, batch, numbers, register, posted_no)
    try:
        writer.write_documents(receipt_no)
        writer.write_vendor()
        writer.write_items()
        writer.write_values()
        writer.write_vat()
        writer.write_general()
        seal(work, register)
    except IntegrityError as error:
        raise _clash(error, batch.heading) from error
    _remember_costs(work, batch)
    return Written(posted_no, receipt_no, register.register_no)


def _posted_no(work: Work, heading: Heading) -> str:
    """The posted number; a draft whose series is the posting series keeps its own (PU-37)."""
    draft_purpose, posted_purpose = POSTED_NUMBERS[DocumentKind(heading.document_type)]
    drafts, posted = find_series(work, draft_purpose), find_series(work, posted_purpose)
    if drafts is not None and posted is not None and drafts.code == posted.code:
        number = heading.draft_no
    else:
        number = number_for(work, posted_purpose, heading.posting_date)
    if find_posted(work, number, heading.document_type) is not None:
        raise refuse("posted_no_exists", no=number)
    return number


def _clash(error: IntegrityError, heading: Heading) -> Exception:
    """The unique key on vendor document numbers is what two postings at the same moment run into (PO-165)."""
    if "vendor_document" not in str(error.orig):
        return error
    return refuse(
        "ext_doc_no_exists",
        field="vendor_document_no",
        number=heading.vendor_document_no,
        no=heading.pay_to_vendor_no,
        posted="",
    )


class _Writer:
    """Writes the parts of one batch under one register."""

    def __init__(
        self, work: Work, batch: Batch, numbers: EntryNumbers, register: Register, posted_no: str
    ) -> None:
        self._work = work
        self._batch = batch
        self._heading = batch.heading
        self._numbers = numbers
        self._register_no = register.register_no
        self._posted_no = posted_no
        self._item_numbers: list[int] = []
        self._value_numbers: list[int] = []
        self._vat_numbers: list[int] = []

    def _keys(self, table: str) -> dict[str, int]:
        """Entry number, register and transaction of the next row of a ledger."""
        return {
            "entry_no": self._numbers.next(table),
            "register_no": self._register_no,
            "transaction_no": self._register_no,
        }

    def _document(self) -> Mapping[str, object]:
        """What every entry says about the document that caused it (PO-15)."""
        return {
            "posting_date": self._heading.posting_date,
            "document_type": self._heading.document_type,
            "document_no": self._posted_no,
        }

    def write_documents(self, receipt_no: str | None) -> None:
        """The posted document and, if there is one, the receipt of its goods (PU-88)."""
        heading, batch = self._heading, self._batch
        document = PostedDocument(
            kind=heading.document_type,
            posted_no=self._posted_no,
            draft_id=heading.document_id,
            draft_no=heading.draft_no,
            register_no=self._register_no,
            vendor_no=heading.vendor_no,
            pay_to_vendor_no=heading.pay_to_vendor_no,
            vendor_name=heading.vendor_name,
            vendor_document_no=heading.vendor_document_no,
            order_reference=heading.order_reference,
            document_date=heading.document_date,
            posting_date=heading.posting_date,
            vat_date=heading.vat_date,
            due_date=heading.due_date,
            payment_terms=heading.payment_terms,
            currency_code=heading.currency_code,
            exchange_rate=heading.exchange_rate,
            prices_include_vat=heading.prices_include_vat,
            total_net=batch.total_net,
            total_vat=batch.total_vat,
            total_gross=batch.total_gross,
            payment_iban=heading.payment_iban,
            payment_reference=heading.payment_reference,
            posted_by=self._work.actor.user_no,
            posted_at=self._work.now,
        )
        document.lines = [
            PostedLine(
                line_no=row.line_no,
                type=row.type,
                no=row.no,
                description=row.description,
                quantity=row.quantity,
                quantity_base=row.quantity_base,
                unit=row.unit,
                unit_cost=row.unit_cost,
                discount_percent=row.discount_percent,
                discount_amount=row.discount_amount,
                invoice_discount_amount=row.invoice_discount_amount,
                vat_product=row.vat_product,
                vat_identifier=row.vat_identifier,
                vat_percent=row.vat_percent,
                net=row.net,
                vat=row.vat,
                gross=row.gross,
                is_system=row.is_system,
                source_ref=row.source_ref,
            )
            for row in batch.lines
        ]
        self._work.session.add(document)
        if receipt_no is not None:
            self._write_receipt(receipt_no)
        self._work.session.flush()

    def _write_receipt(self, receipt_no: str) -> None:
        heading = self._heading
        receipt = PostedReceipt(
            receipt_no=receipt_no,
            register_no=self._register_no,
            vendor_no=heading.vendor_no,
            posting_date=heading.posting_date,
            invoice_no=self._posted_no,
            posted_by=self._work.actor.user_no,
            posted_at=self._work.now,
        )
        receipt.lines = [
            PostedReceiptLine(
                line_no=row.line_no,
                item_no=row.no or "",
                description=row.description,
                quantity=row.quantity,
                quantity_base=row.quantity_base,
                unit=row.unit,
            )
            for row in self._batch.lines
            if row.is_received
        ]
        self._work.session.add(receipt)

    def write_vendor(self) -> None:
        """The vendor entry and its initial detailed entry; an amount of zero is closed at once (PO-137)."""
        row, heading = self._batch.vendor, self._heading
        if row is None:
            return
        entry = VendorEntry(
            **self._keys("vendor_entry"),
            **self._document(),
            vendor_no=heading.pay_to_vendor_no,
            buy_from_vendor_no=heading.vendor_no,
            posting_group=row.posting_group,
            document_date=heading.document_date,
            vendor_document_no=heading.vendor_document_no,
            vendor_document_key=heading.vendor_document_key,
            repeat_count=0,
            description=row.description,
            currency_code=heading.currency_code,
            exchange_rate=heading.exchange_rate,
            purchase_lcy=row.purchase_lcy,
            due_date=heading.due_date,
            discount_date=row.discount_date,
            discount_percent=row.discount_percent,
            discount_amount=row.discount_amount,
            max_tolerance=ZERO,
            open=row.amount != ZERO,
            on_hold=row.on_hold,
            cancelled=False,
            payment_reference=heading.payment_reference,
            payment_iban=heading.payment_iban,
        )
        self._work.session.add(entry)
        self._work.session.flush()
        self._work.session.add(
            DetailedVendorEntry(
                **self._keys("detailed_vendor_entry"),
                **self._document(),
                vendor_entry_no=entry.entry_no,
                kind=DetailKind.INITIAL.value,
                vendor_no=heading.pay_to_vendor_no,
                posting_group=row.posting_group,
                currency_code=heading.currency_code,
                amount=row.amount,
                amount_lcy=row.amount_lcy,
                unapplied=False,
            )
        )

    def write_items(self) -> None:
        """Movements, and what decreases take: the only state that changes is what is left of older stock."""
        for row in self._batch.items:
            entry = ItemEntry(
                **self._keys("item_entry"),
                **self._document(),
                kind=MovementKind.PURCHASE.value,
                item_no=row.item_no,
                location_code="",
                line_no=row.line_no,
                description=row.description,
                quantity=row.quantity,
                remaining_quantity=row.remaining,
                invoiced_quantity=row.quantity,
                open=row.remaining != ZERO,
                has_stock=row.has_stock,
                source_no=self._heading.vendor_no,
                unit=row.unit,
            )
            self._work.session.add(entry)
            self._item_numbers.append(entry.entry_no)
        self._work.session.flush()
        for application in self._batch.applications:
            inbound = application.inbound_entry_no
            if inbound is not None:
                self._take(inbound, application.quantity)
            else:
                assert application.inbound_row is not None
                inbound = self._item_numbers[application.inbound_row]
            self._work.session.add(
                ItemApplication(
                    entry_no=self._numbers.next("item_application"),
                    register_no=self._register_no,
                    inbound_entry_no=inbound,
                    outbound_entry_no=self._item_numbers[application.outbound_row],
                    quantity=application.quantity,
                    posting_date=self._heading.posting_date,
                    is_fixed=False,
                    is_cost=True,
                )
            )

    def _take(self, entry_no: int, quantity: Decimal) -> None:
        entry = self._work.session.get_one(ItemEntry, entry_no)
        entry.remaining_quantity -= quantity
        entry.open = entry.remaining_quantity != ZERO
        assert entry.remaining_quantity >= ZERO, "more taken than there is, though the item is locked"

    def write_values(self) -> None:
        """Value entries; all of their cost is in the G/L of the same transaction (PO-127)."""
        for row in self._batch.values:
            item_entry_no = row.item_entry_no
            if item_entry_no is None:
                assert row.item_row is not None
                item_entry_no = self._item_numbers[row.item_row]
            entry = ValueEntry(
                **self._keys("value_entry"),
                **self._document(),
                item_entry_no=item_entry_no,
                kind=row.kind,
                movement_kind=MovementKind.PURCHASE.value,
                item_no=row.item_no,
                location_code="",
                inventory_group=row.inventory_group,
                general_business=self._heading.general_business,
                general_product=row.general_product,
                valuation_date=row.valuation_date,
                line_no=row.line_no,
                description=row.description,
                valued_quantity=row.valued_quantity,
                invoiced_quantity=row.invoiced_quantity,
                cost_actual=row.cost,
                cost_expected=ZERO,
                posted_actual=row.cost,
                posted_expected=ZERO,
                purchase_amount=row.purchase_amount,
                is_adjustment=False,
                has_stock=row.has_stock,
                source_no=self._heading.vendor_no,
            )
            self._work.session.add(entry)
            self._value_numbers.append(entry.entry_no)

    def write_vat(self) -> None:
        """VAT entries."""
        heading = self._heading
        for row in self._batch.vat:
            entry = VatEntry(
                **self._keys("vat_entry"),
                **self._document(),
                type="purchase",
                document_date=heading.document_date,
                vat_date=heading.vat_date,
                vendor_document_no=heading.vendor_document_no,
                vat_business=heading.vat_business,
                vat_product=row.vat_product,
                identifier=row.identifier,
                calculation=row.calculation,
                percent=row.percent,
                en16931_category=row.en16931_category,
                base=row.base,
                amount=row.amount,
                difference=row.difference,
                nondeductible_base=row.nondeductible_base,
                nondeductible_amount=row.nondeductible_amount,
                source_no=heading.pay_to_vendor_no,
                country_code=heading.country_code,
                vat_id=heading.vat_id,
                line_nos=",".join(str(number) for number in row.line_nos),
            )
            self._work.session.add(entry)
            self._vat_numbers.append(entry.entry_no)

    def write_general(self) -> None:
        """G/L entries, and which of them a VAT entry has its base from."""
        heading, links = self._heading, []
        for row in self._batch.general:
            entry = GLEntry(
                **self._keys("gl_entry"),
                **self._document(),
                account_no=row.account_no,
                document_date=heading.document_date,
                vendor_document_no=heading.vendor_document_no,
                description=row.description,
                amount_lcy=row.amount,
                line_no=row.line_no,
                source_type="vendor",
                source_no=heading.pay_to_vendor_no,
                general_business=heading.general_business if row.general_product else None,
                general_product=row.general_product,
                vat_business=heading.vat_business if row.vat_product else None,
                vat_product=row.vat_product,
                vat_identifier=row.vat_identifier,
                value_entry_no=self._value_numbers[row.value_row] if row.value_row is not None else None,
            )
            self._work.session.add(entry)
            if row.bases_vat_row is not None:
                links.append((self._vat_numbers[row.bases_vat_row], entry.entry_no))
        self._work.session.flush()
        for vat_entry_no, gl_entry_no in links:
            self._work.session.add(
                VatEntryBase(
                    vat_entry_no=vat_entry_no, gl_entry_no=gl_entry_no, register_no=self._register_no
                )
            )


def _remember_costs(work: Work, batch: Batch) -> None:
    """Unit cost and last direct cost on the item cards: never ledger figures (PO-125)."""
    for item_no in sorted({row.item_no for row in batch.values}):
        item = work.session.get_one(Item, item_no)
        bought = [row for row in batch.values if row.item_no == item_no and row.valued_quantity > ZERO]
        if bought:
            last = bought[-1]
            item.last_direct_cost = round_to(last.purchase_amount / last.valued_quantity, UNIT_COST)
        if item.type != ItemType.INVENTORY:
            continue
        if item.costing == Costing.STANDARD:
            item.unit_cost = item.standard_cost
            continue
        quantity, value = work.session.execute(
            select(
                func.sum(ValueEntry.valued_quantity),
                func.sum(ValueEntry.cost_actual + ValueEntry.cost_expected),
            ).where(ValueEntry.item_no == item_no, ValueEntry.has_stock)
        ).one()
        if quantity and quantity > ZERO:
            item.unit_cost = round_to(value / quantity, UNIT_COST)
