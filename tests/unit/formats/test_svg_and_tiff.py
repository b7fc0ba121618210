from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from wlantrack.errors import InvalidInput
from wlantrack.formats.plan_images import read_plan_image
from wlantrack.formats.svg_filter import clean_svg

if TYPE_CHECKING:
    from pathlib import Path

    from wlantrack.formats.plan_images import PlanImage

HEAD = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'


def svg(body: str, size: str = 'width="200" height="100"') -> bytes:
    return f"<svg {HEAD} {size}>{body}</svg>".encode()


def pixel(image: PlanImage, x_share: float, y_share: float) -> tuple[int, ...]:
    picture = Image.open(io.BytesIO(image.png)).convert("RGB")
    value = picture.getpixel((int(x_share * picture.width), int(y_share * picture.height)))
    assert isinstance(value, tuple)
    return tuple(round(part) for part in value)


def refusal_of(data: bytes, page: int = 1) -> str:
    with pytest.raises(InvalidInput) as caught:
        read_plan_image(data, file="plan", page=page)
    assert caught.value.problems[0].remedy is not None
    return str(caught.value)


def tiff(*pages: Image.Image, **options: object) -> bytes:
    buffer = io.BytesIO()
    pages[0].save(buffer, "TIFF", save_all=True, append_images=pages[1:], **options)
    return buffer.getvalue()


def test_an_svg_is_drawn_on_white() -> None:
    image = read_plan_image(svg('<rect x="100" width="100" height="100" fill="#ff0000"/>'))
    assert (image.width_px, image.height_px, image.source) == (3000, 1500, "SVG")
    assert pixel(image, 0.25, 0.5) == (255, 255, 255)
    assert pixel(image, 0.75, 0.5) == (255, 0, 0)
    assert image.dpi is None


def test_an_svg_in_millimetres_has_a_drawing_scale() -> None:
    image = read_plan_image(svg("<g/>", 'width="420mm" height="297mm" viewBox="0 0 420 297"'))
    assert image.width_px * (image.metres_per_pixel(100) or 0) == pytest.approx(42.0, abs=0.001)


@pytest.mark.parametrize(
    "body",
    [
        "<script>alert(1)</script>",
        "<foreignObject><p xmlns='http://www.w3.org/1999/xhtml'>x</p></foreignObject>",
        '<rect onload="alert(1)" width="1" height="1"/>',
        '<image href="/etc/passwd" width="10" height="10"/>',
        '<image xlink:href="https://example.org/x.png" width="10" height="10"/>',
        '<use href="other.svg#part"/>',
        '<image href="data:image/svg+xml;base64,PHN2Zy8+" width="10" height="10"/>',
        "<style>@import 'other.css';</style>",
        "<style>rect { fill: url(other.svg#a) }</style>",
        "<animate attributeName='x'/>",
    ],
)
def test_what_runs_or_reaches_outside_is_left_out_and_counted(body: str) -> None:
    clean = clean_svg(svg(body + '<rect width="10" height="10"/>'))
    assert clean.left_out == 1
    for word in ("script", "foreignObject", "onload", "passwd", "http://e", "https:", "other",
                 "svg+xml", "import", "animate"):  # fmt: skip
        assert word not in clean.text
    assert "rect" in clean.text


def test_an_svg_may_refer_to_its_own_parts() -> None:
    body = (
        '<defs><linearGradient id="a"><stop stop-color="red"/></linearGradient>'
        '<g id="b"><rect width="5" height="5" fill="url(#a)"/></g></defs>'
        '<use xlink:href="#b" style="opacity: 0.5"/>'
    )
    clean = clean_svg(svg(body))
    assert clean.left_out == 0
    assert "url(#a)" in clean.text
    assert "#b" in clean.text


def test_no_local_file_gets_into_the_picture(tmp_path: Path) -> None:
    secret = tmp_path / "secret.png"
    Image.new("RGB", (50, 50), "red").save(secret)
    image = read_plan_image(svg(f'<image href="{secret}" width="200" height="100"/>'))
    assert pixel(image, 0.5, 0.5) == (255, 255, 255)
    assert len(image.warnings) == 1


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b'<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg"/>', "entities"),
        (svg("<g>" * 150 + "</g>" * 150), "nests"),
        (svg("<g>"), "damaged"),
        (svg("<g/>", 'width="0" height="0"'), "none"),
        (b"<svg><x", "damaged"),
    ],
)
def test_an_svg_that_could_do_harm_is_refused_in_words(data: bytes, told: str) -> None:
    assert told in refusal_of(data)


def test_the_declaration_of_old_drawing_programs_does_no_harm() -> None:
    declared = (
        b'<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN"'
        b' "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">' + svg("<g/>")
    )
    assert read_plan_image(declared).source == "SVG"


def test_an_svg_that_uses_itself_is_refused() -> None:
    body = '<g id="a"><use href="#b"/><use href="#b"/></g><g id="b"><use href="#a"/></g>'
    assert "plan" in refusal_of(svg(body))


def test_a_tiff_keeps_its_resolution() -> None:
    image = read_plan_image(tiff(Image.new("1", (400, 300), 1), dpi=(254, 254)), file="plan.tif")
    assert (image.width_px, image.height_px, image.source) == (400, 300, "TIFF")
    assert image.metres_per_pixel(100) == pytest.approx(0.01, rel=1e-3)
    assert image.warnings == ()


def test_a_page_of_a_tiff_can_be_chosen() -> None:
    data = tiff(Image.new("RGB", (40, 30), "red"), Image.new("RGB", (60, 50), "blue"))
    image = read_plan_image(data, page=2)
    assert (image.width_px, image.height_px, image.page, image.pages) == (60, 50, 2, 2)
    assert pixel(image, 0.5, 0.5) == (0, 0, 255)
    assert "2 pages" in str(image.warnings[0])
    assert "no page 3" in refusal_of(data, page=3)


@pytest.mark.parametrize("compression", ["tiff_lzw", "tiff_adobe_deflate", "group4", "packbits"])
def test_the_usual_compressions_of_tiff_are_read(compression: str) -> None:
    mode = "1" if compression == "group4" else "L"
    data = tiff(Image.new(mode, (40, 30)), compression=compression)
    assert read_plan_image(data).width_px == 40


def test_a_damaged_tiff_is_refused() -> None:
    assert "damaged" in refusal_of(tiff(Image.effect_noise((200, 200), 90))[:5000])


def test_a_tiff_with_too_many_pixels_is_refused_before_it_is_decoded() -> None:
    data = bytearray(tiff(Image.new("1", (16, 16))))
    bomb = data.replace((16).to_bytes(2, "little"), (40_000).to_bytes(2, "little"))
    assert "at most" in refusal_of(bytes(bomb)) or "damaged" in refusal_of(bytes(bomb))
