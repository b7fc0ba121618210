"""The tables of a report as XLSX: one sheet each, numbers as numbers, nothing as a formula."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

if TYPE_CHECKING:
    from collections.abc import Iterable

    from openpyxl.worksheet.worksheet import Worksheet

    from wlantrack.reports.document import Cell, Document

_UNFIT: Final = re.compile(r"[\[\]:*?/\\]")
_LONGEST_NAME: Final = 31
_LONGEST_CELL: Final = 60


def write_xlsx(document: Document) -> bytes:
    """Write what is known at a glance on a first sheet, then each table on one of its own."""
    book = Workbook()
    book.properties.title = document.title
    book.properties.creator = document.author
    book.properties.language = document.language
    first = book.active
    if first is not None:
        first.title = _name_sheet(document.title, set())
        for line in ((document.title,), (document.subtitle,), *document.facts):
            _add_row(first, line)
        first["A1"].font = Font(bold=True, size=14)
        _fit(first)
    names = {_name_sheet(document.title, set())}
    for table in document.tables:
        name = _name_sheet(table.caption, names)
        names.add(name)
        sheet: Worksheet = book.create_sheet(name)
        for row in (table.headers, *table.rows, *([table.total] if table.total else [])):
            _add_row(sheet, row)
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        sheet.freeze_panes = "A2"
        _fit(sheet)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _name_sheet(caption: str, taken: set[str]) -> str:
    base = _UNFIT.sub(" ", caption).strip("' ")[:_LONGEST_NAME].strip() or "1"
    name, number = base, 2
    while name.casefold() in {other.casefold() for other in taken}:
        ending = f" {number}"
        name, number = base[: _LONGEST_NAME - len(ending)] + ending, number + 1
    return name


def _add_row(sheet: Worksheet, cells: Iterable[Cell]) -> None:
    row = sheet.max_row + 1 if sheet["A1"].value is not None else 1
    for column, value in enumerate(cells, start=1):
        cell = sheet.cell(row, column, value)
        if isinstance(value, str):
            cell.data_type = "s"  # what begins with "=" is a text nevertheless
        cell.alignment = Alignment(wrap_text=True, vertical="top")


def _fit(sheet: Worksheet) -> None:
    for column in range(1, sheet.max_column + 1):
        longest = max(
            len(str(sheet.cell(row, column).value or "")) for row in range(1, sheet.max_row + 1)
        )
        sheet.column_dimensions[get_column_letter(column)].width = min(longest, _LONGEST_CELL) + 2
