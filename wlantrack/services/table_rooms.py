"""The table of rooms: floor and number are its key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from wlantrack.errors import InvalidInput, Problem, msg
from wlantrack.formats.columns import Column, Kind
from wlantrack.services.actor import Action, Actor
from wlantrack.services.outlines import read_outline, write_outline
from wlantrack.services.places import floor_code, visible_buildings
from wlantrack.services.table_rows import PlaceIndex, RowOutcome
from wlantrack.store.models.places import CONFERENCE_STATES, ROOM_USES, Room
from wlantrack.store.queries import places as queries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from wlantrack.formats.columns import Value
    from wlantrack.formats.tables import Row
    from wlantrack.store.models.places import Floor

USE_NAMES: Final = {
    "Büro": "office",
    "Besprechung": "meeting",
    "Sitzungssaal": "council",
    "öffentlich": "public",
    "Flur": "corridor",
    "Treppe": "stairs",
    "WC": "sanitary",
    "Technik": "technical",
    "Lager": "storage",
    "Sonstiges": "other",
}
_EQUIPMENT_NAMES: Final = {
    "keine": "none",
    "vorhanden": "present",
    "beantragt": "requested",
    "bestellt": "ordered",
}

_PLAIN: Final = {
    "name": ("name", ""),
    "use": ("use", "other"),
    "seats": ("seats", None),
    "public": ("is_public", False),
    "secure": ("is_secure", False),
    "conference_equipment": ("conference_equipment", "none"),
    "note": ("note", ""),
}
"""Column to the record's field and what an empty cell means."""


class RoomTable:
    """Rooms in the columns of the facility department."""

    columns: tuple[Column, ...] = (
        Column("floor", required=True, german="Geschoss", max_length=40),
        Column("wing", german="Flügel", aliases=("Gebäudeflügel",), max_length=16),
        Column("number", required=True, german="Raumnummer", aliases=("Nummer",), max_length=30),
        Column("name", german="Bezeichnung", aliases=("Raumname",), max_length=120),
        Column("use", Kind.CHOICE, german="Nutzung", choices=ROOM_USES, choice_names=USE_NAMES),
        Column("seats", Kind.INTEGER, german="Plätze", minimum=0, maximum=10_000),
        Column("public", Kind.BOOLEAN, german="öffentlich"),
        Column("secure", Kind.BOOLEAN, german="Sicherheitsbereich"),
        Column(
            "conference_equipment",
            Kind.CHOICE,
            german="Konferenztechnik",
            choices=CONFERENCE_STATES,
            choice_names=_EQUIPMENT_NAMES,
        ),
        Column("polygon_wkt", german="Umriss", max_length=20_000),
        Column("note", german="Bemerkung", aliases=("Notiz",), max_length=500),
    )

    def begin(self, session: Session, actor: Actor, rows: tuple[Row, ...]) -> None:
        """Load the floors, wings and rooms that the rows may mean."""
        del rows
        self.session = session
        self.places = PlaceIndex(session, actor)
        self.rooms = {
            (room.floor_id, room.number): room for room in queries.list_all_rooms(session, None)
        }
        self.seen: dict[tuple[int, str], int] = {}

    def apply(self, row: Row) -> RowOutcome:
        """Create or change the room of a row."""
        floor = self.places.find_floor(str(row.values["floor"]))
        number = str(row.values["number"])
        key = (floor.id, number)
        self._require_first(key, row)
        room = self.rooms.get(key)
        is_new = room is None
        if room is None:
            room = Room(floor_id=floor.id, number=number)
            for field, default in _PLAIN.values():
                setattr(room, field, default)
        else:
            self.places.require_write(floor, room.wing_id)
        changed = self._set_fields(room, floor, row)
        self.places.require_write(floor, room.wing_id)
        if is_new:
            self.session.add(room)
            self.rooms[key] = room
        outcome = "created" if is_new else "updated" if changed else "unchanged"
        return RowOutcome(row.number, f"{row.values['floor']} {number}", outcome, tuple(changed))

    def _require_first(self, key: tuple[int, str], row: Row) -> None:
        first = self.seen.setdefault(key, row.number)
        if first != row.number:
            raise InvalidInput(
                Problem(
                    msg("Row %(row)d has the same room.", row=first),
                    msg("Leave one of the two rows out."),
                    field="number",
                    value=key[1],
                )
            )

    def _set_fields(self, room: Room, floor: Floor, row: Row) -> list[str]:
        wanted: dict[str, object] = {
            field: default if row.values[column] is None else row.values[column]
            for column, (field, default) in _PLAIN.items()
            if column in row.values
        }
        if "wing" in row.values:
            code = row.values["wing"]
            wanted["wing_id"] = self.places.find_wing(floor, str(code)).id if code else None
        if "polygon_wkt" in row.values:
            wanted["outline"] = read_outline(row.values["polygon_wkt"])
        changed = [field for field, value in wanted.items() if getattr(room, field) != value]
        for field in changed:
            setattr(room, field, wanted[field])
        return changed

    def export(self, session: Session, actor: Actor) -> Iterator[tuple[Value, ...]]:
        """Give the rooms in scope."""
        for room in queries.list_all_rooms(session, visible_buildings(actor, Action.EXPORT_TABLES)):
            if not actor.can(Action.EXPORT_TABLES, room.floor.building_id, room.wing_id):
                continue
            yield (
                floor_code(room.floor),
                room.wing.code if room.wing else None,
                room.number,
                room.name,
                room.use,
                room.seats,
                room.is_public,
                room.is_secure,
                room.conference_equipment,
                write_outline(room.outline),
                room.note,
            )
