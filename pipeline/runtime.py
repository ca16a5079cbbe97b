"""Opens what a process needs: database, file store, doorbell, texts and logging."""

from __future__ import annotations

import logging
import os
import secrets
import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from logging.handlers import WatchedFileHandler
from pathlib import Path

import structlog
from celery import Celery
from kombu.exceptions import OperationalError as BrokerError
from sqlalchemy import Engine

from core.catalogue import CORE_TEXTS, Catalogue
from core.database import make_engine
from core.hooks import Hooks
from core.work import MACHINE, Actor, Work, open_reading, open_work
from pipeline.extract.document import Word
from pipeline.incoming import IncomingDocument, get_incoming
from pipeline.ingest.channel import Delivery
from pipeline.ingest.intake import Taken, take_in
from pipeline.ingest.store import FileStore
from pipeline.settings import Settings
from pipeline.workflow import pages
from pipeline.workflow.answers import HOOKS
from pipeline.workflow.tools import Tools

PIPELINE_TEXTS = Path(__file__).parent / "texts"
ADVANCE = "pipeline.tasks.advance"

log = structlog.get_logger()


@dataclass(slots=True)
class Runtime:
    """What one process works with. Open it once, after any fork."""

    settings: Settings
    engine: Engine
    store: FileStore
    bell: Celery
    hooks: Hooks = HOOKS
    text_folders: tuple[Path, ...] = (CORE_TEXTS, PIPELINE_TEXTS)
    _catalogues: dict[str, Catalogue] = field(default_factory=dict)

    @classmethod
    def open(cls, settings: Settings, *, text_folders: Sequence[Path] = ()) -> Runtime:
        """Open database and store; `text_folders` are those of the layers above."""
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        return cls(
            settings=settings,
            engine=make_engine(settings.database_url),
            store=FileStore(settings.store_dir),
            bell=make_celery(settings),
            text_folders=(CORE_TEXTS, PIPELINE_TEXTS, *text_folders),
        )

    def close(self) -> None:
        """Give back the database connections."""
        self.engine.dispose()

    def now(self) -> datetime:
        """This moment, in UTC."""
        return datetime.now(UTC)

    def today(self) -> date:
        """The company's date now."""
        return datetime.now(self.settings.zone).date()

    def catalogue(self, language: str) -> Catalogue:
        """All texts of a language."""
        if language not in self._catalogues:
            self._catalogues[language] = Catalogue.load(language, self.text_folders)
        return self._catalogues[language]

    def work(self, actor: Actor) -> AbstractContextManager[Work]:
        """A transaction that may write; the jobs it leaves are rung for after the commit."""
        return open_work(self.engine, actor, self.now(), self.today(), hooks=self.hooks, doorbell=self.ring)

    def reading(self, actor: Actor) -> AbstractContextManager[Work]:
        """A transaction that sees one snapshot and changes nothing."""
        return open_reading(self.engine, actor, self.now(), self.today())

    def tools(self) -> Tools:
        """What the steps of the journey work with, under the machine's own identity."""
        return Tools(
            open_work=lambda: self.work(MACHINE),
            open_reading=lambda: self.reading(MACHINE),
            store=self.store,
            languages=self.settings.languages,
            page_image_dpi=self.settings.page_image_dpi,
        )

    def ring(self, job_ids: list[int]) -> None:
        """Wake a worker for each job. A bell that fails is no error: the sweep finds the jobs."""
        for job_id in job_ids:
            try:
                self.bell.send_task(ADVANCE, args=[job_id], retry=False)
            except (BrokerError, OSError) as error:
                log.warning("doorbell_failed", job_id=job_id, error=type(error).__name__)
                return

    def take_in(self, actor: Actor, delivery: Delivery) -> Taken:
        """One delivery stored and registered, or visibly refused. Raises OSError when it cannot be stored."""
        taken = take_in(lambda: self.work(actor), self.store, delivery, self.settings.max_file_bytes)
        if isinstance(taken, IncomingDocument):
            log.info("document_received", incoming_no=taken.incoming_no, channel=delivery.channel)
        else:
            log.info("delivery_refused", code=taken.code, channel=delivery.channel)
        return taken

    def page_image(self, incoming_id: int, page: int, dpi: int | None = None) -> bytes | None:
        """The picture of a page as PNG, made in a child process when it is not kept yet."""
        with self.reading(MACHINE) as work:
            document = get_incoming(work, incoming_id)
            sha256, media_type = document.sha256, document.media_type
        wanted = dpi or self.settings.page_image_dpi
        return pages.page_image(self.store, sha256, media_type, page, wanted)

    def page_words(self, incoming_id: int, page: int) -> list[Word]:
        """The words of a page with their boxes."""
        with self.reading(MACHINE) as work:
            document = get_incoming(work, incoming_id)
            sha256, media_type = document.sha256, document.media_type
        return pages.page_words(self.store, sha256, media_type, page)

    def secret_key(self) -> str:
        """The key that signs session cookies: from its file, made at the first start."""
        path = self.settings.secret_key_file or self.settings.data_dir / "secret.key"
        with suppress(FileNotFoundError):
            return path.read_text("ascii").strip()
        key = secrets.token_urlsafe(48)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:  # another process was first
            return path.read_text("ascii").strip()
        with os.fdopen(descriptor, "w") as file:
            file.write(key)
        return key


def page_image(runtime: Runtime, incoming_id: int, page: int, dpi: int = 110) -> bytes | None:
    """The picture of a page as PNG; None when it cannot be drawn."""
    return runtime.page_image(incoming_id, page, dpi)


def page_words(runtime: Runtime, incoming_id: int, page: int) -> list[Word]:
    """The words of a page with their boxes."""
    return runtime.page_words(incoming_id, page)


def make_celery(settings: Settings) -> Celery:
    """The queue's settings of technology §4: late acknowledgement, one message at a time, no results."""
    # The folder needs no host, but the queue's library asks for one.
    app = Celery("inkoop", broker="filesystem://localhost" if settings.is_embedded else settings.broker_url)
    app.conf.update(
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        worker_prefetch_multiplier=1,
        task_ignore_result=True,
        task_soft_time_limit=150,
        task_time_limit=180,
        worker_max_tasks_per_child=200,
        worker_max_memory_per_child=600_000,
        worker_concurrency=settings.workers,
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
        worker_enable_remote_control=False,
        worker_cancel_long_running_tasks_on_connection_loss=False,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_transport_options=_transport(settings),
        task_serializer="json",
        accept_content=["json"],
        enable_utc=True,
    )
    return app


def _transport(settings: Settings) -> dict[str, object]:
    if not settings.is_embedded:
        return {
            "visibility_timeout": 900,
            "unacked_restore_throttle": 1,
            "unacked_restore_interval": 10,
            "socket_connect_timeout": 3,
            "socket_timeout": 10,
        }
    messages, control = settings.broker_dir / "messages", settings.broker_dir / "control"
    for folder in (messages, control):
        folder.mkdir(parents=True, exist_ok=True)
    return {
        "data_folder_in": str(messages),
        "data_folder_out": str(messages),
        "control_folder": str(control),
        "polling_interval": 0.05,
        "store_processed": False,
    }


def set_up_logging(settings: Settings, process: str) -> None:
    """Events as JSON lines in the log folder and, short, on the console. Identifiers, never contents."""
    settings.log_dir.mkdir(parents=True, exist_ok=True)
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _named(process),
        structlog.processors.format_exc_info,
    ]
    console = logging.StreamHandler(sys.stderr)
    console.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), pad_event_to=0),
            ],
        )
    )
    to_file = WatchedFileHandler(settings.log_dir / "inkoop.log", encoding="utf-8")
    to_file.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    logging.basicConfig(level=settings.log_level.upper(), handlers=[console, to_file], force=True)
    for noisy in ("celery", "kombu", "watchfiles", "uvicorn.access", "pdfminer", "PIL", "alembic"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def _named(process: str) -> structlog.typing.Processor:
    def add(_logger: object, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
        event["process"] = process
        return event

    return add


@contextmanager
def opened(settings: Settings, *, text_folders: Sequence[Path] = ()) -> Iterator[Runtime]:
    """A runtime for the length of a block."""
    runtime = Runtime.open(settings, text_folders=text_folders)
    try:
        yield runtime
    finally:
        runtime.close()
