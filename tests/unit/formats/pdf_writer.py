"""A PDF written by hand, small enough to see what is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def write_pdf(pages: Sequence[str], more: Mapping[int, str] | None = None) -> bytes:
    """Join page dictionaries (as text, kept at objects 10, 11, ...) and further objects."""
    kids = " ".join(f"{10 + i} 0 R" for i in range(len(pages)))
    objects = {
        1: "<< /Type /Catalog /Pages 2 0 R >>",
        2: f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        **{10 + i: f"<< /Type /Page /Parent 2 0 R {page} >>" for i, page in enumerate(pages)},
        **(more or {}),
    }
    body, offsets = "%PDF-1.7\n", {}
    for number, text in objects.items():
        offsets[number] = len(body)
        body += f"{number} 0 obj\n{text}\nendobj\n"
    rows = "".join(f"{n} 1\n{offset:010} 00000 n \n" for n, offset in offsets.items())
    return (
        f"{body}xref\n0 1\n0000000000 65535 f \n{rows}"
        f"trailer << /Root 1 0 R /Size {max(objects) + 1} >>\nstartxref\n{len(body)}\n%%EOF\n"
    ).encode()


def stream(content: str, entries: str = "") -> str:
    """Make a stream object."""
    return f"<< /Length {len(content)} {entries} >>\nstream\n{content}\nendstream"


def write_bomb(depth: int = 12, width: int = 12) -> bytes:
    """Make a page of forms that each draw `width` copies of the next one."""
    forms = {
        20 + i: stream(
            f"/F{21 + i} Do " * width,
            "/Type /XObject /Subtype /Form /BBox [0 0 500 500]"
            f" /Resources << /XObject << /F{21 + i} {21 + i} 0 R >> >>",
        )
        for i in range(depth)
    }
    forms[20 + depth] = stream(
        "0 0 m 500 500 l S", "/Type /XObject /Subtype /Form /BBox [0 0 500 500]"
    )
    page = "/MediaBox [0 0 500 500] /Contents 5 0 R /Resources << /XObject << /F20 20 0 R >> >>"
    return write_pdf([page], {5: stream("/F20 Do"), **forms})
