"""Settings come from the environment, are checked at the start, and keep secrets in files."""

from pathlib import Path

import pytest

from pipeline.settings import Settings, WrongSetting


def test_the_embedded_default_needs_no_setting() -> None:
    settings = Settings.from_environment({})
    assert settings.is_embedded
    assert settings.database_url == f"sqlite:///{settings.data_dir / 'inkoop.db'}"
    assert (settings.port, settings.lease_seconds, settings.heartbeat_seconds) == (8321, 45, 15)


def test_a_password_in_a_file_goes_into_the_address(tmp_path: Path) -> None:
    secret = tmp_path / "password"
    secret.write_text("p@ss/word\n")
    settings = Settings.from_environment(
        {
            "INKOOP_DATABASE_URL": "postgresql+psycopg://inkoop@postgres:5432/inkoop",
            "INKOOP_DATABASE_PASSWORD_FILE": str(secret),
        }
    )
    assert settings.database_url == "postgresql+psycopg://inkoop:p%40ss%2Fword@postgres:5432/inkoop"


@pytest.mark.parametrize(
    ("name", "value"),
    [("PORT", "80a"), ("PORT", "70000"), ("LEASE_SECONDS", "0"), ("TIME_ZONE", "Mars"), ("WORKERS", "0")],
)
def test_a_wrong_setting_is_named_with_what_it_expects(name: str, value: str) -> None:
    with pytest.raises(WrongSetting, match=f"INKOOP_{name}"):
        Settings.from_environment({f"INKOOP_{name}": value})


def test_a_process_that_is_started_gets_the_same_settings() -> None:
    settings = Settings.from_environment({"INKOOP_PORT": "9000", "INKOOP_WORKERS": "3"})
    assert Settings.from_environment(settings.environment()) == settings
