"""Tables of permits, orders and work packages: a column names the runs and access points they cover.

Decides that a cell says all of it: what it leaves out goes.
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from wlantrack.errors import InvalidInput
from wlantrack.services.covering import name_of, thing_of
from wlantrack.services.named_things import find_named
from wlantrack.services.table_records import SEPARATOR, RecordTable, split_list
from wlantrack.store.models.cabling import CableRun

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wlantrack.formats.tables import Row
    from wlantrack.services.covering import CoveredSubject
    from wlantrack.services.named_things import Thing


def write_covered(subjects: Iterable[CoveredSubject]) -> str:
    """Write a cell: labels of runs, then codes of access points."""
    named = ((not isinstance(thing_of(item), CableRun), name_of(item)) for item in subjects)
    return SEPARATOR.join(name for _, name in sorted(named))


class CoveringTable(RecordTable):
    """A table of records with ``subjects``, which its column ``covers`` names."""

    @abstractmethod
    def cover(self, record: Any, things: list[Thing]) -> None:  # noqa: ANN401 - as RecordTable
        """Let a record be about further things."""

    def uncover(self, record: Any, subject: Any) -> None:  # noqa: ANN401 - as RecordTable
        """Take one out of a record."""
        record.subjects.remove(subject)

    def set_own_fields(self, record: Any, row: Row) -> list[str]:  # noqa: ANN401 - as RecordTable
        """Set all but what the record covers; gives what changed."""
        return super()._set_fields(record, row)

    def _set_fields(self, record: Any, row: Row) -> list[str]:  # noqa: ANN401 - as RecordTable
        with self.session.no_autoflush:
            changed = self.set_own_fields(record, row)
            if "covers" in row.values and self._set_subjects(record, row):
                changed.append("covers")
        return changed

    def _set_subjects(self, record: Any, row: Row) -> bool:  # noqa: ANN401 - as RecordTable
        """Let a record be about exactly what a cell names; tell whether that changed anything."""
        names = split_list(row.values["covers"])
        before = {name_of(item): item for item in record.subjects}
        if set(names) == set(before):
            return False
        try:
            things = find_named(self.session, self.actor, [n for n in names if n not in before])
            for name in before.keys() - set(names):
                self.uncover(record, before[name])
            self.cover(record, things)
        except InvalidInput as error:
            problems = (replace(each, field="covers") for each in error.problems)
            raise InvalidInput(*problems) from error
        return True
