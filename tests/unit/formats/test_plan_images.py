from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image, ImageDraw

from tests.unit.formats.pdf_writer import stream, write_bomb, write_pdf
from wlantrack.errors import InvalidInput
from wlantrack.formats.plan_images import PlanImage, read_plan_image

A4 = "/MediaBox [0 0 595.276 841.89]"


def encode(picture: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def pixel(image: PlanImage, x: int, y: int) -> tuple[int, ...]:
    value = Image.open(io.BytesIO(image.png)).convert("RGB").getpixel((x, y))
    assert isinstance(value, tuple)
    return tuple(round(part) for part in value)


def refusal_of(data: bytes, file: str = "plan.png", page: int = 1) -> str:
    with pytest.raises(InvalidInput) as caught:
        read_plan_image(data, file=file, page=page)
    assert caught.value.problems[0].remedy is not None
    return str(caught.value)


def png_header(width: int, height: int) -> bytes:
    body = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + struct.pack(">I", 13)
        + body
        + struct.pack(">I", zlib.crc32(body))
        + b"\0\0\0\0IDAT"
    )


def test_a_png_comes_back_with_its_size_and_resolution() -> None:
    image = read_plan_image(encode(Image.new("RGB", (400, 300), "red"), dpi=(300, 300)))
    assert (image.width_px, image.height_px, image.source) == (400, 300, "PNG")
    assert image.dpi == pytest.approx(300, abs=0.1)
    assert image.warnings == ()
    assert pixel(image, 5, 5) == (255, 0, 0)


def test_a_drawing_scale_gives_metres_per_pixel() -> None:
    image = read_plan_image(encode(Image.new("L", (400, 300)), dpi=(254, 254)))
    assert image.metres_per_pixel(100) == pytest.approx(0.01, rel=1e-4)
    unknown = read_plan_image(encode(Image.new("L", (400, 300))))
    assert unknown.metres_per_pixel(100) is None


def test_metadata_and_hidden_text_are_gone() -> None:
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    data = encode(Image.new("RGB", (40, 30)), "JPEG", exif=exif, comment=b"SecretComment")
    image = read_plan_image(data + b"<script>Secret</script>", file="plan.jpg")
    assert b"Secret" in data
    assert b"Secret" not in image.png
    assert Image.open(io.BytesIO(image.png)).info == {}


@pytest.mark.parametrize(
    ("orientation", "size", "corner"),
    [
        (1, (64, 32), (0, 0)),
        (3, (64, 32), (63, 31)),
        (6, (32, 64), (31, 0)),
        (8, (32, 64), (0, 63)),
    ],
)
def test_the_orientation_of_a_photo_is_applied(
    orientation: int, size: tuple[int, int], corner: tuple[int, int]
) -> None:
    picture = Image.new("RGB", (64, 32), "white")
    ImageDraw.Draw(picture).rectangle((0, 0, 7, 7), fill="black")
    exif = Image.Exif()
    exif[0x0112] = orientation
    image = read_plan_image(encode(picture, "JPEG", exif=exif, quality=95), file="photo.jpg")
    assert (image.width_px, image.height_px) == size
    assert (image.source_width_px, image.source_height_px) == size
    assert max(pixel(image, *corner)) < 60


def test_transparency_becomes_white_paper() -> None:
    image = read_plan_image(encode(Image.new("RGBA", (20, 20), (0, 0, 0, 0))))
    assert pixel(image, 3, 3) == (255, 255, 255)


def test_sixteen_bits_of_grey_keep_their_brightness() -> None:
    image = read_plan_image(encode(Image.new("I;16", (20, 20), 0x8080)))
    assert pixel(image, 3, 3) == (128, 128, 128)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
def test_every_mode_of_png_is_read(mode: str) -> None:
    image = read_plan_image(encode(Image.new(mode, (20, 10))))
    assert (image.width_px, image.height_px) == (20, 10)


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_every_mode_of_jpeg_is_read(mode: str) -> None:
    assert read_plan_image(encode(Image.new(mode, (20, 10)), "JPEG")).source == "JPEG"


def test_a_very_large_picture_is_reduced_and_its_scale_stays_right() -> None:
    picture = Image.new("1", (10_000, 1_000), 1)
    ImageDraw.Draw(picture).rectangle((5_000, 0, 9_999, 999), fill=0)
    image = read_plan_image(encode(picture, dpi=(600, 600)))
    assert (image.width_px, image.height_px) == (8_000, 800)
    assert image.source_width_px == 10_000
    assert image.stored_metres_per_pixel(0.01) == pytest.approx(0.0125)
    assert image.dpi == pytest.approx(480, abs=0.1)
    assert pixel(image, 3_990, 790) == (255, 255, 255)
    assert pixel(image, 4_010, 10) == (0, 0, 0)
    assert "reduced from 10000 to 8000" in str(image.warnings[0])


def test_four_gigapixels_are_refused_by_their_header() -> None:
    text = refusal_of(png_header(65_535, 65_535))
    assert "65,535 x 65,535 pixels; at most 100 million" in text


def test_pixels_beyond_the_limit_are_refused_even_where_pillow_only_warns() -> None:
    assert "at most 100 million" in refusal_of(png_header(10_001, 10_000))


def test_a_picture_that_ends_early_is_refused() -> None:
    data = encode(Image.effect_noise((200, 200), 50))
    assert "The PNG is damaged" in refusal_of(data[: len(data) // 2])


def test_a_picture_too_small_to_be_a_plan_is_refused() -> None:
    assert "only 1 x 1 pixels" in refusal_of(encode(Image.new("L", (1, 1))))


def test_broken_exif_spoils_no_picture() -> None:
    data = encode(Image.new("RGB", (20, 20)), "JPEG", exif=b"Exif\0\0II*\0\xff\xff\xff\xff\1")
    assert read_plan_image(data).width_px == 20


def test_the_default_resolution_of_screens_is_doubted() -> None:
    image = read_plan_image(encode(Image.new("L", (20, 20)), "JPEG", dpi=(72, 72)))
    assert "72 dpi" in str(image.warnings[0])


def test_a_name_that_promises_something_else_is_a_warning() -> None:
    image = read_plan_image(encode(Image.new("L", (20, 20))), file="plan.jpg")
    assert str(image.warnings[0]).startswith("The name ends in .jpg, but the file is PNG")


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"AC1032\0 and so on", "DWG"),
        (b"<svg xmlns='http://example.org/other'/>", "the XML is no SVG"),
        (b"GIF89a", "supported are PNG, JPEG, TIFF, SVG, PDF"),
        (b"<root/>", "not a plan"),
        (b"hello", "not a plan"),
        (b"", "empty"),
    ],
)
def test_other_types_are_refused_whatever_their_name_says(data: bytes, told: str) -> None:
    assert told in refusal_of(data, "plan.png")


def test_a_page_of_a_pdf_is_rendered_with_its_scale() -> None:
    data = write_pdf([A4, "/MediaBox [0 0 1190.55 841.89]"])
    image = read_plan_image(data, file="plan.pdf", page=2)
    assert (image.width_px, image.height_px, image.page, image.pages) == (3308, 2339, 2, 2)
    # A3 is 420 mm wide, so 42 m at 1:100.
    assert image.width_px * (image.metres_per_pixel(100) or 0) == pytest.approx(42.0, abs=0.001)


def test_a_pdf_may_be_rendered_finer_until_the_limit() -> None:
    assert read_plan_image(write_pdf([A4]), dpi=400).width_px == 3308
    assert read_plan_image(write_pdf(["/MediaBox [0 0 3370 2384]"]), dpi=400).width_px == 8000


def test_a_page_that_does_not_exist_is_refused() -> None:
    text = refusal_of(write_pdf([A4]), "plan.pdf", page=2)
    assert "has 1 pages, there is no page 2" in text
    assert "only page 1" in refusal_of(encode(Image.new("L", (9, 9))), page=2)


def test_a_pdf_with_units_of_its_own_is_accepted_with_a_warning() -> None:
    image = read_plan_image(write_pdf([f"{A4} /UserUnit 10"]))
    assert "units of its own" in str(image.warnings[0])


def test_a_broken_pdf_is_refused() -> None:
    assert "The PDF is damaged" in refusal_of(b"%PDF-1.7\nnothing", "plan.pdf")


def test_a_pdf_of_forms_in_forms_is_stopped() -> None:
    text = refusal_of(write_bomb(), "plan.pdf")
    assert "broke off" in text or "took longer" in text


def test_deeply_nested_content_does_no_harm() -> None:
    data = write_pdf([f"{A4} /Contents 5 0 R"], {5: stream("q " * 200_000)})
    assert read_plan_image(data).pages == 1
