"""Outlines as people write them: corners one a line, or WKT; always in building metres.

Decides what an outline may be: one or more polygons that do not cross themselves, near the
building's origin.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import shapely

from wlantrack.errors import InvalidInput, Message, Problem, msg
from wlantrack.services.walls import COORDINATE_LIMIT_M

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

_NUMBER = r"[-+\N{MINUS SIGN}]?\d+(?:[.,]\d+)?"
_CORNER = re.compile(rf"({_NUMBER})\s*[;\s]\s*({_NUMBER})")
MAX_CORNERS = 2_000


def write_outline(outline: BaseGeometry | None) -> str | None:
    """Write an outline as WKT that reads back to the very same numbers."""
    return None if outline is None else str(shapely.to_wkt(outline, rounding_precision=40))


def write_corners(outline: BaseGeometry | None, mark: str = ".") -> str:
    """Write a simple outline as corners, one ``x; y`` a line; what has parts or holes as WKT."""
    if outline is None:
        return ""
    if not isinstance(outline, shapely.Polygon) or outline.interiors:
        return write_outline(outline) or ""
    corners = list(outline.exterior.coords)[:-1]
    return "\n".join(f"{x:.10g}; {y:.10g}".replace(".", mark) for x, y, *_ in corners)


def read_outline(text: object, field: str = "polygon_wkt") -> BaseGeometry | None:
    """Read an outline out of WKT; None if there is no text.

    Raises
    ------
    InvalidInput
        It is no polygon, crosses itself, has no area, or lies far outside the building.
    """
    if text is None:
        return None
    return _check(parse_wkt(str(text)), text, field)


def parse_wkt(text: str) -> BaseGeometry | None:
    """Read any geometry out of WKT; None if the text is none."""
    try:
        return shapely.from_wkt(text)
    except (shapely.errors.GEOSException, ValueError):  # it cuts its message within a letter
        return None


def read_corners(text: str, field: str = "outline") -> BaseGeometry | None:
    """Read an outline out of corners, one ``x; y`` a line, or out of WKT; None if it is empty.

    Raises
    ------
    InvalidInput
        A line is no corner, or the outline is none; see :func:`read_outline`.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines:
        return None
    if lines[0][0].isalpha():
        return read_outline(" ".join(lines), field)
    if not 3 <= len(lines) <= MAX_CORNERS:
        raise _refuse(
            lines[0], field, msg("An outline has 3 to %(limit)d corners.", limit=MAX_CORNERS)
        )
    return _check(shapely.Polygon([read_corner(line, field) for line in lines]), lines[0], field)


def read_corner(line: str, field: str) -> tuple[float, float]:
    """Read one corner, ``x; y``.

    Raises
    ------
    InvalidInput
        It is none.
    """
    found = _CORNER.fullmatch(line)
    if found is None:
        raise _refuse(line, field, msg("This is no corner: it needs two numbers, x and y."))
    x, y = (float(part.replace(",", ".").replace("\N{MINUS SIGN}", "-")) for part in found.groups())
    return x, y


def _check(outline: BaseGeometry | None, text: object, field: str) -> BaseGeometry:
    if outline is None or outline.geom_type not in {"Polygon", "MultiPolygon"} or outline.is_empty:
        raise _refuse(text, field, msg("This is no polygon in WKT."))
    if not outline.is_valid or outline.area <= 0:
        raise _refuse(text, field, msg("The polygon crosses itself or has no area."))
    if max(map(abs, outline.bounds)) > COORDINATE_LIMIT_M:
        raise _refuse(text, field, msg("The polygon lies far outside the building."))
    return outline


def _refuse(text: object, field: str, message: Message) -> InvalidInput:
    remedy = msg("Write it like POLYGON ((10 5, 22 5, 22 14, 10 14, 10 5)), in building metres.")
    if field != "polygon_wkt":
        remedy = msg("Write one corner a line, x; y in building metres, such as 12,5; 7.")
    return InvalidInput(Problem(message, remedy, field=field, value=str(text)[:80]))
