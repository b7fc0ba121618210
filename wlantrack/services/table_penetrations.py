"""The table of penetrations: the code is the key; a cell names the runs through it.

Decides that a new penetration may arrive in any state, because its row tells of the past. One that is
here goes by the table of states: a row is a reason and may name the approval of a seal, but brings
no photo. A further run through a sealed penetration opens it, as everywhere.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, ClassVar, Final

from wlantrack.errors import InvalidInput, Problem, msg
from wlantrack.formats.columns import Column, Kind
from wlantrack.rollout.lifecycle import PENETRATION_LIFECYCLE, PENETRATION_STATES
from wlantrack.services.actor import Action, Actor
from wlantrack.services.named_things import find_runs
from wlantrack.services.penetrations import SEALED, add_run, list_through, place_of, reopen
from wlantrack.services.places import floor_code
from wlantrack.services.scopes import scope_pairs
from wlantrack.services.table_records import SEPARATOR, RecordTable, split_list
from wlantrack.store.models.permits import Penetration
from wlantrack.store.queries import penetrations as queries

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy.orm import Session

    from wlantrack.errors import Message
    from wlantrack.formats.columns import Value
    from wlantrack.formats.tables import Row

STATE_NAMES: Final = {
    "geplant": "planned",
    "offen": "open",
    "geschottet": "sealed",
    "geprüft": "checked",
}
_FARTHEST_M: Final = 10_000
_REMEDIES: Final[Mapping[str | None, Message]] = {
    "photo": msg("Seal it on its page with a photo, and leave the cell empty here."),
    "approval": msg("Fill in the approval of the seal, or enter it on its page."),
}
"""What to do about evidence that a row lacks."""


class PenetrationTable(RecordTable):
    """Penetrations with their places, seals and runs."""

    columns: tuple[Column, ...] = (
        Column("code", required=True, german="Kennung", max_length=60),
        Column("floor", required=True, german="Geschoss", max_length=40),
        Column("wing", german="Flügel", max_length=16),
        Column("x_m", Kind.NUMBER, german="x m", minimum=-_FARTHEST_M, maximum=_FARTHEST_M),
        Column("y_m", Kind.NUMBER, german="y m", minimum=-_FARTHEST_M, maximum=_FARTHEST_M),
        Column("place", german="Lage", max_length=160),
        Column("fire_rating", german="Feuerwiderstand", max_length=20),
        Column("seal", german="Schott", max_length=120),
        Column("approval", german="Zulassung", max_length=120),
        Column(
            "state",
            Kind.CHOICE,
            german="Stand",
            choices=tuple(PENETRATION_STATES),
            choice_names=STATE_NAMES,
        ),
        Column("sealed_on", Kind.DATE, german="geschottet am"),
        Column("firm", german="Firma", max_length=120),
        Column("runs", german="Kabel", max_length=20_000),
        Column("note", german="Bemerkung", aliases=("Notiz",), max_length=500),
    )
    plain: ClassVar = {
        "x_m": ("x_m", None),
        "y_m": ("y_m", None),
        "place": ("place", ""),
        "fire_rating": ("fire_rating", ""),
        "seal": ("seal", ""),
        "approval": ("approval", ""),
        "state": ("state", "planned"),
        "sealed_on": ("sealed_on", None),
        "firm": ("firm", ""),
        "note": ("note", ""),
    }
    is_named = False

    def load(self) -> None:
        """Load the penetrations by code."""
        found = queries.load_penetrations(self.session, None)
        self.records = {item.code: item for item in found}

    def key_of(self, row: Row) -> str:
        """Give the code."""
        return str(row.values["code"])

    def make(self, key: str) -> Penetration:
        """Make a planned penetration without runs."""
        return Penetration(public_id=uuid.uuid4(), code=key, runs=[], **self.defaults())

    def check_reach(self, record: Penetration) -> None:
        """Refuse a penetration that lies out of scope."""
        if not self.actor.can(Action.EDIT_CABLING, *place_of(record)):
            raise InvalidInput(
                Problem(
                    msg("Your role does not reach this place."),
                    msg("Leave the row out, or ask somebody who is responsible there."),
                    field="code",
                    value=record.code,
                )
            )

    def find_values(self, record: Penetration, row: Row) -> dict[str, object]:
        """Give floor and wing."""
        floor = self.places.find_floor(str(row.values["floor"]))
        found: dict[str, object] = {"floor_id": floor.id, "floor": floor}
        if "wing" in row.values:
            code = row.values["wing"]
            wing = self.places.find_wing(floor, str(code)) if code else None
            found |= {"wing_id": wing.id if wing else None, "wing": wing}
        elif record.wing is not None and record.wing.building_id != floor.building_id:
            found |= {"wing_id": None, "wing": None}
        return found

    def check(self, record: Penetration, row: Row) -> None:
        """Refuse a penetration that cannot be, or lies out of scope."""
        del row
        self.check_reach(record)
        if (record.x_m is None) != (record.y_m is None):
            raise InvalidInput(
                Problem(
                    msg("A position needs both coordinates."),
                    msg("Fill in x and y, or leave both empty."),
                    field="x_m" if record.x_m is None else "y_m",
                )
            )

    def _set_fields(self, record: Penetration, row: Row) -> list[str]:
        is_new = record.code not in self.records
        state, sealed_on = record.state, record.sealed_on
        with self.session.no_autoflush:
            changed = super()._set_fields(record, row)
            if not is_new:
                record.state = state
            if "runs" in row.values and self._set_runs(record, row, is_new=is_new):
                changed.append("runs")
            target = row.values.get("state")
            if target is not None and target != record.state:
                self._follow_table(record, str(target))
            self._set_day(record, row)
        differing = {"state": state != record.state, "sealed_on": sealed_on != record.sealed_on}
        changed = [name for name in changed if name not in differing]
        return [*changed, *(name for name, differs in differing.items() if differs)]

    def _follow_table(self, record: Penetration, target: str) -> None:
        """Carry a penetration that is here to the state of a row, if that is evidence enough."""
        given = {"reason", *(["approval"] if record.approval else [])}
        try:
            PENETRATION_LIFECYCLE.require(
                record.state,
                target,
                roles=self.actor.roles_in(*place_of(record)),
                evidence=frozenset(given),
            )
        except InvalidInput as error:
            raise InvalidInput(
                *(
                    replace(
                        problem, field="state", remedy=_REMEDIES.get(problem.field, problem.remedy)
                    )
                    for problem in error.problems
                )
            ) from error
        record.state = target

    @staticmethod
    def _set_day(record: Penetration, row: Row) -> None:
        """Refuse the day of a seal that there is not, or not yet; one that was opened has none."""
        day = row.values.get("sealed_on")
        if record.state not in SEALED:
            if day is not None:
                raise InvalidInput(
                    Problem(
                        msg("Only a penetration that is sealed has a day on which it was sealed."),
                        msg("Empty the cell; on its page it is sealed with a photo."),
                        field="sealed_on",
                        value=str(day),
                    )
                )
            record.sealed_on = None
        elif isinstance(day, date) and day > datetime.now(UTC).date():
            raise InvalidInput(
                Problem(
                    msg("This day lies in the future."),
                    msg("Enter the day on which it was done."),
                    field="sealed_on",
                    value=day.isoformat(),
                )
            )

    def _set_runs(self, record: Penetration, row: Row, *, is_new: bool) -> bool:
        """Lead exactly the runs of a cell through it; tell whether that changed anything.

        Those out of scope stay: who wrote the cell does not know of them.
        """
        names = split_list(row.values["runs"])
        before = {item.cable_run.label: item for item in list_through(self.actor, record)}
        if set(names) == set(before):
            return False
        try:
            further = find_runs(self.session, self.actor, [n for n in names if n not in before])
            for name in before.keys() - set(names):
                record.runs.remove(before[name])
            for run in further:
                add_run(record, run)
        except InvalidInput as error:
            raise InvalidInput(*(replace(each, field="runs") for each in error.problems)) from error
        if further and not is_new:
            reopen(record)
        return True

    def export(self, session: Session, actor: Actor) -> Iterator[tuple[Value, ...]]:
        """Give the penetrations in scope."""
        pairs = scope_pairs(actor, Action.EXPORT_TABLES)
        for item in queries.load_penetrations(session, pairs):
            yield (
                item.code,
                floor_code(item.floor),
                item.wing.code if item.wing else "",
                item.x_m,
                item.y_m,
                item.place,
                item.fire_rating,
                item.seal,
                item.approval,
                item.state,
                item.sealed_on,
                item.firm,
                SEPARATOR.join(link.cable_run.label for link in list_through(actor, item)),
                item.note,
            )
