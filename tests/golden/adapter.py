"""Steps of a golden case as calls of the product: one user action and one transaction each."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from decimal import Decimal
from threading import Barrier
from typing import Any

from core.errors import DomainError
from core.posting.engine import post, post_with_retry
from core.purchasing.document import DocumentKind, LineType
from core.purchasing.drafts import (
    DocumentDraft,
    HeaderChange,
    LineDraft,
    add_line,
    change_header,
    create_draft,
    delete_line,
    get_draft,
)
from core.work import Work
from tests.books import Books
from tests.golden.case import merged
from tests.golden.company import change_company

Step = Mapping[str, Any]


class NotBuilt(Exception):
    """The product cannot do this step yet."""


@dataclass
class Reference:
    """What a `ref` of a case stands for: a draft, and the posted document it became."""

    draft_id: int
    kind: str
    posted_no: str | None = None
    quantities: list[Decimal] = field(default_factory=list)

    @property
    def no(self) -> str:
        """The number of the posted document."""
        assert self.posted_no is not None, f"the {self.kind} is not posted"
        return self.posted_no


@dataclass
class Outcome:
    """What `post_parallel` came to."""

    succeeded: int
    refused_with: list[str]


@dataclass
class Adapter:
    """Runs steps on books and remembers what their names stand for."""

    books: Books
    setup: Mapping[str, Any]
    references: dict[str, Reference] = field(default_factory=dict)
    outcome: Outcome | None = None

    def run(self, step: Step) -> None:
        """Do one step. Raises DomainError when the product refuses it, NotBuilt when it is not there."""
        steps: Mapping[str, Callable[[Step], None]] = {
            "post_invoice": self._post_invoice,
            "draft_invoice": self._draft_invoice,
            "post": self._post,
            "post_parallel": self._post_parallel,
            "post_credit_memo": self._post_credit_memo,
            "change": self._change,
        }
        if step["do"] not in steps or "receipts" in step or "apply_to" in step:
            raise NotBuilt(step["do"])
        steps[step["do"]](step)

    def _post_invoice(self, step: Step) -> None:
        self._make_and_post(step, DocumentKind.INVOICE)

    def _post_credit_memo(self, step: Step) -> None:
        self._make_and_post(step, DocumentKind.CREDIT_MEMO)

    def _make_and_post(self, step: Step, kind: DocumentKind) -> None:
        with self.books.work() as work:
            document = create_draft(work, _draft(step, kind))
            posted = post(work, document.id, version=document.version)
        self._remember(step, Reference(document.id, kind.value, posted.posted_no))

    def _draft_invoice(self, step: Step) -> None:
        with self.books.work() as work:
            document = create_draft(work, _draft(step, DocumentKind.INVOICE))
        self._remember(step, Reference(document.id, DocumentKind.INVOICE.value))

    def _post(self, step: Step) -> None:
        reference = self.references[step["document"]]
        with self.books.work() as work:
            _replace(work, reference.draft_id, step)
            posted = post(work, reference.draft_id)
        reference.posted_no = posted.posted_no
        self._remember(step, reference)

    def _post_parallel(self, step: Step) -> None:
        """Real threads with connections of their own, started together on the same version."""
        reference = self.references[step["document"]]
        with self.books.reading() as work:
            version = get_draft(work, reference.draft_id).version
        together = Barrier(step["attempts"])

        def attempt(_: int) -> str:
            together.wait()
            try:
                posted = post_with_retry(self.books.work, reference.draft_id, version=version)
            except DomainError as error:
                return error.code
            reference.posted_no = posted.posted_no
            return ""

        with ThreadPoolExecutor(step["attempts"]) as pool:
            codes = list(pool.map(attempt, range(step["attempts"])))
        self.outcome = Outcome(codes.count(""), [code for code in codes if code])

    def _change(self, step: Step) -> None:
        self.setup = merged(self.setup, step["set"])
        with self.books.work() as work:
            change_company(work, self.setup)

    def _remember(self, step: Step, reference: Reference) -> None:
        if "ref" in step:
            self.references[step["ref"]] = reference


def _draft(step: Step, kind: DocumentKind) -> DocumentDraft:
    return DocumentDraft(
        vendor_no=step["vendor"],
        posting_date=step["date"],
        kind=kind,
        document_date=step.get("document_date"),
        vendor_document_no=step.get("vendor_document"),
        payment_terms=step.get("terms"),
        currency_code=step.get("currency"),
        exchange_rate=_exact(step.get("rate")),
        prices_include_vat=step.get("prices_include_vat"),
        invoice_discount_percent=_exact(step.get("invoice_discount_percent")),
        invoice_discount_amount=_exact(step.get("invoice_discount_amount")),
        vat_amounts={key: Decimal(value) for key, value in step.get("vat_amounts", {}).items()},
        total_gross_stated=_exact(step.get("document_total")),
        on_hold="golden" if step.get("on_hold") else None,
        lines=tuple(_line(line) for line in step["lines"]),
    )


def _line(line: Mapping[str, Any]) -> LineDraft:
    if "charge" in line or "applies_to" in line or "drop_shipment" in line:
        raise NotBuilt("charge, applies_to and drop_shipment lines")
    return LineDraft(
        type=LineType.ACCOUNT if "account" in line else LineType.ITEM,
        no=line.get("account") or line.get("item"),
        quantity=Decimal(line.get("quantity", 1)),
        unit_cost=_exact(line.get("unit_cost")),
        amount=_exact(line.get("amount")),
        unit=line.get("uom"),
        discount_percent=Decimal(line.get("discount_percent", 0)),
        vat_product=line.get("vat"),
        allow_invoice_discount=line.get("allow_invoice_discount", True),
    )


def _replace(work: Work, draft_id: int, step: Step) -> None:
    """Put the given fields on the draft before it is posted."""
    document = get_draft(work, draft_id)
    names = {"date": "posting_date", "vendor_document": "vendor_document_no", "vendor": "vendor_no"}
    change = {ours: step[theirs] for theirs, ours in names.items() if theirs in step}
    if change:
        change_header(work, document, HeaderChange(**change))
    if "lines" in step:
        for line in list(document.lines):
            delete_line(work, document, line.line_no)
        for line in step["lines"]:
            add_line(work, document, _line(line))


def _exact(value: Any) -> Decimal | None:
    return None if value is None else Decimal(value)
