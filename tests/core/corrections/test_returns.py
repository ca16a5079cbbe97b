"""Returns at exact cost, and drafts that take posted lines back (PU-134, PU-139 to PU-141)."""

from decimal import Decimal
from typing import Any

from core.master.dimensions import (
    DefaultDimension,
    Dimension,
    DimensionCombination,
    DimensionedPart,
    DimensionValue,
    Owner,
    Source,
    check_dimensions,
    default_dimensions,
)
from core.posting.engine import post
from core.purchasing.document import DocumentKind
from core.purchasing.draft_header import change_header
from core.purchasing.draft_inputs import HeaderChange
from core.purchasing.drafts import create_draft
from core.purchasing.returns import read_effects
from core.purchasing.reversing import (
    PostedLineKey,
    ReverseFrom,
    create_corrective_credit_memo,
    get_lines_to_reverse,
    lines_to_reverse,
)
from tests.books import Books
from tests.core.builders import (
    account_line,
    credit_memo,
    invoice,
    item_line,
    make,
    post_draft,
    set_company,
    stock,
)
from tests.core.refusals import Refused


def entry_of(books: Books, posted_no: str | None) -> int:
    """The item entry of the first line."""
    with books.reading() as work:
        return read_effects(work, "invoice", posted_no or "")[1].moved[0].entry_no


def test_the_second_receipt_leaves_at_its_own_cost(books: Books) -> None:
    """The example of §7.3: 10 at 4.00 and 10 at 5.00, 4 of the second go back."""
    post_draft(books, invoice(item_line("10", "4.00")))
    second = post_draft(books, invoice(item_line("10", "5.00")))
    entry_no = entry_of(books, second.posted_no)
    post_draft(books, credit_memo(item_line("4", "5.00", applies_to_item_entry_no=entry_no)))
    assert stock(books, "I-FIFO") == (Decimal(16), Decimal(70))


def test_links_are_checked(books: Books) -> None:
    first = post_draft(books, invoice(item_line("10", "4.00")))
    entry_no = entry_of(books, first.posted_no)
    refused = Refused(books)

    def returning(quantity: str, **more: Any) -> Any:
        document_id = make(books, credit_memo(item_line(quantity, "4.00", **more)))
        return lambda work: post(work, document_id)

    refused("appl_to_item_entry_invalid", returning("1", applies_to_item_entry_no=999))
    refused("appl_to_item_entry_invalid", returning("1", item="I-AVG", applies_to_item_entry_no=entry_no))
    post_draft(books, credit_memo(item_line("3", "4.00", applies_to_item_entry_no=entry_no)))
    (problem,) = refused("return_exceeds_received", returning("8", applies_to_item_entry_no=entry_no))
    assert (problem.values["returned"], problem.values["left"]) == ("3", "7")
    set_company(books, exact_cost_reversing_mandatory=True)
    refused("appl_to_item_entry_missing", returning("1"))


def test_a_corrective_credit_memo_proposes_the_invoice_and_links_its_goods(books: Books) -> None:
    posted = post_draft(books, invoice(item_line("10", "4.00"), account_line("60.00")))
    with books.work() as work:
        made = create_corrective_credit_memo(work, posted.posted_no or "")
        assert made.is_applied
        assert [line.applies_to_item_entry_no is not None for line in made.document.lines] == [True, False]
        assert (made.document.corrects_no, made.document.is_cancellation) == (posted.posted_no, False)
        change_header(work, made.document, HeaderChange(vendor_document_no="C-1"))
        post(work, made.document.id)
    assert stock(books, "I-FIFO") == (Decimal(0), Decimal(0))


def test_what_was_returned_is_left_out_of_lines_to_reverse(books: Books) -> None:
    posted = post_draft(books, invoice(item_line("10", "4.00"), account_line("60.00")))
    entry_no = entry_of(books, posted.posted_no)
    post_draft(books, credit_memo(item_line("3", "4.00", applies_to_item_entry_no=entry_no)))
    key = PostedLineKey(ReverseFrom.INVOICE, posted.posted_no or "", 1)
    with books.work() as work:
        document = create_draft(work, credit_memo())
        offered = {line.key: line.left for line in lines_to_reverse(work, document)}
        assert offered[key] == 7
        made = get_lines_to_reverse(work, document, [key])
        assert document.kind == DocumentKind.CREDIT_MEMO
        assert [(line.quantity, line.applies_to_item_entry_no) for line in made.lines] == [
            (Decimal(7), entry_no)
        ]
        assert (made.reduced, made.skipped) == ((key,), ())
    post_draft(books, credit_memo(item_line("7", "4.00", applies_to_item_entry_no=entry_no)))
    with books.work() as work:
        made = get_lines_to_reverse(work, create_draft(work, credit_memo()), [key])
        assert (made.lines, made.skipped) == ((), (key,))


def test_dimensions_default_by_priority_and_are_checked(books: Books) -> None:
    """PU-191: item before vendor; blocked values, blocked combinations and rules are found (check 5)."""
    item, vendor = Source(Owner.ITEM, "I-FIFO"), Source(Owner.VENDOR, "V-NL")
    with books.work() as work:
        work.session.add_all(
            [Dimension(code="DEPT", name="Department"), Dimension(code="PROJ", name="Project")]
        )
        work.session.flush()
        values = (("DEPT", "ADM", False), ("DEPT", "OLD", True), ("PROJ", "X", False))
        work.session.add_all(
            DimensionValue(dimension_code=code, code=value, name=value, blocked=blocked)
            for code, value, blocked in values
        )
        work.session.add(DimensionCombination(first_code="DEPT", first_value="ADM", second_code="PROJ"))
        work.session.add_all(
            [
                DefaultDimension(
                    owner="item", no="I-FIFO", dimension_code="DEPT", value_code="ADM", rule="same_code"
                ),
                DefaultDimension(owner="vendor", no="V-NL", dimension_code="DEPT", value_code="OLD"),
                DefaultDimension(owner="vendor", no="V-NL", dimension_code="PROJ", value_code="X"),
            ]
        )
        work.session.flush()
        header = default_dimensions(work, [vendor])
        assert header == "DEPT=OLD;PROJ=X"
        assert default_dimensions(work, [item], header) == "DEPT=ADM;PROJ=X"

        def reasons(dimensions: str | None, *sources: Source) -> list[str]:
            part = DimensionedPart(dimensions, sources, "I-FIFO", 1)
            return [str(problem.values["reason"]) for problem in check_dimensions(work, [part])]

        assert reasons("DEPT=ADM", item) == []
        assert reasons("DEPT=OLD", item) == ["dimension_blocked", "dimension_same"]
        assert reasons("DEPT=ADM;PROJ=X") == ["dimension_combination"]
        assert reasons("DEPT=NONE") == ["dimension_unknown"]
        assert reasons(None, item) == ["dimension_same"]
