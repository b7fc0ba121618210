"""The layers of a coverage map, in folium's terms.

Decides panes, order, projection and what each layer is drawn with. Refuses to know any word: a
layer has a key, and what people entered reaches the page as data (a layer named ``__proto__``, or
two of one name, would break Leaflet's own control).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import folium
import geopandas
import numpy as np
import shapely
from branca.element import MacroElement
from folium.map import CustomPane
from folium.template import Template

from wlantrack.geometry.frame import WGS84
from wlantrack.maps.legend import INK
from wlantrack.maps.marks import MARKS, PLANNED_ELSEWHERE
from wlantrack.maps.offline import UrlOverlay
from wlantrack.maps.pieces import CALM

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wlantrack.geometry.frame import BuildingFrame
    from wlantrack.maps.coverage_content import AccessPointMark, CoverageMap

MARK_SIZE_PX = 28
"""At least the 24 px of WCAG 2.5.8."""
EMPTY_FLOOR_M = ((0.0, 0.0), (20.0, 15.0))
"""Shown where a floor has nothing to show yet."""

_FLAT_ZOOM = {"minZoom": -4, "maxZoom": 8}
_GLOBE_ZOOM = {"minZoom": 12, "maxZoom": 25}


def add_layer_control(map_: folium.Map) -> None:
    """Add the control that switches layers; the page moves it beside the map."""
    map_.add_child(folium.LayerControl(collapsed=False, autoZIndex=False))


class MapCall(MacroElement):
    """Call a function of ``js/folium/coverage-map.js`` with the parent and numbers."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "coverageMap.{{ this.function }}({{ this._parent.get_name() }}"
        "{% for number in this.numbers %}, {{ number }}{% endfor %});"
        "{% endmacro %}"
    )

    def __init__(self, function: str, *numbers: int) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # branca's is untyped
        self._name = "Call"
        self.function = function
        self.numbers = numbers


def base_map(frame: BuildingFrame | None, view: list[list[float]]) -> folium.Map:
    """Make a map without tiles, limited to what is shown."""
    (south, west), (north, east) = view
    slack_y, slack_x = 0.5 * (north - south), 0.5 * (east - west)
    options: dict[str, Any] = {
        "zoom_snap": 0.25,
        "zoom_delta": 0.5,
        "zoom_animation": CALM,
        "fade_animation": CALM,
        "attribution_control": False,
        "maxBounds": [[south - slack_y, west - slack_x], [north + slack_y, east + slack_x]],
        **(_FLAT_ZOOM if frame is None else _GLOBE_ZOOM),
    }
    map_ = folium.Map(
        location=[(south + north) / 2, (west + east) / 2],
        crs="Simple" if frame is None else "EPSG3857",
        tiles=None,
        zoom_control=False,
        **options,
    )
    map_.add_child(CustomPane("plan", z_index=250))
    map_.add_child(CustomPane("heat", z_index=300))
    map_.add_child(CustomPane("labels", z_index=450))
    return map_


def add_pictures(map_: folium.Map, coverage: CoverageMap) -> None:
    """Add the plan and, over it, the heat maps, of which one is on at a time."""
    if coverage.plan is not None:
        corners = coverage.plan.bounds.corners()
        map_.add_child(UrlOverlay(coverage.plan.url, corners, control=False, pane="plan"))
    for number, layer in enumerate(coverage.heat_layers):
        overlay = UrlOverlay(
            layer.url,
            layer.bounds.corners(),
            name=f"heat-{number}",
            overlay=False,
            show=number == 0,
            pane="heat",
        )
        map_.add_child(overlay.add_child(MapCall("heat", number)))
    if coverage.heat_layers:
        map_.add_child(folium.FeatureGroup(name="no-heat", overlay=False, show=False))


def add_rooms(map_: folium.Map, coverage: CoverageMap) -> None:
    """Add the rooms' outlines; their labels follow as text."""
    numbers = [n for n, room in enumerate(coverage.rooms) if not room.polygon.is_empty]
    if not numbers:
        return
    shapes = geopandas.GeoSeries([coverage.rooms[number].polygon for number in numbers])
    outlines = geopandas.GeoDataFrame(
        {"room": numbers}, geometry=_to_map_shapes(shapes, coverage.frame)
    )
    layer = folium.GeoJson(
        json.loads(outlines.to_json(drop_id=True)),
        name="rooms",
        show=coverage.plan is None,
        smooth_factor=0,
        color="#6e7597",
        weight=1,
        fill=False,
        interactive=False,
    )
    map_.add_child(layer.add_child(MapCall("rooms")))


def add_failing(map_: folium.Map, coverage: CoverageMap) -> None:
    """Add the outlines of the areas that do not meet what is asked of them."""
    numbers = [n for n, area in enumerate(coverage.failing) if not area.outline.is_empty]
    if not numbers:
        return
    shapes = geopandas.GeoSeries([coverage.failing[number].outline for number in numbers])
    outlines = geopandas.GeoDataFrame(
        {"failing": numbers}, geometry=_to_map_shapes(shapes, coverage.frame)
    )
    layer = folium.GeoJson(
        json.loads(outlines.to_json(drop_id=True)),
        name="failing",
        smooth_factor=0,
        color="#9c1c1c",
        weight=2.5,
        dash_array="6 4",
        fill=False,
        interactive=False,
    )
    map_.add_child(layer)


def _to_map_shapes(shapes: geopandas.GeoSeries, frame: BuildingFrame | None) -> geopandas.GeoSeries:
    """Reproject building metres to WGS84; without a frame they are the map's own."""
    if frame is None:
        return shapes
    placed = shapely.transform(shapes.to_numpy(), frame.to_crs)
    return (
        geopandas.GeoSeries(placed, crs=frame.crs).to_crs(WGS84).set_crs(None, allow_override=True)
    )


def add_walls(map_: folium.Map, coverage: CoverageMap) -> None:
    """Add the walls as one light layer."""
    if not coverage.walls:
        return
    ends = np.asarray(coverage.walls, dtype=np.float64).reshape(-1, 2, 2)
    lines = _to_map(ends, coverage.frame).tolist()
    group = folium.FeatureGroup(name="walls", show=coverage.plan is None)
    drawn = folium.PolyLine(lines, smooth_factor=0, color="#454b6b", weight=2)  # type: ignore[no-untyped-call]  # folium's is untyped
    drawn.options["interactive"] = False  # folium's constructor drops this one
    group.add_child(drawn)
    map_.add_child(group)


def add_access_points(map_: folium.Map, coverage: CoverageMap) -> None:
    """Add the access points, each with its mark."""
    if not coverage.access_points:
        return
    group = folium.FeatureGroup(name="access-points")
    for access_point in coverage.access_points:
        if access_point.planned_xy is not None:
            _add_planned_place(group, access_point, access_point.planned_xy, coverage.frame)
    for number, access_point in enumerate(coverage.access_points):
        location = _to_map((access_point.x_m, access_point.y_m), coverage.frame).tolist()
        icon = folium.DivIcon(
            html=MARKS[access_point.mark],
            icon_size=(MARK_SIZE_PX, MARK_SIZE_PX),
            class_name=f"ap ap--{access_point.mark}",
        )
        marker = folium.Marker(location, icon=icon, rise_on_hover=True)
        MapCall("accessPoint", number).add_to(marker)
        group.add_child(marker)
    map_.add_child(group)


def _add_planned_place(
    group: folium.FeatureGroup,
    access_point: AccessPointMark,
    planned_xy: tuple[float, float],
    frame: BuildingFrame | None,
) -> None:
    """Add the outline where an access point was planned, and the line to where it hangs."""
    hangs_at = (access_point.x_m, access_point.y_m)
    ends = _to_map([planned_xy, hangs_at], frame).tolist()
    line = folium.PolyLine(ends, smooth_factor=0, color=INK, weight=1.5, dash_array="3 2")  # type: ignore[no-untyped-call]  # folium's is untyped
    line.options["interactive"] = False  # folium's constructor drops this one
    group.add_child(line)
    icon = folium.DivIcon(
        html=PLANNED_ELSEWHERE,
        icon_size=(MARK_SIZE_PX, MARK_SIZE_PX),
        class_name="ap ap--elsewhere",
    )
    # The mark itself is what opens and is named; this one is drawn only.
    group.add_child(folium.Marker(ends[0], icon=icon, interactive=False, keyboard=False))


def _to_map(points_m: Any, frame: BuildingFrame | None) -> np.ndarray[Any, Any]:  # noqa: ANN401  # any array of pairs
    """Turn building metres, shape (..., 2), into what Leaflet takes: y or latitude first."""
    points = np.asarray(points_m, dtype=np.float64)
    return (points if frame is None else frame.to_wgs84(points))[..., ::-1]


def view(coverage: CoverageMap) -> list[list[float]]:
    """Give the corners of everything shown."""
    corners = [layer.bounds.corners() for layer in coverage.heat_layers]
    if coverage.plan is not None:
        corners.append(coverage.plan.bounds.corners())
    points = [*_points_m(coverage)] or ([] if corners else [*EMPTY_FLOOR_M])
    if points:
        corners.append(_to_map(points, coverage.frame).tolist())
    positions = np.concatenate([np.asarray(corner) for corner in corners])
    south_west, north_east = positions.min(axis=0), positions.max(axis=0)
    return [south_west.tolist(), north_east.tolist()]


def _points_m(coverage: CoverageMap) -> Iterable[tuple[float, float]]:
    for room in coverage.rooms:
        if not room.polygon.is_empty:
            x0, y0, x1, y1 = room.polygon.bounds
            yield from ((x0, y0), (x1, y1), (x0, y1), (x1, y0))
    for x1, y1, x2, y2 in coverage.walls:
        yield from ((x1, y1), (x2, y2))
    for access_point in coverage.access_points:
        yield access_point.x_m, access_point.y_m
        if access_point.planned_xy is not None:
            yield access_point.planned_xy
