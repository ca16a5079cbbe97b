"""Image files as pages: the frames of a TIFF, a JPEG or a PNG, their size on paper and their pixels."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator

from PIL import Image, ImageOps, UnidentifiedImageError

from pipeline.extract.unreadable import UnreadableDocument
from pipeline.media_type import IMAGES, TIFF

MAX_IMAGE_FILE_PIXELS = 50_000_000
DEFAULT_IMAGE_DPI = 200
"""Resolution assumed for an image file that does not state one."""

POINTS_PER_INCH = 72


def _open_image(data: bytes, media_type: str) -> Image.Image:
    if media_type not in IMAGES:
        raise UnreadableDocument("INC_UNREADABLE", f"no pages in {media_type}")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(data), formats=("TIFF", "JPEG", "PNG"))
    except Image.DecompressionBombError as error:
        raise UnreadableDocument("INC_TOO_LARGE", "the image has too many pixels") from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise UnreadableDocument("INC_UNREADABLE", "the image cannot be opened") from error
    _check_pixels(image)
    return image


def _check_pixels(image: Image.Image) -> None:
    if image.width * image.height > MAX_IMAGE_FILE_PIXELS:
        raise UnreadableDocument("INC_TOO_LARGE", f"the image has {image.width} x {image.height} pixels")


def frame_sizes(data: bytes, media_type: str) -> Iterator[tuple[float, float]]:
    """Displayed size in points of each page of the file, in order, without decoding it."""
    image = _open_image(data, media_type)
    number = 0
    while True:
        number += 1
        _check_pixels(image)
        width, height = size_in_points(image)
        if _orientation(image) >= 5:
            width, height = height, width
        yield width, height
        if media_type != TIFF:
            return
        try:
            image.seek(number)
        except EOFError:
            return
        except (OSError, ValueError, SyntaxError) as error:
            raise UnreadableDocument("INC_UNREADABLE", f"page {number + 1} cannot be opened") from error


def frame(data: bytes, media_type: str, number: int) -> Image.Image:
    """One page of an image file, `number` from 1, decoded and turned as its camera says."""
    image = _open_image(data, media_type)
    if number < 1 or (number > 1 and media_type != TIFF):
        raise UnreadableDocument("INC_UNREADABLE", f"there is no page {number}")
    try:
        image.seek(number - 1)
        _check_pixels(image)
        resolution = image.info.get("dpi")
        image.load()
        turned = ImageOps.exif_transpose(image)
    except EOFError as error:
        raise UnreadableDocument("INC_UNREADABLE", f"there is no page {number}") from error
    except (OSError, ValueError, SyntaxError, MemoryError, Image.DecompressionBombError) as error:
        raise UnreadableDocument("INC_UNREADABLE", f"page {number} cannot be decoded") from error
    if resolution:
        turned.info["dpi"] = resolution
    return turned


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(0x0112, 1))
    except (OSError, ValueError, SyntaxError, TypeError):
        return 1


def size_in_points(image: Image.Image) -> tuple[float, float]:
    """Width and height by the resolution the file states, else by DEFAULT_IMAGE_DPI."""
    stated = image.info.get("dpi")
    try:
        x, y = (float(v) for v in stated) if stated else (0.0, 0.0)
    except (TypeError, ValueError):
        x, y = 0.0, 0.0
    # Cameras and screen shots state 72 or 96 dpi, which says nothing about paper.
    if not (100 <= x <= 2400 and 100 <= y <= 2400):
        x = y = DEFAULT_IMAGE_DPI
    return image.width / x * POINTS_PER_INCH, image.height / y * POINTS_PER_INCH


def plain_picture(image: Image.Image, grayscale: bool) -> Image.Image:
    """Gray or RGB, transparency laid on white, 16 bit reduced to 8."""
    if image.mode in ("I;16", "I;16B", "I;16L", "I", "F"):
        image = image.convert("I").point(lambda v: v / 256).convert("L")
    if image.mode in ("RGBA", "LA", "PA") or (image.mode == "P" and "transparency" in image.info):
        above = image.convert("RGBA")
        white = Image.new("RGBA", above.size, "white")
        image = Image.alpha_composite(white, above)
    return image.convert("L" if grayscale else "RGB")
