"""The PNG, JPEG and TIFF decoders behind :mod:`wlantrack.formats.plan_images`; sandbox only.

Decides how a picture is made clean: one decoder per content, size checked before decoding,
orientation applied, transparency laid on white, no metadata kept.
"""

from __future__ import annotations

import io
import math
import struct
from typing import Final

from PIL import Image, UnidentifiedImageError

from wlantrack.errors import Message, msg
from wlantrack.formats import limits
from wlantrack.formats.limits import refuse
from wlantrack.formats.plan_images import PlanImage

PLAUSIBLE_DPI: Final = (20.0, 5_000.0)
SCREEN_DPI: Final = (72, 96)  # written by programs that know no better
EXIF_ORIENTATION: Final = 0x0112
STRIP_ROWS: Final = 256
PNG_LEVEL: Final = 3  # zlib; Pillow's default takes three times as long for 5 % less
GREY_MODES: Final = frozenset({"L", "LA", "La", "I", "I;16", "I;16B", "I;16L", "F"})
TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# Everything that decoders were seen to raise on damaged data.
_FAULTS: Final = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    IndexError,
    KeyError,
    TypeError,
    AttributeError,
    OverflowError,
    RuntimeError,
    struct.error,
)
SAVE_AGAIN: Final = msg("Open it, save it again as PNG, and upload the new file.")


def read_picture(data: bytes, *, kind: str, page: int = 1) -> PlanImage:
    """Decode a PNG, JPEG or page of a TIFF (`kind`) and encode it anew.

    Raises
    ------
    InvalidInput
        If the header promises too many pixels or pages, there is no such page, or the data is
        damaged or cut off.
    """
    Image.MAX_IMAGE_PIXELS = None  # the own limit below refuses where Pillow's only warns
    try:
        with Image.open(io.BytesIO(data), formats=[kind]) as opened:
            pages = _turn_to_page(opened, page)
            require_pixels(opened.size)
            dpi, turn = _stated_dpi(opened), _stated_turn(opened)
            opened.load()
            picture = _make_clean(opened, _kept_size(opened.size))
            source_size = opened.size
    except _FAULTS as error:
        message = msg(
            "The %(format)s is damaged: %(detail)s.", format=kind, detail=describe_fault(error)
        )
        raise refuse(message, SAVE_AGAIN) from error
    if turn is not None:
        picture = picture.transpose(turn)
        sideways = turn not in {TURNS[2], TURNS[3], TURNS[4]}
        source_size = source_size[::-1] if sideways else source_size
    return PlanImage(
        png=encode_png(picture),
        width_px=picture.width,
        height_px=picture.height,
        source_width_px=source_size[0],
        source_height_px=source_size[1],
        dpi=dpi and dpi * picture.width / source_size[0],
        source=kind,
        page=page,
        pages=pages,
        warnings=(*_page_warnings(page, pages), *_picture_warnings(dpi, source_size, picture.size)),
    )


def _turn_to_page(opened: Image.Image, page: int) -> int:
    """Turn to a page and tell how many there are; only a TIFF has more than one."""
    if opened.format != "TIFF":
        return 1
    # Counting walks the whole chain of pages, which a hostile file makes endless.
    pages = 1
    while pages <= limits.TIFF_PAGES:
        try:
            opened.seek(pages)
        except EOFError:
            break
        pages += 1
    limits.require_at_most(pages, limits.TIFF_PAGES, msg("pages"))
    if not 1 <= page <= pages:
        raise refuse(
            msg("The TIFF has %(pages)s pages, there is no page %(page)s.", pages=pages, page=page),
            msg("Name a page from 1 to %(pages)s.", pages=pages),
        )
    opened.seek(page - 1)
    return pages


def _page_warnings(page: int, pages: int) -> tuple[Message, ...]:
    if pages == 1:
        return ()
    return (msg("The TIFF has %(pages)s pages; page %(page)s was read.", pages=pages, page=page),)


def require_pixels(size: tuple[int, int]) -> None:
    """Refuse a picture with too many pixels, or too few to be a plan."""
    if min(size) < limits.PLAN_LEAST_SIDE_PX:
        raise refuse(
            msg(
                "The picture has only %(width)s x %(height)s pixels.", width=size[0], height=size[1]
            ),
            msg("Upload the plan itself, with at least some hundred pixels each way."),
        )
    if size[0] * size[1] > limits.PLAN_INPUT_PIXELS:
        raise refuse(
            msg(
                "The picture has %(width).0f x %(height).0f pixels; at most %(limit)s million"
                " are allowed.",
                width=size[0],
                height=size[1],
                limit=limits.PLAN_INPUT_PIXELS // 1_000_000,
            ),
            msg("Save it with fewer dots per inch, or cut it to the floor that is needed."),
        )


def _kept_size(size: tuple[int, int]) -> tuple[int, int]:
    factor = min(1.0, limits.PLAN_STORED_SIDE_PX / max(size))
    return max(1, round(size[0] * factor)), max(1, round(size[1] * factor))


def _stated_dpi(opened: Image.Image) -> float | None:
    """Give the dots per inch of the file if they are the same both ways and make sense."""
    try:
        across, down = (float(value) for value in opened.info.get("dpi", ()))
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    plausible = PLAUSIBLE_DPI[0] <= across <= PLAUSIBLE_DPI[1]  # false for NaN, too
    return across if plausible and math.isclose(across, down, rel_tol=0.01) else None


def _stated_turn(opened: Image.Image) -> Image.Transpose | None:
    try:
        return TURNS.get(opened.getexif().get(EXIF_ORIENTATION, 1))
    except Exception:  # noqa: BLE001 - a broken EXIF block raises anything and spoils no picture
        return None


def _make_clean(opened: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Reduce to `size` and convert to black-white, grey or RGB, strip by strip to save memory."""
    reduced = size != opened.size
    if opened.mode == "1" and not reduced and "transparency" not in opened.info:
        return opened.copy()
    grey = opened.mode in GREY_MODES | {"1"}
    result = Image.new("L" if grey else "RGB", size)
    scale = opened.height / size[1]
    for top in range(0, size[1], STRIP_ROWS):
        bottom = min(top + STRIP_ROWS, size[1])
        first, last = top * scale, min(bottom * scale, opened.height)
        strip = opened.crop((0, math.floor(first), opened.width, math.ceil(last)))
        plain = _flatten(strip, result.mode)
        if reduced:
            box = (0, first - math.floor(first), opened.width, last - math.floor(first))
            plain = plain.resize((size[0], bottom - top), Image.Resampling.BOX, box)
        result.paste(plain, (0, top))
    return result


def _flatten(strip: Image.Image, mode: str) -> Image.Image:
    if strip.mode.startswith("I"):  # 16 bits of grey; a plain conversion would clip them
        return strip.convert("I").point(lambda value: value * (1 / 257)).convert(mode)
    if strip.has_transparency_data:
        colour = strip.convert("RGBA")
        strip = Image.new("RGB", strip.size, "white")
        strip.paste(colour, mask=colour.getchannel("A"))
    return strip.convert(mode)


def encode_png(picture: Image.Image) -> bytes:
    """Write `picture` as PNG, without any metadata."""
    picture.info = {}
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", compress_level=PNG_LEVEL)
    return buffer.getvalue()


def _picture_warnings(
    dpi: float | None, source_size: tuple[int, int], size: tuple[int, int]
) -> tuple[Message, ...]:
    found = []
    if size[0] < source_size[0]:
        found.append(
            msg(
                "The picture was reduced from %(before)s to %(after)s pixels in width.",
                before=source_size[0],
                after=size[0],
            )
        )
    if dpi is not None and round(dpi) in SCREEN_DPI:
        found.append(
            msg(
                "The file states %(dpi)s dpi, which is often only a default; check the scale"
                " by a known length.",
                dpi=round(dpi),
            )
        )
    return tuple(found)


def describe_fault(error: Exception) -> str:
    """Say in a few words what a decoder complained about."""
    if isinstance(error, UnidentifiedImageError):  # its text names an object in memory
        return "no valid header"
    return (str(error) or type(error).__name__)[:200].rstrip(".")
