"""Dimensions, their values, what may not stand together, and what records bring and ask."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "dimension",
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("blocked", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_dimension")),
    )
    op.create_table(
        "dimension_priority",
        sa.Column("owner", sa.String(length=10), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("owner", name=op.f("pk_dimension_priority")),
    )
    op.create_table(
        "dimension_value",
        sa.Column("dimension_code", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("blocked", sa.Boolean(), nullable=False),
        _dimension("dimension_value", "dimension_code"),
        sa.PrimaryKeyConstraint("dimension_code", "code", name=op.f("pk_dimension_value")),
    )
    op.create_table(
        "dimension_combination",
        sa.Column("first_code", sa.String(length=20), nullable=False),
        sa.Column("first_value", sa.String(length=20), nullable=False),
        sa.Column("second_code", sa.String(length=20), nullable=False),
        sa.Column("second_value", sa.String(length=20), nullable=False),
        sa.Column("blocked", sa.Boolean(), nullable=False),
        sa.CheckConstraint("first_code < second_code", name=op.f("ck_dimension_combination_order")),
        _dimension("dimension_combination", "first_code"),
        _dimension("dimension_combination", "second_code"),
        sa.PrimaryKeyConstraint(
            "first_code", "first_value", "second_code", "second_value", name=op.f("pk_dimension_combination")
        ),
    )
    op.create_table(
        "default_dimension",
        sa.Column("owner", sa.String(length=10), nullable=False),
        sa.Column("no", sa.String(length=20), nullable=False),
        sa.Column("dimension_code", sa.String(length=20), nullable=False),
        sa.Column("value_code", sa.String(length=20), nullable=True),
        sa.Column("rule", sa.String(length=15), nullable=False),
        sa.CheckConstraint(
            "owner IN ('account', 'item', 'charge', 'location', 'purchaser', 'vendor')",
            name=op.f("ck_default_dimension_owner"),
        ),
        sa.CheckConstraint(
            "rule IN ('none', 'code_mandatory', 'same_code', 'no_code')",
            name=op.f("ck_default_dimension_rule"),
        ),
        _dimension("default_dimension", "dimension_code"),
        sa.PrimaryKeyConstraint("owner", "no", "dimension_code", name=op.f("pk_default_dimension")),
    )


def downgrade() -> None:
    """Take the tables away."""
    for table in (
        "default_dimension",
        "dimension_combination",
        "dimension_value",
        "dimension_priority",
        "dimension",
    ):
        op.drop_table(table)


def _dimension(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["dimension.code"], name=op.f(f"fk_{table}_{column}_dimension"))
