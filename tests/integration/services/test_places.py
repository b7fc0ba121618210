from __future__ import annotations

import math
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from tests.factories.access_points import add_access_point
from tests.factories.people import make_actor
from tests.factories.places import House, add_building, add_floor, add_plan, add_room
from wlantrack.errors import Conflict, InvalidInput, NotAllowed, NotFound
from wlantrack.services import building_overview, place_refs, places
from wlantrack.services.actor import SYSTEM
from wlantrack.services.building_overview import Cell
from wlantrack.services.paging import Page
from wlantrack.services.place_refs import PlaceRef
from wlantrack.services.places import BuildingFilter, BuildingValues, FloorValues
from wlantrack.store.models.places import Building, Floor, Wing

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from wlantrack.services.actor import Actor
    from wlantrack.store.queries.places import BuildingRow
    from wlantrack.store.session import Database


def list_rows(session: Session, actor: Actor, **narrow: Any) -> list[BuildingRow]:  # noqa: ANN401 - a filter takes any field
    return places.list_buildings(session, actor, BuildingFilter(**narrow), Page())[0]


def test_a_building_is_found_by_code_and_by_public_id(session: Session, house: House) -> None:
    by_code = places.find_building(session, SYSTEM, "RH")
    by_id = places.find_building(session, SYSTEM, str(house.building.public_id))

    assert by_code.id == by_id.id == house.building.id
    assert {wing.code for wing in by_code.wings} == {"EA", "WE"}


@pytest.mark.parametrize("ref", ["XX", "", str(uuid.UUID(int=7))])
def test_a_building_that_does_not_exist_is_not_found(session: Session, ref: str) -> None:
    with pytest.raises(NotFound):
        places.find_building(session, SYSTEM, ref)


@pytest.mark.usefixtures("house")
def test_a_building_out_of_scope_is_not_found(session: Session) -> None:
    other = add_building(session, "BA")
    actor = make_actor("planner", other.id)

    with pytest.raises(NotFound):
        places.find_building(session, actor, "RH")
    with pytest.raises(NotFound):
        places.find_floor(session, actor, "RH/0")
    assert [row.code for row in list_rows(session, actor)] == ["BA"]


def test_the_list_of_buildings_counts_wings_floors_and_access_points(
    session: Session, house: House
) -> None:
    add_access_point(session, house.ground, "AP-1", state="planned")
    add_access_point(session, house.ground, "AP-2", state="in operation", serial="S1")
    add_access_point(session, house.first, "AP-3", state="removed")

    (row,) = list_rows(session, SYSTEM)

    assert (row.wings, row.floors, row.access_points, row.live) == (2, 2, 2, 1)


def test_the_list_of_buildings_counts_what_lies_in_a_wing_in_scope(
    session: Session, house: House
) -> None:
    add_access_point(session, house.ground, "AP-1", wing_id=house.west.id)
    add_access_point(session, house.ground, "AP-2", wing_id=house.east.id, state="accepted")
    add_access_point(session, house.first, "AP-3")

    west, east, whole, everywhere = (
        list_rows(session, actor)[0]
        for actor in (
            make_actor("viewer", house.building.id, house.west.id),
            make_actor("viewer", house.building.id, house.east.id),
            make_actor("viewer", house.building.id),
            make_actor("viewer"),
        )
    )

    assert (west.wings, west.access_points, west.live) == (1, 1, 0)
    assert (east.wings, east.access_points, east.live) == (1, 1, 1)
    assert (whole.wings, whole.access_points, whole.live) == (2, 3, 1)
    assert (everywhere.wings, everywhere.access_points, everywhere.live) == (2, 3, 1)


def test_the_matrix_counts_by_floor_and_wing_within_scope(session: Session, house: House) -> None:
    add_access_point(session, house.ground, "AP-1", wing_id=house.west.id)
    add_access_point(session, house.ground, "AP-2", wing_id=house.east.id, state="accepted")
    add_access_point(session, house.first, "AP-3")
    add_plan(session, house.ground)

    everything = building_overview.show_building(session, SYSTEM, "RH")
    east_only = make_actor("viewer", house.building.id, house.east.id)

    assert everything.cells == {
        (house.ground.id, house.west.id): Cell(1, 0),
        (house.ground.id, house.east.id): Cell(1, 1),
        (house.first.id, None): Cell(1, 0),
    }
    assert everything.planned_floors == {house.ground.id}
    assert [wing.code if wing else None for wing in everything.wings] == ["WE", "EA", None]
    east = building_overview.show_building(session, east_only, "RH")
    assert east.cells == {(house.ground.id, house.east.id): Cell(1, 1)}
    assert [wing.code if wing else None for wing in east.wings] == ["EA"]


@pytest.mark.parametrize(
    ("ref", "wing"), [("RH/1", None), ("RH/WE/1", "WE")], ids=["floor", "floor of a wing"]
)
def test_a_floor_is_found_by_reference(
    session: Session, house: House, ref: str, wing: str | None
) -> None:
    place = places.find_floor(session, SYSTEM, ref)

    assert place.floor.id == house.first.id
    assert place.code == "RH/1"
    assert (place.wing.code if place.wing else None) == wing


@pytest.mark.parametrize("ref", ["RH/7", "RH/XX/1", "XX/0"])
@pytest.mark.usefixtures("house")
def test_a_floor_that_does_not_exist_is_not_found(session: Session, ref: str) -> None:
    with pytest.raises(NotFound):
        places.find_floor(session, SYSTEM, ref)


@pytest.mark.parametrize("ref", ["RH", "RH/", "RH/a", "RH/1.5", "RH/A/B/1", "RH/1000"])
def test_what_names_no_floor_is_refused_with_an_example(session: Session, ref: str) -> None:
    with pytest.raises(InvalidInput, match="building/floor such as RH/3"):
        places.find_floor(session, SYSTEM, ref)


@pytest.mark.parametrize(
    ("ref", "place"),
    [
        ("RH", PlaceRef("RH")),
        ("RH/MP", PlaceRef("RH", "MP")),
        ("RH/3", PlaceRef("RH", None, 3)),
        ("RH/-1", PlaceRef("RH", None, -1)),
        ("RH/MP/3", PlaceRef("RH", "MP", 3)),
    ],
)
def test_references_are_split_into_building_wing_and_level(ref: str, place: PlaceRef) -> None:
    assert place_refs.split_place_ref(ref) == place


def test_adding_a_place_adds_its_building_and_tells_what_is_new(session: Session) -> None:
    assert place_refs.add_place(session, SYSTEM, "RH/MP/3") == ["RH", "RH/MP", "RH/3"]
    assert place_refs.add_place(session, SYSTEM, "RH/MP/3") == []
    assert place_refs.add_place(session, SYSTEM, "RH/MP/4", height_m=4.5) == ["RH/4"]

    floor = places.find_floor(session, SYSTEM, "RH/4").floor
    assert (floor.name, floor.height_m) == ("4. OG", 4.5)


@pytest.mark.parametrize(
    ("level", "name"), [(-2, "2. UG"), (0, "EG"), (1, "1. OG")], ids=["below", "ground", "above"]
)
def test_floors_have_their_usual_german_names(level: int, name: str) -> None:
    assert places.default_floor_name(level) == name


@pytest.mark.parametrize("elevation_m", [2.0, 1.0, 8.0, 9.5])
def test_a_floor_below_a_lower_one_is_refused(
    session: Session, house: House, elevation_m: float
) -> None:
    house.ground.elevation_m = 2.0
    add_floor(session, house.building, 2, elevation_m=8.0)
    values = FloorValues("Mine", elevation_m=elevation_m)

    with pytest.raises(InvalidInput) as refused:
        places.edit_floor(session, SYSTEM, "RH/1", values, None)
    with pytest.raises(InvalidInput):
        places.add_floor(session, SYSTEM, "RH", -1, FloorValues(elevation_m=2.5))

    assert refused.value.problems[0].field == "elevation_m"


def test_a_floor_may_lie_between_its_neighbours_or_nowhere_in_particular(
    session: Session, house: House
) -> None:
    house.ground.elevation_m = 2.0
    add_floor(session, house.building, 2, elevation_m=8.0)

    for elevation_m in (7.5, None, 2.5, 2.5):
        values = FloorValues("Mine", elevation_m=elevation_m)
        floor = places.edit_floor(session, SYSTEM, "RH/1", values, None)
        assert floor.elevation_m == elevation_m


def test_an_origin_whose_numbers_changed_places_is_told_so(session: Session) -> None:
    easting_m, northing_m = 513_041.9, 5_402_437.4
    swapped = BuildingValues("Rathaus", origin_easting_m=northing_m, origin_northing_m=easting_m)
    values = BuildingValues("Rathaus", origin_easting_m=easting_m, origin_northing_m=northing_m)

    with pytest.raises(InvalidInput, match=r"from 6\.0 to 12\.0 degrees east") as refused:
        places.add_building(session, SYSTEM, "RH", swapped)
    assert "changed places" in str(refused.value.problems[0].remedy)

    places.add_building(session, SYSTEM, "RH", values)
    with pytest.raises(InvalidInput, match="area of EPSG:31466"):
        places.edit_building(session, SYSTEM, "RH", values, None, "EPSG:31466")


def test_a_building_can_be_added_and_changed(session: Session) -> None:
    values = BuildingValues("Rathaus", "Marktplatz 1", is_public=True, priority=1)
    added = places.add_building(session, SYSTEM, "RH", values)

    changed = places.edit_building(
        session, SYSTEM, "RH", BuildingValues("Town hall"), added.version
    )

    assert (changed.name, changed.address, changed.version) == ("Town hall", "", 2)


@pytest.mark.parametrize(
    ("code", "values", "field"),
    [
        ("RH", {}, "code"),
        ("", {}, "code"),
        ("A B", {}, "code"),
        ("A/B", {}, "code"),
        ("X" * 17, {}, "code"),
        ("BA", {"name": "  "}, "name"),
        ("BA", {"name": "x" * 121}, "name"),
        ("BA", {"origin_easting_m": 1.0}, "origin_northing_m"),
        ("BA", {"origin_easting_m": math.nan, "origin_northing_m": 1.0}, "origin_easting_m"),
        ("BA", {"rotation_deg": math.inf}, "rotation_deg"),
        ("BA", {"priority": 0}, "priority"),
        ("BA", {"priority": 6}, "priority"),
        ("BA", {"origin_easting_m": 0.0, "origin_northing_m": 0.0}, "origin_easting_m"),
        ("BA", {"origin_easting_m": 1e300, "origin_northing_m": 5e6}, "origin_easting_m"),
    ],
)
@pytest.mark.usefixtures("house")
def test_a_building_with_a_bad_value_is_refused_and_nothing_is_written(
    database: Database,
    session: Session,
    code: str,
    values: dict[str, Any],
    field: str,
) -> None:
    with pytest.raises(InvalidInput) as refused:
        places.add_building(session, SYSTEM, code, BuildingValues(**{"name": "Bad"} | values))

    assert refused.value.problems[0].field == field
    session.rollback()
    with database.reading() as reader:
        assert reader.scalar(select(func.count(Building.id))) == 1


@pytest.mark.parametrize(
    ("level", "values", "field"),
    [
        (1, FloorValues(), "level"),
        (1000, FloorValues(), "level"),
        (2, FloorValues(height_m=0.5), "height_m"),
        (2, FloorValues(height_m=-3.0), "height_m"),
        (2, FloorValues(height_m=math.nan), "height_m"),
        (2, FloorValues(elevation_m=math.nan), "elevation_m"),
        (2, FloorValues(elevation_m=math.inf), "elevation_m"),
    ],
)
@pytest.mark.usefixtures("house")
def test_a_floor_with_a_bad_value_is_refused_and_nothing_is_written(
    database: Database, session: Session, level: int, values: FloorValues, field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        places.add_floor(session, SYSTEM, "RH", level, values)

    assert refused.value.problems[0].field == field
    session.rollback()
    with database.reading() as reader:
        assert reader.scalar(select(func.count(Floor.id))) == 2


@pytest.mark.usefixtures("house")
def test_a_wing_needs_a_new_code(session: Session) -> None:
    places.add_wing(session, SYSTEM, "RH", "NO", "North")

    with pytest.raises(InvalidInput, match="already has a wing"):
        places.add_wing(session, SYSTEM, "RH", "NO", "North again")
    assert session.scalar(select(func.count(Wing.id))) == 3


def test_the_second_editor_is_told_who_changed_what(
    database: Database, session: Session, house: House
) -> None:
    seen = house.building.version
    berta = make_actor("planner")
    with database.writing(berta.audit()) as other:
        places.edit_building(
            other, berta, "RH", BuildingValues("Rathaus", "Marktplatz 1"), house.building.version
        )
    session.expire_all()

    with pytest.raises(Conflict) as refused:
        places.edit_building(session, SYSTEM, "RH", BuildingValues("Town hall"), seen)

    assert refused.value.changed_by == "planner of tests"
    assert refused.value.changed_fields == {
        "name": "Rathaus",
        "address": "Marktplatz 1",
        "begun_on": None,
    }
    assert refused.value.current_version == seen + 1


def test_a_viewer_changes_nothing(session: Session, house: House) -> None:
    viewer = make_actor("viewer", house.building.id)

    with pytest.raises(NotAllowed):
        places.edit_building(session, viewer, "RH", BuildingValues("Mine"), None)
    with pytest.raises(NotAllowed):
        places.add_floor(session, viewer, "RH", 5, FloorValues())
    with pytest.raises(NotAllowed):
        places.add_building(session, viewer, "ZZ", BuildingValues("Mine"))
    with pytest.raises(NotAllowed):
        places.edit_floor(session, viewer, "RH/0", FloorValues("Mine"), None)


@pytest.mark.usefixtures("house")
def test_the_code_of_a_building_out_of_scope_is_neither_told_nor_given_away(
    session: Session,
) -> None:
    other = add_building(session, "BA")
    planner = make_actor("planner", other.id)

    with pytest.raises(NotFound):
        places.add_building(session, planner, "RH", BuildingValues("Mine"))


def test_rooms_of_other_wings_are_not_listed(session: Session, house: House) -> None:
    add_room(session, house.ground, "1", wing_id=house.west.id)
    add_room(session, house.ground, "2", wing_id=house.east.id)
    add_room(session, house.ground, "3")
    west = make_actor("facility", house.building.id, house.west.id)

    assert [room.number for room in places.list_rooms(session, SYSTEM, house.ground)] == [
        "1",
        "2",
        "3",
    ]
    assert [room.number for room in places.list_rooms(session, west, house.ground)] == ["1"]


def test_the_list_of_buildings_is_narrowed_and_sorted(session: Session) -> None:
    add_building(session, "BA", name="Bad", is_public=True, priority=1)
    add_building(session, "CC", name="Archiv", is_listed=True)

    assert [row.code for row in list_rows(session, SYSTEM, words="arch")] == ["CC"]
    assert [row.code for row in list_rows(session, SYSTEM, public="yes")] == ["BA"]
    assert [row.code for row in list_rows(session, SYSTEM, listed="yes")] == ["CC"]
    assert [row.code for row in list_rows(session, SYSTEM, priority=1)] == ["BA"]
    rows, total = places.list_buildings(
        session, SYSTEM, BuildingFilter(), Page(sort="name", limit=1)
    )
    assert ([row.code for row in rows], total) == (["CC"], 2)


def test_building_codes_differ_by_more_than_case(session: Session) -> None:
    add_building(session, "BA")

    assert places.find_building(session, SYSTEM, "ba").code == "BA"
    assert place_refs.add_place(session, SYSTEM, "ba") == []
    with pytest.raises(InvalidInput, match="already a building"):
        places.add_building(session, SYSTEM, "bA", BuildingValues("Bad"))
