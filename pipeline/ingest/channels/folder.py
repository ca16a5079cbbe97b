"""The drop folder: a file put into the inbox is collected when it has stopped growing.

A file is deleted from the folder only after it was taken. What was refused is moved to the folder `refused`
beside it, so that nobody's file disappears. Sub-folders, hidden and unfinished files are left alone.
"""

from __future__ import annotations

import hashlib
import os
import stat
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pipeline.ingest.channel import Delivery, Take
from pipeline.ingest.store import flush_folder

REFUSED = "refused"
LEFT_ALONE = ("README.md", "Thumbs.db", "desktop.ini")
UNFINISHED_STARTS = (".", "~$")
UNFINISHED_ENDS = (".part", ".partial", ".tmp", ".temp", ".crdownload", ".download", ".filepart", "~")

_CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a file looked like, and when it first looked so (on the monotonic clock)."""

    size: int
    changed: int
    since: float


class FolderChannel:
    """Collects from one folder. Keep one object: it remembers which files are still growing."""

    name = "folder"

    def __init__(self, folder: Path, *, settle_seconds: float, max_bytes: int) -> None:
        self.folder = folder
        self._settle = settle_seconds
        self._max_bytes = max_bytes
        self._seen: dict[str, _Seen] = {}
        self._given_up: dict[str, int] = {}

    @property
    def is_waiting(self) -> bool:
        """Whether a file is there that may still be growing."""
        return bool(self._seen)

    def collect(self, take: Take) -> int:
        """Take every file that kept its size for `settle_seconds`; returns how many were taken or refused.

        Raises OSError when the bytes cannot be stored; the file stays in the folder then.
        """
        done = 0
        for name in self._settled():
            done += self._collect_one(name, take)
        return done

    def _settled(self) -> list[str]:
        now = time.monotonic()
        seen: dict[str, _Seen] = {}
        ready: list[str] = []
        for name, status in self._files():
            if self._given_up.get(name) == status.st_ctime_ns:
                continue
            before = self._seen.get(name)
            same = before and (before.size, before.changed) == (status.st_size, status.st_ctime_ns)
            seen[name] = before if before and same else _Seen(status.st_size, status.st_ctime_ns, now)
            if now - seen[name].since >= self._settle:
                ready.append(name)
        self._seen = seen
        return ready

    def _files(self) -> Iterator[tuple[str, os.stat_result]]:
        with os.scandir(self.folder) as entries:
            names = sorted(entry.name for entry in entries if _is_wanted(entry.name))
        for name in names:
            with suppress(FileNotFoundError):
                status = os.lstat(self.folder / name)
                if not stat.S_ISDIR(status.st_mode):
                    yield name, status

    def _collect_one(self, name: str, take: Take) -> int:
        path = self.folder / name
        try:
            delivery, status = self._open(path)
        except FileNotFoundError:
            return 0
        except PermissionError:
            self._given_up[name] = os.lstat(path).st_ctime_ns
            return 0
        if delivery is None:  # it grew again while it was read
            self._seen.pop(name, None)
            return 0
        is_taken = take(delivery)
        self._seen.pop(name, None)
        if not _is_unchanged(path, status):
            return 1  # another file lies there now under the same name: it is the next delivery
        if is_taken:
            path.unlink(missing_ok=True)
        else:
            self._put_aside(path)
        flush_folder(self.folder)
        return 1

    def _open(self, path: Path) -> tuple[Delivery | None, os.stat_result]:
        """The file as a delivery, never following a link and never waiting for the other end of a pipe."""
        before = path.lstat()
        if not stat.S_ISREG(before.st_mode):
            return self._delivery(path, before, b"", hashlib.sha256(b"").hexdigest(), is_plain=False), before
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as file:
            digest = hashlib.sha256()
            chunks: list[bytes] = []
            size = 0
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
                if size <= self._max_bytes:
                    chunks.append(chunk)
            after = os.fstat(file.fileno())
        if (after.st_ino, after.st_ctime_ns, after.st_size) != (before.st_ino, before.st_ctime_ns, size):
            return None, before
        data = b"".join(chunks) if size <= self._max_bytes else b""
        return self._delivery(path, before, data, digest.hexdigest()), before

    def _delivery(
        self, path: Path, status: os.stat_result, data: bytes, sha256: str, *, is_plain: bool = True
    ) -> Delivery:
        # The change time tells a file that a crash left here from a second copy: a copy has its own.
        key = f"{os.fsencode(path)!r}|{status.st_ino}|{status.st_ctime_ns}|{status.st_size}|{sha256}"
        return Delivery(
            name=path.name,
            data=data,
            channel=self.name,
            reference=hashlib.sha256(key.encode()).hexdigest(),
            too_large=status.st_size if is_plain and status.st_size > self._max_bytes else None,
            sha256=sha256,
            is_plain_file=is_plain,
        )

    def _put_aside(self, path: Path) -> None:
        refused = self.folder / REFUSED
        refused.mkdir(exist_ok=True)
        target, number = refused / path.name, 1
        while os.path.lexists(target):
            number += 1
            target = refused / f"{path.stem[:200]}-{number}{path.suffix[:20]}"
        path.rename(target)
        flush_folder(refused)


def _is_wanted(name: str) -> bool:
    return not (
        name in LEFT_ALONE or name.startswith(UNFINISHED_STARTS) or name.lower().endswith(UNFINISHED_ENDS)
    )


def _is_unchanged(path: Path, before: os.stat_result) -> bool:
    try:
        now = path.lstat()
    except FileNotFoundError:
        return False
    return (now.st_ino, now.st_ctime_ns, now.st_size) == (before.st_ino, before.st_ctime_ns, before.st_size)


CHANNEL = FolderChannel
