"""Refuses values that a column cannot hold, before the database is asked.

SQLite would store a text of any length and turn NaN into NULL, PostgreSQL would break off with an
error of its own: here both answer alike, naming the field. Refuses to know what values mean.
"""

from __future__ import annotations

import math
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Date, Float, Integer, String, inspect

from wlantrack.errors import InvalidInput, Message, Problem, msg

if TYPE_CHECKING:
    from sqlalchemy.orm import Mapper, Session

_LARGEST_INTEGER = 2**31 - 1
_SHOWN_CHARACTERS = 60
FIRST_DAY: Final = date(1000, 1, 1)
LAST_DAY: Final = date(2150, 12, 31)
"""Days between which calendars reckon: one more day than the last that Python knows is an error,
and a single record there would break every page that looks at the whole plan."""


def refuse_impossible_values(session: Session, *_args: object) -> None:
    """Check every new and changed record of a session; a ``before_flush`` listener.

    Raises
    ------
    InvalidInput
        One problem for each field that its column cannot hold.
    """
    problems = [
        Problem(message, field=key, value=repr(value)[:_SHOWN_CHARACTERS])
        for record in (*session.new, *session.dirty)
        for key, kind in _list_columns(inspect(record).mapper)
        if (value := record.__dict__.get(key)) is not None
        and (message := _find_fault(value, kind)) is not None
    ]
    if problems:
        raise InvalidInput(*problems)


@cache
def _list_columns(mapper: Mapper[Any]) -> tuple[tuple[str, Any], ...]:
    return tuple(
        (attribute.key, attribute.columns[0].type)
        for attribute in mapper.column_attrs
        if isinstance(attribute.columns[0].type, (String, Float, Integer, Date))
    )


def _find_fault(value: Any, kind: Any) -> Message | None:  # noqa: ANN401 - whatever the record holds
    match kind:
        case String(length=length) if isinstance(value, str):
            return _find_text_fault(value, length)
        case Float() if isinstance(value, float) and not math.isfinite(value):
            return msg("This is not a number.")
        case Integer() if isinstance(value, int) and abs(value) > _LARGEST_INTEGER:
            return msg("This number is too large.")
        case Date() if isinstance(value, date) and not FIRST_DAY <= value <= LAST_DAY:
            return msg(
                "This day does not lie in the years %(first)s to %(last)s.",
                first=str(FIRST_DAY.year),
                last=str(LAST_DAY.year),
            )
    return None


def _find_text_fault(text: str, length: int | None) -> Message | None:
    if length is not None and len(text) > length:
        return msg("This text is longer than %(length)d characters.", length=length)
    # NUL and halves of surrogate pairs: UTF-8 or PostgreSQL has no place for them.
    if any(character == "\0" or "\ud800" <= character <= "\udfff" for character in text):
        return msg("This text holds a character that cannot be stored.")
    return None
