"""Photos and documents as phones and offices make them."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Mapping

GPS_IFD, EXIF_IFD = 0x8825, 0x8769
SECRET_CAMERA = "Camera of somebody"


def make_photo(
    size: tuple[int, int] = (640, 480), *, suffix: str = "JPEG", taken: str = "2026:11:20 08:15:00"
) -> bytes:
    """Make a photo with position, day and camera in its EXIF block, lying on its side."""
    image = Image.new("RGB", size, "steelblue")
    image.paste("gold", (0, 0, size[0] // 2, size[1] // 2))
    exif = Image.Exif()
    exif[0x010F] = SECRET_CAMERA
    exif[0x0112] = 6  # turn right
    exif.get_ifd(EXIF_IFD)[0x9003] = taken
    exif.get_ifd(GPS_IFD).update({1: "N", 2: (48.0, 46.0, 30.0), 3: "E", 4: (9.0, 10.0, 40.0)})
    file = io.BytesIO()
    image.save(file, suffix, exif=exif)
    return file.getvalue()


def make_office_file(
    part: str = "word/document.xml", members: Mapping[str, bytes] | None = None
) -> bytes:
    """Make the bare bones of a Word or Excel file."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr(part, "<document/>")
        for name, data in (members or {}).items():
            package.writestr(name, data)
    return file.getvalue()
