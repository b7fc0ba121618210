"""Tables out: CSV that German Excel opens by a double click, and XLSX; both can be read back.

Decides how values are written. Texts that a spreadsheet would run are made harmless.
"""

from __future__ import annotations

import csv
import io
import re
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Final

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from wlantrack.formats.formula_cells import neutralise_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from openpyxl.cell import Cell
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

    from wlantrack.formats.columns import Value

CSV_TYPE: Final = "text/csv; charset=utf-8"
XLSX_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_UNPRINTABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")  # XML cannot hold them


def write_csv(
    headers: Sequence[str],
    rows: Iterable[Sequence[Value]],
    *,
    separator: str = ";",
    decimal_mark: str = ",",
) -> bytes:
    """Write UTF-8 with byte order mark, by default as German spreadsheets expect it.

    Parameters
    ----------
    headers
        Names of the columns.
    rows
        Values in the same order; ``None`` is an empty cell, a date is written as 2026-12-31.
    separator, decimal_mark
        ``";"`` and ``","``, or ``","`` and ``"."``.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=separator)
    writer.writerow([neutralise_text(header) for header in headers])
    for row in rows:
        writer.writerow([_csv_cell(value, decimal_mark) for value in row])
    return text.getvalue().encode("utf-8-sig")


def _csv_cell(value: Value, decimal_mark: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        # Three decimals could be read as thousands, so 1.234 goes out as 1.2340.
        text = repr(value)
        doubtful = re.fullmatch(r"-?[1-9]\d{0,2}\.\d{3}", text)
        return (f"{text}0" if doubtful else text).replace(".", decimal_mark)
    return neutralise_text(value) if isinstance(value, str) else str(value)


def write_xlsx(
    headers: Sequence[str], rows: Iterable[Sequence[Value]], *, sheet: str = "wlantrack"
) -> bytes:
    """Write one sheet with a frozen header; numbers and dates stay numbers and dates."""
    complete = list(rows)  # what cannot be read must not leave a sheet begun behind
    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet(re.sub(r"[\\/*?:\[\]]", " ", sheet)[:31])
    page.freeze_panes = "A2"
    page.append([_text_cell(page, header, bold=True) for header in headers])
    for row in complete:
        page.append([_xlsx_cell(page, value) for value in row])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _xlsx_cell(page: WriteOnlyWorksheet, value: Value) -> object:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return _text_cell(page, value)
    if isinstance(value, date):
        cell = WriteOnlyCell(page, datetime.combine(value, time()))
        cell.number_format = "DD.MM.YYYY"
        return cell
    return value


def _text_cell(page: WriteOnlyWorksheet, text: str, *, bold: bool = False) -> Cell:
    cell = WriteOnlyCell(page, _UNPRINTABLE.sub("", neutralise_text(text)))
    cell.data_type = "s"
    if bold:
        cell.font = Font(bold=True)
    return cell
