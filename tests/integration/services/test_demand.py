"""Rooms, groups, zones, clutter and the catalogue of requirements: rules and rights."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import shapely

from tests.factories.access_points import add_access_point
from tests.factories.demand import add_clutter, add_group, add_zone, find_profile, find_requirement
from tests.factories.people import make_actor
from tests.factories.places import House, add_building, add_floor, add_room
from wlantrack.errors import Conflict, InvalidInput, NotAllowed, NotFound
from wlantrack.services import clutter, places, requirements, room_groups, rooms, scene, zones
from wlantrack.services.actor import SYSTEM
from wlantrack.services.clutter import ClutterValues
from wlantrack.services.outlines import read_corners, read_outline, write_corners
from wlantrack.services.paging import Page
from wlantrack.services.requirements import ProfileValues, RequirementValues
from wlantrack.services.room_groups import GroupFilter, GroupValues
from wlantrack.services.rooms import RoomFilter, RoomValues
from wlantrack.services.zones import ZoneValues

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from wlantrack.store.models.demand import Zone

SQUARE = shapely.box(0, 0, 5, 5)
OFFICER = make_actor("security officer")
FACILITY = make_actor("facility")


def add(session: Session, **values: object) -> Zone:
    defaults = {
        "name": "Halls",
        "network_class": "internal",
        "requirement": "voice",
        "room_use": "council",
    }
    return zones.add_zone(session, SYSTEM, "RH/0", ZoneValues(**defaults | values))  # type: ignore[arg-type]


# Rooms


def test_a_room_takes_in_the_access_points_inside_its_outline(
    session: Session, house: House
) -> None:
    inside = add_access_point(session, house.ground, "AP-1", x_m=2.0, y_m=2.0)
    outside = add_access_point(session, house.ground, "AP-2", x_m=9.0, y_m=2.0)
    room = rooms.add_room(
        session, SYSTEM, "RH/0", RoomValues("101", use="meeting", wing="WE", outline=SQUARE)
    )
    assert (inside.room_id, outside.room_id) == (room.id, None)

    moved = RoomValues("101", use="meeting", wing="WE", outline=shapely.box(8, 0, 12, 5))
    rooms.edit_room(session, SYSTEM, str(room.public_id), moved, room.version)
    assert (inside.room_id, outside.room_id) == (None, room.id)


def test_a_room_with_access_points_stays_and_one_without_leaves_its_groups(
    session: Session, house: House
) -> None:
    room = add_room(session, house.ground, "101")
    group = add_group(session, house.building, room)
    point = add_access_point(session, house.ground, room_id=room.id, room=room)
    session.commit()
    ref = str(room.public_id)
    with pytest.raises(InvalidInput, match="AP-1"):
        rooms.delete_room(session, SYSTEM, ref, room.version)
    point.room_id = None
    session.commit()
    rooms.delete_room(session, SYSTEM, ref, room.version)
    session.expire_all()
    assert room_groups.find_group(session, SYSTEM, str(group.public_id)).members == []


@pytest.mark.usefixtures("house")
@pytest.mark.parametrize(
    ("values", "field"),
    [
        (RoomValues(" "), "number"),
        (RoomValues("1", use="disco"), "use"),
        (RoomValues("1", seats=-1), "seats"),
        (RoomValues("1", conference_equipment="maybe"), "conference_equipment"),
        (RoomValues("1", wing="XX"), "wing"),
    ],
)
def test_a_room_that_cannot_be_is_refused(session: Session, values: RoomValues, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        rooms.add_room(session, SYSTEM, "RH/0", values)
    assert refused.value.problems[0].field == field


def test_a_number_is_unique_on_its_floor(session: Session, house: House) -> None:
    add_room(session, house.ground, "101")
    rooms.add_room(session, SYSTEM, "RH/1", RoomValues("101"))
    with pytest.raises(InvalidInput, match="of this number"):
        rooms.add_room(session, SYSTEM, "RH/0", RoomValues("101"))


def test_rooms_are_listed_by_filters_and_scope(session: Session, house: House) -> None:
    add_room(session, house.ground, "101", wing_id=house.west.id, use="council", is_public=True)
    add_room(session, house.first, "201", wing_id=house.east.id, conference_equipment="ordered")
    add_room(session, add_floor(session, add_building(session, "KH")), "K1", is_secure=True)
    session.commit()

    def numbers(actor: object = SYSTEM, **narrow: object) -> list[str]:
        rows, total = rooms.list_rooms(session, actor, RoomFilter(**narrow), Page(sort="number"))  # type: ignore[arg-type]
        assert total == len(rows)
        return [row.number for row in rows]

    assert numbers() == ["101", "201", "K1"]
    assert numbers(use="council") == numbers(public="yes") == numbers(wing="WE") == ["101"]
    assert numbers(conference="any") == numbers(conference="ordered") == numbers(level=1) == ["201"]
    assert numbers(secure="yes") == numbers(building="KH") == ["K1"]
    assert numbers(words="20") == ["201"]
    assert numbers(make_actor("planner", house.building.id, house.east.id)) == ["201"]


def test_a_room_out_of_scope_is_not_found(session: Session, house: House) -> None:
    room = add_room(session, house.ground, "101", wing_id=house.west.id)
    session.commit()
    east = make_actor("planner", house.building.id, house.east.id)
    with pytest.raises(NotFound):
        rooms.show_room(session, east, str(room.public_id))
    with pytest.raises(NotAllowed):
        rooms.edit_room(session, OFFICER, str(room.public_id), RoomValues("1"), room.version)


# Room groups


def test_room_groups_are_filtered_sorted_and_paged(session: Session, house: House) -> None:
    del house
    for code, name in (("A", "Zimmer"), ("B", "Fraktion"), ("C", "Säle")):
        room_groups.add_group(session, SYSTEM, "RH", GroupValues(code, name))

    def names(narrow: GroupFilter, page: Page) -> tuple[list[str], int]:
        rows, total = room_groups.list_groups(session, SYSTEM, narrow, page)
        return [row.group.name for row in rows], total

    assert names(GroupFilter(), Page()) == (["Fraktion", "Säle", "Zimmer"], 3)
    assert names(GroupFilter(), Page("code", is_descending=True, limit=2)) == (
        ["Säle", "Fraktion"],
        3,
    )
    assert names(GroupFilter(words="fra"), Page()) == (["Fraktion"], 1)
    assert names(GroupFilter(building="KH"), Page()) == ([], 0)


def test_a_group_holds_rooms_of_its_building_over_wings(session: Session, house: House) -> None:
    west = add_room(session, house.ground, "101", wing_id=house.west.id, wing=house.west, seats=4)
    east = add_room(session, house.first, "201", wing_id=house.east.id, wing=house.east, seats=6)
    far = add_room(session, add_floor(session, add_building(session, "KH")), "K1")
    session.commit()
    both = frozenset({west.public_id, east.public_id})
    group = room_groups.add_group(session, SYSTEM, "RH", GroupValues("FR", "Groups", rooms=both))
    (row,), total = room_groups.list_groups(session, SYSTEM, GroupFilter(), Page())
    assert total == 1
    assert (row.wings, row.seats, len(row.rooms)) == (["EA", "WE"], 10, 2)

    scoped = make_actor("planner", house.building.id, house.east.id)
    (seen,), _ = room_groups.list_groups(session, scoped, GroupFilter(), Page())
    assert [room.number for room in seen.rooms] == ["201"]
    version = group.version
    fewer = GroupValues("FR", "Groups", rooms=frozenset({east.public_id}))
    room_groups.edit_group(session, SYSTEM, str(group.public_id), fewer, version)
    assert group.version == version + 1
    with pytest.raises(Conflict):
        room_groups.edit_group(session, SYSTEM, str(group.public_id), fewer, version)
    alien = GroupValues("X", "X", rooms=frozenset({far.public_id}))
    with pytest.raises(InvalidInput, match="does not belong"):
        room_groups.add_group(session, SYSTEM, "RH", alien)
    with pytest.raises(InvalidInput, match="taken"):
        room_groups.add_group(session, SYSTEM, "RH", GroupValues("FR", "Again"))


# Zones


def test_zones_get_the_next_free_code_and_keep_what_they_ask(
    session: Session, house: House
) -> None:
    first = add(session)
    second = add(session, outline=SQUARE, room_use="", client_profile="phone")
    assert (first.code, second.code) == ("Z1", "Z2")
    shown = zones.list_zones(session, SYSTEM, house.ground)[1]
    assert shown.requirement.code == "voice"
    assert shown.client_profile is not None
    assert shown.client_profile.code == "phone"
    edited = ZoneValues("Halls", "visitor", "basic", code="SI", room_use="meeting", wing="WE")
    zones.edit_zone(session, SYSTEM, str(second.public_id), edited, second.version)
    assert (second.outline, second.client_profile_id, second.wing_id) == (None, None, house.west.id)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"outline": SQUARE}, "room_use"),
        ({"room_use": ""}, "room_use"),
        ({"room_use": "disco"}, "room_use"),
        ({"network_class": "neighbours"}, "network_class"),
        ({"band": "60"}, "band"),
        ({"requirement": "all"}, "requirement"),
        ({"client_profile": "tin"}, "client_profile"),
        ({"code": "Z 1"}, "code"),
    ],
)
@pytest.mark.usefixtures("house")
def test_a_zone_that_cannot_be_is_refused(
    session: Session, values: dict[str, object], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        add(session, **values)
    assert refused.value.problems[0].field == field


def test_internal_zones_are_hidden_from_those_who_see_no_internal_network(
    session: Session, house: House
) -> None:
    inner = add(session)
    add(session, network_class="visitor")
    seen = [zone.code for zone in zones.list_zones(session, FACILITY, house.ground)]
    assert seen == ["Z2"]
    with pytest.raises(NotFound):
        zones.find_zone(session, FACILITY, str(inner.public_id))
    with pytest.raises(InvalidInput, match="Choose one of: visitor"):
        zones.add_zone(
            session, FACILITY, "RH/0", ZoneValues("", "internal", "basic", room_use="office")
        )


def test_a_zone_of_rooms_covers_them_by_use_and_wing(session: Session, house: House) -> None:
    for number, (wing, use) in enumerate(
        ((house.west, "council"), (house.east, "council"), (house.west, "office"))
    ):
        add_room(
            session,
            house.ground,
            f"{number}",
            use=use,
            wing_id=wing.id,
            outline=shapely.box(10 * number, 0, 10 * number + 5, 5),
        )
    floor_rooms = places.list_rooms(session, SYSTEM, house.ground)
    zone = add(session, wing="WE")
    outline = zones.find_outline(zone, floor_rooms)
    assert outline is not None
    assert outline.equals(shapely.box(0, 0, 5, 5))
    everywhere = add(session, outline=shapely.box(0, 0, 16, 9), room_use="")
    assert [zones.covers_room(everywhere, room) for room in floor_rooms] == [True, True, False]
    assert zones.find_outline(add(session, room_use="storage"), floor_rooms) is None


# Clutter


def test_clutter_damps_the_prediction(session: Session, house: House) -> None:
    add_access_point(session, house.ground, "AP-1", x_m=1.0, y_m=5.0)
    add_clutter(session, house.ground)
    add_clutter(session, house.first, db_per_m_5=3.0)
    session.commit()
    floor = places.find_floor(session, SYSTEM, "RH/0").floor
    areas = scene.load_scene(session, SYSTEM, floor, "planned").scene.areas
    assert [(area.floor, area.db_per_m) for area in areas] == [(0, (2, 2, 2)), (1, (2, 3, 2))]


@pytest.mark.usefixtures("house")
def test_clutter_needs_an_outline_a_height_and_a_planner(session: Session) -> None:
    values = ClutterValues(SQUARE, 0.5, 0.9, 1.0)
    zone = clutter.add_clutter(session, SYSTEM, "RH/0", values)
    with pytest.raises(InvalidInput, match="outline"):
        clutter.add_clutter(session, SYSTEM, "RH/0", ClutterValues(None, 1, 1, 1))
    with pytest.raises(InvalidInput, match="above the bottom"):
        clutter.add_clutter(session, SYSTEM, "RH/0", ClutterValues(SQUARE, 1, 1, 1, top_m=0.0))
    with pytest.raises(InvalidInput, match="between"):
        clutter.add_clutter(session, SYSTEM, "RH/0", ClutterValues(SQUARE, -1, 1, 1))
    with pytest.raises(NotAllowed):
        clutter.edit_clutter(session, FACILITY, str(zone.public_id), values, zone.version)


# Requirements and client profiles


def test_the_standard_catalogue_asks_what_the_presets_say(session: Session) -> None:
    voice = requirements.requirement_set(find_requirement(session, "voice"))
    assert (voice.signal_dbm, voice.secondary_dbm, voice.snr_db) == (-65.0, -75.0, 25.0)
    location = requirements.requirement_set(find_requirement(session, "location"))
    assert (location.access_point_count, location.access_point_dbm) == (3, -75.0)
    phone = requirements.device_of(find_profile(session, "phone"))
    assert (phone.bands, phone.streams) == (("2.4", "5"), 1)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        (RequirementValues("x", "Nothing"), "signal_dbm"),
        (RequirementValues("x", "Signal", signal_dbm=5.0), "signal_dbm"),
        (RequirementValues("x", "", signal_dbm=-70.0), "name"),
        (RequirementValues("X y", "Signal", signal_dbm=-70.0), "code"),
        (RequirementValues("x", "Half", access_point_count=2), "access_point_dbm"),
        (RequirementValues("x", "Share", signal_dbm=-70.0, pass_share=1.2), "pass_share"),
        (RequirementValues("voice", "Again", signal_dbm=-70.0), "code"),
    ],
)
def test_a_requirement_that_cannot_be_is_refused(
    session: Session, values: RequirementValues, field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        requirements.save_requirement(session, SYSTEM, values)
    assert refused.value.problems[0].field == field


def test_a_requirement_in_use_stays(session: Session, house: House) -> None:
    zone = add_zone(session, house.ground, client_profile_id=find_profile(session).id)
    session.commit()
    basic, phone = find_requirement(session), find_profile(session)
    with pytest.raises(InvalidInput, match="1 zones use it"):
        requirements.delete_requirement(session, SYSTEM, "basic", basic.version)
    with pytest.raises(InvalidInput, match="1 zones use it"):
        requirements.delete_profile(session, SYSTEM, "phone", phone.version)
    zones.delete_zone(session, SYSTEM, str(zone.public_id), zone.version)
    requirements.delete_requirement(session, SYSTEM, "basic", basic.version)
    requirements.delete_profile(session, SYSTEM, "phone", phone.version)
    assert [r.code for r, _ in requirements.list_requirements(session, SYSTEM)] == [
        "location",
        "voice",
    ]


def test_a_device_needs_a_band_and_the_catalogue_a_planner(session: Session) -> None:
    deaf = ProfileValues("x", "Deaf", has_24=False, has_5=False)
    with pytest.raises(InvalidInput, match="no band"):
        requirements.save_profile(session, SYSTEM, deaf)
    with pytest.raises(NotAllowed):
        requirements.save_profile(session, make_actor("manager"), ProfileValues("x", "Tablet"))
    saved = requirements.save_profile(session, SYSTEM, ProfileValues("x", "Tablet"))
    with pytest.raises(Conflict):
        requirements.save_profile(
            session, SYSTEM, ProfileValues("x", "Pad"), "x", saved.version + 1
        )


# Outlines


def test_outlines_are_read_as_corners_or_wkt_and_written_back() -> None:
    square = read_corners("0; 0\n5,5; 0\n5.5 4\n0;4\n")
    assert square is not None
    assert square.area == 22.0
    assert write_corners(square, ",") == "0; 0\n5,5; 0\n5,5; 4\n0; 4"
    ring = shapely.box(0, 0, 9, 9).difference(shapely.box(2, 2, 3, 3))
    assert read_corners(write_corners(ring)) == ring
    assert read_corners(" \n") is None
    assert write_corners(None) == ""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1; 2\n3; 4", "3 to 2000 corners"),
        ("1; 2\n3; 4\nfive; 6", "needs two numbers"),
        ("0; 0\n5; 5\n5; 0\n0; 5", "crosses itself"),
        ("0; 0\n90000; 0\n0; 5", "far outside"),
        ("POINT (1 2)", "no polygon"),
    ],
)
def test_an_outline_that_is_none_is_refused(text: str, words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        read_corners(text)
    with pytest.raises(InvalidInput, match="no polygon"):
        read_outline("POLYGON ((")
