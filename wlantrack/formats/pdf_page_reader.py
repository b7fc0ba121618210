"""One page of a PDF as a picture; runs in the sandbox only.

Decides the resolution of the picture. Scripts, forms and attachments are never run or opened.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import pypdfium2

from wlantrack.errors import InvalidInput, Message, msg
from wlantrack.formats import limits
from wlantrack.formats.limits import refuse
from wlantrack.formats.plan_image_readers import (
    SAVE_AGAIN,
    describe_fault,
    encode_png,
    require_pixels,
)
from wlantrack.formats.plan_images import PlanImage

if TYPE_CHECKING:
    from PIL import Image

POINTS_PER_INCH: Final = 72.0


def read_pdf_page(data: bytes, *, page: int, dpi: float) -> PlanImage:
    """Render one page of a PDF on white.

    Raises
    ------
    InvalidInput
        If the PDF is protected or damaged, has too many pages, or not this one.
    """
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise _explain_pdf(error) from error
    pages = len(document)
    limits.require_at_most(pages, limits.PDF_PAGES, msg("pages"))
    if not 1 <= page <= pages:
        raise refuse(
            msg("The PDF has %(pages)s pages, there is no page %(page)s.", pages=pages, page=page),
            msg("Name a page from 1 to %(pages)s.", pages=pages),
        )
    try:
        picture, dpi = _render(document[page - 1], dpi)
    except pypdfium2.PdfiumError as error:
        raise _explain_pdf(error) from error
    return PlanImage(
        png=encode_png(picture),
        width_px=picture.width,
        height_px=picture.height,
        source_width_px=picture.width,
        source_height_px=picture.height,
        dpi=dpi,
        source="PDF",
        page=page,
        pages=pages,
        warnings=_pdf_warnings(data, page, pages),
    )


def _render(page: pypdfium2.PdfPage, dpi: float) -> tuple[Image.Image, float]:
    width, height = page.get_size()
    if not (width > 0 and height > 0 and math.isfinite(width * height)):
        raise refuse(msg("The page has no size."), SAVE_AGAIN)
    most = limits.PLAN_STORED_SIDE_PX / max(width, height)
    scale = min(dpi / POINTS_PER_INCH, most)
    # Rendering rounds up, so a page scaled to the limit would have one pixel too many.
    picture = page.render(scale=scale * (1 - 1e-9), rev_byteorder=True, prefer_bgrx=True).to_pil()
    require_pixels(picture.size)
    return picture.convert("RGB"), picture.width / width * POINTS_PER_INCH


def _explain_pdf(error: Exception) -> InvalidInput:
    if "password" in str(error).lower():
        return refuse(
            msg("The PDF is protected by a password."),
            msg("Save it without protection and upload the new file."),
        )
    return refuse(
        msg("The %(format)s is damaged: %(detail)s.", format="PDF", detail=describe_fault(error)),
        msg("Print it to a new PDF and upload that."),
    )


def _pdf_warnings(data: bytes, page: int, pages: int) -> tuple[Message, ...]:
    found = []
    if pages > 1:
        found.append(
            msg("The PDF has %(pages)s pages; page %(page)s was read.", pages=pages, page=page)
        )
    if b"/UserUnit" in data:  # the renderer knows no such units, so lengths would be wrong
        found.append(msg("The PDF uses units of its own; check the scale by a known length."))
    return tuple(found)
