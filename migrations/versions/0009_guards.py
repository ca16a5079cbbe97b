"""An entry of a sealed register is not added up once more at the commit: sealing has done it."""

from __future__ import annotations

from alembic import op

from core.ledgers import guards

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Put the functions of the triggers in place as they are now."""
    guards.remove(op.get_bind())
    guards.install(op.get_bind())


def downgrade() -> None:
    """What the triggers refuse is the same before and after."""
