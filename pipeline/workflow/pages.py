"""Pictures and words of a document's pages: kept beside the original, made again when they are not there."""

from __future__ import annotations

import json

from pipeline import media_type as kinds
from pipeline.child import ChildFailed
from pipeline.extract import contained
from pipeline.extract.document import Word
from pipeline.extract.page_json import page_from_json, page_to_json
from pipeline.extract.unreadable import UnreadableDocument
from pipeline.ingest.store import FileStore


def image_name(number: int, dpi: int) -> str:
    """Name of the derived file that holds the picture of a page."""
    return f"page-{number}-{dpi}.png"


def words_name(number: int) -> str:
    """Name of the derived file that holds the words of a page."""
    return f"words-{number}.json"


def page_image(store: FileStore, sha256: str, media_type: str, number: int, dpi: int) -> bytes | None:
    """The picture of a page as PNG; None when the document has no such page or it cannot be drawn."""
    kept = store.get_derived(sha256, image_name(number, dpi))
    return kept if kept is not None else keep_image(store, sha256, media_type, number, dpi)


def keep_image(store: FileStore, sha256: str, media_type: str, number: int, dpi: int) -> bytes | None:
    """Draw a page in a child process and keep the picture. A page that cannot be drawn has none."""
    if media_type == kinds.XML:
        return None
    try:
        picture = contained.render_page(store.get(sha256), media_type, number, dpi)
    except (UnreadableDocument, ChildFailed):
        return None
    store.put_derived(sha256, image_name(number, dpi), picture)
    return picture


def page_words(store: FileStore, sha256: str, media_type: str, number: int) -> list[Word]:
    """The words of a page, by OCR or from the text layer; none where nothing can be read."""
    kept = store.get_derived(sha256, words_name(number))
    if kept is not None:
        return list(page_from_json(json.loads(kept)).words)
    if media_type != kinds.PDF:
        return []
    try:
        page = contained.page_words(store.get(sha256), media_type, number)
    except (UnreadableDocument, ChildFailed):
        return []
    store.put_derived(sha256, words_name(number), json.dumps(page_to_json(page)).encode())
    return list(page.words)
