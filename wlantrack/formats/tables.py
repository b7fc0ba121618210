"""Tables in: CSV, XLSX or XML becomes rows of typed values, and one problem for every bad cell.

Decides how headers find their columns. Refuses to know what the rows are for: the caller brings
the columns. A column that is not in the file is absent from the rows; an empty cell is ``None``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Final

from wlantrack.errors import Message, Problem, msg
from wlantrack.formats import limits
from wlantrack.formats.cell_numbers import CellError, find_decimal_mark
from wlantrack.formats.columns import (
    SHOWN_CHARACTERS,
    Column,
    ColumnName,
    Kind,
    describe_cell,
    normalise,
    parse_cell,
)
from wlantrack.formats.csv_reader import read_csv
from wlantrack.formats.limits import refuse
from wlantrack.formats.sandbox import run_in_sandbox
from wlantrack.formats.sniff import Content, sniff_content
from wlantrack.formats.table_grid import Grid

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from wlantrack.errors import InvalidInput
    from wlantrack.formats.cell_numbers import Cell
    from wlantrack.formats.columns import Value

_READERS: Final = {
    Content.ZIP: "wlantrack.formats.xlsx_reader:read_xlsx",
    Content.XML: "wlantrack.formats.xml_grid_reader:read_xml_grid",
}
SAMPLES: Final = 3
_NUMERIC: Final = frozenset({Kind.NUMBER, Kind.INTEGER})


@dataclass(frozen=True)
class Row:
    """A data row: its number in the file (from 1, the header not counted) and its values.

    ``bad`` are the fields whose cells hold no value of their column; ``values`` leaves them out.
    ``rows_above`` leads to the number that a spreadsheet shows beside the row.
    """

    number: int
    values: Mapping[str, Value]
    bad: frozenset[str] = frozenset()
    cells: tuple[Cell, ...] = ()
    places: Mapping[str, int] = field(default_factory=dict)
    rows_above: int = 0

    @property
    def sheet_number(self) -> int:
        """Give the row's number as a spreadsheet shows it."""
        return self.number + self.rows_above

    def written(self, name: str) -> str:
        """Give a field's cell as it stands in the file, empty if it has none."""
        place = self.places.get(name, -1)
        cell = self.cells[place] if 0 <= place < len(self.cells) else None
        return "" if cell is None else str(cell)[:SHOWN_CHARACTERS]


@dataclass(frozen=True)
class Heading:
    """A column of the file: its header, the field it gives, and some of its cells.

    ``field`` is empty for a column that is left out, None for one that nobody knows.
    """

    name: str
    field: str | None
    samples: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """What was understood of a file, and everything that was not.

    Attributes
    ----------
    headings
        The file's columns, in its order.
    columns
        Fields that the file (or ``set_values``) gives, in the order of the file.
    rows
        Rows without a problem. Blank rows are left out.
    faulty
        Rows with bad cells, for whoever wants to find what else is wrong with them.
    problems
        Problems with the headers (no row) and with cells.
    warnings
        What a person should look at.
    rows_above
        Rows above the first one as a spreadsheet counts them.
    """

    headings: tuple[Heading, ...]
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    faulty: tuple[Row, ...]
    problems: tuple[Problem, ...]
    warnings: tuple[Message, ...]
    rows_above: int


def read_table(
    data: bytes,
    columns: Sequence[Column],
    *,
    file: str | None = None,
    column_map: Mapping[str, str] | None = None,
    set_values: Mapping[str, str] | None = None,
) -> Table:
    """Read a CSV, XLSX or XML file.

    Parameters
    ----------
    data
        The upload.
    columns
        All columns the table may have.
    file
        Its name, for messages.
    column_map
        Header in the file to field; an empty field leaves that column out.
    set_values
        Field to text: fills the cells that are empty, or the whole column if there is none.

    Returns
    -------
    Table
        Typed rows, and the problems, all of them.

    Raises
    ------
    InvalidInput
        If the file as a whole cannot be read: no table, too large, damaged.
    """
    limits.require_size(data, limits.TABLE_BYTES, file=file)
    known = {header: column for column in reversed(columns) for header in column.headers()}
    mapped = {normalise(header): name for header, name in (column_map or {}).items()}
    content = sniff_content(data)
    if content in _READERS:
        grid: Grid = run_in_sandbox(Grid, _READERS[content], data, file=file)
    elif content is Content.TEXT:
        grid = read_csv(data, known.keys() | mapped.keys(), file=file)
    else:
        raise _refuse_content(content, file)
    return _TableBuilder(tuple(columns), known, mapped, dict(set_values or {}), file).build(grid)


class _TableBuilder:
    """Headers to columns, cells to values; collects the problems on the way."""

    def __init__(
        self,
        columns: tuple[Column, ...],
        known: Mapping[str, Column],
        mapped: Mapping[str, str],
        set_values: Mapping[str, str],
        file: str | None,
    ) -> None:
        self.by_name = {column.name: column for column in columns}
        self.known = known
        self.mapped = mapped
        self.set_values = set_values
        self.file = file
        self.problems: list[Problem] = []
        self.places: Mapping[str, int] = {}
        self.rows_above = 0

    def build(self, grid: Grid) -> Table:
        """Read all rows of `grid`."""
        self.places = places = self._place_headers(grid)
        self.rows_above = grid.rows_above
        self._check_arguments(grid)
        self._require_columns(places)
        added = [self.by_name[n] for n in self.set_values if n in self.by_name and n not in places]
        given = [(self.by_name[name], place) for name, place in places.items()]
        given += [(column, -1) for column in added]
        numbers = [place for column, place in given if column.kind in _NUMERIC and place >= 0]
        mark = find_decimal_mark(
            (row[place] for row in grid.rows for place in numbers if place < len(row)),
            grid.decimal_mark,
        )
        rows = [
            self._build_row(number, cells, given, mark)
            for number, cells in enumerate(grid.rows, 1)
            if any(cell not in (None, "") for cell in cells)
        ]
        self._report_overhang(grid)
        names = tuple(column.name for column, _ in given)
        sound = tuple(row for row in rows if not row.bad)
        faulty = tuple(row for row in rows if row.bad)
        headings = tuple(self._describe(grid, place) for place in range(len(grid.headers)))
        problems = tuple(self.problems)
        return Table(headings, names, sound, faulty, problems, grid.warnings, grid.rows_above)

    def _describe(self, grid: Grid, place: int) -> Heading:
        header = grid.headers[place]
        name = self.mapped.get(normalise(header))
        column = self.known.get(normalise(header))
        if name is None and column is not None:
            name = column.name
        filled = (row[place] for row in grid.rows if place < len(row))
        cells = islice((str(cell) for cell in filled if cell not in (None, "")), SAMPLES)
        return Heading(header, name, tuple(cell[:SHOWN_CHARACTERS] for cell in cells))

    def _place_headers(self, grid: Grid) -> dict[str, int]:
        places: dict[str, int] = {}
        for place, header in enumerate(grid.headers):
            key = normalise(header)
            name = self.mapped.get(key)
            if name == "" or (not header and not _column_filled(grid, place)):
                continue
            column = self.by_name.get(name) if name else self.known.get(key)
            if column is None:
                self._report_unknown(header, place, name)
            elif column.name in places:
                first = grid.headers[places[column.name]]
                self._report(
                    msg(
                        "The columns %(first)s and %(second)s both give %(field)s.",
                        first=first,
                        second=header,
                        field=ColumnName(column),
                    ),
                    msg("Leave one of them out."),
                    header,
                )
            else:
                places[column.name] = place
        return places

    def _report_unknown(self, header: str, place: int, name: str | None) -> None:
        if name:
            message = msg("There is no field %(field)s to map to.", field=name)
        elif header:
            message = msg("The column %(column)s is not known.", column=header)
        else:
            message = msg("Column %(number)s has no header.", number=place + 1)
        self._report(
            message,
            msg(
                "Rename or map it, or leave it out; known are: %(columns)s.", columns=self._names()
            ),
            header or str(place + 1),
        )

    def _check_arguments(self, grid: Grid) -> None:
        found = {normalise(header) for header in grid.headers}
        for header in self.mapped.keys() - found:
            self._report(
                msg("The file has no column %(column)s to map.", column=header),
                msg("Check the spelling; found were: %(found)s.", found=", ".join(grid.headers)),
                header,
            )
        for name in self.set_values.keys() - self.by_name.keys():
            self._report(
                msg("There is no field %(field)s to set.", field=name),
                msg("Known are: %(columns)s.", columns=self._names()),
                name,
            )

    def _require_columns(self, places: Mapping[str, int]) -> None:
        for column in self.by_name.values():
            if column.required and column.name not in places and column.name not in self.set_values:
                name = ColumnName(column)
                self._report(
                    msg("The column %(column)s is missing.", column=name),
                    msg("Add it, map another column to it, or set one value for all rows."),
                    name,
                )

    def _build_row(
        self, number: int, cells: tuple[Cell, ...], given: list[tuple[Column, int]], mark: str
    ) -> Row:
        values: dict[str, Value] = {}
        bad: set[str] = set()
        for column, place in given:
            cell = cells[place] if 0 <= place < len(cells) else None
            if cell is None or cell == "":
                cell = self.set_values.get(column.name, cell)
            try:
                values[column.name] = parse_cell(column, cell, mark)
            except CellError as error:
                self.problems.append(describe_cell(column, number, cell, error))
                bad.add(column.name)
        return Row(number, values, frozenset(bad), cells, self.places, self.rows_above)

    def _report_overhang(self, grid: Grid) -> None:
        width = len(grid.headers)
        for number, cells in enumerate(grid.rows, 1):
            if any(cell not in (None, "") for cell in cells[width:]):
                message = msg(
                    "The row has %(found)s cells, the header %(expected)s.",
                    found=len(cells),
                    expected=width,
                )
                remedy = msg("Put texts that hold the separator in quotation marks.")
                self.problems.append(Problem(message, remedy, row=number))

    def _names(self) -> tuple[ColumnName, ...]:
        return tuple(ColumnName(column) for column in self.by_name.values())

    def _report(self, message: Message, remedy: Message, field: str) -> None:
        self.problems.append(Problem(message, remedy, file=self.file, field=field))


def _column_filled(grid: Grid, place: int) -> bool:
    return any(place < len(row) and row[place] not in (None, "") for row in grid.rows)


def _refuse_content(content: Content, file: str | None) -> InvalidInput:
    remedy = msg("Save the table as CSV or XLSX.")
    if content is Content.OLE:
        return refuse(msg("The file is an old Excel file or has a password."), remedy, file=file)
    return refuse(msg("This is not a table: neither CSV nor XLSX nor XML."), remedy, file=file)
