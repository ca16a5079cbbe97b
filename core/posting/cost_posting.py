"""Cost posting: what value entries hold that is not yet in the G/L (PO-127, PO-128)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import Select, func, or_, select

from core.costing.stock import StockFacts, StockNeeds, read_stock
from core.errors import DomainError, Problem
from core.ledgers.item import CostPosting, ValueEntry
from core.master.company import Company, get_company
from core.master.number_series import Purpose
from core.money import ZERO
from core.posting.batch import Batch, CostPostingRow, GLRow, Voucher
from core.posting.stock_accounts import stock_accounts
from core.posting.write import write
from core.work import Work

ENTRIES_AT_A_TIME = 500


class CostPostingDetail(StrEnum):
    """How a run writes the G/L: a pair of entries per value entry, or one sum per accounts and group."""

    ENTRY = "entry"
    GROUP = "group"


@dataclass(frozen=True, slots=True)
class CostRun:
    """What a run of cost posting brought to the G/L: how many value entries, under which numbers."""

    entries: int
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Unposted:
    """A value entry and what of it the G/L lacks."""

    entry: ValueEntry
    actual: Decimal
    expected: Decimal


def post_costs(work: Work, detail: CostPostingDetail = CostPostingDetail.ENTRY) -> CostRun:
    """Bring every value entry to the G/L that is not there yet (PO-128).

    Per entry the G/L entries have document and date of the value entry, moved to the first open day; summed
    they have today's date and a number of their own. Raises every `posting_setup_missing` there is; then
    nothing has been posted.
    """
    company = get_company(work)
    facts = read_stock(work, company, StockNeeds(work.today))
    problems = list(_problems(work, facts))
    if problems:
        raise DomainError(problems)
    entries, numbers = 0, list[str]()
    while portion := list(_unposted(work, company, limit=ENTRIES_AT_A_TIME)):
        compose = compose_entries if detail == CostPostingDetail.ENTRY else compose_groups
        written = write(work, compose(work, facts, portion))
        numbers += [] if detail == CostPostingDetail.ENTRY else written.numbers
        entries += len(portion)
    return CostRun(entries, tuple(numbers))


def find_cost_posting_problems(work: Work) -> list[Problem]:
    """What setup a run of cost posting would lack; changes nothing: the test mode of PO-128."""
    return list(_problems(work, read_stock(work, get_company(work), StockNeeds(work.today))))


def compose_entries(work: Work, facts: StockFacts, portion: Sequence[_Unposted]) -> Batch:
    """A pair of G/L rows for each value entry, with its document (PO-127)."""
    vouchers: list[Voucher] = []
    general: list[GLRow] = []
    for each in portion:
        voucher = _voucher(work, facts, each.entry)
        if voucher not in vouchers:
            vouchers.append(voucher)
        general += _rows(facts, each, vouchers.index(voucher))
    return Batch(
        source="cost_posting",
        vouchers=tuple(vouchers),
        general=tuple(general),
        cost_postings=tuple(CostPostingRow(u.entry.entry_no, u.actual, u.expected) for u in portion),
    )


def compose_groups(work: Work, facts: StockFacts, portion: Sequence[_Unposted]) -> Batch:
    """One sum per account and product group."""
    sums: dict[tuple[str, str | None], Decimal] = {}
    for each in portion:
        for row in _rows(facts, each, 0):
            key = (row.account_no, row.general_product)
            sums[key] = sums.get(key, ZERO) + row.amount
    general = [
        GLRow(account_no, amount, "", general_product=product)
        for (account_no, product), amount in sorted(sums.items(), key=lambda item: str(item[0]))
        if amount != ZERO
    ]
    on = _first_open_day(facts, work.today)
    return Batch(
        source="cost_posting",
        vouchers=(Voucher("cost_posting", on, on, draws_from=Purpose.ITEM_JOURNAL),),
        general=tuple(general),
        cost_postings=tuple(CostPostingRow(u.entry.entry_no, u.actual, u.expected) for u in portion),
    )


def _rows(facts: StockFacts, unposted: _Unposted, voucher: int) -> Iterator[GLRow]:
    entry = unposted.entry
    for is_expected, amount in ((False, unposted.actual), (True, unposted.expected)):
        if amount == ZERO:
            continue
        accounts = stock_accounts(facts, entry, is_expected=is_expected)
        for account_no, signed in zip(accounts, (amount, -amount), strict=True):
            yield GLRow(
                account_no=account_no,
                amount=signed,
                description=entry.description,
                line_no=entry.line_no,
                general_product=entry.general_product,
                value_entry_no=entry.entry_no,
                voucher=voucher,
                dimensions=entry.dimensions,
            )


def _voucher(work: Work, facts: StockFacts, entry: ValueEntry) -> Voucher:
    on = _first_open_day(facts, entry.posting_date)
    return Voucher(
        document_type=entry.document_type,
        posting_date=on,
        document_date=on,
        number=entry.document_no,
        source_no=entry.source_no,
        general_business=entry.general_business,
    )


def _first_open_day(facts: StockFacts, on: date) -> date:
    if facts.company.allow_posting_from is not None:
        on = max(on, facts.company.allow_posting_from)
    return on if facts.closed_until is None else max(on, facts.closed_until + timedelta(days=1))


def _problems(work: Work, facts: StockFacts) -> Iterator[Problem]:
    """Each missing account once."""
    seen: set[tuple[object, ...]] = set()
    for unposted in _unposted(work, facts.company):
        entry = unposted.entry
        for is_expected, amount in ((False, unposted.actual), (True, unposted.expected)):
            key = (
                entry.movement_kind,
                entry.kind,
                is_expected,
                entry.location_code,
                entry.inventory_group,
                entry.general_business,
                entry.general_product,
            )
            if amount == ZERO or key in seen:
                continue
            seen.add(key)
            try:
                stock_accounts(facts, entry, is_expected=is_expected)
            except DomainError as error:
                yield from error.problems


def _unposted(work: Work, company: Company, limit: int | None = None) -> Iterator[_Unposted]:
    query = _query(company)
    for entry, actual, expected in work.session.execute(query.limit(limit) if limit else query):
        yield _Unposted(entry, actual, expected if company.expected_cost_to_gl else ZERO)


def _query(company: Company) -> Select[ValueEntry, Decimal, Decimal]:
    """Value entries with a cost that is not in the G/L, in their order."""
    posted = (
        select(
            CostPosting.value_entry_no,
            func.sum(CostPosting.actual).label("actual"),
            func.sum(CostPosting.expected).label("expected"),
        )
        .group_by(CostPosting.value_entry_no)
        .subquery()
    )
    actual = ValueEntry.cost_actual - ValueEntry.posted_actual - func.coalesce(posted.c.actual, 0)
    expected = ValueEntry.cost_expected - ValueEntry.posted_expected - func.coalesce(posted.c.expected, 0)
    missing = or_(actual != ZERO, expected != ZERO) if company.expected_cost_to_gl else actual != ZERO
    return (
        select(ValueEntry, actual, expected)
        .outerjoin(posted, posted.c.value_entry_no == ValueEntry.entry_no)
        .where(ValueEntry.has_stock, missing)
        .order_by(ValueEntry.entry_no)
    )
