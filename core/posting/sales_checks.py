"""Every reason why a sale cannot be posted now: header first, then lines in order (PU-104, PU-170)."""

from __future__ import annotations

from collections.abc import Iterator

from core.errors import Problem, Term
from core.master.accounts import Account, Control
from core.master.items import Item, ItemType, units_per_unit
from core.master.number_series import Purpose, series_problems
from core.master.vat import Calculation
from core.money import ZERO
from core.posting.periods import posting_date_problems
from core.posting.sales_facts import SalesFacts, SalesRun
from core.purchasing.special_orders import special_order_problems
from core.sales.document import CustomerBlock, SalesLine, SalesLineType
from core.work import Work


def sales_problems(work: Work, facts: SalesFacts) -> list[Problem]:
    """Every finding; with any nothing is posted."""
    problems = list(_header(facts))
    problems += _series(work, facts)
    posted = [run for run in facts.runs if run.is_posted]
    for run in posted:
        problems += _line(facts, run)
    problems += special_order_problems(work, [(run.line, run.ship) for run in posted])
    return problems


def _header(facts: SalesFacts) -> Iterator[Problem]:
    document, company = facts.document, facts.company
    yield from posting_date_problems(company, facts.posting_date)
    if facts.ships_goods and facts.closed_until is not None and facts.posting_date <= facts.closed_until:
        yield Problem("inventory_period_closed", {"date": facts.posting_date}, field="posting_date")
    if not (facts.selection.ship or facts.selection.invoice):
        yield Problem("nothing_selected", {"document": document.document_no})
    elif not any(run.is_posted for run in facts.runs):
        yield Problem("nothing_to_post", {"document": document.document_no}, field="lines")
    if facts.rate is None:
        missing = {"currency": document.currency_code or "", "date": facts.posting_date}
        yield Problem("exchange_rate_missing", missing, field="currency_code")
    if facts.selection.invoice and facts.totals.total_gross < ZERO:
        values: dict[str, object] = {"document": document.document_no, "amount": facts.totals.total_gross}
        yield Problem("negative_total", values, field="total_gross")
    yield from _customer(facts)


def _customer(facts: SalesFacts) -> Iterator[Problem]:
    customer = facts.customer
    if customer is None:
        if facts.totals.total_gross != ZERO:
            values = {"document": facts.document.document_no}
            yield Problem("sales_charge_without_customer", values, field="customer_no")
        return
    stopped = {CustomerBlock.ALL}
    if facts.ships_goods:
        stopped.add(CustomerBlock.SHIP)
    if facts.selection.invoice:
        stopped.add(CustomerBlock.INVOICE)
    if CustomerBlock(customer.blocked) in stopped:
        told = {
            "no": customer.customer_no,
            "name": customer.name,
            "state": Term(f"block_{customer.blocked}"),
        }
        yield Problem("customer_blocked", told, field="customer_no")
    if facts.selection.invoice:
        yield from _customer_setup(facts)


def _customer_setup(facts: SalesFacts) -> Iterator[Problem]:
    customer, group = facts.customer, facts.customer_group
    assert customer is not None
    for name, value in (("customer_posting_group", group), ("vat_business", customer.vat_business)):
        if not value:
            values = {"group": Term(name), "record": customer.customer_no}
            yield Problem("posting_group_missing", values, field="customer_no")
    if group is not None:
        setup = _Setup(facts, "customer_posting_group", group.code)
        yield from setup.account("receivables", group.receivables, Control.CUSTOMERS)


def _series(work: Work, facts: SalesFacts) -> list[Problem]:
    on = facts.posting_date
    problems = []
    if facts.selection.invoice:
        problems += series_problems(work, Purpose.POSTED_SALES_INVOICE, on)
    if facts.ships_goods:
        problems += series_problems(work, Purpose.SALES_SHIPMENT, on)
    return problems


def _line(facts: SalesFacts, run: SalesRun) -> Iterator[Problem]:
    line = run.line
    if not line.no:
        yield Problem("line_no_missing", {"line": line.line_no}, line_no=line.line_no, field="no")
        return
    if line.type == SalesLineType.ACCOUNT:
        account = facts.account(line)
        if account is None or not account.is_usable:
            values = {"no": line.no, "name": account.name if account else "", "line": line.line_no}
            yield Problem("gl_account_not_usable", values, line_no=line.line_no, field="no")
    else:
        yield from _item_line(facts, run)
    if run.invoice != ZERO and facts.customer is not None:
        yield from _vat(facts, line)


def _item_line(facts: SalesFacts, run: SalesRun) -> Iterator[Problem]:
    line, item = run.line, facts.item(run.line)
    if item is None:
        yield Problem("item_unknown", {"no": line.no}, line_no=line.line_no, field="no")
        return
    if item.blocked:
        values: dict[str, object] = {"no": item.item_no, "variant": line.variant_code or ""}
        yield Problem("item_blocked", values, line_no=line.line_no, field="no")
    if run.ship < ZERO or run.invoice < ZERO:
        values = {"line": line.line_no}
        yield Problem("return_on_sale_not_supported", values, line_no=line.line_no, field="quantity")
    if run.ship != ZERO:
        yield from _shipping(facts, run, item)
    yield from _item_setup(facts, run, item)


def _shipping(facts: SalesFacts, run: SalesRun, item: Item) -> Iterator[Problem]:
    line = run.line
    factor = units_per_unit(item, line.unit)
    if factor != line.units_per_unit:
        values: dict[str, object] = {
            "unit": line.unit or "",
            "new": factor if factor is not None else "–",
            "old": line.units_per_unit,
            "base": item.unit,
        }
        yield Problem("uom_factor_changed", values, line_no=line.line_no, field="unit")
    if run.ship_base == ZERO:
        values = {"quantity": f"{run.ship:f}", "unit": line.unit or item.unit, "base": item.unit}
        yield Problem("quantity_rounds_to_zero", values, line_no=line.line_no, field="quantity")
    if facts.company.location_mandatory and item.type == ItemType.INVENTORY and not line.location_code:
        place = {"field": Term("field_location_code"), "record": f"{line.line_no}"}
        yield Problem("location_missing", place, line_no=line.line_no, field="location_code")
    if line.drop_shipment and line.line_no not in facts.linked:
        values = {"line": line.line_no, "order": facts.document.document_no}
        yield Problem("drop_shipment_not_linked", values, line_no=line.line_no, field="drop_shipment")


def _item_setup(facts: SalesFacts, run: SalesRun, item: Item) -> Iterator[Problem]:
    """All accounts that may be needed, also where the amount will be zero (PO-34)."""
    line = run.line
    if item.general_product is None:
        values = {"group": Term("general_product"), "record": item.item_no}
        yield Problem("posting_group_missing", values, line_no=line.line_no, field="no")
        return
    groups = f"{facts.business} / {item.general_product}" if facts.business else item.general_product
    setup = _Setup(facts, "general_posting_setup", groups, line.line_no)
    general = facts.general_setup(item.general_product)
    if general is None:
        yield setup.missing()
        return
    yield from setup.blocked(general.blocked)
    if run.invoice != ZERO and facts.customer is not None:
        yield from setup.account("sales_account", general.sales)
    if item.type != ItemType.INVENTORY:
        return
    yield from setup.account("cogs", general.cogs)
    yield from setup.account("inventory_adjustment", general.inventory_adjustment)
    if _is_expected(facts, run):
        yield from setup.account("cogs_interim", general.cogs_interim)
    yield from _inventory_setup(facts, run, item)


def _inventory_setup(facts: SalesFacts, run: SalesRun, item: Item) -> Iterator[Problem]:
    line = run.line
    if item.inventory_group is None:
        values = {"group": Term("inventory_group"), "record": item.item_no}
        yield Problem("posting_group_missing", values, line_no=line.line_no, field="no")
        return
    place = f"{line.location_code} / {item.inventory_group}" if line.location_code else item.inventory_group
    setup = _Setup(facts, "inventory_posting_setup", place, line.line_no)
    inventory = facts.inventory_setup(line.location_code, item.inventory_group)
    if inventory is None:
        yield setup.missing()
        return
    yield from setup.blocked(inventory.blocked)
    yield from setup.account("inventory", inventory.inventory, Control.INVENTORY)
    if _is_expected(facts, run):
        yield from setup.account("interim", inventory.interim, Control.INVENTORY_INTERIM)


def _is_expected(facts: SalesFacts, run: SalesRun) -> bool:
    """Whether the interim accounts are touched: goods that leave before their bill, or were sent so."""
    return facts.company.expected_cost_to_gl and run.ship != run.invoice


def _vat(facts: SalesFacts, line: SalesLine) -> Iterator[Problem]:
    if not line.vat_product:
        values = {"group": Term("vat_product"), "record": f"{line.line_no}"}
        yield Problem("posting_group_missing", values, line_no=line.line_no, field="vat_product")
        return
    business = facts.customer.vat_business if facts.customer else None
    if business is None:
        return
    setup = _Setup(facts, "vat_posting_setup", f"{business} / {line.vat_product}", line.line_no)
    vat = facts.vat.get(line.vat_product)
    if vat is None:
        yield setup.missing()
        return
    yield from setup.blocked(vat.blocked)
    if vat.calculation != Calculation.REVERSE_CHARGE:
        yield from setup.account("output_vat", vat.output_account, Control.VAT)


class _Setup:
    """One posting setup as the checks see it (PO-33, PO-134)."""

    def __init__(self, facts: SalesFacts, name: str, groups: str, line_no: int | None = None) -> None:
        self._accounts = facts.accounts
        self._values = {"setup": Term(name), "groups": groups}
        self._line_no = line_no

    def missing(self, account: object = "–") -> Problem:
        """There is no such row, or it lacks an account."""
        return Problem("posting_setup_missing", {**self._values, "account": account}, line_no=self._line_no)

    def blocked(self, is_blocked: bool) -> Iterator[Problem]:
        """The row is there and blocked."""
        if is_blocked:
            yield Problem("posting_setup_blocked", self._values, line_no=self._line_no)

    def account(
        self, name: str, account_no: str | None, control: Control = Control.NONE
    ) -> Iterator[Problem]:
        """An account of the row: it must be there, free, and of the kind that its subledger needs."""
        account: Account | None = self._accounts.get(account_no) if account_no else None
        if account is None or control not in (Control.NONE, account.control):
            yield self.missing(Term(name))
        elif account.blocked or account.is_heading:
            values = {"no": account.account_no, "name": account.name}
            yield Problem("account_blocked", values, line_no=self._line_no)
