"""What a change of many records led to: which rows changed, and why the others did not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wlantrack.errors import InvalidInput, Problem, WlantrackError, msg

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence

LARGEST_BULK = 500
"""More rows at once nobody can look over, and the database would be held too long."""
LONGEST_VERSION = 9
NO_VERSION = -1
"""What stands for a number of more digits than any record's version has: it is none of them."""


@dataclass(frozen=True)
class BulkRow:
    """One record of a bulk change; without problems it was, or can be, changed."""

    public_id: uuid.UUID | None
    label: str
    source: str
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class BulkResult:
    """A bulk change, row by row."""

    target: str
    rows: tuple[BulkRow, ...]

    @property
    def changed(self) -> tuple[BulkRow, ...]:
        """Give the rows that changed, or can."""
        return tuple(row for row in self.rows if not row.problems)

    @property
    def refused(self) -> tuple[BulkRow, ...]:
        """Give the rows that stay as they are."""
        return tuple(row for row in self.rows if row.problems)


@dataclass(frozen=True)
class Selected:
    """A record that was ticked, and its version when that was seen; None skips the check."""

    ref: str
    version: int | None = None

    @classmethod
    def parse(cls, text: str) -> Selected:
        """Read ``id`` or ``id:version``."""
        ref, _, version = text.partition(":")
        if not version.isdecimal():
            return cls(ref)
        return cls(ref, int(version) if len(version) <= LONGEST_VERSION else NO_VERSION)

    @classmethod
    def parse_seen(cls, text: str) -> Selected:
        """Read ``id:version`` of a row that somebody has looked at; without a version it is stale."""
        chosen = cls.parse(text)
        return cls(chosen.ref, NO_VERSION) if chosen.version is None else chosen

    def __str__(self) -> str:
        return self.ref if self.version is None else f"{self.ref}:{self.version}"


def require_selection(selected: Sequence[Selected]) -> None:
    """Refuse to change nothing, or too much at once.

    Raises
    ------
    InvalidInput
        There is none, or there are more than 500.
    """
    if not selected:
        raise InvalidInput(
            Problem(
                msg("Nothing is selected."), msg("Tick the rows in the list first."), field="ids"
            )
        )
    if len(selected) > LARGEST_BULK:
        raise InvalidInput(
            Problem(
                msg(
                    "%(count)d entries are selected; at most %(limit)d are changed at once.",
                    count=len(selected),
                    limit=LARGEST_BULK,
                ),
                msg("Narrow the list by filters, and change it in parts."),
                field="ids",
                value=str(len(selected)),
            )
        )


def problems_of(error: WlantrackError) -> tuple[Problem, ...]:
    """Give what is wrong with one row."""
    if isinstance(error, InvalidInput):
        return error.problems
    return (Problem(error.message),)
