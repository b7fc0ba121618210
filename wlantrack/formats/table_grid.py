"""A table before anything in it is understood: headers and cells."""

from __future__ import annotations

from dataclasses import dataclass

from wlantrack.errors import Message  # noqa: TC001 - the sandbox reads by annotation


@dataclass(frozen=True)
class Grid:
    """Headers and rows of cells as they stand in a file.

    Attributes
    ----------
    headers
        Texts of the first row that is not blank.
    rows
        All rows below it, blank ones included; they may be shorter or longer than `headers`.
    decimal_mark
        What a number without any other evidence uses.
    warnings
        What a person should look at.
    rows_above
        Rows above the first of `rows` as a spreadsheet counts them, the header among them.
    """

    headers: tuple[str, ...]
    rows: tuple[tuple[str | int | float | bool | None, ...], ...]
    decimal_mark: str
    warnings: tuple[Message, ...]
    rows_above: int = 0
