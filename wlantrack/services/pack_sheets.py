"""The plan sheets of an installation pack: of each floor the piece where there is work.

Decides that a sheet reaches a few metres around the ends of what is installed, and that secure areas
are blank unless there is work in them: the sheet is handed to a firm, whoever prints it.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import shapely
from PIL import Image

from wlantrack.geometry.frame import Affine
from wlantrack.reports.plan_sheets import Line, Mark, Picture, PlanSheet, choose_scale
from wlantrack.services import pictures
from wlantrack.services.run_plans import AROUND_M
from wlantrack.services.scene import position_of
from wlantrack.store.queries import packs as queries
from wlantrack.store.queries import places as place_queries
from wlantrack.store.queries import walls as wall_queries

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from shapely.geometry.base import BaseGeometry
    from sqlalchemy.orm import Session

    from wlantrack.services.installation import Stores
    from wlantrack.store.models.access_points import AccessPoint
    from wlantrack.store.models.cabling import CableRun
    from wlantrack.store.models.permits import Penetration
    from wlantrack.store.models.places import Floor, FloorPlan

    Ends = list[tuple[float, float]]

_SMALLEST_SCALE: Final = 300
"""At 1:300 room numbers of a plan can still be read."""
_LONGEST_PX: Final = 2200
"""So many pixels along a sheet are finer than a printer's dots on thin lines."""


@dataclass(frozen=True)
class Work:
    """What is installed: runs with their numbers in the list, access points, and penetrations."""

    runs: Sequence[CableRun]
    points: Sequence[AccessPoint]
    holes: Sequence[Penetration]
    numbers: Mapping[int, int]

    @property
    def things(self) -> list[CableRun | AccessPoint]:
        """Give runs and access points."""
        return [*self.runs, *self.points]


@dataclass(frozen=True)
class FloorSheet:
    """A floor, a sheet of it, and how many access points and runs it shows."""

    floor: Floor
    sheet: PlanSheet
    points: int
    ends: int


@dataclass(frozen=True)
class _OpenPlan:
    """A plan's picture north up, and the rectangle in building metres that it fills."""

    paper: Image.Image
    bounds_m: tuple[float, float, float, float]


def draw_floors(session: Session, stores: Stores, work: Work) -> list[FloorSheet]:
    """Give the sheets of all floors on which something with a position is installed."""
    floors = {floor.id: floor for floor in _list_floors(work)}
    ordered = sorted(floors.values(), key=lambda floor: (floor.building.code, floor.level))
    return [sheet for floor in ordered for sheet in _draw_floor(session, stores, floor, work)]


def _list_floors(work: Work) -> Iterator[Floor]:
    yield from (point.floor for point in work.points)
    for run in work.runs:
        yield from (end.floor for end in (run.outlet, run.distributor) if end is not None)


def _draw_floor(session: Session, stores: Stores, floor: Floor, work: Work) -> list[FloorSheet]:
    """Give the sheets of a floor: one, or several where the work lies too far apart."""
    ways = [ends for run in work.runs if (ends := _ends_on(run, floor))]
    ways += [[position_of(point)] for point in work.points if point.floor_id == floor.id]
    plans = _list_plans(session, floor, work)
    opened = [_open_plan(stores, plan) for plan in plans]
    marks = [*_mark_points(work, floor), *_mark_stops(work, floor), *_mark_holes(work, floor)]
    building = floor.building
    sheets = []
    for piece in _gather(ways):
        area = _find_area(session, floor, piece)
        if area.is_empty:
            continue
        shown = [_cut_picture(plan, area) for plan in opened]
        straight = [Line("straight", tuple(ends)) for ends in piece if len(ends) > 1]
        seen = tuple(mark for mark in marks if area.covers(shapely.Point(mark.x_m, mark.y_m)))
        sheet = PlanSheet(
            area.bounds,
            tuple(picture for picture in shown if picture is not None),
            (*_list_lines(session, floor, area, has_picture=any(shown)), *straight),
            seen,
            building.rotation_deg if building.origin_easting_m is not None else None,
            is_schematic=not plans or any(is_schematic(plan) for plan in plans),
        )
        points = sum(mark.kind == "access point" for mark in seen)
        sheets.append(FloorSheet(floor, sheet, points, len(straight)))
    return sheets


def _gather(ways: Iterable[Ends]) -> list[list[Ends]]:
    """Put together what fits on one sheet at a scale at which rooms can be read."""
    pieces: list[list[Ends]] = []
    known = {tuple(ends) for ends in ways}
    inside = {(end,) for ends in known for end in ends if len(ends) > 1}
    for ends in map(list, sorted(known - inside)):
        for piece in pieces:
            x0, y0, x1, y1 = _box_around([*piece, ends]).bounds
            if choose_scale(x1 - x0, y1 - y0) <= _SMALLEST_SCALE:
                piece.append(ends)
                break
        else:
            pieces.append([ends])
    return pieces


def _box_around(ways: Iterable[Ends]) -> BaseGeometry:
    points = shapely.MultiPoint([end for ends in ways for end in ends])
    return shapely.box(*points.buffer(AROUND_M).bounds)


def is_schematic(plan: FloorPlan) -> bool:
    """Tell whether nothing may be measured on a plan: nobody checked its scale, or its name says so."""
    return not plan.is_verified or "schemati" in plan.name.casefold()


def _ends_on(run: CableRun, floor: Floor) -> Ends:
    """Give the ends of a run that lie on a floor, the near one first."""
    ends = []
    for stop in (run.distributor, run.outlet):
        is_here = stop is not None and stop.floor_id == floor.id
        if is_here and stop is not None and stop.x_m is not None and stop.y_m is not None:
            ends.append((stop.x_m, stop.y_m))
    if run.access_point is not None and run.access_point.floor_id == floor.id:
        ends.append(position_of(run.access_point))
    return ends


def _find_area(session: Session, floor: Floor, ways: Sequence[Ends]) -> BaseGeometry:
    around = shapely.union_all([_box_around([ends]) for ends in ways])
    works = shapely.MultiPoint([end for ends in ways for end in ends])
    hidden = [
        room.outline
        for room in place_queries.list_rooms(session, floor.id)
        if room.is_secure and room.outline is not None and not room.outline.intersects(works)
    ]
    return shapely.difference(around, shapely.union_all(hidden))


def _list_plans(session: Session, floor: Floor, work: Work) -> list[FloorPlan]:
    wings = {None, *(thing.wing_id for thing in work.things)}
    return [
        plan
        for plan in place_queries.list_current_plans(session, floor.id)
        if plan.pixel_to_building is not None and plan.wing_id in wings
    ]


def _open_plan(stores: Stores, plan: FloorPlan) -> _OpenPlan:
    png = pictures.plan_picture(plan, stores.files, stores.pictures)
    with Image.open(io.BytesIO(png)) as image:
        paper = Image.new("RGB", image.size, "white")
        paper.paste(image, mask=image if image.mode in {"RGBA", "LA"} else None)
    return _OpenPlan(paper, pictures.plan_bounds(plan))


def _cut_picture(plan: _OpenPlan, area: BaseGeometry) -> Picture | None:
    """Give the piece of a plan's picture that a sheet shows, None where it shows nothing of it."""
    x0, y0, x1, y1 = plan.bounds_m
    left, low, right, high = area.bounds
    left, low, right, high = max(left, x0), max(low, y0), min(right, x1), min(high, y1)
    if left >= right or low >= high:
        return None
    a_m = plan.paper.width / (x1 - x0), plan.paper.height / (y1 - y0)
    corner = round((left - x0) * a_m[0]), round((y1 - high) * a_m[1])
    far = round((right - x0) * a_m[0]), round((y1 - low) * a_m[1])
    to_building = Affine(1 / a_m[0], 0.0, left, 0.0, -1 / a_m[1], high)
    piece = pictures.clip_picture(plan.paper.crop((*corner, *far)), to_building, area)
    piece.thumbnail((_LONGEST_PX, _LONGEST_PX))
    out = io.BytesIO()
    piece.quantize(64).save(out, "PNG")
    return Picture(out.getvalue(), (left, low, right, high))


def _list_lines(
    session: Session, floor: Floor, area: BaseGeometry, *, has_picture: bool
) -> Iterator[Line]:
    """Give rooms and walls, which a picture of the plan shows anyway, and trays."""
    if not has_picture:
        for room in place_queries.list_rooms(session, floor.id):
            if room.outline is not None:
                yield from _cut("room", room.outline.boundary, area)
        for wall in wall_queries.list_walls(session, [floor.id]):
            line = shapely.LineString([(wall.x1_m, wall.y1_m), (wall.x2_m, wall.y2_m)])
            yield from _cut("wall", line, area)
    for route in queries.list_routes(session, floor.id):
        if route.kind != "riser":
            yield from _cut("tray", route.line, area)


def _cut(kind: str, shape: BaseGeometry, area: BaseGeometry) -> Iterator[Line]:
    for part in shapely.get_parts(shapely.line_merge(shapely.intersection(shape, area))):
        if isinstance(part, shapely.LineString) and not part.is_empty:
            yield Line(kind, tuple((float(x), float(y)) for x, y, *_ in part.coords))


def _mark_points(work: Work, floor: Floor) -> Iterator[Mark]:
    ending: dict[int | None, list[int]] = {}
    for run in work.runs:
        ending.setdefault(run.access_point_id, []).append(work.numbers[run.id])
    for point in work.points:
        if point.floor_id == floor.id:
            x_m, y_m = position_of(point)
            yield Mark("access point", x_m, y_m, _name(point.code, ending.get(point.id, ())))


def _mark_stops(work: Work, floor: Floor) -> Iterator[Mark]:
    """Give outlets with the numbers of their runs, and distributors."""
    outlets: dict[int, list[CableRun]] = {}
    distributors: dict[int, CableRun] = {}
    for run in work.runs:
        if run.outlet is not None:
            outlets.setdefault(run.outlet.id, []).append(run)
        if run.distributor is not None:
            distributors.setdefault(run.distributor.id, run)
    for runs in outlets.values():
        outlet = runs[0].outlet
        if outlet is not None and outlet.floor_id == floor.id and outlet.x_m is not None:
            numbers = [work.numbers[run.id] for run in runs]
            yield Mark("outlet", outlet.x_m, outlet.y_m or 0.0, _name(outlet.code, numbers))
    for run in distributors.values():
        stop = run.distributor
        if stop is not None and stop.floor_id == floor.id and stop.x_m is not None:
            yield Mark("distributor", stop.x_m, stop.y_m or 0.0, stop.code)


def _name(code: str, numbers: Iterable[int]) -> str:
    ahead = write_numbers(numbers)
    return f"{ahead} · {code}" if ahead else code


def write_numbers(numbers: Iterable[int]) -> str:
    """Write the numbers of runs in the list, three in a row and more as a stretch."""
    stretches: list[list[int]] = []
    for number in sorted(set(numbers)):
        if stretches and number == stretches[-1][-1] + 1:
            stretches[-1].append(number)
        else:
            stretches.append([number])
    return ", ".join(
        f"{part[0]}\N{EN DASH}{part[-1]}" if len(part) > 2 else ", ".join(map(str, part))
        for part in stretches
    )


def _mark_holes(work: Work, floor: Floor) -> Iterator[Mark]:
    for hole in work.holes:
        if hole.floor_id == floor.id and hole.x_m is not None and hole.y_m is not None:
            yield Mark("penetration", hole.x_m, hole.y_m, hole.code)
