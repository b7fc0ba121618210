"""A project's floors as pictures for a preview: the plan made small, walls and access points on it.

Decides how a floor is drawn before it is imported; refuses to know pages.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wlantrack.formats.plan_images import PlanImage
    from wlantrack.services.project_imports import FloorOutcome, ProjectOutcome

LONG_SIDE: Final = 1200
"""Pixels of a small picture, and units of the drawing over it."""


@dataclass(frozen=True)
class Mark:
    """An access point on a drawing."""

    x: float
    y: float
    name: str


@dataclass(frozen=True)
class FloorDrawing:
    """A floor as a drawing: its size, all walls as one SVG path, and the access points."""

    width: int
    height: int
    walls: str
    marks: tuple[Mark, ...]


def shrink(picture: PlanImage) -> bytes:
    """Give a plan as a small PNG."""
    with Image.open(io.BytesIO(picture.png)) as image:
        small = image.convert("L" if image.mode in {"1", "L"} else "RGB")
        small.thumbnail((LONG_SIDE, LONG_SIDE), Image.Resampling.BOX)
        buffer = io.BytesIO()
        small.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def draw_floor(outcome: ProjectOutcome, floor: FloorOutcome) -> FloorDrawing | None:
    """Draw a floor's walls and access points over its plan; None if nothing has a size."""
    if floor.width_m and floor.length_m:
        size = (floor.width_m, floor.length_m)
    elif floor.picture is not None:
        size = (float(floor.picture.width_px), float(floor.picture.height_px))
    else:
        return None
    scale = LONG_SIDE / max(size)
    project = outcome.project
    lines = [
        (wall.x1_m, wall.y1_m, wall.x2_m, wall.y2_m)
        for wall in project.walls
        if wall.floor == floor.key
    ]
    marks = tuple(
        Mark(round(point.x_m * scale, 1), round((size[1] - point.y_m) * scale, 1), point.name)
        for point in project.access_points
        if point.floor == floor.key
    )
    return FloorDrawing(
        max(1, round(size[0] * scale)),
        max(1, round(size[1] * scale)),
        _make_path(lines, size[1], scale),
        marks,
    )


def _make_path(
    lines: Iterable[tuple[float, float, float, float]], length_m: float, scale: float
) -> str:
    return "".join(
        f"M{x1 * scale:.1f} {(length_m - y1) * scale:.1f}L{x2 * scale:.1f} {(length_m - y2) * scale:.1f}"
        for x1, y1, x2, y2 in lines
    )
