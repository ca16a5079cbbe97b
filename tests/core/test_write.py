"""Writing batches: numbers, links between rows, states of older rows, the hash of a register (PO-1, PO-5)."""

from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import select

from core.costing.balance import StockBalance
from core.database import Base
from core.errors import DomainError
from core.ledgers.bank import BankEntry
from core.ledgers.general import GLEntry
from core.ledgers.guards import APPEND_ONLY
from core.ledgers.item import ItemApplication, ItemEntry, ValueEntry
from core.ledgers.register import Register, content_hash
from core.ledgers.vat import VatEntryBase
from core.ledgers.vendor import DetailedVendorEntry, VendorEntry
from core.master.items import find_item
from core.posting.batch import Batch
from core.posting.write import write, write_many
from core.purchasing.posted import PostedReceiptLine, get_posted, get_receipt
from core.reports.reconciliation import verify_books
from tests.books import Books
from tests.core.full_batch import full_batch, later_batch, voucher


def write_full(books: Books) -> None:
    """Both batches, each in a transaction of its own."""
    for batch in (full_batch(), later_batch()):
        with books.work() as work:
            write(work, batch)


def test_a_batch_fills_every_table(books: Books) -> None:
    write_full(books)

    with books.reading() as work:
        for name in APPEND_ONLY:
            table = Base.metadata.tables[name]
            assert work.session.execute(select(table).limit(1)).first() is not None, name
        assert verify_books(work) == []


def test_the_hash_made_in_memory_is_the_one_of_the_stored_rows(books: Books) -> None:
    """PO-3: whoever checks reads the rows back."""
    write_full(books)

    with books.reading() as work:
        for register in work.session.scalars(select(Register)):
            assert register.hash == content_hash(work, register)


def test_rows_point_at_each_other_by_number(books: Books) -> None:
    with books.work() as work:
        write(work, full_batch())
    with books.work() as work:
        written = write(work, full_batch(2, "f-2"))

    with books.reading() as work:
        item = work.session.scalars(select(ItemEntry).where(ItemEntry.register_no == 2)).all()
        applied = work.session.scalars(select(ItemApplication).where(ItemApplication.register_no == 2)).one()
        values = work.session.scalars(select(ValueEntry).where(ValueEntry.register_no == 2)).all()
        general = work.session.scalars(select(GLEntry).where(GLEntry.register_no == 2)).all()
        base = work.session.scalars(select(VatEntryBase).where(VatEntryBase.register_no == 2)).one()
        assert [entry.entry_no for entry in item] == [3, 4]
        assert (applied.inbound_entry_no, applied.outbound_entry_no) == (3, 4)
        assert [value.item_entry_no for value in values] == [3, 4]
        assert [entry.value_entry_no for entry in general][3:7] == [3, 3, 4, 4]
        assert (base.vat_entry_no, base.gl_entry_no) == (2, 10)
        assert get_receipt(work, "R-00002").lines[0].item_entry_no == 3
        assert get_posted(work, "PI-00002").lines[0].receipt_no == "R-00002"
        assert written.numbers == ("PI-00002", "R-00002", "S-2", "SI-2")


def test_entries_bear_the_number_and_source_of_their_voucher(books: Books) -> None:
    """PO-15."""
    with books.work() as work:
        write(work, full_batch())

    with books.reading() as work:
        rows = {(row.account_no, row.amount_lcy): row for row in work.session.scalars(select(GLEntry))}
        payable, receivable = rows["1600", Decimal("-60.50")], rows["1300", Decimal(100)]
        assert (payable.document_type, payable.document_no) == ("invoice", "PI-00001")
        assert (payable.source_type, payable.source_no) == ("vendor", "V-NL")
        assert (receivable.document_type, receivable.document_no) == ("sales_invoice", "SI-1")
        assert receivable.source_type == "customer"


def test_states_of_older_rows_change(books: Books) -> None:
    write_full(books)

    with books.reading() as work:
        invoice, payment = work.session.scalars(select(VendorEntry).order_by(VendorEntry.entry_no)).all()
        details = work.session.scalars(select(DetailedVendorEntry)).all()
        assert (invoice.open, invoice.closed_by) == (False, payment.entry_no)
        assert (payment.open, payment.closed_by) == (False, invoice.entry_no)
        assert [row.application_no for row in details] == [None, None, 3, 3]
        assert get_posted(work, "PI-00001").cancelled_by_no == "P-00001"
        first, added = work.session.scalars(select(PostedReceiptLine).order_by(PostedReceiptLine.id))
        assert (first.quantity_invoiced, first.register_no) == (Decimal(5), None)
        assert (added.is_correction, added.register_no) == (True, 2)
        assert [row.amount for row in work.session.scalars(select(BankEntry))] == [0, Decimal("-60.50")]


def test_what_the_session_holds_is_read_again_after_a_state_changed(books: Books) -> None:
    with books.work() as work:
        write(work, full_batch())
        entry = work.session.get_one(VendorEntry, 1)
        assert entry.open
        write(work, later_batch())
        assert not entry.open


def test_stock_and_costs_run_along(books: Books) -> None:
    """PO-125; the running stock is what the entries add up to."""
    with books.work() as work:
        write(work, full_batch())

    with books.reading() as work:
        balance = work.session.scalars(select(StockBalance)).one()
        assert (balance.item_no, balance.quantity, balance.value) == ("I-FIFO", Decimal(3), Decimal(30))
        item = find_item(work, "I-FIFO")
        assert item is not None
        assert (item.unit_cost, item.last_direct_cost) == (Decimal(10), Decimal(10))


def test_batches_written_together_are_as_if_written_one_by_one(books: Books) -> None:
    """Each keeps its own register, and the numbers follow their order."""
    with books.work() as work:
        written = write_many(work, [full_batch(n, f"f-{n}") for n in (1, 2, 3)])

    assert [each.register_no for each in written] == [1, 2, 3]
    assert [each.numbers[0] for each in written] == ["PI-00001", "PI-00002", "PI-00003"]
    with books.reading() as work:
        assert verify_books(work) == []
        entries = work.session.execute(select(GLEntry.register_no).order_by(GLEntry.entry_no)).scalars().all()
        assert entries == [1] * 9 + [2] * 9 + [3] * 9


def test_one_refused_batch_refuses_all_that_are_written_with_it(books: Books) -> None:
    """PO-165: nothing stays, no number is lost."""
    with pytest.raises(DomainError) as refused, books.work() as work:
        write_many(work, [full_batch(1, "f-1"), full_batch(2, "f-1")])

    assert refused.value.code == "ext_doc_no_exists"
    with books.work() as work:
        assert write(work, full_batch()).numbers[0] == "PI-00001"


def test_a_posted_number_is_never_given_twice(books: Books) -> None:
    """PU-37: a draft that keeps its number may meet one that bears it."""
    with books.work() as work:
        write(work, full_batch())
    again = full_batch(2, "f-2")
    again = replace(again, vouchers=(voucher("invoice", number="PI-00001"), *again.vouchers[1:]))

    with pytest.raises(DomainError) as refused, books.work() as work:
        write(work, again)

    assert refused.value.code == "posted_no_exists"


def test_a_batch_out_of_balance_cannot_exist() -> None:
    """PO-2."""
    batch = full_batch()
    with pytest.raises(DomainError) as refused:
        replace(batch, general=batch.general[1:])
    assert refused.value.code == "inconsistent_transaction"


def test_an_empty_posting_has_a_register_only(books: Books) -> None:
    """A run that moves nothing between accounts still says who ran it."""
    with books.work() as work:
        written = write(work, Batch("test", (voucher("application", number="A-1"),)))
        register = work.session.get_one(Register, written.register_no)
        assert register.sealed
        assert register.hash == content_hash(work, register)
