"""The books: setup, documents, ledgers and what guards them, number series, jobs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.database import Exact, UtcDateTime
from core.ledgers import guards

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    "account",
    "company",
    "job",
    "ledger_counter",
    "number_series",
    "payment_terms",
    "register",
    "currency",
    "general_posting_setup",
    "gl_entry",
    "inventory_posting_setup",
    "number_series_line",
    "series_use",
    "vat_entry",
    "vat_posting_setup",
    "vendor_posting_group",
    "exchange_rate",
    "vat_entry_base",
    "vendor",
    "item",
    "posted_document",
    "posted_receipt",
    "purchase_document",
    "vendor_bank_account",
    "vendor_entry",
    "detailed_vendor_entry",
    "item_entry",
    "item_reference",
    "item_unit",
    "item_vendor",
    "posted_line",
    "posted_receipt_line",
    "purchase_line",
    "purchase_vat_amount",
    "item_application",
    "value_entry",
)


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("account_no", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("name_nl", sa.String(length=100), nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("control", sa.String(length=20), nullable=False),
        sa.Column("is_heading", sa.Boolean(), nullable=False),
        sa.Column("blocked", sa.Boolean(), nullable=False),
        sa.Column("direct_posting", sa.Boolean(), nullable=False),
        sa.Column("general_product", sa.String(length=20), nullable=True),
        sa.Column("vat_product", sa.String(length=20), nullable=True),
        sa.CheckConstraint(
            "control = 'none' OR NOT direct_posting", name=op.f("ck_account_control_has_no_direct_posting")
        ),
        sa.CheckConstraint("kind IN ('balance', 'income')", name=op.f("ck_account_kind")),
        sa.PrimaryKeyConstraint("account_no", name=op.f("pk_account")),
    )
    op.create_table(
        "company",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("address", sa.String(length=100), nullable=True),
        sa.Column("post_code", sa.String(length=20), nullable=True),
        sa.Column("city", sa.String(length=60), nullable=True),
        sa.Column("country_code", sa.String(length=2), nullable=False),
        sa.Column("vat_id", sa.String(length=20), nullable=True),
        sa.Column("legal_id", sa.String(length=30), nullable=True),
        sa.Column("gln", sa.String(length=13), nullable=True),
        sa.Column("phone", sa.String(length=30), nullable=True),
        sa.Column("email", sa.String(length=100), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("time_zone", sa.String(length=40), nullable=False),
        sa.Column("local_currency", sa.String(length=3), nullable=False),
        sa.Column("amount_rounding", Exact(precision=19, scale=4), nullable=False),
        sa.Column("unit_amount_rounding", Exact(precision=19, scale=5), nullable=False),
        sa.Column("allow_posting_from", sa.Date(), nullable=True),
        sa.Column("allow_posting_to", sa.Date(), nullable=True),
        sa.Column("allow_vat_date_from", sa.Date(), nullable=True),
        sa.Column("allow_vat_date_to", sa.Date(), nullable=True),
        sa.Column("vat_date_source", sa.String(length=15), nullable=False),
        sa.Column("discount_posting", sa.String(length=10), nullable=False),
        sa.Column("invoice_rounding_enabled", sa.Boolean(), nullable=False),
        sa.Column("invoice_rounding_precision", Exact(precision=19, scale=4), nullable=False),
        sa.Column("prices_include_vat", sa.Boolean(), nullable=False),
        sa.Column("max_vat_difference", Exact(precision=19, scale=4), nullable=False),
        sa.Column("nondeductible_in_item_cost", sa.Boolean(), nullable=False),
        sa.Column("adjust_for_payment_discount", sa.Boolean(), nullable=False),
        sa.Column("rounding_limit", Exact(precision=19, scale=4), nullable=False),
        sa.Column("vendor_document_no_mandatory", sa.Boolean(), nullable=False),
        sa.Column("payment_discount_base", sa.String(length=10), nullable=False),
        sa.Column("payment_tolerance_percent", Exact(precision=9, scale=5), nullable=False),
        sa.Column("payment_tolerance_max", Exact(precision=19, scale=4), nullable=False),
        sa.Column("discount_grace_days", sa.Integer(), nullable=False),
        sa.Column("receipt_on_invoice", sa.Boolean(), nullable=False),
        sa.Column("drop_shipment_sales_invoice_first", sa.Boolean(), nullable=False),
        sa.Column("exact_cost_reversing_mandatory", sa.Boolean(), nullable=False),
        sa.Column("debit_default_account", sa.String(length=20), nullable=True),
        sa.Column("credit_default_account", sa.String(length=20), nullable=True),
        sa.Column("automatic_cost_posting", sa.Boolean(), nullable=False),
        sa.Column("automatic_cost_adjustment", sa.String(length=10), nullable=False),
        sa.Column("expected_cost_to_gl", sa.Boolean(), nullable=False),
        sa.Column("average_cost_period", sa.String(length=10), nullable=False),
        sa.Column("prevent_negative", sa.Boolean(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_company_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_company")),
    )
    op.create_table(
        "job",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("run_after", UtcDateTime(timezone=True), nullable=False),
        sa.Column("lease_until", UtcDateTime(timezone=True), nullable=True),
        sa.Column("owner", sa.String(length=80), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('queued', 'running', 'done', 'failed')", name=op.f("ck_job_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index("ix_job_due", ["state", "run_after"], unique=False)
        batch_op.create_index("ix_job_subject", ["kind", "subject_id"], unique=False)

    op.create_table(
        "ledger_counter",
        sa.Column("ledger", sa.String(length=30), nullable=False),
        sa.Column("last_no", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("ledger", name=op.f("pk_ledger_counter")),
    )
    op.create_table(
        "number_series",
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("description", sa.String(length=100), nullable=True),
        sa.Column("default_nos", sa.Boolean(), nullable=False),
        sa.Column("manual_nos", sa.Boolean(), nullable=False),
        sa.Column("date_order", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_number_series")),
    )
    op.create_table(
        "payment_terms",
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("description", sa.String(length=100), nullable=True),
        sa.Column("due_formula", sa.String(length=30), nullable=False),
        sa.Column("discount_formula", sa.String(length=30), nullable=True),
        sa.Column("discount_percent", Exact(precision=9, scale=5), nullable=False),
        sa.Column("discount_on_credit_memos", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_payment_terms")),
    )
    op.create_table(
        "register",
        sa.Column(
            "register_no",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("source", sa.String(length=30), nullable=False),
        sa.Column("actor_no", sa.String(length=50), nullable=False),
        sa.Column("actor_name", sa.String(length=100), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("posting_date", sa.Date(), nullable=False),
        sa.Column("document_no", sa.String(length=20), nullable=False),
        sa.Column("sealed", sa.Boolean(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("register_no", name=op.f("pk_register")),
    )
    with op.batch_alter_table("register", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_register_document_no"), ["document_no"], unique=False)

    op.create_table(
        "currency",
        sa.Column("code", sa.String(length=3), nullable=False),
        sa.Column("amount_rounding", Exact(precision=19, scale=4), nullable=False),
        sa.Column("max_vat_difference", Exact(precision=19, scale=4), nullable=True),
        sa.Column("realized_gain", sa.String(length=20), nullable=True),
        sa.Column("realized_loss", sa.String(length=20), nullable=True),
        sa.Column("unrealized_gain", sa.String(length=20), nullable=True),
        sa.Column("unrealized_loss", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(
            ["realized_gain"], ["account.account_no"], name=op.f("fk_currency_realized_gain")
        ),
        sa.ForeignKeyConstraint(
            ["realized_loss"], ["account.account_no"], name=op.f("fk_currency_realized_loss")
        ),
        sa.ForeignKeyConstraint(
            ["unrealized_gain"], ["account.account_no"], name=op.f("fk_currency_unrealized_gain")
        ),
        sa.ForeignKeyConstraint(
            ["unrealized_loss"], ["account.account_no"], name=op.f("fk_currency_unrealized_loss")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_currency")),
    )
    op.create_table(
        "general_posting_setup",
        sa.Column("general_business", sa.String(length=20), nullable=False),
        sa.Column("general_product", sa.String(length=20), nullable=False),
        sa.Column("blocked", sa.Boolean(), nullable=False),
        sa.Column("purchase", sa.String(length=20), nullable=True),
        sa.Column("purchase_credit_memo", sa.String(length=20), nullable=True),
        sa.Column("line_discount", sa.String(length=20), nullable=True),
        sa.Column("invoice_discount", sa.String(length=20), nullable=True),
        sa.Column("direct_cost_applied", sa.String(length=20), nullable=True),
        sa.Column("overhead_applied", sa.String(length=20), nullable=True),
        sa.Column("purchase_variance", sa.String(length=20), nullable=True),
        sa.Column("inventory_adjustment", sa.String(length=20), nullable=True),
        sa.Column("accrual_interim", sa.String(length=20), nullable=True),
        sa.Column("cogs", sa.String(length=20), nullable=True),
        sa.Column("cogs_interim", sa.String(length=20), nullable=True),
        sa.Column("sales", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(
            ["accrual_interim"], ["account.account_no"], name=op.f("fk_general_posting_setup_accrual_interim")
        ),
        sa.ForeignKeyConstraint(["cogs"], ["account.account_no"], name=op.f("fk_general_posting_setup_cogs")),
        sa.ForeignKeyConstraint(
            ["cogs_interim"], ["account.account_no"], name=op.f("fk_general_posting_setup_cogs_interim")
        ),
        sa.ForeignKeyConstraint(
            ["direct_cost_applied"],
            ["account.account_no"],
            name=op.f("fk_general_posting_setup_direct_cost_applied"),
        ),
        sa.ForeignKeyConstraint(
            ["inventory_adjustment"],
            ["account.account_no"],
            name=op.f("fk_general_posting_setup_inventory_adjustment"),
        ),
        sa.ForeignKeyConstraint(
            ["invoice_discount"],
            ["account.account_no"],
            name=op.f("fk_general_posting_setup_invoice_discount"),
        ),
        sa.ForeignKeyConstraint(
            ["line_discount"], ["account.account_no"], name=op.f("fk_general_posting_setup_line_discount")
        ),
        sa.ForeignKeyConstraint(
            ["overhead_applied"],
            ["account.account_no"],
            name=op.f("fk_general_posting_setup_overhead_applied"),
        ),
        sa.ForeignKeyConstraint(
            ["purchase"], ["account.account_no"], name=op.f("fk_general_posting_setup_purchase")
        ),
        sa.ForeignKeyConstraint(
            ["purchase_credit_memo"],
            ["account.account_no"],
            name=op.f("fk_general_posting_setup_purchase_credit_memo"),
        ),
        sa.ForeignKeyConstraint(
            ["purchase_variance"],
            ["account.account_no"],
            name=op.f("fk_general_posting_setup_purchase_variance"),
        ),
        sa.ForeignKeyConstraint(
            ["sales"], ["account.account_no"], name=op.f("fk_general_posting_setup_sales")
        ),
        sa.PrimaryKeyConstraint("general_business", "general_product", name=op.f("pk_general_posting_setup")),
    )
    op.create_table(
        "gl_entry",
        sa.Column(
            "entry_no",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("register_no", sa.BigInteger(), nullable=False),
        sa.Column("transaction_no", sa.BigInteger(), nullable=False),
        sa.Column("account_no", sa.String(length=20), nullable=False),
        sa.Column("posting_date", sa.Date(), nullable=False),
        sa.Column("document_date", sa.Date(), nullable=False),
        sa.Column("document_type", sa.String(length=20), nullable=False),
        sa.Column("document_no", sa.String(length=20), nullable=False),
        sa.Column("vendor_document_no", sa.String(length=35), nullable=True),
        sa.Column("description", sa.String(length=250), nullable=False),
        sa.Column("amount_lcy", Exact(precision=19, scale=4), nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=True),
        sa.Column("source_type", sa.String(length=10), nullable=True),
        sa.Column("source_no", sa.String(length=20), nullable=True),
        sa.Column("general_business", sa.String(length=20), nullable=True),
        sa.Column("general_product", sa.String(length=20), nullable=True),
        sa.Column("vat_business", sa.String(length=20), nullable=True),
        sa.Column("vat_product", sa.String(length=20), nullable=True),
        sa.Column("vat_identifier", sa.String(length=20), nullable=True),
        sa.Column("value_entry_no", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["account_no"], ["account.account_no"], name=op.f("fk_gl_entry_account_no")),
        sa.ForeignKeyConstraint(
            ["register_no"], ["register.register_no"], name=op.f("fk_gl_entry_register_no")
        ),
        sa.PrimaryKeyConstraint("entry_no", name=op.f("pk_gl_entry")),
    )
    with op.batch_alter_table("gl_entry", schema=None) as batch_op:
        batch_op.create_index("ix_gl_entry_account_date", ["account_no", "posting_date"], unique=False)
        batch_op.create_index("ix_gl_entry_document", ["document_no", "posting_date"], unique=False)
        batch_op.create_index(batch_op.f("ix_gl_entry_register_no"), ["register_no"], unique=False)

    op.create_table(
        "inventory_posting_setup",
        sa.Column("location_code", sa.String(length=10), nullable=False),
        sa.Column("inventory_group", sa.String(length=20), nullable=False),
        sa.Column("blocked", sa.Boolean(), nullable=False),
        sa.Column("inventory", sa.String(length=20), nullable=True),
        sa.Column("interim", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(
            ["interim"], ["account.account_no"], name=op.f("fk_inventory_posting_setup_interim")
        ),
        sa.ForeignKeyConstraint(
            ["inventory"], ["account.account_no"], name=op.f("fk_inventory_posting_setup_inventory")
        ),
        sa.PrimaryKeyConstraint("location_code", "inventory_group", name=op.f("pk_inventory_posting_setup")),
    )
    op.create_table(
        "number_series_line",
        sa.Column("series_code", sa.String(length=20), nullable=False),
        sa.Column("line_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("starting_date", sa.Date(), nullable=True),
        sa.Column("starting_no", sa.String(length=20), nullable=False),
        sa.Column("ending_no", sa.String(length=20), nullable=True),
        sa.Column("warning_no", sa.String(length=20), nullable=True),
        sa.Column("increment", sa.Integer(), nullable=False),
        sa.Column("last_no_used", sa.String(length=20), nullable=True),
        sa.Column("last_date_used", sa.Date(), nullable=True),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["series_code"], ["number_series.code"], name=op.f("fk_number_series_line_series_code")
        ),
        sa.PrimaryKeyConstraint("series_code", "line_no", name=op.f("pk_number_series_line")),
    )
    op.create_table(
        "series_use",
        sa.Column("purpose", sa.String(length=30), nullable=False),
        sa.Column("series_code", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["series_code"], ["number_series.code"], name=op.f("fk_series_use_series_code")
        ),
        sa.PrimaryKeyConstraint("purpose", name=op.f("pk_series_use")),
    )
    op.create_table(
        "vat_entry",
        sa.Column(
            "entry_no",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("register_no", sa.BigInteger(), nullable=False),
        sa.Column("transaction_no", sa.BigInteger(), nullable=False),
        sa.Column("type", sa.String(length=10), nullable=False),
        sa.Column("posting_date", sa.Date(), nullable=False),
        sa.Column("document_date", sa.Date(), nullable=False),
        sa.Column("vat_date", sa.Date(), nullable=False),
        sa.Column("document_type", sa.String(length=20), nullable=False),
        sa.Column("document_no", sa.String(length=20), nullable=False),
        sa.Column("vendor_document_no", sa.String(length=35), nullable=True),
        sa.Column("vat_business", sa.String(length=20), nullable=False),
        sa.Column("vat_product", sa.String(length=20), nullable=False),
        sa.Column("identifier", sa.String(length=20), nullable=False),
        sa.Column("calculation", sa.String(length=20), nullable=False),
        sa.Column("percent", Exact(precision=9, scale=5), nullable=False),
        sa.Column("en16931_category", sa.String(length=2), nullable=False),
        sa.Column("base", Exact(precision=19, scale=4), nullable=False),
        sa.Column("amount", Exact(precision=19, scale=4), nullable=False),
        sa.Column("difference", Exact(precision=19, scale=4), nullable=False),
        sa.Column("nondeductible_base", Exact(precision=19, scale=4), nullable=False),
        sa.Column("nondeductible_amount", Exact(precision=19, scale=4), nullable=False),
        sa.Column("source_no", sa.String(length=20), nullable=False),
        sa.Column("country_code", sa.String(length=2), nullable=True),
        sa.Column("vat_id", sa.String(length=30), nullable=True),
        sa.Column("line_nos", sa.String(length=2000), nullable=False),
        sa.Column("closed_by", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["register_no"], ["register.register_no"], name=op.f("fk_vat_entry_register_no")
        ),
        sa.PrimaryKeyConstraint("entry_no", name=op.f("pk_vat_entry")),
    )
    with op.batch_alter_table("vat_entry", schema=None) as batch_op:
        batch_op.create_index("ix_vat_entry_document", ["document_no", "posting_date"], unique=False)
        batch_op.create_index(batch_op.f("ix_vat_entry_register_no"), ["register_no"], unique=False)
        batch_op.create_index(
            "ix_vat_entry_setup_date", ["vat_business", "vat_product", "vat_date"], unique=False
        )

    op.create_table(
        "vat_posting_setup",
        sa.Column("vat_business", sa.String(length=20), nullable=False),
        sa.Column("vat_product", sa.String(length=20), nullable=False),
        sa.Column("identifier", sa.String(length=20), nullable=False),
        sa.Column("calculation", sa.String(length=20), nullable=False),
        sa.Column("percent", Exact(precision=9, scale=5), nullable=False),
        sa.Column("nondeductible_percent", Exact(precision=9, scale=5), nullable=False),
        sa.Column("input_account", sa.String(length=20), nullable=True),
        sa.Column("output_account", sa.String(length=20), nullable=True),
        sa.Column("reverse_account", sa.String(length=20), nullable=True),
        sa.Column("adjust_for_payment_discount", sa.Boolean(), nullable=False),
        sa.Column("en16931_category", sa.String(length=2), nullable=False),
        sa.Column("blocked", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "calculation IN ('normal', 'reverse_charge', 'full')",
            name=op.f("ck_vat_posting_setup_calculation"),
        ),
        sa.ForeignKeyConstraint(
            ["input_account"], ["account.account_no"], name=op.f("fk_vat_posting_setup_input_account")
        ),
        sa.ForeignKeyConstraint(
            ["output_account"], ["account.account_no"], name=op.f("fk_vat_posting_setup_output_account")
        ),
        sa.ForeignKeyConstraint(
            ["reverse_account"], ["account.account_no"], name=op.f("fk_vat_posting_setup_reverse_account")
        ),
        sa.PrimaryKeyConstraint("vat_business", "vat_product", name=op.f("pk_vat_posting_setup")),
    )
    op.create_table(
        "vendor_posting_group",
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("payables", sa.String(length=20), nullable=True),
        sa.Column("payment_discount", sa.String(length=20), nullable=True),
        sa.Column("payment_tolerance", sa.String(length=20), nullable=True),
        sa.Column("discount_tolerance", sa.String(length=20), nullable=True),
        sa.Column("invoice_rounding", sa.String(length=20), nullable=True),
        sa.Column("service_charge", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(
            ["discount_tolerance"],
            ["account.account_no"],
            name=op.f("fk_vendor_posting_group_discount_tolerance"),
        ),
        sa.ForeignKeyConstraint(
            ["invoice_rounding"],
            ["account.account_no"],
            name=op.f("fk_vendor_posting_group_invoice_rounding"),
        ),
        sa.ForeignKeyConstraint(
            ["payables"], ["account.account_no"], name=op.f("fk_vendor_posting_group_payables")
        ),
        sa.ForeignKeyConstraint(
            ["payment_discount"],
            ["account.account_no"],
            name=op.f("fk_vendor_posting_group_payment_discount"),
        ),
        sa.ForeignKeyConstraint(
            ["payment_tolerance"],
            ["account.account_no"],
            name=op.f("fk_vendor_posting_group_payment_tolerance"),
        ),
        sa.ForeignKeyConstraint(
            ["service_charge"], ["account.account_no"], name=op.f("fk_vendor_posting_group_service_charge")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_vendor_posting_group")),
    )
    op.create_table(
        "exchange_rate",
        sa.Column("currency_code", sa.String(length=3), nullable=False),
        sa.Column("from_date", sa.Date(), nullable=False),
        sa.Column("fcy", Exact(precision=18, scale=9), nullable=False),
        sa.Column("lcy", Exact(precision=18, scale=9), nullable=False),
        sa.ForeignKeyConstraint(
            ["currency_code"], ["currency.code"], name=op.f("fk_exchange_rate_currency_code")
        ),
        sa.PrimaryKeyConstraint("currency_code", "from_date", name=op.f("pk_exchange_rate")),
    )
    op.create_table(
        "vat_entry_base",
        sa.Column("vat_entry_no", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("gl_entry_no", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("register_no", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["gl_entry_no"], ["gl_entry.entry_no"], name=op.f("fk_vat_entry_base_gl_entry_no")
        ),
        sa.ForeignKeyConstraint(
            ["register_no"], ["register.register_no"], name=op.f("fk_vat_entry_base_register_no")
        ),
        sa.ForeignKeyConstraint(
            ["vat_entry_no"], ["vat_entry.entry_no"], name=op.f("fk_vat_entry_base_vat_entry_no")
        ),
        sa.PrimaryKeyConstraint("vat_entry_no", "gl_entry_no", name=op.f("pk_vat_entry_base")),
    )
    with op.batch_alter_table("vat_entry_base", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_vat_entry_base_register_no"), ["register_no"], unique=False)

    op.create_table(
        "vendor",
        sa.Column("vendor_no", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("search_name", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=100), nullable=True),
        sa.Column("post_code", sa.String(length=20), nullable=True),
        sa.Column("city", sa.String(length=60), nullable=True),
        sa.Column("country_code", sa.String(length=2), nullable=True),
        sa.Column("vat_id", sa.String(length=30), nullable=True),
        sa.Column("vat_id_key", sa.String(length=30), nullable=True),
        sa.Column("legal_id", sa.String(length=30), nullable=True),
        sa.Column("gln", sa.String(length=13), nullable=True),
        sa.Column("phone", sa.String(length=30), nullable=True),
        sa.Column("email", sa.String(length=100), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=True),
        sa.Column("posting_group", sa.String(length=20), nullable=True),
        sa.Column("general_business", sa.String(length=20), nullable=True),
        sa.Column("vat_business", sa.String(length=20), nullable=True),
        sa.Column("currency_code", sa.String(length=3), nullable=True),
        sa.Column("payment_terms", sa.String(length=10), nullable=True),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("prices_include_vat", sa.Boolean(), nullable=False),
        sa.Column("pay_to_vendor_no", sa.String(length=20), nullable=True),
        sa.Column("default_account", sa.String(length=20), nullable=True),
        sa.Column("touchless_limit", Exact(precision=19, scale=4), nullable=False),
        sa.Column("blocked", sa.String(length=10), nullable=False),
        sa.Column("privacy_blocked", sa.Boolean(), nullable=False),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.Column("created_by", sa.String(length=50), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.String(length=50), nullable=True),
        sa.Column("approved_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("blocked IN ('none', 'payment', 'all')", name=op.f("ck_vendor_blocked")),
        sa.CheckConstraint(
            "pay_to_vendor_no IS NULL OR pay_to_vendor_no <> vendor_no", name=op.f("ck_vendor_not_own_pay_to")
        ),
        sa.ForeignKeyConstraint(
            ["default_account"], ["account.account_no"], name=op.f("fk_vendor_default_account")
        ),
        sa.ForeignKeyConstraint(
            ["pay_to_vendor_no"], ["vendor.vendor_no"], name=op.f("fk_vendor_pay_to_vendor_no")
        ),
        sa.ForeignKeyConstraint(
            ["payment_terms"], ["payment_terms.code"], name=op.f("fk_vendor_payment_terms")
        ),
        sa.ForeignKeyConstraint(
            ["posting_group"], ["vendor_posting_group.code"], name=op.f("fk_vendor_posting_group")
        ),
        sa.PrimaryKeyConstraint("vendor_no", name=op.f("pk_vendor")),
    )
    with op.batch_alter_table("vendor", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_vendor_gln"), ["gln"], unique=False)
        batch_op.create_index(batch_op.f("ix_vendor_legal_id"), ["legal_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_vendor_search_name"), ["search_name"], unique=False)
        batch_op.create_index(batch_op.f("ix_vendor_vat_id_key"), ["vat_id_key"], unique=False)

    op.create_table(
        "item",
        sa.Column("item_no", sa.String(length=20), nullable=False),
        sa.Column("description", sa.String(length=250), nullable=False),
        sa.Column("search_name", sa.String(length=300), nullable=False),
        sa.Column("type", sa.String(length=15), nullable=False),
        sa.Column("costing", sa.String(length=10), nullable=False),
        sa.Column("standard_cost", Exact(precision=19, scale=5), nullable=False),
        sa.Column("unit", sa.String(length=10), nullable=False),
        sa.Column("purchase_unit", sa.String(length=10), nullable=True),
        sa.Column("general_product", sa.String(length=20), nullable=True),
        sa.Column("vat_product", sa.String(length=20), nullable=True),
        sa.Column("inventory_group", sa.String(length=20), nullable=True),
        sa.Column("unit_cost", Exact(precision=19, scale=5), nullable=False),
        sa.Column("last_direct_cost", Exact(precision=19, scale=5), nullable=False),
        sa.Column("gtin", sa.String(length=14), nullable=True),
        sa.Column("vendor_no", sa.String(length=20), nullable=True),
        sa.Column("vendor_item_no", sa.String(length=50), nullable=True),
        sa.Column("allow_invoice_discount", sa.Boolean(), nullable=False),
        sa.Column("blocked", sa.Boolean(), nullable=False),
        sa.Column("purchasing_blocked", sa.Boolean(), nullable=False),
        sa.CheckConstraint("type IN ('inventory', 'service', 'non_inventory')", name=op.f("ck_item_type")),
        sa.ForeignKeyConstraint(["vendor_no"], ["vendor.vendor_no"], name=op.f("fk_item_vendor_no")),
        sa.PrimaryKeyConstraint("item_no", name=op.f("pk_item")),
    )
    with op.batch_alter_table("item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_item_gtin"), ["gtin"], unique=False)
        batch_op.create_index(batch_op.f("ix_item_search_name"), ["search_name"], unique=False)

    op.create_table(
        "posted_document",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("posted_no", sa.String(length=20), nullable=False),
        sa.Column("draft_id", sa.BigInteger(), nullable=False),
        sa.Column("draft_no", sa.String(length=20), nullable=False),
        sa.Column("register_no", sa.BigInteger(), nullable=False),
        sa.Column("vendor_no", sa.String(length=20), nullable=False),
        sa.Column("pay_to_vendor_no", sa.String(length=20), nullable=False),
        sa.Column("vendor_name", sa.String(length=200), nullable=False),
        sa.Column("vendor_document_no", sa.String(length=35), nullable=True),
        sa.Column("order_reference", sa.String(length=50), nullable=True),
        sa.Column("document_date", sa.Date(), nullable=False),
        sa.Column("posting_date", sa.Date(), nullable=False),
        sa.Column("vat_date", sa.Date(), nullable=False),
        sa.Column("due_date", sa.Date(), nullable=False),
        sa.Column("payment_terms", sa.String(length=20), nullable=True),
        sa.Column("currency_code", sa.String(length=3), nullable=True),
        sa.Column("exchange_rate", Exact(precision=18, scale=9), nullable=True),
        sa.Column("prices_include_vat", sa.Boolean(), nullable=False),
        sa.Column("total_net", Exact(precision=19, scale=4), nullable=False),
        sa.Column("total_vat", Exact(precision=19, scale=4), nullable=False),
        sa.Column("total_gross", Exact(precision=19, scale=4), nullable=False),
        sa.Column("payment_iban", sa.String(length=34), nullable=True),
        sa.Column("payment_reference", sa.String(length=140), nullable=True),
        sa.Column("posted_by", sa.String(length=50), nullable=False),
        sa.Column("posted_at", UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('invoice', 'credit_memo')", name=op.f("ck_posted_document_kind")),
        sa.ForeignKeyConstraint(
            ["pay_to_vendor_no"], ["vendor.vendor_no"], name=op.f("fk_posted_document_pay_to_vendor_no")
        ),
        sa.ForeignKeyConstraint(
            ["vendor_no"], ["vendor.vendor_no"], name=op.f("fk_posted_document_vendor_no")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posted_document")),
        sa.UniqueConstraint("draft_id", name=op.f("uq_posted_document_draft_id")),
        sa.UniqueConstraint("kind", "posted_no", name=op.f("uq_posted_document_kind_posted_no")),
    )
    with op.batch_alter_table("posted_document", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_posted_document_posted_no"), ["posted_no"], unique=False)
        batch_op.create_index(batch_op.f("ix_posted_document_posting_date"), ["posting_date"], unique=False)
        batch_op.create_index(batch_op.f("ix_posted_document_register_no"), ["register_no"], unique=False)
        batch_op.create_index("ix_posted_document_vendor", ["pay_to_vendor_no", "posting_date"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_posted_document_vendor_document_no"), ["vendor_document_no"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_posted_document_vendor_no"), ["vendor_no"], unique=False)

    op.create_table(
        "posted_receipt",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("receipt_no", sa.String(length=20), nullable=False),
        sa.Column("register_no", sa.BigInteger(), nullable=False),
        sa.Column("vendor_no", sa.String(length=20), nullable=False),
        sa.Column("posting_date", sa.Date(), nullable=False),
        sa.Column("order_no", sa.String(length=20), nullable=True),
        sa.Column("invoice_no", sa.String(length=20), nullable=True),
        sa.Column("posted_by", sa.String(length=50), nullable=False),
        sa.Column("posted_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["vendor_no"], ["vendor.vendor_no"], name=op.f("fk_posted_receipt_vendor_no")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posted_receipt")),
        sa.UniqueConstraint("receipt_no", name=op.f("uq_posted_receipt_receipt_no")),
    )
    with op.batch_alter_table("posted_receipt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_posted_receipt_register_no"), ["register_no"], unique=False)
        batch_op.create_index(batch_op.f("ix_posted_receipt_vendor_no"), ["vendor_no"], unique=False)

    op.create_table(
        "purchase_document",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("document_no", sa.String(length=20), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("vendor_no", sa.String(length=20), nullable=True),
        sa.Column("pay_to_vendor_no", sa.String(length=20), nullable=True),
        sa.Column("seller_name", sa.String(length=200), nullable=True),
        sa.Column("vendor_document_no", sa.String(length=35), nullable=True),
        sa.Column("vendor_document_key", sa.String(length=70), nullable=True),
        sa.Column("order_reference", sa.String(length=50), nullable=True),
        sa.Column("document_date", sa.Date(), nullable=True),
        sa.Column("posting_date", sa.Date(), nullable=True),
        sa.Column("vat_date", sa.Date(), nullable=True),
        sa.Column("due_date", sa.Date(), nullable=True),
        sa.Column("payment_terms", sa.String(length=20), nullable=True),
        sa.Column("currency_code", sa.String(length=3), nullable=True),
        sa.Column("exchange_rate", Exact(precision=18, scale=9), nullable=True),
        sa.Column("prices_include_vat", sa.Boolean(), nullable=False),
        sa.Column("invoice_discount_percent", Exact(precision=9, scale=5), nullable=True),
        sa.Column("invoice_discount_amount", Exact(precision=19, scale=4), nullable=True),
        sa.Column("total_gross_stated", Exact(precision=19, scale=4), nullable=True),
        sa.Column("total_vat_stated", Exact(precision=19, scale=4), nullable=True),
        sa.Column("payment_iban", sa.String(length=34), nullable=True),
        sa.Column("payment_reference", sa.String(length=140), nullable=True),
        sa.Column("on_hold", sa.String(length=100), nullable=True),
        sa.Column("posted_no", sa.String(length=20), nullable=True),
        sa.Column("created_by", sa.String(length=50), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("modified_by", sa.String(length=50), nullable=False),
        sa.Column("modified_at", UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(status = 'posted') = (posted_no IS NOT NULL)", name=op.f("ck_purchase_document_posted_no")
        ),
        sa.CheckConstraint(
            "kind IN ('invoice', 'credit_memo', 'order', 'quote', 'return_order')",
            name=op.f("ck_purchase_document_kind"),
        ),
        sa.CheckConstraint(
            "status IN ('open', 'pending_approval', 'released', 'posted')",
            name=op.f("ck_purchase_document_status"),
        ),
        sa.ForeignKeyConstraint(
            ["pay_to_vendor_no"], ["vendor.vendor_no"], name=op.f("fk_purchase_document_pay_to_vendor_no")
        ),
        sa.ForeignKeyConstraint(
            ["vendor_no"], ["vendor.vendor_no"], name=op.f("fk_purchase_document_vendor_no")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purchase_document")),
        sa.UniqueConstraint("kind", "document_no", name=op.f("uq_purchase_document_kind_document_no")),
    )
    with op.batch_alter_table("purchase_document", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_purchase_document_status"), ["status"], unique=False)
        batch_op.create_index(
            "ix_purchase_document_vendor_document",
            ["pay_to_vendor_no", "kind", "vendor_document_key"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_purchase_document_vendor_no"), ["vendor_no"], unique=False)

    op.create_table(
        "vendor_bank_account",
        sa.Column("vendor_no", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("iban", sa.String(length=34), nullable=False),
        sa.Column("bic", sa.String(length=11), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("created_by", sa.String(length=50), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.String(length=50), nullable=True),
        sa.Column("confirmed_at", UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('confirmed', 'pending', 'retired')", name=op.f("ck_vendor_bank_account_state")
        ),
        sa.ForeignKeyConstraint(
            ["vendor_no"], ["vendor.vendor_no"], name=op.f("fk_vendor_bank_account_vendor_no")
        ),
        sa.PrimaryKeyConstraint("vendor_no", "code", name=op.f("pk_vendor_bank_account")),
    )
    with op.batch_alter_table("vendor_bank_account", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_vendor_bank_account_iban"), ["iban"], unique=False)

    op.create_table(
        "vendor_entry",
        sa.Column(
            "entry_no",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("register_no", sa.BigInteger(), nullable=False),
        sa.Column("transaction_no", sa.BigInteger(), nullable=False),
        sa.Column("vendor_no", sa.String(length=20), nullable=False),
        sa.Column("buy_from_vendor_no", sa.String(length=20), nullable=False),
        sa.Column("posting_group", sa.String(length=20), nullable=False),
        sa.Column("posting_date", sa.Date(), nullable=False),
        sa.Column("document_date", sa.Date(), nullable=False),
        sa.Column("document_type", sa.String(length=20), nullable=False),
        sa.Column("document_no", sa.String(length=20), nullable=False),
        sa.Column("vendor_document_no", sa.String(length=35), nullable=True),
        sa.Column("vendor_document_key", sa.String(length=70), nullable=True),
        sa.Column("repeat_count", sa.Integer(), nullable=False),
        sa.Column("description", sa.String(length=250), nullable=False),
        sa.Column("currency_code", sa.String(length=3), nullable=True),
        sa.Column("exchange_rate", Exact(precision=18, scale=9), nullable=True),
        sa.Column("purchase_lcy", Exact(precision=19, scale=4), nullable=False),
        sa.Column("due_date", sa.Date(), nullable=False),
        sa.Column("discount_date", sa.Date(), nullable=True),
        sa.Column("discount_percent", Exact(precision=9, scale=5), nullable=False),
        sa.Column("discount_amount", Exact(precision=19, scale=4), nullable=False),
        sa.Column("max_tolerance", Exact(precision=19, scale=4), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("on_hold", sa.String(length=100), nullable=True),
        sa.Column("closed_by", sa.BigInteger(), nullable=True),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
        sa.Column("payment_reference", sa.String(length=140), nullable=True),
        sa.Column("payment_iban", sa.String(length=34), nullable=True),
        sa.ForeignKeyConstraint(
            ["buy_from_vendor_no"], ["vendor.vendor_no"], name=op.f("fk_vendor_entry_buy_from_vendor_no")
        ),
        sa.ForeignKeyConstraint(
            ["register_no"], ["register.register_no"], name=op.f("fk_vendor_entry_register_no")
        ),
        sa.ForeignKeyConstraint(["vendor_no"], ["vendor.vendor_no"], name=op.f("fk_vendor_entry_vendor_no")),
        sa.PrimaryKeyConstraint("entry_no", name=op.f("pk_vendor_entry")),
    )
    with op.batch_alter_table("vendor_entry", schema=None) as batch_op:
        batch_op.create_index("ix_vendor_entry_document", ["document_no", "posting_date"], unique=False)
        batch_op.create_index("ix_vendor_entry_open_due", ["open", "due_date"], unique=False)
        batch_op.create_index(batch_op.f("ix_vendor_entry_register_no"), ["register_no"], unique=False)
        batch_op.create_index(batch_op.f("ix_vendor_entry_vendor_no"), ["vendor_no"], unique=False)
        batch_op.create_index(
            "uq_vendor_entry_vendor_document",
            ["vendor_no", "document_type", "vendor_document_key", "repeat_count"],
            unique=True,
            postgresql_where=sa.text("NOT cancelled AND vendor_document_key IS NOT NULL"),
            sqlite_where=sa.text("NOT cancelled AND vendor_document_key IS NOT NULL"),
        )

    op.create_table(
        "detailed_vendor_entry",
        sa.Column(
            "entry_no",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("register_no", sa.BigInteger(), nullable=False),
        sa.Column("transaction_no", sa.BigInteger(), nullable=False),
        sa.Column("vendor_entry_no", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("vendor_no", sa.String(length=20), nullable=False),
        sa.Column("posting_group", sa.String(length=20), nullable=False),
        sa.Column("posting_date", sa.Date(), nullable=False),
        sa.Column("document_type", sa.String(length=20), nullable=False),
        sa.Column("document_no", sa.String(length=20), nullable=False),
        sa.Column("currency_code", sa.String(length=3), nullable=True),
        sa.Column("amount", Exact(precision=19, scale=4), nullable=False),
        sa.Column("amount_lcy", Exact(precision=19, scale=4), nullable=False),
        sa.Column("applied_to_entry_no", sa.BigInteger(), nullable=True),
        sa.Column("application_no", sa.BigInteger(), nullable=True),
        sa.Column("unapplied", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["register_no"], ["register.register_no"], name=op.f("fk_detailed_vendor_entry_register_no")
        ),
        sa.ForeignKeyConstraint(
            ["vendor_entry_no"],
            ["vendor_entry.entry_no"],
            name=op.f("fk_detailed_vendor_entry_vendor_entry_no"),
        ),
        sa.ForeignKeyConstraint(
            ["vendor_no"], ["vendor.vendor_no"], name=op.f("fk_detailed_vendor_entry_vendor_no")
        ),
        sa.PrimaryKeyConstraint("entry_no", name=op.f("pk_detailed_vendor_entry")),
    )
    with op.batch_alter_table("detailed_vendor_entry", schema=None) as batch_op:
        batch_op.create_index(
            "ix_detailed_vendor_entry_document", ["document_no", "posting_date"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_detailed_vendor_entry_register_no"), ["register_no"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_detailed_vendor_entry_vendor_entry_no"), ["vendor_entry_no"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_detailed_vendor_entry_vendor_no"), ["vendor_no"], unique=False)

    op.create_table(
        "item_entry",
        sa.Column(
            "entry_no",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("register_no", sa.BigInteger(), nullable=False),
        sa.Column("transaction_no", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("item_no", sa.String(length=20), nullable=False),
        sa.Column("location_code", sa.String(length=10), nullable=False),
        sa.Column("posting_date", sa.Date(), nullable=False),
        sa.Column("document_type", sa.String(length=20), nullable=False),
        sa.Column("document_no", sa.String(length=20), nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=True),
        sa.Column("description", sa.String(length=250), nullable=False),
        sa.Column("quantity", Exact(precision=19, scale=5), nullable=False),
        sa.Column("remaining_quantity", Exact(precision=19, scale=5), nullable=False),
        sa.Column("invoiced_quantity", Exact(precision=19, scale=5), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("has_stock", sa.Boolean(), nullable=False),
        sa.Column("source_no", sa.String(length=20), nullable=True),
        sa.Column("unit", sa.String(length=10), nullable=True),
        sa.ForeignKeyConstraint(["item_no"], ["item.item_no"], name=op.f("fk_item_entry_item_no")),
        sa.ForeignKeyConstraint(
            ["register_no"], ["register.register_no"], name=op.f("fk_item_entry_register_no")
        ),
        sa.PrimaryKeyConstraint("entry_no", name=op.f("pk_item_entry")),
    )
    with op.batch_alter_table("item_entry", schema=None) as batch_op:
        batch_op.create_index("ix_item_entry_document", ["document_no", "posting_date"], unique=False)
        batch_op.create_index(batch_op.f("ix_item_entry_item_no"), ["item_no"], unique=False)
        batch_op.create_index(
            "ix_item_entry_open", ["item_no", "location_code", "open", "posting_date"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_item_entry_register_no"), ["register_no"], unique=False)

    op.create_table(
        "item_reference",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("vendor_no", sa.String(length=20), nullable=True),
        sa.Column("reference_no", sa.String(length=50), nullable=False),
        sa.Column("unit", sa.String(length=10), nullable=True),
        sa.Column("item_no", sa.String(length=20), nullable=False),
        sa.Column("description", sa.String(length=250), nullable=True),
        sa.Column("starting_date", sa.Date(), nullable=True),
        sa.Column("ending_date", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["item_no"], ["item.item_no"], name=op.f("fk_item_reference_item_no")),
        sa.ForeignKeyConstraint(
            ["vendor_no"], ["vendor.vendor_no"], name=op.f("fk_item_reference_vendor_no")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_reference")),
    )
    with op.batch_alter_table("item_reference", schema=None) as batch_op:
        batch_op.create_index("ix_item_reference_number", ["reference_no", "vendor_no"], unique=False)

    op.create_table(
        "item_unit",
        sa.Column("item_no", sa.String(length=20), nullable=False),
        sa.Column("unit", sa.String(length=10), nullable=False),
        sa.Column("factor", Exact(precision=19, scale=5), nullable=False),
        sa.CheckConstraint("factor > 0", name=op.f("ck_item_unit_factor")),
        sa.ForeignKeyConstraint(["item_no"], ["item.item_no"], name=op.f("fk_item_unit_item_no")),
        sa.PrimaryKeyConstraint("item_no", "unit", name=op.f("pk_item_unit")),
    )
    op.create_table(
        "item_vendor",
        sa.Column("item_no", sa.String(length=20), nullable=False),
        sa.Column("vendor_no", sa.String(length=20), nullable=False),
        sa.Column("vendor_item_no", sa.String(length=50), nullable=False),
        sa.ForeignKeyConstraint(["item_no"], ["item.item_no"], name=op.f("fk_item_vendor_item_no")),
        sa.ForeignKeyConstraint(["vendor_no"], ["vendor.vendor_no"], name=op.f("fk_item_vendor_vendor_no")),
        sa.PrimaryKeyConstraint("item_no", "vendor_no", name=op.f("pk_item_vendor")),
    )
    with op.batch_alter_table("item_vendor", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_item_vendor_vendor_item_no"), ["vendor_item_no"], unique=False)

    op.create_table(
        "posted_line",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("document_id", sa.BigInteger(), nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(length=10), nullable=False),
        sa.Column("no", sa.String(length=20), nullable=True),
        sa.Column("description", sa.String(length=250), nullable=False),
        sa.Column("quantity", Exact(precision=19, scale=5), nullable=False),
        sa.Column("quantity_base", Exact(precision=19, scale=5), nullable=False),
        sa.Column("unit", sa.String(length=10), nullable=True),
        sa.Column("unit_cost", Exact(precision=19, scale=5), nullable=False),
        sa.Column("discount_percent", Exact(precision=9, scale=5), nullable=False),
        sa.Column("discount_amount", Exact(precision=19, scale=4), nullable=False),
        sa.Column("invoice_discount_amount", Exact(precision=19, scale=4), nullable=False),
        sa.Column("vat_product", sa.String(length=20), nullable=True),
        sa.Column("vat_identifier", sa.String(length=20), nullable=True),
        sa.Column("vat_percent", Exact(precision=9, scale=5), nullable=False),
        sa.Column("net", Exact(precision=19, scale=4), nullable=False),
        sa.Column("vat", Exact(precision=19, scale=4), nullable=False),
        sa.Column("gross", Exact(precision=19, scale=4), nullable=False),
        sa.Column("is_system", sa.Boolean(), nullable=False),
        sa.Column("source_ref", sa.String(length=50), nullable=True),
        sa.ForeignKeyConstraint(
            ["document_id"], ["posted_document.id"], name=op.f("fk_posted_line_document_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posted_line")),
        sa.UniqueConstraint("document_id", "line_no", name=op.f("uq_posted_line_document_id_line_no")),
    )
    with op.batch_alter_table("posted_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_posted_line_document_id"), ["document_id"], unique=False)

    op.create_table(
        "posted_receipt_line",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("receipt_id", sa.BigInteger(), nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False),
        sa.Column("item_no", sa.String(length=20), nullable=False),
        sa.Column("description", sa.String(length=250), nullable=False),
        sa.Column("quantity", Exact(precision=19, scale=5), nullable=False),
        sa.Column("quantity_base", Exact(precision=19, scale=5), nullable=False),
        sa.Column("unit", sa.String(length=10), nullable=True),
        sa.ForeignKeyConstraint(
            ["receipt_id"], ["posted_receipt.id"], name=op.f("fk_posted_receipt_line_receipt_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posted_receipt_line")),
        sa.UniqueConstraint("receipt_id", "line_no", name=op.f("uq_posted_receipt_line_receipt_id_line_no")),
    )
    with op.batch_alter_table("posted_receipt_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_posted_receipt_line_receipt_id"), ["receipt_id"], unique=False)

    op.create_table(
        "purchase_line",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("document_id", sa.BigInteger(), nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(length=10), nullable=False),
        sa.Column("no", sa.String(length=20), nullable=True),
        sa.Column("description", sa.String(length=250), nullable=False),
        sa.Column("quantity", Exact(precision=19, scale=5), nullable=False),
        sa.Column("unit", sa.String(length=10), nullable=True),
        sa.Column("unit_cost", Exact(precision=19, scale=5), nullable=False),
        sa.Column("discount_percent", Exact(precision=9, scale=5), nullable=False),
        sa.Column("discount_amount", Exact(precision=19, scale=4), nullable=True),
        sa.Column("vat_product", sa.String(length=20), nullable=True),
        sa.Column("allow_invoice_discount", sa.Boolean(), nullable=False),
        sa.Column("source_ref", sa.String(length=50), nullable=True),
        sa.Column("proposal", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "type IN ('account', 'item', 'charge', 'comment')", name=op.f("ck_purchase_line_type")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["purchase_document.id"],
            name=op.f("fk_purchase_line_document_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purchase_line")),
        sa.UniqueConstraint("document_id", "line_no", name=op.f("uq_purchase_line_document_id_line_no")),
    )
    with op.batch_alter_table("purchase_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_purchase_line_document_id"), ["document_id"], unique=False)

    op.create_table(
        "purchase_vat_amount",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("document_id", sa.BigInteger(), nullable=False),
        sa.Column("vat_identifier", sa.String(length=20), nullable=False),
        sa.Column("amount", Exact(precision=19, scale=4), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["purchase_document.id"],
            name=op.f("fk_purchase_vat_amount_document_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purchase_vat_amount")),
        sa.UniqueConstraint(
            "document_id", "vat_identifier", name=op.f("uq_purchase_vat_amount_document_id_vat_identifier")
        ),
    )
    with op.batch_alter_table("purchase_vat_amount", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_purchase_vat_amount_document_id"), ["document_id"], unique=False)

    op.create_table(
        "item_application",
        sa.Column(
            "entry_no",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("register_no", sa.BigInteger(), nullable=False),
        sa.Column("inbound_entry_no", sa.BigInteger(), nullable=False),
        sa.Column("outbound_entry_no", sa.BigInteger(), nullable=False),
        sa.Column("quantity", Exact(precision=19, scale=5), nullable=False),
        sa.Column("posting_date", sa.Date(), nullable=False),
        sa.Column("is_fixed", sa.Boolean(), nullable=False),
        sa.Column("is_cost", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["inbound_entry_no"], ["item_entry.entry_no"], name=op.f("fk_item_application_inbound_entry_no")
        ),
        sa.ForeignKeyConstraint(
            ["outbound_entry_no"], ["item_entry.entry_no"], name=op.f("fk_item_application_outbound_entry_no")
        ),
        sa.ForeignKeyConstraint(
            ["register_no"], ["register.register_no"], name=op.f("fk_item_application_register_no")
        ),
        sa.PrimaryKeyConstraint("entry_no", name=op.f("pk_item_application")),
    )
    with op.batch_alter_table("item_application", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_item_application_inbound_entry_no"), ["inbound_entry_no"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_item_application_outbound_entry_no"), ["outbound_entry_no"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_item_application_register_no"), ["register_no"], unique=False)

    op.create_table(
        "value_entry",
        sa.Column(
            "entry_no",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("register_no", sa.BigInteger(), nullable=False),
        sa.Column("transaction_no", sa.BigInteger(), nullable=False),
        sa.Column("item_entry_no", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=15), nullable=False),
        sa.Column("movement_kind", sa.String(length=20), nullable=False),
        sa.Column("item_no", sa.String(length=20), nullable=False),
        sa.Column("location_code", sa.String(length=10), nullable=False),
        sa.Column("inventory_group", sa.String(length=20), nullable=True),
        sa.Column("general_business", sa.String(length=20), nullable=True),
        sa.Column("general_product", sa.String(length=20), nullable=True),
        sa.Column("posting_date", sa.Date(), nullable=False),
        sa.Column("valuation_date", sa.Date(), nullable=False),
        sa.Column("document_type", sa.String(length=20), nullable=False),
        sa.Column("document_no", sa.String(length=20), nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=True),
        sa.Column("description", sa.String(length=250), nullable=False),
        sa.Column("valued_quantity", Exact(precision=19, scale=5), nullable=False),
        sa.Column("invoiced_quantity", Exact(precision=19, scale=5), nullable=False),
        sa.Column("cost_actual", Exact(precision=19, scale=4), nullable=False),
        sa.Column("cost_expected", Exact(precision=19, scale=4), nullable=False),
        sa.Column("posted_actual", Exact(precision=19, scale=4), nullable=False),
        sa.Column("posted_expected", Exact(precision=19, scale=4), nullable=False),
        sa.Column("purchase_amount", Exact(precision=19, scale=4), nullable=False),
        sa.Column("charge_no", sa.String(length=20), nullable=True),
        sa.Column("is_adjustment", sa.Boolean(), nullable=False),
        sa.Column("has_stock", sa.Boolean(), nullable=False),
        sa.Column("source_no", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(
            ["item_entry_no"], ["item_entry.entry_no"], name=op.f("fk_value_entry_item_entry_no")
        ),
        sa.ForeignKeyConstraint(["item_no"], ["item.item_no"], name=op.f("fk_value_entry_item_no")),
        sa.ForeignKeyConstraint(
            ["register_no"], ["register.register_no"], name=op.f("fk_value_entry_register_no")
        ),
        sa.PrimaryKeyConstraint("entry_no", name=op.f("pk_value_entry")),
    )
    with op.batch_alter_table("value_entry", schema=None) as batch_op:
        batch_op.create_index("ix_value_entry_document", ["document_no", "posting_date"], unique=False)
        batch_op.create_index(batch_op.f("ix_value_entry_item_entry_no"), ["item_entry_no"], unique=False)
        batch_op.create_index(batch_op.f("ix_value_entry_item_no"), ["item_no"], unique=False)
        batch_op.create_index(
            "ix_value_entry_item_valuation", ["item_no", "location_code", "valuation_date"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_value_entry_register_no"), ["register_no"], unique=False)
    guards.install(op.get_bind())


def downgrade() -> None:
    guards.remove(op.get_bind())
    for table in reversed(TABLES):
        op.drop_table(table)
