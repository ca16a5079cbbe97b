"""News for open pages: which incoming documents changed and how many wait, seen at most a second later.

One poller per process asks the database while anyone listens; every stream gets what it found. The database
is the truth for all processes, so a change by a worker is seen too.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select
from starlette.concurrency import run_in_threadpool

from core.work import Actor
from pipeline.incoming import IncomingDocument, IncomingPage, IntakeRefusal
from pipeline.runtime import Runtime
from pipeline.workflow.listing import counts
from web.shell import waiting_work
from web.view import NOBODY

POLL_SECONDS = 0.7
BEAT_SECONDS = 10.0
STREAM_SECONDS = 55.0  # then the browser opens a new stream, and its session is looked at again
MOST_CHANGED = 200


@dataclass(frozen=True, slots=True)
class Mark:
    """What the tables looked like: any difference is news."""

    newest: datetime | None
    documents: int
    pages: int
    refused: tuple[int, int]  # how many are listed, and the latest


@dataclass(slots=True)
class Live:
    """The poller and who listens to it."""

    runtime: Runtime
    listeners: set[asyncio.Queue[Sequence[str]]] = field(default_factory=set)
    poller: asyncio.Task[None] | None = None

    async def stream(self, actor: Actor) -> AsyncIterator[str]:
        """Server-sent events for one tab: its counts at once, then news as it comes, and a beat of 10 s."""
        news: asyncio.Queue[Sequence[str]] = asyncio.Queue()
        self.listeners.add(news)
        if self.poller is None or self.poller.done():
            self.poller = asyncio.create_task(self._poll())
        clock = asyncio.get_running_loop().time
        end = clock() + STREAM_SECONDS
        try:
            yield "retry: 1000\n\n" + await self._event(actor, ())
            while clock() < end:
                try:
                    changed = await asyncio.wait_for(news.get(), BEAT_SECONDS)
                except TimeoutError:
                    yield ": beat\n\n"
                else:
                    yield await self._event(actor, changed)
        finally:
            self.listeners.discard(news)

    async def _event(self, actor: Actor, changed: Sequence[str]) -> str:
        content = {"counts": await run_in_threadpool(self._counts, actor), "changed": list(changed)}
        return f"event: news\ndata: {json.dumps(content)}\n\n"

    def _counts(self, actor: Actor) -> dict[str, int]:
        with self.runtime.reading(actor) as work:
            waiting = waiting_work(work, actor)
            if not waiting:
                return {}
            views = {f"view.{view.value}": count for view, count in counts(work).items()}
        return views | {f"nav.{key}": count for key, count in waiting.items()}

    async def _poll(self) -> None:
        mark = await run_in_threadpool(self._mark)
        while self.listeners:
            await asyncio.sleep(POLL_SECONDS)
            seen = await run_in_threadpool(self._mark)
            if seen == mark:
                continue
            changed = await run_in_threadpool(self._changed, mark.newest)
            mark = seen
            for listener in self.listeners:
                listener.put_nowait(changed)

    def _mark(self) -> Mark:
        with self.runtime.reading(NOBODY) as work:
            newest, documents = work.session.execute(
                select(func.max(IncomingDocument.modified_at), func.count())
            ).one()
            pages = work.session.scalar(
                select(func.count()).select_from(IncomingPage).where(IncomingPage.state != "waiting")
            )
            listed, latest = work.session.execute(
                select(func.count().filter(IntakeRefusal.seen.is_(False)), func.max(IntakeRefusal.id))
            ).one()
        return Mark(newest, documents, pages or 0, (listed, latest or 0))

    def _changed(self, since: datetime | None) -> Sequence[str]:
        query = select(IncomingDocument.incoming_no).order_by(IncomingDocument.modified_at.desc())
        if since is not None:
            query = query.where(IncomingDocument.modified_at >= since)
        with self.runtime.reading(NOBODY) as work:
            return list(work.session.scalars(query.limit(MOST_CHANGED)))

    async def stop(self) -> None:
        """End the poller; streams end when their tabs go or their time is over."""
        self.listeners.clear()
        if self.poller is not None:
            self.poller.cancel()
            with suppress(asyncio.CancelledError):
                await self.poller
