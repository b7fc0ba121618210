"""A small floor for the map tests, and texts that try to break out of the page."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import shapely

from wlantrack.geometry.frame import BuildingFrame
from wlantrack.maps.coverage_content import (
    AccessPointMark,
    CoverageMap,
    HeatLayer,
    MapWords,
    Overlay,
    RoomShape,
)
from wlantrack.maps.heat_map import render_signal, render_verdict
from wlantrack.maps.plan_warp import building_bounds

WORDS = MapWords(
    map="Coverage map",
    counts="Counts:",
    summary="Result",
    layers="Layers",
    no_heat_map="No coverage",
    opacity="Opacity",
    signal="Signal in dBm",
    verdict="Requirement",
    level_from="from %(low)s",
    level_between="%(low)s to %(high)s",
    level_below="below %(high)s",
    below_requirement="hatched: below the requirement of %(level)s dBm",
    meanings={
        "video": "Video",
        "office": "Office",
        "weak": "weak",
        "none": "no service",
        "meets": "meets",
        "primary_only": "primary only",
        "fails": "fails",
    },
    rooms="Rooms",
    failing="Areas not met",
    walls="Walls",
    access_points="Access points",
    access_points_table="Access points as a table",
    installed="installed:",
    planned_elsewhere="planned there, hangs where the line leads",
    code="Code",
    state="State",
    position="Position",
    zoom_in="Zoom in",
    zoom_out="Zoom out",
    close="Close",
)
FRAME = BuildingFrame(513_041.9, 5_402_437.4, 38.0)
BOUNDS = building_bounds((0.0, 0.0, 30.0, 20.0))
LEVELS_DBM = np.linspace(-40.0, -95.0, 600).reshape(20, 30)
IMAGES = {
    "5.png": render_signal(LEVELS_DBM, -65.0).png,
    "6.png": render_signal(LEVELS_DBM - 5.0, -65.0).png,
    "verdict.png": render_verdict(np.where(LEVELS_DBM < -65.0, 1, 3)).png,
}

HOSTILE = (
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)" x=\'',
    "{{ 7 * 7191 }}",
    "{% raise %}{# gone #}",
    "{{ cycler.__init__.__globals__ }}",
    "${7 * 7191}`-alert(1)-`",
    "\u2028\u2029\\'\\\"",
    "__proto__",
)


def sample_map() -> CoverageMap:
    """A floor of 30 m x 20 m with two access points and three heat maps."""
    return CoverageMap(
        title="Town hall, 1st floor",
        language="en",
        counts="planned access points",
        words=WORDS,
        plan=None,
        heat_layers=(
            HeatLayer("5 GHz", "5.png", BOUNDS),
            HeatLayer("6 GHz", "6.png", BOUNDS),
            HeatLayer("Verdict", "verdict.png", BOUNDS, "verdict"),
        ),
        threshold_dbm=-65.0,
        rooms=(RoomShape(shapely.box(0, 0, 15, 20), "101 Office"),),
        walls=((15.0, 0.0, 15.0, 20.0),),
        access_points=(
            AccessPointMark("AP-01", 5.0, 10.0, "live", "in operation", (("Model", "X1"),)),
            AccessPointMark("AP-02", 25.0, 10.0, "planned", "planned"),
        ),
        summary=("91 % meet it.",),
    )


def hostile_map(text: str) -> CoverageMap:
    """The same floor with one text wherever people can enter one."""
    floor = sample_map()
    return replace(
        floor,
        title=text,
        counts=text,
        summary=(text,),
        words=replace(WORDS, rooms=text, no_heat_map=text, signal=text, close=text),
        heat_layers=(
            HeatLayer(text, "5.png", BOUNDS),
            HeatLayer("Verdict", f"{text}.png", BOUNDS, "verdict"),
        ),
        plan=Overlay("verdict.png", BOUNDS),
        rooms=(RoomShape(shapely.box(0, 0, 15, 20), text),),
        access_points=(AccessPointMark(text, 5.0, 10.0, "live", text, ((text, text),)),),
    )
