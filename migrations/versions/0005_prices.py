"""Purchase prices, line discounts and invoice discount terms."""

from __future__ import annotations

from decimal import Decimal

import sqlalchemy as sa
from alembic import op

from core.database import Exact

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


def downgrade() -> None:
    """Drop the tables."""
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
