"""Random histories of one item: receipts, invoices, sales, returns, freight and revaluations on any day."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from core.errors import DomainError
from core.posting.adjustment import InventoryAdjustment, adjust_inventory
from tests.core.costing.goods import Goods

FIRST = date(2026, 2, 1)


@dataclass
class History:
    """The next step follows from the seed and from what the steps before left open."""

    goods: Goods
    random: Random
    bought: list[int] = field(default_factory=list)
    received: dict[int, int] = field(default_factory=dict)
    shipped: dict[int, int] = field(default_factory=dict)
    returned: dict[int, list[int]] = field(default_factory=dict)
    refused: int = 0

    def run(self, steps: int) -> None:
        """Take so many steps; what there is not enough stock for is refused and changes nothing."""
        moves: list[Callable[[], None]] = [
            self.buy,
            self.receive,
            self.invoice,
            self.sell,
            self.sell,
            self.ship,
            self.invoice_sale,
            self.give_back,
            self.return_receipt,
            self.charge,
            self.count,
        ]
        for _ in range(steps):
            try:
                self.random.choice(moves)()
            except DomainError as error:
                assert error.code == "insufficient_inventory"
                self.refused += 1

    def close(self) -> None:
        """Invoice everything and sell what is left."""
        for entry, quantity in list(self.received.items()):
            self.goods.invoice(entry, str(quantity), self.amount(), self.day())
        for entry, quantity in list(self.shipped.items()):
            self.goods.invoice_sale(entry, str(quantity), self.day())
        left, _ = self.goods.state()
        if left > 0:
            self.goods.sell(str(left), FIRST + timedelta(days=90))
        elif left < 0:
            self.goods.buy(str(-left), self.amount(), FIRST + timedelta(days=90))

    def buy(self) -> None:
        self.bought.append(self.goods.buy(self.quantity(), self.amount(), self.day()))

    def receive(self) -> None:
        quantity = self.quantity()
        self.received[self.goods.receive(quantity, self.amount(), self.day())] = int(quantity)

    def invoice(self) -> None:
        if self.received:
            entry = self.random.choice(sorted(self.received))
            quantity = self.part(self.received, entry)
            self.goods.invoice(entry, str(quantity), self.amount(), self.day())
            if entry not in self.received:
                self.bought.append(entry)

    def sell(self) -> None:
        self.goods.sell(self.quantity(), self.day())

    def ship(self) -> None:
        quantity = self.quantity()
        self.shipped[self.goods.sell(quantity, self.day(), invoiced=False)] = int(quantity)

    def invoice_sale(self) -> None:
        if self.shipped:
            entry = self.random.choice(sorted(self.shipped))
            self.goods.invoice_sale(entry, str(self.part(self.shipped, entry)), self.day())

    def give_back(self) -> None:
        self.goods.give_back("1", self.day())

    def return_receipt(self) -> None:
        if self.bought:
            entry = self.random.choice(self.bought)
            self.goods.give_back("1", self.day(), of=entry)

    def charge(self) -> None:
        if self.bought:
            self.goods.charge(self.random.choice(self.bought), self.amount(), self.day())

    def count(self) -> None:
        quantity = Decimal(self.random.choice(["1", "2", "-1"]))
        with self.goods.books.work() as work:
            adjust_inventory(
                work, InventoryAdjustment(self.goods.item_no, quantity, self.day(), Decimal("7.77"))
            )

    def part(self, left: dict[int, int], entry: int) -> int:
        """Some of what is left of an entry to be invoiced."""
        quantity = self.random.randint(1, left[entry])
        left[entry] -= quantity
        if not left[entry]:
            del left[entry]
        return quantity

    def quantity(self) -> str:
        return str(self.random.randint(1, 7))

    def amount(self) -> str:
        return f"{self.random.randint(1, 9999) / Decimal(100):.2f}"

    def day(self) -> date:
        return FIRST + timedelta(days=self.random.randint(0, 60))
