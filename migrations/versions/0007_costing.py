"""What cost posting and adjustment still need: running stock, the estimate of negative stock, the scope."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.database import Exact
from core.ledgers import guards

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The balances begin with what the ledgers hold."""
    guards.remove(op.get_bind())
    op.create_table(
        "stock_balance",
        sa.Column("item_no", sa.String(20), sa.ForeignKey("item.item_no"), primary_key=True),
        sa.Column("location_code", sa.String(10), primary_key=True),
        sa.Column("variant_code", sa.String(10), primary_key=True),
        sa.Column("quantity", Exact(19, 5), nullable=False),
        sa.Column("value", Exact(19, 4), nullable=False),
    )
    op.execute(
        "INSERT INTO stock_balance (item_no, location_code, variant_code, quantity, value) "
        "SELECT e.item_no, e.location_code, COALESCE(e.variant_code, ''), "
        "SUM(CASE WHEN v.entry_no = (SELECT MIN(f.entry_no) FROM value_entry f "
        "WHERE f.item_entry_no = e.entry_no) THEN e.quantity ELSE 0 END), "
        "SUM(v.cost_actual + v.cost_expected) "
        "FROM item_entry e JOIN value_entry v ON v.item_entry_no = e.entry_no "
        "WHERE e.has_stock GROUP BY e.item_no, e.location_code, COALESCE(e.variant_code, '')"
    )
    op.add_column("item_entry", sa.Column("estimate", Exact(19, 5)))
    op.add_column(
        "company",
        sa.Column(
            "average_cost_scope", sa.String(25), nullable=False, server_default="item_location_variant"
        ),
    )
    guards.install(op.get_bind())


def downgrade() -> None:
    """Running stock can be made again."""
    guards.remove(op.get_bind())
    op.drop_column("company", "average_cost_scope")
    op.drop_column("item_entry", "estimate")
    op.drop_table("stock_balance")
    guards.install(op.get_bind())
