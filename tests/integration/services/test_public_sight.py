"""What is public of a floor: the area, the picture, the levels, the walls, and nothing secure."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely
from PIL import Image

from tests.factories.access_points import add_access_point
from tests.factories.people import make_actor
from tests.factories.places import add_plan, add_room
from tests.factories.walls import add_wall
from wlantrack.geometry.frame import Affine
from wlantrack.services import access_points, coverage, pictures, places, public_sight, walls
from wlantrack.services.access_points import AccessPointFilter
from wlantrack.services.actor import SYSTEM, Actor, Scope
from wlantrack.services.paging import Page
from wlantrack.services.results import ResultCache

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.factories.places import House

COUNCIL = make_actor("viewer")
HALL = shapely.box(1, 1, 19, 9)
VAULT = shapely.box(10, 1, 19, 9)


@pytest.fixture
def hall(session: Session, house: House) -> House:
    """Give a house with a public hall, into which the outline of a secure room reaches by mistake."""
    inside = {"wing_id": house.west.id}
    add_room(session, house.ground, "1", name="Hall", outline=HALL, is_public=True, **inside)
    add_room(session, house.ground, "2", outline=VAULT, is_public=True, is_secure=True, **inside)
    add_room(session, house.ground, "3", outline=shapely.box(1, 10, 19, 19), **inside)
    session.commit()
    return house


def area_for(session: Session, actor: Actor) -> shapely.geometry.base.BaseGeometry | None:
    floor = places.find_floor(session, actor, "RH/0").floor
    return public_sight.area_of(session, actor, floor)


@pytest.mark.usefixtures("hall")
def test_the_council_sees_public_rooms_without_what_is_secure(session: Session) -> None:
    area = area_for(session, COUNCIL)

    assert area is not None
    assert area.equals(shapely.box(1, 1, 10, 9))
    floor = places.find_floor(session, COUNCIL, "RH/0").floor
    assert [room.number for room in places.list_rooms(session, COUNCIL, floor)] == ["1"]


@pytest.mark.usefixtures("hall")
@pytest.mark.parametrize("role", ["facility", "planner", "manager", "security officer", "admin"])
def test_staff_see_whole_floors(session: Session, role: str) -> None:
    assert area_for(session, make_actor(role)) is None


def test_staff_of_a_wing_see_it_whole_and_of_the_rest_what_is_public(
    session: Session, hall: House
) -> None:
    add_room(
        session,
        hall.ground,
        "4",
        outline=shapely.box(30, 1, 39, 9),
        wing_id=hall.east.id,
        is_public=True,
    )
    session.commit()
    west = Scope(hall.building.id, hall.west.id)
    both = Actor("both", grants=(("facility", west), ("viewer", Scope())))

    area = area_for(session, both)

    assert area is not None
    assert area.equals(shapely.union(shapely.box(0, 0, 20, 20), shapely.box(30, 1, 39, 9)))
    assert area_for(session, Actor("one", grants=(("facility", west),))) is None


@pytest.mark.usefixtures("house")
def test_a_floor_without_public_rooms_is_empty(session: Session) -> None:
    area = area_for(session, COUNCIL)

    assert area is not None
    assert area.is_empty


def test_a_picture_is_blank_outside_what_is_seen() -> None:
    ink = Image.new("RGB", (100, 50), "black")
    tenth = Affine(0.1, 0.0, 0.0, 0.0, -0.1, 5.0)  # 10 m x 5 m, y up
    sight = shapely.union(
        shapely.difference(shapely.box(1, 1, 6, 4), shapely.box(2, 2, 4, 3)),
        shapely.box(8, 1, 9, 2),
    )

    shown = np.asarray(pictures.clip_picture(ink, tenth, sight).convert("L"))

    def is_ink(x_m: float, y_m: float) -> bool:
        return bool(shown[round((5.0 - y_m) * 10), round(x_m * 10)] == 0)

    assert is_ink(1.5, 1.5)
    assert is_ink(5.0, 2.5)
    assert is_ink(8.5, 1.5)
    assert not is_ink(3.0, 2.5)  # the hole
    assert not is_ink(7.0, 2.5)
    assert not is_ink(0.5, 0.5)


def test_an_image_for_the_council_has_another_name_than_the_whole_one(
    session: Session, hall: House
) -> None:
    plan = add_plan(session, hall.ground)
    keys = {
        pictures.plan_key(plan),
        pictures.plan_key(plan, sight=HALL),
        pictures.plan_key(plan, sight=VAULT),
    }

    assert len(keys) == 3


def test_a_heat_map_shows_levels_where_the_council_may_look(session: Session, hall: House) -> None:
    add_access_point(session, hall.ground, "AP-1", state="in operation", wing_id=hall.west.id)
    add_access_point(session, hall.ground, "AP-2", x_m=30.0, wing_id=hall.east.id)
    session.commit()
    floor = places.find_floor(session, COUNCIL, "RH/0").floor
    cache = ResultCache()

    seen = coverage.predict_floor(session, COUNCIL, floor, "planned", cache)
    whole = coverage.predict_floor(session, SYSTEM, floor, "planned", cache)

    assert seen.floor_scene.codes == {"AP-1"}  # what is planned is no public matter
    assert whole.floor_scene.codes == {"AP-1", "AP-2"}
    assert seen.key != whole.key
    picture = pictures.heat_map_picture(seen.coverage, "5", None, sight=seen.sight)
    alpha = np.asarray(Image.open(io.BytesIO(picture.png)).convert("RGBA"))[..., 3]
    share = np.count_nonzero(alpha) / alpha.size
    x0, y0, x1, y1 = seen.coverage.grid.bounds
    assert share == pytest.approx(9 * 8 / ((x1 - x0) * (y1 - y0)), rel=0.05)


def test_walls_end_where_sight_ends(session: Session, hall: House) -> None:
    add_wall(session, hall.ground, (0.0, 1.0, 40.0, 1.0))
    add_wall(session, hall.ground, (30.0, 0.0, 30.0, 20.0))
    session.commit()
    floor = places.find_floor(session, COUNCIL, "RH/0").floor

    (wall,) = walls.list_walls(session, COUNCIL, floor)

    assert (wall.x1_m, wall.x2_m) == pytest.approx((0.5, 10.5))
    assert len(walls.list_walls(session, SYSTEM, floor)) == 2


@pytest.mark.parametrize(
    ("values", "seen"),
    [
        ({"state": "in operation"}, ["AP-1"]),
        ({"state": "accepted"}, ["AP-1"]),
        ({"state": "planned"}, []),
        ({"state": "faulty"}, []),
        ({"state": "in operation", "room": "office"}, []),
        ({"state": "in operation", "room": "vault"}, []),
        ({"state": "in operation", "room": None}, []),
        ({"state": "in operation", "room": None, "is_outdoor": True, "is_public": True}, ["AP-1"]),
        ({"state": "in operation", "room": None, "is_outdoor": True}, []),
    ],
)
def test_an_access_point_is_seen_where_it_is_live_and_public(
    session: Session, house: House, values: dict[str, object], seen: list[str]
) -> None:
    rooms = {
        "hall": add_room(session, house.ground, "1", is_public=True),
        "office": add_room(session, house.ground, "2"),
        "vault": add_room(session, house.ground, "3", is_public=True, is_secure=True),
    }
    room = values.get("room", "hall")
    room_id = rooms[str(room)].id if room else None
    point = {name: value for name, value in values.items() if name != "room"}
    add_access_point(session, house.ground, "AP-1", room_id=room_id, **point)
    session.commit()
    floor = places.find_floor(session, COUNCIL, "RH/0").floor

    listed, total = access_points.list_access_points(session, COUNCIL, AccessPointFilter(), Page())

    assert [row.code for row in listed] == seen
    assert total == len(seen)
    on_floor = access_points.list_on_floor(session, COUNCIL, floor)
    assert [point.code for point in on_floor] == seen
