"""Walls and rooms of a floor out of a drawing: a later import of it brings the floor up to date.

Decides what a drawing may change: the walls that came from it before, and outlines of rooms.
What people drew or named stays. Refuses to know how drawings are read.
"""

from __future__ import annotations

import itertools
import math
import uuid
from collections import Counter
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final, TypeAlias

import shapely

from wlantrack.errors import InvalidInput, Message, Problem, msg
from wlantrack.formats.dxf import read_dxf
from wlantrack.formats.dxf_layers import IGNORE
from wlantrack.services import catalog, places, reasons
from wlantrack.services.actor import Action, Actor
from wlantrack.services.point_places import locate
from wlantrack.services.walls import COORDINATE_LIMIT_M, MIN_LENGTH_M
from wlantrack.store import audit
from wlantrack.store.models.places import Room
from wlantrack.store.models.walls import Wall
from wlantrack.store.queries import places as place_queries
from wlantrack.store.queries import walls as wall_queries

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import numpy as np
    from shapely.geometry.base import BaseGeometry
    from sqlalchemy.orm import Session

    from wlantrack.formats.dxf import DxfPlan, DxfRoom, DxfWalls
    from wlantrack.geometry.plan_walls import PlanWall
    from wlantrack.services.plans import Upload
    from wlantrack.store.models.places import Floor

Offset: TypeAlias = tuple[float, float]
Line: TypeAlias = tuple[int, int, int, int]

SAME_PLACE_M: Final = 0.001
_NUMBER_LENGTH: Final = 30
_NAME_LENGTH: Final = 120
_LEAST_SHARE_ON_PLAN: Final = 0.5
_FAR_OFF_PLAN_M: Final = 200.0
"""A wall farther off would stretch the floor's map until nothing can be seen on it."""


@dataclass(frozen=True)
class DrawingImport:
    """What a drawing holds, and what that changed.

    ``walls`` and ``wall_length_m`` leave out the ``openings``: doors and windows, each a piece of
    wall with a material of its own.
    """

    walls: int
    wall_length_m: float
    openings: int
    rooms: int
    added: int
    removed: int
    unchanged: int
    warnings: tuple[Message, ...]


@dataclass(frozen=True)
class _Difference:
    """What to do with the walls of one source."""

    added: list[Wall]
    removed: list[Wall]
    unchanged: int
    warnings: tuple[Message, ...]


def import_dxf(  # noqa: PLR0913 - each is one answer of the import form
    session: Session,
    actor: Actor,
    floor_ref: str,
    upload: Upload,
    layer_materials: Mapping[str, str] | None = None,
    *,
    offset_m: Offset = (0.0, 0.0),
    unit: str | None = None,
) -> DrawingImport:
    """Bring a floor's walls and rooms up to date with a DXF drawing.

    Parameters
    ----------
    layer_materials
        Layer pattern to material code or ``ignore``; other layers are recognised by name.
    offset_m
        Added to the drawing's coordinates to get the building's.
    unit
        The drawing's unit if it states none, or a wrong one.

    Raises
    ------
    InvalidInput
        The drawing cannot be read, lies far outside the building, or a material does not exist;
        nothing is stored.
    NotFound, NotAllowed
        The floor is out of scope, or the role does not reach.
    """
    _require_materials(session, layer_materials or {})
    _find_floor(session, actor, floor_ref)
    # Reading takes seconds in the worst case: no transaction stays open meanwhile.
    session.rollback()
    plan = read_dxf(upload.data, file=upload.name, layers=layer_materials, unit=unit)
    _require_near(plan, offset_m, upload.name)
    drawn = _shift(plan.walls, offset_m)
    floor = _find_floor(session, actor, floor_ref)
    change = _compare(session, floor, drawn, f"dxf:{upload.name}"[:120])
    session.add_all(change.added)
    for wall in change.removed:
        session.delete(wall)
    rooms, room_warnings = _update_rooms(session, floor, plan.rooms, offset_m)
    warnings = (
        *plan.warnings,
        *_list_unmatched(plan, layer_materials or {}),
        *_check_walls(drawn),
        *change.warnings,
        *room_warnings,
        *_check_place(session, floor, drawn),
    )
    audit.set_context(session, actor.audit(reasons.import_of(upload.name)))
    session.commit()
    return DrawingImport(
        walls=len(drawn.walls),
        wall_length_m=round(sum(wall.length_m for wall in drawn.walls), 2),
        openings=len(drawn.openings),
        rooms=rooms,
        added=len(change.added),
        removed=len(change.removed),
        unchanged=change.unchanged,
        warnings=warnings,
    )


def _find_floor(session: Session, actor: Actor, floor_ref: str) -> Floor:
    floor = places.find_floor(session, actor, floor_ref).floor
    actor.require(Action.EDIT_WALLS, floor.building_id)
    actor.require(Action.EDIT_PLACES, floor.building_id)
    return floor


def _require_materials(session: Session, layer_materials: Mapping[str, str]) -> None:
    materials = wall_queries.get_materials_by_code(session)
    for pattern, code in layer_materials.items():
        if code != IGNORE:
            try:
                catalog.pick_material(materials, code)
            except InvalidInput as error:
                problems = (replace(p, field=f"layer {pattern}") for p in error.problems)
                raise InvalidInput(*problems) from error


def _require_near(plan: DxfPlan, offset_m: Offset, file: str) -> None:
    if not all(map(math.isfinite, offset_m)):
        raise InvalidInput(
            Problem(msg("This is not a number."), field="offset", value=str(offset_m))
        )
    dx, dy = offset_m
    x0, y0, x1, y1 = plan.extent_m
    farthest = max(abs(x0 + dx), abs(x1 + dx), abs(y0 + dy), abs(y1 + dy))
    if farthest > COORDINATE_LIMIT_M:
        raise InvalidInput(
            Problem(
                msg(
                    "The drawing lies %(distance).1f km from the building's origin.",
                    distance=farthest / 1000,
                ),
                msg(
                    "Give an offset that is added to its coordinates; its lower left corner is at"
                    " x %(x).2f m, y %(y).2f m.",
                    x=x0,
                    y=y0,
                ),
                file=file,
                field="offset",
                value=f"{dx:.2f}, {dy:.2f}",
            )
        )


def _shift(drawn: DxfWalls, offset_m: Offset) -> DxfWalls:
    return replace(
        drawn,
        walls=tuple(_move(drawn.walls, offset_m)),
        openings=tuple(_move(drawn.openings, offset_m)),
    )


def _move(walls: Iterable[PlanWall], offset_m: Offset) -> Iterable[PlanWall]:
    dx, dy = offset_m
    for wall in walls:
        if wall.length_m >= MIN_LENGTH_M:
            yield replace(
                wall,
                x1_m=wall.x1_m + dx,
                y1_m=wall.y1_m + dy,
                x2_m=wall.x2_m + dx,
                y2_m=wall.y2_m + dy,
            )


def _compare(session: Session, floor: Floor, drawn: DxfWalls, source: str) -> _Difference:
    """Match drawn walls with those of the same source; leave all others alone."""
    standing = wall_queries.load_walls(session, floor.id)
    own = [wall for wall in standing if wall.source == source]
    taken = {_line_of(wall) for wall in standing if wall.source != source}
    materials = wall_queries.get_materials_by_code(session)
    kept: Counter[tuple[object, ...]] = Counter(_key_of(wall) for wall in own)
    added, unchanged, doubled = [], 0, 0
    for piece in (*drawn.walls, *drawn.openings):
        material = catalog.pick_material(materials, piece.material or "")
        wall = _make_wall(piece, floor.id, material.id, source)
        if _line_of(wall) in taken:
            doubled += 1
        elif kept[_key_of(wall)]:
            kept[_key_of(wall)] -= 1
            unchanged += 1
        else:
            added.append(wall)
    # What is left in the counter stands on the floor, but no longer in the drawing.
    removed = []
    for wall in own:
        if kept[_key_of(wall)]:
            kept[_key_of(wall)] -= 1
            removed.append(wall)
    return _Difference(added, removed, unchanged, tuple(_warn_of_others(standing, source, doubled)))


def _make_wall(piece: PlanWall, floor_id: int, material_id: int, source: str) -> Wall:
    return Wall(
        public_id=uuid.uuid4(),
        floor_id=floor_id,
        material_id=material_id,
        x1_m=round(piece.x1_m, 4),
        y1_m=round(piece.y1_m, 4),
        x2_m=round(piece.x2_m, 4),
        y2_m=round(piece.y2_m, 4),
        bottom_m=0.0,
        top_m=None,
        thickness_m=None if piece.thickness_m is None else round(piece.thickness_m, 4),
        source=source,
    )


def _line_of(wall: Wall) -> Line:
    """Give a wall's ends in millimetres, whichever of them was drawn first."""
    first = (round(wall.x1_m / SAME_PLACE_M), round(wall.y1_m / SAME_PLACE_M))
    second = (round(wall.x2_m / SAME_PLACE_M), round(wall.y2_m / SAME_PLACE_M))
    low, high = sorted((first, second))
    return (*low, *high)


def _key_of(wall: Wall) -> tuple[object, ...]:
    thickness = None if wall.thickness_m is None else round(wall.thickness_m / SAME_PLACE_M)
    return (_line_of(wall), wall.material_id, thickness, wall.bottom_m, wall.top_m)


def _warn_of_others(standing: Sequence[Wall], source: str, doubled: int) -> Iterable[Message]:
    if doubled:
        yield msg("%(count)d walls stand there already and were left alone.", count=doubled)
    others = Counter(
        wall.source for wall in standing if wall.source.startswith("dxf:") and wall.source != source
    )
    for other, count in sorted(others.items()):
        yield msg(
            "The floor also has %(count)d walls from %(file)s. If this drawing replaces that one,"
            " import it under the same file name, or walls count twice.",
            count=count,
            file=other.removeprefix("dxf:"),
        )


def _list_unmatched(plan: DxfPlan, layer_materials: Mapping[str, str]) -> Iterable[Message]:
    names = [layer.name.casefold() for layer in plan.layers]
    for pattern in layer_materials:
        if not any(fnmatchcase(name, pattern.casefold()) for name in names):
            yield msg(
                "No layer is called %(pattern)s; there are: %(layers)s.",
                pattern=pattern,
                layers=", ".join(layer.name for layer in itertools.islice(plan.layers, 30)),
            )


def _check_walls(drawn: DxfWalls) -> Iterable[Message]:
    if not drawn.walls:
        yield msg("The drawing has no walls that were recognised; name their layers.")


def _check_place(session: Session, floor: Floor, drawn: DxfWalls) -> Iterable[Message]:
    """Warn if most walls lie off the floor's plan: then drawing and plan differ in origin.

    Raises
    ------
    InvalidInput
        Some lie so far off that they can belong to no map of this floor.
    """
    outlines = place_queries.list_floor_plan_outlines(session, floor.id)
    lines = [((w.x1_m, w.y1_m), (w.x2_m, w.y2_m)) for w in (*drawn.walls, *drawn.openings)]
    if not outlines or not lines:
        return
    area = shapely.union_all(outlines)
    walls = shapely.linestrings(lines)
    _require_on_map(walls, area)
    on_plan = float(shapely.length(shapely.intersection(walls, area)).sum())
    share = on_plan / float(shapely.length(walls).sum())
    if share < _LEAST_SHARE_ON_PLAN:
        yield msg(
            "Only %(share)d %% of the walls lie on the floor's plan. If the drawing has another"
            " origin, import it again with an offset.",
            share=round(100 * share),
        )


def _require_on_map(walls: np.ndarray, area: BaseGeometry) -> None:
    far = shapely.distance(walls, area) > _FAR_OFF_PLAN_M
    if not far.any():
        return
    x_m, y_m = shapely.get_coordinates(walls[far])[0]
    raise InvalidInput(
        Problem(
            msg(
                "The drawing has walls more than %(distance)d m off the floor's plan"
                " (%(count)d in all).",
                count=int(far.sum()),
                distance=int(_FAR_OFF_PLAN_M),
            ),
            msg(
                "Import it with an offset if it has another origin; or delete in it what does not"
                " belong to this floor, such as what lies at x %(x).1f m, y %(y).1f m.",
                x=float(x_m),
                y=float(y_m),
            ),
            field="offset",
        )
    )


def _update_rooms(
    session: Session, floor: Floor, drawn: Iterable[DxfRoom], offset_m: Offset
) -> tuple[int, list[Message]]:
    """Create rooms by number or update their outlines; a name is set only where none is."""
    known = {room.number: room for room in place_queries.list_rooms(session, floor.id)}
    seen: set[str] = set()
    nameless, doubled = 0, []
    for source in drawn:
        number = source.number or ""
        if not 0 < len(number) <= _NUMBER_LENGTH:
            nameless += 1
        elif number in seen:
            doubled.append(number)
        else:
            seen.add(number)
            outline = shapely.Polygon(
                [(x + offset_m[0], y + offset_m[1]) for x, y in source.points]
            )
            room = known.get(number)
            if room is None:
                session.add(_make_room(floor, known.values(), source, outline))
            else:
                _update_room(room, source, outline)
    warnings = []
    if nameless:
        warnings.append(
            msg("%(count)d outlines have no room number and became no rooms.", count=nameless)
        )
    if doubled:
        numbers = ", ".join(sorted(set(doubled))[:20])
        warnings.append(
            msg("Drawn more than once, the smallest outline taken: %(numbers)s.", numbers=numbers)
        )
    return len(seen), warnings


def _make_room(
    floor: Floor, rooms: Iterable[Room], source: DxfRoom, outline: shapely.Polygon
) -> Room:
    """Make a room in the wing of the room it lies in, else of the wing it lies in."""
    inside = outline.representative_point()
    wing = locate(floor, rooms, inside.x, inside.y).wing
    return Room(
        public_id=uuid.uuid4(),
        floor_id=floor.id,
        number=source.number,
        name=_name_of(source),
        outline=outline,
        wing_id=None if wing is None else wing.id,
    )


def _name_of(source: DxfRoom) -> str:
    return (source.name or "")[:_NAME_LENGTH]


def _update_room(room: Room, source: DxfRoom, outline: shapely.Polygon) -> None:
    if room.outline is None or not room.outline.normalize().equals_exact(
        outline.normalize(), SAME_PLACE_M
    ):
        room.outline = outline
    room.name = room.name or _name_of(source)
