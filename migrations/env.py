"""How Alembic reaches the database: through a connection handed in, or `alembic -x url=…`."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection

from core.database import make_engine
from migrations.tables import METADATA


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        render_as_batch=True,
        compare_type=True,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def _run_on_its_own() -> None:
    url = context.get_x_argument(as_dictionary=True).get("url")
    assert url, "say which database: alembic -c migrations/alembic.ini -x url=sqlite:///… COMMAND"
    engine = make_engine(url)
    with engine.begin() as connection:
        _run(connection)
    engine.dispose()


given = context.config.attributes.get("connection")
if given is not None:
    _run(given)
else:
    _run_on_its_own()
