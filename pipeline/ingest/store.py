"""The file store: bytes kept once, under their SHA-256, never changed; and derived files that can be rebuilt.

A file is flushed to the disk, and so is the folder that names it, before anyone is told that it is there.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

_CHUNK = 1024 * 1024


class MissingFile(Exception):
    """The store does not hold a file that a row names."""


class FileStore:
    """Originals under `root/originals`, derived files under `root/derived`, both by SHA-256."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for name in ("originals", "derived", "incoming"):
            (root / name).mkdir(parents=True, exist_ok=True)

    def put(self, data: bytes) -> str:
        """Keep these bytes and return their SHA-256. The same bytes again cost nothing.

        Raises OSError (disk full, no rights): nothing is stored then.
        """
        sha256 = hashlib.sha256(data).hexdigest()
        target = self.path(sha256)
        if not target.exists():
            self._write(target, data, 0o440)
        return sha256

    def path(self, sha256: str) -> Path:
        """Where the bytes with this SHA-256 are, or would be."""
        assert len(sha256) == 64 and sha256.isalnum(), "not a SHA-256"
        return self.root / "originals" / sha256[:2] / sha256

    def get(self, sha256: str) -> bytes:
        """The bytes. Raises MissingFile."""
        try:
            return self.path(sha256).read_bytes()
        except FileNotFoundError as error:
            raise MissingFile(sha256) from error

    def is_intact(self, sha256: str) -> bool:
        """Whether the stored bytes are there and still have this SHA-256."""
        digest = hashlib.sha256()
        try:
            with self.path(sha256).open("rb") as file:
                while chunk := file.read(_CHUNK):
                    digest.update(chunk)
        except FileNotFoundError:
            return False
        return digest.hexdigest() == sha256

    def all_originals(self) -> Iterator[str]:
        """The SHA-256 of every stored original."""
        for path in sorted((self.root / "originals").glob("??/*")):
            yield path.name

    def put_derived(self, sha256: str, name: str, data: bytes) -> None:
        """Keep a file made from the original, such as `page-1.png`; it replaces an earlier one."""
        self._write(self._derived(sha256, name), data, 0o640)

    def get_derived(self, sha256: str, name: str) -> bytes | None:
        """A derived file, or None when it is not there and has to be made again."""
        try:
            return self._derived(sha256, name).read_bytes()
        except FileNotFoundError:
            return None

    def _derived(self, sha256: str, name: str) -> Path:
        assert "/" not in name and not name.startswith("."), "a plain name"
        return self.root / "derived" / sha256[:2] / sha256 / name

    def _write(self, target: Path, data: bytes, mode: int) -> None:
        _make_folder(target.parent, self.root)
        temporary = self.root / "incoming" / f"{target.name[:80]}.{secrets.token_hex(8)}"
        try:
            with temporary.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            temporary.chmod(mode)
            temporary.replace(target)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        flush_folder(target.parent)


def flush_folder(folder: Path) -> None:
    """Flush the names in a folder to the disk: without it a new file may be gone after a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _make_folder(folder: Path, root: Path) -> None:
    if folder.exists():
        return
    if folder.parent != root:
        _make_folder(folder.parent, root)
    folder.mkdir(exist_ok=True)
    flush_folder(folder.parent)
