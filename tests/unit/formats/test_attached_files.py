"""Photos lose what the camera wrote into them; documents are what they are by content."""

from __future__ import annotations

import io
from datetime import date

import pytest
from PIL import Image

from tests.factories.files import GPS_IFD, SECRET_CAMERA, make_office_file, make_photo
from wlantrack.errors import InvalidInput
from wlantrack.formats import limits
from wlantrack.formats.documents import read_document
from wlantrack.formats.photos import read_photo
from wlantrack.services.attachments import Upload, check_upload


def open_picture(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def test_a_photo_is_turned_upright_and_loses_position_and_camera() -> None:
    data = make_photo((640, 480))
    assert SECRET_CAMERA.encode() in data

    photo = read_photo(data, file="IMG_1.jpg")

    kept = open_picture(photo.jpeg)
    assert (kept.format, kept.size) == ("JPEG", (480, 640))
    assert (photo.width_px, photo.height_px) == (480, 640)
    assert dict(kept.getexif()) == {}
    assert dict(kept.getexif().get_ifd(GPS_IFD)) == {}
    assert SECRET_CAMERA.encode() not in photo.jpeg
    assert photo.taken_on == date(2026, 11, 20)


def test_a_large_photo_is_reduced_to_2560_pixels() -> None:
    photo = read_photo(make_photo((6_000, 4_000)))

    assert (photo.width_px, photo.height_px) == (1_707, 2_560)


def test_a_png_becomes_a_jpeg_on_white() -> None:
    file = io.BytesIO()
    Image.new("RGBA", (64, 64), (0, 0, 0, 0)).save(file, "PNG")

    kept = open_picture(read_photo(file.getvalue()).jpeg)

    assert kept.format == "JPEG"
    assert kept.getpixel((10, 10)) == (255, 255, 255)


@pytest.mark.parametrize("taken", ["0000:00:00 00:00:00", "1970:01:01 00:00:00", "rubbish"])
def test_a_day_that_cannot_be_true_is_no_day(taken: str) -> None:
    assert read_photo(make_photo(taken=taken)).taken_on is None


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "this file is HEIC"),
        (b"%PDF-1.7 ...", "this file is PDF"),
        (b"hello", "none of JPEG and PNG"),
        (b"", "file is empty"),
        (make_photo()[:400], "is damaged"),
        (b"\xff\xd8\xff" + bytes(limits.PHOTO_BYTES), "at most 25 MiB"),
    ],
    ids=["heic", "pdf", "text", "empty", "cut off", "too large"],
)
def test_what_is_no_photo_is_refused_in_words(data: bytes, words: str) -> None:
    with pytest.raises(InvalidInput, match=words) as refused:
        read_photo(data, file="IMG_2")

    problem = refused.value.problems[0]
    assert problem.file == "IMG_2"
    assert problem.remedy is not None


def test_an_iphone_is_told_how_to_take_jpeg() -> None:
    with pytest.raises(InvalidInput) as refused:
        read_photo(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic")

    assert "Most Compatible" in str(refused.value.problems[0].remedy)


@pytest.mark.parametrize(
    ("data", "suffix", "media_type"),
    [
        (b"%PDF-1.7\n%%EOF", "pdf", "application/pdf"),
        ("Prüfprotokoll\n".encode(), "txt", "text/plain"),
        (
            make_office_file(),
            "docx",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        (
            make_office_file("xl/workbook.xml"),
            "xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
    ],
)
def test_a_document_is_known_by_its_content(data: bytes, suffix: str, media_type: str) -> None:
    document = read_document(data, file=f"Ohne Prüfung.{suffix.upper()}")

    assert (document.suffix, document.media_type) == (suffix, media_type)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"<html><script>alert(1)</script>", "this file is HTML"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "this file is SVG"),
        (b"MZ\x90\0\x03\0\0\0", "this file is of an unknown kind"),
        (b"text with a bell \x07", "Documents are kept as"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "old Office"),
        (make_office_file("other.xml"), "this file is ZIP"),
        (make_office_file("word/document.xml", {"word/vbaProject.bin": b"x"}), "holds macros"),
        (
            make_office_file("word/document.xml", {"word/media/zeros": bytes(220 * limits.MIB)}),
            "MiB unpacked",
        ),
        (b"PK\x03\x04 broken", "is damaged"),
        (b"%PDF-" + bytes(limits.DOCUMENT_BYTES), "at most 25 MiB"),
        (b"#!/bin/sh\nrm -rf ~\n", "is a program"),
    ],
    ids=[
        "html",
        "svg",
        "exe",
        "control",
        "doc",
        "zip",
        "macros",
        "bomb",
        "broken",
        "too large",
        "script",
    ],
)
def test_what_may_not_be_kept_is_refused_in_words(data: bytes, words: str) -> None:
    with pytest.raises(InvalidInput, match=words) as refused:
        read_document(data, file="upload")

    assert refused.value.problems[0].remedy is not None


@pytest.mark.parametrize(
    ("data", "file"),
    [
        (b"import os\n", "tool.py"),
        (b"@echo off\n", "start.bat"),
        (b"plain words\n", "README"),
        (b"%PDF-1.7\n%%EOF", "Rechnung.pdf.exe"),
        (b"plain words\n", "Protokoll.pdf"),
        (make_office_file(), "Protokoll.xlsx"),
    ],
)
def test_content_and_name_have_to_agree(data: bytes, file: str) -> None:
    with pytest.raises(InvalidInput, match="does not end like that") as refused:
        read_document(data, file=file)

    assert "needs a name that ends in" in str(refused.value.problems[0].remedy)


@pytest.mark.parametrize("data", [b"cut off", b"\0" * 64])
def test_a_broken_photo_is_told_what_photos_are_told(data: bytes) -> None:
    for name in ("IMG_3.jpg", "IMG_3.PNG"):
        with pytest.raises(InvalidInput, match="named like a photo") as refused:
            check_upload(Upload(name, data))
        assert "Documents" not in str(refused.value)
