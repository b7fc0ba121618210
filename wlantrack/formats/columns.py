"""What a column of a table may hold, and how a cell becomes a value.

Decides how numbers, dates, choices and yes/no are written by people and by German and English
spreadsheets. Refuses to guess: a number that could mean two things is a problem, not a value.
"""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Self, TypeAlias

from wlantrack.errors import Problem, msg
from wlantrack.formats.cell_numbers import Cell, CellError, plain_number
from wlantrack.formats.formula_cells import restore_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Value: TypeAlias = str | int | float | bool | date | None

SHOWN_CHARACTERS: Final = 80
_UMLAUTS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_TRUE: Final = frozenset({"yes", "y", "true", "ja", "j", "wahr", "1", "x"})
_FALSE: Final = frozenset({"no", "n", "false", "nein", "falsch", "0"})
_GERMAN_DATE: Final = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_TIME_OF_DAY: Final = re.compile(
    r"[ T]+\d{1,2}:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?( ?[AP]M)?\Z"
)
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class Kind(Enum):
    """What the cells of a column mean."""

    TEXT = "text"
    NUMBER = "number"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    DATE = "date"


class ColumnName(str):
    """What a column is called: its field, and beside it the header of German tables.

    Programs and English pages read the field; whoever writes for a German reader takes ``german``.
    """

    __slots__ = ("german",)

    german: str

    def __new__(cls, column: Column) -> Self:
        """Name a column."""
        made = super().__new__(cls, column.name)
        made.german = column.german or column.name
        return made


@dataclass(frozen=True)
class Column:
    """One column that a table may have.

    Attributes
    ----------
    name
        The field it fills, and its header in exports.
    required
        A table without this column, and a row without a value in it, is refused.
    german, aliases
        Other headers that mean the same.
    choices
        Allowed values of a choice.
    choice_names
        Other words for them (German, say), each with the choice it means.
    minimum, maximum
        Bounds of a number, both included.
    max_length
        Most characters of a text.
    """

    name: str
    kind: Kind = Kind.TEXT
    required: bool = False
    german: str | None = None
    aliases: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    choice_names: Mapping[str, str] = field(default_factory=dict, hash=False)
    minimum: float | None = None
    maximum: float | None = None
    max_length: int = 2_000

    def headers(self) -> tuple[str, ...]:
        """All headers that name this column, in the form of :func:`normalise`."""
        names = (self.name, *([self.german] if self.german else ()), *self.aliases)
        return tuple(normalise(name) for name in names)


@lru_cache(maxsize=10_000)
def normalise(text: str) -> str:
    """Make headers and choices comparable: case, umlauts, spaces and signs do not matter."""
    plain = unicodedata.normalize("NFKC", text).casefold().translate(_UMLAUTS)
    return re.sub(r"\W+", "_", plain).strip("_")


def parse_cell(column: Column, cell: Cell, decimal_mark: str) -> Value:
    """Turn a cell into a value of the column's kind; ``None`` if it is empty.

    Raises
    ------
    CellError
        If it cannot be one, lies outside the bounds, or is missing and required.
    """
    if isinstance(cell, str):
        cell = restore_text(cell.strip())
    if cell is None or cell == "":
        if column.required:
            raise CellError(msg("The value is missing."), msg("Fill in the cell."))
        return None
    value = _PARSERS[column.kind](column, cell, decimal_mark)
    if column.minimum is not None or column.maximum is not None:
        _require_bounds(column, value)
    return value


def describe_cell(column: Column, row: int, cell: Cell, error: CellError) -> Problem:
    """Place a cell's error in its table."""
    shown = "" if cell is None else str(cell)[:SHOWN_CHARACTERS]
    return Problem(error.message, error.remedy, row=row, field=ColumnName(column), value=shown)


def _require_bounds(column: Column, value: Value) -> None:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return
    low, high = column.minimum, column.maximum
    if low is not None and value < low:
        raise CellError(
            msg("%(value)s is less than %(limit)s.", value=f"{value:g}", limit=f"{low:g}"),
            msg("Check the value and its unit."),
        )
    if high is not None and value > high:
        raise CellError(
            msg("%(value)s is more than %(limit)s.", value=f"{value:g}", limit=f"{high:g}"),
            msg("Check the value and its unit."),
        )


def _as_text(cell: Cell) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))  # a spreadsheet keeps room 301 as 301.0
    return str(cell)


def _parse_text(column: Column, cell: Cell, _mark: str) -> str:
    text = _as_text(cell)
    if _CONTROL.search(text):
        raise CellError(msg("The text holds control characters."), msg("Type it anew."))
    if len(text) > column.max_length:
        raise CellError(
            msg(
                "The text has %(found)s characters; at most %(limit)s are allowed.",
                found=len(text),
                limit=column.max_length,
            ),
            msg("Shorten it."),
        )
    return text


def _parse_number(_column: Column, cell: Cell, mark: str) -> float:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        number = float(cell)
    else:
        number = float(plain_number(str(cell), mark))
    if not math.isfinite(number):
        raise CellError(msg("The number is not finite."), msg("Write a number such as 12.5."))
    return number


def _parse_integer(column: Column, cell: Cell, mark: str) -> int:
    number = _parse_number(column, cell, mark)
    if not number.is_integer():
        raise CellError(msg("This is not a whole number."), msg("Write a whole number."))
    return int(number)


def _parse_boolean(_column: Column, cell: Cell, _mark: str) -> bool:
    if isinstance(cell, bool):
        return cell
    word = _as_text(cell).casefold()
    if word in _TRUE or word in _FALSE:
        return word in _TRUE
    raise CellError(msg("This is neither yes nor no."), msg("Write yes or no."))


def _parse_choice(column: Column, cell: Cell, _mark: str) -> str:
    wanted = normalise(_as_text(cell))
    for choice in column.choices:
        if normalise(choice) == wanted:
            return choice
    for name, choice in column.choice_names.items():
        if normalise(name) == wanted:
            return choice
    raise CellError(
        msg("This is none of the allowed values."),
        msg("Write one of: %(choices)s.", choices=", ".join(_name_choices(column))),
    )


def _name_choices(column: Column) -> list[str]:
    """Give the choices, each with the first other word for it."""
    others: dict[str, str] = {}
    for name, choice in column.choice_names.items():
        others.setdefault(choice, name)
    return [
        f"{others[choice]} ({choice})" if others.get(choice, choice) != choice else choice
        for choice in column.choices
    ]


def _parse_date(_column: Column, cell: Cell, _mark: str) -> date:
    text = _TIME_OF_DAY.sub("", str(cell))
    try:
        if german := _GERMAN_DATE.fullmatch(text):
            return date(int(german[3]), int(german[2]), int(german[1]))
        return date.fromisoformat(text)
    except ValueError as error:
        raise CellError(
            msg("This is not a date."), msg("Write it as 31.12.2026 or 2026-12-31.")
        ) from error


_PARSERS: Final[Mapping[Kind, Callable[[Column, Cell, str], Value]]] = {
    Kind.TEXT: _parse_text,
    Kind.NUMBER: _parse_number,
    Kind.INTEGER: _parse_integer,
    Kind.BOOLEAN: _parse_boolean,
    Kind.CHOICE: _parse_choice,
    Kind.DATE: _parse_date,
}
