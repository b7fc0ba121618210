"""The tables of distributors and outlets: the code is their key."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Final

from wlantrack.errors import InvalidInput, Problem, msg
from wlantrack.formats.columns import Column, Kind
from wlantrack.services.actor import Action, Actor
from wlantrack.services.belongings import move_belongings
from wlantrack.services.places import floor_code
from wlantrack.services.scopes import scope_pairs
from wlantrack.services.table_rows import PlaceIndex, RowOutcome, require_first
from wlantrack.store.models.cabling import Distributor, Outlet
from wlantrack.store.queries import cabling as queries
from wlantrack.store.queries import places as place_queries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from wlantrack.formats.columns import Value
    from wlantrack.formats.tables import Row
    from wlantrack.store.models.places import Room

_PLACE_COLUMNS: Final = (
    Column("floor", german="Geschoss", max_length=40),
    Column("wing", german="Flügel", aliases=("Gebäudeflügel",), max_length=16),
    Column("room", german="Raum", aliases=("Raumnummer",), max_length=30),
    Column("x_m", Kind.NUMBER, german="x (m)", minimum=-100_000, maximum=100_000),
    Column("y_m", Kind.NUMBER, german="y (m)", minimum=-100_000, maximum=100_000),
)
_NOTE: Final = Column("note", german="Bemerkung", aliases=("Notiz",), max_length=500)


class _PlacedTable:
    """What both tables share; the subclass says which record it is and what it has beside."""

    finds_all = False
    columns: tuple[Column, ...]
    record_type: type[Distributor | Outlet]
    plain: tuple[str, ...]

    def begin(self, session: Session, actor: Actor, rows: tuple[Row, ...]) -> None:
        """Load floors, wings, rooms and the records that the rows may mean."""
        del rows
        self.session = session
        self.places = PlaceIndex(session, actor)
        self.rooms = {
            (room.floor_id, room.number): room
            for room in place_queries.list_all_rooms(session, None)
        }
        self.records: dict[str, Distributor | Outlet] = {
            record.code: record for record in self._load(session)
        }
        self.seen: dict[str, int] = {}

    def _load(self, session: Session) -> list[Distributor] | list[Outlet]:
        if self.record_type is Distributor:
            return queries.load_distributors(session, None)
        return queries.load_outlets(session, None)

    def apply(self, row: Row) -> RowOutcome:
        """Create or change the record of a row."""
        code = str(row.values["code"])
        require_first(self.seen, code, row, "code")
        record = self.records.get(code)
        is_new = record is None
        if record is None:
            record = self._begin_record(code, row)
        else:
            self.places.require_write(record.floor, record.wing_id)
        before = self._describe(record)
        self._set_place(record, row)
        for name in self.plain:
            if name in row.values:
                setattr(record, name, row.values[name] or "")
        self.places.require_write(record.floor, record.wing_id)
        after = self._describe(record)
        changed = [name for name, value in after.items() if before[name] != value]
        if is_new:
            self.session.add(record)
            self.records[code] = record
        elif {"floor_id", "wing_id"} & set(changed):
            move_belongings(self.session, record, record.floor, record.wing_id)
        outcome = "created" if is_new else "updated" if changed else "unchanged"
        return RowOutcome(row.number, code, outcome, () if is_new else tuple(changed))

    def _begin_record(self, code: str, row: Row) -> Distributor | Outlet:
        if row.values.get("floor") is None:
            raise InvalidInput(
                Problem(
                    msg("A new entry needs this value."),
                    msg("Fill in the cell, or set one value for all rows."),
                    field="floor",
                    value="",
                )
            )
        floor = self.places.find_floor(str(row.values["floor"]))
        record = self.record_type(public_id=uuid.uuid4(), code=code, floor_id=floor.id)
        record.floor = floor
        record.wing_id = record.room_id = record.x_m = record.y_m = None
        for name in self.plain:
            setattr(record, name, "")
        return record

    def _describe(self, record: Distributor | Outlet) -> dict[str, object]:
        names = ("floor_id", "wing_id", "room_id", "x_m", "y_m", *self.plain)
        return {name: getattr(record, name) for name in names}

    def _set_place(self, record: Distributor | Outlet, row: Row) -> None:
        values = row.values
        if values.get("floor") is not None:
            floor = self.places.find_floor(str(values["floor"]))
            if floor.id != record.floor_id:
                record.floor_id, record.floor = floor.id, floor
                record.room_id = record.wing_id = None
        if "room" in values:
            room = self._find_room(record, values["room"])
            record.room_id = room.id if room else None
            if room is not None and not values.get("wing"):
                record.wing_id = room.wing_id
        if "wing" in values and (values["wing"] is not None or record.room_id is None):
            code = values["wing"]
            wing = self.places.find_wing(record.floor, str(code)) if code is not None else None
            record.wing_id = wing.id if wing else None
        for axis in ("x_m", "y_m"):
            if axis in values:
                setattr(record, axis, values[axis])
        if (record.x_m is None) != (record.y_m is None):
            raise InvalidInput(
                Problem(
                    msg("A position needs both coordinates."),
                    msg("Fill in x and y, or leave both empty."),
                    field="x_m" if record.x_m is None else "y_m",
                )
            )

    def _find_room(self, record: Distributor | Outlet, number: Value) -> Room | None:
        if number is None:
            return None
        room = self.rooms.get((record.floor.id, str(number)))
        if not self.places.sees_room(room, record.room_id):
            raise InvalidInput(
                Problem(
                    msg("The floor has no such room."),
                    msg("Import the rooms first, or leave the cell empty."),
                    field="room",
                    value=str(number),
                )
            )
        return room


def _place_cells(record: Distributor | Outlet) -> tuple[Value, ...]:
    return (
        floor_code(record.floor),
        record.wing.code if record.wing else None,
        record.room.number if record.room else None,
        record.x_m,
        record.y_m,
    )


class DistributorTable(_PlacedTable):
    """Distributors with their places."""

    columns: tuple[Column, ...] = (
        Column("code", required=True, german="Kennung", aliases=("Verteiler",), max_length=40),
        Column("name", german="Bezeichnung", max_length=120),
        *_PLACE_COLUMNS,
        _NOTE,
    )
    record_type = Distributor
    plain = ("name", "note")

    def export(self, session: Session, actor: Actor) -> Iterator[tuple[Value, ...]]:
        """Give the distributors in scope."""
        for item in queries.load_distributors(session, scope_pairs(actor, Action.EXPORT_TABLES)):
            yield (item.code, item.name, *_place_cells(item), item.note)


class OutletTable(_PlacedTable):
    """Outlets with their places."""

    columns: tuple[Column, ...] = (
        Column("code", required=True, german="Kennung", aliases=("Datendose",), max_length=40),
        *_PLACE_COLUMNS,
        _NOTE,
    )
    record_type = Outlet
    plain = ("note",)

    def export(self, session: Session, actor: Actor) -> Iterator[tuple[Value, ...]]:
        """Give the outlets in scope."""
        for item in queries.load_outlets(session, scope_pairs(actor, Action.EXPORT_TABLES)):
            yield (item.code, *_place_cells(item), item.note)
