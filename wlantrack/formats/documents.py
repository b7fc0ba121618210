"""Documents that are attached to records: PDF, plain text, Word and Excel, by their content.

Decides what may be kept as it came and under which media type it is given back. Nothing is shown
by this program: documents leave it as downloads.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
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
ENDINGS: Final = {
    "pdf": (".pdf",),
    "txt": (".txt", ".csv", ".log"),
    "docx": (".docx",),
    "xlsx": (".xlsx",),
}
"""What the name of a document may end in; content and name have to agree."""

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
        _require_no_script(data, file)
        suffix = "txt"
    elif content is Content.ZIP:
        suffix = run_in_sandbox(str, _READER, data, file=file)
    if suffix not in DOCUMENT_TYPES:
        raise _refuse(content, file)
    if file is not None:
        _require_ending(suffix, file)
    return Document(suffix, DOCUMENT_TYPES[suffix])


def _require_ending(suffix: str, file: str) -> None:
    """Refuse a name that promises something else, such as a program that is plain text."""
    ending = PurePath(file).suffix.lower()
    if ending not in ENDINGS[suffix]:
        raise refuse(
            msg(
                "The file holds %(format)s, but its name does not end like that.",
                format=Content.TEXT.word if suffix == "txt" else suffix.upper(),
            ),
            msg("Programs are not kept. A document needs a name that ends in %(endings)s.",
                endings=", ".join(ENDINGS[suffix])),
            file=file,
            value=ending or None,
        )  # fmt: skip


def _require_no_script(data: bytes, file: str | None) -> None:
    if data.removeprefix(b"\xef\xbb\xbf").startswith(b"#!"):
        raise refuse(
            msg("The file is a program, whatever its name says."),
            msg("Programs are not kept; attach what it writes, as text or PDF."),
            file=file,
        )


def _is_plain(data: bytes) -> bool:
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return True
    return not _CONTROL & set(data)


def _refuse(content: Content, file: str | None) -> InvalidInput:
    return refuse(
        msg(
            "Documents are kept as PDF, plain text, DOCX or XLSX; this file is %(format)s.",
            format=content.word,
        ),
        _ADVICE.get(content, msg("Save it as PDF, and attach that.")),
        file=file,
    )
