"""The file store keeps bytes once, under their SHA-256, and never changes them."""

import hashlib
from pathlib import Path

import pytest

from pipeline.ingest.store import FileStore, MissingFile


def test_bytes_come_back_under_their_hash_and_are_kept_once(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    first, second = store.put(b"invoice"), store.put(b"invoice")
    assert first == second == hashlib.sha256(b"invoice").hexdigest()
    assert store.get(first) == b"invoice"
    assert list(store.all_originals()) == [first]
    assert list((tmp_path / "incoming").iterdir()) == []


def test_changed_and_missing_originals_are_found(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    kept = store.put(b"invoice")
    assert store.is_intact(kept)
    store.path(kept).chmod(0o600)
    store.path(kept).write_bytes(b"invoicf")
    assert not store.is_intact(kept)
    store.path(kept).unlink()
    assert not store.is_intact(kept)
    with pytest.raises(MissingFile):
        store.get(kept)


def test_a_derived_file_can_be_made_again(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    kept = store.put(b"invoice")
    assert store.get_derived(kept, "page-1.png") is None
    store.put_derived(kept, "page-1.png", b"one")
    store.put_derived(kept, "page-1.png", b"two")
    assert store.get_derived(kept, "page-1.png") == b"two"
