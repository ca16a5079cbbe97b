"""An invoice discount that came with a receipt line, and the register that wrote a correction line."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.database import Exact
from core.ledgers import guards

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Both columns may be empty: on a posted line the hash of its register must stay as it is."""
    guards.remove(op.get_bind())
    op.add_column("purchase_line", sa.Column("own_invoice_discount", Exact(19, 4), nullable=True))
    op.add_column("posted_receipt_line", sa.Column("register_no", sa.BigInteger(), nullable=True))
    guards.install(op.get_bind())


def downgrade() -> None:
    """Take both away."""
    guards.remove(op.get_bind())
    op.drop_column("posted_receipt_line", "register_no")
    op.drop_column("purchase_line", "own_invoice_discount")
    guards.install(op.get_bind())
