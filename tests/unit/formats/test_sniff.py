from __future__ import annotations

import pytest

from wlantrack.formats.sniff import Content, claimed_content, sniff_content


@pytest.mark.parametrize(
    ("data", "content"),
    [
        (b"\x89PNG\r\n\x1a\n....", Content.PNG),
        (b"\xff\xd8\xff\xe0", Content.JPEG),
        (b"%PDF-1.7", Content.PDF),
        (b"junk before it\n%PDF-1.4", Content.PDF),
        (b"  0\r\nSECTION\r\n  2\r\nHEADER", Content.DXF),
        (b"999\nmade by hand\n999\nagain\n0\nSECTION\n", Content.DXF),
        (b"AutoCAD Binary DXF\r\n\x1a\0", Content.BINARY_DXF),
        (b"AC1032\0\0", Content.DWG),
        (b"PK\x03\x04", Content.ZIP),
        (b"RIFF....WEBPVP8 ", Content.WEBP),
        (b"\xef\xbb\xbf <?xml version='1.0'?><svg xmlns='x'>", Content.SVG),
        (b"<!DOCTYPE html><p>", Content.HTML),
        (b"<root/>", Content.XML),
        (b"ISO-10303-21;", Content.IFC),
        (b"code;floor\n", Content.TEXT),
        (b"BM;AC1015\n", Content.TEXT),
        (b"BM\x10\0\0\0\0\0\0\0", Content.BMP),
        ("code".encode("utf-16"), Content.TEXT),
        (b"\0\1\2", Content.UNKNOWN),
        (b"", Content.UNKNOWN),
    ],
)
def test_the_first_bytes_tell_what_a_file_is(data: bytes, content: Content) -> None:
    assert sniff_content(data) is content


def test_a_name_only_promises() -> None:
    assert claimed_content("Plan.JPEG") is Content.JPEG
    assert claimed_content("plan") is None
    assert claimed_content(None) is None
