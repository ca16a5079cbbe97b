"""Whether the groups of a document lead to accounts that can be posted on (check 22, PO-33, PO-134)."""

from __future__ import annotations

from core.errors import Problem, Term
from core.master.accounts import Account, Control
from core.master.items import ItemType
from core.master.posting_groups import GeneralPostingSetup
from core.master.vat import Calculation
from core.money import ZERO
from core.posting.facts import Facts
from core.posting.lines import purchase_account
from core.posting.selection import RunLine
from core.purchasing.document import LineType, PurchaseLine


def vendor_setup(facts: Facts) -> list[Problem]:
    """The groups of the pay-to vendor and the accounts that the header leads to."""
    pay_to = facts.pay_to
    if pay_to is None:
        return []
    problems = []
    for group, value in (("vendor_posting_group", facts.vendor_group), ("vat_business", pay_to.vat_business)):
        if not value:
            values = {"group": Term(group), "record": pay_to.vendor_no}
            problems.append(Problem("posting_group_missing", values, field="vendor_no"))
    if facts.vendor_group is not None and facts.bills:
        setup = _Setup(facts, "vendor_posting_group", facts.vendor_group.code)
        problems += setup.account("payables", facts.vendor_group.payables, Control.VENDORS)
        if facts.company.invoice_rounding_enabled:
            problems += setup.account("invoice_rounding", facts.vendor_group.invoice_rounding)
    return problems


def account_setup(facts: Facts, run: RunLine) -> list[Problem]:
    """Accounts of an account line besides its own: VAT, and discounts posted apart."""
    account = facts.account(run.line)
    general = facts.general_setup(account.general_product) if account else None
    return discount_accounts(facts, run, general) + _vat_setup(facts, run)


def product_setup(facts: Facts, run: RunLine) -> list[Problem]:
    """Accounts of an item or charge line, also those whose amount will be zero (PO-34)."""
    product = facts.general_product(run.line)
    if product is None:
        values = {"group": Term("general_product"), "record": run.line.no or ""}
        return [Problem("posting_group_missing", values, line_no=run.line_no, field="no")]
    setup = _Setup(facts, "general_posting_setup", _groups(facts, product), run.line_no)
    general = facts.general_setup(product)
    if general is None:
        return setup.missing() + _vat_setup(facts, run)
    problems = setup.blocked(general.blocked)
    if facts.bills:
        problems += setup.account("purchase", purchase_account(facts, general))
    problems += discount_accounts(facts, run, general)
    item = facts.item(run.line)
    if run.line.type == LineType.CHARGE:
        problems += setup.account("direct_cost_applied", general.direct_cost_applied)
    if item is not None and item.type == ItemType.INVENTORY:
        problems += setup.account("direct_cost_applied", general.direct_cost_applied)
        problems += setup.account("inventory_adjustment", general.inventory_adjustment)
        problems += setup.account("purchase_variance", general.purchase_variance)
        if _needs_interim(facts):
            problems += setup.account("accrual_interim", general.accrual_interim)
        if item.overhead_percent != ZERO or item.overhead_amount != ZERO:
            problems += setup.account("overhead_applied", general.overhead_applied)
        problems += _inventory_setup(facts, run.line, item.inventory_group)
    return problems + _vat_setup(facts, run)


def discount_accounts(facts: Facts, run: RunLine, general: GeneralPostingSetup | None) -> list[Problem]:
    """Discounts that are posted apart need their accounts, if the line has such a discount (PU-40)."""
    totals = facts.totals_of(run)
    if general is None or totals is None:
        return []
    setup = _Setup(facts, "general_posting_setup", general.general_product, run.line_no)
    problems = []
    if facts.company.discounts.posts_line_discount and totals.line_discount != ZERO:
        problems += setup.account("line_discount", general.line_discount)
    if facts.company.discounts.posts_invoice_discount and totals.invoice_discount != ZERO:
        problems += setup.account("invoice_discount", general.invoice_discount)
    return problems


def _needs_interim(facts: Facts) -> bool:
    """Whether expected cost goes to the G/L: of what is received before its bill (PO-89)."""
    return (
        facts.company.expected_cost_to_gl
        and facts.company.automatic_cost_posting
        and facts.kind.posts_in_parts
    )


def _groups(facts: Facts, product: str) -> str:
    business = (facts.pay_to.general_business if facts.pay_to else None) or ""
    return f"{business} / {product}" if business else product


def _inventory_setup(facts: Facts, line: PurchaseLine, group: str | None) -> list[Problem]:
    if group is None:
        values = {"group": Term("inventory_group"), "record": line.no or ""}
        return [Problem("posting_group_missing", values, line_no=line.line_no, field="no")]
    groups = f"{line.location_code} / {group}" if line.location_code else group
    setup = _Setup(facts, "inventory_posting_setup", groups, line.line_no)
    inventory = facts.inventory_setup(line.location_code or "", group)
    if inventory is None:
        return setup.missing()
    problems = setup.blocked(inventory.blocked)
    problems += setup.account("inventory", inventory.inventory, Control.INVENTORY)
    if _needs_interim(facts):
        problems += setup.account("interim", inventory.interim, Control.INVENTORY_INTERIM)
    return problems


def _vat_setup(facts: Facts, run: RunLine) -> list[Problem]:
    """The VAT setup of a line that is billed (PO-32, PO-33)."""
    line = run.line
    if run.invoice == ZERO:
        return []
    if not line.vat_product:
        values = {"group": Term("vat_product"), "record": f"{line.line_no}"}
        return [Problem("posting_group_missing", values, line_no=line.line_no, field="vat_product")]
    business = facts.pay_to.vat_business if facts.pay_to else None
    if business is None:
        return []
    setup = _Setup(facts, "vat_posting_setup", f"{business} / {line.vat_product}", line.line_no)
    vat = facts.vat.get(line.vat_product)
    if vat is None:
        return setup.missing()
    problems = setup.blocked(vat.blocked) + setup.account("input_vat", vat.input_account, Control.VAT)
    if vat.calculation == Calculation.REVERSE_CHARGE:
        problems += setup.account("reverse_charge", vat.reverse_account, Control.VAT)
    return problems


def is_rounding_account(account: Account, rounding_account: str | None) -> bool:
    """Lines on the invoice-rounding account skip the direct-posting test only (PU-28, ID-91)."""
    return (
        account.account_no == rounding_account
        and not account.blocked
        and not account.is_heading
        and account.control == Control.NONE
    )


class _Setup:
    """One posting setup as the checks of a document or line see it (PO-33, PO-134)."""

    def __init__(self, facts: Facts, name: str, groups: str, line_no: int | None = None) -> None:
        self._facts = facts
        self._values = {"setup": Term(name), "groups": groups}
        self._line_no = line_no

    def missing(self) -> list[Problem]:
        """There is no such row."""
        values = {**self._values, "account": "–"}
        return [Problem("posting_setup_missing", values, line_no=self._line_no)]

    def blocked(self, is_blocked: bool) -> list[Problem]:
        """The row is there and blocked."""
        if not is_blocked:
            return []
        return [Problem("posting_setup_blocked", self._values, line_no=self._line_no)]

    def account(self, name: str, account_no: str | None, control: Control = Control.NONE) -> list[Problem]:
        """An account of the row: it must be there, free, and of the kind that its subledger needs."""
        account = self._facts.accounts.get(account_no) if account_no else None
        if account is None or control not in (Control.NONE, account.control):
            values = {**self._values, "account": Term(name)}
            return [Problem("posting_setup_missing", values, line_no=self._line_no)]
        if account.blocked or account.is_heading:
            values = {"no": account.account_no, "name": account.name}
            return [Problem("account_blocked", values, line_no=self._line_no)]
        return []
