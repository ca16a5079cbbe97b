"""What stands of one document now, and what keeps it from being approved (ux.md §5.3).

`assess` reads everything once; the rest is pure. A value is trusted by its confidence, by arithmetic that
proves it, or by a person; a check is a tick, a triangle with a count, or a stop.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from sqlalchemy import select

from core.master.accounts import accounts_by_no
from core.master.company import Company, get_company
from core.master.items import find_item
from core.master.vat import find_vat_setup
from core.master.vendors import BankAccountState, Vendor, find_vendor
from core.money import ZERO, round_to
from core.purchasing.document import LineType, PurchaseDocument, PurchaseLine
from core.purchasing.invoices import amount_of, document_totals, get_draft, priced_lines
from core.purchasing.totals import DocumentTotals
from core.work import Work
from pipeline.extract.document import Box
from pipeline.extract.values import plain
from pipeline.incoming import (
    IncomingDocument,
    IncomingField,
    IncomingMessage,
    Origin,
    Stage,
    from_json,
)
from pipeline.workflow.duplicates import LOOK, STOP
from pipeline.workflow.review_view import (
    LINE_COLUMNS,
    Arithmetic,
    ArithmeticRow,
    Bank,
    Candidate,
    Check,
    CheckName,
    CheckState,
    FieldState,
    FieldView,
    LineView,
    Reason,
    SumState,
    VatGroupView,
)
from pipeline.workflow.units import same_unit
from pipeline.workflow.values import SURE, Values, as_amount

HEADER = (
    "vendor",
    "order_reference",
    "invoice_number",
    "issue_date",
    "total_net",
    "due_date",
    "total_vat",
    "posting_date",
    "total_gross",
    "payment_iban",
    "payment_reference",
    "currency_code",
    "document_type",
    "delivery_date",
)
"""Fields of the form, in reading order: what `Enter` walks through."""

REQUIRED = frozenset({"invoice_number", "issue_date", "total_gross", "currency_code"})
QUIET = frozenset({"document_type", "delivery_date", "paid_amount", "amount_due"})
"""A doubt about these keeps nothing from being approved."""

AMOUNTS = ("total_net", "total_vat", "total_gross")
BOOKED = "difference_booked"
"""Note on the total of a document whose cents a person decided to book (ID-91)."""

STOPPING = frozenset(
    {
        "INC_BUYER_GLN",
        "INC_BUYER_VAT",
        "INC_CURRENCY_MIXED",
        "INC_SEVERAL_INVOICES",
        "INC_TYPE_UNKNOWN",
        "INC_XML_PICTURE_DIFFERS",
    }
)
"""Warnings that only a person lifts, with a reason."""

_DRAFT_COLUMN = {"unit_price": "unit_cost", "vat_rate": "vat_product"}


@dataclass(frozen=True, slots=True)
class Assessment:
    """All that was found out about one document."""

    document: IncomingDocument
    values: Values
    vendor: Vendor | None
    company: Company
    draft: PurchaseDocument | None
    totals: DocumentTotals | None
    messages: Sequence[IncomingMessage]
    fields: Mapping[str, FieldView]
    lines: tuple[LineView, ...]
    vat_groups: tuple[VatGroupView, ...]
    arithmetic: Arithmetic
    bank: Bank | None
    checks: tuple[Check, ...]

    @property
    def open_checks(self) -> tuple[Check, ...]:
        """The checks that keep the document from being approved, in the order of the row."""
        return tuple(check for check in self.checks if check.state is not CheckState.OK)

    @property
    def open_fields(self) -> list[FieldView]:
        """The fields that are open, in the order of the form and then of the lines."""
        cells = [cell for line in self.lines for cell in line.cells.values()]
        return [view for view in (*self.fields.values(), *cells) if view.is_open]


def assess(work: Work, document: IncomingDocument) -> Assessment:
    """Read the record with its draft and judge it."""
    values = Values.of(work, document)
    company = get_company(work)
    draft = get_draft(work, document.draft_id) if document.draft_id is not None else None
    vendor = find_vendor(work, document.vendor_no) if document.vendor_no else None
    totals = document_totals(work, draft) if draft else None
    messages = _messages(work, document)
    arithmetic = _arithmetic(document, values, draft, totals, company)
    bank = _bank(vendor, values, draft)
    lines = _draft_lines(work, draft, totals, values, vendor) if draft else _read_lines(values)
    is_over = Stage(document.stage) not in (Stage.DRAFTED, Stage.IN_REVIEW)
    fields = _Header(document, values, draft, arithmetic, bank, company, messages, is_over).fields()
    booked = values.row("total_gross")
    checks = (
        _no_checks()
        if is_over
        else (
            _vendor_check(document, vendor),
            _bank_check(bank),
            _duplicate_check(messages),
            _fields_check(messages, fields, lines),
            _totals_check(
                draft, messages, arithmetic, is_booked=booked is not None and booked.note == BOOKED
            ),
            _coding_check(draft, lines),
        )
    )
    return Assessment(
        document=document,
        values=values,
        vendor=vendor,
        company=company,
        draft=draft,
        totals=totals,
        messages=messages,
        fields=fields,
        lines=lines,
        vat_groups=_vat_groups(values, totals),
        arithmetic=arithmetic,
        bank=bank,
        checks=checks,
    )


def _messages(work: Work, document: IncomingDocument) -> Sequence[IncomingMessage]:
    return work.session.scalars(
        select(IncomingMessage).where(IncomingMessage.incoming_id == document.id).order_by(IncomingMessage.id)
    ).all()


def is_open_message(message: IncomingMessage) -> bool:
    """Whether a message still stands: nobody has dismissed it."""
    return message.dismissed_by is None


# --- header -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Header:
    document: IncomingDocument
    values: Values
    draft: PurchaseDocument | None
    arithmetic: Arithmetic
    bank: Bank | None
    company: Company
    messages: Sequence[IncomingMessage]
    is_over: bool

    def fields(self) -> dict[str, FieldView]:
        """Every header field of the form, and whatever else was read, by key."""
        made = {key: self._field(key) for key in HEADER}
        for key in sorted(self.values.rows):
            if key not in made and not key.startswith("lines."):
                made[key] = self._plain(key, is_required=False, is_quiet=True)
        return made

    def _field(self, key: str) -> FieldView:
        if key == "vendor":
            return self._vendor()
        if key == "posting_date":
            return self._posting_date()
        if key == "payment_iban" and self.bank is not None and not self.bank.is_on_card:
            return self._stopped_bank()
        if key == "currency_code" and self.values.text(key) is None:
            return self._own_currency()
        if key == "due_date" and self.values.text(key) is None:
            return self._due_by_terms()
        return self._plain(key, is_required=key in REQUIRED, is_quiet=key in QUIET)

    def _plain(self, key: str, *, is_required: bool, is_quiet: bool) -> FieldView:
        row = self.values.row(key)
        if row is None:
            return _view(
                key, None, FieldState.MISSING, is_required=is_required, is_open=self._counts(is_required)
            )
        state, reason = field_state(row)
        if state is FieldState.CHECK and key in AMOUNTS and self.arithmetic.state == "equal":
            state, reason = FieldState.SURE, Reason("why.arithmetic")
        warning = self._warning(key)
        if warning is not None and state is FieldState.SURE:
            state, reason = FieldState.CHECK, warning
        is_doubtful = state is FieldState.CHECK or (state is FieldState.MISSING and is_required)
        return _view(
            key,
            row,
            state,
            reason,
            is_required=is_required,
            is_open=self._counts(is_doubtful and not is_quiet),
        )

    def _counts(self, is_open: bool) -> bool:
        return is_open and not self.is_over

    def _warning(self, key: str) -> Reason | None:
        for message in self.messages:
            if message.field == key and message.code in STOPPING and is_open_message(message):
                return Reason(f"problem.{message.code}", from_json(message.values))
        return None

    def _vendor(self) -> FieldView:
        row = self.values.row("seller.name")
        number, matched = self.document.vendor_no, self.document.vendor_matched_by
        if number is None:
            reason = Reason("why.vendor_unknown", {"name": self.document.seller_name or "–"})
            view = _view(
                "vendor", row, FieldState.MISSING, reason, is_required=True, is_open=self._counts(True)
            )
        else:
            state = FieldState.CONFIRMED if matched == "person" else FieldState.SURE
            view = _view("vendor", row, state, Reason(f"why.vendor_by_{matched}"), is_required=True)
        return _with_value(view, number)

    def _posting_date(self) -> FieldView:
        row = self.values.row("posting_date")
        if row is not None and row.value:
            return _view("posting_date", row, FieldState.CONFIRMED, is_required=True)
        day = self.draft.posting_date if self.draft else None
        view = _view("posting_date", None, FieldState.DEFAULT, Reason("why.work_date"), is_required=True)
        return _with_value(view, day.isoformat() if day else None)

    def _stopped_bank(self) -> FieldView:
        assert self.bank is not None
        reason = Reason("why.iban_not_on_card", {"card": ", ".join(self.bank.card_ibans) or "–"})
        row = self.values.row("payment_iban")
        return _view("payment_iban", row, FieldState.STOPPED, reason, is_open=self._counts(True))

    def _own_currency(self) -> FieldView:
        view = _view(
            "currency_code",
            self.values.row("currency_code"),
            FieldState.DEFAULT,
            Reason("why.own_currency"),
            is_required=True,
        )
        return _with_value(view, self.company.local_currency)

    def _due_by_terms(self) -> FieldView:
        day = self.draft.due_date if self.draft else None
        row = self.values.row("due_date")
        view = _view("due_date", row, FieldState.DEFAULT, Reason("why.payment_terms"))
        return _with_value(view, day.isoformat() if day else None)


def field_state(row: IncomingField) -> tuple[FieldState, Reason | None]:
    """How far a read value may be trusted, by itself (ux.md §5.3)."""
    if row.confirmed_by is not None:
        return FieldState.CONFIRMED, Reason("why.confirmed", {"by": row.confirmed_by})
    if row.origin == Origin.DEFAULT:
        return FieldState.DEFAULT, None
    if row.origin == Origin.PROPOSAL:
        return FieldState.PROPOSED, None
    if row.value is None:
        return FieldState.MISSING, Reason("why.doubtful") if row.read_value else None
    if row.path is not None:
        return FieldState.SURE, Reason("why.einvoice", {"path": row.path})
    confidence = row.confidence if row.confidence is not None else 0.0
    if confidence >= SURE:
        return FieldState.SURE, None
    return FieldState.CHECK, Reason("why.read_percent", {"percent": round(confidence * 100)})


def _view(
    key: str,
    row: IncomingField | None,
    state: FieldState,
    reason: Reason | None = None,
    *,
    is_required: bool = False,
    is_open: bool = False,
) -> FieldView:
    if row is None:
        return FieldView(key, None, None, None, state, reason, is_required=is_required, is_open=is_open)
    box = box_of(row)
    candidates: tuple[Candidate, ...] = ()
    if row.value is None and row.read_value and row.confirmed_by is None:
        candidates = (Candidate(row.read_value, row.confidence or 0.0, row.page, box, row.printed),)
    return FieldView(
        key=key,
        value=row.value,
        read_value=row.read_value,
        confidence=row.confidence,
        state=state,
        reason=reason,
        page=row.page,
        box=box,
        printed=row.printed,
        path=row.path,
        is_required=is_required,
        is_open=is_open,
        candidates=candidates,
    )


def _with_value(view: FieldView, value: str | None) -> FieldView:
    return FieldView(
        view.key,
        value,
        view.read_value,
        view.confidence,
        view.state,
        view.reason,
        view.page,
        view.box,
        view.printed,
        view.path,
        view.is_required,
        view.is_open,
        view.candidates,
    )


def box_of(row: IncomingField) -> Box | None:
    """Where the value stands on its page."""
    sides = (row.box_left, row.box_top, row.box_right, row.box_bottom)
    if any(side is None for side in sides):
        return None
    return Box(*(float(side) for side in sides if side is not None))


# --- lines --------------------------------------------------------------------------------------------------


def _read_lines(values: Values) -> tuple[LineView, ...]:
    """The lines as read, while there is no draft; nothing of them is open, the draft comes first."""
    views: list[LineView] = []
    for index in values.line_indexes():
        cells: dict[str, FieldView] = {}
        for column in LINE_COLUMNS:
            key = f"lines.{index}.{column}"
            row = values.row(key)
            state = field_state(row)[0] if row else FieldState.MISSING
            cells[column] = _view(key, row, state)
        views.append(LineView(index + 1, None, None, None, cells))
    return tuple(views)


def _draft_lines(
    work: Work,
    draft: PurchaseDocument,
    totals: DocumentTotals | None,
    values: Values,
    vendor: Vendor | None,
) -> tuple[LineView, ...]:
    """The lines of the draft, each cell with the evidence of the line it was read from."""
    accounts = accounts_by_no(
        work, [line.no for line in draft.lines if line.no and line.type == LineType.ACCOUNT]
    )
    is_added_up = totals is not None and totals.total_net == values.amount("total_net")
    views: list[LineView] = []
    for line in draft.lines:
        name = None
        if line.type == LineType.ACCOUNT and line.no in accounts:
            name = accounts[line.no].name
        elif line.type == LineType.ITEM and line.no:
            item = find_item(work, line.no)
            name = item.description if item else None
        rate = _rate(work, vendor, line)
        cells = {column: _cell(line, column, rate, values, is_added_up) for column in LINE_COLUMNS}
        views.append(LineView(line.line_no, line.type, line.no, name, cells, _ground(line), line.vat_product))
    return tuple(views)


def _ground(line: PurchaseLine) -> Reason | None:
    return Reason(f"ground.{line.proposal.replace(':', '_')}") if line.proposal else None


def _rate(work: Work, vendor: Vendor | None, line: PurchaseLine) -> Decimal | None:
    if vendor is None or not vendor.vat_business or not line.vat_product:
        return None
    setup = find_vat_setup(work, vendor.vat_business, line.vat_product)
    return setup.percent if setup else None


def _cell(
    line: PurchaseLine, column: str, rate: Decimal | None, values: Values, is_added_up: bool
) -> FieldView:
    value = _cell_value(line, column, rate)
    key = cell_key(line, column)
    row = values.row(key)
    state, reason = FieldState.SURE, None
    if column == "no":
        state, is_open = _coding_state(line)
        view = FieldView(key, value, None, None, state, _ground(line), is_required=True, is_open=is_open)
        return view
    if row is None or column == "type":
        state = FieldState.DEFAULT if value else FieldState.MISSING
        return FieldView(key, value, None, None, state)
    state, reason = field_state(row)
    if not _same(column, value, row.value):
        state, reason = FieldState.CONFIRMED if row.confirmed_by else FieldState.DEFAULT, None
    # Prices and quantities of items move stock; of an account line only the amount counts, and it is
    # proved when the lines add up to the document's total.
    matters = line.type == LineType.ITEM and column in ("quantity", "unit_price", "net_amount")
    if state is FieldState.CHECK and is_added_up and (not matters or _line_adds_up(line, values)):
        state, reason = FieldState.SURE, Reason("why.arithmetic")
    is_open = state is FieldState.CHECK and matters
    view = _view(key, row, state, reason, is_open=is_open)
    return _with_value(view, value)


def cell_key(line: PurchaseLine, column: str) -> str:
    """The key of a cell: that of the value it was read from, or a key of its own for an added line."""
    if line.source_ref and line.source_ref.startswith("lines."):
        return f"{line.source_ref}.{column}"
    if line.source_ref and column == "net_amount":
        return f"{line.source_ref}.net" if line.source_ref.startswith("vat_") else line.source_ref
    return f"added.{line.line_no}.{column}"


def _cell_value(line: PurchaseLine, column: str, rate: Decimal | None) -> str | None:
    match column:
        case "type":
            return line.type
        case "no":
            return line.no
        case "description":
            return line.description
        case "unit":
            return line.unit
        case "vat_rate":
            return _text(rate)
        case "net_amount":
            return plain(amount_of(line), 2) if line.type != LineType.COMMENT else None
        case "discount_percent":
            return _text(line.discount_percent) if line.discount_percent else None
        case "quantity":
            return _text(line.quantity) if line.quantity else None
        case _:
            return _text(line.unit_cost) if line.type != LineType.COMMENT else None


def _text(number: Decimal | None) -> str | None:
    return None if number is None else plain(number)


def _same(column: str, value: str | None, read: str | None) -> bool:
    if column in ("quantity", "unit_price", "net_amount", "vat_rate", "discount_percent"):
        return as_amount(value) == as_amount(read)
    if column == "unit":
        return same_unit(value, read)
    return (value or "") == (read or "")


def _line_adds_up(line: PurchaseLine, values: Values) -> bool:
    """Quantity times price, as printed, gives the printed amount."""
    printed = {
        column: values.amount(f"{line.source_ref}.{column}")
        for column in ("quantity", "unit_price", "net_amount")
    }
    quantity, price, amount = printed["quantity"], printed["unit_price"], printed["net_amount"]
    if quantity is None or price is None or amount is None:
        return False
    return round_to(quantity * price) == amount and amount_of(line) == amount


def _coding_state(line: PurchaseLine) -> tuple[FieldState, bool]:
    if line.type == LineType.COMMENT:
        return FieldState.SURE, False
    if not line.no:
        return FieldState.MISSING, True
    if line.proposal and not line.proposal.startswith("item:"):
        return FieldState.PROPOSED, False
    return FieldState.SURE if line.proposal else FieldState.CONFIRMED, False


# --- arithmetic ---------------------------------------------------------------------------------------------


def _arithmetic(
    document: IncomingDocument,
    values: Values,
    draft: PurchaseDocument | None,
    totals: DocumentTotals | None,
    company: Company,
) -> Arithmetic:
    limit, vat_limit = company.rounding_limit, company.max_vat_difference
    stated = {key: values.amount(key) for key in AMOUNTS}
    if draft is None or totals is None:
        return _arithmetic_as_read(document, values, stated, limit)
    rows = [
        _compared("lines", None, totals.total_net, stated["total_net"], limit),
        *_vat_rows(values, totals, vat_limit),
        _compared("total", None, totals.total_gross, stated["total_gross"], limit),
    ]
    if not any(row.name == "vat" for row in rows):
        rows.insert(1, _compared("vat", None, totals.total_vat, stated["total_vat"], vat_limit))
    state = _worst(rows)
    return Arithmetic(
        currency_code=document.currency_code or company.local_currency,
        lines_sum=totals.total_net,
        total_net=stated["total_net"],
        total_vat=totals.total_vat,
        total_gross=totals.total_gross,
        rows=tuple(rows),
        state=state,
        can_book_difference=rows[-1].state == "rounding",
    )


def _arithmetic_as_read(
    document: IncomingDocument, values: Values, stated: Mapping[str, Decimal | None], limit: Decimal
) -> Arithmetic:
    """Without a draft: do the values as read agree with each other?"""
    amounts = [as_amount(row.get("net_amount")) for row in values.lines()]
    lines_sum = sum((a for a in amounts if a is not None), ZERO) if any(amounts) else None
    net, vat, gross = (stated[key] for key in AMOUNTS)
    computed = net + vat if net is not None and vat is not None else None
    rows = (
        _compared("lines", None, lines_sum, net, limit),
        _compared("total", None, computed, gross, limit),
    )
    return Arithmetic(
        document.currency_code or "",
        lines_sum,
        net,
        vat,
        gross,
        rows,
        _worst(rows),
        can_book_difference=False,
    )


def _vat_rows(values: Values, totals: DocumentTotals, limit: Decimal) -> list[ArithmeticRow]:
    computed: dict[Decimal, Decimal] = {}
    for group in totals.groups:
        percent = ZERO if group.terms.calculation == "reverse_charge" else group.terms.percent.normalize()
        computed[percent] = computed.get(percent, ZERO) + group.vat
    stated: dict[Decimal, Decimal | None] = {}
    for _, row in values.vat_breakdown():
        rate = as_amount(row.get("rate"))
        if rate is not None:
            stated[rate.normalize()] = as_amount(row.get("vat"))
    if not stated:
        return []
    return [
        _compared("vat", rate, computed.get(rate, ZERO), stated.get(rate), limit)
        for rate in sorted({*computed, *stated}, reverse=True)
        if computed.get(rate) or stated.get(rate)
    ]


RowName = Literal["lines", "vat", "total"]


def _compared(
    name: RowName, rate: Decimal | None, computed: Decimal | None, stated: Decimal | None, limit: Decimal
) -> ArithmeticRow:
    if computed is None or stated is None:
        return ArithmeticRow(name, rate, computed, stated, None, "unknown")
    difference = computed - stated
    state: SumState = "equal"
    if difference:
        state = "rounding" if abs(difference) <= limit else "different"
    cause = _cause(computed, stated) if state == "different" else None
    return ArithmeticRow(name, rate, computed, stated, difference, state, cause)


def _cause(computed: Decimal, stated: Decimal) -> Reason | None:
    """The likeliest cause of a difference, if one is likely at all."""
    difference = abs(computed - stated)
    if difference * 100 % 9 == ZERO and _digits(computed) == _digits(stated):
        return Reason("cause.digits_swapped")
    for percent in (21, 9, 19, 20, 7):
        if stated and round_to(stated * (100 + percent) / 100) == computed:
            return Reason("cause.price_includes_vat", {"percent": percent})
    return Reason("cause.line_missing" if computed < stated else "cause.discount_missing")


def _digits(amount: Decimal) -> list[str]:
    return sorted(c for c in format(amount.normalize(), "f") if c.isdigit())


def _worst(rows: Sequence[ArithmeticRow]) -> SumState:
    total = rows[-1]
    states = {row.state for row in rows}
    for state in ("different", "rounding"):
        if state in states:
            return "different" if state == "different" else "rounding"
    return "equal" if total.state == "equal" else "unknown"


def _vat_groups(values: Values, totals: DocumentTotals | None) -> tuple[VatGroupView, ...]:
    stated: dict[Decimal, tuple[FieldView, FieldView]] = {}
    for index, row in values.vat_breakdown():
        rate = as_amount(row.get("rate"))
        if rate is None:
            continue
        net, vat = (
            _view(key, found, field_state(found)[0] if found else FieldState.MISSING)
            for key in (f"vat_breakdown.{index}.net", f"vat_breakdown.{index}.vat")
            for found in (values.row(key),)
        )
        stated[rate.normalize()] = (net, vat)
    groups: list[VatGroupView] = []
    seen: set[Decimal] = set()
    for group in totals.groups if totals else ():
        is_reverse = group.terms.calculation == "reverse_charge"
        rate = ZERO if is_reverse else group.terms.percent.normalize()
        net_view, vat_view = stated.get(rate, (None, None)) if rate not in seen else (None, None)
        seen.add(rate)
        groups.append(VatGroupView(rate, group.terms.identifier, group.base, group.vat, net_view, vat_view))
    for rate, (net_view, vat_view) in stated.items():
        if rate not in seen:
            groups.append(VatGroupView(rate, None, ZERO, ZERO, net_view, vat_view))
    return tuple(groups)


# --- checks -------------------------------------------------------------------------------------------------


def _bank(vendor: Vendor | None, values: Values, draft: PurchaseDocument | None) -> Bank | None:
    printed = (draft.payment_iban if draft else None) or values.text("payment_iban")
    if not printed or vendor is None:
        return None
    on_card = tuple(
        account.iban for account in vendor.bank_accounts if account.state != BankAccountState.RETIRED
    )
    return Bank(printed, on_card, printed in on_card)


def _no_checks() -> tuple[Check, ...]:
    """Before and after the review nothing is asked."""
    names: tuple[CheckName, ...] = ("vendor", "bank_account", "duplicate", "fields", "totals", "coding")
    return tuple(Check(name, CheckState.OK) for name in names)


def _vendor_check(document: IncomingDocument, vendor: Vendor | None) -> Check:
    if vendor is None:
        reason = Reason("problem.INC_VENDOR_NOT_FOUND_SHORT", {"name": document.seller_name or "–"})
        return Check("vendor", CheckState.STOP, 1, reason, "vendor")
    if vendor.restricted:
        return Check("vendor", CheckState.OK, 0, Reason("why.vendor_restricted"), "vendor")
    return Check("vendor", CheckState.OK, 0, Reason(f"why.vendor_by_{document.vendor_matched_by}"), "vendor")


def _bank_check(bank: Bank | None) -> Check:
    if bank is None or bank.is_on_card:
        return Check("bank_account", CheckState.OK, field="payment_iban")
    values = {"printed": bank.printed_iban, "card": ", ".join(bank.card_ibans) or "–"}
    return Check("bank_account", CheckState.STOP, 1, Reason("problem.INC_IBAN_NEW", values), "payment_iban")


def _duplicate_check(messages: Sequence[IncomingMessage]) -> Check:
    flags = [m for m in messages if m.code in (STOP, LOOK) and is_open_message(m)]
    if not flags:
        return Check("duplicate", CheckState.OK, field="invoice_number")
    worst = next((flag for flag in flags if flag.code == STOP), flags[0])
    state = CheckState.STOP if worst.code == STOP else CheckState.CHECK
    reason = Reason(f"problem.{worst.code}", from_json(worst.values))
    return Check("duplicate", state, len(flags), reason, "invoice_number")


def _fields_check(
    messages: Sequence[IncomingMessage], fields: Mapping[str, FieldView], lines: Sequence[LineView]
) -> Check:
    stops = [m for m in messages if m.code in STOPPING and is_open_message(m)]
    cells = [cell for line in lines for name, cell in line.cells.items() if name != "no"]
    own = {"vendor", "payment_iban"}
    open_fields = [view for view in (*fields.values(), *cells) if view.is_open and view.key not in own]
    iban = fields.get("payment_iban")
    if iban is not None and iban.is_open and iban.state is not FieldState.STOPPED:
        open_fields.append(iban)
    if stops:
        reason = Reason(f"problem.{stops[0].code}", from_json(stops[0].values))
        return Check("fields", CheckState.STOP, len(stops) + len(open_fields), reason, stops[0].field)
    if open_fields:
        first = open_fields[0]
        key = "why.field_missing" if first.state is FieldState.MISSING else "why.field_doubtful"
        return Check(
            "fields", CheckState.CHECK, len(open_fields), Reason(key, {"field": first.key}), first.key
        )
    return Check("fields", CheckState.OK)


def _totals_check(
    draft: PurchaseDocument | None,
    messages: Sequence[IncomingMessage],
    arithmetic: Arithmetic,
    *,
    is_booked: bool,
) -> Check:
    total = arithmetic.rows[-1]
    if draft is None:
        wanting = next((m for m in messages if m.code == "INC_NO_TOTAL" and is_open_message(m)), None)
        if wanting is not None:
            return Check("totals", CheckState.STOP, 1, Reason("problem.INC_NO_TOTAL"), "total_net")
        return Check("totals", CheckState.OK, field="total_gross")
    if total.state == "rounding" and is_booked:
        return Check("totals", CheckState.OK, 0, Reason("why.difference_booked"), "total_gross")
    if total.state in ("rounding", "different"):
        state = CheckState.CHECK if total.state == "rounding" else CheckState.STOP
        values = {
            "computed": total.computed,
            "stated": total.stated,
            "difference": abs(total.difference or ZERO),
        }
        return Check("totals", state, 1, Reason("problem.INC_TOTALS", values), "total_gross")
    vat = next((row for row in arithmetic.rows if row.name == "vat" and row.difference), None)
    if vat is not None and vat.state == "different":
        reason = Reason("problem.INC_VAT_AMOUNT", _difference(vat))
        return Check("totals", CheckState.STOP, 1, reason, "total_vat")
    return Check("totals", CheckState.OK, field="total_gross")


def _difference(row: ArithmeticRow) -> dict[str, object]:
    difference = abs(row.difference or ZERO)
    return {"computed": row.computed, "stated": row.stated, "difference": difference}


def _coding_check(draft: PurchaseDocument | None, lines: Sequence[LineView]) -> Check:
    if draft is None:
        return Check("coding", CheckState.OK)
    if not priced_lines(draft):
        return Check("coding", CheckState.STOP, 1, Reason("why.no_lines"))
    uncoded = [line for line in lines if line.cells["no"].is_open]
    if uncoded:
        first = uncoded[0]
        reason = Reason("why.no_account", {"line_no": first.line_no})
        return Check("coding", CheckState.STOP, len(uncoded), reason, first.cells["no"].key)
    return Check("coding", CheckState.OK)
