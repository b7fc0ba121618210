"""One antenna pattern out of a file: Planet .msi or Ekahau JSON, told apart by content."""

from __future__ import annotations

from pathlib import PurePath
from typing import Final

from wlantrack.errors import msg
from wlantrack.formats import limits
from wlantrack.formats.antenna_tables import AntennaTable
from wlantrack.formats.limits import refuse
from wlantrack.formats.sandbox import run_in_sandbox
from wlantrack.formats.sniff import Content, sniff_content

_JSON_READER: Final = "wlantrack.formats.antenna_json:read_json"
_MSI_READER: Final = "wlantrack.formats.antenna_msi:read_msi"


def read_antenna(data: bytes, *, file: str | None = None) -> AntennaTable:
    """Read an antenna file in the sandbox.

    Raises
    ------
    InvalidInput
        It is neither format, too large, or has no usable tables.
    """
    limits.require_size(data, limits.ANTENNA_BYTES, file=file)
    if sniff_content(data) is not Content.TEXT:
        raise refuse(
            msg("This is no antenna pattern: the file is neither .msi nor JSON."),
            msg("Upload a Planet .msi file, or an antenna in Ekahau's JSON."),
            file=file,
        )
    is_json = data.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")
    name = PurePath(file or "antenna").stem.replace("_", " ")[:120]
    table: AntennaTable = run_in_sandbox(
        AntennaTable, _JSON_READER if is_json else _MSI_READER, data, {"name": name}, file=file
    )
    return table
