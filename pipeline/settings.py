"""The one typed settings object: how the processes run. Read once from the environment, checked at start.

Every setting is an environment variable `INKOOP_<NAME>`; a secret may be given as `INKOOP_<NAME>_FILE`, the
path of a file that holds it. How the company works (tolerances, periods) is setup in the database.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


class WrongSetting(Exception):
    """A setting that cannot be used. The message names the variable and says what it expects."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How the processes run. Paths are absolute; times are in seconds.

    `lease_seconds` is how long a worker may be silent before another takes its job over, which it prevents
    every `heartbeat_seconds`. `settle_seconds` is how long a file must keep its size before it is read.
    """

    data_dir: Path
    inbox_dir: Path
    database_url: str
    broker_url: str
    host: str = "127.0.0.1"
    port: int = 8321
    workers: int = 1
    lease_seconds: float = 45.0
    heartbeat_seconds: float = 15.0
    sweep_seconds: float = 5.0
    scan_seconds: float = 15.0
    settle_seconds: float = 2.0
    max_attempts: int = 3
    max_file_bytes: int = 25 * 1024 * 1024
    max_upload_files: int = 50
    page_image_dpi: int = 110
    time_zone: str = "Europe/Amsterdam"
    languages: tuple[str, ...] = ("nld", "eng", "deu")
    tesseract: str | None = None
    secret_key_file: Path | None = None
    log_level: str = "info"
    secure_cookies: bool = False

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Read all settings. Raises WrongSetting."""
        read = _Reader(os.environ if environment is None else environment)
        data_dir = Path(read.text("DATA_DIR", "data")).absolute()
        key_file = read.optional("SECRET_KEY_FILE")
        tesseract = read.optional("TESSERACT")
        return cls(
            data_dir=data_dir,
            inbox_dir=Path(read.text("INBOX_DIR", "inbox")).absolute(),
            database_url=_with_password(
                read.text("DATABASE_URL", f"sqlite:///{data_dir / 'inkoop.db'}"),
                read.secret("DATABASE_PASSWORD"),
            ),
            broker_url=_with_password(
                read.text("BROKER_URL", "filesystem://"), read.secret("BROKER_PASSWORD")
            ),
            host=read.text("HOST", "127.0.0.1"),
            port=read.whole("PORT", 8321, 0, 65535),
            workers=read.whole("WORKERS", os.cpu_count() or 1, 1, 256),
            lease_seconds=read.seconds("LEASE_SECONDS", 45.0),
            heartbeat_seconds=read.seconds("HEARTBEAT_SECONDS", read.seconds("LEASE_SECONDS", 45.0) / 3),
            sweep_seconds=read.seconds("SWEEP_SECONDS", 5.0),
            scan_seconds=read.seconds("SCAN_SECONDS", 15.0),
            settle_seconds=read.seconds("SETTLE_SECONDS", 2.0),
            max_attempts=read.whole("MAX_ATTEMPTS", 3, 1, 100),
            max_file_bytes=read.whole("MAX_FILE_BYTES", 25 * 1024 * 1024, 1, 2**31),
            max_upload_files=read.whole("MAX_UPLOAD_FILES", 50, 1, 1000),
            page_image_dpi=read.whole("PAGE_IMAGE_DPI", 110, 50, 300),
            time_zone=read.zone("TIME_ZONE", "Europe/Amsterdam"),
            languages=tuple(read.text("OCR_LANGUAGES", "nld+eng+deu").split("+")),
            tesseract=tesseract,
            secret_key_file=Path(key_file).absolute() if key_file else None,
            log_level=read.text("LOG_LEVEL", "info").lower(),
            secure_cookies=read.text("SECURE_COOKIES", "no").lower() in ("1", "yes", "true", "on"),
        )

    @property
    def zone(self) -> ZoneInfo:
        """The company's time zone."""
        return ZoneInfo(self.time_zone)

    @property
    def store_dir(self) -> Path:
        """Where the originals are kept."""
        return self.data_dir / "store"

    @property
    def broker_dir(self) -> Path:
        """Where the embedded broker keeps its messages."""
        return self.data_dir / "broker"

    @property
    def log_dir(self) -> Path:
        """Where the processes write their logs."""
        return self.data_dir / "log"

    @property
    def is_embedded(self) -> bool:
        """Whether the broker is the folder that needs no server."""
        return self.broker_url.startswith("filesystem:")

    def environment(self) -> dict[str, str]:
        """These settings as environment variables, for the processes that this one starts.

        Passwords stand inside the two addresses; nothing else is secret.
        """
        return {
            "INKOOP_DATA_DIR": str(self.data_dir),
            "INKOOP_INBOX_DIR": str(self.inbox_dir),
            "INKOOP_DATABASE_URL": self.database_url,
            "INKOOP_BROKER_URL": self.broker_url,
            "INKOOP_HOST": self.host,
            "INKOOP_PORT": str(self.port),
            "INKOOP_WORKERS": str(self.workers),
        }

    def at(self, host: str | None, port: int | None) -> Settings:
        """The same, with another web address where one is given."""
        return replace(self, host=host or self.host, port=self.port if port is None else port)


class _Reader:
    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment

    def optional(self, name: str) -> str | None:
        return self._environment.get(f"INKOOP_{name}") or None

    def text(self, name: str, default: str) -> str:
        return self.optional(name) or default

    def secret(self, name: str) -> str | None:
        path = self.optional(f"{name}_FILE")
        if path is None:
            return self.optional(name)
        try:
            return Path(path).read_text("utf-8").strip()
        except OSError as error:
            raise WrongSetting(f"INKOOP_{name}_FILE names a file that cannot be read: {path}") from error

    def whole(self, name: str, default: int, least: int, most: int) -> int:
        given = self.optional(name)
        if given is None:
            return default
        if not given.isdigit() or not least <= int(given) <= most:
            raise WrongSetting(f"INKOOP_{name} is a whole number from {least} to {most}, not {given!r}")
        return int(given)

    def seconds(self, name: str, default: float) -> float:
        given = self.optional(name)
        if given is None:
            return default
        try:
            value = float(given)
        except ValueError:
            value = 0.0
        if not 0 < value <= 86_400:
            raise WrongSetting(f"INKOOP_{name} is a number of seconds above 0, not {given!r}")
        return value

    def zone(self, name: str, default: str) -> str:
        given = self.text(name, default)
        try:
            ZoneInfo(given)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise WrongSetting(f"INKOOP_{name} is a time zone such as {default}, not {given!r}") from error
        return given


def _with_password(url: str, password: str | None) -> str:
    """The address with the password in it, unless it has one or there is none."""
    parts = urlsplit(url)
    if password is None or parts.password or not parts.hostname:
        return url
    port = f":{parts.port}" if parts.port else ""
    netloc = f"{parts.username or ''}:{quote(password, safe='')}@{parts.hostname}{port}"
    return urlunsplit(parts._replace(netloc=netloc))
