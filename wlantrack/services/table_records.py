"""What tables of plain records share: a key, columns that are fields, all or nothing of a row.

A kind says which column fills which field and what an empty cell means; this module decides whether
a row creates, updates or changes nothing.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar, Final

from wlantrack.errors import InvalidInput, Problem, msg
from wlantrack.services.table_rows import PlaceIndex, RowOutcome

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Iterator, Mapping

    from sqlalchemy.orm import Session

    from wlantrack.formats.columns import Column, Value
    from wlantrack.formats.tables import Row
    from wlantrack.services.actor import Actor

SEPARATOR: Final = " | "
"""Between the parts of a cell that holds a list."""
MOST_TOLD: Final = 20
"""So many choices are told in a refusal."""


def split_list(cell: object) -> list[str]:
    """Give the parts of a cell that holds a list."""
    return [part.strip() for part in str(cell or "").split("|") if part.strip()]


class RecordTable(ABC):
    """A table whose rows are records found by a key."""

    finds_all = False
    columns: tuple[Column, ...] = ()
    plain: ClassVar[Mapping[str, tuple[str, object]]] = {}
    """Column to the record's field and what an empty cell means."""
    key_column: ClassVar[str] = "code"
    """Where a row's key is told to be wrong."""
    is_named: ClassVar[bool] = True
    """Whether an empty name means the code."""

    def begin(self, session: Session, actor: Actor, rows: tuple[Row, ...]) -> None:
        """Load what the rows refer to, once for all of them."""
        del rows
        self.session, self.actor = session, actor
        self.places = PlaceIndex(session, actor)
        self.seen: dict[Hashable, int] = {}
        self.records: dict[Hashable, Any] = {}
        self.load()

    @abstractmethod
    def load(self) -> None:
        """Load the records by key into ``records``, and what rows refer to; refuse who may not."""

    @abstractmethod
    def key_of(self, row: Row) -> Hashable:
        """Give the key of a row; what it names must exist."""

    @abstractmethod
    def make(self, key: Any) -> Any:  # noqa: ANN401 - each kind has its own key and record
        """Make the record of a new key, with every field of ``plain`` at its default."""

    @abstractmethod
    def export(self, session: Session, actor: Actor) -> Iterator[tuple[Value, ...]]:
        """Give the records in scope as rows, in the order of ``columns``."""

    def find_values(self, record: Any, row: Row) -> dict[str, object]:  # noqa: ANN401 - see make
        """Give further fields that a row sets: what it refers to, outlines, lists."""
        del record, row
        return {}

    def check(self, record: Any, row: Row) -> None:  # noqa: ANN401 - see make
        """Refuse a record that cannot be, or that the actor may not write."""
        del record, row

    def apply(self, row: Row) -> RowOutcome:
        """Create or change the record of a row."""
        key = self.key_of(row)
        first = self.seen.setdefault(key, row.number)
        if first != row.number:
            raise InvalidInput(
                Problem(
                    msg("Row %(row)d has the same record.", row=first),
                    msg("Leave one of the two rows out."),
                    field=self.key_column,
                    value=str(row.values[self.key_column]),
                )
            )
        record = self.records.get(key)
        is_new = record is None
        if is_new:
            record = self.make(key)
        else:
            self.check_reach(record)
        changed = self._set_fields(record, row)
        self.check(record, row)
        if is_new:
            self.session.add(record)
            self.records[key] = record
        outcome = "created" if is_new else "updated" if changed else "unchanged"
        return RowOutcome(row.number, self.describe(row), outcome, tuple(changed))

    def check_reach(self, record: Any) -> None:  # noqa: ANN401 - see make
        """Refuse a record as it was, before the row, if the actor may not write it."""
        del record

    def describe(self, row: Row) -> str:
        """Name a row's record in the preview."""
        return str(row.values[self.key_column])

    def _set_fields(self, record: Any, row: Row) -> list[str]:  # noqa: ANN401 - see make
        wanted: dict[str, object] = {
            field: default if row.values[column] is None else row.values[column]
            for column, (field, default) in self.plain.items()
            if column in row.values
        }
        if self.is_named and row.values.get("name", "") is None:
            wanted["name"] = record.code
        wanted |= self.find_values(record, row)
        changed = [
            field for field, value in wanted.items() if _is_other(getattr(record, field), value)
        ]
        for field in changed:
            setattr(record, field, wanted[field])
        return changed

    def defaults(self) -> dict[str, object]:
        """Give every plain field at its default."""
        return dict(self.plain.values())


def _is_other(old: object, new: object) -> bool:
    """Tell whether a value differs by more than the last digits, which spreadsheets leave out."""
    if isinstance(old, float) and isinstance(new, int | float):
        return not math.isclose(old, new, rel_tol=1e-12)
    return old != new


def refuse_unknown(field: str, value: object, known: Collection[str]) -> InvalidInput:
    """Make the refusal of a code that names nothing; of many choices the first are told."""
    told = sorted(known)[:MOST_TOLD] + (["…"] if len(known) > MOST_TOLD else [])
    return InvalidInput(
        Problem(
            msg("There is nothing of this code."),
            msg("Write one of: %(choices)s.", choices=", ".join(told)),
            field=field,
            value=str(value),
        )
    )


def refuse_place(field: str, value: str) -> InvalidInput:
    """Make the refusal of a row about a place that its author's role does not reach."""
    return InvalidInput(
        Problem(
            msg("Your role does not reach this place."),
            msg("Leave the row out, or ask somebody who is responsible there."),
            field=field,
            value=value,
        )
    )
