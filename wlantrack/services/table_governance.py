"""The tables of decisions, posts, budget lines, trainings, support teams, devices and risks.

Columns follow from what ``governance_kinds.py`` says of each kind; the code is the key.
"""

from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING, ClassVar, Final

from wlantrack.errors import InvalidInput, Problem, msg
from wlantrack.formats.columns import Column, Kind
from wlantrack.services.actor import Action
from wlantrack.services.governance import list_problems, visible_houses
from wlantrack.services.governance_kinds import CODE, KINDS, GovernanceKind, Shape
from wlantrack.services.spoken_entry import days_beside, read_spoken
from wlantrack.services.table_records import RecordTable, refuse_unknown
from wlantrack.store.models.governance import Decision
from wlantrack.store.queries import governance as queries
from wlantrack.store.queries import places as place_queries

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy.orm import Session

    from wlantrack.formats.columns import Value
    from wlantrack.formats.tables import Row
    from wlantrack.rollout.spoken_dates import SpokenDate
    from wlantrack.services.actor import Actor
    from wlantrack.services.governance_kinds import Field, GovernanceRecord

_KINDS: Final = {
    Shape.COUNT: Kind.INTEGER,
    Shape.EUROS: Kind.INTEGER,
    Shape.GRADE: Kind.INTEGER,
    Shape.POSTS: Kind.NUMBER,
    Shape.DAY: Kind.DATE,
    Shape.STATE: Kind.CHOICE,
    Shape.NETWORK: Kind.CHOICE,
}
"""What the cells of a field hold; all others hold texts."""
_NAMED: Final = frozenset({Shape.BUILDING, Shape.DECISION})
_DAYS: Final = (("earliest", "frühestens"), ("latest", "spätestens"))


def _make_columns(item: Field) -> Iterator[Column]:
    """Give a field's columns: a date in words has its first and last day beside it."""
    kind = _KINDS.get(item.shape, Kind.TEXT)
    has_bounds = kind in {Kind.INTEGER, Kind.NUMBER}
    yield Column(
        item.name,
        kind,
        required=item.is_required or item is CODE,
        german=item.german,
        aliases=("Notiz",) if item.name == "note" else (),
        choices=tuple(item.words) if kind is Kind.CHOICE else (),
        choice_names=item.german_words,
        minimum=item.lowest if has_bounds else None,
        maximum=item.highest if has_bounds else None,
        max_length=item.longest,
    )
    if item.shape is Shape.SPOKEN:
        for part, german in _DAYS:
            yield Column(f"{item.name}_{part}", Kind.DATE, german=f"{item.german} {german}")


class GovernanceTable(RecordTable):
    """Records of one kind; each kind has a class of its own, made below."""

    kind: ClassVar[GovernanceKind]
    is_named = False

    def load(self) -> None:
        """Load the records by code, and what their rows may name."""
        self.actor.require_somewhere(Action.EDIT_GOVERNANCE)
        found = queries.load_records(self.session, self.kind.model, None)
        self.records = {record.code: record for record in found}
        houses = visible_houses(self.actor)
        self.named: dict[str, Mapping[str, GovernanceRecord]] = {
            "building": {
                building.code: building
                for building in place_queries.list_whole_buildings(self.session, houses)
            },
            "decision": {
                record.code: record
                for record in queries.load_records(self.session, Decision, houses)
            },
        }

    def key_of(self, row: Row) -> str:
        """Give the code."""
        return str(row.values["code"])

    def make(self, key: str) -> GovernanceRecord:
        """Make a record of a new code, every field at its default."""
        record = self.kind.model(public_id=uuid.uuid4(), code=key, **self.defaults())
        for item in self.kind.fields:
            if item.shape in _NAMED:
                setattr(record, item.name, None)
        return record

    def check_reach(self, record: GovernanceRecord) -> None:
        """Refuse a record that lies out of scope."""
        if not self.actor.can(Action.EDIT_GOVERNANCE, getattr(record, "building_id", None)):
            raise InvalidInput(
                Problem(
                    msg("Your role does not reach this place."),
                    msg("Leave the row out, or ask somebody who is responsible there."),
                    field="code",
                    value=record.code,
                )
            )

    def find_values(self, record: GovernanceRecord, row: Row) -> dict[str, object]:
        """Give the building, the decision and the dates in words that a row names."""
        found: dict[str, object] = {}
        for item in self.kind.fields:
            if item.name not in row.values:
                continue
            if item.shape in _NAMED:
                named = self._find_named(item.shape.value, str(row.values[item.name] or ""))
                found[item.name] = named
                found[f"{item.name}_id"] = named.id if named else None
            elif item.shape is Shape.SPOKEN:
                spoken = _read_spoken(item.name, row)
                # A composite of nothing but empty columns may read as a date without words.
                if spoken != _known(getattr(record, item.name)):
                    found[item.name] = spoken
        return found

    def _find_named(self, what: str, code: str) -> GovernanceRecord | None:
        if not code:
            return None
        if code not in self.named[what]:
            raise refuse_unknown(what, code, self.named[what])
        return self.named[what][code]

    def check(self, record: GovernanceRecord, row: Row) -> None:
        """Refuse a record that cannot be, or that lies out of scope."""
        del row
        values = {item.name: getattr(record, item.name) for item in (CODE, *self.kind.fields)}
        problems = list_problems(self.kind, values)
        if problems:
            raise InvalidInput(*problems)
        self.check_reach(record)

    def export(self, session: Session, actor: Actor) -> Iterator[tuple[Value, ...]]:
        """Give the records in scope."""
        if not actor.can_anywhere(Action.SEE_GOVERNANCE):
            return
        for record in queries.load_records(session, self.kind.model, visible_houses(actor)):
            if actor.can(Action.EXPORT_TABLES, getattr(record, "building_id", None)):
                yield tuple(
                    cell for item in (CODE, *self.kind.fields) for cell in _cells(item, record)
                )


def _cells(item: Field, record: GovernanceRecord) -> Iterator[Value]:
    value = getattr(record, item.name)
    if item.shape in _NAMED:
        yield value.code if value is not None else ""
    elif item.shape is Shape.SPOKEN:
        spoken = _known(value)
        yield spoken.wording if spoken else ""
        yield from days_beside(spoken)
    else:
        yield value


def _known(spoken: SpokenDate | None) -> SpokenDate | None:
    return spoken if spoken is not None and spoken.wording else None


def _read_spoken(name: str, row: Row) -> SpokenDate | None:
    days = (row.values.get(f"{name}_{part}") for part, _ in _DAYS)
    first, last = (day if isinstance(day, date) else None for day in days)
    return read_spoken(str(row.values[name] or ""), name, first, last)


def _make_table(described: GovernanceKind) -> type[GovernanceTable]:
    class Table(GovernanceTable):
        kind = described
        columns = tuple(
            column for item in (CODE, *described.fields) for column in _make_columns(item)
        )
        plain: ClassVar = {
            item.name: (item.name, item.default)
            for item in described.fields
            if item.shape not in {*_NAMED, Shape.SPOKEN}
        }

    return Table


GOVERNANCE_TABLES: Final = {kind.key: _make_table(kind) for kind in KINDS.values()}
