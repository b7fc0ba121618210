"""The demo's demand: what is asked of the town hall's air, by whom, and what damps it.

Decides realistic requests of a town hall; refuses to know how they are judged.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Final

import shapely

from wlantrack.store.models.access_points import AccessPoint, Radio
from wlantrack.store.models.demand import ClutterZone, RoomGroup, RoomGroupMember, Zone
from wlantrack.store.queries import access_points as point_queries
from wlantrack.store.queries import demand as queries
from wlantrack.store.queries import places as place_queries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from wlantrack.store.models.places import Building, Floor, Room

_BUILDING: Final = "RH"
_GROUPS: Final = (
    (
        "FR",
        "Fraktionsräume",
        "Räume der Ratsfraktionen, im März 2021 ausgestattet",
        ((2, "230"), (2, "233"), (2, "236"), (2, "250"), (2, "254")),
    ),
    (
        "SI",
        "Sitzungssäle",
        "hybride Sitzungen heute in 301 und im Mittleren Saal",
        ((3, "301"), (3, "303"), (3, "305"), (3, "307")),
    ),
    (
        "ME",
        "Sitzungsräume mit beantragter Medientechnik",
        "Kamera und Ton wie in 301 für 2022/2023 beantragt",
        ((4, "401"), (4, "406"), (4, "407"), (4, "408")),
    ),
)
"""Code, name, note, and rooms by level and number."""

_ZONES: Final = (
    (3, "SI-L", "Sitzungssäle", "internal", "voice", "notebook", "MP", "council"),
    (3, "SI-B", "Sitzungssäle", "visitor", "voice", "phone", "MP", "council"),
    *((level, "OE", "Publikum", "visitor", "basic", "phone", "", "public") for level in range(5)),
)
"""Level, code, name, network class, requirement, client profile, wing and use of the rooms."""

_COUNCIL_GROUPS_LEVEL: Final = 2
_SHELVES: Final = (4, "474", "Registratur: Aktenregale")


def load_demand(session: Session) -> None:
    """Load zones, room groups, shelves and the access point on the market square, once."""
    building = place_queries.get_building_by_code(session, _BUILDING)
    if building is None or queries.list_groups(session, [building.id]):
        return
    floors = {floor.level: floor for floor in building.floors}
    rooms = {
        (room.floor.level, room.number): room
        for room in place_queries.list_all_rooms(session, [building.id])
    }
    session.add_all(_make_groups(building, rooms))
    session.add_all(_make_zones(session, building, floors, rooms))
    level, number, name = _SHELVES
    shelves = rooms[level, number].outline
    if shelves is not None:
        session.add(
            ClutterZone(
                floor_id=floors[level].id,
                name=name,
                outline=shelves.buffer(-0.6),
                db_per_m_24=0.6,
                db_per_m_5=1.0,
                db_per_m_6=1.1,
                top_m=2.2,
                source="Annahme, nicht gemessen",
            )
        )
    session.add(_make_square_point(session, building, floors[0]))
    session.commit()


def _make_groups(building: Building, rooms: dict[tuple[int, str], Room]) -> Iterator[RoomGroup]:
    for code, name, note, members in _GROUPS:
        yield RoomGroup(
            building_id=building.id,
            code=code,
            name=name,
            note=note,
            members=[RoomGroupMember(room_id=rooms[place].id) for place in members],
        )


def _make_zones(
    session: Session,
    building: Building,
    floors: dict[int, Floor],
    rooms: dict[tuple[int, str], Room],
) -> Iterator[Zone]:
    asked = {record.code: record.id for record in queries.list_requirements(session)}
    devices = {record.code: record.id for record in queries.list_profiles(session)}
    wings = {wing.code: wing.id for wing in building.wings} | {"": None}
    for level, code, name, network, requirement, device, wing, use in _ZONES:
        yield Zone(
            floor_id=floors[level].id,
            code=code,
            name=name,
            network_class=network,
            requirement_id=asked[requirement],
            client_profile_id=devices[device],
            wing_id=wings[wing],
            room_use=use,
        )
    outlines = [rooms[place].outline for place in _GROUPS[0][3] if rooms[place].outline is not None]
    yield Zone(
        floor_id=floors[_COUNCIL_GROUPS_LEVEL].id,
        code="FR",
        name="Fraktionsräume",
        network_class="visitor",
        requirement_id=asked["voice"],
        client_profile_id=devices["notebook"],
        outline=shapely.union_all(outlines),
        note="Umriss der fünf Räume in zwei Flügeln",
    )


def _make_square_point(session: Session, building: Building, ground: Floor) -> AccessPoint:
    """Make a planned access point outside on the facade, for the market square."""
    model = next(m for m in point_queries.list_models(session) if m.code == "generic-wifi6e-wall")
    wing = next(wing for wing in building.wings if wing.code == "MP")
    point = AccessPoint(
        public_id=uuid.uuid4(),
        code="RH-MP-0-AP-90",
        floor_id=ground.id,
        wing_id=wing.id,
        model_id=model.id,
        x_m=45.0,
        y_m=-0.6,
        height_m=4.2,
        mount="wall",
        azimuth_deg=180.0,
        downtilt_deg=15.0,
        is_outdoor=True,
        is_public=True,
        note="Fassade zum Marktplatz; denkmalrechtliche Genehmigung offen",
    )
    # Outside only 2.4 GHz and the upper part of 5 GHz are allowed; 6 GHz is for indoors.
    point.radios = [
        Radio(slot=1, band="2.4", channel=6, power_dbm=14.0),
        Radio(slot=2, band="5", channel=100, power_dbm=20.0),
        Radio(slot=3, band="6", is_enabled=False),
    ]
    return point
