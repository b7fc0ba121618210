"""What a ZIP holds that calls itself a Word or Excel file; sandbox only."""

from __future__ import annotations

import io
import zipfile
from typing import Final

from wlantrack.errors import msg
from wlantrack.formats import limits
from wlantrack.formats.limits import refuse

MAIN_PARTS: Final = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx"}
MACROS: Final = "vbaproject.bin"


def read_office_kind(data: bytes) -> str:
    """Give ``docx``, ``xlsx``, or nothing for any other ZIP.

    Raises
    ------
    InvalidInput
        If it is damaged, unpacks to too much, or holds macros.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            members = package.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise refuse(
            msg("The file is damaged: %(detail)s.", detail=str(error)[:200].rstrip(".")),
            msg("Open it in the program that made it, and save it again."),
        ) from error
    limits.require_at_most(len(members), limits.TABLE_ZIP_MEMBERS, msg("parts"))
    unpacked = sum(member.file_size for member in members)
    limits.require_at_most(
        unpacked // limits.MIB, limits.TABLE_UNPACKED_BYTES // limits.MIB, msg("MiB unpacked")
    )
    names = {member.filename.lower() for member in members}
    if any(name.rpartition("/")[2] == MACROS for name in names):
        raise refuse(
            msg("The document holds macros."), msg("Save it without macros, as DOCX or XLSX.")
        )
    if "[content_types].xml" not in names:
        return ""
    return next((kind for part, kind in MAIN_PARTS.items() if part in names), "")
