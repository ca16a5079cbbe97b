"""The posted invoice, its entries with their place on the page, and finding the entries of a document."""

from __future__ import annotations

from fastapi.responses import Response

from core.ledgers.find import find_documents, find_entries
from core.master.accounts import list_accounts
from core.master.items import find_item
from core.master.rights import Right
from core.purchasing.document import DocumentKind, LineType
from core.purchasing.posted import PostedDocument, find_posted
from core.work import Work
from pipeline.workflow.answers import linked_to
from pipeline.workflow.review import open_review
from web.errors import not_found
from web.posted_screen import PostedScreen, find_row
from web.posted_taking_back import related_documents, taking_back
from web.review_place import find_place
from web.review_screen import ReviewScreen
from web.review_values import COLUMNS
from web.routing import Desk
from web.view import DeskContext, DeskRequest

router = Desk()


@router.page("/invoices/{posted_no}", right=Right.POSTED_READ)
def posted_invoice(desk: DeskRequest, posted_no: str, entry: str = "") -> Response:
    """A posted invoice: its page, its lines, and every entry that it left in the ledgers."""
    return _posted(desk, posted_no, DocumentKind.INVOICE, entry)


@router.page("/credit-memos/{posted_no}", right=Right.POSTED_READ)
def posted_credit_memo(desk: DeskRequest, posted_no: str, entry: str = "") -> Response:
    """A posted credit memo, in the same way."""
    return _posted(desk, posted_no, DocumentKind.CREDIT_MEMO, entry)


def _posted(desk: DeskContext, posted_no: str, kind: DocumentKind, entry: str) -> Response:
    with desk.reading() as work:
        document = find_posted(work, posted_no, kind.value)
        if document is None:
            raise not_found(posted_no)
        entries = find_entries(work, posted_no, document.posting_date)
        names = _names(desk, work, document)
        incoming = linked_to(work, document.draft_id)
        view = open_review(work, incoming.id) if incoming else None
        place = find_place(work, view.document, "all") if view else None
        screen = PostedScreen(desk, document, entries, names, view)
        page = ReviewScreen(desk, view, place) if view and place else None
        row = find_row(screen, entry) if entry else None
        return desk.render(
            "posted.html",
            posted=screen,
            screen=page,
            columns=COLUMNS,
            taking_back=taking_back(desk, work, document, entries),
            related=related_documents(work, document),
            state={
                "kind": document.kind,
                "no": document.posted_no,
                "fields": page.evidence() if page else [],
                "show": list(row.origin.keys) if row else [],
                "entry": row.name if row else "",
                "tab": "entries" if row and not row.name.startswith("line-") else "lines",
            },
        )


@router.page("/find", right=Right.LEDGER_READ)
def find(desk: DeskRequest, doc: str = "") -> Response:
    """Every ledger that has entries of a document, by its number or the vendor's own."""
    with desk.reading() as work:
        documents = [
            find_posted(work, found.document_no, found.document_type) for found in find_documents(work, doc)
        ]
        found = [
            PostedScreen(
                desk,
                document,
                find_entries(work, document.posted_no, document.posting_date),
                _names(desk, work, document),
                None,
            )
            for document in documents
            if document is not None
        ]
        return desk.render("find.html", wanted=doc.strip(), found=found)


def _names(desk: DeskContext, work: Work, document: PostedDocument) -> dict[str, str]:
    """What accounts and items of the document are called, by number."""
    names = {account.account_no: account.name_in(desk.language) for account in list_accounts(work)}
    for line in document.lines:
        item = find_item(work, line.no) if line.type == LineType.ITEM and line.no else None
        if item is not None:
            names[item.item_no] = item.description
    return names
