"""Steps of a golden case as calls of the product: one user action and one transaction each."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Barrier
from typing import Any

from core.errors import DomainError
from core.posting.adjustment import InventoryAdjustment, adjust_inventory
from core.posting.application import OLDEST, ApplyTo, apply_entries
from core.posting.correction import cancel, correct
from core.posting.engine import Posted, post, post_with_retry
from core.posting.payment import PaymentDraft, post_payment
from core.posting.sales import post_sales, sell
from core.posting.selection import Selection
from core.posting.unapply import unapply
from core.posting.undo import undo_receipt
from core.purchasing.document import DocumentKind, PurchaseDocument
from core.purchasing.draft_header import change_header
from core.purchasing.drafts import get_draft, release
from core.purchasing.from_sales import SaleSource, purchase_from_sale
from core.purchasing.orders import set_to_post
from core.purchasing.quantities import QuantityToPost, outstanding, received_not_invoiced
from core.sales.document import SalesKind
from core.sales.drafts import SalesDraft, create_sales, release_sales
from core.work import Work
from tests.books import Books
from tests.golden import drafts
from tests.golden.case import merged
from tests.golden.company import change_company
from tests.golden.references import (
    NotBuilt,
    Reference,
    open_order,
    purchase_lines,
    sales_lines,
    vendor_entry_of,
)

Step = Mapping[str, Any]
REASON = "golden case"


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
            "order": self._order,
            "receive": self._receive,
            "invoice_order": self._invoice_order,
            "post_invoice": self._post_invoice,
            "draft_invoice": self._draft_invoice,
            "post": self._post,
            "post_parallel": self._post_parallel,
            "post_credit_memo": self._post_credit_memo,
            "cancel_invoice": self._cancel_invoice,
            "correct_invoice": self._correct_invoice,
            "undo_receipt": self._undo_receipt,
            "pay": self._pay,
            "apply": self._apply,
            "unapply": self._unapply,
            "sell": self._sell,
            "sales_order": self._sales_order,
            "invoice_sales": self._invoice_sales,
            "purchase_from_sale": self._purchase_from_sale,
            "adjust_inventory": self._adjust_inventory,
            "hold": self._hold,
            "change": self._change,
        }
        if step["do"] not in steps:
            raise NotBuilt(step["do"])
        steps[step["do"]](step)

    def _order(self, step: Step) -> None:
        with self.books.work() as work:
            document = drafts.make_order(work, self.references, step)
            release(work, document)
            quantities = [line.quantity for line in purchase_lines(document.lines).values()]
        self._remember(step, Reference("order", document.id, quantities=quantities))

    def _receive(self, step: Step) -> None:
        with self.books.work() as work:
            document = open_order(work, self.references[step["order"]])
            change_header(work, document, drafts.header_change(step))
            lines = purchase_lines(document.lines)
            wanted = step.get("quantities")
            quantities = {
                line.line_no: QuantityToPost(receive=drafts.wanted(wanted, position, outstanding(line)))
                for position, line in lines.items()
            }
            set_to_post(work, document, quantities)
            posted = post(work, document.id, selection=Selection(receive=True))
        self._remember(step, Reference("receipt", document.id, posted.receipt_no))

    def _invoice_order(self, step: Step) -> None:
        with self.books.work() as work:
            document = open_order(work, self.references[step["order"]])
            with drafts.for_this_bill(work, document, step):
                posted = self._bill(work, document, step)
        self._remember(step, Reference("invoice", document.id, posted.posted_no))

    def _bill(self, work: Work, document: PurchaseDocument, step: Step) -> Posted:
        """What is received and not invoiced; with `receive` as much is received first."""
        receive = step.get("receive", False)
        lines = purchase_lines(document.lines)
        quantities = {}
        for position, line in lines.items():
            there = received_not_invoiced(line)
            arriving = drafts.wanted(step.get("quantities"), position, outstanding(line)) if receive else 0
            taken = drafts.wanted(step.get("quantities"), position, there + arriving)
            quantities[line.line_no] = QuantityToPost(drafts.exact(arriving), taken)
        set_to_post(work, document, quantities)
        costs = {lines[at].line_no: drafts.exact(cost) for at, cost in step.get("unit_costs", {}).items()}
        selection = Selection(receive=receive, invoice=True, unit_costs=costs)
        return post(work, document.id, selection=selection)

    def _post_invoice(self, step: Step) -> None:
        self._make_and_post(step, DocumentKind.INVOICE)

    def _post_credit_memo(self, step: Step) -> None:
        self._make_and_post(step, DocumentKind.CREDIT_MEMO)

    def _make_and_post(self, step: Step, kind: DocumentKind) -> None:
        with self.books.work() as work:
            document = drafts.make(work, self.references, step, kind)
            posted = post(work, document.id, version=document.version)
        self._remember(step, Reference(kind.value, document.id, posted.posted_no))

    def _draft_invoice(self, step: Step) -> None:
        with self.books.work() as work:
            document = drafts.make(work, self.references, step, DocumentKind.INVOICE)
        self._remember(step, Reference(DocumentKind.INVOICE.value, document.id))

    def _post(self, step: Step) -> None:
        reference = self.references[step["document"]]
        with self.books.work() as work:
            drafts.replace(work, self.references, reference.draft_id, step)
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

    def _cancel_invoice(self, step: Step) -> None:
        with self.books.work() as work:
            done = cancel(work, self.references[step["invoice"]].no, REASON)
        self._remember(step, Reference("credit_memo", posted_no=done.posted_no))

    def _correct_invoice(self, step: Step) -> None:
        with self.books.work() as work:
            done = correct(work, self.references[step["invoice"]].no, REASON)
        self._remember(step, Reference("credit_memo", posted_no=done.credit_memo_no))
        if done.draft_id is not None:
            self.references[step["new"]] = Reference("invoice", done.draft_id)

    def _undo_receipt(self, step: Step) -> None:
        with self.books.work() as work:
            undo_receipt(work, self.references[step["receipt"]].no)

    def _pay(self, step: Step) -> None:
        apply = step.get("apply")
        payment = PaymentDraft(
            vendor_no=step["vendor"],
            posting_date=step["date"],
            bank_code=step["bank"],
            amount=drafts.exact(step["amount"]),
            currency_code=step.get("currency") or self.setup["banks"][step["bank"]].get("currency"),
            exchange_rate=drafts.maybe(step.get("rate")),
            apply=apply if apply in (None, OLDEST) else self._targets(apply),
        )
        with self.books.work() as work:
            posted = post_payment(work, payment)
        self._remember(step, Reference("payment", posted_no=posted.payment_no))

    def _apply(self, step: Step) -> None:
        with self.books.work() as work:
            source = vendor_entry_of(work, self.references[step["document"]])
            apply_entries(work, source, self._targets(step["to"]), step["date"])

    def _unapply(self, step: Step) -> None:
        with self.books.work() as work:
            entry_no = vendor_entry_of(work, self.references[step["document"]])
            unapply(work, entry_no, step["date"])

    def _targets(self, rows: list[Step]) -> list[ApplyTo]:
        if any("accept_late_discount" in row for row in rows):
            raise NotBuilt("accept_late_discount")
        with self.books.reading() as work:
            return [
                ApplyTo(
                    entry_no=vendor_entry_of(work, self.references[row["document"]]),
                    amount=drafts.maybe(row.get("amount")),
                )
                for row in rows
            ]

    def _sell(self, step: Step) -> None:
        """Without a customer goods leave at their cost and nobody is charged."""
        with self.books.work() as work:
            lines = drafts.sales_drafts(work, self.references, step)
            draft = SalesDraft(step.get("customer"), step["date"], SalesKind.INVOICE, lines=lines)
            posted = sell(work, draft)
        self._remember(step, Reference("sales_invoice", posted_no=posted.posted_no))

    def _sales_order(self, step: Step) -> None:
        with self.books.work() as work:
            lines = drafts.sales_drafts(work, self.references, step)
            draft = SalesDraft(step["customer"], step["date"], SalesKind.ORDER, lines=lines)
            document = create_sales(work, draft)
            release_sales(work, document)
            reference = Reference("sales_order", document.id, document.document_no)
            reference.quantities = [line.quantity for line in sales_lines(document.lines).values()]
        self._remember(step, reference)

    def _invoice_sales(self, step: Step) -> None:
        order = self.references[step["order"]]
        with self.books.work() as work:
            drafts.date_sales(work, order.draft_id, step["date"])
            posted = post_sales(work, order.draft_id, ship=False, invoice=True)
        self._remember(step, Reference("sales_invoice", order.draft_id, posted.posted_no))

    def _purchase_from_sale(self, step: Step) -> None:
        sale = self.references[step["sale"]]
        with self.books.work() as work:
            chosen = drafts.chosen_sales_lines(work, sale, step.get("lines"))
            source = SaleSource.ORDER if sale.kind == "sales_order" else SaleSource.POSTED_INVOICE
            numbers = list(chosen.values()) if "lines" in step else None
            made = purchase_from_sale(work, source, sale.no, numbers, step["vendor"]).document
            drafts.finish_copy(work, made, list(chosen), step)
        self._remember(step, Reference("invoice", made.id))

    def _adjust_inventory(self, step: Step) -> None:
        adjustment = InventoryAdjustment(
            item_no=step["item"],
            quantity=drafts.exact(step["quantity"]),
            unit_cost=drafts.maybe(step.get("unit_cost")),
            posting_date=step["date"],
        )
        with self.books.work() as work:
            number = adjust_inventory(work, adjustment)
        self._remember(step, Reference("inventory_adjustment", posted_no=number))

    def _hold(self, step: Step) -> None:
        with self.books.work() as work:
            drafts.put_on_hold(work, self.references[step["document"]], REASON)

    def _change(self, step: Step) -> None:
        self.setup = merged(self.setup, step["set"])
        with self.books.work() as work:
            change_company(work, self.setup)

    def _remember(self, step: Step, reference: Reference) -> None:
        if "ref" in step:
            self.references[step["ref"]] = reference
