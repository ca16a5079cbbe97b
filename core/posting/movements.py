"""The stock side of a document: movements, what decreases take, and what it is all worth. Pure.

Lines are moved in document order, so what an earlier line brought in a later one may take (PO-81).
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from core.costing.method import CostingMethod, Increase, Movement, Stock, Take, choose, valuation_date
from core.costing.valuation import costing_methods
from core.ledgers.item import ValueKind
from core.master.company import AveragePeriod
from core.master.items import Item, ItemType
from core.money import ZERO, round_to, total
from core.posting.batch import ApplicationRow, GLRow, ItemRow, ValueRow
from core.posting.facts import Facts
from core.posting.lines import LineAmounts, line_base_quantity


class Movements:
    """Composes item, application and value rows line by line, and the G/L rows of the stock accounts."""

    def __init__(self, facts: Facts) -> None:
        """Begin with the stock that is there. The facts themselves stay as they are."""
        self._facts = facts
        self._methods = costing_methods()
        self._stocks = {no: _copy(stock) for no, stock in facts.stock.items()}
        self.items: list[ItemRow] = []
        self.applications: list[ApplicationRow] = []
        self.values: list[ValueRow] = []
        self.general: list[GLRow] = []

    def add(self, amount: LineAmounts) -> None:
        """Move the goods of one line; a line that is no item or has no quantity moves nothing."""
        item = self._facts.item(amount.line) if amount.line else None
        if item is None or amount.line is None:
            return
        quantity = line_base_quantity(item, amount.line)
        if self._facts.is_credit_memo:
            quantity = -quantity
        if quantity == ZERO:
            return
        if item.type != ItemType.INVENTORY:
            self._record(item, amount, quantity)
        elif quantity > ZERO:
            self._increase(item, amount, quantity)
        else:
            self._decrease(item, amount, -quantity)

    def write_off(self) -> None:
        """Write off the cents left on increases that this document has used up (PO-106)."""
        for item_no, stock in self._stocks.items():
            item = self._facts.items[item_no]
            if not self._methods[item.costing].writes_off_rounding:
                continue
            for increase in stock.increases:
                rest = increase.value - increase.taken_cost
                if increase.remaining == ZERO and increase.fully_invoiced and rest != ZERO:
                    self._round_off(item, increase, rest)

    def _record(self, item: Item, amount: LineAmounts, quantity: Decimal) -> None:
        """Services and non-inventory items: the quantity for statistics, no stock and no value (PO-43)."""
        row = self._item_row(item, amount, quantity, remaining=ZERO)
        self._value(item, amount, row, ValueKind.DIRECT_COST, quantity=quantity, cost=ZERO)

    def _increase(self, item: Item, amount: LineAmounts, quantity: Decimal) -> None:
        """Goods come in at the net of their line (PO-93); a difference to their value is a variance."""
        cost = amount.net
        if self._facts.company.nondeductible_in_item_cost:
            cost += amount.nondeductible
        stock = self._stock(item)
        value = self._methods[item.costing].value_of_increase(cost, quantity, stock)
        row = self._item_row(item, amount, quantity, remaining=quantity)
        self._value(item, amount, row, ValueKind.DIRECT_COST, quantity=quantity, cost=cost)
        if value != cost:
            self._value(item, amount, row, ValueKind.VARIANCE, quantity=ZERO, cost=value - cost)
        assert self._facts.document.posting_date is not None
        stock.add(
            Increase(
                entry_no=None,
                row=row,
                posting_date=self._facts.document.posting_date,
                valuation_date=self._facts.document.posting_date,
                quantity=quantity,
                remaining=quantity,
                value=value,
            )
        )

    def _decrease(self, item: Item, amount: LineAmounts, quantity: Decimal) -> None:
        """Goods leave at cost, not at the price of the line (PO-81, PO-111)."""
        stock = self._stock(item)
        method: CostingMethod = self._methods[item.costing]
        takes = choose(stock, quantity)
        assert self._facts.document.posting_date is not None
        on = valuation_date(self._facts.document.posting_date, takes)
        cost = method.cost_of_decrease(stock, takes, quantity, on)
        uncovered = quantity - total(take.quantity for take in takes)
        row = self._item_row(item, amount, -quantity, remaining=-uncovered)
        value_row = ValueRow(
            item_entry_no=None,
            item_row=row,
            kind=ValueKind.DIRECT_COST.value,
            item_no=item.item_no,
            inventory_group=item.inventory_group,
            general_product=item.general_product,
            valuation_date=on,
            valued_quantity=-quantity,
            invoiced_quantity=-quantity,
            cost=-cost,
            purchase_amount=amount.net,
            has_stock=True,
            description=amount.description,
            line_no=amount.line_no,
        )
        self._post_value(value_row, self._counter_account(item, ValueKind.DIRECT_COST))
        for take in takes:
            self._take(stock, take, row)
        stock.movements.append(Movement(on, -quantity, -cost))

    def _take(self, stock: Stock, take: Take, outbound_row: int) -> None:
        increase = take.increase
        increase.remaining -= take.quantity
        increase.taken_cost += round_to(increase.value * take.quantity / increase.quantity, stock.precision)
        if increase.row is not None and increase.entry_no is None:
            row = self.items[increase.row]
            self.items[increase.row] = replace(row, remaining=increase.remaining)
        self.applications.append(ApplicationRow(increase.entry_no, increase.row, outbound_row, take.quantity))

    def _round_off(self, item: Item, increase: Increase, rest: Decimal) -> None:
        row = ValueRow(
            item_entry_no=increase.entry_no,
            item_row=increase.row,
            kind=ValueKind.ROUNDING.value,
            item_no=item.item_no,
            inventory_group=item.inventory_group,
            general_product=item.general_product,
            valuation_date=increase.valuation_date,
            valued_quantity=ZERO,
            invoiced_quantity=ZERO,
            cost=-rest,
            purchase_amount=ZERO,
            has_stock=True,
            description=item.description,
            line_no=None,
        )
        self._post_value(row, self._counter_account(item, ValueKind.ROUNDING))

    def _item_row(self, item: Item, amount: LineAmounts, quantity: Decimal, *, remaining: Decimal) -> int:
        assert amount.line is not None
        self.items.append(
            ItemRow(
                item_no=item.item_no,
                quantity=quantity,
                remaining=remaining,
                has_stock=item.type == ItemType.INVENTORY,
                unit=amount.line.unit,
                description=amount.description,
                line_no=amount.line_no,
            )
        )
        return len(self.items) - 1

    def _value(
        self,
        item: Item,
        amount: LineAmounts,
        item_row: int,
        kind: ValueKind,
        *,
        quantity: Decimal,
        cost: Decimal,
    ) -> None:
        assert self._facts.document.posting_date is not None
        has_stock = item.type == ItemType.INVENTORY
        row = ValueRow(
            item_entry_no=None,
            item_row=item_row,
            kind=kind.value,
            item_no=item.item_no,
            inventory_group=item.inventory_group if has_stock else None,
            general_product=item.general_product,
            valuation_date=self._facts.document.posting_date,
            valued_quantity=quantity,
            invoiced_quantity=quantity,
            cost=cost,
            purchase_amount=amount.net if kind == ValueKind.DIRECT_COST else ZERO,
            has_stock=has_stock,
            description=amount.description,
            line_no=amount.line_no,
        )
        self._post_value(row, self._counter_account(item, kind) if has_stock else None)

    def _post_value(self, row: ValueRow, counter_account: str | None) -> None:
        """The value row and its two G/L rows (PO-127)."""
        self.values.append(row)
        if row.cost == ZERO:
            return
        setup = self._facts.inventory_setup("", row.inventory_group)
        assert setup is not None and setup.inventory is not None and counter_account is not None
        for account_no, amount in ((setup.inventory, row.cost), (counter_account, -row.cost)):
            self.general.append(
                GLRow(
                    account_no=account_no,
                    amount=amount,
                    description=row.description,
                    line_no=row.line_no,
                    general_product=row.general_product,
                    value_row=len(self.values) - 1,
                )
            )

    def _counter_account(self, item: Item, kind: ValueKind) -> str | None:
        """The account that a kind of value is posted against (PO §4.7)."""
        setup = self._facts.general_setup(item.general_product)
        assert setup is not None
        if kind == ValueKind.VARIANCE:
            return setup.purchase_variance
        if kind == ValueKind.ROUNDING:
            return setup.inventory_adjustment
        return setup.direct_cost_applied

    def _stock(self, item: Item) -> Stock:
        if item.item_no not in self._stocks:
            company = self._facts.company
            self._stocks[item.item_no] = Stock(
                precision=company.cent,
                average_period=AveragePeriod(company.average_cost_period),
                standard_cost=item.standard_cost,
                unit_cost=item.unit_cost,
            )
        return self._stocks[item.item_no]


def _copy(stock: Stock) -> Stock:
    return replace(
        stock,
        increases=[replace(increase) for increase in stock.increases],
        movements=list(stock.movements),
    )
