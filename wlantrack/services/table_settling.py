"""Rows that cannot be imported as they stand in a file, and what somebody says becomes of them.

Decides that only files that are kept as evidence are settled so: what an instrument has written is
not mended in the file. Such a row is left out, or given to the record to which it belongs; the rest
is imported, all or nothing. Every other table is mended where it comes from.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, Final

from wlantrack.errors import InvalidInput, Problem, msg
from wlantrack.services.table_rows import RowOutcome

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from wlantrack.formats.tables import Row, Table

LEFT_OUT: Final = "left out"
MOST_OPEN: Final = 1000
"""With more rows than this the file belongs to other records, or a column gives the wrong field."""


@dataclass(frozen=True)
class OpenRow:
    """A row about which somebody has to say something: leave it out, or what it belongs to.

    ``shown_row`` is its number as a spreadsheet shows it; ``needs_subject`` tells whether naming the
    record would do.
    """

    row: int
    shown_row: int
    name: str
    problems: tuple[Problem, ...]
    needs_subject: bool


@dataclass(frozen=True)
class DecidedRow:
    """A row about which somebody has said something: what it belongs to, or that it is left out.

    ``shown_row`` is its number as a spreadsheet shows it; ``subject`` is None where it is left out.
    """

    row: int
    shown_row: int
    name: str
    subject: str | None


class SettledTable(ABC):
    """A table whose rows may be left out, or given to a record by hand."""

    subject_column: ClassVar[str]
    """Names the record to which a row belongs."""
    assigned: Mapping[int, str] = {}
    """By row: what somebody says that it belongs to."""

    @abstractmethod
    def list_subjects(self) -> list[str]:
        """Give what a row may be given to."""


def require_settled(table: object, left_out: Collection[int], assigned: Mapping[int, str]) -> None:
    """Refuse to leave out or assign rows of a table that is to be mended in its file.

    Raises
    ------
    InvalidInput
        Rows are named, and the table is such a one.
    """
    if isinstance(table, SettledTable):
        table.assigned = assigned
    elif left_out or assigned:
        raise InvalidInput(
            Problem(
                msg("Rows of this table are neither left out nor assigned by hand."),
                msg("Mend them in the file."),
                field="kind",
            )
        )


def leave_out(table: Table, left_out: Collection[int], assigned: Collection[int]) -> Table:
    """Give what was read of a file without some rows; rows that it has not are a problem of it."""
    found = {row.number for row in (*table.rows, *table.faulty)}
    unknown = tuple(
        Problem(
            msg("The file has no row %(row)d.", row=number),
            msg("Count the rows below the header from 1."),
            field="row",
            value=str(number),
        )
        for number in sorted({*left_out, *assigned} - found)
    )
    return replace(
        table,
        rows=tuple(row for row in table.rows if row.number not in left_out),
        faulty=tuple(row for row in table.faulty if row.number not in left_out),
        problems=(
            *(problem for problem in table.problems if problem.row not in left_out),
            *unknown,
        ),
    )


def list_left_out(kind: object, table: Table, left_out: Collection[int]) -> list[RowOutcome]:
    """Say of the rows that are left out that they are."""
    if not isinstance(kind, SettledTable):
        return []
    return [
        RowOutcome(row.number, row.written(kind.subject_column), LEFT_OUT)
        for row in (*table.rows, *table.faulty)
        if row.number in left_out
    ]


def list_open(kind: object, rows: Iterable[Row], errors: Iterable[Problem]) -> tuple[OpenRow, ...]:
    """Give the rows that stop a file, in its order; none where leaving rows out would not help."""
    by_row: dict[int, list[Problem]] = {}
    for problem in errors:
        if problem.row is None:
            return ()
        by_row.setdefault(problem.row, []).append(problem)
    if not isinstance(kind, SettledTable) or len(by_row) > MOST_OPEN:
        return ()
    found = {row.number: row for row in rows}
    return tuple(
        OpenRow(
            number,
            found[number].sheet_number,
            found[number].written(kind.subject_column),
            tuple(problems),
            all(problem.field == kind.subject_column for problem in problems),
        )
        for number, problems in sorted(by_row.items())
        if number in found
    )


def list_decided(
    kind: object,
    table: Table,
    left_out: Collection[int],
    assigned: Mapping[int, str],
    still_open: Iterable[OpenRow],
) -> tuple[DecidedRow, ...]:
    """Give the rows of which was said what becomes of them, unless that did not help."""
    if not isinstance(kind, SettledTable):
        return ()
    open_rows = {row.row for row in still_open}
    said = {row.number: row for row in (*table.rows, *table.faulty)}
    return tuple(
        DecidedRow(
            number,
            said[number].sheet_number,
            said[number].written(kind.subject_column),
            None if number in left_out else assigned[number],
        )
        for number in sorted({*left_out, *assigned} - open_rows)
        if number in said
    )
