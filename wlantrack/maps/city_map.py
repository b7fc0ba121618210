"""The city as a folium page: one feature a building, its outline in grey, its stage as a mark.

Decides panes, projection and what travels to the page. Refuses to know where stages come from;
texts arrive translated and reach the page as data.

Notes
-----
Outlines are one GeoJSON layer; marks are drawn by ``js/folium/city-map.js`` from the same rows,
because folium writes eight lines of script for every marker.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import folium
import geopandas
import numpy as np
import shapely

from wlantrack.geometry.frame import WGS84
from wlantrack.maps.marks import MARKS
from wlantrack.maps.offline import OfflineFigure
from wlantrack.maps.pieces import Call, city_base

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shapely.geometry.base import BaseGeometry

    from wlantrack.maps.offline import PageSetting

_DEGREE_DIGITS: Final = 6
"""About 0.1 m."""
NOWHERE: Final = ((-1.0, -1.0), (1.0, 1.0))


@dataclass(frozen=True)
class CityMark:
    """A building on the map: where it lies in the storage CRS, its mark, and what a pop-up says."""

    code: str
    name: str
    mark: str
    stage: str
    shape: BaseGeometry
    details: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class CityMap:
    """What the page shows; ``building_url`` has REF where a building's code goes."""

    title: str
    language: str
    crs: str
    marks: Sequence[CityMark]
    building_url: str
    words: Mapping[str, str]
    """For keys map, close, zoomIn, zoomOut, open, empty."""


def city_page(city: CityMap, setting: PageSetting) -> str:
    """Draw the whole page; nothing in it comes from outside this server."""
    shapes = geopandas.GeoSeries([mark.shape for mark in city.marks], crs=city.crs)
    placed = shapes.to_crs(WGS84)
    centres = shapely.get_coordinates(shapely.point_on_surface(placed.to_numpy()))[:, ::-1]
    values = {"city": city, "marks": MARKS, "data": _page_data(city, centres)}
    figure = OfflineFigure("city_map.html", setting, values)
    corners = _corners(placed)
    map_ = city_base(corners, max_zoom=20, prefer_canvas=True)
    figure.add_child(map_)
    map_.add_child(Call("cityMap.start"))
    _add_outlines(map_, placed)
    map_.fit_bounds(corners, padding=(24, 24), max_zoom=18)
    map_.add_child(Call("cityMap.finish"))
    return figure.render()


def _add_outlines(map_: folium.Map, placed: geopandas.GeoSeries) -> None:
    is_area = placed.geom_type != "Point"
    if not is_area.any():
        return
    outlines = shapely.transform(placed[is_area].to_numpy(), _round)
    numbers = np.flatnonzero(is_area.to_numpy()).tolist()
    frame = geopandas.GeoDataFrame({"n": numbers}, geometry=outlines, crs=WGS84)
    layer = folium.GeoJson(
        frame.to_geo_dict(drop_id=True),
        name="outlines",
        color="#6e7597",
        weight=1,
        fillColor="#c4c8d8",
        fillOpacity=1,
        smooth_factor=0.5,
    )
    map_.add_child(layer.add_child(Call("cityMap.outlines")))


def _round(degrees: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    return np.round(degrees, _DEGREE_DIGITS)


def _corners(placed: geopandas.GeoSeries) -> list[list[float]]:
    if placed.empty:
        return [list(corner) for corner in NOWHERE]
    west, south, east, north = placed.total_bounds.tolist()
    return [[south, west], [north, east]]


def _page_data(city: CityMap, centres: np.ndarray[Any, Any]) -> dict[str, object]:
    """Gather what the script needs to know; it writes texts as text only."""
    return {
        "words": dict(city.words),
        "buildingUrl": city.building_url,
        "buildings": [
            [
                mark.code,
                mark.name,
                mark.mark,
                mark.stage,
                *np.round(centre, _DEGREE_DIGITS).tolist(),
                [list(detail) for detail in mark.details],
            ]
            for mark, centre in zip(city.marks, centres, strict=True)
        ],
    }
