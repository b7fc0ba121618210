"""The table of tasks: the id is the key, else the title at its place.

Decides that a list without ids finds the tasks that it opened before, and that a row reaches as far
as the pages do: tasks where its author works, and those that were given to its author. What a
finding has opened a task about stays; a new task may belong to a work package.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, ClassVar, Final

from wlantrack.errors import InvalidInput, Problem, msg
from wlantrack.formats.columns import Column, Kind
from wlantrack.services.actor import Action, Actor
from wlantrack.services.places import parse_uuid, visible_buildings
from wlantrack.services.ranges import list_far_days, refuse_any
from wlantrack.services.table_records import RecordTable, refuse_place, refuse_unknown
from wlantrack.services.tasks import LENGTHS, may_edit
from wlantrack.store.models.milestones import WorkPackage
from wlantrack.store.models.work import TASK_STATES, Task
from wlantrack.store.queries import milestones as plan_queries
from wlantrack.store.queries import places as place_queries
from wlantrack.store.queries import tasks as queries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from wlantrack.formats.columns import Value
    from wlantrack.formats.tables import Row

STATE_NAMES: Final = {
    "offen": "open",
    "fertig": "done",
    "erledigt": "done",
    "fallen gelassen": "dropped",
    "entfallen": "dropped",
}
_PACKAGE: Final = WorkPackage.__tablename__


class TaskTable(RecordTable):
    """Tasks with person, day, state and place."""

    key_column = "title"
    is_named = False
    columns: tuple[Column, ...] = (
        Column("title", required=True, german="Aufgabe", max_length=LENGTHS["title"]),
        Column(
            "state",
            Kind.CHOICE,
            german="Stand",
            choices=TASK_STATES,
            choice_names=STATE_NAMES,
        ),
        Column("due_on", Kind.DATE, german="Bis"),
        Column("person", german="Person", max_length=LENGTHS["person"]),
        Column("building", german="Gebäude", max_length=16),
        Column("wing", german="Flügel", max_length=16),
        Column("done_on", Kind.DATE, german="Erledigt am"),
        Column("package", german="Arbeitspaket", max_length=60),
        Column("note", german="Bemerkung", aliases=("Notiz",), max_length=LENGTHS["note"]),
        Column("id", german="Kennung", max_length=36),
    )
    plain: ClassVar = {
        "title": ("title", ""),
        "due_on": ("due_on", None),
        "note": ("note", ""),
    }

    def load(self) -> None:
        """Load the tasks, by id and by what they are called where; and what rows may name."""
        self.actor.require_somewhere(Action.EDIT_WORK)
        session, self.now = self.session, datetime.now(UTC)
        self.by_title: defaultdict[tuple[str, int | None, int | None], list[uuid.UUID]]
        self.by_title = defaultdict(list)
        known = set()
        for task in queries.load_in_reach(session, None, ""):
            self.records[task.public_id] = task
            if may_edit(self.actor, task):
                key = (task.title, task.building_id, task.wing_id)
                self.by_title[key].append(task.public_id)
                known.add(task.building_id)
        visible = visible_buildings(self.actor, Action.SEE_PLACES)
        self.buildings = {
            code: building
            for code, building in place_queries.list_buildings_by_code(session).items()
            if visible is None or building.id in visible or building.id in known
        }
        self.people: defaultdict[str, set[str]] = defaultdict(set)
        for name, shown in queries.list_people(session):
            self.people[name.casefold()].add(name)
            self.people[shown.casefold()].add(name)
        self.packages = {
            row.code: row.public_id
            for row in plan_queries.list_packages(session)
            if self.actor.can(Action.EDIT_WORK, row.building_id, row.wing_id)
        }

    def key_of(self, row: Row) -> uuid.UUID:
        """Give the id that is named, that of the title at its place, or a new one."""
        if named := row.values.get("id"):
            public_id = parse_uuid(str(named))
            if public_id is None:
                message = msg("This is no id.")
                remedy = msg("Leave the cell empty for a new record.")
                raise InvalidInput(Problem(message, remedy, field="id", value=str(named)))
            return public_id
        title = str(row.values["title"])
        known = self.by_title[title, *self._find_place(row)]
        if len(known) > 1:
            raise InvalidInput(
                Problem(
                    msg("Several tasks are called so here."),
                    msg("Write the id of one of them, as it stands in an export of the tasks."),
                    field="title",
                    value=title,
                )
            )
        if not known:
            known.append(uuid.uuid4())
        return known[0]

    def make(self, key: uuid.UUID) -> Task:
        """Make an open task of nobody's."""
        return Task(
            public_id=key,
            state="open",
            person="",
            origin="person",
            opened_at=self.now,
            opened_by=self.actor.name,
            subject_kind="",
            **self.defaults(),
        )

    def check_reach(self, record: Task) -> None:
        """Refuse a task that lies out of scope and was given to somebody else."""
        if not may_edit(self.actor, record):
            raise refuse_place("id", str(record.public_id))

    def find_values(self, record: Task, row: Row) -> dict[str, object]:
        """Give place, person, state and work package."""
        found: dict[str, object] = {**self._find_state(record, row)}
        is_new = record.public_id not in self.records
        if is_new or {"building", "wing"} & row.values.keys():
            place = self._find_place(row)
            is_moved = place != (record.building_id, record.wing_id)
            if (is_new or is_moved) and not self.actor.can(Action.EDIT_WORK, *place):
                raise refuse_place("building", str(row.values.get("building") or ""))
            found["building_id"], found["wing_id"] = place
        if "person" in row.values:
            found["person"] = self._find_person(record, str(row.values["person"] or ""))
        if code := str(row.values.get("package") or ""):
            found |= self._find_package(record, code)
        return found

    def _find_place(self, row: Row) -> tuple[int | None, int | None]:
        """Give building and wing; nothing means everywhere."""
        code, wing_code = (str(row.values.get(name) or "") for name in ("building", "wing"))
        building = self.buildings.get(code)
        if code and building is None:
            raise refuse_unknown("building", code, self.buildings)
        wing = self.places.wings.get((building.id, wing_code)) if building is not None else None
        if wing_code and wing is None:
            raise InvalidInput(
                Problem(
                    msg("The building has no such wing."),
                    msg("Write the wing's code such as MP, or add the wing first."),
                    field="wing",
                    value=wing_code,
                )
            )
        return building.id if building else None, wing.id if wing else None

    def _find_person(self, record: Task, named: str) -> str:
        """Give the account of a name; whoever has the task may keep it."""
        if not named or named == record.person:
            return named
        known = self.people[named.casefold()]
        if len(known) > 1:
            raise InvalidInput(
                Problem(
                    msg("Several people are called so."),
                    msg("Write one of: %(choices)s.", choices=", ".join(sorted(known))),
                    field="person",
                    value=named,
                )
            )
        if not known:
            raise InvalidInput(
                Problem(
                    msg("Nobody with an account is called so."),
                    msg("Write the name with which the person logs in, or leave the cell empty."),
                    field="person",
                    value=named,
                )
            )
        return next(iter(known))

    def _find_state(self, record: Task, row: Row) -> dict[str, object]:
        """Give state and the day on which it was done: today, unless the row says which."""
        state = str(row.values.get("state") or record.state)
        day = row.values.get("done_on")
        if day is None and state == "done":
            day = record.done_on if record.state == "done" else self.now.date()
        elif day is not None and state != "done":
            raise InvalidInput(
                Problem(
                    msg("Only a task that is done has a day on which it was done."),
                    msg("Empty the cell, or set the state to done."),
                    field="done_on",
                    value=str(day),
                )
            )
        elif isinstance(day, date) and day > self.now.date():
            raise InvalidInput(
                Problem(
                    msg("This day lies in the future."),
                    msg("Enter the day on which it was done."),
                    field="done_on",
                    value=day.isoformat(),
                )
            )
        return {"state": state, "done_on": day}

    def _find_package(self, record: Task, code: str) -> dict[str, object]:
        """Give the work package of a new task; a task that is here stays with its own."""
        public_id = self.packages.get(code)
        if public_id is None:
            raise refuse_unknown("package", code, self.packages)
        if record.public_id in self.records and record.subject_id != public_id:
            raise InvalidInput(
                Problem(
                    msg("A task stays with what it was opened for."),
                    msg("Empty the cell, or open a task of its own for this work package."),
                    field="package",
                    value=code,
                )
            )
        return {"subject_kind": _PACKAGE, "subject_id": public_id}

    def check(self, record: Task, row: Row) -> None:
        """Refuse days in a year that no plan has."""
        del row
        refuse_any(list_far_days(record, ["due_on", "done_on"]))

    def export(self, session: Session, actor: Actor) -> Iterator[tuple[Value, ...]]:
        """Give the tasks in reach; of their work packages those that the actor sees."""
        packages = {
            row.public_id: row.code
            for row in plan_queries.list_packages(session)
            if actor.can(Action.SEE_WORK, row.building_id, row.wing_id)
        }
        pairs = actor.scope_pairs(Action.SEE_WORK)
        for task in queries.load_in_reach(session, pairs, actor.name):
            yield (
                task.title,
                task.state,
                task.due_on,
                task.person,
                task.building.code if task.building else "",
                task.wing.code if task.wing else "",
                task.done_on,
                packages.get(task.subject_id, "") if task.subject_id else "",
                task.note,
                str(task.public_id),
            )
