"""Is everything here that Inkoop needs? What is missing, and how to mend it."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from kombu.exceptions import OperationalError as BrokerError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from migrations import current_revision, head_revision
from pipeline.extract.ocr import available_languages, tesseract_version
from pipeline.runtime import Runtime

LEAST_FREE_BYTES = 512 * 1024 * 1024
_DEBIAN = {"nld": "tesseract-ocr-nld", "deu": "tesseract-ocr-deu", "fra": "tesseract-ocr-fra"}

State = Literal["ok", "warning", "error"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. A warning leaves Inkoop working with less; an error does not."""

    name: str
    state: State
    text: str
    remedy: str | None = None

    def to_json(self) -> dict[str, str | None]:
        """As a program reads it."""
        return {"name": self.name, "state": self.state, "text": self.text, "remedy": self.remedy}


def examine(runtime: Runtime) -> list[Finding]:
    """Look at everything, one after the other."""
    looks: tuple[Callable[[Runtime], Iterator[Finding]], ...] = (
        _python,
        _database,
        _broker,
        _store,
        _inbox,
        _tesseract,
    )
    return [finding for look in looks for finding in look(runtime)]


def settings_in_force(runtime: Runtime) -> dict[str, str]:
    """Every setting as it counts, without passwords."""
    settings = runtime.settings
    return {
        "data folder": str(settings.data_dir),
        "inbox": str(settings.inbox_dir),
        "database": runtime.engine.url.render_as_string(hide_password=True),
        "broker": "a folder in the data folder"
        if settings.is_embedded
        else _without_password(settings.broker_url),
        "pages": f"http://{settings.host}:{settings.port}",
        "workers": str(settings.workers),
        "lease": f"{settings.lease_seconds:g} s",
        "OCR languages": "+".join(settings.languages),
        "time zone": settings.time_zone,
    }


def _python(_runtime: Runtime) -> Iterator[Finding]:
    version = ".".join(str(part) for part in sys.version_info[:3])
    yield Finding("python", "ok", f"Python {version}")


def _database(runtime: Runtime) -> Iterator[Finding]:
    kind = runtime.engine.dialect.name
    try:
        with runtime.engine.connect() as connection:
            connection.execute(text("SELECT 1"))
        at, wanted = current_revision(runtime.engine), head_revision()
    except SQLAlchemyError as error:
        yield Finding(
            "database",
            "error",
            f"{kind} does not answer ({type(error).__name__})",
            "Start it, or correct INKOOP_DATABASE_URL and INKOOP_DATABASE_PASSWORD",
        )
        return
    if at == wanted:
        yield Finding("database", "ok", f"{kind}, tables at {at}")
    else:
        yield Finding("database", "error", f"{kind}, tables at {at}, not {wanted}", "Run: inkoop migrate")


def _broker(runtime: Runtime) -> Iterator[Finding]:
    if runtime.settings.is_embedded:
        yield Finding("broker", "ok", "a folder in the data folder")
        return
    try:
        with runtime.bell.connection_for_write(connect_timeout=3) as connection:
            connection.ensure_connection(max_retries=1, timeout=3)
    except (BrokerError, OSError):
        yield Finding(
            "broker",
            "warning",
            "does not answer: documents are read as the sweep finds them",
            "Start Redis, or correct INKOOP_BROKER_URL",
        )
        return
    yield Finding("broker", "ok", "answers")


def _store(runtime: Runtime) -> Iterator[Finding]:
    folder = runtime.settings.data_dir
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        yield Finding(
            "store", "error", f"{folder} cannot be written to ({error.strerror})", "Give it to this user"
        )
        return
    free = shutil.disk_usage(folder).free
    shown = f"{free / 1024**3:.1f} GB free"
    if free < LEAST_FREE_BYTES:
        yield Finding("store", "warning", f"{folder}, only {shown}", "Free some space")
    else:
        yield Finding("store", "ok", f"{folder}, {shown}")


def _inbox(runtime: Runtime) -> Iterator[Finding]:
    folder = runtime.settings.inbox_dir
    if not folder.is_dir():
        yield Finding("inbox", "warning", f"{folder} is not there", f"Run: mkdir -p {folder}")
    elif not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        yield Finding(
            "inbox", "error", f"{folder} cannot be emptied by this user", f"Run: chmod a+rwx {folder}"
        )
    else:
        yield Finding("inbox", "ok", str(folder))


def _tesseract(runtime: Runtime) -> Iterator[Finding]:
    wanted = runtime.settings.languages
    version = tesseract_version()
    if version is None:
        packages = " ".join(
            ["tesseract-ocr", *(_DEBIAN.get(code, f"tesseract-ocr-{code}") for code in wanted)]
        )
        yield Finding(
            "tesseract",
            "warning",
            "not here: scans wait, all else works",
            f"Run: sudo apt-get install -y {packages}",
        )
        return
    missing = [code for code in wanted if code not in available_languages()]
    if missing:
        packages = " ".join(_DEBIAN.get(code, f"tesseract-ocr-{code}") for code in missing)
        yield Finding(
            "tesseract",
            "warning",
            f"{version}, without {', '.join(missing)}",
            f"Run: sudo apt-get install -y {packages}",
        )
    else:
        yield Finding("tesseract", "ok", f"{version}, with {', '.join(wanted)}")


def _without_password(url: str) -> str:
    head, at, tail = url.rpartition("@")
    return f"{head.split('://', 1)[0]}://…@{tail}" if at else url
