"""Versions, remarks, files and recurring lines of documents (PU-63 to PU-65, PU-90, PU-190, PU-193)."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from core.master.company import get_company
from core.purchasing.archive import archive, archive_if_set_up, delete_version, restore, versions
from core.purchasing.attachments import (
    AttachedTo,
    StoredFile,
    attach,
    attachments,
    carry_to_posted,
    detach,
    take_card_files,
)
from core.purchasing.comments import add_comment, delete_comment, list_comments
from core.purchasing.document import DocumentKind
from core.purchasing.draft_header import change_header
from core.purchasing.draft_inputs import HeaderChange, LineChange
from core.purchasing.drafts import change_line, delete_draft, delete_line
from core.purchasing.recurring import (
    RecurringCode,
    RecurringLine,
    RecurringMode,
    VendorRecurring,
    get_recurring_lines,
    recurring_codes,
    take_automatic_lines,
)
from core.work import Work
from tests.books import Books
from tests.core.purchasing.documents import account, comment, document, item, received, refused

DRAWING = StoredFile("d" * 64, "drawing.pdf", "application/pdf", 10)
TERMS = StoredFile("e" * 64, "terms.pdf", "application/pdf", 20)


def test_a_version_holds_the_whole_document_and_can_be_restored(books: Books) -> None:
    """PU-63, PU-64."""
    with books.work() as work:
        order = document(
            work,
            item("10", "4.00", discount_percent=Decimal(5)),
            comment(),
            vat_amounts={"H21": Decimal("7.99")},
        )
        add_comment(work, order, "First")
        kept = archive(work, order)
        change_line(work, order, 1, LineChange(quantity=Decimal(3), description="Other"))
        delete_line(work, order, 2)
        change_header(work, order, HeaderChange(order_reference="X"))
        add_comment(work, order, "Second")
        number, version = order.document_no, order.version
        restored = restore(work, kept)
        assert (restored.document_no, restored.status, restored.restored_version) == (number, "open", 1)
        assert restored.version > version and restored.order_reference is None
        assert [(line.type, line.quantity, line.qty_to_receive) for line in restored.lines] == [
            ("item", 10, 10),
            ("comment", 0, 0),
        ]
        assert restored.lines[0].discount_percent == 5
        assert [row.text for row in list_comments(work, restored)] == ["First"]
        assert [row.amount for row in restored.vat_amounts] == [Decimal("7.99")]


def test_a_version_of_a_document_that_is_gone_is_not_restored(books: Books) -> None:
    """PU-64, and PU-63: another document with the number is another occurrence."""
    with books.work() as work:
        order = document(work, item())
        kept = archive(work, order)
        number = order.document_no
        delete_draft(work, order)
        with refused("archive_source_missing"):
            restore(work, kept)
        other = document(work, item())
        other.document_no, other.created_at = number, work.now + timedelta(hours=1)
        work.session.flush()
        with refused("archive_source_missing"):
            restore(work, kept)
        assert (archive(work, other).occurrence, archive(work, other).version_no) == (2, 2)
        delete_version(work, kept)
        assert [row.occurrence for row in versions(work, DocumentKind.ORDER, number)] == [2, 2]


def test_a_partly_posted_order_is_not_restored(books: Books) -> None:
    """PU-64."""
    with books.work() as work:
        order = document(work, item())
        kept = archive(work, order)
        received(order.lines[0], "1")
        with refused("archive_partly_posted"):
            restore(work, kept)


@pytest.mark.parametrize(
    ("settings", "kind", "answer", "is_kept"),
    [
        ({}, DocumentKind.ORDER, True, False),
        ({"archive_orders": True}, DocumentKind.ORDER, False, True),
        ({"archive_orders": True}, DocumentKind.RETURN_ORDER, False, True),
        ({"archive_orders": True}, DocumentKind.INVOICE, True, False),
        ({"archive_quotes": "question"}, DocumentKind.QUOTE, False, False),
        ({"archive_quotes": "question"}, DocumentKind.QUOTE, True, True),
        ({"archive_quotes": "always"}, DocumentKind.QUOTE, False, True),
        ({}, DocumentKind.QUOTE, True, False),
    ],
)
def test_what_is_archived_by_itself_is_set_up(
    books: Books, settings: dict[str, Any], kind: DocumentKind, answer: bool, is_kept: bool
) -> None:
    """PU-63."""
    with books.work() as work:
        for name, setting in settings.items():
            setattr(get_company(work), name, setting)
        made = document(work, item(), kind=kind)
        assert (archive_if_set_up(work, made, "deletion", confirmed=answer) is not None) == is_kept


def test_a_deleted_order_leaves_a_version_when_it_is_set_up(books: Books) -> None:
    """PU-63."""
    with books.work() as work:
        get_company(work).archive_orders = True
        order = document(work, item())
        number = order.document_no
        delete_draft(work, order)
        assert [row.reason for row in versions(work, DocumentKind.ORDER, number)] == ["deletion"]


def test_remarks_stand_with_their_date_and_go_with_their_line(books: Books) -> None:
    """PU-190."""
    with books.work() as work:
        order = document(work, item(), item("2"))
        add_comment(work, order, " Call first ", on=date(2026, 1, 5))
        add_comment(work, order, "Gently", line_no=2)
        gone = add_comment(work, order, "Twice")
        with refused("field_missing"):
            add_comment(work, order, " ")
        with refused("line_unknown"):
            add_comment(work, order, "Where?", line_no=9)
        delete_comment(work, order, gone.id)
        delete_comment(work, order, gone.id)
        shown = [(row.line_no, row.text, row.commented_by) for row in list_comments(work, order)]
        assert shown == [(None, "Call first", "bea"), (2, "Gently", "bea")]
        delete_line(work, order, 2)
        assert len(list_comments(work, order)) == 1
        delete_draft(work, order)
        assert list_comments(work, order) == []


def test_files_flow_from_cards_to_documents_and_on_to_what_is_posted(books: Books) -> None:
    """PU-193: each is there once, and one of a posted document stays."""
    with books.work() as work:
        attach(work, AttachedTo.ITEM, "I-FIFO", DRAWING, flows_to_purchase=True)
        attach(work, AttachedTo.VENDOR, "V-NL", TERMS)
        order = document(work, item(), item("2"))
        take_card_files(work, order)
        take_card_files(work, order)
        names = [row.name for row in attachments(work, AttachedTo.ORDER, order.document_no)]
        assert names == ["drawing.pdf"]
        carry_to_posted(work, order, "PI-1", "R-1")
        posted = attachments(work, AttachedTo.POSTED_INVOICE, "PI-1")
        assert [row.sha256 for row in posted] == [DRAWING.sha256]
        assert len(attachments(work, AttachedTo.POSTED_RECEIPT, "R-1")) == 1
        with refused("posted_file_stays"):
            detach(work, posted[0].id)
        own = attachments(work, AttachedTo.VENDOR, "V-NL")[0].id
        detach(work, own)
        detach(work, own)
        assert attachments(work, AttachedTo.VENDOR, "V-NL") == []


def rent(work: Work, mode: RecurringMode = RecurringMode.MANUAL, **more: Any) -> None:
    """Lines that come back at V-NL."""
    work.session.add(
        RecurringCode(
            code="RENT",
            description="Rent",
            currency_code=more.pop("currency_code", None),
            lines=[
                RecurringLine(line_no=1, type="comment", description="Rent of the month"),
                RecurringLine(
                    line_no=2, type="account", no="4100", quantity=Decimal(1), amount=Decimal("750.00")
                ),
                RecurringLine(line_no=3, type="item", no="I-FIFO", quantity=Decimal(2)),
            ],
        )
    )
    work.session.flush()
    work.session.add(VendorRecurring(vendor_no="V-NL", code="RENT", kind="invoice", mode=mode.value, **more))
    work.session.flush()


def test_recurring_lines_are_appended(books: Books) -> None:
    """PU-90: items are priced by the records unless the code holds an amount."""
    with books.work() as work:
        rent(work)
        bill = document(work, account(), kind=DocumentKind.INVOICE)
        assert take_automatic_lines(work, bill) == []
        get_recurring_lines(work, bill, "RENT")
        assert [(line.line_no, line.type, line.unit_cost) for line in bill.lines] == [
            (1, "account", 100),
            (2, "comment", 0),
            (3, "account", 750),
            (4, "item", 0),
        ]


@pytest.mark.parametrize(
    "more",
    [
        {"currency_code": "USD"},
        {"starting_date": date(2026, 4, 1)},
        {"ending_date": date(2026, 1, 31)},
    ],
)
def test_recurring_lines_fit_currency_and_dates(books: Books, more: dict[str, Any]) -> None:
    """PU-90."""
    with books.work() as work:
        rent(work, RecurringMode.AUTOMATIC, **more)
        bill = document(work, account(), kind=DocumentKind.INVOICE)
        assert recurring_codes(work, bill) == []
        with refused("recurring_unknown"):
            get_recurring_lines(work, bill, "RENT")
        order = document(work, item())
        assert take_automatic_lines(work, order) == []


def test_automatic_lines_come_by_themselves(books: Books) -> None:
    """PU-90."""
    with books.work() as work:
        rent(work, RecurringMode.AUTOMATIC)
        bill = document(work, kind=DocumentKind.INVOICE)
        assert len(take_automatic_lines(work, bill)) == 3
