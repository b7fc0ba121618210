"""Documents that are attached to records: PDF, plain text, Word and Excel, by their content.

Decides what may be kept as it came and under which media type it is given back. Nothing is shown
by this program: documents leave it as downloads.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from wlantrack.errors import InvalidInput, msg
from wlantrack.formats import limits
from wlantrack.formats.limits import refuse
from wlantrack.formats.sandbox import run_in_sandbox
from wlantrack.formats.sniff import Content, sniff_content

_READER: Final = "wlantrack.formats.document_readers:read_office_kind"
_OFFICE: Final = "application/vnd.openxmlformats-officedocument."
DOCUMENT_TYPES: Final = {
    "pdf": "application/pdf",
    "txt": "text/plain",
    "docx": f"{_OFFICE}wordprocessingml.document",
    "xlsx": f"{_OFFICE}spreadsheetml.sheet",
}
_CONTROL: Final = frozenset(range(32)) - {9, 10, 12, 13}
_ADVICE: Final = {
    Content.OLE: msg("Save it as DOCX, XLSX or PDF, and attach that."),
    Content.HEIC: msg("Save it as JPEG and attach it as a photo."),
}


@dataclass(frozen=True)
class Document:
    """A document as it is kept: its suffix without the dot, and its media type."""

    suffix: str
    media_type: str


def read_document(data: bytes, *, file: str | None = None) -> Document:
    """Tell what an uploaded document is; Word and Excel are looked into in the sandbox.

    Raises
    ------
    InvalidInput
        If it is none of the kinds that are kept, too large, or holds macros.
    """
    limits.require_size(data, limits.DOCUMENT_BYTES, file=file)
    content = sniff_content(data)
    suffix = ""
    if content is Content.PDF:
        suffix = "pdf"
    elif content is Content.TEXT and _is_plain(data):
        suffix = "txt"
    elif content is Content.ZIP:
        suffix = run_in_sandbox(str, _READER, data, file=file)
    if suffix not in DOCUMENT_TYPES:
        raise _refuse(content, file)
    return Document(suffix, DOCUMENT_TYPES[suffix])


def _is_plain(data: bytes) -> bool:
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return True
    return not _CONTROL & set(data)


def _refuse(content: Content, file: str | None) -> InvalidInput:
    return refuse(
        msg(
            "Documents are kept as PDF, plain text, DOCX or XLSX; this file is %(format)s.",
            format=content.value,
        ),
        _ADVICE.get(content, msg("Save it as PDF, and attach that.")),
        file=file,
    )
