"""Purchase prices, discounts, archived documents, recurring lines, attached files."""

from __future__ import annotations

from decimal import Decimal

import sqlalchemy as sa
from alembic import op

from core.database import Exact, UtcDateTime
from core.ledgers import guards

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables."""
    _price_table("purchase_price", sa.Column("unit_cost", Exact(19, 5), nullable=False))
    _price_table("purchase_discount", sa.Column("percent", Exact(9, 5), nullable=False))
    op.create_table(
        "invoice_discount_terms",
        sa.Column("id", BIG, nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("currency_code", sa.String(length=3), nullable=True),
        sa.Column("minimum_amount", Exact(19, 4), nullable=False),
        sa.Column("discount_percent", Exact(9, 5), nullable=False),
        sa.Column("service_charge", Exact(19, 4), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_discount_terms")),
    )
    op.create_index(op.f("ix_invoice_discount_terms_code"), "invoice_discount_terms", ["code"])
    op.add_column(
        "company", sa.Column("no_posting_date", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    _archive()
    _recurring()
    _attached_files()


def downgrade() -> None:
    """Drop the tables."""
    for table in (
        "attached_file",
        "vendor_recurring",
        "recurring_line",
        "recurring_code",
        "archived_document",
    ):
        op.drop_table(table)
    connection = op.get_bind()
    guards.remove(connection)  # SQLite reads every trigger again when a column goes
    op.drop_column("company", "no_posting_date")
    guards.install(connection)
    op.drop_table("invoice_discount_terms")
    op.drop_table("purchase_discount")
    op.drop_table("purchase_price")


def _price_table(name: str, value: sa.Column[Decimal]) -> None:
    op.create_table(
        name,
        sa.Column("id", BIG, nullable=False),
        sa.Column("item_no", sa.String(length=20), nullable=False),
        sa.Column("vendor_no", sa.String(length=20), nullable=False),
        sa.Column("variant_code", sa.String(length=10), nullable=True),
        sa.Column("currency_code", sa.String(length=3), nullable=True),
        sa.Column("unit", sa.String(length=10), nullable=True),
        sa.Column("minimum_quantity", Exact(19, 5), nullable=False),
        sa.Column("starting_date", sa.Date(), nullable=True),
        sa.Column("ending_date", sa.Date(), nullable=True),
        value,
        sa.ForeignKeyConstraint(["item_no"], ["item.item_no"], name=op.f(f"fk_{name}_item_no")),
        sa.ForeignKeyConstraint(["vendor_no"], ["vendor.vendor_no"], name=op.f(f"fk_{name}_vendor_no")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
    )
    op.create_index(op.f(f"ix_{name}_key"), name, ["vendor_no", "item_no"])


def _archive() -> None:
    op.create_table(
        "archived_document",
        sa.Column("id", BIG, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("document_no", sa.String(length=20), nullable=False),
        sa.Column("occurrence", sa.Integer(), nullable=False),
        sa.Column("version_no", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.BigInteger(), nullable=False),
        sa.Column("document_made_at", UtcDateTime(), nullable=False),
        sa.Column("vendor_no", sa.String(length=20), nullable=True),
        sa.Column("seller_name", sa.String(length=200), nullable=True),
        sa.Column("amount", Exact(19, 4), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("archived_by", sa.String(length=50), nullable=False),
        sa.Column("archived_at", UtcDateTime(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_archived_document")),
        sa.UniqueConstraint(
            "kind",
            "document_no",
            "occurrence",
            "version_no",
            name=op.f("uq_archived_document_kind_document_no_occurrence_version_no"),
        ),
    )
    op.create_index("ix_archived_document_vendor", "archived_document", ["vendor_no"])


def _recurring() -> None:
    op.create_table(
        "recurring_code",
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("description", sa.String(length=100), nullable=False),
        sa.Column("currency_code", sa.String(length=3), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_recurring_code")),
    )
    op.create_table(
        "recurring_line",
        sa.Column("id", BIG, nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(length=10), nullable=False),
        sa.Column("no", sa.String(length=20), nullable=True),
        sa.Column("description", sa.String(length=250), nullable=True),
        sa.Column("quantity", Exact(19, 5), nullable=False),
        sa.Column("unit", sa.String(length=10), nullable=True),
        sa.Column("amount", Exact(19, 4), nullable=True),
        sa.CheckConstraint(
            "type IN ('account', 'item', 'charge', 'comment')", name=op.f("ck_recurring_line_type")
        ),
        sa.ForeignKeyConstraint(["code"], ["recurring_code.code"], name=op.f("fk_recurring_line_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recurring_line")),
    )
    op.create_index(op.f("ix_recurring_line_code"), "recurring_line", ["code"])
    op.create_table(
        "vendor_recurring",
        sa.Column("vendor_no", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("mode", sa.String(length=10), nullable=False),
        sa.Column("starting_date", sa.Date(), nullable=True),
        sa.Column("ending_date", sa.Date(), nullable=True),
        sa.CheckConstraint("mode IN ('manual', 'ask', 'automatic')", name=op.f("ck_vendor_recurring_mode")),
        sa.ForeignKeyConstraint(["code"], ["recurring_code.code"], name=op.f("fk_vendor_recurring_code")),
        sa.ForeignKeyConstraint(
            ["vendor_no"], ["vendor.vendor_no"], name=op.f("fk_vendor_recurring_vendor_no")
        ),
        sa.PrimaryKeyConstraint("vendor_no", "code", "kind", name=op.f("pk_vendor_recurring")),
    )


def _attached_files() -> None:
    op.create_table(
        "attached_file",
        sa.Column("id", BIG, nullable=False),
        sa.Column("owner", sa.String(length=20), nullable=False),
        sa.Column("owner_no", sa.String(length=20), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("flows_to_purchase", sa.Boolean(), nullable=False),
        sa.Column("attached_by", sa.String(length=50), nullable=False),
        sa.Column("attached_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_attached_file_sha256")),
        sa.CheckConstraint("size_bytes >= 0", name=op.f("ck_attached_file_size_bytes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attached_file")),
    )
    op.create_index(op.f("ix_attached_file_owner"), "attached_file", ["owner", "owner_no"])
    op.create_index(op.f("ix_attached_file_sha256"), "attached_file", ["sha256"])
