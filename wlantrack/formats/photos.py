"""Photos from a phone: a JPEG or PNG comes in, a smaller JPEG without any metadata goes out.

Decides what is kept of a photo: the picture and the day it was taken. Position, device and
whatever else a camera writes is dropped.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from wlantrack.errors import InvalidInput, Message, msg
from wlantrack.formats import limits
from wlantrack.formats.limits import refuse
from wlantrack.formats.sandbox import run_in_sandbox
from wlantrack.formats.sniff import Content, claimed_content, sniff_content

_READER: Final = "wlantrack.formats.photo_readers:read_picture"
_ADVICE: Final = {
    Content.HEIC: msg(
        "Set the phone's camera to JPEG (iPhone: Settings, Camera, Formats, Most Compatible), or"
        " save this photo as JPEG."
    ),
    Content.PDF: msg("Attach it as a document instead."),
}


PICTURES: Final = frozenset({Content.JPEG, Content.PNG, Content.HEIC, Content.WEBP, Content.TIFF})
"""What cameras and phones save; some of it is told how to become a JPEG."""


@dataclass(frozen=True)
class Photo:
    """A photo as it is kept.

    Attributes
    ----------
    jpeg
        The picture, encoded anew: upright, at most 2,560 pixels on its long side, no metadata.
    taken
        Day on which it was taken (ISO), if the camera wrote one that can be true.
    """

    jpeg: bytes
    width_px: int
    height_px: int
    taken: str | None

    @property
    def taken_on(self) -> date | None:
        """Give the day on which it was taken."""
        return date.fromisoformat(self.taken) if self.taken else None


def read_photo(data: bytes, *, file: str | None = None) -> Photo:
    """Read an uploaded photo in the sandbox.

    Raises
    ------
    InvalidInput
        If it is no JPEG or PNG, too large, or damaged.
    """
    limits.require_size(data, limits.PHOTO_BYTES, file=file)
    content = sniff_content(data)
    if content not in {Content.JPEG, Content.PNG}:
        raise _refuse(content, file)
    photo: Photo = run_in_sandbox(Photo, _READER, data, {"kind": content.value}, file=file)
    return photo


def _refuse(content: Content, file: str | None) -> InvalidInput:
    message: Message = (
        msg("This is not a photo: it is none of JPEG and PNG.")
        if content in {Content.UNKNOWN, Content.TEXT}
        else msg("Photos are taken as JPEG or PNG; this file is %(format)s.", format=content.word)
    )
    if content in {Content.UNKNOWN, Content.TEXT} and claimed_content(file) in PICTURES:
        return refuse(
            msg("The file is named like a photo, but holds none; it may be damaged or cut off."),
            msg("Open it to see whether it can be read, save it as JPEG, or take it again."),
            file=file,
        )
    return refuse(message, _ADVICE.get(content, msg("Save it as JPEG.")), file=file)
