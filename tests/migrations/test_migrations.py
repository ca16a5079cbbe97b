"""The schema goes up and down on both databases and is what the code says."""

from collections.abc import Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, inspect, text

from core.database import make_engine
from core.ledgers.guards import NUMBERED
from migrations import BASE, current_revision, downgrade, head_revision, upgrade
from migrations.tables import METADATA


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    made = make_engine(database_url)
    yield made
    made.dispose()


def differences(engine: Engine) -> list[object]:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, METADATA))


def test_upgraded_is_what_the_code_says(engine: Engine) -> None:
    upgrade(engine)
    assert current_revision(engine) == head_revision()
    assert differences(engine) == []


def test_down_leaves_nothing_and_up_again_works(engine: Engine) -> None:
    upgrade(engine)
    downgrade(engine, BASE)
    assert inspect(engine).get_table_names() == ["alembic_version"]
    assert _triggers(engine) == 0
    upgrade(engine)
    assert differences(engine) == []
    assert _triggers(engine) > 0


def test_every_step_goes_down_and_up(engine: Engine) -> None:
    upgrade(engine)
    while current_revision(engine) is not None:
        before = current_revision(engine)
        downgrade(engine, "-1")
        if current_revision(engine) is not None:
            upgrade(engine, "+1")
            assert current_revision(engine) == before
            downgrade(engine, "-1")


def test_upgrading_twice_changes_nothing(engine: Engine) -> None:
    upgrade(engine)
    upgrade(engine)
    with engine.connect() as connection:
        counters = connection.execute(text("SELECT count(*) FROM ledger_counter")).scalar()
    assert counters == len(NUMBERED)


def _triggers(engine: Engine) -> int:
    query = (
        "SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal"
        if engine.dialect.name == "postgresql"
        else "SELECT count(*) FROM sqlite_master WHERE type = 'trigger'"
    )
    with engine.connect() as connection:
        return int(connection.execute(text(query)).scalar() or 0)
