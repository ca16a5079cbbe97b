"""Stock that moves on books, in a few words: each call is one posting of stock alone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import count

from sqlalchemy import func, select

from core.costing.movement import StockKey
from core.costing.stock import StockNeeds, read_stock
from core.ledgers.general import GLEntry
from core.ledgers.item import ItemEntry, MovementKind, ValueEntry
from core.ledgers.register import Register
from core.master.company import get_company
from core.posting.adjustment import lock_items, stock_batch
from core.posting.batch import Voucher
from core.posting.stock import StockSide, Tag
from core.posting.write import write
from core.reports.reconciliation import Difference, verify_books
from tests.books import Books

SOLD = MovementKind.SALE
BOUGHT = MovementKind.PURCHASE


def day(number: int, month: int = 2) -> date:
    """A day of 2026."""
    return date(2026, month, number)


@dataclass
class Goods:
    """Moves one item and answers with entry numbers."""

    books: Books
    item_no: str = "I-FIFO"
    _numbers: count = field(default_factory=lambda: count(1))

    def buy(self, quantity: str, amount: str, on: date) -> int:
        """A direct invoice."""
        return self._post(
            on,
            lambda side: side.increase(
                self._tag(BOUGHT),
                Decimal(quantity),
                actual=Decimal(amount),
                invoiced=True,
                price_net=Decimal(amount),
            ),
        )

    def receive(self, quantity: str, expected: str, on: date) -> int:
        """A receipt that is not invoiced."""
        return self._post(
            on,
            lambda side: side.increase(
                self._tag(BOUGHT), Decimal(quantity), expected=Decimal(expected), invoiced=False
            ),
        )

    def invoice(self, entry: int, quantity: str, amount: str, on: date) -> None:
        """An invoice for received goods."""
        self._post(
            on,
            lambda side: side.invoice(
                entry, self._tag(BOUGHT), Decimal(quantity), actual=Decimal(amount), price_net=Decimal(amount)
            ),
            entries={entry},
        )

    def sell(self, quantity: str, on: date, *, invoiced: bool = True) -> int:
        """Goods go to a customer, shipped and invoiced or shipped only."""
        return self._post(
            on,
            lambda side: side.decrease(self._tag(SOLD), Decimal(quantity), expected=not invoiced),
        )

    def invoice_sale(self, entry: int, quantity: str, on: date) -> None:
        """A sales invoice for shipped goods."""
        self._post(on, lambda side: side.invoice(entry, self._tag(SOLD), Decimal(quantity)), entries={entry})

    def give_back(self, quantity: str, on: date, *, of: int | None = None, credited: bool = True) -> int:
        """Goods go back to the vendor: of a named receipt, or by the costing method."""
        return self._post(
            on,
            lambda side: side.decrease(
                self._tag(BOUGHT), Decimal(quantity), applies_to=of, expected=not credited
            ),
            entries={of} if of else set(),
        )

    def take_back(self, quantity: str, on: date, *, of: int) -> int:
        """Goods that left come back at the cost of their decrease."""
        return self._post(
            on,
            lambda side: side.increase(self._tag(BOUGHT), Decimal(quantity), invoiced=True, applies_to=of),
            entries={of},
        )

    def undo(self, entry: int, on: date) -> int:
        """Undo a receipt or a shipment."""
        return self._post(on, lambda side: side.reverse(entry, self._tag(BOUGHT)), entries={entry})

    def charge(self, entry: int, amount: str, on: date) -> None:
        """Freight for a receipt."""
        self._post(
            on,
            lambda side: side.charge(entry, self._tag(BOUGHT), Decimal(amount), "FREIGHT", "FREIGHT"),
            entries={entry},
        )

    def state(self) -> tuple[Decimal, Decimal]:
        """Quantity and value now, actual plus expected."""
        with self.books.reading() as work:
            quantity = work.session.scalar(
                select(func.sum(ItemEntry.quantity)).where(ItemEntry.item_no == self.item_no)
            )
            value = work.session.scalar(
                select(func.sum(ValueEntry.cost_actual + ValueEntry.cost_expected)).where(
                    ValueEntry.item_no == self.item_no
                )
            )
            return quantity or Decimal(0), value or Decimal(0)

    def cost(self, entry: int) -> Decimal:
        """What a movement is worth now; a decrease as a positive amount."""
        with self.books.reading() as work:
            value = work.session.scalar(
                select(func.sum(ValueEntry.cost_actual + ValueEntry.cost_expected)).where(
                    ValueEntry.item_entry_no == entry
                )
            )
            return abs(value or Decimal(0))

    def last_postings(self) -> Mapping[str, Decimal]:
        """Sum per account of the last register."""
        with self.books.reading() as work:
            last = select(func.max(Register.register_no)).scalar_subquery()
            rows = work.session.execute(
                select(GLEntry.account_no, func.sum(GLEntry.amount_lcy))
                .where(GLEntry.register_no == last)
                .group_by(GLEntry.account_no)
            )
            return {account: amount for account, amount in rows if amount}

    def accounts(self) -> Mapping[str, Decimal]:
        """Balance per account; zero balances are left out."""
        with self.books.reading() as work:
            rows = work.session.execute(
                select(GLEntry.account_no, func.sum(GLEntry.amount_lcy)).group_by(GLEntry.account_no)
            )
            return {account: amount for account, amount in rows if amount}

    def differences(self) -> list[Difference]:
        """What the reconciliation finds."""
        with self.books.reading() as work:
            return verify_books(work)

    def _tag(self, kind: MovementKind) -> Tag:
        return Tag(kind=kind, item_no=self.item_no, description="Goods", line_no=1)

    def _post(self, on: date, move: Callable[[StockSide], object], *, entries: set[int] | None = None) -> int:
        """One posting; answers with the number of its last item entry."""
        with self.books.work() as work:
            lock_items(work, [self.item_no])
            stocks = frozenset({StockKey(self.item_no)})
            needs = StockNeeds(on, stocks, entries=frozenset(entries or ()))
            facts = read_stock(work, get_company(work), needs)
            side = StockSide(facts, [Voucher("goods", on, on, number=f"G-{next(self._numbers):05}")])
            move(side)
            side.finish()
            write(work, stock_batch("goods", side))
            return work.session.scalar(select(func.max(ItemEntry.entry_no))) or 0
