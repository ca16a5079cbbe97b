"""Every refusal of the purchase ledger: its texts, who raises it, and a test that reaches it (PU-1).

`docs/refusals.md` says which codes no rule of today raises, and which no test reaches yet.
"""

import re
from pathlib import Path

from core import catalogue
from core.catalogue import CORE_TEXTS, LANGUAGES, Catalogue

ROOT = Path(__file__).parents[2]
TESTS = Path(__file__).parents[1]
CORE = Path(catalogue.__file__).parent
CODES = [
    "account_blocked",
    "already_posted",
    "archive_partly_posted",
    "archive_source_missing",
    "busy_try_again",
    "cancel_already",
    "cancel_cm_applied",
    "cancel_exceeds_order",
    "cancel_is_corrective",
    "cancel_line_type",
    "cancel_paid",
    "cancel_posting_date",
    "cancel_returned",
    "charge_not_assigned",
    "charge_over_assigned",
    "charge_target_missing",
    "charge_zero",
    "credit_exceeds_shipment",
    "dimension_not_allowed",
    "drop_shipment_not_linked",
    "due_date_missing",
    "empty_line_amount",
    "ext_doc_no_exists",
    "ext_doc_no_missing",
    "field_missing",
    "gl_account_not_usable",
    "iban_invalid",
    "inconsistent_transaction",
    "insufficient_inventory",
    "inventory_period_closed",
    "invoice_discount_too_large",
    "invoice_exceeds_receipt",
    "invoice_must_be_whole",
    "item_blocked",
    "item_has_entries",
    "item_purchasing_blocked",
    "item_reference_ambiguous",
    "line_discount_out_of_range",
    "line_from_receipt",
    "line_no_missing",
    "line_partially_received",
    "linked_to_purchase_order",
    "linked_to_sales_order",
    "location_missing",
    "manual_no_not_allowed",
    "mixed_drop_shipment",
    "negative_total",
    "no_drop_shipment_lines",
    "no_lines_selected",
    "not_an_invoice",
    "not_applied",
    "nothing_selected",
    "nothing_to_post",
    "nothing_to_release",
    "nothing_to_undo",
    "order_line_missing",
    "over_receipt_pending",
    "over_receipt_too_large",
    "posted_no_exists",
    "posting_date_differs",
    "posting_date_not_allowed",
    "posting_group_missing",
    "posting_setup_blocked",
    "posting_setup_missing",
    "prepayment_unpaid",
    "purchaser_blocked",
    "purchasing_code_conflict",
    "qty_below_received",
    "qty_exceeds_receipt",
    "qty_to_invoice_too_large",
    "qty_to_receive_too_large",
    "quantity_precision",
    "quantity_rounds_to_zero",
    "receipt_already_undone",
    "receipt_charge_assigned",
    "receipt_header_mismatch",
    "receipt_invoiced",
    "receipt_items_used",
    "receipt_line_invoiced",
    "receipt_line_mismatch",
    "receipt_reserved",
    "receipt_revalued",
    "received_not_invoiced",
    "reverse_not_allowed",
    "sales_not_invoiced",
    "sell_to_customer_missing",
    "series_date_order",
    "series_exhausted",
    "series_no_line_for_date",
    "series_not_related",
    "series_not_set",
    "ship_to_mismatch",
    "special_order_not_received",
    "stale_document",
    "status_not_open",
    "total_mismatch",
    "type_not_supported",
    "unapply_not_last",
    "unit_missing",
    "uom_factor_changed",
    "variant_missing",
    "vat_date_not_allowed",
    "vat_difference_not_allowed",
    "vat_difference_too_large",
    "vat_exceeds_total",
    "vat_id_format",
    "vat_total_mismatch",
    "vendor_blocked",
    "vendor_exists",
    "vendor_has_entries",
    "vendor_in_use",
    "vendor_missing",
    "vendor_open_entries",
    "vendor_privacy_blocked",
]
DOCUMENTED = set(re.findall(r"^\| `(\w+)`", (ROOT / "docs" / "refusals.md").read_text("utf-8"), re.MULTILINE))


def test_every_refusal_has_a_text_in_every_language_and_is_raised() -> None:
    sources = "".join(path.read_text("utf-8") for path in CORE.rglob("*.py"))
    for language in LANGUAGES:
        texts = Catalogue.load(language, [CORE_TEXTS]).texts
        for code in CODES:
            there = f"problem.{code}" in texts and f'"{code}"' in sources
            assert there or code in DOCUMENTED, f"{code} has no text in {language}, or nobody raises it"


def test_every_refusal_is_reached_by_a_test() -> None:
    tests = "".join(
        path.read_text("utf-8")
        for suffix in ("*.py", "*.yaml")
        for path in TESTS.rglob(suffix)
        if path != Path(__file__)
    )
    for code in CODES:
        reached = re.search(rf"\b{code}\b", tests) is not None
        assert reached or code in DOCUMENTED, f"no test reaches {code}"
