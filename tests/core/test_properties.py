"""What always holds, whatever is posted: random invoices keep the books and their previews.

PO-2 balance, PO-6 payables, PO-7 stock value, PO-8 VAT, PO-9 empty items (check 16), PU-178 preview.
"""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import DomainError
from core.ledgers.find import find_entries
from core.posting.engine import post, preview
from core.posting.preview import Preview
from core.purchasing.document import DocumentKind, LineType, PurchaseDocument
from core.purchasing.draft_inputs import DocumentDraft, LineDraft
from core.purchasing.drafts import create_draft
from core.reports.reconciliation import verify_books
from core.work import Work
from tests.books import Books
from tests.core.builders import invoice, set_company

MANY = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
VAT = {"V-NL": ["H", "L", "Z", "ND", "IMP"], "V-EU": ["H", "L", "Z"], "V-USD": ["H", "L", "Z"]}
ITEMS = ("I-FIFO", "I-FIFO2", "I-AVG", "I-STD", "I-SVC", "I-NON")

money = st.decimals("0.01", "9999.99", places=2)
costs = st.decimals("0.00001", "500", places=5)
quantities = st.one_of(
    st.integers(1, 40).map(Decimal), st.decimals("0.001", "20", places=3), st.integers(-6, -1).map(Decimal)
)
percents = st.sampled_from(
    [Decimal(0), Decimal(0), Decimal("2.5"), Decimal(10), Decimal("33.333"), Decimal(100)]
)


@st.composite
def lines(draw: st.DrawFn, vendor: str) -> LineDraft:
    vat = draw(st.sampled_from(VAT[vendor]))
    if draw(st.booleans()):
        item = draw(st.sampled_from(ITEMS))
        return LineDraft(
            LineType.ITEM,
            item,
            quantity=draw(quantities),
            unit_cost=draw(costs),
            discount_percent=draw(percents),
            vat_product=vat if vat != "IMP" else "H",
            allow_invoice_discount=draw(st.booleans()),
        )
    return LineDraft(
        LineType.ACCOUNT,
        draw(st.sampled_from(["4100", "4200", "4300"])),
        quantity=draw(st.sampled_from([Decimal(1), Decimal(3), Decimal(-1), Decimal("0.333")])),
        unit_cost=draw(costs),
        discount_percent=draw(percents),
        vat_product=vat,
        allow_invoice_discount=draw(st.booleans()),
    )


@st.composite
def drafts(draw: st.DrawFn) -> DocumentDraft:
    vendor = draw(st.sampled_from(sorted(VAT)))
    discount = draw(st.sampled_from([None, None, Decimal(3), Decimal("12.5")]))
    return invoice(
        *draw(st.lists(lines(vendor), min_size=1, max_size=6)),
        LineDraft(LineType.ACCOUNT, "4400", unit_cost=draw(money), vat_product="H"),
        vendor=vendor,
        on=draw(st.sampled_from([date(2026, 3, day) for day in (1, 1, 2, 15, 31)])),
        kind=draw(st.sampled_from([DocumentKind.INVOICE] * 4 + [DocumentKind.CREDIT_MEMO])),
        prices_include_vat=draw(st.booleans()),
        invoice_discount_percent=discount,
    )


@pytest.mark.parametrize("posting", ["none", "all"])
def test_random_documents_keep_the_books_and_are_posted_as_previewed(books: Books, posting: str) -> None:
    set_company(books, discount_posting=posting)
    tally = {"posted": 0, "refused": 0}

    @MANY
    @given(drafts())
    def check(draft: DocumentDraft) -> None:
        with books.work() as work:
            document = create_draft(work, draft)
            before = preview(work, document)
            assert preview(work, document) == before, "two previews in a row give the same result"
        try:
            with books.work() as work:
                posted = post(work, document.id)
                assert _as_previewed(work, posted.posted_no, document) == _comparable(before)
        except DomainError as refused:
            tally["refused"] += 1
            expected = {problem.code for problem in before.problems}
            assert {problem.code for problem in refused.problems} <= expected
        else:
            tally["posted"] += 1
            assert before.problems == ()

    check()
    with books.reading() as work:
        assert verify_books(work) == []
    assert tally["posted"] >= 10, tally


def _comparable(shown: Preview) -> list[object]:
    return [
        [(row.account_no, row.description, row.debit, row.credit, row.line_no) for row in shown.general],
        [(row.identifier, row.base, row.amount, row.nondeductible_amount) for row in shown.vat],
        [(row.vendor_no, row.due_date, row.amount, row.amount_lcy) for row in shown.vendor],
        [(row.item_no, row.quantity, row.line_no) for row in shown.item],
        [(row.item_no, row.kind, row.quantity, row.cost) for row in shown.value],
    ]


def _as_previewed(work: Work, posted_no: str, document: PurchaseDocument) -> list[object]:
    """The posted entries in the shape of a preview."""
    entries = find_entries(work, posted_no, document.posting_date)
    zero = Decimal(0)
    detailed = {row.vendor_entry_no: row for row in entries.detailed}
    return [
        [
            (
                row.account_no,
                row.description,
                max(row.amount_lcy, zero),
                max(-row.amount_lcy, zero),
                row.line_no,
            )
            for row in entries.general
        ],
        [(row.identifier, row.base, row.amount, row.nondeductible_amount) for row in entries.vat],
        [
            (row.vendor_no, row.due_date, detailed[row.entry_no].amount, detailed[row.entry_no].amount_lcy)
            for row in entries.vendor
        ],
        [(row.item_no, row.quantity, row.line_no) for row in entries.item],
        [(row.item_no, row.kind, row.valued_quantity, row.cost_actual) for row in entries.value],
    ]
