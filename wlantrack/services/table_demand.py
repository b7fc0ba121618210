"""Tables of demand: zones, clutter, room groups, requirements and client profiles."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, ClassVar, Final

from sqlalchemy.orm.attributes import flag_modified

from wlantrack.errors import InvalidInput, Problem, msg
from wlantrack.formats.columns import Column, Kind
from wlantrack.radio.bands import BAND_KEYS
from wlantrack.services import clutter, requirements, zones
from wlantrack.services.actor import Action, Actor
from wlantrack.services.outlines import read_outline, write_outline
from wlantrack.services.places import floor_code, parse_uuid, visible_buildings
from wlantrack.services.room_groups import set_members, visible_rooms
from wlantrack.services.table_records import SEPARATOR, RecordTable, refuse_unknown, split_list
from wlantrack.services.table_rooms import USE_NAMES
from wlantrack.store.models.demand import (
    ClientProfile,
    ClutterZone,
    Requirement,
    RoomGroup,
    Zone,
)
from wlantrack.store.models.networks import NETWORK_CLASSES
from wlantrack.store.models.places import ROOM_USES
from wlantrack.store.queries import demand as queries
from wlantrack.store.queries import places as place_queries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from wlantrack.formats.columns import Value
    from wlantrack.formats.tables import Row

_NETWORK_NAMES: Final = {
    "Besucher": "visitor",
    "Besucher-WLAN": "visitor",
    "LHS": "internal",
    "LHS-WLAN": "internal",
    "intern": "internal",
    "Management": "management",
    "Gebäudetechnik": "building",
    "kritisch": "critical",
}


def _number(name: str, german: str, low: float, high: float) -> Column:
    return Column(name, Kind.NUMBER, german=german, minimum=low, maximum=high)


def _count(name: str, german: str, low: int, high: int) -> Column:
    return Column(name, Kind.INTEGER, german=german, minimum=low, maximum=high)


class RequirementTable(RecordTable):
    """Requirements of the catalogue."""

    columns = (
        Column("code", required=True, german="Kürzel", max_length=40),
        Column("name", german="Bezeichnung", max_length=120),
        _number("signal_dbm", "Signal dBm", -120, 0),
        _number("secondary_dbm", "Zweites Signal dBm", -120, 0),
        _number("snr_db", "Signal-Rausch-Abstand dB", 0, 80),
        _number("data_rate_mbit", "Datenrate Mbit/s", 0.1, 10_000),
        _count("access_point_count", "Anzahl Access Points", 1, 20),
        _number("access_point_dbm", "je mit dBm", -120, 0),
        _count("overlap_max", "Kanalüberlappung höchstens", 0, 50),
        _number("pass_share", "Anteil", 0.01, 1),
        Column("note", german="Bemerkung", max_length=500),
    )
    plain: ClassVar = {
        "name": ("name", ""),
        "signal_dbm": ("signal_dbm", None),
        "secondary_dbm": ("secondary_dbm", None),
        "snr_db": ("snr_db", None),
        "data_rate_mbit": ("data_rate_mbit", None),
        "access_point_count": ("access_point_count", None),
        "access_point_dbm": ("access_point_dbm", None),
        "overlap_max": ("overlap_max", None),
        "pass_share": ("pass_share", 0.95),
        "note": ("note", ""),
    }

    def load(self) -> None:
        """Load the requirements."""
        self.actor.require(Action.EDIT_CATALOGUE)
        self.records = {record.code: record for record in queries.list_requirements(self.session)}

    def key_of(self, row: Row) -> str:
        """Give the code."""
        return str(row.values["code"])

    def make(self, key: str) -> Requirement:
        """Make a requirement that asks for nothing yet; its name is its code until it has one."""
        return Requirement(**self.defaults() | {"code": key, "name": key})

    def check(self, record: Requirement, row: Row) -> None:
        """Refuse a requirement that asks for nothing."""
        del row
        requirements.check_requirement(record)

    def export(self, session: Session, actor: Actor) -> Iterator[tuple[Value, ...]]:
        """Give all requirements."""
        actor.require_somewhere(Action.SEE_PLACES)
        for record in queries.list_requirements(session):
            yield (record.code, *(getattr(record, field) for field, _ in self.plain.values()))


class ProfileTable(RecordTable):
    """Client profiles of the catalogue."""

    columns = (
        Column("code", required=True, german="Kürzel", max_length=40),
        Column("name", german="Bezeichnung", max_length=120),
        Column("has_24", Kind.BOOLEAN, german="hat 2,4 GHz"),
        Column("has_5", Kind.BOOLEAN, german="hat 5 GHz"),
        Column("has_6", Kind.BOOLEAN, german="hat 6 GHz"),
        _number("offset_24_db", "Abzug 2,4 GHz dB", -30, 30),
        _number("offset_5_db", "Abzug 5 GHz dB", -30, 30),
        _number("offset_6_db", "Abzug 6 GHz dB", -30, 30),
        _number("transmit_power_dbm", "Sendeleistung dBm", -10, 36),
        _count("streams", "Streams", 1, 8),
        Column("note", german="Bemerkung", max_length=500),
    )
    plain: ClassVar = {
        "name": ("name", ""),
        "has_24": ("has_24", True),
        "has_5": ("has_5", True),
        "has_6": ("has_6", False),
        "offset_24_db": ("offset_24_db", 0.0),
        "offset_5_db": ("offset_5_db", 0.0),
        "offset_6_db": ("offset_6_db", 0.0),
        "transmit_power_dbm": ("transmit_power_dbm", 14.0),
        "streams": ("streams", 2),
        "note": ("note", ""),
    }

    def load(self) -> None:
        """Load the profiles."""
        self.actor.require(Action.EDIT_CATALOGUE)
        self.records = {record.code: record for record in queries.list_profiles(self.session)}

    def key_of(self, row: Row) -> str:
        """Give the code."""
        return str(row.values["code"])

    def make(self, key: str) -> ClientProfile:
        """Make a profile; its name is its code until it has one."""
        return ClientProfile(**self.defaults() | {"code": key, "name": key})

    def check(self, record: ClientProfile, row: Row) -> None:
        """Refuse a device without a band."""
        del row
        requirements.check_profile(record)

    def export(self, session: Session, actor: Actor) -> Iterator[tuple[Value, ...]]:
        """Give all profiles."""
        actor.require_somewhere(Action.SEE_PLACES)
        for record in queries.list_profiles(session):
            yield (record.code, *(getattr(record, field) for field, _ in self.plain.values()))


class ZoneTable(RecordTable):
    """Zones of floors: floor and code are the key."""

    is_named = False
    columns = (
        Column("floor", required=True, german="Geschoss", max_length=40),
        Column("code", required=True, german="Zone", max_length=40),
        Column("name", german="Bezeichnung", max_length=120),
        Column(
            "network",
            Kind.CHOICE,
            german="Netz",
            choices=NETWORK_CLASSES,
            choice_names=_NETWORK_NAMES,
        ),
        Column("requirement", german="Anforderung", max_length=40),
        Column("device", german="Gerät", max_length=40),
        Column("band", Kind.CHOICE, german="Band GHz", choices=BAND_KEYS),
        Column("wing", german="Flügel", max_length=16),
        Column(
            "room_use",
            Kind.CHOICE,
            german="Nutzung der Räume",
            choices=ROOM_USES,
            choice_names=USE_NAMES,
        ),
        Column("polygon_wkt", german="Umriss", max_length=20_000),
        Column("note", german="Bemerkung", max_length=500),
    )
    plain: ClassVar = {
        "name": ("name", ""),
        "network": ("network_class", "visitor"),
        "band": ("band", "5"),
        "room_use": ("room_use", None),
        "note": ("note", ""),
    }

    def load(self) -> None:
        """Load zones, requirements and profiles."""
        self.requirements = {r.code: r for r in queries.list_requirements(self.session)}
        self.profiles = {p.code: p for p in queries.list_profiles(self.session)}
        self.records = {
            (zone.floor_id, zone.code): zone for zone in queries.list_all_zones(self.session, None)
        }

    def key_of(self, row: Row) -> tuple[int, str]:
        """Give floor and code."""
        return self.places.find_floor(str(row.values["floor"])).id, str(row.values["code"])

    def make(self, key: tuple[int, str]) -> Zone:
        """Make a zone without a shape and a requirement yet."""
        return Zone(floor_id=key[0], code=key[1], **self.defaults())

    def check_reach(self, record: Zone) -> None:
        """Refuse a zone outside the actor's scope."""
        self.places.require_write(record.floor, record.wing_id)

    def find_values(self, record: Zone, row: Row) -> dict[str, object]:
        """Give wing, requirement, profile and outline."""
        del record
        wanted: dict[str, object] = {}
        floor = self.places.find_floor(str(row.values["floor"]))
        if "wing" in row.values:
            code = row.values["wing"]
            wanted["wing_id"] = self.places.find_wing(floor, str(code)).id if code else None
        if "polygon_wkt" in row.values:
            wanted["outline"] = read_outline(row.values["polygon_wkt"])
        if "requirement" in row.values:
            code = str(row.values["requirement"] or "")
            if code not in self.requirements:
                raise refuse_unknown("requirement", code, self.requirements)
            wanted["requirement_id"] = self.requirements[code].id
        if "device" in row.values:
            code = str(row.values["device"] or "")
            if code and code not in self.profiles:
                raise refuse_unknown("device", code, self.profiles)
            wanted["client_profile_id"] = self.profiles[code].id if code else None
        return wanted

    def check(self, record: Zone, row: Row) -> None:
        """Refuse a zone with two shapes or none, or without a requirement."""
        floor = self.places.find_floor(str(row.values["floor"]))
        self.places.require_write(floor, record.wing_id)
        if record.requirement_id is None:
            raise refuse_unknown("requirement", "", self.requirements)
        zones.check_zone(
            zones.ZoneValues(
                record.name,
                record.network_class,
                "",
                code=record.code,
                outline=record.outline,
                room_use=record.room_use or "",
                band=record.band,
            )
        )
        if not zones.may_see_class(
            self.actor, record.network_class, floor.building_id, record.wing_id
        ):
            message = msg("Your role does not reach this network.")
            remedy = msg("Leave the row out, or ask somebody who is responsible there.")
            raise InvalidInput(
                Problem(message, remedy, field="network", value=record.network_class)
            )

    def describe(self, row: Row) -> str:
        """Name floor and zone."""
        return f"{row.values['floor']} {row.values['code']}"

    def export(self, session: Session, actor: Actor) -> Iterator[tuple[Value, ...]]:
        """Give the zones in scope that the actor may see."""
        ids = visible_buildings(actor, Action.EXPORT_TABLES)
        for zone in queries.list_all_zones(session, ids):
            place = (zone.floor.building_id, zone.wing_id)
            if not actor.can(Action.EXPORT_TABLES, *place):
                continue
            if not zones.may_see_class(actor, zone.network_class, *place):
                continue
            yield (
                floor_code(zone.floor),
                zone.code,
                zone.name,
                zone.network_class,
                zone.requirement.code,
                zone.client_profile.code if zone.client_profile else None,
                zone.band,
                zone.wing.code if zone.wing else None,
                zone.room_use,
                write_outline(zone.outline),
                zone.note,
            )


class ClutterTable(RecordTable):
    """Clutter of floors: its id is the key, else floor and name."""

    key_column = "name"
    is_named = False
    columns = (
        Column("floor", required=True, german="Geschoss", max_length=40),
        Column("name", german="Bezeichnung", max_length=120),
        _number("db_per_m_24", "2,4 GHz dB/m", 0, 20),
        _number("db_per_m_5", "5 GHz dB/m", 0, 20),
        _number("db_per_m_6", "6 GHz dB/m", 0, 20),
        _number("bottom_m", "Unterkante m", 0, 50),
        _number("top_m", "Oberkante m", 0, 50),
        Column("source", german="Quelle", max_length=120),
        Column("polygon_wkt", german="Umriss", max_length=20_000),
        Column("id", german="Kennung", max_length=36),
    )
    plain: ClassVar = {
        "name": ("name", ""),
        "db_per_m_24": ("db_per_m_24", 0.0),
        "db_per_m_5": ("db_per_m_5", 0.0),
        "db_per_m_6": ("db_per_m_6", 0.0),
        "bottom_m": ("bottom_m", 0.0),
        "top_m": ("top_m", 2.0),
        "source": ("source", ""),
    }

    def load(self) -> None:
        """Load the clutter, by id and by name."""
        self.by_name: dict[tuple[int, str], uuid.UUID] = {}
        for zone in queries.list_all_clutter(self.session, None):
            self.records[zone.public_id] = zone
            self.by_name.setdefault((zone.floor_id, zone.name), zone.public_id)

    def key_of(self, row: Row) -> uuid.UUID:
        """Give the id that is named, that of the name on the floor, or a new one."""
        named = row.values.get("id")
        if named:
            public_id = parse_uuid(str(named))
            if public_id is None:
                message = msg("This is no id.")
                remedy = msg("Leave the cell empty for a new record.")
                raise InvalidInput(Problem(message, remedy, field="id", value=str(named)))
            return public_id
        floor = self.places.find_floor(str(row.values["floor"]))
        name = str(row.values.get("name") or "")
        key = self.by_name.get((floor.id, name)) if name else None
        if key is None:
            key = uuid.uuid4()
            if name:
                self.by_name[floor.id, name] = key
        return key

    def make(self, key: uuid.UUID) -> ClutterZone:
        """Make clutter without an outline yet."""
        return ClutterZone(public_id=key, outline=None, **self.defaults())

    def check_reach(self, record: ClutterZone) -> None:
        """Refuse clutter outside the actor's scope."""
        self.places.require_write(record.floor, None)

    def find_values(self, record: ClutterZone, row: Row) -> dict[str, object]:
        """Give floor and outline."""
        del record
        floor = self.places.find_floor(str(row.values["floor"]))
        wanted: dict[str, object] = {"floor_id": floor.id}
        if "polygon_wkt" in row.values:
            wanted["outline"] = read_outline(row.values["polygon_wkt"])
        return wanted

    def check(self, record: ClutterZone, row: Row) -> None:
        """Refuse clutter without an outline or height, or outside the actor's scope."""
        floor = self.places.find_floor(str(row.values["floor"]))
        self.places.require_write(floor, None)
        self.actor.require(Action.EDIT_WALLS, floor.building_id)
        clutter.check_clutter(record)

    def describe(self, row: Row) -> str:
        """Name floor and area."""
        return f"{row.values['floor']} {row.values.get('name') or ''}".strip()

    def export(self, session: Session, actor: Actor) -> Iterator[tuple[Value, ...]]:
        """Give the clutter of the buildings in scope."""
        ids = visible_buildings(actor, Action.EXPORT_TABLES)
        for zone in queries.list_all_clutter(session, ids):
            yield (
                floor_code(zone.floor),
                *(getattr(zone, field) for field, _ in self.plain.values()),
                write_outline(zone.outline),
                str(zone.public_id),
            )


class RoomGroupTable(RecordTable):
    """Room groups of buildings: building and code are the key."""

    columns = (
        Column("building", required=True, german="Gebäude", max_length=16),
        Column("code", required=True, german="Gruppe", max_length=40),
        Column("name", german="Bezeichnung", max_length=120),
        Column("rooms", german="Räume", max_length=20_000),
        Column("note", german="Bemerkung", max_length=500),
    )
    plain: ClassVar = {"name": ("name", ""), "note": ("note", "")}

    def load(self) -> None:
        """Load groups, buildings and rooms."""
        self.buildings = place_queries.list_buildings_by_code(self.session)
        self.rooms = {
            f"{floor_code(room.floor)} {room.number}": room
            for room in place_queries.list_all_rooms(self.session, None)
        }
        self.records = {
            (group.building_id, group.code): group
            for group in queries.list_groups(self.session, None)
        }

    def key_of(self, row: Row) -> tuple[int, str]:
        """Give building and code."""
        code = str(row.values["building"])
        building = self.buildings.get(code)
        if building is None or not self.actor.can(Action.IMPORT_TABLES, building.id):
            raise InvalidInput(
                Problem(
                    msg("There is no such building."),
                    msg("Write its code such as RH, or add the building first."),
                    field="building",
                    value=code,
                )
            )
        return building.id, str(row.values["code"])

    def make(self, key: tuple[int, str]) -> RoomGroup:
        """Make a group without rooms; its name is its code until it has one."""
        return RoomGroup(
            building_id=key[0], code=key[1], members=[], **self.defaults() | {"name": key[1]}
        )

    def _set_fields(self, record: RoomGroup, row: Row) -> list[str]:
        changed = super()._set_fields(record, row)
        if "rooms" not in row.values:
            return changed
        refs = split_list(row.values["rooms"])
        unknown = [ref for ref in refs if ref not in self.rooms]
        if unknown:
            raise InvalidInput(
                Problem(
                    msg("There is no such room."),
                    msg("Write rooms as RH/3 301 | RH/2 230: floor and number."),
                    field="rooms",
                    value=unknown[0],
                )
            )
        if set_members(self.session, record, {self.rooms[ref].public_id for ref in refs}):
            if record.id is not None:
                flag_modified(record, "note")
            changed.append("rooms")
        return changed

    def describe(self, row: Row) -> str:
        """Name building and group."""
        return f"{row.values['building']} {row.values['code']}"

    def export(self, session: Session, actor: Actor) -> Iterator[tuple[Value, ...]]:
        """Give the room groups of the buildings that lie whole in scope."""
        ids = visible_buildings(actor, Action.EXPORT_TABLES)
        for group in queries.list_groups(session, ids):
            if not actor.can(Action.EXPORT_TABLES, group.building_id):
                continue
            refs = [
                f"{floor_code(room.floor)} {room.number}" for room in visible_rooms(actor, group)
            ]
            yield (
                group.building.code,
                group.code,
                group.name,
                SEPARATOR.join(refs) or None,
                group.note,
            )


DEMAND_KINDS: dict[str, type[RecordTable]] = {
    "room_groups": RoomGroupTable,
    "zones": ZoneTable,
    "requirements": RequirementTable,
    "client_profiles": ProfileTable,
    "clutter_zones": ClutterTable,
}
