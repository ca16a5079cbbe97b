"""Incoming documents: their values, pages, files, messages and activity; what was refused."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.database import Exact, UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "incoming_counter",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last_no", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name="pk_incoming_counter"),
    )
    op.create_table(
        "incoming_document",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("incoming_no", sa.String(length=20), nullable=False),
        sa.Column("stage", sa.String(length=20), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("description", sa.String(length=100), nullable=False),
        sa.Column("intake_channel", sa.String(length=20), nullable=False),
        sa.Column("intake_reference", sa.String(length=200), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by", sa.String(length=50), nullable=False),
        sa.Column("modified_at", UtcDateTime(), nullable=False),
        sa.Column("modified_by", sa.String(length=50), nullable=False),
        sa.Column("released", sa.Boolean(), nullable=False),
        sa.Column("released_at", UtcDateTime(), nullable=True),
        sa.Column("released_by", sa.String(length=50), nullable=True),
        sa.Column("processed", sa.Boolean(), nullable=False),
        sa.Column("assigned_to", sa.String(length=50), nullable=True),
        sa.Column("parked_until", sa.Date(), nullable=True),
        sa.Column("parked_for", sa.String(length=250), nullable=True),
        sa.Column("duplicate_of_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("document_kind", sa.String(length=30), nullable=False),
        sa.Column("draft_id", sa.BigInteger(), nullable=True),
        sa.Column("document_no", sa.String(length=20), nullable=True),
        sa.Column("posting_date", sa.Date(), nullable=True),
        sa.Column("posted_at", UtcDateTime(), nullable=True),
        sa.Column("ocr_status", sa.String(length=20), nullable=False),
        sa.Column("job_status", sa.String(length=20), nullable=False),
        sa.Column("wait_reason", sa.String(length=40), nullable=True),
        sa.Column("failure_code", sa.String(length=60), nullable=True),
        sa.Column("failure_values", sa.Text(), nullable=True),
        sa.Column("reject_reason", sa.String(length=500), nullable=True),
        sa.Column("vendor_no", sa.String(length=20), nullable=True),
        sa.Column("vendor_matched_by", sa.String(length=20), nullable=True),
        sa.Column("source", sa.String(length=20), nullable=True),
        sa.Column("media_type", sa.String(length=60), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("page_count", sa.Integer(), nullable=False),
        sa.Column("read_at", UtcDateTime(), nullable=True),
        sa.Column("touched", sa.Boolean(), nullable=False),
        sa.Column("seller_name", sa.String(length=100), nullable=True),
        sa.Column("invoice_number", sa.String(length=35), nullable=True),
        sa.Column("invoice_key", sa.String(length=35), nullable=True),
        sa.Column("order_reference", sa.String(length=20), nullable=True),
        sa.Column("issue_date", sa.Date(), nullable=True),
        sa.Column("due_date", sa.Date(), nullable=True),
        sa.Column("currency_code", sa.String(length=3), nullable=True),
        sa.Column("total_gross", Exact(19, 4), nullable=True),
        sa.Column("worst_code", sa.String(length=60), nullable=True),
        sa.Column("worst_severity", sa.String(length=10), nullable=True),
        sa.Column("worst_values", sa.Text(), nullable=True),
        sa.Column("open_reasons", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["duplicate_of_id"], ["incoming_document.id"], name="fk_incoming_document_duplicate_of_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_incoming_document"),
        sa.UniqueConstraint("draft_id", name="uq_incoming_document_draft_id"),
        sa.UniqueConstraint("incoming_no", name="uq_incoming_document_incoming_no"),
        sa.UniqueConstraint(
            "intake_channel", "intake_reference", name="uq_incoming_document_intake_channel_intake_reference"
        ),
    )
    op.create_index("ix_incoming_document_document_no", "incoming_document", ["document_no"], unique=False)
    op.create_index(
        "ix_incoming_document_duplicate_of_id", "incoming_document", ["duplicate_of_id"], unique=False
    )
    op.create_index("ix_incoming_document_sha256", "incoming_document", ["sha256"], unique=False)
    op.create_index(
        "ix_incoming_document_stage_created", "incoming_document", ["stage", "created_at"], unique=False
    )
    op.create_index(
        "ix_incoming_document_vendor_key", "incoming_document", ["vendor_no", "invoice_key"], unique=False
    )
    op.create_index("ix_incoming_document_vendor_no", "incoming_document", ["vendor_no"], unique=False)
    op.create_table(
        "intake_refusal",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=250), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("values", sa.Text(), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("reference", sa.String(length=200), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("seen", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_intake_refusal"),
        sa.UniqueConstraint("channel", "reference", name="uq_intake_refusal_channel_reference"),
    )
    op.create_table(
        "attachment",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("incoming_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=250), nullable=False),
        sa.Column("media_type", sa.String(length=60), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("is_main", sa.Boolean(), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("document_no", sa.String(length=20), nullable=True),
        sa.Column("posting_date", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["incoming_id"], ["incoming_document.id"], name="fk_attachment_incoming_id"),
        sa.PrimaryKeyConstraint("id", name="pk_attachment"),
    )
    op.create_index("ix_attachment_incoming_id", "attachment", ["incoming_id"], unique=False)
    op.create_index("ix_attachment_sha256", "attachment", ["sha256"], unique=False)
    op.create_table(
        "incoming_activity",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("incoming_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["incoming_id"], ["incoming_document.id"], name="fk_incoming_activity_incoming_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_incoming_activity"),
    )
    op.create_index("ix_incoming_activity_incoming_id", "incoming_activity", ["incoming_id"], unique=False)
    op.create_table(
        "incoming_field",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("incoming_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("read_value", sa.Text(), nullable=True),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("confidence", sa.Float(), nullable=True),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.Column("box_left", sa.Float(), nullable=True),
        sa.Column("box_top", sa.Float(), nullable=True),
        sa.Column("box_right", sa.Float(), nullable=True),
        sa.Column("box_bottom", sa.Float(), nullable=True),
        sa.Column("printed", sa.Text(), nullable=True),
        sa.Column("path", sa.Text(), nullable=True),
        sa.Column("origin", sa.String(length=10), nullable=False),
        sa.Column("confirmed_by", sa.String(length=50), nullable=True),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
        sa.Column("note", sa.String(length=250), nullable=True),
        sa.ForeignKeyConstraint(
            ["incoming_id"], ["incoming_document.id"], name="fk_incoming_field_incoming_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_incoming_field"),
        sa.UniqueConstraint("incoming_id", "key", name="uq_incoming_field_incoming_id_key"),
    )
    op.create_table(
        "incoming_message",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("incoming_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("severity", sa.String(length=12), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("field", sa.String(length=80), nullable=True),
        sa.Column("line_no", sa.Integer(), nullable=True),
        sa.Column("values", sa.Text(), nullable=False),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("dismissed_by", sa.String(length=50), nullable=True),
        sa.Column("dismissed_reason", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(
            ["incoming_id"], ["incoming_document.id"], name="fk_incoming_message_incoming_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_incoming_message"),
    )
    op.create_index("ix_incoming_message_incoming_id", "incoming_message", ["incoming_id"], unique=False)
    op.create_table(
        "incoming_page",
        sa.Column("incoming_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("page_no", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("width", sa.Float(), nullable=False),
        sa.Column("height", sa.Float(), nullable=False),
        sa.Column("source", sa.String(length=12), nullable=True),
        sa.ForeignKeyConstraint(
            ["incoming_id"], ["incoming_document.id"], name="fk_incoming_page_incoming_id"
        ),
        sa.PrimaryKeyConstraint("incoming_id", "page_no", name="pk_incoming_page"),
    )


def downgrade() -> None:
    op.drop_table("incoming_page")
    op.drop_index("ix_incoming_message_incoming_id", table_name="incoming_message")
    op.drop_table("incoming_message")
    op.drop_table("incoming_field")
    op.drop_index("ix_incoming_activity_incoming_id", table_name="incoming_activity")
    op.drop_table("incoming_activity")
    op.drop_index("ix_attachment_sha256", table_name="attachment")
    op.drop_index("ix_attachment_incoming_id", table_name="attachment")
    op.drop_table("attachment")
    op.drop_table("intake_refusal")
    op.drop_index("ix_incoming_document_vendor_no", table_name="incoming_document")
    op.drop_index("ix_incoming_document_vendor_key", table_name="incoming_document")
    op.drop_index("ix_incoming_document_stage_created", table_name="incoming_document")
    op.drop_index("ix_incoming_document_sha256", table_name="incoming_document")
    op.drop_index("ix_incoming_document_duplicate_of_id", table_name="incoming_document")
    op.drop_index("ix_incoming_document_document_no", table_name="incoming_document")
    op.drop_table("incoming_document")
    op.drop_table("incoming_counter")
