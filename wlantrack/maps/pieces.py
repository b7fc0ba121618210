"""Pieces that folium pages have in common: a map of a city, its motion, a call of a script."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import folium
from branca.element import MacroElement
from folium.template import Template
from folium.utilities import JsCode

if TYPE_CHECKING:
    from collections.abc import Sequence

CALM: Final = JsCode("!matchMedia('(prefers-reduced-motion: reduce)').matches")
"""Whether a map may move smoothly, as its reader has asked of the browser."""


class Call(MacroElement):
    """Call a function of one of ``js/folium`` with the parent, as ``cityMap.start``."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "{{ this.function }}({{ this._parent.get_name() }});"
        "{% endmacro %}"
    )

    def __init__(self, function: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # branca's is untyped
        self._name = "Call"
        self.function = function


def city_base(
    corners: Sequence[Sequence[float]], *, max_zoom: int, prefer_canvas: bool
) -> folium.Map:
    """Give an empty map of a part of the globe, with some room around it.

    Parameters
    ----------
    corners
        South-west and north-east, each latitude and longitude in degrees.
    """
    (south, west), (north, east) = corners
    slack_y, slack_x = max(0.5 * (north - south), 0.02), max(0.5 * (east - west), 0.02)
    options: dict[str, Any] = {
        "zoom_snap": 0.5,
        "zoom_animation": CALM,
        "fade_animation": CALM,
        "marker_zoom_animation": False,
        "attribution_control": False,
        "minZoom": 9,
        "maxZoom": max_zoom,
        "maxBounds": [[south - slack_y, west - slack_x], [north + slack_y, east + slack_x]],
    }
    return folium.Map(
        location=[(south + north) / 2, (west + east) / 2],
        tiles=None,
        prefer_canvas=prefer_canvas,
        zoom_control=False,
        **options,
    )
