"""The coverage of one floor as a folium page.

Decides what stands on the page beside the map: legend, states, result and the table that says the
same without a picture. Refuses to know where levels, words and states come from.
"""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from wlantrack.maps.coverage_layers import (
    MapCall,
    add_access_points,
    add_failing,
    add_layer_control,
    add_pictures,
    add_rooms,
    add_walls,
    base_map,
    view,
)
from wlantrack.maps.legend import INK, SIGNAL_CLASSES, VERDICT_CLASSES
from wlantrack.maps.marks import MARKS, PLANNED_ELSEWHERE
from wlantrack.maps.offline import OfflineFigure

if TYPE_CHECKING:
    from wlantrack.maps.coverage_content import AccessPointMark, CoverageMap, MapWords
    from wlantrack.maps.legend import SignalClass
    from wlantrack.maps.offline import PageSetting

HEAT_OPACITY_PERCENT = 85
"""At first; the reader has a slider."""


def coverage_page(coverage: CoverageMap, setting: PageSetting) -> str:
    """Draw the whole page.

    The same map gives the same bytes. Nothing in it comes from outside this server, and nothing
    that people entered is taken as markup, script or template.
    """
    figure = OfflineFigure("coverage_map.html", setting, _page_values(coverage))
    shown = view(coverage)
    map_ = base_map(coverage.frame, shown)
    figure.add_child(map_)
    map_.add_child(MapCall("start"))
    add_pictures(map_, coverage)
    add_rooms(map_, coverage)
    add_walls(map_, coverage)
    add_failing(map_, coverage)
    add_access_points(map_, coverage)
    add_layer_control(map_)
    map_.fit_bounds(shown, padding=(16, 16))
    map_.add_child(MapCall("finish"))
    return figure.render()


def format_level(level_dbm: float) -> str:
    """Write a level with a true minus sign and without its unit."""
    return f"{level_dbm:g}".replace("-", "\N{MINUS SIGN}")


def describe_class(entry: SignalClass, words: MapWords) -> str:
    """Write from where to where a class reaches."""
    if entry.from_dbm is None:
        return words.level_below % {"high": format_level(entry.to_dbm or 0.0)}
    if entry.to_dbm is None:
        return words.level_from % {"low": format_level(entry.from_dbm)}
    ends = {"low": format_level(entry.from_dbm), "high": format_level(entry.to_dbm)}
    return words.level_between % ends


def shorten_class(entry: SignalClass) -> str:
    """Write a class by the level it begins at, for a ramp whose steps stand side by side."""
    if entry.from_dbm is None:
        return f"<{format_level(entry.to_dbm or 0.0)}"
    level = format_level(entry.from_dbm)
    return f"\N{GREATER-THAN OR EQUAL TO}{level}" if entry.to_dbm is None else level


def _page_values(coverage: CoverageMap) -> dict[str, object]:
    words = coverage.words
    kinds = {layer.kind for layer in coverage.heat_layers}
    states = Counter((point.mark, point.state) for point in coverage.access_points)
    threshold = coverage.threshold_dbm
    return {
        "coverage": coverage,
        "words": words,
        "kinds": kinds,
        "ink": INK,
        "marks": MARKS,
        "opacity_percent": HEAT_OPACITY_PERCENT,
        "requirement": None
        if threshold is None
        else words.below_requirement % {"level": format_level(threshold)},
        "signal_groups": [
            (
                words.meanings[meaning],
                [(entry, describe_class(entry, words), shorten_class(entry)) for entry in entries],
            )
            for meaning, entries in groupby(SIGNAL_CLASSES, key=attrgetter("meaning"))
        ],
        "verdict_rows": [(entry, words.meanings[entry.meaning]) for entry in VERDICT_CLASSES],
        "has_elsewhere": any(point.planned_xy for point in coverage.access_points),
        "planned_elsewhere": PLANNED_ELSEWHERE,
        "states": [(*state, count) for state, count in states.items()],
        "positions": [_position(point, coverage.language) for point in coverage.access_points],
        "data": _page_data(coverage),
    }


def _page_data(coverage: CoverageMap) -> dict[str, object]:
    """Gather what the script needs to know; it writes texts as text only."""
    words = coverage.words
    return {
        "words": {
            "map": words.map,
            "close": words.close,
            "zoomIn": words.zoom_in,
            "zoomOut": words.zoom_out,
        },
        "layers": {
            **{f"heat-{number}": layer.name for number, layer in enumerate(coverage.heat_layers)},
            "no-heat": words.no_heat_map,
            "rooms": words.rooms,
            "walls": words.walls,
            "failing": words.failing,
            "access-points": words.access_points,
        },
        "heat": [{"name": layer.name, "kind": layer.kind} for layer in coverage.heat_layers],
        "rooms": [room.label for room in coverage.rooms],
        "accessPoints": [
            {"code": point.code, "state": point.state, "details": list(point.details)}
            for point in coverage.access_points
        ],
    }


def _position(point: AccessPointMark, language: str) -> str:
    numbers = f"{point.x_m:.1f} / {point.y_m:.1f} m"
    return numbers.replace(".", ",") if language.startswith("de") else numbers
