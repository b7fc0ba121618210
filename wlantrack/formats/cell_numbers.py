"""Numbers as people and spreadsheets write them, with comma or point.

Decides what a number means, with the other numbers of its file as evidence. Refuses to guess: one
that could mean two things is an error.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, TypeAlias

from wlantrack.errors import Message, msg

if TYPE_CHECKING:
    from collections.abc import Iterable

Cell: TypeAlias = str | int | float | bool | None

_GROUPS: Final = re.compile(r"[+-]?\d{1,3}(?:[ '\u00a0\u202f]\d{3})+(?:[.,]\d+)?")
_POINT_GROUPS: Final = re.compile(r"[+-]?\d{1,3}(?:\.\d{3})+,\d+|[+-]?\d{1,3}(?:\.\d{3}){2,}")
_COMMA_GROUPS: Final = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+\.\d+|[+-]?\d{1,3}(?:,\d{3}){2,}")
_SIMPLE: Final = re.compile(r"[+-]?(?:\d+([.,]?)\d*|([.,])\d+)(?:[eE][+-]?\d{1,3})?")
_THREE_DIGITS: Final = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}")


class CellError(ValueError):
    """A cell that is not what its column needs, and what to write instead."""

    def __init__(self, message: Message, remedy: Message) -> None:
        super().__init__(str(message))
        self.message = message
        self.remedy = remedy


def find_decimal_mark(cells: Iterable[Cell], default: str) -> str:
    """Tell which decimal mark the texts among `cells` use: ``","``, ``"."`` or ``"both"``.

    A number such as 1.234 says nothing; `default` stands where no cell says anything.
    """
    seen = set()
    for cell in cells:
        if isinstance(cell, str) and (mark := _shown_mark(cell.strip())):
            seen.add(mark)
    if len(seen) == 2:
        return "both"
    return seen.pop() if seen else default


def _shown_mark(text: str) -> str | None:
    if _POINT_GROUPS.fullmatch(text):
        return ","
    if _COMMA_GROUPS.fullmatch(text):
        return "."
    simple = _SIMPLE.fullmatch(text)
    if simple is None or _THREE_DIGITS.fullmatch(text):
        return None
    return simple[1] or simple[2] or None


def plain_number(text: str, mark: str) -> str:
    """Bring a number into Python's form.

    Raises
    ------
    CellError
        If it is no number, or could mean two.
    """
    if _POINT_GROUPS.fullmatch(text):
        return text.replace(".", "").replace(",", ".")
    if _COMMA_GROUPS.fullmatch(text):
        return text.replace(",", "")
    if _GROUPS.fullmatch(text):
        return re.sub(r"[ '\u00a0\u202f]", "", text).replace(",", ".")
    if not _SIMPLE.fullmatch(text):
        raise CellError(msg("This is not a number."), msg("Write a number such as 12.5."))
    other = "," if mark == "." else "."
    if mark != "both" and other in text and _THREE_DIGITS.fullmatch(text):
        whole, part = re.split("[.,]", text)
        raise CellError(
            msg(
                "This number can mean %(large)s or %(small)s, because other numbers of the file"
                " use another decimal mark.",
                large=f"{whole}{part}",
                small=f"{whole}{mark}{part}",
            ),
            msg("Write one of the two."),
        )
    return text.replace(",", ".")
