from __future__ import annotations

import math
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from tests.factories.people import make_actor
from tests.factories.places import House, add_building, add_plan
from tests.factories.walls import add_wall, find_material
from wlantrack.errors import Conflict, InvalidInput, NotAllowed, NotFound
from wlantrack.services import walls
from wlantrack.services.actor import SYSTEM, Actor, Scope
from wlantrack.services.walls import WallValues
from wlantrack.store.models.walls import Wall

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from wlantrack.store.session import Database


def make_values(session: Session, **changes: Any) -> WallValues:  # noqa: ANN401 - any field
    values = {"x1_m": 0.0, "y1_m": 0.0, "x2_m": 10.0, "y2_m": 0.0}
    return WallValues(**{**values, "material": find_material(session).public_id, **changes})


def test_a_drawn_wall_is_listed_on_its_floor(session: Session, house: House) -> None:
    walls.draw_wall(session, SYSTEM, "RH/0", make_values(session, thickness_m=0.24, top_m=2.0))

    (row,) = walls.list_walls(session, SYSTEM, house.ground)

    assert (row.x1_m, row.x2_m, row.bottom_m, row.top_m, row.thickness_m) == (0, 10, 0, 2, 0.24)
    assert walls.list_walls(session, SYSTEM, house.first) == []


def test_somebody_of_one_wing_sees_the_walls_that_touch_it(session: Session, house: House) -> None:
    lines = {
        "west": (5.0, 0.0, 5.0, 20.0),
        "between": (20.0, 0.0, 20.0, 20.0),
        "face of between": (20.3, 0.0, 20.3, 20.0),
        "across": (10.0, 10.0, 30.0, 10.0),
        "east": (30.0, 0.0, 30.0, 20.0),
    }
    for line in lines.values():
        add_wall(session, house.ground, line)

    def list_seen(*scopes: tuple[int | None, int | None]) -> list[str]:
        actor = Actor("x", grants=tuple(("facility", Scope(*scope)) for scope in scopes))
        seen = {(w.x1_m, w.y1_m, w.x2_m, w.y2_m) for w in walls.list_walls(session, actor, floor)}
        return [name for name, line in lines.items() if line in seen]

    floor, building = house.ground, house.building.id
    west, east = (building, house.west.id), (building, house.east.id)
    assert list_seen(west) == ["west", "between", "face of between", "across"]
    assert list_seen(east) == ["between", "face of between", "across", "east"]
    assert list_seen(west, east) == list(lines)
    assert list_seen((building, None)) == list_seen((None, None)) == list(lines)

    house.west.outline = None
    assert list_seen(west) == list(lines)
    assert list_seen(east) == ["between", "face of between", "across", "east"]


def test_a_floor_without_walls_has_none_for_anybody(session: Session, house: House) -> None:
    west = make_actor("viewer", house.building.id, house.west.id)
    assert walls.list_walls(session, west, house.ground) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"x1_m": math.nan}, "x1_m"),
        ({"y2_m": math.inf}, "y2_m"),
        ({"x2_m": 10_001.0}, "x2_m"),
        ({"x2_m": 0.0}, "x2_m"),
        ({"bottom_m": math.nan}, "bottom_m"),
        ({"top_m": math.nan}, "top_m"),
        ({"top_m": 0.0}, "top_m"),
        ({"bottom_m": 3.0, "top_m": 2.0}, "top_m"),
        ({"thickness_m": 0.0}, "thickness_m"),
        ({"thickness_m": -0.1}, "thickness_m"),
        ({"thickness_m": math.nan}, "thickness_m"),
        ({"material": uuid.UUID(int=1)}, "material"),
    ],
)
@pytest.mark.usefixtures("house")
def test_a_wall_with_a_bad_value_is_refused_and_nothing_is_written(
    database: Database, session: Session, changes: dict[str, object], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        walls.draw_wall(session, SYSTEM, "RH/0", make_values(session, **changes))

    assert refused.value.problems[0].field == field
    session.rollback()
    with database.reading() as reader:
        assert reader.scalar(select(func.count(Wall.id))) == 0


@pytest.mark.parametrize("changes", [{"x2_m": 500.0}, {"y1_m": -2.1}, {"x1_m": 42.1}])
def test_a_wall_that_leads_off_the_plan_is_refused(
    session: Session, house: House, changes: dict[str, float]
) -> None:
    add_plan(session, house.ground)
    session.commit()

    with pytest.raises(InvalidInput, match=r"off the plan.* x 0\.0 to 40\.0 m") as refused:
        walls.draw_wall(session, SYSTEM, "RH/0", make_values(session, **changes))

    assert refused.value.problems[0].field in {"x1_m", "x2_m"}


def test_a_wall_that_stands_off_the_plan_can_still_get_another_material(
    session: Session, house: House
) -> None:
    wall = add_wall(session, house.ground, (0.0, 100.0, 10.0, 100.0))
    add_plan(session, house.ground)
    session.commit()
    ref, place = str(wall.public_id), {"y1_m": 100.0, "y2_m": 100.0}

    changed = walls.change_wall(
        session, SYSTEM, ref, make_values(session, **place, top_m=2.0), None
    )

    assert changed.top_m == 2.0
    with pytest.raises(InvalidInput):
        walls.change_wall(session, SYSTEM, ref, make_values(session, y1_m=90.0), None)


def test_outer_walls_may_stand_at_the_picture_s_edge(session: Session, house: House) -> None:
    add_plan(session, house.ground)

    walls.draw_wall(session, SYSTEM, "RH/0", make_values(session, x1_m=-1.5, x2_m=41.5))

    assert len(walls.list_walls(session, SYSTEM, house.ground)) == 1


def test_a_wall_can_be_changed_and_its_version_rises(session: Session, house: House) -> None:
    wall = add_wall(session, house.ground)
    session.commit()

    changed = walls.change_wall(
        session, SYSTEM, str(wall.public_id), make_values(session, x2_m=7.5), 1
    )

    assert (changed.x2_m, changed.version) == (7.5, 2)


def test_a_bad_change_leaves_the_wall_as_it_was(
    database: Database, session: Session, house: House
) -> None:
    wall = add_wall(session, house.ground)
    session.commit()

    with pytest.raises(InvalidInput):
        walls.change_wall(
            session, SYSTEM, str(wall.public_id), make_values(session, material=uuid.UUID(int=1)), 1
        )

    session.rollback()
    with database.reading() as reader:
        assert reader.scalars(select(Wall.x1_m)).all() == [20.0]


def test_the_second_editor_of_a_wall_is_told_who_changed_what(
    session: Session, house: House
) -> None:
    wall = add_wall(session, house.ground)
    session.commit()
    ref = str(wall.public_id)
    walls.change_wall(session, SYSTEM, ref, make_values(session, x2_m=7.5), 1)

    with pytest.raises(Conflict) as of_change:
        walls.change_wall(session, SYSTEM, ref, make_values(session), 1)
    with pytest.raises(Conflict):
        walls.delete_wall(session, SYSTEM, ref, 1)

    assert of_change.value.changed_by == "system"
    assert of_change.value.changed_fields["x2_m"] == 7.5


def test_a_deleted_wall_is_gone(session: Session, house: House) -> None:
    wall = add_wall(session, house.ground)
    session.commit()
    public_id = wall.public_id

    floor = walls.delete_wall(session, SYSTEM, str(public_id), 1)

    assert floor.id == house.ground.id
    with pytest.raises(NotFound):
        walls.find_wall(session, SYSTEM, str(public_id))


def test_walls_are_drawn_by_planners_of_the_building_only(session: Session, house: House) -> None:
    wall = add_wall(session, house.ground)
    other = add_building(session, "BA")
    session.commit()
    ref, values = str(wall.public_id), make_values(session)

    for actor, refusal in (
        (make_actor("viewer", house.building.id), NotAllowed),
        (make_actor("planner", house.building.id, house.west.id), NotAllowed),
        (make_actor("planner", other.id), NotFound),
    ):
        with pytest.raises(refusal):
            walls.draw_wall(session, actor, "RH/0", values)
        with pytest.raises(refusal):
            walls.change_wall(session, actor, ref, values, None)
        with pytest.raises(refusal):
            walls.delete_wall(session, actor, ref, None)


@pytest.mark.parametrize("ref", ["", "no id", str(uuid.UUID(int=1))])
def test_a_wall_that_does_not_exist_is_not_found(session: Session, ref: str) -> None:
    with pytest.raises(NotFound, match="perhaps somebody has deleted it"):
        walls.find_wall(session, SYSTEM, ref)
