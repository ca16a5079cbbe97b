"""What every answer carries and what every question must not exceed: headers, body size, signing."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from hashlib import sha256
from urllib.parse import quote

from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'self'",
    )
)
HEADERS: Mapping[str, str] = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "x-frame-options": "DENY",
}
# An original comes from outside and may be anything: a PDF that is HTML too must not run from this address.
SANDBOX = "default-src 'none'; sandbox"
ONE_MEGABYTE = 1024 * 1024
FORM_LIMIT_BYTES = ONE_MEGABYTE
UPLOAD_PATH = "/api/incoming"
UPLOAD_LIMIT_BYTES = 26 * ONE_MEGABYTE  # one file of 25 MB and the form around it


class SafeAnswers:
    """ASGI middleware: security headers on every answer, and 413 for a body over the limit."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on, its body counted, its answer completed with headers."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = UPLOAD_LIMIT_BYTES if scope["path"] == UPLOAD_PATH else FORM_LIMIT_BYTES
        started = False
        taken = 0

        async def send_safe(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if scope["path"].startswith("/static/"):
                    headers.setdefault("cache-control", "no-cache")
                else:
                    headers.setdefault("cache-control", "no-store")
            await send(message)

        async def receive_counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > limit:
                raise _TooLarge
            return message

        if _stated_length(scope) > limit:
            await _refuse_large(send_safe)
            return
        try:
            await self.app(scope, receive_counted, send_safe)
        except _TooLarge:
            if started:
                raise
            await _refuse_large(send_safe)


class _TooLarge(Exception):
    """The body grew over the limit while it was read."""


def _stated_length(scope: Scope) -> int:
    stated = Headers(scope=scope).get("content-length", "0")
    return int(stated) if stated.isascii() and stated.isdigit() else 0


async def _refuse_large(send: Send) -> None:
    body = json.dumps(
        {"problems": [{"code": "request_too_large", "text": "The file is too large."}]}
    ).encode()
    headers = [(b"content-type", b"application/json"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def attachment_headers(name: str) -> dict[str, str]:
    """Headers to serve an original with: always saved, never shown, never run (check 27)."""
    plain = "".join(sign for sign in name if sign.isascii() and (sign.isalnum() or sign in "._- "))
    encoded = quote(name.replace("/", "_").replace("\\", "_"), safe="", errors="replace")
    return {
        "content-disposition": f"attachment; filename=\"{plain or 'original'}\"; filename*=UTF-8''{encoded}",
        "content-security-policy": SANDBOX,
        "x-content-type-options": "nosniff",
    }


class Signer:
    """Signs what a browser keeps for us, each purpose with a salt of its own."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def sign(self, purpose: str, value: object) -> str:
        """A text that only this key can have made."""
        text: str = URLSafeTimedSerializer(self._key, salt=purpose).dumps(value)
        return text

    def unsign(self, purpose: str, text: str, greatest_age_seconds: int) -> object | None:
        """What was signed, or None if it was not, or too long ago."""
        try:
            value: object = URLSafeTimedSerializer(self._key, salt=purpose).loads(
                text, max_age=greatest_age_seconds
            )
        except BadSignature:
            return None
        return value

    def token(self, purpose: str, value: str) -> str:
        """A keyed digest of the value: the form's half of a double-submit pair."""
        return hmac.new(self._key, f"{purpose}:{value}".encode(), sha256).hexdigest()


def equal(one: str, other: str) -> bool:
    """Compare without telling by time where they differ."""
    return hmac.compare_digest(one.encode(), other.encode())
