"""Where purchase documents that are worked on live: their pages, and who may see and change them."""

from __future__ import annotations

from dataclasses import dataclass

from core.master.rights import Right
from core.purchasing.document import DocumentKind


@dataclass(frozen=True, slots=True)
class CardArea:
    """One kind of document: `key` names its texts and addresses, `card` is where one document is."""

    key: str
    kind: DocumentKind
    path: str
    card: str
    reads: Right
    works: Right

    def path_of(self, number: str) -> str:
        """The address of one document."""
        return self.card.format(no=number)

    @property
    def post_goods(self) -> bool:
        """Whether it is received, or shipped back, apart from its invoice."""
        return self.kind.posts_in_parts

    @property
    def posts_bill(self) -> bool:
        """Whether an invoice or credit memo comes of it; a quote becomes an order first."""
        return self.kind is not DocumentKind.QUOTE


ORDERS = CardArea("orders", DocumentKind.ORDER, "/orders", "/orders/{no}", Right.ORDER_READ, Right.ORDER_WORK)
QUOTES = CardArea("quotes", DocumentKind.QUOTE, "/quotes", "/quotes/{no}", Right.ORDER_READ, Right.ORDER_WORK)
RETURNS = CardArea(
    "returns", DocumentKind.RETURN_ORDER, "/returns", "/returns/{no}", Right.ORDER_READ, Right.ORDER_WORK
)
INVOICES = CardArea(
    "invoices",
    DocumentKind.INVOICE,
    "/invoices",
    "/invoices/draft/{no}",
    Right.DRAFT_READ,
    Right.DRAFT_WORK,
)
CREDIT_MEMOS = CardArea(
    "credit_memos",
    DocumentKind.CREDIT_MEMO,
    "/credit-memos",
    "/credit-memos/draft/{no}",
    Right.DRAFT_READ,
    Right.DRAFT_WORK,
)
AREAS = (ORDERS, QUOTES, RETURNS, INVOICES, CREDIT_MEMOS)


def area_of(kind: str) -> CardArea:
    """The area of a document of this kind."""
    return next(area for area in AREAS if area.kind == kind)


def find_area(key: str) -> CardArea | None:
    """The area that an address names."""
    return next((area for area in AREAS if area.key == key), None)
