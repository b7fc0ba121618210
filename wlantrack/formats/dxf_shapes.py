"""Lines, arcs and curves of a drawing as points; runs in the sandbox only.

Decides how finely curves are cut into chords: by angle, so that the two faces of a bent wall get
parallel chords and can be paired.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from ezdxf.math import Vec3, bulge_to_arc

if TYPE_CHECKING:
    from collections.abc import Iterable

ARC_STEP_RAD: Final = math.radians(5.0)
SPLINE_POINTS: Final = 64
LARGEST_COORDINATE: Final = 1e10  # drawing units; a northing in millimetres has 6e9


class CoordinateError(ValueError):
    """A coordinate that is no number, or far beyond any drawing."""


def require_finite(*groups: Iterable[float]) -> None:
    """Refuse coordinates that are no numbers or far beyond any drawing.

    Raises
    ------
    CoordinateError
        If there is one.
    """
    if not all(abs(value) <= LARGEST_COORDINATE for group in groups for value in group):
        raise CoordinateError


def _line(entity: Any) -> tuple[list[Vec3], bool]:  # noqa: ANN401 - ezdxf has no types of its own
    return [entity.dxf.start, entity.dxf.end], False


def _light_polyline(entity: Any) -> tuple[list[Vec3], bool]:  # noqa: ANN401 - ezdxf has no types of its own
    rows = [(float(x), float(y), float(bulge)) for x, y, bulge in entity.get_points("xyb")]
    require_finite(*rows)
    points = _bend(rows, is_closed=entity.closed)
    elevation = float(entity.dxf.elevation)
    wcs = entity.ocs().points_to_wcs([Vec3(x, y, elevation) for x, y in points])
    return list(wcs), bool(entity.closed)


def _old_polyline(entity: Any) -> tuple[list[Vec3], bool]:  # noqa: ANN401 - ezdxf has no types of its own
    if not (entity.is_2d_polyline or entity.is_3d_polyline):
        raise TypeError("a mesh is no line")
    if entity.is_3d_polyline:
        return [vertex.dxf.location for vertex in entity.vertices], bool(entity.is_closed)
    rows = [(v.dxf.location.x, v.dxf.location.y, v.dxf.bulge) for v in entity.vertices]
    require_finite(*rows)
    points = _bend(rows, is_closed=entity.is_closed)
    wcs = entity.ocs().points_to_wcs([Vec3(x, y) for x, y in points])
    return list(wcs), bool(entity.is_closed)


def _bend(rows: list[tuple[float, float, float]], *, is_closed: bool) -> list[tuple[float, float]]:
    """Replace bulges by chords."""
    points: list[tuple[float, float]] = []
    followers = [*rows[1:], rows[0]] if is_closed else rows[1:]
    for (x, y, bulge), (next_x, next_y, _) in zip(rows, followers, strict=False):
        points.append((x, y))
        if abs(bulge) > 1e-4 and (x, y) != (next_x, next_y):
            centre, start, end, radius = bulge_to_arc((x, y), (next_x, next_y), bulge)
            inner = _arc_points(centre, radius, start, end)[1:-1]
            points += [(p.x, p.y) for p in (inner if bulge > 0 else reversed(inner))]
    return points if is_closed or not rows else [*points, rows[-1][:2]]


def _arc_points(centre: Any, radius: float, start: float, end: float) -> list[Vec3]:  # noqa: ANN401 - a vector
    require_finite((radius, start, end))
    sweep = (end - start) % math.tau or math.tau
    steps = max(1, math.ceil(sweep / ARC_STEP_RAD))
    angles = [start + sweep * k / steps for k in range(steps + 1)]
    return [
        Vec3(centre[0] + radius * math.cos(a), centre[1] + radius * math.sin(a)) for a in angles
    ]


def _arc(entity: Any) -> tuple[list[Vec3], bool]:  # noqa: ANN401 - ezdxf has no types of its own
    require_finite(entity.dxf.center.xyz)
    start, end = math.radians(entity.dxf.start_angle), math.radians(entity.dxf.end_angle)
    points = _arc_points(entity.dxf.center, entity.dxf.radius, start, end)
    return list(entity.ocs().points_to_wcs(points)), False


def _circle(entity: Any) -> tuple[list[Vec3], bool]:  # noqa: ANN401 - ezdxf has no types of its own
    require_finite(entity.dxf.center.xyz)
    points = _arc_points(entity.dxf.center, entity.dxf.radius, 0.0, math.tau)
    return list(entity.ocs().points_to_wcs(points[:-1])), True


def _ellipse(entity: Any) -> tuple[list[Vec3], bool]:  # noqa: ANN401 - ezdxf has no types of its own
    sweep = (entity.dxf.end_param - entity.dxf.start_param) % math.tau or math.tau
    require_finite((sweep,), entity.dxf.center.xyz, entity.dxf.major_axis.xyz)
    steps = max(1, math.ceil(sweep / ARC_STEP_RAD))
    params = [entity.dxf.start_param + sweep * k / steps for k in range(steps + 1)]
    return list(entity.vertices(params)), False


def _spline(entity: Any) -> tuple[list[Vec3], bool]:  # noqa: ANN401 - ezdxf has no types of its own
    for point in (*entity.control_points, *entity.fit_points):
        require_finite(point)
    return list(entity.construction_tool().approximate(SPLINE_POINTS)), bool(entity.closed)


SHAPES: Final = {
    "LINE": _line,
    "LWPOLYLINE": _light_polyline,
    "POLYLINE": _old_polyline,
    "ARC": _arc,
    "CIRCLE": _circle,
    "ELLIPSE": _ellipse,
    "SPLINE": _spline,
}
