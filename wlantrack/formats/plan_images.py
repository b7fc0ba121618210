"""Plan pictures: PNG, JPEG, SVG, one page of a TIFF or PDF come in, a clean PNG goes out.

Decides which pictures are accepted as plans and how large they are kept. Refuses to know which
floor they show, and how many metres a pixel is unless a drawing scale is named.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from wlantrack.errors import Message, msg
from wlantrack.formats import limits
from wlantrack.formats.limits import refuse
from wlantrack.formats.sandbox import run_in_sandbox
from wlantrack.formats.sniff import Content, claimed_content, sniff_content

if TYPE_CHECKING:
    from wlantrack.errors import InvalidInput

METRES_PER_INCH: Final = 0.0254
PDF_DPI: Final = 200.0  # 1:100 then gives 13 mm a pixel
_PDF_READER: Final = "wlantrack.formats.pdf_page_reader:read_pdf_page"
_PICTURE_READER: Final = "wlantrack.formats.plan_image_readers:read_picture"
_SVG_READER: Final = "wlantrack.formats.svg_reader:read_svg"
_READERS: Final = {
    Content.PNG: _PICTURE_READER,
    Content.JPEG: _PICTURE_READER,
    Content.TIFF: _PICTURE_READER,
    Content.PDF: _PDF_READER,
    Content.SVG: _SVG_READER,
}
_SUPPORTED: Final = "PNG, JPEG, TIFF, SVG, PDF"
_PAGED: Final = frozenset({Content.PDF, Content.TIFF})


@dataclass(frozen=True)
class PlanImage:
    """A plan picture as it is stored, and what is known of its scale.

    Attributes
    ----------
    png
        The picture, encoded anew: no metadata, orientation applied, transparency on white.
    width_px, height_px
        Size of `png`.
    source_width_px, source_height_px
        Size of the picture as uploaded (after its orientation is applied), or of the PDF page as
        rendered; larger than the above if the picture was reduced.
    dpi
        Pixels of `png` per inch on paper, if the upload states it; always for a PDF.
    source
        ``"PNG"``, ``"JPEG"``, ``"TIFF"``, ``"SVG"`` or ``"PDF"``.
    page, pages
        Page shown, and how many there are; 1 and 1 for pictures.
    warnings
        What a person should look at.
    """

    png: bytes
    width_px: int
    height_px: int
    source_width_px: int
    source_height_px: int
    dpi: float | None
    source: str
    page: int
    pages: int
    warnings: tuple[Message, ...]

    def metres_per_pixel(self, scale_denominator: float) -> float | None:
        """Metres one pixel of `png` covers if the drawing is 1:`scale_denominator`."""
        return METRES_PER_INCH / self.dpi * scale_denominator if self.dpi else None

    def stored_metres_per_pixel(self, source_metres_per_pixel: float) -> float:
        """Turn metres per pixel of the upload into metres per pixel of `png`."""
        return source_metres_per_pixel * self.source_width_px / self.width_px


def read_plan_image(
    data: bytes, *, file: str | None = None, page: int = 1, dpi: float = PDF_DPI
) -> PlanImage:
    """Read an uploaded plan picture in the sandbox.

    Parameters
    ----------
    data
        The upload.
    file
        Its name: used in messages, and compared with the content.
    page
        Page of a PDF or TIFF, from 1.
    dpi
        Resolution at which a PDF page or an SVG is rendered, less if it is very large.

    Returns
    -------
    PlanImage
        The picture, at most 8,000 pixels on its long side.

    Raises
    ------
    InvalidInput
        If the upload is no picture of these kinds, is too large, damaged, or needs too much.
    """
    limits.require_size(data, limits.PLAN_BYTES, file=file)
    content = sniff_content(data)
    if content not in _READERS:
        raise _refuse_content(content, file)
    if page != 1 and content not in _PAGED:
        raise refuse(
            msg("A %(format)s picture has only page 1.", format=content.word),
            msg("Leave the page out."),
            file=file,
        )
    if content is Content.SVG:
        limits.require_size(data, limits.SVG_BYTES, file=file)
    options: dict[Content, dict[str, object]] = {
        Content.PDF: {"page": page, "dpi": dpi},
        Content.SVG: {"dpi": dpi},
        Content.TIFF: {"kind": content.value, "page": page},
    }
    image: PlanImage = run_in_sandbox(
        PlanImage,
        _READERS[content],
        data,
        options.get(content, {"kind": content.value}),
        file=file,
    )
    return _compare_name(image, content, file)


def _compare_name(image: PlanImage, content: Content, file: str | None) -> PlanImage:
    claimed = claimed_content(file)
    if file is None or claimed in {None, content}:
        return image
    warning = msg(
        "The name ends in %(suffix)s, but the file is %(format)s; it was read as %(format)s.",
        suffix=PurePath(file).suffix,
        format=content.word,
    )
    return replace(image, warnings=(warning, *image.warnings))


_ADVICE: Final = {
    Content.DXF: msg("Import it as a drawing (DXF) instead."),
    Content.BINARY_DXF: msg("Save it as a text DXF and import it as a drawing."),
    Content.DWG: msg("Save it as DXF in the CAD program and import it as a drawing."),
}


def _refuse_content(content: Content, file: str | None) -> InvalidInput:
    if content in {Content.UNKNOWN, Content.TEXT}:
        message = msg("This is not a plan: the file is none of %(formats)s.", formats=_SUPPORTED)
    else:
        message = msg(
            "This is not a plan picture: the file is %(format)s, supported are %(formats)s.",
            format=content.word,
            formats=_SUPPORTED,
        )
    default = msg("Upload the plan as %(formats)s.", formats=_SUPPORTED)
    return refuse(message, _ADVICE.get(content, default), file=file)
