"""The course of a cable route as people write it: corners one a line, or WKT.

Decides what a course may be: a line that does not cross itself, or for a riser one point, in
building metres and on the plan of its floor, where there is one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import shapely
from shapely import LineString, Point

from wlantrack.errors import InvalidInput, Message, Problem, msg
from wlantrack.services.outlines import parse_wkt, read_corner, write_outline
from wlantrack.services.walls import MIN_LENGTH_M, PLAN_EDGE_M, check_coordinate
from wlantrack.store.queries import places as place_queries

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shapely.geometry.base import BaseGeometry
    from sqlalchemy.orm import Session

    from wlantrack.store.models.places import Floor

PointM = tuple[float, float]
MAX_CORNERS: Final = 200
FIELD: Final = "points"


def points_of(line: BaseGeometry) -> tuple[PointM, ...]:
    """Give the corners of a route's course."""
    return tuple((float(x), float(y)) for x, y, *_ in line.coords)


def write_points(points: Sequence[PointM], mark: str = ".") -> str:
    """Write corners, one ``x; y`` a line."""
    return "\n".join(f"{x:.10g}; {y:.10g}".replace(".", mark) for x, y in points)


def read_points(text: str) -> tuple[PointM, ...]:
    """Read corners, one ``x; y`` a line.

    Raises
    ------
    InvalidInput
        A line is no corner, or there are too many.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MAX_CORNERS:
        raise refuse(msg("A route has at most %(limit)d corners.", limit=MAX_CORNERS), lines[0])
    return tuple(read_corner(line, FIELD) for line in lines)


def write_course(points: Sequence[PointM]) -> str:
    """Write corners in one line, as the floor-plan editor has them: ``x y, x y``."""
    return ", ".join(f"{x:.10g} {y:.10g}" for x, y in points)


def read_course(text: str) -> tuple[PointM, ...]:
    """Read corners out of one line, ``x y, x y``.

    Raises
    ------
    InvalidInput
        A part is no corner, or there are too many.
    """
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if len(parts) > MAX_CORNERS:
        raise refuse(msg("A route has at most %(limit)d corners.", limit=MAX_CORNERS), parts[0])
    return tuple(read_corner(part, "course") for part in parts)


def write_wkt(line: BaseGeometry) -> str:
    """Write a course as WKT that reads back to the very same numbers."""
    return write_outline(line) or ""


def read_wkt(text: str) -> tuple[PointM, ...]:
    """Read the corners of a line or a point out of WKT.

    Raises
    ------
    InvalidInput
        It is neither.
    """
    found = parse_wkt(text)
    if found is None or found.is_empty or found.geom_type not in {"LineString", "Point"}:
        raise InvalidInput(
            Problem(
                msg("This is neither a line nor a point in WKT."),
                msg(
                    "Write it like LINESTRING (10 5, 22 5, 22 14), a riser like POINT (10 5), in"
                    " building metres."
                ),
                field="line_wkt",
                value=text[:80],
            )
        )
    return points_of(found)


def make_line(points: Sequence[PointM], *, is_riser: bool) -> LineString | Point:
    """Make a route's course of corners.

    Raises
    ------
    InvalidInput
        There are too few or too many, or the line is too short or crosses itself.
    """
    for x_m, y_m in points:
        check_coordinate(x_m, FIELD)
        check_coordinate(y_m, FIELD)
    if is_riser:
        if len(points) != 1:
            raise refuse(msg("A riser stands at one point."), str(len(points)))
        return Point(points[0])
    if not 2 <= len(points) <= MAX_CORNERS:  # fewer are no line
        message = msg("A route has 2 to %(limit)d corners.", limit=MAX_CORNERS)
        raise refuse(message, str(len(points)))
    line = LineString(points)
    if line.length < MIN_LENGTH_M:
        raise refuse(msg("The route is shorter than 5 cm."), write_wkt(line)[:80])
    if not line.is_simple:
        raise refuse(msg("The route crosses itself: draw it as two routes."), write_wkt(line)[:80])
    return line


def check_on_plan(session: Session, floor: Floor, line: BaseGeometry) -> None:
    """Refuse a course that leaves its floor's plan; without a plan all is well.

    Raises
    ------
    InvalidInput
        Names the plan's extent.
    """
    outlines = place_queries.list_floor_plan_outlines(session, floor.id)
    if not outlines:
        return
    plan = shapely.union_all(outlines)
    if shapely.covers(shapely.buffer(plan, PLAN_EDGE_M), line):
        return
    x0, y0, x1, y1 = plan.bounds
    raise refuse(
        msg(
            "The route leads off the plan, which covers x %(x0).1f to %(x1).1f m and"
            " y %(y0).1f to %(y1).1f m.",
            x0=x0,
            x1=x1,
            y0=y0,
            y1=y1,
        ),
        write_wkt(line)[:80],
    )


def refuse(message: Message, value: str) -> InvalidInput:
    """Refuse a course."""
    remedy = msg("Write one corner a line, x; y in building metres, such as 12,5; 7.")
    return InvalidInput(Problem(message, remedy, field=FIELD, value=value))
