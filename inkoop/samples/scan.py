"""A drawn PDF as it comes out of a scanner: crooked, gray, noisy, and without a text layer."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

import numpy as np
import pikepdf
import pypdfium2
from PIL import Image, ImageFilter

from inkoop.samples.layout import Drawing
from inkoop.samples.sheet import HEIGHT, WIDTH
from inkoop.samples.truth import Drawn
from pipeline.extract.document import Box

DPI = 200
_POINTS_PER_INCH = 72
_FAX_THRESHOLD = 150


@dataclass(frozen=True, slots=True)
class Scanner:
    """How bad one scan is.

    `skew` in degrees, counterclockwise; `paper` is the gray of the paper (255 is white); `blur` in pixels;
    `noise` is the deviation in gray levels; `quality` is that of JPEG; `specks` per page.
    """

    seed: int
    skew: float
    paper: int
    blur: float
    noise: float
    quality: int
    specks: int


def make_scanner(seed: int) -> Scanner:
    """A scanner like those of small offices: skew up to 1.5 degrees, some shade, blur and noise."""
    rng = Random(f"scanner {seed}")
    return Scanner(
        seed=seed,
        skew=rng.uniform(-1.5, 1.5),
        paper=rng.randrange(232, 253),
        blur=rng.uniform(0.3, 0.8),
        noise=rng.uniform(2, 6),
        quality=rng.randrange(55, 81),
        specks=rng.randrange(5, 60),
    )


def scan_pages(drawing: Drawing, scanner: Scanner) -> list[Image.Image]:
    """Each page as a gray picture."""
    with pypdfium2.PdfDocument(drawing.pdf) as pdf:
        clean = [page.render(scale=DPI / _POINTS_PER_INCH, grayscale=True).to_pil() for page in pdf]
    return [_spoil(page, scanner, number) for number, page in enumerate(clean)]


def scanned_places(drawn: Sequence[Drawn], scanner: Scanner) -> tuple[Drawn, ...]:
    """Where the values stand after the page was put askew: the box around the turned box."""
    return tuple(replace(each, box=_turned(each.box, scanner.skew)) for each in drawn)


def as_pdf(pages: Sequence[Image.Image], scanner: Scanner) -> bytes:
    """The pictures as an image-only PDF, one A4 page each."""
    pdf = pikepdf.new()
    for picture in pages:
        image = pikepdf.Stream(
            pdf,
            as_jpeg(picture, scanner),
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Image,
            Width=picture.width,
            Height=picture.height,
            ColorSpace=pikepdf.Name.DeviceGray,
            BitsPerComponent=8,
            Filter=pikepdf.Name.DCTDecode,
        )
        page = pdf.add_blank_page(page_size=(WIDTH, HEIGHT))
        name = page.add_resource(image, pikepdf.Name.XObject, pikepdf.Name.Scan)  # else it is a random one
        content = f"q {WIDTH} 0 0 {HEIGHT} 0 0 cm {name} Do Q"
        page.Contents = pdf.make_stream(content.encode())
    target = io.BytesIO()
    pdf.save(target, deterministic_id=True)
    return target.getvalue()


def as_jpeg(picture: Image.Image, scanner: Scanner) -> bytes:
    """One picture as JPEG."""
    target = io.BytesIO()
    picture.save(target, "JPEG", quality=scanner.quality, dpi=(DPI, DPI))
    return target.getvalue()


def as_png(picture: Image.Image) -> bytes:
    """One picture as PNG, in 16 grays as many scanners store it."""
    target = io.BytesIO()
    picture.quantize(16).save(target, "PNG", dpi=(DPI, DPI), optimize=True)
    return target.getvalue()


def as_tiff(pages: Sequence[Image.Image]) -> bytes:
    """All pages in one TIFF, black and white with fax compression."""
    bilevel = [picture.point(lambda level: 255 * (level > _FAX_THRESHOLD)).convert("1") for picture in pages]
    target = io.BytesIO()
    bilevel[0].save(
        target,
        "TIFF",
        compression="group4",
        save_all=True,
        append_images=bilevel[1:],
        dpi=(DPI, DPI),
    )
    return target.getvalue()


def _spoil(page: Image.Image, scanner: Scanner, number: int) -> Image.Image:
    rng = np.random.default_rng([scanner.seed, number])
    turned = page.convert("L").rotate(scanner.skew, Image.Resampling.BICUBIC, fillcolor=255)
    soft = turned.filter(ImageFilter.GaussianBlur(scanner.blur))
    ink = np.asarray(soft, dtype=np.float64) / 255
    height, width = ink.shape
    # The lamp lights one side of the glass a little better than the other.
    shade = np.linspace(1, 0.96, width)[np.newaxis, :] * np.linspace(1, 0.985, height)[:, np.newaxis]
    gray = 22 + ink * (scanner.paper - 22) * shade + rng.normal(0, scanner.noise, ink.shape)
    for x, y in zip(
        rng.integers(0, width - 3, scanner.specks), rng.integers(0, height - 3, scanner.specks), strict=True
    ):
        size = int(rng.integers(1, 3))
        gray[y : y + size, x : x + size] = rng.integers(60, 170)
    return Image.fromarray(np.clip(gray, 0, 255).astype(np.uint8), "L")


def _turned(box: Box, skew: float) -> Box:
    angle = math.radians(skew)
    points = [
        _turned_point(x * WIDTH - WIDTH / 2, y * HEIGHT - HEIGHT / 2, angle)
        for x in (box.left, box.right)
        for y in (box.top, box.bottom)
    ]
    xs = [min(1.0, max(0.0, x / WIDTH + 0.5)) for x, _ in points]
    ys = [min(1.0, max(0.0, y / HEIGHT + 0.5)) for _, y in points]
    return Box(min(xs), min(ys), max(xs), max(ys))


def _turned_point(x: float, y: float, angle: float) -> tuple[float, float]:
    """A point relative to the middle of the page, y downwards, after a counterclockwise turn."""
    return x * math.cos(angle) + y * math.sin(angle), -x * math.sin(angle) + y * math.cos(angle)
