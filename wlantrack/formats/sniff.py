"""What an upload is, judged by its first bytes; its name is only compared, never believed."""

from __future__ import annotations

import re
from enum import Enum
from pathlib import PurePath
from typing import Final

from wlantrack.errors import Message, msg


class Content(Enum):
    """Kind of a file; the value is its name, and ``word`` how people are told it."""

    PNG = "PNG"
    JPEG = "JPEG"
    PDF = "PDF"
    DXF = "DXF"
    BINARY_DXF = "binary DXF"
    DWG = "DWG"
    ZIP = "ZIP"
    OLE = "old Office (XLS, DOC)"
    SVG = "SVG"
    HTML = "HTML"
    XML = "XML"
    IFC = "IFC"
    TIFF = "TIFF"
    GIF = "GIF"
    BMP = "BMP"
    WEBP = "WebP"
    HEIC = "HEIC"
    PSD = "Photoshop"
    POSTSCRIPT = "PostScript"
    TEXT = "text"
    UNKNOWN = "unknown"

    @property
    def word(self) -> Message | str:
        """Give what fits into "this file is ..."; abbreviations are the same in every language."""
        return _WORDS.get(self, self.value)


_WORDS: Final = {
    Content.BINARY_DXF: msg("binary DXF"),
    Content.OLE: msg("old Office (XLS, DOC)"),
    Content.TEXT: msg("text"),
    Content.UNKNOWN: msg("of an unknown kind"),
}
HEAD_BYTES: Final = 4096
PDF_HEADER_WITHIN: Final = 1024  # ISO 32000-1, annex H: readers accept bytes before the header

_SIGNATURES: Final = (
    (b"\x89PNG\r\n\x1a\n", Content.PNG),
    (b"\xff\xd8\xff", Content.JPEG),
    (b"AutoCAD Binary DXF", Content.BINARY_DXF),
    (b"PK\x03\x04", Content.ZIP),
    (b"PK\x05\x06", Content.ZIP),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Content.OLE),
    (b"II*\x00", Content.TIFF),
    (b"MM\x00*", Content.TIFF),
    (b"II+\x00", Content.TIFF),  # BigTIFF
    (b"MM\x00+", Content.TIFF),
    (b"GIF8", Content.GIF),
    (b"\xff\xfe", Content.TEXT),  # UTF-16, as Excel saves "Unicode text"
    (b"\xfe\xff", Content.TEXT),
    (b"8BPS", Content.PSD),
    (b"%!PS", Content.POSTSCRIPT),
    (b"\xc5\xd0\xd3\xc6", Content.POSTSCRIPT),
    (b"ISO-10303-21", Content.IFC),
)
# Two or four letters alone could begin a table, so more of the header must fit.
_PATTERNS: Final = (
    (re.compile(rb"BM.{4}\0{4}", re.DOTALL), Content.BMP),
    (re.compile(rb"AC(1\.[0-9]{2}|[0-9]{4})\0"), Content.DWG),
    (re.compile(rb"RIFF.{4}WEBP", re.DOTALL), Content.WEBP),
    (re.compile(rb".{4}ftyp(hei[cmsx]|hev[cmsx]|mif1|msf1|avif)", re.DOTALL), Content.HEIC),
)
_MARKUP: Final = (
    (re.compile(rb"<svg[\s>]", re.IGNORECASE), Content.SVG),
    (re.compile(rb"<(!doctype\s+)?html[\s>]", re.IGNORECASE), Content.HTML),
    (re.compile(rb"\A<", re.IGNORECASE), Content.XML),
)
# A DXF begins with the pair (0, SECTION), after comments (999, text) if there are any.
_DXF: Final = re.compile(rb"\A\s*(?:999\s*\n[^\n]*\n\s*)*0\s*\n\s*SECTION\b")

_BY_SUFFIX: Final = {
    ".png": Content.PNG,
    ".jpg": Content.JPEG,
    ".jpeg": Content.JPEG,
    ".pdf": Content.PDF,
    ".dxf": Content.DXF,
    ".dwg": Content.DWG,
    ".xlsx": Content.ZIP,
    ".csv": Content.TEXT,
    ".svg": Content.SVG,
    ".tif": Content.TIFF,
    ".tiff": Content.TIFF,
    ".gif": Content.GIF,
    ".bmp": Content.BMP,
    ".webp": Content.WEBP,
    ".heic": Content.HEIC,
    ".heif": Content.HEIC,
}


def sniff_content(data: bytes) -> Content:
    """Tell what `data` is, from its first few thousand bytes."""
    head = data[:HEAD_BYTES]
    for signature, content in _SIGNATURES:
        if head.startswith(signature):
            return content
    for pattern, content in _PATTERNS:
        if pattern.match(head):
            return content
    if b"%PDF-" in head[:PDF_HEADER_WITHIN]:
        return Content.PDF
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"<"):
        return next(content for pattern, content in _MARKUP if pattern.search(text))
    if _DXF.search(text):
        return Content.DXF
    return Content.UNKNOWN if b"\0" in head or not head else Content.TEXT


def claimed_content(file: str | None) -> Content | None:
    """Tell what the name of a file promises, or ``None`` if it promises nothing known."""
    return _BY_SUFFIX.get(PurePath(file).suffix.lower()) if file else None
