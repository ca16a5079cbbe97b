"""Pages of real files: exact boxes from a text layer, turned and cropped pages, pictures and their limits."""

from __future__ import annotations

import io

import pikepdf
import pypdfium2
import pytest
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from pipeline.extract.document import Box, Page
from pipeline.extract.pages import MAX_PAGE_IMAGE_PIXELS, page_image, survey, text_page
from pipeline.extract.unreadable import UnreadableDocument
from pipeline.extract.words import clean_text, split_points
from pipeline.media_type import JPEG, PDF, PNG, TIFF

LINES = (
    "Zeilmakerij De Fok B.V.",
    "Factuurnummer: 2026-0815",
    "Factuurnr:F-77",
    "Totaal incl. btw € 1.677,67",
)


def a_pdf(*pages: tuple[str, ...], size: tuple[float, float] = A4) -> bytes:
    """A PDF with a text layer, one tuple of lines for each page."""
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=size)
    for lines in pages or (LINES,):
        canvas.setFont("Helvetica", 11)
        for index, line in enumerate(lines):
            canvas.drawString(72, size[1] - 90 - 22 * index, line)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def changed(data: bytes, **keys: object) -> bytes:
    """The PDF with keys set on its first page."""
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for key, value in keys.items():
            pdf.pages[0].obj[pikepdf.Name(f"/{key}")] = value
        pdf.save(target)
    return target.getvalue()


def printed_in(data: bytes, number: int, box: Box) -> str:
    """What PDFium finds printed inside a box of the displayed page."""
    with pypdfium2.PdfDocument(data) as pdf:
        page = pdf[number - 1]
        left, bottom, right, top = page.get_bbox()
        turn = page.get_rotation() // 90 % 4
        corners = []
        for x, y in ((box.left, box.top), (box.right, box.bottom)):
            across, down = {0: (x, y), 1: (y, 1 - x), 2: (1 - x, 1 - y), 3: (1 - y, x)}[turn]
            corners.append((left + across * (right - left), top - down * (top - bottom)))
        xs, ys = sorted(c[0] for c in corners), sorted(c[1] for c in corners)
        return " ".join(page.get_textpage().get_text_bounded(xs[0], ys[0], xs[1], ys[1]).split())


def assert_every_box_holds_its_word(data: bytes, page: Page) -> None:
    assert page.words
    for word in page.words:
        assert printed_in(data, page.number, word.box) == word.text


def refusal(data: bytes, media_type: str) -> str:
    with pytest.raises(UnreadableDocument) as refused:
        survey(data, media_type)
    return str(refused.value.problems[0].code)


def test_a_text_layer_gives_every_word_with_its_exact_box() -> None:
    data = a_pdf()

    page = text_page(data, 1)

    assert " ".join(w.text for w in page.words).startswith("Zeilmakerij De Fok B.V. Factuurnummer: 2026-0815")
    assert (round(page.width), round(page.height), page.source) == (595, 842, "text_layer")
    assert_every_box_holds_its_word(data, page)


def test_a_label_and_a_value_without_a_blank_become_two_words_with_exact_boxes() -> None:
    data = a_pdf(("Factuurnr:F-77",))

    assert [w.text for w in text_page(data, 1).words] == ["Factuurnr:", "F-77"]
    assert_every_box_holds_its_word(data, text_page(data, 1))


def test_a_web_address_and_a_time_stay_one_word() -> None:
    assert split_points("https://fok.example") == []
    assert split_points("12:30") == []
    assert split_points("Nr.2026-1") == [3]
    assert split_points("Invoice#12") == [7]


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_boxes_are_on_the_page_as_it_is_displayed_after_rotation(rotation: int) -> None:
    data = changed(a_pdf(), Rotate=rotation)

    page = text_page(data, 1)

    assert (page.width > page.height) == (rotation != 180)
    assert_every_box_holds_its_word(data, page)


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_boxes_count_from_the_crop_box_also_when_the_media_box_starts_elsewhere(rotation: int) -> None:
    data = changed(a_pdf(), MediaBox=[-20, -30, 595, 842], CropBox=[40, 300, 500, 800], Rotate=rotation)

    page = text_page(data, 1)

    assert {round(page.width), round(page.height)} == {460, 500}
    assert_every_box_holds_its_word(data, page)


def test_words_outside_the_crop_box_are_not_on_the_page() -> None:
    data = changed(a_pdf(), CropBox=[0, 740, 595, 842])

    assert [w.text for w in text_page(data, 1).words] == ["Zeilmakerij", "De", "Fok", "B.V."]


def test_a_page_too_heavy_for_pdfplumber_still_gives_its_words_with_boxes() -> None:
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=A4)
    canvas.drawString(72, 700, "Factuurnummer: 2026-0815")
    for index in range(50_100):
        canvas.rect(index % 500, index // 500, 0.5, 0.5)
    canvas.save()
    data = target.getvalue()

    page = text_page(data, 1)

    assert [w.text for w in page.words] == ["Factuurnummer:", "2026-0815"]
    assert_every_box_holds_its_word(data, page)


def test_a_survey_tells_which_pages_have_text_and_which_need_ocr() -> None:
    picture = io.BytesIO()
    canvas = Canvas(picture, pagesize=A4)
    canvas.drawString(72, 700, "Zeilmakerij De Fok B.V., Havenkade 12")
    canvas.showPage()
    canvas.rect(100, 100, 200, 200, fill=1)
    canvas.showPage()
    canvas.showPage()
    canvas.save()

    pages = survey(picture.getvalue(), PDF).pages

    assert [(p.number, p.has_text, p.needs_ocr) for p in pages] == [
        (1, True, False),
        (2, False, True),
        (3, False, False),
    ]


def test_a_text_layer_of_signs_without_meaning_is_not_used() -> None:
    assert clean_text("Rech\x02nung") == "Rechnung"
    assert clean_text("\ud83d\ude00") == "\N{GRINNING FACE}"


def test_every_frame_of_a_tiff_is_a_page() -> None:
    frames = [Image.new("1", (1654, 2339), 1) for _ in range(3)]
    target = io.BytesIO()
    frames[0].save(target, "TIFF", save_all=True, append_images=frames[1:], dpi=(200, 200))

    surveyed = survey(target.getvalue(), TIFF)

    assert surveyed.page_count == 3
    assert (round(surveyed.pages[2].width), round(surveyed.pages[2].height)) == (595, 842)
    assert page_image(target.getvalue(), TIFF, 3, 100, grayscale=True).size == (827, 1169)
    with pytest.raises(UnreadableDocument):
        page_image(target.getvalue(), TIFF, 4, 100, grayscale=True)


def test_a_photo_is_turned_as_its_camera_says() -> None:
    photo = Image.new("RGB", (400, 300), "white")
    exif = Image.Exif()
    exif[0x0112] = 6
    target = io.BytesIO()
    photo.save(target, "JPEG", exif=exif)

    surveyed = survey(target.getvalue(), JPEG).pages[0]
    picture = page_image(target.getvalue(), JPEG, 1, 200, grayscale=True)

    assert surveyed.width < surveyed.height
    assert picture.width < picture.height


def test_a_transparent_picture_is_laid_on_white() -> None:
    target = io.BytesIO()
    Image.new("RGBA", (50, 50), (0, 0, 0, 0)).save(target, "PNG")

    assert page_image(target.getvalue(), PNG, 1, 200, grayscale=True).getpixel((10, 10)) == 255


def test_a_page_image_is_never_larger_than_the_limit() -> None:
    data = a_pdf(size=(14_400, 14_400))

    picture = page_image(data, PDF, 1, 110, grayscale=True)

    assert picture.width * picture.height <= 1.01 * MAX_PAGE_IMAGE_PIXELS


def test_an_image_file_of_too_many_pixels_is_refused() -> None:
    target = io.BytesIO()
    Image.new("1", (10_000, 6_000), 1).save(target, "PNG")

    assert refusal(target.getvalue(), PNG) == "INC_TOO_LARGE"


def test_a_file_that_cannot_be_read_is_refused_with_its_reason() -> None:
    protected = io.BytesIO()
    with pikepdf.open(io.BytesIO(a_pdf())) as pdf:
        pdf.save(protected, encryption=pikepdf.Encryption(owner="secret", user="secret"))
    many = a_pdf(*[("x",)] * 201)

    assert refusal(protected.getvalue(), PDF) == "INC_PASSWORD"
    assert refusal(many, PDF) == "INC_TOO_MANY_PAGES"
    assert refusal(b"%PDF-1.7 nothing", PDF) == "INC_UNREADABLE"
    assert refusal(b"\x89PNG\r\n\x1a\nnothing", PNG) == "INC_UNREADABLE"
    assert refusal(b"", PDF) == "INC_EMPTY_FILE"
