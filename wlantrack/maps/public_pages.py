"""The public pages: hotspots as list and folium map, and pages of text, as files of their own.

Decides that nothing in them is inline, so that a policy without exceptions holds on any server.
Refuses to know records, settings and languages: values are allow-listed, texts come translated.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import folium

from wlantrack.maps.offline import OfflineFigure, PageSetting, templates
from wlantrack.maps.pieces import Call, city_base

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from wlantrack.networks.public import Hotspot

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; object-src 'none'"
)
"""What pages may load, said in them too: a static server may not say it."""

ASSETS: Final = {
    "assets/tokens.css": "css/tokens.css",
    "assets/base.css": "css/base.css",
    "assets/public.css": "css/public.css",
    "assets/mark.svg": "img/mark.svg",
    "assets/hotspots.js": "js/folium/hotspots.js",
    "assets/leaflet/leaflet.js": "vendor/leaflet/leaflet.js",
    "assets/leaflet/leaflet.css": "vendor/leaflet/leaflet.css",
    "assets/leaflet/LICENSE": "vendor/leaflet/LICENSE",
}
"""File of the bundle and file below ``static``."""

MAP_SCRIPT: Final = "assets/map.js"
_TEMPLATE: Final = "public_hotspots.html"
_NOWHERE: Final = ((48.7, 9.1), (48.85, 9.3))


@dataclass(frozen=True)
class Frame:
    """What surrounds a page; ``root`` leads from the page to the bundle's folder.

    ``pages`` holds label, address and whether it is this one; ``languages`` code, name and address
    of this page in each language; ``links`` label and address of what else a public page names.
    """

    language: str
    root: str
    publisher: str
    pages: Sequence[tuple[str, str, bool]]
    languages: Sequence[tuple[str, str, str]]
    links: Sequence[tuple[str, str]]
    feedback_url: str


@dataclass(frozen=True)
class Section:
    """Paragraphs, a list of words and a list of links under a heading of their own."""

    title: str = ""
    paragraphs: Sequence[str] = ()
    items: Sequence[str] = ()
    links: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Text:
    """A page of text."""

    title: str
    sections: Sequence[Section]


@dataclass(frozen=True)
class DrawnMap:
    """folium's map: its place in a page, and its script as a file of its own."""

    html: Any
    script: str


def draw_map(hotspots: Sequence[Hotspot]) -> DrawnMap:
    """Draw the hotspots that have a position; the script holds numbers only.

    A mark knows its hotspot by its number in the list.
    """
    placed = [
        (number, hotspot.latitude, hotspot.longitude)
        for number, hotspot in enumerate(hotspots)
        if hotspot.latitude is not None and hotspot.longitude is not None
    ]
    corners = _find_corners([(latitude, longitude) for _, latitude, longitude in placed])
    figure = OfflineFigure(_TEMPLATE, PageSetting(asset=str), {})
    map_ = city_base(corners, max_zoom=18, prefer_canvas=False)
    figure.add_child(map_)
    map_.add_child(Call("hotspotMap.start"))
    if placed:
        map_.add_child(_make_layer(placed))
    map_.fit_bounds(corners, padding=(32, 32), max_zoom=17)
    map_.add_child(Call("hotspotMap.finish"))
    pieces = figure.make_pieces()
    return DrawnMap(pieces.map, f"{pieces.script}\n")


def _make_layer(placed: Sequence[tuple[int, float, float]]) -> folium.GeoJson:
    features = [
        {
            "type": "Feature",
            "properties": {"n": number},
            "geometry": {"type": "Point", "coordinates": [longitude, latitude]},
        }
        for number, latitude, longitude in placed
    ]
    mark = folium.CircleMarker(
        radius=9, color="#ffffff", weight=2, fill_color="#007155", fill_opacity=1
    )
    layer = folium.GeoJson(
        {"type": "FeatureCollection", "features": features}, name="hotspots", marker=mark
    )
    layer.add_child(Call("hotspotMap.hotspots"))
    return layer


def _find_corners(places: Sequence[tuple[float, float]]) -> list[list[float]]:
    if not places:
        return [list(corner) for corner in _NOWHERE]
    latitudes, longitudes = zip(*places, strict=True)
    return [[min(latitudes), min(longitudes)], [max(latitudes), max(longitudes)]]


def hotspots_page(
    frame: Frame,
    words: Mapping[str, str],
    hotspots: Sequence[Hotspot],
    drawn: DrawnMap,
    downloads: Sequence[tuple[str, str]],
    licence_url: str,
) -> str:
    """Give the page of the hotspots: a list, a map that says the same, and the open data."""
    return templates.get_template(_TEMPLATE).render(
        frame=frame,
        policy=POLICY,
        words=words,
        hotspots=hotspots,
        map=drawn.html,
        downloads=downloads,
        licence_url=licence_url,
        data=_page_data(words, hotspots),
    )


def _page_data(words: Mapping[str, str], hotspots: Sequence[Hotspot]) -> dict[str, object]:
    """Gather what the script needs to know; it writes texts as text only."""
    return {
        "words": {
            "map": words["map"],
            "close": words["close"],
            "zoomIn": words["zoom_in"],
            "zoomOut": words["zoom_out"],
            "network": words["network"],
        },
        "hotspots": [
            {
                "name": hotspot.name,
                "network": hotspot.network,
                "address": hotspot.address,
                "place": hotspot.place,
            }
            for hotspot in hotspots
        ],
    }


def text_page(frame: Frame, words: Mapping[str, str], text: Text) -> str:
    """Give a page of text."""
    template = templates.get_template("public_text.html")
    return template.render(frame=frame, policy=POLICY, words=words, text=text)
