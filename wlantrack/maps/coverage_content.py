"""What a coverage map shows, as plain data.

Decides which facts a page needs. Refuses to know folium, so that whoever gathers the facts does
not load it; texts arrive translated.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import shapely
    from shapely.geometry.base import BaseGeometry

    from wlantrack.geometry.frame import BuildingFrame
    from wlantrack.maps.plan_warp import MapBounds


@dataclass(frozen=True)
class MapWords:
    """Every word of the page, translated. ``%(...)s`` marks what is filled in.

    ``meanings`` has a word for each key of the legend's classes: video, office, weak, none, meets,
    primary_only, fails.
    """

    map: str
    counts: str
    summary: str
    layers: str
    no_heat_map: str
    opacity: str
    signal: str
    verdict: str
    level_from: str
    """With ``%(low)s``: the strongest class."""
    level_between: str
    """With ``%(low)s`` and ``%(high)s``."""
    level_below: str
    """With ``%(high)s``: the weakest class."""
    below_requirement: str
    """With ``%(level)s``."""
    meanings: Mapping[str, str]
    rooms: str
    walls: str
    failing: str
    access_points: str
    access_points_table: str
    installed: str
    planned_elsewhere: str
    code: str
    state: str
    position: str
    zoom_in: str
    zoom_out: str
    close: str


@dataclass(frozen=True)
class Overlay:
    """A picture on the map, such as the plan."""

    url: str
    bounds: MapBounds


@dataclass(frozen=True)
class HeatLayer:
    """A heat map that can be switched on, one at a time; ``kind`` is signal | verdict."""

    name: str
    url: str
    bounds: MapBounds
    kind: str = "signal"


@dataclass(frozen=True)
class RoomShape:
    """A room: its polygon in building metres and what stands in it."""

    polygon: shapely.Polygon | shapely.MultiPolygon
    label: str


@dataclass(frozen=True)
class FailingArea:
    """Where a verdict is "not met": its outline in building metres and for whom."""

    outline: BaseGeometry
    label: str


@dataclass(frozen=True)
class AccessPointMark:
    """An access point on the map.

    ``mark`` is planned | ordered | mounted | live | blocked | undated; ``details`` are label and
    value, shown in this order. ``planned_xy`` is set where it hangs elsewhere than planned: an
    outline there, joined with the mark by a line.
    """

    code: str
    x_m: float
    y_m: float
    mark: str
    state: str
    details: Sequence[tuple[str, str]] = ()
    planned_xy: tuple[float, float] | None = None


@dataclass(frozen=True)
class CoverageMap:
    """What the page shows; geometry in building metres, pictures placed by ``plan_warp``.

    Without ``frame`` the floor is shown in its own metres. The first of ``heat_layers`` is shown
    first. ``counts`` says what the prediction counts, ``summary`` what came of it.
    """

    title: str
    language: str
    counts: str
    words: MapWords
    frame: BuildingFrame | None = None
    plan: Overlay | None = None
    heat_layers: Sequence[HeatLayer] = ()
    threshold_dbm: float | None = None
    rooms: Sequence[RoomShape] = ()
    walls: Sequence[tuple[float, float, float, float]] = ()
    failing: Sequence[FailingArea] = ()
    access_points: Sequence[AccessPointMark] = ()
    summary: Sequence[str] = ()
