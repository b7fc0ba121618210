"""What can go wrong, in words a person can act on.

Decides how a fault is described: what is wrong, where (file, row, field, value) and what to do.
Refuses to know how it is shown: a :class:`Message` keeps its template and its values apart, and
the edge (page, API, command line) translates and fills it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime


_LARGE = re.compile(r"%\((?P<name>\w+)\)\.(?P<digits>\d)f")


@dataclass(frozen=True)
class Message:
    """A sentence with ``%(name)s`` placeholders; ``str()`` gives the English text.

    A number stands as ``%(name).1f``: each edge writes it in its reader's language.
    A value may be a message itself, or a tuple of messages, which are listed with commas.
    """

    text: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        """Fill the English template."""
        return self.fill(_LARGE.sub(self._group, self.text), str)

    def _group(self, place: re.Match[str]) -> str:
        value = self.values.get(place["name"])
        is_large = (
            isinstance(value, int | float) and abs(value) >= 10_000
        )  # four digits stand together
        return f"{value:,.{place['digits']}f}" if is_large else place[0]

    def fill(self, template: str, translate: Callable[[Message], str]) -> str:
        """Put the values into a template in any language."""
        values = {key: _write(value, translate) for key, value in self.values.items()}
        return template % values if values else template


def _write(value: object, translate: Callable[[Message], str]) -> object:
    match value:
        case Message():
            return translate(value)
        case tuple():
            return ", ".join(str(_write(part, translate)) for part in value)
    return value


def msg(text: str, **values: object) -> Message:
    """Mark an English sentence for translation and keep its values beside it."""
    return Message(text, values) if values else _plain(text)


@cache
def _plain(text: str) -> Message:
    """Give the one message of a sentence without values: checks say it of thousands."""
    return Message(text)


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with some input, and where.

    ``row`` counts data rows from 1; ``field`` is the column, form field or layer; ``value`` is
    what was found there.
    """

    message: Message
    remedy: Message | None = None
    file: str | None = None
    row: int | None = None
    field: str | None = None
    value: str | None = None

    def place(self) -> str:
        """Name file, row, field and value, as far as they are known."""
        parts = (
            self.file,
            None if self.row is None else f"row {self.row}",
            self.field,
            None if self.value is None else repr(self.value),
        )
        return ", ".join(part for part in parts if part)

    def __str__(self) -> str:
        """Place, message and remedy in one line."""
        words = f"{self.message} {self.remedy}" if self.remedy else str(self.message)
        place = self.place()
        return f"{place}: {words}" if place else words


class WlantrackError(Exception):
    """Whatever this program refuses or cannot do; the edges turn it into one status, one look."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        """Give the English text."""
        return str(self.message)


class NotFound(WlantrackError):
    """The thing does not exist, or lies outside what this person may see."""

    def __init__(self, message: Message, remedy: Message | None = None) -> None:
        super().__init__(message)
        self.remedy = remedy

    def __str__(self) -> str:
        """Give the message, and what to do if anything helps."""
        return " ".join(str(part) for part in (self.message, self.remedy) if part is not None)


class NotAllowed(WlantrackError):
    """The person may see the thing but may not do this with it."""


class Infeasible(WlantrackError):
    """No solution exists; the message names what to relax."""


class InvalidInput(WlantrackError):
    """Input that was refused; nothing of it was stored."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(problems[0].message)
        self.problems = problems

    def __str__(self) -> str:
        """List every problem, one a line."""
        return "\n".join(str(problem) for problem in self.problems)


class Conflict(WlantrackError):
    """Somebody else changed the record since it was read.

    ``changed_by``, ``changed_at`` and ``changed_fields`` say who, when and what, so that the second
    editor can merge; ``changes`` has editor and moment by field.
    """

    def __init__(
        self,
        message: Message,
        *,
        changed_by: str | None = None,
        changed_at: datetime | None = None,
        changed_fields: Mapping[str, object] | None = None,
        changes: Mapping[str, tuple[str, datetime]] | None = None,
        current_version: int | None = None,
    ) -> None:
        super().__init__(message)
        self.changed_by = changed_by
        self.changed_at = changed_at
        self.changes = dict(changes or {})
        self.changed_fields = dict(changed_fields or {})
        self.current_version = current_version
