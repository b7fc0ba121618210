"""The table of work packages: the code is the key; cells name the runs and access points they cover.

Decides that a row may leave out duration and loudness, which are then as usual for the kind, and
that no milestone is fed by a package that waits for it.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar, Final

from wlantrack.errors import InvalidInput, Problem, msg
from wlantrack.formats.columns import Column, Kind
from wlantrack.rollout.packages import DEFAULTS
from wlantrack.services import package_sight, renovations
from wlantrack.services.actor import Action, Actor
from wlantrack.services.package_checks import (
    LONGEST_DAYS,
    check_package,
    refuse_outside,
    state_of,
)
from wlantrack.services.package_objects import add_subject
from wlantrack.services.permits import find_wing
from wlantrack.services.places import visible_buildings
from wlantrack.services.plan import after_key, before_key, milestone_key, package_key
from wlantrack.services.spoken_entry import days_beside, read_spoken
from wlantrack.services.table_covering import CoveringTable, write_covered
from wlantrack.services.table_records import refuse_unknown
from wlantrack.services.table_work import NOISE_NAMES
from wlantrack.store.models.milestones import PACKAGE_KINDS, WorkPackage
from wlantrack.store.models.renovations import NOISE_CLASSES
from wlantrack.store.queries import demand as group_queries
from wlantrack.store.queries import milestones as milestone_queries
from wlantrack.store.queries import packages as queries
from wlantrack.store.queries import places as place_queries
from wlantrack.store.queries import renovations as renovation_queries
from wlantrack.store.queries import work as work_queries

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy.orm import Session

    from wlantrack.formats.columns import Value
    from wlantrack.formats.tables import Row
    from wlantrack.services.named_things import Thing
    from wlantrack.services.package_sight import PackageSight

KIND_NAMES: Final = {
    "Begehung": "survey",
    "Entwurf": "design",
    "Genehmigung": "permit",
    "Vergabe": "tender",
    "Lieferung": "delivery",
    "Trasse": "containment",
    "Kabelzug": "pulling",
    "Brandabschottung": "fire stopping",
    "Auflegen": "termination",
    "Messung": "testing",
    "Montage": "mounting",
    "Inbetriebnahme": "commissioning",
    "Abnahme": "acceptance",
    "Schulung": "training",
    "Sonstiges": "other",
}


class PackageTable(CoveringTable):
    """Work packages with place, crew, days and what they cover."""

    columns: tuple[Column, ...] = (
        Column("code", required=True, german="Kennung", max_length=60),
        Column("name", german="Name", max_length=120),
        Column(
            "kind",
            Kind.CHOICE,
            required=True,
            german="Art",
            choices=PACKAGE_KINDS,
            choice_names=KIND_NAMES,
        ),
        Column("building", required=True, german="Gebäude", max_length=16),
        Column("wing", german="Flügel", max_length=16),
        Column("floor", Kind.INTEGER, german="Geschoss", minimum=-20, maximum=200),
        Column("room_group", german="Raumgruppe", max_length=40),
        Column(
            "duration_days",
            Kind.INTEGER,
            german="Nettodauer Tage",
            minimum=1,
            maximum=LONGEST_DAYS,
        ),
        Column("is_waiting", Kind.BOOLEAN, german="Wartezeit"),
        Column(
            "noise_class",
            Kind.CHOICE,
            german="Lärm",
            choices=NOISE_CLASSES,
            choice_names=NOISE_NAMES,
        ),
        Column("crew", german="Trupp", max_length=40),
        Column("priority", Kind.INTEGER, german="Vorrang", minimum=1, maximum=5),
        Column("responsible", german="Verantwortlich", max_length=120),
        Column("milestone", german="Meilenstein", max_length=60),
        Column("renovation", german="Sanierung", max_length=60),
        Column("not_before", Kind.DATE, german="nicht vor"),
        Column("due", german="fällig", max_length=80),
        Column("due_earliest", Kind.DATE, german="fällig frühestens"),
        Column("due_latest", Kind.DATE, german="fällig spätestens"),
        Column("planned_start", Kind.DATE, german="geplant von"),
        Column("planned_finish", Kind.DATE, german="geplant bis"),
        Column("is_pinned", Kind.BOOLEAN, german="festgesetzt"),
        Column("started_on", Kind.DATE, german="begonnen am"),
        Column("finished_on", Kind.DATE, german="beendet am"),
        Column("is_dropped", Kind.BOOLEAN, german="entfällt"),
        Column("undated_reason", german="Kein Termin weil", max_length=300),
        Column("covers", german="gilt für", max_length=20_000),
        Column("note", german="Bemerkung", aliases=("Notiz",), max_length=500),
    )
    plain: ClassVar[Mapping[str, tuple[str, object]]] = {
        "name": ("name", ""),
        "is_waiting": ("is_waiting", False),
        "priority": ("priority", 3),
        "responsible": ("responsible", ""),
        "not_before": ("not_before", None),
        "planned_start": ("planned_start", None),
        "planned_finish": ("planned_finish", None),
        "is_pinned": ("is_pinned", False),
        "started_on": ("started_on", None),
        "finished_on": ("finished_on", None),
        "undated_reason": ("undated_reason", ""),
        "note": ("note", ""),
    }
    is_named = False

    def load(self) -> None:
        """Load the packages by code, and what rows may name."""
        self.actor.require_somewhere(Action.EDIT_WORK)
        session, self.today = self.session, datetime.now(UTC).date()
        self.sight = package_sight.look(session, self.actor)
        self.records = {item.code: item for item in queries.load_packages(session, None)}
        visible = visible_buildings(self.actor, Action.SEE_PLACES)
        self.buildings = {
            building.code: building
            for building in place_queries.list_whole_buildings(session, visible)
        }
        self.groups = {
            (group.building_id, group.code): group
            for group in group_queries.list_groups(session, visible)
        }
        self.crews = {crew.code: crew for crew in work_queries.list_crews(session)}
        self.milestones = {
            item.code: item
            for item in milestone_queries.load_milestones(session)
            if self.actor.can(Action.SEE_MILESTONES, item.building_id, item.wing_id)
        }
        self.renovations = {
            item.code: item
            for item in renovation_queries.list_renovations(session, visible)
            if renovations.sees(self.actor, item)
        }
        self.waiting: defaultdict[str, set[str]] = defaultdict(set)
        for link in milestone_queries.list_links(session):
            self.waiting[before_key(link)].add(after_key(link))
        for item in self.records.values():
            if item.milestone_id is not None:
                self.waiting[package_key(item.id)].add(milestone_key(item.milestone_id))

    def key_of(self, row: Row) -> str:
        """Give the code."""
        return str(row.values["code"])

    def make(self, key: str) -> WorkPackage:
        """Make a package that covers nothing yet."""
        record = WorkPackage(public_id=uuid.uuid4(), code=key, subjects=[], **self.defaults())
        record.kind, record.duration_days, record.noise_class = "", 0, ""
        record.state = "planned"
        return record

    def check_reach(self, record: WorkPackage) -> None:
        """Refuse a package that lies out of scope."""
        if not self.actor.can(Action.EDIT_WORK, record.building_id, record.wing_id):
            raise InvalidInput(
                Problem(
                    msg("Your role does not reach this place."),
                    msg("Leave the row out, or ask somebody who is responsible there."),
                    field="code",
                    value=record.code,
                )
            )

    def find_values(self, record: WorkPackage, row: Row) -> dict[str, object]:
        """Give kind and place, what the kind usually takes, what is named, and when it is due."""
        values = row.values
        kind = str(values["kind"])
        usual = DEFAULTS[kind]
        found: dict[str, object] = {"kind": kind, **self._find_place(record, row)}
        for name in ("duration_days", "noise_class"):
            given = values.get(name)
            if name in values or not getattr(record, name):
                found[name] = getattr(usual, name) if given is None else given
        for name, known in (
            ("crew", self.crews),
            ("milestone", self.milestones),
            ("renovation", self.renovations),
        ):
            is_moved = name == "renovation" and record.building_id != found["building_id"]
            if name in values and (is_moved or not self._keeps(record, name, values[name])):
                other = _find(name, values[name], known)
                found |= {name: other, f"{name}_id": other.id if other else None}
        if "due" in values:
            first, last = values.get("due_earliest"), values.get("due_latest")
            due = read_spoken(str(values["due"] or ""), "due", first, last)  # type: ignore[arg-type] # dates
            # A composite of nothing but empty columns may read as a date without words.
            if due != (record.due if record.due_wording else None):
                found["due"] = due
        days: dict[str, Any] = {
            name: values.get(name, getattr(record, name)) for name in ("started_on", "finished_on")
        }
        is_dropped = bool(values.get("is_dropped", record.state == "dropped"))
        found["state"] = state_of(**days, is_dropped=is_dropped)
        return found

    def _keeps(self, record: WorkPackage, name: str, code: Value) -> bool:
        """Tell whether an empty cell leaves what the actor does not see where it is."""
        hidden = {
            "milestone": self.sight.milestone_of(record) is None,
            "renovation": self.sight.renovation_of(record) is None,
        }
        return not code and hidden.get(name, False)

    def _find_place(self, record: WorkPackage, row: Row) -> dict[str, object]:
        code = str(row.values["building"])
        building = self.buildings.get(code)
        if building is None:
            raise refuse_unknown("building", code, self.buildings)
        is_moved = record.building_id != building.id
        found: dict[str, object] = {"building": building, "building_id": building.id}
        if is_moved or "wing" in row.values:
            wing = find_wing(building, str(row.values.get("wing") or ""))
            found |= {"wing": wing, "wing_id": wing.id if wing else None}
        if is_moved or "floor" in row.values:
            floors = {str(floor.level): floor for floor in building.floors}
            floor = _find("floor", row.values.get("floor"), floors)
            found |= {"floor": floor, "floor_id": floor.id if floor else None}
        if is_moved or "room_group" in row.values:
            groups = {key[1]: group for key, group in self.groups.items() if key[0] == building.id}
            group = _find("room_group", row.values.get("room_group"), groups)
            found |= {"room_group": group, "room_group_id": group.id if group else None}
        return found

    def check(self, record: WorkPackage, row: Row) -> None:
        """Refuse a package that cannot be, lies out of scope, or feeds what it waits for."""
        del row
        self.check_reach(record)
        if record.wing_id is not None and record.room_group_id is not None:
            raise InvalidInput(
                Problem(
                    msg("A work package belongs to a wing or to a room group, not to both."),
                    msg("Empty one of the two cells."),
                    field="room_group",
                )
            )
        if record.renovation is not None and record.renovation.building_id != record.building_id:
            raise InvalidInput(
                Problem(
                    msg("There is no renovation of this code in the building."),
                    msg("Write the code as it stands in the list of renovations."),
                    field="renovation",
                    value=seen.code if (seen := self.sight.renovation_of(record)) else None,
                )
            )
        check_package(record, self.today)
        refuse_outside(record)
        self._refuse_circle(record)

    def _refuse_circle(self, record: WorkPackage) -> None:
        if record.milestone_id is None or record.id is None:
            return
        key, goal = package_key(record.id), milestone_key(record.milestone_id)
        self.waiting[key].add(goal)
        seen, ahead = set(), [goal]
        while ahead:
            here = ahead.pop()
            if here == key:
                raise InvalidInput(
                    Problem(
                        msg("The package waits for this milestone; it cannot feed it as well."),
                        msg("Choose another milestone, or take the link out."),
                        field="milestone",
                        value=record.milestone.code if record.milestone else "",
                    )
                )
            if here not in seen:
                seen.add(here)
                ahead += self.waiting[here]

    def cover(self, record: WorkPackage, things: list[Thing]) -> None:
        """Let a package cover further things."""
        for thing in things:
            add_subject(record, thing)

    def export(self, session: Session, actor: Actor) -> Iterator[tuple[Value, ...]]:
        """Give the work packages in scope."""
        sight = package_sight.look(session, actor)
        for item in queries.load_packages(session, actor.scope_pairs(Action.EXPORT_TABLES)):
            yield _write(item, sight)


def _find(name: str, value: Value, known: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any record
    """Give what a cell names; None for an empty one."""
    if value is None or value == "":
        return None
    found = known.get(str(value))
    if found is None:
        raise refuse_unknown(name, value, known)
    return found


def _write(item: WorkPackage, sight: PackageSight) -> tuple[Value, ...]:
    milestone, renovation = sight.milestone_of(item), sight.renovation_of(item)
    first, last = days_beside(item.due)
    return (
        item.code,
        item.name,
        item.kind,
        item.building.code,
        item.wing.code if item.wing else "",
        item.floor.level if item.floor else None,
        item.room_group.code if item.room_group else "",
        item.duration_days,
        item.is_waiting,
        item.noise_class,
        item.crew.code if item.crew else "",
        item.priority,
        item.responsible,
        milestone.code if milestone else "",
        renovation.code if renovation else "",
        item.not_before,
        item.due.wording if item.due else "",
        first,
        last,
        item.planned_start,
        item.planned_finish,
        item.is_pinned,
        item.started_on,
        item.finished_on,
        item.state == "dropped",
        item.undated_reason,
        write_covered(item.subjects),
        item.note,
    )
