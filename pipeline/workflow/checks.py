"""The checks row: vendor, bank account, duplicate, fields, totals, coding. Each a tick, a count or a stop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.master.vendors import BankAccountState, Vendor
from core.money import ZERO
from core.purchasing.document import PurchaseDocument
from core.purchasing.draft_totals import priced_lines
from pipeline.incoming import (
    IncomingDocument,
    IncomingMessage,
    from_json,
)
from pipeline.workflow.duplicates import LOOK, STOP
from pipeline.workflow.review_view import (
    Arithmetic,
    ArithmeticRow,
    Bank,
    Check,
    CheckName,
    CheckState,
    FieldState,
    FieldView,
    LineView,
    Reason,
)
from pipeline.workflow.values import Values

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


def is_open_message(message: IncomingMessage) -> bool:
    """Whether a message still stands: nobody has dismissed it."""
    return message.dismissed_by is None


def bank_of(vendor: Vendor | None, values: Values, draft: PurchaseDocument | None) -> Bank | None:
    """The account to pay to beside those of the card; None when none is printed or the vendor is unknown."""
    printed = (draft.payment_iban if draft else None) or values.text("payment_iban")
    if not printed or vendor is None:
        return None
    on_card = tuple(
        account.iban for account in vendor.bank_accounts if account.state != BankAccountState.RETIRED
    )
    return Bank(printed, on_card, printed in on_card)


def no_checks() -> tuple[Check, ...]:
    """Before and after the review nothing is asked."""
    names: tuple[CheckName, ...] = ("vendor", "bank_account", "duplicate", "fields", "totals", "coding")
    return tuple(Check(name, CheckState.OK) for name in names)


def vendor_check(document: IncomingDocument, vendor: Vendor | None) -> Check:
    """A vendor that nobody knows is a stop; a restricted one is told, since posting asks for it (AP-37)."""
    if vendor is None:
        reason = Reason("problem.INC_VENDOR_NOT_FOUND_SHORT", {"name": document.seller_name or "–"})
        return Check("vendor", CheckState.STOP, 1, reason, "vendor")
    if vendor.restricted:
        return Check("vendor", CheckState.OK, 0, Reason("why.vendor_restricted"), "vendor")
    return Check("vendor", CheckState.OK, 0, Reason(f"why.vendor_by_{document.vendor_matched_by}"), "vendor")


def bank_check(bank: Bank | None) -> Check:
    """An account that is not on the card is a stop (ID-54)."""
    if bank is None or bank.is_on_card:
        return Check("bank_account", CheckState.OK, field="payment_iban")
    values = {"printed": bank.printed_iban, "card": ", ".join(bank.card_ibans) or "–"}
    return Check("bank_account", CheckState.STOP, 1, Reason("problem.INC_IBAN_NEW", values), "payment_iban")


def duplicate_check(messages: Sequence[IncomingMessage]) -> Check:
    """The same number is a stop, the same amount is to be looked at (ID-90)."""
    flags = [m for m in messages if m.code in (STOP, LOOK) and is_open_message(m)]
    if not flags:
        return Check("duplicate", CheckState.OK, field="invoice_number")
    worst = next((flag for flag in flags if flag.code == STOP), flags[0])
    state = CheckState.STOP if worst.code == STOP else CheckState.CHECK
    reason = Reason(f"problem.{worst.code}", from_json(worst.values))
    return Check("duplicate", state, len(flags), reason, "invoice_number")


def fields_check(
    messages: Sequence[IncomingMessage], fields: Mapping[str, FieldView], lines: Sequence[LineView]
) -> Check:
    """Doubtful and missing values, and what the reader has against the whole document."""
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


def totals_check(
    draft: PurchaseDocument | None,
    messages: Sequence[IncomingMessage],
    arithmetic: Arithmetic,
    *,
    is_booked: bool,
) -> Check:
    """A difference in money: cents that may be booked are to be decided on, more is a stop (ID-69, ID-91)."""
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


def coding_check(draft: PurchaseDocument | None, lines: Sequence[LineView]) -> Check:
    """Every line that carries an amount has an account or an item."""
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
