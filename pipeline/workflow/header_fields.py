"""The fields of the form: each with its value, its state, and why it is believed or doubted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.master.company import Company
from core.purchasing.document import PurchaseDocument
from pipeline.incoming import (
    IncomingDocument,
    IncomingMessage,
    from_json,
)
from pipeline.workflow.arithmetic import AMOUNTS
from pipeline.workflow.checks import STOPPING, is_open_message
from pipeline.workflow.field_states import field_state, field_view, with_value
from pipeline.workflow.review_view import (
    Arithmetic,
    Bank,
    FieldState,
    FieldView,
    Reason,
)
from pipeline.workflow.values import Values

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


@dataclass(frozen=True, slots=True)
class HeaderFields:
    """Makes the fields of one document. `is_over`: nothing is asked any more, so nothing is open."""

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
            return field_view(
                key, None, FieldState.MISSING, is_required=is_required, is_open=self._counts(is_required)
            )
        state, reason = field_state(row)
        if state is FieldState.CHECK and key in AMOUNTS and self.arithmetic.state == "equal":
            state, reason = FieldState.SURE, Reason("why.arithmetic")
        warning = self._warning(key)
        if warning is not None and state is FieldState.SURE:
            state, reason = FieldState.CHECK, warning
        is_doubtful = state is FieldState.CHECK or (state is FieldState.MISSING and is_required)
        return field_view(
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
            view = field_view(
                "vendor", row, FieldState.MISSING, reason, is_required=True, is_open=self._counts(True)
            )
        else:
            state = FieldState.CONFIRMED if matched == "person" else FieldState.SURE
            view = field_view("vendor", row, state, Reason(f"why.vendor_by_{matched}"), is_required=True)
        return with_value(view, number)

    def _posting_date(self) -> FieldView:
        row = self.values.row("posting_date")
        if row is not None and row.value:
            return field_view("posting_date", row, FieldState.CONFIRMED, is_required=True)
        day = self.draft.posting_date if self.draft else None
        view = field_view("posting_date", None, FieldState.DEFAULT, Reason("why.work_date"), is_required=True)
        return with_value(view, day.isoformat() if day else None)

    def _stopped_bank(self) -> FieldView:
        assert self.bank is not None
        reason = Reason("why.iban_not_on_card", {"card": ", ".join(self.bank.card_ibans) or "–"})
        row = self.values.row("payment_iban")
        return field_view("payment_iban", row, FieldState.STOPPED, reason, is_open=self._counts(True))

    def _own_currency(self) -> FieldView:
        view = field_view(
            "currency_code",
            self.values.row("currency_code"),
            FieldState.DEFAULT,
            Reason("why.own_currency"),
            is_required=True,
        )
        return with_value(view, self.company.local_currency)

    def _due_by_terms(self) -> FieldView:
        day = self.draft.due_date if self.draft else None
        row = self.values.row("due_date")
        view = field_view("due_date", row, FieldState.DEFAULT, Reason("why.payment_terms"))
        return with_value(view, day.isoformat() if day else None)
