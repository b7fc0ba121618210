"""The table of access points with a radio per band: the code is its key."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from wlantrack.errors import InvalidInput, Problem, WlantrackError, msg
from wlantrack.formats.columns import Column, Kind
from wlantrack.networks.on_air import Spot
from wlantrack.networks.plan import LIVE_STATES
from wlantrack.rollout.lifecycle import ACCESS_POINT_LIFECYCLE, ACCESS_POINT_STATES
from wlantrack.services import hold_points
from wlantrack.services.access_points import (
    check_values,
    default_radios,
    normalise_mac,
    require_code,
)
from wlantrack.services.actor import Action, Actor
from wlantrack.services.belongings import move_belongings
from wlantrack.services.extent import load_drawing
from wlantrack.services.operation_gate import describe_block, open_gate
from wlantrack.services.point_places import (
    check_belonging,
    check_place,
    load_plan_areas,
    warn_of_place,
)
from wlantrack.services.radio_checks import check_radio
from wlantrack.services.table_gate import GatedTable
from wlantrack.services.table_rows import Findings, PlaceIndex, RowOutcome
from wlantrack.store.models.access_points import MOUNTS, AccessPoint, AccessPointModel, Radio
from wlantrack.store.queries import access_points as queries
from wlantrack.store.queries import places as place_queries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shapely.geometry.base import BaseGeometry
    from sqlalchemy.orm import Session

    from wlantrack.formats.columns import Value
    from wlantrack.formats.tables import Row
    from wlantrack.networks.plan import Subject
    from wlantrack.store.models.places import Floor

_STATE_NAMES: Final = {
    "geplant": "planned",
    "freigegeben": "released",
    "bestellt": "ordered",
    "geliefert": "delivered",
    "vorbereitet": "staged",
    "montiert": "mounted",
    "online": "online",
    "in Betrieb": "in operation",
    "abgenommen": "accepted",
    "defekt": "faulty",
    "verloren": "lost",
    "entfernt": "removed",
}
_MOUNT_NAMES: Final = {"Decke": "ceiling", "Wand": "wall", "Boden": "floor"}


@dataclass(frozen=True)
class _Plain:
    """A column that fills one field; ``empty`` is what an empty cell means."""

    column: str
    field: str
    empty: object


_PLAIN: Final = (
    _Plain("height_m", "height_m", 2.7),
    _Plain("mount", "mount", "ceiling"),
    _Plain("azimuth_deg", "azimuth_deg", 0.0),
    _Plain("downtilt_deg", "downtilt_deg", 0.0),
    _Plain("outdoor", "is_outdoor", empty=False),
    _Plain("public", "is_public", empty=False),
    _Plain("serial", "serial", ""),
    _Plain("legacy_id", "legacy_id", ""),
    _Plain("note", "note", ""),
)


@dataclass(frozen=True)
class _RadioColumns:
    """The three columns of one band's radio."""

    band: str
    channel: str
    width: str
    power: str


_RADIOS: Final = tuple(
    _RadioColumns(band, f"channel_{name}", f"width_{name}_mhz", f"power_{name}_dbm")
    for band, name in (("2.4", "24"), ("5", "5"), ("6", "6"))
)


def _radio_columns() -> Iterator[Column]:
    for names in _RADIOS:
        label = names.band.replace(".", ",")
        yield Column(names.channel, Kind.INTEGER, german=f"Kanal {label} GHz")
        yield Column(names.width, Kind.INTEGER, german=f"Kanalbreite {label} GHz (MHz)")
        yield Column(
            names.power,
            Kind.NUMBER,
            german=f"Sendeleistung {label} GHz (dBm)",
            minimum=-10,
            maximum=36,
        )


class AccessPointTable(GatedTable):
    """Access points in the columns that planners exchange."""

    columns: tuple[Column, ...] = (
        Column("code", required=True, german="Kennung", max_length=60),
        Column("floor", german="Geschoss", max_length=40),
        Column("wing", german="Flügel", aliases=("Gebäudeflügel",), max_length=16),
        Column("room", german="Raum", aliases=("Raumnummer",), max_length=30),
        Column("model", german="Modell", max_length=60),
        Column("x_m", Kind.NUMBER, german="x (m)"),
        Column("y_m", Kind.NUMBER, german="y (m)"),
        Column("height_m", Kind.NUMBER, german="Montagehöhe (m)", aliases=("Höhe (m)",)),
        Column("mount", Kind.CHOICE, german="Montage", choices=MOUNTS, choice_names=_MOUNT_NAMES),
        Column("azimuth_deg", Kind.NUMBER, german="Azimut (Grad)"),
        Column("downtilt_deg", Kind.NUMBER, german="Neigung (Grad)"),
        Column("outdoor", Kind.BOOLEAN, german="Außenbereich"),
        Column("public", Kind.BOOLEAN, german="öffentlich"),
        Column(
            "state",
            Kind.CHOICE,
            german="Zustand",
            choices=tuple(ACCESS_POINT_STATES),
            choice_names=_STATE_NAMES,
        ),
        Column("serial", german="Seriennummer", max_length=60),
        Column("mac", german="MAC-Adresse", max_length=20),
        *_radio_columns(),
        Column("legacy_id", german="Alte Kennung", max_length=60),
        Column("note", german="Bemerkung", aliases=("Notiz",), max_length=500),
    )

    def begin(self, session: Session, actor: Actor, rows: tuple[Row, ...]) -> None:
        """Load everything the rows may refer to, in a handful of queries."""
        self.session, self.actor = session, actor
        self.places = PlaceIndex(session, actor)
        self.models = {model.code: model for model in queries.list_models(session)}
        self.rooms = {
            (room.floor_id, room.number): room
            for room in place_queries.list_all_rooms(session, None)
        }
        self.rooms_by_id = {room.id: room for room in self.rooms.values()}
        self.plan_areas = load_plan_areas(session)
        self.walled_areas: dict[int, BaseGeometry | None] = {}
        self.points = queries.get_by_codes(session, {str(row.values["code"]) for row in rows})
        self.held = hold_points.load_for_points(session, self.points.values())
        self.seen: dict[str, int] = {}
        # What is in operation already is history: the check warns of it and stops nothing.
        is_asked = any(row.values.get("state") in LIVE_STATES for row in rows)
        self.gate = open_gate(session) if is_asked else None
        # Where such a one comes to hang is not history.
        self.live = {code for code, item in self.points.items() if item.state in LIVE_STATES}
        self.has_refused = False
        if self.live:
            self.watch_air(is_wide=False)

    def apply(self, row: Row) -> RowOutcome:
        """Create or change the access point of a row, or tell everything that is wrong with it."""
        try:
            return self._apply(row)
        except WlantrackError:
            self.has_refused = True
            raise

    def conclude(self) -> list[Problem]:
        """Give what the separation check has against where rows put access points in operation.

        A refused row may have left an access point half changed: then nothing is judged.
        """
        if not self.live or self.has_refused:
            return []
        return [problem for problem in super().conclude() if problem.row is not None]

    def row_of(self, subject: Subject) -> int | None:
        """Give the row that names an access point in operation."""
        is_named = subject.kind == "access point" and subject.code in self.live
        return self.seen.get(subject.code) if is_named else None

    def _apply(self, row: Row) -> RowOutcome:
        code = str(row.values["code"])
        findings = Findings(row.bad)
        self._require_first(code, row)
        point = self.points.get(code)
        if point is not None:
            self._require_own(point)
            state, before = point.state, _describe(point)
            has_new_radios, warnings = self._fill_in(point, row, findings, is_new=False)
            findings.require_none()
            changed = [name for name, value in _describe(point).items() if before[name] != value]
            if {"floor_id", "wing_id"} & set(changed):
                move_belongings(self.session, point, self._floor_of(point), point.wing_id)
            changed += ["radios"] if has_new_radios else []
            outcome = "updated" if changed else "unchanged"
            if {"x_m", "y_m", "floor_id", "is_outdoor"} & set(changed):
                warnings += self._warn_of_place(point, row)
            warnings += self._warn_of_operation(point, state)
            return RowOutcome(row.number, code, outcome, tuple(changed), tuple(warnings))
        with findings.collect():
            require_code(code)
        with findings.collect():
            _require_given(row)
        point = _begin_point(code)
        warnings = self._fill_in(point, row, findings, is_new=True)[1]
        findings.require_none()
        self.session.add(point)
        self.points[code] = point
        warnings += self._warn_of_place(point, row)
        warnings += self._warn_of_operation(point, "")
        return RowOutcome(row.number, code, "created", (), tuple(warnings))

    def _fill_in(
        self, point: AccessPoint, row: Row, findings: Findings, *, is_new: bool
    ) -> tuple[bool, list[Problem]]:
        with findings.collect():
            if row.values.get("floor") is not None:
                self._set_floor(point, self.places.find_floor(str(row.values["floor"])))
        has_floor = "floor" not in findings.bad
        if has_floor:
            self._set_room_and_wing(point, row, findings)
        with findings.collect():
            self._set_model_and_position(point, row)
        self._set_plain(point, row, findings)
        if has_floor:
            with findings.collect():
                self.places.require_write(self._floor_of(point), point.wing_id)
        with findings.collect("state"):
            self._set_state(point, row, is_new=is_new)
        return self._set_radios(point, row, findings, is_new=is_new)

    def _warn_of_place(self, point: AccessPoint, row: Row) -> list[Problem]:
        floor_id = point.floor_id
        if floor_id not in self.walled_areas:
            self.walled_areas[floor_id] = load_drawing(self.session, floor_id).walled_area
        found = warn_of_place(point, self.walled_areas[floor_id])
        return [replace(problem, row=row.number) for problem in found]

    def _warn_of_operation(self, point: AccessPoint, before: str) -> list[Problem]:
        if self.gate is None or before in LIVE_STATES or point.state not in LIVE_STATES:
            return []
        bands = frozenset(radio.band for radio in point.radios if radio.is_enabled is not False)
        place = (self._floor_of(point).building_id, point.floor_id, point.wing_id)
        spot = Spot(point.id or 0, *place, bands)
        return [describe_block(self.actor, item) for item in self.gate.list_blocks_at(spot)]

    def _require_first(self, code: str, row: Row) -> None:
        first = self.seen.setdefault(code, row.number)
        if first != row.number:
            raise InvalidInput(
                Problem(
                    msg("Row %(row)d has the same code.", row=first),
                    msg("Leave one of the two rows out, or give it a code of its own."),
                    field="code",
                    value=code,
                )
            )

    def _require_own(self, point: AccessPoint) -> None:
        if not self.actor.can(Action.IMPORT_TABLES, point.floor.building_id, point.wing_id):
            raise InvalidInput(
                Problem(
                    msg("This code is taken."),
                    msg("Choose another code."),
                    field="code",
                    value=point.code,
                )
            )

    def _floor_of(self, point: AccessPoint) -> Floor:
        return self.places.floors_by_id[point.floor_id]

    def _set_room_and_wing(self, point: AccessPoint, row: Row, findings: Findings) -> None:
        values, floor = row.values, self._floor_of(point)
        with findings.collect():
            if "room" in values:
                room = self._find_room(floor, values["room"], point.room_id)
                point.room_id = room.id if room else None
                if room is not None and not values.get("wing") and room.wing_id is not None:
                    point.wing_id = room.wing_id
        with findings.collect():
            if values.get("wing") is not None:
                point.wing_id = self.places.find_wing(floor, str(values["wing"])).id
            elif "wing" in values and point.room_id is None:
                point.wing_id = None
        if not findings.bad & {"room", "wing"}:
            with findings.collect():
                check_belonging(
                    floor,
                    self.places.wings_by_id[point.wing_id] if point.wing_id else None,
                    self.rooms_by_id[point.room_id] if point.room_id else None,
                )

    def _set_floor(self, point: AccessPoint, floor: Floor) -> None:
        """Put the access point on a floor; a room or wing of elsewhere does not come along."""
        if point.floor_id == floor.id:
            return
        point.room_id = None
        is_moved = point.floor_id is not None
        if is_moved and self._floor_of(point).building_id != floor.building_id:
            point.wing_id = None
        point.floor_id = floor.id

    def _set_model_and_position(self, point: AccessPoint, row: Row) -> None:
        values = row.values
        for axis in ("x_m", "y_m"):
            if values.get(axis) is not None:
                setattr(point, axis, values[axis])
        if values.get("model") is not None:
            point.model = self._find_model(str(values["model"]))
            point.model_id = point.model.id

    def _find_room(self, floor: Floor, number: Value, kept_id: int | None) -> Any:  # noqa: ANN401 - a Room or None
        if number is None:
            return None
        room = self.rooms.get((floor.id, str(number)))
        if not self.places.sees_room(room, kept_id):
            raise InvalidInput(
                Problem(
                    msg("The floor has no such room."),
                    msg("Import the rooms first, or leave the cell empty."),
                    field="room",
                    value=str(number),
                )
            )
        return room

    def _find_model(self, code: str) -> AccessPointModel:
        if code not in self.models:
            raise InvalidInput(
                Problem(
                    msg("There is no such model."),
                    msg("Use one of: %(models)s.", models=", ".join(sorted(self.models))),
                    field="model",
                    value=code,
                )
            )
        return self.models[code]

    def _set_plain(self, point: AccessPoint, row: Row, findings: Findings) -> None:
        for plain in _PLAIN:
            if plain.column in row.values:
                value = row.values[plain.column]
                setattr(point, plain.field, plain.empty if value is None else value)
        if "mac" in row.values:
            point.mac = normalise_mac(str(row.values["mac"] or ""))
        with findings.collect():
            check_values(point)
        is_placed = any(name in row.values for name in ("x_m", "y_m", "floor"))
        if is_placed and not findings.bad & {"floor", "x_m", "y_m"}:
            with findings.collect():
                check_place(point, self.plan_areas.get(point.floor_id))

    def _set_state(self, point: AccessPoint, row: Row, *, is_new: bool) -> None:
        target = row.values.get("state")
        if is_new:
            point.state = str(target or "planned")
        if target is None or target == point.state:
            return
        evidence = {"reason"} | ({"serial"} if point.serial else set())
        held = self.held[point.id]
        ACCESS_POINT_LIFECYCLE.require(
            point.state,
            str(target),
            roles=self.actor.roles_in(self._floor_of(point).building_id, point.wing_id),
            evidence=frozenset(evidence),
            conditions=held.conditions,
            reasons=held.reasons,
        )
        point.state = str(target)

    def _set_radios(
        self, point: AccessPoint, row: Row, findings: Findings, *, is_new: bool
    ) -> tuple[bool, list[Problem]]:
        has_model = not (is_new and "model" in findings.bad)
        model = point.model if has_model else AccessPointModel(radios=[])
        names_given = row.values.keys() | row.bad
        if is_new and not any({r.width, r.channel} & names_given for r in _RADIOS):
            point.radios = default_radios(model)
        has_changed = False
        warnings: list[Problem] = []
        for names in _RADIOS:
            if not {names.channel, names.width, names.power} & names_given:
                warnings += self._warn_outdoors(point, names, row)
                continue
            radio, is_other = _set_radio(point, names, row)
            has_changed = has_changed or is_other
            if radio is None or not radio.is_enabled:
                continue
            for _ in ("all cells", "the channel, if only the width was wrong"):
                with findings.collect():
                    warnings += check_radio(
                        radio,
                        model,
                        names.channel,
                        names.width,
                        row.number,
                        is_outdoor=point.is_outdoor,
                    )
                if names.width not in findings.bad:
                    break
                radio.width_mhz = 20
        return has_changed, warnings

    def _warn_outdoors(self, point: AccessPoint, names: _RadioColumns, row: Row) -> list[Problem]:
        """Check the radios a row says nothing of, where it takes their access point outdoors."""
        if not row.values.get("outdoor"):
            return []
        return [
            problem
            for radio in point.radios
            if radio.band == names.band and radio.is_enabled
            for problem in check_radio(
                radio, point.model, names.channel, names.width, row.number, is_outdoor=True
            )
        ]

    def export(self, session: Session, actor: Actor) -> Iterator[tuple[Value, ...]]:
        """Give the access points in scope."""
        for point in queries.load_for_table(session, actor.scope_pairs(Action.EXPORT_TABLES)):
            yield _export_row(point)


def _require_given(row: Row) -> None:
    """Refuse a new access point without place or model; names every cell that is missing."""
    missing = [
        Problem(
            msg("A new access point needs this value."),
            msg("Fill in the cell, or set one value for all rows."),
            field=column,
            value="",
        )
        for column in ("floor", "model", "x_m", "y_m")
        if row.values.get(column) is None
    ]
    if missing:
        raise InvalidInput(*missing)


def _begin_point(code: str) -> AccessPoint:
    """Make an access point that has no place yet; without a state it is new."""
    point = AccessPoint(code=code, public_id=uuid.uuid4(), mac="", x_m=0.0, y_m=0.0, radios=[])
    point.wing_id = point.room_id = None
    for plain in _PLAIN:
        setattr(point, plain.field, plain.empty)
    return point


def _set_radio(point: AccessPoint, names: _RadioColumns, row: Row) -> tuple[Radio | None, bool]:
    """Bring one band's radio to a row's values; gives it, and whether anything changed."""
    values = row.values
    channel, width, power = (values.get(n) for n in (names.channel, names.width, names.power))
    radio = next((r for r in point.radios if r.band == names.band), None)
    if channel is None and width is None and power is None:
        is_switched_off = radio is not None and radio.is_enabled
        if radio is not None:
            radio.is_enabled = False
        return radio, is_switched_off
    is_new = radio is None
    if radio is None:
        radio = Radio(slot=len(point.radios) + 1, band=names.band, width_mhz=20, is_enabled=True)
        radio.channel = radio.power_dbm = None
        point.radios.append(radio)
    wanted = {
        "channel": channel if names.channel in values else radio.channel,
        "width_mhz": width if width is not None else radio.width_mhz,
        "power_dbm": power if names.power in values else radio.power_dbm,
        "is_enabled": True,
    }
    changed = [field for field, value in wanted.items() if getattr(radio, field) != value]
    for field in changed:
        setattr(radio, field, wanted[field])
    return radio, is_new or bool(changed)


def _describe(point: AccessPoint) -> dict[str, object]:
    names = ("floor_id", "wing_id", "room_id", "model_id", "x_m", "y_m", "state", "mac")
    return {name: getattr(point, name) for name in (*names, *(plain.field for plain in _PLAIN))}


def _export_row(point: AccessPoint) -> tuple[Value, ...]:
    radios: list[Value] = []
    for names in _RADIOS:
        radio = next((r for r in point.radios if r.band == names.band and r.is_enabled), None)
        radios += (
            (None, None, None)
            if radio is None
            else (radio.channel, radio.width_mhz, radio.power_dbm)
        )
    return (
        point.code,
        f"{point.floor.building.code}/{point.floor.level}",
        point.wing.code if point.wing else None,
        point.room.number if point.room else None,
        point.model.code,
        point.x_m,
        point.y_m,
        point.height_m,
        point.mount,
        point.azimuth_deg,
        point.downtilt_deg,
        point.is_outdoor,
        point.is_public,
        point.state,
        point.serial,
        point.mac,
        *radios,
        point.legacy_id,
        point.note,
    )
