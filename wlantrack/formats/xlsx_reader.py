"""XLSX as headers and cells; runs in the sandbox only.

Decides, from the directory of the ZIP and before anything is unpacked, whether to open it at all.
Formulas are never calculated: the value stored beside them counts.
"""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, Final

import openpyxl

from wlantrack.errors import msg
from wlantrack.formats import limits
from wlantrack.formats.limits import refuse
from wlantrack.formats.table_grid import Grid

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wlantrack.errors import Message
    from wlantrack.formats.cell_numbers import Cell

BLANK_ROWS_AT_END: Final = 10_000  # a sheet formatted down to row 1,048,576 is no longer read
_SAVE_AS: Final = msg("Save the table as XLSX or CSV and upload the new file.")


def read_xlsx(data: bytes) -> Grid:
    """Read the first visible sheet that holds anything.

    Raises
    ------
    InvalidInput
        If it is no XLSX, is empty, or holds too much.
    """
    _check_directory(data)
    # Read-only mode streams; openpyxl parses through defusedxml where that is installed.
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    filled = [
        (sheet.title, *found)
        for sheet in book.worksheets
        if sheet.sheet_state == "visible" and (found := _read_rows(sheet))[1]
    ]
    if not filled:
        raise refuse(msg("The table is empty."), msg("Choose another file."))
    name, blank_rows, rows = filled[0]
    warnings: tuple[Message, ...] = ()
    if len(filled) > 1:
        others = ", ".join(title for title, *_ in filled[1:])
        warnings = (
            msg("Only the sheet %(name)s was read, not %(others)s.", name=name, others=others),
        )
    headers = tuple("" if cell is None else str(cell).strip() for cell in rows[0])
    while headers and not headers[-1]:
        headers = headers[:-1]
    return Grid(headers, tuple(rows[1:]), ".", warnings, blank_rows + 1)


def _check_directory(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except zipfile.BadZipFile as error:
        raise refuse(msg("The XLSX is damaged."), _SAVE_AS) from error
    limits.require_at_most(len(members), limits.TABLE_ZIP_MEMBERS, msg("members"))
    limits.require_at_most(
        sum(member.file_size for member in members),
        limits.TABLE_UNPACKED_BYTES,
        msg("bytes when unpacked"),
    )
    names = {member.filename for member in members}
    if "[Content_Types].xml" not in names or not any(n.startswith("xl/") for n in names):
        raise refuse(msg("This is not a table: the ZIP is not an XLSX."), _SAVE_AS)


def _read_rows(sheet: Any) -> tuple[int, list[tuple[Cell, ...]]]:  # noqa: ANN401 - openpyxl's sheet
    """Read from the first row with content to the last one; also tell how many lie above."""
    sheet.reset_dimensions()  # the size a sheet claims may be wrong, or a trap
    rows: list[tuple[Cell, ...]] = []
    above = filled = cells = 0
    for values in sheet.iter_rows(values_only=True, max_col=limits.TABLE_COLUMNS + 1):
        row = tuple(_trim(values))
        if row or rows:
            rows.append(row)
        else:
            above += 1
        if row:
            filled, cells = len(rows), cells + len(row)
            limits.require_at_most(len(row), limits.TABLE_COLUMNS, msg("columns"))
            limits.require_at_most(filled, limits.TABLE_ROWS + 1, msg("rows"))
            limits.require_at_most(cells, limits.TABLE_CELLS, msg("cells"))
        if len(rows) - filled > BLANK_ROWS_AT_END:
            break
    return above, rows[:filled]


def _trim(values: tuple[object, ...]) -> Iterator[Cell]:
    end = len(values)
    while end and values[end - 1] in (None, ""):
        end -= 1
    return map(_plain, values[:end])


def _plain(value: object) -> Cell:
    if isinstance(value, datetime):
        midnight = value.time() == time()
        return value.date().isoformat() if midnight else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, str | int | float | bool):
        return value
    return str(value)
