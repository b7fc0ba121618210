"""Labels out: a PDF of sheets whose millimetres are true, and ZPL for label printers."""

from __future__ import annotations

import io
import json
import re
from typing import TYPE_CHECKING, Any, Final

import typst

from wlantrack.reports.label_faces import CAP_EM, Label, Line, count_modules, lay_out, make_qr

if TYPE_CHECKING:
    from collections.abc import Sequence

    import segno

    from wlantrack.reports.label_faces import Face
    from wlantrack.reports.label_sheets import SheetLayout

DOTS_A_MM: Final = (6, 8, 12, 24)
"""Resolutions of label printers: 152, 203, 300 and 600 dots an inch."""

# Sizes come as numbers of millimetres, texts as data: nothing of a label is read as markup.
_SHEETS: Final = """
#let data = json(bytes(sys.inputs.data))
#set document(title: data.title)
#set page(width: data.width * 1mm, height: data.height * 1mm, margin: 0mm)
#set text(font: "DejaVu Sans Mono", lang: data.language, top-edge: "cap-height", bottom-edge: "baseline")
#set par(spacing: 0mm, leading: 0mm)
#let line(item, weight) = place(
  dx: item.x * 1mm, dy: item.y * 1mm, text(size: item.size * 1mm, weight: weight, item.text),
)
#for sheet in data.sheets {
  page(for label in sheet {
    for item in label.code { line(item, "bold") }
    place(
      dx: label.qr.x * 1mm, dy: label.qr.y * 1mm,
      image(bytes(label.qr.svg), format: "svg", width: label.qr.side * 1mm, alt: label.qr.alt),
    )
    for item in label.words { line(item, "regular") }
  })
}
"""


def write_pdf(
    labels: Sequence[Label], layout: SheetLayout, *, start: int, title: str, language: str
) -> bytes:
    """Write labels on sheets; print it at its actual size, without fitting it to the page.

    Parameters
    ----------
    start
        Position of the first label on the first sheet, from 1 along the rows.

    Raises
    ------
    InvalidInput
        The label is too small for a code.
    """
    sheets: dict[int, list[dict[str, Any]]] = {}
    places = layout.list_places(len(labels), start)
    for label, (page, x_mm, y_mm) in zip(labels, places, strict=True):
        code = make_qr(label.url)
        face = lay_out(label, layout, count_modules(code))
        sheets.setdefault(page, []).append(_describe(label, face, code, (x_mm, y_mm)))
    data = {
        "title": title,
        "language": language,
        "width": layout.page_width_mm,
        "height": layout.page_height_mm,
        "sheets": [sheets[page] for page in sorted(sheets)],
    }
    made: bytes = typst.compile(
        _SHEETS.encode(),
        format="pdf",
        sys_inputs={"data": json.dumps(data)},
        ignore_system_fonts=True,  # the same bytes on every machine
        pdf_standards=["ua-1"],
    )
    return made


def _describe(
    label: Label, face: Face, code: segno.QRCode, corner: tuple[float, float]
) -> dict[str, Any]:
    left_mm, top_mm = corner

    def line(item: Line) -> dict[str, Any]:
        return {
            "text": item.text,
            "x": left_mm + item.x_mm,
            "y": top_mm + item.y_mm,
            "size": item.size_mm,
        }

    return {
        "code": [line(item) for item in face.code],
        "words": [line(item) for item in face.words],
        "qr": {
            "svg": _draw_qr(code),
            "x": left_mm + face.qr_x_mm,
            "y": top_mm + face.qr_y_mm,
            "side": face.qr_side_mm,
            "alt": f"QR: {label.url}",
        },
    }


def _draw_qr(code: segno.QRCode) -> str:
    drawing = io.BytesIO()
    code.save(drawing, kind="svg", border=0, xmldecl=False, nl=False, omitsize=True)
    return drawing.getvalue().decode()


def write_zpl(labels: Sequence[Label], layout: SheetLayout, *, dots_a_mm: int) -> bytes:
    """Write labels one after the other in ZPL II; the printer draws codes and letters itself.

    Raises
    ------
    InvalidInput
        The label is too small for a code.
    """
    return "".join(_write_one(label, layout, dots_a_mm) for label in labels).encode()


def _write_one(label: Label, layout: SheetLayout, dots_a_mm: int) -> str:
    modules = count_modules(make_qr(label.url))
    face = lay_out(label, layout, modules)

    def dots(size_mm: float) -> int:
        return round(size_mm * dots_a_mm)

    def text(item: Line) -> str:
        # Font 0 fills its height with its capitals, and is narrower than what was laid out.
        height = dots(item.size_mm * CAP_EM)
        return f"^FO{dots(item.x_mm)},{dots(item.y_mm)}^A0N,{height},{height}^FH^FD{_escape(item.text)}^FS\n"

    magnification = max(1, int(face.qr_side_mm * dots_a_mm / modules))
    return (
        f"^XA\n^CI28\n^PW{dots(layout.label_width_mm)}\n^LL{dots(layout.label_height_mm)}\n"
        + "".join(map(text, face.code))
        + f"^FO{dots(face.qr_x_mm)},{dots(face.qr_y_mm)}^BQN,2,{magnification}"
        + f"^FH^FDMA,{_escape(label.url)}^FS\n"
        + "".join(map(text, face.words))
        + "^XZ\n"
    )


def _escape(text: str) -> str:
    """Write what the printer would take for a command, or for an escape, as an escape."""
    return re.sub(r"[\^~_\x00-\x1f]", lambda found: f"_{ord(found[0]):02X}", text)
