"""Walls and materials: draw, change, delete, and list them."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import shapely

from wlantrack.errors import InvalidInput, NotFound, Problem, msg
from wlantrack.services import places, public_sight
from wlantrack.services.actor import Action, Actor
from wlantrack.services.versions import require_version
from wlantrack.store.models.walls import Material, Wall
from wlantrack.store.queries import places as place_queries
from wlantrack.store.queries import walls as wall_queries

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable

    from shapely.geometry.base import BaseGeometry
    from sqlalchemy.orm import Session

    from wlantrack.radio.coverage import Wall as RadioWall
    from wlantrack.store.models.places import Floor
    from wlantrack.store.queries.walls import WallRow

COORDINATE_LIMIT_M = 10_000.0
"""Further from the building's origin than this is a typing error."""

MIN_LENGTH_M = 0.05

PLAN_EDGE_M = 2.0
"""So far walls may reach beyond the picture of their floor: outer walls are often cut off."""

WALL_REACH_M = 0.5
"""A wing's outline may follow either face of its outer walls; this near they belong to it."""

Drawn = TypeVar("Drawn", "WallRow", "RadioWall")


@dataclass(frozen=True)
class WallValues:
    """A wall as people draw it; ``top_m`` None: up to the storey's height."""

    x1_m: float
    y1_m: float
    x2_m: float
    y2_m: float
    material: uuid.UUID
    bottom_m: float = 0.0
    top_m: float | None = None
    thickness_m: float | None = None


def check_coordinate(value: float, field: str) -> None:
    """Refuse a coordinate that is not a number or absurdly far away.

    Raises
    ------
    InvalidInput
        Names the field and the value.
    """
    if not math.isfinite(value) or abs(value) > COORDINATE_LIMIT_M:
        raise InvalidInput(
            Problem(
                msg("This is no position in a building."),
                msg(
                    "Give metres from the building's origin, at most %(limit)d.",
                    limit=int(COORDINATE_LIMIT_M),
                ),
                field=field,
                value=str(value),
            )
        )


def check_wall(values: WallValues) -> None:
    """Refuse a wall without length or height, or off the map.

    Raises
    ------
    InvalidInput
        Names the field and the value.
    """
    for field in ("x1_m", "y1_m", "x2_m", "y2_m"):
        check_coordinate(getattr(values, field), field)
    if math.dist((values.x1_m, values.y1_m), (values.x2_m, values.y2_m)) < MIN_LENGTH_M:
        raise InvalidInput(
            Problem(
                msg("The wall is shorter than 5 cm."),
                msg("Choose two different end points."),
                field="x2_m",
                value=str(values.x2_m),
            )
        )
    check_coordinate(values.bottom_m, "bottom_m")
    if values.top_m is not None:
        check_coordinate(values.top_m, "top_m")
        if values.top_m <= values.bottom_m:
            raise InvalidInput(
                Problem(
                    msg("The wall ends below where it begins."),
                    msg("Give a top above the bottom."),
                    field="top_m",
                    value=str(values.top_m),
                )
            )
    if values.thickness_m is not None and not 0 < values.thickness_m <= 5:
        raise InvalidInput(
            Problem(
                msg("A wall is at most 5 m thick."),
                msg("Give the thickness in metres."),
                field="thickness_m",
                value=str(values.thickness_m),
            )
        )


def check_near_plan(session: Session, floor: Floor, values: WallValues) -> None:
    """Refuse a wall that leaves its floor's plan; without a plan all is well.

    Raises
    ------
    InvalidInput
        Names the end that lies off, and the plan's extent.
    """
    outlines = place_queries.list_floor_plan_outlines(session, floor.id)
    if not outlines:
        return
    plan = shapely.union_all(outlines)
    for end in ("1", "2"):
        x_m, y_m = getattr(values, f"x{end}_m"), getattr(values, f"y{end}_m")
        if plan.distance(shapely.Point(x_m, y_m)) > PLAN_EDGE_M:
            x0, y0, x1, y1 = plan.bounds
            raise InvalidInput(
                Problem(
                    msg(
                        "The wall leads off the plan, which covers x %(x0).1f to %(x1).1f m and"
                        " y %(y0).1f to %(y1).1f m.",
                        x0=x0,
                        x1=x1,
                        y0=y0,
                        y1=y1,
                    ),
                    msg("Check the coordinates of both ends."),
                    field=f"x{end}_m",
                    value=f"{x_m:g}, {y_m:g}",
                )
            )


def list_walls(session: Session, actor: Actor, floor: Floor) -> list[WallRow]:
    """Give the walls of a floor that the actor may see; its building's wings must be loaded."""
    sight = public_sight.area_of(session, actor, floor)
    return keep_visible(actor, floor, wall_queries.list_walls(session, [floor.id]), sight)


def keep_visible(
    actor: Actor, floor: Floor, walls: Iterable[Drawn], sight: BaseGeometry | None
) -> list[Drawn]:
    """Keep the walls that touch a wing in the actor's scope, cut off where ``sight`` ends.

    Somebody who sees the building, or a wing that nobody has outlined, sees all of them: a plan
    of one wing is a picture that is held back or not, but nobody can say which walls it has.
    """
    if sight is not None:
        return _cut(walls, sight)
    if actor.can(Action.SEE_PLANS, floor.building_id):
        return list(walls)
    outlines = [
        wing.outline
        for wing in floor.building.wings
        if actor.can(Action.SEE_PLANS, floor.building_id, wing.id)
    ]
    if None in outlines:
        return list(walls)
    reach = shapely.union_all(outlines)
    shapely.prepare(reach)
    drawn = list(walls)
    lines = shapely.linestrings(
        np.array([((w.x1_m, w.y1_m), (w.x2_m, w.y2_m)) for w in drawn]).reshape(-1, 2, 2)
    )
    is_near = np.asarray(shapely.dwithin(lines, reach, WALL_REACH_M))
    return [wall for wall, near in zip(drawn, is_near, strict=True) if near]


def _cut(walls: Iterable[Drawn], sight: BaseGeometry) -> list[Drawn]:
    """Keep the parts of walls that stand in, or around, the part of a floor that is seen."""
    reach = shapely.buffer(sight, WALL_REACH_M)
    shapely.prepare(reach)
    kept = []
    for wall in walls:
        line = shapely.LineString([(wall.x1_m, wall.y1_m), (wall.x2_m, wall.y2_m)])
        for part in shapely.get_parts(shapely.intersection(line, reach)):
            if part.length >= MIN_LENGTH_M:
                (x1, y1), (x2, y2) = part.coords[0], part.coords[-1]
                kept.append(replace(wall, x1_m=x1, y1_m=y1, x2_m=x2, y2_m=y2))
    return kept


def list_materials(session: Session) -> list[Material]:
    """Give all materials by name."""
    return wall_queries.list_materials(session)


def _find_material(session: Session, public_id: uuid.UUID) -> Material:
    material = wall_queries.get_material(session, public_id)
    if material is None:
        raise InvalidInput(
            Problem(
                msg("There is no such material."),
                msg("Choose one from the list."),
                field="material",
                value=str(public_id),
            )
        )
    return material


def _apply(session: Session, wall: Wall, values: WallValues) -> None:
    check_wall(values)
    material = _find_material(session, values.material)
    wall.material_id, wall.material = material.id, material
    for field in ("x1_m", "y1_m", "x2_m", "y2_m", "bottom_m", "top_m", "thickness_m"):
        setattr(wall, field, getattr(values, field))


def draw_wall(session: Session, actor: Actor, floor_ref: str, values: WallValues) -> Wall:
    """Add a wall.

    Raises
    ------
    InvalidInput
        The wall has no length or height, leads off the plan, or its material does not exist.
    """
    floor = places.find_floor(session, actor, floor_ref).floor
    actor.require(Action.EDIT_WALLS, floor.building_id)
    wall = Wall(floor_id=floor.id)
    _apply(session, wall, values)
    check_near_plan(session, floor, values)
    session.add(wall)
    session.commit()
    return wall


def find_wall(session: Session, actor: Actor, ref: str) -> tuple[Wall, Floor]:
    """Give a wall and its floor by public id.

    Raises
    ------
    NotFound
        There is none, or its building is out of scope.
    """
    public_id = places.parse_uuid(ref)
    found = wall_queries.get_wall(session, public_id) if public_id else None
    if found is None or not actor.sees(found[1].building_id):
        raise NotFound(msg("There is no such wall; perhaps somebody has deleted it."))
    return found


def change_wall(
    session: Session, actor: Actor, ref: str, values: WallValues, version: int | None
) -> Wall:
    """Change a wall.

    Raises
    ------
    Conflict
        Somebody else has changed it since.
    """
    wall, floor = find_wall(session, actor, ref)
    actor.require(Action.EDIT_WALLS, floor.building_id)
    require_version(session, wall, version)
    ends = (wall.x1_m, wall.y1_m, wall.x2_m, wall.y2_m)
    _apply(session, wall, values)
    if ends != (wall.x1_m, wall.y1_m, wall.x2_m, wall.y2_m):
        check_near_plan(session, floor, values)
    session.commit()
    return wall


def delete_wall(session: Session, actor: Actor, ref: str, version: int | None) -> Floor:
    """Delete a wall and give the floor it stood on.

    Raises
    ------
    Conflict
        Somebody else has changed it since.
    """
    wall, floor = find_wall(session, actor, ref)
    actor.require(Action.EDIT_WALLS, floor.building_id)
    require_version(session, wall, version)
    session.delete(wall)
    session.commit()
    return floor
