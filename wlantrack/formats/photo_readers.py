"""The decoder behind :mod:`wlantrack.formats.photos`; sandbox only."""

from __future__ import annotations

import io
from contextlib import suppress
from datetime import datetime
from typing import Final

from PIL import Image, ImageOps

from wlantrack.errors import msg
from wlantrack.formats import limits
from wlantrack.formats.limits import refuse
from wlantrack.formats.photos import Photo
from wlantrack.formats.plan_image_readers import SAVE_AGAIN, describe_fault, require_pixels

QUALITY: Final = 85
EXIF_IFD: Final = 0x8769
TAKEN_TAGS: Final = (0x9003, 0x9004)  # DateTimeOriginal, DateTimeDigitized
FIRST_YEAR: Final = 2000  # cameras whose clock was never set say 1970 or 1980


def read_picture(data: bytes, *, kind: str) -> Photo:
    """Decode a photo, turn it upright, reduce it and encode it anew.

    Raises
    ------
    InvalidInput
        If it has too many pixels, or is damaged or cut off.
    """
    Image.MAX_IMAGE_PIXELS = None  # the own limit below refuses where Pillow's only warns
    side_px = limits.PHOTO_STORED_SIDE_PX
    try:
        with Image.open(io.BytesIO(data), formats=[kind]) as opened:
            require_pixels(opened.size)
            taken = _read_day(opened)
            opened.draft("RGB", (side_px, side_px))  # a JPEG is decoded at half its size or less
            picture = ImageOps.exif_transpose(opened)
            picture.thumbnail((side_px, side_px), Image.Resampling.LANCZOS)
            plain = _flatten(picture)
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, TypeError) as error:
        message = msg(
            "The %(format)s is damaged: %(detail)s.", format=kind, detail=describe_fault(error)
        )
        raise refuse(message, SAVE_AGAIN) from error
    plain.info = {}
    buffer = io.BytesIO()
    plain.save(buffer, "JPEG", quality=QUALITY, optimize=True)
    return Photo(buffer.getvalue(), plain.width, plain.height, taken)


def _flatten(picture: Image.Image) -> Image.Image:
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    colour = picture.convert("RGBA")
    plain = Image.new("RGB", colour.size, "white")
    plain.paste(colour, mask=colour.getchannel("A"))
    return plain


def _read_day(opened: Image.Image) -> str | None:
    """Give the day that the camera wrote, if it can be true."""
    with suppress(Exception):  # a broken EXIF block raises anything and spoils no picture
        exif = opened.getexif()
        block = exif.get_ifd(EXIF_IFD)
        for tag in TAKEN_TAGS:
            text = str(block.get(tag, ""))[:10]
            with suppress(ValueError):
                day = datetime.strptime(text, "%Y:%m:%d").date()  # noqa: DTZ007 - a day has no zone
                if day.year >= FIRST_YEAR:
                    return day.isoformat()
    return None
