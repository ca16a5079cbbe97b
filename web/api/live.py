"""The stream of news of one tab."""

from __future__ import annotations

from typing import cast

from fastapi.responses import Response, StreamingResponse

from core.master.rights import Right
from web.live import Live
from web.routing import Desk, DeskRequest

router = Desk()


@router.api("GET", "/live", right=Right.DESK_USE)
async def live(desk: DeskRequest) -> Response:
    """Server-sent events: `news` with the counts and the documents that changed."""
    source = cast(Live, desk.request.app.state.live)
    return StreamingResponse(
        source.stream(desk.actor),
        media_type="text/event-stream",
        headers={"cache-control": "no-store", "x-accel-buffering": "no"},
    )
