"""The tables of crews, of their absences, and of blackouts.

Decides their keys: a crew's code; a crew with the first day of an absence; a blackout's first day,
name and place, and what its calendar calls it.
"""

from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Final

from wlantrack.errors import InvalidInput, Problem, msg
from wlantrack.formats.columns import Column, Kind
from wlantrack.services.actor import Action
from wlantrack.services.blackouts import BlackoutValues, apply_values
from wlantrack.services.crews import (
    LARGEST_CAPACITY,
    AbsenceValues,
    CrewValues,
    apply_absence,
)
from wlantrack.services.crews import apply_values as apply_crew
from wlantrack.services.places import visible_buildings
from wlantrack.services.table_records import RecordTable, refuse_unknown
from wlantrack.store.models.renovations import NOISE_CLASSES
from wlantrack.store.models.work import Blackout, Crew, CrewAbsence
from wlantrack.store.queries import places as place_queries
from wlantrack.store.queries import work as queries

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping

    from sqlalchemy.orm import Session

    from wlantrack.formats.columns import Value
    from wlantrack.formats.tables import Row
    from wlantrack.services.actor import Actor
    from wlantrack.store.models.places import Building, Wing

NOISE_NAMES: Final = {"leise": "quiet", "normal": "normal", "laut": "loud"}


class CrewTable(RecordTable):
    """Crews, by code."""

    columns = (
        Column("code", required=True, german="Kennung", max_length=40),
        Column("name", german="Name", max_length=120),
        Column("firm", german="Firma", max_length=120),
        Column(
            "capacity",
            Kind.INTEGER,
            german="Arbeitspakete zugleich",
            aliases=("Kapazität",),
            minimum=1,
            maximum=LARGEST_CAPACITY,
        ),
        Column("note", german="Bemerkung", aliases=("Notiz",), max_length=500),
    )
    plain: ClassVar[Mapping[str, tuple[str, object]]] = {
        "name": ("name", ""),
        "firm": ("firm", ""),
        "capacity": ("capacity", 1),
        "note": ("note", ""),
    }

    def load(self) -> None:
        """Load the crews by code; they work for the whole city."""
        self.actor.require(Action.EDIT_WORK)
        self.records = {crew.code: crew for crew in queries.list_crews(self.session)}

    def key_of(self, row: Row) -> Hashable:
        """Give the code."""
        return str(row.values["code"])

    def make(self, key: Hashable) -> Crew:
        """Make a crew of a new code, named so unless the row says otherwise."""
        crew = Crew(public_id=uuid.uuid4(), code=str(key), absences=[], **self.defaults())
        crew.name = crew.code
        return crew

    def check(self, record: Crew, row: Row) -> None:
        """Refuse a crew that cannot be."""
        del row
        values = {name: getattr(record, name) for name in CrewValues.__annotations__}
        apply_crew(self.session, record, CrewValues(**values))

    def export(self, session: Session, actor: Actor) -> Iterator[tuple[Value, ...]]:
        """Give the crews, if the actor may see work."""
        actor.require_somewhere(Action.SEE_WORK)
        for crew in queries.list_crews(session):
            yield crew.code, crew.name, crew.firm, crew.capacity, crew.note


class AbsenceTable(RecordTable):
    """Absences of crews, by crew and first day."""

    columns = (
        Column("crew", required=True, german="Trupp", max_length=40),
        Column("begins_on", Kind.DATE, required=True, german="Erster Tag", aliases=("Von",)),
        Column("ends_on", Kind.DATE, required=True, german="Letzter Tag", aliases=("Bis",)),
        Column("reason", german="Grund", max_length=200),
    )
    plain: ClassVar[Mapping[str, tuple[str, object]]] = {
        "ends_on": ("ends_on", None),
        "reason": ("reason", ""),
    }
    key_column = "crew"
    is_named = False

    def load(self) -> None:
        """Load the crews with their absences."""
        self.actor.require(Action.EDIT_WORK)
        self.crews = {crew.code: crew for crew in queries.list_crews(self.session)}
        self.records = {
            (crew.code, absence.begins_on): absence
            for crew in self.crews.values()
            for absence in crew.absences
        }

    def key_of(self, row: Row) -> Hashable:
        """Give crew and first day; the crew must exist."""
        code = str(row.values["crew"])
        if code not in self.crews:
            raise refuse_unknown("crew", code, self.crews)
        return code, row.values["begins_on"]

    def make(self, key: tuple[str, date]) -> CrewAbsence:
        """Make an absence of one day."""
        crew = self.crews[key[0]]
        absence = CrewAbsence(public_id=uuid.uuid4(), begins_on=key[1], ends_on=key[1], reason="")
        crew.absences.append(absence)
        return absence

    def check(self, record: CrewAbsence, row: Row) -> None:
        """Refuse days that are upside down, and a crew that is away already."""
        crew = self.crews[str(row.values["crew"])]
        values = AbsenceValues(record.begins_on, record.ends_on, record.reason)
        apply_absence(crew, record, values)

    def describe(self, row: Row) -> str:
        """Name crew and first day."""
        return f"{row.values['crew']} {row.values['begins_on']}"

    def export(self, session: Session, actor: Actor) -> Iterator[tuple[Value, ...]]:
        """Give the absences, if the actor may see work."""
        actor.require_somewhere(Action.SEE_WORK)
        for crew in queries.list_crews(session):
            for absence in crew.absences:
                yield crew.code, absence.begins_on, absence.ends_on, absence.reason


class BlackoutTable(RecordTable):
    """Blackouts, by first day, name, place and what their calendar calls them."""

    columns = (
        Column("name", required=True, german="Anlass", aliases=("Name",), max_length=120),
        Column("begins_on", Kind.DATE, required=True, german="Erster Tag", aliases=("Von",)),
        Column("ends_on", Kind.DATE, german="Letzter Tag", aliases=("Bis",)),
        Column(
            "noise_class",
            Kind.CHOICE,
            german="Verboten ab",
            aliases=("Lärm",),
            choices=NOISE_CLASSES,
            choice_names=NOISE_NAMES,
        ),
        Column("building", german="Gebäude", max_length=16),
        Column("wing", german="Flügel", max_length=16),
        Column("calendar", german="Kalender", max_length=120),
        Column("uid", german="Kennung im Kalender", max_length=255),
        Column("note", german="Bemerkung", aliases=("Notiz",), max_length=500),
    )
    plain: ClassVar[Mapping[str, tuple[str, object]]] = {
        "noise_class": ("noise_class", "loud"),
        "calendar": ("calendar", ""),
        "note": ("note", ""),
    }
    key_column = "name"
    is_named = False

    def load(self) -> None:
        """Load the blackouts, and the places that rows may name."""
        self.actor.require_somewhere(Action.EDIT_WORK)
        visible = visible_buildings(self.actor, Action.SEE_PLACES)
        self.buildings = {
            code: building
            for code, building in place_queries.list_buildings_by_code(self.session).items()
            if visible is None or building.id in visible
        }
        self.wings = place_queries.list_wings_by_code(self.session)
        self.records = {
            _key_of(item.begins_on, item.name, item.building, item.wing, item.uid): item
            for item in queries.load_blackouts(self.session, None)
        }

    def key_of(self, row: Row) -> Hashable:
        """Give first day, name, place and uid."""
        building, wing = self._find_place(row)
        first = row.values["begins_on"]
        assert isinstance(first, date)  # noqa: S101 - the column holds dates
        return _key_of(first, str(row.values["name"]), building, wing, _uid_of(row))

    def _find_place(self, row: Row) -> tuple[Building | None, Wing | None]:
        code, wing_code = (str(row.values.get(name) or "") for name in ("building", "wing"))
        building = self.buildings.get(code)
        if code and building is None:
            raise refuse_unknown("building", code, self.buildings)
        wing = self.wings.get((building.id, wing_code)) if building is not None else None
        if wing_code and wing is None:
            raise InvalidInput(
                Problem(
                    msg("The building has no such wing."),
                    msg("Write the wing's code such as MP, or add the wing first."),
                    field="wing",
                    value=wing_code,
                )
            )
        return building, wing

    def make(self, key: tuple[date, str, int | None, int | None, str]) -> Blackout:
        """Make a blackout of one day."""
        first, name, building_id, wing_id, uid = key
        made = Blackout(public_id=uuid.uuid4(), name=name, uid=uid, **self.defaults())
        made.begins_on = made.ends_on = first
        made.building_id, made.wing_id = building_id, wing_id
        return made

    def check_reach(self, record: Blackout) -> None:
        """Refuse a blackout that lies out of scope."""
        if not self.actor.can(Action.EDIT_WORK, record.building_id, record.wing_id):
            raise InvalidInput(
                Problem(
                    msg("Your role does not reach this place."),
                    msg("Leave the row out, or ask somebody who is responsible there."),
                    field="building",
                )
            )

    def find_values(self, record: Blackout, row: Row) -> dict[str, object]:
        """Give the last day: without one it is the first."""
        if "ends_on" not in row.values:
            return {}
        return {"ends_on": row.values["ends_on"] or record.begins_on}

    def check(self, record: Blackout, row: Row) -> None:
        """Refuse a blackout that cannot be, or lies out of scope."""
        del row
        self.check_reach(record)
        values: dict[str, Any] = {
            name: getattr(record, name)
            for name in BlackoutValues.__annotations__
            if name != "where"
        }
        apply_values(record, BlackoutValues(**values))

    def export(self, session: Session, actor: Actor) -> Iterator[tuple[Value, ...]]:
        """Give the blackouts that lie in scope."""
        for item in queries.load_blackouts(session, actor.scope_pairs(Action.EXPORT_TABLES)):
            yield (
                item.name,
                item.begins_on,
                item.ends_on,
                item.noise_class,
                item.building.code if item.building else "",
                item.wing.code if item.wing else "",
                item.calendar,
                item.uid,
                item.note,
            )


def _uid_of(row: Row) -> str:
    return str(row.values.get("uid") or "")


def _key_of(
    first: date, name: str, building: Building | None, wing: Wing | None, uid: str
) -> tuple[date, str, int | None, int | None, str]:
    return first, name, building.id if building else None, wing.id if wing else None, uid


WORK_TABLES: Final = {
    "crews": CrewTable,
    "crew_absences": AbsenceTable,
    "blackouts": BlackoutTable,
}
"""Who works when, and when nobody may."""
