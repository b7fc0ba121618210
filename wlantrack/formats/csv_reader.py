"""CSV as people and spreadsheets write it; harmless enough to be read in the program itself.

Decides encoding and separator by what makes the headers known. Refuses to know what a cell means.
"""

from __future__ import annotations

import csv
import io
from itertools import islice
from typing import TYPE_CHECKING, Final

from wlantrack.errors import Message, msg
from wlantrack.formats import limits
from wlantrack.formats.columns import normalise
from wlantrack.formats.limits import refuse
from wlantrack.formats.table_grid import Grid

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

SEPARATORS: Final = ";,\t|"
_SAVE_AS: Final = msg("Save the table as CSV UTF-8 and upload the new file.")


def read_csv(data: bytes, known_headers: Collection[str], *, file: str | None = None) -> Grid:
    """Split a CSV file into headers and cells.

    Parameters
    ----------
    data
        The file: UTF-8 (with or without byte order mark), UTF-16 with mark, or Windows-1252.
    known_headers
        Headers in the form of :func:`~wlantrack.formats.columns.normalise`; the separator that
        finds most of them wins.
    file
        Name for messages.

    Raises
    ------
    InvalidInput
        If it is no text, has no header, ends inside quotation marks, or is too large.
    """
    text, warnings = _decode(data, file)
    text, stated = _stated_separator(text.lstrip("\ufeff"))
    separator = stated or _find_separator(text, known_headers)
    try:
        lines = _records(text, separator)
        rows_above, headers = next(
            (found for found in enumerate(lines, 1) if any(map(str.strip, found[1]))), (0, [])
        )
        rows = tuple(tuple(line) for line in islice(lines, limits.TABLE_ROWS + 1))
    except csv.Error as error:
        raise refuse(
            msg("The CSV is damaged: %(detail)s.", detail=str(error)), _SAVE_AS, file=file
        ) from error
    if not headers:
        raise refuse(msg("The table is empty."), msg("Choose another file."), file=file)
    limits.require_at_most(len(rows), limits.TABLE_ROWS, msg("rows"), file=file)
    limits.require_at_most(len(headers), limits.TABLE_COLUMNS, msg("columns"), file=file)
    limits.require_at_most(sum(map(len, rows)), limits.TABLE_CELLS, msg("cells"), file=file)
    mark = "." if separator == "," else "both"
    return Grid(tuple(header.strip() for header in headers), rows, mark, warnings, rows_above)


def _decode(data: bytes, file: str | None) -> tuple[str, tuple[Message, ...]]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        if encoding == "cp1252":
            note = msg("The file is not UTF-8; it was read as Windows-1252. Check the umlauts.")
            return text, (note,)
        return text, ()
    raise refuse(msg("The file is not a text in UTF-8 or Windows-1252."), _SAVE_AS, file=file)


def _stated_separator(text: str) -> tuple[str, str | None]:
    """Read Excel's first line ``sep=;``, if there is one."""
    first, _, rest = text.partition("\n")
    line = first.strip("\r\"'").lower()
    if line.startswith("sep=") and line[4:] and line[4:] in SEPARATORS:
        return rest, line[4:]
    return text, None


def _records(text: str, separator: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)


def _find_separator(text: str, known_headers: Collection[str]) -> str:
    def score(separator: str) -> tuple[int, int]:
        try:
            lines = _records(text[:100_000], separator)
            headers = next((line for line in lines if any(map(str.strip, line))), [])
        except csv.Error:
            return 0, 0
        return sum(normalise(header) in known_headers for header in headers), len(headers)

    return max(SEPARATORS, key=score)
