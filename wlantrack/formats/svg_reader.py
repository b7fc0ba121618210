"""An SVG as a picture; runs in the sandbox only.

Decides the resolution of the picture: 200 dots per inch where the drawing states its size on
paper, else at least as many pixels as a plan needs to be read.
"""

from __future__ import annotations

import io
import math
import re
from typing import Final

import resvg_py
from PIL import Image

from wlantrack.errors import Message, msg
from wlantrack.formats import limits
from wlantrack.formats.limits import refuse
from wlantrack.formats.plan_image_readers import SAVE_AGAIN, encode_png, require_pixels
from wlantrack.formats.plan_images import PlanImage
from wlantrack.formats.svg_filter import CleanSvg, clean_svg

INCHES: Final = {
    "mm": 1 / 25.4,
    "cm": 1 / 2.54,
    "q": 1 / 101.6,
    "in": 1.0,
    "pt": 1 / 72,
    "pc": 1 / 6,
}
PIXELS_PER_INCH: Final = 96.0  # what CSS calls a pixel
LEAST_LONG_SIDE_PX: Final = 3_000
UNSTATED_SIZE: Final = (300.0, 150.0)  # what CSS assumes
_LENGTH: Final = re.compile(
    r"\s*\+?([0-9]*\.?[0-9]+(?:e[+-]?[0-9]{1,2})?)\s*([a-z%]*)\s*\Z", re.IGNORECASE
)


def read_svg(data: bytes, *, dpi: float) -> PlanImage:
    """Draw an SVG on white.

    Raises
    ------
    InvalidInput
        It is damaged, defines entities, states no size, or cannot be drawn.
    """
    drawing = clean_svg(data)
    (width, height), is_paper = _find_size(drawing)
    longest = max(width, height)
    wanted = longest / PIXELS_PER_INCH * dpi if is_paper else max(longest, LEAST_LONG_SIDE_PX)
    scale = min(wanted, limits.PLAN_STORED_SIDE_PX) / longest
    size = max(1, round(width * scale)), max(1, round(height * scale))
    require_pixels(size)
    picture = _draw(drawing.text, size)
    return PlanImage(
        png=encode_png(picture),
        width_px=picture.width,
        height_px=picture.height,
        source_width_px=picture.width,
        source_height_px=picture.height,
        dpi=PIXELS_PER_INCH * picture.width / width if is_paper else None,
        source="SVG",
        page=1,
        pages=1,
        warnings=_warnings(drawing),
    )


def _draw(text: str, size: tuple[int, int]) -> Image.Image:
    try:
        png = resvg_py.svg_to_bytes(
            svg_string=text,
            width=size[0],
            height=size[1],
            dpi=PIXELS_PER_INCH,
            background="#ffffff",
        )
        picture = Image.open(io.BytesIO(bytes(png)), formats=["PNG"])
        picture.load()
    except (ValueError, OSError) as error:
        message = msg(
            "The %(format)s is damaged: %(detail)s.", format="SVG", detail=str(error)[:200]
        )
        raise refuse(message, SAVE_AGAIN) from error
    return picture.convert("RGB")


def _find_size(drawing: CleanSvg) -> tuple[tuple[float, float], bool]:
    """Give width and height in CSS pixels, and whether they are lengths on paper."""
    lengths = [_read_length(text) for text in drawing.size]
    view = drawing.view[2:] if drawing.view is not None else None
    if lengths[0] is not None and lengths[1] is not None:
        size = (lengths[0][0], lengths[1][0])
        is_paper = lengths[0][1] and lengths[1][1]
    elif view is not None:
        size, is_paper = (view[0], view[1]), False
    else:
        size, is_paper = UNSTATED_SIZE, False
    if not all(math.isfinite(side) and 0 < side < 1e7 for side in size):
        raise refuse(
            msg("The size that the SVG states is none."),
            msg("Save it with width and height, or export it as PDF or PNG."),
        )
    return size, is_paper


def _read_length(text: str | None) -> tuple[float, bool] | None:
    match = _LENGTH.match(text or "")
    if match is None:
        return None
    value, unit = float(match[1]), match[2].lower()
    if unit in INCHES:
        return value * INCHES[unit] * PIXELS_PER_INCH, True
    return (value, False) if unit in {"", "px"} else None


def _warnings(drawing: CleanSvg) -> tuple[Message, ...]:
    found = []
    if drawing.view is None and None in drawing.size:
        found.append(msg("The SVG states no size; parts of it may be cut off."))
    if drawing.left_out:
        found.append(
            msg(
                "%(count)s parts were left out that a plan does not need: scripts, links to other"
                " files, foreign objects.",
                count=drawing.left_out,
            )
        )
    return tuple(found)
