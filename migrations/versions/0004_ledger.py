"""Orders, receipts, returns, charges, sales as far as purchasing needs them, banks and customers.

Columns that come to append-only tables are empty on old rows, so that the hashes of old registers still hold;
only states get a value.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.database import Exact, UtcDateTime
from core.ledgers import guards

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    connection = op.get_bind()
    guards.remove(connection)
    one = "100000" if connection.dialect.name == "sqlite" else "1"  # SQLite keeps five decimals as a number

    op.create_table(
        "inventory_period",
        sa.Column("ending_date", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=50), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("ending_date", name=op.f("pk_inventory_period")),
    )
    op.create_table(
        "item_charge",
        sa.Column("charge_no", sa.String(length=20), nullable=False),
        sa.Column("description", sa.String(length=250), nullable=False),
        sa.Column("general_product", sa.String(length=20), nullable=True),
        sa.Column("vat_product", sa.String(length=20), nullable=True),
        sa.PrimaryKeyConstraint("charge_no", name=op.f("pk_item_charge")),
    )
    op.create_table(
        "location",
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("is_in_transit", sa.Boolean(), nullable=False),
        sa.Column("blocked", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_location")),
    )
    op.create_table(
        "over_receipt_code",
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("description", sa.String(length=100), nullable=False),
        sa.Column("tolerance_percent", Exact(9, 5), nullable=False),
        sa.Column("approval_required", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_over_receipt_code")),
    )
    op.create_table(
        "purchaser",
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("email", sa.String(length=100), nullable=True),
        sa.Column("privacy_blocked", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_purchaser")),
    )
    op.create_table(
        "purchasing_code",
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("description", sa.String(length=100), nullable=False),
        sa.Column("drop_shipment", sa.Boolean(), nullable=False),
        sa.Column("special_order", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_purchasing_code")),
    )
    op.create_table(
        "return_reason",
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("description", sa.String(length=100), nullable=False),
        sa.Column("location_code", sa.String(length=10), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_return_reason")),
    )
    op.create_table(
        "bank_account",
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("account_no", sa.String(length=20), nullable=False),
        sa.Column("currency_code", sa.String(length=3), nullable=True),
        sa.Column("iban", sa.String(length=34), nullable=True),
        sa.Column("bic", sa.String(length=11), nullable=True),
        sa.Column("blocked", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_no"], ["account.account_no"], name=op.f("fk_bank_account_account_no")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_bank_account")),
    )
    op.create_table(
        "customer_entry",
        sa.Column("entry_no", BIG, autoincrement=False, nullable=False),
        sa.Column("register_no", sa.BigInteger(), nullable=False),
        sa.Column("transaction_no", sa.BigInteger(), nullable=False),
        sa.Column("customer_no", sa.String(length=20), nullable=False),
        sa.Column("posting_group", sa.String(length=20), nullable=False),
        sa.Column("posting_date", sa.Date(), nullable=False),
        sa.Column("document_date", sa.Date(), nullable=False),
        sa.Column("document_type", sa.String(length=20), nullable=False),
        sa.Column("document_no", sa.String(length=20), nullable=False),
        sa.Column("description", sa.String(length=250), nullable=False),
        sa.Column("currency_code", sa.String(length=3), nullable=True),
        sa.Column("exchange_rate", Exact(18, 9), nullable=True),
        sa.Column("amount", Exact(19, 4), nullable=False),
        sa.Column("amount_lcy", Exact(19, 4), nullable=False),
        sa.Column("due_date", sa.Date(), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("dimensions", sa.String(length=250), nullable=True),
        sa.ForeignKeyConstraint(
            ["register_no"], ["register.register_no"], name=op.f("fk_customer_entry_register_no")
        ),
        sa.PrimaryKeyConstraint("entry_no", name=op.f("pk_customer_entry")),
    )
    op.create_index(op.f("ix_customer_entry_customer_no"), "customer_entry", ["customer_no"], unique=False)
    op.create_index(
        "ix_customer_entry_document", "customer_entry", ["document_no", "posting_date"], unique=False
    )
    op.create_index(op.f("ix_customer_entry_register_no"), "customer_entry", ["register_no"], unique=False)

    op.create_table(
        "customer_posting_group",
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("receivables", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(
            ["receivables"], ["account.account_no"], name=op.f("fk_customer_posting_group_receivables")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_customer_posting_group")),
    )
    op.create_table(
        "posted_comment",
        sa.Column("id", BIG, nullable=False),
        sa.Column("register_no", sa.BigInteger(), nullable=False),
        sa.Column("document_type", sa.String(length=20), nullable=False),
        sa.Column("document_no", sa.String(length=20), nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=True),
        sa.Column("commented_on", sa.Date(), nullable=False),
        sa.Column("commented_by", sa.String(length=50), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["register_no"], ["register.register_no"], name=op.f("fk_posted_comment_register_no")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posted_comment")),
    )
    op.create_index(op.f("ix_posted_comment_document_no"), "posted_comment", ["document_no"], unique=False)
    op.create_index(op.f("ix_posted_comment_register_no"), "posted_comment", ["register_no"], unique=False)

    op.create_table(
        "bank_entry",
        sa.Column("entry_no", BIG, autoincrement=False, nullable=False),
        sa.Column("register_no", sa.BigInteger(), nullable=False),
        sa.Column("transaction_no", sa.BigInteger(), nullable=False),
        sa.Column("bank_code", sa.String(length=20), nullable=False),
        sa.Column("posting_date", sa.Date(), nullable=False),
        sa.Column("document_type", sa.String(length=20), nullable=False),
        sa.Column("document_no", sa.String(length=20), nullable=False),
        sa.Column("description", sa.String(length=250), nullable=False),
        sa.Column("currency_code", sa.String(length=3), nullable=True),
        sa.Column("amount", Exact(19, 4), nullable=False),
        sa.Column("amount_lcy", Exact(19, 4), nullable=False),
        sa.Column("statement_no", sa.String(length=20), nullable=True),
        sa.Column("reconciled", sa.Boolean(), nullable=False),
        sa.Column("source_no", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(["bank_code"], ["bank_account.code"], name=op.f("fk_bank_entry_bank_code")),
        sa.ForeignKeyConstraint(
            ["register_no"], ["register.register_no"], name=op.f("fk_bank_entry_register_no")
        ),
        sa.PrimaryKeyConstraint("entry_no", name=op.f("pk_bank_entry")),
    )
    op.create_index(op.f("ix_bank_entry_bank_code"), "bank_entry", ["bank_code"], unique=False)
    op.create_index("ix_bank_entry_document", "bank_entry", ["document_no", "posting_date"], unique=False)
    op.create_index(op.f("ix_bank_entry_register_no"), "bank_entry", ["register_no"], unique=False)

    op.create_table(
        "customer",
        sa.Column("customer_no", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("address", sa.String(length=100), nullable=True),
        sa.Column("post_code", sa.String(length=20), nullable=True),
        sa.Column("city", sa.String(length=60), nullable=True),
        sa.Column("country_code", sa.String(length=2), nullable=True),
        sa.Column("vat_id", sa.String(length=30), nullable=True),
        sa.Column("posting_group", sa.String(length=20), nullable=True),
        sa.Column("general_business", sa.String(length=20), nullable=True),
        sa.Column("vat_business", sa.String(length=20), nullable=True),
        sa.Column("payment_terms", sa.String(length=10), nullable=True),
        sa.Column("currency_code", sa.String(length=3), nullable=True),
        sa.Column("blocked", sa.String(length=10), nullable=False),
        sa.CheckConstraint("blocked IN ('none', 'ship', 'invoice', 'all')", name=op.f("ck_customer_blocked")),
        sa.ForeignKeyConstraint(
            ["payment_terms"], ["payment_terms.code"], name=op.f("fk_customer_payment_terms")
        ),
        sa.ForeignKeyConstraint(
            ["posting_group"], ["customer_posting_group.code"], name=op.f("fk_customer_posting_group")
        ),
        sa.PrimaryKeyConstraint("customer_no", name=op.f("pk_customer")),
    )
    op.create_table(
        "posted_sales_document",
        sa.Column("id", BIG, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("posted_no", sa.String(length=20), nullable=False),
        sa.Column("register_no", sa.BigInteger(), nullable=False),
        sa.Column("order_no", sa.String(length=20), nullable=True),
        sa.Column("customer_no", sa.String(length=20), nullable=True),
        sa.Column("customer_name", sa.String(length=100), nullable=True),
        sa.Column("ship_to_code", sa.String(length=10), nullable=True),
        sa.Column("document_date", sa.Date(), nullable=False),
        sa.Column("posting_date", sa.Date(), nullable=False),
        sa.Column("due_date", sa.Date(), nullable=True),
        sa.Column("currency_code", sa.String(length=3), nullable=True),
        sa.Column("exchange_rate", Exact(18, 9), nullable=True),
        sa.Column("total_net", Exact(19, 4), nullable=False),
        sa.Column("total_vat", Exact(19, 4), nullable=False),
        sa.Column("total_gross", Exact(19, 4), nullable=False),
        sa.Column("dimensions", sa.String(length=250), nullable=True),
        sa.Column("posted_by", sa.String(length=50), nullable=False),
        sa.Column("posted_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("kind IN ('shipment', 'invoice')", name=op.f("ck_posted_sales_document_kind")),
        sa.ForeignKeyConstraint(
            ["customer_no"], ["customer.customer_no"], name=op.f("fk_posted_sales_document_customer_no")
        ),
        sa.ForeignKeyConstraint(
            ["register_no"], ["register.register_no"], name=op.f("fk_posted_sales_document_register_no")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posted_sales_document")),
        sa.UniqueConstraint("kind", "posted_no", name=op.f("uq_posted_sales_document_kind_posted_no")),
    )
    op.create_index(
        op.f("ix_posted_sales_document_customer_no"), "posted_sales_document", ["customer_no"], unique=False
    )
    op.create_index(
        op.f("ix_posted_sales_document_order_no"), "posted_sales_document", ["order_no"], unique=False
    )
    op.create_index(
        op.f("ix_posted_sales_document_posted_no"), "posted_sales_document", ["posted_no"], unique=False
    )
    op.create_index(
        op.f("ix_posted_sales_document_register_no"), "posted_sales_document", ["register_no"], unique=False
    )

    op.create_table(
        "sales_document",
        sa.Column("id", BIG, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("document_no", sa.String(length=20), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("customer_no", sa.String(length=20), nullable=True),
        sa.Column("ship_to_code", sa.String(length=10), nullable=True),
        sa.Column("document_date", sa.Date(), nullable=False),
        sa.Column("posting_date", sa.Date(), nullable=False),
        sa.Column("due_date", sa.Date(), nullable=True),
        sa.Column("payment_terms", sa.String(length=20), nullable=True),
        sa.Column("currency_code", sa.String(length=3), nullable=True),
        sa.Column("exchange_rate", Exact(18, 9), nullable=True),
        sa.Column("prices_include_vat", sa.Boolean(), nullable=False),
        sa.Column("location_code", sa.String(length=10), nullable=False),
        sa.Column("dimensions", sa.String(length=250), nullable=True),
        sa.Column("posted_no", sa.String(length=20), nullable=True),
        sa.Column("created_by", sa.String(length=50), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("modified_by", sa.String(length=50), nullable=False),
        sa.Column("modified_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("kind IN ('order', 'invoice')", name=op.f("ck_sales_document_kind")),
        sa.CheckConstraint("status IN ('open', 'released', 'posted')", name=op.f("ck_sales_document_status")),
        sa.ForeignKeyConstraint(
            ["customer_no"], ["customer.customer_no"], name=op.f("fk_sales_document_customer_no")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sales_document")),
        sa.UniqueConstraint("kind", "document_no", name=op.f("uq_sales_document_kind_document_no")),
    )
    op.create_index(op.f("ix_sales_document_customer_no"), "sales_document", ["customer_no"], unique=False)

    op.create_table(
        "ship_to_address",
        sa.Column("customer_no", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("address", sa.String(length=100), nullable=True),
        sa.Column("post_code", sa.String(length=20), nullable=True),
        sa.Column("city", sa.String(length=60), nullable=True),
        sa.Column("country_code", sa.String(length=2), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_no"], ["customer.customer_no"], name=op.f("fk_ship_to_address_customer_no")
        ),
        sa.PrimaryKeyConstraint("customer_no", "code", name=op.f("pk_ship_to_address")),
    )
    op.create_table(
        "item_variant",
        sa.Column("item_no", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("description", sa.String(length=250), nullable=False),
        sa.Column("blocked", sa.Boolean(), nullable=False),
        sa.Column("purchasing_blocked", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["item_no"], ["item.item_no"], name=op.f("fk_item_variant_item_no")),
        sa.PrimaryKeyConstraint("item_no", "code", name=op.f("pk_item_variant")),
    )
    op.create_table(
        "posted_sales_line",
        sa.Column("id", BIG, nullable=False),
        sa.Column("document_id", sa.BigInteger(), nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(length=10), nullable=False),
        sa.Column("no", sa.String(length=20), nullable=True),
        sa.Column("description", sa.String(length=250), nullable=False),
        sa.Column("quantity", Exact(19, 5), nullable=False),
        sa.Column("quantity_base", Exact(19, 5), nullable=False),
        sa.Column("unit", sa.String(length=10), nullable=True),
        sa.Column("units_per_unit", Exact(19, 5), nullable=False),
        sa.Column("variant_code", sa.String(length=10), nullable=True),
        sa.Column("location_code", sa.String(length=10), nullable=True),
        sa.Column("dimensions", sa.String(length=250), nullable=True),
        sa.Column("unit_price", Exact(19, 5), nullable=False),
        sa.Column("discount_percent", Exact(9, 5), nullable=False),
        sa.Column("vat_product", sa.String(length=20), nullable=True),
        sa.Column("net", Exact(19, 4), nullable=False),
        sa.Column("vat", Exact(19, 4), nullable=False),
        sa.Column("gross", Exact(19, 4), nullable=False),
        sa.Column("quantity_invoiced", Exact(19, 5), nullable=False),
        sa.Column("item_entry_no", sa.BigInteger(), nullable=True),
        sa.Column("order_line_no", sa.Integer(), nullable=True),
        sa.Column("drop_shipment", sa.Boolean(), nullable=True),
        sa.Column("corrects_line_no", sa.Integer(), nullable=True),
        sa.Column("register_no", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["document_id"], ["posted_sales_document.id"], name=op.f("fk_posted_sales_line_document_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posted_sales_line")),
        sa.UniqueConstraint("document_id", "line_no", name=op.f("uq_posted_sales_line_document_id_line_no")),
    )
    op.create_index(
        op.f("ix_posted_sales_line_document_id"), "posted_sales_line", ["document_id"], unique=False
    )
    op.create_index(
        op.f("ix_posted_sales_line_item_entry_no"), "posted_sales_line", ["item_entry_no"], unique=False
    )

    op.create_table(
        "purchase_application",
        sa.Column("id", BIG, nullable=False),
        sa.Column("document_id", sa.BigInteger(), nullable=False),
        sa.Column("vendor_entry_no", sa.BigInteger(), nullable=False),
        sa.Column("amount", Exact(19, 4), nullable=True),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["purchase_document.id"],
            name=op.f("fk_purchase_application_document_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purchase_application")),
        sa.UniqueConstraint(
            "document_id", "vendor_entry_no", name=op.f("uq_purchase_application_document_id_vendor_entry_no")
        ),
    )
    op.create_index(
        op.f("ix_purchase_application_document_id"), "purchase_application", ["document_id"], unique=False
    )

    op.create_table(
        "purchase_comment",
        sa.Column("id", BIG, nullable=False),
        sa.Column("document_id", sa.BigInteger(), nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=True),
        sa.Column("commented_on", sa.Date(), nullable=False),
        sa.Column("commented_by", sa.String(length=50), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["purchase_document.id"],
            name=op.f("fk_purchase_comment_document_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purchase_comment")),
    )
    op.create_index(
        op.f("ix_purchase_comment_document_id"), "purchase_comment", ["document_id"], unique=False
    )

    op.create_table(
        "sales_line",
        sa.Column("id", BIG, nullable=False),
        sa.Column("document_id", sa.BigInteger(), nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(length=10), nullable=False),
        sa.Column("no", sa.String(length=20), nullable=True),
        sa.Column("description", sa.String(length=250), nullable=False),
        sa.Column("quantity", Exact(19, 5), nullable=False),
        sa.Column("unit", sa.String(length=10), nullable=True),
        sa.Column("units_per_unit", Exact(19, 5), nullable=False),
        sa.Column("variant_code", sa.String(length=10), nullable=True),
        sa.Column("location_code", sa.String(length=10), nullable=False),
        sa.Column("dimensions", sa.String(length=250), nullable=True),
        sa.Column("unit_price", Exact(19, 5), nullable=False),
        sa.Column("discount_percent", Exact(9, 5), nullable=False),
        sa.Column("vat_product", sa.String(length=20), nullable=True),
        sa.Column("quantity_shipped", Exact(19, 5), nullable=False),
        sa.Column("quantity_invoiced", Exact(19, 5), nullable=False),
        sa.Column("qty_to_ship", Exact(19, 5), nullable=False),
        sa.Column("qty_to_invoice", Exact(19, 5), nullable=False),
        sa.Column("requested_delivery_date", sa.Date(), nullable=True),
        sa.Column("promised_delivery_date", sa.Date(), nullable=True),
        sa.Column("planned_delivery_date", sa.Date(), nullable=True),
        sa.Column("shipment_date", sa.Date(), nullable=True),
        sa.Column("applies_to_item_entry_no", sa.BigInteger(), nullable=True),
        sa.Column("purchasing_code", sa.String(length=20), nullable=True),
        sa.Column("drop_shipment", sa.Boolean(), nullable=False),
        sa.Column("special_order", sa.Boolean(), nullable=False),
        sa.Column("purchase_order_no", sa.String(length=20), nullable=True),
        sa.Column("purchase_line_no", sa.Integer(), nullable=True),
        sa.CheckConstraint("type IN ('account', 'item', 'comment')", name=op.f("ck_sales_line_type")),
        sa.CheckConstraint(
            "NOT (drop_shipment AND special_order)", name=op.f("ck_sales_line_one_purchasing_code")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["sales_document.id"], name=op.f("fk_sales_line_document_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sales_line")),
        sa.UniqueConstraint("document_id", "line_no", name=op.f("uq_sales_line_document_id_line_no")),
    )
    op.create_index(op.f("ix_sales_line_document_id"), "sales_line", ["document_id"], unique=False)
    op.create_index(
        op.f("ix_sales_line_purchase_order_no"), "sales_line", ["purchase_order_no"], unique=False
    )

    op.create_table(
        "charge_assignment",
        sa.Column("id", BIG, nullable=False),
        sa.Column("line_id", sa.BigInteger(), nullable=False),
        sa.Column("target", sa.String(length=20), nullable=False),
        sa.Column("target_no", sa.String(length=20), nullable=True),
        sa.Column("target_line_no", sa.Integer(), nullable=False),
        sa.Column("quantity", Exact(19, 5), nullable=False),
        sa.Column("invoiced_quantity", Exact(19, 5), nullable=False),
        sa.ForeignKeyConstraint(
            ["line_id"], ["purchase_line.id"], name=op.f("fk_charge_assignment_line_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_charge_assignment")),
    )
    op.create_index(op.f("ix_charge_assignment_line_id"), "charge_assignment", ["line_id"], unique=False)

    op.create_table(
        "cost_posting",
        sa.Column("register_no", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("value_entry_no", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("actual", Exact(19, 4), nullable=False),
        sa.Column("expected", Exact(19, 4), nullable=False),
        sa.ForeignKeyConstraint(
            ["register_no"], ["register.register_no"], name=op.f("fk_cost_posting_register_no")
        ),
        sa.ForeignKeyConstraint(
            ["value_entry_no"], ["value_entry.entry_no"], name=op.f("fk_cost_posting_value_entry_no")
        ),
        sa.PrimaryKeyConstraint("register_no", "value_entry_no", name=op.f("pk_cost_posting")),
    )
    op.create_index(op.f("ix_cost_posting_value_entry_no"), "cost_posting", ["value_entry_no"], unique=False)

    op.add_column(
        "company", sa.Column("location_mandatory", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column(
        "company",
        sa.Column("return_shipment_on_credit_memo", sa.Boolean(), nullable=False, server_default=sa.true()),
    )
    op.add_column(
        "company", sa.Column("receive_remainder", sa.Boolean(), nullable=False, server_default=sa.true())
    )
    op.add_column(
        "company",
        sa.Column("calculate_invoice_discount", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column(
        "company",
        sa.Column("invoice_discount_per_vat", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column(
        "company", sa.Column("account_quantity_one", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column(
        "company", sa.Column("copy_comments", sa.Boolean(), nullable=False, server_default=sa.true())
    )
    op.add_column(
        "company",
        sa.Column(
            "copy_number_to_payment_reference", sa.Boolean(), nullable=False, server_default=sa.false()
        ),
    )
    op.add_column(
        "company", sa.Column("archive_quotes", sa.String(length=10), nullable=False, server_default="never")
    )
    op.add_column(
        "company", sa.Column("archive_orders", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("company", sa.Column("allow_deletion_before", sa.Date(), nullable=True))
    op.add_column(
        "company",
        sa.Column("apply_between_currencies", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column(
        "company", sa.Column("check_posting_date", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("company", sa.Column("default_over_receipt_code", sa.String(length=20), nullable=True))

    op.add_column("gl_entry", sa.Column("dimensions", sa.String(length=250), nullable=True))

    op.add_column("item", sa.Column("over_receipt_code", sa.String(length=20), nullable=True))
    op.add_column(
        "item", sa.Column("variants_mandatory", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("item", sa.Column("overhead_percent", Exact(9, 5), nullable=False, server_default="0"))
    op.add_column("item", sa.Column("overhead_amount", Exact(19, 5), nullable=False, server_default="0"))

    op.add_column("item_entry", sa.Column("variant_code", sa.String(length=10), nullable=True))
    op.add_column("item_entry", sa.Column("order_no", sa.String(length=20), nullable=True))
    op.add_column("item_entry", sa.Column("order_line_no", sa.Integer(), nullable=True))
    op.add_column("item_entry", sa.Column("applies_to_entry_no", sa.BigInteger(), nullable=True))
    op.add_column("item_entry", sa.Column("is_correction", sa.Boolean(), nullable=True))
    op.add_column("item_entry", sa.Column("drop_shipment", sa.Boolean(), nullable=True))
    op.add_column("item_entry", sa.Column("dimensions", sa.String(length=250), nullable=True))
    op.create_index(
        op.f("ix_item_entry_applies_to_entry_no"), "item_entry", ["applies_to_entry_no"], unique=False
    )

    op.add_column("item_unit", sa.Column("rounding_precision", Exact(19, 5), nullable=True))

    op.add_column("posted_document", sa.Column("order_no", sa.String(length=20), nullable=True))
    op.add_column("posted_document", sa.Column("quote_no", sa.String(length=20), nullable=True))
    op.add_column("posted_document", sa.Column("purchaser_code", sa.String(length=20), nullable=True))
    op.add_column("posted_document", sa.Column("dimensions", sa.String(length=250), nullable=True))
    op.add_column("posted_document", sa.Column("corrects_no", sa.String(length=20), nullable=True))
    op.add_column("posted_document", sa.Column("is_cancellation", sa.Boolean(), nullable=True))
    op.add_column("posted_document", sa.Column("cancelled_by_no", sa.String(length=20), nullable=True))
    op.create_index(op.f("ix_posted_document_order_no"), "posted_document", ["order_no"], unique=False)

    op.add_column("posted_line", sa.Column("order_no", sa.String(length=20), nullable=True))
    op.add_column("posted_line", sa.Column("order_line_no", sa.Integer(), nullable=True))
    op.add_column("posted_line", sa.Column("receipt_no", sa.String(length=20), nullable=True))
    op.add_column("posted_line", sa.Column("receipt_line_no", sa.Integer(), nullable=True))
    op.add_column("posted_line", sa.Column("source_no", sa.String(length=20), nullable=True))
    op.add_column("posted_line", sa.Column("source_line_no", sa.Integer(), nullable=True))
    op.add_column("posted_line", sa.Column("units_per_unit", Exact(19, 5), nullable=True))
    op.add_column("posted_line", sa.Column("variant_code", sa.String(length=10), nullable=True))
    op.add_column("posted_line", sa.Column("location_code", sa.String(length=10), nullable=True))
    op.add_column("posted_line", sa.Column("dimensions", sa.String(length=250), nullable=True))
    op.add_column("posted_line", sa.Column("applies_to_item_entry_no", sa.BigInteger(), nullable=True))
    op.add_column("posted_line", sa.Column("return_reason_code", sa.String(length=20), nullable=True))
    op.add_column("posted_line", sa.Column("allow_invoice_discount", sa.Boolean(), nullable=True))

    op.add_column("posted_receipt", sa.Column("is_return", sa.Boolean(), nullable=True))
    op.add_column("posted_receipt", sa.Column("pay_to_vendor_no", sa.String(length=20), nullable=True))
    op.add_column("posted_receipt", sa.Column("currency_code", sa.String(length=3), nullable=True))
    op.add_column("posted_receipt", sa.Column("prices_include_vat", sa.Boolean(), nullable=True))
    op.add_column("posted_receipt", sa.Column("vat_business", sa.String(length=20), nullable=True))
    op.add_column("posted_receipt", sa.Column("vendor_shipment_no", sa.String(length=35), nullable=True))
    op.add_column("posted_receipt", sa.Column("dimensions", sa.String(length=250), nullable=True))
    op.add_column("posted_receipt", sa.Column("sales_shipment_no", sa.String(length=20), nullable=True))
    op.create_index(
        op.f("ix_posted_receipt_pay_to_vendor_no"), "posted_receipt", ["pay_to_vendor_no"], unique=False
    )

    op.add_column("posted_receipt_line", sa.Column("type", sa.String(length=10), nullable=True))
    op.add_column(
        "posted_receipt_line",
        sa.Column("quantity_invoiced", Exact(19, 5), nullable=False, server_default="0"),
    )
    op.add_column(
        "posted_receipt_line",
        sa.Column("is_correction", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column("posted_receipt_line", sa.Column("corrects_line_no", sa.Integer(), nullable=True))
    op.add_column("posted_receipt_line", sa.Column("order_no", sa.String(length=20), nullable=True))
    op.add_column("posted_receipt_line", sa.Column("order_line_no", sa.Integer(), nullable=True))
    op.add_column("posted_receipt_line", sa.Column("item_entry_no", sa.BigInteger(), nullable=True))
    op.add_column("posted_receipt_line", sa.Column("units_per_unit", Exact(19, 5), nullable=True))
    op.add_column("posted_receipt_line", sa.Column("unit_cost", Exact(19, 5), nullable=True))
    op.add_column("posted_receipt_line", sa.Column("discount_percent", Exact(9, 5), nullable=True))
    op.add_column("posted_receipt_line", sa.Column("vat_product", sa.String(length=20), nullable=True))
    op.add_column("posted_receipt_line", sa.Column("variant_code", sa.String(length=10), nullable=True))
    op.add_column("posted_receipt_line", sa.Column("location_code", sa.String(length=10), nullable=True))
    op.add_column("posted_receipt_line", sa.Column("dimensions", sa.String(length=250), nullable=True))
    op.add_column("posted_receipt_line", sa.Column("return_reason_code", sa.String(length=20), nullable=True))
    op.add_column("posted_receipt_line", sa.Column("drop_shipment", sa.Boolean(), nullable=True))
    op.create_index(
        op.f("ix_posted_receipt_line_item_entry_no"), "posted_receipt_line", ["item_entry_no"], unique=False
    )
    op.create_index(
        "ix_posted_receipt_line_order", "posted_receipt_line", ["order_no", "order_line_no"], unique=False
    )

    op.add_column(
        "purchase_document",
        sa.Column("discount_is_stale", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column("purchase_document", sa.Column("quote_no", sa.String(length=20), nullable=True))
    op.add_column("purchase_document", sa.Column("order_date", sa.Date(), nullable=True))
    op.add_column("purchase_document", sa.Column("requested_receipt_date", sa.Date(), nullable=True))
    op.add_column("purchase_document", sa.Column("promised_receipt_date", sa.Date(), nullable=True))
    op.add_column("purchase_document", sa.Column("expected_receipt_date", sa.Date(), nullable=True))
    op.add_column("purchase_document", sa.Column("vendor_shipment_no", sa.String(length=35), nullable=True))
    op.add_column("purchase_document", sa.Column("purchaser_code", sa.String(length=20), nullable=True))
    op.add_column(
        "purchase_document",
        sa.Column("location_code", sa.String(length=10), nullable=False, server_default=""),
    )
    op.add_column("purchase_document", sa.Column("dimensions", sa.String(length=250), nullable=True))
    op.add_column("purchase_document", sa.Column("sell_to_customer_no", sa.String(length=20), nullable=True))
    op.add_column("purchase_document", sa.Column("ship_to_code", sa.String(length=10), nullable=True))
    op.add_column(
        "purchase_document", sa.Column("occurrence", sa.Integer(), nullable=False, server_default="1")
    )
    op.add_column("purchase_document", sa.Column("restored_version", sa.Integer(), nullable=True))
    op.add_column(
        "purchase_document", sa.Column("is_combined", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("purchase_document", sa.Column("corrects_no", sa.String(length=20), nullable=True))
    op.add_column(
        "purchase_document",
        sa.Column("is_cancellation", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column("purchase_document", sa.Column("repeat_reason", sa.String(length=250), nullable=True))
    op.add_column("purchase_document", sa.Column("repeat_approved_by", sa.String(length=50), nullable=True))

    op.add_column(
        "purchase_line", sa.Column("units_per_unit", Exact(19, 5), nullable=False, server_default=one)
    )
    op.add_column("purchase_line", sa.Column("variant_code", sa.String(length=10), nullable=True))
    op.add_column(
        "purchase_line", sa.Column("location_code", sa.String(length=10), nullable=False, server_default="")
    )
    op.add_column("purchase_line", sa.Column("dimensions", sa.String(length=250), nullable=True))
    op.add_column(
        "purchase_line", sa.Column("is_system", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column(
        "purchase_line", sa.Column("quantity_received", Exact(19, 5), nullable=False, server_default="0")
    )
    op.add_column(
        "purchase_line", sa.Column("quantity_invoiced", Exact(19, 5), nullable=False, server_default="0")
    )
    op.add_column(
        "purchase_line", sa.Column("qty_to_receive", Exact(19, 5), nullable=False, server_default="0")
    )
    op.add_column(
        "purchase_line", sa.Column("qty_to_invoice", Exact(19, 5), nullable=False, server_default="0")
    )
    op.add_column(
        "purchase_line", sa.Column("expected_cost", Exact(19, 4), nullable=False, server_default="0")
    )
    op.add_column(
        "purchase_line",
        sa.Column("invoice_discount_invoiced", Exact(19, 4), nullable=False, server_default="0"),
    )
    op.add_column("purchase_line", sa.Column("closed_reason", sa.String(length=250), nullable=True))
    op.add_column("purchase_line", sa.Column("order_date", sa.Date(), nullable=True))
    op.add_column("purchase_line", sa.Column("requested_receipt_date", sa.Date(), nullable=True))
    op.add_column("purchase_line", sa.Column("promised_receipt_date", sa.Date(), nullable=True))
    op.add_column("purchase_line", sa.Column("planned_receipt_date", sa.Date(), nullable=True))
    op.add_column("purchase_line", sa.Column("expected_receipt_date", sa.Date(), nullable=True))
    op.add_column("purchase_line", sa.Column("over_receipt_code", sa.String(length=20), nullable=True))
    op.add_column(
        "purchase_line", sa.Column("over_receipt_quantity", Exact(19, 5), nullable=False, server_default="0")
    )
    op.add_column("purchase_line", sa.Column("over_receipt_state", sa.String(length=10), nullable=True))
    op.add_column("purchase_line", sa.Column("over_receipt_by", sa.String(length=50), nullable=True))
    op.add_column("purchase_line", sa.Column("receipt_no", sa.String(length=20), nullable=True))
    op.add_column("purchase_line", sa.Column("receipt_line_no", sa.Integer(), nullable=True))
    op.add_column("purchase_line", sa.Column("order_no", sa.String(length=20), nullable=True))
    op.add_column("purchase_line", sa.Column("order_line_no", sa.Integer(), nullable=True))
    op.add_column("purchase_line", sa.Column("source_no", sa.String(length=20), nullable=True))
    op.add_column("purchase_line", sa.Column("source_line_no", sa.Integer(), nullable=True))
    op.add_column("purchase_line", sa.Column("applies_to_item_entry_no", sa.BigInteger(), nullable=True))
    op.add_column("purchase_line", sa.Column("return_reason_code", sa.String(length=20), nullable=True))
    op.add_column("purchase_line", sa.Column("purchasing_code", sa.String(length=20), nullable=True))
    op.add_column(
        "purchase_line", sa.Column("drop_shipment", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column(
        "purchase_line", sa.Column("special_order", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("purchase_line", sa.Column("sales_order_no", sa.String(length=20), nullable=True))
    op.add_column("purchase_line", sa.Column("sales_line_no", sa.Integer(), nullable=True))
    op.create_index(
        op.f("ix_purchase_line_sales_order_no"), "purchase_line", ["sales_order_no"], unique=False
    )

    op.add_column("value_entry", sa.Column("sales_amount", Exact(19, 4), nullable=True))
    op.add_column("value_entry", sa.Column("variant_code", sa.String(length=10), nullable=True))
    op.add_column("value_entry", sa.Column("dimensions", sa.String(length=250), nullable=True))

    op.add_column("vat_entry", sa.Column("dimensions", sa.String(length=250), nullable=True))

    op.add_column("vendor", sa.Column("purchaser_code", sa.String(length=20), nullable=True))
    op.add_column("vendor", sa.Column("location_code", sa.String(length=10), nullable=True))
    op.add_column("vendor", sa.Column("invoice_discount_code", sa.String(length=20), nullable=True))
    op.add_column("vendor", sa.Column("over_receipt_code", sa.String(length=20), nullable=True))

    op.add_column("vendor_entry", sa.Column("dimensions", sa.String(length=250), nullable=True))

    _fill()
    guards.install(connection)


def _fill() -> None:
    """What the new columns must say of the rows that are there."""
    op.execute(
        "UPDATE purchase_line SET units_per_unit = (SELECT factor FROM item_unit WHERE "
        "item_unit.item_no = purchase_line.no AND item_unit.unit = purchase_line.unit) "
        "WHERE type = 'item' AND EXISTS (SELECT 1 FROM item_unit WHERE "
        "item_unit.item_no = purchase_line.no AND item_unit.unit = purchase_line.unit)"
    )
    op.execute("UPDATE purchase_line SET qty_to_receive = quantity, qty_to_invoice = quantity")
    op.execute("UPDATE posted_receipt_line SET quantity_invoiced = quantity")


def downgrade() -> None:
    connection = op.get_bind()
    guards.remove(connection)
    op.execute("DELETE FROM ledger_counter WHERE ledger IN ('customer_entry', 'bank_entry')")

    op.drop_column("vendor_entry", "dimensions")

    op.drop_column("vendor", "over_receipt_code")
    op.drop_column("vendor", "invoice_discount_code")
    op.drop_column("vendor", "location_code")
    op.drop_column("vendor", "purchaser_code")

    op.drop_column("vat_entry", "dimensions")

    op.drop_column("value_entry", "dimensions")
    op.drop_column("value_entry", "variant_code")
    op.drop_column("value_entry", "sales_amount")

    op.drop_index(op.f("ix_purchase_line_sales_order_no"), table_name="purchase_line")
    op.drop_column("purchase_line", "sales_line_no")
    op.drop_column("purchase_line", "sales_order_no")
    op.drop_column("purchase_line", "special_order")
    op.drop_column("purchase_line", "drop_shipment")
    op.drop_column("purchase_line", "purchasing_code")
    op.drop_column("purchase_line", "return_reason_code")
    op.drop_column("purchase_line", "applies_to_item_entry_no")
    op.drop_column("purchase_line", "source_line_no")
    op.drop_column("purchase_line", "source_no")
    op.drop_column("purchase_line", "order_line_no")
    op.drop_column("purchase_line", "order_no")
    op.drop_column("purchase_line", "receipt_line_no")
    op.drop_column("purchase_line", "receipt_no")
    op.drop_column("purchase_line", "over_receipt_by")
    op.drop_column("purchase_line", "over_receipt_state")
    op.drop_column("purchase_line", "over_receipt_quantity")
    op.drop_column("purchase_line", "over_receipt_code")
    op.drop_column("purchase_line", "expected_receipt_date")
    op.drop_column("purchase_line", "planned_receipt_date")
    op.drop_column("purchase_line", "promised_receipt_date")
    op.drop_column("purchase_line", "requested_receipt_date")
    op.drop_column("purchase_line", "order_date")
    op.drop_column("purchase_line", "closed_reason")
    op.drop_column("purchase_line", "invoice_discount_invoiced")
    op.drop_column("purchase_line", "expected_cost")
    op.drop_column("purchase_line", "qty_to_invoice")
    op.drop_column("purchase_line", "qty_to_receive")
    op.drop_column("purchase_line", "quantity_invoiced")
    op.drop_column("purchase_line", "quantity_received")
    op.drop_column("purchase_line", "is_system")
    op.drop_column("purchase_line", "dimensions")
    op.drop_column("purchase_line", "location_code")
    op.drop_column("purchase_line", "variant_code")
    op.drop_column("purchase_line", "units_per_unit")

    op.drop_column("purchase_document", "repeat_approved_by")
    op.drop_column("purchase_document", "repeat_reason")
    op.drop_column("purchase_document", "is_cancellation")
    op.drop_column("purchase_document", "corrects_no")
    op.drop_column("purchase_document", "is_combined")
    op.drop_column("purchase_document", "restored_version")
    op.drop_column("purchase_document", "occurrence")
    op.drop_column("purchase_document", "ship_to_code")
    op.drop_column("purchase_document", "sell_to_customer_no")
    op.drop_column("purchase_document", "dimensions")
    op.drop_column("purchase_document", "location_code")
    op.drop_column("purchase_document", "purchaser_code")
    op.drop_column("purchase_document", "vendor_shipment_no")
    op.drop_column("purchase_document", "expected_receipt_date")
    op.drop_column("purchase_document", "promised_receipt_date")
    op.drop_column("purchase_document", "requested_receipt_date")
    op.drop_column("purchase_document", "order_date")
    op.drop_column("purchase_document", "quote_no")
    op.drop_column("purchase_document", "discount_is_stale")

    op.drop_index("ix_posted_receipt_line_order", table_name="posted_receipt_line")
    op.drop_index(op.f("ix_posted_receipt_line_item_entry_no"), table_name="posted_receipt_line")
    op.drop_column("posted_receipt_line", "drop_shipment")
    op.drop_column("posted_receipt_line", "return_reason_code")
    op.drop_column("posted_receipt_line", "dimensions")
    op.drop_column("posted_receipt_line", "location_code")
    op.drop_column("posted_receipt_line", "variant_code")
    op.drop_column("posted_receipt_line", "vat_product")
    op.drop_column("posted_receipt_line", "discount_percent")
    op.drop_column("posted_receipt_line", "unit_cost")
    op.drop_column("posted_receipt_line", "units_per_unit")
    op.drop_column("posted_receipt_line", "item_entry_no")
    op.drop_column("posted_receipt_line", "order_line_no")
    op.drop_column("posted_receipt_line", "order_no")
    op.drop_column("posted_receipt_line", "corrects_line_no")
    op.drop_column("posted_receipt_line", "is_correction")
    op.drop_column("posted_receipt_line", "quantity_invoiced")
    op.drop_column("posted_receipt_line", "type")

    op.drop_index(op.f("ix_posted_receipt_pay_to_vendor_no"), table_name="posted_receipt")
    op.drop_column("posted_receipt", "sales_shipment_no")
    op.drop_column("posted_receipt", "dimensions")
    op.drop_column("posted_receipt", "vendor_shipment_no")
    op.drop_column("posted_receipt", "vat_business")
    op.drop_column("posted_receipt", "prices_include_vat")
    op.drop_column("posted_receipt", "currency_code")
    op.drop_column("posted_receipt", "pay_to_vendor_no")
    op.drop_column("posted_receipt", "is_return")

    op.drop_column("posted_line", "allow_invoice_discount")
    op.drop_column("posted_line", "return_reason_code")
    op.drop_column("posted_line", "applies_to_item_entry_no")
    op.drop_column("posted_line", "dimensions")
    op.drop_column("posted_line", "location_code")
    op.drop_column("posted_line", "variant_code")
    op.drop_column("posted_line", "units_per_unit")
    op.drop_column("posted_line", "source_line_no")
    op.drop_column("posted_line", "source_no")
    op.drop_column("posted_line", "receipt_line_no")
    op.drop_column("posted_line", "receipt_no")
    op.drop_column("posted_line", "order_line_no")
    op.drop_column("posted_line", "order_no")

    op.drop_index(op.f("ix_posted_document_order_no"), table_name="posted_document")
    op.drop_column("posted_document", "cancelled_by_no")
    op.drop_column("posted_document", "is_cancellation")
    op.drop_column("posted_document", "corrects_no")
    op.drop_column("posted_document", "dimensions")
    op.drop_column("posted_document", "purchaser_code")
    op.drop_column("posted_document", "quote_no")
    op.drop_column("posted_document", "order_no")

    op.drop_column("item_unit", "rounding_precision")

    op.drop_index(op.f("ix_item_entry_applies_to_entry_no"), table_name="item_entry")
    op.drop_column("item_entry", "dimensions")
    op.drop_column("item_entry", "drop_shipment")
    op.drop_column("item_entry", "is_correction")
    op.drop_column("item_entry", "applies_to_entry_no")
    op.drop_column("item_entry", "order_line_no")
    op.drop_column("item_entry", "order_no")
    op.drop_column("item_entry", "variant_code")

    op.drop_column("item", "overhead_amount")
    op.drop_column("item", "overhead_percent")
    op.drop_column("item", "variants_mandatory")
    op.drop_column("item", "over_receipt_code")

    op.drop_column("gl_entry", "dimensions")

    op.drop_column("company", "default_over_receipt_code")
    op.drop_column("company", "check_posting_date")
    op.drop_column("company", "apply_between_currencies")
    op.drop_column("company", "allow_deletion_before")
    op.drop_column("company", "archive_orders")
    op.drop_column("company", "archive_quotes")
    op.drop_column("company", "copy_number_to_payment_reference")
    op.drop_column("company", "copy_comments")
    op.drop_column("company", "account_quantity_one")
    op.drop_column("company", "invoice_discount_per_vat")
    op.drop_column("company", "calculate_invoice_discount")
    op.drop_column("company", "receive_remainder")
    op.drop_column("company", "return_shipment_on_credit_memo")
    op.drop_column("company", "location_mandatory")

    op.drop_index(op.f("ix_cost_posting_value_entry_no"), table_name="cost_posting")

    op.drop_table("cost_posting")
    op.drop_index(op.f("ix_charge_assignment_line_id"), table_name="charge_assignment")

    op.drop_table("charge_assignment")
    op.drop_index(op.f("ix_sales_line_purchase_order_no"), table_name="sales_line")
    op.drop_index(op.f("ix_sales_line_document_id"), table_name="sales_line")

    op.drop_table("sales_line")
    op.drop_index(op.f("ix_purchase_comment_document_id"), table_name="purchase_comment")

    op.drop_table("purchase_comment")
    op.drop_index(op.f("ix_purchase_application_document_id"), table_name="purchase_application")

    op.drop_table("purchase_application")
    op.drop_index(op.f("ix_posted_sales_line_item_entry_no"), table_name="posted_sales_line")
    op.drop_index(op.f("ix_posted_sales_line_document_id"), table_name="posted_sales_line")

    op.drop_table("posted_sales_line")
    op.drop_table("item_variant")
    op.drop_table("ship_to_address")
    op.drop_index(op.f("ix_sales_document_customer_no"), table_name="sales_document")

    op.drop_table("sales_document")
    op.drop_index(op.f("ix_posted_sales_document_register_no"), table_name="posted_sales_document")
    op.drop_index(op.f("ix_posted_sales_document_posted_no"), table_name="posted_sales_document")
    op.drop_index(op.f("ix_posted_sales_document_order_no"), table_name="posted_sales_document")
    op.drop_index(op.f("ix_posted_sales_document_customer_no"), table_name="posted_sales_document")

    op.drop_table("posted_sales_document")
    op.drop_table("customer")
    op.drop_index(op.f("ix_bank_entry_register_no"), table_name="bank_entry")
    op.drop_index("ix_bank_entry_document", table_name="bank_entry")
    op.drop_index(op.f("ix_bank_entry_bank_code"), table_name="bank_entry")

    op.drop_table("bank_entry")
    op.drop_index(op.f("ix_posted_comment_register_no"), table_name="posted_comment")
    op.drop_index(op.f("ix_posted_comment_document_no"), table_name="posted_comment")

    op.drop_table("posted_comment")
    op.drop_table("customer_posting_group")
    op.drop_index(op.f("ix_customer_entry_register_no"), table_name="customer_entry")
    op.drop_index("ix_customer_entry_document", table_name="customer_entry")
    op.drop_index(op.f("ix_customer_entry_customer_no"), table_name="customer_entry")

    op.drop_table("customer_entry")
    op.drop_table("bank_account")
    op.drop_table("return_reason")
    op.drop_table("purchasing_code")
    op.drop_table("purchaser")
    op.drop_table("over_receipt_code")
    op.drop_table("location")
    op.drop_table("item_charge")
    op.drop_table("inventory_period")

    guards.install(connection)
