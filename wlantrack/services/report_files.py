"""Reports as files: one document, written in the form that is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from wlantrack.errors import NotFound, msg
from wlantrack.reports.docx import write_docx
from wlantrack.reports.html import Cut, write_fragment, write_html, write_rows
from wlantrack.reports.pdf import write_pdf
from wlantrack.reports.xlsx import write_xlsx

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from wlantrack.reports.document import Document

__all__ = ["Cut", "write_fragment", "write_rows"]


@dataclass(frozen=True)
class Wanted:
    """What a report is to be: in which city, in which language, of which building and wing."""

    city: str
    language: str
    building: str = ""
    wing: str = ""

    @classmethod
    def of_place(cls, city: str, language: str, place: str) -> Wanted:
        """Read a place such as RH or RH/MP; an empty one is the city."""
        building, _, wing = place.strip().partition("/")
        return cls(city, language, building, wing)


@dataclass(frozen=True)
class Form:
    """A form of reports: its media type, and what writes it."""

    media_type: str
    write: Callable[[Document], bytes]


FORMS: Final[Mapping[str, Form]] = {
    "pdf": Form("application/pdf", write_pdf),
    "docx": Form(
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document", write_docx
    ),
    "html": Form("text/html; charset=utf-8", write_html),
    "xlsx": Form("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", write_xlsx),
}
"""By the ending of the file's name."""


def write_report(document: Document, suffix: str) -> bytes:
    """Write a report as a file.

    Raises
    ------
    NotFound
        There is no such form.
    """
    if suffix not in FORMS:
        raise NotFound(msg("Reports are written as pdf, docx, html or xlsx."))
    return FORMS[suffix].write(document)
