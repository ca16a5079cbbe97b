"""Pictures of pages to words: image clean-up, and the OCR engine behind a small interface.

Settings are those measured in `spec/technology.md` §2: gray, 200 dpi, one thread, page segmentation 4.
"""

from __future__ import annotations

import math
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pytesseract
from PIL import Image

from pipeline.extract.document import Box, Page, Word
from pipeline.extract.pages import page_image
from pipeline.extract.unreadable import UnreadableDocument
from pipeline.extract.words import clean_text, split_points

OCR_DPI = 200
PASS_TIMEOUT_SECONDS = 30

_FEW_WORDS = 10
_POOR_CONFIDENCE = 50.0
_MEDIOCRE_CONFIDENCE = 70.0
_MIN_SKEW_DEGREES = 0.15
_MAX_SKEW_DEGREES = 6.0
_RECEIPT_ASPECT = 1.9


class OcrUnavailable(Exception):
    """Tesseract is not installed, or has none of the languages asked for. Scans wait until it is there."""


class OcrTimeout(Exception):
    """One pass over one page took longer than PASS_TIMEOUT_SECONDS."""


@dataclass(frozen=True, slots=True)
class SeenWord:
    """A word in the picture: left, top, right, bottom in pixels; confidence 0 to 100."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    confidence: float


class OcrEngine(Protocol):
    """Reads one gray picture."""

    def words(self, picture: Image.Image, languages: Sequence[str], segmentation: int) -> list[SeenWord]:
        """Words in the order of reading. Raises OcrUnavailable, OcrTimeout."""

    def quarter_turns(self, picture: Image.Image) -> int:
        """How many turns of 90 degrees clockwise make the picture upright; 0 when that is not known."""


class Tesseract:
    """The Tesseract program, one thread per process."""

    def __init__(self, timeout_seconds: int = PASS_TIMEOUT_SECONDS) -> None:
        # Tesseract's own threads cost 4 to 6 times the CPU and are slower on the clock too.
        os.environ.setdefault("OMP_THREAD_LIMIT", "1")
        self._timeout_seconds = timeout_seconds

    def words(self, picture: Image.Image, languages: Sequence[str], segmentation: int) -> list[SeenWord]:
        """See OcrEngine."""
        table = self._run(picture, "+".join(languages), f"--psm {segmentation} --oem 1")
        seen: list[SeenWord] = []
        columns = zip(
            table["text"],
            table["left"],
            table["top"],
            table["width"],
            table["height"],
            table["conf"],
            strict=True,
        )
        for text, left, top, width, height, confidence in columns:
            cleaned = clean_text(str(text)).strip()
            if cleaned and float(confidence) >= 0:
                right, bottom = float(left) + float(width), float(top) + float(height)
                seen.append(SeenWord(cleaned, float(left), float(top), right, bottom, float(confidence)))
        return seen

    def quarter_turns(self, picture: Image.Image) -> int:
        """See OcrEngine."""
        if "osd" not in available_languages():
            return 0
        with _pgm(picture) as path:
            try:
                found = pytesseract.image_to_osd(
                    path, config="--psm 0", output_type=pytesseract.Output.DICT, timeout=self._timeout_seconds
                )
            except (pytesseract.TesseractError, RuntimeError, KeyError, ValueError):
                return 0  # too little text to tell
        return int(found.get("rotate", 0)) // 90 % 4

    def _run(self, picture: Image.Image, languages: str, config: str) -> dict[str, list[Any]]:
        with _pgm(picture) as path:
            try:
                table: dict[str, list[Any]] = pytesseract.image_to_data(
                    path,
                    lang=languages,
                    config=config,
                    output_type=pytesseract.Output.DICT,
                    timeout=self._timeout_seconds,
                )
            except pytesseract.TesseractNotFoundError as error:
                raise OcrUnavailable("Tesseract is not installed") from error
            except pytesseract.TesseractError as error:
                raise UnreadableDocument("INC_UNREADABLE", "Tesseract gave up on the page") from error
            except RuntimeError as error:  # how pytesseract reports a timeout
                raise OcrTimeout("Tesseract took too long") from error
        return table


def ocr_page(
    data: bytes,
    media_type: str,
    number: int,
    languages: Sequence[str],
    engine: OcrEngine | None = None,
) -> Page:
    """Read one page of a PDF or image file with OCR. `languages` are Tesseract's codes; `number` is from 1.

    Word boxes are on the page as displayed, also where the picture was straightened or turned for reading.

    Raises OcrUnavailable, OcrTimeout, UnreadableDocument.
    """
    picture = page_image(data, media_type, number, OCR_DPI, grayscale=True)
    reader = engine or Tesseract()
    known = languages if engine else usable_languages(languages)
    words = _read(picture, known, reader)
    width, height = picture.width * 72 / OCR_DPI, picture.height * 72 / OCR_DPI
    pieces = [piece for word in words for piece in _pieces(word, picture)]
    return Page(number, width, height, tuple(pieces), "ocr")


@lru_cache(maxsize=1)
def available_languages() -> tuple[str, ...]:
    """Languages Tesseract has data for, `osd` among them; empty when Tesseract is not installed."""
    try:
        return tuple(sorted(pytesseract.get_languages(config="")))
    except (pytesseract.TesseractNotFoundError, pytesseract.TesseractError, OSError):
        return ()


def usable_languages(wanted: Sequence[str]) -> tuple[str, ...]:
    """Those of the wanted languages that can be read. Raises OcrUnavailable when there are none."""
    available = available_languages()
    if not available:
        # Not remembered: the program may be installed while we run.
        available_languages.cache_clear()
        raise OcrUnavailable("Tesseract is not installed")
    usable = tuple(language for language in wanted if language in available)
    if not usable:
        available_languages.cache_clear()
        raise OcrUnavailable(f"Tesseract has no data for {', '.join(wanted) or 'no language'}")
    return usable


def tesseract_version() -> str | None:
    """Version of the Tesseract program, None when it is not installed."""
    try:
        return str(pytesseract.get_tesseract_version())
    except (pytesseract.TesseractNotFoundError, SystemExit):
        return None


def skew_degrees(picture: Image.Image) -> float:
    """By how many degrees the text lines fall to the right; 0 when no angle stands out.

    Projection profile: at the right angle the dark pixels fall into the fewest, fullest rows.
    """
    factor = min(1.0, 1200 / max(picture.size))
    small = picture.convert("L").resize(
        (max(1, int(picture.width * factor)), max(1, int(picture.height * factor)))
    )
    pixels = np.asarray(small, dtype=np.int16)
    if pixels.size < 10_000:
        return 0.0
    threshold = min(160, int(np.median(pixels)) - 50)
    rows, columns = np.nonzero(pixels < threshold)
    if len(rows) < 200:
        return 0.0
    if len(rows) > 60_000:
        chosen = np.linspace(0, len(rows) - 1, 60_000).astype(np.int64)
        rows, columns = rows[chosen], columns[chosen]

    def sharpness(degrees: float) -> float:
        shifted = rows - columns * math.tan(math.radians(degrees))
        counts = np.bincount((shifted - shifted.min()).astype(np.int64))
        return float(np.sum(np.diff(counts.astype(np.float64)) ** 2))

    best = max(np.arange(-_MAX_SKEW_DEGREES, _MAX_SKEW_DEGREES + 0.01, 0.5), key=sharpness)
    best = max(np.arange(best - 0.5, best + 0.51, 0.1), key=sharpness)
    if sharpness(best) < 1.1 * sharpness(0.0):
        return 0.0
    return float(best)


def _read(picture: Image.Image, languages: Sequence[str], engine: OcrEngine) -> list[SeenWord]:
    words = _read_straightened(picture, languages, engine)
    if _credible(words) < _FEW_WORDS or _mean_confidence(words) < _POOR_CONFIDENCE:
        turns = engine.quarter_turns(picture)
        if turns:
            turned = picture.rotate(-90 * turns, expand=True)
            again = _read_straightened(turned, languages, engine)
            if _yield_of(again) > _yield_of(words):
                return [_turned_back(word, turns, picture) for word in again]
    return words


def _read_straightened(picture: Image.Image, languages: Sequence[str], engine: OcrEngine) -> list[SeenWord]:
    skew = skew_degrees(picture)
    if abs(skew) < _MIN_SKEW_DEGREES:
        return _passes(picture, languages, engine)
    straight = picture.rotate(skew, Image.Resampling.BICUBIC, expand=True, fillcolor=255)
    return [_skewed_back(word, skew, straight, picture) for word in _passes(straight, languages, engine)]


def _passes(picture: Image.Image, languages: Sequence[str], engine: OcrEngine) -> list[SeenWord]:
    """The first pass, and a second one where the first is poor; the one that yields more is taken."""
    first = engine.words(picture, languages, 4)
    if len(first) >= 2 * _FEW_WORDS and _mean_confidence(first) >= _MEDIOCRE_CONFIDENCE:
        return first
    is_receipt = picture.height > _RECEIPT_ASPECT * picture.width
    try:
        second = engine.words(picture, languages, 6 if is_receipt else 11)
    except OcrTimeout:
        return first
    return max((first, second), key=_yield_of)


def _credible(words: Sequence[SeenWord]) -> int:
    """Words long and sure enough not to be read into lines that run the other way."""
    return sum(w.confidence >= _POOR_CONFIDENCE and sum(c.isalnum() for c in w.text) >= 3 for w in words)


def _mean_confidence(words: Sequence[SeenWord]) -> float:
    return sum(w.confidence for w in words) / len(words) if words else 0.0


def _yield_of(words: Sequence[SeenWord]) -> float:
    """Letters and digits read, weighted with how sure the engine is of them."""
    return sum(
        sum(c.isalnum() for c in w.text) * (w.confidence - 30) / 100 for w in words if w.confidence > 30
    )


def _turned_back(word: SeenWord, turns: int, picture: Image.Image) -> SeenWord:
    left, top, right, bottom = word.left, word.top, word.right, word.bottom
    width, height = picture.size
    if turns == 1:
        box = (top, height - right, bottom, height - left)
    elif turns == 2:
        box = (width - right, height - bottom, width - left, height - top)
    else:
        box = (width - bottom, left, width - top, right)
    return SeenWord(word.text, *box, word.confidence)


def _skewed_back(word: SeenWord, degrees: float, straight: Image.Image, picture: Image.Image) -> SeenWord:
    """The word's corners where they stand in the picture as it was."""
    angle = math.radians(degrees)
    cos, sin = math.cos(angle), math.sin(angle)
    corners = [(x, y) for x in (word.left, word.right) for y in (word.top, word.bottom)]
    xs: list[float] = []
    ys: list[float] = []
    for x, y in corners:
        dx, dy = x - straight.width / 2, y - straight.height / 2
        xs.append(cos * dx - sin * dy + picture.width / 2)
        ys.append(sin * dx + cos * dy + picture.height / 2)
    return SeenWord(word.text, min(xs), min(ys), max(xs), max(ys), word.confidence)


def _pieces(word: SeenWord, picture: Image.Image) -> list[Word]:
    """The word with its box as fractions, cut into label and value where OCR left no blank between them."""
    cuts = [0, *split_points(word.text), len(word.text)]
    per_letter = (word.right - word.left) / len(word.text)
    pieces: list[Word] = []
    for start, end in pairwise(cuts):
        box = Box(
            _fraction(word.left + start * per_letter, picture.width),
            _fraction(word.top, picture.height),
            _fraction(word.left + end * per_letter, picture.width),
            _fraction(word.bottom, picture.height),
        )
        pieces.append(Word(word.text[start:end], box, max(0.0, min(1.0, word.confidence / 100))))
    return pieces


def _fraction(position: float, size: int) -> float:
    return min(1.0, max(0.0, position / max(1, size)))


@contextmanager
def _pgm(picture: Image.Image) -> Iterator[str]:
    """Path of the picture as a PGM file: 2 ms to write, where PNG takes 33."""
    with tempfile.TemporaryDirectory(prefix="inkoop-ocr-") as folder:
        path = Path(folder) / "page.pgm"
        picture.convert("L").save(path)
        yield str(path)
